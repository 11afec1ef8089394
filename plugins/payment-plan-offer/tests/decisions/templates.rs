//! The templates say the same in both languages, and nothing they must not.

const ALL: &[(&str, &str)] = &[
    (
        include_str!("../../templates/plan-offer.en.yaml"),
        include_str!("../../templates/plan-offer.pt-BR.yaml"),
    ),
    (
        include_str!("../../templates/plan-accepted.en.yaml"),
        include_str!("../../templates/plan-accepted.pt-BR.yaml"),
    ),
];

/// The placeholders and blocks of a source, in the order of the alphabet.
fn placeholders(source: &str) -> Vec<&str> {
    let inside = |open: &'static str, close: &'static str| {
        source
            .split(open)
            .skip(1)
            .filter_map(move |rest| rest.split(close).next())
            .map(str::trim)
    };
    let mut found: Vec<_> = inside("{{", "}}").chain(inside("{%", "%}")).collect();
    found.sort_unstable();
    found
}

#[test]
fn both_languages_say_the_same() {
    for (english, portuguese) in ALL {
        assert_eq!(placeholders(english), placeholders(portuguese));
    }
}

#[test]
fn letters_have_their_parts_a_way_to_pay_and_no_typed_url() {
    for source in ALL
        .iter()
        .flat_map(|(english, portuguese)| [english, portuguese])
    {
        let short = source.split("\nshort: ").nth(1).unwrap();
        for part in ["\nsubject: ", "\ntext: |", "\nshort: "] {
            assert!(source.contains(part), "no {part:?} in {source}");
        }
        assert!(short.contains("{{ links.pay }}"), "{short}");
        assert!(
            !source.contains("//") && !source.contains("www."),
            "{source}"
        );
    }
}

//! The templates say the same in both languages, and nothing they must not.

const ALL: &[(&str, &str, &str)] = &[
    (
        "escalation-1",
        include_str!("../../templates/escalation-1.en.yaml"),
        include_str!("../../templates/escalation-1.pt-BR.yaml"),
    ),
    (
        "escalation-2",
        include_str!("../../templates/escalation-2.en.yaml"),
        include_str!("../../templates/escalation-2.pt-BR.yaml"),
    ),
    (
        "escalation-3",
        include_str!("../../templates/escalation-3.en.yaml"),
        include_str!("../../templates/escalation-3.pt-BR.yaml"),
    ),
    (
        "escalation-person",
        include_str!("../../templates/escalation-person.en.yaml"),
        include_str!("../../templates/escalation-person.pt-BR.yaml"),
    ),
];

/// The placeholders and blocks of a source, in the order of the alphabet.
fn placeholders(source: &str) -> Vec<&str> {
    let inside = |open: &'static str, close: &'static str| {
        source
            .split(open)
            .skip(1)
            .filter_map(move |rest| rest.split(close).next())
            .map(|inner| inner.trim_matches(['-', ' ']))
    };
    let mut found: Vec<_> = inside("{{", "}}").chain(inside("{%", "%}")).collect();
    found.sort_unstable();
    found.dedup();
    found
}

#[test]
fn both_languages_say_the_same() {
    for (name, english, portuguese) in ALL {
        assert_eq!(placeholders(english), placeholders(portuguese), "{name}");
    }
}

#[test]
fn letters_have_their_parts_their_links_and_no_typed_url() {
    for (name, english, portuguese) in ALL {
        for source in [english, portuguese] {
            for part in ["\nsubject: ", "\ntext: |", "\nshort: "] {
                assert!(source.contains(part), "{name} lacks {part:?}");
            }
            let short = source.split("\nshort: ").nth(1).unwrap();
            for text in [*source, short] {
                assert!(text.contains("{{ links.pay }}"), "{name} has no way to pay");
                assert!(
                    text.contains("{{ links.dispute }}"),
                    "{name} has no way to object"
                );
            }
            for url in ["://", "www."] {
                assert!(!source.contains(url), "{name} has a URL");
            }
            assert!(
                source.contains("{% if fees %}"),
                "{name} does not name fees"
            );
        }
    }
}

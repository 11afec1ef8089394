//! The templates say the same in both languages, and nothing they must not.

use super::*;

#[test]
fn letters_say_the_same_in_both_languages_with_their_links_and_fees() {
    for (name, sources) in [
        (
            "escalation-1",
            [
                include_str!("../../templates/escalation-1.en.yaml"),
                include_str!("../../templates/escalation-1.pt-BR.yaml"),
            ],
        ),
        (
            "escalation-2",
            [
                include_str!("../../templates/escalation-2.en.yaml"),
                include_str!("../../templates/escalation-2.pt-BR.yaml"),
            ],
        ),
        (
            "escalation-3",
            [
                include_str!("../../templates/escalation-3.en.yaml"),
                include_str!("../../templates/escalation-3.pt-BR.yaml"),
            ],
        ),
        (
            "escalation-person",
            [
                include_str!("../../templates/escalation-person.en.yaml"),
                include_str!("../../templates/escalation-person.pt-BR.yaml"),
            ],
        ),
    ] {
        testkit::assert_letters(name, &sources, &["links.pay", "links.dispute"]);
        for source in sources {
            assert!(
                source.contains("{% if fees %}"),
                "{name} does not name fees"
            );
        }
    }
}

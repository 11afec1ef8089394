//! The templates say the same in both languages, and nothing they must not.

use super::*;

#[test]
fn letters_say_the_same_in_both_languages_and_have_a_way_to_pay() {
    for (name, sources) in [
        (
            "plan-offer",
            [
                include_str!("../../templates/plan-offer.en.yaml"),
                include_str!("../../templates/plan-offer.pt-BR.yaml"),
            ],
        ),
        (
            "plan-accepted",
            [
                include_str!("../../templates/plan-accepted.en.yaml"),
                include_str!("../../templates/plan-accepted.pt-BR.yaml"),
            ],
        ),
    ] {
        testkit::assert_letters(name, &sources, &["links.pay"]);
    }
}

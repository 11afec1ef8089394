//! The template says the same in both languages, and nothing it must not.

use super::*;

#[test]
fn the_final_notice_says_the_same_in_both_languages_and_has_a_way_to_pay() {
    let sources = [
        include_str!("../../templates/final-notice.en.yaml"),
        include_str!("../../templates/final-notice.pt-BR.yaml"),
    ];
    testkit::assert_letters("final-notice", &sources, &["links.pay"]);
}

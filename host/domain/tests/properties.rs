//! What holds whatever happens: random histories under a stage that takes all it can get.

#[path = "kit/kit.rs"]
mod kit;

mod properties {
    pub mod greedy;
    pub mod history;
    pub mod laws;
}

use proptest::prelude::*;

use properties::history::{Setting, play};
use properties::laws;

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn the_laws_hold_after_every_fact(setting in Setting::any()) {
        play(&setting, 1, laws::hold);
    }

    #[test]
    fn running_in_one_go_equals_running_in_slices(setting in Setting::any()) {
        let whole = play(&setting, 1, |_, _| {});
        let sliced = play(&setting, 5, |_, _| {});
        prop_assert_eq!(&whole.dossier, &sliced.dossier);
        prop_assert_eq!(whole.story(), sliced.story());
        prop_assert_eq!(&whole.journal, &sliced.journal);
    }
}

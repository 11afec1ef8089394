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

fn same(one: &kit::World, other: &kit::World) -> Result<(), TestCaseError> {
    // First what a person can read.
    prop_assert_eq!(one.story(), other.story());
    prop_assert_eq!(&one.dossier, &other.dossier);
    prop_assert_eq!(&one.journal, &other.journal);
    Ok(())
}

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
        same(&whole, &sliced)?;
    }

    #[test]
    fn a_run_that_is_cut_off_goes_on_where_it_was(setting in Setting::any()) {
        let whole = play(&setting, 1, |_, _| {});
        let cut = play(&setting.cut_off_after(5), 1, |_, _| {});
        same(&whole, &cut)?;
    }
}

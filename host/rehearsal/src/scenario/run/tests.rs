use std::cell::Cell;
use std::collections::HashMap;

use regua_domain::contract::{Call, Situation};
use regua_domain::id::TenantId;
use regua_domain::policy::{ChargesOnPaid, Policy};
use regua_domain::workflow::Stage;
use regua_domain::workflow::check::Form;

use super::*;
use crate::scenario::scenario;

/// Nobody is asked, and after so many events nothing more is to be played.
struct Until(Cell<u32>);

impl Stages for Until {
    fn decide(&self, stage: &Stage, _: &Situation) -> Call {
        panic!("{} was asked", stage.id)
    }

    fn engine(&self) -> &'static str {
        "none"
    }

    fn stopped(&self) -> Option<&'static str> {
        self.0.set(self.0.get().saturating_sub(1));
        (self.0.get() == 0).then_some("it is late")
    }
}

#[test]
fn a_story_in_which_no_stage_is_asked_ends_when_it_is_to_end() {
    let nobody = Tenant {
        id: TenantId(uuid::Uuid::from_u128(1)),
        policy: Policy::new("Nobody", ChargesOnPaid::Keep),
        workflows: HashMap::new(),
        active: HashMap::new(),
        rollouts: HashMap::new(),
        revoked: HashMap::new(),
    };
    let entry = "- payment: { amount: 1.00 BRL }\n";
    let text = format!(
        "scenario: s\nstarts: 2026-03-02\nstory:\n{}",
        entry.repeat(100)
    );
    let scenario = scenario(&text, Form::Yaml).unwrap();
    let played = run(&nobody, &Until(Cell::new(1_000)), &scenario).unwrap();
    assert!(played.is_as_expected(), "{:?}", played.faults);
    let fault = run(&nobody, &Until(Cell::new(50)), &scenario).unwrap_err();
    assert_eq!(fault.detail, "it is late");
}

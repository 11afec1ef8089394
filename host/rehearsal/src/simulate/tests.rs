//! Simulations against what is known without them.

use std::collections::BTreeMap;

use regua_domain::case::{Case, CaseState, End, Pace, Waiting, WorkflowRef};
use regua_domain::contract::{Call, Situation};
use regua_domain::id::CaseId;
use regua_domain::money::Currency;
use regua_domain::step::Stages;
use regua_domain::workflow::Stage;

mod faults;

use super::taken::nobody;
use super::*;

struct Unasked;

impl Stages for Unasked {
    fn decide(&self, stage: &Stage, _: &Situation) -> Call {
        panic!("{} was asked", stage.id)
    }

    fn engine(&self) -> &'static str {
        "none"
    }
}

/// One hazard for all ages and all payers, and nothing else that matters.
fn constant(hazard: f64) -> Setting {
    let segment = Segment {
        share: 1.0,
        hazard: [
            0.0, 0.0, 0.0, hazard, hazard, hazard, hazard, hazard, hazard,
        ],
        business: false,
    };
    Setting {
        asked: 100,
        seed: 11,
        starts: "2026-01-01".parse().unwrap(),
        days: 100,
        time_zone: Tz::UTC,
        locale: "en".to_owned(),
        jurisdiction: "BR".to_owned(),
        model: Model {
            billing: Billing {
                // Due when it is issued.
                every_days: 10,
                terms_days: 0,
                sigma: 0.0,
                ..Billing::default()
            },
            segments: [("all".to_owned(), segment)].into(),
            frailty_sigma: 0.0,
            amount_power: 0.0,
            payday: 1.0,
            other_days: 1.0,
            partial_share: 0.0,
            ..Model::default()
        },
        costs: Costs::default(),
    }
}

fn sums(setting: &Setting, payers: std::ops::Range<u64>) -> Sums {
    let tenant = nobody();
    let policy = Policy {
        tenant: &tenant,
        stages: &Unasked,
    };
    play(setting, payers, policy, None, &AtomicBool::new(false)).unwrap()
}

#[test]
fn under_a_constant_hazard_and_without_contacts_recovery_is_exponential() {
    let (hazard, payers) = (0.03, 60);
    let mut setting = constant(hazard);
    setting.model.billing.every_days = 1;
    let Outcome { curve, billed, .. } = sums(&setting, 0..payers).champion;
    let median = setting.model.billing.median;
    assert_eq!(billed, i128::from(median) * 100 * i128::from(payers));
    let mut paid = 0;
    for (days, of_day) in curve.iter().enumerate().take(61).skip(1) {
        paid += of_day;
        // An invoice is paid by the day `d` with the probability 1 - exp(-hazard d); those that are
        // looked at for `d` days are of the first 100 - d of the hundred.
        let expected: f64 = (1..=days)
            .map(|day| {
                let invoices = (100 - day) as f64 * payers as f64;
                let open = (-hazard * (day as f64 - 1.0)).exp();
                invoices * open * (1.0 - (-hazard).exp())
            })
            .sum();
        let found = paid as f64 / median as f64;
        // Four standard errors of a count.
        let error = 4.0 * expected.sqrt();
        assert!(
            (found - expected).abs() < error,
            "{days}: {found} of {expected}"
        );
    }
}

#[test]
fn a_payer_is_the_same_whoever_is_played_beside() {
    let setting = Setting {
        model: Model::default(),
        ..constant(0.0)
    };
    let whole = sums(&setting, 0..40);
    let mut parts = sums(&setting, 25..40);
    parts.add(&sums(&setting, 0..10));
    parts.add(&sums(&setting, 10..25));
    assert_eq!(whole, parts);
    let other = sums(
        &Setting {
            seed: 12,
            ..setting
        },
        0..40,
    );
    assert_ne!(whole, other, "another seed");
    assert!(whole.champion.paid_in_time > 0 && whole.champion.paid_late > 0);
}

#[test]
fn a_policy_against_itself_makes_no_difference() {
    let (tenant, setting) = (nobody(), constant(0.02));
    let policy = Policy {
        tenant: &tenant,
        stages: &Unasked,
    };
    let stop = AtomicBool::new(false);
    let sums = play(&setting, 0..200, policy, Some(policy), &stop).unwrap();
    assert_eq!(sums.challenger.as_ref(), Some(&sums.champion));
    assert_eq!(sums.paid(), Difference::default());
    assert!(!sums.paid().is_told());
}

#[test]
fn an_interval_holds_what_is_true_as_often_as_it_says() {
    // Differences of a die: 3.5 on average, with a variance of 35/12.
    let mut held = 0;
    for round in 0..400 {
        let mut paired = Paired::default();
        for number in 0..200 {
            let draw = chance::Chance::of(round, number).draw(chance::For::Amount, 0, 0);
            paired.note(1 + (draw * 6.0) as i128);
        }
        let Difference { low, high, .. } = paired.difference();
        held += u32::from((low..=high).contains(&3.5));
    }
    // 95 of 100: between 91.7 and 98.3 in five standard errors' reach is 380 ± 22.
    assert!((358..=400).contains(&held), "{held} of 400");
}

#[test]
fn weeks_and_days_add_up_to_the_sums() {
    let mut of = Outcome::default();
    of.paid(15, 1_000, 3);
    of.paid(15, 500, 0);
    of.spend(0, 7);
    of.spend(20, 5);
    of.kept_by_agency(20, 90);
    let once = of.clone();
    of.add(&once);
    assert_eq!(of.recovered_by_week, [0, 0, 2_000]);
    assert_eq!(of.recovered_by_week.iter().sum::<i128>(), of.paid_late);
    assert_eq!(of.cost_by_week, [14, 0, 190]);
    assert_eq!(of.cost_by_week.iter().sum::<i128>(), of.cost());

    let Outcome {
        recovered_by_week,
        paid_late,
        ..
    } = sums(&constant(0.03), 0..20).champion;
    assert!(paid_late > 0);
    assert_eq!(recovered_by_week.iter().sum::<i128>(), paid_late);
}

#[test]
fn a_case_counts_once_at_each_stage_and_where_it_stands() {
    let day = Timestamp(0);
    let mut case = Case {
        id: CaseId(uuid::Uuid::from_u128(1)),
        currency: Currency::parse("BRL").unwrap(),
        workflow: WorkflowRef {
            name: "ladder".to_owned(),
            version: 1,
        },
        opened_at: day,
        sequence: 0,
        anchor: None,
        state: CaseState::Waiting(Waiting {
            stage: "second".to_owned(),
            since: day,
            planned: day,
        }),
        visits: vec![("first".to_owned(), 3)],
        left_previous: None,
        pace: Pace {
            day: "2026-01-01".parse().unwrap(),
            count: 0,
        },
    };
    let mut of = Outcome::default();
    of.case(&case);
    case.visits.push(("second".to_owned(), 1));
    case.state = CaseState::Ended {
        end: End::WrittenOff,
        at: day,
        stage: "second".to_owned(),
    };
    of.case(&case);
    let named = |counts: &[(&str, u64)]| {
        let counts = counts
            .iter()
            .map(|(name, count)| ((*name).to_owned(), *count));
        counts.collect::<BTreeMap<_, _>>()
    };
    assert_eq!(of.cases, 2);
    assert_eq!(of.reached, named(&[("first", 2), ("second", 1)]));
    assert_eq!(of.stands, named(&[("second", 1), ("written-off", 1)]));
}

#[test]
fn what_is_billed_is_paid_in_time_or_late_or_is_overdue_or_not_yet_due() {
    let mut setting = Setting {
        model: Model::default(),
        ..constant(0.0)
    };
    // No offer, no dispute and no fee without a stage.
    setting.model.billing.terms_days = 20;
    let of = sums(&setting, 0..40).champion;
    assert!(of.not_yet_due > 0, "{of:?}");
    let parts = of.paid_in_time + of.paid_late + of.overdue_at_end + of.not_yet_due;
    assert_eq!(of.billed, parts);
}

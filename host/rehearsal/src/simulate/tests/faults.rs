//! What is too large, what the host does not take, and where it stops.

use super::*;

#[test]
fn the_largest_amounts_add_up() {
    let mut setting = constant(0.02);
    let most = regua_domain::money::AMOUNT_MAX;
    (setting.model.billing.median, setting.model.billing.most) = (most, most);
    let mut sums = sums(&setting, 0..300);
    // Ten each, of which some are paid late: more than 2^63 minor units.
    assert_eq!(sums.champion.billed, 3_000 * i128::from(most));
    for _ in 0..14 {
        sums.add(&sums.clone());
    }
    let billed = (3_000 * i128::from(most)) << 14;
    assert_eq!(sums.champion.billed, billed);
    assert!(billed > i128::from(i64::MAX) && sums.champion.paid_late > i128::from(i64::MAX));
}

#[test]
fn the_spread_of_the_largest_differences_is_told() {
    let mut paired = Paired::default();
    let far = 1_000_000_000_000_000_000;
    for sign in [1, -1] {
        paired.note(sign * far);
    }
    for _ in 0..20 {
        paired.add(paired);
    }
    // A million on each side: the error is the difference itself, over the root of two million.
    let Difference { mean, high, .. } = paired.difference();
    let expected = 1.96 * far as f64 / f64::from(2 << 20).sqrt();
    assert!(mean.abs() < 1.0, "{mean}");
    assert!((high / expected - 1.0).abs() < 1e-3, "{high} {expected}");
}

#[test]
fn a_payer_whom_the_host_does_not_take_is_a_fault_and_never_passed_over() {
    let tenant = nobody();
    let policy = Policy {
        tenant: &tenant,
        stages: &Unasked,
    };
    let refused = |setting: &Setting| {
        let played = play(setting, 0..5, policy, None, &AtomicBool::new(false));
        let places = setting.problems().into_iter().map(|(at, _)| at);
        (played.unwrap_err().to_string(), places.collect::<Vec<_>>())
    };
    let who = "payer S-0000000: the host does not take who they are";
    let setting = Setting {
        jurisdiction: "Brazil".to_owned(),
        ..constant(0.1)
    };
    assert_eq!(
        refused(&setting),
        (who.to_owned(), vec!["/jurisdiction".to_owned()])
    );
    let setting = Setting {
        locale: "pt_BR".to_owned(),
        ..constant(0.1)
    };
    assert_eq!(
        refused(&setting),
        (who.to_owned(), vec!["/locale".to_owned()])
    );
    let mut setting = constant(0.1);
    let segment = setting.model.segments.remove("all").unwrap();
    setting.model.segments.insert(String::new(), segment);
    let at = vec!["/model/segments/".to_owned()];
    assert_eq!(refused(&setting), (who.to_owned(), at));
    let mut setting = constant(0.1);
    setting.starts = "2199-12-30".parse().unwrap();
    setting.model.billing.terms_days = 3_000;
    let (told, _) = refused(&setting);
    assert!(
        told.ends_with("the host does not take an invoice"),
        "{told}"
    );
}

#[test]
fn it_stops_before_the_next_payer() {
    let (tenant, setting) = (nobody(), constant(0.1));
    let policy = Policy {
        tenant: &tenant,
        stages: &Unasked,
    };
    let sums = play(&setting, 0..5, policy, None, &AtomicBool::new(true)).unwrap();
    assert_eq!(sums.payers, 0);
}

//! Fits to what was made by known hazards.

use regua_domain::time::plus_days;

use super::super::chance::{Chance, For};
use super::calibrate::BANDS;
use super::*;

/// A past of payers with one hazard, of whom some are three times as quick as others.
fn past(hazard: f64, quick: f64) -> Vec<Observed> {
    let starts: Date = "2025-01-01".parse().unwrap();
    let mut observed = Vec::new();
    for payer in 0..120_u64 {
        let chance = Chance::of(5, payer);
        let own = if payer % 2 == 0 {
            hazard
        } else {
            hazard * quick
        };
        for month in 0..12_u64 {
            let issued_on = plus_days(starts, 30 * month as i64);
            let mut days = issued_on.iter_days().take(400).enumerate();
            let pays = |(at, _): &(usize, Date)| {
                let probability = 1.0 - (-own).exp();
                chance.draw(For::Pays, *at as u64, month) < probability
            };
            observed.push(Observed {
                customer: payer.to_string(),
                segment: "all".to_owned(),
                business: None,
                issued_on,
                due_on: plus_days(issued_on, 10),
                currency: regua_domain::money::Currency::parse("BRL").unwrap(),
                amount: 10_000,
                paid_on: days.find(pays).map(|(_, day)| day),
            });
        }
    }
    observed
}

#[test]
fn a_hazard_is_found_again_in_what_it_made() {
    let until = "2025-12-31".parse().unwrap();
    let fitted = fit(&past(0.05, 1.0), until, &Model::default());
    let segment = &fitted.model.segments["all"];
    // Where thousands of days were seen.
    for (age, hazard) in segment.hazard.iter().enumerate().take(6).skip(1) {
        assert!((hazard - 0.05).abs() < 0.01, "{age}: {hazard}");
    }
    assert!(
        fitted.model.frailty_sigma < 0.25,
        "{}",
        fitted.model.frailty_sigma
    );
    assert!(
        (fitted.model.payday - 1.0).abs() < 0.1,
        "{}",
        fitted.model.payday
    );
    assert!(fitted.model.amount_power.abs() < 0.05);
}

#[test]
fn payers_who_differ_are_told_apart_and_unseen_months_are_foretold() {
    let observed = past(0.02, 4.0);
    let cut = "2025-07-01".parse().unwrap();
    let fitted = fit(&observed, cut, &Model::default());
    assert!(
        fitted.model.frailty_sigma > 0.4,
        "{}",
        fitted.model.frailty_sigma
    );
    let mean = |odd: usize| {
        let own = fitted.frailties.iter();
        let own = own.filter(|(payer, _)| payer.parse::<usize>().unwrap() % 2 == odd);
        own.map(|(_, frailty)| frailty).sum::<f64>() / 60.0
    };
    let (slow, quick) = (mean(0), mean(1));
    assert!(quick > 1.5 * slow, "{quick} {slow}");
    let until = "2026-03-01".parse().unwrap();
    let calibration = calibrate(&fitted, &observed, (cut, until), 10);
    let Band {
        invoices,
        foretold,
        found,
    } = calibration.all;
    assert!(invoices > 400, "{invoices}");
    assert!((foretold - found).abs() < 0.06, "{foretold} {found}");
    assert!(
        calibration.brier < 0.9 * calibration.brier_of_share,
        "{calibration:?}"
    );
    let (first, last) = (calibration.bands[0], calibration.bands[BANDS - 1]);
    assert!(first.found < last.found, "{calibration:?}");
}

#[test]
fn what_is_billed_and_whom_is_as_the_past_says() {
    let mut observed = past(0.05, 1.0);
    for one in &mut observed {
        one.currency = regua_domain::money::Currency::parse("JPY").unwrap();
        one.business = Some(true);
        one.amount = 70_000_000;
    }
    observed[0].amount = 90_000_000;
    for one in observed.iter_mut().skip(1).step_by(2) {
        one.amount = 7_000_000;
    }
    observed[1].business = None;
    let fitted = fit(&observed, "2025-12-31".parse().unwrap(), &Model::default()).model;
    assert_eq!(fitted.billing.currency, "JPY");
    assert_eq!(fitted.billing.terms_days, 10);
    assert_eq!(fitted.billing.median, 70_000_000);
    assert_eq!(fitted.billing.most, 90_000_000);
    // Half of them ten times the other half: half of the logarithm of ten from the mean.
    let apart = 10_f64.ln() / 2.0;
    assert!(
        (fitted.billing.sigma - apart).abs() < 0.01,
        "{}",
        fitted.billing.sigma
    );
    assert!(fitted.segments["all"].business);
    assert!(fitted.problems().is_empty(), "{:?}", fitted.problems());
}

//! A fit, for people.

use regua_domain::time::Date;
use regua_rehearsal::simulate::AGES;
use regua_rehearsal::simulate::fit::{Band, Calibration, Fitted};
use regua_report::{digits, money};

use crate::command::simulate::assumed::Assumed;
use crate::out::{counted, say};

/// A fit to the days from one to another.
pub(super) fn hazards(fitted: &Fitted, first: Date, last: Date) {
    let Fitted {
        model,
        frailties,
        invoices,
        payments,
    } = fitted;
    say!(
        "fitted to {invoices} invoices of {} customers, {payments} of them paid, from {first} to {last}",
        frailties.len()
    );
    say!("hazard of paying, per cent a day, by days overdue:");
    let ages: Vec<_> = AGES.iter().skip(1).map(|age| format!("{age:>8}")).collect();
    say!("{:<16}{:>8}{}", "", "before", ages.concat());
    for (name, segment) in &model.segments {
        let hazards = segment
            .hazard
            .iter()
            .map(|hazard| format!("{:>8.2}", 100.0 * hazard));
        say!("{name:<16}{}", hazards.collect::<Vec<_>>().concat());
    }
    say!(
        "payday {:.2}, other days {:.2}, power of the amount {:.2}, frailty {:.2}",
        model.payday,
        model.other_days,
        model.amount_power,
        model.frailty_sigma
    );
}

/// What else was fitted, and what was not.
pub(super) fn members(assumed: &Assumed) {
    let Assumed {
        time_zone,
        locale,
        jurisdiction,
        model,
        ..
    } = assumed;
    let billing = &model.billing;
    let digits = digits(&billing.currency);
    let businesses = model.segments.iter().filter(|(_, of)| of.business);
    let businesses: Vec<_> = businesses.map(|(name, _)| name.as_str()).collect();
    say!(
        "billed in {}: {} in the middle, {} at most, due after {}",
        billing.currency,
        money(i128::from(billing.median), digits),
        money(i128::from(billing.most), digits),
        counted(u64::from(billing.terms_days), "day")
    );
    say!("most customers: {locale}, {jurisdiction}, {time_zone}");
    if !businesses.is_empty() {
        say!("mostly businesses: {}", businesses.join(", "));
    }
    say!(
        "not fitted, but the default: billing.every_days, contact, replies, plans, \
         agency, charge_succeeds, partial_share, costs"
    );
}

/// How well a fit foretells what came after it.
pub(super) fn foretold(calibration: &Calibration, cut: Date, last: Date) {
    let Calibration {
        within_days,
        bands,
        all,
        brier,
        brier_of_share,
    } = calibration;
    say!("");
    say!(
        "paid within {within_days} days after the due date, of invoices issued from {cut} to {last}:"
    );
    say!("{:>10}{:>12}{:>12}", "invoices", "foretold", "found");
    for band in bands {
        row(band);
    }
    say!("all");
    row(all);
    say!("Brier score {brier:.4}; {brier_of_share:.4} if each were foretold the share of before");
}

fn row(band: &Band) {
    let Band {
        invoices,
        foretold,
        found,
    } = band;
    let percent = |share: f64| format!("{:.1} %", 100.0 * share);
    say!(
        "{invoices:>10}{:>12}{:>12}",
        percent(*foretold),
        percent(*found)
    );
}

//! What terms make of a history.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::id::ItemId;
use crate::money::{AMOUNT_MAX, Currency};

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

fn terms(more: &Value) -> Terms {
    try_terms(more).unwrap()
}

/// 1% a month, each day a thirtieth of it, with some fields given anew.
fn try_terms(more: &Value) -> Result<Terms, serde_json::Error> {
    let mut terms = json!({
        "rates": [{ "percent": "1" }],
        "per": "month",
        "day_count": "act/360",
        "rounding": "half-up",
    });
    for (name, value) in more.as_object().unwrap() {
        terms[name] = value.clone();
    }
    serde_json::from_value(terms)
}

/// Due on 1 March 2026.
fn invoice(minor: i64, currency: &str) -> Item {
    let amount = Money::new(minor, Currency::parse(currency).unwrap());
    let id = ItemId(uuid::Uuid::nil());
    Item::new(id, "A".to_owned(), amount, date("2026-03-01"))
}

fn quoted(item: &Item, terms: &Terms, until: &str) -> i64 {
    quote(item, "late", terms, date(until)).amount
}

/// As a charge leaves the item.
fn charged(mut item: Item, name: &str, terms: &Terms, until: &str) -> Item {
    let quote = quote(&item, name, terms, date(until));
    item.accrual.charged += quote.amount;
    item.accrual.runs = quote.runs;
    item.interest_until = quote.until;
    item
}

fn paid(mut item: Item, minor: i64, on: &str) -> Item {
    item.change(EntryKind::Allocation, date(on), -minor);
    item
}

#[test]
fn a_month_at_1_percent_is_1_percent_from_the_day_after_the_due_date() {
    let (item, terms) = (invoice(100_000, "BRL"), terms(&json!({})));
    assert_eq!(quoted(&item, &terms, "2026-02-20"), 0);
    assert_eq!(quoted(&item, &terms, "2026-03-01"), 0);
    assert_eq!(quoted(&item, &terms, "2026-03-02"), 33);
    assert_eq!(quoted(&item, &terms, "2026-03-31"), 1_000);
}

#[test]
fn a_payment_ends_a_stretch_and_its_own_day_still_counts() {
    // 10 days of 1000.00, then 20 of 400.00.
    let item = paid(invoice(100_000, "BRL"), 60_000, "2026-03-11");
    assert_eq!(quoted(&item, &terms(&json!({})), "2026-03-31"), 333 + 267);
}

#[test]
fn a_rate_holds_from_its_day_on() {
    let rates = json!({
        "rates": [{ "percent": "10.15" }, { "from": "2026-07-01", "percent": "9.65" }],
        "per": "year",
        "day_count": "act/365",
    });
    // 121 days up to 30 June, 31 in July.
    let item = invoice(1_000_000, "EUR");
    let exact = (1_015 * 121 + 965 * 31) * 100;
    assert_eq!(
        quoted(&item, &terms(&rates), "2026-07-31"),
        (exact + 182) / 365
    );
}

#[test]
fn the_sum_is_rounded_and_not_its_parts() {
    // A day bears a third of a cent.
    let item = invoice(1_000, "BRL");
    let terms = terms(&json!({}));
    let mut item = charged(item, "late", &terms, "2026-03-02");
    assert_eq!(item.accrual.charged, 0);
    for day in 3..=31 {
        item = charged(item, "late", &terms, &format!("2026-03-{day:02}"));
    }
    assert_eq!(item.accrual.charged, 10);
}

#[test]
fn a_half_is_rounded_as_the_terms_say() {
    // 15 days at 1% a month are half a per cent: of 3.00 that is one and a half cents.
    for (rounding, three, five) in [
        ("half-up", 2, 3),
        ("half-even", 2, 2),
        ("down", 1, 2),
        ("up", 2, 3),
    ] {
        let terms = terms(&json!({ "rounding": rounding }));
        let of = |minor| quoted(&invoice(minor, "BRL"), &terms, "2026-03-16");
        assert_eq!((of(300), of(500)), (three, five), "{rounding}");
    }
}

#[test]
fn yen_are_charged_whole() {
    assert_eq!(
        quoted(&invoice(10_050, "JPY"), &terms(&json!({})), "2026-03-31"),
        101
    );
}

#[test]
fn the_lower_ceiling_holds() {
    let item = invoice(100_000, "BRL");
    for (ceilings, most) in [
        (json!({ "ceiling_percent": "2" }), 2_000),
        (json!({ "ceiling_amount": { "BRL": "15.00" } }), 1_500),
        (
            json!({ "ceiling_percent": "2", "ceiling_amount": { "BRL": "50" } }),
            2_000,
        ),
        (json!({ "ceiling_amount": { "EUR": "1" } }), 12_167),
    ] {
        let quote = quote(&item, "late", &terms(&ceilings), date("2027-03-01"));
        assert_eq!((quote.amount, quote.is_cut), (most, most < 12_167));
    }
}

#[test]
fn what_was_credited_lowers_a_ceiling_of_a_share() {
    let mut item = invoice(100_000, "BRL");
    item.change(EntryKind::CreditNote, date("2026-02-01"), -60_000);
    let terms = terms(&json!({ "ceiling_percent": "2" }));
    assert_eq!(quoted(&item, &terms, "2027-03-01"), 800);
}

#[test]
fn days_keep_the_terms_they_were_charged_under() {
    let item = invoice(100_000, "BRL");
    let (low, high) = (
        terms(&json!({})),
        terms(&json!({ "rates": [{ "percent": "3" }] })),
    );
    let item = charged(item, "late", &low, "2026-03-11");
    // The policy changed: days from 12 March on bear the new rate.
    let item = charged(item, "late", &high, "2026-03-21");
    assert_eq!(item.accrual.charged, 333 + 1_000);
    // Money that counts from before both lowers each at its own rate.
    let item = paid(item, 50_000, "2026-03-01");
    let borne = borne(&item, &item.accrual.runs, date("2026-03-21"));
    assert_eq!(borne.amount, 167 + 500);
    assert_eq!(item.accrual.runs.len(), 2);
}

#[test]
fn nothing_overflows() {
    let usury = terms(&json!({ "rates": [{ "percent": "1000" }], "day_count": "act/act" }));
    let mut item = invoice(AMOUNT_MAX, "BRL");
    item.due_on = date("0001-01-01");
    let item = charged(item, "late", &usury, "9999-12-30");
    assert_eq!(item.accrual.charged, AMOUNT_MAX);
    assert_eq!(quoted(&item, &terms(&json!({})), "9999-12-31"), 0);
}

#[test]
fn terms_are_read_as_they_are_written() {
    let all = json!({
        "rates": [{ "percent": 10 }, { "from": "2026-07-01", "percent": "9.65" }],
        "per": "year",
        "day_count": "30/360",
        "rounding": "half-even",
        "ceiling_percent": "20",
        "ceiling_amount": { "EUR": "500", "JPY": 1000 },
        "suspended_by": ["breathing-space"],
    });
    let terms = terms(&all);
    let written = serde_json::to_value(&terms).unwrap();
    assert_eq!(
        written["ceiling_amount"],
        json!({ "EUR": "500.00", "JPY": "1000" })
    );
    assert_eq!(serde_json::from_value::<Terms>(written).unwrap(), terms);
}

#[test]
fn terms_out_of_their_bounds_are_refused_with_the_reason() {
    for (fault, text) in [
        (
            json!({ "rates": [] }),
            "there is no rate; one of 0 charges nothing",
        ),
        (
            json!({ "rates": [{ "from": "2026-01-01", "percent": "1" }] }),
            "the first rate holds for all earlier days: it has no `from`",
        ),
        (
            json!({ "rates": [{ "percent": "1" }, { "percent": "2" }] }),
            "the rate at 1 needs a `from` later than that of the one before",
        ),
        (
            json!({ "rates": [{ "percent": "-1" }] }),
            "-1 is not 0 to 1000 per cent with at most six decimals",
        ),
        (
            json!({ "rates": [{ "percent": "0.0000001" }] }),
            "0.0000001 is not 0 to 1000 per cent with at most six decimals",
        ),
        (
            json!({ "ceiling_amount": { "BRL": "-1" } }),
            "BRL -1.00 is below 0",
        ),
        (
            json!({ "ceiling_amount": { "JPY": "0.5" } }),
            "`0.5` has more digits than JPY knows (0)",
        ),
        (json!({ "base": "everything" }), "unknown field `base`"),
    ] {
        let error = try_terms(&fault).unwrap_err().to_string();
        assert!(error.starts_with(text), "{error}");
    }
}

proptest! {
    #[test]
    fn charges_add_up_to_the_formula_however_days_are_cut(
        minor in 1..AMOUNT_MAX,
        percent in 0..20_000_u32,
        count in prop::sample::select(vec!["act/365", "act/360", "act/act", "30/360"]),
        ceiling in prop::option::of(0..50_u32),
        cuts in prop::collection::vec(1..400_i64, 1..6),
        payments in prop::collection::vec((1..400_i64, 1..1_000_i64), 0..5),
    ) {
        let terms = terms(&json!({
            "rates": [{ "percent": format!("{}.{:03}", percent / 1_000, percent % 1_000) }],
            "day_count": count,
            "ceiling_percent": ceiling,
        }));
        let mut item = invoice(minor, "BRL");
        for (day, share) in payments {
            let on = plus_days(item.due_on, day);
            item.change(EntryKind::Allocation, on, -(minor / 5_000 * share));
        }
        let mut whole = item.clone();
        let mut last = item.due_on;
        for cut in cuts {
            last = plus_days(last, cut);
            let before = item.accrual.charged;
            item = charged(item, "late", &terms, &last.to_string());
            prop_assert!(item.accrual.charged >= before);
        }
        whole = charged(whole, "late", &terms, &last.to_string());
        prop_assert_eq!(&item.accrual, &whole.accrual);
        prop_assert_eq!(item.interest_until, whole.interest_until);
        if percent == 0 {
            prop_assert_eq!(item.accrual.charged, 0);
        }
        if let Some(ceiling) = ceiling {
            let most = i128::from(minor) * i128::from(ceiling) / 100;
            prop_assert!(i128::from(item.accrual.charged) <= most);
        }
    }
}

//! The late fee and the letter that names it.

use regua_sdk::CoverKind;
use regua_sdk::prelude::*;
use regua_sdk::testkit::{EffectBuilder, ItemBuilder, VerdictBuilder, json};

use super::*;

const LETTER: &str = "contact:0.1:email";
const FEE: &str = "fee:0.1:inv-1";

fn terms(fee: Value) -> Value {
    with("late_fee", fee)
}

fn two_percent() -> Value {
    terms(json!({ "basis_points": 200, "from_contact": 1 }))
}

fn amount(situation: SituationBuilder, config: &Value) -> Option<i64> {
    let answer = ask_with(situation, config);
    answer.fee(FEE).map(|(_, amount)| amount.minor())
}

fn posted(minor: i64) -> ItemBuilder {
    ItemBuilder::invoice("fee_1", minor)
        .overdue(5)
        .charged_on("inv_1", ItemKind::LateFee)
}

#[test]
fn fee_comes_in_the_decision_of_its_letter() {
    let answer = ask_with(five_days_late(), &two_percent());
    answer.assert_proposes(&[FEE, LETTER]);
    assert_eq!(answer.fee(FEE), Some(("inv_1", Amount::from_minor(240))));
}

#[test]
fn fee_is_fixed_a_share_or_both_up_to_a_ceiling() {
    let both = json!({ "amount": { "BRL": "1.50" }, "basis_points": 200, "from_contact": 1 });
    assert_eq!(amount(five_days_late(), &terms(both.clone())), Some(390));
    let fixed = terms(json!({ "amount": { "BRL": "1.50" }, "from_contact": 1 }));
    assert_eq!(amount(five_days_late(), &fixed), Some(150));
    assert_eq!(amount(five_days_late().currency("USD", 2), &fixed), None);
    let mut capped = both;
    capped["at_most"] = json!({ "BRL": "3.00" });
    assert_eq!(amount(five_days_late(), &terms(capped)), Some(300));
    let part_paid = SituationBuilder::new().item(
        ItemBuilder::invoice("inv_1", 12_099)
            .overdue(5)
            .outstanding(7_000),
    );
    assert_eq!(amount(part_paid, &two_percent()), Some(241));
}

#[test]
fn fee_waits_for_the_contact_that_announces_it() {
    let config = terms(json!({ "basis_points": 200 }));
    let first = ask_with(five_days_late(), &config);
    first.assert_proposes(&[LETTER]);
    let second = first.then(EffectState::Done, "").days_later(5).woken();
    ask_with(second, &config).assert_proposes(&["fee:0.2:inv-1", "contact:0.2:email"]);
}

#[test]
fn fees_fall_on_late_chaseable_invoices_only() {
    let situation = five_days_late()
        .invoice("inv_2", 5_000, 2)
        .invoice("inv_3", 5_000, -2)
        .invoice("inv_4", 5_000, 9)
        .item(ItemBuilder::invoice("inv_5", 5_000).overdue(9).placed())
        .item(
            ItemBuilder::invoice("int_1", 100)
                .overdue(5)
                .charged_on("inv_1", ItemKind::Interest),
        )
        .cover("inv_4", CoverKind::Dispute, 5_000, None);
    ask_with(situation, &two_percent()).assert_proposes(&[FEE, "fee:0.1:inv-2", LETTER]);
}

#[test]
fn item_that_had_its_fee_gets_no_other() {
    ask_with(five_days_late().item(posted(240)), &two_percent()).assert_proposes(&[LETTER]);
}

#[test]
fn letter_still_goes_when_its_fee_is_reduced_or_refused() {
    let letter = || VerdictBuilder::allowed(LETTER);
    let reduced = VerdictBuilder::reduced(FEE, "fee-ceiling", Amount::from_minor(120));
    let answered = five_days_late().answered([reduced, letter()]);
    ask_with(answered.clone(), &two_percent()).assert_proposes(&[FEE, LETTER]);
    assert_eq!(amount(answered, &two_percent()), Some(120));
    for rule in ["fee-once", "fee-ceiling", "cover"] {
        let refused = VerdictBuilder::refused(FEE, rule);
        ask_with(
            five_days_late().answered([refused, letter()]),
            &two_percent(),
        )
        .assert_proposes(&[LETTER]);
    }
    let to_nothing = VerdictBuilder::reduced(FEE, "fee-ceiling", Amount::ZERO);
    ask_with(
        five_days_late().answered([to_nothing, letter()]),
        &two_percent(),
    )
    .assert_proposes(&[LETTER]);
}

#[test]
fn fee_is_not_posted_while_its_letter_is_deferred_or_changes_channel() {
    let fee = || VerdictBuilder::allowed(FEE);
    let deferred = VerdictBuilder::deferred(LETTER, "quiet-hours", now());
    ask_with(five_days_late().answered([fee(), deferred]), &two_percent())
        .assert_proposes(&[LETTER]);
    let refused = VerdictBuilder::refused(LETTER, "opt-out");
    ask_with(five_days_late().answered([fee(), refused]), &two_percent())
        .assert_proposes(&["contact:0.1:sms"]);
}

#[test]
fn fee_whose_letter_was_cancelled_is_named_again_as_it_was_posted() {
    let cancelled = five_days_late()
        .memory(&json!({
            "round": 0, "clock": 0, "proposed": [0], "person_until": null, "person_done": null,
        }))
        .item(posted(120))
        .effect(EffectBuilder::new(
            FEE,
            ActionKind::AddFee,
            EffectState::Done,
        ))
        .effect(EffectBuilder::message(
            LETTER,
            Channel::Email,
            EffectState::Cancelled,
        ))
        .woken();
    let again = ask_with(cancelled, &two_percent());
    again.assert_proposes(&[FEE, LETTER]);
    assert_eq!(again.fee(FEE), Some(("inv_1", Amount::from_minor(120))));
}

#[test]
fn fee_that_was_posted_and_paid_is_not_named_again() {
    let paid = five_days_late()
        .effect(EffectBuilder::new(
            FEE,
            ActionKind::AddFee,
            EffectState::Done,
        ))
        .effect(EffectBuilder::message(
            LETTER,
            Channel::Email,
            EffectState::Cancelled,
        ))
        .woken();
    ask_with(paid, &two_percent()).assert_proposes(&[LETTER]);
}

#[test]
fn many_fees_are_spread_over_letters() {
    let many = (1..=40).fold(SituationBuilder::new(), |situation, number| {
        situation.invoice(&format!("inv_{number:02}"), 5_000, 3)
    });
    let answer = ask_with(many, &two_percent());
    assert_eq!(answer.keys().len(), 13);
}

#[test]
fn amount_finer_than_the_currency_is_refused() {
    let config = terms(json!({ "amount": { "BRL": "1.505" }, "from_contact": 1 }));
    let refusal = testkit::ask::<Escalation>(&five_days_late().build(), &config).unwrap_err();
    assert!(matches!(refusal, Refusal::BadConfig(_)), "{refusal}");
}

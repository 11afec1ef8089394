//! After acceptance.

use super::*;

/// The plan of a number was accepted, and covers all that was overdue.
fn accepted(number: usize) -> SituationBuilder {
    offered(EffectState::Done, "")
        .effect(
            EffectBuilder::new("offer", ActionKind::OfferPlan, EffectState::Confirmed)
                .code(&format!("accepted:{number}")),
        )
        .cover("inv-1", CoverKind::Plan, 12_001, Some(day(50)))
        .cover("fee-1", CoverKind::Plan, 500, Some(day(50)))
        .days_later(2)
}

fn acceptance(number: &str) -> EventBuilder {
    offer_event("offer.accepted").detail("plan", number)
}

#[test]
fn acceptance_is_confirmed_with_the_one_plan() {
    let answer = ask(accepted(2).event(acceptance("2")));
    answer
        .assert_stays(Wake::on_event())
        .assert_proposes(&["offer", "confirmation:email"])
        .assert_because("accepted");
    let letter = answer.message("confirmation:email").unwrap();
    assert_eq!(letter.purpose, Purpose::Confirmation);
    assert_eq!(letter.template.as_deref(), Some("plan-accepted"));
    assert_eq!(letter.variables, [("plan".to_owned(), "2".to_owned())]);
    let plans = answer.plan_offer("offer").unwrap().plans;
    let offered = ask(late()).plan_offer("offer").unwrap().plans;
    assert_eq!(plans, offered[1..]);
}

#[test]
fn acceptance_of_a_plan_that_cannot_be_listed_is_confirmed_all_the_same() {
    ask(accepted(7).event(acceptance("7"))).assert_proposes(&["confirmation:email"]);
    ask(accepted(2)
        .memory(&json!({ "offered": null, "refused": [], "reminded": false }))
        .woken())
    .assert_proposes(&["confirmation:email"]);
}

#[test]
fn confirmation_is_sent_once_and_nothing_is_chased_while_the_plan_runs() {
    let confirmed =
        || ask(accepted(2).event(acceptance("2"))).then(EffectState::Confirmed, "accepted:2");
    ask(confirmed().days_later(30).woken())
        .assert_stays(Wake::on_event())
        .assert_proposes(&[])
        .assert_because("plan-runs");
}

#[test]
fn confirmation_waits_for_the_morning() {
    let now = accepted(2).build().now().at();
    let deferred =
        VerdictBuilder::deferred("confirmation:email", "quiet-hours", now.plus_minutes(60));
    ask(accepted(2).answered([deferred]))
        .assert_stays(Wake::after_minutes(60))
        .assert_proposes(&[]);
    ask(accepted(2).woken()).assert_proposes(&["offer", "confirmation:email"]);
}

#[test]
fn refused_confirmation_goes_over_the_next_channel_or_not_at_all() {
    let refused =
        |channel: &str| VerdictBuilder::refused(&format!("confirmation:{channel}"), "contact-cap");
    let answer = ask(accepted(2).answered([refused("email")]));
    answer
        .assert_stays(Wake::after_minutes(15))
        .assert_proposes(&[]);
    let next = || answer.then(EffectState::Done, "");
    ask(next().woken()).assert_proposes(&["offer", "confirmation:sms"]);
    let last = ask(next().answered([refused("sms")]));
    last.assert_stays(Wake::on_event()).assert_proposes(&[]);
    ask(last.then(EffectState::Done, "").woken()).assert_stays(Wake::on_event());
}

#[test]
fn bounced_confirmation_goes_over_the_next_channel() {
    let failed = EffectBuilder::message("confirmation:email", Channel::Email, EffectState::Failed);
    ask(accepted(2).effect(failed).woken()).assert_proposes(&["offer", "confirmation:sms"]);
}

#[test]
fn broken_plan_leaves() {
    ask(accepted(2).event(offer_event("plan.broken")))
        .assert_leaves("broken")
        .assert_proposes(&[]);
}

#[test]
fn completed_plan_leaves_as_accepted() {
    ask(accepted(2).event(offer_event("plan.completed")))
        .assert_leaves("accepted")
        .assert_proposes(&[]);
}

#[test]
fn end_of_another_stages_plan_is_not_this_ones() {
    let other = EventBuilder::new("plan.broken").subject("offer-of-old");
    ask(accepted(2).event(other)).assert_stays(Wake::on_event());
}

#[test]
fn plan_that_ended_before_its_acceptance_was_told_is_not_confirmed() {
    let ended = || {
        offered(EffectState::Done, "").effect(
            EffectBuilder::new("offer", ActionKind::OfferPlan, EffectState::Confirmed)
                .code("accepted:2"),
        )
    };
    ask(ended().event(acceptance("2")))
        .assert_stays(Wake::on_event())
        .assert_proposes(&[])
        .assert_because("plan-ends");
    ask(ended().woken())
        .assert_leaves("broken")
        .assert_because("plan-gone");
}

//! Covers: disputes, pending money, promises, plans, holds.

use regua_domain::contract::Wake;
use regua_domain::fact::Fact;

use crate::kit::*;

/// Demands once a day, for ever.
fn daily() -> Plugin {
    plugin("only", |situation| {
        if situation.balance.chaseable > 500 {
            let key = format!("mail-{}", situation.now.local_date);
            let mail = mail(&key, regua_domain::contract::Purpose::Demand);
            stay(vec![mail], Wake::AfterDays(1))
        } else {
            stay(Vec::new(), Wake::AfterDays(1))
        }
    })
}

fn owing() -> World {
    let mut world = World::new(&single(), vec![daily()]);
    world.tell("2026-03-01 08:00", invoice("A", "BRL 100.00", "2026-03-01"));
    world
}

fn letters_between(world: &World, from: &str, to: &str) -> usize {
    world
        .letters()
        .iter()
        .filter(|letter| &letter[..10] >= from && &letter[..10] <= to)
        .count()
}

#[test]
fn a_disputed_item_is_not_demanded_until_it_is_decided() {
    let mut world = owing();
    world
        .tell("2026-03-04 08:00", dispute("A", None))
        .tell("2026-03-11 08:00", resolved("A", false))
        .until("2026-03-14");
    assert_eq!(letters_between(&world, "2026-03-02", "2026-03-03"), 2);
    assert_eq!(letters_between(&world, "2026-03-04", "2026-03-10"), 0);
    assert_eq!(letters_between(&world, "2026-03-11", "2026-03-13"), 3);
}

#[test]
fn a_dispute_of_a_part_leaves_the_rest_chaseable() {
    let mut world = owing();
    world
        .tell("2026-03-02 08:00", dispute("A", Some("BRL 40.00")))
        .until("2026-03-02 20:00");
    assert_eq!(world.asked("only")[0].balance.chaseable, 6_000);
}

#[test]
fn an_upheld_dispute_is_credited_and_resolves_the_case() {
    let mut world = owing();
    world
        .tell("2026-03-04 08:00", dispute("A", None))
        .tell("2026-03-05 08:00", resolved("A", true));
    assert_eq!(world.dossier.items[0].outstanding, 0);
    assert_eq!(world.lines(&["ended"]), ["03-05 ended: resolved"]);
}

#[test]
fn a_case_that_waited_out_a_dispute_goes_on_when_it_is_decided() {
    let mut world = World::new(
        &rungs(&[]),
        vec![
            plugin("first", mails),
            plugin("second", mails),
            plugin("third", mails),
        ],
    );
    world.capture = false;
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .until("2026-03-03 12:00");
    // The letter is on its way when the debtor disputes all of it.
    world.tell("2026-03-03 12:00", dispute("A", None));
    let key = world.key("mail");
    world.tell(
        "2026-03-03 13:00",
        Fact::EffectResult {
            effect: key,
            result: regua_domain::fact::EffectResult::Delivered,
        },
    );
    assert_eq!(world.case().stage(), "second");
    world
        .tell("2026-03-12 08:00", resolved("A", false))
        .until("2026-03-14");
    assert_eq!(
        world.lines(&["entered second"]),
        ["03-12 entered second, visit 0"],
        "{}",
        world.story()
    );
}

#[test]
fn a_case_whose_debt_is_all_disputed_follows_the_next_invoice() {
    let mut world = World::new(
        &rungs(&[]),
        vec![
            plugin("first", mails),
            plugin("second", mails),
            plugin("third", mails),
        ],
    );
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .tell("2026-03-02 08:00", invoice("B", "BRL 80.00", "2026-03-12"))
        .tell("2026-03-04 08:00", dispute("A", None))
        .until("2026-03-31");
    // Five days after B's own due date.
    assert_eq!(
        world.lines(&["entered second"]),
        ["03-17 entered second, visit 0"],
        "{}",
        world.story()
    );
}

#[test]
fn money_on_its_way_covers_what_it_would_pay() {
    let mut world = owing();
    world
        .tell("2026-03-03 08:00", pending("p", "BRL 100.00"))
        .tell("2026-03-05 08:00", payment("p", "BRL 100.00"));
    assert_eq!(letters_between(&world, "2026-03-03", "2026-03-05"), 0);
    assert_eq!(world.lines(&["ended"]), ["03-05 ended: resolved"]);
}

#[test]
fn money_that_did_not_come_is_demanded_again() {
    let mut world = owing();
    world
        .tell("2026-03-03 08:00", pending("p", "BRL 100.00"))
        .tell(
            "2026-03-05 08:00",
            Fact::PaymentFailed {
                payment: "p".to_owned(),
                code: "insufficient-funds".to_owned(),
                is_hard: false,
            },
        )
        .until("2026-03-06");
    assert_eq!(letters_between(&world, "2026-03-03", "2026-03-04"), 0);
    assert_eq!(letters_between(&world, "2026-03-05", "2026-03-05"), 1);
}

#[test]
fn pending_money_that_never_comes_lapses() {
    let mut world = owing();
    world
        .tell("2026-03-03 08:00", pending("p", "BRL 100.00"))
        .until("2026-03-12");
    assert_eq!(
        world.lines(&["cover ended"]),
        ["03-11 cover ended: Pending lifted"]
    );
    assert_eq!(letters_between(&world, "2026-03-11", "2026-03-11"), 1);
}

#[test]
fn a_promise_is_waited_for_and_broken_after_its_grace() {
    let mut world = owing();
    world
        .tell("2026-03-03 08:00", promise("BRL 100.00", "2026-03-10"))
        .until("2026-03-14");
    assert_eq!(letters_between(&world, "2026-03-03", "2026-03-12"), 0);
    assert_eq!(
        world.lines(&["cover ended"]),
        ["03-13 cover ended: Promise broken"]
    );
    assert_eq!(letters_between(&world, "2026-03-13", "2026-03-13"), 1);
    assert_eq!(world.dossier.standing.promises_broken, 1);
}

#[test]
fn a_promise_kept_is_remembered() {
    let mut world = owing();
    world
        .tell("2026-03-03 08:00", promise("BRL 60.00", "2026-03-10"))
        .tell("2026-03-09 08:00", payment("p", "BRL 60.00"))
        .until("2026-03-31");
    assert_eq!(world.dossier.standing.promises_kept, 1);
    assert_eq!(world.dossier.standing.promises_broken, 0);
    // The other 40.00 was demanded all along.
    assert!(letters_between(&world, "2026-03-03", "2026-03-06") >= 3);
}

fn planned() -> World {
    let mut world = World::new(
        &single(),
        vec![
            plugin("only", |situation| {
                if situation.stage.calls_before == 0 {
                    stay(vec![plan(situation, 2)], Wake::OnEvent)
                } else if situation.balance.chaseable > 500 {
                    let key = format!("mail-{}", situation.now.local_date);
                    let mail = mail(&key, regua_domain::contract::Purpose::Demand);
                    stay(vec![mail], Wake::AfterDays(1))
                } else {
                    wait()
                }
            })
            .hears(&["plan.broken", "plan.completed", "offer.expired"]),
        ],
    );
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .until("2026-03-04");
    world
}

fn accept(world: &World) -> Fact {
    Fact::OfferAnswered {
        effect: world.key("plan"),
        accepted: Some(1),
    }
}

#[test]
fn a_plan_covers_its_items_while_it_is_kept() {
    let mut world = planned();
    let accepted = accept(&world);
    world
        .tell("2026-03-04 08:00", accepted.clone())
        .tell("2026-03-10 08:00", payment("p", "BRL 50.00"))
        .tell("2026-03-17 08:00", payment("q", "BRL 50.00"));
    assert!(world.letters().is_empty());
    assert_eq!(world.lines(&["ended"]), ["03-17 ended: resolved"]);
    assert_eq!(world.dossier.standing.plans_completed, 1);
}

#[test]
fn a_broken_plan_lifts_its_cover_and_the_stage_hears_of_it() {
    let mut world = planned();
    let accepted = accept(&world);
    world.tell("2026-03-04 08:00", accepted).until("2026-03-16");
    // Due on the 10th, two days of grace.
    assert_eq!(
        world.lines(&["cover ended"]),
        ["03-13 cover ended: Plan broken"]
    );
    assert_eq!(event(world.asked("only")[1]), "plan.broken");
    assert_eq!(letters_between(&world, "2026-03-13", "2026-03-13"), 1);
}

#[test]
fn an_offer_accepted_twice_acts_once() {
    let mut world = planned();
    let accepted = accept(&world);
    world.tell("2026-03-04 08:00", accepted.clone());
    let before = world.dossier.clone();
    assert_eq!(
        world.hear(&accepted),
        Ok(regua_domain::intake::Taken::Known)
    );
    assert_eq!(world.dossier, before);
}

#[test]
fn an_offer_runs_out_after_its_last_day() {
    let mut world = planned();
    world.until("2026-03-15");
    assert_eq!(event(world.asked("only")[1]), "offer.expired");
    assert_eq!(
        world.asked("only")[1].now.local_date.to_string(),
        "2026-03-14"
    );
}

#[test]
fn a_held_account_rests_and_goes_on_the_day_after() {
    let mut world = owing();
    world
        .tell("2026-03-03 08:00", hold("2026-03-10"))
        .until("2026-03-12");
    assert_eq!(letters_between(&world, "2026-03-03", "2026-03-10"), 0);
    assert_eq!(letters_between(&world, "2026-03-11", "2026-03-11"), 1);
}

#[test]
fn a_hold_can_be_lifted_early() {
    let mut world = owing();
    world
        .tell("2026-03-03 08:00", hold("2026-03-20"))
        .tell("2026-03-05 08:00", Fact::HoldLifted)
        .until("2026-03-06");
    assert_eq!(letters_between(&world, "2026-03-05", "2026-03-05"), 1);
}

#[test]
fn a_reply_that_leads_in_early_demands_nothing_before_the_stages_day() {
    let mut world = World::new(
        &rungs(&[]),
        vec![
            plugin("first", mails),
            plugin("second", mails).hears(&["replied"]),
            plugin("third", mails),
        ],
    );
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .tell("2026-03-04 10:00", reply("cash-flow"))
        .until("2026-03-31");
    assert_eq!(
        world.letters()[..2],
        [
            "2026-03-03 first: BRL 100.00",
            "2026-03-09 second: BRL 100.00"
        ]
    );
}

#[test]
fn a_reply_during_a_dispute_does_not_strand_the_case() {
    let mut world = World::new(
        &rungs(&[]),
        vec![
            plugin("first", mails),
            plugin("second", |situation| match situation.balance.chaseable {
                0 => wait(),
                _ => mails(situation),
            })
            .hears(&["replied"]),
            plugin("third", mails),
        ],
    );
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .tell("2026-03-04 10:00", dispute("A", None))
        .tell("2026-03-04 11:00", reply("goods-or-service"))
        .tell("2026-03-12 10:00", resolved("A", false))
        .until("2026-05-31");
    assert!(world.letters().len() > 1, "{}", world.story());
}

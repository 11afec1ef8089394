//! Where a case goes whose oldest debt is gone.

use regua_domain::contract::{Action, Wake};

use crate::kit::*;

fn mailing(third: Plugin) -> Vec<Plugin> {
    vec![plugin("first", mails), plugin("second", mails), third]
}

fn moves(world: &World) -> Vec<String> {
    world.lines(&["rewound", "entered", "ended"])
}

#[test]
fn a_case_between_two_rungs_waits_on_where_the_one_below_still_holds() {
    let mut world = World::new(&rungs(&[]), mailing(plugin("third", mails)));
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .tell("2026-03-02 08:00", invoice("B", "BRL 50.00", "2026-03-10"))
        .until("2026-03-17");
    // B is seven days late: the second rung, which was climbed, is where the case stands.
    world.tell("2026-03-17 18:00", payment("p", "BRL 100.00"));
    assert_eq!(world.case().stage(), "third");
    assert_eq!(world.case().anchor, Some("2026-03-10".parse().unwrap()));
    world.until("2026-05-01");
    assert_eq!(
        moves(&world),
        [
            "03-03 entered first, visit 0",
            "03-09 entered second, visit 0",
            "03-30 entered third, visit 0",
            "03-30 ended: closed",
        ]
    );
}

#[test]
fn a_case_in_a_stage_goes_back_to_the_last_one_that_still_holds() {
    let mut world = World::new(&rungs(&[]), mailing(plugin("third", |_| wait())));
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .tell("2026-03-02 08:00", invoice("B", "BRL 50.00", "2026-03-16"))
        .tell("2026-03-24 18:00", payment("p", "BRL 100.00"))
        .until("2026-03-26");
    assert_eq!(
        moves(&world)[2..],
        [
            "03-23 entered third, visit 0",
            "03-24 rewound third to second",
            "03-25 entered second, visit 1",
        ],
        "{}",
        world.story()
    );
}

#[test]
fn a_case_that_began_by_age_goes_back_to_where_its_new_age_begins() {
    let mut world = World::new(
        &rungs(&[("late_entry", "by_age")]),
        mailing(plugin("third", |_| wait())),
    );
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-01-02"))
        .tell("2026-03-02 08:00", invoice("B", "BRL 50.00", "2026-03-02"))
        .until("2026-03-04");
    assert_eq!(world.case().stage(), "third");
    world.tell("2026-03-04 18:00", payment("p", "BRL 100.00"));
    assert_eq!(world.lines(&["rewound"]), ["03-04 rewound third to first"]);
}

#[test]
fn a_stage_without_a_day_that_stands_further_up_is_no_way_back() {
    // A person looked at the case once: that does not make it a rung below the first.
    let document = document(
        &[],
        &[
            failing_to(
                "first",
                "first",
                "{ days_overdue: 5 }",
                "second",
                "{ stage: by-hand }",
            ),
            stage("second", "second", "{ days_overdue: 20 }", CLOSED),
            stage("by-hand", "by-hand", "{ after_previous: 1d }", "first"),
        ],
    );
    let first = answering("first", |situation| {
        if situation.stage.visits_before == 0 {
            failure(regua_domain::contract::FailureKind::Trap)
        } else {
            regua_domain::contract::Answer::Decision(mails(situation))
        }
    });
    let by_hand = plugin("by-hand", |_| leave(vec![], "done"));
    let mut world = World::new(&document, vec![first, plugin("second", mails), by_hand]);
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .tell("2026-03-02 08:00", invoice("B", "BRL 50.00", "2026-03-10"))
        .tell("2026-03-12 18:00", payment("p", "BRL 100.00"));
    assert_eq!(
        world.lines(&["rewound"]),
        ["03-12 rewound second to first"],
        "{}",
        world.story()
    );
}

#[test]
fn a_case_stays_in_its_stage_while_an_agency_has_the_older_debt() {
    let third = plugin("third", |situation| {
        if situation.effects.iter().all(|effect| effect.key != "place") {
            stay(vec![place_from("place", situation, 20)], Wake::OnEvent)
        } else {
            wait()
        }
    })
    .hears(&["placement.returned", "payment.received"]);
    let mut world = World::new(&rungs(&[]), mailing(third));
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .tell("2026-03-02 08:00", invoice("B", "BRL 50.00", "2026-03-20"))
        .tell("2026-03-24 08:00", payment("p", "BRL 20.00"))
        .until("2026-03-26");
    // Only B may be chased, and is five days late; but A is with the agency.
    assert_eq!(world.case().stage(), "third", "{}", world.story());
    assert!(world.lines(&["rewound"]).is_empty());
    // The agency is done: now the ladder begins for B, which nobody has heard of yet.
    let key = world.key("place");
    world.tell("2026-03-27 08:00", remitted(key, "r-1", "BRL 80.00"));
    assert!(world.lines(&["rewound"]).is_empty());
    world.tell("2026-03-27 09:00", returned(key, &[]));
    assert_eq!(
        world.lines(&["rewound", "fact placement"]),
        [
            "03-27 fact placement.remitted",
            "03-27 fact placement.returned",
            "03-27 rewound third to second",
        ],
        "{}",
        world.story()
    );
}

#[test]
fn a_case_stays_in_its_stage_while_a_plan_of_this_visit_runs() {
    let third = plugin("third", |situation| {
        if situation.effects.iter().all(|effect| effect.key != "plan") {
            stay(vec![plan(situation, 2)], Wake::OnEvent)
        } else {
            wait()
        }
    })
    .hears(&["plan.broken", "payment.received"]);
    let mut world = World::new(&rungs(&[]), mailing(third));
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .until("2026-03-24");
    let offer = world.key("plan");
    world
        .tell("2026-03-24 08:00", answered(offer, Some(1)))
        .tell("2026-03-24 09:00", invoice("B", "BRL 50.00", "2026-03-24"))
        .until("2026-03-28");
    assert_eq!(world.case().stage(), "third", "{}", world.story());
    // Being asked about a payment does not make it forget where B belongs.
    world
        .tell("2026-03-28 08:00", payment("p", "BRL 50.00"))
        .until("2026-03-30 08:00");
    assert_eq!(world.case().stage(), "third", "{}", world.story());
    world.tell("2026-03-31 08:00", payment("q", "BRL 50.00"));
    assert_eq!(
        world.lines(&["cover ended", "rewound"]),
        [
            "03-31 cover ended: Plan kept",
            "03-31 rewound third to second"
        ],
        "{}",
        world.story()
    );
}

#[test]
fn a_payment_that_keeps_a_promise_moves_the_anchor_all_the_same() {
    let mut world = World::new(&rungs(&[]), mailing(plugin("third", |_| wait())));
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .tell("2026-03-02 08:00", invoice("B", "BRL 50.00", "2026-03-20"))
        .tell("2026-03-24 08:00", promise("BRL 60.00", "2026-03-31"))
        .tell("2026-03-24 18:00", payment("p", "BRL 100.00"));
    assert_eq!(
        world.lines(&["cover ended", "rewound"]),
        [
            "03-24 cover ended: Promise kept",
            "03-24 rewound third to first"
        ],
        "{}",
        world.story()
    );
}

#[test]
fn a_younger_debt_behind_a_disputed_one_begins_at_the_bottom() {
    let mut world = World::new(&rungs(&[]), mailing(plugin("third", |_| wait())));
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .tell("2026-03-02 08:00", invoice("B", "BRL 50.00", "2026-03-26"))
        .tell("2026-03-24 08:00", dispute("A", None))
        .until("2026-03-28");
    assert_eq!(world.lines(&["rewound"]), ["03-27 rewound third to first"]);
}

#[test]
fn a_stage_whose_day_moved_away_is_not_entered_by_a_late_timer() {
    let mut world = World::new(&rungs(&[]), mailing(plugin("third", mails)));
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .tell("2026-03-02 08:00", invoice("B", "BRL 50.00", "2026-03-10"))
        .until("2026-03-23 08:00");
    // The node slept over the planned instant, and the payment was told meanwhile.
    world.asleep_until("2026-03-23 12:00");
    world.hear(&payment("p", "BRL 100.00")).unwrap();
    world.until("2026-03-24");
    assert_eq!(world.lines(&["entered third"]).len(), 0);
    assert_eq!(
        world.lines(&["next third"]).last().unwrap(),
        "03-23 next third on 03-30"
    );
}

#[test]
fn a_case_left_by_a_stage_that_was_busy_does_not_skip_the_younger_debt() {
    // The agency gives A up, and the stage goes on to a last rung of its own.
    let document = document(
        &[],
        &[
            stage("first", "first", "{ days_overdue: 1 }", "second"),
            stage("second", "second", "{ days_overdue: 20 }", "third"),
            stage("third", "third", "{ days_overdue: 21 }", CLOSED),
        ],
    );
    let second = plugin("second", |situation| match event(situation) {
        "payment.received" => {
            let recall = proposal(
                "recall",
                Action::RecallPlacement {
                    placement: "place".to_owned(),
                    items: vec![situation.balance.items[0].key.clone()],
                    reason: "given up".to_owned(),
                },
            );
            let items = vec![situation.balance.items[0].key.clone()];
            let reason = "lost".to_owned();
            let write_off = proposal("off", Action::WriteOff { items, reason });
            leave(vec![recall, write_off], "done")
        }
        _ if situation.stage.calls_before == 0 => {
            stay(vec![place_from("place", situation, 20)], Wake::OnEvent)
        }
        _ => wait(),
    })
    .hears(&["payment.received"]);
    let mut world = World::new(
        &document,
        vec![plugin("first", mails), second, plugin("third", mails)],
    );
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .tell("2026-03-02 08:00", invoice("B", "BRL 50.00", "2026-03-20"))
        .tell("2026-03-26 08:00", payment("p", "BRL 20.00"))
        .until("2026-03-27");
    assert_eq!(
        world.lines(&["rewound"]),
        ["03-26 rewound third to first"],
        "{}",
        world.story()
    );
}

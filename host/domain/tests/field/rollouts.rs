//! A version of a workflow takes another's place among cases that are open.

use std::sync::atomic::{AtomicU32, Ordering};

use regua_domain::contract::{Answer, EffectState, FailureKind, Wake};
use regua_domain::rollout::{Activation, Canary, Limits, Running, StageMap, Trial};

use crate::kit::*;

/// Three rungs, each of a plugin that mails; `third` waits.
fn climbing() -> World {
    let plugins = vec![
        plugin("first", mails),
        plugin("second", mails),
        plugin("third", |_| wait()),
    ];
    let mut world = World::new(&rungs(&[]), plugins);
    world.tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"));
    world
}

fn map(stages: &[(&str, &str)]) -> StageMap {
    let own = |text: &str| text.to_owned();
    stages
        .iter()
        .map(|(from, to)| (own(from), own(to)))
        .collect()
}

/// Publishes a version and activates it as an admin would.
fn swap(world: &mut World, version: u32, document: &str, running: Running, stages: StageMap) {
    world.publish(version, document);
    let former = world.tenant.active.get("ladder").copied();
    world.activate(version);
    let activation = Activation {
        version,
        former,
        at: world.now,
        by: "key".to_owned(),
        running,
        stages,
        stranded: 0,
    };
    let rollout = world
        .tenant
        .rollouts
        .entry("ladder".to_owned())
        .or_default();
    rollout.activate(activation, 1..=version);
    let now = world.now;
    world.run(now);
}

#[test]
fn a_case_that_waits_goes_on_at_the_stage_of_the_same_name_by_its_new_day() {
    let mut world = climbing();
    world.until("2026-03-04");
    let sooner = document(
        &[],
        &[
            stage("first", "first", "{ days_overdue: 1 }", "second"),
            stage(
                "second",
                "second",
                "{ days_overdue: 2, after_previous: 2d }",
                CLOSED,
            ),
        ],
    );
    swap(&mut world, 2, &sooner, Running::Migrate, map(&[]));
    world.until("2026-03-10");
    assert_eq!(
        world.lines(&["transferred", "entered", "next"]),
        [
            "03-03 next first on 03-03",
            "03-03 entered first, visit 0",
            "03-03 next second on 03-09",
            "03-04 transferred from 1 second to 2 second: migrate",
            // Two days after the first was left, not after the transfer.
            "03-04 next second on 03-05",
            "03-05 entered second, visit 0",
        ],
        "{}",
        world.story()
    );
}

#[test]
fn a_visit_goes_on_under_the_new_name_of_its_stage_and_what_it_did_stays_done() {
    let nudge = plugin("first", |situation| {
        let next = if situation.trigger == regua_domain::contract::Trigger::Entered {
            Wake::AfterDays(2)
        } else {
            Wake::AfterDays(30)
        };
        stay(vec![demand()], next)
    });
    let mut world = World::new(
        &rungs(&[]),
        vec![nudge, plugin("second", mails), plugin("third", mails)],
    );
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .until("2026-03-04");
    let renamed = document(
        &[],
        &[stage("nudge", "first", "{ days_overdue: 1 }", CLOSED)],
    );
    swap(
        &mut world,
        2,
        &renamed,
        Running::Migrate,
        map(&[("first", "nudge")]),
    );
    world.until("2026-03-20");
    assert_eq!(
        world.lines(&["transferred", "entered", "did", "decided"]),
        [
            "03-03 entered first, visit 0",
            "03-03 decided first: stay: 2 days; send-message allowed (allowed)",
            "03-03 did send-message: mail",
            "03-04 transferred from 1 first to 2 nudge: migrate",
            "03-05 decided nudge: stay: 30 days; send-message allowed (already-done)",
        ],
        "{}",
        world.story()
    );
}

#[test]
fn a_queued_letter_stands_and_the_way_out_that_waits_for_it_is_the_new_versions() {
    let mut world = climbing();
    world.capture = false;
    world.until("2026-03-03 18:00");
    let detour = document(
        &[],
        &[
            stage("first", "first", "{ days_overdue: 1 }", "third"),
            stage("third", "third", "{ days_overdue: 10 }", CLOSED),
        ],
    );
    swap(&mut world, 2, &detour, Running::Migrate, map(&[]));
    assert_eq!(
        world.effect("mail").state,
        EffectState::Queued,
        "{}",
        world.story()
    );
    world.capture = true;
    world.until("2026-03-05");
    assert_eq!(world.letters(), ["2026-03-03 first: BRL 100.00"]);
    assert_eq!(world.case().stage(), "third", "{}", world.story());
}

#[test]
fn another_plugin_begins_a_visit_of_its_own() {
    let mut world = climbing();
    world.until("2026-03-25");
    assert_eq!(world.case().stage(), "third");
    let other = document(
        &[],
        &[stage("call", "second", "{ days_overdue: 1 }", CLOSED)],
    );
    swap(
        &mut world,
        2,
        &other,
        Running::Migrate,
        map(&[("third", "call")]),
    );
    world.until("2026-03-27");
    assert_eq!(
        world.lines(&["transferred", "entered call"]),
        [
            "03-25 transferred from 1 third to 2 call: migrate",
            "03-25 entered call, visit 1",
        ],
        "{}",
        world.story()
    );
}

#[test]
fn a_case_whose_stage_has_no_place_stays_with_its_version() {
    let mut world = climbing();
    world.until("2026-03-04");
    let without = document(
        &[],
        &[stage("third", "third", "{ days_overdue: 1 }", CLOSED)],
    );
    swap(&mut world, 2, &without, Running::Migrate, map(&[]));
    world.until("2026-03-12");
    assert_eq!(
        world.lines(&["entered second"]),
        ["03-09 entered second, visit 0"]
    );
    // From the rung that it comes to, there is a way.
    assert_eq!(world.case().workflow.version, 2, "{}", world.story());
}

#[test]
fn a_restarted_case_begins_where_its_age_puts_it_and_nothing_that_waited_leaves() {
    let mut world = climbing();
    world.capture = false;
    world.until("2026-03-03 18:00");
    swap(&mut world, 2, &rungs(&[]), Running::Restart, map(&[]));
    assert_eq!(
        world.effect("mail").state,
        EffectState::Cancelled,
        "{}",
        world.story()
    );
    world.capture = true;
    world.until("2026-03-05");
    assert_eq!(
        world.lines(&["transferred", "entered"]),
        [
            "03-03 entered first, visit 0",
            "03-03 transferred from 1 first to 2 first: restart",
            "03-04 entered first, visit 1",
        ],
        "{}",
        world.story()
    );
}

#[test]
fn a_case_restarts_only_once_an_agency_is_done_with_it() {
    let third = plugin("third", |situation| {
        if situation.effects.iter().all(|effect| effect.key != "place") {
            stay(vec![place_from("place", situation, 1)], Wake::OnEvent)
        } else {
            wait()
        }
    })
    .hears(&["placement.returned"]);
    let only = document(
        &[],
        &[stage("third", "third", "{ days_overdue: 1 }", CLOSED)],
    );
    let mut world = World::new(&only, vec![third]);
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .until("2026-03-04");
    swap(&mut world, 2, &only, Running::Restart, map(&[]));
    world.until("2026-03-06");
    assert_eq!(world.case().workflow.version, 1, "{}", world.story());
    let key = world.key("place");
    world.tell("2026-03-06 08:00", returned(key, &[]));
    assert_eq!(world.case().workflow.version, 2, "{}", world.story());
}

#[test]
fn a_canary_takes_the_share_of_new_cases_and_gives_them_back() {
    let mut world = climbing();
    let bucket = world.dossier.customer.bucket();
    world.publish(2, &rungs(&[]));
    let canary = |percent: u8| Canary {
        version: 2,
        percent,
        running: Running::Keep,
        stages: StageMap::new(),
        limits: Limits::shipped(),
        since: world.now,
        by: "key".to_owned(),
    };
    // A percent on either side of this debtor.
    let within = u8::try_from(bucket / 100 + 1).unwrap();
    let (inside, outside) = (canary(within), canary(within - 1));
    let rollout = world
        .tenant
        .rollouts
        .entry("ladder".to_owned())
        .or_default();
    rollout.begin(outside, 1);
    world.tell("2026-03-03 08:00", invoice("J", "JPY 9000", "2026-03-02"));
    world.until("2026-03-04");
    let rollout = world
        .tenant
        .rollouts
        .entry("ladder".to_owned())
        .or_default();
    rollout.begin(inside, 1);
    world.tell("2026-03-04 08:00", invoice("E", "EUR 90.00", "2026-03-03"));
    world.until("2026-03-05");
    let versions = |world: &World| -> Vec<_> {
        let cases = world.dossier.cases.iter();
        cases
            .map(|case| (case.currency.to_string(), case.workflow.version))
            .collect()
    };
    let own = |code: &str, version| (code.to_owned(), version);
    assert_eq!(
        versions(&world),
        [own("BRL", 1), own("JPY", 1), own("EUR", 2)]
    );
    let rollout = world
        .tenant
        .rollouts
        .entry("ladder".to_owned())
        .or_default();
    assert!(rollout.take_back(
        1,
        world.now,
        None,
        "too many failures".to_owned(),
        Trial::default()
    ));
    world.until("2026-03-06");
    assert_eq!(
        versions(&world),
        [own("BRL", 1), own("JPY", 1), own("EUR", 1)]
    );
}

#[test]
fn what_is_revoked_is_not_asked_and_its_cases_fail_at_once() {
    let mut world = climbing();
    world.until("2026-03-25");
    assert_eq!(world.case().stage(), "third");
    let asked = world.asked("third").len();
    let workflow = world.tenant.workflows.values().next().unwrap();
    let digest = workflow.stage("third").unwrap().plugin.digest.clone();
    world.tenant.revoked.insert(digest, "it rings".to_owned());
    let now = world.now;
    world.run(now);
    assert_eq!(
        world.lines(&["failed"]),
        ["03-25 failed third: revoked"],
        "{}",
        world.story()
    );
    assert_eq!(world.open_tasks().len(), 1);
    // It rests like any other that failed, and is not asked again and again.
    world.until("2026-03-31");
    assert_eq!(world.lines(&["failed"]).len(), 1, "{}", world.story());
    // The record says so, too: nothing was told to anybody.
    assert_eq!(world.asked("third").len(), asked + 1);
}

#[test]
fn a_case_that_rests_because_its_stage_failed_is_asked_again_by_the_version_that_comes() {
    let calls = AtomicU32::new(0);
    let second = answering("second", move |situation| {
        if calls.fetch_add(1, Ordering::Relaxed) == 0 {
            failure(FailureKind::Trap)
        } else {
            Answer::Decision(mails(situation))
        }
    });
    let plugins = vec![plugin("first", mails), second, plugin("third", |_| wait())];
    let mut world = World::new(&rungs(&[]), plugins);
    world.tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"));
    world.until("2026-03-11 10:00");
    assert_eq!(world.open_tasks().len(), 1, "{}", world.story());
    swap(&mut world, 2, &rungs(&[]), Running::Migrate, map(&[]));
    world.until("2026-03-12");
    assert_eq!(
        world.lines(&["failed", "transferred", "cover", "left second"]),
        [
            "03-09 failed second: trap",
            "03-09 cover began: Hold",
            "03-11 transferred from 1 second to 2 second: migrate",
            "03-11 cover ended: Hold lifted",
            "03-11 left second: sent",
        ],
        "{}",
        world.story()
    );
    assert_eq!(world.open_tasks().len(), 0);
}

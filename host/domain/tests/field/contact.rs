//! Writing to a debtor: when, how often, whether at all; hand-over.

use regua_domain::contract::{EffectState, Purpose, Ruling, Situation, Wake};
use regua_domain::fact::{EffectResult, Fact, FactError};
use regua_domain::intake::Taken;
use regua_domain::policy::QuietHours;
use regua_domain::time::HOUR_MS;

use crate::kit::*;

const ANY_TIME: [(&str, &str); 2] = [("send_window", "\"0 * * * * *\""), ("roll", "none")];

fn any_time() -> String {
    document(
        &ANY_TIME,
        &[stage("only", "only", "{ days_overdue: 1 }", CLOSED)],
    )
}

fn hourly(purpose: Purpose) -> Plugin {
    plugin("only", move |situation| {
        let key = format!("mail-{}", situation.stage.calls_before);
        stay(vec![mail(&key, purpose)], Wake::AfterMinutes(60))
    })
}

fn sent_at(world: &World) -> Vec<i64> {
    world
        .dossier
        .effects
        .iter()
        .filter(|effect| effect.is_contact())
        .map(|effect| effect.at.0)
        .collect()
}

#[test]
fn nothing_is_sent_for_nothing_owed() {
    let mut world = World::new(
        &single(),
        vec![hourly(Purpose::Demand).hears(&["payment.received"])],
    );
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .tell("2026-03-03 08:30", payment("p", "BRL 95.00"))
        .until("2026-04-30");
    // 5.00 are left: the tolerance.
    assert!(world.letters().is_empty());
}

#[test]
fn nothing_is_sent_for_what_is_covered() {
    let mut world = World::new(&single(), vec![hourly(Purpose::Demand)]);
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .tell("2026-03-03 08:30", dispute("A", Some("BRL 96.00")))
        .until("2026-03-09");
    assert!(world.letters().is_empty(), "{}", world.story());
}

#[test]
fn mail_is_not_sent_after_payment() {
    let mut world = World::new(&single(), vec![plugin("only", mails)]);
    world.capture = false;
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .until("2026-03-03 12:00");
    assert_eq!(world.effect("mail").state, EffectState::Queued);
    // The money is told while the letter waits in the outbox.
    world.hear(&payment("p", "BRL 100.00")).unwrap();
    world.capture = true;
    world.until("2026-03-04");
    assert!(world.letters().is_empty());
    assert_eq!(world.effect("mail").state, EffectState::Cancelled);
    assert_eq!(world.dossier.standing.contacts["email"], 0);
    assert_eq!(world.lines(&["ended"]), ["03-03 ended: resolved"]);
}

#[test]
fn a_reminder_before_the_due_date_is_not_sent_after_payment() {
    let document = document(
        &[],
        &[stage("only", "only", "{ days_overdue: -3 }", CLOSED)],
    );
    let early = plugin("only", |_| {
        leave(vec![mail("mail", Purpose::Reminder)], "sent")
    });
    let mut world = World::new(&document, vec![early]);
    world.capture = false;
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-06"))
        .until("2026-03-03 12:00");
    assert_eq!(world.effect("mail").state, EffectState::Queued);
    world.hear(&payment("p", "BRL 100.00")).unwrap();
    world.capture = true;
    world.until("2026-03-04");
    assert!(world.letters().is_empty(), "{:?}", world.letters());
}

#[test]
fn a_letter_is_not_sent_when_its_amount_has_changed_and_the_stage_is_asked_again() {
    let mut world = World::new(
        &single(),
        vec![plugin("only", mails).hears(&["effect.cancelled"])],
    );
    world.capture = false;
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .until("2026-03-03 12:00");
    world.hear(&payment("p", "BRL 30.00")).unwrap();
    world.capture = true;
    world.until("2026-03-04");
    assert_eq!(world.letters(), ["2026-03-03 only: BRL 70.00"]);
    assert_eq!(world.lines(&["ended"]), ["03-03 ended: closed"]);
}

#[test]
fn a_letter_is_not_sent_after_an_opt_out() {
    let mut world = World::new(&single(), vec![plugin("only", mails)]);
    world.capture = false;
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .until("2026-03-03 12:00");
    world.hear(&Fact::OptedOut { channel: email() }).unwrap();
    world.capture = true;
    world.until("2026-03-04");
    assert!(world.letters().is_empty());
    assert_eq!(world.effect("mail").code, "unreachable");
}

#[test]
fn who_opted_out_is_not_written_to_and_a_new_copy_of_the_data_does_not_opt_in() {
    let mut world = World::new(&single(), vec![plugin("only", mails)]);
    world.tell("2026-03-01 08:00", Fact::OptedOut { channel: email() });
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .until("2026-03-04");
    assert_eq!(
        world.lines(&["decided"])[0],
        "03-03 decided only: leave: sent; send-message refused (opt-out)"
    );
    assert!(world.letters().is_empty());
}

#[test]
fn quiet_hours_defer_to_their_end() {
    let mut world = World::new(&any_time(), vec![plugin("only", mails)]);
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .until("2026-03-04");
    let verdict = &verdicts(world.asked("only")[1])[0];
    assert_eq!(
        (verdict.ruling, verdict.rule.as_str()),
        (Ruling::Deferred, "quiet-hours")
    );
    let until = verdict.not_before.unwrap();
    assert_eq!(until, world.instant("2026-03-03 08:00"));
    assert_eq!(sent_at(&world), [until.0]);
}

#[test]
fn a_confirmation_waits_for_the_end_of_quiet_hours_and_not_for_the_send_window() {
    let confirms = plugin("only", |situation| match situation.stage.calls_before {
        0 => wait(),
        _ => stay(vec![mail("thanks", Purpose::Confirmation)], Wake::OnEvent),
    });
    let mut world = World::new(&single(), vec![confirms.hears(&["replied"])]);
    // Friday evening: the send window opens on Monday.
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .tell("2026-03-06 22:15", reply("cash-flow"))
        .until("2026-03-10");
    assert_eq!(sent_at(&world), [world.instant("2026-03-07 08:00").0]);
}

#[test]
fn quiet_hours_are_the_debtors_own() {
    let zone = chrono_tz::Asia::Tokyo;
    let mut world = World::new(&any_time(), vec![plugin("only", mails)])
        .in_zone(zone)
        .with_policy(|policy| {
            policy.contact.quiet_hours = QuietHours {
                from: 0,
                to: 11 * 60,
            };
        });
    world
        .tell("2026-03-02 08:00", invoice("A", "JPY 9000", "2026-03-02"))
        .until("2026-03-04");
    assert_eq!(sent_at(&world), [world.instant("2026-03-03 11:00").0]);
}

#[test]
fn a_gap_lies_between_two_contacts_across_currencies() {
    let mut world = World::new(&single(), vec![plugin("only", mails)]).with_policy(|policy| {
        policy.contact.gap_hours.insert(Purpose::Demand, 20);
    });
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .tell("2026-03-02 08:00", invoice("B", "JPY 9000", "2026-03-02"))
        .until("2026-03-10");
    let sent = sent_at(&world);
    assert_eq!(sent.len(), 2);
    assert!(sent[1] - sent[0] >= 20 * HOUR_MS);
}

#[test]
fn an_exempt_purpose_keeps_no_gap() {
    let mut world =
        World::new(&single(), vec![hourly(Purpose::LegalNotice)]).with_policy(|policy| {
            policy.contact.gap_hours.insert(Purpose::LegalNotice, 1_000);
        });
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .until("2026-03-04");
    assert!(sent_at(&world).len() > 1, "{}", world.story());
}

#[test]
fn a_cap_counts_any_seven_days_of_a_channel() {
    let mut world = World::new(&any_time(), vec![hourly(Purpose::Demand)]).with_policy(|policy| {
        policy.contact.per_channel_7_days.insert(email(), 2);
    });
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .until("2026-03-24");
    let sent = sent_at(&world);
    assert!(sent.len() >= 5, "{}", world.story());
    for three in sent.windows(3) {
        assert!(three[2] - three[0] >= 7 * 24 * HOUR_MS);
    }
}

#[test]
fn an_attempt_is_counted_in_the_commit_that_makes_it() {
    let mut world = World::new(&single(), vec![hourly(Purpose::Demand)]);
    world.capture = false;
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .until("2026-03-03 11:59");
    for (before, situation) in world.asked("only").iter().enumerate() {
        let counted = situation.history.contacts.first();
        assert_eq!(counted.map_or(0, |count| count.total), before as u32);
        assert_eq!(counted.map_or(0, |count| count.last_7_days), before as u16);
        assert_eq!(situation.effects.len(), before);
    }
    assert!(world.asked("only").len() > 1);
}

#[test]
fn a_letter_that_a_payment_takes_back_is_not_counted() {
    let mut world = World::new(&single(), vec![plugin("only", mails)]);
    world.capture = false;
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .tell("2026-03-03 12:00", payment("p", "BRL 100.00"));
    assert_eq!(world.lines(&["ended"]), ["03-03 ended: resolved"]);
    assert_eq!(world.effect("mail").state, EffectState::Cancelled);
    assert_eq!(world.dossier.standing.contacts["email"], 0);
}

#[test]
fn a_letter_that_was_taken_back_and_had_left_all_the_same_is_counted() {
    let mut world = World::new(&single(), vec![plugin("only", mails)]);
    world.capture = false;
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .tell("2026-03-03 12:00", payment("p", "BRL 100.00"));
    let effect = world.key("mail");
    world.tell("2026-03-03 13:00", result(effect, EffectResult::Delivered));
    assert_eq!(world.dossier.standing.contacts["email"], 1);
}

#[test]
fn a_leave_is_armed_and_taken_once_its_letter_is_handed_over() {
    let mut world = World::new(&single(), vec![plugin("only", mails)]);
    world.capture = false;
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .until("2026-03-05");
    assert!(world.case().is_open());
    assert_eq!(world.asked("only").len(), 1);
    let effect = world.key("mail");
    world.tell(
        "2026-03-05 10:00",
        Fact::EffectResult {
            effect,
            result: EffectResult::Delivered,
        },
    );
    assert_eq!(world.lines(&["ended"]), ["03-05 ended: closed"]);
}

#[test]
fn a_bounce_disarms_and_asks_the_stage_again() {
    let by_any = plugin("only", |situation| {
        let channel = situation.customer.reachable[0].clone();
        let key = format!("by-{channel}");
        let message = plain(Purpose::Demand, channel);
        leave(
            vec![proposal(
                &key,
                regua_domain::contract::Action::SendMessage(message),
            )],
            "sent",
        )
    });
    let mut world = World::new(&single(), vec![by_any]);
    world.capture = false;
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .until("2026-03-03 12:00");
    let effect = world.key("by-email");
    let bounced = Fact::EffectResult {
        effect,
        result: EffectResult::Bounced {
            code: "5.1.1".to_owned(),
        },
    };
    world.tell("2026-03-03 12:00", bounced.clone());
    assert_eq!(event(world.asked("only")[1]), "message.bounced");
    assert_eq!(world.effect("by-sms").state, EffectState::Queued);
    assert!(world.case().is_open());
    let before = world.dossier.clone();
    assert_eq!(world.hear(&bounced), Ok(Taken::Known));
    assert_eq!(world.dossier, before);
}

#[test]
fn a_stop_event_told_twice_acts_once() {
    let mut world = World::new(&single(), vec![plugin("only", mails)]);
    world.capture = false;
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .until("2026-03-03 12:00");
    world.hear(&payment("p", "BRL 100.00")).unwrap();
    assert_eq!(world.hear(&payment("p", "BRL 100.00")), Ok(Taken::Known));
    world.until("2026-03-10");
    assert_eq!(world.lines(&["fact payment.received"]).len(), 1);
    assert_eq!(world.lines(&["ended"]).len(), 1);
    assert_eq!(world.dossier.credit(currency("BRL")), 0);
}

fn drafting() -> World {
    let mut world = World::new(
        &single(),
        vec![
            plugin("only", |situation| {
                let due = situation.now.local_date;
                let draft = plain(Purpose::Demand, email());
                match situation.stage.calls_before {
                    0 => stay(vec![task("call", due, Some(draft))], Wake::OnEvent),
                    _ => wait(),
                }
            })
            .hears(&["task.completed"]),
        ],
    );
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .until("2026-03-04");
    world
}

#[test]
fn an_approved_draft_goes_through_the_guard() {
    let mut world = drafting();
    let task = world.open_tasks()[0].id;
    world.tell("2026-03-04 22:30", Fact::DraftApproved { task, by: None });
    assert_eq!(
        world.lines(&["draft"]),
        ["03-04 draft deferred (quiet-hours)"]
    );
    assert!(world.letters().is_empty());
    world.until("2026-03-06");
    assert_eq!(world.letters(), ["2026-03-05 only: BRL 100.00"]);
    assert!(world.open_tasks().is_empty());
}

#[test]
fn an_approved_draft_about_a_disputed_debt_is_given_back() {
    let mut world = drafting();
    let task = world.open_tasks()[0].id;
    world
        .tell("2026-03-04 10:00", dispute("A", None))
        .tell("2026-03-04 11:00", Fact::DraftApproved { task, by: None });
    assert_eq!(world.lines(&["draft"]), ["03-04 draft refused (cover)"]);
    assert_eq!(world.open_tasks().len(), 1);
}

#[test]
fn a_task_done_is_told_to_its_stage() {
    let mut world = drafting();
    let task = world.open_tasks()[0].id;
    world.tell(
        "2026-03-04 10:00",
        Fact::TaskCompleted {
            task,
            outcome: "called".to_owned(),
            by: None,
        },
    );
    assert_eq!(event(world.asked("only")[1]), "task.completed");
    assert!(world.open_tasks().is_empty());
}

#[test]
fn a_bounce_code_that_names_the_debtor_does_not_reach_a_stage() {
    let mut world = World::new(
        &single(),
        vec![
            plugin("only", |situation| match event(situation) {
                "" => stay(vec![demand()], Wake::OnEvent),
                _ => wait(),
            })
            .hears(&["message.bounced"]),
        ],
    );
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .until("2026-03-04 12:00");
    let effect = world.key("mail");
    let told = world.hear(&Fact::EffectResult {
        effect,
        result: EffectResult::Bounced {
            code: "550 <maria@canary.example> is unknown".to_owned(),
        },
    });
    world.until("2026-03-05");
    let seen = serde_json::to_string(&world.asked("only")).unwrap();
    assert!(!seen.contains("canary"), "{told:?}: {seen}");
}

#[test]
fn a_stage_that_calls_everything_a_confirmation_floods_nobody() {
    let flood = |situation: &Situation| {
        let key = |nth| format!("{}-{nth}", situation.stage.calls_before);
        let wishes = (0..8).map(|nth| mail(&key(nth), Purpose::Confirmation));
        stay(wishes.collect(), Wake::AfterMinutes(90))
    };
    let mut world = World::new(&any_time(), vec![plugin("only", flood)]);
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .until("2026-03-06");
    let sent = sent_at(&world);
    assert!(sent.len() >= 8, "{}", world.story());
    for five in sent.windows(5) {
        assert!(five[4] - five[0] >= 24 * HOUR_MS, "{}", world.story());
    }
}

#[test]
fn a_claimed_task_is_nobody_elses_until_it_is_given_back() {
    let mut world = drafting();
    let task = world.open_tasks()[0].id;
    let claim = |by: &str| Fact::TaskClaimed {
        task,
        by: by.to_owned(),
    };
    let complete = |by: &str| Fact::TaskCompleted {
        task,
        outcome: "called".to_owned(),
        by: Some(by.to_owned()),
    };
    let release = |by: Option<&str>| Fact::TaskReleased {
        task,
        by: by.map(str::to_owned),
    };
    world.tell("2026-03-04 10:00", claim("ana"));
    assert_eq!(world.hear(&claim("ana")), Ok(Taken::Known));
    let approve = Fact::DraftApproved {
        task,
        by: Some("rui".to_owned()),
    };
    for fact in [claim("rui"), complete("rui"), approve, release(Some("rui"))] {
        let refused = Err(FactError::TaskClaimed {
            task,
            by: "ana".to_owned(),
        });
        assert_eq!(world.hear(&fact), refused, "{fact:?}");
    }
    world.tell("2026-03-04 10:30", release(None));
    world.tell("2026-03-04 11:00", claim("rui"));
    world.tell("2026-03-04 12:00", complete("rui"));
    assert_eq!(
        world.lines(&["task claimed", "task released"]),
        [
            "03-04 task claimed: Call them by ana",
            "03-04 task released: Call them by ana",
            "03-04 task claimed: Call them by rui"
        ]
    );
}

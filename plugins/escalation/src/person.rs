//! The person who takes over: a task with a draft instead of one more form letter.

use std::fmt::Write as _;

use regua_sdk::prelude::*;
use regua_sdk::{Date, Weekday};

use crate::config::Config;
use crate::contact::Contacts;
use crate::memory::Memory;
use crate::{Escalation, Outcome, channel};

const PRIORITY: u8 = 5;
const PRIORITY_HIGH: u8 = 8;
const PRIORITY_HIGHEST: u8 = 9;
/// The host's keys of drafts that were approved.
const DRAFT_PREFIX: &str = "draft:";
const WAYS_OUT: &str = "To lead the case elsewhere, complete the task with the outcome \
    wants-plan, disputed or exhausted.";

fn key(round: u8) -> String {
    format!("person:{round}")
}

/// The way out that a person gave as the outcome of one of this visit's tasks.
pub(crate) fn names_outcome(situation: &Situation) -> Option<Outcome> {
    let event = situation
        .event()
        .filter(|event| event.kind() == "task.completed")?;
    let subject = event.subject()?;
    situation
        .effects_of_visit()
        .of_kind(ActionKind::OpenTask)
        .by_key(subject)
        .latest()?;
    match event.detail("outcome")? {
        "exhausted" => Some(Outcome::Exhausted),
        "wants-plan" => Some(Outcome::WantsPlan),
        "disputed" => Some(Outcome::Disputed),
        _ => None,
    }
}

/// What follows from the person's task of this round; none if there is no such task.
pub(crate) fn at_work(
    situation: &Situation,
    config: &Config,
    memory: &mut Memory,
) -> Option<Decision<Escalation>> {
    let key = key(memory.round);
    let task = situation.effects_of_visit().by_key(&key).latest()?;
    let is_done = match task.state() {
        EffectState::Failed | EffectState::Cancelled => return None,
        EffectState::Confirmed => true,
        EffectState::Queued | EffectState::Done => {
            completed_now(situation, &key) || draft_was_sent(situation, task.at())
        }
    };
    let today = situation.stage().business_days();
    if is_done || memory.person_done.is_some() {
        let done = *memory.person_done.get_or_insert(today);
        let wait = u32::from(config.person.wait).saturating_sub(today.saturating_sub(done));
        return Some(match u16::try_from(wait).unwrap_or(u16::MAX) {
            0 => Decision::leave(Outcome::Exhausted).because(
                "person-unanswered",
                "what the person did was given its time, and the debt is still open",
            ),
            wait => Decision::stay(Wake::after_business_days(wait)).because(
                "person-done",
                format!("the person's work has {wait} business days to be answered"),
            ),
        });
    }
    let last = *memory
        .person_until
        .get_or_insert_with(|| last_day(situation.today(), config));
    Some(if situation.today() > last {
        Decision::leave(Outcome::Exhausted).because(
            "person-overdue",
            format!("the task was waited for until {last}"),
        )
    } else {
        Decision::stay(Wake::on(last.plus_days(1))).because(
            "with-a-person",
            format!("a person has the case until {last}"),
        )
    })
}

/// Opens the task. If the draft is what the host refuses, the task goes without it; if the
/// task itself is, it is proposed again, for then the workflow's `on_failure` gives the case
/// to a person.
pub(crate) fn take_over(
    situation: &Situation,
    config: &Config,
    memory: &mut Memory,
) -> Result<Decision<Escalation>, Refusal> {
    let key = key(memory.round);
    let person = &config.person;
    let due_on = due_on(situation.today(), config);
    let mut task = Task::new(&person.team, &person.title, due_on)
        .details(details(situation, config, memory))
        .priority(priority(situation, config)?);
    let draft_failed = situation
        .verdicts()
        .of_key(&key)
        .is_some_and(|verdict| verdict.ruling() == Ruling::Refused);
    let next = config.contacts.len() + 1;
    if let Some(template) = person.template.as_ref().filter(|_| !draft_failed)
        && let Some(channel) = channel::choose(situation, config, memory, next)
    {
        task = task.draft(Message::demand(channel).template(template));
    }
    let last = last_day(situation.today(), config);
    memory.person_until = Some(last);
    memory.person_done = None;
    Ok(Decision::stay(Wake::on(last.plus_days(1))).propose(key, task))
}

fn completed_now(situation: &Situation, key: &str) -> bool {
    situation
        .event()
        .is_some_and(|event| event.kind() == "task.completed" && event.subject() == Some(key))
}

/// Whether a draft that a person approved went out since the task was opened.
fn draft_was_sent(situation: &Situation, opened: Timestamp) -> bool {
    situation
        .effects_of_visit()
        .of_kind(ActionKind::SendMessage)
        .since(opened)
        .any(|effect| {
            effect.key().starts_with(DRAFT_PREFIX)
                && matches!(effect.state(), EffectState::Done | EffectState::Confirmed)
        })
}

/// The day that is so many days ahead, or the Monday after it. Holidays only the host knows.
fn due_on(today: Date, config: &Config) -> Date {
    let date = today.plus_days(config.person.due_after.into());
    match date.weekday() {
        Weekday::Saturday => date.plus_days(2),
        Weekday::Sunday => date.plus_days(1),
        _ => date,
    }
}

fn last_day(today: Date, config: &Config) -> Date {
    due_on(today, config).plus_days(config.person.grace.into())
}

fn priority(situation: &Situation, config: &Config) -> Result<u8, Refusal> {
    let balance = situation.balance();
    let is_large = config
        .person
        .high_from
        .of(balance)?
        .is_some_and(|from| balance.chaseable() >= from);
    let is_old = balance.days_overdue() >= i32::from(config.person.high_after);
    Ok(match (is_large, is_old) {
        (true, true) => PRIORITY_HIGHEST,
        (true, false) | (false, true) => PRIORITY_HIGH,
        (false, false) => PRIORITY,
    })
}

/// What the stage knows and a person would look up first.
fn details(situation: &Situation, config: &Config, memory: &Memory) -> String {
    let balance = situation.balance();
    let contacts = Contacts::new(situation, memory.round);
    let history = situation.history();
    let mut text = format!(
        "{} overdue for {} days; {} of it may be chased.\n",
        balance.display(balance.past_due()),
        balance.days_overdue(),
        balance.display(balance.chaseable()),
    );
    for number in 1..=config.contacts.len() {
        if let Some((channel, _)) = contacts.made_over(number) {
            let template = config.contacts[number - 1].template.as_str();
            let template: String = template.chars().take(64).collect();
            let _ = writeln!(text, "Contact {number}: {template} over {channel}.");
        }
    }
    if contacts.made() == 0 {
        text.push_str("No automatic contact could be made.\n");
    }
    let _ = writeln!(
        text,
        "Invoices paid before: {}, {} of them late. Promises kept: {}, broken: {}.",
        history.invoices_paid(),
        history.invoices_paid_late(),
        history.promises_kept(),
        history.promises_broken(),
    );
    text + WAYS_OUT
}

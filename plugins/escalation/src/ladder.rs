//! The automatic contacts, one after the other, then the person.

use regua_sdk::SegmentRef;
use regua_sdk::prelude::*;

use crate::config::{Config, Sales};
use crate::contact::Contacts;
use crate::memory::{BusinessDay, Memory};
use crate::{Escalation, channel, fee, person, rest};

/// How soon to look again at a letter that is on its way.
const IN_FLIGHT_MINUTES: u32 = 60;
const SALES_KEY: &str = "sales";

/// Where the case stands on the ladder, and what follows from it now.
pub(crate) fn climb(
    situation: &Situation,
    config: &Config,
    memory: &mut Memory,
) -> Result<Decision<Escalation>, Refusal> {
    let today = situation.stage().business_days();
    if let Some(rest) = rest::needed(situation) {
        return Ok(rest);
    }
    let Some(clock) = memory.clock else {
        return Ok(rest::until_the_stage_is_due());
    };
    if let Some(decision) = person::at_work(situation, config, memory) {
        return Ok(decision);
    }
    let contacts = Contacts::new(situation, memory.round);
    let made = contacts.made();
    let number = made + 1;
    if contacts.latest(number) == Some(Attempt::InFlight) {
        return Ok(Decision::stay(Wake::after_minutes(IN_FLIGHT_MINUTES))
            .because("in-flight", format!("contact {number} is on its way")));
    }
    let due = due(config, memory, made, clock, today);
    if let Some(wait @ 1..) = due.checked_sub(today) {
        let wait = u16::try_from(wait).unwrap_or(u16::MAX);
        return Ok(
            Decision::stay(Wake::after_business_days(wait)).because("not-yet", waiting(made, wait))
        );
    }
    if number > config.contacts.len() {
        let text = format!("all {made} automatic contacts were made");
        let decision = person::take_over(situation, config, memory)?;
        return Ok(decision.because("contacts-used-up", text));
    }
    if channel::nothing_to_ask_for(situation) {
        return Ok(rest::nothing_chaseable(situation));
    }
    let Some(channel) = channel::choose(situation, config, memory, number) else {
        let text = "no allowed channel is left that leads to the customer";
        let decision = person::take_over(situation, config, memory)?;
        return Ok(decision.because("unreachable", text));
    };
    contact(situation, config, memory, number, &channel)
}

/// The business day from which the next contact, or the person, is due.
fn due(
    config: &Config,
    memory: &mut Memory,
    made: usize,
    clock: BusinessDay,
    today: BusinessDay,
) -> BusinessDay {
    let (from, after) = match (made, config.contacts.get(made)) {
        (0, _) if memory.round > 0 => (clock, config.resend.wait),
        (0, first) => (clock, first.map_or(0, |first| first.after)),
        (_, Some(next)) => (memory.made_on(made, today), next.after),
        (_, None) => (memory.made_on(made, today), config.person.after),
    };
    from.saturating_add(after.into())
}

fn waiting(made: usize, wait: u16) -> String {
    match made {
        0 => format!("the first contact is due in {wait} business days"),
        _ => format!("{made} contacts were made; what follows is due in {wait} business days"),
    }
}

/// The letter, and in the same decision what goes with it. Of a second decision the host
/// carries out what it allows, so where the letter is not sure to go, it is proposed alone:
/// a fee whose letter waits would never be announced.
fn contact(
    situation: &Situation,
    config: &Config,
    memory: &mut Memory,
    number: usize,
    channel: &Channel,
) -> Result<Decision<Escalation>, Refusal> {
    let rung = &config.contacts[number - 1];
    let key = Contacts::new(situation, memory.round).key(number, channel);
    let is_second = matches!(situation.trigger(), Trigger::Answered);
    let verdict = situation.verdicts().of_key(&key);
    let is_sure = !is_second || verdict.is_some_and(|verdict| verdict.ruling() == Ruling::Allowed);
    let mut decision = Decision::stay(next_wake(config, number));
    if is_sure {
        for (key, fee) in fee::with_contact(situation, config, memory.round, number)? {
            decision = decision.propose(key, fee);
        }
    }
    let message = Message::of(rung.purpose, channel.clone()).template(&rung.template);
    decision = decision.propose(key, message);
    if let Some(sales) = config.sales.as_ref().filter(|_| is_sure)
        && sales_are_to_hear(situation, sales, number)
    {
        let text = notice(situation, sales, number);
        decision = decision.propose(SALES_KEY, Notice::new(&sales.team, text));
    }
    memory.propose(number, situation.stage().business_days());
    let balance = situation.balance();
    Ok(decision.because(
        "contact-due",
        format!(
            "contact {number} of {} over {channel}: {} days overdue, {} may be chased",
            config.contacts.len(),
            balance.days_overdue(),
            balance.display(balance.chaseable()),
        ),
    ))
}

fn next_wake(config: &Config, number: usize) -> Wake {
    let next = config.contacts.get(number);
    let after = next.map_or(config.person.after, |next| next.after);
    match after {
        0 => Wake::after_minutes(IN_FLIGHT_MINUTES),
        after => Wake::after_business_days(after),
    }
}

fn sales_are_to_hear(situation: &Situation, sales: &Sales, number: usize) -> bool {
    let is_told = situation
        .effects_of_visit()
        .by_key(SALES_KEY)
        .latest()
        .is_some_and(|one| !matches!(one.state(), EffectState::Failed | EffectState::Cancelled));
    let is_refused = situation
        .verdicts()
        .refused()
        .any(|verdict| verdict.key() == SALES_KEY);
    number >= usize::from(sales.with_contact)
        && !is_told
        && !is_refused
        && segments(situation, sales).next().is_some()
}

fn segments<'a>(situation: &'a Situation, sales: &'a Sales) -> impl Iterator<Item = &'a str> {
    sales
        .segments
        .iter()
        .map(SegmentRef::as_str)
        .filter(|segment| situation.customer().is_in_segment(segment))
}

fn notice(situation: &Situation, sales: &Sales, number: usize) -> String {
    let balance = situation.balance();
    let segments: Vec<_> = segments(situation, sales).collect();
    format!(
        "A customer of the segment {} is {} days overdue with {}. Contact {number} goes out now.",
        segments.join(", ").chars().take(1_000).collect::<String>(),
        balance.days_overdue(),
        balance.display(balance.chaseable()),
    )
}

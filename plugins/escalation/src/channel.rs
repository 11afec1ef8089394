//! Over which channel the next contact goes.

use regua_sdk::prelude::*;

use crate::config::Config;
use crate::contact::Contacts;
use crate::memory::{BusinessDay, Memory};

/// Verdicts on a letter that no other channel would change.
const ABOUT_THE_DEBT: &[&str] = &["cover", "tolerance"];

/// Whether the letter was refused for what is owed, and not for how it was to be sent.
pub(crate) fn nothing_to_ask_for(situation: &Situation) -> bool {
    situation.verdicts().refused().any(|verdict| {
        verdict.key().starts_with("contact:") && ABOUT_THE_DEBT.contains(&verdict.rule())
    })
}

/// The channel of the last contact as long as it may still be answered; else, of those that
/// lead to the customer, the one used least, and of these the customer's preferred one.
/// Quiet hours and caps do not change it: they are waited for, not got around.
pub(crate) fn choose(
    situation: &Situation,
    config: &Config,
    memory: &mut Memory,
    number: usize,
) -> Option<Channel> {
    let contacts = Contacts::new(situation, memory.round);
    let usable: Vec<Channel> = situation
        .customer()
        .reachable()
        .filter(|channel| {
            let key = contacts.key(number, channel);
            config.channels.contains(channel)
                && !contacts.has_failed(channel)
                && !situation.verdicts().refused().any(|one| one.key() == key)
        })
        .collect();
    let last = contacts.made_over(contacts.made()).map(|(last, _)| last);
    let is_silent = last.as_ref().is_some_and(|last| {
        let today = situation.stage().business_days();
        silent_since(situation, memory, contacts, last)
            .is_some_and(|since| today.saturating_sub(since) >= config.unanswered_after.into())
    });
    match last {
        Some(last) if !is_silent && usable.contains(&last) => Some(last),
        last => usable
            .into_iter()
            .min_by_key(|channel| (last.as_ref() == Some(channel), contacts.count_over(channel))),
    }
}

/// The first of the latest contacts in a row that went over the channel and had no answer.
fn silent_since(
    situation: &Situation,
    memory: &mut Memory,
    contacts: Contacts<'_>,
    channel: &Channel,
) -> Option<BusinessDay> {
    let history = situation.history();
    let answered = history.last_reply().max(history.last_payment());
    let today = situation.stage().business_days();
    let mut since = None;
    for number in (1..=contacts.made()).rev() {
        match contacts.made_over(number) {
            Some((over, at)) if over == *channel && answered.is_none_or(|answer| answer < at) => {
                since = Some(memory.made_on(number, today));
            }
            // A contact that bounced later broke no row: it reached nobody.
            None => {}
            Some(_) => break,
        }
    }
    since
}

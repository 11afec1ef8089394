//! While the offer stands.

use regua_sdk::prelude::*;

use super::{Answer, Call, after, not_eligible, offer};
use crate::letter::{Letter, Ruled};
use crate::progress::OFFER;
use crate::terms::offered_items;

impl Call<'_> {
    /// The offer stands: see that it is heard, and remind once.
    pub(crate) fn await_answer(mut self, until: Option<Date>) -> Answer {
        let situation = self.situation;
        let Some(offered) = self.memory.offered else {
            // A new version of the plugin cannot list what an old one offered.
            return Ok(Decision::stay(until.map_or_else(Wake::on_event, after))
                .because("offered", "the offer stands"));
        };
        let until = until.unwrap_or_else(|| offered.until(self.config));
        let letter = if Letter::Offer.is_underway(situation) {
            Letter::Reminder
        } else {
            Letter::Offer
        };
        let remind_now = self
            .remind_on(&offered, until)
            .is_some_and(|day| day <= situation.today());
        if letter == Letter::Reminder && !remind_now {
            return Ok(Decision::stay(self.next_look(&offered, until))
                .because("offered", "the offer stands"));
        }
        if !offered.still_holds(situation) {
            return Ok(Decision::stay(after(until)).because(
                "balance-changed",
                "the plans no longer add up to the balance: nothing more is written of them",
            ));
        }
        let ruled = letter.ruled(situation);
        if let Some(Ruled::Deferred(wake)) = ruled {
            return Ok(Decision::stay(wake).because("deferred", "the letter has to wait"));
        }
        let was_refused = self.note_refusal(ruled);
        let channel = self.channel(letter);
        match (letter, channel) {
            (Letter::Offer, None) => Ok(not_eligible(
                "unheard",
                "no letter about the offer reached the customer",
            )),
            (Letter::Offer, Some(_)) if was_refused => Ok(self.retry()),
            (_, Some(channel)) if !was_refused => {
                let plans = offered.plans(self.config, self.smallest()?)?;
                let kind = if letter == Letter::Offer {
                    "offer"
                } else {
                    self.memory.reminded = true;
                    "reminder"
                };
                // The offer is done already: it is named again for the letter to list it.
                Ok(Decision::stay(self.next_look(&offered, until))
                    .propose(
                        OFFER,
                        offer(offered_items(situation, offered.on), until, plans),
                    )
                    .propose(
                        letter.of(situation).key(&channel),
                        self.offer_letter(channel, kind),
                    )
                    .because(kind, "the offer stands, and the customer is told")
                    .remember(self.memory))
            }
            _ => {
                self.memory.reminded = true;
                Ok(Decision::stay(after(until))
                    .because("no-reminder", "no channel is left for a reminder")
                    .remember(self.memory))
            }
        }
    }
}

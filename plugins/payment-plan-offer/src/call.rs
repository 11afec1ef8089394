//! What the stage does before the offer, while it stands, and while a plan runs.

use regua_sdk::CoverKind;
use regua_sdk::prelude::*;

use crate::config::Config;
use crate::letter::{Attempt, Letter, Ruled};
use crate::progress::{OFFER, plan_runs};
use crate::terms::{Offered, offered_items};
use crate::{Memory, Outcome, PaymentPlanOffer};

/// How soon another channel is tried. The next attempt is a decision of its own: beside a
/// letter that is refused a second time, the offer would be made unheard.
const RETRY_MINUTES: u32 = 15;

/// One call of the stage.
pub(crate) struct Call<'a> {
    pub(crate) situation: &'a Situation,
    pub(crate) config: &'a Config,
    pub(crate) memory: Memory,
}

type Answer = Result<Decision<PaymentPlanOffer>, Refusal>;

impl Call<'_> {
    /// Nothing was offered yet: all or nothing, the offer and its letter.
    pub(crate) fn offer(mut self) -> Answer {
        let situation = self.situation;
        if let Some(verdict) = situation.verdicts().of_key(OFFER)
            && verdict.ruling() == Ruling::Refused
        {
            return Ok(not_eligible(
                "offer-refused",
                format!("the offer was refused by the rule {}", verdict.rule()),
            ));
        }
        let offered = Offered::of(situation, situation.today());
        if let Some(objection) = self.objection(&offered)? {
            return Ok(objection);
        }
        let plans = offered.plans(self.config, self.smallest()?)?;
        if plans.is_empty() {
            return Ok(not_eligible(
                "no-plan-fits",
                "every plan has an instalment that is too small",
            ));
        }
        let ruled = Letter::Offer.ruled(situation);
        if let Some(Ruled::Deferred(wake)) = ruled {
            return Ok(Decision::stay(wake).because(
                "deferred",
                "the letter has to wait, and the offer waits with it",
            ));
        }
        let was_refused = self.note_refusal(ruled);
        let Some(channel) = self.channel(Letter::Offer) else {
            return Ok(not_eligible(
                "unreachable",
                "no allowed channel is left that leads to the customer",
            ));
        };
        if was_refused {
            return Ok(self.retry());
        }
        let text = format!(
            "{} plans for {}, {} days overdue",
            plans.len(),
            situation.balance().display(offered.total),
            situation.balance().days_overdue(),
        );
        let until = offered.until(self.config);
        let decision = Decision::stay(self.next_look(&offered, until))
            .propose(OFFER, offer(situation, &offered, until, plans))
            .propose(
                Letter::Offer.key(&channel),
                self.offer_letter(channel, "offer"),
            )
            .because("offered", text);
        self.memory.offered = Some(offered);
        Ok(decision.remember(self.memory))
    }

    /// Why no plan can be offered, if so.
    fn objection(&self, offered: &Offered) -> Result<Option<Decision<PaymentPlanOffer>>, Refusal> {
        let (situation, balance) = (self.situation, self.situation.balance());
        let broken = situation.history().plans_broken();
        if broken >= self.config.max_broken_plans {
            let text = format!("{broken} plans were broken before");
            return Ok(Some(not_eligible("plans-broken", text)));
        }
        if plan_runs(situation) {
            return Ok(Some(not_eligible(
                "plan-running",
                "a plan is running already",
            )));
        }
        let hold = balance
            .covers()
            .filter(|cover| cover.kind() == CoverKind::Hold)
            .filter_map(regua_sdk::situation::Cover::until)
            .max();
        if let Some(until) = hold.filter(|&until| until >= situation.today()) {
            let wake = Wake::on(until.plus_days(1));
            return Ok(Some(
                Decision::stay(wake).because("held", "the account is on hold"),
            ));
        }
        let total = offered.total;
        if total.is_zero() {
            return Ok(Some(not_eligible(
                "nothing-chaseable",
                "nothing past due may be chased",
            )));
        }
        let bounds = [
            self.config
                .minimum
                .of(balance)?
                .filter(|&least| total < least),
            self.config
                .maximum
                .of(balance)?
                .filter(|&most| total > most),
        ];
        Ok(bounds.into_iter().flatten().next().map(|bound| {
            let text = format!(
                "{} is beyond the bound of {}",
                balance.display(total),
                balance.display(bound),
            );
            not_eligible("out-of-bounds", text)
        }))
    }

    /// The offer stands: see that it is heard, and remind once.
    pub(crate) fn await_answer(mut self, until: Option<Date>) -> Answer {
        let situation = self.situation;
        let Some(offered) = self.memory.offered else {
            // A new version of the plugin cannot list what an old one offered.
            return Ok(Decision::stay(until.map_or_else(Wake::on_event, after))
                .because("offered", "the offer stands"));
        };
        let until = until.unwrap_or_else(|| offered.until(self.config));
        let letter = match Letter::Offer.latest(situation) {
            Some(Attempt::Underway) => Letter::Reminder,
            Some(Attempt::Failed | Attempt::Cancelled) | None => Letter::Offer,
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
                    .propose(OFFER, offer(situation, &offered, until, plans))
                    .propose(letter.key(&channel), self.offer_letter(channel, kind))
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

    /// A plan was accepted: confirm it once, and chase nothing while it is kept.
    pub(crate) fn follow(mut self, plan: Option<usize>) -> Answer {
        let situation = self.situation;
        let kept = Decision::stay(Wake::on_event()).because("plan-runs", "the plan is being kept");
        if !plan_runs(situation) {
            // Facts come before timers: a plan whose end was not told by now is a broken one
            // if there is something to chase.
            let lost = matches!(situation.trigger(), Trigger::Woken { .. })
                && situation.balance().chaseable().is_positive();
            return Ok(if lost {
                Decision::leave(Outcome::Broken)
                    .because("plan-gone", "no plan covers the debt any more")
            } else {
                Decision::stay(Wake::on_event())
                    .because("plan-ends", "the plan's end is about to be told")
            });
        }
        if Letter::Confirmation.latest(situation) == Some(Attempt::Underway) {
            return Ok(kept);
        }
        let ruled = Letter::Confirmation.ruled(situation);
        if let Some(Ruled::Deferred(wake)) = ruled {
            return Ok(Decision::stay(wake).because("deferred", "the confirmation has to wait"));
        }
        let was_refused = self.note_refusal(ruled);
        let Some(channel) = self.channel(Letter::Confirmation) else {
            return Ok(kept.remember(self.memory));
        };
        if was_refused {
            return Ok(self.retry());
        }
        let message = Message::confirmation(channel.clone())
            .template(&self.config.templates.accepted)
            .var(
                "plan",
                plan.map_or_else(String::new, |plan| plan.to_string()),
            );
        let mut decision = Decision::stay(Wake::on_event())
            .because("accepted", "a plan was accepted and is being kept");
        if let Some((offered, plan)) = self.memory.offered.zip(plan) {
            let plans = offered.plans(self.config, self.smallest()?)?;
            let until = offered.until(self.config);
            // Named again, with the one plan, for the confirmation to list its instalments.
            if let Some(plan) = plan.checked_sub(1).and_then(|at| plans.into_iter().nth(at)) {
                decision = decision.propose(OFFER, offer(situation, &offered, until, [plan]));
            }
        }
        Ok(decision.propose(Letter::Confirmation.key(&channel), message))
    }

    fn smallest(&self) -> Result<Amount, Refusal> {
        let smallest = self.config.smallest_instalment.of(self.situation.balance());
        Ok(smallest?.unwrap_or_default())
    }

    fn channel(&self, letter: Letter) -> Option<Channel> {
        letter.channel(self.situation, &self.config.channels, &self.memory.refused)
    }

    fn note_refusal(&mut self, ruled: Option<Ruled>) -> bool {
        let Some(Ruled::Refused(key)) = ruled else {
            return false;
        };
        self.memory.refused.push(key);
        true
    }

    fn retry(self) -> Decision<PaymentPlanOffer> {
        Decision::stay(Wake::after_minutes(RETRY_MINUTES))
            .because("channel-refused", "another channel is tried")
            .remember(self.memory)
    }

    fn offer_letter(&self, channel: Channel, kind: &str) -> Message {
        Message::offer(channel)
            .template(&self.config.templates.offer)
            .var("letter", kind)
    }

    /// The day of the reminder, if there is still to be one: after the offer's own.
    fn remind_on(&self, offered: &Offered, until: Date) -> Option<Date> {
        let days = self.config.reminder_before_deadline_days?;
        let day = until.plus_days(-i32::from(days));
        (!self.memory.reminded && day > offered.on).then_some(day)
    }

    /// The reminder's day, or the first one after the deadline.
    fn next_look(&self, offered: &Offered, until: Date) -> Wake {
        let reminder = self
            .remind_on(offered, until)
            .filter(|&day| day > self.situation.today());
        reminder.map_or_else(|| after(until), Wake::on)
    }
}

fn offer(
    situation: &Situation,
    offered: &Offered,
    until: Date,
    plans: impl IntoIterator<Item = Plan>,
) -> PlanOffer {
    plans.into_iter().fold(
        PlanOffer::new(offered_items(situation, offered.on), until),
        PlanOffer::plan,
    )
}

fn after(day: Date) -> Wake {
    Wake::on(day.plus_days(1))
}

fn not_eligible(code: &str, text: impl Into<String>) -> Decision<PaymentPlanOffer> {
    Decision::leave(Outcome::NotEligible).because(code, text)
}

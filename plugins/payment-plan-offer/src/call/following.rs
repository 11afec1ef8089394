//! While an accepted plan runs.

use regua_sdk::prelude::*;

use super::{Answer, Call, offer};
use crate::Outcome;
use crate::letter::{Letter, Ruled};
use crate::progress::{OFFER, plan_runs};
use crate::terms::past_due_items;

impl Call<'_> {
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
        if Letter::Confirmation.is_underway(situation) {
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
        if let Some(accepted) = self.accepted(plan)? {
            decision = decision.propose(OFFER, accepted);
        }
        Ok(decision.propose(Letter::Confirmation.of(situation).key(&channel), message))
    }

    /// The offer once more, with the one plan, for the confirmation to list its instalments;
    /// none where they cannot be told any more. Its items are covered by the plan by now.
    fn accepted(&self, plan: Option<usize>) -> Result<Option<PlanOffer>, Refusal> {
        let Some((offered, plan)) = self.memory.offered.zip(plan) else {
            return Ok(None);
        };
        let plans = offered.plans(self.config, self.smallest()?)?;
        let plan = plan.checked_sub(1).and_then(|at| plans.into_iter().nth(at));
        let items: Vec<_> = past_due_items(self.situation, offered.on).collect();
        Ok(plan
            .filter(|_| !items.is_empty())
            .map(|plan| offer(items, offered.until(self.config), [plan])))
    }
}

//! Before the offer.

use regua_sdk::CoverKind;
use regua_sdk::prelude::*;

use super::{Answer, Call, not_eligible, offer};
use crate::PaymentPlanOffer;
use crate::letter::{Letter, Ruled};
use crate::progress::{OFFER, plan_runs};
use crate::terms::{Offered, offered_items};

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
            .propose(
                OFFER,
                offer(offered_items(situation, offered.on), until, plans),
            )
            .propose(
                Letter::Offer.of(situation).key(&channel),
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
}

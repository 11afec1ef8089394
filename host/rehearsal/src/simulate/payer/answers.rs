//! What a payer answers to what was done.

use regua_domain::contract::{Action, ActionKind, Channel, Purpose};
use regua_domain::effect::{Effect, EffectKey};
use regua_domain::fact::{EffectResult, Fact};
use regua_domain::ledger::Disposition;
use regua_domain::money::Money;
use regua_domain::timeline::Happening;

use super::Payer;
use crate::play::sent;
use crate::simulate::PlayError;
use crate::simulate::chance::For;

impl Payer<'_> {
    /// What was done today reaches the payer, who may answer tomorrow.
    pub(super) fn hear(&mut self, day: i64) -> Result<(), PlayError> {
        let journal = self.play.take_journal();
        self.outcome.decisions += journal.decisions.len() as u64;
        for entry in &journal.timeline {
            if let Some(key) = sent(entry) {
                let letter = self.play.dossier().effect(key).and_then(letter);
                if let Some((channel, purpose)) = letter {
                    self.read(day, &channel, purpose)?;
                }
                continue;
            }
            match &entry.what {
                Happening::TaskOpened { .. } => {
                    self.outcome.tasks += 1;
                    let cost = self.setting.costs.of_action(ActionKind::OpenTask);
                    self.outcome.spend(day, cost);
                }
                Happening::Effected { key, kind, .. } => self.noticed(day, *key, *kind),
                Happening::StageFailed { .. } | Happening::StageRefused { .. } => {
                    self.outcome.failures += 1;
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// A message was read.
    fn read(&mut self, day: i64, channel: &Channel, purpose: Purpose) -> Result<(), PlayError> {
        let contact = &self.setting.model.contact;
        self.outcome
            .spend(day, self.setting.costs.of_channel(channel));
        self.outcome.contact(day, channel.name());
        let effect = contact.effect.get(channel.name()).copied();
        self.contacts
            .push((day, effect.unwrap_or(contact.effect_otherwise)));
        self.contacts.retain(|(on, _)| day - on <= 30);
        let replies = &self.setting.model.replies;
        if purpose == Purpose::Confirmation
            || !self
                .chance
                .happens(replies.share, For::Replies, day as u64, 0)
        {
            return Ok(());
        }
        let sum: f64 = replies.reasons.values().sum();
        let mut left = sum * self.chance.draw(For::Reason, day as u64, 0);
        let reason = replies.reasons.iter().find(|(_, share)| {
            left -= **share;
            left < 0.0
        });
        if let Some((reason, _)) = reason {
            self.reply(day, &reason.clone())?;
        }
        Ok(())
    }

    fn reply(&mut self, day: i64, reason: &str) -> Result<(), PlayError> {
        self.outcome.replies += 1;
        let reply = Fact::Replied {
            reason: reason.to_owned(),
            text: String::new(),
        };
        self.must_tell("a reply", reply)?;
        match reason {
            "promise" => self.promises(day),
            "goods-or-service" => self.disputes(day),
            "cash-flow" | "hardship" => self.no_money = Some(day),
            _ => {}
        }
        Ok(())
    }

    fn promises(&mut self, day: i64) {
        let owed = self.owed();
        if owed == 0 || self.promise.is_some() {
            return;
        }
        let replies = &self.setting.model.replies;
        let (least, most) = replies.promise_days;
        let span = f64::from(most - least + 1);
        let days =
            i64::from(least) + (span * self.chance.draw(For::PromiseDays, day as u64, 0)) as i64;
        let kept = self
            .chance
            .happens(replies.kept, For::KeepsPromise, day as u64, 0);
        let promise = Fact::PromiseMade {
            amount: Money::new(owed, self.currency),
            due_on: self.date(day + days),
        };
        if self.tell(promise) {
            self.promise = Some((day + days, kept));
        }
    }

    fn disputes(&mut self, day: i64) {
        let items = &self.play.dossier().items;
        let oldest = items.iter().find(|item| {
            item.outstanding > 0
                && item.kind.is_principal()
                && item.disposition == Disposition::Chased
                && !self.disputes.contains_key(&item.reference)
        });
        let Some(invoice) = oldest.map(|item| item.reference.clone()) else {
            return;
        };
        let dispute = Fact::DisputeOpened {
            invoice: invoice.clone(),
            reference: self.reference("D"),
            amount: None,
            reason: "goods-or-service".to_owned(),
        };
        if self.tell(dispute) {
            let days = i64::from(self.setting.model.replies.dispute_days.max(1));
            self.disputes.insert(invoice, day + days);
        }
    }

    /// Something else was done.
    fn noticed(&mut self, day: i64, key: EffectKey, kind: ActionKind) {
        match kind {
            ActionKind::OfferPlan => self.offered(day, key),
            ActionKind::PlaceWithAgency => {
                self.outcome.placements += 1;
                self.outcome.spend(day, self.setting.costs.of_action(kind));
            }
            ActionKind::Charge => {
                let succeeds = self.setting.model.charge_succeeds;
                let succeeds = self
                    .chance
                    .happens(succeeds, For::ChargeSucceeds, day as u64, 0);
                let result = if succeeds {
                    EffectResult::Confirmed {
                        code: "charged".to_owned(),
                    }
                } else {
                    EffectResult::Failed {
                        code: "declined".to_owned(),
                    }
                };
                self.tell(Fact::EffectResult {
                    effect: key,
                    result,
                });
            }
            _ => {}
        }
    }

    fn offered(&mut self, day: i64, key: EffectKey) {
        self.outcome.offers += 1;
        let plans = &self.setting.model.plans;
        if !self
            .chance
            .happens(plans.accepted, For::AcceptsPlan, day as u64, 0)
        {
            return;
        }
        let plan = self
            .play
            .dossier()
            .effect(key)
            .and_then(|effect| match &effect.action {
                Action::OfferPlan { plans, .. } => plans.first().cloned(),
                _ => None,
            });
        let accepted = Fact::OfferAnswered {
            effect: key,
            accepted: Some(1),
        };
        let Some(plan) = plan.filter(|_| self.tell(accepted)) else {
            return;
        };
        self.outcome.plans += 1;
        let mut is_kept = true;
        for (nth, instalment) in (0..).zip(&plan.instalments) {
            is_kept &= self
                .chance
                .happens(plans.kept, For::KeepsInstalment, day as u64, nth);
            if is_kept {
                let on = (instalment.due_on - self.setting.starts).num_days();
                self.instalments.push((on, instalment.amount));
            }
        }
        self.outcome.plans_broken += u64::from(!is_kept);
    }
}

fn letter(effect: &Effect) -> Option<(Channel, Purpose)> {
    let letter = effect.letter.as_ref()?;
    Some((letter.channel.clone(), letter.purpose))
}

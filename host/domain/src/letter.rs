//! Letters: a stage's message turned into what a debtor reads.
//!
//! Names, money and links are put in here, from one snapshot: what a letter announces is
//! what the same decision does.

use crate::balance::{View, days_between};
use crate::case::Case;
use crate::contract::{
    Action, ActionKind, Content, EffectState, ItemKind, Message, Plan, Proposal, Purpose,
};
use crate::customer::ContactPoint;
use crate::dossier::Dossier;
use crate::effect::{Effect, Letter};
use crate::format;
use crate::id::derived;
use crate::money::Money;
use crate::policy::Policy;
use crate::template::context::{
    Balance, Context, Fee, Instalment, Item, Links, Offer, Party, Plan as PlanText, Vars,
};
use crate::template::{PartSet, RenderError, render_inline};
use crate::workflow::Workflow;

/// What a letter is written from.
#[derive(Debug, Clone, Copy)]
pub struct Desk<'a> {
    /// The tenant's settings.
    pub policy: &'a Policy,
    /// Whose templates.
    pub workflow: &'a Workflow,
    /// With the decision's own fees in it.
    pub dossier: &'a Dossier,
    /// What was done before.
    pub effects: &'a [Effect],
    /// Of that dossier.
    pub view: &'a View<'a>,
    /// The case.
    pub case: &'a Case,
    /// Everything proposed beside the message.
    pub proposals: &'a [Proposal],
}

impl Desk<'_> {
    /// Writes a message to an address.
    pub fn write(&self, message: &Message, to: &ContactPoint) -> Result<Letter, RenderError> {
        let locale = self.dossier.customer.locale.as_str();
        let context = self.context(message);
        let parts = PartSet::of(&message.channel);
        let rendered = match &message.content {
            Content::Inline { subject, body } => {
                render_inline(locale, subject, body, parts, &context)?
            }
            Content::Template(name) => match self.workflow.templates.get(name) {
                Some(set) => set.render(locale, parts, &context)?,
                None => return Err(RenderError::unknown_template(name, locale)),
            },
        };
        Ok(Letter {
            purpose: message.purpose,
            channel: message.channel.clone(),
            address: to.address.clone(),
            locale: locale.to_owned(),
            rendered,
            chaseable: self.view.asked_for(message.purpose),
        })
    }

    fn money(&self, minor: i64) -> String {
        format::money(
            Money::new(minor, self.case.currency),
            &self.dossier.customer.locale,
        )
    }

    fn date(&self, date: crate::time::Date) -> String {
        format::date(date, &self.dossier.customer.locale)
    }

    fn context(&self, message: &Message) -> Context {
        // What is listed adds up to what is asked for: a reminder before anything is overdue
        // is about what is coming.
        let coming = message.purpose == Purpose::Reminder && self.view.coming.is_some();
        let today = self.view.today;
        let asked_for = self
            .view
            .items
            .iter()
            .filter(|(item, left)| *left > 0 && (coming || item.is_past_due(today)));
        Context {
            tenant: Party {
                name: self.policy.display_name.clone(),
            },
            customer: Party {
                name: self.dossier.customer.name.clone(),
            },
            today: self.date(self.view.today),
            balance: Balance {
                overdue: self.money(self.view.past_due),
                outstanding: self.money(self.view.outstanding),
                chaseable: self.money(self.view.asked_for(message.purpose)),
                oldest_due: self.view.anchor.map(|anchor| self.date(anchor)),
                days_overdue: self.view.anchor.map(|_| self.view.days_overdue.to_string()),
            },
            items: asked_for
                .map(|(item, left)| Item {
                    reference: item.reference.clone(),
                    kind: kind_name(item.kind).to_owned(),
                    issued_on: self.date(item.issued_on),
                    due_on: self.date(item.due_on),
                    amount: self.money(*left),
                    days_overdue: days_between(item.due_on, today).max(0).to_string(),
                })
                .collect(),
            fees: self.fees(),
            offer: self.offer(),
            links: self.links(),
            vars: Vars::Known(message.variables.iter().cloned().collect()),
        }
    }

    fn fees(&self) -> Vec<Fee> {
        self.proposals
            .iter()
            .filter_map(|proposal| match &proposal.action {
                Action::AddFee {
                    kind, item, amount, ..
                } => Some(Fee {
                    kind: kind.clone(),
                    amount: self.money(*amount),
                    item: self
                        .dossier
                        .items
                        .iter()
                        .find(|known| known.id.to_string() == *item)
                        .map_or_else(|| item.clone(), |known| known.reference.clone()),
                }),
                _ => None,
            })
            .collect()
    }

    fn offer(&self) -> Option<Offer> {
        self.proposals
            .iter()
            .find_map(|proposal| match &proposal.action {
                Action::OfferPlan {
                    plans, valid_until, ..
                } => Some(Offer {
                    valid_until: self.date(*valid_until),
                    plans: plans
                        .iter()
                        .enumerate()
                        .map(|(index, plan)| self.plan(index, plan))
                        .collect(),
                }),
                _ => None,
            })
    }

    fn plan(&self, index: usize, plan: &Plan) -> PlanText {
        PlanText {
            number: (index + 1).to_string(),
            total: self.money(plan.instalments.iter().map(|part| part.amount).sum()),
            waives_fees: plan.waive_fees,
            instalments: plan
                .instalments
                .iter()
                .map(|part| Instalment {
                    due_on: self.date(part.due_on),
                    amount: self.money(part.amount),
                })
                .collect(),
        }
    }

    fn links(&self) -> Option<Links> {
        let base = self.policy.link_base.trim_end_matches('/');
        if base.is_empty() {
            return None;
        }
        let link = |what: &str, sequence| {
            let token = derived(self.case.id, sequence, what, 0);
            format!("{base}/{what}/{}", token.simple())
        };
        Some(Links {
            pay: link("pay", 0),
            dispute: link("dispute", 0),
            offer: self.offered_in().map(|sequence| link("offer", sequence)),
        })
    }

    /// The transition that made the plan offer which a letter is about: the one proposed
    /// beside it, be it for the first time or again, else the one that stands. A transition
    /// makes one offer at most, so that every letter about an offer bears the same link.
    fn offered_in(&self) -> Option<u64> {
        let proposed = self
            .proposals
            .iter()
            .find(|proposal| matches!(proposal.action, Action::OfferPlan { .. }));
        let visit = self.case.visits_of(self.case.stage()).saturating_sub(1);
        let known = self.effects.iter().rfind(|effect| {
            let is_meant = match proposed {
                Some(proposal) => {
                    effect.proposal == proposal.key
                        && effect.stage == self.case.stage()
                        && effect.visit == visit
                        && matches!(effect.state, EffectState::Done | EffectState::Confirmed)
                }
                None => effect.is_open_offer(),
            };
            effect.key.case == self.case.id && effect.kind() == ActionKind::OfferPlan && is_meant
        });
        // The running transition is the one before the case's next.
        let running = proposed.map(|_| self.case.sequence.saturating_sub(1));
        known.map(|effect| effect.key.sequence).or(running)
    }
}

const fn kind_name(kind: ItemKind) -> &'static str {
    match kind {
        ItemKind::Invoice => "invoice",
        ItemKind::LateFee => "late-fee",
        ItemKind::Interest => "interest",
        ItemKind::OtherCharge => "other-charge",
    }
}

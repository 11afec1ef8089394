//! A decision's own fees and interest.

use std::collections::BTreeMap;

use crate::balance::View;
use crate::contract::{Action, Decision, Proposal};
use crate::dossier::{Dossier, Draft};
use crate::interest::Terms;

use super::Bench;
use super::ruling::Objection;

impl Bench<'_> {
    /// The dossier without what neither charges nor items are about: it grows with every letter.
    pub(super) fn books(&self) -> Dossier {
        let Dossier {
            customer,
            standing,
            accounts,
            items,
            payments,
            covers,
            cases,
            ..
        } = self.dossier;
        Dossier {
            standing: standing.clone(),
            accounts: accounts.clone(),
            items: items.clone(),
            payments: payments.clone(),
            covers: covers.clone(),
            cases: cases.clone(),
            ..Dossier::new(customer.clone())
        }
    }

    /// The decision's own fees and interest, ruled on one after the other and posted as far
    /// as they are allowed: letters are written of what will be.
    pub(super) fn charges(&self, decision: &Decision) -> Charges {
        let mut draft = Draft::new(self.books(), self.now);
        let mut objections = BTreeMap::new();
        let mut terms = BTreeMap::new();
        let mut proposals = decision.proposals.clone();
        let view = View::of(
            self.dossier,
            self.case.currency,
            self.today,
            self.tolerance(),
        );
        proposals.retain_mut(|proposal| {
            if !is_charge(&proposal.action) || self.was_done(proposal) {
                return true;
            }
            let bench = Bench {
                dossier: &draft.dossier,
                ..*self
            };
            let objection = self
                .grant(proposal)
                .or_else(|| bench.about_money(&proposal.action, &view));
            objections.insert(proposal.key.clone(), objection.clone());
            let objection = objection.unwrap_or_else(|| Objection::none("allowed"));
            match &mut proposal.action {
                Action::AddFee { amount, .. } => {
                    let Some(allowed) = objection.allowed_of(*amount) else {
                        return false;
                    };
                    *amount = allowed;
                    crate::carry::fee(&mut draft, self.case.id, &proposal.action);
                }
                Action::AddInterest { terms: name, .. } if objection.lets_pass() => {
                    let text = self.policy.interest_terms.get(name);
                    crate::carry::interest(&mut draft, self.case.id, &proposal.action, text);
                    terms.extend(text.map(|text| (proposal.key.clone(), text.clone())));
                }
                _ => return false,
            }
            true
        });
        Charges {
            dossier: draft.dossier,
            objections,
            terms,
            proposals,
        }
    }
}

pub(super) const fn is_charge(action: &Action) -> bool {
    matches!(action, Action::AddFee { .. } | Action::AddInterest { .. })
}

/// A decision's fees and interest.
pub(super) struct Charges {
    /// The books, with what is allowed of them.
    pub dossier: Dossier,
    /// What there is against each, by proposal key.
    pub objections: BTreeMap<String, Option<Objection>>,
    /// Of allowed interest, by proposal key.
    pub terms: BTreeMap<String, Terms>,
    /// The decision's proposals, with fees as they will be.
    pub proposals: Vec<Proposal>,
}

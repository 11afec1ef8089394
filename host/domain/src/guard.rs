//! Guard: the plugin proposes, the host disposes.
//!
//! Every proposal gets a verdict with the rule that spoke. Rules are asked in a fixed
//! order and the first that objects is named; a proposal nobody objects to is allowed.

mod charges;
mod contact;
mod money;
mod ruling;
mod service;
mod write_off;

use std::collections::BTreeMap;

use crate::balance::View;
use crate::case::Case;
use crate::contract::{Action, Decision, Proposal, Ruling, Verdict};
use crate::dossier::Dossier;
use crate::effect::Letter;
use crate::interest::Terms;
use crate::letter::Desk;
use crate::policy::Policy;
use crate::template::Rendered;
use crate::time::{Date, Timestamp};
use crate::workflow::check::DEFAULT_TEAM;
use crate::workflow::{Stage, Workflow};

use charges::is_charge;
use ruling::Objection;

/// What the guard rules on: a decision in its place.
#[derive(Debug, Clone, Copy)]
pub struct Bench<'a> {
    /// The tenant's settings.
    pub policy: &'a Policy,
    /// The case's workflow.
    pub workflow: &'a Workflow,
    /// The stage that proposes.
    pub stage: &'a Stage,
    /// Before the decision.
    pub dossier: &'a Dossier,
    /// The case, in this stage.
    pub case: &'a Case,
    /// Before this instant nothing is demanded.
    pub not_before: Timestamp,
    /// The instant.
    pub now: Timestamp,
    /// The customer's date at it.
    pub today: Date,
}

/// The verdicts on a decision, and what was written for it.
#[derive(Debug, Clone, Default)]
pub struct Judgement {
    /// One for each proposal, in its order.
    pub verdicts: Vec<Verdict>,
    /// Letters of allowed messages, by proposal key.
    pub letters: BTreeMap<String, Letter>,
    /// Previews of allowed tasks' drafts, by proposal key.
    pub previews: BTreeMap<String, Rendered>,
    /// The terms that allowed interest is charged under, by proposal key.
    pub terms: BTreeMap<String, Terms>,
    /// Keys that were done before on this visit: allowed, and not done again.
    pub already_done: Vec<String>,
}

impl Judgement {
    /// Whether everything may happen as it was proposed.
    pub fn allows_all(&self) -> bool {
        self.verdicts
            .iter()
            .all(|verdict| verdict.ruling == Ruling::Allowed)
    }

    /// Whether there were proposals and not one of them may happen, nor later.
    pub fn refuses_all(&self) -> bool {
        !self.verdicts.is_empty()
            && self
                .verdicts
                .iter()
                .all(|verdict| verdict.ruling == Ruling::Refused)
    }

    /// When the earliest deferral ends.
    pub fn deferred_until(&self) -> Option<Timestamp> {
        self.verdicts
            .iter()
            .filter(|verdict| verdict.ruling == Ruling::Deferred)
            .filter_map(|verdict| verdict.not_before)
            .min()
    }
}

impl Bench<'_> {
    /// Rules on every proposal of a decision.
    pub fn judge(&self, decision: &Decision) -> Judgement {
        let mut judgement = Judgement::default();
        let mut before: Vec<&Proposal> = Vec::new();
        let mut made: Vec<&'static str> = Vec::new();
        let has_charges = decision.proposals.iter().any(|p| is_charge(&p.action));
        let charges = has_charges.then(|| self.charges(decision));
        let dossier = charges
            .as_ref()
            .map_or(self.dossier, |charges| &charges.dossier);
        let view = View::of(dossier, self.case.currency, self.today, self.tolerance());
        let desk = Desk {
            policy: self.policy,
            workflow: self.workflow,
            dossier,
            effects: &self.dossier.effects,
            view: &view,
            case: self.case,
            proposals: charges
                .as_ref()
                .map_or(&decision.proposals, |charges| &charges.proposals),
        };
        for proposal in &decision.proposals {
            let alone = alone(&proposal.action);
            if self.was_done(proposal) {
                made.extend(alone);
                judgement.already_done.push(proposal.key.clone());
                judgement
                    .verdicts
                    .push(Objection::none("already-done").verdict(proposal));
                continue;
            }
            let ruled = charges
                .as_ref()
                .and_then(|charges| charges.objections.get(&proposal.key).cloned());
            let objection = ruled.unwrap_or_else(|| {
                self.grant(proposal)
                    .or_else(|| self.by_kind(proposal, &view, &desk, &before, &mut judgement))
            });
            // One that was reduced is made too.
            let passes = objection.as_ref().is_none_or(Objection::lets_pass);
            let second = alone.filter(|rule| passes && made.contains(rule));
            let objection = second.map(Objection::refused).or(objection);
            let passes = passes && second.is_none();
            made.extend(alone.filter(|_| passes));
            before.extend(passes.then_some(proposal));
            judgement.verdicts.push(
                objection
                    .unwrap_or_else(|| Objection::none("allowed"))
                    .verdict(proposal),
            );
        }
        judgement.terms = charges.map(|charges| charges.terms).unwrap_or_default();
        judgement
    }

    fn tolerance(&self) -> i64 {
        self.workflow.tolerance(self.case.currency)
    }

    /// What is proposed must be in the manifest and granted by the tenant.
    fn grant(&self, proposal: &Proposal) -> Option<Objection> {
        let kind = proposal.action.kind();
        let mut granted = self.policy.granted(&self.stage.plugin.manifest);
        (!granted.any(|granted| granted == kind)).then(|| Objection::refused("grant"))
    }

    fn was_done(&self, proposal: &Proposal) -> bool {
        let visit = self.case.visits_of(&self.stage.id).saturating_sub(1);
        self.dossier.effects.iter().any(|effect| {
            effect.key.case == self.case.id
                && effect.stage == self.stage.id
                && effect.visit == visit
                && effect.proposal == proposal.key
                && !matches!(
                    effect.state,
                    crate::contract::EffectState::Failed | crate::contract::EffectState::Cancelled
                )
        })
    }

    fn by_kind(
        &self,
        proposal: &Proposal,
        view: &View<'_>,
        desk: &Desk<'_>,
        before: &[&Proposal],
        judgement: &mut Judgement,
    ) -> Option<Objection> {
        match &proposal.action {
            Action::SendMessage(message) => match self.message(message, view, desk, before) {
                Ok(letter) => {
                    judgement.letters.insert(proposal.key.clone(), letter);
                    None
                }
                Err(objection) => Some(objection),
            },
            Action::OpenTask { team, draft, .. } => self.team(team).or_else(|| {
                let draft = draft.as_ref()?;
                match self.preview(draft, desk) {
                    Ok(preview) => {
                        judgement.previews.insert(proposal.key.clone(), preview);
                        None
                    }
                    Err(objection) => Some(objection),
                }
            }),
            Action::NotifyTeam { team, .. } => self.team(team),
            Action::Hold { until, .. } => self.hold(*until),
            Action::ChangeService { contract, change } => self.service(contract, *change, view),
            Action::WriteOff { items, .. } => self.write_off(items, before),
            Action::PlaceWithAgency { items, .. } => self
                .about_money(&proposal.action, view)
                .or_else(|| self.gone_before(items, before)),
            other => self.about_money(other, view),
        }
    }

    fn team(&self, team: &str) -> Option<Objection> {
        (team != DEFAULT_TEAM && !self.policy.teams.contains(team))
            .then(|| Objection::refused("unknown-team"))
    }

    /// A hold lies ahead, and ends within a year.
    fn hold(&self, until: Date) -> Option<Objection> {
        if until <= self.today {
            Some(Objection::refused("hold-in-the-past"))
        } else if until > crate::time::plus_days(self.today, 365) {
            Some(Objection::refused("hold-too-long"))
        } else {
            None
        }
    }
}

/// The rule that keeps a second of a kind out of one decision. One plan offer takes
/// another's place, but not here; and of two charges the second is made blindly.
const fn alone(action: &Action) -> Option<&'static str> {
    match action {
        Action::OfferPlan { .. } => Some("offer-open"),
        Action::Charge { .. } => Some("charge-pending"),
        _ => None,
    }
}

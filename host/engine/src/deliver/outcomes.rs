//! What became of hand-overs, written down as commits of the customers.

use regua_domain::dossier::{ChangeSet, Dossier, Draft, LoggedFact};
use regua_domain::effect::EffectKey;
use regua_domain::fact::{EffectResult, Fact};
use regua_domain::handover;
use regua_domain::id::{CustomerId, FactId, derived};
use regua_domain::run;
use regua_domain::time::Timestamp;
use regua_storage::{Commit, Outcome, Wanted};

use super::Handed;
use super::round::Round;
use crate::{EngineError, notices};

/// How often an outcome that lost against another write is written again.
const TRIES: u32 = 8;

/// What is to be written of an effect.
pub(super) enum Ended {
    Cancelled(&'static str),
    Handed(Handed),
}

impl Round {
    /// Writes outcomes, each customer's as one, on the dossier as it is by then.
    pub(super) async fn write_outcomes(&mut self) -> Result<(), EngineError> {
        let mut left: Vec<CustomerId> = self.outcomes.keys().copied().collect();
        left.sort_unstable();
        for _ in 0..TRIES {
            if left.is_empty() {
                break;
            }
            let now = self.engine.clock.now();
            let wanted: Vec<Wanted> = left.iter().copied().map(Wanted::from).collect();
            let ever = Timestamp(0);
            let loaded = self.open.store.load(&wanted, ever, ever).await?;
            let commits = loaded
                .iter()
                .map(|dossier| self.commit(now, dossier))
                .collect::<Result<Vec<Commit>, _>>()?;
            let customers: Vec<_> = commits.iter().map(|commit| commit.customer).collect();
            let outcomes = self.open.store.commit(commits).await?;
            let lost = customers
                .into_iter()
                .zip(outcomes)
                .filter_map(|(customer, outcome)| {
                    if let Outcome::Refused { because } = &outcome {
                        tracing::error!(%customer, because, "the store refused an outcome");
                    }
                    (outcome == Outcome::Stale).then_some(customer)
                });
            left = lost.collect();
        }
        if !left.is_empty() {
            tracing::warn!(
                customers = left.len(),
                "outcomes are written when these are due again"
            );
        }
        self.outcomes.clear();
        Ok(())
    }

    fn commit(&self, now: Timestamp, before: &Dossier) -> Result<Commit, EngineError> {
        let mut draft = Draft::new(before.clone(), now);
        for (key, ended) in self.outcomes.get(&before.customer.id).into_iter().flatten() {
            draft = self.note(draft, *key, ended);
        }
        Ok(Commit {
            customer: before.customer.id,
            seen: Some(before.version),
            epoch: None,
            wake: now,
            release: false,
            records: notices::of(&self.open, &draft.dossier, &draft.journal, now)?,
            changes: ChangeSet::between(before, &draft.dossier, draft.journal),
        })
    }

    fn note(&self, mut draft: Draft, key: EffectKey, ended: &Ended) -> Draft {
        let result = match ended {
            Ended::Cancelled(because) => {
                handover::cancel(&mut draft, key, because);
                return draft;
            }
            Ended::Handed(Handed::ByHand) => {
                handover::by_hand(&mut draft, key);
                return draft;
            }
            Ended::Handed(Handed::Done | Handed::Later { .. }) => {
                handover::done(&mut draft, key);
                return draft;
            }
            Ended::Handed(Handed::Bounced { code }) => EffectResult::Bounced { code: code.clone() },
            Ended::Handed(Handed::Failed { code }) => EffectResult::Failed { code: code.clone() },
        };
        let fact = LoggedFact {
            id: FactId(derived(key.case, key.sequence, "delivery", key.index)),
            at: draft.now,
            fact: Fact::EffectResult {
                effect: key,
                result,
            },
            taken: None,
        };
        match run::tell(&self.open.tenant, draft.clone(), &fact) {
            Ok((draft, _)) => draft,
            Err(error) => {
                tracing::error!(%key, %error, "what became of an effect cannot be noted");
                handover::cancel(&mut draft, key, "undeliverable");
                draft
            }
        }
    }
}

//! Telling: facts from outside go into the store, in one commit a customer.

mod customer;
mod gather;

use std::collections::HashMap;
use std::sync::Arc;

use regua_domain::customer::Customer;
use regua_domain::dossier::{Dossier, LoggedFact};
use regua_domain::fact::{Fact, FactError};
use regua_domain::id::{CustomerId, FactId};
use regua_domain::intake::Taken;
use regua_domain::time::{DAY_MS, Timestamp};
use regua_storage::{Outcome, Wanted};

use crate::{Engine, EngineError, Open};
use customer::{Share, tell_one};
pub(crate) use gather::Gathering;

/// Customers whose facts are told in one go.
const BATCH: usize = 256;
/// How often a commit that lost against another is tried again.
const TRIES: u32 = 8;

/// One fact, about the customer of a reference.
#[derive(Debug, Clone)]
pub struct Telling {
    /// The customer's own key at the tenant.
    pub customer: String,
    /// Facts of one customer that belong together, such as those of one row of a ledger,
    /// bear the same number: they are taken together or not at all.
    pub group: Option<u64>,
    /// What, when, and under which id: the same again changes nothing.
    pub fact: LoggedFact,
}

/// Why one fact was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TellError {
    /// It says something that cannot be.
    #[error(transparent)]
    Fact(#[from] FactError),
    /// Nobody has this reference.
    #[error("customer `{0}` is not known")]
    UnknownCustomer(String),
    /// The id was used before.
    #[error("{id} was told of another customer before: nothing of this is taken")]
    OtherCustomer {
        /// The id.
        id: FactId,
    },
    /// The id was used before.
    #[error("{id} stands for another fact already: nothing of this is taken")]
    OtherFact {
        /// The id.
        id: FactId,
    },
    /// A fact of the same group was refused.
    #[error("left out with what belongs to it")]
    WithGroup,
    /// The store's own rules are against it.
    #[error("{0}")]
    Refused(String),
    /// Others kept writing about this customer.
    #[error("customer `{0}` is busy: tell it again")]
    Busy(String),
}

/// What became of each fact, in the order told.
type Told = Vec<Result<Taken, TellError>>;

impl Engine {
    /// Takes facts in at `now`; those of a later instant wait for it. Each fact is taken
    /// whole or not at all; one that is not does not keep the others out.
    pub async fn tell(
        &self,
        open: &Open,
        now: Timestamp,
        facts: Vec<Telling>,
    ) -> Result<Told, EngineError> {
        let mut told: Vec<Option<Result<Taken, TellError>>> = facts.iter().map(|_| None).collect();
        let mut order: Vec<String> = Vec::new();
        let mut by_customer: HashMap<String, Vec<Share>> = HashMap::new();
        for (index, telling) in facts.into_iter().enumerate() {
            let entry = by_customer
                .entry(telling.customer.clone())
                .or_insert_with(|| {
                    order.push(telling.customer);
                    Vec::new()
                });
            entry.push(Share {
                index,
                group: telling.group,
                fact: telling.fact,
            });
        }
        for chunk in order.chunks(BATCH) {
            let mut left: Vec<String> = chunk.to_vec();
            for _ in 0..TRIES {
                left = self
                    .tell_batch(open, now, &left, &by_customer, &mut told)
                    .await?;
                if left.is_empty() {
                    break;
                }
            }
            for reference in left {
                for share in &by_customer[&reference] {
                    told[share.index] = Some(Err(TellError::Busy(reference.clone())));
                }
            }
        }
        Ok(told
            .into_iter()
            .map(|told| told.unwrap_or(Ok(Taken::Known)))
            .collect())
    }

    /// Tells a batch of customers; gives back those that somebody else wrote about.
    async fn tell_batch(
        &self,
        open: &Open,
        now: Timestamp,
        references: &[String],
        facts: &HashMap<String, Vec<Share>>,
        told: &mut [Option<Result<Taken, TellError>>],
    ) -> Result<Vec<String>, EngineError> {
        let known = open.store.find(references).await?;
        let wanted: Vec<Wanted> = references
            .iter()
            .zip(&known)
            .filter_map(|(reference, id)| {
                id.map(|id| wanted(id, facts[reference].iter().map(|share| &share.fact.fact)))
            })
            .collect();
        let loaded = load(open, &wanted, now, now).await?;
        let mut loaded: HashMap<CustomerId, Dossier> = loaded
            .into_iter()
            .map(|dossier| (dossier.customer.id, dossier))
            .collect();
        let ids: Vec<_> = references
            .iter()
            .flat_map(|reference| facts[reference].iter().map(|share| share.fact.id))
            .collect();
        let mut seen = open.store.known_facts(&ids).await?.into_iter();
        let mut commits = Vec::new();
        let mut whose = Vec::new();
        for (reference, id) in references.iter().zip(known) {
            let known = id.and_then(|id| loaded.remove(&id));
            let is_new = known.is_none();
            let dossier =
                known.unwrap_or_else(|| Dossier::new(Customer::unknown(open.row.id, reference)));
            let seen: Vec<_> = seen.by_ref().take(facts[reference].len()).collect();
            if let Some(commit) =
                tell_one(open, now, &dossier, is_new, &facts[reference], &seen, told)?
            {
                commits.push(commit);
                whose.push(reference);
            }
        }
        let outcomes = open.store.commit(commits).await?;
        let mut again = Vec::new();
        for (reference, outcome) in whose.into_iter().zip(outcomes) {
            match outcome {
                Outcome::Done => {}
                Outcome::Stale => again.push(reference.clone()),
                Outcome::Refused { because } => {
                    for share in &facts[reference] {
                        told[share.index] = Some(Err(TellError::Refused(because.clone())));
                    }
                }
            }
        }
        Ok(again)
    }
}

fn wanted<'a>(customer: CustomerId, facts: impl Iterator<Item = &'a Fact>) -> Wanted {
    let mut wanted = Wanted::from(customer);
    for fact in facts {
        let names = fact.names();
        wanted
            .invoices
            .extend(names.invoices.into_iter().map(str::to_owned));
        wanted
            .payments
            .extend(names.payments.into_iter().map(str::to_owned));
    }
    wanted
}

/// Reads dossiers to be run from one instant to another: as far back as the first of them
/// may look, and where facts told ahead are due by the last, with what these name.
pub(crate) async fn load(
    open: &Open,
    all: &[Wanted],
    from: Timestamp,
    until: Timestamp,
) -> Result<Vec<Dossier>, EngineError> {
    let policy = &open.tenant.policy;
    let ended_since = from.plus_ms(-i64::from(policy.reopen_days) * DAY_MS);
    let contacts_since = from.plus_ms(-31 * DAY_MS);
    let mut dossiers = open.store.load(all, ended_since, contacts_since).await?;
    let again: Vec<Wanted> = dossiers
        .iter()
        .filter(|dossier| dossier.coming.front().is_some_and(|fact| fact.at <= until))
        .map(|dossier| {
            wanted(
                dossier.customer.id,
                dossier
                    .coming
                    .iter()
                    .filter(|f| f.at <= until)
                    .map(|fact| &fact.fact),
            )
        })
        .filter(|wanted| !(wanted.invoices.is_empty() && wanted.payments.is_empty()))
        .collect();
    if !again.is_empty() {
        for fuller in open.store.load(&again, ended_since, contacts_since).await? {
            if let Some(dossier) = dossiers
                .iter_mut()
                .find(|d| d.customer.id == fuller.customer.id)
            {
                *dossier = fuller;
            }
        }
    }
    Ok(dossiers)
}

/// Keeps the compiler honest about what crosses threads.
const _: fn() = || {
    fn shared<T: Send + Sync>() {}
    shared::<Arc<Open>>();
};

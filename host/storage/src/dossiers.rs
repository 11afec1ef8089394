//! Customers' dossiers: read whole, committed as differences.

use async_trait::async_trait;
use regua_domain::case::Case;
use regua_domain::dossier::{ChangeSet, Dossier, LoggedFact};
use regua_domain::fact::Fact;
use regua_domain::id::{CaseId, CustomerId, FactId, ItemId};
use regua_domain::ledger::LedgerEntry;
use regua_domain::time::Timestamp;
use regua_domain::timeline::{DecisionRecord, TimelineEntry};

use crate::{Lease, NewRecord, StoreError};

/// A dossier to be read, with older rows that somebody names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Whose.
    pub customer: CustomerId,
    /// References of invoices to have in it, however old.
    pub invoices: Vec<String>,
    /// References of payments to have in it, with the items they paid.
    pub payments: Vec<String>,
    /// Items to have in it, settled ones too.
    pub items: Vec<ItemId>,
}

impl From<CustomerId> for Wanted {
    fn from(customer: CustomerId) -> Self {
        Self {
            customer,
            invoices: Vec::new(),
            payments: Vec::new(),
            items: Vec::new(),
        }
    }
}

/// One customer's changes, to be written whole or not at all.
#[derive(Debug, Clone)]
pub struct Commit {
    /// Whose.
    pub customer: CustomerId,
    /// The version the changes were made from; none: the customer is new.
    pub seen: Option<u64>,
    /// The lease they were made under; none: a fact is taken in, which needs none.
    pub epoch: Option<u64>,
    /// What is written.
    pub changes: ChangeSet,
    /// Records that are written if the commit is, such as news of it for whoever listens. One
    /// whose kind and id the tenant has already stays as it is. Ids name the customer: which
    /// of two customers' commits of one batch is written first is not promised.
    pub records: Vec<NewRecord>,
    /// The customer's next wake-up.
    pub wake: Timestamp,
    /// Whether the lease ends with it.
    pub release: bool,
}

/// A batch of commits.
pub type Commits = Vec<Commit>;

/// What became of a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It is durable.
    Done,
    /// Somebody else wrote in between, or the lease was lost: nothing was written.
    Stale,
    /// It breaks a rule of the store, such as a reference that is taken: nothing was written.
    Refused {
        /// Which.
        because: String,
    },
}

/// A fact that was told before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownFact {
    /// About whom.
    pub customer: CustomerId,
    /// What.
    pub fact: Fact,
}

/// What to list of cases.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CasesQuery {
    /// Open ones only.
    pub open: bool,
    /// Of a customer only, by reference.
    pub customer: Option<String>,
    /// Those after this one, by id.
    pub after: Option<CaseId>,
    /// At most so many.
    pub limit: u32,
}

/// A case in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseRow {
    /// Whose.
    pub customer: CustomerId,
    /// The customer's own key at the tenant.
    pub reference: String,
    /// The case.
    pub case: Case,
}

/// A recorded call, and whose case it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// The customer.
    pub customer: CustomerId,
    /// The call.
    pub record: DecisionRecord,
}

impl Recorded {
    /// Where it stands among all.
    pub const fn place(&self) -> CallPlace {
        CallPlace {
            customer: self.customer,
            case: self.record.case,
            sequence: self.record.sequence,
            attempt: self.record.attempt,
        }
    }
}

/// Where a recorded call stands among all of a tenant's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct CallPlace {
    /// The customer.
    pub customer: CustomerId,
    /// The case.
    pub case: CaseId,
    /// The transition.
    pub sequence: u64,
    /// 0, or 1 where the stage was asked again.
    pub attempt: u8,
}

/// All that was told of a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Past {
    /// The customer.
    pub customer: CustomerId,
    /// Their key at the tenant.
    pub reference: String,
    /// The facts, in no particular order.
    pub facts: Vec<LoggedFact>,
}

/// One tenant's dossiers.
#[async_trait]
pub trait Dossiers: Send + Sync {
    /// The customers of these references; none where there is none.
    async fn find(&self, references: &[String]) -> Result<Vec<Option<CustomerId>>, StoreError>;

    /// Which of these facts were told before.
    async fn known_facts(&self, facts: &[FactId]) -> Result<Vec<Option<KnownFact>>, StoreError>;

    /// Reads dossiers as of one moment, in the order they are wanted; customers that do
    /// not exist are left out. Of each: open items and those placed; active covers;
    /// pending payments; open cases and those ended since `ended_since`; effects of these
    /// cases, and every message since `contacts_since`; open and approved tasks; the inbox;
    /// facts logged and not yet taken (the first 1,000 by instant, and whether there are
    /// more); and what is wanted by reference or id besides.
    async fn load(
        &self,
        wanted: &[Wanted],
        ended_since: Timestamp,
        contacts_since: Timestamp,
    ) -> Result<Vec<Dossier>, StoreError>;

    /// Writes a batch, each commit whole or not at all, and says what became of each in
    /// its order. A commit is written only if the customer's version is still the one
    /// seen and, where it bears an epoch, the lease is still that one; it raises the
    /// version by one. When this returns, what is `Done` survives the loss of power.
    async fn commit(&self, commits: Commits) -> Result<Vec<Outcome>, StoreError>;

    /// Gives leases back without having written anything: these customers are due as they
    /// were.
    async fn release(&self, leases: &[Lease]) -> Result<(), StoreError>;

    /// Gives leases back after a host fault. Each customer is due as it was, but is not
    /// claimed before an instant of the host's own clock; one more fault is counted until
    /// something is committed.
    async fn rest(&self, leases: &[(Lease, Timestamp)]) -> Result<(), StoreError>;

    /// Makes customers due at `at`, or earlier where they were: those with an open case that is
    /// pinned to one of these versions of a workflow, at most `limit` cases behind `after`, by
    /// id. Answers the last of these cases; none where there are no more.
    async fn wake_pinned(
        &self,
        pinned: (&str, &[u32]),
        after: Option<CaseId>,
        at: Timestamp,
        limit: u32,
    ) -> Result<Option<CaseId>, StoreError>;

    /// Cases, by id.
    async fn cases(&self, query: &CasesQuery) -> Result<Vec<CaseRow>, StoreError>;

    /// A customer's timeline, oldest first, from entry number `from` on.
    async fn timeline(
        &self,
        customer: CustomerId,
        from: u64,
        limit: u32,
    ) -> Result<Vec<TimelineEntry>, StoreError>;

    /// A customer's ledger, oldest first.
    async fn ledger(&self, customer: CustomerId) -> Result<Vec<LedgerEntry>, StoreError>;

    /// The recorded calls of a case, in order.
    async fn decisions(
        &self,
        customer: CustomerId,
        case: CaseId,
    ) -> Result<Vec<DecisionRecord>, StoreError>;

    /// The recorded calls of all cases by their places: at most `limit` behind `after`.
    async fn decisions_after(
        &self,
        after: Option<CallPlace>,
        limit: u32,
    ) -> Result<Vec<Recorded>, StoreError>;

    /// All that was told of customers, by id: of at most `limit` of them behind `after`.
    async fn pasts(&self, after: Option<CustomerId>, limit: u32) -> Result<Vec<Past>, StoreError>;

    /// Effects still queued, in no particular order: the outbox.
    async fn queued(&self, limit: u32) -> Result<Vec<CustomerId>, StoreError>;
}

//! The outbox: effects that were committed and are to be handed over.

use async_trait::async_trait;
use regua_domain::effect::EffectKey;
use regua_domain::id::CustomerId;
use regua_domain::time::Timestamp;

use crate::StoreError;

/// An effect that somebody hands over now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Handing {
    /// Whose case it is of.
    pub customer: CustomerId,
    /// Its name.
    pub key: EffectKey,
    /// How often it was taken before.
    pub tries: u32,
}

/// One tenant's outbox.
#[async_trait]
pub trait Outbox: Send + Sync {
    /// Takes queued effects that are due at `now`, those due longest first, and makes them due
    /// again at `until`: whoever takes one and dies leaves it to the next. What becomes of one
    /// is a commit of its customer.
    async fn take_queued(
        &self,
        now: Timestamp,
        until: Timestamp,
        limit: u32,
    ) -> Result<Vec<Handing>, StoreError>;

    /// Makes effects that are still queued due again at these instants. Of one that was not
    /// really tried, the try is not counted.
    async fn put_off(&self, handings: &[(Handing, Timestamp, Tried)]) -> Result<(), StoreError>;
}

/// Whether a taken effect was tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tried {
    /// It was, without success.
    Yes,
    /// It was not.
    No,
}

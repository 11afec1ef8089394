//! Records: what a tenant has beside its shelf and its customers. Small documents by kind and
//! id, each with a version, some of them due at an instant.
//!
//! Keys, endpoints, jobs, notices and the like are all kept this way: none of them is ever
//! joined with anything, so that one table with one set of queries serves them all.

use std::collections::HashSet;

use async_trait::async_trait;
use regua_domain::id::TenantId;
use regua_domain::rollout::Rollout;
use regua_domain::time::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::record::{from_json, to_json};
use crate::{StoreError, TenantStore};

/// The part of the store that is no tenant's, but the operator's: it has records alone.
pub const OPERATOR: TenantId = TenantId(uuid::Uuid::nil());

/// A record as it lies in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordRow {
    /// Unique for its kind in the tenant: 1 to 255 bytes. Records are listed by it.
    pub id: String,
    /// Counts writes from 1.
    pub version: u64,
    /// JSON.
    pub body: String,
    /// When somebody has to look at it, if ever.
    pub due_at: Option<Timestamp>,
}

/// What a write expects to find.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// Nothing: the record is new.
    Nothing,
    /// This version.
    Version(u64),
    /// Whatever there is.
    Anything,
}

/// One write of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordWrite {
    /// Which kind.
    pub kind: &'static str,
    /// Which one.
    pub id: String,
    /// What it expects to find.
    pub seen: Seen,
    /// The new body, JSON, and when it is due; none: the record goes.
    pub value: Option<(String, Option<Timestamp>)>,
}

/// A new record that is written with a commit, see [`Commit::records`](crate::Commit::records).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRecord {
    /// Which kind.
    pub kind: &'static str,
    /// Which one.
    pub id: String,
    /// JSON.
    pub body: String,
    /// When somebody has to look at it, if ever.
    pub due_at: Option<Timestamp>,
}

/// Which records to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RecordsQuery {
    /// Those behind this id, in the order of the list.
    pub after: Option<String>,
    /// By id, the last first.
    pub backwards: bool,
    /// At most so many.
    pub limit: u32,
}

/// One tenant's records.
#[async_trait]
pub trait Records: Send + Sync {
    /// The records of a kind that have one of these ids, in no particular order.
    async fn records_of(
        &self,
        kind: &'static str,
        ids: &[&str],
    ) -> Result<Vec<RecordRow>, StoreError>;

    /// Records of a kind, by id.
    async fn records(
        &self,
        kind: &'static str,
        query: &RecordsQuery,
    ) -> Result<Vec<RecordRow>, StoreError>;

    /// Writes records, all or none: [`StoreError::Changed`] names the first that was not as
    /// expected. What is written is durable when this returns.
    async fn write_records(&self, writes: Vec<RecordWrite>) -> Result<(), StoreError>;

    /// Writes records as [`Records::write_records`] does, and counts it as a change of the
    /// tenant ([`TenantRow::revision`](crate::TenantRow::revision)) in the same transaction: for
    /// what whoever keeps a tenant open has read of it.
    async fn write_settings(&self, writes: Vec<RecordWrite>) -> Result<(), StoreError>;

    /// Takes records that are due at `now`, those due longest first, and makes them due again
    /// at `until`: whoever takes one and dies leaves it to the next. Their versions rise.
    async fn take_due(
        &self,
        kind: &'static str,
        now: Timestamp,
        until: Timestamp,
        limit: u32,
    ) -> Result<Vec<RecordRow>, StoreError>;
}

/// What is kept as a record.
pub trait Record: Serialize + DeserializeOwned + Send + Sync {
    /// Names the kind in the store, for ever.
    const KIND: &'static str;
}

/// By the workflow's name.
impl Record for Rollout {
    const KIND: &'static str = "rollout";
}

/// A record with its key and version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept<R> {
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: u64,
    /// What it says.
    pub value: R,
}

impl<R: Record> Kept<R> {
    /// Reads a row.
    pub fn read(row: RecordRow) -> Result<Self, StoreError> {
        Ok(Self {
            value: from_json(R::KIND, &row.body)?,
            id: row.id,
            version: row.version,
        })
    }
}

impl NewRecord {
    /// Makes one.
    pub fn of<R: Record>(
        id: impl Into<String>,
        value: &R,
        due_at: Option<Timestamp>,
    ) -> Result<Self, StoreError> {
        Ok(Self {
            kind: R::KIND,
            id: id.into(),
            body: to_json(R::KIND, value)?,
            due_at,
        })
    }
}

impl RecordWrite {
    /// Puts a record.
    pub fn put<R: Record>(
        id: impl Into<String>,
        seen: Seen,
        value: &R,
        due_at: Option<Timestamp>,
    ) -> Result<Self, StoreError> {
        Ok(Self {
            kind: R::KIND,
            id: id.into(),
            seen,
            value: Some((to_json(R::KIND, value)?, due_at)),
        })
    }

    /// What it leaves: the body, and when that is due.
    pub fn leaves(&self) -> (Option<&str>, Option<Timestamp>) {
        let value = self.value.as_ref();
        value.map_or((None, None), |(body, due_at)| (Some(body), *due_at))
    }

    /// Removes a record.
    pub fn remove<R: Record>(id: impl Into<String>, seen: Seen) -> Self {
        Self {
            kind: R::KIND,
            id: id.into(),
            seen,
            value: None,
        }
    }
}

/// Writes in their order, cut so that those of one part can be written at once: a part is one
/// write, or several that put a record each, whatever there is.
pub fn parts(mut writes: &[RecordWrite]) -> impl Iterator<Item = &[RecordWrite]> {
    let is_put = |write: &&RecordWrite| write.seen == Seen::Anything && write.value.is_some();
    std::iter::from_fn(move || {
        let mut known = HashSet::new();
        let puts = writes.iter().take_while(is_put);
        let puts = puts.take_while(|write| known.insert((write.kind, write.id.as_str())));
        let length = puts.count().max(1).min(writes.len());
        let (part, rest) = writes.split_at(length);
        writes = rest;
        (!part.is_empty()).then_some(part)
    })
}

/// Reads a record of a kind.
pub async fn get<R: Record>(
    store: &dyn TenantStore,
    id: &str,
) -> Result<Option<Kept<R>>, StoreError> {
    Ok(get_all(store, &[id]).await?.pop())
}

/// Reads records of a kind; see [`Records::records_of`].
pub async fn get_all<R: Record>(
    store: &dyn TenantStore,
    ids: &[&str],
) -> Result<Vec<Kept<R>>, StoreError> {
    let rows = store.records_of(R::KIND, ids).await?;
    rows.into_iter().map(Kept::read).collect()
}

/// Lists records of a kind.
pub async fn list<R: Record>(
    store: &dyn TenantStore,
    query: &RecordsQuery,
) -> Result<Vec<Kept<R>>, StoreError> {
    let rows = store.records(R::KIND, query).await?;
    rows.into_iter().map(Kept::read).collect()
}

/// Takes due records of a kind; see [`Records::take_due`].
pub async fn take<R: Record>(
    store: &dyn TenantStore,
    now: Timestamp,
    until: Timestamp,
    limit: u32,
) -> Result<Vec<Kept<R>>, StoreError> {
    let rows = store.take_due(R::KIND, now, until, limit).await?;
    rows.into_iter().map(Kept::read).collect()
}

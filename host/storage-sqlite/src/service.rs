//! One tenant's outbox, records and lists.

use async_trait::async_trait;
use regua_domain::customer::Customer;
use regua_domain::effect::{Effect, EffectKey, Task};
use regua_domain::id::{CaseId, TaskId};
use regua_domain::ledger::{Item, Payment};
use regua_domain::time::Timestamp;
use regua_storage::{
    EffectsOf, Handing, Lists, Of, Outbox, Page, RecordRow, RecordWrite, Records, RecordsQuery,
    StoreError, Tried,
};

use crate::shelf::{Change, Changed};
use crate::store::SqliteTenant;
use crate::{lists, record};

#[async_trait]
impl Outbox for SqliteTenant {
    async fn take_queued(
        &self,
        now: Timestamp,
        until: Timestamp,
        limit: u32,
    ) -> Result<Vec<Handing>, StoreError> {
        let change = Change::TakeQueued(self.id, (now, until), limit);
        match self.writer.change(change).await? {
            Changed::Handings(handings) => Ok(handings),
            _ => Ok(Vec::new()),
        }
    }

    async fn put_off(&self, handings: &[(Handing, Timestamp, Tried)]) -> Result<(), StoreError> {
        if handings.is_empty() {
            return Ok(());
        }
        let change = Change::PutOff(self.id, handings.to_vec());
        self.writer.change(change).await.map(drop)
    }
}

#[async_trait]
impl Records for SqliteTenant {
    async fn records_of(
        &self,
        kind: &'static str,
        ids: &[&str],
    ) -> Result<Vec<RecordRow>, StoreError> {
        record::these(&self.readers, self.id, kind, ids).await
    }

    async fn records(
        &self,
        kind: &'static str,
        query: &RecordsQuery,
    ) -> Result<Vec<RecordRow>, StoreError> {
        record::list(&self.readers, self.id, kind, query).await
    }

    async fn write_records(&self, writes: Vec<RecordWrite>) -> Result<(), StoreError> {
        if writes.is_empty() {
            return Ok(());
        }
        let change = Change::WriteRecords(self.id, writes);
        self.writer.change(change).await.map(drop)
    }

    async fn write_settings(&self, writes: Vec<RecordWrite>) -> Result<(), StoreError> {
        let change = Change::WriteSettings(self.id, writes);
        self.writer.change(change).await.map(drop)
    }

    async fn take_due(
        &self,
        kind: &'static str,
        now: Timestamp,
        until: Timestamp,
        limit: u32,
    ) -> Result<Vec<RecordRow>, StoreError> {
        let change = Change::TakeDue(self.id, kind, (now, until), limit);
        match self.writer.change(change).await? {
            Changed::Records(rows) => Ok(rows),
            _ => Ok(Vec::new()),
        }
    }
}

#[async_trait]
impl Lists for SqliteTenant {
    async fn customers(&self, page: &Page<String>) -> Result<Vec<Customer>, StoreError> {
        lists::customers(&self.readers, self.id, page).await
    }

    async fn items(&self, page: &Page<String>) -> Result<Vec<Of<Item>>, StoreError> {
        lists::items(&self.readers, self.id, page).await
    }

    async fn payments(&self, page: &Page<String>) -> Result<Vec<Of<Payment>>, StoreError> {
        lists::payments(&self.readers, self.id, page).await
    }

    async fn tasks(&self, page: &Page<TaskId>) -> Result<Vec<Of<Task>>, StoreError> {
        lists::tasks(&self.readers, self.id, page).await
    }

    async fn effects(
        &self,
        of: EffectsOf,
        after: Option<EffectKey>,
        limit: u32,
    ) -> Result<Vec<Of<Effect>>, StoreError> {
        lists::effects(&self.readers, self.id, of, after, limit).await
    }

    async fn item(&self, reference: &str) -> Result<Option<Of<Item>>, StoreError> {
        lists::item(&self.readers, self.id, reference).await
    }

    async fn payment(&self, reference: &str) -> Result<Option<Of<Payment>>, StoreError> {
        lists::payment(&self.readers, self.id, reference).await
    }

    async fn task(&self, task: TaskId) -> Result<Option<Of<Task>>, StoreError> {
        lists::task(&self.readers, self.id, task).await
    }

    async fn case_of(&self, case: CaseId) -> Result<Option<Of<()>>, StoreError> {
        lists::case_of(&self.readers, self.id, case).await
    }
}

//! The log of what was handed over, read and written for many effects at once.

use std::collections::HashMap;

use regua_storage::records::get_all;
use regua_storage::{RecordWrite, Seen, StoreError};

use super::Parcel;
use super::round::Round;
use crate::open::chain;
use crate::post::prepare;
use crate::post::records::Delivery;

impl Round {
    /// Reads what became of effects so far, and makes what systems are to be told of them. That
    /// is kept before any of it leaves: a node that dies in between posts the same bytes again.
    pub(super) async fn prepare(&self, parcels: &mut [Parcel]) -> Result<(), StoreError> {
        let store = &*self.open.store;
        let ids: Vec<String> = parcels.iter().map(Parcel::key).collect();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let kept = get_all::<Delivery>(store, &ids).await?.into_iter();
        let mut kept: HashMap<_, _> = kept.map(|kept| (kept.id, kept.value)).collect();
        let mut made = Vec::new();
        for parcel in parcels {
            if let Some(log) = kept.remove(&parcel.key()) {
                parcel.log = log;
            }
            if prepare(parcel) {
                made.push(parcel.logged()?);
            }
        }
        if made.is_empty() {
            return Ok(());
        }
        store.write_records(made).await
    }

    /// Notes what came of a try.
    pub(super) fn log(&mut self, parcel: &Parcel) {
        if parcel.log.attempts.is_empty() {
            return;
        }
        match parcel.logged() {
            Ok(write) => self.logs.push(write),
            Err(error) => lost(&parcel.key(), &error),
        }
    }

    /// Writes down what was noted. The world has its answer: what it took is not sent again for
    /// want of a log.
    pub(super) async fn write_logs(&mut self) {
        let logs = std::mem::take(&mut self.logs);
        let Some(first) = logs.first().map(|log| log.id.clone()) else {
            return;
        };
        if let Err(error) = self.open.store.write_records(logs).await {
            lost(&first, &error);
        }
    }
}

impl Parcel {
    /// The effect's key, under which the log has it.
    pub(crate) fn key(&self) -> String {
        self.effect.key.to_string()
    }

    /// What the log is to have of it.
    pub(crate) fn logged(&self) -> Result<RecordWrite, StoreError> {
        RecordWrite::put(self.key(), Seen::Anything, &self.log, None)
    }
}

fn lost(first: &str, error: &StoreError) {
    let error = chain(error);
    tracing::error!(first, error, "tries are not in the log");
}

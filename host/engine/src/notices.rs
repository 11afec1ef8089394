//! Notices: what happened, made for the endpoints that asked to be told, and written with the
//! commit of what happened.

use regua_delivery::payload::{data, event};
use regua_domain::determinism::NonDeterminism;
use regua_domain::dossier::{Dossier, Journal};
use regua_domain::event::{EventId, EventType};
use regua_domain::rollout::EndedCanary;
use regua_domain::time::Timestamp;
use regua_domain::timeline::TimelineEntry;
use regua_storage::record::to_json;
use regua_storage::{NewRecord, RecordWrite, Seen, StoreError};

use crate::Open;
use crate::post::outlets::Listener;
use crate::post::records::{Delivery, event_key};

/// The notices of what a commit appends to a customer's timeline: one an event and endpoint, so
/// that none holds up another. `after` is the dossier as the commit leaves it.
pub(crate) fn of(
    open: &Open,
    after: &Dossier,
    journal: &Journal,
    now: Timestamp,
) -> Result<Vec<NewRecord>, StoreError> {
    if open.outlets.listeners.is_empty() {
        return Ok(Vec::new());
    }
    let mut notices = Vec::new();
    for entry in &journal.timeline {
        notices.extend(of_entry(open, after, entry, now)?);
    }
    Ok(notices)
}

fn of_entry(
    open: &Open,
    after: &Dossier,
    entry: &TimelineEntry,
    now: Timestamp,
) -> Result<Vec<NewRecord>, StoreError> {
    let Some(kind) = EventType::of(&entry.what) else {
        return Ok(Vec::new());
    };
    let listeners = open.outlets.listeners.iter();
    let mut listeners = listeners
        .filter(|listener| listener.types.contains(&kind))
        .peekable();
    if listeners.peek().is_none() {
        return Ok(Vec::new());
    }
    let Some(event) = event::of(after, entry, sender(open)) else {
        return Ok(Vec::new());
    };
    let payload = to_json("event", &event)?;
    let id = EventId::of(after.customer.id, entry);
    listeners
        .map(|listener| {
            let delivery = delivery(kind, listener, &payload, now);
            NewRecord::of(event_key(id, &listener.endpoint), &delivery, Some(now))
        })
        .collect()
}

fn sender(open: &Open) -> data::Tenant {
    data::Tenant {
        id: open.row.id.to_string(),
        name: open.tenant.policy.display_name.clone(),
    }
}

fn delivery(kind: EventType, listener: &Listener, payload: &str, now: Timestamp) -> Delivery {
    Delivery {
        kind: kind.name().to_owned(),
        event_at: Some(now),
        endpoint: Some(listener.endpoint.clone()),
        payload: Some(payload.to_owned()),
        attempts: Vec::new(),
    }
}

/// That a workflow's version on trial was taken back.
pub(crate) fn of_canary(
    open: &Open,
    workflow: &str,
    active: u32,
    ended: &EndedCanary,
) -> Result<Vec<RecordWrite>, StoreError> {
    let (id, at) = (open.row.id, ended.at);
    let event = event::of_canary(id, sender(open), workflow, active, ended);
    let kind = EventType::WorkflowCanaryTakenBack;
    of_tenant(open, kind, (workflow, at), &event)
}

/// That a plugin answers differently to equal input.
pub(crate) fn of_non_determinism(
    open: &Open,
    found: &NonDeterminism,
) -> Result<Vec<RecordWrite>, StoreError> {
    let event = event::of_non_determinism(open.row.id, sender(open), found);
    let kind = EventType::PluginNonDeterministic;
    of_tenant(open, kind, (&found.plugin, found.at), &event)
}

/// What happened to something of a tenant's, of a name and at an instant.
fn of_tenant(
    open: &Open,
    kind: EventType,
    (name, at): (&str, Timestamp),
    event: &event::Event,
) -> Result<Vec<RecordWrite>, StoreError> {
    let payload = to_json("event", event)?;
    let listeners = open.outlets.listeners.iter();
    listeners
        .filter(|listener| listener.types.contains(&kind))
        .map(|listener| {
            let delivery = delivery(kind, listener, &payload, at);
            let id = EventId::of_tenant(open.row.id, name, at);
            let key = event_key(id, &listener.endpoint);
            RecordWrite::put(key, Seen::Anything, &delivery, Some(at))
        })
        .collect()
}

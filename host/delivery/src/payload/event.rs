//! What systems are told of what happened: thin on purpose. An event names the tenant's own
//! references, amounts and ends; who the debtor is and what they were written, its receiver
//! reads by the API, if it may.

mod about;
mod documented;
mod read;

use regua_domain::determinism::NonDeterminism;
use regua_domain::dossier::Dossier;
use regua_domain::event::{EventId, EventType};
use regua_domain::id::TenantId;
use regua_domain::money::Currency;
use regua_domain::rollout::EndedCanary;
use regua_domain::time::Timestamp;
use regua_domain::timeline::TimelineEntry;
use schemars::JsonSchema;
use serde::Serialize;

use super::data;

pub use about::{About, AboutPlugin, AboutRollout};
pub use documented::{Example, examples};

/// An event: what happened, once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "WebhookEvent")]
pub struct Event {
    /// What happened, e.g. `case.opened`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// When, RFC 3339 in UTC; the same at each try.
    #[schemars(extend("format" = "date-time"))]
    pub timestamp: String,
    /// To whom and what.
    pub data: EventData,
}

/// To whom something happened, and what is known of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "WebhookEventData")]
pub struct EventData {
    /// Names the event for ever, as the header `webhook-id` does: an event that comes again
    /// bears the same.
    pub id: String,
    /// Its number on the customer's timeline, where it is about one. Events may come in any
    /// order: of one customer, they happened in the order of their numbers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<u64>,
    /// Whose it is.
    pub tenant: data::Tenant,
    /// The customer, where it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer: Option<data::Account>,
    /// The case, where it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub case: Option<EventCase>,
    /// What is known of it.
    #[serde(flatten)]
    pub about: About,
}

/// The case that something happened in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "WebhookCase")]
pub struct EventCase {
    /// Its id.
    pub id: String,
    /// The workflow that it follows.
    pub workflow: String,
    /// Counts that workflow's versions from 1.
    pub workflow_version: u32,
    /// ISO 4217.
    #[schemars(regex(pattern = "^[A-Z]{3}$"))]
    pub currency: String,
}

/// What an entry of a customer's timeline tells systems; none where it tells them nothing. The
/// dossier is as it is after what happened.
pub fn of(dossier: &Dossier, entry: &TimelineEntry, tenant: data::Tenant) -> Option<Event> {
    let kind = EventType::of(&entry.what)?;
    let case = entry.case.and_then(|id| dossier.case(id));
    let currency: Option<Currency> = case.map(|case| case.currency);
    Some(Event {
        kind: kind.name(),
        timestamp: entry.at.to_rfc3339(),
        data: EventData {
            id: EventId::of(dossier.customer.id, entry).to_string(),
            number: Some(entry.number),
            tenant,
            customer: Some(data::Account {
                id: dossier.customer.id.to_string(),
                reference: dossier.customer.reference.clone(),
            }),
            case: case.map(|case| EventCase {
                id: case.id.to_string(),
                workflow: case.workflow.name.clone(),
                workflow_version: case.workflow.version,
                currency: case.currency.to_string(),
            }),
            about: About::of(dossier, entry, currency),
        },
    })
}

/// That a version on trial was taken back.
pub fn of_canary(
    id: TenantId,
    tenant: data::Tenant,
    workflow: &str,
    active: u32,
    ended: &EndedCanary,
) -> Event {
    let EndedCanary { canary, trial, .. } = ended;
    let about = About {
        rollout: Some(AboutRollout {
            workflow: workflow.to_owned(),
            version: canary.version,
            active,
            calls: trial.calls,
            refusals: trial.refusals,
            failures: trial.failures,
        }),
        reason: Some(ended.because.clone()),
        ..About::default()
    };
    let kind = EventType::WorkflowCanaryTakenBack;
    of_tenant(kind, (id, tenant), (workflow, ended.at), about)
}

/// That a plugin version answers differently to equal input.
pub fn of_non_determinism(id: TenantId, tenant: data::Tenant, found: &NonDeterminism) -> Event {
    let about = About {
        plugin: Some(AboutPlugin {
            plugin: found.plugin.clone(),
            digest: found.digest.clone(),
            case: found.case.to_string(),
            sequence: found.sequence,
            stage: found.stage.clone(),
        }),
        reason: Some(found.how.name().to_owned()),
        ..About::default()
    };
    let kind = EventType::PluginNonDeterministic;
    of_tenant(kind, (id, tenant), (&found.plugin, found.at), about)
}

/// What happened to something of a tenant's, of a name and at an instant.
fn of_tenant(
    kind: EventType,
    (id, tenant): (TenantId, data::Tenant),
    (name, at): (&str, Timestamp),
    about: About,
) -> Event {
    Event {
        kind: kind.name(),
        timestamp: at.to_rfc3339(),
        data: EventData {
            id: EventId::of_tenant(id, name, at).to_string(),
            number: None,
            tenant,
            customer: None,
            case: None,
            about,
        },
    }
}

#[cfg(test)]
mod tests;

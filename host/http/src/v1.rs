//! Version 1 of the API: one file a resource.

mod acts;
mod audit;
mod backtests;
mod calendars;
mod cases;
mod clock;
mod covers;
pub(crate) mod customers;
mod debtors;
mod decisions;
mod deliveries;
mod disputes;
mod effects;
pub(crate) mod events;
mod imports;
pub(crate) mod invoices;
mod keys;
mod ledger;
mod metrics;
mod offers;
pub(crate) mod payments;
mod placements;
mod plugin_keys;
mod plugins;
mod policy;
mod quota;
mod replays;
mod scenarios;
mod sender;
mod tasks;
mod templates;
mod tenants;
mod timelines;
mod webhook_endpoints;
mod workflows;

use crate::endpoint::Endpoint;
use crate::key::Role;

/// Who may look at a tenant's cases and customers.
const READERS: &[Role] = &[Role::Admin, Role::Developer, Role::Agent, Role::Viewer];
/// Whoever is a tenant's.
const TENANTS_OWN: &[Role] = &[
    Role::Admin,
    Role::Developer,
    Role::Agent,
    Role::Ingest,
    Role::Viewer,
];
/// Who tells what a billing system knows.
const BILLING: &[Role] = &[Role::Admin, Role::Ingest];
/// Who works on cases.
const DESK: &[Role] = &[Role::Admin, Role::Agent];
/// Who tells what a debtor answered: people, and the pages that debtors see.
const ANSWERS: &[Role] = &[Role::Admin, Role::Agent, Role::Ingest];
/// Who runs the host.
const OPERATOR: &[Role] = &[Role::Operator];
/// Who puts plugins, templates and workflows on a tenant's shelf, and moves a sandbox's clock.
const SHELF: &[Role] = &[Role::Admin, Role::Developer];
/// Who runs a tenant.
const ADMIN: &[Role] = &[Role::Admin];

/// Every endpoint of the version.
pub(crate) fn endpoints() -> Vec<Endpoint> {
    [
        tenants::endpoints(),
        quota::endpoints(),
        keys::endpoints(),
        metrics::endpoints(),
        customers::endpoints(),
        invoices::endpoints(),
        deliveries::endpoints(),
        sender::endpoints(),
        webhook_endpoints::endpoints(),
        payments::endpoints(),
        disputes::endpoints(),
        debtors::endpoints(),
        covers::endpoints(),
        ledger::endpoints(),
        timelines::endpoints(),
        cases::endpoints(),
        decisions::endpoints(),
        replays::endpoints(),
        backtests::endpoints(),
        scenarios::endpoints(),
        events::endpoints(),
        effects::endpoints(),
        offers::endpoints(),
        placements::endpoints(),
        tasks::endpoints(),
        tasks::work::endpoints(),
        plugins::endpoints(),
        plugin_keys::endpoints(),
        templates::endpoints(),
        workflows::endpoints(),
        policy::endpoints(),
        calendars::endpoints(),
        clock::endpoints(),
        audit::endpoints(),
        imports::endpoints(),
    ]
    .concat()
}

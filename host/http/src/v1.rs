//! Version 1 of the API: one file a resource.

mod audit;
mod calendars;
mod clock;
pub(crate) mod customers;
mod imports;
pub(crate) mod invoices;
mod keys;
mod plugins;
mod policy;
mod templates;
mod tenants;
mod workflows;

use crate::endpoint::Endpoint;
use crate::key::Role;

/// Who may look at a tenant's cases and customers.
const READERS: &[Role] = &[Role::Admin, Role::Developer, Role::Agent, Role::Viewer];
/// Who tells what a billing system knows.
const BILLING: &[Role] = &[Role::Admin, Role::Ingest];
/// Who works on cases.
#[allow(dead_code, reason = "the resources that need it come next")]
const DESK: &[Role] = &[Role::Admin, Role::Agent];
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
        keys::endpoints(),
        customers::endpoints(),
        invoices::endpoints(),
        plugins::endpoints(),
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

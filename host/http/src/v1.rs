//! Version 1 of the API: one file a resource.

mod customers;
mod deliveries;
mod invoices;
mod keys;
mod sender;
mod tenants;
mod webhook_endpoints;

use crate::endpoint::Endpoint;
use crate::key::Role;

/// Who may look at a tenant's cases and customers.
const READERS: &[Role] = &[Role::Admin, Role::Developer, Role::Agent, Role::Viewer];
/// Who tells what a billing system knows.
const BILLING: &[Role] = &[Role::Admin, Role::Ingest];
/// Who works on cases.
const DESK: &[Role] = &[Role::Admin, Role::Agent];
/// Who runs the host.
const OPERATOR: &[Role] = &[Role::Operator];
/// Who builds a tenant's ladder.
const BUILDERS: &[Role] = &[Role::Admin, Role::Developer];
/// Who runs a tenant.
const ADMIN: &[Role] = &[Role::Admin];

/// Every endpoint of the version.
pub(crate) fn endpoints() -> Vec<Endpoint> {
    [
        tenants::endpoints(),
        keys::endpoints(),
        customers::endpoints(),
        invoices::endpoints(),
        deliveries::endpoints(),
        sender::endpoints(),
        webhook_endpoints::endpoints(),
    ]
    .concat()
}

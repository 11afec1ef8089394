//! A tenant's settings that are in no store: of a file, or beside something else in one.

use std::path::Path;

use regua_domain::id::TenantId;
use regua_domain::policy::{ChargesOnPaid, Policy};
use regua_domain::time::Timestamp;
use regua_domain::workflow::check::Problem;
use regua_storage::TenantRow;
use serde_json::Value;

use super::document::Document;

/// The defaults of a new tenant.
pub(super) fn plain() -> Policy {
    Policy::new("The tenant", ChargesOnPaid::Keep)
}

/// Of a file. None where it has faults, which were listed.
pub(super) fn of(file: &Path) -> anyhow::Result<Option<Policy>> {
    let Some(document) = Document::read(file)? else {
        return Ok(None);
    };
    match read(&document.value) {
        Ok(policy) => Ok(Some(policy)),
        Err(faults) => {
            document.list(faults);
            Ok(None)
        }
    }
}

/// Of a value, or all of its faults.
pub(super) fn read(value: &Value) -> Result<Policy, Vec<Problem>> {
    let is_sandbox = value["sandbox"] == true;
    let row = TenantRow {
        id: TenantId(uuid::Uuid::nil()),
        name: String::new(),
        policy: plain(),
        clock: is_sandbox.then_some(Timestamp(0)),
        revision: 0,
    };
    regua_engine::policy::read(value, &row)
}

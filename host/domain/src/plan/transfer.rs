//! Whether a case goes on under another version of its workflow.

use super::rewind::is_busy;
use super::{Move, Rule};
use crate::case::Case;
use crate::dossier::Dossier;
use crate::rollout::How;
use crate::tenant::Tenant;

/// A case that restarts waits until nothing hangs on the visit that it is on: of a plan's end, or
/// of what an agency collects, no other would hear.
pub(super) fn transfer(tenant: &Tenant, dossier: &Dossier, case: &Case) -> Option<Move> {
    let destination = tenant.destination(case, || dossier.customer.bucket())?;
    let goes = match destination.how {
        How::Migrates(_) => true,
        How::Restarts => !is_busy(dossier, case),
        How::Strands => false,
    };
    goes.then_some(Move::Host(Rule::Transfer { case: case.id }))
}

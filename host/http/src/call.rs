//! A call: who calls, and what came in, ready to be worked with.

use std::sync::Arc;

use regua_domain::dossier::Dossier;
use regua_domain::id::{CustomerId, TenantId};
use regua_domain::time::Timestamp;
use regua_engine::Open;
use regua_storage::{OPERATOR, TenantRow, TenantStore, Wanted};

use crate::api::Api;
use crate::key::Role;
use crate::problem::{Kind, Problem};

/// Who calls.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    /// The key's id; of whoever is in this process, [`COMMAND_LINE`].
    pub key: String,
    /// What it may do.
    pub role: Role,
    /// Whose it is; of the operator, [`regua_storage::OPERATOR`].
    pub tenant: TenantId,
    /// Their tenant's row as of now, where it was read for this call already.
    pub row: Option<Arc<TenantRow>>,
    /// Whether they are in this process, and bear no key.
    pub is_inside: bool,
}

/// What stands for a key where there is none.
const COMMAND_LINE: &str = "command-line";

impl Caller {
    /// Whoever is in this process: they may do all that may be done for a tenant, or as the
    /// operator.
    pub(crate) fn inside(tenant: TenantId) -> Self {
        let role = if tenant == OPERATOR {
            Role::Operator
        } else {
            Role::Admin
        };
        Self {
            key: COMMAND_LINE.to_owned(),
            role,
            tenant,
            row: None,
            is_inside: true,
        }
    }

    /// By whom something is done to a task; none: whoever claimed it is not looked at.
    pub(crate) fn by(&self) -> Option<String> {
        (!self.is_inside).then(|| self.key.clone())
    }
}

/// What `If-Match` asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum IfMatch {
    /// Nothing was said.
    Absent,
    /// `*`: whatever there is.
    Any,
    /// This version.
    Version(u64),
}

/// One call.
pub(crate) struct Call<P, Q, B> {
    pub api: Arc<Api>,
    pub caller: Caller,
    pub path: P,
    pub query: Q,
    pub body: B,
    pub if_match: IfMatch,
    /// `Idempotency-Key`, where one was given.
    pub idempotency_key: Option<String>,
}

impl<P, Q, B> Call<P, Q, B> {
    /// The caller's part of the store.
    pub(crate) fn store(&self) -> Arc<dyn TenantStore> {
        self.api.engine.store().tenant(self.caller.tenant)
    }

    /// The machine's clock.
    pub(crate) fn host_now(&self) -> Timestamp {
        self.api.engine.clock().now()
    }

    /// The caller's tenant, opened, with its row as it is now.
    pub(crate) async fn tenant(&self) -> Result<Tenancy, Problem> {
        let row = match &self.caller.row {
            Some(row) => Arc::clone(row),
            None => Arc::new(self.store().row().await?),
        };
        let open = self.api.engine.opened_as(&row).await?;
        let now = row.clock.unwrap_or_else(|| self.host_now());
        Ok(Tenancy { row, open, now })
    }

    /// The version that `If-Match` names, which has to be there: two people could edit this.
    pub(crate) fn expected(&self) -> Result<Option<u64>, Problem> {
        match self.if_match {
            IfMatch::Version(version) => Ok(Some(version)),
            IfMatch::Any => Ok(None),
            IfMatch::Absent => Err(Problem::new(
                Kind::NoPrecondition,
                "say which version you change, as `If-Match` with the ETag that you read, or `*`",
            )),
        }
    }
}

/// A tenant as a call works with it.
pub(crate) struct Tenancy {
    /// Its row as it is now.
    pub row: Arc<TenantRow>,
    /// Opened; of this row's revision.
    pub open: Arc<Open>,
    /// The sandbox's clock, or the machine's.
    pub now: Timestamp,
}

impl Tenancy {
    /// Its part of the store.
    pub(crate) fn store(&self) -> &Arc<dyn TenantStore> {
        &self.open.store
    }
}

/// The customer of a reference.
pub(crate) async fn customer(
    store: &dyn TenantStore,
    reference: &str,
) -> Result<CustomerId, Problem> {
    let found = store.find(&[reference.to_owned()]).await?.pop().flatten();
    found.ok_or_else(|| Problem::missing("customer", reference))
}

/// A customer's dossier, with every case there ever was.
pub(crate) async fn dossier(
    store: &dyn TenantStore,
    customer: CustomerId,
) -> Result<Dossier, Problem> {
    let ever = Timestamp(0);
    let mut dossiers = store.load(&[Wanted::from(customer)], ever, ever).await?;
    dossiers
        .pop()
        .ok_or_else(|| Problem::missing("customer", customer))
}

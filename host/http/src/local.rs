//! The API without a network: for whoever is in the same process.

use axum::Router;
use axum::body::{Body, to_bytes};
use http::{Request, Response};
use regua_domain::id::TenantId;
use tower::ServiceExt as _;

use crate::call::Caller;

/// Calls the API in this process, as a server would be called.
#[derive(Debug, Clone)]
pub struct Local {
    router: Router,
    caller: Option<Caller>,
}

impl Local {
    /// A way into a router, see [`crate::router`]; each call bears its key.
    pub const fn new(router: Router) -> Self {
        Self {
            router,
            caller: None,
        }
    }

    /// The same without keys, for one tenant, or as [`regua_storage::OPERATOR`]: whoever may open
    /// the store may do all.
    #[must_use]
    pub fn inside(&self, tenant: TenantId) -> Self {
        Self {
            router: self.router.clone(),
            caller: Some(Caller::inside(tenant)),
        }
    }

    /// Makes one call.
    pub async fn send(&self, request: Request<Vec<u8>>) -> Response<Vec<u8>> {
        let mut request = request.map(Body::from);
        if let Some(caller) = &self.caller {
            request.extensions_mut().insert(caller.clone());
        }
        let answered = self.router.clone().oneshot(request).await;
        let (parts, body) = answered.unwrap_or_else(|never| match never {}).into_parts();
        // What a handler of this process wrote can be read whole.
        let bytes = to_bytes(body, usize::MAX).await.unwrap_or_default();
        Response::from_parts(parts, bytes.into())
    }
}

//! The API without a network: for whoever is in the same process.

use axum::Router;
use axum::body::{Body, to_bytes};
use http::{Request, Response};
use tower::ServiceExt as _;

/// Calls the API in this process, as a server would be called.
#[derive(Debug, Clone)]
pub struct Local(Router);

impl Local {
    /// A way into a router, see [`crate::router`].
    pub const fn new(router: Router) -> Self {
        Self(router)
    }

    /// Makes one call.
    pub async fn send(&self, request: Request<Vec<u8>>) -> Response<Vec<u8>> {
        let answered = self.0.clone().oneshot(request.map(Body::from)).await;
        let (parts, body) = answered.unwrap_or_else(|never| match never {}).into_parts();
        // What a handler of this process wrote can be read whole.
        let bytes = to_bytes(body, usize::MAX).await.unwrap_or_default();
        Response::from_parts(parts, bytes.into())
    }
}

//! The API on a socket.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::Api;

/// Serves until told to stop; calls that were begun are answered then.
pub async fn serve(
    api: &Arc<Api>,
    address: SocketAddr,
    mut stop: watch::Receiver<bool>,
    listening: impl FnOnce(SocketAddr),
) -> std::io::Result<()> {
    let listener = TcpListener::bind(address).await?;
    listening(listener.local_addr()?);
    axum::serve(listener, crate::router(api))
        .with_graceful_shutdown(async move {
            // An error: whoever could say stop is gone, and the process with it.
            let _ = stop.wait_for(|stop| *stop).await;
        })
        .await
}

//! The API on a socket.
//!
//! Whoever can reach the port can connect, so that what a connection costs is bounded before
//! anybody has shown a key: how many there are, how long a request's head may take, and how
//! long those that are open keep a process that was told to stop.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Builder;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

use crate::Api;

/// Connections at once; who comes later waits for a place.
const CONNECTIONS_MAX: usize = 4_096;
/// How long a request's head may take, and a connection may be idle.
const HEAD: Duration = Duration::from_secs(30);
/// How long calls that were begun may take once the process was told to stop.
const DRAIN: Duration = Duration::from_secs(10);
/// The pause where the system lets nobody in, as when it is out of descriptors.
const PAUSE: Duration = Duration::from_millis(100);

/// Serves until told to stop; calls that were begun are answered then, if they do not take long.
///
/// It has threads of its own: on those where batches are worked on, a call would wait for each
/// that is being read or written.
pub async fn serve(
    api: &Arc<Api>,
    listener: std::net::TcpListener,
    stop: watch::Receiver<bool>,
) -> std::io::Result<()> {
    listener.set_nonblocking(true)?;
    let mut threads = Builder::new_multi_thread();
    let threads = threads.thread_name("api").enable_all().build()?;
    let served = threads.spawn(accept(Arc::clone(api), listener, stop)).await;
    threads.shutdown_background();
    served.map_err(std::io::Error::other)?
}

/// Lets callers in until told to stop.
async fn accept(
    api: Arc<Api>,
    listener: std::net::TcpListener,
    mut stop: watch::Receiver<bool>,
) -> std::io::Result<()> {
    let listener = TcpListener::from_std(listener)?;
    // Once for all connections: each of them shares it.
    let router: Router = crate::router(&api).with_state(());
    let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let mut connections = JoinSet::new();
    loop {
        let next = async {
            let place = Arc::clone(&places).acquire_owned().await;
            (listener.accept().await, place)
        };
        let (accepted, place) = tokio::select! {
            next = next => next,
            () = told(&mut stop) => break,
        };
        match accepted {
            Ok((stream, _)) => {
                // An error: the connection is gone already, as its first read will say.
                let _ = stream.set_nodelay(true);
                let (router, stop) = (router.clone(), stop.clone());
                connections.spawn(async move {
                    answer(stream, router, stop).await;
                    drop(place);
                });
            }
            Err(error) => {
                tracing::warn!(%error, "a connection was not accepted");
                tokio::time::sleep(PAUSE).await;
            }
        }
        while connections.try_join_next().is_some() {}
    }
    drop(listener);
    let drained = async { while connections.join_next().await.is_some() {} };
    if tokio::time::timeout(DRAIN, drained).await.is_err() {
        tracing::warn!("connections that did not end are cut off");
    }
    Ok(())
}

/// Answers what comes over one connection.
async fn answer(stream: TcpStream, router: Router, mut stop: watch::Receiver<bool>) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD);
    let service = TowerToHyperService::new(router);
    let mut connection = pin!(http.serve_connection(TokioIo::new(stream), service));
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = told(&mut stop) => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended badly");
    }
}

/// Waits until the process is told to stop.
async fn told(stop: &mut watch::Receiver<bool>) {
    // An error: whoever could say stop is gone, and the process with it.
    let _ = stop.wait_for(|stop| *stop).await.map(drop);
}

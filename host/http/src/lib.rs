//! The admin API: HTTP in front of the engine.
//!
//! Every way to call it is an [`endpoint`](self): one value that says path, method, roles,
//! what is taken and given. Routing, the checks that every call goes through (key, role,
//! rate, size, schema, repeats, audit) and the OpenAPI document are made from it, so that none
//! can be forgotten for one of them.
//!
//! It deliberately decides nothing about dunning: facts are told to the engine, and what is
//! read is read from the store.
#![deny(missing_docs)]

mod api;
mod audit;
mod body;
mod call;
mod docs;
mod endpoint;
mod faults;
mod headers;
mod ids;
mod input;
pub mod jobs;
mod keep;
pub mod key;
mod keyring;
mod limit;
mod local;
mod openapi;
pub mod problem;
mod public;
mod repeat;
mod reply;
mod server;
mod shape;
mod shelf;
mod tell;
mod v1;

use std::num::NonZeroU32;
use std::sync::Arc;

pub use api::{Api, Figures};
pub use keep::keep;
pub use local::Local;
pub use server::serve;

/// How the API is served.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Calls a second that one key may make.
    pub calls_per_second: NonZeroU32,
}

impl Settings {
    /// What the product ships with.
    pub const fn shipped() -> Self {
        Self {
            calls_per_second: NonZeroU32::new(2_000).expect("it is not 0"),
        }
    }
}

/// The router that serves the API.
pub fn router(api: &Arc<Api>) -> axum::Router {
    let endpoints = v1::endpoints();
    api::router(api, &endpoints).merge(docs::router(&endpoints))
}

/// The OpenAPI 3.1 document of the API.
pub fn openapi() -> serde_json::Value {
    openapi::document(&v1::endpoints())
}

//! The audit log: who changed what. An entry is written before a change is made, and its
//! outcome after, so that nothing is done without one.

use std::sync::Arc;

use regua_domain::time::Timestamp;
use regua_storage::{Record, RecordWrite, Seen};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::api::Api;
use crate::endpoint::{Endpoint, Raw};
use crate::key::{Role, Token};
use crate::problem::Problem;
use crate::reply::Written;

/// An entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Audit {
    /// When, milliseconds since 1970.
    #[schemars(with = "i64")]
    pub at: Timestamp,
    /// By which key.
    pub key: String,
    /// In which role.
    pub role: Role,
    /// What: the endpoint's name.
    pub what: String,
    /// On which path.
    pub path: String,
    /// How it ended; none: it was begun, and the host died before it was over.
    pub status: Option<u16>,
    /// What else there is to say of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl Record for Audit {
    const KIND: &'static str = "audit";
}

/// A path without the keys that somebody put into it: of those only the id is kept.
fn without_tokens(path: &str) -> String {
    let segments = path.split('/').map(|segment| {
        let token = Token::parse(segment);
        token.map_or_else(|| segment.to_owned(), |token| token.id)
    });
    segments.collect::<Vec<_>>().join("/")
}

/// Carries a call out, with an entry where the endpoint asks for one.
pub(crate) async fn carried_out(
    api: &Arc<Api>,
    endpoint: &Endpoint,
    path: &str,
    raw: Raw,
) -> Result<Written, Problem> {
    if !endpoint.audited {
        return (endpoint.handler)(Arc::clone(api), raw).await;
    }
    let now = api.engine.clock().now();
    let store = api.engine.store().tenant(raw.caller.tenant);
    let id = crate::ids::ordered(now, &api.chance).simple().to_string();
    let mut entry = Audit {
        at: now,
        key: raw.caller.key.clone(),
        role: raw.caller.role,
        what: endpoint.id.to_owned(),
        path: without_tokens(path),
        status: None,
        note: None,
    };
    let begun = RecordWrite::put(&id, Seen::Nothing, &entry, None)?;
    store.write_records(vec![begun]).await?;
    let result = (endpoint.handler)(Arc::clone(api), raw).await;
    entry.status = Some(match &result {
        Ok(written) => written.status,
        Err(problem) => problem.body().status,
    });
    entry.note = result
        .as_ref()
        .ok()
        .and_then(|written| written.note.clone());
    let ended = RecordWrite::put(&id, Seen::Anything, &entry, None)?;
    if let Err(error) = store.write_records(vec![ended]).await {
        // The change was made, and the log says that it was begun.
        tracing::error!(%error, entry = id, "the outcome of an audited change was not written");
    }
    result
}

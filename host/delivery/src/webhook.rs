//! Webhooks by Standard Webhooks 1.0.0: how effects reach systems.
//!
//! A message bears the effect's key as `webhook-id`, the same at each try: a receiver that
//! keeps the ids it has seen does nothing twice.

mod secret;
mod signature;

use std::time::Instant;

use regua_domain::time::Timestamp;

use crate::attempt::{Attempt, Next, Trying, chain, one_line};
use crate::network::{Network, PostError, Response};

pub use secret::{Secret, SecretError};
pub use signature::{Signed, TOLERANCE_SECONDS, VerifyError, sign, verify};

/// Where to.
#[derive(Debug, Clone, Copy)]
pub struct Endpoint<'a> {
    /// An address that [`Network::check_url`] admits.
    pub url: &'a str,
    /// All that are in use, the newest first; at least one.
    pub secrets: &'a [Secret],
}

/// What.
#[derive(Debug, Clone, Copy)]
pub struct Hook<'a> {
    /// The effect's key.
    pub id: &'a str,
    /// JSON.
    pub body: &'a [u8],
}

/// Posts a message once, and says what follows.
pub async fn deliver(
    network: &Network,
    endpoint: Endpoint<'_>,
    hook: Hook<'_>,
    trying: Trying<'_>,
) -> Attempt {
    if endpoint.secrets.is_empty() {
        return unsigned(trying);
    }
    let seconds = trying.now.0.div_euclid(1000);
    let headers = [
        ("content-type", "application/json".to_owned()),
        ("webhook-id", hook.id.to_owned()),
        ("webhook-timestamp", seconds.to_string()),
        (
            "webhook-signature",
            sign(hook.id, seconds, hook.body, endpoint.secrets),
        ),
    ];
    let began = Instant::now();
    let answer = network.post(endpoint.url, &headers, hook.body.to_vec());
    let answer = answer.await;
    let ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    match answer {
        Ok(response) => answered(&response, ms, trying),
        Err(error) => unanswered(&error, ms, trying),
    }
}

/// Nothing leaves that its receiver could not tell from a stranger's.
fn unsigned(trying: Trying<'_>) -> Attempt {
    Attempt {
        at: trying.now,
        ms: 0,
        status: None,
        code: "no-secret".to_owned(),
        detail: "the endpoint has no secret to sign with".to_owned(),
        next: Next::Failed,
    }
}

fn answered(response: &Response, ms: u64, trying: Trying<'_>) -> Attempt {
    let status = response.status;
    let next = match status {
        200..=299 => Next::Done,
        410 => Next::Gone,
        _ => again(trying, asked_ms(response, trying.now)),
    };
    Attempt {
        at: trying.now,
        ms,
        status: Some(status),
        code: match next {
            Next::Done => "accepted".to_owned(),
            _ => format!("http-{status}"),
        },
        detail: one_line(&String::from_utf8_lossy(&response.body)),
        next,
    }
}

fn unanswered(error: &PostError, ms: u64, trying: Trying<'_>) -> Attempt {
    Attempt {
        at: trying.now,
        ms,
        status: None,
        code: error.code().to_owned(),
        detail: chain(error),
        next: again(trying, None),
    }
}

fn again(trying: Trying<'_>, asked_ms: Option<i64>) -> Next {
    let failed = trying.failed.saturating_add(1);
    trying
        .schedule
        .next(failed, asked_ms, trying.now, trying.chance)
        .map_or(Next::Failed, |not_before| Next::Again { not_before })
}

/// How long a receiver that has too much to do asks to be left alone: seconds, or a date.
fn asked_ms(response: &Response, now: Timestamp) -> Option<i64> {
    if !matches!(response.status, 429 | 503) {
        return None;
    }
    let text = response.retry_after.as_deref()?.trim();
    if let Ok(seconds) = text.parse::<u32>() {
        return Some(i64::from(seconds) * 1000);
    }
    let date = httpdate::parse_http_date(text).ok()?;
    let since = date.duration_since(std::time::UNIX_EPOCH).ok()?;
    Some(i64::try_from(since.as_millis()).ok()?.saturating_sub(now.0))
}

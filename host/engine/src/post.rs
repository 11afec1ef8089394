//! The post: what leaves a live host, over the transports of [`regua_delivery`].

mod hooks;
mod mail;
pub(crate) mod outlets;
pub mod records;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use regua_delivery::attempt::{Attempt, Next, Trying};
use regua_delivery::email::Mailer;
use regua_delivery::key::Keys;
use regua_delivery::network::Network;
use regua_delivery::schedule::Schedule;
use regua_domain::effect::Effect;
use regua_domain::time::MINUTE_MS;

use tracing::Instrument as _;

use crate::deliver::{Handed, Parcel};
use crate::measure;
use crate::open::chain;
use crate::{Chance, Clock, Engine, EngineError};
pub(crate) use hooks::prepare;
use outlets::Way;
pub use outlets::endpoints;
use records::Delivery;

/// Endpoints of a tenant at most.
pub const ENDPOINTS_MAX: u32 = 100;
/// Tries that the log of one effect has at most.
const ATTEMPTS_MAX: usize = 40;

/// What leaves the host, and how.
pub struct Post {
    /// The way out to systems.
    pub network: Network,
    /// The operator's relay, where there is one.
    pub mailer: Option<Mailer>,
    /// What secrets are sealed with, where it is configured.
    pub keys: Option<Keys>,
    /// Where this host is reached from outside: `https://…`, without a slash at its end.
    pub public_url: Option<String>,
    /// Where chance comes from.
    pub chance: Chance,
    /// The machine's clock.
    pub clock: Arc<dyn Clock>,
}

/// What endpoints and the log call an effect.
pub fn kind_of(effect: &Effect) -> String {
    match &effect.letter {
        Some(letter) => format!("message.{}", letter.channel.name()),
        None => format!("effect.{}", effect.kind().name()),
    }
}

impl Post {
    /// Hands an effect over. It may be the second time, under the same key: a node may have died
    /// between the world's yes and its own note of it.
    pub(crate) async fn hand_over(&self, engine: &Engine, parcel: &mut Parcel) -> Handed {
        let span = tracing::info_span!(
            "hand-over",
            tenant = parcel.open.row.name,
            case = %parcel.effect.key.case,
            sequence = parcel.effect.key.sequence,
        );
        match self.try_once(engine, parcel).instrument(span).await {
            Ok(handed) => handed,
            Err(error) => {
                let error = chain(&error);
                tracing::error!(key = %parcel.effect.key, error, "an effect cannot be handed over");
                Handed::Later { after_ms: 60_000 }
            }
        }
    }

    async fn try_once(&self, engine: &Engine, parcel: &mut Parcel) -> Result<Handed, EngineError> {
        // It may have waited for others of its batch: by now another endpoint may be there.
        parcel.open = engine.lately(parcel.open.row.id).await?;
        let way = parcel.open.outlets.way(&parcel.effect);
        let schedule = match way {
            Way::Mail => Schedule::of_email(),
            _ => Schedule::of_webhooks(),
        };
        let trying = self.trying(parcel.handing.tries, &schedule);
        let attempt = match way {
            Way::ByHand => return Ok(Handed::ByHand),
            Way::Mail => self.mail(parcel, trying).await,
            Way::Hook(endpoint) => self.hook(parcel, &endpoint, trying).await?,
            Way::Nowhere => nowhere("no-endpoint", trying),
        };
        let handed = handed(&attempt, parcel);
        let kind = &parcel.log.kind;
        measure::tried(&parcel.open.row.name, kind, &attempt.code);
        tracing::info!(
            tenant = parcel.open.row.name,
            case = %parcel.effect.key.case,
            sequence = parcel.effect.key.sequence,
            kind,
            code = attempt.code,
            "tried to hand over"
        );
        if !who_mends(&attempt.code).is_empty() {
            Self::warn(parcel, &attempt);
        }
        note(&mut parcel.log, attempt);
        Ok(handed)
    }

    /// Says, once a minute at most, that something reaches nobody until somebody configures more.
    fn warn(parcel: &Parcel, attempt: &Attempt) {
        static LAST: AtomicI64 = AtomicI64::new(0);
        let now = attempt.at.0;
        let last = LAST.load(Ordering::Relaxed);
        if now - last >= MINUTE_MS && LAST.swap(now, Ordering::Relaxed) == last {
            let tenant = &parcel.open.row.name;
            let (code, because) = (&attempt.code, &attempt.detail);
            tracing::warn!(tenant, code, because, "what waits reaches nobody");
        }
    }

    fn trying<'a>(&self, failed: u32, schedule: &'a Schedule) -> Trying<'a> {
        let mut bytes = [0; 8];
        (self.chance)(&mut bytes);
        Trying {
            failed,
            schedule,
            now: self.clock.now(),
            chance: u64::from_be_bytes(bytes),
        }
    }
}

/// Who has to do what, so that something reaches somebody.
fn who_mends(code: &str) -> &'static str {
    match code {
        "no-relay" => "the operator has configured no mail relay (REGUA_SMTP_HOST)",
        "no-verified-sender" => {
            "the tenant has no verified sender: PUT /v1/sender, then POST /v1/sender/verification"
        }
        "no-endpoint" => "no webhook endpoint of the tenant's handles this kind",
        "secret-unreadable" => "none of REGUA_SECRET_KEYS opens the endpoint's secret",
        _ => "",
    }
}

/// A try that reached nobody, because nobody is there yet.
fn nowhere(code: &str, trying: Trying<'_>) -> Attempt {
    let schedule = trying.schedule;
    let next = schedule.next(trying.failed + 1, None, trying.now, trying.chance);
    Attempt {
        at: trying.now,
        ms: 0,
        status: None,
        code: code.to_owned(),
        detail: who_mends(code).to_owned(),
        next: next.map_or(Next::Failed, |not_before| Next::Again { not_before }),
    }
}

fn handed(attempt: &Attempt, parcel: &Parcel) -> Handed {
    let code = attempt.code.clone();
    match attempt.next {
        Next::Done => Handed::Done,
        Next::Again { not_before } => Handed::Later {
            after_ms: not_before.0 - parcel.now.0,
        },
        // The endpoint is gone, not the effect: the tenant may name another.
        Next::Gone if parcel.log.endpoint.is_some() => Handed::Later {
            after_ms: 5 * MINUTE_MS,
        },
        Next::Gone => Handed::Bounced { code },
        Next::Failed => Handed::Failed { code },
    }
}

pub(crate) fn note(log: &mut Delivery, attempt: Attempt) {
    log.attempts.push(attempt);
    if log.attempts.len() > ATTEMPTS_MAX {
        log.attempts.remove(0);
    }
}

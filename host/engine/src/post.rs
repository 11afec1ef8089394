//! The post: the courier of a live host, over the transports of [`regua_delivery`].

mod hooks;
mod mail;
pub mod records;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use async_trait::async_trait;
use regua_delivery::attempt::{Attempt, Next, Trying};
use regua_delivery::email::Mailer;
use regua_delivery::key::Keys;
use regua_delivery::network::Network;
use regua_delivery::schedule::Schedule;
use regua_domain::contract::Channel;
use regua_domain::effect::Effect;
use regua_domain::time::MINUTE_MS;
use regua_storage::records::{get, list};
use regua_storage::{Kept, RecordWrite, RecordsQuery, Seen, StoreError, TenantStore};

use tracing::Instrument as _;

use crate::announce::Notice;
use crate::deliver::{Courier, Handed, Parcel};
use crate::measure;
use crate::open::chain;
use crate::{Chance, Clock};
use records::{Delivery, Endpoint};

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

/// How an effect leaves.
#[derive(Debug)]
enum Way {
    Mail,
    Hook(Kept<Endpoint>),
    ByHand,
    /// Nobody takes it: in a word.
    Nowhere(&'static str),
}

/// What endpoints and the log call an effect.
pub fn kind_of(effect: &Effect) -> String {
    match &effect.letter {
        Some(letter) => format!("message.{}", letter.channel.name()),
        None => format!("effect.{}", effect.kind().name()),
    }
}

#[async_trait]
impl Courier for Post {
    async fn hand_over(&self, parcel: Parcel) -> Handed {
        let span = tracing::info_span!(
            "hand-over",
            tenant = parcel.open.row.name,
            case = %parcel.effect.key.case,
            sequence = parcel.effect.key.sequence,
        );
        match self.try_once(&parcel).instrument(span).await {
            Ok(handed) => handed,
            Err(error) => {
                let error = chain(&error);
                tracing::error!(key = %parcel.effect.key, error, "an effect cannot be handed over");
                Handed::Later { after_ms: 60_000 }
            }
        }
    }

    async fn announce(&self, notice: &Notice) -> Attempt {
        self.tell(notice).await
    }
}

impl Post {
    async fn try_once(&self, parcel: &Parcel) -> Result<Handed, StoreError> {
        let store = &*parcel.open.store;
        let kind = kind_of(&parcel.effect);
        let id = parcel.effect.key.to_string();
        let mut log = get::<Delivery>(store, &id).await?.map_or_else(
            || Delivery {
                kind: kind.clone(),
                event_at: None,
                endpoint: None,
                payload: None,
                attempts: Vec::new(),
            },
            |kept| kept.value,
        );
        let way = self.way(store, parcel, &kind).await?;
        let schedule = match way {
            Way::Mail => Schedule::of_email(),
            _ => Schedule::of_webhooks(),
        };
        let trying = self.trying(parcel.tries, &schedule);
        let attempt = match way {
            Way::ByHand => return Ok(Handed::ByHand),
            Way::Mail => self.mail(parcel, trying).await?,
            Way::Hook(endpoint) => {
                log.endpoint = Some(endpoint.id.clone());
                self.hook(parcel, &endpoint, &mut log, trying).await?
            }
            Way::Nowhere(code) => nowhere(code, trying),
        };
        let handed = handed(&attempt, &log, parcel);
        measure::tried(&parcel.open.row.name, &kind, &attempt.code);
        tracing::info!(
            tenant = parcel.open.row.name,
            case = %parcel.effect.key.case,
            sequence = parcel.effect.key.sequence,
            kind,
            code = attempt.code,
            "tried to hand over"
        );
        if !attempt.detail.is_empty() && attempt.ms == 0 {
            Self::warn(parcel, &attempt);
        }
        note(&mut log, attempt);
        if let Err(error) = keep(store, &id, &log).await {
            // The world has its answer: what it took is not sent again for want of a log.
            tracing::error!(key = id, error = chain(&error), "a try is not in the log");
        }
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

    async fn way(
        &self,
        store: &dyn TenantStore,
        parcel: &Parcel,
        kind: &str,
    ) -> Result<Way, StoreError> {
        let channel = parcel.effect.letter.as_ref().map(|letter| &letter.channel);
        if channel == Some(&Channel::Email) {
            return Ok(Way::Mail);
        }
        let endpoints = endpoints(store).await?;
        let takes = |kept: &Kept<Endpoint>| {
            kept.value.disabled.is_none() && kept.value.handles.contains(kind)
        };
        Ok(match endpoints.into_iter().find(takes) {
            Some(endpoint) => Way::Hook(endpoint),
            None if channel == Some(&Channel::Phone) => Way::ByHand,
            None => Way::Nowhere("no-endpoint"),
        })
    }
}

async fn keep(store: &dyn TenantStore, id: &str, log: &Delivery) -> Result<(), StoreError> {
    let write = RecordWrite::put(id, Seen::Anything, log, None)?;
    store.write_records(vec![write]).await
}

/// All endpoints of a tenant.
pub async fn endpoints(store: &dyn TenantStore) -> Result<Vec<Kept<Endpoint>>, StoreError> {
    let all = RecordsQuery {
        limit: ENDPOINTS_MAX,
        ..RecordsQuery::default()
    };
    list::<Endpoint>(store, &all).await
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

fn handed(attempt: &Attempt, log: &Delivery, parcel: &Parcel) -> Handed {
    let code = attempt.code.clone();
    match attempt.next {
        Next::Done => Handed::Done,
        Next::Again { not_before } => Handed::Later {
            after_ms: not_before.0 - parcel.now.0,
        },
        // The endpoint is gone, not the effect: the tenant may name another.
        Next::Gone if log.endpoint.is_some() => Handed::Later {
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

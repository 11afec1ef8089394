//! Effects handed to systems, and events that they are told of.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use regua_delivery::attempt::{Attempt, Next, Trying};
use regua_delivery::payload;
use regua_delivery::schedule::Schedule;
use regua_delivery::seal::{self, Purpose};
use regua_delivery::webhook::{self, Hook, Secret};
use regua_domain::id::TenantId;
use regua_domain::time::Timestamp;
use regua_storage::{Kept, RecordWrite, Seen, StoreError, TenantStore};

use super::outlets::Way;
use super::records::{Delivery, Disabled, Endpoint, message_id};
use super::{Post, note, nowhere};
use crate::announce::Notice;
use crate::deliver::Parcel;
use crate::measure;
use crate::open::chain;

impl Post {
    pub(super) async fn hook(
        &self,
        parcel: &mut Parcel,
        endpoint: &Kept<Endpoint>,
        trying: Trying<'_>,
    ) -> Result<Attempt, StoreError> {
        parcel.log.endpoint = Some(endpoint.id.clone());
        if parcel.log.payload.is_none() {
            if let Err(error) = write_down(parcel) {
                tracing::error!(key = %parcel.effect.key, %error, "an effect has no payload");
                return Ok(Attempt {
                    next: Next::Failed,
                    ..nowhere("no-payload", trying)
                });
            }
            // The endpoint came to be since the batch was prepared.
            parcel
                .open
                .store
                .write_records(vec![parcel.logged()?])
                .await?;
        }
        let (id, log) = (parcel.key(), &parcel.log);
        let attempt = self
            .post(parcel.open.row.id, endpoint, &id, log, trying)
            .await;
        if attempt.next == Next::Gone {
            disable(&*parcel.open.store, endpoint, trying.now).await?;
        }
        Ok(attempt)
    }

    /// Tells an endpoint of an event, once. It may be the second time, under the same id.
    pub(crate) async fn announce(&self, notice: &Notice) -> Attempt {
        let Notice {
            open,
            endpoint,
            event,
        } = notice;
        let schedule = Schedule::of_webhooks();
        let failed = u32::try_from(event.value.attempts.len()).unwrap_or(u32::MAX);
        let trying = self.trying(failed, &schedule);
        let (id, log) = (&event.id, &event.value);
        let attempt = self.post(open.row.id, endpoint, id, log, trying).await;
        if attempt.next == Next::Gone
            && let Err(error) = disable(&*open.store, endpoint, trying.now).await
        {
            let error = chain(&error);
            tracing::error!(endpoint = endpoint.id, error, "it is gone and not disabled");
        }
        measure::tried(&open.row.name, &log.kind, &attempt.code);
        tracing::debug!(
            tenant = open.row.name,
            event = id,
            kind = log.kind,
            code = attempt.code,
            "tried to tell of an event"
        );
        attempt
    }

    /// Posts what the log has once more, whatever came of it before. Where more tries are to
    /// come by themselves, a failure is none of them.
    pub async fn again(
        &self,
        tenant: TenantId,
        endpoint: &Kept<Endpoint>,
        key: &str,
        log: &mut Delivery,
    ) -> Attempt {
        let schedule = Schedule::new(vec![0]);
        let trying = Trying {
            failed: 0,
            schedule: &schedule,
            now: self.clock.now(),
            chance: 0,
        };
        let mut attempt = self.post(tenant, endpoint, key, log, trying).await;
        if attempt.next == Next::Failed && log.event_at.is_some() && !log.is_over() {
            attempt.next = log.last().unwrap_or(Next::Again {
                not_before: trying.now,
            });
        }
        note(log, attempt.clone());
        attempt
    }

    async fn post(
        &self,
        tenant: TenantId,
        endpoint: &Kept<Endpoint>,
        key: &str,
        log: &Delivery,
        trying: Trying<'_>,
    ) -> Attempt {
        let Some(secrets) = self.secrets(tenant, &endpoint.value) else {
            return nowhere("secret-unreadable", trying);
        };
        let to = webhook::Endpoint {
            url: &endpoint.value.url,
            secrets: &secrets,
        };
        let body = log.payload.as_deref().unwrap_or_default().as_bytes();
        let id = message_id(key);
        webhook::deliver(&self.network, to, Hook { id, body }, trying).await
    }

    /// Opens an endpoint's secrets; none where a key is missing.
    fn secrets(&self, tenant: TenantId, endpoint: &Endpoint) -> Option<Vec<Secret>> {
        let keys = self.keys.as_ref()?;
        endpoint
            .secrets
            .iter()
            .map(|sealed| {
                let sealed = STANDARD.decode(sealed).ok()?;
                let opened = seal::open(keys, Purpose::WebhookSecret, tenant, &sealed).ok()?;
                Secret::from_bytes(opened.to_vec()).ok()
            })
            .collect()
    }

    /// Makes a secret: as the tenant is told it, and sealed. None where no key is configured.
    pub fn new_secret(&self, tenant: TenantId) -> Option<(String, String)> {
        let keys = self.keys.as_ref()?;
        let (mut secret, mut nonce) = (vec![0; 32], [0; 24]);
        (self.chance)(&mut secret);
        (self.chance)(&mut nonce);
        let sealed = seal::seal(keys, Purpose::WebhookSecret, tenant, &secret, nonce).ok()?;
        let secret = Secret::from_bytes(secret).ok()?;
        Some((secret.reveal().to_string(), STANDARD.encode(sealed)))
    }
}

/// Makes what a system is to be told of an effect, where one takes it and it was not made
/// before; whether it was made now, and is to be kept before it leaves.
pub(crate) fn prepare(parcel: &mut Parcel) -> bool {
    let is_posted = matches!(parcel.open.outlets.way(&parcel.effect), Way::Hook(_));
    is_posted && parcel.log.payload.is_none() && write_down(parcel).is_ok()
}

fn write_down(parcel: &mut Parcel) -> Result<(), payload::PayloadError> {
    let dossier = &parcel.dossier;
    let sender = payload::Sender {
        id: parcel.open.row.id,
        name: &parcel.open.tenant.policy.display_name,
        today: parcel.now.date_in(dossier.customer.time_zone),
    };
    let message = payload::of(dossier, &parcel.effect, sender)?;
    parcel.log.payload = Some(String::from_utf8_lossy(&message.body).into_owned());
    Ok(())
}

/// Hands nothing more to an endpoint that said it is gone.
async fn disable(
    store: &dyn TenantStore,
    endpoint: &Kept<Endpoint>,
    at: Timestamp,
) -> Result<(), StoreError> {
    let disabled = Endpoint {
        disabled: Some(Disabled {
            at,
            because: "gone".to_owned(),
        }),
        ..endpoint.value.clone()
    };
    let seen = Seen::Version(endpoint.version);
    let write = RecordWrite::put(&endpoint.id, seen, &disabled, None)?;
    match store.write_settings(vec![write]).await {
        // Somebody changed it meanwhile: it may be another's address by now.
        Ok(()) | Err(StoreError::Changed { .. }) => Ok(()),
        Err(error) => Err(error),
    }
}

//! `/v1/sender`: who the tenant's e-mail is from. An address is used once somebody who reads
//! its mail has given a code back.

use axum::http::Method;
use regua_delivery::attempt::{Next, Trying};
use regua_delivery::email::{Mail, Party};
use regua_delivery::schedule::Schedule;
use regua_domain::time::HOUR_MS;
use regua_engine::post::records::{SENDER, Sender};
use regua_storage::{Kept, RecordWrite, Seen, records};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use super::{ADMIN, SHELF};
use crate::call::Call;
use crate::endpoint::{Endpoint, endpoint};
use crate::ids;
use crate::input::{Json, Nothing};
use crate::key::hex;
use crate::problem::{Fault, Kind, Problem};
use crate::reply::Reply;
use crate::shape::{Instant, NoParams};

/// How long a code is good for.
const CODE_MS: i64 = 24 * HOUR_MS;
/// Wrong codes before a new one is needed: of 10^8 codes nobody guesses one in so many tries.
const WRONG_MAX: u32 = 10;

pub(crate) fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint(Method::GET, "/v1/sender", "get_sender", get)
            .says("Who the tenant's e-mail is from", "")
            .roles(SHELF),
        endpoint(Method::PUT, "/v1/sender", "put_sender", put)
            .says(
                "Sets who the tenant's e-mail is from",
                "A code is mailed to the address. Until it is given back to \
                 `/v1/sender/verification`, no e-mail leaves.",
            )
            .roles(ADMIN),
        endpoint(
            Method::POST,
            "/v1/sender/verification",
            "verify_sender",
            verify,
        )
        .says(
            "Gives the code back that was mailed to the sender's address",
            "",
        )
        .roles(ADMIN),
    ]
}

/// A sender as it is set.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = serde_json::json!({
    "address": "billing@acme.example", "name": "Acme billing"
}))]
pub(crate) struct SenderIn {
    /// The address.
    #[schemars(length(min = 3, max = 254))]
    address: String,
    /// As debtors see it; left out, the tenant's display name.
    #[serde(default)]
    #[schemars(length(max = 200))]
    name: String,
    /// Where answers go, if not there.
    #[serde(default)]
    #[schemars(length(min = 3, max = 254))]
    reply_to: Option<String>,
}

/// A sender.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct SenderOut {
    address: String,
    name: String,
    reply_to: Option<String>,
    /// When the code was given back; none: no e-mail leaves yet.
    verified_at: Option<Instant>,
}

impl SenderOut {
    fn of(sender: Sender) -> Self {
        Self {
            address: sender.address,
            name: sender.name,
            reply_to: sender.reply_to,
            verified_at: sender.verified_at.map(Instant::from),
        }
    }
}

async fn known(call: &Call<NoParams, NoParams, impl Send>) -> Result<Kept<Sender>, Problem> {
    let found = records::get::<Sender>(&*call.store(), SENDER).await?;
    found.ok_or_else(|| Problem::new(Kind::NotFound, "no sender is set"))
}

async fn get(call: Call<NoParams, NoParams, Nothing>) -> Result<Reply<Json<SenderOut>>, Problem> {
    let kept = known(&call).await?;
    Ok(Reply::ok(Json(SenderOut::of(kept.value))))
}

async fn put(
    call: Call<NoParams, NoParams, Json<SenderIn>>,
) -> Result<Reply<Json<SenderOut>>, Problem> {
    let post = call.api.post()?;
    let tenancy = call.tenant().await?;
    let Some(mailer) = &post.mailer else {
        let text = "this host has no mail relay: its operator sets one";
        return Err(Problem::new(Kind::Unavailable, text));
    };
    let new = &call.body.0;
    let now = call.host_now();
    let code = code(&call.api.chance);
    let display_name = &tenancy.row.policy.display_name;
    let name = Some(&new.name).filter(|name| !name.is_empty());
    let from = Party {
        name: name.unwrap_or(display_name),
        address: &new.address,
    };
    let key = format!("sender-{}", ids::ordered(now, &call.api.chance).simple());
    let text = format!(
        "{display_name} wants to write to its customers from this address.\n\n\
         The code is {code}. It is good for a day.\n\n\
         If you do not know of this, do nothing: nothing is sent without the code.\n"
    );
    let mail = Mail {
        key: &key,
        from,
        reply_to: new.reply_to.as_deref(),
        to: from,
        subject: &format!("Code to send e-mail from this address: {code}"),
        text: &text,
        html: None,
        locale: "en",
        unsubscribe: None,
    };
    if let Err(fault) = mail.write(now) {
        return Err(Problem::invalid(vec![Fault::at("", fault)]));
    }
    let schedule = Schedule::new(vec![0]);
    let trying = Trying {
        failed: 0,
        schedule: &schedule,
        now,
        chance: 0,
    };
    let attempt = mailer.deliver(&mail, trying).await;
    if attempt.next != Next::Done {
        let text = format!("the code could not be mailed there: {}", attempt.code);
        return Err(Problem::invalid(vec![Fault::at("/address", text)]));
    }
    let sender = Sender {
        address: new.address.clone(),
        name: new.name.clone(),
        reply_to: new.reply_to.clone(),
        code_digest: digest(&code),
        code_sent_at: now,
        wrong_codes: 0,
        verified_at: None,
    };
    let write = RecordWrite::put(SENDER, Seen::Anything, &sender, None)?;
    call.store().write_settings(vec![write]).await?;
    Ok(Reply::ok(Json(SenderOut::of(sender))))
}

/// Eight digits.
fn code(chance: &regua_engine::Chance) -> String {
    let mut bytes = [0; 8];
    chance(&mut bytes);
    format!("{:08}", u64::from_be_bytes(bytes) % 100_000_000)
}

fn digest(code: &str) -> String {
    hex(&Sha256::digest(code.as_bytes()))
}

/// A code given back.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = serde_json::json!({ "code": "01234567" }))]
pub(crate) struct CodeIn {
    /// As it was mailed.
    #[schemars(regex(pattern = r"^[0-9]{8}$"))]
    code: String,
}

async fn verify(
    call: Call<NoParams, NoParams, Json<CodeIn>>,
) -> Result<Reply<Json<SenderOut>>, Problem> {
    let kept = known(&call).await?;
    let now = call.host_now();
    let mut sender = kept.value;
    let fault = |text: &str| Problem::invalid(vec![Fault::at("/code", text)]);
    if sender.wrong_codes >= WRONG_MAX || now > sender.code_sent_at.plus_ms(CODE_MS) {
        return Err(fault(
            "is over: set the sender again, and a new one is mailed",
        ));
    }
    let given = digest(&call.body.0.code);
    let is_right = bool::from(given.as_bytes().ct_eq(sender.code_digest.as_bytes()));
    if is_right {
        sender.verified_at = Some(now);
    } else {
        sender.wrong_codes += 1;
    }
    let write = RecordWrite::put(SENDER, Seen::Version(kept.version), &sender, None)?;
    call.store().write_settings(vec![write]).await?;
    if is_right {
        Ok(Reply::ok(Json(SenderOut::of(sender))))
    } else {
        Err(fault("is another"))
    }
}

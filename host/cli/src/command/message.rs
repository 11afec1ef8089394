//! `regua message`.

use anyhow::Context as _;
use clap::Subcommand;
use regua_domain::effect::EffectKey;
use serde::Deserialize;

use super::case::{in_words, zone};
use crate::client::{Client, local_time};
use crate::exit::Exit;
use crate::out::{put, say};

/// What was written to debtors.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// A message as it went out, or as a sandbox captured it
    Show {
        /// The effect's key, case_<id>.<sequence>.<index>; `case show` and `timeline` tell it
        key: EffectKey,
        /// The HTML part instead of the text
        #[arg(long)]
        html: bool,
    },
}

/// An effect as the API tells of it.
#[derive(Deserialize)]
struct Effect {
    customer: String,
    kind: String,
    stage: String,
    state: String,
    at: String,
    letter: Option<Letter>,
}

#[derive(Deserialize)]
struct Letter {
    purpose: String,
    channel: String,
    address: String,
    locale: String,
    subject: Option<String>,
    text: String,
    html: Option<String>,
}

pub(crate) async fn run(client: &Client, command: Command) -> anyhow::Result<Exit> {
    let Command::Show { key, html } = command;
    let calls = client.tenant().await?;
    let effect: Effect = calls.get(&format!("/v1/effects/{key}")).await?;
    let letter = effect
        .letter
        .with_context(|| format!("effect {key} is no message but {}", effect.kind))?;
    if html {
        let text = letter.html;
        put!(
            "{}\n",
            text.with_context(|| format!("message {key} has no HTML part"))?
        );
        return Ok(Exit::Done);
    }
    let zone = zone(&calls, &effect.customer).await?;
    let state = in_words(&effect.state);
    say!("{state}: {} from stage {}", letter.purpose, effect.stage);
    say!("at       {}", local_time(&effect.at, zone)?);
    say!("to       {} by {}", letter.address, letter.channel);
    say!("locale   {}", letter.locale);
    if let Some(subject) = &letter.subject {
        say!("subject  {subject}");
    }
    put!("\n{}\n", letter.text);
    Ok(Exit::Done)
}

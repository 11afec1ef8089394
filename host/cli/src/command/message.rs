//! `regua message`.

use anyhow::Context as _;
use clap::Subcommand;
use regua_domain::effect::EffectKey;

use super::case::find;
use crate::exit::Exit;
use crate::out::{put, say};
use crate::session::Session;
use regua_domain::narrate::{Names, word};

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

pub(crate) async fn run(session: &Session, command: Command) -> anyhow::Result<Exit> {
    let Command::Show { key, html } = command;
    let tenancy = session.tenancy().await?;
    let row = find(&tenancy, key.case).await?;
    let dossier = tenancy.dossier(row.customer).await?;
    let effect = dossier
        .effect(key)
        .with_context(|| format!("effect {key} does not exist"))?;
    let letter = effect
        .letter
        .as_ref()
        .with_context(|| format!("effect {key} is no message but {}", effect.kind().name()))?;
    if html {
        let text = letter.rendered.html.as_deref();
        put!(
            "{}\n",
            text.with_context(|| format!("message {key} has no HTML part"))?
        );
        return Ok(Exit::Done);
    }
    let names = Names::of(&dossier);
    say!(
        "{}: {} from stage {}",
        word(&effect.state),
        letter.purpose.name(),
        effect.stage
    );
    say!("at       {}", names.at(effect.at));
    say!("to       {} by {}", letter.address, letter.channel);
    say!("locale   {}", letter.locale);
    if let Some(subject) = &letter.rendered.subject {
        say!("subject  {subject}");
    }
    put!("\n{}\n", letter.rendered.text);
    Ok(Exit::Done)
}

//! `regua customer`.

#![allow(
    clippy::doc_markdown,
    reason = "these comments are the help that people read, where backticks are noise"
)]

use std::path::PathBuf;

use anyhow::Context as _;
use chrono_tz::Tz;
use clap::Subcommand;
use regua_domain::contract::{Channel, CustomerKind};
use regua_domain::customer::{Consent, ContactPoint};
use regua_domain::fact::{CustomerFacts, Fact};
use regua_domain::id::FactId;
use regua_domain::time::Date;

use super::document::Document;
use super::fact::{pair, word};
use crate::client::Client;
use crate::exit::{Exit, Usage};
use crate::telling::Single;
use crate::when::{When, date};

/// Tell who a customer is.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Say all that is known of a customer; it replaces what was said before
    Put(Box<Put>),
}

/// A customer, by flags or from a file.
#[derive(Debug, clap::Args)]
pub struct Put {
    /// The tenant's own key for the customer
    #[arg(long, value_name = "REF")]
    reference: String,
    /// All of it from a YAML or JSON document, instead of by flags
    #[arg(long, value_name = "FILE", conflicts_with_all = ["name", "kind", "locale", "jurisdiction", "time_zone"])]
    file: Option<PathBuf>,
    /// As letters address them
    #[arg(long, required_unless_present = "file")]
    name: Option<String>,
    /// consumer or business
    #[arg(long, required_unless_present = "file", value_parser = word::<CustomerKind>)]
    kind: Option<CustomerKind>,
    /// A language tag such as pt-BR
    #[arg(long, required_unless_present = "file")]
    locale: Option<String>,
    /// ISO 3166-2, or the country alone: BR-SP, DE
    #[arg(long, required_unless_present = "file")]
    jurisdiction: Option<String>,
    /// IANA name, such as America/Sao_Paulo
    #[arg(long, required_unless_present = "file")]
    time_zone: Option<Tz>,
    /// CPF, CNPJ, VAT number
    #[arg(long)]
    tax_number: Option<String>,
    /// A segment; may be given several times
    #[arg(long = "segment", value_name = "NAME")]
    segments: Vec<String>,
    /// An attribute; may be given several times
    #[arg(long = "attribute", value_name = "NAME=VALUE")]
    attributes: Vec<String>,
    /// An address, the preferred first; may be given several times
    #[arg(long = "contact", value_name = "CHANNEL=ADDRESS")]
    contacts: Vec<String>,
    /// Customer since
    #[arg(long, value_name = "DATE", value_parser = date)]
    since: Option<Date>,
    /// When it becomes known; later than the clock: it waits [default: now]
    #[arg(long, value_name = "DATE|INSTANT")]
    at: Option<When>,
    /// The fact's own id [default: a new one]
    #[arg(long, value_name = "FACT_ID")]
    id: Option<FactId>,
}

pub(crate) async fn run(client: &Client, command: Command) -> anyhow::Result<Exit> {
    let Command::Put(put) = command;
    let (customer, id, at) = (put.reference.clone(), put.id, put.at.map(When::timestamp));
    let facts = match &put.file {
        Some(file) => {
            let Some(document) = Document::read(file)? else {
                return Ok(Exit::Faults);
            };
            serde_json::from_value(document.value)
                .with_context(|| format!("{} does not describe a customer", file.display()))?
        }
        None => from_flags(*put)?,
    };
    let single = Single {
        customer,
        id,
        at,
        fact: Fact::Customer(facts),
    };
    client.tenant().await?.tell(single).await?;
    Ok(Exit::Done)
}

fn from_flags(put: Put) -> anyhow::Result<CustomerFacts> {
    let missing = || Usage("name, kind, locale, jurisdiction and time zone are needed".into());
    let contact = |text: &String| -> anyhow::Result<ContactPoint> {
        let (channel, address) = pair("contact", text)?;
        let channel = Channel::try_from(channel)
            .map_err(|error| Usage(format!("--contact {text}: {error}")))?;
        Ok(ContactPoint {
            channel,
            address,
            consent: Consent::Given,
            bounced: false,
        })
    };
    Ok(CustomerFacts {
        name: put.name.ok_or_else(missing)?,
        tax_number: put.tax_number,
        kind: put.kind.ok_or_else(missing)?,
        locale: put.locale.ok_or_else(missing)?,
        jurisdiction: put.jurisdiction.ok_or_else(missing)?,
        time_zone: put.time_zone.ok_or_else(missing)?,
        segments: put.segments,
        attributes: put
            .attributes
            .iter()
            .map(|text| pair("attribute", text))
            .collect::<Result<_, _>>()?,
        methods: Vec::new(),
        contacts: put.contacts.iter().map(contact).collect::<Result<_, _>>()?,
        since: put.since,
    })
}

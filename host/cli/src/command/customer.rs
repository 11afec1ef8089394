//! `regua customer`.

#![allow(
    clippy::doc_markdown,
    reason = "these comments are the help that people read, where backticks are noise"
)]

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use chrono_tz::Tz;
use clap::Subcommand;
use regua_domain::contract::{Channel, CustomerKind};
use regua_domain::customer::{Consent, ContactPoint};
use regua_domain::fact::{CustomerFacts, Fact};
use regua_domain::id::FactId;
use regua_domain::time::Date;
use regua_domain::workflow::check::{Form, read};
use serde_json::Value;

use super::fact::{pair, word};
use crate::exit::{Exit, Usage};
use crate::session::{Session, Single};
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

pub(crate) async fn run(session: &Session, command: Command) -> anyhow::Result<Exit> {
    let Command::Put(put) = command;
    let (customer, id, at) = (put.reference.clone(), put.id, put.at.map(When::timestamp));
    let facts = match &put.file {
        Some(file) => from_file(file)?,
        None => from_flags(*put)?,
    };
    let fact = Fact::Customer(facts);
    session
        .tell(Single {
            customer,
            id,
            at,
            fact,
        })
        .await?;
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

fn from_file(file: &Path) -> anyhow::Result<CustomerFacts> {
    let value = document(file)?;
    serde_json::from_value(value)
        .with_context(|| format!("{} does not describe a customer", file.display()))
}

/// A document of YAML, or JSON where its name ends so.
pub(crate) fn document(file: &Path) -> anyhow::Result<Value> {
    let text =
        std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let is_json = file
        .extension()
        .is_some_and(|extension| extension == "json");
    let form = if is_json { Form::Json } else { Form::Yaml };
    read(&text, form).map_err(|problems| {
        let problems: Vec<_> = problems.iter().map(ToString::to_string).collect();
        anyhow::anyhow!("{}: {}", file.display(), problems.join("; "))
    })
}

//! `regua placement`.

use clap::Subcommand;
use regua_domain::effect::EffectKey;
use regua_domain::fact::{Fact, RemittanceFacts};
use regua_domain::money::Money;
use regua_domain::time::Date;

use super::fact::{FactArgs, money};
use crate::client::Client;
use crate::exit::Exit;
use crate::when::date;

/// Tell of what an agency did with its placement.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// It hands over what it collected
    Remit {
        #[command(flatten)]
        fact: FactArgs,
        /// The placement's key, case_<id>.<sequence>.<index>
        #[arg(long, value_name = "KEY")]
        placement: EffectKey,
        /// The payment's own reference
        #[arg(long, value_name = "REF")]
        reference: String,
        /// What the debtor paid, its commission included, such as "123.45 EUR"
        #[arg(long, value_parser = money)]
        amount: Money,
        /// The day the debtor paid it
        #[arg(long, value_name = "DATE", value_parser = date)]
        paid_on: Date,
        /// An item of the placement that it is for; may be given several times [default: all
        /// of them]. The rest goes to the oldest due
        #[arg(long = "invoice", value_name = "REF")]
        invoices: Vec<String>,
        /// What the agency kept of it
        #[arg(long, value_parser = money)]
        commission: Option<Money>,
    },
    /// It gives the placement back, or items of it
    Return {
        #[command(flatten)]
        fact: FactArgs,
        /// The placement's key, case_<id>.<sequence>.<index>
        #[arg(long, value_name = "KEY")]
        placement: EffectKey,
        /// An item given back; may be given several times [default: all that it still has]
        #[arg(long = "invoice", value_name = "REF")]
        invoices: Vec<String>,
        /// In a word: untraceable, insolvent, term-over, …
        #[arg(long)]
        reason: String,
    },
}

pub(crate) async fn run(client: &Client, command: Command) -> anyhow::Result<Exit> {
    let single = match command {
        Command::Remit {
            fact,
            placement,
            reference,
            amount,
            paid_on,
            invoices,
            commission,
        } => fact.tell(Fact::PlacementRemitted(RemittanceFacts {
            placement,
            reference,
            amount,
            paid_on,
            invoices,
            commission,
        })),
        Command::Return {
            fact,
            placement,
            invoices,
            reason,
        } => fact.tell(Fact::PlacementReturned {
            placement,
            invoices,
            reason,
        }),
    };
    client.tenant().await?.tell(single).await?;
    Ok(Exit::Done)
}

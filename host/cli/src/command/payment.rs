//! `regua payment`.

use clap::Subcommand;
use regua_domain::fact::{Fact, PaymentFacts};
use regua_domain::money::Money;
use regua_domain::time::Date;

use super::fact::{FactArgs, money};
use crate::client::Client;
use crate::exit::Exit;
use crate::when::date;

/// Tell of a payment.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Money came, or is on its way
    Add {
        #[command(flatten)]
        fact: FactArgs,
        /// The payment's own reference
        #[arg(long, value_name = "REF")]
        reference: String,
        /// Such as "123.45 EUR"
        #[arg(long, value_parser = money)]
        amount: Money,
        /// The day it counts from
        #[arg(long, value_name = "DATE", value_parser = date)]
        paid_on: Date,
        /// An invoice it names; may be given several times. The rest goes to the oldest due
        #[arg(long = "invoice", value_name = "REF")]
        invoices: Vec<String>,
        /// It is on its way only
        #[arg(long)]
        pending: bool,
    },
    /// A pending one did not come
    Fail {
        #[command(flatten)]
        fact: FactArgs,
        /// The payment's reference
        #[arg(long, value_name = "REF")]
        payment: String,
        /// The decline code
        #[arg(long)]
        code: String,
        /// Trying again is pointless
        #[arg(long)]
        hard: bool,
    },
    /// One was taken back
    Reverse {
        #[command(flatten)]
        fact: FactArgs,
        /// The payment's reference
        #[arg(long, value_name = "REF")]
        payment: String,
        /// Why
        #[arg(long)]
        code: String,
    },
}

pub(crate) async fn run(client: &Client, command: Command) -> anyhow::Result<Exit> {
    let single = match command {
        Command::Add {
            fact,
            reference,
            amount,
            paid_on,
            invoices,
            pending,
        } => fact.tell(Fact::Payment(PaymentFacts {
            reference,
            amount,
            paid_on,
            invoices,
            pending,
        })),
        Command::Fail {
            fact,
            payment,
            code,
            hard,
        } => fact.tell(Fact::PaymentFailed {
            payment,
            code,
            is_hard: hard,
        }),
        Command::Reverse {
            fact,
            payment,
            code,
        } => fact.tell(Fact::PaymentReversed { payment, code }),
    };
    client.tenant().await?.tell(single).await?;
    Ok(Exit::Done)
}

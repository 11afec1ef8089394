//! `regua invoice`.

use clap::Subcommand;
use regua_domain::contract::DeliveryState;
use regua_domain::fact::{Fact, InvoiceFacts};
use regua_domain::money::Money;
use regua_domain::time::Date;

use super::fact::{FactArgs, money, word};
use crate::client::Client;
use crate::exit::Exit;
use crate::when::date;

/// Tell of an invoice.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// It was issued
    Add {
        #[command(flatten)]
        fact: FactArgs,
        /// The invoice's own reference
        #[arg(long, value_name = "REF")]
        reference: String,
        /// Such as "123.45 EUR"
        #[arg(long, value_parser = money)]
        amount: Money,
        /// When it was issued
        #[arg(long, value_name = "DATE", value_parser = date)]
        issued_on: Date,
        /// When it is due
        #[arg(long, value_name = "DATE", value_parser = date)]
        due_on: Date,
        /// The contract's reference
        #[arg(long, value_name = "REF")]
        contract: Option<String>,
    },
    /// It should never have been
    Void {
        #[command(flatten)]
        fact: FactArgs,
        /// The invoice's reference
        #[arg(long, value_name = "REF")]
        invoice: String,
    },
    /// Part of it is no longer owed
    Credit {
        #[command(flatten)]
        fact: FactArgs,
        /// The invoice's reference
        #[arg(long, value_name = "REF")]
        invoice: String,
        /// The credit note's own reference
        #[arg(long, value_name = "REF")]
        reference: String,
        /// Such as "23.45 EUR"
        #[arg(long, value_parser = money)]
        amount: Money,
    },
    /// How far its document has come
    Delivery {
        #[command(flatten)]
        fact: FactArgs,
        /// The invoice's reference
        #[arg(long, value_name = "REF")]
        invoice: String,
        /// sent, delivered, opened, bounced or unknown
        #[arg(long, value_parser = word::<DeliveryState>)]
        state: DeliveryState,
    },
}

pub(crate) async fn run(client: &Client, command: Command) -> anyhow::Result<Exit> {
    let single = match command {
        Command::Add {
            fact,
            reference,
            amount,
            issued_on,
            due_on,
            contract,
        } => fact.tell(Fact::InvoiceIssued(InvoiceFacts {
            reference,
            amount,
            issued_on,
            due_on,
            contract,
        })),
        Command::Void { fact, invoice } => fact.tell(Fact::InvoiceVoided { invoice }),
        Command::Credit {
            fact,
            invoice,
            reference,
            amount,
        } => fact.tell(Fact::CreditNote {
            invoice,
            reference,
            amount,
        }),
        Command::Delivery {
            fact,
            invoice,
            state,
        } => fact.tell(Fact::InvoiceDelivery { invoice, state }),
    };
    client.tenant().await?.tell(single).await?;
    Ok(Exit::Done)
}

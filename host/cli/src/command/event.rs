//! `regua event`.

use clap::{Args, Subcommand, ValueEnum};
use regua_domain::contract::Channel;
use regua_domain::effect::EffectKey;
use regua_domain::fact::{EffectResult, Fact};
use regua_domain::id::TaskId;
use regua_domain::money::Money;
use regua_domain::time::Date;

use super::fact::{FactArgs, money};
use crate::client::Client;
use crate::exit::{Exit, Usage};
use crate::when::date;

/// An event: about whom and when, and what.
#[derive(Debug, Args)]
pub struct Told<T: Args> {
    #[command(flatten)]
    fact: FactArgs,
    #[command(flatten)]
    what: T,
}

/// Tell of anything else that happened.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// The debtor answered
    Reply(Told<Reply>),
    /// The debtor disputes an invoice
    Dispute(Told<Dispute>),
    /// A dispute was decided
    ResolveDispute(Told<Resolve>),
    /// The debtor promises to pay
    Promise(Told<Promise>),
    /// The debtor does not want to be written to on a channel
    OptOut(Told<OnChannel>),
    /// The debtor may be written to on a channel
    OptIn(Told<OnChannel>),
    /// All of the customer's debts rest
    Hold(Told<Hold>),
    /// They rest no longer
    LiftHold(FactArgs),
    /// A message came back
    Bounce(Told<Bounce>),
    /// What became of an effect
    Result(Told<ResultOf>),
    /// The debtor accepts a plan of an offer
    AcceptOffer(Told<Accept>),
    /// The debtor declines an offer
    DeclineOffer(Told<OnEffect>),
    /// A person finished a task
    CompleteTask(Told<Complete>),
    /// A person approved a task's draft
    ApproveDraft(Told<OnTask>),
}

/// An answer.
#[derive(Debug, Args)]
pub struct Reply {
    /// not-received, cash-flow, goods-or-service, hardship, …
    #[arg(long)]
    reason: String,
    /// What they wrote; no plugin ever sees it
    #[arg(long, default_value = "")]
    text: String,
}

/// A dispute.
#[derive(Debug, Args)]
pub struct Dispute {
    /// The invoice's reference
    #[arg(long, value_name = "REF")]
    invoice: String,
    /// The dispute's own reference
    #[arg(long, value_name = "REF")]
    reference: String,
    /// The disputed part, such as "12.00 EUR" [default: all of it]
    #[arg(long, value_parser = money)]
    amount: Option<Money>,
    /// Why, such as goods-or-service
    #[arg(long)]
    reason: String,
}

/// A decided dispute.
#[derive(Debug, Args)]
pub struct Resolve {
    /// The invoice's reference
    #[arg(long, value_name = "REF")]
    invoice: String,
    /// The debtor was right
    #[arg(long)]
    upheld: bool,
}

/// A promise.
#[derive(Debug, Args)]
pub struct Promise {
    /// Such as "123.45 EUR"
    #[arg(long, value_parser = money)]
    amount: Money,
    /// By when
    #[arg(long, value_name = "DATE", value_parser = date)]
    due_on: Date,
}

/// A channel.
#[derive(Debug, Args)]
pub struct OnChannel {
    /// email, sms, whatsapp, letter, phone, or another's name
    #[arg(long, value_parser = |text: &str| Channel::try_from(text.to_owned()))]
    channel: Channel,
}

/// A hold.
#[derive(Debug, Args)]
pub struct Hold {
    /// Why
    #[arg(long)]
    reason: String,
    /// The last day
    #[arg(long, value_name = "DATE", value_parser = date)]
    until: Date,
}

/// An effect.
#[derive(Debug, Args)]
pub struct OnEffect {
    /// The effect's key, case_<id>.<sequence>.<index>
    #[arg(long, value_name = "KEY")]
    effect: EffectKey,
}

/// A bounce.
#[derive(Debug, Args)]
pub struct Bounce {
    #[command(flatten)]
    on: OnEffect,
    /// What the channel said
    #[arg(long, default_value = "bounced")]
    code: String,
}

/// A result.
#[derive(Debug, Args)]
pub struct ResultOf {
    #[command(flatten)]
    on: OnEffect,
    /// What became of it
    #[arg(long, value_enum)]
    result: Became,
    /// The answer's code; needed for failed and confirmed
    #[arg(long, default_value = "")]
    code: String,
}

/// What became of an effect.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Became {
    /// It arrived
    Delivered,
    /// It was opened
    Opened,
    /// It was not done
    Failed,
    /// It was done
    Confirmed,
}

/// An acceptance.
#[derive(Debug, Args)]
pub struct Accept {
    #[command(flatten)]
    on: OnEffect,
    /// The accepted plan, from 1
    #[arg(long, default_value_t = 1)]
    plan: usize,
}

/// A task.
#[derive(Debug, Args)]
pub struct OnTask {
    /// The task's id
    #[arg(long, value_name = "TASK_ID")]
    task: TaskId,
}

/// A finished task.
#[derive(Debug, Args)]
pub struct Complete {
    #[command(flatten)]
    on: OnTask,
    /// What came of it
    #[arg(long)]
    outcome: String,
}

pub(crate) async fn run(client: &Client, command: Command) -> anyhow::Result<Exit> {
    let (fact, what) = fact_of(command)?;
    client.tenant().await?.tell(fact.tell(what)).await?;
    Ok(Exit::Done)
}

fn fact_of(command: Command) -> Result<(FactArgs, Fact), Usage> {
    Ok(match command {
        Command::Reply(Told { fact, what }) => (
            fact,
            Fact::Replied {
                reason: what.reason,
                text: what.text,
            },
        ),
        Command::Dispute(Told { fact, what }) => (
            fact,
            Fact::DisputeOpened {
                invoice: what.invoice,
                reference: what.reference,
                amount: what.amount,
                reason: what.reason,
            },
        ),
        Command::ResolveDispute(Told { fact, what }) => (
            fact,
            Fact::DisputeResolved {
                invoice: what.invoice,
                upheld: what.upheld,
            },
        ),
        Command::Promise(Told { fact, what }) => (
            fact,
            Fact::PromiseMade {
                amount: what.amount,
                due_on: what.due_on,
            },
        ),
        Command::OptOut(Told { fact, what }) => (
            fact,
            Fact::OptedOut {
                channel: what.channel,
            },
        ),
        Command::OptIn(Told { fact, what }) => (
            fact,
            Fact::OptedIn {
                channel: what.channel,
            },
        ),
        Command::Hold(Told { fact, what }) => (
            fact,
            Fact::HoldPlaced {
                reason: what.reason,
                until: what.until,
            },
        ),
        Command::LiftHold(fact) => (fact, Fact::HoldLifted),
        Command::Bounce(Told { fact, what }) => {
            let result = EffectResult::Bounced { code: what.code };
            (fact, result_of(&what.on, result))
        }
        Command::Result(Told { fact, what }) => {
            let result = became(what.result, what.code)?;
            (fact, result_of(&what.on, result))
        }
        Command::AcceptOffer(Told { fact, what }) => (fact, answer(&what.on, Some(what.plan))),
        Command::DeclineOffer(Told { fact, what }) => (fact, answer(&what, None)),
        Command::CompleteTask(Told { fact, what }) => (
            fact,
            Fact::TaskCompleted {
                task: what.on.task,
                outcome: what.outcome,
                by: None,
            },
        ),
        Command::ApproveDraft(Told { fact, what }) => (
            fact,
            Fact::DraftApproved {
                task: what.task,
                by: None,
            },
        ),
    })
}

const fn result_of(on: &OnEffect, result: EffectResult) -> Fact {
    Fact::EffectResult {
        effect: on.effect,
        result,
    }
}

const fn answer(on: &OnEffect, accepted: Option<usize>) -> Fact {
    Fact::OfferAnswered {
        effect: on.effect,
        accepted,
    }
}

fn became(result: Became, code: String) -> Result<EffectResult, Usage> {
    let needs_code = matches!(result, Became::Failed | Became::Confirmed);
    if needs_code && code.is_empty() {
        return Err(Usage("--code is needed with failed and confirmed".into()));
    }
    Ok(match result {
        Became::Delivered => EffectResult::Delivered,
        Became::Opened => EffectResult::Opened,
        Became::Failed => EffectResult::Failed { code },
        Became::Confirmed => EffectResult::Confirmed { code },
    })
}

//! What can happen in a story, and the facts that it stands for.
//!
//! Events are called as everywhere else (`regua event`, the API's events), and say as little as
//! they may: what is done about an effect or a task is about the newest one that it can be about,
//! unless its key or title is named, for nobody knows ids before a story is played.

mod effects;
mod money;
mod people;

use regua_domain::dossier::Dossier;
use regua_domain::fact::Fact;
use regua_domain::money::Money;
use regua_domain::time::Date;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::expect::Expect;
use super::moment::{Day, Moment};

pub use effects::{AcceptOffer, ApproveDraft, CompleteTask, DeclineOffer, OfEffect, Remittance};
pub use effects::{ResultIs, Return};
pub use money::{
    CreditNote, Delivery, Dispute, Invoice, OfInvoice, Payment, PaymentFailure, PaymentReversal,
    ResolveDispute,
};
pub use people::{Hold, OfChannel, Promise, Reply};

use super::document::Person;

/// What an event's fact is made with.
#[derive(Debug, Clone, Copy)]
pub struct Ground<'a> {
    /// The scenario's first day.
    pub starts: Date,
    /// The customer's civil date.
    pub today: Date,
    /// The customer as they are then.
    pub dossier: &'a Dossier,
}

impl Ground<'_> {
    fn date(&self, day: Day) -> Date {
        day.date(self.starts, self.today)
    }
}

/// What stands for a fact.
trait Told {
    /// The fact, of the customer as they are then. The error says what it cannot be about.
    fn fact(&self, ground: Ground<'_>) -> Result<Fact, String>;
}

/// An amount and its currency: `250.00 BRL`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Amount(pub Money);

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map(Self).map_err(serde::de::Error::custom)
    }
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(amount) = self;
        serializer.collect_str(&format_args!("{} {}", amount.to_decimal(), amount.currency))
    }
}

impl JsonSchema for Amount {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Amount".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string", "description": "An amount and its currency: `250.00 BRL`.",
            "pattern": r"^[0-9]+(\.[0-9]+)? [A-Z]{3}$",
        })
    }
}

macro_rules! entry {
    ($($(#[$about:meta])* $name:ident as $kind:ident: $shape:ty,)*) => {
        /// One thing that happens, or what is expected at a moment.
        #[derive(Debug, Clone, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields, rename_all = "kebab-case")]
        pub struct Entry {
            /// When: at noon on the customer's wall where no time is said, and what is expected
            /// at the end of the day. The moment of the entry before, where it is left out.
            #[serde(default)]
            pub on: Option<Moment>,
            /// About whom, where there are several customers.
            #[serde(default)]
            pub customer: Option<String>,
            /// That the host does not take the fact, and a piece of what it says.
            #[serde(default)]
            pub refused: Option<String>,
            /// What it has come to by then.
            #[serde(default)]
            pub expect: Option<Expect>,
            $($(#[$about])* #[serde(default)] pub $name: Option<$shape>,)*
        }

        /// One thing that happens.
        #[derive(Debug, Clone)]
        #[allow(missing_docs)]
        pub enum Event {
            $($kind($shape),)*
        }

        impl Entry {
            /// All that it tells: one event, if it is a good one.
            pub fn events(self) -> Vec<Event> {
                let mut events = Vec::new();
                $(events.extend(self.$name.map(Event::$kind));)*
                events
            }

            /// The names of all events.
            pub const EVENTS: &[&str] = &[$(stringify!($name)),*];
        }

        impl Event {
            /// The fact that it stands for, of the customer as they are then. The error says what
            /// it cannot be about.
            pub fn fact(&self, ground: Ground<'_>) -> Result<Fact, String> {
                match self {
                    $(Self::$kind(told) => told.fact(ground),)*
                }
            }
        }
    };
}

entry! {
    /// The customer is somebody else by now: whole, as under `customers`.
    becomes as Becomes: Person,
    /// An invoice was issued.
    invoice as Invoice: Invoice,
    /// An invoice's document is on its way, arrived, was opened or came back.
    delivery as Delivery: Delivery,
    /// An invoice should never have been.
    void as Void: OfInvoice,
    /// Part of an invoice is no longer owed.
    credit_note as CreditNote: CreditNote,
    /// Money came, or is on its way.
    payment as Payment: Payment,
    /// A payment that was on its way did not come.
    payment_failure as PaymentFailure: PaymentFailure,
    /// A payment was taken back.
    payment_reversal as PaymentReversal: PaymentReversal,
    /// The debtor answers.
    reply as Reply: Reply,
    /// The debtor promises to pay.
    promise as Promise: Promise,
    /// The debtor disputes an invoice.
    dispute as Dispute: Dispute,
    /// A dispute was decided.
    resolve_dispute as ResolveDispute: ResolveDispute,
    /// The debtor does not want to be written to on a channel.
    opt_out as OptOut: people::OptOut,
    /// The debtor may be written to on a channel.
    opt_in as OptIn: people::OptIn,
    /// All of the customer's debts rest.
    hold as Hold: Hold,
    /// They rest no longer.
    lift_hold as LiftHold: people::LiftHold,
    /// What became of an effect.
    result as Result: ResultIs,
    /// The debtor accepts an offer.
    accept_offer as AcceptOffer: AcceptOffer,
    /// The debtor declines an offer.
    decline_offer as DeclineOffer: DeclineOffer,
    /// An agency hands over what it collected.
    remittance as Remittance: Remittance,
    /// An agency gives a placement back.
    r#return as Return: Return,
    /// A person finished a task.
    complete_task as CompleteTask: CompleteTask,
    /// A person approved a task's draft.
    approve_draft as ApproveDraft: ApproveDraft,
}

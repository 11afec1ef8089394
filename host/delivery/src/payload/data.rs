//! The bodies of payloads. Names are in `snake_case`, values of the contract in kebab-case.

use regua_domain::contract::{CustomerKind, ItemKind, Purpose, ServiceChange};
use regua_domain::money;
use regua_domain::time::Date;
use schemars::JsonSchema;
use serde::Serialize;

/// What every message has around its data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Envelope<T> {
    /// What the message is: `effect.<kind>` or `message.<channel>`.
    #[serde(rename = "type")]
    pub kind: String,
    /// When it was decided, RFC 3339 in UTC; the same at each try.
    #[schemars(extend("format" = "date-time"))]
    pub timestamp: String,
    /// What to do.
    pub data: Data<T>,
}

/// What all data have, and what is of the kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Data<T> {
    /// Names the effect for ever, as the header `webhook-id` does: what was done under a key
    /// is not done again, and results are told under it.
    pub key: String,
    /// For whom.
    pub tenant: Tenant,
    /// Of which case.
    pub case: Case,
    /// What is of the kind.
    #[serde(flatten)]
    pub what: T,
}

/// The creditor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "WebhookTenant")]
pub struct Tenant {
    /// Its id.
    pub id: String,
    /// As debtors know it.
    pub name: String,
}

/// The dunning case that something is done in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Case {
    /// Its id.
    pub id: String,
    /// The workflow that it follows.
    pub workflow: String,
    /// Counts that workflow's versions from 1.
    pub workflow_version: u32,
    /// The stage that proposed it.
    pub stage: String,
}

/// An amount of money.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "WebhookMoney")]
pub struct Money {
    /// A decimal with all digits of the currency's minor unit: `1234.50`, `1500`, `1.234`.
    #[schemars(regex(pattern = r"^-?[0-9]+(\.[0-9]+)?$"))]
    pub amount: String,
    /// ISO 4217.
    #[schemars(regex(pattern = "^[A-Z]{3}$"))]
    pub currency: String,
}

impl From<money::Money> for Money {
    fn from(money: money::Money) -> Self {
        Self {
            amount: money.to_decimal().to_string(),
            currency: money.currency.to_string(),
        }
    }
}

/// Whose account it is about, where nothing more is needed than the tenant's own key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "WebhookAccount")]
pub struct Account {
    /// The host's id.
    pub id: String,
    /// The tenant's own key.
    pub reference: String,
}

/// A debtor, with all that an agency needs to reach them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Debtor {
    /// The host's id.
    pub id: String,
    /// The tenant's own key.
    pub reference: String,
    /// As letters address them.
    pub name: String,
    /// CPF, CNPJ, VAT number, …
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tax_number: Option<String>,
    /// A person or a company.
    #[schemars(with = "String", extend("enum" = ["consumer", "business"]))]
    pub kind: CustomerKind,
    /// BCP 47.
    pub locale: String,
    /// ISO 3166-2, or the country alone.
    pub jurisdiction: String,
    /// IANA's name.
    pub time_zone: String,
    /// The preferred first; also those that the tenant itself may not write to.
    pub contacts: Vec<Contact>,
}

/// One address of a debtor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Contact {
    /// `email`, `sms`, `whatsapp`, `letter`, `phone`, or another's name.
    pub channel: String,
    /// E-mail address, number in E.164, postal address, …
    pub address: String,
    /// Whether the tenant could write there: consent was given, and nothing came back.
    pub usable: bool,
}

/// One thing owed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Item {
    /// The host's id.
    pub id: String,
    /// The tenant's own key; of fees and interest, made by the host.
    pub reference: String,
    /// What it is.
    #[schemars(with = "String", extend("enum" = ["invoice", "late-fee", "interest", "other-charge"]))]
    pub kind: ItemKind,
    /// The contract's reference.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contract: Option<String>,
    /// When it was issued.
    #[schemars(with = "String", extend("format" = "date"))]
    pub issued_on: Date,
    /// When it was due.
    #[schemars(with = "String", extend("format" = "date"))]
    pub due_on: Date,
    /// What it was of at first.
    pub original: Money,
    /// What is left of it.
    pub outstanding: Money,
}

/// A way to pay on file with the tenant's payment provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Method {
    /// The tenant's own key for it.
    pub key: String,
    /// `card`, `pix`, `sepa-debit`, …; absent where the method is not known any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
}

/// `effect.charge`: take money by a method on file. It is answered by the fact `effect-result`
/// under its key, `confirmed` or `failed`; until then its case makes no other charge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Charge {
    /// Whom.
    pub customer: Account,
    /// How much.
    pub amount: Money,
    /// By which method; absent: the provider's default one for this customer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<Method>,
    /// Not before this day; absent: at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>", extend("format" = "date"))]
    pub on: Option<Date>,
    /// What is due, oldest first: what the money is for.
    pub items: Vec<Item>,
}

/// `effect.change-service`: restrict, suspend, restore or terminate a service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ChangeService {
    /// Whose.
    pub customer: Account,
    /// The contract's reference.
    pub contract: String,
    /// What to do.
    #[schemars(with = "String", extend("enum" = ["restrict", "suspend", "restore", "terminate"]))]
    pub change: ServiceChange,
    /// What of the contract is past due and may be chased.
    pub overdue: Money,
}

/// `effect.place-with-agency`: collect these items.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PlaceWithAgency {
    /// The debtor.
    pub customer: Debtor,
    /// Which agency, by the tenant's name for it.
    pub agency: String,
    /// What to collect, oldest due first.
    pub items: Vec<Item>,
    /// The sum of what is left of them.
    pub total: Money,
    /// Hundredths of a percent of what is collected.
    pub commission_bps: u32,
    /// Days until it comes back by itself.
    pub term_days: u16,
    /// The last of these days.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>", extend("format" = "date"))]
    pub until: Option<Date>,
}

/// `effect.recall-placement`: stop collecting these items.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RecallPlacement {
    /// Whose debt.
    pub customer: Account,
    /// The key of the effect that placed them, where it is still at hand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub placement: Option<String>,
    /// The agency that has them, where that is still at hand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agency: Option<String>,
    /// What to stop collecting.
    pub items: Vec<Recalled>,
    /// Why, in words.
    pub reason: String,
}

/// One item that is taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Recalled {
    /// The host's id.
    pub id: String,
    /// The tenant's own key, where the item is still at hand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
}

/// `effect.notify-team`: tell a team of the tenant's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct NotifyTeam {
    /// Whom it is about.
    pub customer: Account,
    /// Which team.
    pub team: String,
    /// What to tell them.
    pub text: String,
}

/// `effect.custom`: whatever the tenant's own stage and system agreed on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Custom {
    /// Whom it is about.
    pub customer: Account,
    /// A dotted name.
    pub name: String,
    /// Any JSON, as the stage wrote it.
    pub value: serde_json::Value,
}

/// `message.<channel>`: write to a debtor, by SMS and the like, by telephone, or as a letter to be
/// printed. The text is final: nothing is put in or added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Message {
    /// To whom.
    pub to: Addressee,
    /// Why.
    #[schemars(with = "String", extend("enum" = ["reminder", "demand", "legal-notice", "offer", "confirmation"]))]
    pub purpose: Purpose,
    /// The language of the text, BCP 47.
    pub locale: String,
    /// One line: the heading of a letter; absent where the channel has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// Plain text; of a telephone call, what to say.
    pub text: String,
    /// The same as HTML, where the channel carries it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub html: Option<String>,
}

/// Whom a message is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Addressee {
    /// The host's id.
    pub id: String,
    /// The tenant's own key.
    pub reference: String,
    /// As letters address them.
    pub name: String,
    /// A number in E.164, a postal address, …
    pub address: String,
}

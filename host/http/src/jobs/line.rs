//! One line of an import: the document of the single endpoint, with its kind in `type`, whose it
//! is, and what keeps it apart from other lines.

use std::borrow::Cow;

use regua_domain::fact::Fact;
use regua_domain::id::FactId;
use regua_domain::strict::Strict;
use regua_domain::time::Timestamp;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::input::Checked;
use crate::key::Role;
use crate::problem::{Fault, Problem};
use crate::v1::customers::{ByCustomer, Person};
use crate::v1::events::{Happened, KINDS, both, shape};
use crate::v1::invoices::InvoiceIn;
use crate::v1::payments::PaymentIn;

/// What a line tells: whose, what, when; under which id, and together with which others.
pub(super) struct Told {
    pub customer: String,
    pub fact: Fact,
    /// None: now.
    pub at: Option<Timestamp>,
    pub id: Option<FactId>,
    pub group: Option<u64>,
}

/// A line that was read.
pub(super) struct Read {
    /// As far as it says one.
    pub kind: String,
    pub mark: Option<Mark>,
    pub told: Result<Told, Vec<Fault>>,
}

/// What every line may have.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Envelope {
    /// The fact's id: the same told again, by whatever import, changes nothing. Made from the
    /// import and the line, where it is left out.
    #[serde(default)]
    #[schemars(regex(pattern = r"^fact_[0-9a-f]{32}$"))]
    id: Option<String>,
    /// Lines of one customer with the same number are told together or not at all.
    #[serde(default)]
    group: Option<u64>,
}

/// What checks lines of each kind.
pub(super) struct Lines {
    envelope: Checked<Envelope>,
    whose: Checked<ByCustomer>,
    customer: Checked<Person>,
    invoice: Checked<InvoiceIn>,
    payment: Checked<PaymentIn>,
}

type Members = Map<String, Value>;

impl Lines {
    pub(super) fn new() -> Self {
        Self {
            envelope: Checked::new(),
            whose: Checked::new(),
            customer: Checked::new(),
            invoice: Checked::new(),
            payment: Checked::new(),
        }
    }

    /// Reads a line: what it tells, where this role may tell it.
    pub(super) fn read(&self, text: &str, role: Role) -> Read {
        let unknown = |mark, pointer: &str, text: &str| Read {
            kind: "unknown".to_owned(),
            mark,
            told: Err(vec![Fault::at(pointer, text)]),
        };
        let mut members = match serde_json::from_str(text) {
            Ok(Strict(Value::Object(members))) => members,
            Ok(_) => return unknown(None, "", "is not an object"),
            Err(error) => {
                let mark = Whose::of(text).mark();
                return unknown(mark, "", &format!("is not JSON: {error}"));
            }
        };
        let mark = mark(&members);
        match members.remove("type") {
            Some(Value::String(kind)) => {
                if let Some(told) = self.told(&kind, members, role) {
                    return Read { kind, mark, told };
                }
                let words = words().join(", ");
                unknown(mark, "/type", &format!("is none of {words}"))
            }
            Some(_) => unknown(mark, "/type", "is not text"),
            None => unknown(mark, "/type", "is missing"),
        }
    }

    /// None where there is no such kind.
    fn told(&self, kind: &str, members: Members, role: Role) -> Option<Result<Told, Vec<Fault>>> {
        let (envelope, members): (Members, Members) = members
            .into_iter()
            .partition(|(name, _)| self.envelope.has(name));
        let told = match kind {
            "customer" => self.customer(members),
            "invoice" => self.invoice.read(members.into()).and_then(|line| {
                let fact = line.fact().map_err(errors)?;
                let at = line.at;
                Ok((line.customer, Happened { fact, at }))
            }),
            "payment" => self.payment.read(members.into()).and_then(|line| {
                let fact = line.fact().map_err(errors)?;
                let at = line.at;
                Ok((line.customer, Happened { fact, at }))
            }),
            word => {
                let kind = KINDS.iter().find(|kind| kind.word == word)?;
                if !kind.roles.contains(&role) {
                    let text = format!("a key of the role {} may not tell this", role.name());
                    return Some(Err(vec![Fault::at("/type", text)]));
                }
                let (whose, rest) = split(members, "customer");
                let whose = self.whose.read(whose.into());
                both(whose, (kind.read)(rest)).map(|(whose, told)| (whose.customer, told))
            }
        };
        let envelope = self.envelope.read(envelope.into());
        Some(
            both(envelope, told).and_then(|(envelope, (customer, happened))| {
                let at = happened.at.map(|at| at.timestamp("/at")).transpose();
                Ok(Told {
                    customer,
                    fact: happened.fact,
                    at: at.map_err(|fault| vec![fault])?,
                    // Its form was checked.
                    id: envelope.id.and_then(|id| id.parse().ok()),
                    group: envelope.group,
                })
            }),
        )
    }

    fn customer(&self, members: Members) -> Result<(String, Happened), Vec<Fault>> {
        let (whose, rest) = split(members, "customer");
        let whose = self.whose.read(whose.into());
        let told = self.customer.read(rest.into()).and_then(|person| {
            let at = person.at.clone();
            let fact = Fact::Customer(person.facts().map_err(errors)?);
            Ok(Happened { fact, at })
        });
        both(whose, told).map(|(whose, told)| (whose.customer, told))
    }
}

/// One member, and the others.
fn split(members: Members, one: &str) -> (Members, Members) {
    members.into_iter().partition(|(name, _)| name == one)
}

fn words() -> Vec<&'static str> {
    let kinds = KINDS.iter().map(|kind| kind.word);
    ["customer", "invoice", "payment"]
        .into_iter()
        .chain(kinds)
        .collect()
}

fn errors(problem: Problem) -> Vec<Fault> {
    problem.errors
}

/// A line as the reference shows it.
pub(crate) struct Line;

impl JsonSchema for Line {
    fn schema_name() -> Cow<'static, str> {
        "ImportLine".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let envelope = Envelope::json_schema(generator).to_value();
        let whose = ByCustomer::json_schema(generator).to_value();
        let person = Person::json_schema(generator).to_value();
        let invoice = InvoiceIn::json_schema(generator).to_value();
        let payment = PaymentIn::json_schema(generator).to_value();
        let mut shapes = vec![
            shape(
                "type",
                "customer",
                &[envelope.clone(), whose.clone(), person],
            ),
            shape("type", "invoice", &[envelope.clone(), invoice]),
            shape("type", "payment", &[envelope.clone(), payment]),
        ];
        shapes.extend(KINDS.iter().map(|kind| {
            let [path, body] = (kind.schemas)(generator);
            shape(
                "type",
                kind.word,
                &[envelope.clone(), whose.clone(), path, body],
            )
        }));
        schemars::json_schema!({
            "description": "A line of an import: the document of the single endpoint, with the \
                            parameters of its path, and its kind as `type`.",
            "oneOf": shapes,
        })
    }
}

/// Whose line it is and of which group, where it bears one.
pub(super) type Mark = (String, u64);

fn mark(members: &Members) -> Option<Mark> {
    let group = members.get("group")?.as_u64()?;
    Some((members.get("customer")?.as_str()?.to_owned(), group))
}

/// Whose a line is, as far as can be told without reading all of it.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Whose<'a> {
    #[serde(borrow)]
    customer: Option<Cow<'a, str>>,
    group: Option<u64>,
}

impl<'a> Whose<'a> {
    /// Of a line; nobody's where it cannot be told. Of members that are there twice the last one
    /// counts: such a line is refused, and what belongs to it with it.
    pub fn of(text: &'a str) -> Self {
        let whole = || {
            let members: Members = serde_json::from_str(text).ok()?;
            let customer = members.get("customer")?.as_str()?.to_owned();
            Some(Self {
                customer: Some(customer.into()),
                group: members.get("group").and_then(Value::as_u64),
            })
        };
        serde_json::from_str(text).unwrap_or_else(|_| whole().unwrap_or_default())
    }

    /// With which others it is told, where it says so.
    fn mark(self) -> Option<Mark> {
        Some((self.customer?.into_owned(), self.group?))
    }

    /// The customer's reference; empty where there is none.
    pub fn customer(&self) -> &str {
        self.customer.as_ref().map_or("", |told| told)
    }

    /// Whether it is told together with others.
    pub const fn is_grouped(&self) -> bool {
        self.group.is_some()
    }
}

//! One line of an import: the document of the single endpoint, with its kind in `type`.

use regua_domain::contract::DeliveryState;
use regua_domain::fact::{Fact, InvoiceFacts, PaymentFacts};
use regua_domain::time::Date;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::input::Checked;
use crate::problem::{Fault, Problem};
use crate::shape::{Amount, Instant};
use crate::v1::customers::Person;
use crate::v1::invoices::InvoiceIn;

/// What a line tells: whose, what, when.
pub(super) struct Told {
    pub customer: String,
    pub fact: Fact,
    pub at: Option<Instant>,
}

/// Something about an invoice.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct OfInvoice {
    #[schemars(length(min = 1, max = 128))]
    customer: String,
    #[schemars(length(min = 1, max = 256))]
    invoice: String,
    #[serde(default)]
    at: Option<Instant>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct CreditNote {
    #[schemars(length(min = 1, max = 128))]
    customer: String,
    #[schemars(length(min = 1, max = 256))]
    invoice: String,
    #[schemars(length(min = 1, max = 256))]
    reference: String,
    amount: Amount,
    #[serde(default)]
    at: Option<Instant>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Delivery {
    #[schemars(length(min = 1, max = 128))]
    customer: String,
    #[schemars(length(min = 1, max = 256))]
    invoice: String,
    #[schemars(with = "String")]
    state: DeliveryState,
    #[serde(default)]
    at: Option<Instant>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Payment {
    #[schemars(length(min = 1, max = 128))]
    customer: String,
    #[schemars(length(min = 1, max = 256))]
    reference: String,
    amount: Amount,
    #[schemars(with = "chrono::NaiveDate")]
    paid_on: Date,
    #[serde(default)]
    invoices: Vec<String>,
    #[serde(default)]
    pending: bool,
    #[serde(default)]
    at: Option<Instant>,
}

/// What checks lines of each kind.
pub(super) struct Lines {
    customer: Checked<Person>,
    invoice: Checked<InvoiceIn>,
    of_invoice: Checked<OfInvoice>,
    credit_note: Checked<CreditNote>,
    delivery: Checked<Delivery>,
    payment: Checked<Payment>,
}

/// The kinds of lines.
const KINDS: &str = "customer, invoice, void, credit-note, delivery or payment";

impl Lines {
    pub(super) fn new() -> Self {
        Self {
            customer: Checked::new(),
            invoice: Checked::new(),
            of_invoice: Checked::new(),
            credit_note: Checked::new(),
            delivery: Checked::new(),
            payment: Checked::new(),
        }
    }

    /// The kind of a line, as far as it says one, and what it tells.
    pub(super) fn read(&self, text: &str) -> (String, Result<Told, Vec<Fault>>) {
        let value = match serde_json::from_str(text) {
            Ok(Value::Object(members)) => members,
            Ok(_) => return (unknown(), Err(vec![Fault::at("", "is not an object")])),
            Err(error) => {
                let fault = Fault::at("", format!("is not JSON: {error}"));
                return (unknown(), Err(vec![fault]));
            }
        };
        self.told(value)
    }

    fn told(&self, mut members: Map<String, Value>) -> (String, Result<Told, Vec<Fault>>) {
        let kind = match members.remove("type") {
            Some(Value::String(kind)) => kind,
            Some(_) => return (unknown(), wrong_type("is not text")),
            None => return (unknown(), wrong_type("is missing")),
        };
        let told = match kind.as_str() {
            "customer" => self.customer(members),
            "invoice" => self.invoice(members),
            "void" => self.of_invoice.read(members.into()).map(|line| Told {
                customer: line.customer,
                fact: Fact::InvoiceVoided {
                    invoice: line.invoice,
                },
                at: line.at,
            }),
            "credit-note" => self.credit_note(members),
            "delivery" => self.delivery.read(members.into()).map(|line| Told {
                customer: line.customer,
                fact: Fact::InvoiceDelivery {
                    invoice: line.invoice,
                    state: line.state,
                },
                at: line.at,
            }),
            "payment" => self.payment(members),
            _ => return (unknown(), wrong_type(&format!("is not {KINDS}"))),
        };
        (kind, told)
    }

    fn customer(&self, mut members: Map<String, Value>) -> Result<Told, Vec<Fault>> {
        let reference = match members.remove("reference") {
            Some(Value::String(text)) if (1..=128).contains(&text.chars().count()) => Ok(text),
            Some(_) => Err(Fault::at(
                "/reference",
                "is not 1 to 128 characters of text",
            )),
            None => Err(Fault::at("/reference", "is missing")),
        };
        let person = self.customer.read(members.into());
        let facts = person.and_then(|person| person.facts().map_err(errors));
        match (reference, facts) {
            (Ok(customer), Ok(facts)) => Ok(Told {
                customer,
                fact: Fact::Customer(facts),
                at: None,
            }),
            (reference, facts) => {
                let mut faults = facts.err().unwrap_or_default();
                faults.extend(reference.err());
                Err(faults)
            }
        }
    }

    fn invoice(&self, members: Map<String, Value>) -> Result<Told, Vec<Fault>> {
        let line = self.invoice.read(members.into())?;
        let amount = line.amount.money("/amount").map_err(|fault| vec![fault])?;
        Ok(Told {
            customer: line.customer,
            fact: Fact::InvoiceIssued(InvoiceFacts {
                reference: line.reference,
                amount,
                issued_on: line.issued_on,
                due_on: line.due_on,
                contract: line.contract,
            }),
            at: line.at,
        })
    }

    fn credit_note(&self, members: Map<String, Value>) -> Result<Told, Vec<Fault>> {
        let line = self.credit_note.read(members.into())?;
        let amount = line.amount.money("/amount").map_err(|fault| vec![fault])?;
        Ok(Told {
            customer: line.customer,
            fact: Fact::CreditNote {
                invoice: line.invoice,
                reference: line.reference,
                amount,
            },
            at: line.at,
        })
    }

    fn payment(&self, members: Map<String, Value>) -> Result<Told, Vec<Fault>> {
        let line = self.payment.read(members.into())?;
        let amount = line.amount.money("/amount").map_err(|fault| vec![fault])?;
        Ok(Told {
            customer: line.customer,
            fact: Fact::Payment(PaymentFacts {
                reference: line.reference,
                amount,
                paid_on: line.paid_on,
                invoices: line.invoices,
                pending: line.pending,
            }),
            at: line.at,
        })
    }
}

fn unknown() -> String {
    "unknown".to_owned()
}

fn wrong_type(text: &str) -> Result<Told, Vec<Fault>> {
    Err(vec![Fault::at("/type", text)])
}

fn errors(problem: Problem) -> Vec<Fault> {
    problem.errors
}

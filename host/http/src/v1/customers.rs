//! `/v1/customers`: debtors, their contacts and consents.

use std::collections::BTreeMap;

use axum::http::Method;
use regua_domain::contract::{Channel, CustomerKind, PaymentMethod};
use regua_domain::customer::{Consent, ContactPoint, Customer};
use regua_domain::fact::{CustomerFacts, Fact};
use regua_domain::time::Date;
use regua_storage::Page;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{BILLING, READERS};
use crate::call::{Call, customer, dossier};
use crate::endpoint::{Endpoint, endpoint};
use crate::input::{Json, Nothing};
use crate::problem::{Fault, Problem};
use crate::reply::{PageOf, PageQuery, Reply};
use crate::shape::{Amount, Instant, NoParams};
use crate::tell::{Told, tell};

pub(crate) fn endpoints() -> Vec<Endpoint> {
    const PATH: &str = "/v1/customers/{customer}";
    vec![
        endpoint(Method::GET, "/v1/customers", "list_customers", list)
            .says("Customers, by reference", "")
            .roles(READERS),
        endpoint(Method::GET, PATH, "get_customer", get)
            .says("A customer, with what they owe", "")
            .roles(READERS),
        endpoint(Method::PUT, PATH, "put_customer", put)
            .says(
                "Tells who a customer is, whole",
                "A customer who is not known is made. What is left out is taken away, so \
                 that the document is all that is known.",
            )
            .roles(BILLING)
            .tells()
            .unaudited(),
    ]
}

/// A customer, by the tenant's own reference.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ByCustomer {
    /// The tenant's own key of the customer.
    #[schemars(length(min = 1, max = 128))]
    pub customer: String,
}

/// Who a customer is.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = example())]
pub(crate) struct Person {
    /// As letters address them.
    #[schemars(length(min = 1, max = 500))]
    pub name: String,
    /// CPF, CNPJ, VAT number and the like. No stage ever sees it.
    #[serde(default)]
    pub tax_number: Option<String>,
    /// `consumer` or `business`.
    #[schemars(with = "CustomerKindWord")]
    pub kind: CustomerKind,
    /// BCP 47.
    pub locale: String,
    /// ISO 3166-2, or the country alone.
    pub jurisdiction: String,
    /// Of the IANA database: where their day begins and ends.
    pub time_zone: String,
    /// What the tenant sorts customers by.
    #[serde(default)]
    pub segments: Vec<String>,
    /// By name. Stages see those that the policy declares visible.
    #[serde(default)]
    pub attributes: BTreeMap<String, String>,
    /// How they may pay.
    #[serde(default)]
    pub methods: Vec<MethodOf>,
    /// Where they may be written to; the preferred first.
    #[serde(default)]
    pub contacts: Vec<Contact>,
    /// Since when they are a customer.
    #[serde(default)]
    #[schemars(with = "Option<chrono::NaiveDate>")]
    pub since: Option<Date>,
    /// When this becomes known; now, where it is left out. Later than now, it waits.
    #[serde(default, skip_serializing)]
    pub at: Option<Instant>,
}

/// A person or a company.
#[derive(JsonSchema)]
#[schemars(rename = "CustomerKind")]
#[serde(rename_all = "kebab-case")]
#[allow(dead_code, reason = "it stands for the domain's own in the schema")]
enum CustomerKindWord {
    Consumer,
    Business,
}

/// A way to pay.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "PaymentMethod")]
pub(crate) struct MethodOf {
    /// The tenant's own key of it, as charges name it.
    pub key: String,
    /// card, pix, boleto, sepa, …
    pub kind: String,
    /// Whether it is what charges use where they name none.
    #[serde(default)]
    pub is_default: bool,
    /// The last day on which it works.
    #[serde(default)]
    #[schemars(with = "Option<chrono::NaiveDate>")]
    pub expires_on: Option<Date>,
}

/// An address on a channel.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Contact {
    /// email, sms, whatsapp, letter, phone, or another's name.
    #[schemars(regex(pattern = r"^[a-z0-9-]{1,32}$"))]
    pub channel: String,
    /// An e-mail address, a number in E.164, a postal address, …
    #[schemars(length(min = 1, max = 500))]
    pub address: String,
    /// Whether it may be used.
    #[serde(default)]
    #[schemars(with = "ConsentState")]
    pub consent: Consent,
    /// Something that was sent there came back.
    #[serde(default)]
    pub bounced: bool,
}

/// Whether a debtor may be written to at an address.
#[derive(Default, JsonSchema)]
#[schemars(rename = "Consent")]
#[serde(rename_all = "kebab-case")]
#[allow(dead_code, reason = "it stands for the domain's own in the schema")]
enum ConsentState {
    #[default]
    Given,
    Missing,
    OptedOut,
}

fn example() -> Person {
    Person {
        name: "Maria Souza".to_owned(),
        tax_number: None,
        kind: CustomerKind::Consumer,
        locale: "pt-BR".to_owned(),
        jurisdiction: "BR-SP".to_owned(),
        time_zone: "America/Sao_Paulo".to_owned(),
        segments: vec!["retail".to_owned()],
        attributes: BTreeMap::new(),
        methods: Vec::new(),
        contacts: vec![Contact {
            channel: "email".to_owned(),
            address: "maria@cliente.example".to_owned(),
            consent: Consent::Given,
            bounced: false,
        }],
        since: None,
        at: None,
    }
}

impl Person {
    fn of(customer: Customer) -> Self {
        let method = |method: PaymentMethod| MethodOf {
            key: method.key,
            kind: method.kind,
            is_default: method.is_default,
            expires_on: method.expires_on,
        };
        let contact = |point: ContactPoint| Contact {
            channel: point.channel.name().to_owned(),
            address: point.address,
            consent: point.consent,
            bounced: point.bounced,
        };
        Self {
            name: customer.name,
            tax_number: customer.tax_number,
            kind: customer.kind,
            locale: customer.locale,
            jurisdiction: customer.jurisdiction,
            time_zone: customer.time_zone.name().to_owned(),
            segments: customer.segments,
            attributes: customer.attributes,
            methods: customer.methods.into_iter().map(method).collect(),
            contacts: customer.contacts.into_iter().map(contact).collect(),
            since: customer.since,
            at: None,
        }
    }

    pub(crate) fn facts(self) -> Result<CustomerFacts, Problem> {
        let mut faults = Vec::new();
        let time_zone = self
            .time_zone
            .parse()
            .map_err(|error| faults.push(Fault::at("/time_zone", error)));
        let contacts: Vec<_> = self
            .contacts
            .into_iter()
            .enumerate()
            .filter_map(|(at, contact)| match Channel::try_from(contact.channel) {
                Ok(channel) => Some(ContactPoint {
                    channel,
                    address: contact.address,
                    consent: contact.consent,
                    bounced: contact.bounced,
                }),
                Err(error) => {
                    faults.push(Fault::at(format!("/contacts/{at}/channel"), error));
                    None
                }
            })
            .collect();
        let (Ok(time_zone), []) = (time_zone, faults.as_slice()) else {
            return Err(Problem::invalid(faults));
        };
        let method = |method: MethodOf| PaymentMethod {
            key: method.key,
            kind: method.kind,
            is_default: method.is_default,
            expires_on: method.expires_on,
        };
        Ok(CustomerFacts {
            name: self.name,
            tax_number: self.tax_number,
            kind: self.kind,
            locale: self.locale,
            jurisdiction: self.jurisdiction,
            time_zone,
            segments: self.segments,
            attributes: self.attributes,
            methods: self.methods.into_iter().map(method).collect(),
            contacts,
            since: self.since,
        })
    }
}

/// A customer in a list.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct CustomerOut {
    /// The host's id.
    id: String,
    /// The tenant's own key.
    reference: String,
    #[serde(flatten)]
    person: Person,
}

impl CustomerOut {
    fn of(customer: Customer) -> Self {
        Self {
            id: customer.id.to_string(),
            reference: customer.reference.clone(),
            person: Person::of(customer),
        }
    }
}

/// A customer with what they owe.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct CustomerWhole {
    #[serde(flatten)]
    customer: CustomerOut,
    /// What is owed in each currency, whether due or not.
    outstanding: Vec<Amount>,
    /// Money that no invoice was matched with.
    credit: Vec<Amount>,
    /// Open cases.
    open_cases: Vec<String>,
}

async fn list(
    call: Call<NoParams, PageQuery, Nothing>,
) -> Result<Reply<Json<PageOf<CustomerOut>>>, Problem> {
    let page = Page {
        customer: None,
        after: call.query.key()?,
        limit: call.query.rows(),
    };
    let found = call.store().customers(&page).await?;
    let key = |customer: &Customer| customer.reference.clone();
    Ok(Reply::ok(Json(call.query.page(
        found,
        key,
        CustomerOut::of,
    ))))
}

async fn get(
    call: Call<ByCustomer, NoParams, Nothing>,
) -> Result<Reply<Json<CustomerWhole>>, Problem> {
    let store = call.store();
    let id = customer(&*store, &call.path.customer).await?;
    let dossier = dossier(&*store, id).await?;
    let outstanding = dossier.currencies().into_iter().map(|currency| {
        let items = dossier
            .items
            .iter()
            .filter(|item| item.currency == currency);
        Amount::minor(items.map(|item| item.outstanding).sum(), currency)
    });
    let credit = dossier.accounts.iter().filter(|account| account.credit > 0);
    let cases = dossier.cases.iter().filter(|case| case.is_open());
    Ok(Reply::ok(Json(CustomerWhole {
        outstanding: outstanding.collect(),
        credit: credit
            .map(|account| Amount::minor(account.credit, account.currency))
            .collect(),
        open_cases: cases.map(|case| case.id.to_string()).collect(),
        customer: CustomerOut::of(dossier.customer),
    })))
}

async fn put(call: Call<ByCustomer, NoParams, Json<Person>>) -> Result<Reply<Json<Told>>, Problem> {
    let facts = call.body.0.clone().facts()?;
    let reference = call.path.customer.clone();
    let at = call.body.0.at.as_ref();
    tell(&call, reference, Fact::Customer(facts), at).await
}

//! A scenario as it is written.

use std::collections::BTreeMap;

use chrono_tz::Tz;
use regua_domain::contract::CustomerKind;
use regua_domain::customer::{Consent, ContactPoint};
use regua_domain::fact::CustomerFacts;
use regua_domain::time::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::event::Entry;

/// A story of one customer or a few, and what it is expected to come to.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// What it is about, in a line.
    #[schemars(length(min = 1, max = 200))]
    pub scenario: String,
    /// Where workflows, plugins, templates and the tenant's settings are: a file, or its content.
    /// A host that runs scenarios has them on its shelf.
    #[serde(default)]
    #[schemars(with = "Option<SetupName>")]
    pub setup: Option<Value>,
    /// The first day: day 0.
    #[schemars(with = "chrono::NaiveDate")]
    pub starts: Date,
    /// Who it is about, by the tenant's own reference: one customer of whom nothing matters, where
    /// it is left out.
    #[serde(default = "somebody")]
    #[schemars(length(min = 1))]
    pub customers: BTreeMap<String, Person>,
    /// What happens, in the order of time, and what is expected on the way.
    #[schemars(length(min = 1))]
    pub story: Vec<Entry>,
}

/// A setup's file, or what would be in it.
#[derive(JsonSchema)]
#[serde(untagged)]
#[allow(dead_code, reason = "a schema alone")]
enum SetupName {
    File(String),
    Here(serde_json::Map<String, Value>),
}

fn somebody() -> BTreeMap<String, Person> {
    [("C-1".to_owned(), Person::default())].into()
}

/// Who a customer is. What is left out is of the most ordinary sort.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Person {
    /// As letters address them.
    pub name: String,
    /// CPF, CNPJ, VAT number, …
    pub tax_number: Option<String>,
    /// A person or a company.
    #[schemars(with = "KindName")]
    pub kind: CustomerKind,
    /// BCP 47.
    pub locale: String,
    /// ISO 3166-2, or the country alone.
    pub jurisdiction: String,
    /// IANA name: where their day begins and ends.
    #[schemars(with = "String")]
    pub time_zone: Tz,
    /// What the tenant counts them among.
    pub segments: Vec<String>,
    /// By name.
    pub attributes: BTreeMap<String, String>,
    /// The preferred first.
    pub contacts: Vec<Contact>,
}

/// The names of [`CustomerKind`].
#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[allow(dead_code, reason = "a schema alone")]
enum KindName {
    Consumer,
    Business,
}

impl Default for Person {
    fn default() -> Self {
        Self {
            name: "Maria Souza".to_owned(),
            tax_number: None,
            kind: CustomerKind::Consumer,
            locale: "en".to_owned(),
            jurisdiction: "BR".to_owned(),
            time_zone: Tz::America__Sao_Paulo,
            segments: Vec::new(),
            attributes: BTreeMap::new(),
            contacts: vec![Contact {
                channel: "email".to_owned(),
                address: "maria@cliente.example".to_owned(),
                consent: true,
            }],
        }
    }
}

/// An address.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// email, sms, whatsapp, letter, phone, or another's name.
    #[schemars(regex(pattern = r"^[a-z0-9-]{1,32}$"))]
    pub channel: String,
    /// E-mail address, number in E.164, postal address, …
    #[schemars(length(min = 1))]
    pub address: String,
    /// Whether it may be used.
    #[serde(default = "yes")]
    pub consent: bool,
}

const fn yes() -> bool {
    true
}

impl Person {
    /// The fact that tells of them.
    pub fn facts(&self) -> CustomerFacts {
        let contacts = self.contacts.iter().filter_map(|contact| {
            // Its form was held against the schema.
            let channel = contact.channel.clone().try_into().ok()?;
            Some(ContactPoint {
                channel,
                address: contact.address.clone(),
                consent: if contact.consent {
                    Consent::Given
                } else {
                    Consent::Missing
                },
                bounced: false,
            })
        });
        CustomerFacts {
            name: self.name.clone(),
            tax_number: self.tax_number.clone(),
            kind: self.kind,
            locale: self.locale.clone(),
            jurisdiction: self.jurisdiction.clone(),
            time_zone: self.time_zone,
            segments: self.segments.clone(),
            attributes: self.attributes.clone(),
            methods: Vec::new(),
            contacts: contacts.collect(),
            since: None,
        }
    }
}

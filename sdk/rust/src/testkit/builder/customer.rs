//! The debtor.

use super::SituationBuilder;
use crate::bindings as wit;
use crate::{Channel, CustomerKind};

impl SituationBuilder {
    /// What the law takes the customer for.
    pub fn customer_kind(mut self, kind: CustomerKind) -> Self {
        self.situation.customer.kind = kind.into();
        self
    }

    /// The customer's language and jurisdiction.
    pub fn living_in(mut self, locale: &str, jurisdiction: &str) -> Self {
        locale.clone_into(&mut self.situation.customer.locale);
        jurisdiction.clone_into(&mut self.situation.customer.jurisdiction);
        self
    }

    /// The channels that lead to the customer, the preferred first.
    pub fn reachable(mut self, channels: impl IntoIterator<Item = Channel>) -> Self {
        self.situation.customer.reachable = channels.into_iter().map(Into::into).collect();
        self
    }

    /// Adds the customer to a segment.
    pub fn segment(mut self, segment: &str) -> Self {
        self.situation.customer.segments.push(segment.to_owned());
        self.situation.customer.segments.sort();
        self
    }

    /// Adds an attribute that the tenant made visible.
    pub fn attribute(mut self, name: &str, value: &str) -> Self {
        self.situation
            .customer
            .attributes
            .push((name.to_owned(), value.to_owned()));
        self.situation.customer.attributes.sort();
        self
    }

    /// Adds a way to pay on file; the first one is the default.
    pub fn method(mut self, key: &str, kind: &str) -> Self {
        let methods = &mut self.situation.customer.methods;
        methods.push(wit::PaymentMethod {
            key: key.to_owned(),
            kind: kind.to_owned(),
            is_default: methods.is_empty(),
            expires_on: None,
        });
        self
    }

    /// The 0 to 9999 by which customers are split into groups.
    pub fn bucket(mut self, bucket: u16) -> Self {
        self.situation.customer.bucket = bucket;
        self
    }

    /// The chance of payment in permille.
    pub fn score(mut self, permille: u16) -> Self {
        self.situation.score = Some(wit::Score {
            permille,
            model: "test".to_owned(),
        });
        self
    }
}

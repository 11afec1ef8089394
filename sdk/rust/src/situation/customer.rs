//! The debtor, without anything that names them.

use super::{date, named};
use crate::bindings as wit;
use crate::{Channel, CustomerKind, Date};

/// The debtor, without anything that names them.
#[derive(Clone, Copy, Debug)]
pub struct Customer<'a>(pub(super) &'a wit::Customer);

impl<'a> Customer<'a> {
    /// 0 to 9999, stable for this customer: for splitting into groups.
    pub fn bucket(self) -> u16 {
        self.0.bucket
    }

    /// What the law takes them for.
    pub fn kind(self) -> CustomerKind {
        self.0.kind.into()
    }

    /// BCP 47, e.g. `pt-BR`.
    pub fn locale(self) -> &'a str {
        &self.0.locale
    }

    /// ISO 3166-2, e.g. `BR-SP`; the country alone where no more is known.
    pub fn jurisdiction(self) -> &'a str {
        &self.0.jurisdiction
    }

    /// The country of the jurisdiction, e.g. `BR`.
    pub fn country(self) -> &'a str {
        self.jurisdiction().split('-').next().unwrap_or_default()
    }

    /// Sorted.
    pub fn segments(self) -> impl Iterator<Item = &'a str> + Clone {
        self.0.segments.iter().map(String::as_str)
    }

    /// Whether the tenant counts them among a segment.
    pub fn is_in_segment(self, segment: &str) -> bool {
        self.segments().any(|name| name == segment)
    }

    /// Channels with an address, consent and no opt-out; the preferred first.
    pub fn reachable(self) -> impl Iterator<Item = Channel> + Clone {
        self.0.reachable.iter().map(Channel::from)
    }

    /// An attribute that the tenant declared visible to stages.
    pub fn attribute(self, name: &str) -> Option<&'a str> {
        named(&self.0.attributes, name)
    }

    /// Ways to pay on file, by key.
    pub fn methods(self) -> impl Iterator<Item = PaymentMethod<'a>> + Clone {
        self.0.methods.iter().map(PaymentMethod)
    }

    /// The way to pay that is charged unless another is named.
    pub fn default_method(self) -> Option<PaymentMethod<'a>> {
        self.methods().find(|method| method.is_default())
    }
}

/// A way to pay on file.
#[derive(Clone, Copy, Debug)]
pub struct PaymentMethod<'a>(&'a wit::PaymentMethod);

impl<'a> PaymentMethod<'a> {
    /// Names the method in a charge; means nothing outside.
    pub fn key(self) -> &'a str {
        &self.0.key
    }

    /// From an open register: card, debit, pix, boleto, transfer, ...
    pub fn kind(self) -> &'a str {
        &self.0.kind
    }

    /// Whether it is charged unless another is named.
    pub fn is_default(self) -> bool {
        self.0.is_default
    }

    /// Its last day, if it has one.
    pub fn expires_on(self) -> Option<Date> {
        self.0.expires_on.map(date)
    }
}

//! Charging a method on file, and charging for being late.

use super::action::builders;
use crate::bindings as wit;
use crate::situation::{Item, PaymentMethod};
use crate::{Amount, Date};

builders! {
    /// A charge of a method on file.
    Charge(wit::Charge) = Charge;
    /// A fee, posted at most once per item, kind and occurrence, for ever.
    Fee(wit::Fee) = AddFee;
    /// Interest, which the host computes by the tenant's terms.
    Interest(wit::Interest) = AddInterest;
}

impl Charge {
    /// All that is chaseable.
    pub fn all() -> Self {
        Self(wit::Charge {
            amount: None,
            method: None,
            on: None,
        })
    }

    /// An amount.
    pub fn of(amount: Amount) -> Self {
        Self(wit::Charge {
            amount: Some(amount.minor()),
            method: None,
            on: None,
        })
    }

    /// By this method rather than the default one.
    pub fn by(mut self, method: PaymentMethod<'_>) -> Self {
        self.0.method = Some(method.key().to_owned());
        self
    }

    /// On a day rather than at once.
    pub fn on(mut self, date: Date) -> Self {
        self.0.on = Some(date.days());
        self
    }
}

impl Fee {
    /// A fee of a kind on an item, the first occurrence of it. `kind` is 1 to 64
    /// characters of `a-z`, `0-9`, `-` and `.`.
    pub fn on(item: Item<'_>, kind: impl Into<String>, amount: Amount) -> Self {
        Self(wit::Fee {
            kind: kind.into(),
            item: item.key().to_owned(),
            occurrence: "1".to_owned(),
            amount: amount.minor(),
        })
    }

    /// Names the occurrence, for a fee that may come again: `2025-06`.
    pub fn occurrence(mut self, occurrence: impl Into<String>) -> Self {
        self.0.occurrence = occurrence.into();
        self
    }
}

impl Interest {
    /// Interest on an item up to a day, by the tenant's terms of this name.
    pub fn on(item: Item<'_>, terms: impl Into<String>, until: Date) -> Self {
        Self(wit::Interest {
            terms: terms.into(),
            item: item.key().to_owned(),
            until: until.days(),
        })
    }
}

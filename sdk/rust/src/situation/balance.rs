//! What is owed.

use super::date;
use crate::bindings as wit;
use crate::{Amount, CoverKind, Date, DeliveryState, Disposition, ItemKind};

/// No decision names a day further ahead: the contract's bound.
const HORIZON_DAYS: i32 = 3_660;

/// What is owed, in the case's one currency.
#[derive(Clone, Copy, Debug)]
pub struct Balance<'a>(pub(super) &'a wit::Balance);

impl<'a> Balance<'a> {
    /// ISO 4217.
    pub fn currency(self) -> &'a str {
        &self.0.currency
    }

    /// How many digits the minor unit has: 0 to 4.
    pub fn minor_digits(self) -> u8 {
        self.0.minor_digits
    }

    /// All that is open, due or not.
    pub fn outstanding(self) -> Amount {
        Amount::from_minor(self.0.outstanding)
    }

    /// What is past due.
    pub fn past_due(self) -> Amount {
        Amount::from_minor(self.0.past_due)
    }

    /// What is past due and may be chased: never more than is past due.
    pub fn chaseable(self) -> Amount {
        Amount::from_minor(self.0.chaseable)
    }

    /// Money received and not yet matched to an item.
    pub fn credit(self) -> Amount {
        Amount::from_minor(self.0.credit)
    }

    /// Due date from which `days_overdue` counts; none while nothing is overdue.
    pub fn anchor(self) -> Option<Date> {
        self.0.anchor.map(date)
    }

    /// 0 while nothing is overdue, but negative, to the earliest coming due date, where
    /// something is coming due.
    pub fn days_overdue(self) -> i32 {
        self.0.days_overdue
    }

    /// Oldest due first, then by key; at most 200.
    pub fn items(self) -> impl Iterator<Item = Item<'a>> + Clone {
        self.0.items.iter().map(Item)
    }

    /// The item of a key.
    pub fn item(self, key: &str) -> Option<Item<'a>> {
        self.items().find(|item| item.key() == key)
    }

    /// How many items there are beyond those listed.
    pub fn items_omitted(self) -> u32 {
        self.0.items_omitted
    }

    /// Why part of it is not chased for now, by subject, then kind.
    pub fn covers(self) -> impl Iterator<Item = Cover<'a>> + Clone {
        self.0.covers.iter().map(Cover)
    }

    /// The first day after `today` on which the calendar alone changes what may be chased:
    /// an item becomes past due, or a cover has ended. None where only an event can, or
    /// where it lies beyond the days that a decision may name.
    pub fn next_change_after(self, today: Date) -> Option<Date> {
        let last_days = self
            .items()
            .map(Item::due_on)
            .chain(self.covers().filter_map(Cover::until));
        last_days
            .map(|day| day.plus_days(1))
            .filter(|&day| day > today && day <= today.plus_days(HORIZON_DAYS))
            .min()
    }

    /// An amount of this balance as a person reads it: `20.00 BRL`.
    pub fn display(self, amount: Amount) -> String {
        amount.to_decimal(self.minor_digits()) + " " + self.currency()
    }
}

/// Something owed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Item<'a>(&'a wit::OpenItem);

impl<'a> Item<'a> {
    /// Names the item in proposals; means nothing outside.
    pub fn key(self) -> &'a str {
        &self.0.key
    }

    /// What it is.
    pub fn kind(self) -> ItemKind {
        self.0.kind.into()
    }

    /// The key of the item that this fee or interest was charged on.
    pub fn parent(self) -> Option<&'a str> {
        self.0.parent.as_deref()
    }

    /// The contract's reference at the tenant.
    pub fn contract(self) -> Option<&'a str> {
        self.0.contract.as_deref()
    }

    /// When it was issued.
    pub fn issued_on(self) -> Date {
        date(self.0.issued_on)
    }

    /// When it is, or was, to be paid.
    pub fn due_on(self) -> Date {
        date(self.0.due_on)
    }

    /// Negative before the due date.
    pub fn days_overdue(self) -> i32 {
        self.0.days_overdue
    }

    /// What it was issued for.
    pub fn original(self) -> Amount {
        Amount::from_minor(self.0.original)
    }

    /// What is left of it.
    pub fn outstanding(self) -> Amount {
        Amount::from_minor(self.0.outstanding)
    }

    /// What is left less covers, never below 0, and 0 while an agency has it: what may be
    /// chased.
    pub fn chaseable(self) -> Amount {
        Amount::from_minor(self.0.chaseable)
    }

    /// Who works on it.
    pub fn disposition(self) -> Disposition {
        self.0.disposition.into()
    }

    /// Whether it is the first invoice this customer was ever sent.
    pub fn is_first(self) -> bool {
        self.0.is_first
    }

    /// What is known of the document's own way to the debtor.
    pub fn delivery(self) -> DeliveryState {
        self.0.delivery.into()
    }
}

/// Ways to choose among items: `situation.items().past_due().chaseable().count()`.
pub trait ItemsExt<'a>: Iterator<Item = Item<'a>> + Sized {
    /// Those whose due date has passed.
    fn past_due(self) -> impl Iterator<Item = Item<'a>> {
        self.filter(|item| item.days_overdue() > 0)
    }

    /// Those whose due date has not passed.
    fn coming_due(self) -> impl Iterator<Item = Item<'a>> {
        self.filter(|item| item.days_overdue() <= 0)
    }

    /// Those with something that may be chased: not covered, not with an agency.
    fn chaseable(self) -> impl Iterator<Item = Item<'a>> {
        self.filter(|item| {
            item.chaseable().is_positive() && item.disposition() == Disposition::Chased
        })
    }

    /// Those that an agency works on.
    fn placed(self) -> impl Iterator<Item = Item<'a>> {
        self.filter(|item| item.disposition() == Disposition::Placed)
    }

    /// Those of a kind.
    fn of_kind(self, kind: ItemKind) -> impl Iterator<Item = Item<'a>> {
        self.filter(move |item| item.kind() == kind)
    }

    /// Principal alone.
    fn invoices(self) -> impl Iterator<Item = Item<'a>> {
        self.of_kind(ItemKind::Invoice)
    }

    /// Those under a contract.
    fn of_contract(self, contract: &str) -> impl Iterator<Item = Item<'a>> {
        self.filter(move |item| item.contract() == Some(contract))
    }

    /// The sum of what is left of them.
    fn total_outstanding(self) -> Amount {
        self.map(Item::outstanding).sum()
    }

    /// The sum of what may be chased of them.
    fn total_chaseable(self) -> Amount {
        self.map(Item::chaseable).sum()
    }
}

impl<'a, I: Iterator<Item = Item<'a>>> ItemsExt<'a> for I {}

/// Why part of the debt is not chased for now.
#[derive(Clone, Copy, Debug)]
pub struct Cover<'a>(&'a wit::Cover);

impl<'a> Cover<'a> {
    /// Why.
    pub fn kind(self) -> CoverKind {
        self.0.kind.into()
    }

    /// The key of the item; none where the cover is of several, or of the whole account.
    pub fn item_key(self) -> Option<&'a str> {
        Some(self.0.subject.as_str()).filter(|key| !key.is_empty())
    }

    /// What it takes of what could be chased.
    pub fn amount(self) -> Amount {
        Amount::from_minor(self.0.amount)
    }

    /// Its last day; none where an event ends it.
    pub fn until(self) -> Option<Date> {
        self.0.until.map(date)
    }
}

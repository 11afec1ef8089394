//! Situations for tests.

mod effect;
mod event;
mod item;
mod verdict;

use serde::Serialize;

use crate::bindings as wit;
use crate::{Channel, CoverKind, CustomerKind, Date, Situation, Timestamp, Weekday};

pub use effect::EffectBuilder;
pub use event::EventBuilder;
pub use item::ItemBuilder;
pub use verdict::VerdictBuilder;

/// Builds a situation. Unless told otherwise: Wednesday 2025-06-11, 10:00 in São Paulo; a
/// consumer who reads pt-BR and is reachable by e-mail; nothing owed, in BRL; the stage has
/// just been entered. Sums, the anchor and days overdue follow from items and covers.
#[derive(Clone, Debug)]
#[must_use]
pub struct SituationBuilder {
    situation: wit::Situation,
}

const TODAY: Date = Date::from_days(20_250);
const NOW: Timestamp = Timestamp::from_millis(20_250 * 86_400_000 + 13 * 3_600_000);

impl Default for SituationBuilder {
    fn default() -> Self {
        Self::new()
    }
}

impl SituationBuilder {
    /// The defaults above.
    pub fn new() -> Self {
        Self::from_contract(wit::Situation {
            now: wit::Moment {
                at: NOW.millis(),
                local_date: TODAY.days(),
                local_minute_of_day: 600,
                local_weekday: TODAY.weekday().into(),
                is_business_day: true,
                time_zone: "America/Sao_Paulo".to_owned(),
            },
            trigger: wit::Trigger::Entered,
            stage: wit::StagePosition {
                id: "stage".to_owned(),
                entered: NOW.millis(),
                calls_before: 0,
                visits_before: 0,
                days_in_stage: 0,
                business_days_in_stage: 0,
                memory: Vec::new(),
            },
            customer: wit::Customer {
                bucket: 0,
                kind: wit::CustomerKind::Consumer,
                locale: "pt-BR".to_owned(),
                jurisdiction: "BR-SP".to_owned(),
                segments: Vec::new(),
                reachable: vec![wit::Channel::Email],
                attributes: Vec::new(),
                methods: Vec::new(),
            },
            balance: wit::Balance {
                currency: "BRL".to_owned(),
                minor_digits: 2,
                outstanding: 0,
                past_due: 0,
                chaseable: 0,
                credit: 0,
                anchor: None,
                days_overdue: 0,
                items: Vec::new(),
                items_omitted: 0,
                covers: Vec::new(),
            },
            history: no_history(),
            score: None,
            effects: Vec::new(),
        })
    }

    pub(super) fn from_contract(situation: wit::Situation) -> Self {
        Self { situation }
    }

    /// So many days later, at the same time of day. Of these, Monday to Friday are counted as
    /// business days.
    pub fn days_later(mut self, days: u16) -> Self {
        let situation = &mut self.situation;
        let before = Date::from_days(situation.now.local_date);
        let is_business_day =
            |date: Date| !matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
        let business_days = (1..=i32::from(days))
            .filter(|&passed| is_business_day(before.plus_days(passed)))
            .count();
        situation.stage.business_days_in_stage += business_days as u32;
        let date = before.plus_days(days.into());
        situation.now.is_business_day = is_business_day(date);
        let weekday = date.weekday();
        situation.now.at += i64::from(days) * 86_400_000;
        situation.now.local_date = date.days();
        situation.now.local_weekday = weekday.into();
        situation.stage.days_in_stage += u32::from(days);
        self
    }

    /// The currency and how many digits its minor unit has.
    pub fn currency(mut self, code: &str, minor_digits: u8) -> Self {
        code.clone_into(&mut self.situation.balance.currency);
        self.situation.balance.minor_digits = minor_digits;
        self
    }

    /// Adds an item.
    pub fn item(mut self, item: ItemBuilder) -> Self {
        self.situation.balance.items.push(item.0);
        self
    }

    /// Adds an invoice of so many minor units; negative days overdue: not due yet.
    pub fn invoice(self, key: &str, amount_minor: i64, days_overdue: i32) -> Self {
        self.item(ItemBuilder::invoice(key, amount_minor).overdue(days_overdue))
    }

    /// Covers an item for now.
    pub fn cover(mut self, item: &str, kind: CoverKind, minor: i64, until: Option<Date>) -> Self {
        self.situation.balance.covers.push(wit::Cover {
            kind: kind.into(),
            subject: item.to_owned(),
            amount: minor,
            until: until.map(Date::days),
        });
        self
    }

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

    /// Promises to pay in the customer's past.
    pub fn promises(mut self, kept: u16, broken: u16) -> Self {
        self.situation.history.promises_kept = kept;
        self.situation.history.promises_broken = broken;
        self
    }

    /// Payment plans in the customer's past.
    pub fn plans(mut self, completed: u16, broken: u16) -> Self {
        self.situation.history.plans_completed = completed;
        self.situation.history.plans_broken = broken;
        self
    }

    /// So many business days since this visit began.
    pub fn business_days_in_stage(mut self, days: u32) -> Self {
        self.situation.stage.business_days_in_stage = days;
        self
    }

    /// Invoices in the customer's past.
    pub fn paid(mut self, invoices: u32, late: u32) -> Self {
        self.situation.history.invoices_paid = invoices;
        self.situation.history.invoices_paid_late = late;
        self
    }

    /// When the customer last answered.
    pub fn last_reply(mut self, at: Timestamp) -> Self {
        self.situation.history.last_reply = Some(at.millis());
        self
    }

    /// When the customer last paid.
    pub fn last_payment(mut self, at: Timestamp) -> Self {
        self.situation.history.last_payment = Some(at.millis());
        self
    }

    /// Adds what became of an earlier proposal, as the newest; by this stage, unless the
    /// effect says otherwise.
    pub fn effect(mut self, effect: EffectBuilder) -> Self {
        let effect = effect.at_stage(&self.situation.stage.id, self.situation.now.at);
        self.situation.effects.insert(0, effect);
        self
    }

    /// The memory an earlier call left.
    pub fn memory(self, memory: &impl Serialize) -> Self {
        self.memory_bytes(serde_json::to_vec(memory).expect("the memory is JSON"))
    }

    pub(super) fn memory_bytes(mut self, memory: Vec<u8>) -> Self {
        self.situation.stage.memory = memory;
        self
    }

    /// The stage has been entered this many times before.
    pub fn visits_before(mut self, visits: u32) -> Self {
        self.situation.stage.visits_before = visits;
        self
    }

    /// Asked because a wake-up came, in time.
    pub fn woken(mut self) -> Self {
        let planned = self.situation.now.at;
        self.trigger(wit::Trigger::Woken(wit::Lateness {
            planned,
            late_by_ms: 0,
        }));
        self
    }

    /// Asked because of an event.
    pub fn event(mut self, event: EventBuilder) -> Self {
        let event = event.at(self.situation.now.at, self.situation.now.local_date);
        self.trigger(wit::Trigger::Event(event));
        self
    }

    /// Asked again because not all of the last decision was allowed.
    pub fn answered(mut self, verdicts: impl IntoIterator<Item = VerdictBuilder>) -> Self {
        let verdicts = verdicts.into_iter().map(VerdictBuilder::build).collect();
        self.trigger(wit::Trigger::Answered(verdicts));
        self
    }

    fn trigger(&mut self, trigger: wit::Trigger) {
        self.situation.trigger = trigger;
        self.situation.stage.calls_before += 1;
    }

    /// The situation, with sums, anchor and days overdue as the host would count them.
    pub fn build(mut self) -> Situation {
        let today = Date::from_days(self.situation.now.local_date);
        let balance = &mut self.situation.balance;
        for item in &mut balance.items {
            item.days_overdue = Date::from_days(item.due_on).days_until(today);
            let covers = balance
                .covers
                .iter()
                .filter(|cover| cover.subject == item.key);
            let covered: i64 = covers.map(|cover| cover.amount).sum();
            item.chaseable = (item.outstanding - covered).max(0);
        }
        balance
            .items
            .sort_by(|a, b| (a.due_on, &a.key).cmp(&(b.due_on, &b.key)));
        let late = || balance.items.iter().filter(|item| item.days_overdue > 0);
        let covers = balance
            .covers
            .iter()
            .filter(|cover| cover.subject.is_empty());
        let case_covered: i64 = covers.map(|cover| cover.amount).sum();
        balance.outstanding = balance.items.iter().map(|item| item.outstanding).sum();
        balance.past_due = late().map(|item| item.outstanding).sum();
        balance.chaseable = (late().map(|item| item.chaseable).sum::<i64>() - case_covered).max(0);
        balance.anchor = late()
            .find(|item| item.chaseable > 0)
            .map(|item| item.due_on);
        let counts_from = balance
            .anchor
            .or_else(|| balance.items.first().map(|item| item.due_on));
        balance.days_overdue = counts_from.map_or(0, |due_on| today.days() - due_on);
        Situation::new(self.situation)
    }
}

fn no_history() -> wit::History {
    wit::History {
        customer_since: None,
        invoices_paid: 0,
        invoices_paid_late: 0,
        average_days_late_centi: 0,
        worst_days_late: 0,
        promises_kept: 0,
        promises_broken: 0,
        plans_completed: 0,
        plans_broken: 0,
        contacts: Vec::new(),
        last_contact: None,
        last_reply: None,
        last_payment: None,
        last_decline: None,
    }
}

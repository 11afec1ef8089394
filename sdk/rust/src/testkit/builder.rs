//! Situations for tests.

mod call;
mod customer;
mod effect;
mod event;
mod history;
mod item;
mod verdict;

use crate::bindings as wit;
use crate::{CoverKind, Date, Situation, Timestamp};

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
            history: history::none(),
            score: None,
            effects: Vec::new(),
        })
    }

    pub(super) fn from_contract(situation: wit::Situation) -> Self {
        Self { situation }
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

    /// Covers an item for now, or without its key the whole account: a hold does, and takes
    /// all there is, whatever its amount.
    pub fn cover(mut self, item: &str, kind: CoverKind, minor: i64, until: Option<Date>) -> Self {
        self.situation.balance.covers.push(wit::Cover {
            kind: kind.into(),
            subject: item.to_owned(),
            amount: minor,
            until: until.map(Date::days),
        });
        self
    }

    /// The situation, with sums, anchor and days overdue as the host would count them, for a
    /// workflow without a tolerance.
    pub fn build(mut self) -> Situation {
        let today = Date::from_days(self.situation.now.local_date);
        let balance = &mut self.situation.balance;
        balance
            .items
            .sort_by(|a, b| (a.due_on, &a.key).cmp(&(b.due_on, &b.key)));
        for item in &mut balance.items {
            item.days_overdue = Date::from_days(item.due_on).days_until(today);
            item.chaseable = item.outstanding;
        }
        for cover in &mut balance.covers {
            cover.amount = take(cover, &mut balance.items);
        }
        let is_placed = |item: &wit::OpenItem| item.disposition == wit::Disposition::Placed;
        for item in balance.items.iter_mut().filter(|item| is_placed(item)) {
            item.chaseable = 0;
        }
        let late = || balance.items.iter().filter(|item| item.days_overdue > 0);
        balance.outstanding = balance.items.iter().map(|item| item.outstanding).sum();
        balance.past_due = late().map(|item| item.outstanding).sum();
        balance.chaseable = late().map(|item| item.chaseable).sum();
        balance.anchor = late()
            .find(|item| item.chaseable > 0 && !is_charge(item.kind))
            .map(|item| item.due_on);
        let coming = || {
            let next = balance.items.iter().find(|item| item.days_overdue <= 0);
            next.filter(|_| balance.past_due == 0)
        };
        let counts_from = balance.anchor.or_else(|| Some(coming()?.due_on));
        balance.days_overdue = counts_from.map_or(0, |due_on| today.days() - due_on);
        balance
            .covers
            .sort_by(|a, b| (&a.subject, a.kind as u8).cmp(&(&b.subject, b.kind as u8)));
        Situation::new(self.situation)
    }
}

/// Takes a cover off what may be chased of its items, the oldest first, and gives how much
/// that was. A hold takes all there is.
fn take(cover: &wit::Cover, items: &mut [wit::OpenItem]) -> i64 {
    let mut left = match cover.kind {
        wit::CoverKind::Hold => i64::MAX,
        _ => cover.amount,
    };
    let mut taken = 0;
    let covered = |item: &wit::OpenItem| cover.subject.is_empty() || cover.subject == item.key;
    for item in items.iter_mut().filter(|item| covered(item)) {
        let part = left.min(item.chaseable);
        item.chaseable -= part;
        left -= part;
        taken += part;
    }
    taken
}

const fn is_charge(kind: wit::ItemKind) -> bool {
    matches!(kind, wit::ItemKind::LateFee | wit::ItemKind::Interest)
}

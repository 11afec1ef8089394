//! What came of a story by a moment, as an expectation may name it.

mod shapes;

use std::collections::BTreeSet;

use regua_domain::balance::View;
use regua_domain::case::CaseState;
use regua_domain::contract::{Action, ActionKind, Content, ItemKind, Ruling};
use regua_domain::dossier::Dossier;
use regua_domain::effect::Effect;
use regua_domain::id::ItemId;
use regua_domain::ledger::Disposition;
use regua_domain::money::{Currency, Money};
use regua_domain::time::{Date, Timestamp};
use regua_domain::timeline::{Happening, TimelineEntry};

use crate::play::sent;

pub use shapes::{Act, Fee, Message, Refused, Seen, Task};

/// How far what came was looked at already.
#[derive(Debug, Default)]
pub(super) struct Mark {
    entries: usize,
    charges: BTreeSet<ItemId>,
}

/// A customer, with all that was written of them so far.
#[derive(Clone, Copy)]
pub(super) struct Witness<'a> {
    pub dossier: &'a Dossier,
    pub timeline: &'a [TimelineEntry],
    pub today: Date,
    /// The tolerance of the workflow that a case is pinned to.
    pub tolerance: i64,
}

impl Witness<'_> {
    /// What came since a mark, which is moved.
    pub fn see(self, mark: &mut Mark) -> Seen {
        let since = self.timeline.get(mark.entries..).unwrap_or_default();
        mark.entries = self.timeline.len();
        let mut seen = Seen {
            fees: self.fees(&mut mark.charges),
            balance: self.balance(),
            ..Seen::default()
        };
        for entry in since {
            self.note(entry, &mut seen);
        }
        self.place(&mut seen);
        seen
    }

    /// The messages that were sent from a day on, each in a line; or those alone that demand.
    pub fn contacts_since(self, day: Date, that_demand: bool) -> Vec<String> {
        let zone = self.dossier.customer.time_zone;
        let mut seen = Seen::default();
        let late = self.timeline.iter();
        for entry in late.filter(|entry| entry.at.date_in(zone) >= day) {
            self.note(entry, &mut seen);
        }
        let line = |message: Message| {
            let named = message.template.or(message.subject).unwrap_or_default();
            format!("{} {} {named}", message.at, message.channel)
        };
        let sent = seen.messages.into_iter();
        let meant = |message: &Message| {
            !that_demand || !matches!(message.purpose.as_str(), "reminder" | "confirmation")
        };
        sent.filter(meant).map(line).collect()
    }

    fn wall(self, at: Timestamp) -> String {
        let local = at.in_zone(self.dossier.customer.time_zone);
        local.format("%Y-%m-%d %H:%M").to_string()
    }

    fn note(self, entry: &TimelineEntry, seen: &mut Seen) {
        let at = self.wall(entry.at);
        if let Some(key) = sent(entry) {
            let effect = self.dossier.effect(key);
            seen.messages
                .extend(effect.and_then(|effect| message(effect, at)));
            return;
        }
        match &entry.what {
            Happening::TaskOpened { title, team, .. } => seen.tasks.push(Task {
                at,
                title: title.clone(),
                team: team.clone(),
            }),
            Happening::Effected { kind, summary, .. } if is_told_as_itself(*kind) => {
                seen.actions.push(Act {
                    at,
                    kind: kind.name(),
                    summary: summary.clone(),
                });
            }
            Happening::Decided { rulings, .. } => {
                let refused = rulings
                    .iter()
                    .filter(|ruled| ruled.verdict.ruling == Ruling::Refused);
                seen.refused.extend(refused.map(|ruled| Refused {
                    at: at.clone(),
                    kind: ruled.kind.name(),
                    rule: ruled.verdict.rule.clone(),
                }));
            }
            Happening::StageLeft { stage, outcome } => {
                seen.left.push(format!("{stage}: {outcome}"));
            }
            _ => {}
        }
    }

    fn fees(self, known: &mut BTreeSet<ItemId>) -> Vec<Fee> {
        let charges = self.dossier.items.iter().filter_map(|item| {
            let kind = match item.kind {
                ItemKind::LateFee => "late-fee",
                ItemKind::Interest => "interest",
                ItemKind::Invoice | ItemKind::OtherCharge => return None,
            };
            Some((item, kind))
        });
        let mut fees = Vec::new();
        for (item, kind) in charges {
            if known.insert(item.id) {
                let parent = item.parent.and_then(|parent| self.dossier.item(parent));
                fees.push(Fee {
                    on: item.issued_on,
                    kind,
                    amount: told(item.original, item.currency),
                    invoice: parent.map(|parent| parent.reference.clone()),
                });
            }
        }
        fees
    }

    /// All that is owed in a currency, minor units: also what is not chased any more, but for what
    /// was given up.
    pub fn owed(self, currency: Currency) -> i64 {
        let items = self.dossier.items.iter();
        let owed = items.filter(|item| item.disposition != Disposition::WrittenOff);
        let owed = owed.filter(|item| item.currency == currency);
        owed.map(|item| item.outstanding).sum()
    }

    fn balance(self) -> Option<String> {
        let currencies = self.dossier.currencies().into_iter();
        let sums = currencies.map(|currency| told(self.owed(currency), currency));
        let sums: Vec<_> = sums.collect();
        (!sums.is_empty()).then(|| sums.join(", "))
    }

    /// Where the customer's case is.
    fn place(self, seen: &mut Seen) {
        let open: Vec<_> = self
            .dossier
            .cases
            .iter()
            .filter(|case| case.is_open())
            .collect();
        if !open.is_empty() {
            let stages: Vec<_> = open.iter().map(|case| case.stage()).collect();
            seen.stage = Some(stages.join(", "));
        } else if let Some(last) = self.dossier.cases.last()
            && let CaseState::Ended { end, .. } = &last.state
        {
            seen.ended = Some(end.name().to_owned());
        }
        let currency = open.first().map(|case| case.currency);
        let currency = currency.or_else(|| self.dossier.currencies().first().copied());
        seen.days_overdue = currency.map(|currency| {
            View::of(self.dossier, currency, self.today, self.tolerance).days_overdue
        });
    }
}

/// What is told neither as a message, nor as a task or a fee.
fn is_told_as_itself(kind: ActionKind) -> bool {
    !matches!(
        kind,
        ActionKind::SendMessage
            | ActionKind::OpenTask
            | ActionKind::AddFee
            | ActionKind::AddInterest
    )
}

fn message(effect: &Effect, at: String) -> Option<Message> {
    let letter = effect.letter.as_ref()?;
    let content = match &effect.action {
        Action::SendMessage(message) => Some(&message.content),
        Action::OpenTask { draft, .. } => draft.as_ref().map(|draft| &draft.content),
        _ => None,
    };
    let template = match content {
        Some(Content::Template(name)) => Some(name.clone()),
        _ => None,
    };
    Some(Message {
        at,
        channel: letter.channel.name().to_owned(),
        to: letter.address.clone(),
        purpose: letter.purpose.name().to_owned(),
        template,
        locale: letter.locale.clone(),
        subject: letter.rendered.subject.clone(),
        text: letter.rendered.text.trim_end().to_owned(),
        has: Vec::new(),
    })
}

/// `250.00 BRL`.
pub(super) fn told(minor: i64, currency: Currency) -> String {
    format!("{} {currency}", Money::new(minor, currency).to_decimal())
}

//! Money recovered: what came in late, while somebody asked for it.

use regua_domain::case::{Case, CaseState};
use regua_domain::dossier::Dossier;
use regua_domain::ledger::{EntryKind, LedgerEntry};
use regua_domain::time::{Date, Timestamp};
use regua_domain::timeline::{Happening, TimelineEntry};

/// The references of all invoices that were ever told of: a dossier has the open ones of its
/// own accord, and those that were paid only where they are asked for.
pub fn invoices(timeline: &[TimelineEntry]) -> Vec<String> {
    timeline
        .iter()
        .filter_map(|entry| match &entry.what {
            Happening::Fact { about, event, .. } if event.kind == "item.added" => about.clone(),
            _ => None,
        })
        .collect()
}

/// Money matched, after a case was opened and before it ended, to items that were past due on
/// the day it was paid: minor units. What was taken back in that time comes off.
pub fn by(case: &Case, dossier: &Dossier, ledger: &[LedgerEntry]) -> i64 {
    let ended = match case.state {
        CaseState::Ended { at, .. } => at,
        _ => Timestamp::NEVER,
    };
    ledger
        .iter()
        .filter(|entry| entry.currency == case.currency)
        .filter(|entry| matches!(entry.kind, EntryKind::Allocation | EntryKind::Reversal))
        .filter(|entry| entry.recorded_at >= case.opened_at && entry.recorded_at <= ended)
        .filter(|entry| {
            let item = entry.item.and_then(|id| dossier.item(id));
            item.is_some_and(|item| item.due_on < paid_on(entry, ledger))
        })
        .map(|entry| -entry.amount)
        .sum()
}

/// The day that money counts from; of a payment that was taken back, the day it was paid on.
fn paid_on(entry: &LedgerEntry, ledger: &[LedgerEntry]) -> Date {
    let is_payment = |other: &&LedgerEntry| {
        other.kind == EntryKind::Allocation
            && other.item == entry.item
            && other.payment == entry.payment
    };
    let payment = entry.payment.and_then(|_| ledger.iter().find(is_payment));
    payment.unwrap_or(entry).effective_on
}

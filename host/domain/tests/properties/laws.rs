//! The laws, each looked at after every fact.

use std::collections::{BTreeMap, BTreeSet};

use regua_domain::balance::outstanding_of;
use regua_domain::contract::{CoverKind, ItemKind, Purpose};
use regua_domain::dossier::{ChangeSet, Dossier};
use regua_domain::ledger::{Disposition, EntryKind};
use regua_domain::plan::{Move, plan};
use regua_domain::time::{DAY_MS, HOUR_MS, Timestamp};

use crate::kit::*;

/// Of the ladder that is played here, whose stages do not confirm anything.
#[allow(dead_code, reason = "other workflows are played elsewhere")]
pub fn hold(before: &World, after: &World) {
    of_any_workflow(before, after, 120);
    nobody_is_pestered(after);
    nothing_is_demanded_that_is_not_owed(after);
}

/// Of any ladder, each of whose cases is looked at again within so many days.
pub fn of_any_workflow(before: &World, after: &World, days: i64) {
    money_adds_up(after);
    only_money_keeps_a_schedule(after);
    what_was_paid_is_counted_once(after);
    every_name_is_given_once(after);
    nobody_is_named(before, after);
    no_case_is_forgotten(after, days);
    the_changes_make_what_came_of_it(before, after);
}

fn money_adds_up(world: &World) {
    let mut items = BTreeMap::new();
    let mut accounts = BTreeMap::new();
    for entry in &world.journal.ledger {
        match entry.item {
            Some(item) => *items.entry(item).or_insert(0) += entry.amount,
            None => *accounts.entry(entry.currency).or_insert(0) -= entry.amount,
        }
    }
    let mut references = BTreeSet::new();
    for item in &world.dossier.items {
        assert_eq!(item.outstanding, items[&item.id], "{}", item.reference);
        assert!((0..=item.original).contains(&item.outstanding), "{item:?}");
        assert!(
            references.insert(&item.reference),
            "{} is charged twice",
            item.reference
        );
        let credit = world.dossier.credit(item.currency);
        assert!(
            credit == 0 || item.outstanding == 0 || item.disposition == Disposition::WrittenOff,
            "credit {credit} lies beside {item:?}\n{}",
            world.story()
        );
    }
    for account in &world.dossier.accounts {
        assert_eq!(account.credit, accounts[&account.currency]);
        assert!(account.credit >= 0);
    }
}

fn only_money_keeps_a_schedule(world: &World) {
    for cover in &world.dossier.covers {
        if !cover.is_active() || !matches!(cover.kind, CoverKind::Promise | CoverKind::Plan) {
            continue;
        }
        let owed = outstanding_of(&world.dossier.items, cover.currency, &cover.items);
        assert!(cover.baseline >= owed, "{cover:?}\n{}", world.story());
        assert!(cover.scheduled() <= cover.baseline.max(0), "{cover:?}");
        let matched: i64 = world
            .journal
            .ledger
            .iter()
            .filter(|entry| entry.kind == EntryKind::Allocation)
            .filter(|entry| entry.item.is_some_and(|item| cover.items.contains(&item)))
            .filter(|entry| entry.recorded_at >= cover.began_at)
            .map(|entry| -entry.amount)
            .sum();
        assert!(cover.baseline - owed <= matched, "{cover:?}");
    }
}

fn what_was_paid_is_counted_once(world: &World) {
    let standing = &world.dossier.standing;
    let late: Vec<i64> = world
        .dossier
        .items
        .iter()
        .filter(|item| item.kind == ItemKind::Invoice)
        .filter_map(|item| Some((item.paid_in_full_on()? - item.due_on).num_days().max(0)))
        .collect();
    assert_eq!(standing.invoices_paid as usize, late.len());
    assert_eq!(standing.days_late_sum, late.iter().sum::<i64>());
    let is_late = late.iter().filter(|days| **days > 0);
    assert_eq!(standing.invoices_paid_late as usize, is_late.count());
}

fn every_name_is_given_once(world: &World) {
    for (number, entry) in world.journal.timeline.iter().enumerate() {
        assert_eq!(entry.number, number as u64);
    }
    for (number, entry) in world.journal.ledger.iter().enumerate() {
        assert_eq!(entry.number, number as u64);
    }
    let keys: BTreeSet<_> = world.dossier.effects.iter().map(|e| e.key).collect();
    assert_eq!(keys.len(), world.dossier.effects.len());
    let calls: BTreeSet<_> = world
        .journal
        .decisions
        .iter()
        .map(|call| (call.case, call.sequence, call.attempt))
        .collect();
    assert_eq!(calls.len(), world.journal.decisions.len());
    for case in &world.dossier.cases {
        let told: BTreeSet<_> = world
            .journal
            .timeline
            .iter()
            .filter(|entry| entry.case == Some(case.id))
            .map(|entry| entry.sequence)
            .collect();
        let all: BTreeSet<_> = (0..case.sequence).collect();
        assert_eq!(told, all, "{}", world.story());
    }
}

fn nobody_is_pestered(world: &World) {
    let zone = world.dossier.customer.time_zone;
    let policy = &world.tenant.policy.contact;
    let contacts: Vec<_> = world
        .dossier
        .effects
        .iter()
        .filter(|effect| effect.is_contact())
        .collect();
    for effect in &contacts {
        let minute = effect.at.minute_of_day_in(zone);
        assert!(!policy.quiet_hours.contain(minute), "at minute {minute}");
    }
    for two in contacts.windows(2) {
        assert!(
            two[1].at.0 - two[0].at.0 >= 20 * HOUR_MS,
            "{}",
            world.story()
        );
    }
    for channel in [email(), sms()] {
        let at: Vec<_> = contacts
            .iter()
            .filter(|effect| effect.channel() == Some(&channel))
            .map(|effect| effect.at.0)
            .collect();
        for four in at.windows(4) {
            assert!(four[3] - four[0] >= 7 * DAY_MS);
        }
    }
}

fn nothing_is_demanded_that_is_not_owed(world: &World) {
    for effect in &world.dossier.effects {
        let Some(letter) = &effect.letter else {
            continue;
        };
        let case = world.dossier.case(effect.key.case).unwrap();
        let tolerance = world.tenant.workflows[&case.workflow].tolerance(case.currency);
        assert!(letter.chaseable > tolerance);
        // By what its stage was shown, where one was asked for it.
        let shown = world
            .journal
            .decisions
            .iter()
            .rfind(|call| (call.case, call.sequence) == (effect.key.case, effect.key.sequence));
        if let Some(shown) = shown.filter(|_| letter.purpose == Purpose::Demand) {
            assert!(shown.situation.balance.chaseable > 0, "{}", world.story());
        }
    }
}

fn nobody_is_named(before: &World, after: &World) {
    for call in &after.journal.decisions[before.journal.decisions.len()..] {
        let seen = serde_json::to_string(&call.situation)
            .unwrap()
            .to_lowercase();
        for canary in ["canary", "12345678909", "11987654321", "maria"] {
            assert!(!seen.contains(canary), "{canary} in {seen}");
        }
    }
}

fn no_case_is_forgotten(world: &World, days: i64) {
    let Move::Rest { until } = plan(&world.tenant, &world.dossier, world.now) else {
        panic!("something was left to do\n{}", world.story());
    };
    assert!(world.dossier.inbox.is_empty() || until < Timestamp::NEVER);
    for case in world.dossier.cases.iter().filter(|case| case.is_open()) {
        let mut alone = world.dossier.clone();
        alone.cases.retain(|other| other.id == case.id);
        alone.items.retain(|item| item.currency == case.currency);
        alone.covers.retain(|cover| cover.currency == case.currency);
        // What waits for the case of another currency is looked at with that one.
        alone
            .inbox
            .retain(|fact| fact.currency.is_none_or(|of| of == case.currency));
        let Move::Rest { until } = plan(&world.tenant, &alone, world.now) else {
            panic!("something was left to do");
        };
        assert!(
            until < Timestamp::NEVER || !world.open_tasks().is_empty(),
            "{case:?}\n{}",
            world.story()
        );
        assert!(
            until.0 - world.now.0 < days * DAY_MS,
            "{case:?} wakes at {}",
            until.to_rfc3339()
        );
    }
}

fn put<T: Clone, K: Ord>(rows: &mut Vec<T>, changed: &[T], key: impl Fn(&T) -> K) {
    for row in changed {
        match rows.iter_mut().find(|old| key(old) == key(row)) {
            Some(old) => *old = row.clone(),
            None => rows.push(row.clone()),
        }
    }
    rows.sort_by_key(key);
}

fn the_changes_make_what_came_of_it(before: &World, after: &World) {
    let journal = regua_domain::dossier::Journal::default();
    let changes = ChangeSet::between(&before.dossier, &after.dossier, journal);
    let mut made = before.dossier.clone();
    made.customer = changes.customer.unwrap_or(made.customer);
    made.standing = changes.standing.unwrap_or(made.standing);
    put(&mut made.accounts, &changes.accounts, |row| row.currency);
    put(&mut made.items, &changes.items, |row| row.id);
    put(&mut made.payments, &changes.payments, |row| row.id);
    put(&mut made.covers, &changes.covers, |row| row.id);
    put(&mut made.cases, &changes.cases, |row| row.id);
    put(&mut made.effects, &changes.effects, |row| row.key);
    put(&mut made.tasks, &changes.tasks, |row| row.id);
    made.inbox
        .retain(|fact| !changes.facts_taken.contains(&fact.number));
    made.inbox.extend(changes.facts_added);
    assert_eq!(made, sorted(&after.dossier));
}

fn sorted(dossier: &Dossier) -> Dossier {
    let mut dossier = dossier.clone();
    dossier.items.sort_by_key(|row| row.id);
    dossier.payments.sort_by_key(|row| row.id);
    dossier.covers.sort_by_key(|row| row.id);
    dossier.cases.sort_by_key(|row| row.id);
    dossier.effects.sort_by_key(|row| row.key);
    dossier.tasks.sort_by_key(|row| row.id);
    dossier
}

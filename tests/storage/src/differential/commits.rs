//! Commits to be made: most of them honest, some too late, some breaking a rule.

use regua_domain::case::{Case, CaseState, End};
use regua_domain::dossier::{Dossier, Draft, LoggedFact};
use regua_domain::fact::Fact;
use regua_domain::id::FactId;
use regua_domain::money::Money;
use regua_domain::time::{Timestamp, plus_days};
use regua_domain::timeline::Happening;
use regua_storage::{Commit, Commits, NewRecord, Record};
use serde::{Deserialize, Serialize};

use super::{Did, Script, anybody, said};
use crate::chance::Chance;
use crate::sample::{
    NOW, brl, case, commit, created, customer, invoice, load, payment, taken, today, transition,
    uuid,
};

/// What a commit brings as a record.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Told(u64);

impl Record for Told {
    const KIND: &'static str = "told";
}

impl Script {
    pub(super) async fn commit(&mut self, nth: usize) -> Did {
        let mut commits = Commits::new();
        let mut last: Option<Dossier> = None;
        for _ in 0..=self.chance.below(5) {
            // Sometimes on top of the one before, as if that were written.
            let before = match last.take() {
                Some(last) if self.chance.one_in(3) => Some(last),
                _ => {
                    let id = customer(anybody(&mut self.chance)).id;
                    load(&self.tenants[nth][0], id).await
                }
            };
            let (commit, after) = match before {
                Some(before) if !self.chance.one_in(16) => self.change(nth, &before),
                _ => {
                    let number = anybody(&mut self.chance);
                    (created(number, self.wake()), None)
                }
            };
            last = after;
            commits.push(commit);
        }
        let mut answers = Vec::new();
        for tenant in &self.tenants[nth] {
            answers.push(said(tenant.commit(commits.clone()).await));
        }
        Did {
            what: format!("commit of {commits:#?}"),
            answers: answers.try_into().expect("two stores"),
        }
    }

    fn wake(&mut self) -> Timestamp {
        match self.chance.below(8) {
            0 => Timestamp::NEVER,
            wake => NOW.plus_ms(wake as i64 * 10 - 30),
        }
    }

    /// A change of a customer, and the dossier as it is if that is written.
    fn change(&mut self, nth: usize, before: &Dossier) -> (Commit, Option<Dossier>) {
        let told = self.next();
        let (mut made, after) = match self.chance.below(3) {
            0 => self.fact(before, told),
            _ => (None, None),
        };
        let after = if made.is_some() {
            after
        } else {
            let mut draft = Draft::new(before.clone(), NOW.plus_ms(told as i64));
            self.draft(&mut draft, told);
            let after = draft.dossier.clone();
            made = Some(commit(before, draft, NOW));
            Some(after)
        };
        let mut commit = made.expect("it was made");
        commit.wake = self.wake();
        commit.release = self.chance.one_in(2);
        if self.chance.one_in(4) {
            let customer = before.customer.id;
            let known = self.leases.iter().rev();
            let lease = known
                .filter(|(whose, lease)| *whose == nth && lease.customer == customer)
                .nth(usize::from(self.chance.one_in(4)));
            commit.epoch = Some(lease.map_or(9, |(_, lease)| lease.epoch));
        }
        if self.chance.one_in(12) {
            commit.seen = commit.seen.map(|seen| seen - 1).filter(|seen| *seen > 0);
        }
        for _ in 0..self.chance.below(3) {
            // Few names, so that some are there already. As events are named, by the customer:
            // which of two customers' commits of one batch is written first is not promised.
            let id = format!("{}.{}", before.customer.id, self.chance.below(6));
            let due_at = self.chance.one_in(2).then(|| NOW.plus_ms(told as i64));
            let record = NewRecord::of(id, &Told(told), due_at);
            commit.records.push(record.expect("JSON"));
        }
        breaks(&mut self.chance, &mut commit);
        let after = after.map(|mut after| {
            after.version += 1;
            after
        });
        (commit, after)
    }

    fn fact(&mut self, before: &Dossier, told: u64) -> (Option<Commit>, Option<Dossier>) {
        let chance = &mut self.chance;
        let (number, minor) = (chance.below(8), chance.below(900) as i64 + 1);
        let amount = Money::new(minor, brl());
        let fact = match chance.below(10) {
            0..=2 => invoice(&format!("R-{number}"), minor, number as i64 - 4),
            3..=5 => payment(&format!("P-{number}"), minor, chance.one_in(2)),
            6 => Fact::CreditNote {
                invoice: format!("R-{number}"),
                reference: format!("CN-{minor}"),
                amount,
            },
            7 => Fact::PaymentReversed {
                payment: format!("P-{number}"),
                code: "chargeback".to_owned(),
            },
            8 => Fact::PromiseMade {
                amount,
                due_on: plus_days(today(), 5),
            },
            _ => Fact::InvoiceVoided {
                invoice: format!("R-{number}"),
            },
        };
        match taken(before, &fact, told) {
            Ok((commit, after)) => (Some(commit), Some(after)),
            Err(_) => (None, None),
        }
    }

    fn draft(&mut self, draft: &mut Draft, told: u64) {
        let open = draft.dossier.cases.iter().position(Case::is_open);
        match (self.chance.below(6), open) {
            (0..=1, None) => draft
                .dossier
                .cases
                .push(case(1_000 + self.chance.below(30))),
            (0..=2, Some(place)) => {
                let id = draft.dossier.cases[place].id;
                transition(draft, id, &"Dear customer, ".repeat(told as usize % 90));
            }
            (3, Some(place)) => {
                draft.dossier.cases[place].state = CaseState::Ended {
                    end: End::Resolved,
                    at: draft.now,
                    stage: "first-day-late".to_owned(),
                };
                if self.chance.one_in(2) {
                    let number = 1_000 + self.chance.below(30);
                    draft.dossier.cases.insert(0, case(number));
                }
            }
            (4, _) => {
                for _ in 0..=self.chance.below(3) {
                    let number = self.chance.below(40);
                    draft.journal.facts.push(LoggedFact {
                        id: FactId(uuid(number)),
                        at: NOW.plus_ms(number as i64),
                        fact: invoice("R-1", 500, 3),
                        taken: self.chance.one_in(3).then_some(NOW),
                    });
                }
            }
            (5, _) => {
                let event = draft.event("replied", None, Some(told as i64));
                draft.enqueue(self.chance.one_in(2).then(brl), event);
            }
            _ => {
                draft.dossier.inbox.clear();
                draft.dossier.customer.name = format!("Customer, told {told} times");
                let text = format!("note {told}");
                draft.tell(None, Happening::Note { text });
            }
        }
    }
}

/// Breaks a rule, now and then.
fn breaks(chance: &mut Chance, commit: &mut Commit) {
    let changes = &mut commit.changes;
    match chance.below(30) {
        0 => {
            if let Some(item) = changes.items.first_mut() {
                item.outstanding = -1;
            }
        }
        1 => {
            if let Some(account) = changes.accounts.first_mut() {
                account.credit = -5;
            }
        }
        2 => {
            if let Some(entry) = changes.journal.timeline.first_mut() {
                entry.number = 0;
            }
        }
        3 => {
            if let Some(entry) = changes.journal.ledger.last_mut() {
                entry.number = entry.number.saturating_sub(1);
            }
        }
        4 => {
            let number = anybody(chance);
            if let Some(customer) = &mut changes.customer {
                customer.reference = format!("C-{number}");
            }
        }
        5 => changes.cases.push(case(2_000 + chance.below(9))),
        _ => {}
    }
}

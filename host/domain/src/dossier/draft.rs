//! A dossier being worked on.

use super::{Dossier, Journal, Waiting};
use crate::case::{Case, Pace};
use crate::contract::Event;
use crate::effect::EffectKey;
use crate::id::{CaseId, derived};
use crate::money::Currency;
use crate::time::{Date, Timestamp};
use crate::timeline::{Happening, TimelineEntry};

/// A dossier being worked on, at an instant.
#[derive(Debug, Clone)]
pub struct Draft {
    /// As it will be.
    pub dossier: Dossier,
    /// What is appended.
    pub journal: Journal,
    /// The instant.
    pub now: Timestamp,
    /// The customer's civil date at it.
    pub today: Date,
    /// The case and transition being made; none while a fact is taken in.
    transition: Option<(CaseId, u64)>,
    made: u32,
}

impl Draft {
    /// Begins work on a dossier at an instant.
    pub fn new(dossier: Dossier, now: Timestamp) -> Self {
        let today = now.date_in(dossier.customer.time_zone);
        Self {
            dossier,
            journal: Journal::default(),
            now,
            today,
            transition: None,
            made: 0,
        }
    }

    /// Goes on at an instant, with the next transition: what was made is the last one's.
    pub fn go_on(&mut self, now: Timestamp) {
        self.now = now;
        self.today = now.date_in(self.dossier.customer.time_zone);
        self.transition = None;
        self.made = 0;
    }

    /// Begins a case's next transition: names everything it makes.
    pub fn begin_transition(&mut self, id: CaseId) {
        let today = self.today;
        if let Some(case) = self.dossier.cases.iter_mut().find(|case| case.id == id) {
            self.transition = Some((id, case.sequence));
            case.sequence += 1;
            if case.pace.day == today {
                case.pace.count = case.pace.count.saturating_add(1);
            } else {
                case.pace = Pace {
                    day: today,
                    count: 1,
                };
            }
        }
    }

    /// The running transition's number.
    pub fn sequence(&self) -> u64 {
        self.transition.map_or(0, |(_, sequence)| sequence)
    }

    /// The key of the transition's next effect.
    pub fn next_effect_key(&mut self, case: CaseId) -> EffectKey {
        let key = EffectKey {
            case,
            sequence: self.sequence(),
            index: self.made,
        };
        self.made += 1;
        key
    }

    /// An id for something the transition makes.
    pub fn next_id(&mut self, case: CaseId, what: &str) -> uuid::Uuid {
        let index = self.made;
        self.made += 1;
        derived(case, self.sequence(), what, index)
    }

    /// The open case with this id.
    pub fn case_mut(&mut self, id: CaseId) -> Option<&mut Case> {
        self.dossier.cases.iter_mut().find(|case| case.id == id)
    }

    /// Writes on the timeline.
    pub fn tell(&mut self, case: Option<CaseId>, what: Happening) {
        let number = self.dossier.standing.timeline_entries;
        self.dossier.standing.timeline_entries += 1;
        let sequence = self.sequence();
        self.journal.timeline.push(TimelineEntry {
            number,
            case,
            sequence,
            at: self.now,
            what,
        });
    }

    /// Puts a fact into the inbox, behind those that wait already, and on the timeline.
    pub fn enqueue(&mut self, currency: Option<Currency>, event: Event) {
        self.enqueue_about(None, currency, event);
    }

    /// Does so with a fact about a payment, by its reference: that is on the timeline alone.
    pub fn enqueue_payment(&mut self, payment: &str, currency: Currency, event: Event) {
        self.enqueue_about(Some(payment.to_owned()), Some(currency), event);
    }

    fn enqueue_about(&mut self, payment: Option<String>, currency: Option<Currency>, event: Event) {
        let case = currency
            .and_then(|currency| self.dossier.open_case(currency))
            .map(|case| case.id);
        let item = event.subject.as_deref().and_then(|key| key.parse().ok());
        let about = item.and_then(|id| self.dossier.item(id));
        let told = Happening::Fact {
            about: about.map(|item| item.reference.clone()),
            currency,
            payment,
            event: event.clone(),
        };
        self.tell(case, told);
        let number = self.dossier.standing.facts;
        self.dossier.standing.facts += 1;
        self.dossier.inbox.push_back(Waiting {
            number,
            currency,
            event,
        });
    }

    /// An event of today.
    pub fn event(&self, kind: &str, subject: Option<String>, amount: Option<i64>) -> Event {
        Event {
            kind: kind.to_owned(),
            subject,
            amount,
            on: self.today,
            at: self.now,
            details: Vec::new(),
        }
    }
}

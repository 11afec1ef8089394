//! Covers: why part of a debt is not chased for now.

use serde::{Deserialize, Serialize};

use crate::contract::{CoverKind, Instalment};
use crate::id::{CoverId, ItemId};
use crate::money::Currency;
use crate::time::{Date, Timestamp};

/// One reason not to chase. Promises and plans are schedules over their items; what money
/// paid since is what of their outstanding sum is missing to `baseline`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cover {
    /// Its id.
    pub id: CoverId,
    /// What kind of reason.
    pub kind: CoverKind,
    /// The currency.
    pub currency: Currency,
    /// Where it comes from: a payment's or a dispute's reference, an offer's key.
    pub source: String,
    /// The items it covers; empty: all of the account, oldest due first.
    pub items: Vec<ItemId>,
    /// Minor units; none: all of its items.
    pub amount: Option<i64>,
    /// The last day it holds without a further fact.
    pub until: Option<Date>,
    /// Of promises (one instalment) and plans. It never asks for more than is owed: what a
    /// credit note or the like takes off is taken off its last parts.
    pub schedule: Vec<Instalment>,
    /// Of promises and plans: what would be outstanding on their items had no money come
    /// since they began, minor units. What is no money moves it ([`Draft::post`]), so that
    /// it is not counted as paid; so does the return of money that had come before.
    ///
    /// [`Draft::post`]: crate::dossier::Draft::post
    pub baseline: i64,
    /// When it began.
    pub began_at: Timestamp,
    /// Whether it still holds.
    pub state: CoverState,
}

/// How a cover stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CoverState {
    /// It holds.
    Active,
    /// A promise or plan was kept, a pending payment arrived.
    Kept,
    /// A promise or plan was broken, a pending payment failed.
    Broken,
    /// Decided, withdrawn or run out.
    Lifted,
}

impl Cover {
    /// Whether it holds.
    pub fn is_active(&self) -> bool {
        self.state == CoverState::Active
    }

    /// What it still covers, given what was paid on its items since it began; none: all.
    pub fn remaining(&self, paid_since: i64) -> Option<i64> {
        match self.kind {
            CoverKind::Promise | CoverKind::Plan => self
                .amount
                .map(|amount| amount.saturating_sub(paid_since).max(0)),
            CoverKind::Dispute | CoverKind::Pending | CoverKind::Hold => self.amount,
        }
    }

    /// What the schedule wants paid by the end of a day.
    pub fn due_by(&self, day: Date) -> i64 {
        self.schedule
            .iter()
            .filter(|part| part.due_on <= day)
            .map(|part| part.amount)
            .sum()
    }

    /// Shortens the schedule to what it may ask for at most, from its end on.
    pub(crate) fn ask_at_most(&mut self, most: i64) {
        let mut over = self.scheduled() - most;
        if over <= 0 {
            return;
        }
        for part in self.schedule.iter_mut().rev() {
            let less = over.min(part.amount);
            part.amount -= less;
            over -= less;
        }
        self.schedule.retain(|part| part.amount > 0);
        self.amount = Some(self.scheduled());
        if let Some(last) = self.schedule.last() {
            self.until = Some(last.due_on);
        }
    }

    /// What the whole schedule adds up to.
    pub fn scheduled(&self) -> i64 {
        self.schedule.iter().map(|part| part.amount).sum()
    }
}

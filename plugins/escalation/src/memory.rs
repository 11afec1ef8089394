//! What the effects do not tell: how many business days ago something was.
//!
//! Only the host has the calendar, and it tells the business days since this visit began.
//! So instants are remembered as that number.

use regua_sdk::prelude::*;
use serde::{Deserialize, Serialize};

/// Business days since this visit began.
pub(crate) type BusinessDay = u32;

/// What one visit remembers. It is written with every decision, also with one that the host
/// defers; so it only holds what is put right when the proposal is made again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Memory {
    /// From 0; each "not received" begins another one.
    pub(crate) round: u8,
    /// When the round's clock began; none before the stage's own day has come.
    pub(crate) clock: Option<BusinessDay>,
    /// When each contact of the round was last proposed, the first one first.
    pub(crate) proposed: Vec<BusinessDay>,
    /// The last day on which the person's work is waited for.
    pub(crate) person_until: Option<Date>,
    /// When the person's work was done.
    pub(crate) person_done: Option<BusinessDay>,
}

impl Memory {
    /// Everything anew, from this business day on.
    pub(crate) fn restart(&mut self, today: BusinessDay) {
        *self = Self {
            round: self.round.saturating_add(1),
            clock: Some(today),
            ..Self::default()
        };
    }

    /// When a contact (from 1) was made. Where that is not known, because another version
    /// of the stage made it, its clock starts now rather than never.
    pub(crate) fn made_on(&mut self, number: usize, today: BusinessDay) -> BusinessDay {
        while self.proposed.len() < number {
            self.proposed.push(today);
        }
        self.proposed[number - 1]
    }

    /// A contact (from 1) is proposed now.
    pub(crate) fn propose(&mut self, number: usize, today: BusinessDay) {
        self.proposed.resize(number, today);
        self.proposed[number - 1] = today;
    }
}

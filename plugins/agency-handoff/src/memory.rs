//! What the stage remembers within a visit.

use regua_sdk::prelude::*;
use serde::{Deserialize, Serialize};

/// Room for the placed keys in the contract's 4 KiB, as JSON; the rest is for the others.
const KEYS_BYTES_MAX: usize = 3_400;

/// What the stage remembers within a visit. Paid items are no longer among the open ones:
/// what has to be recalled can only be known from here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Memory {
    /// When the notice was last proposed. The one that was carried out is the last.
    pub notice: Option<Noticed>,
    /// Channels over which the guard refused the notice.
    pub refused: Vec<Channel>,
    /// When the agency's time is over.
    pub term_ends: Option<Date>,
    /// The keys of the items that are with the agency.
    pub placed: Vec<String>,
    /// Whether something came back from the agency unpaid.
    pub came_back_open: bool,
    /// How many recalls were proposed.
    pub recalls: u32,
}

/// A day, and how many business days of the visit had passed by then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Noticed {
    /// The customer's civil date.
    pub on: Date,
    /// Of the visit.
    pub business_days: u32,
}

/// The items whose keys there is room to remember: the first ones.
pub(crate) fn with_room<'a>(items: impl Iterator<Item = Item<'a>>) -> Vec<Item<'a>> {
    let mut bytes = 0;
    items
        .take_while(|item| {
            bytes += item.key().len() + r#""","#.len();
            bytes <= KEYS_BYTES_MAX
        })
        .collect()
}

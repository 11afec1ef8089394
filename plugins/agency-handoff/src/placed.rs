//! While items are with the agency: what is paid, voided or disputed is taken back at once,
//! and the rest when the agency's time is over or it gives up.

use regua_sdk::Disposition;
use regua_sdk::prelude::*;
use regua_sdk::situation::Effect;

use crate::before::is_disputed;
use crate::memory::{Memory, with_room};
use crate::{AgencyHandoff, Outcome, PLACEMENT, not_eligible};

/// Why items are taken back: in the recall's reason, and in its key.
const SETTLED: &str = "paid, or no longer owed";
const DISPUTED: &str = "disputed";
const RETURNED: &str = "returned by the agency";
const TERM_OVER: &str = "the agency's term is over";
const NOT_HANDED_OVER: &str = "the placement did not reach the agency";

/// The items of the placement, by what has become of them.
#[derive(Default)]
struct Sorted {
    settled: Vec<String>,
    disputed: Vec<String>,
    open: Vec<String>,
    /// Back already, by whoever took them back.
    back: bool,
}

pub(crate) fn decide(
    situation: &Situation,
    placement: Effect<'_>,
    mut memory: Memory,
) -> Decision<AgencyHandoff> {
    if memory.placed.is_empty() && memory.recalls == 0 {
        // Left by a version of the plugin whose memory this one cannot read.
        let placed = with_room(situation.items().placed());
        memory.placed = placed.iter().map(|item| item.key().to_owned()).collect();
    }
    let Sorted {
        settled,
        disputed,
        open,
        back,
    } = sort(situation, &memory);
    let failed = matches!(
        placement.state(),
        EffectState::Failed | EffectState::Cancelled
    );
    let ends = memory.term_ends.or(placement.until());
    let returned = situation.event().is_some_and(|event| {
        event.kind() == "placement.returned" && event.subject().is_none_or(|key| key == PLACEMENT)
    });
    let whole = if failed {
        Some(NOT_HANDED_OVER)
    } else if returned {
        Some(RETURNED)
    } else {
        ends.filter(|&day| day <= situation.today())
            .map(|_| TERM_OVER)
    };

    let mut recalls = Recalls::of(situation, memory);
    recalls.memory.came_back_open |= back || !disputed.is_empty();
    recalls.add(settled, SETTLED);
    recalls.add(disputed, DISPUTED);
    if let Some(reason) = whole {
        recalls.memory.came_back_open |= !open.is_empty();
        recalls.add(open, reason);
    } else {
        recalls.memory.placed = open;
    }
    if failed {
        let none = not_eligible("placement-failed", NOT_HANDED_OVER);
        return recalls.onto(none);
    }
    if recalls.memory.placed.is_empty() {
        let (outcome, code, text) = if recalls.memory.came_back_open {
            let text = whole.unwrap_or("all that is still open was taken back");
            (Outcome::Returned, "returned", text)
        } else {
            let text = "nothing that was placed is open any more";
            (Outcome::Remitted, "remitted", text)
        };
        return recalls.onto(Decision::leave(outcome).because(code, text));
    }
    let text = format!("{} items are with the agency", recalls.memory.placed.len());
    let wake = ends.map_or_else(Wake::on_event, Wake::on);
    recalls.onto(Decision::stay(wake).because("placed", text))
}

/// Items that are gone from the balance are settled: unless some are left out of it, and
/// then only those that the event names.
fn sort(situation: &Situation, memory: &Memory) -> Sorted {
    let balance = situation.balance();
    let mut sorted = Sorted::default();
    for key in &memory.placed {
        let named = situation
            .event()
            .and_then(regua_sdk::situation::Event::subject);
        let list = match balance.item(key) {
            Some(item) if item.disposition() == Disposition::Chased => {
                sorted.back = true;
                continue;
            }
            Some(_) if is_disputed(situation, key) => &mut sorted.disputed,
            Some(item) if !item.outstanding().is_positive() => &mut sorted.settled,
            None if balance.items_omitted() == 0 || named == Some(key) => &mut sorted.settled,
            Some(_) | None => &mut sorted.open,
        };
        list.push(key.clone());
    }
    sorted
}

/// The recalls of one decision, under keys that no earlier one had.
struct Recalls {
    memory: Memory,
    proposals: Vec<(String, Recall)>,
    /// What the guard refused just now is no longer with the agency: it is forgotten.
    refused: Vec<String>,
}

impl Recalls {
    fn of(situation: &Situation, memory: Memory) -> Self {
        let refused = situation.verdicts().refused();
        Self {
            refused: refused.map(|verdict| verdict.key().to_owned()).collect(),
            proposals: Vec::new(),
            memory: Memory {
                placed: Vec::new(),
                ..memory
            },
        }
    }

    fn add(&mut self, items: Vec<String>, reason: &str) {
        if items.is_empty() {
            return;
        }
        self.memory.recalls += 1;
        let key = format!("recall:{}", self.memory.recalls);
        if !self.refused.contains(&key) {
            self.proposals
                .push((key, Recall::of_keys(PLACEMENT, items, reason)));
        }
    }

    fn onto(self, decision: Decision<AgencyHandoff>) -> Decision<AgencyHandoff> {
        self.proposals
            .into_iter()
            .fold(decision, |decision, (key, recall)| {
                decision.propose(key, recall)
            })
            .remember(self.memory)
    }
}

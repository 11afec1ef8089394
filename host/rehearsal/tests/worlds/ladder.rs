//! Random workflows, valid by the way they are made.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::part::{self, Turn};
use crate::kit::{EVENTS, Plugin};

const WINDOWS: [&str; 4] = [
    "0 * 9-16 * * MON-FRI",
    "0 * * * * *",
    "0 0,30 10-11 * * *",
    "0 15-45 8-20 * * TUE,THU,SAT",
];
const CALENDARS: [&str; 3] = ["weekends", "BR", "US"];
const ROLLS: [&str; 4] = ["following", "none", "modified-following", "preceding"];
const CATCH_UPS: [&str; 3] = ["collapse", "run", "skip"];
const ENDS: [&str; 3] = ["closed", "returned", "written-off"];

/// A workflow; numbers pick among what there is.
#[derive(Debug, Clone)]
pub struct Ladder {
    window: usize,
    calendar: usize,
    roll: usize,
    /// Minor units of each currency.
    tolerance: i64,
    by_age: bool,
    catch_up: usize,
    stays: bool,
    paid: Option<usize>,
    silence: u16,
    first_day: i32,
    rungs: Vec<Rung>,
}

#[derive(Debug, Clone)]
struct Rung {
    /// So many days after the day of the rung before; none: it has no day.
    days: Option<i32>,
    after: Option<(u16, bool)>,
    /// Outcomes beyond the one that leads to the next rung.
    ways: Vec<Way>,
    failure: Failure,
    /// One bit for each event that it hears of.
    hears: u32,
    turns: Vec<Turn>,
}

#[derive(Debug, Clone, Copy)]
enum Way {
    End(usize),
    Stage(usize),
}

#[derive(Debug, Clone, Copy)]
enum Failure {
    Hold(u16, bool),
    Later(usize),
}

fn rung() -> impl Strategy<Value = Rung> {
    let way = prop_oneof![
        (0..ENDS.len()).prop_map(Way::End),
        (0..5_usize).prop_map(Way::Stage),
    ];
    let failure = prop_oneof![
        (1..12_u16, any::<bool>()).prop_map(|(days, business)| Failure::Hold(days, business)),
        (0..5_usize).prop_map(Failure::Later),
    ];
    (
        option::of(1..15_i32),
        option::of((0..8_u16, any::<bool>())),
        vec(way, 0..3),
        failure,
        any::<u32>(),
        vec(part::turn(), 1..4),
    )
        .prop_map(|(days, after, ways, failure, hears, turns)| Rung {
            days,
            after,
            ways,
            failure,
            hears,
            turns,
        })
}

pub fn ladder() -> impl Strategy<Value = Ladder> {
    let head = (
        0..WINDOWS.len(),
        0..CALENDARS.len(),
        0..ROLLS.len(),
        0..2_000_i64,
        any::<bool>(),
        0..CATCH_UPS.len(),
        any::<bool>(),
        option::of(0..5_usize),
        5..40_u16,
        -10..10_i32,
    );
    (head, vec(rung(), 1..6)).prop_map(|(head, rungs)| {
        let (window, calendar, roll, tolerance, by_age, catch_up, stays, paid, silence, first_day) =
            head;
        Ladder {
            window,
            calendar,
            roll,
            tolerance,
            by_age,
            catch_up,
            stays,
            paid,
            silence,
            first_day,
            rungs,
        }
    })
}

fn id(place: usize) -> String {
    format!("rung-{place}")
}

fn span(days: u16, business: bool) -> String {
    format!("{days}{}", if business { "bd" } else { "d" })
}

impl Ladder {
    /// After how many days without anything a stage is asked again.
    pub fn silence(&self) -> i64 {
        i64::from(self.silence)
    }

    /// As its author would write it.
    pub fn document(&self) -> Value {
        let places = 0..self.rungs.len();
        let mut document = json!({
            "name": "ladder",
            "send_window": WINDOWS[self.window],
            "calendar": CALENDARS[self.calendar],
            "roll": ROLLS[self.roll],
            "tolerance": {
                "BRL": format!("{}.{:02}", self.tolerance / 100, self.tolerance % 100),
                "JPY": self.tolerance.to_string(),
            },
            "late_entry": if self.by_age { "by_age" } else { "first" },
            "catch_up": CATCH_UPS[self.catch_up],
            "on_reanchor": if self.stays { "stay" } else { "rewind" },
            "max_silence": span(self.silence, false),
            "stages": places.map(|place| self.stage(place)).collect::<Vec<_>>(),
        });
        if let Some(paid) = self.paid {
            document["paid"] = id(paid % self.rungs.len()).into();
        }
        document
    }

    fn stage(&self, place: usize) -> Value {
        let rung = &self.rungs[place];
        let ways = (0..).zip(self.ways(place));
        let mut on: Map<_, _> = ways
            .map(|(nth, way)| (part::outcome(nth), way.target()))
            .collect();
        if CATCH_UPS[self.catch_up] == "skip" {
            on.insert("skipped".to_owned(), self.next(place).target());
        }
        let later = (place + 1..self.rungs.len()).collect::<Vec<_>>();
        let failure = match rung.failure {
            Failure::Later(nth) if !later.is_empty() => {
                json!({ "stage": id(later[nth % later.len()]) })
            }
            Failure::Later(_) => json!({ "hold": "3d", "task": "Look at this case" }),
            Failure::Hold(days, business) => {
                json!({ "hold": span(days, business), "task": "Look at this case" })
            }
        };
        json!({
            "id": id(place),
            "plugin": format!("{}@1", id(place)),
            "config": { "template": "list" },
            "at": self.at(place),
            "on": on,
            "on_failure": failure,
        })
    }

    fn at(&self, place: usize) -> Value {
        let rung = &self.rungs[place];
        let mut at = Map::new();
        if rung.days.is_some() {
            let so_far = self.rungs[1..=place].iter();
            let so_far: i32 = so_far.filter_map(|rung| rung.days).sum();
            at.insert("days_overdue".to_owned(), (self.first_day + so_far).into());
        }
        // Only what waits may be come back to: else a case could go round without an end.
        let is_come_back_to = (place..self.rungs.len()).any(|from| {
            let mut ways = self.ways(from).into_iter();
            ways.any(|way| matches!(way, Way::Stage(to) if to == place))
        });
        let least = u16::from(is_come_back_to);
        let after = rung
            .after
            .map(|(days, business)| (days.max(least), business));
        if let Some((days, business)) = after.or(is_come_back_to.then_some((1, false))) {
            at.insert("after_previous".to_owned(), span(days, business).into());
        }
        Value::Object(at)
    }

    /// The next rung, or the end after the last.
    fn next(&self, place: usize) -> Way {
        let next = place + 1;
        if next < self.rungs.len() {
            Way::Stage(next)
        } else {
            Way::End(0)
        }
    }

    /// Where each outcome of a rung leads.
    fn ways(&self, place: usize) -> Vec<Way> {
        let more = self.rungs[place].ways.iter().map(|way| match *way {
            Way::Stage(to) => Way::Stage(to % self.rungs.len()),
            end @ Way::End(_) => end,
        });
        std::iter::once(self.next(place)).chain(more).collect()
    }

    /// Who answers for its stages.
    pub fn plugins(&self) -> Vec<Plugin> {
        let rungs = self.rungs.iter().enumerate();
        let plugins = rungs.map(|(place, rung)| {
            let events = EVENTS.iter().enumerate();
            let heard = events.filter(|(bit, _)| rung.hears >> bit & 1 == 1);
            let heard: Vec<_> = heard.map(|(_, event)| *event).collect();
            let outcomes = self.ways(place).len();
            part::plugin(&id(place), outcomes, rung.turns.clone()).hears(&heard)
        });
        plugins.collect()
    }
}

impl Way {
    fn target(self) -> Value {
        match self {
            Self::End(nth) => json!({ "end": ENDS[nth] }),
            Self::Stage(place) => id(place).into(),
        }
    }
}

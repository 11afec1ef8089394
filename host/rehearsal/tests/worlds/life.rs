//! A life: a workflow under a tenant's settings, and histories that are played through it.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use regua_domain::contract::ActionKind;
use regua_domain::policy::{ChargesOnPaid, ContactPolicy, Policy};
use regua_domain::time::{DAY_MS, HOUR_MS};
use regua_rehearsal::play::Play;

use super::ladder::{self, Ladder};
use super::story;
use super::told::{self, Told};
use crate::kit::{World, terms};

/// Days of nothing that a history ends with.
const REST_DAYS: i64 = 45;

/// What a debtor is told of, each thing so many hours after the one before.
pub type History = Vec<(i64, Told)>;

/// A workflow, settings and histories.
#[derive(Debug, Clone)]
pub struct Life {
    settings: Settings,
    ladder: Ladder,
    pub histories: Vec<History>,
}

#[derive(Debug, Clone)]
struct Settings {
    zone: usize,
    waives: bool,
    /// The limits on contacts that a tenant has by default; else next to none.
    is_limited: bool,
    ceiling: Option<u32>,
    /// What no stage may propose.
    not_granted: Option<usize>,
    grace_days: u32,
    reopen_days: u32,
    pending_days: u32,
}

fn settings() -> impl Strategy<Value = Settings> {
    (
        0..4_usize,
        any::<bool>(),
        any::<bool>(),
        option::of(0..4_000_u32),
        option::weighted(0.2, 0..ActionKind::ALL.len()),
        0..5_u32,
        0..90_u32,
        1..10_u32,
    )
        .prop_map(
            |(zone, waives, is_limited, ceiling, not_granted, grace, reopen, pending)| Settings {
                zone,
                waives,
                is_limited,
                ceiling,
                not_granted,
                grace_days: grace,
                reopen_days: reopen,
                pending_days: pending,
            },
        )
}

impl Settings {
    fn hold(&self, policy: &mut Policy) {
        policy.charges_on_paid_principal = if self.waives {
            ChargesOnPaid::Waive
        } else {
            ChargesOnPaid::Keep
        };
        if self.is_limited {
            policy.contact = ContactPolicy::default();
        }
        let ceiling = self.ceiling.map(|ceiling| ("late".to_owned(), ceiling));
        policy.fee_ceilings.extend(ceiling);
        let late = terms(&serde_json::json!({ "ceiling_percent": "8" }));
        policy.interest_terms.insert("late".to_owned(), late);
        if let Some(kind) = self.not_granted {
            policy.grants.remove(&ActionKind::ALL[kind]);
        }
        policy.grace_days = self.grace_days;
        policy.reopen_days = self.reopen_days;
        policy.pending_days = self.pending_days;
    }
}

pub fn life() -> impl Strategy<Value = Life> {
    let history = || vec((0..400_i64, told::told()), 1..14);
    (settings(), ladder::ladder(), vec(history(), 1..5)).prop_map(
        |(settings, ladder, histories)| Life {
            settings,
            ladder,
            histories,
        },
    )
}

impl Life {
    /// After how many days at most a case is looked at again that waits for nothing else: silence,
    /// and the longest of what holds it up.
    pub fn patience_days(&self) -> i64 {
        self.ladder.silence() + 120
    }

    /// Its workflow, as its author would write it.
    pub fn document(&self) -> serde_json::Value {
        self.ladder.document()
    }

    /// Its workflow, published, and a debtor of whom nothing is known yet.
    pub fn world(&self) -> World {
        let document = self.document().to_string();
        World::new(&document, self.ladder.plugins())
            .with_policy(|policy| self.settings.hold(policy))
    }

    /// Plays a history through it, and looks at the play after each thing that was told.
    pub fn play<'a>(
        &self,
        world: &'a World,
        history: &History,
        mut look: impl FnMut(&Play<'a>),
    ) -> Play<'a> {
        let mut play = Play::new(&world.tenant, "c-1", world.now);
        let debtor = story::debtor(&world.dossier.customer, self.settings.zone);
        play.tell(debtor).unwrap();
        for (hours, told) in history {
            let at = play.now().plus_ms(hours * HOUR_MS);
            play = play.run(&world.cast, at).unwrap();
            let today = at.date_in(play.dossier().customer.time_zone);
            if let Some(fact) = story::fact(play.dossier(), today, *told) {
                // What cannot be taken in as told is not, and changes nothing.
                let _ = play.tell(fact);
                play = play.run(&world.cast, at).unwrap();
            }
            look(&play);
        }
        let at = play.now().plus_ms(REST_DAYS * DAY_MS);
        play = play.run(&world.cast, at).unwrap();
        look(&play);
        play
    }
}

//! What holds whatever happens: random workflows, whose stages answer what they like, through
//! random histories.

#[path = "../../domain/tests/properties/laws.rs"]
mod invariants;
#[path = "../../domain/tests/kit/kit.rs"]
mod kit;

mod worlds {
    pub mod ladder;
    pub mod life;
    pub mod part;
    pub mod seed;
    pub mod story;
    pub mod told;
    pub mod wish;
}

use std::collections::BTreeSet;
use std::sync::Mutex;

use regua_domain::customer::Customer;
use regua_domain::dossier::{Dossier, Draft, Journal, LoggedFact};
use regua_domain::run::{self, Runner, STEPS_MAX};
use regua_domain::time::HOUR_MS;
use regua_domain::timeline::Happening;
use regua_rehearsal::laws;
use regua_rehearsal::play::Play;

use kit::World;
use worlds::life::Life;
use worlds::seed::{live, live_from};

/// As the invariants see a play.
fn seen(world: &World, play: &Play<'_>) -> World {
    let mut seen = world.clone();
    seen.dossier = play.dossier().clone();
    seen.journal = play.journal().clone();
    seen.now = play.now();
    seen
}

/// The laws that no policy can break, and the invariants of the domain's own tests.
fn the_laws_hold(life: &Life) {
    let world = life.world();
    for history in &life.histories {
        let mut before = world.clone();
        life.play(&world, history, |play| {
            let broken = laws::broken(&world.tenant, play);
            let after = seen(&world, play);
            assert!(broken.is_empty(), "{broken:#?}\n{}", after.story());
            invariants::of_any_workflow(&before, &after, life.patience_days());
            before = after;
        });
    }
}

#[test]
fn the_laws_hold_of_every_workflow_whatever_is_told() {
    live(1_000, the_laws_hold);
}

/// The long way: the engine looks at a debtor who is told the same every few hours, whatever it
/// said of the next wake-up.
fn the_long_way(world: &World, short: &Play<'_>) -> (Dossier, Journal) {
    let mut dossier = Dossier::new(Customer::unknown(world.tenant.id, "c-1"));
    let mut journal = Journal::default();
    let mut now = world.now;
    let runner = Runner {
        tenant: &world.tenant,
        stages: &world.cast,
        capture: true,
        steps_max: STEPS_MAX,
    };
    let end = [None];
    for fact in short.journal().facts.iter().map(Some).chain(end) {
        let until = fact.map_or(short.now(), |fact| fact.at);
        loop {
            let next = now.plus_ms(11 * HOUR_MS).min(until);
            let ran = runner.run(dossier, now, next).unwrap();
            dossier = ran.dossier;
            journal.extend(ran.journal);
            now = ran.wake.min(next);
            if ran.wake > next && next == until {
                break;
            }
        }
        if let Some(fact) = fact {
            let fact = LoggedFact {
                taken: None,
                ..fact.clone()
            };
            let draft = Draft::new(dossier, now);
            let (draft, _) = run::tell(&world.tenant, draft, &fact).unwrap();
            dossier = draft.dossier;
            journal.extend(draft.journal);
        }
    }
    (dossier, journal)
}

#[test]
fn a_play_that_rests_until_it_wakes_is_the_one_that_is_looked_at_all_the_time() {
    live(150, |life| {
        let world = life.world();
        for history in &life.histories {
            let short = life.play(&world, history, |_| {});
            let mut long = world.clone();
            (long.dossier, long.journal) = the_long_way(&world, &short);
            // First what a person can read.
            assert_eq!(seen(&world, &short).story(), long.story());
            assert_eq!(short.dossier(), &long.dossier);
            assert_eq!(short.journal(), &long.journal);
        }
    });
}

/// Laws that nothing could break would hold of anything.
#[test]
fn lives_see_what_laws_are_there_for() {
    let seen: Mutex<BTreeSet<String>> = Mutex::default();
    live_from(0, 200, |life| {
        let world = life.world();
        for history in &life.histories {
            let play = life.play(&world, history, |_| {});
            let mut seen = seen.lock().unwrap();
            for entry in &play.journal().timeline {
                let told = serde_json::to_value(&entry.what).unwrap();
                seen.extend(told["what"].as_str().map(str::to_owned));
                if let Happening::Decided { rulings, .. } = &entry.what {
                    seen.extend(rulings.iter().map(|ruled| ruled.verdict.rule.clone()));
                }
                if let Happening::Fact { event, .. } = &entry.what {
                    seen.insert(event.kind.clone());
                }
            }
        }
    });
    let seen = seen.into_inner().unwrap();
    let unseen: Vec<_> = HAPPENS
        .iter()
        .filter(|what| !seen.contains(**what))
        .collect();
    assert!(unseen.is_empty(), "{unseen:?} is not among {seen:?}");
}

/// What happens to somebody among some hundred debtors: moves, rules of the guard, facts.
const HAPPENS: [&str; 32] = [
    "case-ended",
    "limit-met",
    "rewound",
    "stage-failed",
    "stage-inconclusive",
    "stage-passed-over",
    "stage-refused",
    "task-completed",
    "already-done",
    "charge-chaseable",
    "charge-pending",
    "contact-cap",
    "contact-gap",
    "cover",
    "fee-ceiling",
    "fee-once",
    "grant",
    "hold",
    "no-address",
    "opt-out",
    "placed",
    "plan-total",
    "quiet-hours",
    "send-window",
    "template-failed",
    "tolerance",
    "dispute.resolved",
    "effect.cancelled",
    "hold.ended",
    "payment.reversed",
    "placement.remitted",
    "promise.broken",
];

//! Random histories: what happens, and when.

use proptest::collection::vec;
use proptest::prelude::*;
use regua_domain::contract::{Channel, EffectState};
use regua_domain::effect::TaskState;
use regua_domain::fact::{EffectResult, Fact, InvoiceFacts, PaymentFacts};
use regua_domain::money::Money;
use regua_domain::policy::ChargesOnPaid;
use regua_domain::run::STEPS_MAX;
use regua_domain::time::{HOUR_MS, plus_days};

use super::greedy::greedy;
use crate::kit::*;

pub const CURRENCIES: [&str; 3] = ["BRL", "JPY", "USD"];

const ZONES: [chrono_tz::Tz; 5] = [
    chrono_tz::America::Sao_Paulo,
    chrono_tz::America::New_York,
    chrono_tz::Asia::Tokyo,
    chrono_tz::Pacific::Kiritimati,
    chrono_tz::Australia::Lord_Howe,
];

/// What is told; numbers pick among what there is.
#[derive(Debug, Clone, Copy)]
pub enum Told {
    Invoice {
        currency: usize,
        amount: i64,
        due: i64,
    },
    Payment {
        currency: usize,
        amount: i64,
        pending: bool,
    },
    Arrives(usize),
    Fails(usize),
    Reversed(usize),
    Credited {
        invoice: usize,
        amount: i64,
    },
    Voided(usize),
    Disputed {
        invoice: usize,
        amount: Option<i64>,
    },
    Decided {
        invoice: usize,
        upheld: bool,
    },
    Promised {
        currency: usize,
        amount: i64,
        days: i64,
    },
    Held(i64),
    Lifted,
    Replied,
    OptedOut(bool),
    OptedIn(bool),
    Delivered(usize),
    Bounced(usize),
    Answered {
        offer: usize,
        accepted: bool,
    },
    Approved(usize),
    Done(usize),
}

#[derive(Debug, Clone)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is one way in which worlds differ"
)]
pub struct Setting {
    zone: usize,
    waives: bool,
    capture: bool,
    any_time: bool,
    early: bool,
    told: Vec<(i64, Told)>,
    steps_max: u32,
}

fn told() -> impl Strategy<Value = Told> {
    let currency = 0..CURRENCIES.len();
    let amount = 100..20_000_i64;
    let nth = 0..20_usize;
    prop_oneof![
        6 => (currency.clone(), amount.clone(), -20..30_i64)
            .prop_map(|(currency, amount, due)| Told::Invoice { currency, amount, due }),
        4 => (currency.clone(), amount.clone(), any::<bool>())
            .prop_map(|(currency, amount, pending)| Told::Payment { currency, amount, pending }),
        1 => nth.clone().prop_map(Told::Arrives),
        1 => nth.clone().prop_map(Told::Fails),
        3 => nth.clone().prop_map(Told::Reversed),
        1 => (nth.clone(), amount.clone())
            .prop_map(|(invoice, amount)| Told::Credited { invoice, amount }),
        1 => nth.clone().prop_map(Told::Voided),
        2 => (nth.clone(), proptest::option::of(amount.clone()))
            .prop_map(|(invoice, amount)| Told::Disputed { invoice, amount }),
        2 => (nth.clone(), any::<bool>())
            .prop_map(|(invoice, upheld)| Told::Decided { invoice, upheld }),
        2 => (currency, amount, 0..20_i64)
            .prop_map(|(currency, amount, days)| Told::Promised { currency, amount, days }),
        1 => (0..12_i64).prop_map(Told::Held),
        1 => Just(Told::Lifted),
        2 => Just(Told::Replied),
        1 => any::<bool>().prop_map(Told::OptedOut),
        2 => any::<bool>().prop_map(Told::OptedIn),
        2 => nth.clone().prop_map(Told::Delivered),
        1 => nth.clone().prop_map(Told::Bounced),
        2 => (nth.clone(), any::<bool>())
            .prop_map(|(offer, accepted)| Told::Answered { offer, accepted }),
        2 => nth.clone().prop_map(Told::Approved),
        1 => nth.prop_map(Told::Done),
    ]
}

impl Setting {
    pub fn any() -> impl Strategy<Value = Self> {
        (
            0..ZONES.len(),
            any::<bool>(),
            any::<bool>(),
            any::<bool>(),
            any::<bool>(),
            vec((0..200_i64, told()), 1..24),
        )
            .prop_map(|(zone, waives, capture, any_time, early, told)| Self {
                zone,
                waives,
                capture,
                any_time,
                early,
                told,
                steps_max: STEPS_MAX,
            })
    }

    /// The same, each of whose runs is cut off after so many steps.
    pub fn cut_off_after(self, steps: u32) -> Self {
        Self {
            steps_max: steps,
            ..self
        }
    }

    fn world(&self) -> World {
        let mut head = vec![("late_entry", "by_age"), ("catch_up", "collapse")];
        if self.any_time {
            head.extend([("send_window", "\"0 * * * * *\""), ("roll", "none")]);
        }
        let mut text = rungs(&head);
        if self.early {
            text = text.replace("days_overdue: 1 }", "days_overdue: -3 }");
        }
        let plugins = ["first", "second", "third"].map(|name| plugin(name, greedy).hears(&EVENTS));
        let mut world = World::new(&text, plugins.to_vec())
            .in_zone(ZONES[self.zone])
            .with_policy(|policy| {
                policy.contact = regua_domain::policy::ContactPolicy::default();
                policy.fee_ceilings.insert("late".to_owned(), 1_500);
                if self.waives {
                    policy.charges_on_paid_principal = ChargesOnPaid::Waive;
                }
            });
        world.capture = self.capture;
        world.steps_max = self.steps_max;
        world
    }
}

/// Plays a history, each stretch of time in so many slices; then a month of nothing.
pub fn play(setting: &Setting, slices: i64, look: impl Fn(&World, &World)) -> World {
    let mut world = setting.world();
    for (hours, told) in &setting.told {
        let before = world.clone();
        pass(&mut world, hours * HOUR_MS, slices);
        if let Some(fact) = fact(&world, *told) {
            // What cannot be taken in as told is not, and changes nothing.
            let _ = world.hear(&fact);
            world.run(world.now);
        }
        look(&before, &world);
    }
    let before = world.clone();
    pass(&mut world, 30 * 24 * HOUR_MS, slices);
    look(&before, &world);
    world
}

fn pass(world: &mut World, ms: i64, slices: i64) {
    let from = world.now;
    for slice in 1..=slices {
        world.run(from.plus_ms(ms * slice / slices));
    }
}

fn channel(is_email: bool) -> Channel {
    if is_email { email() } else { sms() }
}

fn pick<T>(list: &[T], nth: usize) -> Option<&T> {
    list.get(nth % list.len().max(1))
}

#[allow(clippy::too_many_lines, reason = "one arm for each kind of fact")]
fn fact(world: &World, told: Told) -> Option<Fact> {
    let dossier = &world.dossier;
    let today = world.today();
    let money = |nth: usize, minor| Money::new(minor, currency(CURRENCIES[nth]));
    let invoices: Vec<_> = dossier
        .items
        .iter()
        .filter(|item| item.kind.is_principal())
        .collect();
    let invoice = |nth: usize| pick(&invoices, nth).map(|item| item.reference.clone());
    let payment = |nth: usize| pick(&dossier.payments, nth);
    let letters: Vec<_> = dossier
        .effects
        .iter()
        .filter(|e| {
            e.letter.is_some() && matches!(e.state, EffectState::Queued | EffectState::Done)
        })
        .collect();
    let offers: Vec<_> = dossier
        .effects
        .iter()
        .filter(|e| e.is_open_offer())
        .collect();
    let tasks: Vec<_> = dossier
        .tasks
        .iter()
        .filter(|task| task.state == TaskState::Open)
        .collect();
    Some(match told {
        Told::Invoice {
            currency,
            amount,
            due,
        } => Fact::InvoiceIssued(InvoiceFacts {
            reference: format!("I{}", dossier.standing.facts),
            amount: money(currency, amount),
            issued_on: plus_days(today, -30),
            due_on: plus_days(today, due),
            contract: None,
        }),
        Told::Payment {
            currency,
            amount,
            pending,
        } => Fact::Payment(PaymentFacts {
            reference: format!("P{}", dossier.standing.facts),
            amount: money(currency, amount),
            paid_on: today,
            invoices: Vec::new(),
            pending,
        }),
        Told::Arrives(nth) => payment(nth).map(|known| {
            Fact::Payment(PaymentFacts {
                reference: known.reference.clone(),
                amount: Money::new(known.amount, known.currency),
                paid_on: today,
                invoices: Vec::new(),
                pending: false,
            })
        })?,
        Told::Fails(nth) => Fact::PaymentFailed {
            payment: payment(nth)?.reference.clone(),
            code: "insufficient-funds".to_owned(),
            is_hard: false,
        },
        Told::Reversed(nth) => reversed(&payment(nth)?.reference),
        Told::Credited {
            invoice: nth,
            amount,
        } => Fact::CreditNote {
            invoice: invoice(nth)?,
            reference: format!("C{}", dossier.standing.facts),
            amount: Money::new(amount, pick(&invoices, nth)?.currency),
        },
        Told::Voided(nth) => Fact::InvoiceVoided {
            invoice: invoice(nth)?,
        },
        Told::Disputed {
            invoice: nth,
            amount,
        } => Fact::DisputeOpened {
            invoice: invoice(nth)?,
            reference: format!("D{}", dossier.standing.facts),
            amount: match amount {
                Some(minor) => Some(Money::new(minor, pick(&invoices, nth)?.currency)),
                None => None,
            },
            reason: "goods-or-service".to_owned(),
        },
        Told::Decided {
            invoice: nth,
            upheld,
        } => Fact::DisputeResolved {
            invoice: invoice(nth)?,
            upheld,
        },
        Told::Promised {
            currency,
            amount,
            days,
        } => Fact::PromiseMade {
            amount: money(currency, amount),
            due_on: plus_days(today, days),
        },
        Told::Held(days) => Fact::HoldPlaced {
            reason: "asked for".to_owned(),
            until: plus_days(today, days),
        },
        Told::Lifted => Fact::HoldLifted,
        Told::Replied => reply("cash-flow"),
        Told::OptedOut(is_email) => Fact::OptedOut {
            channel: channel(is_email),
        },
        Told::OptedIn(is_email) => Fact::OptedIn {
            channel: channel(is_email),
        },
        Told::Delivered(nth) => Fact::EffectResult {
            effect: pick(&letters, nth)?.key,
            result: EffectResult::Delivered,
        },
        Told::Bounced(nth) => Fact::EffectResult {
            effect: pick(&letters, nth)?.key,
            result: EffectResult::Bounced {
                code: "550 <maria@canary.example>".to_owned(),
            },
        },
        Told::Answered { offer, accepted } => Fact::OfferAnswered {
            effect: pick(&offers, offer)?.key,
            accepted: accepted.then_some(1),
        },
        Told::Approved(nth) => Fact::DraftApproved {
            task: pick(&tasks, nth)?.id,
            by: None,
        },
        Told::Done(nth) => Fact::TaskCompleted {
            task: pick(&tasks, nth)?.id,
            outcome: "called".to_owned(),
            by: None,
        },
    })
}

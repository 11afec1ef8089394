//! What may be told.

use proptest::option;
use proptest::prelude::*;
use regua_domain::contract::{Channel, DeliveryState};

pub const CHANNELS: [Channel; 3] = [Channel::Email, Channel::Sms, Channel::Letter];
pub const CONTRACTS: [&str; 2] = ["phone", "power"];
pub const CURRENCIES: [&str; 2] = ["BRL", "JPY"];
pub const ZONES: [chrono_tz::Tz; 4] = [
    chrono_tz::America::Sao_Paulo,
    chrono_tz::Asia::Tokyo,
    chrono_tz::Pacific::Kiritimati,
    chrono_tz::Australia::Lord_Howe,
];
pub const REASONS: [&str; 4] = ["cash-flow", "goods-or-service", "not-received", "hardship"];
pub const STATES: [DeliveryState; 4] = [
    DeliveryState::Sent,
    DeliveryState::Delivered,
    DeliveryState::Opened,
    DeliveryState::Bounced,
];

/// What is told; numbers pick among what there is.
#[derive(Debug, Clone, Copy)]
pub enum Told {
    Invoice {
        currency: usize,
        amount: i64,
        due: i64,
        contract: usize,
    },
    /// A share of what is owed, percent.
    Payment {
        currency: usize,
        percent: i64,
        pending: bool,
        named: Option<usize>,
    },
    Arrives(usize),
    PaymentFails(usize),
    Reversed(usize),
    Credited {
        invoice: usize,
        amount: i64,
    },
    Voided(usize),
    Delivery {
        invoice: usize,
        state: usize,
    },
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
        percent: i64,
        days: i64,
    },
    Held(i64),
    Lifted,
    Replied(usize),
    OptedOut(usize),
    OptedIn(usize),
    Result {
        effect: usize,
        result: usize,
    },
    Answered {
        offer: usize,
        accepted: Option<usize>,
    },
    Approved(usize),
    Completed(usize),
    Remitted {
        effect: usize,
        amount: i64,
        kept: bool,
    },
    Returned(usize),
    Moves(usize),
}

pub fn told() -> impl Strategy<Value = Told> {
    let currency = 0..CURRENCIES.len();
    let amount = 100..20_000_i64;
    let percent = 1..130_i64;
    let nth = 0..12_usize;
    let billed = (currency.clone(), amount.clone(), -40..25_i64, 0..3_usize).prop_map(
        |(currency, amount, due, contract)| Told::Invoice {
            currency,
            amount,
            due,
            contract,
        },
    );
    let paid = (
        currency.clone(),
        percent.clone(),
        any::<bool>(),
        option::of(nth.clone()),
    )
        .prop_map(|(currency, percent, pending, named)| Told::Payment {
            currency,
            percent,
            pending,
            named,
        });
    let money = prop_oneof![
        2 => nth.clone().prop_map(Told::Arrives),
        1 => nth.clone().prop_map(Told::PaymentFails),
        3 => nth.clone().prop_map(Told::Reversed),
        2 => (nth.clone(), amount.clone())
            .prop_map(|(invoice, amount)| Told::Credited { invoice, amount }),
        1 => nth.clone().prop_map(Told::Voided),
        2 => (nth.clone(), amount.clone(), any::<bool>())
            .prop_map(|(effect, amount, kept)| Told::Remitted { effect, amount, kept }),
        1 => nth.clone().prop_map(Told::Returned),
    ];
    let covers = prop_oneof![
        2 => (nth.clone(), option::of(amount))
            .prop_map(|(invoice, amount)| Told::Disputed { invoice, amount }),
        2 => (nth.clone(), any::<bool>())
            .prop_map(|(invoice, upheld)| Told::Decided { invoice, upheld }),
        2 => (currency, percent, 0..20_i64)
            .prop_map(|(currency, percent, days)| Told::Promised { currency, percent, days }),
        1 => (0..20_i64).prop_map(Told::Held),
        1 => Just(Told::Lifted),
    ];
    let answers = prop_oneof![
        2 => (0..REASONS.len()).prop_map(Told::Replied),
        1 => (0..CHANNELS.len()).prop_map(Told::OptedOut),
        1 => (0..CHANNELS.len()).prop_map(Told::OptedIn),
        3 => (nth.clone(), 0..5_usize)
            .prop_map(|(effect, result)| Told::Result { effect, result }),
        2 => (nth.clone(), option::of(0..3_usize))
            .prop_map(|(offer, accepted)| Told::Answered { offer, accepted }),
        2 => nth.clone().prop_map(Told::Approved),
        1 => nth.clone().prop_map(Told::Completed),
        1 => (nth, 0..STATES.len())
            .prop_map(|(invoice, state)| Told::Delivery { invoice, state }),
        1 => (0..ZONES.len()).prop_map(Told::Moves),
    ];
    prop_oneof![5 => billed, 3 => paid, 4 => money, 3 => covers, 4 => answers]
}

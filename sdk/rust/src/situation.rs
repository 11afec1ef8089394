//! Everything a stage may know, as views that read the contract's records in place.

mod balance;
mod customer;
mod effect;
mod history;
mod letters;
mod moment;
mod trigger;

use crate::bindings as wit;
use crate::{Date, Timestamp};

pub use balance::{Balance, Cover, Item, ItemsExt};
pub use customer::{Customer, PaymentMethod};
pub use effect::{Effect, EffectsExt};
pub use history::{Contacts, Decline, History, Score};
pub use letters::{Attempt, Letters};
pub use moment::{Moment, Position};
pub use trigger::{Event, Ruling, Trigger, Verdict, VerdictsExt};

/// Everything a stage may know when it is asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Situation(wit::Situation);

impl Situation {
    pub(crate) fn new(situation: wit::Situation) -> Self {
        Self(situation)
    }

    #[cfg(not(target_arch = "wasm32"))]
    pub(crate) fn into_contract(self) -> wit::Situation {
        self.0
    }

    /// The logical instant of the call.
    pub fn now(&self) -> Moment<'_> {
        Moment(&self.0.now)
    }

    /// The customer's civil date.
    pub fn today(&self) -> Date {
        self.now().date()
    }

    /// Why the stage is asked.
    pub fn trigger(&self) -> Trigger<'_> {
        Trigger::of(&self.0.trigger)
    }

    /// The event that this call is about, if it is about one: also when the stage is asked
    /// once more about its answer to it.
    pub fn event(&self) -> Option<Event<'_>> {
        trigger::event(&self.0.trigger)
    }

    /// What the guard said of the decision just made; empty on a first ask.
    pub fn verdicts(&self) -> impl Iterator<Item = Verdict<'_>> + Clone {
        trigger::verdicts(&self.0.trigger)
    }

    /// Where in the stage the case stands.
    pub fn stage(&self) -> Position<'_> {
        Position(&self.0.stage)
    }

    /// The debtor, without anything that names them.
    pub fn customer(&self) -> Customer<'_> {
        Customer(&self.0.customer)
    }

    /// What is owed, in the case's one currency.
    pub fn balance(&self) -> Balance<'_> {
        Balance(&self.0.balance)
    }

    /// The open items, oldest due first; see [`ItemsExt`] for ways to choose among them.
    pub fn items(&self) -> impl Iterator<Item = Item<'_>> + Clone {
        self.balance().items()
    }

    /// What the past says of this customer, over all cases.
    pub fn history(&self) -> History<'_> {
        History(&self.0.history)
    }

    /// The chance of payment, where the tenant has a model.
    pub fn score(&self) -> Option<Score<'_>> {
        self.0.score.as_ref().map(Score)
    }

    /// What became of everything proposed earlier in this case, newest first; see
    /// [`EffectsExt`] for ways to choose among them.
    pub fn effects(&self) -> impl Iterator<Item = Effect<'_>> + Clone {
        self.0.effects.iter().map(Effect)
    }

    /// The effects of this visit of this stage, newest first.
    pub fn effects_of_visit(&self) -> impl Iterator<Item = Effect<'_>> + Clone {
        let stage = self.stage();
        self.effects().by_stage(stage.id()).since(stage.entered())
    }
}

fn date(days: i32) -> Date {
    Date::from_days(days)
}

fn timestamp(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

/// The value under a name in a list of pairs.
fn named<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs
        .iter()
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.as_str())
}

#![doc = include_str!("../README.md")]

mod config;

use std::borrow::Cow;

use regua_sdk::prelude::*;

pub use config::Config;

/// One demand for the whole balance on the first late day.
pub struct FirstDayLate;

regua_sdk::outcomes! {
    /// How the stage is left.
    pub enum Outcome {
        /// The demand was handed over.
        Sent = "sent",
        /// No allowed channel leads to the customer.
        Unreachable = "unreachable",
    }
}

/// The name of the demand: `demand:email`.
const DEMAND: &str = "demand";
/// How soon to look again at a demand that is on its way.
const IN_FLIGHT_MINUTES: u32 = 60;

impl Stage for FirstDayLate {
    const NAME: &'static str = "first-day-late-email";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");
    const SUMMARY: &'static str =
        "One friendly demand for the whole overdue balance on the first late day";
    const PROPOSES: &'static [ActionKind] = &[ActionKind::SendMessage];
    /// A bounce sends the stage to the next channel; the others can lift the balance above
    /// the minimum on a day that no calendar tells.
    const LISTENS: &'static [&'static str] = &[
        "message.bounced",
        "dispute.resolved",
        "item.added",
        "payment.failed",
        "payment.reversed",
        "plan.broken",
        "promise.broken",
    ];

    type Config = Config;
    /// Everything worth knowing is among the effects.
    type Memory = ();
    type Outcome = Outcome;

    fn schema() -> Cow<'static, str> {
        include_str!("../config.schema.json").into()
    }

    fn check(config: &Config) -> Vec<ConfigProblem> {
        if config.channels.is_empty() {
            return vec![ConfigProblem::new(
                "/channels",
                "no channel is left to write over",
            )];
        }
        Vec::new()
    }

    fn decide(situation: &Situation, config: &Config, (): ()) -> Result<Decision<Self>, Refusal> {
        let demands = situation.letters(DEMAND);
        match demands.latest() {
            Some(Attempt::Sent) => {
                return Ok(Decision::leave(Outcome::Sent)
                    .because("already-sent", "the demand of this visit was handed over"));
            }
            Some(Attempt::InFlight) => {
                return Ok(Decision::stay(Wake::after_minutes(IN_FLIGHT_MINUTES))
                    .because("in-flight", "the demand of this visit is on its way"));
            }
            Some(Attempt::Cancelled | Attempt::Failed) | None => {}
        }

        let balance = situation.balance();
        let chaseable = balance.chaseable();
        let minimum = config.minimum.of(balance)?.unwrap_or_default();
        if chaseable.is_zero() || chaseable < minimum {
            return Ok(Decision::stay(next_look(situation)).because(
                "below-minimum",
                format!(
                    "{} may be chased, and letters start at {}",
                    balance.display(chaseable),
                    balance.display(minimum),
                ),
            ));
        }

        let usable =
            |channel: &Channel| config.channels.contains(channel) && demands.is_open(channel);
        let Some(channel) = situation.customer().reachable().find(usable) else {
            return Ok(Decision::leave(Outcome::Unreachable).because(
                "unreachable",
                "no allowed channel is left that leads to the customer",
            ));
        };
        Ok(demand(situation, config, channel))
    }
}

regua_sdk::export_stage!(FirstDayLate);

/// The one demand. Asked again because it was deferred, the stage proposes the same: the
/// host then keeps the case here until the deferral ends. Going to another channel to get
/// around quiet hours or a cap would be the opposite of what they are for.
fn demand(situation: &Situation, config: &Config, channel: Channel) -> Decision<FirstDayLate> {
    let balance = situation.balance();
    let text = format!(
        "{} days overdue, {} may be chased; {channel} is the first channel left",
        balance.days_overdue(),
        balance.display(balance.chaseable()),
    );
    let key = situation.letters(DEMAND).key(&channel);
    Decision::leave(Outcome::Sent)
        .propose(key, Message::demand(channel).template(&config.template))
        .because("late", text)
}

/// The day on which the calendar brings a change; else an event has to.
fn next_look(situation: &Situation) -> Wake {
    let change = situation.balance().next_change_after(situation.today());
    change.map_or_else(Wake::on_event, Wake::on)
}

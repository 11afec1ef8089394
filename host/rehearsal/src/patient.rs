//! Stages that are asked until they answer.

use regua_domain::contract::{Answer, Call, Situation};
use regua_domain::step::Stages;
use regua_domain::workflow::Stage;

/// Calls in a row whose deadline may pass, before the case is taken to be at its stage's mercy.
const TRIES: u32 = 100;

/// A deadline is of the machine, which may be busy: it is no part of what a policy comes to. The
/// same call is made again until it is answered; what never ends by itself ends by its fuel.
pub(crate) struct Patient<'a>(pub &'a dyn Stages);

impl Stages for Patient<'_> {
    fn decide(&self, stage: &Stage, situation: &Situation) -> Call {
        for _ in 1..TRIES {
            let call = self.0.decide(stage, situation);
            if call.answer != Answer::Inconclusive {
                return call;
            }
        }
        self.0.decide(stage, situation)
    }

    fn engine(&self) -> &str {
        self.0.engine()
    }

    fn stopped(&self) -> Option<&'static str> {
        self.0.stopped()
    }
}

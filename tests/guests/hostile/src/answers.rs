//! Answers that are wrong beside their proposals: where to go next, what to remember, why.

use crate::bindings::regua::dunning::types::{
    ConfigProblem, Decision, Next, Reason, Refusal, Situation, Wake,
};
use crate::crimes;
use crate::proposals::{done, note};

/// The answer of a wanted kind, where it is one of these.
pub fn answer(wanted: &str, situation: &Situation) -> Option<Result<Decision, Refusal>> {
    refusal(wanted)
        .map(Err)
        .or_else(|| decision(wanted, situation).map(Ok))
}

fn refusal(wanted: &str) -> Option<Refusal> {
    Some(match wanted {
        "refuse" => Refusal::Other(reason("not-today", "it does not want to")),
        "refuse-too-long" => Refusal::Other(reason("not-today", &"x".repeat(501))),
        "refuse-flood" => Refusal::BadConfig(vec![problem("/do", "wrong"); 101]),
        "refuse-not-utf-8" => Refusal::Unsupported(crimes::not_utf_8()),
        _ => return None,
    })
}

fn decision(wanted: &str, situation: &Situation) -> Option<Decision> {
    let today = situation.now.local_date;
    Some(match wanted {
        // What can be survived, and what is no crime at all.
        "nothing" | "memory-and-live" | "log-flood" | "log-line-long" => done(Vec::new()),
        "wait" => stay(Wake::OnEvent),
        "hurry" => stay(Wake::AfterMinutes(15)),
        "remember" => done(vec![note(
            "count",
            format!("call {} of this instance", crimes::count_calls()),
        )]),

        "undeclared-outcome" => leave("elsewhere"),
        "host-outcome" => leave("paid"),
        "long-outcome" => leave(&"x".repeat(500 << 10)),
        "huge-outcome" => leave(&"x".repeat(2 << 20)),
        "wake-now" => stay(Wake::AfterMinutes(0)),
        "wake-past" => stay(Wake::OnDate(today - 1)),
        "wake-far" => stay(Wake::AfterDays(u16::MAX)),
        "wake-beyond-calendar" => stay(Wake::OnDate(i32::MAX)),
        "big-memory" => Decision {
            memory: Some(vec![7; (4 << 10) + 1]),
            ..done(Vec::new())
        },
        "huge-memory" => Decision {
            memory: Some(vec![7; 8 << 20]),
            ..done(Vec::new())
        },
        "not-utf-8" => because(Reason {
            code: crimes::not_utf_8(),
            text: String::new(),
        }),
        "reason-with-escape" => because(reason("colour", "\u{1b}[31mred")),
        "too-many-reasons" => Decision {
            reasons: vec![reason("why", "because"); 17],
            ..done(Vec::new())
        },
        _ => return None,
    })
}

fn leave(outcome: &str) -> Decision {
    Decision {
        next: Next::Leave(outcome.to_owned()),
        ..done(Vec::new())
    }
}

fn stay(wake: Wake) -> Decision {
    Decision {
        next: Next::Stay(wake),
        ..done(Vec::new())
    }
}

fn because(reason: Reason) -> Decision {
    Decision {
        reasons: vec![reason],
        ..done(Vec::new())
    }
}

fn reason(code: &str, text: &str) -> Reason {
    Reason {
        code: code.to_owned(),
        text: text.to_owned(),
    }
}

pub fn problem(pointer: &str, text: &str) -> ConfigProblem {
    ConfigProblem {
        pointer: pointer.to_owned(),
        text: text.to_owned(),
    }
}

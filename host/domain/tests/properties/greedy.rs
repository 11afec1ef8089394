//! A stage that proposes whatever it may, at every chance.

use regua_domain::contract::{
    Action, Decision, Message, Next, Proposal, Purpose, Ruling, Situation, Wake,
};

use crate::kit::*;

fn wishes(situation: &Situation) -> Vec<Proposal> {
    let today = situation.now.local_date;
    let call = situation.stage.calls_before;
    let channel = situation
        .customer
        .reachable
        .first()
        .cloned()
        .unwrap_or_else(email);
    let write =
        |key: String, purpose| proposal(&key, Action::SendMessage(plain(purpose, channel.clone())));
    let draft: Option<Message> =
        (call.is_multiple_of(2)).then(|| plain(Purpose::Demand, channel.clone()));
    let mut wishes = vec![
        write(format!("demand-{call}"), Purpose::Demand),
        fee(first_item(situation), &today.to_string(), 150),
        fee(first_item(situation), "once", 300),
        task(&format!("task-{call}"), today, draft),
    ];
    if call.is_multiple_of(3) {
        wishes.push(write(format!("remind-{call}"), Purpose::Reminder));
    }
    if call % 4 == 1 {
        wishes.push(plan(situation, 3));
    }
    wishes
}

/// Proposes everything, then what was not refused; goes on after a few calls.
pub fn greedy(situation: &Situation) -> Decision {
    let mut proposals = wishes(situation);
    let verdicts = verdicts(situation);
    proposals.retain(|wish| {
        verdicts
            .iter()
            .all(|verdict| verdict.key != wish.key || verdict.ruling != Ruling::Refused)
    });
    let call = situation.stage.calls_before;
    let next = match call % 5 {
        4 => Next::Leave("sent".to_owned()),
        3 => Next::Stay(Wake::OnEvent),
        2 => Next::Stay(Wake::AfterBusinessDays(2)),
        1 => Next::Stay(Wake::AfterMinutes(90)),
        _ => Next::Stay(Wake::AfterDays(1)),
    };
    Decision {
        proposals,
        next,
        memory: Some(vec![call as u8]),
        reasons: Vec::new(),
    }
}

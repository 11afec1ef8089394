//! What is done so that somebody answers.

use crate::bindings::regua::dunning::types::{
    Action, Channel, Content, InlineContent, Instalment, Message, Plan, PlanOffer, Proposal,
    Purpose, Situation, Task, Trigger,
};

/// A letter and a task at the beginning, an offer where the debtor replied.
pub fn on(situation: &Situation) -> Vec<Proposal> {
    match &situation.trigger {
        Trigger::Entered => vec![
            propose("letter", Action::SendMessage(letter())),
            propose("task", Action::OpenTask(task(situation))),
        ],
        Trigger::Event(event) if event.kind == "replied" => {
            vec![propose("offer", Action::OfferPlan(offer(situation)))]
        }
        _ => Vec::new(),
    }
}

fn propose(key: &str, action: Action) -> Proposal {
    Proposal {
        key: key.to_owned(),
        action,
    }
}

fn letter() -> Message {
    Message {
        purpose: Purpose::Demand,
        channel: Channel::Email,
        content: Content::Inline(InlineContent {
            subject: "A word".to_owned(),
            body: "Dear {{ customer.name }}, please pay {{ balance.chaseable }}.".to_owned(),
        }),
        variables: Vec::new(),
    }
}

fn task(situation: &Situation) -> Task {
    Task {
        title: "Call them".to_owned(),
        details: String::new(),
        due_on: situation.now.local_date + 5,
        team: "collections".to_owned(),
        priority: 5,
        draft: Some(letter()),
    }
}

/// All that may be chased, in one instalment.
fn offer(situation: &Situation) -> PlanOffer {
    let items = situation.balance.items.iter();
    let chaseable = || items.clone().filter(|item| item.chaseable > 0);
    let today = situation.now.local_date;
    PlanOffer {
        items: chaseable().map(|item| item.key.clone()).collect(),
        plans: vec![Plan {
            instalments: vec![Instalment {
                due_on: today + 10,
                amount: chaseable().map(|item| item.chaseable).sum(),
            }],
            waive_fees: false,
        }],
        valid_until: today + 5,
    }
}

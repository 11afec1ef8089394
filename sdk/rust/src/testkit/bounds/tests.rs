//! One test a family of bounds. What each starts from is sound.

use super::*;
use crate::testkit::{EffectBuilder, SituationBuilder};
use crate::{Channel, Decision, EffectState, Situation};

struct Anything;

crate::outcomes! {
    enum Outcome {
        Done = "done",
    }
}

impl Stage for Anything {
    const NAME: &'static str = "anything";
    const VERSION: &'static str = "1.0.0";
    const SUMMARY: &'static str = "";
    const PROPOSES: &'static [ActionKind] = &[
        ActionKind::SendMessage,
        ActionKind::AddFee,
        ActionKind::OfferPlan,
        ActionKind::RecallPlacement,
        ActionKind::Hold,
        ActionKind::AddNote,
        ActionKind::Custom,
    ];
    type Config = ();
    type Memory = ();
    type Outcome = Outcome;

    fn decide(_: &Situation, (): &(), (): ()) -> Result<Decision<Self>, Refusal> {
        Ok(Decision::leave(Outcome::Done))
    }
}

fn situation() -> SituationBuilder {
    SituationBuilder::new().invoice("inv-1", 12_000, 3)
}

fn decision(actions: Vec<wit::Action>) -> wit::Decision {
    let proposals = actions.into_iter().enumerate();
    wit::Decision {
        proposals: proposals
            .map(|(at, action)| wit::Proposal {
                key: format!("p:{at}"),
                action,
            })
            .collect(),
        next: wit::Next::Leave("done".to_owned()),
        memory: None,
        reasons: Vec::new(),
    }
}

fn found_in(situation: SituationBuilder, decision: wit::Decision) -> Vec<String> {
    let situation = situation.build().into_contract();
    violations::<Anything>(&Answer::new(situation, decision))
}

fn found(action: wit::Action) -> Vec<String> {
    found_in(situation(), decision(vec![action]))
}

fn keys(keys: &[&str]) -> Vec<String> {
    keys.iter().map(|key| (*key).to_owned()).collect()
}

fn offer(items: &[&str], amounts: &[i64]) -> wit::Action {
    let today = situation().build().today().days();
    let instalments = amounts.iter().zip(1..).map(|(&amount, n)| wit::Instalment {
        due_on: today + n,
        amount,
    });
    wit::Action::OfferPlan(wit::PlanOffer {
        items: keys(items),
        plans: vec![wit::Plan {
            instalments: instalments.collect(),
            waive_fees: false,
        }],
        valid_until: today + 1,
    })
}

#[test]
fn sound_decisions_break_nothing() {
    let sound = decision(vec![
        offer(&["inv-1"], &[7_000, 5_000]),
        wit::Action::AddNote("a\nnote".to_owned()),
    ]);
    assert_eq!(found_in(situation(), sound), Vec::<String>::new());
}

#[test]
fn plans_add_up_to_items_of_the_situation() {
    assert_eq!(
        found(offer(&["inv-1"], &[7_000])),
        ["p:0: the instalments add up to 7000 where 12000 may be chased"]
    );
    assert_eq!(
        found(offer(&["inv-2"], &[1])),
        [
            "p:0: \"inv-2\" is not an item of the situation",
            "p:0: the instalments add up to 1 where 0 may be chased"
        ]
    );
    assert_eq!(found(offer(&[], &[])).len(), 2);
}

#[test]
fn what_is_done_already_keeps_to_its_form_alone() {
    let done = |kind| situation().effect(EffectBuilder::new("p:0", kind, EffectState::Done));
    let old = || decision(vec![offer(&["paid-since"], &[1])]);
    assert_eq!(
        found_in(done(ActionKind::OfferPlan), old()),
        Vec::<String>::new()
    );
    assert_eq!(
        found_in(done(ActionKind::AddNote), old()),
        ["p:0: offer-plan under a key that was done as add-note"]
    );
    let formless = decision(vec![offer(&[], &[1])]);
    assert_eq!(found_in(done(ActionKind::OfferPlan), formless).len(), 1);
}

#[test]
fn recalls_may_name_what_is_paid() {
    let recall = |items: &[&str]| {
        found(wit::Action::RecallPlacement(wit::Recall {
            placement: "placement".to_owned(),
            items: keys(items),
            reason: String::new(),
        }))
    };
    assert_eq!(recall(&["paid-since"]), Vec::<String>::new());
    assert_eq!(recall(&["a", "a"]), ["p:0: an item is named twice"]);
}

#[test]
fn dates_and_wake_ups_lie_ahead() {
    let today = situation().build().today().days();
    let hold = |until| {
        found(wit::Action::Hold(wit::Hold {
            reason: String::new(),
            until,
        }))
    };
    assert_eq!(hold(today + 1), Vec::<String>::new());
    assert_eq!(hold(today).len(), 1);
    assert_eq!(hold(today + 3_661).len(), 1);
    let stay = |wake| wit::Decision {
        next: wit::Next::Stay(wake),
        ..decision(Vec::new())
    };
    for late in [
        wit::Wake::AfterMinutes(14),
        wit::Wake::AfterDays(0),
        wit::Wake::AfterBusinessDays(3_661),
        wit::Wake::OnDate(today),
    ] {
        assert_eq!(found_in(situation(), stay(late)).len(), 1, "{late:?}");
    }
}

#[test]
fn messages_have_no_addresses_and_variables_can_be_read() {
    let message = |body: &str, variable: &str| {
        found(wit::Action::SendMessage(wit::Message {
            purpose: wit::Purpose::Demand,
            channel: Channel::Email.into(),
            content: wit::Content::Inline(wit::InlineContent {
                subject: "Hello".to_owned(),
                body: body.to_owned(),
            }),
            variables: vec![(variable.to_owned(), "7".to_owned())],
        }))
    };
    assert_eq!(
        message("Pay {{ links.pay }}.", "days_left"),
        Vec::<String>::new()
    );
    for plain in ["1.234,50, e.g. on 02.03.2026 at 9 a.m.", "Tel: 030 1"] {
        assert_eq!(message(plain, "x"), Vec::<String>::new());
    }
    for body in [
        "https://evil.example",
        "see www.evil.example",
        "(tel:1)",
        "*pay.evil.com*",
        "evil.de",
        "{{ links.pay }}@evil.com",
    ] {
        assert_eq!(message(body, "x"), ["p:0: the body has a web address"]);
    }
    for variable in ["", "days-left", "1st", "a.b"] {
        assert_eq!(message("", variable).len(), 1, "{variable}");
    }
}

#[test]
fn keys_kinds_and_outcomes_are_held_to_the_manifest() {
    let note = || wit::Action::AddNote(String::new());
    let mut bad = decision(vec![
        note(),
        note(),
        wit::Action::WriteOff(wit::WriteOff {
            items: keys(&["inv-1"]),
            reason: String::new(),
        }),
    ]);
    bad.proposals[1].key = "p:0".to_owned();
    bad.next = wit::Next::Leave("elsewhere".to_owned());
    assert_eq!(
        found_in(situation(), bad),
        [
            "the decision: the outcome \"elsewhere\" is not in the manifest",
            "p:0: the key comes twice",
            "p:2: write-off is not in the manifest",
        ]
    );
}

#[test]
fn refusals_and_problems_are_bounded() {
    let refusal = Refusal::other("", "x".repeat(501));
    assert_eq!(refusal_violations(&refusal).len(), 2);
    let problem = ConfigProblem::new("template", "bell\u{7}");
    assert_eq!(problem_violations(&[problem]).len(), 2);
}

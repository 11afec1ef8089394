//! What the guard says of a stand-in is what it says of a case.

use regua_domain::contract::{
    ActionKind, Channel, ContactCount, Content, EffectState, Next, Proposal, Purpose, Ruling,
    SeenEffect,
};
use regua_domain::time::{DAY_MS, HOUR_MS};

use super::*;

const LATE: &str =
    include_str!("../../../../../project/shared/fixtures/situations/one-day-late.json");
const ITEM: &str = "inv_01976000000070008000000000000001";

fn late() -> Situation {
    serde_json::from_str(LATE).unwrap()
}

fn manifest() -> Manifest {
    Manifest {
        name: "a".to_owned(),
        version: "1.0.0".to_owned(),
        summary: String::new(),
        config_schema: "{}".to_owned(),
        outcomes: vec!["sent".to_owned()],
        proposes: vec![
            ActionKind::SendMessage,
            ActionKind::AddFee,
            ActionKind::NotifyTeam,
        ],
        listens: Vec::new(),
        memory_version: 0,
    }
}

fn letter(channel: Channel) -> Action {
    Action::SendMessage(Message {
        purpose: Purpose::Demand,
        channel,
        content: Content::Template("late".to_owned()),
        variables: Vec::new(),
    })
}

fn fee(item: &str, amount: i64) -> Action {
    Action::AddFee {
        kind: "late".to_owned(),
        item: item.to_owned(),
        occurrence: "1".to_owned(),
        amount,
    }
}

fn ruled(situation: &Situation, policy: Option<Policy>, actions: &[Action]) -> Ruled {
    let proposal = |(at, action): (usize, &Action)| Proposal {
        key: format!("p{at}"),
        action: action.clone(),
    };
    let decision = Decision {
        proposals: actions.iter().enumerate().map(proposal).collect(),
        next: Next::Leave("sent".to_owned()),
        memory: None,
        reasons: Vec::new(),
    };
    rule(&decision, situation, "{}", ("", &manifest()), policy).unwrap()
}

/// The ruling and the rule of one proposal.
fn verdict(situation: &Situation, action: Action) -> (Ruling, String) {
    let mut verdicts = ruled(situation, None, &[action]).verdicts;
    let verdict = verdicts.pop().unwrap();
    (verdict.ruling, verdict.rule)
}

#[test]
fn a_letter_in_the_morning_is_allowed_and_one_at_night_put_off() {
    let mut situation = late();
    let allowed = verdict(&situation, letter(Channel::Email));
    assert_eq!(allowed, (Ruling::Allowed, "allowed".to_owned()));
    situation.now.at = situation.now.at.plus_ms(13 * HOUR_MS);
    let put_off = verdict(&situation, letter(Channel::Email));
    assert_eq!(put_off, (Ruling::Deferred, "quiet-hours".to_owned()));
}

#[test]
fn what_does_not_reach_the_customer_or_is_not_declared_is_refused() {
    let no_address = verdict(&late(), letter(Channel::Phone));
    assert_eq!(no_address, (Ruling::Refused, "no-address".to_owned()));
    let note = verdict(&late(), Action::AddNote("a".to_owned()));
    assert_eq!(note, (Ruling::Refused, "grant".to_owned()));
}

#[test]
fn contacts_of_this_case_and_of_others_count() {
    let mut situation = late();
    situation.history.last_contact = Some(situation.now.at.plus_ms(-2 * HOUR_MS));
    situation.history.contacts = vec![ContactCount {
        channel: Channel::Email,
        last_7_days: 1,
        last_30_days: 1,
        total: 1,
    }];
    let gap = verdict(&situation, letter(Channel::Email));
    assert_eq!(gap, (Ruling::Deferred, "contact-gap".to_owned()));
    situation.history.last_contact = Some(situation.now.at.plus_ms(-2 * DAY_MS));
    situation.history.contacts[0].last_7_days = 3;
    let cap = verdict(&situation, letter(Channel::Email));
    assert_eq!(cap, (Ruling::Deferred, "contact-cap".to_owned()));
    let other = verdict(&situation, letter(Channel::Sms));
    assert_eq!(other, (Ruling::Allowed, "allowed".to_owned()));
}

#[test]
fn what_was_done_on_this_visit_is_not_done_again() {
    let mut situation = late();
    let effect = |at| SeenEffect {
        key: "p0".to_owned(),
        stage: "note".to_owned(),
        kind: ActionKind::SendMessage,
        channel: Some(Channel::Email),
        state: EffectState::Done,
        code: String::new(),
        at,
        until: None,
    };
    situation.effects = vec![effect(situation.stage.entered)];
    let done = verdict(&situation, letter(Channel::Email));
    assert_eq!(done, (Ruling::Allowed, "already-done".to_owned()));
    let before = situation.stage.entered.plus_ms(-3 * DAY_MS);
    situation.effects = vec![effect(before)];
    let again = verdict(&situation, letter(Channel::Email));
    assert_eq!(again, (Ruling::Allowed, "allowed".to_owned()));
}

#[test]
fn a_policy_of_ones_own_is_what_is_ruled_by() {
    let mut policy = policy::plain();
    policy.fee_ceilings = [("late".to_owned(), 100)].into();
    policy.teams = ["field".to_owned()].into();
    let notice = Action::NotifyTeam {
        team: "field".to_owned(),
        text: "a".to_owned(),
    };
    let with = ruled(&late(), Some(policy), &[fee(ITEM, 500), notice.clone()]);
    let verdicts: Vec<_> = with
        .verdicts
        .iter()
        .map(|verdict| (verdict.ruling, verdict.rule.as_str(), verdict.at_most))
        .collect();
    let wanted = [
        (Ruling::Reduced, "fee-ceiling", Some(120)),
        (Ruling::Allowed, "allowed", None),
    ];
    assert_eq!(verdicts, wanted);
    assert!(!with.assumed.iter().any(|text| text.contains("--policy")));
    let without = ruled(&late(), None, &[notice]);
    assert_eq!(without.verdicts[0].rule, "unknown-team");
    assert!(without.assumed[0].contains("--policy FILE says another"));
}

#[test]
fn an_item_that_the_situation_does_not_tell_of_is_unknown() {
    let unknown = verdict(&late(), fee("inv_00000000000000000000000000000000", 500));
    assert_eq!(unknown, (Ruling::Refused, "unknown-item".to_owned()));
}

#[test]
fn only_what_can_matter_is_told_as_assumed() {
    let letter = ruled(&late(), None, &[letter(Channel::Email)]).assumed;
    assert!(
        letter.iter().any(|text| text.contains("template `late`")),
        "{letter:?}"
    );
    let nothing = ruled(&late(), None, &[]).assumed;
    assert!(nothing.is_empty(), "{nothing:?}");
}

#[test]
fn a_place_that_there_is_not_is_told() {
    let mut situation = late();
    situation.now.time_zone = "Mars/Olympus".to_owned();
    let decision = Decision {
        proposals: Vec::new(),
        next: Next::Leave("sent".to_owned()),
        memory: None,
        reasons: Vec::new(),
    };
    let told = rule(&decision, &situation, "{}", ("", &manifest()), None);
    let told = told.err().unwrap().to_string();
    assert_eq!(
        told,
        "the situation at `/now/time-zone`: `Mars/Olympus` is no IANA time zone"
    );
}

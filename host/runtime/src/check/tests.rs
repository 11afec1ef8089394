//! One test a bound, or a family of bounds. Each starts from a decision that is sound.

use regua_domain::contract::{Action, ActionKind, Manifest, Next, Reason, ServiceChange, Wake};

use super::samples::*;
use super::*;

#[test]
fn a_sound_decision_with_one_of_each_action_passes() {
    let until = date("2026-04-01");
    let sound = decision(vec![
        Action::SendMessage(message()),
        Action::Charge {
            amount: Some(5_000),
            method: Some("m1".to_owned()),
            on: Some(until),
        },
        fee(200),
        Action::AddInterest {
            terms: "legal".to_owned(),
            item: "i1".to_owned(),
            until: date("2026-03-02"),
        },
        Action::OfferDiscount {
            items: items(&["i1"]),
            basis_points: 500,
            valid_until: until,
        },
        offer(vec![
            plan(&[("2026-03-10", 6_000), ("2026-04-10", 5_000)], false),
            plan(&[("2026-03-10", 10_000)], true),
        ]),
        Action::OpenTask {
            title: "Call".to_owned(),
            details: "two\nlines".to_owned(),
            due_on: until,
            team: "collections".to_owned(),
            priority: 9,
            draft: Some(message()),
        },
        Action::NotifyTeam {
            team: "sales".to_owned(),
            text: String::new(),
        },
        Action::ChangeService {
            contract: "c-1".to_owned(),
            change: ServiceChange::Restrict,
        },
        Action::PlaceWithAgency {
            agency: "acme".to_owned(),
            items: items(&["i1"]),
            commission_bps: 2_500,
            term_days: 90,
        },
        Action::RecallPlacement {
            placement: "place".to_owned(),
            items: items(&["f1"]),
            reason: "paid".to_owned(),
        },
        Action::Hold {
            reason: "dispute".to_owned(),
            until,
        },
        Action::WriteOff {
            items: items(&["f1"]),
            reason: "small".to_owned(),
        },
        Action::AddNote("noted".to_owned()),
        Action::Custom {
            name: "crm.flag".to_owned(),
            json: r#"{"a":[1]}"#.to_owned(),
        },
    ]);
    assert_eq!(problems(&sound), Vec::<String>::new());
}

#[test]
fn amounts_are_told_with_their_place() {
    let bad = decision(vec![fee(1), fee(-500), fee(0), fee(1_000_000_000_000_001)]);
    assert_eq!(
        problems(&bad),
        [
            "proposals[1].add-fee.amount: -500 is below 0",
            "proposals[2].add-fee.amount: 0 is below 1",
            "proposals[3].add-fee.amount: 1000000000000001 is above 10^15",
        ]
    );
}

#[test]
fn keys_have_a_form_and_are_used_once() {
    let mut bad = decision(vec![fee(1), fee(1), fee(1)]);
    bad.proposals[1].key = "p:0".to_owned();
    bad.proposals[2].key = "P 2".to_owned();
    assert_eq!(
        problems(&bad),
        [
            "proposals[1].key: `p:0` is used twice",
            "proposals[2].key: \"P 2\" is not 1 to 64 characters of a-z, 0-9, -, . and :",
        ]
    );
}

#[test]
fn a_decision_has_at_most_32_proposals_4_kib_of_memory_and_16_reasons() {
    let mut bad = decision(vec![Action::AddNote(String::new()); 33]);
    bad.memory = Some(vec![0; 4_097]);
    bad.reasons = vec![
        Reason {
            code: "c".to_owned(),
            text: String::new()
        };
        17
    ];
    assert_eq!(
        problems(&bad),
        [
            "proposals: 33 where 32 are allowed",
            "memory: 4097 bytes where 4096 are allowed",
            "reasons: 17 where 16 are allowed",
        ]
    );
}

#[test]
fn reasons_are_short_and_plain() {
    let mut bad = decision(Vec::new());
    bad.reasons = vec![
        Reason {
            code: "c".repeat(65),
            text: "é".repeat(501),
        },
        Reason {
            code: String::new(),
            text: "bell\u{7}".to_owned(),
        },
    ];
    assert_eq!(
        problems(&bad),
        [
            "reasons[0].code: 65 characters where 64 are allowed",
            "reasons[0].text: 501 characters where 500 are allowed",
            "reasons[1].code: empty",
            "reasons[1].text: has a control character",
        ]
    );
}

#[test]
fn actions_and_outcomes_are_those_of_the_manifest() {
    let mut bad = decision(vec![fee(1)]);
    bad.next = Next::Leave("gone".to_owned());
    let manifest = Manifest {
        proposes: vec![ActionKind::Hold],
        ..manifest()
    };
    assert_eq!(
        check(&bad, &situation(), &manifest).unwrap_err(),
        [
            "proposals[0]: `add-fee` is not among the actions its manifest proposes",
            "next.leave: \"gone\" is not among the outcomes of its manifest",
        ]
    );
}

#[test]
fn a_wake_up_is_ahead_and_within_ten_years() {
    let wake = |wake| {
        problems(&Decision {
            next: Next::Stay(wake),
            ..decision(Vec::new())
        })
    };
    let sound = [
        Wake::AfterMinutes(15),
        Wake::AfterDays(1),
        Wake::OnDate(date("2026-03-03")),
        Wake::OnEvent,
    ];
    for sound in sound {
        assert_eq!(wake(sound), Vec::<String>::new());
    }
    assert_eq!(
        wake(Wake::AfterMinutes(14)),
        ["next.stay: 14 minutes is below 15"]
    );
    assert_eq!(wake(Wake::AfterDays(0)), ["next.stay: 0 days is not ahead"]);
    assert_eq!(
        wake(Wake::AfterBusinessDays(u16::MAX)),
        ["next.stay: 65535 days is more than ten years"]
    );
    assert_eq!(
        wake(Wake::OnDate(date("2026-03-02"))),
        ["next.stay: 2026-03-02 is not after today, 2026-03-02"]
    );
    assert_eq!(wake(Wake::AfterMinutes(u32::MAX)).len(), 1);
}

#[test]
fn items_exist_and_are_named_once() {
    let write_off = |keys: &[&str]| {
        problems_of(Action::WriteOff {
            items: items(keys),
            reason: String::new(),
        })
    };
    assert_eq!(write_off(&[]), ["proposals[0].write-off.items: empty"]);
    assert_eq!(
        write_off(&["x"]),
        ["proposals[0].write-off.items[0]: \"x\" is not an item of the situation"]
    );
    assert_eq!(
        write_off(&["i1", "i1"]),
        ["proposals[0].write-off.items[1]: \"i1\" is named twice"]
    );
    let interest = Action::AddInterest {
        terms: String::new(),
        item: "x".to_owned(),
        until: date("1900-01-01"),
    };
    assert_eq!(problems_of(interest).len(), 3);
}

#[test]
fn config_problems_point_into_the_config() {
    let problem = |pointer: &str| ConfigProblem {
        pointer: pointer.to_owned(),
        text: "no".to_owned(),
    };
    assert_eq!(
        check_config_problems(&[problem(""), problem("/a/0")]),
        Ok(())
    );
    let told = check_config_problems(&[problem("a")]).unwrap_err();
    assert_eq!(told, ["problems[0].pointer: \"a\" is not a JSON pointer"]);
}

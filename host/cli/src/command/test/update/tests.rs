use chrono::NaiveDate;
use serde_json::json;

use super::*;

fn update(text: &str, came: Value) -> anyhow::Result<String> {
    let value = read(text, Form::Yaml).unwrap();
    let story = value["story"].as_array().unwrap();
    let at = story.iter().position(|entry| entry.get("expect").is_some());
    let at = at.unwrap();
    let mismatch = Mismatch {
        pointer: format!("/story/{at}"),
        customer: "C-1".to_owned(),
        on: NaiveDate::from_ymd_opt(2026, 3, 2).unwrap(),
        expected: story[at]["expect"].clone(),
        came,
    };
    updated(text, &[mismatch])
}

#[test]
fn what_came_takes_the_place_of_what_was_expected_and_of_nothing_else() {
    let head = "scenario: s\nstarts: 2026-03-02\nstory:\n";
    let came = json!({ "stage": "note", "messages": [] });
    for (written, expected) in [
        (
            "  - on: day 3 # why\n    expect:\n      stage: nope\n    # the next\n  - on: day 4\n    lift-hold: {}\n",
            "  - on: day 3 # why\n    expect:\n      messages: []\n      stage: note\n    # the next\n  - on: day 4\n    lift-hold: {}\n",
        ),
        (
            "  - { on: day 4, expect: { stage: nope }, customer: C-1 } # why\n",
            "  - { on: day 4, expect: {\"messages\":[],\"stage\":\"note\"}, customer: C-1 } # why\n",
        ),
        (
            "  - on: day 3\n    expect: {} # to be filled\n  - on: day 4\n    lift-hold: {}\n",
            "  - on: day 3\n    expect:\n      # to be filled\n      messages: []\n      stage: note\n  - on: day 4\n    lift-hold: {}\n",
        ),
        (
            "  - on: day 3\n    expect: { stage: nope,\n      ended: null }\n",
            "  - on: day 3\n    expect:\n      messages: []\n      stage: note\n",
        ),
        (
            "  - on: day 3\n    expect:\n      stage: nope\n# at the margin\n      balance: 3.00 BRL # why\n\n\n# the end\n",
            "  - on: day 3\n    expect:\n      messages: []\n      stage: note\n      # why\n\n\n# the end\n",
        ),
        (
            "  - on: day 3\n    expect:\n      messages:\n        - text: |\n            Nope\n\n  - on: day 4\n    lift-hold: {}",
            "  - on: day 3\n    expect:\n      messages: []\n      stage: note\n\n  - on: day 4\n    lift-hold: {}",
        ),
    ] {
        let (written, expected) = (format!("{head}{written}"), format!("{head}{expected}"));
        assert_eq!(update(&written, came.clone()).unwrap(), expected);
        let in_dos = written.replace('\n', "\r\n");
        assert_eq!(
            update(&in_dos, came.clone()).unwrap(),
            expected.replace('\n', "\r\n")
        );
    }
}

#[test]
fn json_stays_json() {
    let written =
        r#"{"scenario": "s", "starts": "2026-03-02", "story": [{"on": "day 3", "expect": {}}]}"#;
    let text = update(written, json!({ "messages": [{ "text": "a\nb" }] })).unwrap();
    let read: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(read["story"][0]["expect"]["messages"][0]["text"], "a\nb");
}

#[test]
fn a_letter_that_lacks_a_piece_is_written_whole() {
    let written = "scenario: s\nstarts: 2026-03-02\nstory:\n  - on: day 3\n    expect:\n      messages: [{ has: [Friday] }] # which day\n";
    let text = update(
        written,
        json!({ "messages": [{ "has": "Pay 3.00.\nBy Monday.\n" }] }),
    );
    let read = read(&text.unwrap(), Form::Yaml).unwrap();
    let messages = &read["story"][0]["expect"]["messages"];
    assert_eq!(*messages, json!([{ "text": "Pay 3.00.\nBy Monday.\n" }]));
}

#[test]
fn what_cannot_be_written_is_said() {
    let told = |story: &str, came| {
        let text = format!("scenario: s\nstarts: 2026-03-02\nstory:\n{story}");
        update(&text, came).unwrap_err().to_string()
    };
    let bound = "  - on: day 3\n    expect: { no_contact_since: day 2 }\n";
    assert_eq!(
        told(
            bound,
            json!({ "no_contact_since": "2026-03-05 09:32 email first-day-late" })
        ),
        "`no_contact_since` was not kept: that is mended by hand"
    );
    let shared =
        "  - on: day 3\n    expect: &same { stage: nope }\n  - on: day 4\n    expect: *same\n";
    assert!(told(shared, json!({ "stage": "note" })).ends_with("write it by hand"));
}

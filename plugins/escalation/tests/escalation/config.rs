//! The manifest, the schema and what is wrong with a config.

use super::*;

fn pointers(config: &Value) -> Vec<String> {
    let problems = testkit::check_config::<Escalation>(config);
    let pointers = problems
        .into_iter()
        .map(|problem| problem.pointer.into_owned());
    pointers.collect()
}

fn person(name: &str, value: Value) -> Value {
    let mut config = config();
    config["person"][name] = value;
    config
}

#[test]
fn manifest_is_sound() {
    testkit::assert_manifest_is_sound::<Escalation>();
}

#[test]
fn config_schema_is_current() {
    testkit::assert_schema_is_current::<Escalation>();
    let schema = testkit::config_schema::<Escalation>();
    assert_eq!(schema["required"], json!(["contacts", "person"]));
    assert_eq!(schema["additionalProperties"], json!(false));
    let defs = &schema["$defs"];
    assert_eq!(
        defs["Contact"]["properties"]["template"]["format"],
        "regua-template"
    );
    assert_eq!(defs["Person"]["properties"]["team"]["format"], "regua-team");
    let segments = &defs["Sales"]["properties"]["segments"];
    assert_eq!(segments["items"]["format"], "regua-segment");
}

#[test]
fn config_that_works_has_no_problems() {
    assert_eq!(pointers(&config()), Vec::<String>::new());
    let full = with(
        "late_fee",
        json!({ "amount": { "BRL": "5.00" }, "at_most": { "BRL": "9" } }),
    );
    assert_eq!(pointers(&full), Vec::<String>::new());
}

#[test]
fn shape_that_does_not_fit_is_told_with_its_pointer() {
    assert_eq!(pointers(&json!({})), [""]);
    assert_eq!(pointers(&with("chanels", json!([]))), ["/chanels"]);
    assert_eq!(
        pointers(&with("channels", json!(["e mail"]))),
        ["/channels/0"]
    );
    assert_eq!(
        pointers(&person("high_from", json!({ "BRL": "1,0" }))),
        ["/person/high_from/BRL"]
    );
    let fee = json!({ "basis_points": "two" });
    assert_eq!(pointers(&with("late_fee", fee)), ["/late_fee/basis_points"]);
}

#[test]
fn settings_that_make_no_sense_are_told_with_their_pointers() {
    assert_eq!(pointers(&with("contacts", json!([]))), ["/contacts"]);
    let ten: Vec<_> = (0..10)
        .map(|_| json!({ "template": "a", "after": 1 }))
        .collect();
    assert_eq!(pointers(&with("contacts", json!(ten))), ["/contacts"]);
    assert_eq!(pointers(&with("channels", json!([]))), ["/channels"]);
    assert_eq!(
        pointers(&with("channels", json!(["sms", "sms"]))),
        ["/channels"]
    );
    assert_eq!(
        pointers(&with("unanswered_after", json!(0))),
        ["/unanswered_after"]
    );
    assert_eq!(pointers(&person("title", json!(""))), ["/person/title"]);
    assert_eq!(
        pointers(&person("title", json!("x".repeat(201)))),
        ["/person/title"]
    );
    assert_eq!(
        pointers(&person("due_after", json!(366))),
        ["/person/due_after"]
    );
    assert_eq!(
        pointers(&with("hold_days", json!({ "dispute": 0 }))),
        ["/hold_days/dispute"]
    );
    assert_eq!(
        pointers(&with("hold_days", json!({ "hardship": 366 }))),
        ["/hold_days/hardship"]
    );
    assert_eq!(
        pointers(&with("resend", json!({ "restarts": 10 }))),
        ["/resend/restarts"]
    );
    let sales = json!({ "segments": [], "team": "sales", "with_contact": 4 });
    let problems = pointers(&with("sales", sales));
    assert_eq!(problems, ["/sales/segments", "/sales/with_contact"]);
    let fee = json!({ "from_contact": 4 });
    assert_eq!(
        pointers(&with("late_fee", fee)),
        ["/late_fee", "/late_fee/from_contact"]
    );
}

#[test]
fn contacts_grow_firmer_have_gaps_and_ask_for_money() {
    let contacts = json!([
        { "template": "a", "after": 0 },
        { "template": "b", "after": 0, "purpose": "reminder" },
        { "template": "c", "after": 3, "purpose": "confirmation" },
    ]);
    assert_eq!(
        pointers(&with("contacts", contacts)),
        [
            "/contacts/1/after",
            "/contacts/1/purpose",
            "/contacts/2/purpose"
        ]
    );
}

//! The manifest and what can be wrong with a config.

use super::*;

#[test]
fn manifest_is_sound() {
    testkit::assert_manifest_is_sound::<PaymentPlanOffer>();
}

#[test]
fn config_schema_is_current_and_makes_the_templates_references() {
    testkit::assert_schema_is_current::<PaymentPlanOffer>();
    let schema = testkit::config_schema::<PaymentPlanOffer>();
    let templates = &schema["$defs"]["Templates"]["properties"];
    for letter in ["offer", "accepted"] {
        assert_eq!(templates[letter]["format"], "regua-template");
    }
    assert_eq!(schema["additionalProperties"], json!(false));
}

fn pointers(change: impl FnOnce(&mut Value)) -> Vec<String> {
    let mut config = config();
    change(&mut config);
    testkit::problem_pointers::<PaymentPlanOffer>(&config)
}

#[test]
fn config_that_works_has_no_problems() {
    assert_eq!(pointers(|_| {}), Vec::<String>::new());
    assert_eq!(
        pointers(|config| config["plans"] = json!([{ "instalments": 1, "waive_fees": true }])),
        Vec::<String>::new()
    );
}

#[test]
fn config_that_cannot_work_is_told_with_its_pointer() {
    for (field, value) in [
        ("plans", json!([])),
        ("valid_days", json!(0)),
        ("first_due_days", json!(9)),
        ("reminder_before_deadline_days", json!(10)),
        ("reminder_before_deadline_days", json!(0)),
        ("channels", json!([])),
        ("max_broken_plans", json!(0)),
        ("minimun", json!({})),
    ] {
        let found = pointers(|config| config[field] = value);
        assert!(found.contains(&format!("/{field}")), "{field}: {found:?}");
    }
    let four = |config: &mut Value| {
        let plan = config["plans"][0].clone();
        config["plans"] = json!([plan, plan, plan, plan]);
    };
    assert_eq!(pointers(four), ["/plans"]);
}

#[test]
fn every_plan_is_looked_at() {
    for (plan, pointer) in [
        (json!({ "instalments": 3 }), "/plans/1"),
        (json!({ "instalments": 3, "every_days": 0 }), "/plans/1"),
        (json!({ "instalments": 60, "every_days": 62 }), "/plans/1"),
        (
            json!({ "instalments": 3, "every_days": 7, "every": "month" }),
            "/plans/1",
        ),
        (
            json!({ "instalments": 0, "every": "month" }),
            "/plans/1/instalments",
        ),
        (
            json!({ "instalments": 61, "every": "month" }),
            "/plans/1/instalments",
        ),
        (
            json!({ "instalments": 1, "down_payment_bps": 1000 }),
            "/plans/1/down_payment_bps",
        ),
        (
            json!({ "instalments": 2, "every": "month", "down_payment_bps": 10_000 }),
            "/plans/1/down_payment_bps",
        ),
        (
            json!({ "instalments": 2, "every": "month", "down_payment_bps": 10_001 }),
            "/plans/1/down_payment_bps",
        ),
        (
            json!({ "instalments": 2, "every": "week" }),
            "/plans/1/every",
        ),
    ] {
        assert_eq!(
            pointers(|config| config["plans"][1] = plan.clone()),
            [pointer],
            "{plan}"
        );
    }
}

#[test]
fn config_that_was_never_checked_is_refused() {
    let mut config = config();
    config["plans"][0] = json!({ "instalments": 3 });
    let refusal = testkit::ask::<PaymentPlanOffer>(&late().build(), &config).unwrap_err();
    assert!(matches!(refusal, Refusal::BadConfig(_)), "{refusal}");
    config["plans"][0] = json!({ "instalments": 2, "every": "month" });
    config["minimum"] = json!({ "BRL": "5.005" });
    let refusal = testkit::ask::<PaymentPlanOffer>(&late().build(), &config).unwrap_err();
    assert!(matches!(refusal, Refusal::BadConfig(_)), "{refusal}");
}

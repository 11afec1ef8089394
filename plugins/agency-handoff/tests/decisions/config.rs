//! The manifest and what can be wrong with a config.

use super::*;

#[test]
fn manifest_is_sound() {
    testkit::assert_manifest_is_sound::<AgencyHandoff>();
}

#[test]
fn config_schema_is_current_and_makes_agency_and_template_references() {
    testkit::assert_schema_is_current::<AgencyHandoff>();
    let schema = testkit::config_schema::<AgencyHandoff>();
    assert_eq!(schema["properties"]["agency"]["format"], "regua-agency");
    let notice = &schema["$defs"]["Notice"]["properties"];
    assert_eq!(notice["template"]["format"], "regua-template");
    assert_eq!(schema["additionalProperties"], json!(false));
}

fn pointers(change: impl FnOnce(&mut Value)) -> Vec<String> {
    let mut config = config();
    change(&mut config);
    testkit::problem_pointers::<AgencyHandoff>(&config)
}

#[test]
fn config_that_cannot_work_is_told_with_its_pointer() {
    assert_eq!(pointers(|_| {}), Vec::<String>::new());
    for (field, value) in [
        ("minimum_age_days", json!(0)),
        ("term_days", json!(0)),
        ("term_days", json!(3_661)),
        ("commission_bps", json!(10_001)),
        ("agency", json!(7)),
        ("placment", json!(7)),
    ] {
        assert_eq!(
            pointers(|config| config[field] = value),
            [format!("/{field}")]
        );
    }
    for (field, value) in [
        ("wait_days", json!(0)),
        ("wait_days", json!(366)),
        ("channels", json!([])),
        ("template", json!(null)),
    ] {
        let found = pointers(|config| config["notice"][field] = value);
        assert_eq!(found, [format!("/notice/{field}")]);
    }
}

#[test]
fn minimum_finer_than_the_currency_is_refused() {
    let mut config = config();
    config["minimum_balance"] = json!({ "BRL": "5.005" });
    let refusal = testkit::ask::<AgencyHandoff>(&late().build(), &config).unwrap_err();
    assert!(matches!(refusal, Refusal::BadConfig(_)), "{refusal}");
}

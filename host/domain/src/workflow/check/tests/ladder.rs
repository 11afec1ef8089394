use super::*;

#[test]
fn ground_rules_have_to_make_sense() {
    let mut value = with("/send_window", json!("* 9-16 * * MON-FRI"));
    value["calendar"] = json!("FR");
    value["max_silence"] = json!("400d");
    value["tolerance"] = json!({ "BRL": "-1.00", "EURO": "5", "JPY": "1.5", "USD": "a" });
    assert_eq!(faults(&value), ["GROUND"]);
}

#[test]
fn silence_is_counted_in_days() {
    assert_eq!(faults(&with("/max_silence", json!("5bd"))), ["S1"]);
    assert_eq!(faults(&with("/max_silence", json!("0d"))), ["S2"]);
}

#[test]
fn a_window_at_weekends_never_opens_on_business_days() {
    assert_eq!(faults(&with("/send_window", json!("0 * 9-16 * * SAT,SUN"))), ["W1"]);
    assert_eq!(faults(&with("/send_window", json!("0 * 9-16 * * 1-5"))), ["W2"]);
}

#[test]
fn a_workflow_has_stages() {
    assert_eq!(faults(&with("/stages", json!([]))), ["EMPTY"]);
}

#[test]
fn a_stage_that_nothing_leads_to_is_found() {
    let mut value = with("/stages/2/on/declined", json!("by-hand"));
    for outcome in ["expired", "not-eligible"] {
        value["stages"][2]["on"][outcome] = json!("by-hand");
    }
    assert_eq!(faults(&value), [""; 0], "by age it can be entered");
    value["stages"][3].as_object_mut().unwrap().remove("at");
    assert_eq!(faults(&value), ["ALONE"]);
}

#[test]
fn what_paid_or_a_failure_leads_to_is_reached() {
    let mut value = standard_value();
    let mut thanks = value["stages"][4].clone();
    thanks["id"] = json!("thanks");
    value["stages"].as_array_mut().unwrap().push(thanks);
    assert_eq!(faults(&value), ["UNPAID"]);
    value["stages"][4]["on_failure"] = json!({ "stage": "thanks" });
    assert_eq!(faults(&value), [""; 0]);
    value["stages"][4]["on_failure"] = json!({ "hold": "1d", "task": "x" });
    value["paid"] = json!("thanks");
    assert_eq!(faults(&value), [""; 0]);
}

#[test]
fn a_path_without_an_end_is_found() {
    let mut value = with("/stages/4/on/done", json!("by-hand"));
    value["stages"][4]["on"]["given-up"] = json!("by-hand");
    value["stages"][4]["at"] = json!({ "after_previous": "1d" });
    assert_eq!(faults(&value), ["STUCK"]);
}

#[test]
fn a_failure_is_no_way_to_an_end() {
    let mut value = with("/stages/4/on", json!({ "done": "by-hand", "given-up": "by-hand" }));
    value["stages"][4]["at"] = json!({ "after_previous": "1d" });
    value["stages"][4]["on_failure"] = json!({ "stage": "hand-over" });
    assert_eq!(faults(&value).len(), 1);
}

#[test]
fn a_loop_without_a_wait_is_found() {
    let mut value = with("/stages/1/at", json!({ "days_overdue": 5 }));
    assert_eq!(faults(&value), ["LOOP"]);
    value["stages"][2]["at"]["after_previous"] = json!("0d");
    assert_eq!(faults(&value).len(), 1);
    value["stages"][2]["at"]["after_previous"] = json!("1bd");
    assert_eq!(faults(&value), [""; 0]);
}

#[test]
fn a_stage_that_leads_to_itself_is_a_loop() {
    assert_eq!(faults(&with("/stages/4/on/done", json!("by-hand"))), ["SELF"]);
}

#[test]
fn a_failure_may_close_a_loop_too() {
    let value = with("/stages/4/on_failure", json!({ "stage": "hand-over" }));
    assert_eq!(faults(&value), ["HALF"]);
}

#[test]
fn failures_do_not_go_round() {
    let mut value = with("/stages/4/on_failure", json!({ "stage": "first-day-late" }));
    value["stages"][0]["on_failure"] = json!({ "stage": "by-hand" });
    value["stages"][0]["at"]["after_previous"] = json!("1d");
    assert_eq!(faults(&value), ["ROUND"]);
}

#[test]
fn days_come_one_after_the_other_where_age_decides() {
    let mut value = with("/stages/2/at/days_overdue", json!(45));
    value["stages"][1]["at"]["days_overdue"] = json!(1);
    assert_eq!(faults(&value), ["AGE"]);
    value["late_entry"] = json!("first");
    value["catch_up"] = json!("run");
    assert_eq!(faults(&value), [""; 0]);
}

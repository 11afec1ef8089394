use super::*;

#[test]
fn ground_rules_have_to_make_sense() {
    let mut value = with("/send_window", json!("* 9-16 * * MON-FRI"));
    value["calendar"] = json!("FR");
    value["max_silence"] = json!("400d");
    value["tolerance"] = json!({ "BRL": "-1.00", "EURO": "5", "JPY": "1.5", "USD": "a" });
    assert_eq!(
        faults(&value),
        [
            "/send_window: `* 9-16 * * MON-FRI` has 5 fields; a send window has six: second (always 0), minute, hour, day of month, month, weekday, such as `0 * 9-16 * * MON-FRI`",
            "/calendar: there is no calendar `FR`: there are `BR`, `BR-banks`, `DE`, `GB`, `US` and `weekends`",
            "/tolerance/BRL: a tolerance is not negative",
            "/tolerance/EURO: `EURO` is not a currency of ISO 4217 with a minor unit",
            "/tolerance/JPY: `1.5` has more digits than JPY knows (0)",
            "/tolerance/USD: `a` is not an amount in USD: write it as 1234.50",
            "/max_silence: `400d` is not between 1d and 365d",
        ]
    );
}

#[test]
fn silence_is_counted_in_days() {
    assert_eq!(
        faults(&with("/max_silence", json!("5bd"))),
        ["/max_silence: silence is counted in days, not in business days: `5bd`",]
    );
    assert_eq!(
        faults(&with("/max_silence", json!("0d"))),
        ["/max_silence: `0d` is not between 1d and 365d",]
    );
}

#[test]
fn a_window_at_weekends_never_opens_on_business_days() {
    assert_eq!(
        faults(&with("/send_window", json!("0 * 9-16 * * SAT,SUN"))),
        ["/send_window: the window opens on no business day of the calendar `BR`",]
    );
    assert_eq!(
        faults(&with("/send_window", json!("0 * 9-16 * * 1-5"))),
        [
            "/send_window: `0 * 9-16 * * 1-5` numbers its weekdays (`1-5`); name them, such as MON-FRI",
        ]
    );
}

#[test]
fn a_workflow_has_stages() {
    assert_eq!(
        faults(&with("/stages", json!([]))),
        ["/stages: a workflow has at least one stage",]
    );
}

#[test]
fn a_stage_that_nothing_leads_to_is_found() {
    let mut value = with("/stages/2/on/declined", json!("by-hand"));
    for outcome in ["expired", "not-eligible"] {
        value["stages"][2]["on"][outcome] = json!("by-hand");
    }
    assert_eq!(faults(&value), [""; 0], "by age it can be entered");
    value["stages"][3].as_object_mut().unwrap().remove("at");
    assert_eq!(
        faults(&value),
        ["/stages/3: nothing leads to the stage `hand-over`",]
    );
}

#[test]
fn what_paid_or_a_failure_leads_to_is_reached() {
    let mut value = standard_value();
    let mut thanks = value["stages"][4].clone();
    thanks["id"] = json!("thanks");
    value["stages"].as_array_mut().unwrap().push(thanks);
    assert_eq!(
        faults(&value),
        ["/stages/5: nothing leads to the stage `thanks`",]
    );
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
    assert_eq!(
        faults(&value),
        [
            "/stages/4/on: no end can be reached from `by-hand`: lead an outcome to one, such as { end: closed }",
        ]
    );
}

#[test]
fn a_failure_is_no_way_to_an_end() {
    let mut value = with(
        "/stages/4/on",
        json!({ "done": "by-hand", "given-up": "by-hand" }),
    );
    value["stages"][4]["at"] = json!({ "after_previous": "1d" });
    value["stages"][4]["on_failure"] = json!({ "stage": "hand-over" });
    assert_eq!(faults(&value).len(), 1);
}

#[test]
fn a_loop_without_a_wait_is_found() {
    let mut value = with("/stages/1/at", json!({ "days_overdue": 5 }));
    assert_eq!(
        faults(&value),
        [
            "/stages/1: a loop without a wait: `escalate` → `offer-plan` → `escalate`: give one of these stages an `after_previous`",
        ]
    );
    value["stages"][2]["at"]["after_previous"] = json!("0d");
    assert_eq!(faults(&value).len(), 1);
    value["stages"][2]["at"]["after_previous"] = json!("1bd");
    assert_eq!(faults(&value), [""; 0]);
}

#[test]
fn a_stage_that_leads_to_itself_is_a_loop() {
    assert_eq!(
        faults(&with("/stages/4/on/done", json!("by-hand"))),
        [
            "/stages/4: a loop without a wait: `by-hand` → `by-hand`: give one of these stages an `after_previous`",
        ]
    );
}

#[test]
fn a_failure_may_close_a_loop_too() {
    let value = with("/stages/4/on_failure", json!({ "stage": "hand-over" }));
    assert_eq!(
        faults(&value),
        [
            "/stages/3: a loop without a wait: `hand-over` → `by-hand` → `hand-over`: give one of these stages an `after_previous`",
        ]
    );
}

#[test]
fn failures_do_not_go_round() {
    let mut value = with("/stages/4/on_failure", json!({ "stage": "first-day-late" }));
    value["stages"][0]["on_failure"] = json!({ "stage": "by-hand" });
    value["stages"][0]["at"]["after_previous"] = json!("1d");
    assert_eq!(
        faults(&value),
        [
            "/stages/0/on_failure: failures go round: `first-day-late` → `by-hand` → `first-day-late`: one of them has to end in a hold with a task",
        ]
    );
}

#[test]
fn days_come_one_after_the_other_where_age_decides() {
    let mut value = with("/stages/2/at/days_overdue", json!(45));
    value["stages"][1]["at"]["days_overdue"] = json!(1);
    assert_eq!(
        faults(&value),
        [
            "/stages/1/at/days_overdue: day 1 does not come after day 1 of `first-day-late`: by age a case would never enter that stage",
            "/stages/3/at/days_overdue: day 45 does not come after day 45 of `offer-plan`: by age a case would never enter that stage",
        ]
    );
    value["late_entry"] = json!("first");
    value["catch_up"] = json!("run");
    assert_eq!(faults(&value), [""; 0]);
}

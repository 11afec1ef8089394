//! Floods of log lines: cut, capped, counted and paid for.

use regua_domain::contract::FailureKind;

use crate::{Host, decision, failure};

#[test]
fn a_flood_is_capped_and_what_is_dropped_is_counted() {
    let host = Host::new();
    let call = host.decide("log-flood");
    decision(&call);
    assert_eq!((call.logs.len(), call.logs_dropped), (100, 900));
    assert_eq!(call.logs[99].level, "warn");
    assert_eq!(call.logs[99].text, "a line that nobody wants to read");
    assert!(call.fuel > 1_000 * 500, "{}", call.fuel);
}

#[test]
fn a_flood_without_end_is_out_of_fuel_and_keeps_its_first_lines() {
    let host = Host::new();
    let call = host.decide("log-flood-for-ever");
    assert_eq!(failure(&call).0, FailureKind::OutOfFuel);
    assert_eq!(call.logs.len(), 100);
    // Each of them cost the guest what it cost the host.
    let most = host.shelf.runtime().limits().fuel_max / 500;
    assert!(u64::from(call.logs_dropped) < most, "{}", call.logs_dropped);
    assert!(call.logs_dropped > 1_000, "{}", call.logs_dropped);
}

#[test]
fn a_long_line_is_cut_at_a_character() {
    let host = Host::new();
    let call = host.decide("log-line-long");
    decision(&call);
    assert_eq!(call.logs[0].text, "é".repeat(512));
}

#[test]
fn a_line_beyond_all_bounds_is_never_lifted() {
    let host = Host::new();
    let call = host.decide("log-line-huge");
    assert_eq!(failure(&call).0, FailureKind::BadOutput);
    assert!(call.logs.is_empty());
}

#[test]
fn a_line_that_is_no_utf_8_is_bad_output() {
    let host = Host::new();
    let call = host.decide("log-not-utf-8");
    assert_eq!(failure(&call).0, FailureKind::BadOutput);
    assert!(call.logs.is_empty());
}

use super::*;
use crate::workflow::sample::standard;

#[test]
fn the_standard_workflow_reads_as_prose() {
    assert_eq!(explain(&standard()), include_str!("tests/standard.md"));
}

#[test]
fn simple_windows_are_told_in_words_and_others_are_quoted() {
    let told = |source: &str, calendar: &str, roll| window::sentence(source, calendar, roll);
    assert_eq!(
        told("0 * 9-11,14-17 * * MON,WED,SAT", "weekends", Roll::Following),
        "Customers are written to Monday, Wednesday and Saturday, 9:00–11:59 and 14:00–17:59 in their own time zone, never at a weekend."
    );
    assert_eq!(
        told("0 * * * * *", "DE", Roll::None),
        "Customers are written to every day at any hour in their own time zone."
    );
    assert_eq!(
        told("0 0-29 9 1-7 * MON-FRI", "GB", Roll::Following),
        "Customers are written to in the minutes of the cron expression `0 0-29 9 1-7 * MON-FRI`, in their own time zone, never on a British holiday."
    );
}

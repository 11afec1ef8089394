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
        told(
            "0 * 9-11,14-17 * * MON,WED,SAT",
            "weekends",
            Roll::Following
        ),
        "Messages leave on Mondays, Wednesdays and Saturdays, 9:00–11:59 and 14:00–17:59, in the customer's own time zone, and never at a weekend."
    );
    assert_eq!(
        told("0 * * * * *", "DE", Roll::None),
        "Messages leave every day, at any hour, in the customer's own time zone."
    );
    assert_eq!(
        told("0 0-29 9 1-7 * MON-FRI", "GB", Roll::Following),
        "Messages leave in the minutes of the cron expression `0 0-29 9 1-7 * MON-FRI`, in the customer's own time zone, and never on a British holiday."
    );
}

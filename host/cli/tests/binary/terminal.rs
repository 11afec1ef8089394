//! What others wrote is shown, and does nothing.

use crate::Desk;

#[track_caller]
fn assert_is_harmless(text: &str) {
    let acts = |c: char| (c.is_control() && c != '\n' && c != '\t') || c == '\u{202e}';
    assert!(!text.contains(acts), "{text:?}");
}

#[test]
fn a_reply_forges_no_line_of_a_timeline_and_commands_no_terminal() {
    let desk = Desk::new();
    desk.sandbox();
    desk.customer("A-1", "UTC");
    let reason = "late\n2012-01-05  The case ended: paid.\u{1b}]52;c;eA==\u{7}\u{202e}";
    let reply = ["event", "reply", "--customer", "A-1", "--reason", reason];
    let told = desk.call(&reply);
    assert_is_harmless(&told.err);
    let dispute = "event complete-task --customer A-1 --task";
    let mut complete: Vec<_> = dispute.split(' ').collect();
    complete.extend(["task_\u{1b}[31m", "--outcome", "x"]);
    desk.call(&complete);
    for arguments in [
        vec!["case", "timeline", "--customer", "A-1"],
        vec!["case", "timeline", "--customer", "A-1", "--json"],
    ] {
        let timeline = desk.done(&arguments);
        assert_is_harmless(&timeline);
        assert!(
            !timeline.lines().any(|line| line.starts_with("2012-01-05")),
            "{timeline}"
        );
    }
}

#[test]
fn an_error_repeats_what_was_typed_in_one_line() {
    let desk = Desk::new();
    desk.sandbox();
    let timeline = ["case", "timeline", "--customer", "x\nerror: \u{1b}[2J"];
    let called = desk.call(&timeline);
    assert_eq!(called.code, 1);
    assert_is_harmless(&called.err);
    assert_eq!(called.err.lines().count(), 1, "{}", called.err);
}

#[test]
fn a_cell_of_a_file_is_told_of_in_one_line_that_can_be_read() {
    let desk = Desk::new();
    desk.sandbox();
    desk.write(
        "mapping.yaml",
        include_str!("../../examples/receivables-history.mapping.yaml"),
    );
    let headings = "countrycode,customerID,PaperlessDate,invoiceNumber,InvoiceDate,DueDate,\
                    InvoiceAmount,Disputed,SettledDate,PaperlessBill,DaysToSettle,DaysLate";
    let long = "9".repeat(100_000);
    desk.write(
        "ledger.csv",
        &format!(
            "{headings}\n770,A,x,1,03/01/2012,02/02/2012,\"\u{1b}[2J\n0 rows: fine\",No,,Paper,,\n\
             770,A,x,1,{long},02/02/2012,1,No,,Paper,,\n"
        ),
    );
    let import = ["import", "csv", "ledger.csv", "--mapping", "mapping.yaml"];
    let called = desk.call(&import);
    assert_eq!(called.code, 3, "{}", called.err);
    assert_is_harmless(&called.out);
    assert!(!called.out.contains("\n0 rows: fine"), "{}", called.out);
    assert!(called.out.len() < 2_000, "{}", called.out.len());
    assert!(
        called.out.contains("is not a date of the form"),
        "{}",
        called.out
    );
}

//! The first letter: when it waits, and where nobody is reached.

use regua_domain::contract::Channel;
use regua_domain::fact::Fact;
use regua_tests::{Debtor, invoice};
use serde_json::json;

use crate::{Host, ladder, with_telephone};

/// A debt below the minimum is let be until another falls due; and the stage is left once a
/// letter about both was handed over, over the preferred channel.
#[test]
fn a_small_debt_waits_for_company_before_the_first_letter() {
    let host = Host::with("first-day-late-email");
    let config = json!({
        "template": "first-day-late",
        "minimum": { "BRL": "150.00" },
    });
    let outcomes = ["sent", "unreachable"];
    let ladder = ladder("first-day-late-email@1", &outcomes, config);
    let mut debtor = Debtor::late_with(&host.shelf, &ladder);
    debtor.tell(with_telephone());
    debtor.tell(Fact::InvoiceIssued(invoice("F-2", 5_000, "2026-03-24")));
    debtor.go_on(14);
    assert_eq!(debtor.letters(), [""; 0], "{}", debtor.story());
    debtor.go_on(7);
    debtor.assert_nothing_failed();
    assert_eq!(debtor.letters(), ["demand:email"], "{}", debtor.story());
    let letter = debtor.letter("demand:email");
    for named in ["F-1", "F-2", "In total: ", "170.00"] {
        assert!(letter.contains(named), "{named}: {letter}");
    }
    insta::assert_snapshot!(debtor.story());
}

#[test]
fn a_debtor_whom_no_channel_reaches_is_left_as_unreachable() {
    let host = Host::with("first-day-late-email");
    let mut ladder = ladder(
        "first-day-late-email@1",
        &["sent", "unreachable"],
        json!({ "template": "first-day-late" }),
    );
    ladder["stages"][0]["on"]["unreachable"] = json!({ "end": "written-off" });
    let mut debtor = Debtor::late_with(&host.shelf, &ladder);
    debtor.tell(Fact::OptedOut {
        channel: Channel::Email,
    });
    debtor.go_on(2);
    debtor.assert_nothing_failed();
    assert_eq!(debtor.letters(), [""; 0]);
    let story = debtor.story();
    assert!(story.contains("stage-left rung by unreachable"), "{story}");
}

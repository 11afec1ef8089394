//! The guard's rules, in a debtor's words.

/// What a rule says; a rule that is not known here is told by its name.
pub(super) fn means(rule: &str) -> &str {
    match rule {
        "grant" => "the creditor does not let this program propose it",
        "opt-out" => "the customer does not want to be written to this way",
        "no-consent" => "the customer has not agreed to be written to this way",
        "bounced" => "what was sent there before came back",
        "no-address" => "there is no address for it",
        "hold" => "the customer is to be left alone for now",
        "cover" => {
            "this debt is not asked for at present: disputed, promised, in a plan or being paid"
        }
        "tolerance" => "too little is owed to write about",
        "stage-not-due" => "the day for it had not come",
        "quiet-hours" => "it was an hour at which nobody is written to",
        "send-window" => "it was outside the creditor's hours for letters",
        "contact-gap" => "the last message was too short a time ago",
        "contact-cap" => "there had been as many messages as there may be",
        "template-failed" => "its text could not be written",
        "unknown-team" => "there is no such team",
        "hold-in-the-past" => "the day it was to end had passed",
        "hold-too-long" => "it was to last longer than it may",
        "unknown-item" => "there is no such open item",
        "fee-on-charge" => "no fee is put on a fee or on interest",
        "fee-once" => "this fee had been charged",
        "fee-ceiling" => "fees had reached what they may be",
        "unknown-terms" => "there are no such interest terms",
        "interest-on-charge" => "no interest is charged on a fee or on interest",
        "interest-in-the-future" => "interest is charged for days that have passed alone",
        "interest-ceiling" => "interest had reached what it may be",
        "placed" => "an agency has this debt",
        "settled" => "nothing of it is owed",
        "unknown-method" => "there is no such payment method",
        "charge-pending" => "an earlier charge had no answer yet",
        "charge-chaseable" => "no more is charged than may be asked for",
        "offer-in-the-past" => "the offer would have ended before it began",
        "offer-open" => "another offer was open",
        "plan-total" => "the instalments do not add up to what is owed",
        "unknown-contract" => "there is no such contract",
        "contract-not-overdue" => "nothing of that contract was past due",
        "unknown-agency" => "there is no such agency",
        "unknown-placement" => "there is no such placement",
        "not-placed" => "no agency has it",
        "unknown-stage" => "the step that proposed it is gone",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rules are listed where the map of the project is.
    #[test]
    fn every_rule_of_the_guard_has_words() {
        let text = include_str!("../../../../../ARCHITECTURE.md");
        let rules = text.split("## The guard's rules").nth(1).unwrap();
        let rules = rules.split("\n## ").next().unwrap();
        let rows = rules.lines().filter(|line| line.starts_with("| "));
        let mut known = 0;
        for row in rows.skip(2) {
            let column = row.split('|').nth(2).unwrap();
            for rule in column.split('`').skip(1).step_by(2) {
                assert_ne!(means(rule), rule);
                known += 1;
            }
        }
        assert!(known > 40, "{known}");
    }
}

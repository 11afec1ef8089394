//! Sums, days, events and messages of a decision, in words.

use std::fmt::Write as _;

use chrono_tz::Tz;

use crate::contract::{Balance, Content, Event, History, Message, Next, Purpose, Wake};
use crate::money::{Currency, Money};
use crate::narrate::{days, word};
use crate::time::Date;

pub(super) fn money(balance: &Balance, minor: i64) -> String {
    match balance.currency.parse::<Currency>() {
        Ok(currency) => Money::new(minor, currency).to_string(),
        Err(_) => format!("{minor} minor units"),
    }
}

pub(super) fn owed(balance: &Balance) -> String {
    let mut line = format!(
        "{} was owed, {} of it past due",
        money(balance, balance.outstanding),
        money(balance, balance.past_due)
    );
    if balance.chaseable != balance.past_due {
        let _ = write!(
            line,
            ", and {} could be asked for",
            money(balance, balance.chaseable)
        );
    }
    if balance.days_overdue > 0 {
        let _ = write!(line, "; the oldest was {}", late(balance.days_overdue));
    }
    if balance.credit > 0 {
        let _ = write!(
            line,
            "; {} of credit was there",
            money(balance, balance.credit)
        );
    }
    line + "."
}

pub(super) fn late(days_overdue: i32) -> String {
    match days_overdue {
        0 => "due that day".to_owned(),
        late if late > 0 => format!("{} late", days(late)),
        early => format!("due in {}", days(-early)),
    }
}

pub(super) fn times(count: u32) -> String {
    match count {
        0 => "not been asked".to_owned(),
        1 => "been asked once".to_owned(),
        count => format!("been asked {count} times"),
    }
}

pub(super) fn past(history: &History, zone: Tz) -> Vec<String> {
    let mut lines = Vec::new();
    if history.invoices_paid > 0 {
        lines.push(format!(
            "{} invoices had been paid before, {} of them late, {:.2} days late on average.",
            history.invoices_paid,
            history.invoices_paid_late,
            f64::from(history.average_days_late_centi) / 100.0
        ));
    }
    for (count, what) in [
        (history.promises_kept, "kept promises"),
        (history.promises_broken, "broken promises"),
        (history.plans_completed, "completed plans"),
        (history.plans_broken, "broken plans"),
    ] {
        if count > 0 {
            lines.push(format!("There were {count} {what}."));
        }
    }
    for contact in &history.contacts {
        lines.push(format!(
            "Messages by {}: {} in seven days, {} in thirty, {} ever.",
            contact.channel, contact.last_7_days, contact.last_30_days, contact.total
        ));
    }
    if let Some(at) = history.last_reply {
        let day: Date = at.date_in(zone);
        lines.push(format!("The customer last answered on {day}."));
    }
    lines
}

pub(super) fn happened(event: &Event) -> String {
    let mut text = event.kind.replace(['.', '-'], " ");
    for (name, value) in &event.details {
        let _ = write!(text, ", {name} {value}");
    }
    let _ = write!(text, ", on {}", event.on);
    text
}

pub(super) fn written(message: &Message) -> String {
    let about = match &message.content {
        Content::Template(name) => format!("by the template `{name}`"),
        Content::Inline { subject, .. } => format!("“{subject}”"),
    };
    let what = match message.purpose {
        Purpose::Offer => "make an offer".to_owned(),
        purpose => format!("write a {}", word(&purpose)),
    };
    format!("to {what} by {}, {about}", message.channel)
}

pub(super) fn next(next: &Next) -> String {
    match next {
        Next::Leave(outcome) => format!("It left the step, as `{outcome}`."),
        Next::Stay(wake) => {
            let when = match wake {
                Wake::AfterMinutes(minutes) => format!("after {minutes} minutes"),
                Wake::AfterDays(count) => format!("after {}", days(i32::from(*count))),
                Wake::AfterBusinessDays(count) => format!("after {count} business days"),
                Wake::OnDate(day) => format!("on {day}"),
                Wake::OnEvent => "when something happens".to_owned(),
            };
            format!("It stayed at the step, to look again {when}.")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::Channel;

    #[test]
    fn an_offer_is_made_and_the_rest_is_written() {
        let told = |purpose| {
            written(&Message {
                purpose,
                channel: Channel::Email,
                content: Content::Template("t".to_owned()),
                variables: Vec::new(),
            })
        };
        assert_eq!(
            told(Purpose::Offer),
            "to make an offer by email, by the template `t`"
        );
        assert_eq!(
            told(Purpose::LegalNotice),
            "to write a legal notice by email, by the template `t`"
        );
    }
}

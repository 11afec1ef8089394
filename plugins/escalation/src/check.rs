//! What the schema of the config does not say, and what it says once more: a schema warns in
//! an editor, this refuses the workflow.

use std::collections::BTreeSet;

use regua_sdk::prelude::*;

use crate::config::{Config, LateFee};

const CONTACTS_MAX: usize = 9;
const BUSINESS_DAYS_MAX: u16 = 250;
const DAYS_MAX: u16 = 365;
const TITLE_CHARS_MAX: usize = 200;

pub(crate) fn check(config: &Config) -> Vec<ConfigProblem> {
    let mut found = Found(Vec::new());
    found.contacts(config);
    found.must(!config.channels.is_empty(), "/channels", || {
        "no channel is left to write over".to_owned()
    });
    let distinct: BTreeSet<_> = config.channels.iter().collect();
    found.must(distinct.len() == config.channels.len(), "/channels", || {
        "a channel is named twice".to_owned()
    });
    found.days(
        "/unanswered_after",
        config.unanswered_after,
        1,
        BUSINESS_DAYS_MAX,
    );
    found.person(config);
    if let Some(sales) = &config.sales {
        found.must(!sales.segments.is_empty(), "/sales/segments", || {
            "no segment is named, so sales would never be told".to_owned()
        });
        found.number("/sales/with_contact", sales.with_contact, config);
    }
    if let Some(fee) = &config.late_fee {
        found.late_fee(fee, config);
    }
    let hold = &config.hold_days;
    found.days("/hold_days/dispute", hold.dispute, 1, DAYS_MAX);
    found.days("/hold_days/hardship", hold.hardship, 1, DAYS_MAX);
    found.days("/hold_days/other", hold.other, 1, DAYS_MAX);
    let resend = &config.resend;
    found.days("/resend/due_after", resend.due_after, 0, DAYS_MAX);
    found.days("/resend/wait", resend.wait, 0, BUSINESS_DAYS_MAX);
    found.must(resend.restarts <= 9, "/resend/restarts", || {
        "more than 9 restarts".to_owned()
    });
    found.0
}

struct Found(Vec<ConfigProblem>);

impl Found {
    fn must(&mut self, holds: bool, pointer: &str, text: impl FnOnce() -> String) {
        if !holds {
            self.0.push(ConfigProblem::new(pointer.to_owned(), text()));
        }
    }

    fn days(&mut self, pointer: &str, days: u16, least: u16, most: u16) {
        self.must((least..=most).contains(&days), pointer, || {
            format!("{days} is not between {least} and {most}")
        });
    }

    fn number(&mut self, pointer: &str, number: u8, config: &Config) {
        let last = config.contacts.len();
        self.must((1..=last).contains(&usize::from(number)), pointer, || {
            format!("there is no contact {number}: there are {last}")
        });
    }

    fn contacts(&mut self, config: &Config) {
        let count = config.contacts.len();
        self.must((1..=CONTACTS_MAX).contains(&count), "/contacts", || {
            format!("{count} contacts: 1 to {CONTACTS_MAX} are possible")
        });
        let mut firmness = 0;
        for (index, contact) in config.contacts.iter().enumerate() {
            let pointer = format!("/contacts/{index}");
            self.days(
                &format!("{pointer}/after"),
                contact.after,
                u16::from(index > 0),
                BUSINESS_DAYS_MAX,
            );
            let purpose = format!("{pointer}/purpose");
            match firmness_of(contact.purpose) {
                None => self.must(false, &purpose, || {
                    format!("{} does not ask for money", contact.purpose)
                }),
                Some(this) => {
                    self.must(this >= firmness, &purpose, || {
                        format!("{} is gentler than the contact before", contact.purpose)
                    });
                    firmness = firmness.max(this);
                }
            }
        }
    }

    fn person(&mut self, config: &Config) {
        let person = &config.person;
        self.must(
            (1..=TITLE_CHARS_MAX).contains(&person.title.chars().count()),
            "/person/title",
            || format!("a title has 1 to {TITLE_CHARS_MAX} characters"),
        );
        self.days("/person/after", person.after, 0, BUSINESS_DAYS_MAX);
        self.days("/person/due_after", person.due_after, 0, DAYS_MAX);
        self.days("/person/grace", person.grace, 0, DAYS_MAX);
        self.days("/person/wait", person.wait, 0, BUSINESS_DAYS_MAX);
    }

    fn late_fee(&mut self, fee: &LateFee, config: &Config) {
        let share = fee.basis_points.is_some_and(|share| share.get() > 0);
        self.must(share || fee.amount.is_some(), "/late_fee", || {
            "neither an amount nor a share: the fee would be nothing".to_owned()
        });
        self.number("/late_fee/from_contact", fee.from_contact, config);
    }
}

/// None for what does not ask for money.
fn firmness_of(purpose: Purpose) -> Option<u8> {
    match purpose {
        Purpose::Reminder => Some(0),
        Purpose::Demand => Some(1),
        Purpose::LegalNotice => Some(2),
        Purpose::Offer | Purpose::Confirmation => None,
    }
}

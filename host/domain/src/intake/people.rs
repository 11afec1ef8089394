//! Who a customer is and how they may be reached.

use crate::contract::Channel;
use crate::customer::Consent;
use crate::dossier::Draft;
use crate::fact::{CustomerFacts, FactError};
use crate::policy::Policy;

use super::{Taken, enqueue_for_all, line};

pub(super) fn customer(
    policy: &Policy,
    draft: &mut Draft,
    facts: &CustomerFacts,
) -> Result<Taken, FactError> {
    check(policy, facts)?;
    let mut segments = facts.segments.clone();
    segments.sort();
    segments.dedup();
    let mut methods = facts.methods.clone();
    methods.sort_by(|a, b| a.key.cmp(&b.key));
    let known = draft.dossier.customer.clone();
    let customer = &mut draft.dossier.customer;
    customer.name.clone_from(&facts.name);
    customer.tax_number.clone_from(&facts.tax_number);
    customer.kind = facts.kind;
    customer.locale.clone_from(&facts.locale);
    customer.jurisdiction.clone_from(&facts.jurisdiction);
    customer.time_zone = facts.time_zone;
    customer.segments = segments;
    customer.attributes.clone_from(&facts.attributes);
    customer.methods = methods;
    customer.contacts.clone_from(&facts.contacts);
    customer.since = facts.since;
    // What was learnt of an address, and an opt-out, outlive a new copy of the data.
    for point in &mut customer.contacts {
        let before = known
            .contacts
            .iter()
            .find(|old| old.channel == point.channel && old.address == point.address);
        if let Some(before) = before {
            point.bounced |= before.bounced;
            if before.consent == Consent::OptedOut {
                point.consent = Consent::OptedOut;
            }
        }
    }
    Ok(if *customer == known {
        Taken::Known
    } else {
        Taken::New
    })
}

fn check(policy: &Policy, facts: &CustomerFacts) -> Result<(), FactError> {
    line("name", &facts.name, 200)?;
    line("locale", &facts.locale, 35)?;
    line("jurisdiction", &facts.jurisdiction, 6)?;
    for segment in &facts.segments {
        line("segments", segment, 64)?;
    }
    for point in &facts.contacts {
        line("contacts", &point.address, 400)?;
    }
    for (name, value) in &facts.attributes {
        line("attributes", name, 64)?;
        line("attributes", value, 200)?;
        if policy.visible_attributes.contains(name) {
            refuse_personal_data(name, value, facts)?;
        }
    }
    for name in facts
        .segments
        .iter()
        .chain(facts.methods.iter().map(|method| &method.key))
    {
        refuse_personal_data("segments and methods", name, facts)?;
    }
    Ok(())
}

/// A value that stages may see must not look like something that names a person: an
/// e-mail address, a telephone or tax number, or the customer's own name.
fn refuse_personal_data(name: &str, value: &str, facts: &CustomerFacts) -> Result<(), FactError> {
    let theirs = [&facts.name]
        .into_iter()
        .chain(&facts.tax_number)
        .chain(facts.contacts.iter().map(|point| &point.address));
    refuse_naming(name, value, theirs)
}

/// The same for a code, a reason or a contract that a fact brings: stages see it.
pub(super) fn refuse_naming_debtor(
    draft: &Draft,
    field: &str,
    value: &str,
) -> Result<(), FactError> {
    let customer = &draft.dossier.customer;
    let theirs = [&customer.name]
        .into_iter()
        .chain(&customer.tax_number)
        .chain(customer.contacts.iter().map(|point| &point.address));
    refuse_naming(field, value, theirs)
}

fn refuse_naming<'a>(
    name: &str,
    value: &str,
    mut theirs: impl Iterator<Item = &'a String>,
) -> Result<(), FactError> {
    let refuse = |text: &str| {
        Err(FactError::PersonalData {
            name: name.to_owned(),
            text: text.to_owned(),
        })
    };
    if value.contains('@') {
        return refuse("looks like an e-mail address, and stages may see it");
    }
    let digits = value.chars().filter(char::is_ascii_digit).count();
    let others = value
        .chars()
        .filter(|c| !c.is_ascii_digit() && !matches!(c, ' ' | '.' | '-' | '/' | '+' | '(' | ')'));
    if digits >= 8 && others.count() == 0 && value.parse::<crate::time::Date>().is_err() {
        return refuse("looks like a telephone or tax number, and stages may see it");
    }
    let value = value.to_lowercase();
    if theirs.any(|theirs| !theirs.is_empty() && value.contains(&theirs.to_lowercase())) {
        return refuse(
            "has the customer's name, tax number or address in it, and stages may see it",
        );
    }
    Ok(())
}

pub(super) fn opt(draft: &mut Draft, channel: &Channel, is_in: bool) -> Result<Taken, FactError> {
    let consent = if is_in {
        Consent::Given
    } else {
        Consent::OptedOut
    };
    let mut found = false;
    let mut changed = false;
    for point in draft
        .dossier
        .customer
        .contacts
        .iter_mut()
        .filter(|point| point.channel == *channel)
    {
        found = true;
        changed |= point.consent != consent;
        point.consent = consent;
    }
    if !found {
        return Err(FactError::invalid(
            "channel",
            format!("the customer has no address for {channel}"),
        ));
    }
    if !changed {
        return Ok(Taken::Known);
    }
    let mut event = draft.event(
        if is_in {
            "contact.opted-in"
        } else {
            "contact.opted-out"
        },
        None,
        None,
    );
    event.details = vec![("channel".to_owned(), channel.to_string())];
    enqueue_for_all(draft, &event);
    Ok(Taken::New)
}

//! Who a customer is and how they may be reached.

use crate::contract::Channel;
use crate::customer::Consent;
use crate::dossier::Draft;
use crate::fact::{CustomerFacts, FactError};
use crate::personal;
use crate::policy::Policy;
use crate::template::is_locale;

use super::{Taken, enqueue_for_all, line};

pub(super) fn customer(
    policy: &Policy,
    draft: &mut Draft,
    facts: &CustomerFacts,
) -> Result<Taken, FactError> {
    line("reference", &draft.dossier.customer.reference, 128)?;
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
    if !is_locale(&facts.locale) {
        return Err(FactError::invalid(
            "locale",
            "is not a language tag such as pt-BR",
        ));
    }
    if !is_jurisdiction(&facts.jurisdiction) {
        return Err(FactError::invalid(
            "jurisdiction",
            "is neither a country nor one of its parts by ISO 3166, such as DE or BR-SP",
        ));
    }
    for segment in &facts.segments {
        line("segments", segment, 64)?;
    }
    for point in &facts.contacts {
        line("contacts", &point.address, 400)?;
        if point.channel == Channel::Email && !is_mailbox(&point.address) {
            return Err(FactError::invalid(
                "contacts",
                "has an e-mail address that is none",
            ));
        }
    }
    for (name, value) in &facts.attributes {
        line("attributes", name, 64)?;
        line("attributes", value, 200)?;
        if policy.visible_attributes.contains(name) {
            refuse_personal_data(name, value, facts)?;
        }
    }
    let methods = facts.methods.iter();
    for name in facts
        .segments
        .iter()
        .chain(methods.flat_map(|method| [&method.key, &method.kind]))
    {
        refuse_personal_data("segments and methods", name, facts)?;
    }
    Ok(())
}

/// Whether a text has the form of a code of ISO 3166-1 or 3166-2.
fn is_jurisdiction(text: &str) -> bool {
    let (country, part) = text.split_once('-').unwrap_or((text, "A"));
    country.len() == 2
        && country.bytes().all(|byte| byte.is_ascii_uppercase())
        && (1..=3).contains(&part.len())
        && part
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

/// Whether mail could be addressed to a text: what a relay takes is the relay's to say.
fn is_mailbox(text: &str) -> bool {
    let whole = |part: &str| !part.is_empty() && !part.contains(char::is_whitespace);
    text.rsplit_once('@')
        .is_some_and(|(name, domain)| whole(name) && whole(domain))
}

/// A value that stages may see must not look like something that names a person.
fn refuse_personal_data(name: &str, value: &str, facts: &CustomerFacts) -> Result<(), FactError> {
    let tax_number = facts.tax_number.as_deref();
    let known_by = personal::known_by(&facts.name, tax_number, &facts.contacts);
    refuse(name, personal::objection(value, known_by))
}

/// The same for a code, a reason or a contract that a fact brings: stages see it.
pub(super) fn refuse_naming_debtor(
    draft: &Draft,
    field: &str,
    value: &str,
) -> Result<(), FactError> {
    refuse(
        field,
        personal::objection_of(&draft.dossier.customer, value),
    )
}

fn refuse(name: &str, objection: Option<&'static str>) -> Result<(), FactError> {
    objection.map_or(Ok(()), |text| {
        Err(FactError::PersonalData {
            name: name.to_owned(),
            text: text.to_owned(),
        })
    })
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

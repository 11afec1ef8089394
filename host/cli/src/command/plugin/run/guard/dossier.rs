//! A dossier of which a situation could have been made.

use chrono_tz::Tz;
use regua_domain::balance::outstanding_of;
use regua_domain::case::{Case, CaseState, Pace, Visit, WorkflowRef};
use regua_domain::contract::{
    Action, ActionKind, Channel, EffectState, OpenItem, Purpose, SeenCover, SeenEffect, Situation,
};
use regua_domain::cover::{Cover, CoverState};
use regua_domain::customer::{Consent, ContactPoint, Customer};
use regua_domain::dossier::Dossier;
use regua_domain::effect::{Effect, EffectKey, Letter};
use regua_domain::id::{CaseId, CoverId, CustomerId, ItemId, derived};
use regua_domain::ledger::{Account, Disposition, Item};
use regua_domain::money::{Currency, Money};
use regua_domain::template::Rendered;
use regua_domain::time::{DAY_MS, Date, Timestamp};

/// Of the one case there is.
const CASE: CaseId = CaseId(uuid::Uuid::nil());

/// What a host would have at hand of the customer, as far as the situation tells.
pub(super) fn of(situation: &Situation, currency: Currency, zone: Tz) -> Dossier {
    let mut dossier = Dossier::new(customer(situation, zone));
    dossier.standing.last_contact = situation.history.last_contact;
    dossier.accounts = vec![Account {
        currency,
        credit: situation.balance.credit,
    }];
    let items = situation.balance.items.iter();
    dossier.items = items.map(|seen| item(seen, currency)).collect();
    let covers = situation.balance.covers.iter().enumerate();
    dossier.covers = covers
        .map(|(at, seen)| cover(seen, at, currency, &dossier.items, situation.now.at))
        .collect();
    dossier.cases = vec![case(situation, currency)];
    // The newest is told first, and lies last.
    let own = situation.effects.iter().rev().enumerate();
    dossier.effects = own.map(|(at, seen)| effect(seen, at, situation)).collect();
    let others = elsewhere(situation, &dossier.effects);
    dossier.effects.extend(others);
    dossier
}

/// Somebody without a name, whose addresses are known.
fn customer(situation: &Situation, zone: Tz) -> Customer {
    let seen = &situation.customer;
    let point = |channel: &Channel| ContactPoint {
        channel: channel.clone(),
        address: String::new(),
        consent: Consent::Given,
        bounced: false,
    };
    Customer {
        id: CustomerId(uuid::Uuid::nil()),
        reference: String::new(),
        name: String::new(),
        tax_number: None,
        kind: seen.kind,
        locale: seen.locale.clone(),
        jurisdiction: seen.jurisdiction.clone(),
        time_zone: zone,
        segments: seen.segments.clone(),
        attributes: seen.attributes.iter().cloned().collect(),
        methods: seen.methods.clone(),
        contacts: seen.reachable.iter().map(point).collect(),
        since: situation.history.customer_since,
    }
}

/// An item's key as an id. One that is none gets an id of its own, which no proposal names.
fn item_id(key: &str) -> ItemId {
    key.parse()
        .unwrap_or_else(|_| ItemId(derived(CASE, 0, key, 0)))
}

fn item(seen: &OpenItem, currency: Currency) -> Item {
    let amount = Money::new(seen.original, currency);
    Item {
        kind: seen.kind,
        parent: seen.parent.as_deref().map(item_id),
        contract: seen.contract.clone(),
        issued_on: seen.issued_on,
        outstanding: seen.outstanding,
        disposition: if seen.placed {
            Disposition::Placed
        } else {
            Disposition::Chased
        },
        delivery: seen.delivery,
        is_first: seen.is_first,
        ..Item::new(item_id(&seen.key), seen.key.clone(), amount, seen.due_on)
    }
}

fn cover(seen: &SeenCover, at: usize, currency: Currency, all: &[Item], now: Timestamp) -> Cover {
    let subject = (!seen.subject.is_empty()).then(|| item_id(&seen.subject));
    let items: Vec<_> = subject.into_iter().collect();
    Cover {
        id: CoverId(derived(CASE, at as u64, "cover", 0)),
        kind: seen.kind,
        currency,
        source: String::new(),
        // What it takes by now is told: nothing was paid of that since.
        baseline: outstanding_of(all, currency, &items),
        items,
        amount: Some(seen.amount),
        until: seen.until,
        schedule: Vec::new(),
        began_at: now,
        state: CoverState::Active,
    }
}

fn case(situation: &Situation, currency: Currency) -> Case {
    let position = &situation.stage;
    let visits = position.visits_before.saturating_add(1);
    Case {
        id: CASE,
        currency,
        workflow: WorkflowRef {
            name: String::new(),
            version: 1,
        },
        opened_at: position.entered,
        sequence: situation.effects.len() as u64 + 1,
        anchor: situation.balance.anchor,
        state: CaseState::Visiting(Visit {
            stage: position.id.clone(),
            entered: position.entered,
            calls: position.calls_before,
            memory: position.memory.clone(),
            memory_version: 0,
            planned: situation.now.at,
            not_before: position.entered,
            armed: None,
            retry: None,
        }),
        visits: vec![(position.id.clone(), visits)],
        left_previous: None,
        pace: Pace {
            day: situation.now.local_date,
            count: 0,
        },
    }
}

fn effect(seen: &SeenEffect, at: usize, situation: &Situation) -> Effect {
    let position = &situation.stage;
    // What came before the stage was entered is of an earlier visit.
    let is_of_visit = seen.at >= position.entered;
    Effect {
        key: EffectKey {
            case: CASE,
            sequence: at as u64,
            index: 0,
        },
        proposal: seen.key.clone(),
        stage: seen.stage.clone(),
        visit: if is_of_visit {
            position.visits_before
        } else {
            u32::MAX
        },
        action: action(seen.kind),
        letter: seen.channel.as_ref().map(letter),
        state: seen.state,
        code: seen.code.clone(),
        at: seen.at,
        until: seen.until,
    }
}

/// Contacts of the last 7 days that are not this case's: how many is told by channel, and when
/// the last of all was, which is taken for when all of them were.
fn elsewhere(situation: &Situation, own: &[Effect]) -> Vec<Effect> {
    let since = situation.now.at.plus_ms(-7 * DAY_MS);
    let Some(last) = situation.history.last_contact else {
        return Vec::new();
    };
    let contacts = situation.history.contacts.iter().flat_map(|count| {
        let counted = own.iter().filter(|effect| {
            effect.is_contact() && effect.at > since && effect.channel() == Some(&count.channel)
        });
        let others = usize::from(count.last_7_days).saturating_sub(counted.count());
        std::iter::repeat_n(&count.channel, others)
    });
    let contact = |(at, channel): (usize, &Channel)| Effect {
        key: EffectKey {
            case: CaseId(derived(CASE, 0, "elsewhere", 0)),
            sequence: at as u64,
            index: 0,
        },
        proposal: String::new(),
        stage: String::new(),
        visit: 0,
        action: action(ActionKind::SendMessage),
        letter: Some(letter(channel)),
        state: EffectState::Done,
        code: String::new(),
        at: last,
        until: None,
    };
    contacts.enumerate().map(contact).collect()
}

/// A message that went out: the guard asks for its channel and, where none of its purpose is
/// told, takes it for what caps and gaps bind.
fn letter(channel: &Channel) -> Letter {
    Letter {
        purpose: Purpose::Demand,
        channel: channel.clone(),
        address: String::new(),
        locale: String::new(),
        rendered: Rendered {
            subject: None,
            text: String::new(),
            html: None,
        },
        chaseable: 0,
    }
}

/// What was done: the guard asks whether it was one of these, and no more of it.
fn action(kind: ActionKind) -> Action {
    match kind {
        ActionKind::Charge => Action::Charge {
            amount: None,
            method: None,
            on: None,
        },
        ActionKind::OfferDiscount => Action::OfferDiscount {
            items: Vec::new(),
            basis_points: 0,
            valid_until: Date::default(),
        },
        ActionKind::OfferPlan => Action::OfferPlan {
            items: Vec::new(),
            plans: Vec::new(),
            valid_until: Date::default(),
        },
        ActionKind::PlaceWithAgency => Action::PlaceWithAgency {
            agency: String::new(),
            items: Vec::new(),
            commission_bps: 0,
            term_days: 0,
        },
        other => Action::AddNote(other.name().to_owned()),
    }
}

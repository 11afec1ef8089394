//! Gather, the second half: a dossier lowered to what a stage may know of it.
//!
//! Nothing that names a person goes this way: items bear their ids, customers a bucket,
//! and attributes only where the tenant declared them visible, and they name nobody.

use crate::balance::{View, days_between};
use crate::case::{Case, Visit};
use crate::contract::{
    Balance, Channel, ContactCount, EffectState, History, Moment, OpenItem, SeenCustomer,
    SeenEffect, Situation, StagePosition, Trigger,
};
use crate::dossier::Dossier;
use crate::ledger::Disposition;
use crate::personal::objection_of;
use crate::policy::Policy;
use crate::time::{DAY_MS, Date, Timestamp};
use crate::workflow::{Stage, Workflow};

/// Open items that a situation names; the rest is counted.
pub const ITEMS_MAX: usize = 200;
/// Effects that a situation names, the newest.
pub const EFFECTS_MAX: usize = 50;

/// A case in a stage, and all it is seen by.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// The tenant's settings.
    pub policy: &'a Policy,
    /// The case's workflow.
    pub workflow: &'a Workflow,
    /// The stage.
    pub stage: &'a Stage,
    /// Whose case.
    pub dossier: &'a Dossier,
    /// The case.
    pub case: &'a Case,
    /// Its visit to the stage.
    pub visit: &'a Visit,
}

impl Place<'_> {
    /// Lowers it to the contract's situation.
    pub fn situation(&self, trigger: Trigger, now: Timestamp) -> Situation {
        let Self {
            policy,
            workflow,
            stage,
            dossier,
            case,
            visit,
        } = *self;
        let customer = &dossier.customer;
        let today = now.date_in(customer.time_zone);
        let view = View::of(
            dossier,
            case.currency,
            today,
            workflow.tolerance(case.currency),
        );
        Situation {
            now: moment(workflow, dossier, now, today),
            trigger,
            stage: position(workflow, stage, dossier, case, visit, today),
            customer: SeenCustomer {
                bucket: customer.bucket(),
                kind: customer.kind,
                locale: customer.locale.clone(),
                jurisdiction: customer.jurisdiction.clone(),
                segments: customer.segments.clone(),
                reachable: customer.reachable(),
                attributes: customer
                    .attributes
                    .iter()
                    .filter(|(name, value)| {
                        policy.visible_attributes.contains(*name)
                            && objection_of(customer, value).is_none()
                    })
                    .map(|(name, value)| (name.clone(), value.clone()))
                    .collect(),
                methods: customer.methods.clone(),
            },
            balance: balance(dossier, case, &view),
            history: history(dossier, now),
            score: None,
            effects: effects(dossier, case),
        }
    }
}

fn moment(workflow: &Workflow, dossier: &Dossier, now: Timestamp, today: Date) -> Moment {
    let zone = dossier.customer.time_zone;
    Moment {
        at: now,
        local_date: today,
        local_minute_of_day: now.minute_of_day_in(zone),
        local_weekday: chrono::Datelike::weekday(&today).num_days_from_monday() as u8,
        is_business_day: workflow.calendar.is_business_day(today),
        time_zone: zone.name().to_owned(),
    }
}

fn position(
    workflow: &Workflow,
    stage: &Stage,
    dossier: &Dossier,
    case: &Case,
    visit: &Visit,
    today: Date,
) -> StagePosition {
    let entered = visit.entered.date_in(dossier.customer.time_zone);
    let same_shape = visit.memory_version == stage.plugin.manifest.memory_version;
    StagePosition {
        id: stage.id.clone(),
        entered: visit.entered,
        calls_before: visit.calls,
        visits_before: case.visits_of(&stage.id).saturating_sub(1),
        days_in_stage: days_between(entered, today).max(0).cast_unsigned(),
        business_days_in_stage: u32::try_from(
            workflow.calendar.business_days_between(entered, today),
        )
        .unwrap_or(0),
        memory: if same_shape {
            visit.memory.clone()
        } else {
            Vec::new()
        },
    }
}

fn balance(dossier: &Dossier, case: &Case, view: &View<'_>) -> Balance {
    let items = view
        .items
        .iter()
        .take(ITEMS_MAX)
        .map(|(item, chaseable)| OpenItem {
            key: item.id.to_string(),
            kind: item.kind,
            parent: item.parent.map(|parent| parent.to_string()),
            contract: item.contract.clone(),
            issued_on: item.issued_on,
            due_on: item.due_on,
            days_overdue: days_between(item.due_on, view.today),
            original: item.original,
            outstanding: item.outstanding,
            chaseable: *chaseable,
            placed: item.disposition == Disposition::Placed,
            is_first: item.is_first,
            delivery: item.delivery,
        })
        .collect();
    Balance {
        currency: case.currency.code().to_owned(),
        minor_digits: case.currency.minor_digits(),
        outstanding: view.outstanding,
        past_due: view.past_due,
        chaseable: view.chaseable,
        credit: dossier.credit(case.currency),
        anchor: view.anchor,
        days_overdue: view.days_overdue,
        items,
        items_omitted: view.items.len().saturating_sub(ITEMS_MAX) as u32,
        covers: view.seen_covers(),
    }
}

fn history(dossier: &Dossier, now: Timestamp) -> History {
    let standing = &dossier.standing;
    let mut channels: Vec<Channel> = standing
        .contacts
        .keys()
        .filter_map(|name| Channel::try_from(name.clone()).ok())
        .collect();
    channels.sort();
    let contacts = channels
        .into_iter()
        .map(|channel| ContactCount {
            last_7_days: contacts_within(dossier, &channel, now, 7),
            last_30_days: contacts_within(dossier, &channel, now, 30),
            total: standing.contacts.get(channel.name()).copied().unwrap_or(0),
            channel,
        })
        .collect();
    let paid = i64::from(standing.invoices_paid.max(1));
    History {
        customer_since: dossier.customer.since,
        invoices_paid: standing.invoices_paid,
        invoices_paid_late: standing.invoices_paid_late,
        average_days_late_centi: i32::try_from(standing.days_late_sum.saturating_mul(100) / paid)
            .unwrap_or(i32::MAX),
        worst_days_late: standing.worst_days_late,
        promises_kept: standing.promises_kept,
        promises_broken: standing.promises_broken,
        plans_completed: standing.plans_completed,
        plans_broken: standing.plans_broken,
        contacts,
        last_contact: last_contact(dossier),
        last_reply: standing.last_reply,
        last_payment: standing.last_payment,
        last_decline: standing.last_decline.clone(),
    }
}

/// The last message that left, or is on its way.
fn last_contact(dossier: &Dossier) -> Option<Timestamp> {
    let on_their_way = dossier
        .effects
        .iter()
        .filter(|effect| effect.letter.is_some() && effect.state == EffectState::Queued)
        .map(|effect| effect.at);
    on_their_way.max().max(dossier.standing.last_contact)
}

/// Contacts on a channel in the last `days` times 24 hours.
pub fn contacts_within(dossier: &Dossier, channel: &Channel, now: Timestamp, days: i64) -> u16 {
    let since = now.plus_ms(-days * DAY_MS);
    let count = dossier
        .effects
        .iter()
        .filter(|effect| {
            effect.is_contact() && effect.at > since && effect.channel() == Some(channel)
        })
        .count();
    u16::try_from(count).unwrap_or(u16::MAX)
}

fn effects(dossier: &Dossier, case: &Case) -> Vec<SeenEffect> {
    dossier
        .effects
        .iter()
        .rev()
        .filter(|effect| effect.key.case == case.id)
        .take(EFFECTS_MAX)
        .map(|effect| SeenEffect {
            key: effect.proposal.clone(),
            stage: effect.stage.clone(),
            kind: effect.kind(),
            channel: effect.channel().cloned(),
            state: effect.state,
            code: effect.code.clone(),
            at: effect.at,
            until: effect.until,
        })
        .collect()
}

//! What systems are told: an effect as documented JSON.
//!
//! A payload says what its receiver needs to act, and no more: an agency gets the debtor's
//! name and addresses, a payment provider a reference alone. It is made when an effect is
//! handed over for the first time, and the same bytes are sent at each further try: what
//! may be charged can change in between, and what a key means cannot.

pub mod data;
mod documented;
pub mod event;
mod sample;

use regua_domain::balance::View;
use regua_domain::carry::parse_items;
use regua_domain::case::Case;
use regua_domain::contract::Action;
use regua_domain::customer::{Consent, Customer};
use regua_domain::dossier::Dossier;
use regua_domain::effect::{Effect, Letter};
use regua_domain::id::TenantId;
use regua_domain::ledger::Item;
use regua_domain::money::Money;
use regua_domain::placement;
use regua_domain::time::Date;
use serde::Serialize;

pub use documented::{Documented, documented};

/// A message to a system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// `effect.<kind>` or `message.<channel>`: what endpoints subscribe to.
    pub kind: String,
    /// JSON.
    pub body: Vec<u8>,
}

/// For whom and when it is written.
#[derive(Debug, Clone, Copy)]
pub struct Sender<'a> {
    /// The tenant.
    pub id: TenantId,
    /// As debtors know it.
    pub name: &'a str,
    /// The customer's civil date.
    pub today: Date,
}

/// Why there is no payload.
#[derive(Debug, thiserror::Error)]
pub enum PayloadError {
    /// The dossier has another customer's cases.
    #[error("the effect's case is not in the dossier")]
    NoCase,
    /// Effects of this kind stay in the host.
    #[error("effects of the kind {0} do not leave the host")]
    Internal(&'static str),
    /// A message whose text is not there.
    #[error("the message has no text")]
    NoLetter,
    /// What is written cannot be JSON.
    #[error("the payload cannot be written as JSON")]
    Json(#[source] serde_json::Error),
}

/// Writes an effect for a system.
pub fn of(dossier: &Dossier, effect: &Effect, sender: Sender<'_>) -> Result<Message, PayloadError> {
    let case = dossier.case(effect.key.case).ok_or(PayloadError::NoCase)?;
    let desk = Desk {
        dossier,
        effect,
        case,
        sender,
    };
    match &effect.action {
        Action::SendMessage(_) => {
            let letter = effect.letter.as_ref().ok_or(PayloadError::NoLetter)?;
            desk.envelope(format!("message.{}", letter.channel), desk.message(letter))
        }
        Action::Charge { amount, method, on } => {
            desk.effect(desk.charge(*amount, method.as_deref(), *on))
        }
        Action::ChangeService { contract, change } => desk.effect(data::ChangeService {
            customer: desk.account(),
            contract: contract.clone(),
            change: *change,
            overdue: desk.overdue_of(contract),
        }),
        Action::PlaceWithAgency {
            agency,
            commission_bps,
            term_days,
            ..
        } => desk.effect(desk.placement(agency, *commission_bps, *term_days)),
        Action::RecallPlacement {
            placement,
            items,
            reason,
        } => desk.effect(desk.recall(placement, items, reason)),
        Action::NotifyTeam { team, text } => desk.effect(data::NotifyTeam {
            customer: desk.account(),
            team: team.clone(),
            text: text.clone(),
        }),
        Action::Custom { name, json } => desk.effect(data::Custom {
            customer: desk.account(),
            name: name.clone(),
            value: serde_json::from_str(json).map_err(PayloadError::Json)?,
        }),
        action => Err(PayloadError::Internal(action.kind().name())),
    }
}

/// All that a payload is written from.
struct Desk<'a> {
    dossier: &'a Dossier,
    effect: &'a Effect,
    case: &'a Case,
    sender: Sender<'a>,
}

impl Desk<'_> {
    fn effect<T: Serialize>(&self, what: T) -> Result<Message, PayloadError> {
        self.envelope(format!("effect.{}", self.effect.kind().name()), what)
    }

    fn envelope<T: Serialize>(&self, kind: String, what: T) -> Result<Message, PayloadError> {
        let envelope = data::Envelope {
            kind,
            timestamp: self.effect.at.to_rfc3339(),
            data: data::Data {
                key: self.effect.key.to_string(),
                tenant: data::Tenant {
                    id: self.sender.id.to_string(),
                    name: self.sender.name.to_owned(),
                },
                case: data::Case {
                    id: self.case.id.to_string(),
                    workflow: self.case.workflow.name.clone(),
                    workflow_version: self.case.workflow.version,
                    stage: self.effect.stage.clone(),
                },
                what,
            },
        };
        let body = serde_json::to_vec(&envelope).map_err(PayloadError::Json)?;
        Ok(Message {
            kind: envelope.kind,
            body,
        })
    }

    fn view(&self) -> View<'_> {
        // The tolerance sets the anchor alone, which no payload tells.
        View::of(self.dossier, self.case.currency, self.sender.today, 0)
    }

    fn money(&self, minor: i64) -> data::Money {
        Money::new(minor, self.case.currency).into()
    }

    fn account(&self) -> data::Account {
        let Customer { id, reference, .. } = &self.dossier.customer;
        data::Account {
            id: id.to_string(),
            reference: reference.clone(),
        }
    }

    fn charge(&self, amount: Option<i64>, method: Option<&str>, on: Option<Date>) -> data::Charge {
        let view = self.view();
        let due = view.items.iter();
        let due = due.filter(|(item, left)| *left > 0 && item.is_past_due(view.today));
        let known = &self.dossier.customer.methods;
        let meant = known.iter().find(|known| match method {
            Some(key) => known.key == key,
            None => known.is_default,
        });
        let key = method.or(meant.map(|known| known.key.as_str()));
        data::Charge {
            customer: self.account(),
            // One without an amount is of all that may be chased by now.
            amount: self.money(amount.unwrap_or(view.chaseable)),
            method: key.map(|key| data::Method {
                key: key.to_owned(),
                kind: meant.map(|known| known.kind.clone()),
            }),
            on,
            items: due.map(|(item, _)| written(item)).collect(),
        }
    }

    fn overdue_of(&self, contract: &str) -> data::Money {
        let view = self.view();
        let late = view.items.iter().filter(|(item, _)| {
            item.contract.as_deref() == Some(contract) && item.is_past_due(view.today)
        });
        self.money(late.map(|(_, left)| *left).sum())
    }

    fn placement(
        &self,
        agency: &str,
        commission_bps: u32,
        term_days: u16,
    ) -> data::PlaceWithAgency {
        // What was paid or taken back since it was decided is not placed.
        let held = placement::held(self.dossier, self.effect.key);
        let items: Vec<_> = self
            .dossier
            .items
            .iter()
            .filter(|item| held.contains(&item.id) && item.outstanding > 0)
            .collect();
        data::PlaceWithAgency {
            customer: debtor(&self.dossier.customer),
            agency: agency.to_owned(),
            total: self.money(items.iter().map(|item| item.outstanding).sum()),
            items: items.into_iter().map(written).collect(),
            commission_bps,
            term_days,
            until: self.effect.until,
        }
    }

    fn recall(&self, proposal: &str, items: &[String], reason: &str) -> data::RecallPlacement {
        // A stage names the proposal; the agency knows the effect.
        let placed = self.dossier.effects.iter().rev().find_map(|effect| {
            let is_it = effect.key.case == self.case.id && effect.proposal == proposal;
            match &effect.action {
                Action::PlaceWithAgency { agency, .. } if is_it => Some((effect.key, agency)),
                _ => None,
            }
        });
        let items = parse_items(items).map(|id| data::Recalled {
            id: id.to_string(),
            reference: self.dossier.item(id).map(|item| item.reference.clone()),
        });
        data::RecallPlacement {
            customer: self.account(),
            placement: placed.map(|(key, _)| key.to_string()),
            agency: placed.map(|(_, agency)| agency.clone()),
            items: items.collect(),
            reason: reason.to_owned(),
        }
    }

    fn message(&self, letter: &Letter) -> data::Message {
        let data::Account { id, reference } = self.account();
        data::Message {
            to: data::Addressee {
                id,
                reference,
                name: self.dossier.customer.name.clone(),
                address: letter.address.clone(),
            },
            purpose: letter.purpose,
            locale: letter.locale.clone(),
            subject: letter.rendered.subject.clone(),
            text: letter.rendered.text.clone(),
            html: letter.rendered.html.clone(),
        }
    }
}

fn written(item: &Item) -> data::Item {
    data::Item {
        id: item.id.to_string(),
        reference: item.reference.clone(),
        kind: item.kind,
        contract: item.contract.clone(),
        issued_on: item.issued_on,
        due_on: item.due_on,
        original: Money::new(item.original, item.currency).into(),
        outstanding: Money::new(item.outstanding, item.currency).into(),
    }
}

fn debtor(customer: &Customer) -> data::Debtor {
    let contacts = customer.contacts.iter().map(|point| data::Contact {
        channel: point.channel.to_string(),
        address: point.address.clone(),
        usable: point.consent == Consent::Given && !point.bounced,
    });
    data::Debtor {
        id: customer.id.to_string(),
        reference: customer.reference.clone(),
        name: customer.name.clone(),
        tax_number: customer.tax_number.clone(),
        kind: customer.kind,
        locale: customer.locale.clone(),
        jurisdiction: customer.jurisdiction.clone(),
        time_zone: customer.time_zone.name().to_owned(),
        contacts: contacts.collect(),
    }
}

#[cfg(test)]
mod tests;

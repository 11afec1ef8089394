//! A customer with something of everything, from which examples are made.

use std::collections::BTreeMap;

use chrono_tz::Tz;
use regua_domain::case::{Case, CaseState, Pace, Waiting, WorkflowRef};
use regua_domain::contract::{
    Action, Channel, Content, CustomerKind, EffectState, Message, PaymentMethod, Purpose,
    ServiceChange,
};
use regua_domain::customer::{Consent, ContactPoint, Customer};
use regua_domain::dossier::Dossier;
use regua_domain::effect::{Effect, EffectKey, Letter};
use regua_domain::id::{CaseId, CustomerId, ItemId, TenantId};
use regua_domain::ledger::{Disposition, Item};
use regua_domain::money::{Currency, Money};
use regua_domain::template::{PartSet, Rendered};
use regua_domain::time::{DAY_MS, Date, Timestamp};
use uuid::Uuid;

use super::Sender;

/// 2026-03-20T13:00:00Z.
pub(super) const NOW: Timestamp = Timestamp(1_774_011_600_000);

const fn uuid(number: u128) -> Uuid {
    Uuid::from_u128(0x0195_6c3a_7b00_7000_8000_0000_0000_0000 + number)
}

const CASE: CaseId = CaseId(uuid(0xCA5E));

pub(super) struct Sample {
    pub dossier: Dossier,
    today: Date,
}

impl Sample {
    pub fn sender(&self) -> Sender<'static> {
        Sender {
            id: TenantId(uuid(0x7E)),
            name: "Padaria São João",
            today: self.today,
        }
    }
}

pub(super) fn sample() -> Sample {
    let currency = Currency::parse("BRL").expect("a currency of ISO 4217");
    let zone = Tz::America__Sao_Paulo;
    let today = NOW.date_in(zone);
    let mut dossier = Dossier::new(customer(zone));
    dossier.items = vec![item(1, 40, 123_450, currency), item(2, 10, 9_900, currency)];
    dossier.cases.push(case(currency, today));
    dossier.effects = effects(&dossier.items);
    // Placed, as the effect that places it has it.
    let mut placed = item(3, 90, 50_000, currency);
    placed.disposition = Disposition::Placed;
    dossier.items.insert(0, placed);
    Sample { dossier, today }
}

fn customer(time_zone: Tz) -> Customer {
    let point = |channel, address: &str, consent| ContactPoint {
        channel,
        address: address.to_owned(),
        consent,
        bounced: false,
    };
    Customer {
        id: CustomerId(uuid(0xC5)),
        reference: "C-1042".to_owned(),
        name: "Maria da Silva".to_owned(),
        tax_number: Some("529.982.247-25".to_owned()),
        kind: CustomerKind::Consumer,
        locale: "pt-BR".to_owned(),
        jurisdiction: "BR-SP".to_owned(),
        time_zone,
        segments: Vec::new(),
        attributes: BTreeMap::new(),
        methods: vec![PaymentMethod {
            key: "pm_visa".to_owned(),
            kind: "card".to_owned(),
            is_default: true,
            expires_on: None,
        }],
        contacts: vec![
            point(Channel::Email, "maria@example.org", Consent::Given),
            point(Channel::Sms, "+5511900000000", Consent::OptedOut),
            point(
                Channel::Letter,
                "Rua das Flores 1\n01000-000 São Paulo",
                Consent::Given,
            ),
        ],
        since: None,
    }
}

fn item(number: u128, days_late: i64, amount: i64, currency: Currency) -> Item {
    let due_on = NOW.plus_ms(-days_late * DAY_MS).date_in(Tz::UTC);
    let id = ItemId(uuid(number));
    let reference = format!("F-{number}");
    let mut item = Item::new(id, reference, Money::new(amount, currency), due_on);
    item.contract = Some("K-7".to_owned());
    item
}

fn case(currency: Currency, today: Date) -> Case {
    Case {
        id: CASE,
        currency,
        workflow: WorkflowRef {
            name: "standard".to_owned(),
            version: 3,
        },
        opened_at: NOW.plus_ms(-30 * DAY_MS),
        sequence: 12,
        anchor: None,
        state: CaseState::Waiting(Waiting {
            stage: "escalate".to_owned(),
            since: NOW,
            planned: NOW,
        }),
        visits: Vec::new(),
        left_previous: None,
        pace: Pace {
            day: today,
            count: 0,
        },
    }
}

fn effects(items: &[Item]) -> Vec<Effect> {
    let placed = || vec![ItemId(uuid(3)).to_string()];
    let contract = || items.iter().find_map(|item| item.contract.clone());
    let actions = [
        message(Channel::Sms),
        message(Channel::Whatsapp),
        message(Channel::Letter),
        message(Channel::Phone),
        Action::Charge {
            amount: None,
            method: None,
            on: None,
        },
        Action::NotifyTeam {
            team: "finance".to_owned(),
            text: "Two invoices are long overdue.".to_owned(),
        },
        Action::ChangeService {
            contract: contract().unwrap_or_default(),
            change: ServiceChange::Suspend,
        },
        Action::PlaceWithAgency {
            agency: "acme".to_owned(),
            items: placed(),
            commission_bps: 1_500,
            term_days: 90,
        },
        Action::RecallPlacement {
            placement: "proposal-7".to_owned(),
            items: placed(),
            reason: "paid to the creditor".to_owned(),
        },
        Action::Custom {
            name: "acme.loyalty.pause".to_owned(),
            json: r#"{"programme":"gold"}"#.to_owned(),
        },
    ];
    (0..)
        .zip(actions)
        .map(|(index, action)| effect(index, action))
        .collect()
}

fn effect(index: u32, action: Action) -> Effect {
    let letter = match &action {
        Action::SendMessage(message) => Some(letter(message)),
        _ => None,
    };
    Effect {
        key: EffectKey {
            case: CASE,
            sequence: 11,
            index,
        },
        proposal: format!("proposal-{index}"),
        stage: "escalate".to_owned(),
        visit: 0,
        until: match &action {
            Action::PlaceWithAgency { term_days, .. } => {
                let term = i64::from(*term_days) * DAY_MS;
                Some(NOW.plus_ms(term).date_in(Tz::UTC))
            }
            _ => None,
        },
        action,
        letter,
        state: EffectState::Queued,
        code: String::new(),
        at: NOW,
    }
}

fn message(channel: Channel) -> Action {
    Action::SendMessage(Message {
        purpose: Purpose::Demand,
        channel,
        content: Content::Template("demand".to_owned()),
        variables: Vec::new(),
    })
}

fn letter(message: &Message) -> Letter {
    let address = match message.channel {
        Channel::Letter => "Rua das Flores 1\n01000-000 São Paulo",
        _ => "+5511900000000",
    };
    let subject = match PartSet::of(&message.channel) {
        PartSet::Letter | PartSet::Email => Some("Sua fatura está vencida".to_owned()),
        PartSet::Message | PartSet::Script => None,
    };
    Letter {
        purpose: message.purpose,
        channel: message.channel.clone(),
        address: address.to_owned(),
        locale: "pt-BR".to_owned(),
        rendered: Rendered {
            subject,
            text: "Maria da Silva, R$ 1.333,50 estão em atraso.".to_owned(),
            html: None,
        },
        chaseable: 133_350,
    }
}

//! An effect in a line of the timeline.

use crate::contract::{Action, Content};
use crate::effect::Letter;
use crate::money::{Currency, Money};

/// What a proposal was about, in a line. `charged` is the interest it came to, minor units.
pub(super) fn of(
    action: &Action,
    letter: Option<&Letter>,
    charged: i64,
    currency: Option<Currency>,
) -> String {
    match action {
        Action::SendMessage(message) => {
            let subject = letter.and_then(|letter| letter.rendered.subject.as_deref());
            let template = match &message.content {
                Content::Template(name) => name.as_str(),
                Content::Inline { .. } => "inline text",
            };
            let what =
                subject.map_or_else(|| template.to_owned(), |subject| format!("\"{subject}\""));
            format!("{} by {}: {what}", message.purpose.name(), message.channel)
        }
        Action::AddFee {
            kind,
            occurrence,
            amount,
            ..
        } => match currency {
            Some(currency) => format!("{kind} {occurrence}: {}", Money::new(*amount, currency)),
            None => format!("{kind} {occurrence}"),
        },
        Action::OfferPlan {
            plans, valid_until, ..
        } => {
            format!("{} plans, until {valid_until}", plans.len())
        }
        Action::OpenTask { title, team, .. } => format!("{title} ({team})"),
        Action::NotifyTeam { team, text } => format!("{team}: {text}"),
        Action::PlaceWithAgency { agency, items, .. } => {
            format!("{} items with {agency}", items.len())
        }
        Action::Hold { reason, until } => format!("{reason}, until {until}"),
        Action::RecallPlacement { items, reason, .. } | Action::WriteOff { items, reason } => {
            format!("{} items: {reason}", items.len())
        }
        Action::ChangeService { contract, .. } => contract.clone(),
        Action::OfferDiscount {
            basis_points,
            valid_until,
            ..
        } => {
            format!("{basis_points} basis points, until {valid_until}")
        }
        Action::Charge { .. } => "charge".to_owned(),
        Action::AddInterest { terms, until, .. } => match currency {
            Some(currency) if charged > 0 => {
                let amount = Money::new(charged, currency);
                format!("{terms} until {until}: {amount}")
            }
            _ => format!("{terms} until {until}: nothing to charge"),
        },
        Action::AddNote(text) => text.clone(),
        Action::Custom { name, .. } => name.clone(),
    }
}

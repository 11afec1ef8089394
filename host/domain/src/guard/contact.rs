//! Rules on writing to a debtor.

use crate::balance::View;
use crate::contract::{Action, Channel, CoverKind, Message, Proposal, Purpose};
use crate::customer::{Consent, ContactPoint};
use crate::effect::Letter;
use crate::hours::Hours;
use crate::letter::Desk;
use crate::template::Rendered;
use crate::time::{DAY_MS, HOUR_MS, Timestamp, plus_days};

use super::Bench;
use super::ruling::Objection;

impl Bench<'_> {
    /// Rules on a message and writes it; `before` is what its decision does before.
    pub(super) fn message(
        &self,
        message: &Message,
        view: &View<'_>,
        desk: &Desk<'_>,
        before: &[&Proposal],
    ) -> Result<Letter, Objection> {
        let point = self.reachable(&message.channel)?;
        let contacts: Vec<&Message> = before.iter().filter_map(|done| as_message(done)).collect();
        let objection = self
            .held(message.purpose, view)
            .or_else(|| self.owed(message.purpose, view))
            .or_else(|| self.too_early(message.purpose))
            .or_else(|| self.quiet(message.purpose))
            .or_else(|| self.gap(message.purpose, &contacts))
            .or_else(|| self.cap(message, &contacts));
        if let Some(objection) = objection {
            return Err(objection);
        }
        desk.write(message, point)
            .map_err(|_| Objection::refused("template-failed"))
    }

    /// A draft is written as it would go out; who may be written to is asked when it does.
    pub(super) fn preview(
        &self,
        message: &Message,
        desk: &Desk<'_>,
    ) -> Result<Rendered, Objection> {
        let nobody = ContactPoint {
            channel: message.channel.clone(),
            address: String::new(),
            consent: Consent::Given,
            bounced: false,
        };
        let point = self
            .dossier
            .customer
            .address(&message.channel)
            .unwrap_or(&nobody);
        desk.write(message, point)
            .map(|letter| letter.rendered)
            .map_err(|_| Objection::refused("template-failed"))
    }

    fn reachable(&self, channel: &Channel) -> Result<&ContactPoint, Objection> {
        if let Some(point) = self.dossier.customer.address(channel) {
            return Ok(point);
        }
        let known = || {
            self.dossier
                .customer
                .contacts
                .iter()
                .filter(|point| point.channel == *channel)
        };
        let rule = if known().any(|point| point.consent == Consent::OptedOut) {
            "opt-out"
        } else if known().any(|point| point.consent == Consent::Missing) {
            "no-consent"
        } else if known().any(|point| point.bounced) {
            "bounced"
        } else {
            "no-address"
        };
        Err(Objection::refused(rule))
    }

    /// While the account is held, only confirmations leave.
    fn held(&self, purpose: Purpose, view: &View<'_>) -> Option<Objection> {
        let last = view.held_until()?;
        if purpose == Purpose::Confirmation {
            return None;
        }
        let until = self.hours().opening(Timestamp::start_of(
            plus_days(last, 1),
            self.dossier.customer.time_zone,
        ));
        Some(Objection::deferred("hold", until))
    }

    /// Nobody is asked for what they do not owe, or for what is covered.
    fn owed(&self, purpose: Purpose, view: &View<'_>) -> Option<Objection> {
        if purpose == Purpose::Confirmation || view.asked_for(purpose) > self.tolerance() {
            return None;
        }
        let covered = view
            .covers
            .iter()
            .any(|(cover, taken)| cover.kind != CoverKind::Hold && *taken > 0);
        Some(Objection::refused(if covered {
            "cover"
        } else {
            "tolerance"
        }))
    }

    /// A stage that a debtor's word led into early demands nothing before its day.
    fn too_early(&self, purpose: Purpose) -> Option<Objection> {
        let chasing = matches!(
            purpose,
            Purpose::Reminder | Purpose::Demand | Purpose::LegalNotice
        );
        (chasing && self.now < self.not_before)
            .then(|| Objection::deferred("stage-not-due", self.not_before))
    }

    /// Quiet hours and the send window.
    fn quiet(&self, purpose: Purpose) -> Option<Objection> {
        let (rule, until) = self.hours().objection(purpose, self.now)?;
        Some(Objection::deferred(rule, until))
    }

    /// A least distance after any contact.
    fn gap(&self, purpose: Purpose, contacts: &[&Message]) -> Option<Objection> {
        if self.policy.contact.exempt.contains(&purpose) {
            return None;
        }
        let hours = self.policy.contact.gap_hours.get(&purpose)?;
        let last = self
            .dossier
            .effects
            .iter()
            .filter(|effect| effect.is_contact())
            .map(|effect| effect.at)
            .chain(contacts.iter().map(|_| self.now))
            .max()?;
        let until = last.plus_ms(i64::from(*hours) * HOUR_MS);
        (until > self.now).then(|| Objection::deferred("contact-gap", self.hours().opening(until)))
    }

    /// At most so many contacts a channel in any 7 days; of exempt purposes, which a stage
    /// gives its messages itself, at most so many a day.
    fn cap(&self, message: &Message, contacts: &[&Message]) -> Option<Objection> {
        let policy = &self.policy.contact;
        let is_exempt = |purpose| policy.exempt.contains(&purpose);
        if is_exempt(message.purpose) {
            let counts = |purpose, _: &Channel| is_exempt(purpose);
            return self.at_most(policy.exempt_24_hours, DAY_MS, counts, contacts);
        }
        let most = policy.per_channel_7_days.get(&message.channel).copied();
        let most = most.unwrap_or(policy.per_channel_7_days_default);
        let counts = |_, channel: &Channel| *channel == message.channel;
        self.at_most(most, 7 * DAY_MS, counts, contacts)
    }

    /// At most so many of the contacts that count, in a window that slides.
    fn at_most(
        &self,
        most: u16,
        window_ms: i64,
        counts: impl Fn(Purpose, &Channel) -> bool,
        contacts: &[&Message],
    ) -> Option<Objection> {
        let Some(nth) = usize::from(most).checked_sub(1) else {
            return Some(Objection::refused("contact-cap"));
        };
        let since = self.now.plus_ms(-window_ms);
        let recent = self.dossier.effects.iter();
        let mut counted: Vec<Timestamp> = recent
            .filter(|effect| effect.is_contact() && effect.at > since)
            .filter_map(|effect| Some((effect.at, effect.letter.as_ref()?)))
            .map(|(at, letter)| (at, letter.purpose, &letter.channel))
            .chain(contacts.iter().map(|m| (self.now, m.purpose, &m.channel)))
            .filter(|(_, purpose, channel)| counts(*purpose, channel))
            .map(|(at, _, _)| at)
            .collect();
        counted.sort_unstable();
        let freed_by = counted.iter().rev().nth(nth)?.plus_ms(window_ms);
        Some(Objection::deferred(
            "contact-cap",
            self.hours().opening(freed_by),
        ))
    }

    fn hours(&self) -> Hours<'_> {
        Hours {
            policy: self.policy,
            workflow: self.workflow,
            customer: &self.dossier.customer,
        }
    }
}

const fn as_message(proposal: &Proposal) -> Option<&Message> {
    match &proposal.action {
        Action::SendMessage(message) => Some(message),
        _ => None,
    }
}

//! Event types: what a tenant's systems can be told of, in the field's words.
//!
//! Each is made from one kind of timeline entry, so that what is told and what is written on
//! the timeline cannot disagree ([`EventType::of`]). A type says that something happened, once;
//! what it is made from may be one of several entries about it, never two.

use std::fmt;

use crate::contract::{CoverKind, EffectState};
use crate::id::{CaseId, CustomerId, TenantId, derived};
use crate::time::Timestamp;
use crate::timeline::{Happening, TimelineEntry};

macro_rules! types {
    ($($name:ident = $text:literal, $says:literal;)*) => {
        /// What a system can be told of.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum EventType {
            $(#[doc = $says] $name,)*
        }

        impl EventType {
            /// All of them, in the order of their documentation.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// Its dotted name.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $text),* }
            }

            /// What it says, in a sentence.
            pub const fn says(self) -> &'static str {
                match self { $(Self::$name => $says),* }
            }
        }
    };
}

// The register: names never change, for receivers go by them.
types! {
    CaseOpened = "case.opened", "A dunning case was opened.";
    CaseReopened = "case.reopened", "A case that had ended goes on.";
    CaseTransferred = "case.transferred", "A case goes on under another version of its workflow.";
    CaseStageEntered = "case.stage-entered", "A case entered a stage.";
    CaseStageLeft = "case.stage-left", "A case left a stage, by an outcome.";
    CaseRewound = "case.rewound", "The oldest debt was paid: a case went back to an earlier stage.";
    CaseStageRefused = "case.stage-refused", "A stage refused to decide; the case goes where its workflow says.";
    CaseStageFailed = "case.stage-failed", "A stage's plugin failed; the case goes where its workflow says.";
    CaseLimitMet = "case.limit-met", "A case met a limit of the host and rests, with a task for a person.";
    CaseEnded = "case.ended", "A case came to its end.";
    EffectDecided = "effect.decided", "A case did something, or will: a message, a fee, a charge, …";
    EffectHandedOver = "effect.handed-over", "A relay or a system took an effect.";
    EffectDelivered = "effect.delivered", "An effect arrived, as its system told.";
    EffectConfirmed = "effect.confirmed", "An effect was confirmed: opened, charged, accepted, ….";
    EffectFailed = "effect.failed", "An effect cannot be done, or bounced.";
    EffectCancelled = "effect.cancelled", "An effect no longer held and was not handed over.";
    TaskOpened = "task.opened", "A task was opened for a person.";
    TaskClaimed = "task.claimed", "A person took a task on.";
    TaskReleased = "task.released", "A task was given back.";
    TaskCompleted = "task.completed", "A task was done, with an outcome.";
    PaymentPending = "payment.pending", "A payment is on its way.";
    PaymentReceived = "payment.received", "A payment came in and is applied to what is owed.";
    PaymentFailed = "payment.failed", "A pending payment failed.";
    PaymentReversed = "payment.reversed", "A payment was taken back.";
    PaymentLapsed = "payment.lapsed", "A pending payment did not come in time.";
    PromiseMade = "promise.made", "A debtor promised to pay; an earlier promise in the currency is replaced.";
    PromiseKept = "promise.kept", "A promise was kept, or nothing is left of it to keep.";
    PromiseBroken = "promise.broken", "A promise was broken.";
    PlanAccepted = "plan.accepted", "A debtor accepted an instalment plan.";
    PlanCompleted = "plan.completed", "A plan was paid, or nothing is left of it to pay.";
    PlanBroken = "plan.broken", "An instalment of a plan was missed.";
    OfferDeclined = "offer.declined", "A debtor declined an offer.";
    OfferExpired = "offer.expired", "An offer ran out.";
    HoldPlaced = "hold.placed", "A customer's debts in a currency rest.";
    HoldLifted = "hold.lifted", "A hold was lifted by hand.";
    HoldEnded = "hold.ended", "A hold ran out.";
    DisputeOpened = "dispute.opened", "An invoice is disputed.";
    DisputeResolved = "dispute.resolved", "A dispute was decided.";
    DisputeLapsed = "dispute.lapsed", "A dispute ended without a decision.";
    PlacementRemitted = "placement.remitted", "An agency collected money.";
    PlacementReturned = "placement.returned", "An agency gave items back.";
    DebtorReplied = "debtor.replied", "A debtor replied; the words are on the timeline alone.";
    ContactOptedOut = "contact.opted-out", "A debtor opted out of a channel.";
    ContactOptedIn = "contact.opted-in", "A debtor opted in to a channel.";
    WorkflowCanaryTakenBack = "workflow.canary-taken-back", "A version on trial was taken back, by somebody or because it refused or failed too often.";
    PluginNonDeterministic = "plugin.non-deterministic", "A plugin version was found to answer differently to equal input: nothing that it decides can be decided again.";
}

impl EventType {
    /// Of what an entry tells; none where no system is told of it.
    pub fn of(what: &Happening) -> Option<Self> {
        Some(match what {
            Happening::Fact { event, .. } => return Self::of_fact(&event.kind),
            Happening::CaseOpened { .. } => Self::CaseOpened,
            Happening::CaseReopened { .. } => Self::CaseReopened,
            Happening::Transferred { .. } => Self::CaseTransferred,
            Happening::StageEntered { .. } => Self::CaseStageEntered,
            Happening::StageLeft { .. } => Self::CaseStageLeft,
            Happening::Rewound { .. } => Self::CaseRewound,
            Happening::StageRefused { .. } => Self::CaseStageRefused,
            Happening::StageFailed { .. } => Self::CaseStageFailed,
            Happening::LimitMet { .. } => Self::CaseLimitMet,
            Happening::CaseEnded { .. } => Self::CaseEnded,
            Happening::Effected { .. } => Self::EffectDecided,
            Happening::EffectChanged { state, code, .. } => match state {
                // Where it is made, `Effected` tells.
                EffectState::Queued => return None,
                EffectState::Done if code == "delivered" => Self::EffectDelivered,
                EffectState::Done => Self::EffectHandedOver,
                EffectState::Confirmed => Self::EffectConfirmed,
                EffectState::Failed => Self::EffectFailed,
                EffectState::Cancelled => Self::EffectCancelled,
            },
            Happening::TaskOpened { .. } => Self::TaskOpened,
            Happening::TaskClaimed { .. } => Self::TaskClaimed,
            Happening::TaskReleased { .. } => Self::TaskReleased,
            Happening::TaskCompleted { .. } => Self::TaskCompleted,
            Happening::CoverBegan { kind, .. } => match kind {
                CoverKind::Hold => Self::HoldPlaced,
                CoverKind::Plan => Self::PlanAccepted,
                // The fact behind it tells more.
                CoverKind::Promise | CoverKind::Dispute | CoverKind::Pending => return None,
            },
            // How each kind ends is told by a fact; a promise that another replaced, by the other.
            Happening::CoverEnded { .. }
            // What is planned may come otherwise.
            | Happening::StageNext { .. }
            | Happening::StagePassedOver { .. }
            // What came of a decision is told by what it did.
            | Happening::Decided { .. }
            | Happening::DraftRuled { .. }
            // It is asked again.
            | Happening::StageInconclusive { .. }
            // Words.
            | Happening::Note { .. }
            // Whoever told a fact ahead looks at the timeline.
            | Happening::FactIgnored { .. } => return None,
        })
    }

    /// Of a fact of a kind.
    fn of_fact(kind: &str) -> Option<Self> {
        Some(match kind {
            "payment.pending" => Self::PaymentPending,
            "payment.received" => Self::PaymentReceived,
            "payment.failed" => Self::PaymentFailed,
            "payment.reversed" => Self::PaymentReversed,
            "payment.lapsed" => Self::PaymentLapsed,
            "promise.made" => Self::PromiseMade,
            "promise.kept" => Self::PromiseKept,
            "promise.broken" => Self::PromiseBroken,
            "plan.completed" => Self::PlanCompleted,
            "plan.broken" => Self::PlanBroken,
            "offer.declined" => Self::OfferDeclined,
            "offer.expired" => Self::OfferExpired,
            "hold.lifted" => Self::HoldLifted,
            "hold.ended" => Self::HoldEnded,
            "dispute.opened" => Self::DisputeOpened,
            "dispute.resolved" => Self::DisputeResolved,
            "dispute.lapsed" => Self::DisputeLapsed,
            "placement.remitted" => Self::PlacementRemitted,
            "placement.returned" => Self::PlacementReturned,
            "replied" => Self::DebtorReplied,
            "contact.opted-out" => Self::ContactOptedOut,
            "contact.opted-in" => Self::ContactOptedIn,
            // An invoice and its own way are the biller's to know. What became of an effect or a
            // task, a hold's or a plan's begin are told by entries of their own.
            _ => return None,
        })
    }

    /// The types that a pattern asks for: `*`, all of a group (`case.*`), or one by its name.
    /// Empty where there is none.
    pub fn matching(pattern: &str) -> impl Iterator<Item = Self> + '_ {
        Self::ALL.iter().copied().filter(move |known| {
            let name = known.name();
            match pattern.strip_suffix('*') {
                Some("") => true,
                Some(group) => group.ends_with('.') && name.starts_with(group),
                None => name == pattern,
            }
        })
    }
}

impl fmt::Display for EventType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Names an event for ever: the customer, and the number of the timeline entry it is made from;
/// of what is no customer's, what of the tenant's it is, and the instant in milliseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct EventId {
    /// Whose it is.
    pub owner: uuid::Uuid,
    /// Which of theirs.
    pub number: u64,
}

impl EventId {
    /// Of an entry.
    pub const fn of(customer: CustomerId, entry: &TimelineEntry) -> Self {
        Self {
            owner: customer.0,
            number: entry.number,
        }
    }

    /// Of what happened to something of a tenant's, by its name, at an instant.
    pub fn of_tenant(tenant: TenantId, name: &str, at: Timestamp) -> Self {
        Self {
            owner: derived(CaseId(tenant.0), 0, name, 0),
            number: at.0.unsigned_abs(),
        }
    }
}

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "evt_{}.{}", self.owner.simple(), self.number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(pattern: &str) -> Vec<&'static str> {
        EventType::matching(pattern).map(EventType::name).collect()
    }

    #[test]
    fn a_pattern_asks_for_all_for_a_group_or_for_one() {
        assert_eq!(names("*").len(), EventType::ALL.len());
        assert_eq!(
            names("hold.*"),
            ["hold.placed", "hold.lifted", "hold.ended"]
        );
        assert_eq!(names("case.ended"), ["case.ended"]);
    }

    #[test]
    fn what_is_no_type_and_no_group_asks_for_nothing() {
        for pattern in [
            "",
            "case",
            "case.",
            "ca*",
            "case.ended*",
            "**",
            "case.**",
            "CASE.*",
        ] {
            assert_eq!(names(pattern), [""; 0], "{pattern}");
        }
    }

    #[test]
    fn names_are_dotted_and_each_is_there_once() {
        let mut names: Vec<_> = EventType::ALL.iter().map(|of| of.name()).collect();
        assert!(names.iter().all(|name| name.split('.').count() == 2));
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}

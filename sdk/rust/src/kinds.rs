//! The contract's plain enumerations.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::bindings as wit;

/// Declares an enum together with the way to and from the contract's enum of that name;
/// a case that the two do not share fails to compile.
macro_rules! mirrored {
    ($($(#[$meta:meta])* $name:ident {
        $($(#[$case_meta:meta])* $case:ident = $text:literal,)+
    })+) => {$(
        $(#[$meta])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
        )]
        #[serde(rename_all = "kebab-case")]
        pub enum $name { $($(#[$case_meta])* $case,)+ }

        impl $name {
            /// The contract's word for it.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$case => $text,)+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl From<wit::$name> for $name {
            fn from(kind: wit::$name) -> Self {
                match kind { $(wit::$name::$case => Self::$case,)+ }
            }
        }

        impl From<$name> for wit::$name {
            fn from(kind: $name) -> Self {
                match kind { $($name::$case => Self::$case,)+ }
            }
        }
    )+};
}

mirrored! {
    /// A day of the week.
    Weekday {
        /// The first working day in most places.
        Monday = "monday",
        /// The second day.
        Tuesday = "tuesday",
        /// The third day.
        Wednesday = "wednesday",
        /// The fourth day.
        Thursday = "thursday",
        /// The fifth day.
        Friday = "friday",
        /// Never a business day.
        Saturday = "saturday",
        /// Never a business day.
        Sunday = "sunday",
    }

    /// What the law takes the debtor for.
    CustomerKind {
        /// A person, whom consumer law protects.
        Consumer = "consumer",
        /// A company.
        Business = "business",
    }

    /// What an open item is.
    ItemKind {
        /// Principal.
        Invoice = "invoice",
        /// A fee that was posted on an item.
        LateFee = "late-fee",
        /// Interest that was posted on an item.
        Interest = "interest",
        /// Any other charge.
        OtherCharge = "other-charge",
    }

    /// What is known of the document's own way to the debtor.
    DeliveryState {
        /// Nothing.
        Unknown = "unknown",
        /// It left.
        Sent = "sent",
        /// It arrived.
        Delivered = "delivered",
        /// It was looked at.
        Opened = "opened",
        /// It came back.
        Bounced = "bounced",
    }

    /// Who works on an item.
    Disposition {
        /// The case does.
        Chased = "chased",
        /// An agency does.
        Placed = "placed",
    }

    /// Why part of the debt is not chased for now.
    CoverKind {
        /// The customer contests it.
        Dispute = "dispute",
        /// A payment is on its way.
        Pending = "pending",
        /// A promise to pay runs.
        Promise = "promise",
        /// A payment plan is being kept.
        Plan = "plan",
        /// Somebody put it on hold.
        Hold = "hold",
    }

    /// What a stage may propose.
    ActionKind {
        /// Write to the debtor.
        SendMessage = "send-message",
        /// Charge a method on file.
        Charge = "charge",
        /// Post a fee.
        AddFee = "add-fee",
        /// Post interest.
        AddInterest = "add-interest",
        /// Offer something off.
        OfferDiscount = "offer-discount",
        /// Offer instalments.
        OfferPlan = "offer-plan",
        /// Give a person work.
        OpenTask = "open-task",
        /// Tell people at the tenant.
        NotifyTeam = "notify-team",
        /// Restrict, suspend, restore or terminate a service.
        ChangeService = "change-service",
        /// Give items to an agency.
        PlaceWithAgency = "place-with-agency",
        /// Take items back from an agency.
        RecallPlacement = "recall-placement",
        /// Let the whole case rest.
        Hold = "hold",
        /// Give items up.
        WriteOff = "write-off",
        /// Leave a note on the timeline.
        AddNote = "add-note",
        /// A webhook event of the stage's own.
        Custom = "custom",
    }

    /// How far something proposed has come.
    EffectState {
        /// On its way.
        Queued = "queued",
        /// Handed over.
        Done = "done",
        /// An answer came; its code tells which.
        Confirmed = "confirmed",
        /// It did not happen: whoever was to do it could not.
        Failed = "failed",
        /// It did not happen: it no longer held when its time came.
        Cancelled = "cancelled",
    }

    /// Why a debtor is written to. Guards differ by it.
    Purpose {
        /// Before anything is late.
        Reminder = "reminder",
        /// Asks for what is late.
        Demand = "demand",
        /// Has legal consequences.
        LegalNotice = "legal-notice",
        /// Offers a way out.
        Offer = "offer",
        /// Confirms what was agreed or paid.
        Confirmation = "confirmation",
    }

    /// What happens to a service.
    ServiceChange {
        /// It does less.
        Restrict = "restrict",
        /// It stops for now.
        Suspend = "suspend",
        /// It does all it did again.
        Restore = "restore",
        /// It ends.
        Terminate = "terminate",
    }
}

#![doc = include_str!("../README.md")]
#![deny(missing_docs)]

extern crate self as regua_sdk;

#[cfg(any(target_arch = "wasm32", test))]
mod allocator;
mod amount;
#[doc(hidden)]
pub mod bindings;
mod channel;
mod config;
mod date;
pub mod decision;
mod export;
mod kinds;
pub mod log;
mod outcome;
mod reference;
pub mod situation;
mod stage;
#[cfg(not(target_arch = "wasm32"))]
pub mod testkit;
mod text;
mod timestamp;

pub use amount::{Amount, AmountByCurrency, BasisPoints, Rounding};
pub use channel::Channel;
pub use date::{Date, DateError};
pub use decision::{Decision, Wake};
pub use kinds::{
    ActionKind, CoverKind, CustomerKind, DeliveryState, Disposition, EffectState, ItemKind,
    Purpose, ServiceChange, Weekday,
};
pub use outcome::Outcome;
pub use reference::{AgencyRef, SegmentRef, TeamRef, TemplateRef, TermsRef};
pub use situation::Situation;
pub use stage::{ConfigProblem, Refusal, Stage};
pub use timestamp::Timestamp;

/// What nearly every stage uses: `use regua_sdk::prelude::*;`.
pub mod prelude {
    pub use crate::decision::{
        Charge, Custom, Decision, Discount, Fee, Hold, Interest, Message, Note, Notice, Placement,
        Plan, PlanOffer, Recall, Service, Task, Wake, WriteOff,
    };
    pub use crate::situation::{
        Attempt, EffectsExt, Item, ItemsExt, Letters, Ruling, Situation, Trigger, VerdictsExt,
    };
    pub use crate::{
        ActionKind, Amount, AmountByCurrency, BasisPoints, Channel, ConfigProblem, Date,
        EffectState, ItemKind, Purpose, Refusal, Rounding, Stage, TeamRef, TemplateRef, Timestamp,
        export_stage, outcomes,
    };
}

/// For the macros of this crate alone.
#[doc(hidden)]
pub mod __private {
    pub use crate::bindings;
    #[cfg(target_arch = "wasm32")]
    pub use crate::export::Exported;
}

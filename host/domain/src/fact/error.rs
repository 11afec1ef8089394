//! Why a fact is not taken in.

use crate::effect::EffectKey;
use crate::id::TaskId;
use crate::time::Date;

/// Why a fact is not taken in. Nothing of it is kept then.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs)]
pub enum FactError {
    #[error("{field}: {text}")]
    Invalid { field: &'static str, text: String },
    #[error("invoice `{0}` is not known")]
    UnknownInvoice(String),
    #[error("payment `{0}` is not known")]
    UnknownPayment(String),
    #[error("effect `{0}` is not known, or belongs to a case that ended long ago")]
    UnknownEffect(EffectKey),
    #[error("task `{0}` is not open")]
    UnknownTask(TaskId),
    #[error("task `{task}` is claimed by `{by}`")]
    TaskClaimed { task: TaskId, by: String },
    #[error("invoice `{reference}` is known already, with another {field}")]
    InvoiceDiffers {
        reference: String,
        field: &'static str,
    },
    #[error("payment `{reference}` is known already, with another {field}")]
    PaymentDiffers {
        reference: String,
        field: &'static str,
    },
    #[error("payment `{reference}` is {state}: that cannot follow")]
    PaymentState {
        reference: String,
        state: &'static str,
    },
    #[error("`{0}` is not an open offer")]
    NotAnOffer(EffectKey),
    #[error("the offer `{effect}` stood until {last}: it is over")]
    OfferOver { effect: EffectKey, last: Date },
    #[error("`{0}` is not a placement that an agency has")]
    NotAPlacement(EffectKey),
    #[error("attribute `{name}`: {text}")]
    PersonalData { name: String, text: String },
}

impl FactError {
    pub(crate) fn invalid(field: &'static str, text: impl Into<String>) -> Self {
        Self::Invalid {
            field,
            text: text.into(),
        }
    }
}

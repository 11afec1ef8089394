//! What can be said of a fact without knowing the customer.

use super::{CustomerFacts, Fact, FactError, InvoiceFacts, PaymentFacts, RemittanceFacts};
use crate::dossier::LoggedFact;
use crate::time::{Date, YEARS, is_plausible};

impl LoggedFact {
    /// [`Fact::check`], and the same of its instant.
    pub fn check(&self) -> Result<(), FactError> {
        in_years("at", self.at.date_in(chrono_tz::Tz::UTC))?;
        self.fact.check()
    }
}

impl Fact {
    /// Refuses what can never be taken in, whoever it is about: dates that no calendar,
    /// zone or sum of days would survive.
    pub fn check(&self) -> Result<(), FactError> {
        let mut dates = self.dates().into_iter().flatten();
        dates.try_for_each(|(field, date)| in_years(field, date))
    }

    fn dates(&self) -> [Option<(&'static str, Date)>; 2] {
        match self {
            Self::Customer(CustomerFacts { since, .. }) => {
                [since.map(|since| ("since", since)), None]
            }
            Self::InvoiceIssued(InvoiceFacts {
                issued_on, due_on, ..
            }) => [Some(("issued_on", *issued_on)), Some(("due_on", *due_on))],
            Self::Payment(PaymentFacts { paid_on, .. })
            | Self::PlacementRemitted(RemittanceFacts { paid_on, .. }) => {
                [Some(("paid_on", *paid_on)), None]
            }
            Self::PromiseMade { due_on, .. } => [Some(("due_on", *due_on)), None],
            Self::HoldPlaced { until, .. } => [Some(("until", *until)), None],
            Self::InvoiceDelivery { .. }
            | Self::InvoiceVoided { .. }
            | Self::CreditNote { .. }
            | Self::PaymentFailed { .. }
            | Self::PaymentReversed { .. }
            | Self::DisputeOpened { .. }
            | Self::DisputeResolved { .. }
            | Self::Replied { .. }
            | Self::OptedOut { .. }
            | Self::OptedIn { .. }
            | Self::EffectResult { .. }
            | Self::OfferAnswered { .. }
            | Self::PlacementReturned { .. }
            | Self::TaskClaimed { .. }
            | Self::TaskReleased { .. }
            | Self::DraftApproved { .. }
            | Self::TaskCompleted { .. }
            | Self::HoldLifted => [None, None],
        }
    }
}

fn in_years(field: &'static str, date: Date) -> Result<(), FactError> {
    if is_plausible(date) {
        return Ok(());
    }
    let (first, last) = (YEARS.start(), YEARS.end());
    let text = format!("{date} lies outside the years {first} to {last}");
    Err(FactError::invalid(field, text))
}

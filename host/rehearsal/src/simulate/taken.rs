//! What the host does not take of payers.

use std::collections::HashMap;

use regua_domain::fact::{Fact, FactError};
use regua_domain::id::TenantId;
use regua_domain::policy::{ChargesOnPaid, Policy};
use regua_domain::step::HostFault;
use regua_domain::tenant::Tenant;
use regua_domain::time::Timestamp;

use super::Setting;
use super::model::below;
use super::payer::{person, reference};
use crate::play::Play;

/// Why payers could not be played.
#[derive(Debug, thiserror::Error)]
pub enum PlayError {
    /// A stage could not be asked.
    #[error(transparent)]
    Host(#[from] HostFault),
    /// The host does not take what it was told of a payer.
    #[error("payer {payer}: the host does not take {what}")]
    Refused {
        /// The payer's reference.
        payer: String,
        /// What it was told.
        what: &'static str,
        /// Why it does not.
        #[source]
        error: FactError,
    },
    /// There is nothing to make payers of: no day, no segment, or no such currency.
    #[error("payers cannot be made of {0}")]
    Nothing(&'static str),
}

/// A tenant that duns nobody, to whom facts can be told.
pub(super) fn nobody() -> Tenant {
    Tenant {
        id: TenantId(uuid::Uuid::nil()),
        policy: Policy::new("Nobody", ChargesOnPaid::Keep),
        workflows: HashMap::new(),
        active: HashMap::new(),
        rollouts: HashMap::new(),
        revoked: HashMap::new(),
    }
}

impl Setting {
    /// What is wrong with what is assumed and no schema says, with where it is: a JSON pointer below
    /// which the model is `/model`.
    pub fn problems(&self) -> Vec<(String, String)> {
        let of_model = self.model.problems().into_iter();
        let of_model = of_model.map(|(at, text)| (format!("/model{at}"), text));
        let tenant = nobody();
        let mut problems: Vec<_> = of_model.collect();
        for (name, segment) in &self.model.segments {
            let reference = reference(0);
            let mut play = Play::new(&tenant, &reference, Timestamp(0));
            let told = play.tell(Fact::Customer(person(&reference, name, segment, self)));
            let Err(error) = told else {
                continue;
            };
            let problem = match error {
                FactError::Invalid { field, text }
                    if matches!(field, "locale" | "jurisdiction") =>
                {
                    (format!("/{field}"), text)
                }
                FactError::Invalid { text, .. } | FactError::PersonalData { text, .. } => {
                    (below("/model/segments", name), format!("the name {text}"))
                }
                error => (below("/model/segments", name), error.to_string()),
            };
            // Of all segments there is one language and one country.
            if !problems.contains(&problem) {
                problems.push(problem);
            }
        }
        problems
    }
}

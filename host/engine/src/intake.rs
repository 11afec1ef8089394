//! One customer's facts, taken in one after the other.

use regua_domain::dossier::{Draft, LoggedFact};
use regua_domain::fact::FactError;
use regua_domain::intake::Taken;
use regua_domain::run;
use regua_domain::tenant::Tenant;

/// A copy is made after so many facts. A fact that is refused spoils the draft, which is then
/// made again from the last copy; with a copy before each fact, a history of thousands would
/// be copied thousands of times.
const COPY_EVERY: usize = 256;

/// A draft that a refused fact leaves as it was.
pub(crate) struct Intake<'a> {
    tenant: &'a Tenant,
    /// With all that was taken.
    pub(crate) draft: Draft,
    copy: Draft,
    /// Taken since the copy was made.
    since: Vec<&'a LoggedFact>,
}

impl<'a> Intake<'a> {
    pub(crate) fn new(tenant: &'a Tenant, draft: Draft) -> Self {
        Self {
            tenant,
            copy: draft.clone(),
            draft,
            since: Vec::new(),
        }
    }

    /// Takes a fact in, or leaves all as it was.
    pub(crate) fn take(self, fact: &'a LoggedFact) -> (Self, Result<Taken, FactError>) {
        let Self {
            tenant,
            draft,
            copy,
            mut since,
        } = self;
        match take(tenant, draft, fact) {
            Ok((draft, taken)) => {
                since.push(fact);
                let mut taker = Self {
                    tenant,
                    draft,
                    copy,
                    since,
                };
                if taker.since.len() >= COPY_EVERY {
                    taker.copy_here();
                }
                (taker, Ok(taken))
            }
            Err(error) => (Self::new(tenant, again(tenant, copy, &since)), Err(error)),
        }
    }

    fn copy_here(&mut self) {
        self.copy = self.draft.clone();
        self.since.clear();
    }
}

/// The draft as it was: what was taken since the copy is taken again, which comes to the
/// same, for nothing but the facts decides it.
fn again(tenant: &Tenant, copy: Draft, since: &[&LoggedFact]) -> Draft {
    since.iter().fold(copy, |draft, fact| {
        let (draft, _) = take(tenant, draft, fact)
            .unwrap_or_else(|error| unreachable!("a fact that was taken is refused: {error}"));
        draft
    })
}

fn take(tenant: &Tenant, mut draft: Draft, fact: &LoggedFact) -> Result<(Draft, Taken), FactError> {
    if fact.at <= draft.now {
        return run::tell(tenant, draft, fact);
    }
    let coming = &mut draft.dossier.coming;
    let at = coming.partition_point(|other| (other.at, other.id) <= (fact.at, fact.id));
    coming.insert(at, fact.clone());
    draft.journal.facts.push(fact.clone());
    Ok((draft, Taken::New))
}

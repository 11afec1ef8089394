//! What of a manifest fixtures reach.

use std::collections::BTreeSet;

use regua_domain::contract::{ActionKind, Answer, Decision, Manifest, Next};

/// The outcomes and kinds of actions that answers have come by.
#[derive(Debug, Default)]
pub(super) struct Coverage {
    outcomes: BTreeSet<String>,
    actions: BTreeSet<ActionKind>,
}

/// What is declared, and what of it no fixture reaches.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Covered {
    pub declared: usize,
    pub missing: Vec<String>,
}

impl Coverage {
    /// Counts an answer.
    pub(super) fn add(&mut self, answer: &Answer) {
        let Answer::Decision(Decision {
            proposals, next, ..
        }) = answer
        else {
            return;
        };
        if let Next::Leave(outcome) = next {
            self.outcomes.insert(outcome.clone());
        }
        let kinds = proposals.iter().map(|proposal| proposal.action.kind());
        self.actions.extend(kinds);
    }

    /// Of the declared outcomes.
    pub(super) fn of_outcomes(&self, manifest: &Manifest) -> Covered {
        let declared = manifest.outcomes.iter();
        let missing = declared.filter(|outcome| !self.outcomes.contains(*outcome));
        Covered {
            declared: manifest.outcomes.len(),
            missing: missing.cloned().collect(),
        }
    }

    /// Of the declared kinds of actions.
    pub(super) fn of_actions(&self, manifest: &Manifest) -> Covered {
        let declared = manifest.proposes.iter();
        let missing = declared.filter(|kind| !self.actions.contains(kind));
        Covered {
            declared: manifest.proposes.len(),
            missing: missing.map(|kind| kind.name().to_owned()).collect(),
        }
    }
}

impl Covered {
    /// How many are reached.
    pub(super) fn reached(&self) -> usize {
        self.declared - self.missing.len()
    }
}

/// A figure that so many percent of the values do not exceed (nearest rank); 0 of none.
pub(super) fn percentile(sorted: &[u64], percent: usize) -> u64 {
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_values_that_came() {
        let values: Vec<u64> = (1..=10).collect();
        let found = [50, 99, 100].map(|percent| percentile(&values, percent));
        assert_eq!(found, [5, 10, 10]);
        assert_eq!(percentile(&[7], 50), 7);
        assert_eq!(percentile(&[], 50), 0);
    }

    #[test]
    fn what_no_answer_came_by_is_missing() {
        let manifest = Manifest {
            name: "a".to_owned(),
            version: "1.0.0".to_owned(),
            summary: String::new(),
            config_schema: "{}".to_owned(),
            outcomes: vec!["sent".to_owned(), "unreachable".to_owned()],
            proposes: vec![ActionKind::SendMessage],
            listens: Vec::new(),
            memory_version: 0,
        };
        let mut coverage = Coverage::default();
        coverage.add(&Answer::Inconclusive);
        coverage.add(&Answer::Decision(Decision {
            proposals: Vec::new(),
            next: Next::Leave("sent".to_owned()),
            memory: None,
            reasons: Vec::new(),
        }));
        let outcomes = coverage.of_outcomes(&manifest);
        assert_eq!(
            (outcomes.reached(), outcomes.missing),
            (1, vec!["unreachable".to_owned()])
        );
        let actions = coverage.of_actions(&manifest);
        assert_eq!(actions.missing, ["send-message"]);
    }
}

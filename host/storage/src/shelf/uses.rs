//! What keeps a version on the shelf: the same of every store.

use regua_domain::case::WorkflowRef;

use crate::StoreError;

/// Workflow versions that are named at most.
const NAMED_MAX: usize = 20;

/// What needs a version of a workflow.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Uses {
    /// New cases get it.
    pub is_active: bool,
    /// It was active: there may be a way back to it, and decisions name what it locks.
    pub was_active: bool,
    /// It is on trial or was, or its cases go elsewhere.
    pub is_in_rollout: bool,
    /// Open cases that are pinned to it.
    pub open_cases: u64,
    /// Ended cases that are pinned to it: their decisions name what it locks.
    pub ended_cases: u64,
}

impl Uses {
    /// Refuses to remove a version that is needed, with all that needs it.
    pub fn allow_removal(&self, name: &str, version: u32) -> Result<(), StoreError> {
        let cases = |count: u64, state: &str| {
            (count > 0).then(|| format!("{state} cases are pinned to it: {count}"))
        };
        let by: Vec<_> = [
            self.is_active.then(|| "new cases get it".to_owned()),
            self.was_active.then(|| "it was active".to_owned()),
            self.is_in_rollout
                .then(|| "it is on trial, or was".to_owned()),
            cases(self.open_cases, "open"),
            cases(self.ended_cases, "ended"),
        ]
        .into_iter()
        .flatten()
        .collect();
        if by.is_empty() {
            return Ok(());
        }
        Err(StoreError::InUse {
            what: "workflow",
            name: format!("{name}@{version}"),
            by,
        })
    }
}

/// Refuses to remove a plugin version that workflow versions lock, with their names.
pub fn locked(label: String, by: &[WorkflowRef]) -> Result<(), StoreError> {
    if by.is_empty() {
        return Ok(());
    }
    let named = by.iter().take(NAMED_MAX);
    let mut told: Vec<_> = named
        .map(|workflow| format!("{}@{} locks it", workflow.name, workflow.version))
        .collect();
    if let Some(more) = by.len().checked_sub(NAMED_MAX).filter(|more| *more > 0) {
        told.push(format!("and {more} more"));
    }
    Err(StoreError::InUse {
        what: "plugin",
        name: label,
        by: told,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_needs_a_version_is_told_with_how_much() {
        let uses = Uses {
            was_active: true,
            open_cases: 3,
            ended_cases: 12,
            ..Uses::default()
        };
        assert_eq!(
            uses.allow_removal("standard", 2).unwrap_err().to_string(),
            "workflow `standard@2` is in use: it was active, open \
             cases are pinned to it: 3, ended cases are pinned to it: 12"
        );
        assert!(Uses::default().allow_removal("standard", 2).is_ok());
    }

    #[test]
    fn of_many_that_lock_a_plugin_the_first_are_named() {
        let by: Vec<_> = (1..=23)
            .map(|version| WorkflowRef {
                name: "standard".to_owned(),
                version,
            })
            .collect();
        let told = locked("a@1.0.0".to_owned(), &by).unwrap_err().to_string();
        assert!(told.starts_with("plugin `a@1.0.0` is in use: standard@1 locks it, "));
        assert!(told.ends_with("standard@20 locks it, and 3 more"), "{told}");
    }
}

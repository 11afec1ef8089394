//! What keeps a version on the shelf: the same of every store.

use regua_domain::case::WorkflowRef;

use crate::StoreError;

/// Workflow versions that are named at most.
const NAMED_MAX: usize = 20;

/// A version of a workflow among the others of its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placed {
    /// Which.
    pub version: u32,
    /// Whether new cases get it.
    pub active: bool,
    /// Which activation of the workflow its last one was, from 1; none: it never was active.
    pub activated: Option<u64>,
}

/// What needs a version of a workflow.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Uses {
    /// New cases get it.
    pub is_active: bool,
    /// It was active before the one that is: there is a way back to it.
    pub is_former: bool,
    /// Open cases that are pinned to it.
    pub open_cases: u64,
    /// Ended cases that are pinned to it: their decisions name what it locks.
    pub ended_cases: u64,
}

impl Uses {
    /// How a version stands among all of its workflow that there are; none: it is not one of
    /// them. Cases are not counted here.
    pub fn among(version: u32, all: &[Placed]) -> Option<Self> {
        let own = all.iter().find(|placed| placed.version == version)?;
        let others = all.iter().filter(|placed| !placed.active);
        let former = others.filter_map(|placed| placed.activated).max();
        let has_active = all.iter().any(|placed| placed.active);
        Some(Self {
            is_active: own.active,
            is_former: has_active
                && !own.active
                && own.activated.is_some()
                && own.activated == former,
            ..Self::default()
        })
    }

    /// Refuses to remove a version that is needed, with all that needs it.
    pub fn allow_removal(&self, name: &str, version: u32) -> Result<(), StoreError> {
        let cases = |count: u64, state: &str| {
            (count > 0).then(|| format!("{state} cases are pinned to it: {count}"))
        };
        let by: Vec<_> = [
            self.is_active.then(|| "new cases get it".to_owned()),
            self.is_former
                .then(|| "it was active before the version that is".to_owned()),
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

    fn placed(version: u32, active: bool, activated: Option<u64>) -> Placed {
        Placed {
            version,
            active,
            activated,
        }
    }

    #[test]
    fn the_active_version_and_the_one_before_it_are_needed() {
        let all = [
            placed(1, false, Some(1)),
            placed(2, false, Some(2)),
            placed(3, true, Some(3)),
            placed(4, false, None),
        ];
        let found = [1, 2, 3, 4].map(|version| {
            let uses = Uses::among(version, &all).unwrap();
            (uses.is_active, uses.is_former)
        });
        let free = (false, false);
        assert_eq!(found, [free, (false, true), (true, false), free]);
        assert_eq!(Uses::among(5, &all), None);
    }

    #[test]
    fn before_anything_is_active_there_is_no_way_back() {
        let all = [placed(1, false, None), placed(2, false, None)];
        assert_eq!(Uses::among(1, &all), Some(Uses::default()));
    }

    #[test]
    fn all_that_needs_a_version_is_told_with_how_much() {
        let uses = Uses {
            is_former: true,
            open_cases: 3,
            ended_cases: 12,
            ..Uses::default()
        };
        assert_eq!(
            uses.allow_removal("standard", 2).unwrap_err().to_string(),
            "workflow `standard@2` is in use: it was active before the version that is, open \
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

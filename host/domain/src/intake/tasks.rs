//! What people do with tasks.

use crate::dossier::Draft;
use crate::effect::{Task, TaskState};
use crate::fact::FactError;
use crate::host;
use crate::id::TaskId;
use crate::timeline::Happening;

use super::people::refuse_naming_debtor;
use super::{Taken, line};

fn task_mut(draft: &mut Draft, id: TaskId) -> Result<&mut Task, FactError> {
    draft
        .dossier
        .tasks
        .iter_mut()
        .find(|task| task.id == id)
        .ok_or(FactError::UnknownTask(id))
}

/// The task, where it is still to be done.
fn open_mut(draft: &mut Draft, id: TaskId) -> Result<&mut Task, FactError> {
    let task = task_mut(draft, id)?;
    match task.state {
        TaskState::Open | TaskState::Approved { .. } => Ok(task),
        TaskState::Completed { .. } | TaskState::Dropped => Err(FactError::UnknownTask(id)),
    }
}

/// Refuses what somebody does with a task that another has claimed.
fn refuse_others(task: &Task, by: Option<&str>) -> Result<(), FactError> {
    match (&task.claimed_by, by) {
        (Some(known), Some(by)) if known != by => Err(FactError::TaskClaimed {
            task: task.id,
            by: known.clone(),
        }),
        _ => Ok(()),
    }
}

pub(super) fn claimed(draft: &mut Draft, id: TaskId, by: &str) -> Result<Taken, FactError> {
    line("by", by, 64)?;
    let task = open_mut(draft, id)?;
    refuse_others(task, Some(by))?;
    if task.claimed_by.is_some() {
        return Ok(Taken::Known);
    }
    task.claimed_by = Some(by.to_owned());
    let (case, title) = (task.case, task.title.clone());
    let by = by.to_owned();
    let task = Some(id);
    draft.tell(Some(case), Happening::TaskClaimed { title, by, task });
    Ok(Taken::New)
}

pub(super) fn released(
    draft: &mut Draft,
    id: TaskId,
    by: Option<&str>,
) -> Result<Taken, FactError> {
    let task = open_mut(draft, id)?;
    refuse_others(task, by)?;
    let Some(by) = task.claimed_by.take() else {
        return Ok(Taken::Known);
    };
    let (case, title) = (task.case, task.title.clone());
    let task = Some(id);
    draft.tell(Some(case), Happening::TaskReleased { title, by, task });
    Ok(Taken::New)
}

pub(super) fn approved(
    draft: &mut Draft,
    id: TaskId,
    by: Option<&str>,
) -> Result<Taken, FactError> {
    let now = draft.now;
    let task = task_mut(draft, id)?;
    if task.draft.is_none() {
        return Err(FactError::invalid("task", "has no draft"));
    }
    refuse_others(task, by)?;
    match task.state {
        TaskState::Open => {
            task.state = TaskState::Approved { not_before: now };
            Ok(Taken::New)
        }
        TaskState::Approved { .. } => Ok(Taken::Known),
        TaskState::Completed { .. } | TaskState::Dropped => Err(FactError::UnknownTask(id)),
    }
}

pub(super) fn completed(
    draft: &mut Draft,
    id: TaskId,
    outcome: &str,
    by: Option<&str>,
) -> Result<Taken, FactError> {
    line("outcome", outcome, 64)?;
    refuse_naming_debtor(draft, "outcome", outcome)?;
    let now = draft.now;
    let task = task_mut(draft, id)?;
    match &task.state {
        TaskState::Open | TaskState::Approved { .. } => {}
        TaskState::Completed { outcome: known, .. } if known == outcome => return Ok(Taken::Known),
        TaskState::Completed { .. } | TaskState::Dropped => return Err(FactError::UnknownTask(id)),
    }
    refuse_others(task, by)?;
    task.state = TaskState::Completed {
        outcome: outcome.to_owned(),
        at: now,
    };
    let task = task.clone();
    host::finish(draft, &task, outcome);
    Ok(Taken::New)
}

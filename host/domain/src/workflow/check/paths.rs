//! The ladder as a whole: stages nothing leads to, paths without an end, loops without a
//! wait, failures that go round, days that shadow one another.

use std::collections::{BTreeSet, VecDeque};

use super::Faults;
use super::closest::closest;
use super::draft::{Draft, DraftStage, Goal};
use super::problem::list;

pub(super) fn check(draft: &Draft<'_>, faults: &mut Faults) {
    let ladder = Ladder::of(draft);
    ladder.check_reached(draft, faults);
    ladder.check_ends(faults);
    ladder.check_loops(faults);
    ladder.check_failures(faults);
    check_days(draft, faults);
}

/// The stages with ids of their own, and what leads where.
struct Ladder<'a> {
    stages: Vec<&'a DraftStage<'a>>,
    ids: Vec<&'a str>,
    /// By outcomes. A target that was misspelt counts as what was meant.
    on: Vec<Vec<usize>>,
    failure: Vec<Option<usize>>,
    /// Whether an outcome leads to an end, or to something that cannot be told.
    ends: Vec<bool>,
}

impl<'a> Ladder<'a> {
    fn of(draft: &'a Draft<'a>) -> Self {
        let (mut stages, mut ids): (Vec<&DraftStage<'_>>, Vec<&str>) = (Vec::new(), Vec::new());
        for stage in &draft.stages {
            if let Some(id) = stage.id.filter(|id| !ids.contains(id)) {
                stages.push(stage);
                ids.push(id);
            }
        }
        let place = |id: &str| meant(&ids, id);
        // Nobody who misspells a stage means the one that leads there.
        let place_from = |stage: &DraftStage<'a>, id: &str| {
            place(id).filter(|to| ids[*to] == id || stage.id != Some(ids[*to]))
        };
        let goals = |stage: &DraftStage<'a>| {
            let stages = stage.on.iter().filter_map(|(_, goal)| match goal {
                Some(Goal::Stage(id)) => place_from(stage, id),
                _ => None,
            });
            stages.collect::<Vec<_>>()
        };
        // What cannot be read is reported where it stands; here it stands for an end.
        let ends = |stage: &DraftStage<'a>| {
            stage.on.is_empty()
                || stage.on.iter().any(|(_, goal)| match goal {
                    Some(Goal::Stage(id)) => place_from(stage, id).is_none(),
                    Some(Goal::End) | None => true,
                })
        };
        Self {
            on: stages.iter().map(|stage| goals(stage)).collect(),
            failure: stages
                .iter()
                .map(|stage| stage.on_failure.and_then(place))
                .collect(),
            ends: stages.iter().map(|stage| ends(stage)).collect(),
            stages,
            ids,
        }
    }

    fn check_reached(&self, draft: &Draft<'_>, faults: &mut Faults) {
        let by_age = |place: &usize| {
            draft.enters_by_age() != Some(false) && self.stages[*place].days_overdue.is_some()
        };
        let paid = draft.text("paid").and_then(|paid| meant(&self.ids, paid));
        let starts = (0..self.ids.len())
            .filter(|place| *place == 0 || Some(*place) == paid || by_age(place));
        let reached = self.reach(starts.collect(), |from| self.all(from));
        for place in (0..self.ids.len()).filter(|place| !reached[*place]) {
            let text = format!("nothing leads to the stage `{}`", self.ids[place]);
            faults.add(&self.stages[place].pointer, text);
        }
    }

    /// A path has its end by outcomes: the host's own end, when everything is paid, and
    /// what happens on failure are not the workflow's path.
    fn check_ends(&self, faults: &mut Faults) {
        let stuck: Vec<bool> = (0..self.ids.len())
            .map(|from| {
                let reached = self.reach(vec![from], |at| self.on[at].clone());
                (0..self.ids.len()).all(|place| !reached[place] || !self.ends[place])
            })
            .collect();
        let mut told = vec![false; self.ids.len()];
        for place in (0..self.ids.len()).filter(|place| stuck[*place]) {
            // Tell of the innermost ring only: what leads into it has its end with it.
            let ring: Vec<_> = positions(&self.reach(vec![place], |at| self.on[at].clone()));
            let closed = ring
                .iter()
                .all(|other| self.reach(vec![*other], |at| self.on[at].clone())[place]);
            if closed && !told[place] {
                let names: Vec<_> = ring.iter().map(|place| self.ids[*place]).collect();
                for place in ring {
                    told[place] = true;
                }
                let text = format!(
                    "no end can be reached from {}: lead an outcome to one, such as {{ end: closed }}",
                    list(&names, "or")
                );
                faults.add(self.stages[place].at("on"), text);
            }
        }
    }

    /// A plugin may leave in the instant in which it is entered, so that only
    /// `after_previous` is a wait that the host can count on.
    fn check_loops(&self, faults: &mut Faults) {
        let waits = |place: usize| self.stages[place].waits;
        let hasty = |from: usize| {
            let next = self.all(from).into_iter();
            next.filter(|to| !waits(*to)).collect::<Vec<_>>()
        };
        let mut told = BTreeSet::new();
        for from in (0..self.ids.len()).filter(|place| !waits(*place)) {
            for to in self.on[from].iter().copied().filter(|to| !waits(*to)) {
                let Some(path) = self.path(to, from, hasty) else {
                    continue;
                };
                let mut members = path.clone();
                members.sort_unstable();
                if !told.insert(members) {
                    continue;
                }
                let first = path.iter().copied().min().unwrap_or(from);
                let turn = path
                    .iter()
                    .position(|place| *place == first)
                    .unwrap_or_default();
                let round = path[turn..].iter().chain(&path[..turn]).chain([&first]);
                let names: Vec<_> = round
                    .map(|place| format!("`{}`", self.ids[*place]))
                    .collect();
                let text = format!(
                    "a loop without a wait: {}: give one of these stages an `after_previous`",
                    names.join(" → ")
                );
                faults.add(&self.stages[first].pointer, text);
            }
        }
    }

    fn check_failures(&self, faults: &mut Faults) {
        let mut told = vec![false; self.ids.len()];
        for start in 0..self.ids.len() {
            let mut chain = vec![start];
            while let Some(next) = chain.last().and_then(|last| self.failure[*last]) {
                if let Some(back) = chain.iter().position(|place| *place == next) {
                    let ring = &chain[back..];
                    if next == start && !ring.iter().any(|place| told[*place]) {
                        let names: Vec<_> = ring
                            .iter()
                            .chain([&start])
                            .map(|p| format!("`{}`", self.ids[*p]))
                            .collect();
                        let text = format!(
                            "failures go round: {}: one of them has to end in a hold with a task",
                            names.join(" → ")
                        );
                        faults.add(self.stages[start].at("on_failure"), text);
                        for place in ring {
                            told[*place] = true;
                        }
                    }
                    break;
                }
                chain.push(next);
            }
        }
    }

    fn all(&self, from: usize) -> Vec<usize> {
        self.on[from]
            .iter()
            .copied()
            .chain(self.failure[from])
            .collect()
    }

    fn reach(&self, mut todo: Vec<usize>, next: impl Fn(usize) -> Vec<usize>) -> Vec<bool> {
        let mut reached = vec![false; self.ids.len()];
        while let Some(place) = todo.pop() {
            if !std::mem::replace(&mut reached[place], true) {
                todo.extend(next(place));
            }
        }
        reached
    }

    /// The shortest way, both ends included.
    fn path(
        &self,
        from: usize,
        to: usize,
        next: impl Fn(usize) -> Vec<usize>,
    ) -> Option<Vec<usize>> {
        let mut came: Vec<Option<usize>> = vec![None; self.ids.len()];
        let mut todo = VecDeque::from([from]);
        while let Some(place) = todo.pop_front() {
            if place == to {
                let mut path: Vec<_> =
                    std::iter::successors(Some(to), |at| came[*at].filter(|_| *at != from))
                        .collect();
                path.reverse();
                return Some(path);
            }
            for other in next(place) {
                if other != from && came[other].is_none() {
                    came[other] = Some(place);
                    todo.push_back(other);
                }
            }
        }
        None
    }
}

/// Where a stage is looked up by the debt's age, the last one whose day has come is taken:
/// a stage whose day is not before that of a later one would never be.
fn check_days(draft: &Draft<'_>, faults: &mut Faults) {
    if draft.enters_by_age() != Some(true) {
        return;
    }
    let mut before: Option<(i64, &DraftStage<'_>)> = None;
    for stage in &draft.stages {
        let Some(day) = stage.days_overdue else {
            continue;
        };
        if let Some((latest, earlier)) = before.filter(|(latest, _)| *latest >= day) {
            let name = earlier.id.unwrap_or(&earlier.pointer);
            let text = format!(
                "day {day} does not come after day {latest} of `{name}`: by age a case would never enter that stage"
            );
            faults.add(stage.at("at/days_overdue"), text);
        } else {
            before = Some((day, stage));
        }
    }
}

/// The place of the stage of that id, or of the one that was probably meant.
fn meant(ids: &[&str], id: &str) -> Option<usize> {
    let place = |id: &str| ids.iter().position(|other| *other == id);
    place(id).or_else(|| closest(id, ids.iter().copied()).and_then(place))
}

fn positions(set: &[bool]) -> Vec<usize> {
    set.iter()
        .enumerate()
        .filter(|(_, is_in)| **is_in)
        .map(|(place, _)| place)
        .collect()
}

//! A document read leniently: what cannot be read is missing, for the schema reports it.

use serde_json::Value;

use super::problem::join;
use crate::workflow::{CatchUp, LateEntry, Span};

/// A document of which any part may be missing.
pub(super) struct Draft<'a> {
    pub value: &'a Value,
    pub late_entry: Option<LateEntry>,
    pub catch_up: Option<CatchUp>,
    pub stages: Vec<DraftStage<'a>>,
}

/// A stage of which any part may be missing.
pub(super) struct DraftStage<'a> {
    /// To the stage, in the document.
    pub pointer: String,
    pub value: &'a Value,
    pub id: Option<&'a str>,
    pub plugin: Option<&'a str>,
    pub days_overdue: Option<i64>,
    /// Whether it waits after the stage before it; in doubt it does.
    pub waits: bool,
    /// Outcomes; `None` where what one leads to cannot be read.
    pub on: Vec<(&'a str, Option<Goal<'a>>)>,
    /// The stage that a failure leads to.
    pub on_failure: Option<&'a str>,
}

/// Where an outcome leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Goal<'a> {
    Stage(&'a str),
    End,
}

impl<'a> Draft<'a> {
    pub fn of(value: &'a Value) -> Self {
        let choice = |name: &str| value.get(name).cloned();
        let stages = value
            .get("stages")
            .and_then(Value::as_array)
            .map_or(&[][..], Vec::as_slice);
        Self {
            value,
            late_entry: choice("late_entry").and_then(|value| serde_json::from_value(value).ok()),
            catch_up: choice("catch_up").map_or(Some(CatchUp::default()), |value| {
                serde_json::from_value(value).ok()
            }),
            stages: stages
                .iter()
                .enumerate()
                .map(|(place, stage)| DraftStage::of(place, stage))
                .collect(),
        }
    }

    /// A text member of the document.
    pub fn text(&self, name: &str) -> Option<&'a str> {
        self.value.get(name).and_then(Value::as_str)
    }

    /// The ids of all stages.
    pub fn ids(&self) -> impl Iterator<Item = &'a str> {
        self.stages.iter().filter_map(|stage| stage.id)
    }

    /// Whether a stage may be entered because of the debt's age alone; `None` where that
    /// cannot be told.
    pub fn enters_by_age(&self) -> Option<bool> {
        match (self.late_entry, self.catch_up) {
            (Some(LateEntry::ByAge), _) | (_, Some(CatchUp::Collapse)) => Some(true),
            (Some(_), Some(_)) => Some(false),
            _ => None,
        }
    }
}

impl<'a> DraftStage<'a> {
    fn of(place: usize, value: &'a Value) -> Self {
        let text = |pointer: &str| value.pointer(pointer).and_then(Value::as_str);
        let on = value
            .get("on")
            .and_then(Value::as_object)
            .into_iter()
            .flatten();
        Self {
            pointer: format!("/stages/{place}"),
            value,
            id: text("/id"),
            plugin: text("/plugin"),
            days_overdue: value.pointer("/at/days_overdue").and_then(Value::as_i64),
            waits: text("/at/after_previous")
                .is_some_and(|text| text.parse().map_or(true, |span: Span| span.days > 0)),
            on: on
                .map(|(outcome, goal)| (outcome.as_str(), Goal::of(goal)))
                .collect(),
            on_failure: text("/on_failure/stage"),
        }
    }

    /// A pointer below the stage.
    pub fn at(&self, path: &str) -> String {
        format!("{}/{path}", self.pointer)
    }

    /// The pointer to an outcome.
    pub fn outcome(&self, outcome: &str) -> String {
        join(&self.at("on"), outcome)
    }
}

impl<'a> Goal<'a> {
    fn of(value: &'a Value) -> Option<Self> {
        match value {
            Value::String(id) => Some(Self::Stage(id)),
            Value::Object(members) if members.contains_key("end") => Some(Self::End),
            _ => None,
        }
    }
}

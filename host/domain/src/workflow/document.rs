//! The document a tenant's author writes, in YAML or JSON.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::calendar::Roll;

/// A workflow as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// 1 to 64 characters of a-z, 0-9 and -.
    pub name: String,
    /// When debtors may be written to: a cron expression of six fields in the customer's
    /// zone; an instant is inside if the expression includes its minute.
    pub send_window: String,
    /// The holiday calendar: BR, DE, GB, US, or `weekends`.
    pub calendar: String,
    /// How a day that is no business day rolls.
    #[serde(default = "following")]
    #[schemars(with = "RollName")]
    pub roll: Roll,
    /// Per currency, in major units: balances up to this are not chased.
    #[serde(default)]
    pub tolerance: BTreeMap<String, String>,
    /// Where a case starts that is found late: a choice that has to be made.
    pub late_entry: LateEntry,
    /// What becomes of a timer that fires a day late or more.
    #[serde(default)]
    pub catch_up: CatchUp,
    /// What becomes of a case when its oldest item is paid.
    #[serde(default)]
    pub on_reanchor: OnReanchor,
    /// The stage that `paid` leads to; without it the case ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paid: Option<String>,
    /// After so long without anything any stage is asked again.
    #[serde(default = "thirty_days")]
    pub max_silence: Span,
    /// The ladder; a new case starts at the first.
    pub stages: Vec<StageDocument>,
}

/// One rung as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StageDocument {
    /// Unique in the document: 1 to 64 characters of a-z, 0-9 and -.
    pub id: String,
    /// `name@version`, where the version may be a prefix: `escalation@1`.
    pub plugin: String,
    /// The earliest day; everything given must hold.
    #[serde(default)]
    pub at: Earliest,
    /// The plugin's own settings, by its schema.
    #[serde(default = "no_config")]
    pub config: serde_json::Value,
    /// Where each outcome leads: a stage's id, or an end.
    pub on: BTreeMap<String, Target>,
    /// Where a refusal or a failure of the plugin leads.
    pub on_failure: OnFailure,
}

/// The earliest day of a stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Earliest {
    /// Days since the anchor; negative: before the earliest coming due date, while nothing
    /// is overdue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days_overdue: Option<i32>,
    /// Since the last stage was left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after_previous: Option<Span>,
}

/// Where an outcome leads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Target {
    /// To a stage.
    Stage(String),
    /// To an end.
    End {
        /// Which.
        end: DeclaredEnd,
    },
}

/// The ends a workflow may declare; `resolved` is the host's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DeclaredEnd {
    /// The agency gave it back.
    Returned,
    /// Given up.
    WrittenOff,
    /// Nothing further is done by itself.
    Closed,
}

/// Where a refusal or a failure leads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum OnFailure {
    /// Rest, and let a person look.
    Hold(HoldWithTask),
    /// To another stage.
    Stage {
        /// Its id.
        stage: String,
    },
}

/// A hold with a task for a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HoldWithTask {
    /// How long.
    pub hold: Span,
    /// The task's title.
    pub task: String,
    /// Whose; by default the team `collections`.
    #[serde(default = "collections")]
    pub team: String,
}

/// Where a case starts that is found late (import, restart), or goes on that waited for a
/// rung while its account was held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LateEntry {
    /// At the bottom of the ladder; after a hold at the rung it waited for.
    First,
    /// At the last stage whose day has come.
    ByAge,
}

/// What becomes of a timer that fires a day late or more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CatchUp {
    /// The stage is asked now; later ones follow under `after_previous`.
    Run,
    /// Only the last stage whose day has passed is asked; the others go on the timeline.
    #[default]
    Collapse,
    /// The stage is left by the host's outcome `skipped`, which must be mapped.
    Skip,
}

/// What becomes of a case whose anchor moves later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OnReanchor {
    /// Back to the last visited stage whose `at` still holds.
    #[default]
    Rewind,
    /// It stays where it is.
    Stay,
}

/// A count of days, written `5d`, or of business days, written `5bd`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// How many.
    pub days: u16,
    /// Whether only business days count.
    pub business: bool,
}

impl Span {
    /// Calendar days.
    pub const fn days(days: u16) -> Self {
        Self {
            days,
            business: false,
        }
    }
}

/// A text that is no span.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a span of days: write 5d, or 5bd for business days")]
pub struct ParseSpanError(String);

impl FromStr for Span {
    type Err = ParseSpanError;
    fn from_str(text: &str) -> Result<Self, ParseSpanError> {
        let (digits, business) = match text.strip_suffix("bd") {
            Some(digits) => (digits, true),
            None => (text.strip_suffix('d').unwrap_or_default(), false),
        };
        match digits.parse() {
            Ok(days) if days <= 3_650 => Ok(Self { days, business }),
            _ => Err(ParseSpanError(text.to_owned())),
        }
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.days, if self.business { "bd" } else { "d" })
    }
}

impl Serialize for Span {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl JsonSchema for Span {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Span".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "pattern": "^[0-9]{1,4}b?d$",
            "description": "A count of days, `5d`, or of business days, `5bd`."
        })
    }
}

/// The names of [`Roll`], for the document's schema.
#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[allow(dead_code)]
enum RollName {
    None,
    Following,
    ModifiedFollowing,
    Preceding,
}

const fn following() -> Roll {
    Roll::Following
}

const fn thirty_days() -> Span {
    Span::days(30)
}

fn no_config() -> serde_json::Value {
    serde_json::Value::Object(serde_json::Map::new())
}

fn collections() -> String {
    crate::effect::COLLECTIONS.to_owned()
}

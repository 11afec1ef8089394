//! Canary: a version that a share of customers gets, until it is activated or fails too often.

use serde::{Deserialize, Serialize};

use super::{Rollout, Running, StageMap, Succession, inverse, is_in};
use crate::time::Timestamp;

/// When a canary is taken back by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// More failures than so many in a hundred calls.
    pub failures_percent: u8,
    /// More refusals than so many in a hundred calls.
    pub refusals_percent: u8,
    /// Not before so many calls were made.
    pub calls_min: u32,
}

impl Limits {
    /// What the product ships with.
    pub const fn shipped() -> Self {
        Self {
            failures_percent: 2,
            refusals_percent: 5,
            calls_min: 50,
        }
    }
}

/// A version on trial.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Canary {
    /// Which.
    pub version: u32,
    /// Customers of a hundred that get it, by their bucket: 1 to 99.
    pub percent: u8,
    /// What becomes of cases of theirs that run: kept, or migrated.
    pub running: Running,
    /// Stages that are called otherwise there.
    #[serde(default, skip_serializing_if = "StageMap::is_empty")]
    pub stages: StageMap,
    /// When it is taken back.
    pub limits: Limits,
    /// Since when; tells this canary from others of the version.
    pub since: Timestamp,
    /// By which key it was begun.
    pub by: String,
}

/// What became of a canary's calls.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trial {
    /// Calls that ended.
    pub calls: u64,
    /// Of these, refusals.
    pub refusals: u64,
    /// Of these, failures.
    pub failures: u64,
}

impl Trial {
    /// Adds what was counted elsewhere.
    pub const fn add(&mut self, other: Self) {
        self.calls += other.calls;
        self.refusals += other.refusals;
        self.failures += other.failures;
    }

    /// Which limit it exceeds, in words; none where it exceeds none.
    pub fn exceeds(&self, limits: &Limits) -> Option<String> {
        if self.calls < u64::from(limits.calls_min) {
            return None;
        }
        let over = |count: u64, percent: u8| count * 100 > self.calls * u64::from(percent);
        let (what, count, percent) = if over(self.failures, limits.failures_percent) {
            ("failures", self.failures, limits.failures_percent)
        } else if over(self.refusals, limits.refusals_percent) {
            ("refusals", self.refusals, limits.refusals_percent)
        } else {
            return None;
        };
        let calls = self.calls;
        Some(format!(
            "{count} {what} in {calls} calls: more than {percent} in a hundred"
        ))
    }
}

/// How a canary ended that was not activated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndedCanary {
    /// What was tried.
    pub canary: Canary,
    /// When it ended.
    pub at: Timestamp,
    /// By whose key; none: by itself.
    pub by: Option<String>,
    /// Why.
    pub because: String,
    /// What became of its calls.
    pub trial: Trial,
}

impl Rollout {
    /// The version that new cases of customers in a bucket get instead of the active one.
    pub fn on_trial(&self, bucket: impl Fn() -> u16) -> Option<u32> {
        let canary = self.canary.as_ref()?;
        is_in(canary.percent, bucket()).then_some(canary.version)
    }

    /// Begins a canary beside the active version. The cases of another before it, which has to be
    /// taken back first ([`Rollout::take_back`]), are on their way to the active version; where
    /// it was of the same version, those of customers who are in the share again stay.
    pub fn begin(&mut self, canary: Canary, active: u32) {
        self.successions.retain(|known| known.percent.is_none());
        for known in &mut self.successions {
            if known.from == canary.version {
                known.beyond = Some(canary.percent);
            }
        }
        if canary.running != Running::Keep {
            self.successions.retain(|known| known.from != active);
            self.send(Succession {
                from: active,
                to: canary.version,
                running: canary.running,
                stages: canary.stages.clone(),
                percent: Some(canary.percent),
                beyond: None,
            });
        }
        self.tried.insert(canary.version);
        self.canary = Some(canary);
    }

    /// Takes a canary back: its cases go on under the active version. Answers whether there
    /// was one.
    pub fn take_back(
        &mut self,
        active: u32,
        at: Timestamp,
        by: Option<String>,
        because: String,
        trial: Trial,
    ) -> bool {
        let Some(canary) = self.canary.take() else {
            return false;
        };
        let is_other = |known: &Succession| known.from != canary.version && known.percent.is_none();
        self.successions.retain(is_other);
        self.send(Succession {
            from: canary.version,
            to: active,
            running: Running::Migrate,
            stages: inverse(&canary.stages),
            percent: None,
            beyond: None,
        });
        self.ended_canary = Some(EndedCanary {
            canary,
            at,
            by,
            because,
            trial,
        });
        true
    }
}

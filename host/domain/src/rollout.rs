//! Rollout: how a version of a workflow takes another's place among cases that are open.
//!
//! An activation says what becomes of running cases. It is one small write: which version
//! succeeds which ([`Succession`]). Each case is moved by the plan, before anything else is
//! done for it, whenever it is next looked at: so an activation is wholly before or wholly
//! after, however many cases there are, and none is ever asked under a version that another
//! succeeded.

mod canary;
mod destination;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

pub use canary::{Canary, EndedCanary, Limits, Trial};
pub use destination::{Destination, How};

/// Activations of a workflow that are remembered.
const ACTIVATIONS_MAX: usize = 100;

/// What becomes of cases that run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Running {
    /// Each stays with the version that it began with.
    Keep,
    /// Each goes on where it stands, under the new version.
    Migrate,
    /// Each begins anew under the new version, where its debt's age puts it.
    Restart,
}

impl Running {
    /// Its kebab-case name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Migrate => "migrate",
            Self::Restart => "restart",
        }
    }
}

/// Stages that are called otherwise in another version: by the old name, the new.
pub type StageMap = BTreeMap<String, String>;

/// The way back of a map: of several stages that became one, the first in their order.
pub fn inverse(stages: &StageMap) -> StageMap {
    let mut back = StageMap::new();
    for (from, to) in stages {
        back.entry(to.clone()).or_insert_with(|| from.clone());
    }
    back
}

/// Where the cases of a version go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Succession {
    /// The version that they are pinned to.
    pub from: u32,
    /// The version that succeeds it.
    pub to: u32,
    /// How; never [`Running::Keep`].
    pub running: Running,
    /// Stages that are called otherwise there.
    #[serde(default, skip_serializing_if = "StageMap::is_empty")]
    pub stages: StageMap,
    /// Of a canary: of so many customers in a hundred alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percent: Option<u8>,
    /// Not of so many customers in a hundred: they are a canary's, and stay with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beyond: Option<u8>,
}

impl Succession {
    /// Whether it is about customers in a bucket.
    fn is_about(&self, bucket: impl Fn() -> u16) -> bool {
        self.percent.is_none_or(|percent| is_in(percent, bucket()))
            && self.beyond.is_none_or(|percent| !is_in(percent, bucket()))
    }
}

/// That a version became the one that new cases get.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activation {
    /// Which.
    pub version: u32,
    /// The one that was active until then, if any was.
    pub former: Option<u32>,
    /// When.
    pub at: Timestamp,
    /// By which key.
    pub by: String,
    /// What became of running cases.
    pub running: Running,
    /// Stages that are called otherwise than in versions before.
    #[serde(default, skip_serializing_if = "StageMap::is_empty")]
    pub stages: StageMap,
    /// Cases that had no place in it, and stayed where they were.
    #[serde(default)]
    pub stranded: u64,
}

/// A version that is tried beside the active one, with no effect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shadow {
    /// Which.
    pub version: u32,
    /// Stages that are called otherwise there.
    #[serde(default, skip_serializing_if = "StageMap::is_empty")]
    pub stages: StageMap,
    /// Since when; tells this shadow from others of the version.
    pub since: Timestamp,
}

/// How the versions of one workflow stand to one another.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rollout {
    /// Where cases go; one of a version.
    #[serde(default)]
    pub successions: Vec<Succession>,
    /// The version that a share of customers gets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub canary: Option<Canary>,
    /// How the last canary ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_canary: Option<EndedCanary>,
    /// The version that is tried with no effect.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shadow: Option<Shadow>,
    /// The last first.
    #[serde(default)]
    pub activations: Vec<Activation>,
    /// Versions that ever were on trial: decisions name what they lock.
    #[serde(default)]
    pub tried: BTreeSet<u32>,
}

impl Rollout {
    /// Makes a version the active one; `versions` are all of the workflow's.
    pub fn activate(&mut self, activation: Activation, versions: impl Iterator<Item = u32>) {
        let to = activation.version;
        self.successions
            .retain(|known| known.from != to && known.percent.is_none());
        if activation.running != Running::Keep {
            let others = versions.filter(|version| *version != to);
            let succession = |from| Succession {
                from,
                to,
                running: activation.running,
                stages: activation.stages.clone(),
                percent: None,
                beyond: None,
            };
            self.successions = others.map(succession).collect();
        }
        // Whatever is activated, the trial is over: for it, or for another.
        self.canary = None;
        if self
            .shadow
            .as_ref()
            .is_some_and(|shadow| shadow.version == to)
        {
            self.shadow = None;
        }
        self.activations.insert(0, activation);
        self.activations.truncate(ACTIVATIONS_MAX);
    }

    /// The activation that made the version active which is so now, where there was one before.
    pub fn last(&self) -> Option<(&Activation, u32)> {
        let last = self.activations.first()?;
        Some((last, last.former?))
    }

    /// Whether a version is on trial or was, or is asked with no effect.
    pub fn names(&self, version: u32) -> bool {
        let shadow = self.shadow.as_ref();
        self.tried.contains(&version) || shadow.is_some_and(|shadow| shadow.version == version)
    }

    /// Where the cases of a version go, of customers in a bucket; never to the same version.
    pub fn succession(&self, version: u32, bucket: impl Fn() -> u16) -> Option<&Succession> {
        let mut known = self.successions.iter();
        let found = known.find(|succession| succession.from == version)?;
        (found.to != version && found.is_about(bucket)).then_some(found)
    }

    /// Sends the cases of a version to another; to the same one none has to go.
    fn send(&mut self, succession: Succession) {
        if succession.from != succession.to {
            self.successions.push(succession);
        }
    }
}

/// Whether a bucket (0 to 9999) is among the first so many of a hundred.
pub(crate) fn is_in(percent: u8, bucket: u16) -> bool {
    bucket < u16::from(percent) * 100
}

#[cfg(test)]
mod tests;

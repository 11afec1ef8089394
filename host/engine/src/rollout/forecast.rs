//! What a rollout would do: counted over the cases that are open, and asked of those that would
//! move, before anything is done.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use regua_domain::case::{Case, WorkflowRef};
use regua_domain::customer::bucket;
use regua_domain::dossier::Dossier;
use regua_domain::id::CaseId;
use regua_domain::rollout::{How, Rollout};
use regua_domain::run::Runner;
use regua_domain::tenant::Tenant;
use regua_domain::time::Timestamp;
use regua_storage::{CaseRow, CasesQuery, Wanted as Whom};

use super::{RolloutError, Wanted};
use crate::tell::load;
use crate::{Engine, EngineError, Open, places};

/// Cases looked at in one go.
const PAGE: u32 = 512;
/// Cases whose stages are asked at most, to say which effects would be due at once; and for how
/// long: a plugin may take its time.
const ASKED_MAX: u64 = 20_000;
const ASKED_FOR: Duration = Duration::from_secs(20);
/// Steps of one customer that are looked at: at one instant few are due.
const ASKED_STEPS: u32 = 64;

/// What becomes of the cases at one stage.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Place {
    /// They go on under the other version.
    pub moves: u64,
    /// They stay with the version that they have, as they are to, or until nothing hangs on
    /// the visit that they are on.
    pub stays: u64,
    /// Their stage has no place in the other version.
    pub strands: u64,
}

/// An effect that would be due at once.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Due {
    /// The stage that would propose it.
    pub stage: String,
    /// Its kind, `send-message` and the like.
    pub kind: &'static str,
}

/// What a rollout would do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Forecast {
    /// Open cases, by the version that they are pinned to and the stage that they are at.
    pub places: BTreeMap<(u32, String), Place>,
    /// How many effects would be due at once.
    pub effects: BTreeMap<Due, u64>,
    /// Of how many cases that move this was asked.
    pub asked: u64,
}

impl Forecast {
    /// How many cases would move.
    pub fn moves(&self) -> u64 {
        self.places.values().map(|place| place.moves).sum()
    }

    /// How many would be left behind.
    pub fn strands(&self) -> u64 {
        self.places.values().map(|place| place.strands).sum()
    }

    /// Where, in words.
    pub(super) fn stranded(&self) -> String {
        let places = self.places.iter().filter(|(_, place)| place.strands > 0);
        let places = places.map(|((version, stage), place)| {
            format!("{} at `{stage}` of version {version}", place.strands)
        });
        places.collect::<Vec<_>>().join(", ")
    }
}

/// The tenant as it would be.
pub(super) fn after(open: &Open, wanted: &Wanted, rollout: Rollout) -> Arc<Tenant> {
    let mut tenant = open.tenant.clone();
    tenant
        .active
        .insert(wanted.workflow.clone(), wanted.version);
    tenant.rollouts.insert(wanted.workflow.clone(), rollout);
    Arc::new(tenant)
}

impl Engine {
    /// Counts what becomes of a workflow's open cases; where an instant is given, stages are
    /// asked what they would do at it.
    pub(super) async fn count(
        &self,
        open: &Arc<Open>,
        after: Arc<Tenant>,
        workflow: &str,
        ask_at: Option<Timestamp>,
    ) -> Result<Forecast, RolloutError> {
        let mut forecast = Forecast::default();
        let began = Instant::now();
        let dry = match ask_at {
            None => None,
            Some(now) => {
                let place = self.forecasts.take(open.row.id).ok_or(RolloutError::Busy)?;
                Some(Dry {
                    now,
                    until: began + ASKED_FOR,
                    _place: Arc::new(place),
                })
            }
        };
        let mut query = CasesQuery {
            open: true,
            limit: PAGE,
            ..CasesQuery::default()
        };
        loop {
            let page = open.store.cases(&query).await?;
            let is_last = page.len() < PAGE as usize;
            query.after = page.last().map(|row| row.case.id);
            let mut moving = Vec::new();
            for row in page {
                if row.case.workflow.name != workflow {
                    continue;
                }
                let place = (row.case.workflow.version, row.case.stage().to_owned());
                let place = forecast.places.entry(place).or_default();
                match fate(&after, &row) {
                    None => place.stays += 1,
                    Some(How::Strands) => place.strands += 1,
                    Some(How::Migrates(_) | How::Restarts) => {
                        place.moves += 1;
                        moving.push(row);
                    }
                }
            }
            if let Some(dry) = &dry
                && forecast.asked < ASKED_MAX
                && Instant::now() < dry.until
            {
                self.ask(open, &after, dry, moving, &mut forecast).await?;
            }
            if is_last {
                return Ok(forecast);
            }
        }
    }

    /// Runs the customers of cases that would move, and writes nothing.
    async fn ask(
        &self,
        open: &Arc<Open>,
        after: &Arc<Tenant>,
        dry: &Dry,
        mut moving: Vec<CaseRow>,
        forecast: &mut Forecast,
    ) -> Result<(), EngineError> {
        moving.sort_by_key(|row| row.customer);
        let mut whom: Vec<_> = moving.iter().map(|row| Whom::from(row.customer)).collect();
        whom.dedup_by_key(|whom| whom.customer);
        let mut dossiers = load(open, &whom, dry.now, dry.now).await?;
        let share = dossiers.len().div_ceil(self.workers.threads()).max(1);
        let mut shares = Vec::new();
        while !dossiers.is_empty() {
            let rest = dossiers.split_off(share.min(dossiers.len()));
            let share = std::mem::replace(&mut dossiers, rest);
            let (open, after) = (Arc::clone(open), Arc::clone(after));
            let whose = open.whose();
            let mut share = Asking {
                open,
                after,
                dry: dry.clone(),
                left: share,
                ran: Vec::new(),
            };
            let slice = move || share.slice();
            shares.push(self.workers.run_in_slices(whose, slice));
        }
        let mut ran = BTreeMap::new();
        for share in shares {
            let share = share.into_recv_async().await;
            let share = share.map_err(|_| EngineError::Workers)?;
            ran.extend(share.into_iter().map(|(case, is, due)| (case, (is, due))));
        }
        for row in moving {
            let Some((is, effects)) = ran.remove(&row.case.id) else {
                continue;
            };
            forecast.asked += 1;
            for due in effects {
                *forecast.effects.entry(due).or_default() += 1;
            }
            if is == row.case.workflow {
                let place = (row.case.workflow.version, row.case.stage().to_owned());
                let place = forecast.places.entry(place).or_default();
                place.moves -= 1;
                place.stays += 1;
            }
        }
        Ok(())
    }
}

fn fate<'a>(after: &'a Tenant, row: &CaseRow) -> Option<How<'a>> {
    let destination = after.destination(&row.case, || bucket(row.customer))?;
    Some(destination.how)
}

/// The version that a case came to, and what it would do at once.
type Ran = (CaseId, WorkflowRef, Vec<Due>);

/// A dry run: it lasts until the last of those whom it asks is asked, also where nobody waits for
/// it any more.
#[derive(Clone)]
struct Dry {
    /// The instant that it is about.
    now: Timestamp,
    /// Nobody more is asked then.
    until: Instant,
    _place: Arc<places::Place>,
}

/// Customers that are run one by one, so that others have their turn in between.
struct Asking {
    open: Arc<Open>,
    after: Arc<Tenant>,
    dry: Dry,
    left: Vec<Dossier>,
    ran: Vec<Ran>,
}

impl Asking {
    /// Runs one more; answers what all came to once there is none.
    fn slice(&mut self) -> Option<Vec<Ran>> {
        match self.left.pop() {
            Some(before) if Instant::now() < self.dry.until => self.run(before),
            _ => return Some(std::mem::take(&mut self.ran)),
        }
        None
    }

    fn run(&mut self, before: Dossier) {
        let runner = Runner {
            tenant: &self.after,
            stages: &self.open.stages,
            capture: false,
            steps_max: ASKED_STEPS,
        };
        let known: Vec<_> = before.effects.iter().map(|effect| effect.key).collect();
        // A host fault: it is not known what it would do, and it is not counted as asked.
        let Ok(ran) = runner.run(before, self.dry.now, self.dry.now) else {
            return;
        };
        let effects = &ran.dossier.effects;
        let due_of = |case: &Case| {
            let new = effects
                .iter()
                .filter(|effect| effect.key.case == case.id && !known.contains(&effect.key));
            let due = new.map(|effect| Due {
                stage: effect.stage.clone(),
                kind: effect.action.kind().name(),
            });
            due.collect()
        };
        let cases = ran.dossier.cases.iter();
        self.ran
            .extend(cases.map(|case| (case.id, case.workflow.clone(), due_of(case))));
    }
}

//! Tenants for rehearsals: as they are, with a draft in place of what is active, or put together
//! of files. What is played with them is in memory alone.

use std::collections::HashMap;
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use regua_domain::contract::{Answer, Call, Situation};
use regua_domain::id::TenantId;
use regua_domain::policy::Policy;
use regua_domain::step::Stages;
use regua_domain::template::{RenderError, Template};
use regua_domain::tenant::Tenant;
use regua_domain::workflow::check::{Form, Lines, Problem, check_text};
use regua_domain::workflow::{self, PluginLock, Workflow};
use regua_runtime::{Runtime, Stage};

use crate::behind::Behind;
use crate::places::Places;
use crate::publish::PublishError;
use crate::shelf::ShelfView;
use crate::stages::Bound;
use crate::{Engine, EngineError, Open};

/// A tenant and its stages, to be rehearsed with.
#[derive(Debug)]
pub struct Rehearsal {
    /// With workflows and settings.
    pub tenant: Tenant,
    /// Its components.
    pub stages: Bound,
}

/// What a tenant is put together of, where it is on no shelf.
#[derive(Debug)]
pub struct Parts {
    /// Its settings.
    pub policy: Policy,
    /// Its plugins, loaded.
    pub plugins: Vec<Arc<Stage>>,
    /// Its templates.
    pub templates: Vec<Template>,
    /// Its workflows, as they are written. The first is the one that cases get for which the
    /// settings name none.
    pub workflows: Vec<(String, Form)>,
    /// A draft in place of the workflow of its name, which has to be one of these.
    pub draft: Option<(String, Form)>,
}

/// Why nothing can be rehearsed.
#[derive(Debug, thiserror::Error)]
pub enum PartsError {
    /// Templates have faults, all of them told.
    #[error("{} of the templates' texts cannot be rendered", .0.len())]
    Templates(Vec<RenderError>),
    /// A workflow has problems, all of them told. The draft stands behind the others.
    #[error("workflow {} has {} problems", .0 + 1, .1.len())]
    Problems(usize, Vec<Problem>),
}

impl Parts {
    /// Checks everything as it is checked when it is published, and puts the tenant together.
    pub fn assemble(self, runtime: &Runtime, id: TenantId) -> Result<Rehearsal, PartsError> {
        let Self {
            mut policy,
            plugins,
            templates,
            workflows,
            draft,
        } = self;
        let bound = || {
            let stages = plugins.iter();
            let stages = stages.map(|stage| (stage.digest().to_owned(), Arc::clone(stage)));
            Bound::new(runtime, stages.collect())
        };
        let locks = plugins.iter().map(|stage| PluginLock {
            digest: stage.digest().to_owned(),
            manifest: stage.manifest().clone(),
        });
        let shelf = ShelfView::new(locks.collect(), templates, Some(bound()), policy.clone())
            .map_err(PartsError::Templates)?;
        let mut checked = Vec::new();
        for (at, (text, form)) in workflows.iter().chain(&draft).enumerate() {
            let workflow = check_text(text, *form, &shelf, &policy, 1);
            checked.push(workflow.map_err(|problems| PartsError::Problems(at, problems))?);
        }
        let first = checked.first().map(|workflow| &workflow.reference.name);
        policy.default_workflow = policy.default_workflow.or(first.cloned());
        if let Some((text, _)) = &draft {
            let others = checked.iter().take(workflows.len());
            let others = others.map(|workflow| workflow.reference.name.as_str());
            let name = checked.last().map(|draft| draft.reference.name.clone());
            let name = name.unwrap_or_default();
            takes_a_place(&name, others, text)
                .map_err(|problem| PartsError::Problems(workflows.len(), vec![problem]))?;
            assign(&mut policy, name);
        }
        let mut tenant = Tenant {
            id,
            policy,
            workflows: HashMap::new(),
            active: HashMap::new(),
            rollouts: HashMap::new(),
            revoked: HashMap::new(),
        };
        for workflow in checked {
            activate(&mut tenant, workflow);
        }
        Ok(Rehearsal {
            tenant,
            stages: bound(),
        })
    }
}

/// Makes a workflow the one that new cases get under its name, and nothing else.
fn activate(tenant: &mut Tenant, workflow: Workflow) {
    let reference = workflow.reference.clone();
    tenant.rollouts.remove(&reference.name);
    tenant
        .active
        .insert(reference.name.clone(), reference.version);
    tenant.workflows.insert(reference, Arc::new(workflow));
}

/// Refuses a draft that takes no workflow's place: its name is most likely misspelt, and it would be
/// played where none of the tenant's own is. Where there is no workflow yet, the draft is the first.
fn takes_a_place<'a>(
    name: &str,
    workflows: impl Iterator<Item = &'a str>,
    text: &str,
) -> Result<(), Problem> {
    let mut known: Vec<_> = workflows.collect();
    if known.is_empty() || known.contains(&name) {
        return Ok(());
    }
    known.sort_unstable();
    known.dedup();
    let known: Vec<_> = known.iter().map(|name| format!("`{name}`")).collect();
    let mut problems = [Problem::new(
        "/name",
        format!(
            "`{name}` is no workflow whose place the draft can take: {}",
            known.join(", ")
        ),
    )];
    Lines::of(text).number(&mut problems);
    let [problem] = problems;
    Err(problem)
}

/// Makes a workflow the default that nothing leads to.
fn assign(policy: &mut Policy, name: String) {
    if !policy.workflows().any(|(_, known)| known == name) {
        policy.default_workflow = Some(name);
    }
}

impl Engine {
    /// A tenant as it is, with a draft in place of the active version of its name, where one is
    /// given. A name that no setting leads to becomes the default.
    ///
    /// # Errors
    /// Also where the tenant has active workflows, and none of the draft's name.
    pub async fn rehearsal(
        &self,
        open: &Open,
        draft: Option<(&str, Form)>,
    ) -> Result<Rehearsal, PublishError> {
        let mut tenant = open.tenant.clone();
        if let Some((text, form)) = draft {
            let workflow = self.check(&open.store, text, form).await?;
            let active = tenant.active.keys().map(String::as_str);
            takes_a_place(&workflow.reference.name, active, text)
                .map_err(|problem| PublishError::Problems(vec![problem]))?;
            assign(&mut tenant.policy, workflow.reference.name.clone());
            activate(&mut tenant, workflow);
        }
        let workflows = tenant.workflows.values();
        let stages = workflows.flat_map(|workflow| &workflow.stages);
        let mut digests: Vec<_> = stages.map(|stage| stage.plugin.digest.clone()).collect();
        digests.sort_unstable();
        digests.dedup();
        let stages = self.bind(&open.store, &digests).await?;
        Ok(Rehearsal { tenant, stages })
    }

    /// Plays a tenant's rehearsals one after the other, on a thread that gives way to everything
    /// else, for as long as a tenant may have it.
    ///
    /// # Errors
    /// Where the tenant has some under way, or the host has as many as it takes.
    pub async fn play<T: Send + 'static>(
        &self,
        open: &Open,
        acts: Vec<impl FnOnce(Bounds) -> T + Send + 'static>,
    ) -> Result<Vec<T>, PlayError> {
        let place = self.rehearsals.places.take(open.row.id);
        let place = Arc::new(place.ok_or(PlayError::Busy)?);
        let until = Instant::now() + AT_MOST;
        // It goes with whoever waits for them.
        let waits = Arc::new(());
        let thread = self
            .rehearsals
            .behind
            .thread()
            .ok_or(EngineError::Workers)?;
        let playing = acts.into_iter().map(|act| {
            let place = Arc::clone(&place);
            let waits = Arc::downgrade(&waits);
            thread.run_for(open.whose(), move || {
                let until = until.min(Instant::now() + ACT_AT_MOST);
                let played = act(Bounds { until, waits });
                // It lasts until the last has come to its end.
                drop(place);
                played
            })
        });
        let playing: Vec<_> = playing.collect();
        let mut played = Vec::new();
        for act in playing {
            let done = act.into_recv_async().await;
            played.push(done.map_err(|_| EngineError::Workers)?);
        }
        Ok(played)
    }
}

/// How long a call's rehearsals may take together.
const AT_MOST: Duration = Duration::from_secs(20);

/// How long one of them may take: others wait for the thread meanwhile.
const ACT_AT_MOST: Duration = Duration::from_secs(5);

/// Rehearsals at once, in all and of one tenant.
const REHEARSALS: (u32, u32) = (4, 1);

/// Where rehearsals are played.
pub(crate) struct Rehearsals {
    places: Places,
    behind: Behind,
}

impl Default for Rehearsals {
    fn default() -> Self {
        Self {
            places: Places::new(REHEARSALS.0, REHEARSALS.1),
            behind: Behind::default(),
        }
    }
}

/// How long a rehearsal may go on.
#[derive(Debug, Clone)]
pub struct Bounds {
    until: Instant,
    /// Whoever waits for it.
    waits: Weak<()>,
}

impl Bounds {
    /// Stages that are not asked any more once the time is over or nobody waits: the rehearsal ends
    /// there, with [`HostFault`](regua_domain::step::HostFault).
    pub const fn over<'a>(&'a self, stages: &'a Bound) -> impl Stages + 'a {
        Bounded {
            stages,
            bounds: self,
        }
    }
}

struct Bounded<'a> {
    stages: &'a Bound,
    bounds: &'a Bounds,
}

impl Stages for Bounded<'_> {
    fn decide(&self, stage: &workflow::Stage, situation: &Situation) -> Call {
        match self.stopped() {
            Some(because) => Call::unmade(Answer::HostFault {
                detail: because.to_owned(),
            }),
            None => self.stages.decide(stage, situation),
        }
    }

    fn engine(&self) -> &str {
        self.stages.engine()
    }

    fn stopped(&self) -> Option<&'static str> {
        if Instant::now() >= self.bounds.until {
            Some("the time that a rehearsal may take is over")
        } else if self.bounds.waits.strong_count() == 0 {
            Some("nobody waits for this rehearsal any more")
        } else {
            None
        }
    }
}

/// Why nothing was played.
#[derive(Debug, thiserror::Error)]
pub enum PlayError {
    /// There is one already.
    #[error("another rehearsal is under way: wait for it")]
    Busy,
    /// The engine failed.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

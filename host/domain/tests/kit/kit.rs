//! A tenant, a debtor and a clock by hand; the stages are closures.

#![allow(dead_code)]

pub mod deed;
pub mod paper;
mod story;

use std::collections::HashMap;
use std::sync::Arc;

use regua_domain::case::Case;
use regua_domain::contract::{
    ActionKind, Answer, Call, ConfigProblem, CustomerKind, Decision, FailureKind, Manifest,
    Proposal, Situation,
};
use regua_domain::customer::{ContactPoint, Customer};
use regua_domain::dossier::{Dossier, Draft, Journal, LoggedFact};
use regua_domain::effect::{Effect, EffectKey, Task, TaskState};
use regua_domain::fact::{Fact, FactError};
use regua_domain::id::{CaseId, CustomerId, FactId, TenantId, derived};
use regua_domain::intake::Taken;
use regua_domain::money::Currency;
use regua_domain::policy::{ChargesOnPaid, Policy};
use regua_domain::run::{Runner, STEPS_MAX, tell};
use regua_domain::step::{HostFault, Stages};
use regua_domain::template::{Template, TemplateSet};
use regua_domain::tenant::Tenant;
use regua_domain::time::{Date, Timestamp};
use regua_domain::workflow::check::{Form, Shelf, check_text};
use regua_domain::workflow::{PluginLock, Stage, Workflow};

pub use deed::*;
pub use paper::*;

/// What a scripted stage does with a situation.
pub type Part = Arc<dyn Fn(&Situation) -> Answer + Send + Sync>;

/// A plugin played by a closure.
#[derive(Clone)]
pub struct Plugin {
    pub manifest: Manifest,
    pub part: Part,
}

/// Every fact that a stage could listen to.
pub const EVENTS: [&str; 27] = [
    "replied",
    "dispute.opened",
    "dispute.resolved",
    "payment.received",
    "payment.pending",
    "payment.failed",
    "payment.reversed",
    "payment.lapsed",
    "promise.made",
    "promise.kept",
    "promise.broken",
    "plan.completed",
    "plan.broken",
    "offer.accepted",
    "offer.declined",
    "offer.expired",
    "message.bounced",
    "message.delivered",
    "effect.failed",
    "effect.cancelled",
    "task.completed",
    "hold.placed",
    "hold.lifted",
    "hold.ended",
    "contact.opted-out",
    "placement.remitted",
    "placement.returned",
];

/// A plugin with the outcomes `sent` and `done`, that may propose anything and hears nothing.
pub fn plugin(name: &str, part: impl Fn(&Situation) -> Decision + Send + Sync + 'static) -> Plugin {
    answering(name, move |situation| Answer::Decision(part(situation)))
}

/// One that may also not decide.
pub fn answering(
    name: &str,
    part: impl Fn(&Situation) -> Answer + Send + Sync + 'static,
) -> Plugin {
    Plugin {
        manifest: Manifest {
            name: name.to_owned(),
            version: "1.0.0".to_owned(),
            summary: "A scripted stage.".to_owned(),
            config_schema: r#"{"type":"object"}"#.to_owned(),
            outcomes: vec!["sent".to_owned(), "done".to_owned()],
            proposes: ActionKind::ALL.to_vec(),
            listens: Vec::new(),
            memory_version: 1,
        },
        part: Arc::new(part),
    }
}

impl Plugin {
    pub fn hears(mut self, events: &[&str]) -> Self {
        self.manifest.listens = events.iter().map(|event| (*event).to_owned()).collect();
        self
    }

    /// Its config names a template.
    pub fn with_template(mut self) -> Self {
        let template = r#"{"type":"string","format":"regua-template"}"#;
        self.manifest.config_schema =
            format!(r#"{{"type":"object","properties":{{"template":{template}}}}}"#);
        self
    }

    pub fn proposes(mut self, kinds: &[ActionKind]) -> Self {
        self.manifest.proposes = kinds.to_vec();
        self
    }
}

/// The tenant's templates: a list of what is asked for, and one with a link.
pub const TEMPLATES: [(&str, &str); 2] = [
    (
        "list",
        "subject: A list\ntext: '{{ balance.chaseable }}:{% for item in items %} {{ item.reference }} {{ item.amount }} by {{ item.due_on }}, {{ item.days_overdue }} days;{% endfor %}'",
    ),
    ("link", "subject: A link\ntext: 'Pay: {{ links.pay }}'"),
];

/// The plugins at hand; it is also the checker's shelf.
#[derive(Clone)]
pub struct Cast(pub HashMap<String, Plugin>);

impl Stages for Cast {
    fn decide(&self, stage: &Stage, situation: &Situation) -> Call {
        let answer = (self.0[&stage.plugin.manifest.name].part)(situation);
        Call {
            answer,
            fuel: 1,
            memory_peak: 1,
            wall_us: 0,
            logs: Vec::new(),
            logs_dropped: 0,
        }
    }

    fn engine(&self) -> &'static str {
        "script"
    }
}

impl Shelf for Cast {
    fn plugins(&self) -> Vec<(String, String)> {
        self.0
            .keys()
            .map(|name| (name.clone(), "1.0.0".to_owned()))
            .collect()
    }
    fn plugin(&self, name: &str, _: &str) -> Option<PluginLock> {
        self.0.get(name).map(|plugin| PluginLock {
            digest: "00".repeat(32),
            manifest: plugin.manifest.clone(),
        })
    }
    fn templates(&self) -> Vec<String> {
        TEMPLATES
            .iter()
            .map(|(name, _)| (*name).to_owned())
            .collect()
    }
    fn template(&self, name: &str) -> Option<TemplateSet> {
        let (_, text) = TEMPLATES.iter().find(|(known, _)| *known == name)?;
        let template = Template::from_yaml(name, "en", text).unwrap();
        Some(TemplateSet::new(name, vec![template]).unwrap())
    }
    fn check_config(&self, _: &PluginLock, _: &str) -> Result<Vec<ConfigProblem>, String> {
        Ok(Vec::new())
    }
}

/// A tenant with one workflow, one debtor, and all that was ever written about them.
#[derive(Clone)]
pub struct World {
    pub tenant: Tenant,
    pub cast: Cast,
    pub dossier: Dossier,
    pub journal: Journal,
    pub now: Timestamp,
    pub wake: Timestamp,
    pub capture: bool,
    pub steps_max: u32,
    facts: u32,
}

impl World {
    /// A debtor in São Paulo on 1 March 2026, a Sunday.
    pub fn new(document: &str, plugins: Vec<Plugin>) -> Self {
        let cast = Cast(
            plugins
                .into_iter()
                .map(|plugin| (plugin.manifest.name.clone(), plugin))
                .collect(),
        );
        let policy = policy();
        let workflow = match check_text(document, Form::Yaml, &cast, &policy, 1) {
            Ok(workflow) => workflow,
            Err(problems) => panic!("{problems:#?}\n{document}"),
        };
        let mut world = Self {
            tenant: tenant(policy, workflow),
            cast,
            dossier: Dossier::new(debtor()),
            journal: Journal::default(),
            now: Timestamp(0),
            wake: Timestamp::NEVER,
            capture: true,
            steps_max: STEPS_MAX,
            facts: 0,
        };
        world.now = world.instant("2026-03-01");
        world
    }

    /// Publishes a version of the ladder, for nobody as yet.
    pub fn publish(&mut self, version: u32, document: &str) {
        let policy = &self.tenant.policy;
        let workflow = check_text(document, Form::Yaml, &self.cast, policy, version).unwrap();
        let reference = workflow.reference.clone();
        self.tenant.workflows.insert(reference, Arc::new(workflow));
    }

    /// Makes a version the active one.
    pub fn activate(&mut self, version: u32) {
        self.tenant.active.insert("ladder".to_owned(), version);
    }

    pub fn in_zone(mut self, zone: chrono_tz::Tz) -> Self {
        self.dossier.customer.time_zone = zone;
        self.now = self.instant("2026-03-01");
        self
    }

    pub fn with_policy(mut self, change: impl FnOnce(&mut Policy)) -> Self {
        change(&mut self.tenant.policy);
        self
    }

    /// A local time, `2026-03-02` or `2026-03-02 10:30`.
    pub fn instant(&self, text: &str) -> Timestamp {
        let (date, time) = text.split_once(' ').unwrap_or((text, "00:00"));
        let time = format!("{time}:00").parse().unwrap();
        Timestamp::at_local(date.parse().unwrap(), time, self.dossier.customer.time_zone)
    }

    pub fn today(&self) -> Date {
        self.now.date_in(self.dossier.customer.time_zone)
    }

    /// Lets time pass up to a local time, all that is due included.
    pub fn until(&mut self, text: &str) -> &mut Self {
        let until = self.instant(text);
        self.run(until);
        self
    }

    pub fn run(&mut self, until: Timestamp) {
        self.try_run(until).unwrap();
    }

    pub fn try_run(&mut self, until: Timestamp) -> Result<(), HostFault> {
        let runner = Runner {
            tenant: &self.tenant,
            stages: &self.cast,
            capture: self.capture,
            steps_max: self.steps_max,
        };
        loop {
            let ran = runner.run(self.dossier.clone(), self.now, until)?;
            self.dossier = ran.dossier;
            self.journal.extend(ran.journal);
            self.wake = ran.wake;
            if ran.wake > until {
                break;
            }
            // Cut off: it is due again at once, and goes on where it was.
            self.now = ran.wake;
        }
        self.now = until.max(self.now);
        Ok(())
    }

    /// Nobody works until a local time: what is due then is late.
    pub fn asleep_until(&mut self, text: &str) -> &mut Self {
        self.now = self.instant(text);
        self
    }

    /// Tells a fact at a local time, and does what it calls for.
    #[allow(
        clippy::needless_pass_by_value,
        reason = "a story reads better without references"
    )]
    pub fn tell(&mut self, text: &str, fact: Fact) -> &mut Self {
        self.until(text);
        assert_eq!(self.hear(&fact), Ok(Taken::New), "{fact:?}");
        self.run(self.now);
        self
    }

    /// Takes a fact in, and does nothing yet.
    pub fn hear(&mut self, fact: &Fact) -> Result<Taken, FactError> {
        self.facts += 1;
        let id = FactId(derived(
            CaseId(self.dossier.customer.id.0),
            u64::from(self.facts),
            "fact",
            0,
        ));
        let logged = LoggedFact {
            id,
            at: self.now,
            fact: fact.clone(),
            taken: None,
        };
        let draft = Draft::new(self.dossier.clone(), self.now);
        let (draft, taken) = tell(&self.tenant, draft, &logged)?;
        self.dossier = draft.dossier;
        self.journal.extend(draft.journal);
        Ok(taken)
    }

    pub fn case(&self) -> &Case {
        self.dossier.cases.last().expect("there is a case")
    }

    /// The effect of a proposal, the newest.
    pub fn effect(&self, proposal: &str) -> &Effect {
        self.dossier
            .effects
            .iter()
            .rfind(|effect| effect.proposal == proposal)
            .unwrap_or_else(|| panic!("no effect of {proposal}\n{}", self.story()))
    }

    pub fn key(&self, proposal: &str) -> EffectKey {
        self.effect(proposal).key
    }

    pub fn open_tasks(&self) -> Vec<&Task> {
        self.dossier
            .tasks
            .iter()
            .filter(|task| task.state == TaskState::Open)
            .collect()
    }

    /// What a stage was told, call by call.
    pub fn asked(&self, stage: &str) -> Vec<&Situation> {
        self.journal
            .decisions
            .iter()
            .filter(|record| record.stage == stage)
            .map(|record| &record.situation)
            .collect()
    }

    /// Letters that were handed over: day, stage, text.
    pub fn letters(&self) -> Vec<String> {
        use regua_domain::contract::EffectState::{Confirmed, Done, Failed};
        let zone = self.dossier.customer.time_zone;
        self.dossier
            .effects
            .iter()
            .filter(|effect| matches!(effect.state, Done | Confirmed | Failed))
            .filter_map(|effect| {
                let letter = effect.letter.as_ref()?;
                Some(format!(
                    "{} {}: {}",
                    effect.at.date_in(zone),
                    effect.stage,
                    letter.rendered.text
                ))
            })
            .collect()
    }

    /// The timeline as text, a line an entry.
    pub fn story(&self) -> String {
        story::of(&self.journal.timeline, self.dossier.customer.time_zone)
    }

    /// The lines of the timeline that begin, after the day, with one of these words.
    pub fn lines(&self, words: &[&str]) -> Vec<String> {
        self.story()
            .lines()
            .filter(|line| words.iter().any(|word| line[6..].starts_with(word)))
            .map(str::to_owned)
            .collect()
    }
}

pub fn tenant(policy: Policy, workflow: Workflow) -> Tenant {
    let reference = workflow.reference.clone();
    Tenant {
        id: TenantId(derived(CaseId(uuid::Uuid::nil()), 0, "tenant", 0)),
        policy,
        active: [(reference.name.clone(), reference.version)].into(),
        workflows: [(reference, Arc::new(workflow))].into(),
        rollouts: HashMap::new(),
        revoked: HashMap::new(),
    }
}

pub fn policy() -> Policy {
    let mut policy = Policy::new("Acme", ChargesOnPaid::Keep);
    policy.sandbox = true;
    policy.default_workflow = Some("ladder".to_owned());
    "https://pay.acme.example".clone_into(&mut policy.link_base);
    policy.agencies = ["agency".to_owned()].into();
    policy.contact.gap_hours.clear();
    policy.contact.per_channel_7_days_default = 100;
    policy
}

pub fn debtor() -> Customer {
    Customer {
        id: CustomerId(derived(CaseId(uuid::Uuid::nil()), 1, "customer", 0)),
        reference: "c-1".to_owned(),
        name: "Maria Canary".to_owned(),
        tax_number: Some("12345678909".to_owned()),
        kind: CustomerKind::Consumer,
        locale: "en".to_owned(),
        jurisdiction: "BR-SP".to_owned(),
        time_zone: chrono_tz::America::Sao_Paulo,
        segments: Vec::new(),
        attributes: std::collections::BTreeMap::new(),
        methods: Vec::new(),
        contacts: vec![
            point(email(), "maria@canary.example"),
            point(sms(), "+5511987654321"),
        ],
        since: None,
    }
}

pub fn point(channel: regua_domain::contract::Channel, address: &str) -> ContactPoint {
    ContactPoint {
        channel,
        address: address.to_owned(),
        consent: regua_domain::customer::Consent::Given,
        bounced: false,
    }
}

pub fn currency(code: &str) -> Currency {
    Currency::parse(code).unwrap()
}

pub fn failure(kind: FailureKind) -> Answer {
    Answer::Failure {
        kind,
        detail: "it broke".to_owned(),
    }
}

pub fn proposal(key: &str, action: regua_domain::contract::Action) -> Proposal {
    Proposal {
        key: key.to_owned(),
        action,
    }
}

//! A debtor with one overdue invoice, and a ladder to walk them up.

use std::collections::HashMap;
use std::sync::Arc;

use regua_domain::customer::Customer;
use regua_domain::dossier::{Dossier, Draft, Journal, LoggedFact};
use regua_domain::effect::{Effect, Task, TaskState};
use regua_domain::fact::Fact;
use regua_domain::id::{CaseId, FactId, derived};
use regua_domain::ledger::Item;
use regua_domain::policy::{ChargesOnPaid, Policy};
use regua_domain::run::{self, Ran, Runner};
use regua_domain::step::{HostFault, Stages};
use regua_domain::tenant::Tenant;
use regua_domain::time::{DAY_MS, Timestamp};
use regua_domain::timeline::Happening;
use regua_domain::workflow::check::{self, Problem};
use serde_json::{Value, json};

use crate::{Shelf, invoice, person, story};

/// Tuesday 2026-03-10, 12:00 in São Paulo.
pub const NOON: Timestamp = Timestamp(1_773_154_800_000);

/// A tenant with one workflow, and one customer who owes one invoice of 120.00 BRL since
/// 2026-03-02.
pub struct Debtor<'a> {
    tenant: Tenant,
    stages: Box<dyn Stages + 'a>,
    dossier: Dossier,
    now: Timestamp,
    journal: Journal,
    facts: u64,
}

impl<'a> Debtor<'a> {
    /// A ladder of one stage, asked on the first late day, whose failure holds the case
    /// for a week and gives it to a person.
    pub fn ladder(plugin: &str, wanted: &str) -> Value {
        json!({
            "name": "ladder",
            "send_window": "0 * * * * *",
            "calendar": "weekends",
            "late_entry": "first",
            "stages": [{
                "id": "rung",
                "plugin": plugin,
                "at": { "days_overdue": 1 },
                "config": { "do": wanted },
                "on": { "done": { "end": "closed" } },
                "on_failure": { "hold": "7d", "task": "Look at this case" },
            }],
        })
    }

    /// The same, whose failure leads to a second stage that waits.
    pub fn ladder_with_net(plugin: &str, wanted: &str) -> Value {
        let mut ladder = Self::ladder(plugin, wanted);
        let mut net = ladder["stages"][0].clone();
        net["id"] = json!("net");
        net["at"] = json!({ "days_overdue": 2 });
        net["plugin"] = json!("hostile@1");
        net["config"] = json!({ "do": "wait" });
        ladder["stages"][0]["on_failure"] = json!({ "stage": "net" });
        if let Some(stages) = ladder["stages"].as_array_mut() {
            stages.push(net);
        }
        ladder
    }

    /// The checker's word on a ladder.
    ///
    /// # Errors
    /// Everything that publishing finds wrong with it.
    pub fn publish(shelf: &Shelf, ladder: &Value) -> Result<Tenant, Vec<Problem>> {
        let policy = Policy {
            default_workflow: Some("ladder".to_owned()),
            agencies: ["fair-collect".to_owned()].into(),
            link_base: "https://pay.casa.example".to_owned(),
            teams: ["sales".to_owned()].into(),
            ..Policy::new("Casa", ChargesOnPaid::Keep)
        };
        let workflow = check::check(ladder, shelf, &policy, 1)?;
        Ok(Tenant {
            id: "ten_00000000000000000000000000000001"
                .parse()
                .expect("an id"),
            policy,
            active: HashMap::from([(workflow.reference.name.clone(), workflow.reference.version)]),
            workflows: HashMap::from([(workflow.reference.clone(), Arc::new(workflow))]),
            rollouts: HashMap::new(),
            revoked: HashMap::new(),
        })
    }

    /// A debtor whose case will climb a ladder, with stages from the shelf.
    ///
    /// # Panics
    /// Where the ladder cannot be published.
    pub fn late_with(shelf: &Shelf, ladder: &Value) -> Self {
        let tenant = Self::publish(shelf, ladder).unwrap_or_else(|problems| panic!("{problems:?}"));
        Self::late(tenant, Box::new(shelf.bound()))
    }

    /// The same with stages of the caller's.
    ///
    /// # Panics
    /// Where the invoice cannot be told.
    pub fn late(tenant: Tenant, stages: Box<dyn Stages + 'a>) -> Self {
        let draft = Draft::new(Dossier::new(customer()), NOON);
        let invoice = LoggedFact {
            id: "fact_00000000000000000000000000000002"
                .parse()
                .expect("an id"),
            at: NOON,
            fact: Fact::InvoiceIssued(invoice("F-1", 12_000, "2026-03-02")),
            taken: None,
        };
        let (draft, _) = run::tell(&tenant, draft, &invoice).expect("the invoice is taken in");
        Self {
            tenant,
            stages,
            dossier: draft.dossier,
            now: NOON,
            journal: Journal::default(),
            facts: 0,
        }
    }

    /// Tells a fact now.
    ///
    /// # Panics
    /// Where it is not taken in.
    pub fn tell(&mut self, fact: Fact) {
        self.facts += 1;
        let fact = LoggedFact {
            id: FactId(derived(CaseId(self.tenant.id.0), self.facts, "fact", 0)),
            at: self.now,
            fact,
            taken: None,
        };
        let draft = Draft::new(self.dossier.clone(), self.now);
        let (draft, _) = run::tell(&self.tenant, draft, &fact).expect("the fact is taken in");
        self.dossier = draft.dossier;
        self.journal.extend(draft.journal);
    }

    /// Runs the case on, for so many times 24 hours.
    ///
    /// # Panics
    /// Where the host is at fault.
    pub fn go_on(&mut self, days: i64) {
        let until = self.now.plus_ms(days * DAY_MS);
        let ran = self.runner().run(self.dossier.clone(), self.now, until);
        let ran = ran.unwrap_or_else(|fault| panic!("{fault}"));
        self.dossier = ran.dossier;
        self.journal.extend(ran.journal);
        self.now = until;
    }

    /// The customer's items, oldest due first.
    pub fn items(&self) -> impl Iterator<Item = &Item> {
        self.dossier.items.iter()
    }

    /// The newest effect of a proposal's key.
    ///
    /// # Panics
    /// Where there is none.
    pub fn effect(&self, key: &str) -> &Effect {
        let mut effects = self.dossier.effects.iter().rev();
        let found = effects.find(|effect| effect.proposal == key);
        found.unwrap_or_else(|| panic!("nothing was done as {key}: {:#?}", self.journal.timeline))
    }

    /// How many effects of a proposal's key there are.
    pub fn effects(&self, key: &str) -> usize {
        let effects = self.dossier.effects.iter();
        effects.filter(|effect| effect.proposal == key).count()
    }

    /// The keys of all letters, in the order in which they were written.
    pub fn letters(&self) -> Vec<&str> {
        let effects = self.dossier.effects.iter();
        let letters = effects.filter(|effect| effect.letter.is_some());
        letters.map(|effect| effect.proposal.as_str()).collect()
    }

    /// Tasks that wait for a person.
    pub fn tasks(&self) -> impl Iterator<Item = &Task> {
        let tasks = self.dossier.tasks.iter();
        tasks.filter(|task| task.state == TaskState::Open)
    }

    /// The stage of the one case.
    ///
    /// # Panics
    /// Where there is not one case.
    pub fn stage(&self) -> &str {
        let [case] = self.dossier.cases.as_slice() else {
            panic!("{:?}", self.dossier.cases)
        };
        case.stage()
    }

    /// All that was told on the timeline, a line each.
    pub fn story(&self) -> String {
        story::tell(&self.journal.timeline, self.dossier.customer.time_zone)
    }

    /// The text of the letter that was sent under a key.
    ///
    /// # Panics
    /// Where there is none.
    pub fn letter(&self, key: &str) -> &str {
        let letter = self.effect(key).letter.as_ref();
        &letter.expect("the effect is a letter").rendered.text
    }

    /// Panics with the timeline if a stage failed or refused.
    ///
    /// # Panics
    /// See there.
    pub fn assert_nothing_failed(&self) {
        let failed = self.journal.timeline.iter().any(|entry| {
            matches!(
                entry.what,
                Happening::StageFailed { .. } | Happening::StageRefused { .. }
            )
        });
        assert!(!failed, "{:#?}", self.journal.timeline);
    }

    fn runner(&self) -> Runner<'_> {
        Runner {
            tenant: &self.tenant,
            stages: self.stages.as_ref(),
            capture: true,
            steps_max: run::STEPS_MAX,
        }
    }

    /// Runs the case to the end of the next day.
    ///
    /// # Panics
    /// Where the host is at fault.
    pub fn run(&self) -> Ran {
        self.try_run().unwrap_or_else(|fault| panic!("{fault}"))
    }

    /// The same where the host may be at fault.
    pub fn try_run(&self) -> Result<Ran, HostFault> {
        let until = self.now.plus_ms(DAY_MS);
        self.runner().run(self.dossier.clone(), self.now, until)
    }
}

fn customer() -> Customer {
    let facts = person();
    Customer {
        id: "cus_00000000000000000000000000000003"
            .parse()
            .expect("an id"),
        reference: "C-1".to_owned(),
        name: facts.name,
        tax_number: facts.tax_number,
        kind: facts.kind,
        locale: facts.locale,
        jurisdiction: facts.jurisdiction,
        time_zone: facts.time_zone,
        segments: facts.segments,
        attributes: facts.attributes,
        methods: facts.methods,
        contacts: facts.contacts,
        since: facts.since,
    }
}

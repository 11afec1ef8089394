//! Two stores driven alike must answer alike and hold the same: whatever is done to them, in
//! whatever order, rule breakers and latecomers among it.

mod commits;
mod state;

use std::fmt::Debug;
use std::sync::Arc;

use regua_domain::id::{FactId, TenantId};
use regua_domain::template::Template;
use regua_domain::time::Timestamp;
use regua_storage::{Lease, PluginRow, Store, StoreError, TemplateRow, TenantRow, TenantStore};

use crate::chance::Chance;
use crate::sample::{self, NOW, policy, uuid};
use crate::shelf::{plugin, workflow};

/// The first customers of either tenant; few, so that they meet often.
const CUSTOMERS: u64 = 7;

/// What is done, step by step.
struct Script {
    chance: Chance,
    stores: [Arc<dyn Store>; 2],
    /// The tenants, as each store has them.
    tenants: Vec<[Arc<dyn TenantStore>; 2]>,
    /// Every lease that was ever given, by tenant.
    leases: Vec<(usize, Lease)>,
    /// The host's own clock.
    host_now: Timestamp,
    /// Makes what is told unlike what was told before.
    told: u64,
}

/// Drives both stores for so many steps. The seed is in every message.
pub async fn agree(one: Arc<dyn Store>, two: Arc<dyn Store>, seed: u64, steps: u32) {
    let mut script = Script {
        chance: Chance(seed),
        stores: [one, two],
        tenants: Vec::new(),
        leases: Vec::new(),
        host_now: NOW,
        told: 0,
    };
    for number in [1, 2] {
        script.create_tenant(number).await;
    }
    for step in 0..steps {
        let did = script.step().await;
        let [one, two] = did.answers;
        assert_eq!(one, two, "seed {seed}, step {step}: {}", did.what);
        for tenant in &script.tenants {
            let [one, two] = [
                state::of(&script.stores[0], &tenant[0], script.host_now).await,
                state::of(&script.stores[1], &tenant[1], script.host_now).await,
            ];
            let differs = one.iter().zip(&two).find(|(one, two)| one != two);
            assert_eq!(
                differs, None,
                "seed {seed}, step {step}, after {}",
                did.what
            );
            assert_eq!(one.len(), two.len());
        }
    }
}

/// What was done, and what each store said.
struct Did {
    what: String,
    answers: [String; 2],
}

/// An answer as text: errors by their words.
fn said<T: Debug>(answer: Result<T, StoreError>) -> String {
    match answer {
        Ok(answer) => format!("{answer:#?}"),
        Err(error @ StoreError::Backend { .. }) => panic!("{error:?}"),
        Err(error) => format!("refused: {error}"),
    }
}

/// Does the same in both stores.
macro_rules! both {
    ($what:expr, $tenants:expr, |$tenant:ident| $call:expr) => {{
        let mut answers = Vec::new();
        for $tenant in $tenants {
            answers.push(said($call.await));
        }
        Did {
            what: $what,
            answers: answers.try_into().expect("two stores"),
        }
    }};
}

impl Script {
    async fn create_tenant(&mut self, number: u64) {
        let row = TenantRow {
            id: TenantId(uuid(number)),
            name: format!("tenant-{number}"),
            policy: policy(),
            clock: (number == 2).then_some(NOW),
            revision: 0,
        };
        for store in &self.stores {
            store.create_tenant(&row).await.expect("a new tenant");
        }
        self.tenants
            .push([self.stores[0].tenant(row.id), self.stores[1].tenant(row.id)]);
    }

    async fn step(&mut self) -> Did {
        let nth = self.chance.below(2) as usize;
        match self.chance.below(20) {
            0..=9 => self.commit(nth).await,
            10..=12 => self.claim(nth).await,
            13..=14 => self.give_back(nth).await,
            15 => {
                self.host_now = self.host_now.plus_ms(self.chance.below(80) as i64);
                self.claim(nth).await
            }
            16..=17 => self.look(nth).await,
            _ => self.shelf(nth).await,
        }
    }

    async fn claim(&mut self, nth: usize) -> Did {
        let now = NOW.plus_ms(self.chance.below(60) as i64 - 20);
        let until = self.host_now.plus_ms(self.chance.below(60) as i64);
        let limit = self.chance.below(5) as u32;
        let host_now = self.host_now;
        let mut answers = Vec::new();
        for (store, tenant) in self.stores.iter().zip(&self.tenants[nth]) {
            let agenda = store.agenda();
            let claimed = agenda.claim(tenant.id(), now, host_now, until, limit).await;
            if let (true, Ok(leases)) = (answers.is_empty(), &claimed) {
                self.leases.extend(leases.iter().map(|lease| (nth, *lease)));
            }
            answers.push(said(claimed));
        }
        Did {
            what: format!("claim of {limit} at {now:?}, by the host's clock {host_now:?}"),
            answers: answers.try_into().expect("two stores"),
        }
    }

    async fn give_back(&mut self, nth: usize) -> Did {
        let known = self.leases.iter().filter(|(whose, _)| *whose == nth);
        let known: Vec<Lease> = known.map(|(_, lease)| *lease).collect();
        let mut leases: Vec<Lease> = Vec::new();
        for _ in 0..self.chance.below(4) {
            leases.extend(self.chance.pick(&known));
        }
        leases.sort_by_key(|lease| (lease.customer, lease.epoch));
        leases.dedup_by_key(|lease| lease.customer);
        if self.chance.one_in(2) {
            return both!(
                format!("release of {leases:?}"),
                &self.tenants[nth],
                |tenant| { tenant.release(&leases) }
            );
        }
        let until = self.host_now.plus_ms(self.chance.below(90) as i64);
        let resting: Vec<_> = leases.iter().map(|lease| (*lease, until)).collect();
        both!(
            format!("rest of {resting:?}"),
            &self.tenants[nth],
            |tenant| tenant.rest(&resting)
        )
    }

    async fn look(&mut self, nth: usize) -> Did {
        if self.chance.one_in(2) {
            let mut references: Vec<String> = (0..CUSTOMERS + 2)
                .map(|number| format!("C-{number}"))
                .collect();
            references.push("a zero \0 byte".to_owned());
            return both!("find".to_owned(), &self.tenants[nth], |tenant| tenant
                .find(&references));
        }
        let facts: Vec<FactId> = (0..40).map(|number| FactId(uuid(number))).collect();
        both!("known facts".to_owned(), &self.tenants[nth], |tenant| {
            tenant.known_facts(&facts)
        })
    }

    async fn shelf(&mut self, nth: usize) -> Did {
        let tenants = &self.tenants[nth];
        let number = self.chance.below(4);
        match self.chance.below(9) {
            0 => {
                let mut policy = policy();
                policy.grace_days = number as _;
                both!("settings".to_owned(), tenants, |tenant| tenant
                    .put_policy(&policy, None))
            }
            1 => {
                let now = NOW.plus_ms(self.chance.below(1_000) as i64);
                both!(format!("clock to {now:?}"), tenants, |tenant| tenant
                    .set_clock(now))
            }
            2 => {
                let row: PluginRow = plugin(if number == 0 { "cd" } else { "ab" });
                both!(format!("plugin {number}"), tenants, |tenant| tenant
                    .add_plugin(&row, b"wasm", u64::MAX))
            }
            3 => {
                let text = format!("{{subject: {number}, text: Hello}}");
                let template = Template::from_yaml("first", "en", &text).expect("a template");
                let rows = [TemplateRow {
                    template,
                    put_at: self.host_now,
                }];
                both!(format!("template {number}"), tenants, |tenant| tenant
                    .put_templates(&rows))
            }
            4 => {
                let row = workflow(number as u32 + 1, self.chance.one_in(2));
                both!(format!("version {}", row.version), tenants, |tenant| tenant
                    .publish(&row))
            }
            5 => both!("plugin removed".to_owned(), tenants, |tenant| tenant
                .remove_plugin("escalation", "1.0.0", NOW)),
            6 => {
                let version = number as u32 + 1;
                both!(format!("version {version} removed"), tenants, |tenant| {
                    tenant.remove_workflow("standard", version, NOW)
                })
            }
            7 => both!("next version".to_owned(), tenants, |tenant| tenant
                .next_version("standard")),
            _ => both!(format!("activate {number}"), tenants, |tenant| tenant
                .activate("standard", number as u32, Vec::new())),
        }
    }

    /// A number that no step had before.
    fn next(&mut self) -> u64 {
        self.told += 1;
        self.told
    }
}

/// A customer's number.
fn anybody(chance: &mut Chance) -> u64 {
    chance.below(CUSTOMERS)
}

/// Whom to look at.
fn everybody() -> impl Iterator<Item = regua_domain::id::CustomerId> {
    (0..CUSTOMERS).map(|number| sample::customer(number).id)
}

//! Bare wasmtime making the same call under the same limits: what the host's own is
//! measured against. It lowers an owned situation and lifts the decision, fresh store and
//! instance each time, and does nothing else.

use anyhow::Result;
use wasmtime::component::{Component, HasSelf, Linker, ResourceTable};
use wasmtime::{
    Config, Enabled, Engine, InstanceAllocationStrategy, PoolingAllocationConfig, ResourceLimiter,
    Store,
};

use regua_runtime::Limits;

#[allow(missing_docs, clippy::all, clippy::pedantic, unused_qualifications)]
mod bindings {
    wasmtime::component::bindgen!({ path: "../wit/v1", world: "stage" });
}

use bindings::regua::dunning::{log, types};

struct Host {
    most: usize,
    _table: ResourceTable,
}

impl log::Host for Host {
    fn write(&mut self, _: log::Level, _: String) {}
}

impl types::Host for Host {}

impl ResourceLimiter for Host {
    fn memory_growing(
        &mut self,
        _: usize,
        desired: usize,
        _: Option<usize>,
    ) -> wasmtime::Result<bool> {
        Ok(desired <= self.most)
    }
    fn table_growing(&mut self, _: usize, _: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        Ok(true)
    }
}

/// A stage, ready to be called.
pub struct Bare {
    engine: Engine,
    pre: bindings::StagePre<Host>,
    limits: Limits,
    situation: types::Situation,
}

impl Bare {
    /// Compiles it under the host's own settings.
    pub fn new(component: &[u8], limits: &Limits, keep_resident: usize) -> Result<Self> {
        let mut pooling = PoolingAllocationConfig::new();
        pooling
            .total_component_instances(16)
            .max_memory_size(limits.memory_max_bytes)
            .table_elements(limits.table_elements_max)
            .linear_memory_keep_resident(keep_resident)
            .table_keep_resident(64 << 10)
            .pagemap_scan(Enabled::Auto);
        let mut config = Config::new();
        config
            .wasm_component_model(true)
            .concurrency_support(false)
            .consume_fuel(true)
            .epoch_interruption(true)
            .max_wasm_stack(limits.stack_max_bytes)
            .cranelift_nan_canonicalization(true)
            .allocation_strategy(InstanceAllocationStrategy::Pooling(pooling));
        let engine = Engine::new(&config)?;
        let component = Component::new(&engine, component)?;
        let mut linker = Linker::<Host>::new(&engine);
        bindings::Stage::add_to_linker::<_, HasSelf<_>>(&mut linker, |host| host)?;
        let pre = bindings::StagePre::new(linker.instantiate_pre(&component)?)?;
        Ok(Self {
            engine,
            pre,
            limits: limits.clone(),
            situation: situation(),
        })
    }

    /// One call.
    pub fn decide(&self, config: &str) -> Result<types::Decision> {
        let host = Host {
            most: self.limits.memory_max_bytes,
            _table: ResourceTable::new(),
        };
        let mut store = Store::new(&self.engine, host);
        store.limiter(|host| host);
        store.set_epoch_deadline(1_000_000);
        store.set_fuel(self.limits.fuel_max)?;
        let stage = self.pre.instantiate(&mut store)?;
        store.set_fuel(self.limits.fuel_max)?;
        stage
            .call_decide(&mut store, &self.situation, config)?
            .map_err(|refusal| anyhow::anyhow!("refused: {refusal:?}"))
    }
}

fn situation() -> types::Situation {
    let domain = regua_tests::sample::situation();
    let items = domain
        .balance
        .items
        .iter()
        .map(|item| types::OpenItem {
            key: item.key.clone(),
            kind: types::ItemKind::Invoice,
            parent: None,
            contract: None,
            issued_on: regua_domain::time::to_epoch_days(item.issued_on),
            due_on: regua_domain::time::to_epoch_days(item.due_on),
            days_overdue: item.days_overdue,
            original: item.original,
            outstanding: item.outstanding,
            chaseable: item.chaseable,
            disposition: types::Disposition::Chased,
            is_first: item.is_first,
            delivery: types::DeliveryState::Unknown,
        })
        .collect();
    types::Situation {
        now: types::Moment {
            at: domain.now.at.0,
            local_date: regua_domain::time::to_epoch_days(domain.now.local_date),
            local_minute_of_day: domain.now.local_minute_of_day,
            local_weekday: types::Weekday::Monday,
            is_business_day: domain.now.is_business_day,
            time_zone: domain.now.time_zone.clone(),
        },
        trigger: types::Trigger::Entered,
        stage: types::StagePosition {
            id: domain.stage.id.clone(),
            entered: domain.stage.entered.0,
            calls_before: 0,
            visits_before: 0,
            days_in_stage: 0,
            business_days_in_stage: 0,
            memory: Vec::new(),
        },
        customer: types::Customer {
            bucket: domain.customer.bucket,
            kind: types::CustomerKind::Business,
            locale: domain.customer.locale.clone(),
            jurisdiction: domain.customer.jurisdiction.clone(),
            segments: domain.customer.segments.clone(),
            reachable: vec![types::Channel::Email],
            attributes: Vec::new(),
            methods: Vec::new(),
        },
        balance: types::Balance {
            currency: domain.balance.currency.clone(),
            minor_digits: domain.balance.minor_digits,
            outstanding: domain.balance.outstanding,
            past_due: domain.balance.past_due,
            chaseable: domain.balance.chaseable,
            credit: 0,
            anchor: domain.balance.anchor.map(regua_domain::time::to_epoch_days),
            days_overdue: domain.balance.days_overdue,
            items,
            items_omitted: 0,
            covers: Vec::new(),
        },
        history: types::History {
            customer_since: None,
            invoices_paid: 0,
            invoices_paid_late: 0,
            average_days_late_centi: 0,
            worst_days_late: 0,
            promises_kept: 0,
            promises_broken: 0,
            plans_completed: 0,
            plans_broken: 0,
            contacts: Vec::new(),
            last_contact: None,
            last_reply: None,
            last_payment: None,
            last_decline: None,
        },
        score: None,
        effects: Vec::new(),
    }
}

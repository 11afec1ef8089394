//! What is counted for whoever watches a host: through the facade `metrics`, so that nothing is
//! counted where nobody listens. Names and labels are part of the product.

use metrics::{counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
use regua_domain::contract::Answer;
use regua_domain::time::Timestamp;
use regua_storage::{Commit, Lease, Standing};

use crate::deliver::Delivered;

const RUN: &str = "regua_customers_run_total";
const UNDONE: &str = "regua_customers_undone_total";
const LATENESS: &str = "regua_customers_lateness_seconds";
const CALLS: &str = "regua_plugin_calls_total";
const FUEL: &str = "regua_plugin_fuel_total";
const DELIVERED: &str = "regua_effects_total";
const WAITING: &str = "regua_waiting";
const WAITING_SINCE: &str = "regua_waiting_seconds";
const TRIES: &str = "regua_delivery_tries_total";

/// Says what each figure is.
pub fn describe() {
    describe_counter!(RUN, "Customers run and committed, by tenant");
    describe_counter!(
        UNDONE,
        "Runs that were not committed, by tenant and why: stale (somebody else wrote) or fault \
         (the host's own)"
    );
    describe_histogram!(
        LATENESS,
        "How long after their wake-up customers were claimed, by tenant"
    );
    describe_counter!(
        CALLS,
        "Calls of plugins, by tenant and ending: decision, refusal, inconclusive, host-fault or \
         the kind of failure"
    );
    describe_counter!(FUEL, "Fuel that plugins burned, by tenant");
    describe_counter!(
        DELIVERED,
        "Effects taken from the outbox, by tenant and what became of them"
    );
    describe_gauge!(
        WAITING,
        "What waits, by tenant and queue: customers (due, and claimed by nobody), leased (claimed) \
         or effects (in the outbox); counted every quarter of a minute"
    );
    describe_gauge!(
        WAITING_SINCE,
        "How long ago the oldest effect of the outbox was decided, by tenant"
    );
    describe_counter!(
        TRIES,
        "Tries to hand an effect or event over, by tenant, kind and code"
    );
    crate::meter::describe();
}

/// Customers that were claimed.
pub(crate) fn claimed(tenant: &str, leases: &[Lease], now: Timestamp) {
    let lateness = histogram!(LATENESS, "tenant" => tenant.to_owned());
    for lease in leases {
        lateness.record((now.0 - lease.wake.0).max(0) as f64 / 1000.0);
    }
}

/// Calls that a batch's runs made, whether or not it is committed.
pub(crate) fn called(tenant: &str, commits: &[Commit]) {
    let mut fuel = 0_u64;
    for record in commits
        .iter()
        .flat_map(|commit| &commit.changes.journal.decisions)
    {
        fuel = fuel.saturating_add(record.call.fuel);
        let ending = match &record.call.answer {
            Answer::Decision(_) => "decision",
            Answer::Refusal(_) => "refusal",
            Answer::Failure { kind, .. } => kind.name(),
            Answer::Inconclusive => "inconclusive",
            Answer::HostFault { .. } => "host-fault",
        };
        counter!(CALLS, "tenant" => tenant.to_owned(), "ending" => ending).increment(1);
        tracing::debug!(
            tenant,
            case = %record.case,
            sequence = record.sequence,
            stage = record.stage,
            ending,
            fuel = record.call.fuel,
            "a stage was asked"
        );
    }
    counter!(FUEL, "tenant" => tenant.to_owned()).increment(fuel);
}

/// What became of a batch.
pub(crate) fn finished(tenant: &str, done: u64, stale: u64, faults: u64) {
    counter!(RUN, "tenant" => tenant.to_owned()).increment(done);
    for (why, count) in [("stale", stale), ("fault", faults)] {
        counter!(UNDONE, "tenant" => tenant.to_owned(), "why" => why).increment(count);
    }
}

/// What became of a batch of the outbox.
pub(crate) fn delivered(tenant: &str, delivered: &Delivered) {
    let outcomes = [
        ("done", delivered.done),
        ("cancelled", delivered.cancelled),
        ("failed", delivered.failed),
        ("later", delivered.later),
    ];
    for (outcome, count) in outcomes {
        counter!(DELIVERED, "tenant" => tenant.to_owned(), "outcome" => outcome).increment(count);
    }
}

/// What waits of a tenant.
pub(crate) fn waits(tenant: &str, standing: &Standing, now: Timestamp) {
    let queues = [
        ("customers", standing.due),
        ("leased", standing.leased),
        ("effects", standing.queued),
    ];
    for (queue, count) in queues {
        gauge!(WAITING, "tenant" => tenant.to_owned(), "queue" => queue).set(count as f64);
    }
    let waited = standing
        .queued_since
        .map_or(0, |since| (now.0 - since.0).max(0));
    gauge!(WAITING_SINCE, "tenant" => tenant.to_owned()).set(waited as f64 / 1000.0);
}

/// One try to hand an effect over.
pub(crate) fn tried(tenant: &str, kind: &str, code: &str) {
    counter!(
        TRIES,
        "tenant" => tenant.to_owned(), "kind" => kind.to_owned(), "code" => code.to_owned()
    )
    .increment(1);
}

//! What of it whoever watches the host is told. There may be thousands of tenants, each with many
//! versions of plugins: of a bounded number of them there are figures of their own.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, PoisonError};

use metrics::{counter, describe_counter, describe_histogram, histogram};

use super::quota::Limit;
use super::usage::Called;

const CALLS: &str = "regua_plugin_version_calls_total";
const FUEL: &str = "regua_plugin_version_fuel";
const MEMORY: &str = "regua_plugin_version_memory_bytes";
const SECONDS: &str = "regua_plugin_version_seconds";
const WAITS: &str = "regua_quota_waits_total";

/// Versions with figures of their own, the first that are called in a process; a tenant's own
/// version counts by itself. All others pass for one.
const VERSIONS_MAX: usize = 500;
const OTHERS: &str = "(others)";

static TOLD: Mutex<Option<HashSet<(String, String)>>> = Mutex::new(None);

/// Says what each figure is.
pub(crate) fn describe() {
    describe_counter!(
        CALLS,
        "Calls that are recorded as decisions, by tenant, plugin version and ending; of the first \
         500 versions that a process calls, and of all others as (others)"
    );
    describe_histogram!(FUEL, "Fuel of such a call, by tenant and plugin version");
    describe_histogram!(
        MEMORY,
        "Peak memory of such a call, by tenant and plugin version"
    );
    describe_histogram!(
        SECONDS,
        "Wall time of such a call, by tenant and plugin version"
    );
    describe_counter!(
        WAITS,
        "Turns at which a tenant's due cases waited for its quota, by tenant and limit"
    );
}

/// What a version is called in figures.
fn told(tenant: &str, plugin: &str) -> (String, String) {
    let mut told = TOLD.lock().unwrap_or_else(PoisonError::into_inner);
    let told = told.get_or_insert_default();
    let version = (tenant.to_owned(), plugin.to_owned());
    if told.contains(&version) {
        return version;
    }
    if told.len() >= VERSIONS_MAX {
        return (OTHERS.to_owned(), OTHERS.to_owned());
    }
    told.insert(version.clone());
    version
}

/// Calls that were made.
pub(super) fn called(tenant: &str, calls: &[Called]) {
    let mut by_plugin: HashMap<&str, Vec<&Called>> = HashMap::new();
    for called in calls {
        by_plugin.entry(&called.plugin).or_default().push(called);
    }
    for (plugin, calls) in by_plugin {
        let (tenant, plugin) = told(tenant, plugin);
        let labels = [("tenant", tenant), ("plugin", plugin)];
        let fuel = histogram!(FUEL, &labels);
        let memory = histogram!(MEMORY, &labels);
        let seconds = histogram!(SECONDS, &labels);
        let mut endings: HashMap<&'static str, u64> = HashMap::new();
        for called in calls {
            fuel.record(called.fuel as f64);
            memory.record(called.memory as f64);
            seconds.record(called.wall_us as f64 / 1e6);
            *endings.entry(called.ending()).or_default() += 1;
        }
        let [(_, tenant), (_, plugin)] = labels;
        for (ending, count) in endings {
            let (tenant, plugin) = (tenant.clone(), plugin.clone());
            counter!(CALLS, "tenant" => tenant, "plugin" => plugin, "ending" => ending)
                .increment(count);
        }
    }
}

/// Cases waited.
pub(super) fn waits(tenant: &str, limit: Limit) {
    counter!(WAITS, "tenant" => tenant.to_owned(), "limit" => limit.name()).increment(1);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_beyond_so_many_pass_for_one() {
        for nth in 0..VERSIONS_MAX {
            let plugin = format!("stage@1.0.{nth}");
            assert_eq!(told("acme", &plugin).1, plugin);
        }
        assert_eq!(told("acme", "one@1.0.0").1, OTHERS);
        assert_eq!(told("acme", "stage@1.0.7").0, "acme");
    }
}

//! What every store promises, over `SQLite`. The suite in `contract/` is written against
//! `dyn Store` alone, so that it can run over other stores too.

#[path = "contract/agenda.rs"]
mod agenda;
#[path = "contract/commit.rs"]
mod commit;
#[path = "contract/facts.rs"]
mod facts;
#[path = "contract/ledger.rs"]
mod ledger;
#[path = "contract/sample.rs"]
mod sample;
#[path = "contract/shelf.rs"]
mod shelf;

use std::sync::Arc;

use regua_storage::{Outcome, Store};
use regua_storage_sqlite::{Options, SqliteStore};
use tempfile::TempDir;

async fn open(folder: &TempDir) -> Arc<dyn Store> {
    let path = folder.path().join("regua.db");
    Arc::new(SqliteStore::open(path, Options::default()).await.unwrap())
}

macro_rules! suite {
    ($($group:ident: $($name:ident)*;)*) => {$($(
        #[tokio::test]
        async fn $name() {
            let folder = tempfile::tempdir().unwrap();
            let store = open(&folder).await;
            $group::$name(Arc::clone(&store)).await;
            store.close().await;
        }
    )*)*};
}

suite! {
    agenda:
        claim_gives_each_customer_once_longest_due_first
        a_lease_ends_by_itself
        released_customers_are_due_as_they_were
        a_customer_rests_after_a_fault_and_the_faults_in_a_row_are_counted
        a_fact_during_a_lease_is_not_slept_over
        who_is_due_and_held_is_told_apart_from_who_rests
        never_is_never_due;
    commit:
        what_was_committed_is_loaded_as_it_was
        stale_version_writes_nothing
        lost_lease_writes_nothing
        commits_of_one_customer_in_a_batch_build_on_each_other
        taken_reference_is_refused_and_the_rest_of_the_batch_is_written
        a_reference_of_another_tenant_is_free
        a_known_customer_is_not_new
        append_only_numbers_never_repeat
        a_second_open_case_in_a_currency_is_refused
        an_ended_case_is_reopened
        another_tenants_customers_are_not_found
        the_timeline_is_read_in_pages
        commits_that_come_together_are_all_written;
    facts:
        facts_to_come_are_loaded_by_instant_until_they_are_taken
        only_the_first_thousand_facts_to_come_are_loaded
        settled_rows_come_back_where_they_are_wanted
        another_customers_rows_are_not_had_by_reference
        an_amount_out_of_bounds_is_refused;
    ledger:
        ledger_adds_up_to_the_balances_after_any_facts;
    shelf:
        a_tenants_name_is_taken_once
        a_sandboxs_clock_only_moves_forward
        a_plugin_version_is_bound_to_its_bytes
        a_later_template_replaces_the_earlier
        one_version_of_a_workflow_is_active;
}

#[test]
fn a_host_that_is_killed_loses_nothing_that_was_done() {
    let folder = tempfile::tempdir().unwrap();
    // The runtime goes down with everything in it: nothing is closed.
    let runtime = || {
        tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .unwrap()
    };
    let dying = runtime();
    let done: u64 = dying.block_on(async {
        let store = open(&folder).await;
        let tenant = sample::tenant(&store, 1).await;
        for number in 0..40 {
            let commits = vec![sample::created(number, sample::NOW)];
            assert_eq!(tenant.commit(commits).await.unwrap(), [Outcome::Done]);
        }
        let more = (40..500)
            .map(|number| sample::created(number, sample::NOW))
            .collect();
        tokio::spawn(async move { tenant.commit(more).await });
        40
    });
    dying.shutdown_background();
    runtime().block_on(async {
        let store = open(&folder).await;
        let tenant = store.tenant(regua_domain::id::TenantId(sample::uuid(1)));
        let all: Vec<String> = (0..500).map(|number| format!("C-{number}")).collect();
        let found = tenant.find(&all).await.unwrap();
        let there = found.iter().filter(|id| id.is_some()).count() as u64;
        assert!(
            there == done || there == 500,
            "{there}: a batch is written whole or not at all"
        );
        assert!(found[..40].iter().all(Option::is_some));
        store.close().await;
    });
}

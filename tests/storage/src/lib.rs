//! What every store promises, as tests over any store.
//!
//! A store's crate says how one is opened ([`Fixture`]) and has the tests made:
//! `regua_storage_suite::contract!(File);`. A store for several nodes adds
//! `regua_storage_suite::nodes!(Database);`.

pub mod agenda;
pub mod brought;
pub mod chance;
pub mod commit;
pub mod differential;
pub mod facts;
pub mod ledger;
pub mod nodes;
pub mod outbox;
pub mod records;
pub mod removals;
pub mod sample;
pub mod shelf;
pub mod upkeep;
pub mod wave;

use std::sync::Arc;

use regua_storage::Store;

/// A place for a store, of one test's own; it is cleared away with this.
pub trait Fixture: Sized + Send {
    /// Makes an empty one.
    fn make() -> Self;

    /// Opens a store there: of a node of its own.
    fn open(&self) -> impl Future<Output = Arc<dyn Store>>;
}

/// Makes tests of functions that take so many nodes' stores.
#[macro_export]
macro_rules! tests {
    ($fixture:ty, $($group:ident: $($name:ident)*;)*) => {$($(
        #[tokio::test]
        async fn $name() {
            let place = <$fixture as $crate::Fixture>::make();
            let store = $crate::Fixture::open(&place).await;
            $crate::$group::$name(std::sync::Arc::clone(&store)).await;
            store.close().await;
        }
    )*)*};
    (both $fixture:ty, $($group:ident: $($name:ident)*;)*) => {$($(
        #[tokio::test]
        async fn $name() {
            let place = <$fixture as $crate::Fixture>::make();
            let one = $crate::Fixture::open(&place).await;
            let two = $crate::Fixture::open(&place).await;
            $crate::$group::$name(std::sync::Arc::clone(&one), std::sync::Arc::clone(&two)).await;
            one.close().await;
            two.close().await;
        }
    )*)*};
}

/// The tests of what every store promises.
#[macro_export]
macro_rules! contract {
    ($fixture:ty) => {
        $crate::tests! {
            $fixture,
            agenda:
                claim_gives_each_customer_once_longest_due_first
                a_lease_ends_by_itself
                released_customers_are_due_as_they_were
                a_customer_rests_after_a_fault_and_the_faults_in_a_row_are_counted
                a_fact_during_a_lease_is_not_slept_over
                who_is_due_and_held_is_told_apart_from_who_rests
                whose_case_is_pinned_is_woken_page_by_page_and_nobody_else
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
                a_case_ends_and_another_is_opened_in_one_commit
                an_ended_case_is_reopened
                another_tenants_customers_are_not_found
                the_timeline_is_read_in_pages
                commits_that_come_together_are_all_written
                an_outbox_is_listed_customer_by_customer;
            facts:
                facts_to_come_are_loaded_by_instant_until_they_are_taken
                of_a_fact_that_is_written_twice_the_last_is_kept
                only_the_first_thousand_facts_to_come_are_loaded
                what_was_told_is_read_again_customer_by_customer
                settled_rows_come_back_where_they_are_wanted
                another_customers_rows_are_not_had_by_name
                an_amount_out_of_bounds_is_refused;
            records:
                a_record_counts_its_writes_and_is_written_as_expected_only
                records_are_written_all_or_none
                records_are_listed_by_id_both_ways_in_pages
                a_record_is_of_its_tenant_and_kind_alone
                due_records_are_taken_once_until_they_are_due_again
                records_that_are_put_together_are_each_as_the_last_write_left_it
                records_that_are_settings_count_as_a_change_of_the_tenant
                who_has_something_due_is_told_with_what
                settings_are_changed_of_the_revision_that_was_seen;
            brought:
                records_of_a_commit_are_there_if_it_is
                a_record_that_is_there_stays_as_it_is_when_a_commit_brings_it
                many_records_of_many_commits_are_all_written;
            outbox:
                queued_effects_are_taken_once_until_they_are_due_again
                a_commit_leaves_the_outboxs_instants_alone
                what_there_is_is_listed_in_pages_and_found_by_key;
            upkeep:
                what_adds_up_is_found_to
                what_does_not_add_up_is_named;
            ledger:
                ledger_adds_up_to_the_balances_after_any_facts;
            shelf:
                a_tenants_name_is_taken_once
                a_sandboxs_clock_only_moves_forward
                a_plugin_version_is_bound_to_its_bytes
                a_component_that_there_is_no_room_for_leaves_nothing
                a_later_template_replaces_the_earlier
                one_version_of_a_workflow_is_active
                what_is_written_with_an_activation_is_there_if_it_is;
            removals:
                a_plugin_that_a_workflow_locks_stays_until_the_workflow_is_gone
                a_plugin_that_was_removed_comes_back_with_the_same_bytes_alone
                a_component_stays_as_long_as_a_version_has_it
                a_workflow_locks_only_what_is_there
                a_number_of_a_workflow_is_used_once
                a_workflow_version_that_something_needs_stays
                what_another_tenant_has_is_not_removed
                whoever_saw_a_rollout_before_a_removal_cannot_write_it
                a_signature_is_kept_with_what_it_signed;
        }
    };
}

/// The tests of what a store for several nodes promises besides.
#[macro_export]
macro_rules! nodes {
    ($fixture:ty) => {
        $crate::tests! {
            both $fixture,
            nodes:
                nodes_claim_disjoint_sets
                a_node_that_slept_past_its_lease_writes_nothing
                a_node_that_died_leaves_its_customers_to_others
                what_one_node_commits_the_other_loads
                of_two_nodes_that_commit_the_same_one_wins
                nodes_that_write_the_same_customers_in_other_orders_do_not_stop_each_other
                one_node_publishes_a_version
                no_workflow_is_left_without_its_plugin
                of_two_nodes_that_add_the_same_bytes_one_is_first
                of_two_nodes_that_fill_the_last_room_one_is_first;
        }
    };
}

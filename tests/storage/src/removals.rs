//! Versions that are removed from a shelf, and those that stay.

use std::sync::Arc;

use regua_domain::case::{Case, CaseState, End};
use regua_domain::dossier::Draft;
use regua_domain::rollout::Rollout;
use regua_storage::records::get;
use regua_storage::{RecordWrite, Seen, Signed, Store, StoreError, TenantStore};

use crate::sample::{self, NOW, case, commit, done, with_customers};
use crate::shelf::{plugin, stocked, workflow};

async fn revision(tenant: &Arc<dyn TenantStore>) -> u64 {
    tenant.row().await.unwrap().revision
}

pub async fn a_plugin_that_a_workflow_locks_stays_until_the_workflow_is_gone(
    store: Arc<dyn Store>,
) {
    let tenant = stocked(&store).await;
    tenant.publish(&workflow(1, false)).await.unwrap();
    tenant.publish(&workflow(2, false)).await.unwrap();
    let before = revision(&tenant).await;
    let remove = || tenant.remove_plugin("escalation", "1.0.0", NOW);
    assert_eq!(
        remove().await.unwrap_err().to_string(),
        "plugin `escalation@1.0.0` is in use: standard@1 locks it, standard@2 locks it"
    );
    assert_eq!(revision(&tenant).await, before);
    tenant.remove_workflow("standard", 1, NOW).await.unwrap();
    assert_eq!(
        remove().await.unwrap_err().to_string(),
        "plugin `escalation@1.0.0` is in use: standard@2 locks it"
    );
    tenant.remove_workflow("standard", 2, NOW).await.unwrap();
    remove().await.unwrap();
    assert_eq!(revision(&tenant).await, before + 3);
    assert_eq!(tenant.plugins().await.unwrap(), []);
    assert_eq!(tenant.workflows().await.unwrap(), []);
    let component = tenant.component(&plugin("ab").digest).await;
    assert!(matches!(component, Err(StoreError::Missing { .. })));
    let again = remove().await;
    assert!(matches!(
        again,
        Err(StoreError::Missing { what: "plugin", .. })
    ));
    assert_eq!(revision(&tenant).await, before + 3);
}

pub async fn a_plugin_that_was_removed_comes_back_with_the_same_bytes_alone(store: Arc<dyn Store>) {
    let tenant = stocked(&store).await;
    tenant
        .remove_plugin("escalation", "1.0.0", NOW)
        .await
        .unwrap();
    let before = revision(&tenant).await;
    let other = tenant.add_plugin(&plugin("cd"), b"other", u64::MAX).await;
    assert!(matches!(other, Err(StoreError::Taken { .. })));
    let left = tenant.component(&plugin("cd").digest).await;
    assert!(matches!(left, Err(StoreError::Missing { .. })));
    assert_eq!(revision(&tenant).await, before);
    let mut row = plugin("ab");
    row.added_at = NOW.plus_ms(9);
    assert!(tenant.add_plugin(&row, b"wasm", u64::MAX).await.unwrap());
    assert_eq!(revision(&tenant).await, before + 1);
    assert_eq!(tenant.plugins().await.unwrap(), std::slice::from_ref(&row));
    assert_eq!(tenant.component(&row.digest).await.unwrap(), b"wasm");
}

pub async fn a_component_stays_as_long_as_a_version_has_it(store: Arc<dyn Store>) {
    let tenant = stocked(&store).await;
    let mut twin = plugin("ab");
    "1.0.1".clone_into(&mut twin.manifest.version);
    tenant.add_plugin(&twin, b"wasm", u64::MAX).await.unwrap();
    let remove = |version| tenant.remove_plugin("escalation", version, NOW);
    remove("1.0.0").await.unwrap();
    assert_eq!(tenant.component(&twin.digest).await.unwrap(), b"wasm");
    remove("1.0.1").await.unwrap();
    assert!(tenant.component(&twin.digest).await.is_err());
}

pub async fn a_workflow_locks_only_what_is_there(store: Arc<dyn Store>) {
    let tenant = stocked(&store).await;
    let mut other = workflow(1, true);
    other.plugins = vec![("escalation@1.0.0".to_owned(), "cd".repeat(32))];
    let is_missing = |result: Result<(), StoreError>| {
        matches!(result, Err(StoreError::Missing { what: "plugin", .. }))
    };
    assert!(is_missing(tenant.publish(&other).await));
    tenant
        .remove_plugin("escalation", "1.0.0", NOW)
        .await
        .unwrap();
    assert!(is_missing(tenant.publish(&workflow(1, true)).await));
    assert_eq!(tenant.workflows().await.unwrap(), []);
    assert_eq!(tenant.next_version("standard").await.unwrap(), 1);
}

pub async fn a_number_of_a_workflow_is_used_once(store: Arc<dyn Store>) {
    let tenant = stocked(&store).await;
    tenant.publish(&workflow(1, false)).await.unwrap();
    tenant.publish(&workflow(2, false)).await.unwrap();
    tenant.remove_workflow("standard", 2, NOW).await.unwrap();
    assert_eq!(tenant.next_version("standard").await.unwrap(), 3);
    assert_eq!(tenant.next_version("another").await.unwrap(), 1);
    let taken = tenant.publish(&workflow(2, false)).await;
    assert!(matches!(taken, Err(StoreError::Taken { .. })));
    for gone in [
        tenant.activate("standard", 2, Vec::new()).await,
        tenant.remove_workflow("standard", 2, NOW).await,
        tenant.remove_workflow("another", 1, NOW).await,
    ] {
        assert!(matches!(
            gone,
            Err(StoreError::Missing {
                what: "workflow",
                ..
            })
        ));
    }
    tenant.publish(&workflow(3, false)).await.unwrap();
    let left = [workflow(1, false), workflow(3, false)];
    assert_eq!(tenant.workflows().await.unwrap(), left);
}

/// A version that somebody is about to try is not removed under their hands, nor the other way
/// round.
pub async fn whoever_saw_a_rollout_before_a_removal_cannot_write_it(store: Arc<dyn Store>) {
    let tenant = stocked(&store).await;
    for version in [1, 2] {
        tenant.publish(&workflow(version, false)).await.unwrap();
    }
    let put = |seen| RecordWrite::put("standard", seen, &Rollout::default(), None).unwrap();
    tenant
        .write_settings(vec![put(Seen::Nothing)])
        .await
        .unwrap();
    let seen = get::<Rollout>(&*tenant, "standard").await.unwrap().unwrap();
    tenant.remove_workflow("standard", 2, NOW).await.unwrap();
    let late = tenant
        .write_settings(vec![put(Seen::Version(seen.version))])
        .await;
    assert!(matches!(late, Err(StoreError::Changed { .. })), "{late:?}");
}

/// Opens a case of a customer that is pinned to a version of `standard`.
async fn pinned(tenant: &Arc<dyn TenantStore>, number: u64, change: impl FnOnce(&mut Case)) {
    let before = with_customers(tenant, &[number]).await.remove(0);
    let mut draft = Draft::new(before.clone(), NOW);
    let mut case = case(number);
    "standard".clone_into(&mut case.workflow.name);
    change(&mut case);
    draft.dossier.cases.push(case);
    done(tenant, commit(&before, draft, NOW)).await;
}

pub async fn a_workflow_version_that_something_needs_stays(store: Arc<dyn Store>) {
    let tenant = stocked(&store).await;
    for version in 1..=6 {
        tenant.publish(&workflow(version, false)).await.unwrap();
    }
    pinned(&tenant, 70, |case| case.workflow.version = 1).await;
    pinned(&tenant, 71, |case| {
        case.workflow.version = 2;
        case.state = CaseState::Ended {
            end: End::Resolved,
            at: NOW,
            stage: "first-day-late".to_owned(),
        };
    })
    .await;
    for version in [3, 4] {
        tenant
            .activate("standard", version, Vec::new())
            .await
            .unwrap();
    }
    let before = revision(&tenant).await;
    let told = async |version| {
        let removed = tenant.remove_workflow("standard", version, NOW).await;
        removed.map_err(|error| error.to_string())
    };
    let needed =
        |version: u32, by: &str| Err(format!("workflow `standard@{version}` is in use: {by}"));
    assert_eq!(told(1).await, needed(1, "open cases are pinned to it: 1"));
    assert_eq!(told(2).await, needed(2, "ended cases are pinned to it: 1"));
    let former = "it was active";
    assert_eq!(told(3).await, needed(3, former));
    assert_eq!(told(4).await, needed(4, "new cases get it"));
    assert_eq!(revision(&tenant).await, before);
    tenant.activate("standard", 3, Vec::new()).await.unwrap();
    assert_eq!(told(4).await, needed(4, former));
    // What was on trial is named by decisions, though its cases went on under another version.
    let mut rollout = Rollout::default();
    rollout.tried.insert(5);
    let write = RecordWrite::put("standard", Seen::Nothing, &rollout, None).unwrap();
    tenant.write_records(vec![write]).await.unwrap();
    assert_eq!(told(5).await, needed(5, "it is on trial, or was"));
    assert_eq!(told(6).await, Ok(()));
    assert_eq!(tenant.workflows().await.unwrap().len(), 5);
}

pub async fn what_another_tenant_has_is_not_removed(store: Arc<dyn Store>) {
    let tenant = stocked(&store).await;
    tenant.publish(&workflow(1, false)).await.unwrap();
    let other = sample::tenant(&store, 2).await;
    other
        .remove_plugin("escalation", "1.0.0", NOW)
        .await
        .unwrap_err();
    other.remove_workflow("standard", 1, NOW).await.unwrap_err();
    // Nor does what one has keep another's.
    other
        .add_plugin(&plugin("ab"), b"wasm", u64::MAX)
        .await
        .unwrap();
    other
        .remove_plugin("escalation", "1.0.0", NOW)
        .await
        .unwrap();
    assert_eq!(tenant.plugins().await.unwrap(), [plugin("ab")]);
    let component = tenant.component(&plugin("ab").digest).await;
    assert_eq!(component.unwrap(), b"wasm");
}

pub async fn a_signature_is_kept_with_what_it_signed(store: Arc<dyn Store>) {
    let tenant = stocked(&store).await;
    let by = |key: &str| {
        let mut row = plugin("ab");
        row.signed = Some(Signed {
            key: key.to_owned(),
            public_key: "1".to_owned(),
            signature: "2".to_owned(),
        });
        row
    };
    // What is there already is signed later, once.
    assert!(
        !tenant
            .add_plugin(&by("one"), b"wasm", u64::MAX)
            .await
            .unwrap()
    );
    assert!(
        !tenant
            .add_plugin(&by("two"), b"wasm", u64::MAX)
            .await
            .unwrap()
    );
    assert!(
        !tenant
            .add_plugin(&plugin("ab"), b"wasm", u64::MAX)
            .await
            .unwrap()
    );
    assert_eq!(tenant.plugins().await.unwrap(), [by("one")]);
    tenant
        .remove_plugin("escalation", "1.0.0", NOW)
        .await
        .unwrap();
    assert!(
        tenant
            .add_plugin(&plugin("ab"), b"wasm", u64::MAX)
            .await
            .unwrap()
    );
    assert_eq!(tenant.plugins().await.unwrap(), [plugin("ab")]);
}

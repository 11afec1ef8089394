//! Tenants and their shelves.

use std::sync::Arc;

use regua_domain::contract::Manifest;
use regua_domain::id::TenantId;
use regua_domain::template::Template;
use regua_storage::records::get;
use regua_storage::{
    PluginRow, Seen, Store, StoreError, TemplateRow, TenantRow, TenantStore, WorkflowRow,
};

use crate::records::{Note, kept, note};
use crate::sample::{self, NOW, policy, uuid};

pub async fn a_tenants_name_is_taken_once(store: Arc<dyn Store>) {
    let tenant = sample::tenant(&store, 1).await;
    let twin = TenantRow {
        id: TenantId(uuid(2)),
        ..tenant.row().await.unwrap()
    };
    let error = store.create_tenant(&twin).await.unwrap_err();
    assert_eq!(error.to_string(), "tenant `tenant-1` exists already");
    assert_eq!(
        store.tenants().await.unwrap(),
        [tenant.row().await.unwrap()]
    );
    let error = store.tenant(TenantId(uuid(2))).row().await.unwrap_err();
    assert!(matches!(error, StoreError::Missing { what: "tenant", .. }));
}

pub async fn a_sandboxs_clock_only_moves_forward(store: Arc<dyn Store>) {
    let live = sample::tenant(&store, 1).await;
    assert!(matches!(
        live.set_clock(NOW).await,
        Err(StoreError::Clock(_))
    ));
    let row = TenantRow {
        id: TenantId(uuid(2)),
        name: "sandbox".to_owned(),
        policy: policy(),
        clock: Some(NOW),
        revision: 0,
    };
    store.create_tenant(&row).await.unwrap();
    let sandbox = store.tenant(row.id);
    sandbox.set_clock(NOW.plus_ms(5)).await.unwrap();
    assert!(matches!(
        sandbox.set_clock(NOW).await,
        Err(StoreError::Clock(_))
    ));
    assert_eq!(sandbox.row().await.unwrap().clock, Some(NOW.plus_ms(5)));
    let policy = regua_domain::policy::Policy {
        grace_days: 77,
        ..policy()
    };
    sandbox.put_policy(&policy, None).await.unwrap();
    assert_eq!(sandbox.row().await.unwrap().policy, policy);
}

pub(crate) fn plugin(digest: &str) -> PluginRow {
    PluginRow {
        manifest: Manifest {
            name: "escalation".to_owned(),
            version: "1.0.0".to_owned(),
            summary: "escalates".to_owned(),
            config_schema: "{}".to_owned(),
            outcomes: vec!["done".to_owned()],
            proposes: Vec::new(),
            listens: Vec::new(),
            memory_version: 1,
        },
        digest: digest.repeat(32),
        added_at: NOW,
        signed: None,
    }
}

/// A tenant that has the plugin that [`workflow`] locks.
pub(crate) async fn stocked(store: &Arc<dyn Store>) -> Arc<dyn TenantStore> {
    let tenant = sample::tenant(store, 1).await;
    assert!(
        tenant
            .add_plugin(&plugin("ab"), b"wasm", u64::MAX)
            .await
            .unwrap()
    );
    tenant
}

pub async fn a_plugin_version_is_bound_to_its_bytes(store: Arc<dyn Store>) {
    let tenant = sample::tenant(&store, 1).await;
    let row = plugin("ab");
    assert!(tenant.add_plugin(&row, b"wasm", u64::MAX).await.unwrap());
    assert!(!tenant.add_plugin(&row, b"wasm", u64::MAX).await.unwrap());
    let error = tenant
        .add_plugin(&plugin("cd"), b"other", u64::MAX)
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "plugin version `escalation@1.0.0` exists already"
    );
    assert_eq!(tenant.plugins().await.unwrap(), std::slice::from_ref(&row));
    assert_eq!(tenant.component(&row.digest).await.unwrap(), b"wasm");
    assert_eq!(tenant.component_bytes().await.unwrap(), 4);
    let other = sample::tenant(&store, 2).await;
    assert_eq!(other.component_bytes().await.unwrap(), 0);
    assert!(matches!(
        other.component(&row.digest).await,
        Err(StoreError::Missing { .. })
    ));
}

pub async fn a_component_that_there_is_no_room_for_leaves_nothing(store: Arc<dyn Store>) {
    let tenant = sample::tenant(&store, 1).await;
    let row = plugin("ab");
    assert!(tenant.add_plugin(&row, b"wasm", 4).await.unwrap());
    let revision = tenant.row().await.unwrap().revision;
    let mut other = plugin("cd");
    "1.0.1".clone_into(&mut other.manifest.version);
    let refused = tenant.add_plugin(&other, b"other", 8).await.unwrap_err();
    assert_eq!(
        refused.to_string(),
        "the component has 5 bytes, and with the 4 that are there that is more than 8"
    );
    assert_eq!(tenant.plugins().await.unwrap(), std::slice::from_ref(&row));
    let component = tenant.component(&other.digest).await;
    assert!(matches!(component, Err(StoreError::Missing { .. })));
    assert_eq!(tenant.component_bytes().await.unwrap(), 4);
    assert_eq!(tenant.row().await.unwrap().revision, revision);
    // What is there takes no room, under another version neither.
    assert!(!tenant.add_plugin(&row, b"wasm", 0).await.unwrap());
    let mut twin = row;
    "1.0.2".clone_into(&mut twin.manifest.version);
    assert!(tenant.add_plugin(&twin, b"wasm", 0).await.unwrap());
    assert!(tenant.add_plugin(&other, b"other", 9).await.unwrap());
}

pub async fn a_later_template_replaces_the_earlier(store: Arc<dyn Store>) {
    let tenant = sample::tenant(&store, 1).await;
    for (text, at) in [("Hello", NOW), ("Good day", NOW.plus_ms(1))] {
        let template =
            Template::from_yaml("first", "en", &format!("{{subject: {text}, text: {text}}}"))
                .unwrap();
        let row = TemplateRow {
            template,
            put_at: at,
        };
        tenant
            .put_templates(std::slice::from_ref(&row))
            .await
            .unwrap();
        assert_eq!(tenant.templates().await.unwrap(), [row]);
    }
}

pub(crate) fn workflow(version: u32, active: bool) -> WorkflowRow {
    WorkflowRow {
        name: "standard".to_owned(),
        version,
        document: serde_json::json!({ "name": "standard", "stages": [] }),
        plugins: vec![("escalation@1.0.0".to_owned(), "ab".repeat(32))],
        templates: Vec::new(),
        active,
        published_at: NOW,
    }
}

pub async fn one_version_of_a_workflow_is_active(store: Arc<dyn Store>) {
    let tenant = stocked(&store).await;
    tenant.publish(&workflow(1, true)).await.unwrap();
    assert!(matches!(
        tenant.publish(&workflow(1, true)).await,
        Err(StoreError::Taken { .. })
    ));
    assert!(matches!(
        tenant.publish(&workflow(3, true)).await,
        Err(StoreError::Missing { .. })
    ));
    tenant.publish(&workflow(2, true)).await.unwrap();
    let expected = [workflow(1, false), workflow(2, true)];
    assert_eq!(tenant.workflows().await.unwrap(), expected);
    assert!(matches!(
        tenant.activate("standard", 9, Vec::new()).await,
        Err(StoreError::Missing { .. })
    ));
    assert_eq!(tenant.workflows().await.unwrap(), expected);
    tenant.activate("standard", 1, Vec::new()).await.unwrap();
    let expected = [workflow(1, true), workflow(2, false)];
    assert_eq!(tenant.workflows().await.unwrap(), expected);
}

pub async fn what_is_written_with_an_activation_is_there_if_it_is(store: Arc<dyn Store>) {
    let tenant = stocked(&store).await;
    tenant.publish(&workflow(1, true)).await.unwrap();
    tenant.publish(&workflow(2, false)).await.unwrap();
    let revision = tenant.row().await.unwrap().revision;
    let first = vec![note("a", Seen::Nothing, "first")];
    tenant.activate("standard", 2, first).await.unwrap();
    assert_eq!(tenant.row().await.unwrap().revision, revision + 1);
    let read = get::<Note>(&*tenant, "a").await.unwrap();
    assert_eq!(read, Some(kept("a", 1, "first")));
    // A record that is not as it was seen: neither it nor the activation is written.
    let second = vec![note("a", Seen::Nothing, "second")];
    let refused = tenant.activate("standard", 1, second).await;
    assert!(
        matches!(refused, Err(StoreError::Changed { .. })),
        "{refused:?}"
    );
    let expected = [workflow(1, false), workflow(2, true)];
    assert_eq!(tenant.workflows().await.unwrap(), expected);
    let read = get::<Note>(&*tenant, "a").await.unwrap();
    assert_eq!(read, Some(kept("a", 1, "first")));
    // Nor is the record of an activation that cannot be.
    let third = vec![note("b", Seen::Nothing, "third")];
    let refused = tenant.activate("standard", 9, third).await;
    assert!(
        matches!(refused, Err(StoreError::Missing { .. })),
        "{refused:?}"
    );
    assert_eq!(get::<Note>(&*tenant, "b").await.unwrap(), None);
}

//! Uploads, over both stores: what is taken, and that nothing is left of what is not.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use regua_domain::id::TenantId;
use regua_domain::policy::Policy;
use regua_domain::workflow::check::Form;
use regua_engine::signing::{Given, PluginKey, PrivateKey, SignatureError};
use regua_engine::{Engine, ManualClock, PublishError, Settings};
use regua_runtime::{AdmissionError, Compiler, Limits, Workers, sha256_hex};
use regua_storage::{RecordWrite, Seen, Store, StoreError, TenantRow, TenantStore};
use regua_storage_postgres::PostgresStore;
use regua_storage_sqlite::SqliteStore;
use regua_test_kit::guest::{LEAVES, guest};
use regua_test_kit::postgres::Database;
use regua_tests::{NOON, outside, runtime_with, sample};
use uuid::Uuid;

/// A tenant, and the folder of native code that its host has.
struct Desk {
    engine: Engine,
    tenant: Arc<dyn TenantStore>,
    folder: tempfile::TempDir,
}

impl Desk {
    async fn over(store: Arc<dyn Store>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let limits = Limits {
            wasm_max_bytes: 64 << 10,
            ..Limits::shipped()
        };
        let engine = Engine::new(
            store,
            runtime_with(folder.path(), limits, Compiler::Here),
            Arc::new(Workers::start(1).unwrap()),
            Arc::new(ManualClock::at(NOON)),
            Settings::shipped(),
        );
        let row = TenantRow {
            id: TenantId(Uuid::from_u128(7)),
            name: "acme".to_owned(),
            policy: sample::policy(),
            clock: None,
            revision: 0,
        };
        engine.store().create_tenant(&row).await.unwrap();
        let tenant = engine.store().tenant(row.id);
        Self {
            engine,
            tenant,
            folder,
        }
    }

    /// Over each store, one after the other.
    async fn each(test: impl AsyncFn(&Self)) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("regua.db");
        let sqlite = SqliteStore::open(path, regua_storage_sqlite::Options::default());
        let desk = Self::over(Arc::new(sqlite.await.unwrap())).await;
        test(&desk).await;
        desk.engine.store().close().await;
        let database = Database::create();
        let options = regua_storage_postgres::Options::default();
        let postgres = PostgresStore::connect(database.url(), options);
        let desk = Self::over(Arc::new(postgres.await.unwrap())).await;
        test(&desk).await;
        desk.engine.store().close().await;
    }

    async fn add(&self, wasm: &[u8]) -> Result<bool, PublishError> {
        let added = self.engine.add_plugin(&self.tenant, wasm.to_vec()).await;
        added.map(|added| added.is_new)
    }

    async fn add_signed(&self, wasm: &[u8], given: Given<'_>) -> Result<bool, PublishError> {
        let wasm = wasm.to_vec();
        let added = self.engine.add_signed_plugin(&self.tenant, wasm, given);
        added.await.map(|added| added.is_new)
    }

    /// The digests on the shelf, and how many files of native code there are.
    async fn has(&self) -> (Vec<String>, usize) {
        let plugins = self.tenant.plugins().await.unwrap();
        let digests = plugins.into_iter().map(|plugin| plugin.digest).collect();
        (digests, files(self.folder.path()))
    }

    /// That nothing of these bytes is anywhere.
    async fn nothing_of(&self, wasm: &[u8]) {
        let digest = sha256_hex(wasm);
        let component = self.tenant.component(&digest).await;
        assert!(matches!(component, Err(StoreError::Missing { .. })));
        assert!(!self.engine.runtime().keeps(&digest));
    }
}

/// How many files lie in a folder.
fn files(folder: &Path) -> usize {
    let entries = std::fs::read_dir(folder).unwrap().flatten();
    let count = |path: PathBuf| if path.is_dir() { files(&path) } else { 1 };
    entries.map(|entry| count(entry.path())).sum()
}

/// Another component that says it is the same version.
fn twin() -> Vec<u8> {
    guest(LEAVES, "(global $other i32 (i32.const 1))")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_bytes_are_the_same_version_and_other_bytes_are_refused() {
    Desk::each(async |desk| {
        let wasm = guest(LEAVES, "");
        assert!(desk.add(&wasm).await.unwrap());
        assert!(!desk.add(&wasm).await.unwrap());
        let before = desk.has().await;
        assert_eq!(before, (vec![sha256_hex(&wasm)], 1));
        let refused = desk.add(&twin()).await.unwrap_err();
        let told = "sent@1.0.0 was added before, with other bytes: a version never changes";
        assert_eq!(refused.to_string(), told);
        assert_eq!(desk.has().await, before);
        desk.nothing_of(&twin()).await;
        // Nor are they taken when the version was removed.
        let removed = desk.tenant.remove_plugin("sent", "1.0.0", NOON);
        removed.await.unwrap();
        let refused = desk.add(&twin()).await.unwrap_err();
        assert_eq!(refused.to_string(), told);
        desk.nothing_of(&twin()).await;
        assert!(desk.add(&wasm).await.unwrap());
        assert_eq!(desk.has().await, before);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_left_of_an_upload_that_is_rejected() {
    Desk::each(async |desk| {
        let good = guest(LEAVES, "");
        let before = desk.has().await;
        let revision = desk.tenant.row().await.unwrap().revision;
        let traps = {
            let text = regua_test_kit::guest::module(LEAVES, "");
            let describe = r#"(func (export "describe") (result i32) i32.const 256)"#;
            assert!(text.contains(describe));
            let text = text.replace(
                describe,
                r#"(func (export "describe") (result i32) unreachable)"#,
            );
            regua_test_kit::guest::embed(&text, regua_test_kit::guest::WIT)
        };
        let long = vec![0; (64 << 10) + 1];
        for upload in [&b""[..], b"no wasm", &good[..good.len() / 2], &traps, &long] {
            let refused = desk.add(upload).await.unwrap_err();
            assert!(matches!(refused, PublishError::NotAdmitted(_)), "{refused}");
            assert_eq!(desk.has().await, before);
            desk.nothing_of(upload).await;
        }
        let refused = desk.add(&long).await.unwrap_err();
        assert!(matches!(
            refused,
            PublishError::NotAdmitted(AdmissionError::TooLarge {
                bytes: 65_537,
                bytes_max: 65_536
            })
        ));
        assert_eq!(desk.tenant.row().await.unwrap().revision, revision);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_it_has_to_be_an_upload_is_taken_as_it_is_signed_or_leaves_nothing() {
    Desk::each(async |desk| {
        let (key, _) = PrivateKey::generate(&outside::counting()).unwrap();
        let id = key.public().id();
        let kept = PluginKey {
            label: "build server".to_owned(),
            public_key: key.public(),
            created_at: NOON,
        };
        let write = RecordWrite::put(&id, Seen::Nothing, &kept, None).unwrap();
        desk.tenant.write_settings(vec![write]).await.unwrap();
        let policy = Policy {
            signed_plugins: true,
            ..sample::policy()
        };
        desk.tenant.put_policy(&policy, None).await.unwrap();
        let wasm = guest(LEAVES, "");
        let digest = sha256_hex(&wasm);
        let (good, other) = (key.sign(&digest), key.sign(&sha256_hex(&twin())));
        let unknown = "plk_00000000000000000000000000000000";
        let given = |signed_by, signature| Given {
            signed_by,
            signature,
        };
        let own = Some(id.as_str());
        for (given, expected) in [
            (given(None, None), SignatureError::Missing),
            (given(own, None), SignatureError::NoSignature),
            (given(None, Some(&good)), SignatureError::NoKey),
            (given(own, Some("nonsense")), SignatureError::Malformed),
            (given(own, Some(&good[2..])), SignatureError::Malformed),
            (
                given(Some(unknown), Some(&good)),
                SignatureError::UnknownKey {
                    key: unknown.to_owned(),
                },
            ),
            (
                given(own, Some(&other)),
                SignatureError::Wrong {
                    key: id.clone(),
                    digest: digest.clone(),
                },
            ),
        ] {
            let refused = desk.add_signed(&wasm, given).await.unwrap_err();
            let PublishError::Signature(found) = refused else {
                panic!("{expected}: {refused}")
            };
            assert_eq!(found, expected);
            assert_eq!(desk.has().await, (Vec::new(), 0), "{expected}");
            desk.nothing_of(&wasm).await;
        }
        let given = given(own, Some(&good));
        assert!(desk.add_signed(&wasm, given).await.unwrap());
        // What it signed stays when the key goes; nothing more is taken by it.
        let gone = RecordWrite::remove::<PluginKey>(&id, Seen::Anything);
        desk.tenant.write_settings(vec![gone]).await.unwrap();
        let plugins = desk.tenant.plugins().await.unwrap();
        let by = plugins[0].signed.as_ref().map(|signed| signed.key.as_str());
        assert_eq!(by, Some(&*id));
        let refused = desk.add_signed(&wasm, given).await.unwrap_err();
        assert!(matches!(
            refused,
            PublishError::Signature(SignatureError::UnknownKey { .. })
        ));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workflow_whose_name_no_store_can_be_asked_for_is_told_so() {
    Desk::each(async |desk| {
        let document = r#"{ "name": "a\u0000b", "stages": [] }"#;
        let checked = desk.engine.check(&desk.tenant, document, Form::Json);
        let Err(PublishError::Problems(problems)) = checked.await else {
            panic!("it has problems")
        };
        let places: Vec<_> = problems.iter().map(|found| &*found.pointer).collect();
        assert!(places.contains(&"/name"), "{problems:?}");
    })
    .await;
}

//! What uploads may take: so many an hour, so many bytes.

use regua_domain::time::HOUR_MS;
use regua_engine::meter::quota::{QUOTA, Quota};
use regua_engine::{Engine, Open, OverQuota, PublishError};
use regua_runtime::sha256_hex;
use regua_storage::{RecordWrite, Seen};
use regua_tests::wave::Place;
use regua_tests::{built, sample};

use crate::adding_up::beside;
use crate::wave;

async fn set(open: &Open, quota: Quota) {
    let write = RecordWrite::put(QUOTA, Seen::Anything, &quota, None).unwrap();
    open.store.write_settings(vec![write]).await.unwrap();
}

async fn upload(engine: &Engine, open: &Open, wasm: Vec<u8>) -> Result<bool, PublishError> {
    let added = engine.add_plugin(&open.store, wasm).await;
    added.map(|added| added.is_new)
}

#[tokio::test(flavor = "multi_thread")]
async fn uploads_of_an_hour_are_counted_whatever_became_of_them() {
    let folder = tempfile::tempdir().unwrap();
    let (engine, open, clock) = wave(&folder, 0).await;
    // One was made when the tenant was.
    let three = Quota {
        uploads_per_hour: 3,
        ..Quota::shipped()
    };
    set(&open, three).await;
    let refused = upload(&engine, &open, b"not wasm".to_vec()).await;
    assert!(matches!(refused, Err(PublishError::NotAdmitted(_))));
    clock.set(sample::now().plus_ms(60_000));
    let again = upload(&engine, &open, built::plugin("first-day-late-email")).await;
    assert!(!again.unwrap());
    let over = upload(&engine, &open, built::guest("hostile")).await;
    let Err(PublishError::OverQuota(OverQuota::Uploads {
        again_at, wait_s, ..
    })) = over
    else {
        panic!("{over:?}")
    };
    assert_eq!(again_at, sample::now().plus_ms(HOUR_MS));
    assert_eq!(wait_s, 3_540);
    clock.set(again_at);
    assert!(
        upload(&engine, &open, built::guest("hostile"))
            .await
            .unwrap()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shelf_holds_so_many_bytes_and_what_is_on_it_may_be_uploaded_again() {
    let folder = tempfile::tempdir().unwrap();
    let (engine, open, _) = wave(&folder, 0).await;
    let stored = open.store.component_bytes().await.unwrap();
    let full = Quota {
        component_bytes: stored + 1_000,
        ..Quota::shipped()
    };
    set(&open, full).await;
    let over = upload(&engine, &open, built::guest("hostile")).await;
    let Err(PublishError::OverQuota(OverQuota::Bytes { allowed, .. })) = over else {
        panic!("{over:?}")
    };
    assert_eq!(allowed, stored + 1_000);
    assert_eq!(open.store.component_bytes().await.unwrap(), stored);
    assert_eq!(open.store.plugins().await.unwrap().len(), 1);
    let again = upload(&engine, &open, built::plugin("first-day-late-email")).await;
    assert!(!again.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn two_nodes_do_not_go_beyond_it_together_and_nothing_is_left_of_the_one_that_is_late() {
    let folder = tempfile::tempdir().unwrap();
    let (first, open, _) = wave(&folder, 0).await;
    let place = Place::file(&folder.path().join("wave.sqlite"));
    let (second, other) = beside(first.store(), &place).await;
    let components = [built::guest("hostile"), built::plugin("escalation")];
    let sizes = components.each_ref().map(|wasm| wasm.len() as u64);
    let digests = components.each_ref().map(|wasm| sha256_hex(wasm));
    let stored = open.store.component_bytes().await.unwrap();
    let one = Quota {
        component_bytes: stored + sizes[0].max(sizes[1]),
        ..Quota::shipped()
    };
    set(&open, one).await;
    let [mine, others] = components;
    let results: [_; 2] =
        tokio::join!(upload(&first, &open, mine), upload(&second, &other, others)).into();
    let late = results
        .iter()
        .position(Result::is_err)
        .expect("one is late");
    assert!(matches!(results[1 - late], Ok(true)), "{results:?}");
    let Err(PublishError::OverQuota(OverQuota::Bytes { bytes, .. })) = results[late] else {
        panic!("{results:?}")
    };
    assert_eq!(bytes, sizes[late]);
    let stored = open.store.component_bytes().await.unwrap();
    assert!(stored <= one.component_bytes, "{stored}");
    assert!(!first.runtime().keeps(&digests[late]));
}

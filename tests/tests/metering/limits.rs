//! Cases wait for what their tenant has used up; none is lost, and none has failed for it.

use std::sync::Arc;
use std::time::Duration;

use regua_engine::meter::day_of;
use regua_engine::meter::quota::{Limit, QUOTA, Quota};
use regua_engine::meter::usage::Day;
use regua_engine::{Engine, EngineError, Open};
use regua_storage::records::get;
use regua_storage::{RecordWrite, Seen};
use regua_tests::sample;
use regua_tests::wave::TENANT;

use crate::{decisions, wave};

/// Sets a quota, as the operator's endpoint does, and opens the tenant as of then.
async fn set(engine: &Engine, open: &Open, quota: Quota) -> Arc<Open> {
    let write = RecordWrite::put(QUOTA, Seen::Anything, &quota, None).unwrap();
    open.store.write_settings(vec![write]).await.unwrap();
    engine.open(TENANT).await.unwrap().expect("the tenant")
}

async fn today(open: &Open) -> Day {
    let key = day_of(sample::now()).to_string();
    let kept = get::<Day>(&*open.store, &key).await.unwrap();
    kept.map(|kept| kept.value).unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn cases_wait_for_the_fuel_of_another_day_and_none_has_failed() {
    let folder = tempfile::tempdir().unwrap();
    let (engine, open, _) = wave(&folder, 200).await;
    let some = Quota {
        fuel_per_day: 500_000,
        ..Quota::shipped()
    };
    let open = set(&engine, &open, some).await;
    let now = sample::now();
    let worked = engine.work(&open, now, now, None).await;
    assert!(matches!(worked, Err(EngineError::FuelUsedUp)), "{worked:?}");
    engine.write_usage(open.row.id).await.unwrap();
    let (made, failed) = decisions(&open).await;
    assert!(made > 0 && made < 200, "{made}");
    assert_eq!(failed, 0);
    let day = today(&open).await;
    assert!(day.fuel >= 500_000, "{}", day.fuel);
    assert!(day.waits.contains_key(&Limit::FuelPerDay));
    let standing = engine.store().standing(open.row.id, now).await.unwrap();
    assert_eq!((standing.due, standing.leased), (200 - made, 0));

    // It stays used up.
    let again = engine.work(&open, now, now, None).await;
    assert!(matches!(again, Err(EngineError::FuelUsedUp)), "{again:?}");
    let open = set(&engine, &open, Quota::shipped()).await;
    let worked = engine.work(&open, now, now, None).await.unwrap();
    assert_eq!((worked.done, worked.faults), (200 - made, 0));
    assert_eq!(decisions(&open).await, (200, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_day_has_fuel_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let (engine, open, clock) = wave(&folder, 200).await;
    let none = Quota {
        fuel_per_day: 500_000,
        ..Quota::shipped()
    };
    let open = set(&engine, &open, none).await;
    let now = sample::now();
    assert!(engine.work(&open, now, now, None).await.is_err());
    let before = decisions(&open).await.0;
    clock.set(now.plus_ms(regua_domain::time::DAY_MS));
    assert!(engine.work(&open, now, now, None).await.is_err());
    assert!(decisions(&open).await.0 > before);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_more_calls_are_made_in_a_second_than_may_be() {
    const CASES: u64 = 45;
    let folder = tempfile::tempdir().unwrap();
    let (engine, open, clock) = wave(&folder, CASES).await;
    let slow = Quota {
        calls_per_second: Some(20),
        ..Quota::shipped()
    };
    let open = set(&engine, &open, slow).await;
    let now = sample::now();
    let working = {
        let (engine, open) = (engine.clone(), Arc::clone(&open));
        tokio::spawn(async move { engine.work(&open, now, now, None).await })
    };
    for (second, all) in [20, 40, CASES].into_iter().enumerate() {
        clock.set(now.plus_ms(1_000 * second as i64));
        while decisions(&open).await.0 < all {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        // Lanes look again and again meanwhile, and the clock stands.
        tokio::time::sleep(Duration::from_millis(200)).await;
        assert_eq!(decisions(&open).await, (all, 0));
    }
    let worked = working.await.unwrap().unwrap();
    assert_eq!((worked.done, worked.faults), (CASES, 0));
    assert!(
        today(&open)
            .await
            .waits
            .contains_key(&Limit::CallsPerSecond)
    );
}

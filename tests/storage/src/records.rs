//! Small documents by kind and id.

use std::sync::Arc;

use regua_storage::{
    Kept, OPERATOR, Record, RecordWrite, RecordsQuery, Seen, Store, StoreError, records,
};
use serde::{Deserialize, Serialize};

use crate::sample::{self, NOW};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note(pub String);

impl Record for Note {
    const KIND: &'static str = "note";
}

pub fn note(id: &str, seen: Seen, text: &str) -> RecordWrite {
    RecordWrite::put(id, seen, &Note(text.to_owned()), None).unwrap()
}

pub fn kept(id: &str, version: u64, text: &str) -> Kept<Note> {
    Kept {
        id: id.to_owned(),
        version,
        value: Note(text.to_owned()),
    }
}

pub async fn a_record_counts_its_writes_and_is_written_as_expected_only(store: Arc<dyn Store>) {
    let tenant = sample::tenant(&store, 1).await;
    let write = |write| tenant.write_records(vec![write]);
    write(note("a", Seen::Nothing, "one")).await.unwrap();
    let is_changed = |error| matches!(error, StoreError::Changed { what: "note", .. });
    assert!(is_changed(
        write(note("a", Seen::Nothing, "two")).await.unwrap_err()
    ));
    assert!(is_changed(
        write(note("a", Seen::Version(2), "two")).await.unwrap_err()
    ));
    assert!(is_changed(
        write(note("b", Seen::Version(1), "two")).await.unwrap_err()
    ));
    write(note("a", Seen::Version(1), "two")).await.unwrap();
    write(note("a", Seen::Anything, "three")).await.unwrap();
    let read = records::get::<Note>(&*tenant, "a").await.unwrap();
    assert_eq!(read, Some(kept("a", 3, "three")));
    let gone = |seen| RecordWrite::remove::<Note>("a", seen);
    assert!(is_changed(write(gone(Seen::Version(2))).await.unwrap_err()));
    write(gone(Seen::Version(3))).await.unwrap();
    write(gone(Seen::Anything)).await.unwrap();
    assert_eq!(records::get::<Note>(&*tenant, "a").await.unwrap(), None);
}

pub async fn records_are_written_all_or_none(store: Arc<dyn Store>) {
    let tenant = sample::tenant(&store, 1).await;
    tenant
        .write_records(vec![note("b", Seen::Nothing, "known")])
        .await
        .unwrap();
    let both = vec![
        note("a", Seen::Nothing, "new"),
        note("b", Seen::Nothing, "new"),
    ];
    tenant.write_records(both).await.unwrap_err();
    assert_eq!(records::get::<Note>(&*tenant, "a").await.unwrap(), None);
}

pub async fn records_are_listed_by_id_both_ways_in_pages(store: Arc<dyn Store>) {
    let tenant = sample::tenant(&store, 1).await;
    let writes = ["c", "a", "d", "b", "B"].map(|id| note(id, Seen::Nothing, id));
    tenant.write_records(writes.to_vec()).await.unwrap();
    let list = async |after: Option<&str>, backwards| {
        let query = RecordsQuery {
            after: after.map(str::to_owned),
            backwards,
            limit: 2,
        };
        let found = records::list::<Note>(&*tenant, &query).await.unwrap();
        found.into_iter().map(|kept| kept.id).collect::<Vec<_>>()
    };
    assert_eq!(list(None, false).await, ["B", "a"]);
    assert_eq!(list(Some("b"), false).await, ["c", "d"]);
    assert_eq!(list(None, true).await, ["d", "c"]);
    assert_eq!(list(Some("a"), true).await, ["B"]);
}

pub async fn a_record_is_of_its_tenant_and_kind_alone(store: Arc<dyn Store>) {
    #[derive(Serialize, Deserialize)]
    struct Other(String);
    impl Record for Other {
        const KIND: &'static str = "other";
    }
    let (one, two) = (
        sample::tenant(&store, 1).await,
        sample::tenant(&store, 2).await,
    );
    let operator = store.tenant(OPERATOR);
    one.write_records(vec![note("a", Seen::Nothing, "mine")])
        .await
        .unwrap();
    assert!(records::get::<Other>(&*one, "a").await.unwrap().is_none());
    assert_eq!(records::get::<Note>(&*two, "a").await.unwrap(), None);
    assert_eq!(records::get::<Note>(&*operator, "a").await.unwrap(), None);
    operator
        .write_records(vec![note("a", Seen::Nothing, "the operator's")])
        .await
        .unwrap();
    let read = records::get::<Note>(&*one, "a").await.unwrap();
    assert_eq!(read, Some(kept("a", 1, "mine")));
}

pub async fn due_records_are_taken_once_until_they_are_due_again(store: Arc<dyn Store>) {
    let tenant = sample::tenant(&store, 1).await;
    let at = |id: &str, ms| {
        let value = Note(id.to_owned());
        RecordWrite::put(id, Seen::Nothing, &value, Some(NOW.plus_ms(ms))).unwrap()
    };
    let writes = vec![
        at("late", -9),
        at("soon", 5),
        at("due", 0),
        note("never", Seen::Nothing, ""),
    ];
    tenant.write_records(writes).await.unwrap();
    let take = async |now: i64, until: i64, limit| {
        let (now, until) = (NOW.plus_ms(now), NOW.plus_ms(until));
        let taken = records::take::<Note>(&*tenant, now, until, limit).await;
        taken
            .unwrap()
            .into_iter()
            .map(|kept| (kept.id, kept.version))
            .collect::<Vec<_>>()
    };
    assert_eq!(take(0, 50, 1).await, [("late".to_owned(), 2)]);
    assert_eq!(take(0, 50, 9).await, [("due".to_owned(), 2)]);
    assert_eq!(take(0, 50, 9).await, []);
    let again: Vec<_> = take(50, 99, 9)
        .await
        .into_iter()
        .map(|(id, _)| id)
        .collect();
    assert_eq!(again, ["due", "late", "soon"]);
}

pub async fn records_that_are_put_together_are_each_as_the_last_write_left_it(
    store: Arc<dyn Store>,
) {
    let tenant = sample::tenant(&store, 1).await;
    tenant
        .write_records(vec![note("b", Seen::Nothing, "old")])
        .await
        .unwrap();
    let put = |id: &str, text: &str| note(id, Seen::Anything, text);
    let writes = vec![
        put("a", "1"),
        put("b", "2"),
        put("a", "3"),
        note("c", Seen::Nothing, "4"),
        put("d", "5"),
        RecordWrite::remove::<Note>("d", Seen::Anything),
        put("e", "6"),
    ];
    tenant.write_records(writes).await.unwrap();
    let asked = ["a", "b", "c", "d", "e", "no\0ne", "none"];
    let mut found = records::get_all::<Note>(&*tenant, &asked).await.unwrap();
    found.sort_by(|one, other| one.id.cmp(&other.id));
    let found: Vec<_> = found
        .iter()
        .map(|kept| (kept.id.as_str(), kept.version, kept.value.0.as_str()))
        .collect();
    let wanted = [("a", 2, "3"), ("b", 2, "2"), ("c", 1, "4"), ("e", 1, "6")];
    assert_eq!(found, wanted);
    assert_eq!(records::get_all::<Note>(&*tenant, &[]).await.unwrap(), []);
}

pub async fn records_that_are_settings_count_as_a_change_of_the_tenant(store: Arc<dyn Store>) {
    let tenant = sample::tenant(&store, 1).await;
    let write = |seen| vec![note("a", seen, "")];
    tenant.write_records(write(Seen::Nothing)).await.unwrap();
    assert_eq!(tenant.row().await.unwrap().revision, 0);
    let settings = tenant.write_settings(write(Seen::Version(1)));
    settings.await.unwrap();
    assert_eq!(tenant.row().await.unwrap().revision, 1);
    let stale = tenant.write_settings(write(Seen::Version(1)));
    stale.await.unwrap_err();
    assert_eq!(tenant.row().await.unwrap().revision, 1);
}

pub async fn who_has_something_due_is_told_with_what(store: Arc<dyn Store>) {
    let (idle, busy) = (
        sample::tenant(&store, 1).await,
        sample::tenant(&store, 2).await,
    );
    assert_eq!(store.due(NOW).await.unwrap(), []);
    sample::with_customers(&busy, &[7]).await;
    let value = Note(String::new());
    let write = RecordWrite::put("a", Seen::Nothing, &value, Some(NOW)).unwrap();
    idle.write_records(vec![write]).await.unwrap();
    let mut due = store.due(NOW).await.unwrap();
    due.sort_by_key(|due| due.records);
    let told: Vec<_> = due
        .iter()
        .map(|due| (due.tenant, due.customers, due.effects, due.records))
        .collect();
    assert_eq!(
        told,
        [
            (busy.id(), true, false, false),
            (idle.id(), false, false, true)
        ]
    );
    assert_eq!(store.due(NOW.plus_ms(-1)).await.unwrap(), []);
}

pub async fn settings_are_changed_of_the_revision_that_was_seen(store: Arc<dyn Store>) {
    let tenant = sample::tenant(&store, 1).await;
    let policy = |days| regua_domain::policy::Policy {
        grace_days: days,
        ..sample::policy()
    };
    assert_eq!(tenant.row().await.unwrap().revision, 0);
    tenant.put_policy(&policy(3), Some(0)).await.unwrap();
    let error = tenant.put_policy(&policy(4), Some(0)).await.unwrap_err();
    assert!(matches!(error, StoreError::Changed { what: "tenant", .. }));
    tenant.put_policy(&policy(5), None).await.unwrap();
    let row = tenant.row().await.unwrap();
    assert_eq!((row.revision, row.policy.grace_days), (2, 5));
}

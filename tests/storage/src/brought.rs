//! Records that commits bring.

use std::sync::Arc;

use regua_domain::dossier::Dossier;
use regua_storage::{Commit, NewRecord, Outcome, RecordsQuery, Seen, Store, TenantStore, records};

use crate::records::{Note, kept, note};
use crate::sample::{self, NOW};

/// The commit of a note that brings records.
fn with(before: &Dossier, records: Vec<NewRecord>) -> Commit {
    Commit {
        records,
        ..sample::noted(before, "with records")
    }
}

fn new(id: &str, text: &str) -> NewRecord {
    NewRecord::of(id, &Note(text.to_owned()), Some(NOW)).unwrap()
}

pub async fn records_of_a_commit_are_there_if_it_is(store: Arc<dyn Store>) {
    let tenant = sample::tenant(&store, 1).await;
    let [one, two, three] = sample::with_customers(&tenant, &[1, 2, 3])
        .await
        .try_into()
        .unwrap();
    let broken = {
        let mut commit = with(&three, vec![new("refused", "")]);
        commit.changes.journal.timeline[0].number = 0;
        commit
    };
    // A batch in which one is too late, and one breaks a rule.
    let commits = vec![
        with(&one, vec![new("a", "one"), new("b", "two")]),
        Commit {
            seen: Some(9),
            ..with(&two, vec![new("late", "")])
        },
        broken,
        with(&two, vec![new("c", "three")]),
    ];
    let outcomes = tenant.commit(commits).await.unwrap();
    assert_eq!(
        (&outcomes[0], &outcomes[3]),
        (&Outcome::Done, &Outcome::Done)
    );
    assert_eq!(outcomes[1], Outcome::Stale);
    assert!(matches!(outcomes[2], Outcome::Refused { .. }));
    let all = RecordsQuery {
        limit: 9,
        ..RecordsQuery::default()
    };
    let found = records::list::<Note>(&*tenant, &all).await.unwrap();
    let expected = [
        kept("a", 1, "one"),
        kept("b", 1, "two"),
        kept("c", 1, "three"),
    ];
    assert_eq!(found, expected);
    // They are due as any record is.
    let later = NOW.plus_ms(9);
    let due = records::take::<Note>(&*tenant, NOW, later, 9)
        .await
        .unwrap();
    assert_eq!(due.len(), 3);
}

pub async fn a_record_that_is_there_stays_as_it_is_when_a_commit_brings_it(store: Arc<dyn Store>) {
    let (tenant, other) = (
        sample::tenant(&store, 1).await,
        sample::tenant(&store, 2).await,
    );
    for tenant in [&tenant, &other] {
        let write = note("a", Seen::Nothing, "known");
        tenant.write_records(vec![write]).await.unwrap();
    }
    let before = sample::with_customers(&tenant, &[1]).await.remove(0);
    sample::done(
        &tenant,
        with(&before, vec![new("a", "new"), new("b", "new")]),
    )
    .await;
    let read = async |tenant: &Arc<dyn TenantStore>, id| {
        records::get::<Note>(&**tenant, id).await.unwrap()
    };
    assert_eq!(read(&tenant, "a").await, Some(kept("a", 1, "known")));
    assert_eq!(read(&tenant, "b").await, Some(kept("b", 1, "new")));
    assert_eq!(read(&other, "b").await, None);
}

pub async fn many_records_of_many_commits_are_all_written(store: Arc<dyn Store>) {
    let tenant = sample::tenant(&store, 1).await;
    let customers: Vec<u64> = (0..60).collect();
    let befores = sample::with_customers(&tenant, &customers).await;
    let commits: Vec<_> = befores
        .iter()
        .map(|before| {
            let id = |nth| format!("{}.{nth}", before.customer.id);
            with(before, (0..7).map(|nth| new(&id(nth), "")).collect())
        })
        .collect();
    let outcomes = tenant.commit(commits).await.unwrap();
    assert!(outcomes.iter().all(|outcome| *outcome == Outcome::Done));
    let all = RecordsQuery {
        limit: 1_000,
        ..RecordsQuery::default()
    };
    let found = records::list::<Note>(&*tenant, &all).await.unwrap();
    assert_eq!(found.len(), 60 * 7);
}

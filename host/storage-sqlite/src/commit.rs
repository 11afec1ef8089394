//! Commits: made ready by their callers, written in batches by the writer.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use regua_domain::id::{CustomerId, TenantId};
use regua_storage::{Commit, Outcome, StoreError};
use sqlx::SqliteConnection;

use crate::cells::json;
use crate::error::is_rule;
use crate::rows::{Broken, Rows, Table, Value, write};
use crate::{
    agenda, case, cover, customer, effect, fact, item, ledger, payment, record, refusal, task,
    timeline,
};

/// The tables of a change set but for cases, which are written in two ways.
const TABLES: [&Table; 14] = [
    &customer::CUSTOMER,
    &ledger::ACCOUNT,
    &item::ITEM,
    &payment::PAYMENT,
    &cover::COVER,
    &effect::EFFECT,
    &task::TASK,
    &task::INBOX,
    &task::TAKEN,
    &ledger::LEDGER,
    &timeline::TIMELINE,
    &timeline::DECISION,
    &fact::FACT,
    &record::RECORD,
];

/// A commit as rows, ready to be bound.
#[derive(Debug)]
pub(crate) struct Prepared {
    pub key: (TenantId, CustomerId),
    pub seen: Option<u64>,
    pub epoch: Option<u64>,
    pub wake: Option<i64>,
    pub release: bool,
    /// Null where it did not change.
    pub standing: Value,
    rows: [Rows; TABLES.len()],
    open: Rows,
    ended: Rows,
}

impl Prepared {
    /// Encodes a commit; done by the caller, beside the writer's work.
    pub(crate) fn new(tenant: TenantId, commit: &Commit) -> Result<Self, StoreError> {
        let key = (tenant, commit.customer);
        let changes = &commit.changes;
        let mut rows: [Rows; TABLES.len()] = std::array::from_fn(|_| Rows::default());
        let [
            customers,
            accounts,
            items,
            payments,
            covers,
            effects,
            tasks,
            added,
            taken,
            entries,
            told,
            decisions,
            facts,
            records,
        ] = &mut rows;
        if let Some(value) = &changes.customer {
            customer::put(customers, key, value)?;
        }
        for value in &changes.accounts {
            ledger::put_account(accounts, key, value);
        }
        for value in &changes.items {
            item::put(items, key, value)?;
        }
        for value in &changes.payments {
            payment::put(payments, key, value)?;
        }
        for value in &changes.covers {
            cover::put(covers, key, value)?;
        }
        for value in &changes.effects {
            effect::put(effects, key, value)?;
        }
        for value in &changes.tasks {
            task::put(tasks, key, value)?;
        }
        for value in &changes.facts_added {
            task::put_fact(added, key, value)?;
        }
        for number in &changes.facts_taken {
            taken.row(key, [(*number).into()]);
        }
        for value in &changes.journal.ledger {
            ledger::put(entries, key, value);
        }
        for value in &changes.journal.timeline {
            timeline::put(told, key, value)?;
        }
        for value in &changes.journal.decisions {
            timeline::put_decision(decisions, key, value)?;
        }
        for value in &changes.journal.facts {
            fact::put(facts, key, value)?;
        }
        for value in &commit.records {
            record::put(records, tenant, value);
        }
        let (mut open, mut ended) = (Rows::default(), Rows::default());
        for value in &changes.cases {
            let rows = if value.is_open() {
                &mut open
            } else {
                &mut ended
            };
            case::put(rows, key, value)?;
        }
        Ok(Self {
            key,
            seen: commit.seen,
            epoch: commit.epoch,
            wake: agenda::wake_of(commit.wake),
            release: commit.release,
            standing: match &changes.standing {
                Some(value) => json("standing", value)?,
                None => Value::Null,
            },
            rows,
            open,
            ended,
        })
    }
}

/// Writes a batch within the open transaction, which nothing was written in yet. Where a
/// rule of the schema is broken by any of them, all are undone and written singly, so that
/// only the offender is refused.
///
/// There is no savepoint around the batch, and statements end with `OR FAIL`, not `OR
/// ABORT`: `SQLite` would keep a copy of every page it touches to be able to go back.
pub(crate) async fn write_batch(
    connection: &mut SqliteConnection,
    commits: &[Arc<Prepared>],
) -> Result<Vec<Outcome>, sqlx::Error> {
    match write_rounds(connection, commits).await {
        Ok(outcomes) => Ok(outcomes),
        Err(broken) if is_rule(&broken.source) => {
            run(connection, "ROLLBACK").await?;
            run(connection, "BEGIN IMMEDIATE").await?;
            write_singly(connection, commits).await
        }
        Err(broken) => Err(broken.source),
    }
}

async fn run(connection: &mut SqliteConnection, sql: &'static str) -> Result<(), sqlx::Error> {
    sqlx::query(sql).execute(connection).await.map(drop)
}

/// Splits the batch so that a customer is in each round once, in the order given.
async fn write_rounds(
    connection: &mut SqliteConnection,
    commits: &[Arc<Prepared>],
) -> Result<Vec<Outcome>, Broken> {
    let mut seen: HashMap<_, usize> = HashMap::with_capacity(commits.len());
    let mut rounds: Vec<Vec<&Prepared>> = Vec::new();
    let mut places = Vec::with_capacity(commits.len());
    for commit in commits {
        let count = seen.entry(commit.key).or_default();
        if rounds.len() == *count {
            rounds.push(Vec::new());
        }
        rounds[*count].push(commit);
        places.push(*count);
        *count += 1;
    }
    let mut won = Vec::with_capacity(rounds.len());
    for round in &rounds {
        won.push(write_round(connection, round, usize::MAX).await?);
    }
    let outcome = |(commit, round): (&Arc<Prepared>, usize)| {
        if won[round].contains(&commit.key) {
            Outcome::Done
        } else {
            Outcome::Stale
        }
    };
    Ok(commits.iter().zip(places).map(outcome).collect())
}

/// Guards commits of distinct customers, and writes the rows of those that may.
async fn write_round(
    connection: &mut SqliteConnection,
    commits: &[&Prepared],
    most: usize,
) -> Result<HashSet<(TenantId, CustomerId)>, Broken> {
    let won = agenda::guard(connection, commits, most)
        .await
        .map_err(|source| Broken {
            table: "agenda",
            row: Vec::new(),
            source,
        })?;
    let winners: Vec<&Prepared> = commits
        .iter()
        .copied()
        .filter(|commit| won.contains(&commit.key))
        .collect();
    for (index, table) in TABLES.into_iter().enumerate() {
        let rows: Vec<&Rows> = winners.iter().map(|commit| &commit.rows[index]).collect();
        write(connection, table, &rows, most).await?;
    }
    let open: Vec<&Rows> = winners.iter().map(|commit| &commit.open).collect();
    let ended: Vec<&Rows> = winners.iter().map(|commit| &commit.ended).collect();
    case::put_all(connection, &open, &ended, most).await?;
    Ok(won)
}

async fn write_singly(
    connection: &mut SqliteConnection,
    commits: &[Arc<Prepared>],
) -> Result<Vec<Outcome>, sqlx::Error> {
    let mut outcomes = Vec::with_capacity(commits.len());
    for commit in commits {
        run(connection, "SAVEPOINT single").await?;
        let outcome = match write_round(connection, &[commit], 1).await {
            Ok(won) if won.is_empty() => Outcome::Stale,
            Ok(_) => Outcome::Done,
            Err(broken) if is_rule(&broken.source) => {
                run(connection, "ROLLBACK TO single").await?;
                Outcome::Refused {
                    because: refusal::words(&broken),
                }
            }
            Err(broken) => return Err(broken.source),
        };
        run(connection, "RELEASE single").await?;
        outcomes.push(outcome);
    }
    Ok(outcomes)
}

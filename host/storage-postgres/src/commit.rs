//! Commits: made ready by their callers, written in batches, a transaction each.

use std::collections::{HashMap, HashSet};
use std::pin::Pin;

use regua_domain::id::{CustomerId, TenantId};
use regua_storage::{Commit, Outcome, StoreError};
use sqlx::{Acquire as _, PgConnection, PgPool};

use crate::cells::json;
use crate::error::{backend, is_rule};
use crate::retry::Tries;
use crate::rows::{Broken, Rows, Table, Value, write};
use crate::{
    agenda, case, cover, customer, effect, fact, item, ledger, payment, record, refusal, task,
    timeline,
};

/// The tables of a change set, in the order in which they are written, which is every store's:
/// of two rules that a commit breaks, all tell the same. Cases that end come before those that
/// are open: another one in the currency may be opened in the same breath.
const TABLES: [&Table; 16] = [
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
    &case::CASE,
    &case::CASE,
];

/// A commit as rows, ready to be bound.
#[derive(Debug)]
pub(crate) struct Prepared {
    pub customer: CustomerId,
    pub seen: Option<u64>,
    pub epoch: Option<u64>,
    pub wake: Option<i64>,
    pub release: bool,
    /// Null where it did not change.
    pub standing: Value,
    rows: [Rows; TABLES.len()],
}

impl Prepared {
    /// Encodes a commit.
    pub(crate) fn new(commit: &Commit) -> Result<Self, StoreError> {
        let id = commit.customer;
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
            ended,
            open,
        ] = &mut rows;
        if let Some(value) = &changes.customer {
            customer::put(customers, id, value)?;
        }
        for value in &changes.accounts {
            ledger::put_account(accounts, id, value);
        }
        for value in &changes.items {
            item::put(items, id, value)?;
        }
        for value in &changes.payments {
            payment::put(payments, id, value)?;
        }
        for value in &changes.covers {
            cover::put(covers, id, value)?;
        }
        for value in &changes.cases {
            let rows = if value.is_open() {
                &mut *open
            } else {
                &mut *ended
            };
            case::put(rows, id, value)?;
        }
        for value in &changes.effects {
            effect::put(effects, id, value)?;
        }
        for value in &changes.tasks {
            task::put(tasks, id, value)?;
        }
        for value in &changes.facts_added {
            task::put_fact(added, id, value)?;
        }
        for number in &changes.facts_taken {
            taken.row(id, [(*number).into()]);
        }
        for value in &changes.journal.ledger {
            ledger::put(entries, id, value);
        }
        for value in &changes.journal.timeline {
            timeline::put(told, id, value)?;
        }
        for value in &changes.journal.decisions {
            timeline::put_decision(decisions, id, value)?;
        }
        // One row for each id, the last: a statement cannot write a row twice.
        let last: HashMap<_, _> = changes
            .journal
            .facts
            .iter()
            .enumerate()
            .map(|(place, fact)| (fact.id, place))
            .collect();
        for (place, value) in changes.journal.facts.iter().enumerate() {
            if last.get(&value.id) == Some(&place) {
                fact::put(facts, id, value)?;
            }
        }
        for value in &commit.records {
            record::put(records, value);
        }
        Ok(Self {
            customer: id,
            seen: commit.seen,
            epoch: commit.epoch,
            wake: agenda::wake_of(commit.wake),
            release: commit.release,
            standing: match &changes.standing {
                Some(value) => json("standing", value)?,
                None => Value::Null,
            },
            rows,
        })
    }
}

/// Writes a batch in a transaction of its own, and says what became of each commit. An error
/// where that is not known for certain, above all when the connection is lost while the
/// database commits.
pub(crate) async fn write_batch(
    pool: &PgPool,
    tenant: TenantId,
    commits: &[Prepared],
) -> Result<Vec<Outcome>, StoreError> {
    let mut tries = Tries::default();
    loop {
        match try_batch(pool, tenant, commits).await {
            Err(error) if tries.again(&error).await => {}
            result => return result.map_err(backend("commit")),
        }
    }
}

async fn try_batch(
    pool: &PgPool,
    tenant: TenantId,
    commits: &[Prepared],
) -> Result<Vec<Outcome>, sqlx::Error> {
    let mut transaction = pool.begin().await?;
    let all: Vec<&Prepared> = commits.iter().collect();
    match write_rounds(&mut transaction, tenant, &all).await {
        Ok(outcomes) => {
            transaction.commit().await?;
            return Ok(outcomes);
        }
        Err(broken) if is_rule(&broken.source) => transaction.rollback().await?,
        Err(broken) => return Err(broken.source),
    }
    // Some commit breaks a rule: it is found by halving, under savepoints. Rows are taken
    // beforehand, for halves are not in the order in which rows are to be taken.
    let mut transaction = pool.begin().await?;
    let customers: Vec<_> = all.iter().map(|commit| commit.customer.0).collect();
    sqlx::query(agenda::TAKE)
        .bind(vec![tenant.0; customers.len()])
        .bind(customers)
        .execute(&mut *transaction)
        .await?;
    let outcomes = write_part(&mut transaction, tenant, &all).await?;
    transaction.commit().await?;
    Ok(outcomes)
}

type Outcomes<'a> = Pin<Box<dyn Future<Output = Result<Vec<Outcome>, sqlx::Error>> + Send + 'a>>;

/// Writes commits under a savepoint, in two halves where they break a rule together.
fn write_part<'a>(
    connection: &'a mut PgConnection,
    tenant: TenantId,
    commits: &'a [&'a Prepared],
) -> Outcomes<'a> {
    Box::pin(async move {
        let mut savepoint = connection.begin().await?;
        let broken = match write_rounds(&mut savepoint, tenant, commits).await {
            Ok(outcomes) => {
                savepoint.commit().await?;
                return Ok(outcomes);
            }
            Err(broken) if is_rule(&broken.source) => broken,
            Err(broken) => return Err(broken.source),
        };
        savepoint.rollback().await?;
        if commits.len() == 1 {
            let because = refusal::words(&broken);
            return Ok(vec![Outcome::Refused { because }]);
        }
        let (first, second) = commits.split_at(commits.len() / 2);
        let mut outcomes = write_part(connection, tenant, first).await?;
        outcomes.extend(write_part(connection, tenant, second).await?);
        Ok(outcomes)
    })
}

/// Splits the batch so that a customer is in each round once, in the order given.
async fn write_rounds(
    connection: &mut PgConnection,
    tenant: TenantId,
    commits: &[&Prepared],
) -> Result<Vec<Outcome>, Broken> {
    let mut seen: HashMap<_, usize> = HashMap::with_capacity(commits.len());
    let mut rounds: Vec<Vec<&Prepared>> = Vec::new();
    let mut places = Vec::with_capacity(commits.len());
    for commit in commits {
        let count = seen.entry(commit.customer).or_default();
        if rounds.len() == *count {
            rounds.push(Vec::new());
        }
        rounds[*count].push(commit);
        places.push(*count);
        *count += 1;
    }
    let mut won = Vec::with_capacity(rounds.len());
    for round in &mut rounds {
        // Every node takes rows in this order, so that no two wait for each other.
        round.sort_unstable_by_key(|commit| commit.customer);
        won.push(write_round(connection, tenant, round).await?);
    }
    let outcome = |(commit, round): (&&Prepared, usize)| {
        if won[round].contains(&commit.customer) {
            Outcome::Done
        } else {
            Outcome::Stale
        }
    };
    Ok(commits.iter().zip(places).map(outcome).collect())
}

/// Guards commits of distinct customers, and writes the rows of those that may.
async fn write_round(
    connection: &mut PgConnection,
    tenant: TenantId,
    commits: &[&Prepared],
) -> Result<HashSet<CustomerId>, Broken> {
    let won = agenda::guard(connection, tenant, commits).await?;
    for (index, table) in TABLES.into_iter().enumerate() {
        let rows: Vec<&[Value]> = commits
            .iter()
            .filter(|commit| won.contains(&commit.customer))
            .flat_map(|commit| commit.rows[index].of(table))
            .collect();
        // Alone, row by row: which one breaks a rule is told by the row.
        let at_once = if commits.len() == 1 { 1 } else { rows.len() };
        for rows in rows.chunks(at_once.max(1)) {
            write(connection, tenant, table, rows).await?;
        }
    }
    Ok(won)
}

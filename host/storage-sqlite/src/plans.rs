//! Every statement of the hot path finds its rows by a key: none walks a table, however
//! deep the backlog.

use sqlx::{AssertSqlSafe, ConnectOptions as _, Row as _, SqliteConnection};

use crate::options::Options;
use crate::rows::Table;
use crate::{agenda, case, cover, customer, effect, fact, item, ledger, list, load, payment, task};

async fn open(folder: &tempfile::TempDir) -> SqliteConnection {
    let path = folder.path().join("plans.db");
    let mut connection = Options::default()
        .connect(&path, 1_024)
        .connect()
        .await
        .unwrap();
    sqlx::migrate!("../../migrations/sqlite")
        .run(&mut connection)
        .await
        .unwrap();
    connection
}

async fn plan(connection: &mut SqliteConnection, sql: &str) -> Vec<String> {
    let sql = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"));
    let rows = sqlx::query(sql).fetch_all(connection).await.unwrap();
    rows.iter().map(|row| row.get(3)).collect()
}

/// Walks over a list of values are no walks over a table.
fn walks(plan: &[String]) -> Vec<&String> {
    let is_list = |line: &str| line.ends_with("VALUES CLAUSE");
    plan.iter()
        .filter(|line| line.starts_with("SCAN") && !is_list(line))
        .collect()
}

#[tokio::test]
async fn claim_takes_the_due_from_their_index_and_sorts_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut connection = open(&folder).await;
    sqlx::query(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
        INSERT INTO agenda (tenant, customer, version, wake_at, lease_until)
        SELECT zeroblob(16), randomblob(16), 1, i, iif(i < 5000, 1, NULL) FROM n",
    )
    .execute(&mut connection)
    .await
    .unwrap();
    sqlx::query("ANALYZE")
        .execute(&mut connection)
        .await
        .unwrap();
    let plan = plan(&mut connection, agenda::CLAIM).await;
    assert!(walks(&plan).is_empty(), "{plan:#?}");
    let due = "SEARCH agenda USING INDEX agenda_due (tenant=? AND wake_at<?)";
    assert!(plan.iter().any(|line| line == due), "{plan:#?}");
    assert!(
        !plan.iter().any(|line| line.contains("TEMP B-TREE")),
        "{plan:#?}"
    );
}

#[tokio::test]
async fn pinned_cases_are_found_from_where_the_page_before_ended() {
    let folder = tempfile::tempdir().unwrap();
    let mut connection = open(&folder).await;
    let plan = plan(&mut connection, agenda::PINNED).await;
    let from = "SEARCH dunning_case USING INDEX dunning_case_open_id (tenant=? AND case_id>?)";
    assert!(plan.iter().any(|line| line == from), "{plan:#?}");
}

#[tokio::test]
async fn loading_and_committing_walk_no_table() {
    let folder = tempfile::tempdir().unwrap();
    let mut connection = open(&folder).await;
    let lists = [
        customer::BY_IDS,
        ledger::ACCOUNTS,
        item::OPEN,
        item::BY_REFERENCE,
        item::BY_IDS,
        item::OF_PARENTS,
        payment::PENDING,
        payment::BY_REFERENCE,
        cover::ACTIVE,
        case::RECENT,
        effect::RECENT,
        task::OPEN,
        task::WAITING,
        fact::COMING,
    ];
    let tables: [&Table; 2] = [&agenda::GUARD, &task::TAKEN];
    let statements = lists
        .iter()
        .map(|head| list::sql(head, 128))
        .chain(tables.iter().map(|table| table.statement(128)))
        .chain([agenda::EXPIRE.to_owned(), agenda::HELD.to_owned()])
        .chain([load::statement(128)]);
    for sql in statements {
        let plan = plan(&mut connection, &sql).await;
        assert!(walks(&plan).is_empty(), "{sql}\n{plan:#?}");
        let rows_of_customer = plan.iter().filter(|line| line.starts_with("SEARCH"));
        for line in rows_of_customer {
            assert!(
                !line.ends_with("(tenant=?)"),
                "the whole tenant is walked: {sql}\n{plan:#?}"
            );
        }
    }
}

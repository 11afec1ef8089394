//! Every statement of the hot path finds its rows by a key: none walks a table, however
//! deep the backlog, and whether or not the server has statistics.

use regua_test_kit::postgres::Database;
use sqlx::{AssertSqlSafe, PgConnection, Row as _};

use crate::options::Options;
use crate::rows::Table;
use crate::{
    agenda, case, cover, customer, effect, fact, item, ledger, outbox, payment, task, timeline,
};

/// A deep backlog: 20,000 customers of whom all are due, a quarter of them leased, each with
/// a row of everything.
const BACKLOG: &str = "
    INSERT INTO agenda (tenant, customer, version, wake_at, lease_until)
    SELECT '00000000-0000-0000-0000-000000000000'::uuid, gen_random_uuid(), 1, n,
        CASE WHEN n % 4 = 0 THEN n END
    FROM generate_series(1, 20000) n;
    INSERT INTO customer SELECT tenant, customer, customer::text, '', NULL, 'consumer', '', '', '',
        '[]', '{}', '[]', '[]', NULL FROM agenda;
    INSERT INTO account SELECT tenant, customer, 'BRL', 0 FROM agenda;
    INSERT INTO item SELECT tenant, customer, customer, customer::text, 'BRL', 'invoice', NULL, NULL,
        0, 0, 1, 1, 'chased', 'unknown', false, '[]', NULL, '[]', NULL, NULL, NULL FROM agenda;
    INSERT INTO payment SELECT tenant, customer, customer, customer::text, 'BRL', 1, 'pending', 0,
        '[]', 0 FROM agenda;
    INSERT INTO cover SELECT tenant, customer, customer, 'hold', 'BRL', '', '[]', NULL, NULL, '[]',
        0, 0, 'active' FROM agenda;
    INSERT INTO dunning_case SELECT tenant, customer, customer, 'BRL', 'standard', 1, 0, NULL, 1,
        NULL, '{}', NULL, '[]', NULL, 0, 0 FROM agenda;
    INSERT INTO effect SELECT tenant, customer, customer, 0, 0, 'queued', '', 0, NULL, '', '', 0,
        '{}', '{}', 0, 0 FROM agenda;
    INSERT INTO task SELECT tenant, customer, customer, 'open', 0, '{}' FROM agenda;
    INSERT INTO inbox SELECT tenant, customer, 0, NULL, '{}' FROM agenda;
    INSERT INTO timeline SELECT tenant, customer, 0, NULL, 0, 0, '{}' FROM agenda;
    INSERT INTO fact SELECT tenant, customer, customer, 0, false, '{}' FROM agenda;";

async fn open(database: &Database) -> sqlx::PgPool {
    let options = Options::default();
    let connect = options.connect(database.url()).unwrap();
    let pool = options.pool(connect);
    let mut connection = pool.acquire().await.unwrap();
    crate::migrate::run(&mut connection).await.unwrap();
    drop(connection);
    pool
}

/// The plan of a statement, for lists of 512; `values` are those that are no lists, in order.
async fn plan(connection: &mut PgConnection, sql: &str, values: &[&str]) -> Vec<String> {
    let mut values = values.iter();
    let mut given = Vec::new();
    for place in 1.. {
        let name = format!("${place}");
        let Some(at) = sql.rfind(&name) else { break };
        let kind = sql[..at + name.len()]
            .find(&format!("{name}::"))
            .or_else(|| sql.find(&format!("{name}::")));
        let list = kind.and_then(|at| {
            let kind = &sql[at + name.len() + 2..];
            kind.split_once("[]").map(|(kind, _)| kind)
        });
        given.push(match list {
            Some(kind) if kind.chars().all(char::is_alphabetic) => {
                format!("array_fill(NULL::{kind}, ARRAY[512])")
            }
            _ => format!("'{}'", values.next().expect("a value")),
        });
    }
    for sql in [
        format!("PREPARE asked AS {sql}"),
        format!("EXPLAIN (COSTS OFF) EXECUTE asked ({})", given.join(", ")),
    ] {
        let rows = sqlx::raw_sql(AssertSqlSafe(sql.clone()))
            .fetch_all(&mut *connection)
            .await
            .unwrap_or_else(|error| panic!("{sql}: {error}"));
        if !rows.is_empty() {
            sqlx::raw_sql("DEALLOCATE asked")
                .execute(connection)
                .await
                .unwrap();
            return rows.iter().map(|row| row.get(0)).collect();
        }
    }
    panic!("no plan of {sql}")
}

const TENANT: &str = "00000000-0000-0000-0000-000000000000";

fn assert_by_key(sql: &str, plan: &[String]) {
    let text = plan.join("\n");
    for walk in ["Seq Scan", "Bitmap", "Hash", "Merge", "Materialize"] {
        assert!(!text.contains(walk), "{walk}: {sql}\n{text}");
    }
    for (place, line) in plan.iter().enumerate() {
        if line.contains("Index") && line.contains("Scan") && line.contains(" on ") {
            let condition = plan.get(place + 1).map_or("", String::as_str);
            assert!(
                condition.contains("Index Cond") && condition.contains(" AND "),
                "a whole tenant is walked: {sql}\n{text}"
            );
        }
    }
}

#[tokio::test]
async fn claim_takes_the_due_from_their_index_and_sorts_nothing() {
    let database = Database::create();
    let pool = open(&database).await;
    let mut connection = pool.acquire().await.unwrap();
    for filling in [BACKLOG, "ANALYZE"] {
        sqlx::raw_sql(filling)
            .execute(&mut *connection)
            .await
            .unwrap();
        for sql in [agenda::CLAIM, agenda::IS_DUE] {
            let plan = plan(&mut connection, sql, &[TENANT, "9000", "512", "99999"]).await;
            assert_by_key(sql, &plan);
            let text = plan.join("\n");
            assert!(text.contains("agenda_due on agenda"), "{text}");
            assert!(!text.contains("Sort"), "{text}");
        }
        let first = "00000000-0000-0000-0000-000000000000";
        let pinned = [TENANT, first, "standard", "1000"];
        let text = plan(&mut connection, agenda::PINNED, &pinned)
            .await
            .join("\n");
        assert!(text.contains("dunning_case_open_id"), "{text}");
        assert!(text.contains("case_id >"), "{text}");
        for sql in [agenda::EXPIRE, agenda::HELD] {
            let plan = plan(&mut connection, sql, &[TENANT, "9000", "9000"]).await;
            assert_by_key(sql, &plan);
            let text = plan.join("\n");
            assert!(text.contains("agenda_leased on agenda"), "{text}");
        }
    }
}

#[tokio::test]
async fn who_has_something_due_is_told_by_a_look_into_each_index() {
    let database = Database::create();
    let pool = open(&database).await;
    let mut connection = pool.acquire().await.unwrap();
    let tenant = "INSERT INTO tenant (tenant, name, policy)
        SELECT tenant, 'one', '{}' FROM agenda LIMIT 1";
    for filling in [BACKLOG, tenant, "ANALYZE"] {
        sqlx::raw_sql(filling)
            .execute(&mut *connection)
            .await
            .unwrap();
        let plan = plan(&mut connection, outbox::DUE, &["9000"])
            .await
            .join("\n");
        let looks = plan.matches("Index Cond: ((tenant = t.tenant) AND").count();
        assert_eq!((looks, plan.matches("Limit").count()), (4, 4), "{plan}");
        assert!(!plan.contains("hashed"), "{plan}");
    }
}

#[tokio::test]
async fn the_outbox_is_listed_from_its_index_and_nothing_is_sorted() {
    let database = Database::create();
    let pool = open(&database).await;
    let mut connection = pool.acquire().await.unwrap();
    for filling in [BACKLOG, "ANALYZE"] {
        sqlx::raw_sql(filling)
            .execute(&mut *connection)
            .await
            .unwrap();
        let plan = plan(
            &mut connection,
            effect::QUEUED,
            &[TENANT, "-1", TENANT, "100"],
        )
        .await;
        assert_by_key(effect::QUEUED, &plan);
        let text = plan.join("\n");
        assert!(text.contains("using effect_queued"), "{text}");
        assert!(!text.contains("Sort"), "{text}");
    }
}

#[tokio::test]
async fn loading_and_committing_walk_no_table() {
    let database = Database::create();
    let pool = open(&database).await;
    let mut connection = pool.acquire().await.unwrap();
    let lists = [
        customer::BY_IDS,
        customer::BY_REFERENCE,
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
        fact::BY_IDS,
    ];
    let tables: [&Table; 7] = [
        &agenda::GUARD,
        &agenda::NEW,
        &agenda::RELEASE,
        &task::TAKEN,
        &case::CASE,
        &effect::EFFECT,
        &timeline::TIMELINE,
    ];
    let statements: Vec<String> = lists
        .iter()
        .map(|sql| (*sql).to_owned())
        .chain(tables.iter().map(|table| table.statement()))
        .collect();
    for filling in [BACKLOG, "ANALYZE"] {
        sqlx::raw_sql(filling)
            .execute(&mut *connection)
            .await
            .unwrap();
        for sql in &statements {
            let plan = plan(&mut connection, sql, &["0", "0"]).await;
            assert_by_key(sql, &plan);
        }
        // Rows are taken in the order of the list.
        let guard = agenda::GUARD.statement();
        let plan = plan(&mut connection, &guard, &[]).await;
        let place = |text: &str| plan.iter().position(|line| line.contains(text));
        assert!(place("Function Scan") < place("Index Scan"), "{plan:#?}");
    }
}

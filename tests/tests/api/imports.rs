//! Bulk imports.

use std::fmt::Write as _;
use std::time::Instant;

use http::Method;
use regua_domain::id::TenantId;
use regua_http::jobs::run_due;
use regua_http::key::Role;
use serde_json::{Value, json};

use crate::kit::{Answer, Client, Host, invoice, maria};

async fn import(client: &Client, text: &str) -> Answer {
    let headers = [("content-type", "application/x-ndjson")];
    let body = text.as_bytes().to_vec();
    client
        .call(Method::POST, "/v1/imports", &headers, body)
        .await
}

fn line(kind: &str, mut value: Value) -> String {
    value["type"] = json!(kind);
    value.to_string()
}

/// A customer of this reference.
fn customer(reference: &str) -> String {
    let mut value = maria();
    value["customer"] = json!(reference);
    line("customer", value)
}

#[tokio::test]
async fn an_import_is_worked_off_and_reports_every_line() {
    let host = Host::start().await;
    let tenant = host.sandbox("acme").await;
    let ingest = host.client(tenant, Role::Ingest).await;
    let payment = json!({
        "customer": "C-1", "reference": "P-1", "paid_on": "2026-03-02", "invoices": ["F-1"],
        "amount": { "amount": "100.00", "currency": "BRL" },
    });
    let bad = json!({ "customer": "C-1", "reference": "F-2", "colour": "red" });
    let nobody = json!({
        "customer": "C-9", "reference": "F-9", "issued_on": "2026-03-02", "due_on": "2026-03-04",
        "amount": { "amount": "1.00", "currency": "BRL" },
    });
    let text = [
        customer("C-1"),
        line("invoice", invoice("F-1")),
        String::new(),
        line("payment", payment),
        line("invoice", bad),
        line("invoice", nobody),
        "{".to_owned(),
        line("wish", json!({})),
    ]
    .join("\n");
    let job = import(&ingest, &text).await.expect(202);
    assert_eq!(
        (&job["state"], &job["lines"]),
        (&json!("running"), &json!(8))
    );
    let path = format!("/v1/imports/{}", job["id"].as_str().unwrap());
    assert!(run_due(&host.engine, tenant).await.unwrap());
    assert!(!run_due(&host.engine, tenant).await.unwrap());
    let report = ingest.get(&path).await.expect(200);
    assert_eq!(
        (&report["state"], &report["lines_done"]),
        (&json!("done"), &json!(8))
    );
    let counts = |kind: &str, outcome: &str| report["counts"][kind][outcome].as_u64().unwrap();
    assert_eq!(
        (counts("customer", "taken"), counts("invoice", "taken")),
        (1, 1)
    );
    assert_eq!(
        (counts("invoice", "refused"), counts("unknown", "refused")),
        (2, 2)
    );
    let faults = report["faults"].as_array().unwrap();
    let places: Vec<_> = faults
        .iter()
        .map(|fault| {
            (
                fault["line"].as_u64().unwrap(),
                fault["pointer"].as_str().unwrap(),
            )
        })
        .collect();
    for place in [
        (5, "/colour"),
        (5, "/amount"),
        (6, ""),
        (7, ""),
        (8, "/type"),
    ] {
        assert!(places.contains(&place), "{places:?}");
    }
    let admin = host.client(tenant, Role::Admin).await;
    let read = admin.get("/v1/invoices/F-1").await.expect(200);
    assert_eq!(read["outstanding"]["amount"], "150.00");
    let listed = ingest.get("/v1/imports").await.expect(200);
    assert_eq!(listed["data"][0]["id"], job["id"]);
    ingest.delete(&path).await.expect(409);
}

/// Works a text off as an import of a role; its report.
async fn worked_off(host: &Host, tenant: TenantId, role: Role, text: &str) -> Value {
    let client = host.client(tenant, role).await;
    let job = import(&client, text).await.expect(202);
    assert!(run_due(&host.engine, tenant).await.unwrap());
    let path = format!("/v1/imports/{}", job["id"].as_str().unwrap());
    client.get(&path).await.expect(200)
}

/// A line of a group, with an id.
fn grouped(kind: &str, id: u32, group: u32, mut value: Value) -> String {
    value["id"] = json!(format!("fact_{id:032x}"));
    value["group"] = json!(group);
    line(kind, value)
}

#[tokio::test]
async fn lines_of_a_group_are_told_whole_or_not_at_all_and_by_their_ids_once() {
    let host = Host::start().await;
    let tenant = host.sandbox("acme").await;
    let pay = |reference: &str, invoice: &str| {
        json!({
            "customer": "C-1", "reference": reference, "paid_on": "2026-03-02",
            "invoices": [invoice], "amount": { "amount": "100.00", "currency": "BRL" },
        })
    };
    let mut bad = invoice("F-2");
    bad["amount"]["amount"] = json!("-1.00");
    let text = [
        customer("C-1"),
        grouped("invoice", 1, 1, invoice("F-1")),
        grouped("payment", 2, 1, pay("P-1", "F-1")),
        grouped("payment", 3, 2, pay("P-2", "F-1")),
        grouped("invoice", 4, 2, bad),
    ]
    .join("\n");
    let report = worked_off(&host, tenant, Role::Ingest, &text).await;
    let counts = &report["counts"];
    assert_eq!(
        (&counts["payment"]["taken"], &counts["payment"]["refused"]),
        (&json!(1), &json!(1)),
        "{report}"
    );
    // The line that is at fault says why, for both.
    let lines: Vec<_> = report["faults"].as_array().unwrap().iter().collect();
    assert_eq!(lines.len(), 1, "{report}");
    assert_eq!(lines[0]["line"], 5);
    // So does one that cannot be read at all.
    let mut unread = invoice("F-3");
    unread["colour"] = json!("red");
    let text_of_two = [
        grouped("payment", 5, 3, pay("P-3", "F-1")),
        grouped("invoice", 6, 3, unread),
    ]
    .join("\n");
    let report = worked_off(&host, tenant, Role::Ingest, &text_of_two).await;
    assert_eq!(report["counts"]["payment"]["refused"], 1, "{report}");
    assert_eq!(report["faults"][0]["pointer"], "/colour", "{report}");
    assert_eq!(report["faults"].as_array().unwrap().len(), 1, "{report}");
    // And one that could be meant in two ways.
    let twice = grouped("invoice", 7, 4, invoice("F-4"));
    let twice = twice.replacen('{', r#"{"customer":"C-2","group":5,"reference":"F-5","#, 1);
    let text_of_two = [grouped("payment", 8, 4, pay("P-4", "F-1")), twice].join("\n");
    let report = worked_off(&host, tenant, Role::Ingest, &text_of_two).await;
    assert_eq!(report["counts"]["payment"]["refused"], 1, "{report}");
    let detail = report["faults"][0]["detail"].as_str().unwrap();
    assert!(detail.contains("is given twice"), "{report}");
    let again = worked_off(&host, tenant, Role::Ingest, &text).await;
    assert_eq!(again["counts"]["payment"]["known"], 1, "{again}");
    assert_eq!(again["counts"]["invoice"]["known"], 1, "{again}");
}

#[tokio::test]
async fn a_line_tells_whatever_its_sender_could_tell_at_the_single_endpoint() {
    let host = Host::start().await;
    let tenant = host.sandbox("acme").await;
    let of = |kind: &str, mut value: Value| {
        value["customer"] = json!("C-1");
        line(kind, value)
    };
    let money = json!({ "amount": "1.00", "currency": "BRL" });
    let effect = format!("case_{:032x}.1.0", 7);
    let desk = [
        of("reply", json!({ "reason": "cash-flow" })),
        of(
            "promise",
            json!({ "amount": money, "due_on": "2026-03-20" }),
        ),
        of(
            "dispute",
            json!({ "invoice": "F-1", "reference": "D-1", "reason": "other" }),
        ),
        of(
            "resolve-dispute",
            json!({ "invoice": "F-1", "upheld": false }),
        ),
        of("hold", json!({ "reason": "away", "until": "2026-03-04" })),
        of("lift-hold", json!({})),
    ];
    let all = [
        customer("C-1"),
        line("invoice", invoice("F-1")),
        of("delivery", json!({ "invoice": "F-1", "state": "sent" })),
        of(
            "credit-note",
            json!({ "invoice": "F-1", "reference": "N-1", "amount": money }),
        ),
        of("opt-out", json!({ "channel": "email" })),
        of("opt-in", json!({ "channel": "email" })),
        of(
            "payment",
            json!({ "reference": "P-1", "amount": money, "paid_on": "2026-03-02", "pending": true }),
        ),
        of(
            "payment-failure",
            json!({ "payment": "P-1", "code": "no-funds" }),
        ),
        of(
            "payment",
            json!({ "reference": "P-2", "amount": money, "paid_on": "2026-03-02" }),
        ),
        of(
            "payment-reversal",
            json!({ "payment": "P-2", "code": "back" }),
        ),
        of("void", json!({ "invoice": "F-1" })),
        of("result", json!({ "key": effect, "result": "delivered" })),
        of("accept-offer", json!({ "key": effect, "plan": 1 })),
        of("decline-offer", json!({ "key": effect })),
    ];
    let text = [&all[..5], &desk, &all[5..]].concat().join("\n");
    let report = worked_off(&host, tenant, Role::Ingest, &text).await;
    let places = |report: &Value| -> Vec<(u64, String)> {
        let faults = report["faults"].as_array().unwrap().iter();
        faults
            .map(|fault| {
                let pointer = fault["pointer"].as_str().unwrap().to_owned();
                (fault["line"].as_u64().unwrap(), pointer)
            })
            .collect()
    };
    // What the desk tells is not for a billing system; and nobody knows the effect.
    let unknown = [(18, ""), (19, ""), (20, "")].map(|(line, at)| (line, at.to_owned()));
    let mut expected: Vec<_> = (6..12).map(|line| (line, "/type".to_owned())).collect();
    expected.extend(unknown.clone());
    assert_eq!(places(&report), expected, "{report}");
    let other = host.sandbox("other").await;
    let text = [&all[..2], &desk].concat().join("\n");
    let report = worked_off(&host, other, Role::Admin, &text).await;
    assert_eq!(places(&report), [], "{report}");
    for kind in [
        "reply",
        "promise",
        "dispute",
        "resolve-dispute",
        "hold",
        "lift-hold",
    ] {
        assert_eq!(report["counts"][kind]["taken"], 1, "{kind}: {report}");
    }
}

#[tokio::test]
async fn faults_beyond_a_thousand_are_counted() {
    let host = Host::start().await;
    let tenant = host.sandbox("acme").await;
    let text = "{}\n".repeat(1_200);
    let report = worked_off(&host, tenant, Role::Ingest, &text).await;
    assert_eq!(report["faults"].as_array().unwrap().len(), 1_000);
    assert_eq!(report["faults_left_out"], 200);
}

#[tokio::test]
async fn an_import_that_is_stopped_is_not_worked_on() {
    let host = Host::start().await;
    let tenant = host.sandbox("acme").await;
    let ingest = host.client(tenant, Role::Ingest).await;
    let job = import(&ingest, &customer("C-1")).await.expect(202);
    let path = format!("/v1/imports/{}", job["id"].as_str().unwrap());
    assert_eq!(ingest.delete(&path).await.expect(200)["state"], "cancelled");
    assert!(!run_due(&host.engine, tenant).await.unwrap());
    let admin = host.client(tenant, Role::Admin).await;
    admin.get("/v1/customers/C-1").await.expect(404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_import_that_is_stopped_while_it_is_worked_on_tells_what_was_told() {
    let host = Host::start().await;
    let tenant = host.sandbox("acme").await;
    let ingest = host.client(tenant, Role::Ingest).await;
    let lines = (0..12_000).map(|number| customer(&format!("C-{number}")));
    let text = lines.collect::<Vec<_>>().join("\n");
    let job = import(&ingest, &text).await.expect(202);
    let path = format!("/v1/imports/{}", job["id"].as_str().unwrap());
    let engine = host.engine.clone();
    let working = tokio::spawn(async move { run_due(&engine, tenant).await.unwrap() });
    let admin = host.client(tenant, Role::Admin).await;
    while admin.get("/v1/customers").await.expect(200)["data"] == json!([]) {
        tokio::task::yield_now().await;
    }
    let stopped = ingest.delete(&path).await.status;
    assert!(matches!(stopped, 200 | 409), "{stopped}");
    assert!(working.await.unwrap());
    assert!(!run_due(&host.engine, tenant).await.unwrap());
    let report = ingest.get(&path).await.expect(200);
    let (mut told, mut page) = (0, "/v1/customers?limit=500".to_owned());
    loop {
        let read = admin.get(&page).await.expect(200);
        told += read["data"].as_array().unwrap().len();
        let Some(next) = read["next"].as_str() else {
            break;
        };
        page = format!("/v1/customers?limit=500&after={next}");
    }
    let state = if stopped == 200 { "cancelled" } else { "done" };
    assert_eq!(
        (
            &report["state"],
            &report["lines_done"],
            &report["counts"]["customer"]["taken"]
        ),
        (&json!(state), &json!(told), &json!(told))
    );
    assert!(stopped == 409 || told < 12_000, "it went on to its end");
}

#[tokio::test]
async fn what_is_no_import_is_refused_before_anything_is_kept() {
    let host = Host::start().await;
    let tenant = host.sandbox("acme").await;
    let ingest = host.client(tenant, Role::Ingest).await;
    import(&ingest, "").await.expect(400);
    let long = format!("{}\n{{}}\n", "x".repeat((256 << 10) + 1));
    let problem = import(&ingest, &long).await.expect(422);
    assert!(
        problem["detail"].as_str().unwrap().contains("line 1"),
        "{problem}"
    );
    ingest.post("/v1/imports", &json!({})).await.expect(415);
    assert_eq!(
        ingest.get("/v1/imports").await.expect(200)["data"],
        json!([])
    );
    host.client(tenant, Role::Viewer)
        .await
        .get("/v1/imports")
        .await
        .expect(403);
}

#[tokio::test]
async fn a_job_that_somebody_took_is_nobody_elses_until_they_are_silent_for_long() {
    let host = Host::start().await;
    let tenant = host.sandbox("acme").await;
    let ingest = host.client(tenant, Role::Ingest).await;
    import(&ingest, &customer("C-1")).await.expect(202);
    // Somebody takes it, and dies.
    let now = host.engine.clock().now();
    let store = host.engine.store().tenant(tenant);
    let taken = store
        .take_due("job", now, now.plus_ms(60_000), 1)
        .await
        .unwrap();
    assert_eq!(taken.len(), 1);
    assert!(!run_due(&host.engine, tenant).await.unwrap());
    host.clock.set(now.plus_ms(60_000));
    assert!(run_due(&host.engine, tenant).await.unwrap());
    let admin = host.client(tenant, Role::Admin).await;
    admin.get("/v1/customers/C-1").await.expect(200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_host_told_before_it_died_is_counted_as_taken() {
    const CUSTOMERS: usize = 3_000;
    let host = Host::start().await;
    let tenant = host.sandbox("acme").await;
    let ingest = host.client(tenant, Role::Ingest).await;
    let lines = (0..CUSTOMERS).map(|number| customer(&format!("C-{number}")));
    let text = lines.collect::<Vec<_>>().join("\n");
    let job = import(&ingest, &text).await.expect(202);
    let path = format!("/v1/imports/{}", job["id"].as_str().unwrap());
    let engine = host.engine.clone();
    let working = tokio::spawn(async move { run_due(&engine, tenant).await });
    let store = host.engine.store().tenant(tenant);
    let one = ["C-0".to_owned()];
    while store.find(&one).await.unwrap() == [None] {
        tokio::task::yield_now().await;
    }
    working.abort();
    let _ = working.await;
    let long_after = host.engine.clock().now().plus_ms(3_600_000);
    host.clock.set(long_after);
    while run_due(&host.engine, tenant).await.unwrap() {}
    let report = ingest.get(&path).await.expect(200);
    let counts = &report["counts"]["customer"];
    assert_eq!(
        (&report["state"], &counts["taken"], &counts["known"]),
        (&json!("done"), &json!(CUSTOMERS), &json!(0)),
        "{report}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_lines_are_told_in_many_pieces() {
    const CUSTOMERS: usize = 2_000;
    let host = Host::start().await;
    let tenant = host.sandbox("acme").await;
    let ingest = host.client(tenant, Role::Ingest).await;
    let mut text = String::new();
    for number in 0..CUSTOMERS {
        let reference = format!("C-{number}");
        let _ = writeln!(text, "{}", customer(&reference));
        for part in 0..4 {
            let mut value = invoice(&format!("F-{number}-{part}"));
            value["customer"] = json!(reference);
            let _ = writeln!(text, "{}", line("invoice", value));
        }
    }
    let job = import(&ingest, &text).await.expect(202);
    let began = Instant::now();
    assert!(run_due(&host.engine, tenant).await.unwrap());
    let lines = CUSTOMERS * 5;
    println!("{} lines in {:?}", lines, began.elapsed());
    let path = format!("/v1/imports/{}", job["id"].as_str().unwrap());
    let report = ingest.get(&path).await.expect(200);
    assert_eq!(report["state"], "done", "{report}");
    assert_eq!(
        report["counts"]["invoice"]["taken"],
        CUSTOMERS * 4,
        "{report}"
    );
    assert_eq!(report["faults"], json!([]));
}

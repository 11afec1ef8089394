//! Bulk imports.

use std::fmt::Write as _;
use std::time::Instant;

use http::Method;
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
    value["reference"] = json!(reference);
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
    assert!(run_due(&host.api, tenant).await.unwrap());
    assert!(!run_due(&host.api, tenant).await.unwrap());
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

#[tokio::test]
async fn an_import_that_is_stopped_is_not_worked_on() {
    let host = Host::start().await;
    let tenant = host.sandbox("acme").await;
    let ingest = host.client(tenant, Role::Ingest).await;
    let job = import(&ingest, &customer("C-1")).await.expect(202);
    let path = format!("/v1/imports/{}", job["id"].as_str().unwrap());
    assert_eq!(ingest.delete(&path).await.expect(200)["state"], "cancelled");
    assert!(!run_due(&host.api, tenant).await.unwrap());
    let admin = host.client(tenant, Role::Admin).await;
    admin.get("/v1/customers/C-1").await.expect(404);
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
    assert!(!run_due(&host.api, tenant).await.unwrap());
    host.clock.set(now.plus_ms(60_000));
    assert!(run_due(&host.api, tenant).await.unwrap());
    let admin = host.client(tenant, Role::Admin).await;
    admin.get("/v1/customers/C-1").await.expect(200);
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
    assert!(run_due(&host.api, tenant).await.unwrap());
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

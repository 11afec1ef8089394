//! Facts that are told by many at once: the host takes them in together, and each hears of its own.

use regua_http::key::Role;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::desk::brl;
use crate::kit::{Host, invoice, maria};

const CALLERS: usize = 60;

/// Most tell of an invoice of their own; some of one and the same, some of one that says
/// something else, and some of nobody known.
fn body(nth: usize) -> (Value, u16) {
    let mut body = invoice(&format!("F-{nth}"));
    match nth % 5 {
        1 => {
            body["reference"] = json!("F-0");
            (body, 200)
        }
        2 => {
            body["reference"] = json!("F-0");
            body["amount"] = brl("1.00");
            (body, 409)
        }
        3 => {
            body["customer"] = json!("nobody");
            (body, 404)
        }
        _ => (body, 201),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_of_many_hears_what_became_of_its_own() {
    let host = Host::start().await;
    let tenant = host.sandbox("acme").await;
    let admin = host.client(tenant, Role::Admin).await;
    admin.put("/v1/customers/C-1", &maria()).await.expect(201);
    admin.post("/v1/invoices", &body(0).0).await.expect(201);
    let mut calls = JoinSet::new();
    for nth in 1..=CALLERS {
        let admin = admin.clone();
        calls.spawn(async move {
            let (body, status) = body(nth);
            (nth, status, admin.post("/v1/invoices", &body).await)
        });
    }
    while let Some(ended) = calls.join_next().await {
        let (nth, status, answer) = ended.unwrap();
        assert_eq!(answer.status, status, "{nth}: {}", answer.text);
        if status == 404 {
            assert!(answer.text.contains("nobody"), "{}", answer.text);
        }
    }
    let invoices = admin.get("/v1/invoices?limit=200").await.expect(200);
    assert_eq!(
        invoices["data"].as_array().map(Vec::len),
        Some(1 + CALLERS * 2 / 5)
    );
}

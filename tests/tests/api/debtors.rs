//! Disputes, holds, promises and consents; covers, ledger and timeline of a customer.

use http::Method;
use regua_http::key::Role;
use serde_json::{Value, json};

use crate::desk::{absent, acquaint, brl, only};
use crate::kit::{Client, Host, maria};

const DISPUTES: &str = "/v1/invoices/F-1/disputes";
const RESOLUTION: &str = "/v1/invoices/F-1/disputes/resolution";
const HOLDS: &str = "/v1/customers/C-1/holds";
const PROMISES: &str = "/v1/customers/C-1/promises";
const EMAIL: &str = "/v1/customers/C-1/consents/email";

fn dispute() -> Value {
    json!({ "reference": "D-1", "amount": brl("50.00"), "reason": "goods-or-service" })
}

fn promise() -> Value {
    json!({ "amount": brl("100.00"), "due_on": "2026-03-20" })
}

fn hold() -> Value {
    json!({ "reason": "in hospital", "until": "2026-03-31" })
}

async fn debtor(host: &Host) -> Client {
    let tenant = host.sandbox("acme").await;
    let admin = host.client(tenant, Role::Admin).await;
    acquaint(&admin).await;
    admin
}

async fn covers(client: &Client) -> Vec<Value> {
    let covers = client.get("/v1/customers/C-1/covers").await.expect(200);
    covers["data"].as_array().expect("a list").clone()
}

#[tokio::test]
async fn a_dispute_covers_its_part_until_it_is_resolved() {
    let host = Host::start().await;
    let admin = debtor(&host).await;
    admin.post(DISPUTES, &dispute()).await.expect(201);
    let covers_now = covers(&admin).await;
    let [cover] = covers_now.as_slice() else {
        panic!("{covers_now:?}");
    };
    assert_eq!(
        (&cover["kind"], &cover["covered"], &cover["invoices"]),
        (&json!("dispute"), &brl("50.00"), &json!(["F-1"]))
    );
    let second = json!({ "reference": "D-2", "reason": "not-received" });
    let refused = admin.post(DISPUTES, &second).await;
    assert_eq!(refused.faults(422), ["invoice"]);
    let upheld = json!({ "upheld": true });
    admin.post(RESOLUTION, &upheld).await.expect(201);
    assert_eq!(covers(&admin).await, Vec::<Value>::new());
    let invoice = admin.get("/v1/invoices/F-1").await.expect(200);
    assert_eq!(invoice["outstanding"], brl("200.00"));
    let again = admin.post(RESOLUTION, &upheld).await.expect(200);
    assert_eq!(again["outcome"], "known");
}

#[tokio::test]
async fn promises_and_holds_are_covers_and_holds_are_lifted() {
    let host = Host::start().await;
    let admin = debtor(&host).await;
    admin.post(PROMISES, &promise()).await.expect(201);
    admin.post(HOLDS, &hold()).await.expect(201);
    let now = covers(&admin).await;
    let of = |kind: &str| {
        let found = now.iter().find(|cover| cover["kind"] == kind);
        found.unwrap_or_else(|| panic!("no {kind}: {now:?}"))
    };
    assert_eq!(
        of("promise")["schedule"],
        json!([{ "due_on": "2026-03-20", "amount": brl("100.00") }])
    );
    assert_eq!(of("promise")["paid"], brl("0.00"));
    assert_eq!(
        (&of("hold")["source"], &of("hold")["until"]),
        (&json!("in hospital"), &json!("2026-03-31"))
    );
    let lifted = admin.delete(HOLDS).await.expect(200);
    assert_eq!(lifted["outcome"], "taken");
    assert_eq!(covers(&admin).await.len(), 1);
    assert_eq!(admin.delete(HOLDS).await.expect(200)["outcome"], "known");
}

#[tokio::test]
async fn a_consent_counts_for_a_channel_that_the_customer_has() {
    let host = Host::start().await;
    let admin = debtor(&host).await;
    let out = json!({ "consent": "opted-out" });
    admin.put(EMAIL, &out).await.expect(201);
    let read = admin.get("/v1/customers/C-1").await.expect(200);
    assert_eq!(read["contacts"][0]["consent"], "opted-out");
    assert_eq!(admin.put(EMAIL, &out).await.expect(200)["outcome"], "known");
    admin
        .put(EMAIL, &json!({ "consent": "given" }))
        .await
        .expect(201);
    let none = admin.put("/v1/customers/C-1/consents/fax", &out).await;
    assert_eq!(none.faults(422), ["channel"]);
}

#[tokio::test]
async fn every_fault_of_what_is_agreed_is_told_at_once() {
    let host = Host::start().await;
    let admin = debtor(&host).await;
    let wrong = json!({
        "amount": { "amount": "x", "currency": "real" }, "due_on": "soon", "until": 1,
        "reason": "", "reference": "", "upheld": "yes", "consent": "maybe", "at": "now",
    });
    let cases: [(&str, &[&str]); 4] = [
        (
            DISPUTES,
            &[
                "/amount/amount",
                "/amount/currency",
                "/at",
                "/consent",
                "/reason",
                "/reference",
            ],
        ),
        (RESOLUTION, &["/amount", "/at", "/upheld"]),
        (HOLDS, &["/amount", "/at", "/reason", "/until"]),
        (
            PROMISES,
            &[
                "/amount/amount",
                "/amount/currency",
                "/at",
                "/consent",
                "/due_on",
            ],
        ),
    ];
    for (path, places) in cases {
        assert_eq!(admin.post(path, &wrong).await.faults(422), places, "{path}");
    }
    let wrong = json!({ "consent": "maybe", "at": "now", "why": "" });
    let answer = admin
        .put("/v1/customers/C-1/consents/E%20mail", &wrong)
        .await;
    assert_eq!(answer.faults(422), ["/at", "/consent", "/why", "channel"]);
}

#[tokio::test]
async fn what_cannot_be_is_told_where_it_stands() {
    let host = Host::start().await;
    let admin = debtor(&host).await;
    let mut named = dispute();
    named["reason"] = json!("Maria Souza");
    assert_eq!(admin.post(DISPUTES, &named).await.faults(422), ["/reason"]);
    let much = json!({ "amount": brl("900.00"), "due_on": "2026-03-20" });
    assert_eq!(admin.post(PROMISES, &much).await.faults(422), ["/amount"]);
    let over = json!({ "reason": "x", "until": "2026-03-01" });
    assert_eq!(admin.post(HOLDS, &over).await.faults(422), ["/until"]);
    admin.put("/v1/customers/C-2", &maria()).await.expect(201);
    let nothing = admin.post("/v1/customers/C-2/holds", &hold()).await;
    assert_eq!(nothing.faults(422), ["customer"]);
}

#[tokio::test]
async fn the_ledger_names_invoices_and_payments_page_by_page() {
    let host = Host::start().await;
    let admin = debtor(&host).await;
    let payment = json!({
        "customer": "C-1", "reference": "P-1", "amount": brl("300.00"),
        "paid_on": "2026-03-02",
    });
    admin.post("/v1/payments", &payment).await.expect(201);
    let path = "/v1/customers/C-1/ledger";
    let whole = admin.get(path).await.expect(200);
    let told: Vec<_> = whole["data"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|entry| {
            (
                entry["kind"].clone(),
                entry["invoice"].clone(),
                entry["payment"].clone(),
            )
        })
        .collect();
    assert_eq!(told[0], (json!("issue"), json!("F-1"), Value::Null));
    assert_eq!(told[1], (json!("receipt"), Value::Null, json!("P-1")));
    let (mut after, mut pages) = (String::new(), Vec::new());
    loop {
        let page = admin
            .get(&format!("{path}?limit=1{after}"))
            .await
            .expect(200);
        pages.extend(page["data"].as_array().expect("a list").clone());
        let Some(next) = page["next"].as_str() else {
            break;
        };
        after = format!("&after={next}");
    }
    assert_eq!(json!(pages), whole["data"]);
}

#[tokio::test]
async fn the_timeline_is_told_in_sentences_and_in_fields() {
    let host = Host::start().await;
    let admin = debtor(&host).await;
    admin.post(PROMISES, &promise()).await.expect(201);
    let path = "/v1/customers/C-1/timeline";
    let page = admin.get(path).await.expect(200);
    let entries = page["data"].as_array().expect("a list");
    assert_eq!(
        entries[0]["text"],
        "Invoice F-1 over BRL 250.00 was issued."
    );
    let promised = entries
        .iter()
        .find(|entry| entry["kind"] == "fact" && entry["what"]["event"]["kind"] == "promise.made");
    let event = &promised.expect("the promise")["what"]["event"];
    assert_eq!(
        (&event["amount_minor"], &event["details"], &event["at"]),
        (
            &json!(10_000),
            &json!({ "due_on": "2026-03-20" }),
            &json!("2026-03-02T12:00:00Z")
        )
    );
    let second = admin.get(&format!("{path}?limit=1")).await.expect(200);
    let next = second["next"].as_str().expect("a next page");
    let second = admin
        .get(&format!("{path}?limit=1&after={next}"))
        .await
        .expect(200);
    assert_eq!(second["data"][0], entries[1]);
}

#[tokio::test]
async fn another_tenants_debtors_cannot_be_agreed_with_or_read() {
    let host = Host::start().await;
    debtor(&host).await;
    let rival = host.sandbox("rival").await;
    let other = host.client(rival, Role::Admin).await;
    let calls = [
        (Method::POST, DISPUTES, dispute()),
        (Method::POST, RESOLUTION, json!({ "upheld": true })),
        (Method::POST, HOLDS, hold()),
        (Method::DELETE, HOLDS, Value::Null),
        (Method::POST, PROMISES, promise()),
        (Method::PUT, EMAIL, json!({ "consent": "given" })),
        (Method::GET, "/v1/customers/C-1/covers", Value::Null),
        (Method::GET, "/v1/customers/C-1/ledger", Value::Null),
        (Method::GET, "/v1/customers/C-1/timeline", Value::Null),
    ];
    absent(&other, &calls).await;
}

#[tokio::test]
async fn people_agree_with_debtors_and_debtors_pages_take_consents() {
    let host = Host::start().await;
    let tenant = host.sandbox("acme").await;
    let desk = [
        (Method::POST, DISPUTES, dispute()),
        (Method::POST, RESOLUTION, json!({ "upheld": true })),
        (Method::POST, HOLDS, hold()),
        (Method::DELETE, HOLDS, Value::Null),
        (Method::POST, PROMISES, promise()),
    ];
    only(&host, tenant, &[Role::Admin, Role::Agent], &desk).await;
    let answers = [(Method::PUT, EMAIL, json!({ "consent": "given" }))];
    let roles = [Role::Admin, Role::Agent, Role::Ingest];
    only(&host, tenant, &roles, &answers).await;
    let readers = [Role::Admin, Role::Developer, Role::Agent, Role::Viewer];
    let reads = [
        (Method::GET, "/v1/customers/C-1/covers", Value::Null),
        (Method::GET, "/v1/customers/C-1/ledger", Value::Null),
        (Method::GET, "/v1/customers/C-1/timeline", Value::Null),
    ];
    only(&host, tenant, &readers, &reads).await;
}

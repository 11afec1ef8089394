//! Payments: on their way, here, not come, taken back.

use http::Method;
use regua_http::key::Role;
use serde_json::{Value, json};

use crate::desk::{absent, acquaint, brl, only};
use crate::kit::{Client, Host, maria};

fn payment(reference: &str, amount: &str) -> Value {
    json!({
        "customer": "C-1", "reference": reference, "amount": brl(amount),
        "paid_on": "2026-03-02", "invoices": ["F-1"],
    })
}

async fn billing(host: &Host) -> Client {
    let tenant = host.sandbox("acme").await;
    let admin = host.client(tenant, Role::Admin).await;
    acquaint(&admin).await;
    admin
}

#[tokio::test]
async fn a_payment_pays_its_invoice_and_the_rest_is_credit() {
    let host = Host::start().await;
    let admin = billing(&host).await;
    let told = admin.post("/v1/payments", &payment("P-1", "300.00")).await;
    assert_eq!(told.expect(201)["outcome"], "taken");
    let read = admin.get("/v1/payments/P-1").await.expect(200);
    assert_eq!(
        (&read["state"], &read["credit"], &read["paid"][0]["invoice"]),
        (&json!("succeeded"), &brl("50.00"), &json!("F-1"))
    );
    let invoice = admin.get("/v1/invoices/F-1").await.expect(200);
    assert_eq!(invoice["outstanding"], brl("0.00"));
    let again = admin.post("/v1/payments", &payment("P-1", "300.00")).await;
    assert_eq!(again.expect(200)["outcome"], "known");
    let other = admin.post("/v1/payments", &payment("P-1", "200.00")).await;
    other.expect(409);
}

#[tokio::test]
async fn a_pending_payment_comes_when_it_is_told_again() {
    let host = Host::start().await;
    let admin = billing(&host).await;
    let mut pending = payment("P-1", "250.00");
    pending["pending"] = json!(true);
    admin.post("/v1/payments", &pending).await.expect(201);
    let covers = admin.get("/v1/customers/C-1/covers").await.expect(200);
    assert_eq!(
        (&covers["data"][0]["kind"], &covers["data"][0]["source"]),
        (&json!("pending"), &json!("P-1"))
    );
    admin
        .post("/v1/payments", &payment("P-1", "250.00"))
        .await
        .expect(201);
    let read = admin.get("/v1/payments/P-1").await.expect(200);
    assert_eq!(read["state"], "succeeded");
    let covers = admin.get("/v1/customers/C-1/covers").await.expect(200);
    assert_eq!(covers["data"], json!([]));
}

#[tokio::test]
async fn a_payment_fails_only_while_it_is_pending_and_is_taken_back_only_after() {
    let host = Host::start().await;
    let admin = billing(&host).await;
    let mut pending = payment("P-1", "250.00");
    pending["pending"] = json!(true);
    admin.post("/v1/payments", &pending).await.expect(201);
    let failure = json!({ "code": "insufficient-funds", "is_hard": false });
    let reversal = json!({ "code": "charge-back" });
    let early = admin.post("/v1/payments/P-1/reversal", &reversal).await;
    early.expect(409);
    admin
        .post("/v1/payments/P-1/failure", &failure)
        .await
        .expect(201);
    let read = admin.get("/v1/payments/P-1").await.expect(200);
    assert_eq!(read["state"], "failed");
    admin
        .post("/v1/payments", &payment("P-2", "250.00"))
        .await
        .expect(201);
    admin
        .post("/v1/payments/P-2/reversal", &reversal)
        .await
        .expect(201);
    let page = admin.get("/v1/payments?customer=C-1").await.expect(200);
    let states = [&page["data"][0]["state"], &page["data"][1]["state"]];
    assert_eq!(states, ["failed", "reversed"]);
    let invoice = admin.get("/v1/invoices/F-1").await.expect(200);
    assert_eq!(invoice["outstanding"], brl("250.00"));
}

#[tokio::test]
async fn every_fault_of_a_payment_is_told_at_once() {
    let host = Host::start().await;
    let admin = billing(&host).await;
    let body = json!({
        "customer": "", "amount": { "amount": 5, "currency": "BRL" }, "paid_on": "today",
        "invoices": [1], "pending": "no", "at": "now", "colour": "red",
    });
    let answer = admin.post("/v1/payments", &body).await;
    let places = [
        "/amount/amount",
        "/at",
        "/colour",
        "/customer",
        "/invoices/0",
        "/paid_on",
        "/pending",
        "/reference",
    ];
    assert_eq!(answer.faults(422), places);
    let mut nothing = payment("P-1", "0.00");
    assert_eq!(
        admin.post("/v1/payments", &nothing).await.faults(422),
        ["/amount/amount"]
    );
    nothing["amount"] = json!({ "amount": "1.00", "currency": "XXQ" });
    assert_eq!(
        admin.post("/v1/payments", &nothing).await.faults(422),
        ["/amount/currency"]
    );
    admin
        .post("/v1/payments", &payment("P-1", "1.00"))
        .await
        .expect(201);
    let body = json!({ "code": "", "is_hard": "no", "at": 1, "why": "" });
    let answer = admin.post("/v1/payments/P-1/failure", &body).await;
    assert_eq!(answer.faults(422), ["/at", "/code", "/is_hard", "/why"]);
    let answer = admin.post("/v1/payments/P-1/reversal", &body).await;
    assert_eq!(answer.faults(422), ["/at", "/code", "/is_hard"]);
    let named = json!({ "code": "Maria Souza" });
    let answer = admin.post("/v1/payments/P-1/reversal", &named).await;
    assert_eq!(answer.faults(422), ["/code"]);
}

#[tokio::test]
async fn another_tenants_payments_invoices_and_customers_do_not_exist() {
    let host = Host::start().await;
    let admin = billing(&host).await;
    admin
        .post("/v1/payments", &payment("P-1", "250.00"))
        .await
        .expect(201);
    let rival = host.sandbox("rival").await;
    let other = host.client(rival, Role::Admin).await;
    let code = json!({ "code": "x" });
    absent(
        &other,
        &[
            (Method::GET, "/v1/payments/P-1", Value::Null),
            (Method::GET, "/v1/payments?customer=C-1", Value::Null),
            (Method::POST, "/v1/payments", payment("P-2", "1.00")),
            (Method::POST, "/v1/payments/P-1/failure", code.clone()),
            (Method::POST, "/v1/payments/P-1/reversal", code),
        ],
    )
    .await;
    other.put("/v1/customers/C-1", &maria()).await.expect(201);
    let theirs = [(Method::POST, "/v1/payments", payment("P-2", "1.00"))];
    absent(&other, &theirs).await;
    let page = other.get("/v1/payments").await.expect(200);
    assert_eq!(page["data"], json!([]));
}

#[tokio::test]
async fn the_billing_system_tells_payments_and_people_read_them() {
    let host = Host::start().await;
    let tenant = host.sandbox("acme").await;
    let code = json!({ "code": "x" });
    let tells = [
        (Method::POST, "/v1/payments", payment("P-1", "1.00")),
        (Method::POST, "/v1/payments/P-9/failure", code.clone()),
        (Method::POST, "/v1/payments/P-9/reversal", code),
    ];
    only(&host, tenant, &[Role::Admin, Role::Ingest], &tells).await;
    let readers = [Role::Admin, Role::Developer, Role::Agent, Role::Viewer];
    let reads = [
        (Method::GET, "/v1/payments/P-9", Value::Null),
        (Method::GET, "/v1/payments?customer=C-9", Value::Null),
    ];
    only(&host, tenant, &readers, &reads).await;
}

//! Customers and invoices.

use regua_http::key::Role;
use serde_json::json;

use crate::kit::{Host, invoice, maria};

#[tokio::test]
async fn a_customer_and_an_invoice_are_told_and_read_back() {
    let host = Host::start().await;
    let tenant = host.sandbox("acme").await;
    let admin = host.client(tenant, Role::Admin).await;
    admin.put("/v1/customers/C-1", &maria()).await.expect(201);
    let told = admin
        .post("/v1/invoices", &invoice("F-1"))
        .await
        .expect(201);
    assert_eq!(told["outcome"], "taken");
    let read = admin.get("/v1/customers/C-1").await.expect(200);
    assert_eq!(
        read["outstanding"],
        json!([{ "amount": "250.00", "currency": "BRL" }])
    );
    let read = admin.get("/v1/invoices/F-1").await.expect(200);
    assert_eq!(read["due_on"], "2026-03-04");
}

#[tokio::test]
async fn the_same_invoice_under_one_key_is_one_invoice() {
    let host = Host::start().await;
    let tenant = host.sandbox("acme").await;
    let ingest = host.client(tenant, Role::Ingest).await;
    ingest.put("/v1/customers/C-1", &maria()).await.expect(201);
    let first = ingest
        .post_once("k", "/v1/invoices", &invoice("F-1"))
        .await
        .expect(201);
    let again = ingest
        .post_once("k", "/v1/invoices", &invoice("F-1"))
        .await
        .expect(200);
    assert_eq!(
        (&first["fact"], &again["outcome"]),
        (&again["fact"], &json!("known"))
    );
    let other = ingest
        .post_once("k", "/v1/invoices", &invoice("F-2"))
        .await
        .expect(422);
    assert_eq!(other["type"], "urn:regua:problem:idempotency-key-reused");
}

#[tokio::test]
async fn every_fault_of_an_invoice_is_told_at_once() {
    let host = Host::start().await;
    let tenant = host.sandbox("acme").await;
    let ingest = host.client(tenant, Role::Ingest).await;
    let body = json!({
        "customer": "C-1", "amount": { "amount": "1,50", "currency": "brl" },
        "issued_on": "soon", "due_on": "2026-03-04", "colour": "red",
    });
    let answer = ingest.post("/v1/invoices", &body).await;
    let places = [
        "/amount/amount",
        "/amount/currency",
        "/colour",
        "/issued_on",
        "/reference",
    ];
    assert_eq!(answer.faults(422), places);
}

#[tokio::test]
async fn pages_follow_one_another_to_the_end() {
    let host = Host::start().await;
    let tenant = host.sandbox("acme").await;
    let admin = host.client(tenant, Role::Admin).await;
    for number in 1..=5 {
        let path = format!("/v1/customers/C-{number}");
        admin.put(&path, &maria()).await.expect(201);
    }
    let (mut after, mut seen) = (String::new(), Vec::new());
    loop {
        let page = admin
            .get(&format!("/v1/customers?limit=2{after}"))
            .await
            .expect(200);
        let data = page["data"].as_array().unwrap();
        seen.extend(data.iter().map(|customer| customer["reference"].clone()));
        let Some(next) = page["next"].as_str() else {
            break;
        };
        after = format!("&after={next}");
    }
    assert_eq!(seen, ["C-1", "C-2", "C-3", "C-4", "C-5"]);
    let wrong = admin.get("/v1/customers?limit=0&after=%21&sort=name").await;
    assert_eq!(wrong.faults(422), ["limit", "sort"]);
}

#[tokio::test]
async fn another_tenants_customer_does_not_exist() {
    let host = Host::start().await;
    let (acme, rival) = (host.sandbox("acme").await, host.sandbox("rival").await);
    let admin = host.client(acme, Role::Admin).await;
    admin.put("/v1/customers/C-1", &maria()).await.expect(201);
    let other = host.client(rival, Role::Admin).await;
    other.get("/v1/customers/C-1").await.expect(404);
    assert_eq!(
        other.get("/v1/customers").await.expect(200)["data"],
        json!([])
    );
}

#[tokio::test]
async fn a_place_and_an_address_have_the_form_of_one() {
    let host = Host::start().await;
    let tenant = host.sandbox("acme").await;
    let admin = host.client(tenant, Role::Admin).await;
    for place in ["??", "Brazil", "br", "BR-", "BR-SPSP", "-SP", ""] {
        let mut body = maria();
        body["jurisdiction"] = json!(place);
        let answer = admin.put("/v1/customers/C-1", &body).await;
        assert_eq!(answer.faults(422), ["/jurisdiction"], "{place}");
    }
    for address in ["nope", "@casa.example", "maria@", "ma ria@casa.example"] {
        let mut body = maria();
        body["contacts"] = json!([{ "channel": "email", "address": address }]);
        let answer = admin.put("/v1/customers/C-1", &body).await;
        assert_eq!(answer.faults(422), ["/contacts"], "{address}");
    }
}

//! Effects and what became of them; offers and what debtors answer.

use http::Method;
use regua_http::key::Role;
use serde_json::{Value, json};

use crate::desk::{absent, brl, case, effect, go_on, only, witnessed};
use crate::kit::{Client, Host};

const NOBODY: &str = "case_00000000000000000000000000000009.1.0";

/// The offer that the stage makes where the debtor replies.
async fn offer(host: &Host, name: &str) -> (Client, String) {
    let (tenant, admin) = witnessed(host, name).await;
    let reply = json!({ "event": "reply", "reason": "cash-flow" });
    let events = format!("/v1/cases/{}/events", case(&admin).await);
    admin.post(&events, &reply).await.expect(201);
    go_on(host, tenant, 1).await;
    let key = effect(&admin, "offer").await;
    (admin, key)
}

#[tokio::test]
async fn a_message_is_read_as_it_went_out() {
    let host = Host::start().await;
    let (_, admin) = witnessed(&host, "acme").await;
    let key = effect(&admin, "letter").await;
    let read = admin.get(&format!("/v1/effects/{key}")).await.expect(200);
    assert_eq!(
        (&read["kind"], &read["state"], &read["customer"]),
        (&json!("send-message"), &json!("done"), &json!("C-1"))
    );
    let letter = &read["letter"];
    assert_eq!(
        (&letter["address"], &letter["subject"], &letter["asked_for"]),
        (
            &json!("maria@cliente.example"),
            &json!("A word"),
            &brl("250.00")
        )
    );
    let text = letter["text"].as_str().expect("a text");
    assert!(text.starts_with("Dear Maria Souza"), "{text}");
}

#[tokio::test]
async fn a_bounce_is_told_and_its_address_is_written_to_no_more() {
    let host = Host::start().await;
    let (_, admin) = witnessed(&host, "acme").await;
    let path = format!("/v1/effects/{}", effect(&admin, "letter").await);
    let results = format!("{path}/results");
    let bounced = json!({ "result": "bounced", "code": "550 no such mailbox" });
    admin.post(&results, &bounced).await.expect(201);
    let again = admin.post(&results, &bounced).await.expect(200);
    assert_eq!(again["outcome"], "known");
    let read = admin.get(&path).await.expect(200);
    assert_eq!(
        (&read["state"], &read["code"]),
        (&json!("failed"), &json!("550 no such mailbox"))
    );
    let customer = admin.get("/v1/customers/C-1").await.expect(200);
    assert_eq!(customer["contacts"][0]["bounced"], true);
}

#[tokio::test]
async fn every_fault_of_a_result_is_told_at_once() {
    let host = Host::start().await;
    let (_, admin) = witnessed(&host, "acme").await;
    let letter = format!("/v1/effects/{}/results", effect(&admin, "letter").await);
    let task = format!("/v1/effects/{}/results", effect(&admin, "task").await);
    let wrong: [(&str, Value, &[&str]); 6] = [
        (
            &letter,
            json!({ "result": "lost", "code": "", "at": 1, "why": "" }),
            &["/at", "/code", "/result", "/why"],
        ),
        (&letter, json!({}), &["/result"]),
        (&letter, json!({ "result": "failed" }), &["/code"]),
        (
            &letter,
            json!({ "result": "opened", "code": "x" }),
            &["/code"],
        ),
        (
            &letter,
            json!({ "result": "failed", "code": "Maria Souza" }),
            &["/code"],
        ),
        (&task, json!({ "result": "opened" }), &["/result"]),
    ];
    for (path, body, places) in wrong {
        assert_eq!(admin.post(path, &body).await.faults(422), places, "{body}");
    }
    let path = "/v1/effects/case_1.1/results";
    let answer = admin.post(path, &json!({ "result": "opened" })).await;
    assert_eq!(answer.faults(422), ["key"]);
}

#[tokio::test]
async fn an_offer_is_accepted_once_and_becomes_a_plan() {
    let host = Host::start().await;
    let (admin, key) = offer(&host, "acme").await;
    let accept = format!("/v1/offers/{key}/accept");
    let none = admin.post(&accept, &json!({ "plan": 2 })).await;
    assert_eq!(none.faults(422), ["/plan"]);
    admin.post(&accept, &json!({ "plan": 1 })).await.expect(201);
    let again = admin.post(&accept, &json!({ "plan": 1 })).await;
    assert_eq!(again.expect(200)["outcome"], "known");
    let late = admin
        .post(&format!("/v1/offers/{key}/decline"), &json!({}))
        .await;
    late.expect(409);
    let covers = admin.get("/v1/customers/C-1/covers").await.expect(200);
    let plan = &covers["data"][0];
    assert_eq!(
        (
            &plan["kind"],
            &plan["invoices"],
            &plan["schedule"][0]["amount"]
        ),
        (&json!("plan"), &json!(["F-1"]), &brl("250.00"))
    );
}

#[tokio::test]
async fn an_offer_is_declined() {
    let host = Host::start().await;
    let (admin, key) = offer(&host, "acme").await;
    let decline = format!("/v1/offers/{key}/decline");
    admin.post(&decline, &json!({})).await.expect(201);
    let read = admin.get(&format!("/v1/effects/{key}")).await.expect(200);
    assert_eq!(
        (&read["state"], &read["code"]),
        (&json!("confirmed"), &json!("declined"))
    );
    let letter = effect(&admin, "letter").await;
    let missing = admin
        .post(&format!("/v1/offers/{letter}/decline"), &json!({}))
        .await;
    let problem = missing.expect(404);
    assert_eq!(
        problem["detail"],
        format!("offer `{letter}` does not exist")
    );
}

#[tokio::test]
async fn every_fault_of_an_answer_is_told_at_once() {
    let host = Host::start().await;
    let tenant = host.sandbox("acme").await;
    let admin = host.client(tenant, Role::Admin).await;
    let accept = format!("/v1/offers/{NOBODY}/accept");
    let answer = admin
        .post(&accept, &json!({ "plan": 0, "at": 1, "why": "" }))
        .await;
    assert_eq!(answer.faults(422), ["/at", "/plan", "/why"]);
    assert_eq!(admin.post(&accept, &json!({})).await.faults(422), ["/plan"]);
    let decline = format!("/v1/offers/{NOBODY}/decline");
    let answer = admin.post(&decline, &json!({ "plan": 1 })).await;
    assert_eq!(answer.faults(422), ["/plan"]);
}

#[tokio::test]
async fn another_tenants_effects_and_offers_do_not_exist() {
    let host = Host::start().await;
    let (_, key) = offer(&host, "acme").await;
    let (rivals, _) = witnessed(&host, "rival").await;
    let other = host.client(rivals, Role::Admin).await;
    let of = |path: &str| path.replace("{key}", &key);
    let calls: [(Method, &str, Value); 4] = [
        (Method::GET, &of("/v1/effects/{key}"), Value::Null),
        (
            Method::POST,
            &of("/v1/effects/{key}/results"),
            json!({ "result": "delivered" }),
        ),
        (
            Method::POST,
            &of("/v1/offers/{key}/accept"),
            json!({ "plan": 1 }),
        ),
        (Method::POST, &of("/v1/offers/{key}/decline"), json!({})),
    ];
    absent(&other, &calls).await;
}

#[tokio::test]
async fn systems_tell_results_and_debtors_pages_answer_offers() {
    let host = Host::start().await;
    let tenant = host.sandbox("acme").await;
    let of = |path: &str| path.replace("{key}", NOBODY);
    let results: [(Method, &str, Value); 1] = [(
        Method::POST,
        &of("/v1/effects/{key}/results"),
        json!({ "result": "delivered" }),
    )];
    only(&host, tenant, &[Role::Admin, Role::Ingest], &results).await;
    let answers: [(Method, &str, Value); 2] = [
        (
            Method::POST,
            &of("/v1/offers/{key}/accept"),
            json!({ "plan": 1 }),
        ),
        (Method::POST, &of("/v1/offers/{key}/decline"), json!({})),
    ];
    let roles = [Role::Admin, Role::Agent, Role::Ingest];
    only(&host, tenant, &roles, &answers).await;
    let readers = [Role::Admin, Role::Developer, Role::Agent, Role::Viewer];
    let reads: [(Method, &str, Value); 1] = [(Method::GET, &of("/v1/effects/{key}"), Value::Null)];
    only(&host, tenant, &readers, &reads).await;
}

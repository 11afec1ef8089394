//! Placements with agencies: money, returns, reports.

use http::Method;
use regua_http::key::Role;
use serde_json::{Value, json};

use crate::desk::{absent, brl, effect, first, go_on, only, placed, witnessed};
use crate::kit::Host;

const NOBODY: &str = "/v1/placements/case_00000000000000000000000000000009.1.0";

fn remittance() -> Value {
    json!({
        "reference": "R-1", "amount": brl("100.00"), "paid_on": "2026-03-09",
        "invoices": ["F-1"], "commission": brl("18.00"),
    })
}

#[tokio::test]
async fn an_agency_reports_remits_and_gives_back() {
    let host = Host::start().await;
    let (tenant, admin) = placed(&host, "acme").await;
    let listed = first(&admin, "/v1/placements").await;
    assert_eq!(
        (
            &listed["agency"],
            &listed["customer"],
            &listed["commission_bps"]
        ),
        (&json!("fair-collect"), &json!("C-1"), &json!(1_800))
    );
    let path = format!("/v1/placements/{}", listed["key"].as_str().expect("a key"));
    let read = admin.get(&path).await.expect(200);
    assert_eq!(
        (&read["placed"], &read["held"]),
        (&json!(["F-1"]), &json!(["F-1"]))
    );
    let report = json!({ "status": "in-court" });
    admin
        .post(&format!("{path}/reports"), &report)
        .await
        .expect(201);
    let read = admin.get(&path).await.expect(200);
    assert_eq!(read["status"], "in-court");
    let remittances = format!("{path}/remittances");
    admin.post(&remittances, &remittance()).await.expect(201);
    let invoice = admin.get("/v1/invoices/F-1").await.expect(200);
    assert_eq!(
        (&invoice["outstanding"], &invoice["disposition"]),
        (&brl("150.00"), &json!("placed"))
    );
    let back = json!({ "reason": "untraceable" });
    admin
        .post(&format!("{path}/returns"), &back)
        .await
        .expect(201);
    let read = admin.get(&path).await.expect(200);
    assert_eq!(
        (&read["held"], &read["status"]),
        (&json!([]), &json!("returned"))
    );
    let invoice = admin.get("/v1/invoices/F-1").await.expect(200);
    assert_eq!(invoice["disposition"], "chased");
    go_on(&host, tenant, 1).await;
}

#[tokio::test]
async fn every_fault_of_what_an_agency_tells_is_told_at_once() {
    let host = Host::start().await;
    let (_, admin) = placed(&host, "acme").await;
    let listed = first(&admin, "/v1/placements").await;
    let path = format!("/v1/placements/{}", listed["key"].as_str().expect("a key"));
    let (remittances, returns, reports) = (
        format!("{path}/remittances"),
        format!("{path}/returns"),
        format!("{path}/reports"),
    );
    let mut unknown = remittance();
    unknown["amount"] = json!({ "amount": "1.00", "currency": "XXQ" });
    unknown["commission"] = brl("0.00");
    let mut greedy = remittance();
    greedy["commission"] = brl("900.00");
    let wrong: [(&str, Value, &[&str]); 6] = [
        (
            &remittances,
            json!({ "amount": "1", "commission": 1, "invoices": "F-1", "at": 1 }),
            &[
                "/amount",
                "/at",
                "/commission",
                "/invoices",
                "/paid_on",
                "/reference",
            ],
        ),
        (
            &remittances,
            unknown,
            &["/amount/currency", "/commission/amount"],
        ),
        (&remittances, greedy, &["/commission"]),
        (
            &returns,
            json!({ "invoices": [1], "why": "" }),
            &["/invoices/0", "/reason", "/why"],
        ),
        (&reports, json!({ "code": "x" }), &["/code", "/status"]),
        (&reports, json!({ "status": "Maria Souza" }), &["/status"]),
    ];
    for (path, body, places) in wrong {
        assert_eq!(admin.post(path, &body).await.faults(422), places, "{body}");
    }
}

#[tokio::test]
async fn another_tenants_placements_and_what_is_none_do_not_exist() {
    let host = Host::start().await;
    let (_, admin) = placed(&host, "acme").await;
    let listed = first(&admin, "/v1/placements").await;
    let path = format!("/v1/placements/{}", listed["key"].as_str().expect("a key"));
    let (_, other) = witnessed(&host, "rival").await;
    let letter = format!("/v1/placements/{}", effect(&other, "letter").await);
    for path in [&path, &letter] {
        let of = |rest: &str| format!("{path}{rest}");
        let calls: [(Method, &str, Value); 4] = [
            (Method::GET, path, Value::Null),
            (Method::POST, &of("/remittances"), remittance()),
            (Method::POST, &of("/returns"), json!({ "reason": "x" })),
            (Method::POST, &of("/reports"), json!({ "status": "x" })),
        ];
        absent(&other, &calls).await;
    }
    let page = other.get("/v1/placements").await.expect(200);
    assert_eq!(page["data"], json!([]));
    let mut stranger = remittance();
    stranger["invoices"] = json!(["F-9"]);
    let of = |rest: &str| format!("{path}{rest}");
    let back = json!({ "reason": "x", "invoices": ["F-9"] });
    let calls: [(Method, &str, Value); 2] = [
        (Method::POST, &of("/remittances"), stranger),
        (Method::POST, &of("/returns"), back),
    ];
    absent(&admin, &calls).await;
}

#[tokio::test]
async fn people_tell_what_agencies_do() {
    let host = Host::start().await;
    let tenant = host.sandbox("acme").await;
    let of = |rest: &str| format!("{NOBODY}{rest}");
    let tells: [(Method, &str, Value); 3] = [
        (Method::POST, &of("/remittances"), remittance()),
        (Method::POST, &of("/returns"), json!({ "reason": "x" })),
        (Method::POST, &of("/reports"), json!({ "status": "x" })),
    ];
    only(&host, tenant, &[Role::Admin, Role::Agent], &tells).await;
    let readers = [Role::Admin, Role::Developer, Role::Agent, Role::Viewer];
    only(
        &host,
        tenant,
        &readers,
        &[(Method::GET, NOBODY, Value::Null)],
    )
    .await;
}

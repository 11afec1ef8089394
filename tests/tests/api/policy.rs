//! Settings, their parts, and calendars.

use regua_http::key::Role;
use serde_json::json;

use crate::kit::Host;
use crate::shelf::{stocked, workflow};

#[tokio::test]
async fn settings_are_read_changed_and_read_back() {
    let host = Host::start().await;
    let tenant = host.sandbox("acme").await;
    let admin = host.client(tenant, Role::Admin).await;
    let read = admin.get("/v1/policy").await;
    let version = read.version();
    let mut policy = read.expect(200);
    policy["teams"] = json!(["sales"]);
    policy["default_workflow"] = json!("standard");
    let changed = admin.put_at(&version, "/v1/policy", &policy).await;
    let next = changed.version();
    assert_eq!(
        changed.expect(200)["warnings"][0]["pointer"],
        "/default_workflow"
    );
    let again = admin.get("/v1/policy").await;
    assert_eq!(again.version(), next);
    assert_eq!(again.expect(200), policy);
}

#[tokio::test]
async fn who_changes_settings_says_which_they_read() {
    let host = Host::start().await;
    let tenant = host.sandbox("acme").await;
    let admin = host.client(tenant, Role::Admin).await;
    let body = json!({ "per_channel_7_days_default": 2 });
    let path = "/v1/policy/contact";
    admin.put(path, &body).await.expect(428);
    let version = admin.get(path).await.version();
    admin.put_at(&version, path, &body).await.expect(200);
    let stale = admin.put_at(&version, path, &body).await.expect(412);
    assert_eq!(stale["type"], "urn:regua:problem:changed");
    admin.put_at("*", path, &body).await.expect(200);
    admin.put_at("W/\"1\"", path, &body).await.expect(422);
}

#[tokio::test]
async fn every_fault_of_the_settings_is_told_at_once() {
    let host = Host::start().await;
    let tenant = host.sandbox("acme").await;
    let admin = host.client(tenant, Role::Admin).await;
    let body = json!({
        "display_name": 3, "reopen_day": 5,
        "contact": { "quiet_hours": { "from": "x", "to": 1 } },
        "interest_terms": { "late": { "rates": [] } },
        "assignment": [{ "workflow": "a" }, { "workflow": "b", "currency": "ZZZ" }],
    });
    let places = admin.put_at("*", "/v1/policy", &body).await.faults(422);
    let wanted = [
        "/assignment/1",
        "/charges_on_paid_principal",
        "/contact/quiet_hours",
        "/display_name",
        "/interest_terms/late",
        "/reopen_day",
    ];
    assert_eq!(places, wanted);
    let contact = json!({ "quiet_hours": 7, "gap_hours": { "nagging": 3 } });
    let places = admin
        .put_at("*", "/v1/policy/contact", &contact)
        .await
        .faults(422);
    assert_eq!(places, ["/gap_hours", "/quiet_hours"]);
    let live = json!({
        "display_name": "Acme", "charges_on_paid_principal": "keep", "sandbox": false,
    });
    assert_eq!(
        admin.put_at("*", "/v1/policy", &live).await.faults(422),
        ["/sandbox"]
    );
}

#[tokio::test]
async fn terms_of_interest_are_kept_by_name() {
    let host = Host::start().await;
    let tenant = host.sandbox("acme").await;
    let admin = host.client(tenant, Role::Admin).await;
    let terms = json!({
        "rates": [{ "percent": "1" }], "per": "month", "day_count": "act/360",
        "rounding": "half-up",
    });
    let path = "/v1/policy/interest-terms/mora";
    admin.get(path).await.expect(404);
    admin.put_at("*", path, &terms).await.expect(200);
    assert_eq!(admin.get(path).await.expect(200)["per"], "month");
    let listed = admin.get("/v1/policy/interest-terms").await.expect(200);
    assert!(listed["data"]["mora"].is_object());
    let problem = admin.put_at("*", path, &json!({ "rates": [] })).await;
    assert_eq!(problem.status, 422, "{}", problem.text);
    let version = admin.get(path).await.version();
    admin.delete(path).await.expect(428);
    admin.delete_at(&version, path).await.expect(200);
    admin.delete_at("*", path).await.expect(404);
}

#[tokio::test]
async fn a_calendar_of_the_tenants_own_is_used_and_stays_while_it_is() {
    let host = Host::start().await;
    let tenant = host.sandbox("acme").await;
    let admin = host.client(tenant, Role::Admin).await;
    let path = "/v1/calendars/head-office";
    let bad = json!({ "holidays": { "2026-02-30": "no day", "x": "none" } });
    let places = admin.put_at("*", path, &bad).await.faults(422);
    assert_eq!(places, ["/holidays/2026-02-30", "/holidays/x"]);
    let far = json!({ "holidays": { "1400-01-01": "long ago", "2026-12-24": "" } });
    let places = admin.put_at("*", path, &far).await.faults(422);
    assert_eq!(places, ["/holidays/1400-01-01", "/holidays/2026-12-24"]);
    let holidays = json!({ "holidays": { "2026-12-24": "Christmas Eve" } });
    admin.put_at("*", path, &holidays).await.expect(200);
    assert_eq!(
        admin.get(path).await.expect(200)["holidays"],
        holidays["holidays"]
    );
    let none = admin.get(&format!("{path}?year=2027")).await.expect(200);
    assert_eq!(none["holidays"], json!({}));
    let shipped = admin.get("/v1/calendars/BR?year=2026").await.expect(200);
    assert_eq!(
        shipped["holidays"]["2026-11-20"],
        "Dia da Consciência Negra"
    );
    let listed = admin.get("/v1/calendars").await.expect(200);
    let own = listed["data"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| one["is_own"] == true);
    assert_eq!(own.count(), 1);

    stocked(&admin).await;
    let mut other = workflow();
    other["name"] = json!("office");
    other["calendar"] = json!("head-office");
    admin.post("/v1/workflows", &other).await.expect(201);
    admin.delete_at("*", path).await.expect(409);
    let mut policy = admin.get("/v1/policy").await.expect(200);
    policy["calendars"] = json!({});
    assert_eq!(
        admin.put_at("*", "/v1/policy", &policy).await.faults(422),
        ["/calendars"]
    );
    // Next year's holidays reach the version that is published.
    let next = json!({ "holidays": { "2027-12-24": "Christmas Eve" } });
    admin.put_at("*", path, &next).await.expect(200);
    admin
        .get("/v1/workflows/office/versions/1/explanation")
        .await;
    let (_, open) = host.engine.opened(tenant).await.unwrap();
    let compiled = open
        .tenant
        .workflows
        .values()
        .find(|w| w.reference.name == "office");
    let calendar = &compiled.unwrap().calendar;
    assert!(!calendar.is_business_day("2027-12-24".parse().unwrap()));
    assert!(calendar.is_business_day("2026-12-24".parse().unwrap()));
}

#[tokio::test]
async fn a_calendar_that_nothing_needs_goes() {
    let host = Host::start().await;
    let tenant = host.sandbox("acme").await;
    let admin = host.client(tenant, Role::Admin).await;
    let path = "/v1/calendars/spare";
    admin
        .put_at("*", path, &json!({ "holidays": {} }))
        .await
        .expect(200);
    admin.delete_at("*", path).await.expect(200);
    admin.get(path).await.expect(404);
}

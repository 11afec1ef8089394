//! What plugins used and wrote, and what their tenant may use.

use regua_domain::id::TenantId;
use regua_domain::time::DAY_MS;
use regua_http::key::Role;
use regua_tests::built;
use serde_json::{Value, json};

use crate::kit::{Client, Host, NOW, invoice, maria};
use crate::shelf::upload;

const VERSION: &str = "/v1/plugins/hostile/versions/1.0.0";

/// A tenant with a debtor whose stage writes a flood of lines; not asked yet.
async fn flooded(host: &Host, name: &str) -> (TenantId, Client) {
    let tenant = host.sandbox(name).await;
    (tenant, misled(host, tenant, "log-flood").await)
}

/// Puts a debtor into a tenant whose stage does what is wanted; not asked yet.
pub async fn misled(host: &Host, tenant: TenantId, wanted: &str) -> Client {
    let admin = host.client(tenant, Role::Admin).await;
    upload(&admin, built::guest("hostile")).await.expect(201);
    let ladder = json!({
        "name": "flood", "send_window": "0 * 9-16 * * MON-FRI", "calendar": "weekends",
        "late_entry": "by_age",
        "stages": [{
            "id": "flooding", "plugin": "hostile@1", "at": { "days_overdue": 1 },
            "config": { "do": wanted }, "on": { "done": { "end": "closed" } },
            "on_failure": { "hold": "7d", "task": "Look at this case" },
        }],
    });
    admin.post("/v1/workflows", &ladder).await.expect(201);
    let first = json!({ "version": 1, "running": "keep" });
    let path = "/v1/workflows/flood/activate";
    admin.post(path, &first).await.expect(200);
    let assignment = json!({ "default_workflow": "flood" });
    let path = "/v1/policy/assignment";
    admin.put_at("*", path, &assignment).await.expect(200);
    admin.put("/v1/customers/C-1", &maria()).await.expect(201);
    let told = admin.post("/v1/invoices", &invoice("F-1")).await;
    told.expect(201);
    admin
}

async fn go_on(admin: &Client) {
    let to = json!({ "to": "2026-03-09T20:00:00Z" });
    let moved = admin.post("/v1/clock", &to).await.expect(200);
    assert_eq!(moved["faults"], 0, "{moved}");
}

/// All decisions of the only case.
async fn decisions(admin: &Client) -> Vec<Value> {
    let cases = admin.get("/v1/cases").await.expect(200);
    let case = cases["data"][0]["id"].as_str().unwrap();
    let read = admin.get(&format!("/v1/cases/{case}/decisions")).await;
    read.expect(200)["data"].as_array().unwrap().clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_version_used_is_told_by_day_and_adds_up() {
    let host = Host::start().await;
    let (_, admin) = flooded(&host, "acme").await;
    let path = format!("{VERSION}/usage");
    let before = admin.get(&path).await.expect(200);
    assert_eq!(
        (&before["total"]["calls"], &before["days"]),
        (&json!(0), &json!([]))
    );
    go_on(&admin).await;
    let decisions = decisions(&admin).await;
    let usage = admin.get(&path).await.expect(200);
    let total = &usage["total"];
    assert_eq!(usage["plugin"], "hostile@1.0.0");
    assert_eq!(total["calls"], decisions.len());
    assert_eq!(total["outcomes"], json!({ "done": decisions.len() }));
    let fuel: u64 = decisions
        .iter()
        .map(|one| one["fuel"].as_u64().unwrap())
        .sum();
    assert_eq!((&total["fuel"]["sum"], fuel > 0), (&json!(fuel), true));
    assert_eq!(total["log_lines"], 100 * decisions.len());
    assert_eq!(total["log_lines_dropped"], 900 * decisions.len());
    // It is counted when it is done, wherever the sandbox's clock stands.
    assert_eq!(usage["days"][0]["day"], "2026-03-02");
    let other = admin
        .get(&format!("{path}?from=2026-02-01&to=2026-03-01"))
        .await;
    assert_eq!(other.expect(200)["total"]["calls"], 0);
    for query in ["from=2026-03-03&to=2026-03-02", "from=2020-01-01"] {
        let answer = admin.get(&format!("{path}?{query}")).await;
        assert_eq!(answer.faults(422), ["from"], "{query}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plugins_log_is_its_tenants_alone_and_is_kept_for_so_many_days() {
    let host = Host::start().await;
    let (tenant, admin) = flooded(&host, "acme").await;
    let (_, rival) = flooded(&host, "rival").await;
    go_on(&admin).await;
    let made = decisions(&admin).await;
    let path = format!("{VERSION}/logs");
    let logs = admin.get(&path).await.expect(200);
    let logs = logs["data"].as_array().unwrap();
    assert_eq!(logs.len(), made.len());
    let last = made.last().unwrap();
    assert_eq!(
        (&logs[0]["sequence"], &logs[0]["at"]),
        (&last["sequence"], &last["at"])
    );
    assert_eq!(
        (&logs[0]["lines"], &logs[0]["dropped"]),
        (&last["logs"], &json!(900))
    );
    assert_eq!(logs[0]["lines"].as_array().unwrap().len(), 100);
    assert_eq!(logs[0]["stage"], "flooding");
    // The rival has the same version, and has asked it nothing.
    let of_rival = rival.get(&path).await.expect(200);
    assert_eq!(of_rival, json!({ "data": [], "next": null }));
    let case = logs[0]["case"].as_str().unwrap();
    rival.get(&format!("{path}?case={case}")).await.expect(404);

    let of_case = admin.get(&format!("{path}?case={case}")).await.expect(200);
    assert_eq!(of_case["data"], json!(logs));
    let warned = admin.get(&format!("{path}?level=warn")).await.expect(200);
    assert_eq!(warned["data"], json!(logs));
    let wrong = admin.get(&format!("{path}?level=error")).await.expect(200);
    assert_eq!(wrong, json!({ "data": [], "next": null }));

    host.clock.set(NOW.plus_ms(30 * DAY_MS));
    while regua_http::keep(&host.engine, tenant).await.unwrap() {}
    let gone = admin.get(&path).await.expect(200);
    assert_eq!(gone["data"], json!([]));
    assert_eq!(decisions(&admin).await[0]["logs"], json!([]));
    // What it used is kept for longer.
    let since = format!("{VERSION}/usage?from=2026-03-01");
    let usage = admin.get(&since).await.expect(200);
    assert_eq!(usage["total"]["calls"], made.len());
    host.clock.set(NOW.plus_ms(402 * DAY_MS));
    while regua_http::keep(&host.engine, tenant).await.unwrap() {}
    let path = format!("{VERSION}/usage?from=2026-03-01&to=2026-03-03");
    let usage = admin.get(&path).await.expect(200);
    assert_eq!(usage["total"]["calls"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_operator_sets_a_quota_and_the_tenant_sees_it_and_what_is_used() {
    let host = Host::start().await;
    let (tenant, admin) = flooded(&host, "acme").await;
    let operator = host.operator().await;
    let path = format!("/v1/tenants/{tenant}/quota");
    let shipped = admin.get("/v1/quota").await.expect(200);
    insta::assert_json_snapshot!(shipped["quota"], @r#"
    {
      "calls_per_second": null,
      "component_bytes": 1073741824,
      "fuel_per_day": 100000000000000,
      "log_bytes_per_day": 67108864,
      "uploads_per_hour": 600,
      "workers_percent": 100
    }
    "#);
    assert_eq!(shipped["used"]["uploads_last_hour"], 1);
    let quota = json!({ "log_bytes_per_day": 10, "fuel_per_day": 1, "uploads_per_hour": 1 });
    admin.put(&path, &quota).await.expect(403);
    let set = operator.put(&path, &quota).await.expect(200);
    assert_eq!(
        (
            &set["quota"]["fuel_per_day"],
            &set["quota"]["workers_percent"]
        ),
        (&json!(1), &json!(100))
    );
    for (member, value) in [
        ("workers_percent", json!(0)),
        ("fuel_per_day", json!(-1)),
        ("rate", json!(1)),
    ] {
        let answer = operator.put(&path, &json!({ member: value })).await;
        assert_eq!(answer.faults(422), [format!("/{member}")]);
    }
    let nobody = format!("/v1/tenants/ten_{:032}/quota", 7);
    operator.put(&nobody, &quota).await.expect(404);

    let over = upload(&admin, built::plugin("first-day-late-email")).await;
    let after: u64 = over.headers["retry-after"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert_eq!(
        (over.expect(429)["type"].clone(), after),
        (json!("urn:regua:problem:too-many-requests"), 3_600)
    );

    // One call is made; then there is no more fuel. Its lines do not fit.
    go_on(&admin).await;
    assert_eq!(decisions(&admin).await.len(), 1);
    let usage = admin.get(&format!("{VERSION}/usage")).await.expect(200);
    assert_eq!(
        (
            &usage["total"]["log_lines"],
            &usage["total"]["log_lines_dropped"]
        ),
        (&json!(0), &json!(1_000))
    );
    let told = admin.post("/v1/invoices", &invoice("F-2")).await;
    told.expect(201);
    let to = json!({ "to": "2026-03-20T20:00:00Z" });
    let waits = admin.post("/v1/clock", &to).await.expect(429);
    assert!(
        waits["detail"].as_str().unwrap().contains("midnight UTC"),
        "{waits}"
    );
    let seen = admin.get("/v1/quota").await.expect(200);
    assert_eq!(seen["waits"][0]["limit"], "fuel-per-day");
    assert!(
        seen["waits"][0]["until"]
            .as_str()
            .unwrap()
            .starts_with("2026-03-03T00:00:00")
    );
    assert!(seen["used"]["fuel_today"].as_u64().unwrap() > 1);
    assert_eq!(operator.get(&path).await.expect(200), seen);
}

#[tokio::test]
async fn a_shelf_that_is_full_takes_nothing_more() {
    let host = Host::start().await;
    let tenant = host.sandbox("acme").await;
    let admin = host.client(tenant, Role::Developer).await;
    let path = format!("/v1/tenants/{tenant}/quota");
    let small = json!({ "component_bytes": 1_000 });
    host.operator().await.put(&path, &small).await.expect(200);
    let over = upload(&admin, built::guest("hostile")).await.expect(409);
    assert!(over["detail"].as_str().unwrap().contains("1000"), "{over}");
    let listed = admin.get("/v1/plugins").await.expect(200);
    assert_eq!(listed["data"], json!([]));
}

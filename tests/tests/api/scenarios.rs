//! Scenarios that are played with a tenant's own shelf.

use regua_http::key::Role;
use serde_json::{Value, json};

use crate::desk::placed;
use crate::kit::Host;

const RUN: &str = "/v1/scenarios/run";

/// A story of somebody who is late, in YAML.
const LATE: &str = "
scenario: Somebody is late
starts: 2026-03-02
story:
  - invoice: { reference: F-1, amount: 250.00 BRL, due_on: day 2 }
  - on: day 10
    expect: { balance: 250.00 BRL }
";

#[tokio::test]
async fn a_tenants_scenarios_are_played_and_nothing_is_kept() {
    let host = Host::start().await;
    let (tenant, admin) = placed(&host, "acme").await;
    let customers = admin.get("/v1/customers").await.expect(200);
    let wrong = json!({
        "scenario": "Nobody owes anything", "starts": "2026-03-02",
        "story": [{ "on": "day 3", "expect": { "balance": "1.00 BRL", "messages": [] } }]
    });
    let body = json!({ "scenarios": [LATE, wrong] });
    let played = admin.post(RUN, &body).await.expect(200);
    assert_eq!(played["as_expected"], 1, "{played}");
    assert_eq!(played["scenarios"][0]["verdict"], "as-expected");
    assert!(played["scenarios"][0]["decisions"].as_u64().unwrap() > 0);
    let otherwise = &played["scenarios"][1];
    assert_eq!(otherwise["verdict"], "otherwise");
    assert_eq!(otherwise["mismatches"][0]["pointer"], "/story/0");
    assert_eq!(otherwise["mismatches"][0]["came"]["balance"], Value::Null);
    assert!(played["coverage"][0]["stages"]["count"].as_u64().unwrap() > 0);
    assert_eq!(admin.get("/v1/customers").await.expect(200), customers);
    let viewer = host.client(tenant, Role::Viewer).await;
    viewer.post(RUN, &body).await.expect(403);
}

#[tokio::test]
async fn a_draft_is_played_in_place_of_the_active_version_and_its_faults_are_told() {
    let host = Host::start().await;
    let (_, admin) = placed(&host, "acme").await;
    let workflows = admin.get("/v1/workflows").await.expect(200);
    let name = workflows["data"][0]["name"].as_str().unwrap().to_owned();
    let path = format!("/v1/workflows/{name}/versions/1");
    let active = admin.get(&path).await.expect(200);
    let mut draft = active["document"].clone();
    draft["stages"][0]["at"] = json!({ "days_overdue": 30 });
    let late = LATE.replace("expect: {", "expect: { messages: [], stage: null,");
    let body = json!({ "workflow": draft, "scenarios": [late] });
    let played = admin.post(RUN, &body).await.expect(200);
    assert_eq!(played["as_expected"], 1, "{played}");
    draft["stages"][0]["plugin"] = json!("nothing@1");
    let faulty = json!({
        "workflow": draft,
        "scenarios": [LATE.replace("day 2", "soon"), { "scenario": "", "starts": "2026-03-02" }]
    });
    let faults = admin.post(RUN, &faulty).await.faults(422);
    assert!(
        faults.contains(&"/scenarios/0/story/0/invoice/due_on".to_owned()),
        "{faults:?}"
    );
    assert!(
        faults.iter().any(|fault| fault.starts_with("/scenarios/1")),
        "{faults:?}"
    );
    let body = json!({ "workflow": draft, "scenarios": [LATE] });
    let faults = admin.post(RUN, &body).await.faults(422);
    assert_eq!(faults, ["/workflow/stages/0/plugin"]);
}

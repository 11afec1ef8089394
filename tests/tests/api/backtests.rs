//! A tenant's own past, played again under a draft.

use regua_http::key::Role;
use serde_json::{Value, json};

use crate::desk::placed;
use crate::kit::Host;

const BACKTESTS: &str = "/v1/backtests";

#[tokio::test]
async fn a_past_is_played_under_a_draft_beside_the_live_policy() {
    let host = Host::start().await;
    let (tenant, admin) = placed(&host, "acme").await;
    let workflows = admin.get("/v1/workflows").await.expect(200);
    let name = workflows["data"][0]["name"].as_str().unwrap().to_owned();
    let path = format!("/v1/workflows/{name}/versions/1");
    let mut draft = admin.get(&path).await.expect(200)["document"].clone();
    let body =
        |draft: &Value| json!({ "workflow": draft, "from": "2026-01-01", "to": "2026-03-20" });
    let same = admin.post(BACKTESTS, &body(&draft)).await.expect(200);
    assert_eq!(same["after"], Value::Null, "{same}");
    let customers = same["customers"].as_array().unwrap();
    assert_eq!(customers.len(), 1, "{same}");
    assert_eq!(customers[0]["live"], customers[0]["candidate"]);
    assert_eq!(customers[0]["live"]["placements"], 1, "{same}");
    // With whom both do alike, no story is told.
    assert_eq!(customers[0]["live"]["story"], json!([]));
    draft["stages"][0]["at"] = json!({ "days_overdue": 900 });
    let other = admin.post(BACKTESTS, &body(&draft)).await.expect(200);
    let one = &other["customers"][0];
    assert_eq!(
        (&one["live"]["placements"], &one["candidate"]["placements"]),
        (&json!(1), &json!(0))
    );
    assert!(!one["live"]["story"].as_array().unwrap().is_empty());
    let viewer = host.client(tenant, Role::Viewer).await;
    viewer.post(BACKTESTS, &body(&draft)).await.expect(403);
    draft["stages"][0]["plugin"] = json!("nothing@1");
    let faults = admin.post(BACKTESTS, &body(&draft)).await.faults(422);
    assert_eq!(faults, ["/workflow/stages/0/plugin"]);
    let before = json!({ "workflow": draft, "from": "2026-03-02", "to": "2026-03-01" });
    assert_eq!(admin.post(BACKTESTS, &before).await.faults(422), ["/to"]);
    let nowhere = json!({
        "workflow": draft, "from": "2026-03-01", "to": "2026-03-02", "after": "there"
    });
    assert_eq!(
        admin.post(BACKTESTS, &nowhere).await.faults(422),
        ["/after"]
    );
}

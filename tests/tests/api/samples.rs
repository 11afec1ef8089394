//! Decisions that are taken again beside everything else, to find plugins that answer differently to
//! equal input.

use regua_domain::time::DAY_MS;
use serde_json::{Value, json};

use crate::kit::{Client, Host, NOW};
use crate::metering::misled;

/// A live tenant whose stage does what is wanted, a week later; its one endpoint is told of it.
async fn asked(host: &Host, wanted: &str) -> Client {
    let tenant = host.live("acme").await;
    let admin = misled(host, tenant, wanted).await;
    let endpoint = json!({
        "label": "ours", "url": "https://hooks.acme.example/regua", "handles": [],
        "events": ["plugin.non-deterministic"],
    });
    let made = admin.post("/v1/webhook-endpoints", &endpoint).await;
    made.expect(201);
    assert_eq!(mark(&admin).await, Value::Null, "nothing was asked yet");
    let later = NOW.plus_ms(7 * DAY_MS);
    host.clock.set(later);
    let (_, open) = host.engine.opened(tenant).await.unwrap();
    let worked = host.engine.work(&open, later, later, None).await.unwrap();
    assert_eq!((worked.done, worked.faults), (1, 0), "{worked:?}");
    host.engine.settled().await;
    admin
}

async fn mark(admin: &Client) -> Value {
    let path = "/v1/plugins/hostile/versions/1.0.0";
    admin.get(path).await.expect(200)["non_deterministic"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plugin_that_answers_differently_when_it_is_asked_again_is_marked_and_its_owner_told() {
    let host = Host::start().await;
    let admin = asked(&host, "remember").await;
    let mark = mark(&admin).await;
    assert_eq!(
        (&mark["how"], &mark["differs"], &mark["stage"]),
        (&json!("in-a-row"), &json!("proposals"), &json!("flooding")),
        "{mark}"
    );
    let said = |side: &str| mark[side].as_str().unwrap_or_default().to_owned();
    assert!(said("recorded").contains("call 1 of"), "{mark}");
    assert!(said("again").contains("call 2 of"), "{mark}");
    let told = admin.get("/v1/deliveries").await.expect(200);
    assert_eq!(
        told["data"][0]["kind"], "plugin.non-deterministic",
        "{told}"
    );
    assert_eq!(told["data"].as_array().map(Vec::len), Some(1), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plugin_that_answers_alike_is_not_marked() {
    let host = Host::start().await;
    let admin = asked(&host, "log-flood").await;
    assert_eq!(mark(&admin).await, Value::Null);
    let told = admin.get("/v1/deliveries").await.expect(200);
    assert_eq!(told["data"], json!([]));
}

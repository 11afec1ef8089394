//! Bodies that are not what an endpoint takes, and callers who go away when theirs is there.

use std::future::{Future as _, poll_fn};
use std::task::Poll;
use std::time::Duration;

use http::Method;
use regua_http::key::Role;
use regua_tests::built;
use serde_json::Value;

use crate::kit::{Client, Host, maria};

/// What was begun is over after so long, or never.
const PATIENCE: Duration = Duration::from_mins(2);

#[tokio::test]
async fn a_body_is_of_one_type_and_sent_as_it_is() {
    let host = Host::start().await;
    let tenant = host.sandbox("acme").await;
    let admin = host.client(tenant, Role::Admin).await;
    let put = async |more: (&'static str, &'static str)| {
        let headers = [("content-type", "application/json"), more];
        let body = maria().to_string().into_bytes();
        admin
            .call(Method::PUT, "/v1/customers/C-1", &headers, body)
            .await
    };
    let packed = put(("content-encoding", "gzip")).await.expect(415);
    assert_eq!(packed["type"], "urn:regua:problem:media-type");
    let twice = put(("content-type", "text/csv")).await;
    assert_eq!(twice.faults(422), ["content-type"]);
    put(("content-encoding", "identity")).await.expect(201);
}

/// The entries of the audit log about uploads, the last first.
async fn uploads(admin: &Client) -> Vec<Value> {
    let log = admin.get("/v1/audit").await.expect(200);
    let entries = log["data"].as_array().unwrap().iter();
    let of_upload = |entry: &&Value| entry["what"] == "add_plugin";
    entries.filter(of_upload).cloned().collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_begun_is_done_to_its_end_also_where_the_caller_goes_away() {
    let host = Host::start().await;
    let tenant = host.sandbox("acme").await;
    let admin = host.client(tenant, Role::Admin).await;
    let headers = [
        ("content-type", "application/wasm"),
        ("idempotency-key", "once"),
    ];
    let upload = || {
        let wasm = built::plugin("first-day-late-email");
        admin.call(Method::POST, "/v1/plugins", &headers, wasm)
    };
    let mut left = Box::pin(upload());
    while uploads(&admin).await.is_empty() {
        let polled = poll_fn(|context| Poll::Ready(left.as_mut().poll(context).is_pending()));
        if !polled.await {
            break;
        }
    }
    drop(left);
    let settled = async {
        while uploads(&admin).await[0]["status"].is_null() {
            tokio::task::yield_now().await;
        }
        loop {
            let again = upload().await;
            // Its answer is kept after the audit log's entry.
            if again.status != 409 {
                break again;
            }
        }
    };
    let again = tokio::time::timeout(PATIENCE, settled).await;
    let again = again.expect("what was begun ends");
    assert_eq!(again.headers["idempotency-replayed"], "true");
    assert_eq!(again.expect(201)["is_new"], true);
    assert_eq!(uploads(&admin).await.len(), 1);
}

//! Cases: where they stand, what happened, what was decided, what is told of them.

use http::Method;
use regua_http::key::Role;
use serde_json::{Value, json};

use crate::desk::{absent, acquaint, brl, case, first, go_on, only, witnessed};
use crate::kit::{Host, invoice, maria};
use crate::shelf::stocked;

const NOBODY: &str = "/v1/cases/case_00000000000000000000000000000009";

#[tokio::test]
async fn a_case_tells_where_it_stands_what_is_owed_and_what_was_done() {
    let host = Host::start().await;
    let (_, admin) = witnessed(&host, "acme").await;
    let listed = first(&admin, "/v1/cases?open=true&customer=C-1").await;
    let path = format!("/v1/cases/{}", listed["id"].as_str().expect("an id"));
    let read = admin.get(&path).await.expect(200);
    assert_eq!(
        (&read["state"], &read["stage"], &read["workflow"]),
        (
            &json!("visiting"),
            &json!("rung"),
            &json!({ "name": "ladder", "version": 1 })
        )
    );
    assert_eq!(
        (&read["anchor"], &read["days_overdue"], &read["chaseable"]),
        (&json!("2026-03-04"), &json!(2), &brl("250.00"))
    );
    assert!(read["next_call_at"].is_string(), "{read}");
    assert_eq!(read["tasks"][0]["title"], "Call them");
    let effects = read["effects"].as_array().expect("a list");
    let proposals: Vec<_> = effects.iter().map(|effect| &effect["proposal"]).collect();
    assert_eq!(proposals, ["task", "letter"]);
}

#[tokio::test]
async fn a_case_that_was_paid_is_listed_among_all_but_not_among_the_open() {
    let host = Host::start().await;
    let (tenant, admin) = witnessed(&host, "acme").await;
    let payment = json!({
        "customer": "C-1", "reference": "P-1", "amount": brl("250.00"),
        "paid_on": "2026-03-06",
    });
    admin.post("/v1/payments", &payment).await.expect(201);
    go_on(&host, tenant, 1).await;
    let ended = first(&admin, "/v1/cases").await;
    assert_eq!(
        (&ended["state"], &ended["end"], &ended["next_call_at"]),
        (&json!("ended"), &json!("resolved"), &Value::Null)
    );
    let open = admin.get("/v1/cases?open=true").await.expect(200);
    assert_eq!(open["data"], json!([]));
}

#[tokio::test]
async fn a_cases_timeline_has_a_sentence_for_each_entry_page_by_page() {
    let host = Host::start().await;
    let (_, admin) = witnessed(&host, "acme").await;
    let path = format!("/v1/cases/{}/timeline", case(&admin).await);
    let whole = admin.get(&path).await.expect(200);
    let entries = whole["data"].as_array().expect("a list");
    let texts: Vec<_> = entries
        .iter()
        .filter_map(|entry| entry["text"].as_str())
        .collect();
    for sentence in [
        "`rung` began.",
        "A task was opened for collections: Call them.",
    ] {
        assert!(texts.contains(&sentence), "{sentence}: {texts:#?}");
    }
    let (mut after, mut pages) = (String::new(), Vec::new());
    loop {
        let page = admin
            .get(&format!("{path}?limit=3{after}"))
            .await
            .expect(200);
        pages.extend(page["data"].as_array().expect("a list").clone());
        let Some(next) = page["next"].as_str() else {
            break;
        };
        after = format!("&after={next}");
    }
    assert_eq!(&pages, entries);
    // With the case itself comes what happened last.
    let one = format!("/v1/cases/{}", case(&admin).await);
    assert!(admin.get(&one).await.expect(200).get("timeline").is_none());
    for wanted in [2, 500] {
        let read = admin.get(&format!("{one}?timeline={wanted}")).await;
        let last: Vec<_> = entries.iter().rev().take(wanted).cloned().collect();
        assert_eq!(read.expect(200)["timeline"], json!(last));
    }
    admin.get(&format!("{one}?timeline=0")).await.expect(422);
}

#[tokio::test]
async fn a_decision_tells_what_was_known_proposed_and_ruled() {
    let host = Host::start().await;
    let (_, admin) = witnessed(&host, "acme").await;
    let path = format!("/v1/cases/{}/decisions", case(&admin).await);
    let read = first(&admin, &path).await;
    assert_eq!(
        (&read["stage"], &read["plugin"], &read["attempt"]),
        (&json!("rung"), &json!("witness@1.0.0"), &json!(0))
    );
    assert_eq!(read["known"]["balance"]["outstanding"], 25_000);
    let proposals = &read["answer"]["decision"]["proposals"];
    assert_eq!(
        (&proposals[0]["key"], &proposals[1]["key"]),
        (&json!("letter"), &json!("task"))
    );
    let ruled: Vec<_> = read["rulings"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|ruling| (&ruling["proposal"], &ruling["kind"], &ruling["ruling"]))
        .collect();
    assert_eq!(
        ruled,
        [
            (&json!("letter"), &json!("send-message"), &json!("allowed")),
            (&json!("task"), &json!("open-task"), &json!("allowed")),
        ]
    );
    let next = admin.get(&format!("{path}?limit=1")).await.expect(200);
    assert_eq!(next["data"][0], read);
}

#[tokio::test]
async fn an_event_is_the_same_fact_as_told_elsewhere() {
    let host = Host::start().await;
    let (tenant, admin) = witnessed(&host, "acme").await;
    let path = format!("/v1/cases/{}/events", case(&admin).await);
    let events = [
        json!({ "event": "promise", "amount": brl("100.00"), "due_on": "2026-03-20" }),
        json!({ "event": "dispute", "invoice": "F-1", "reference": "D-1", "reason": "price" }),
        json!({ "event": "resolve-dispute", "invoice": "F-1", "upheld": false }),
        json!({ "event": "opt-out", "channel": "email" }),
        json!({ "event": "opt-in", "channel": "email" }),
        json!({ "event": "hold", "reason": "in hospital", "until": "2026-03-31" }),
        json!({ "event": "lift-hold" }),
        json!({ "event": "reply", "reason": "cash-flow", "text": "Soon." }),
    ];
    for event in &events {
        let told = admin.post(&path, event).await;
        assert_eq!(told.expect(201)["outcome"], "taken", "{event}");
    }
    let timeline = admin.get("/v1/customers/C-1/timeline").await.expect(200);
    let text = timeline.to_string();
    for kind in [
        "promise.made",
        "dispute.resolved",
        "contact.opted-in",
        "hold.lifted",
        "replied",
    ] {
        assert!(text.contains(kind), "{kind}: {text}");
    }
    go_on(&host, tenant, 1).await;
}

#[tokio::test]
async fn faults_of_an_event_are_those_of_the_event_that_was_meant() {
    let host = Host::start().await;
    let (_, admin) = witnessed(&host, "acme").await;
    let path = format!("/v1/cases/{}/events", case(&admin).await);
    let usd = json!({ "amount": "1.00", "currency": "USD" });
    let wrong: [(Value, &[&str]); 10] = [
        (json!([]), &[""]),
        (json!({ "reason": "x" }), &["/event"]),
        (json!({ "event": "party" }), &["/event"]),
        (json!({ "event": 1 }), &["/event"]),
        (
            json!({ "event": "reply", "text": 1, "channel": "email" }),
            &["/channel", "/reason", "/text"],
        ),
        (
            json!({ "event": "promise", "amount": { "currency": "x" } }),
            &["/amount/amount", "/amount/currency", "/due_on"],
        ),
        (
            json!({ "event": "promise", "amount": usd, "due_on": "2026-03-20" }),
            &["/amount/currency"],
        ),
        (
            json!({ "event": "dispute", "reference": "" }),
            &["/invoice", "/reason", "/reference"],
        ),
        (
            json!({ "event": "opt-out", "channel": "E mail", "at": "now" }),
            &["/at", "/channel"],
        ),
        (
            json!({ "event": "lift-hold", "until": "2026-03-20" }),
            &["/until"],
        ),
    ];
    for (body, places) in wrong {
        assert_eq!(admin.post(&path, &body).await.faults(422), places, "{body}");
    }
}

#[tokio::test]
async fn another_tenants_cases_do_not_exist() {
    let host = Host::start().await;
    let (_, admin) = witnessed(&host, "acme").await;
    let path = format!("/v1/cases/{}", case(&admin).await);
    let of = |rest: &str| format!("{path}{rest}");
    let rival = host.sandbox("rival").await;
    let other = host.client(rival, Role::Admin).await;
    let lift = json!({ "event": "lift-hold" });
    let mine: [(Method, &str, Value); 6] = [
        (Method::GET, &path, Value::Null),
        (Method::GET, &of("/timeline"), Value::Null),
        (Method::GET, &of("/decisions"), Value::Null),
        (Method::GET, &of("/effects"), Value::Null),
        (Method::POST, &of("/events"), lift),
        (Method::GET, "/v1/cases?customer=C-1", Value::Null),
    ];
    absent(&other, &mine).await;
    let page = other.get("/v1/cases").await.expect(200);
    assert_eq!(page["data"], json!([]));
    // An invoice of another customer is none of this case's.
    admin.put("/v1/customers/C-2", &maria()).await.expect(201);
    let mut second = invoice("F-2");
    second["customer"] = json!("C-2");
    admin.post("/v1/invoices", &second).await.expect(201);
    let dispute =
        json!({ "event": "dispute", "invoice": "F-2", "reference": "D", "reason": "price" });
    absent(&admin, &[(Method::POST, &of("/events"), dispute)]).await;
}

#[tokio::test]
async fn people_work_on_cases_and_readers_look() {
    let host = Host::start().await;
    let tenant = host.sandbox("acme").await;
    let of = |rest: &str| format!("{NOBODY}{rest}");
    let lift = json!({ "event": "lift-hold" });
    let tells: [(Method, &str, Value); 1] = [(Method::POST, &of("/events"), lift)];
    only(&host, tenant, &[Role::Admin, Role::Agent], &tells).await;
    let readers = [Role::Admin, Role::Developer, Role::Agent, Role::Viewer];
    let reads: [(Method, &str, Value); 5] = [
        (Method::GET, NOBODY, Value::Null),
        (Method::GET, &of("/timeline"), Value::Null),
        (Method::GET, &of("/decisions"), Value::Null),
        (Method::GET, &of("/effects"), Value::Null),
        (Method::GET, "/v1/cases?customer=C-9", Value::Null),
    ];
    only(&host, tenant, &readers, &reads).await;
}

#[tokio::test]
async fn what_is_no_cases_id_is_a_fault_of_the_path() {
    let host = Host::start().await;
    let tenant = host.sandbox("acme").await;
    let viewer = host.client(tenant, Role::Viewer).await;
    for path in ["/v1/cases/case_1", "/v1/cases/C-1/timeline"] {
        assert_eq!(viewer.get(path).await.faults(422), ["case"], "{path}");
    }
    let query = "/v1/cases?open=perhaps&after=%21&state=open";
    assert_eq!(viewer.get(query).await.faults(422), ["open", "state"]);
}

#[tokio::test]
async fn what_was_owed_before_there_was_a_workflow_is_dunned_once_there_is_one() {
    let host = Host::start().await;
    let tenant = host.sandbox("acme").await;
    let admin = host.client(tenant, Role::Admin).await;
    acquaint(&admin).await;
    go_on(&host, tenant, 5).await;
    assert_eq!(admin.get("/v1/cases").await.expect(200)["data"], json!([]));
    stocked(&admin).await;
    let store = host.engine.store().tenant(tenant);
    store.activate("standard", 1, Vec::new()).await.unwrap();
    let mut policy = store.row().await.unwrap().policy;
    policy.default_workflow = Some("standard".to_owned());
    store.put_policy(&policy, None).await.unwrap();
    go_on(&host, tenant, 1).await;
    let begun = &first(&admin, "/v1/cases").await["workflow"];
    assert_eq!(*begun, json!({ "name": "standard", "version": 1 }));
}

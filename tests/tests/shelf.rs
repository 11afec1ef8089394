//! What a tenant puts on its shelf, through the engine and a store: with a fault in it,
//! every fault is told with its place, and the shelf stays as it was.

use regua_domain::template::Template;
use regua_domain::workflow::check::Form;
use regua_engine::PublishError;
use regua_tests::{Debtor, Sandbox, built, sample};
use serde_json::{Value, json};

async fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new(sample::policy()).await;
    sandbox.add(built::plugin("first-day-late-email")).await;
    sandbox.add_templates_of("first-day-late-email").await;
    sandbox
}

/// A ladder of the plugin that is there.
fn ladder() -> Value {
    let mut ladder = Debtor::ladder("first-day-late-email@1", "");
    ladder["stages"][0]["config"] = json!({ "template": "first-day-late" });
    ladder["stages"][0]["on"] =
        json!({ "sent": { "end": "closed" }, "unreachable": { "end": "closed" } });
    ladder
}

fn template(locale: &str, text: &str) -> Template {
    let source = json!({ "subject": "A word", "text": format!("Hello\n{text}"), "short": "Pay" });
    Template::from_yaml("first-day-late", locale, &source.to_string()).expect("it is YAML")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_template_with_a_fault_leaves_every_locale_as_it_was() {
    let sandbox = sandbox().await;
    let before = sandbox.store().templates().await.unwrap();
    let loops = "{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}";
    for (text, fault) in [
        ("{{ customer.nmae }}", "(pt-BR), text, line 2: "),
        (loops, "it ran out of fuel"),
        ("{{ 'x' * 40000 }}", "at most 32768"),
        ("{% if %}", "(pt-BR), text, line 2: "),
    ] {
        // The good locale comes first, so that it is the one that could be half-written.
        let locales = vec![template("en", "Changed."), template("pt-BR", text)];
        let put = sandbox.engine().put_templates(sandbox.store(), locales);
        let Err(PublishError::Templates(faults)) = put.await else {
            panic!("{text} was put")
        };
        let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
        assert!(
            faults.iter().all(|told| told.contains("pt-BR")),
            "{faults:#?}"
        );
        assert!(
            faults.iter().any(|told| told.contains(fault)),
            "{faults:#?}"
        );
        assert_eq!(sandbox.store().templates().await.unwrap(), before, "{text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workflow_with_faults_leaves_no_version() {
    let sandbox = sandbox().await;
    sandbox.publish(&ladder()).await;
    let before = sandbox.store().workflows().await.unwrap();
    for (pointer, part) in [
        ("/calendar", json!("Atlantis")),
        ("/send_window", json!("61 * * * * *")),
        ("/stages/0/plugin", json!("first-day-late-email@7")),
        ("/stages/0/config/template", json!("nowhere")),
        ("/stages/0/config/channels", json!([])),
        ("/stages/0/on/sent", json!("nowhere")),
        ("/stages/0/on_failure", json!({ "stage": "rung" })),
    ] {
        let mut bad = ladder();
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        bad.pointer_mut(parent).unwrap()[name] = part;
        let published = sandbox
            .engine()
            .publish(sandbox.store(), &bad.to_string(), Form::Json)
            .await;
        let Err(PublishError::Problems(problems)) = published else {
            panic!("{pointer} was published")
        };
        assert!(
            problems.iter().any(|problem| problem.pointer == pointer),
            "{pointer}: {problems:#?}"
        );
        assert_eq!(
            sandbox.store().workflows().await.unwrap(),
            before,
            "{pointer}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_that_are_no_stage_leave_no_plugin() {
    let sandbox = sandbox().await;
    let before = sandbox.store().plugins().await.unwrap();
    let whole = built::plugin("first-day-late-email");
    for bytes in [
        Vec::new(),
        b"no wasm".to_vec(),
        whole[..whole.len() / 2].to_vec(),
    ] {
        let added = sandbox.engine().add_plugin(sandbox.store(), bytes).await;
        assert!(matches!(added, Err(PublishError::NotAdmitted(_))));
    }
    assert_eq!(sandbox.store().plugins().await.unwrap(), before);
}

//! Two tenants of one host whose plugins leave for one another whatever they can: nothing crosses,
//! in either store. That a stranger cannot name another's things is tried with the API.

mod guest;

use std::fmt::Write as _;
use std::sync::Arc;

use regua_domain::contract::{Answer, LogLine};
use regua_domain::fact::{CustomerFacts, Fact};
use regua_domain::policy::{ChargesOnPaid, Policy};
use regua_domain::template::Template;
use regua_engine::{Engine, ManualClock, Settings};
use regua_runtime::Workers;
use regua_test_kit::postgres::Database;
use regua_tests::wave::Place;
use regua_tests::{Debtor, NOON, Sandbox, built, invoice, patient, person};
use serde_json::{Value, json};

use guest::marking;

/// The tenants, and the mark of each.
const TENANTS: [(&str, &str); 2] = [("acme", "acme-mrk"), ("rival", "rivl-mrk")];
/// Customers of each, who are called in turn: an instance's place is used again and again.
const CUSTOMERS: usize = 6;

/// A test of a host over each store.
macro_rules! on_both_stores {
    ($($name:ident)*) => {
        mod sqlite {$(
            #[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                let folder = tempfile::tempdir().unwrap();
                let place = super::Place::file(&folder.path().join("store.sqlite"));
                super::$name(super::host(&place).await).await;
            }
        )*}
        mod postgres {$(
            #[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                let (database, folder) = (super::Database::create(), tempfile::tempdir().unwrap());
                let place = super::Place {
                    store: database.url().to_owned(),
                    cache: folder.path().join("cache"),
                };
                let host = super::host(&place).await;
                let store = std::sync::Arc::clone(host.store());
                super::$name(host).await;
                store.close().await;
            }
        )*}
    };
}

on_both_stores! {
    stages_of_the_same_name_leave_nothing_for_one_another
    the_same_stage_at_two_tenants_leaves_nothing
    templates_and_workflows_of_the_same_name_are_each_tenants_own
}

async fn host(place: &Place) -> Engine {
    std::fs::create_dir_all(&place.cache).unwrap();
    Engine::new(
        place.open().await.unwrap(),
        patient(&place.cache),
        // One thread, one engine, one place in its pool.
        Arc::new(Workers::start(1).unwrap()),
        Arc::new(ManualClock::at(NOON)),
        Settings::shipped(),
    )
}

async fn tenant(host: &Engine, name: &str) -> Sandbox {
    let policy = Policy {
        default_workflow: Some("ladder".to_owned()),
        link_base: "https://pay.example".to_owned(),
        ..Policy::new(name, ChargesOnPaid::Keep)
    };
    Sandbox::of(host, name, policy).await
}

/// Customers whose names bear the tenant's mark, with an overdue invoice each.
async fn enter(sandbox: &mut Sandbox, mark: &str) {
    for nth in 0..CUSTOMERS {
        let reference = format!("C-{nth}");
        let who = CustomerFacts {
            name: format!("{mark} {nth}"),
            ..person()
        };
        let owes = invoice(&format!("F-{nth}"), 12_000, "2026-03-02");
        for fact in [Fact::Customer(who), Fact::InvoiceIssued(owes)] {
            sandbox.tell(&reference, fact).await.unwrap();
        }
    }
}

fn ladder(plugin: &str, config: Value) -> Value {
    let mut ladder = Debtor::ladder(plugin, "");
    ladder["stages"][0]["config"] = config;
    ladder["stages"][0]["on"] = json!({ "sent": { "end": "closed" } });
    ladder
}

/// All that the store has of a tenant.
async fn all_of(sandbox: &Sandbox) -> String {
    let store = sandbox.store();
    let mut all = format!(
        "{:?} {:?} {:?} {:?}",
        store.row().await.unwrap(),
        store.plugins().await.unwrap(),
        store.templates().await.unwrap(),
        store.workflows().await.unwrap(),
    );
    for plugin in store.plugins().await.unwrap() {
        let wasm = store.component(&plugin.digest).await.unwrap();
        all += &String::from_utf8_lossy(&wasm);
    }
    for nth in 0..CUSTOMERS {
        let reference = format!("C-{nth}");
        let _ = write!(
            all,
            "{:?} {:?} {:?}",
            sandbox.dossier(&reference).await,
            sandbox.timeline(&reference).await,
            sandbox.decisions(&reference).await,
        );
    }
    all
}

/// The lines that the stage wrote about each of the tenant's customers, a call each.
async fn lines(sandbox: &Sandbox) -> Vec<Vec<Vec<String>>> {
    let mut lines = Vec::new();
    for nth in 0..CUSTOMERS {
        let records = sandbox.decisions(&format!("C-{nth}")).await;
        let text = |logs: &[LogLine]| logs.iter().map(|line| line.text.clone()).collect();
        let of_calls = records.iter().map(|record| {
            let answer = &record.call.answer;
            assert!(matches!(answer, Answer::Decision(_)), "{answer:?}");
            text(&record.call.logs)
        });
        lines.push(of_calls.collect());
    }
    lines
}

/// Each call finds what the same case was left, and nothing else.
async fn assert_own(sandbox: &Sandbox, mark: &str) {
    for of_customer in lines(sandbox).await {
        let (first, later) = of_customer.split_first().expect("a call");
        assert_eq!(*first, [mark]);
        assert!(later.len() >= 2, "{later:?}");
        for lines in later {
            assert_eq!(*lines, ["mine", mark]);
        }
    }
}

async fn stages_of_the_same_name_leave_nothing_for_one_another(host: Engine) {
    let mut sandboxes = Vec::new();
    for ((name, mark), (_, other)) in TENANTS.into_iter().zip(TENANTS.into_iter().rev()) {
        let mut sandbox = tenant(&host, name).await;
        // Both are `sent` in version 1.0.0, and their bytes differ.
        sandbox.add(marking(mark, other)).await;
        sandbox.publish(&ladder("sent@1", json!({}))).await;
        enter(&mut sandbox, mark).await;
        sandboxes.push(sandbox);
    }
    for _ in 0..3 {
        for sandbox in &mut sandboxes {
            let worked = sandbox.go_on(1).await;
            assert_eq!((worked.faults, worked.stale), (0, 0));
        }
    }
    for ((_, mark), sandbox) in TENANTS.iter().zip(&sandboxes) {
        assert_own(sandbox, mark).await;
    }
    for ((_, mark), sandbox) in TENANTS.iter().rev().zip(&sandboxes) {
        let all = all_of(sandbox).await;
        assert!(!all.contains(mark), "{mark} is found at another tenant");
    }
}

async fn the_same_stage_at_two_tenants_leaves_nothing(host: Engine) {
    let (mark, nobodys) = ("same-mrk", "none-mrk");
    let mut sandboxes = Vec::new();
    for (name, _) in TENANTS {
        let mut sandbox = tenant(&host, name).await;
        sandbox.add(marking(mark, nobodys)).await;
        sandbox.publish(&ladder("sent@1", json!({}))).await;
        enter(&mut sandbox, name).await;
        sandboxes.push(sandbox);
    }
    let [one, two] = &mut sandboxes[..] else {
        panic!("there are two")
    };
    let of_one = one.store().plugins().await.unwrap();
    let of_two = two.store().plugins().await.unwrap();
    assert_eq!(of_one[0].digest, of_two[0].digest);
    // The second begins when the first has left its mark for days.
    for _ in 0..3 {
        one.go_on(1).await;
    }
    for _ in 0..3 {
        two.go_on(1).await;
    }
    assert_own(one, mark).await;
    assert_own(two, mark).await;
}

async fn templates_and_workflows_of_the_same_name_are_each_tenants_own(host: Engine) {
    let mut sandboxes = Vec::new();
    for (name, mark) in TENANTS {
        let mut sandbox = tenant(&host, name).await;
        sandbox.add(built::plugin("first-day-late-email")).await;
        let text =
            json!({ "subject": mark, "text": format!("{mark}: please pay."), "short": mark });
        let locales = ["en", "pt-BR"].map(|locale| {
            Template::from_yaml("first-day-late", locale, &text.to_string()).unwrap()
        });
        let put = host.put_templates(sandbox.store(), locales.to_vec());
        put.await.unwrap();
        let config = json!({ "template": "first-day-late" });
        let mut ladder = ladder("first-day-late-email@1", config);
        ladder["stages"][0]["on"]["unreachable"] = json!({ "end": "closed" });
        sandbox.publish(&ladder).await;
        enter(&mut sandbox, mark).await;
        sandboxes.push(sandbox);
    }
    for sandbox in &mut sandboxes {
        sandbox.go_on(1).await;
    }
    for ((_, own), (sandbox, (_, other))) in TENANTS
        .iter()
        .zip(sandboxes.iter().zip(TENANTS.iter().rev()))
    {
        for nth in 0..CUSTOMERS {
            let dossier = sandbox.dossier(&format!("C-{nth}")).await;
            let [letter] = dossier.effects.as_slice() else {
                panic!("{:?}", dossier.effects)
            };
            let letter = format!("{letter:?}");
            assert!(letter.contains(&format!("{own}: please pay.")), "{letter}");
        }
        let all = all_of(sandbox).await;
        assert!(!all.contains(other), "{other} is found at another tenant");
    }
}

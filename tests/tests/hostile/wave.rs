//! All crimes at once, through engine and store: each debtor has a ladder of their own, and
//! honest debtors are between them.

use regua_domain::case::CaseState;
use regua_domain::contract::{EffectState, FailureKind};
use regua_domain::effect::TaskState;
use regua_domain::fact::{CustomerFacts, Fact};
use regua_domain::policy::{AssignmentRule, ChargesOnPaid, Policy};
use regua_domain::timeline::{Happening, TimelineEntry};
use regua_tests::{Debtor, Sandbox, built, invoice, person};
use serde_json::{Value, json};

use crate::crimes::{CRIMES, ITEM, TABLE_FULL, assert_told, table_hog};

/// The ladder of the honest stage.
const HONEST: &str = "honest";
/// The ladder of the guest that Rust cannot be made to write.
const TABLE: &str = "table";

/// Every ladder, and whose stage it asks: a debtor gets the one that their segment names.
fn ladders() -> Vec<Value> {
    let named = |name: &str, mut ladder: Value| {
        ladder["name"] = json!(name);
        ladder
    };
    let mut honest = named(HONEST, Debtor::ladder("first-day-late-email@1", ""));
    honest["stages"][0]["config"] = json!({ "template": "first-day-late" });
    honest["stages"][0]["on"] =
        json!({ "sent": { "end": "closed" }, "unreachable": { "end": "closed" } });
    let mut table = named(TABLE, Debtor::ladder("sent@1", "grow"));
    table["stages"][0]["on"] = json!({ "sent": { "end": "closed" } });
    let crimes = CRIMES.iter();
    let crimes = crimes.map(|(wanted, ..)| named(wanted, Debtor::ladder("hostile@1", wanted)));
    crimes.chain([honest, table]).collect()
}

async fn sandbox(ladders: &[Value]) -> Sandbox {
    let rule = |ladder: &Value| AssignmentRule {
        workflow: ladder["name"].as_str().unwrap().to_owned(),
        segment: ladder["name"].as_str().map(str::to_owned),
        kind: None,
        jurisdiction: None,
        currency: None,
    };
    let sandbox = Sandbox::new(Policy {
        assignment: ladders.iter().map(rule).collect(),
        link_base: "https://pay.example".to_owned(),
        ..Policy::new("Casa", ChargesOnPaid::Keep)
    })
    .await;
    sandbox.add(built::guest("hostile")).await;
    sandbox.add(table_hog()).await;
    sandbox.add(built::plugin("first-day-late-email")).await;
    sandbox.add_templates_of("first-day-late-email").await;
    for ladder in ladders {
        sandbox.publish(ladder).await;
    }
    sandbox
}

async fn enter(sandbox: &mut Sandbox, customer: &str, ladder: &str) {
    let who = CustomerFacts {
        segments: vec![ladder.to_owned()],
        ..person()
    };
    let owes = invoice(&format!("F-{customer}"), 12_000, "2026-03-02");
    for fact in [Fact::Customer(who), Fact::InvoiceIssued(owes)] {
        let told = sandbox.tell(customer, fact).await;
        told.unwrap_or_else(|error| panic!("{customer}: {error}"));
    }
}

fn failure(timeline: &[TimelineEntry]) -> Option<(FailureKind, &str)> {
    timeline.iter().find_map(|entry| match &entry.what {
        Happening::StageFailed { kind, detail, .. } => Some((*kind, detail.as_str())),
        _ => None,
    })
}

/// In the stage that failed, with a task for a person.
async fn assert_held(sandbox: &Sandbox, customer: &str) {
    let dossier = sandbox.dossier(customer).await;
    let [case] = dossier.cases.as_slice() else {
        panic!("{customer}: {:?}", dossier.cases)
    };
    assert!(matches!(case.state, CaseState::Visiting(_)), "{customer}");
    assert_eq!(case.stage(), "rung", "{customer}");
    assert_eq!(dossier.covers.len(), 1, "{customer}");
    let [task] = dossier.tasks.as_slice() else {
        panic!("{customer}: {:?}", dossier.tasks)
    };
    assert_eq!(task.title, "Look at this case", "{customer}");
    assert_eq!(task.state, TaskState::Open, "{customer}");
    assert!(dossier.effects.is_empty(), "{customer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wave_of_all_crimes_is_held_and_honest_debtors_get_their_letters() {
    let ladders = ladders();
    let mut sandbox = sandbox(&ladders).await;
    for ladder in &ladders {
        let name = ladder["name"].as_str().unwrap();
        enter(&mut sandbox, name, name).await;
        enter(&mut sandbox, &format!("honest-beside-{name}"), HONEST).await;
    }
    let worked = sandbox.go_on(1).await;
    assert_eq!((worked.faults, worked.stale), (0, 0));

    for (wanted, ..) in CRIMES {
        let timeline = sandbox.timeline(wanted).await;
        let (kind, detail) = failure(&timeline).expect(wanted);
        let item = sandbox.dossier(wanted).await.items[0].id.to_string();
        assert_told(wanted, (kind, &detail.replace(&item, ITEM)));
        assert_held(&sandbox, wanted).await;
    }
    let timeline = sandbox.timeline(TABLE).await;
    let (kind, detail) = failure(&timeline).expect("a failure on the timeline");
    assert_eq!(kind, FailureKind::OutOfMemory);
    assert_eq!(detail.lines().next(), Some(TABLE_FULL));
    assert_held(&sandbox, TABLE).await;
    for ladder in &ladders {
        let customer = format!("honest-beside-{}", ladder["name"].as_str().unwrap());
        let timeline = sandbox.timeline(&customer).await;
        assert_eq!(failure(&timeline), None, "{customer}");
        let dossier = sandbox.dossier(&customer).await;
        let [letter] = dossier.effects.as_slice() else {
            panic!("{customer}: {:?}", dossier.effects)
        };
        assert_eq!(letter.state, EffectState::Done, "{customer}");
    }
}

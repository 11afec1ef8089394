//! Canaries: a debtor whose name, addresses, numbers and words stand out is dunned for weeks
//! by a stage that writes down all it is told. None of them is in what it wrote, nor in what
//! the host recorded of its calls; and what it has to know is.

use std::collections::BTreeSet;

use regua_domain::contract::{Channel, Trigger};
use regua_domain::customer::{Consent, ContactPoint};
use regua_domain::effect::EffectKey;
use regua_domain::fact::{CustomerFacts, EffectResult, Fact, PaymentFacts};
use regua_domain::policy::{ChargesOnPaid, Policy};
use regua_domain::timeline::DecisionRecord;
use regua_tests::{Debtor, Sandbox, built, invoice, person};
use serde_json::json;

const WHO: &str = "CLI-ZULMIRA-0042";
const NAME: &str = "Zulmira Quitéria Canário";
const EMAIL: &str = "zulmira.canario@quiteria.example";
const PHONE: &str = "+55 11 98765-4321";
const TAX_NUMBER: &str = "529.982.247-25";
const STREET: &str = "Rua Canindé 77";
const DELIVERY: &str = "Travessa Jequitibá 41, fundos";
const REPLY: &str = "Perdi o emprego no Xingu, ligue para 11 98765-4321";

/// Words of the above and of the references, in lower case, and the numbers' digits.
const CANARIES: &[&str] = &[
    "zulmira",
    "quitéria",
    "quiteria",
    "canário",
    "canario",
    "canindé",
    "jequitibá",
    "xingu",
    "11987654321",
    "52998224725",
];

/// Canaries in a text: of words in any case, of numbers however they are punctuated.
fn found_in(text: &str) -> Vec<&'static str> {
    let lower = text.to_lowercase();
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let is_found = |canary: &&&str| {
        let is_number = canary.bytes().all(|byte| byte.is_ascii_digit());
        (if is_number { &digits } else { &lower }).contains(**canary)
    };
    CANARIES.iter().filter(is_found).copied().collect()
}

fn debtor() -> CustomerFacts {
    let point = |channel, address: &str| ContactPoint {
        channel,
        address: address.to_owned(),
        consent: Consent::Given,
        bounced: false,
    };
    CustomerFacts {
        name: NAME.to_owned(),
        tax_number: Some(TAX_NUMBER.to_owned()),
        segments: vec!["gold".to_owned()],
        attributes: [("delivery", DELIVERY), ("branch", "north-seven")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into(),
        contacts: vec![
            point(Channel::Email, EMAIL),
            point(Channel::Sms, PHONE),
            point(Channel::Letter, STREET),
        ],
        ..person()
    }
}

/// A tenant that shows stages these attributes, with a witness on the one rung.
async fn sandbox(visible: &[&str]) -> Sandbox {
    let policy = Policy {
        default_workflow: Some("ladder".to_owned()),
        visible_attributes: visible.iter().map(|&name| name.to_owned()).collect(),
        ..Policy::new("Casa", ChargesOnPaid::Keep)
    };
    let mut sandbox = Sandbox::new(policy).await;
    sandbox.add(built::guest("witness")).await;
    let mut ladder = Debtor::ladder("witness@1", "bear-witness");
    ladder["stages"][0]["config"] = json!({ "mark": "of-the-config" });
    sandbox.publish(&ladder).await;
    tell(&mut sandbox, Fact::Customer(debtor())).await;
    for (reference, due_on) in [
        ("FAT-CANARIO-7", "2026-03-02"),
        ("FAT-XINGU-8", "2026-03-04"),
    ] {
        tell(
            &mut sandbox,
            Fact::InvoiceIssued(invoice(reference, 12_000, due_on)),
        )
        .await;
    }
    sandbox
}

async fn tell(sandbox: &mut Sandbox, fact: Fact) {
    let shown = format!("{fact:?}");
    let told = sandbox.tell(WHO, fact).await;
    told.unwrap_or_else(|error| panic!("{shown}: {error}"));
}

/// Tells a fact and gives the stage the time to hear of it.
async fn hear(sandbox: &mut Sandbox, fact: Fact) {
    tell(sandbox, fact).await;
    assert_eq!(sandbox.go_on(1).await.faults, 0);
}

/// The key of the newest effect of a proposal.
async fn effect(sandbox: &Sandbox, proposal: &str) -> EffectKey {
    let dossier = sandbox.dossier(WHO).await;
    let mut effects = dossier.effects.iter().rev();
    match effects.find(|effect| effect.proposal == proposal) {
        Some(effect) => effect.key,
        None => panic!("no {proposal}:\n{}", sandbox.story(WHO).await),
    }
}

/// Everything that a debtor, a channel and a person may answer, with a canary wherever the
/// fact has room for one.
async fn live_through_it(sandbox: &mut Sandbox) {
    sandbox.go_on(1).await;
    let bounced = Fact::EffectResult {
        effect: effect(sandbox, "letter").await,
        result: EffectResult::Bounced {
            code: format!("550 5.1.1 <{EMAIL}>: user unknown"),
        },
    };
    hear(sandbox, bounced).await;
    let disputed = Fact::DisputeOpened {
        invoice: "FAT-XINGU-8".to_owned(),
        reference: "DIS-CANARIO-9".to_owned(),
        amount: None,
        reason: "goods-or-service".to_owned(),
    };
    hear(sandbox, disputed).await;
    let replied = Fact::Replied {
        reason: "cash-flow".to_owned(),
        text: REPLY.to_owned(),
    };
    hear(sandbox, replied).await;
    let accepted = Fact::OfferAnswered {
        effect: effect(sandbox, "offer").await,
        accepted: Some(1),
    };
    hear(sandbox, accepted).await;
    let paid = Fact::Payment(PaymentFacts {
        reference: "PAG-CANARIO-1".to_owned(),
        amount: invoice("", 5_000, "2026-03-16").amount,
        paid_on: "2026-03-16".parse().unwrap(),
        invoices: vec!["FAT-CANARIO-7".to_owned()],
        pending: false,
    });
    hear(sandbox, paid).await;
    let reversed = Fact::PaymentReversed {
        payment: "PAG-CANARIO-1".to_owned(),
        code: "chargeback".to_owned(),
    };
    hear(sandbox, reversed).await;
    let resolved = Fact::DisputeResolved {
        invoice: "FAT-XINGU-8".to_owned(),
        upheld: false,
    };
    hear(sandbox, resolved).await;
    let done = Fact::TaskCompleted {
        task: sandbox.dossier(WHO).await.tasks[0].id,
        outcome: "called".to_owned(),
        by: None,
    };
    hear(sandbox, done).await;
    let channel = Channel::Sms;
    hear(sandbox, Fact::OptedOut { channel }).await;
    sandbox.go_on(20).await;
}

/// What the guest wrote in one call, put together again.
fn written(record: &DecisionRecord) -> String {
    assert_eq!(record.call.logs_dropped, 0);
    let lines = record.call.logs.iter().map(|line| line.text.as_str());
    let text: String = lines.collect();
    assert!(text.starts_with("Situation {"), "{text}");
    assert!(text.ends_with(r#"{"mark":"of-the-config"}"#), "{text}");
    text
}

/// The record as it is kept, taken apart: the situation, the answer and the log.
fn recorded(record: &DecisionRecord) -> String {
    serde_json::to_string(record).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_names_a_debtor_crosses_into_a_stage_or_its_record() {
    let mut sandbox = sandbox(&["branch"]).await;
    live_through_it(&mut sandbox).await;

    let records = sandbox.decisions(WHO).await;
    let items = sandbox.dossier(WHO).await.items;
    let mut heard = BTreeSet::new();
    for record in &records {
        for text in [written(record), recorded(record)] {
            assert_eq!(found_in(&text), [""; 0], "{text}");
            // What a stage has to know is there, so nothing was looked for in vain.
            for known in ["gold", "north-seven", "America/Sao_Paulo"] {
                assert!(text.contains(known), "{known}: {text}");
            }
            for item in &items {
                assert!(text.contains(&item.id.to_string()), "{text}");
            }
        }
        if let Trigger::Event(event) = &record.situation.trigger {
            heard.insert(event.kind.as_str());
        }
    }
    let told = [
        "contact.opted-out",
        "dispute.opened",
        "dispute.resolved",
        "message.bounced",
        "offer.accepted",
        "payment.received",
        "payment.reversed",
        "replied",
        "task.completed",
    ];
    assert!(told.iter().all(|kind| heard.contains(kind)), "{heard:?}");
}

/// The other half of the proof: the canaries are in what the host itself keeps.
#[tokio::test(flavor = "multi_thread")]
async fn every_canary_is_where_it_may_be() {
    let mut sandbox = sandbox(&["branch"]).await;
    live_through_it(&mut sandbox).await;
    let dossier = serde_json::to_string(&sandbox.dossier(WHO).await).unwrap();
    let timeline = serde_json::to_string(&sandbox.timeline(WHO).await).unwrap();
    assert_eq!(found_in(&(dossier + &timeline)), CANARIES);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_attribute_crosses_where_the_tenant_says_so_and_is_found() {
    let mut sandbox = sandbox(&["delivery"]).await;
    sandbox.go_on(1).await;
    let records = sandbox.decisions(WHO).await;
    assert_eq!(found_in(&written(&records[0])), ["jequitibá"]);
    assert_eq!(found_in(&recorded(&records[0])), ["jequitibá"]);
}

/// What stages see of a fact may not name the debtor: such a fact is not taken in.
#[tokio::test(flavor = "multi_thread")]
async fn a_code_or_a_reason_that_names_the_debtor_is_refused() {
    let mut sandbox = sandbox(&[]).await;
    sandbox.go_on(1).await;
    let task = sandbox.dossier(WHO).await.tasks[0].id;
    let letter = effect(&sandbox, "letter").await;
    for name in [
        format!("says {}", NAME.to_uppercase()),
        format!("write to {EMAIL}"),
        format!("call {PHONE}"),
        format!("CPF {TAX_NUMBER}"),
    ] {
        let facts = [
            Fact::Replied {
                reason: name.clone(),
                text: String::new(),
            },
            Fact::DisputeOpened {
                invoice: "FAT-XINGU-8".to_owned(),
                reference: "D-1".to_owned(),
                amount: None,
                reason: name.clone(),
            },
            Fact::TaskCompleted {
                task,
                outcome: name.clone(),
                by: None,
            },
            Fact::EffectResult {
                effect: letter,
                result: EffectResult::Failed { code: name.clone() },
            },
        ];
        for fact in facts {
            let shown = format!("{fact:?}");
            assert!(sandbox.tell(WHO, fact).await.is_err(), "taken: {shown}");
        }
    }
    sandbox.go_on(1).await;
    for record in sandbox.decisions(WHO).await {
        assert_eq!(found_in(&recorded(&record)), [""; 0]);
    }
}

/// Gateways write numbers in their own way.
#[tokio::test(flavor = "multi_thread")]
async fn a_number_that_is_punctuated_otherwise_is_kept_from_stages_too() {
    let mut sandbox = sandbox(&[]).await;
    sandbox.go_on(1).await;
    let bounced = Fact::EffectResult {
        effect: effect(&sandbox, "letter").await,
        result: EffectResult::Bounced {
            code: "no subscriber 5511987654321, CPF 52998224725".to_owned(),
        },
    };
    hear(&mut sandbox, bounced).await;
    for record in sandbox.decisions(WHO).await {
        assert_eq!(found_in(&written(&record)), [""; 0]);
    }
}

//! `regua explain`: one decision in plain words, and which there are.

use clap::Args as ClapArgs;
use regua_domain::contract::{Answer, Next};
use regua_domain::id::CaseId;
use serde::Deserialize;

use super::case::{in_words, zone};
use crate::client::{Call, Calls, Client, local_time, segment};
use crate::exit::Exit;
use crate::out::{note, put, say};

/// One decision in plain words: what was known, what was asked and answered, and why
#[derive(Debug, ClapArgs)]
pub struct Args {
    /// The case
    #[arg(long)]
    case: CaseId,
    /// Which of its decisions, by the number in the list [default: none of them; all are listed]
    #[arg(long, value_name = "N")]
    sequence: Option<u64>,
}

/// A decision as the API tells of it.
#[derive(Deserialize)]
struct Decision {
    sequence: u64,
    at: String,
    stage: String,
    answer: Answer,
    rulings: Vec<Ruled>,
}

/// The guard's word on a proposal.
#[derive(Deserialize)]
struct Ruled {
    kind: String,
    ruling: String,
    rule: String,
}

pub(crate) async fn run(client: &Client, args: Args) -> anyhow::Result<Exit> {
    let Args { case, sequence } = args;
    let calls = client.tenant().await?;
    let Some(sequence) = sequence else {
        list(&calls, case).await?;
        return Ok(Exit::Done);
    };
    let case = segment(&case.to_string());
    let path = format!("/v1/cases/{case}/decisions/{sequence}/explanation");
    put!("{}", calls.send(Call::get(&path)).await?.text());
    Ok(Exit::Done)
}

/// Says which decisions a case has, a line each: sequence, when, stage and what it came to.
async fn list(calls: &Calls<'_>, id: CaseId) -> anyhow::Result<()> {
    #[derive(Deserialize)]
    struct Case {
        customer: String,
    }
    let case: Case = calls.get(&format!("/v1/cases/{id}")).await?;
    let zone = zone(calls, &case.customer).await?;
    let decisions: Vec<Decision> = calls.all(&format!("/v1/cases/{id}/decisions")).await?;
    for decision in &decisions {
        let at = local_time(&decision.at, zone)?;
        let Decision {
            sequence, stage, ..
        } = decision;
        say!("{sequence}\t{at}\t{stage}\t{}", came_to(decision));
    }
    if decisions.is_empty() {
        note!("no stage was asked about this case yet");
    } else {
        note!("--sequence N tells one of them");
    }
    Ok(())
}

/// What a decision proposed, what the guard made of it, and where the case went.
fn came_to(decision: &Decision) -> String {
    let next = match &decision.answer {
        Answer::Decision(decided) => match &decided.next {
            Next::Leave(outcome) => format!("left by {outcome}"),
            Next::Stay(_) => "stayed".to_owned(),
        },
        Answer::Refusal(_) => "declined to decide".to_owned(),
        Answer::Failure { kind, .. } => format!("failed: {}", in_words(kind.name())),
        Answer::Inconclusive => "did not answer in time".to_owned(),
        Answer::HostFault { .. } => "could not be asked".to_owned(),
    };
    let rulings = decision.rulings.iter().map(|ruled| {
        let Ruled { kind, ruling, rule } = ruled;
        match ruling.as_str() {
            "allowed" => format!("{kind} allowed"),
            ruling => format!("{kind} {ruling} ({rule})"),
        }
    });
    rulings.chain([next]).collect::<Vec<_>>().join("; ")
}

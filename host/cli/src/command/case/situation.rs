//! What a stage knew, as a file that `regua plugin run` takes.

use regua_domain::id::CaseId;
use serde::Deserialize;
use serde_json::Value;

use crate::client::Calls;
use crate::exit::Usage;
use crate::out::say;

/// A call of a stage, as the API tells of it.
#[derive(Deserialize)]
struct Decision {
    sequence: u64,
    known: Value,
}

/// Writes what a stage knew at a transition of a case, or at the last one.
pub(super) async fn tell(
    calls: &Calls<'_>,
    case: CaseId,
    sequence: Option<u64>,
) -> anyhow::Result<()> {
    let mut decisions: Vec<Decision> = calls.all(&format!("/v1/cases/{case}/decisions")).await?;
    if let Some(sequence) = sequence {
        // Where the stage was asked again with the verdicts, the first time.
        decisions.retain(|decision| decision.sequence == sequence);
        decisions.truncate(1);
    }
    let Some(decision) = decisions.pop() else {
        let of = sequence.map_or_else(String::new, |sequence| format!(" at {sequence}"));
        return Err(Usage(format!("{case}: no stage was asked{of}")).into());
    };
    say!("{}", decision.known);
    Ok(())
}

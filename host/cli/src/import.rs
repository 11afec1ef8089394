//! Import: rows of CSV become facts, by a mapping, and are told to the engine.
//!
//! [`mapping::Mapping`] is the document that says how; [`rows::read`] makes facts of a
//! file without telling any; [`tell`] tells them. A fact's id follows from what it says,
//! so that an import that is run again, or goes on after it was cut off, adds nothing
//! twice. A row is taken whole or not at all.

mod document;
pub mod mapping;
pub mod report;
mod row;
pub mod rows;
mod text;

use std::collections::HashSet;

use anyhow::Context as _;
use regua_domain::cut::cut;
use regua_domain::dossier::LoggedFact;
use regua_domain::fact::Fact;
use regua_domain::id::FactId;
use regua_domain::time::Timestamp;
use regua_engine::{Engine, Open, TellError, Telling};

use crate::ids;
use mapping::Mapping;
use report::{Fault, Report};
use rows::{OfCustomer, Read};

/// Customers told in one go.
const BATCH: usize = 256;

/// Tells what was read, at `now`; `progress` hears how many customers are done.
pub async fn tell(
    engine: &Engine,
    open: &Open,
    now: Timestamp,
    mapping: &Mapping,
    read: Read,
    mut progress: impl FnMut(u64),
) -> anyhow::Result<Report> {
    let mut report = Report::unsaid(&read);
    let mut done = 0;
    let mut customers = read.customers;
    while !customers.is_empty() {
        let rest = customers.split_off(customers.len().min(BATCH));
        let batch = std::mem::replace(&mut customers, rest);
        done += batch.len() as u64;
        let (lines, tellings) = tellings(open, mapping, batch);
        let kinds: Vec<_> = tellings
            .iter()
            .map(|telling| (telling.fact.at > now, report::kind(&telling.fact.fact)))
            .collect();
        let told = engine.tell(open, now, tellings).await.with_context(|| {
            format!(
                "the import stopped after {} customers; run it again",
                report.customers_told
            )
        })?;
        for ((result, line), (ahead, kind)) in told.into_iter().zip(lines).zip(kinds) {
            match result {
                Ok(taken) => report.count(taken, ahead, kind),
                // The fact of the row that was refused says why.
                Err(TellError::WithGroup) => {}
                Err(error) => report.faults.push(Fault {
                    line,
                    column: None,
                    reason: cut(&error.to_string(), rows::REASON_CHARS_MAX).into_owned(),
                }),
            }
        }
        report.customers_told = done;
        progress(done);
    }
    report.faults.sort_by_key(|fault| fault.line);
    Ok(report)
}

/// Facts as the engine is told them, customer by customer in the order of time, with the
/// line of each. The same said twice is told once.
fn tellings(open: &Open, mapping: &Mapping, batch: Vec<OfCustomer>) -> (Vec<u64>, Vec<Telling>) {
    let mut lines = Vec::new();
    let mut tellings = Vec::new();
    for OfCustomer { reference, facts } in batch {
        let mut seen: HashSet<FactId> = HashSet::new();
        let mut logged: Vec<(u64, LoggedFact)> = facts
            .into_iter()
            .map(|told| {
                let id = open.row.id;
                let fact = ids::imported(id, &mapping.source, &reference, told.at, told.fact);
                (told.line, fact)
            })
            .filter(|(_, fact)| seen.insert(fact.id))
            .collect();
        logged.sort_by_key(|(_, fact)| (fact.at, fact.id));
        for (line, fact) in logged {
            lines.push(line);
            // Who the customer is, is no one row's matter.
            let is_shared = matches!(fact.fact, Fact::Customer(_));
            tellings.push(Telling {
                group: (!is_shared).then_some(line),
                customer: reference.clone(),
                fact,
            });
        }
    }
    (lines, tellings)
}

//! What was read, as imports of the API: sent, waited for, and their faults told by the rows
//! that they came from.

use std::collections::{BTreeMap, HashSet};
use std::time::Duration;

use anyhow::{Context as _, bail};
use regua_domain::cut::cut;
use regua_domain::fact::Fact;
use regua_domain::id::{FactId, TenantId};
use regua_http::problem::Fault as Found;
use serde::Deserialize;

use super::report::{self, Fault, Report};
use super::rows::{self, OfCustomer};
use crate::client::{Call, Calls};
use crate::{ids, telling};

/// The most bytes of a job: the API takes 64 MiB.
const JOB_BYTES_MAX: usize = 48 << 20;
/// The most bytes of a line: the API takes 256 KiB.
const LINE_BYTES_MAX: usize = 250 << 10;
/// The pause before a job is looked at again.
const PAUSE: Duration = Duration::from_millis(200);

/// What of a file goes into one job.
#[derive(Default)]
pub(super) struct Job {
    text: String,
    /// The row that each line came from.
    rows: Vec<u64>,
    /// What a fact is called here, by its word there.
    kinds: BTreeMap<String, &'static str>,
}

impl Job {
    /// Whether it is full: a customer's lines are never split.
    pub(super) const fn is_full(&self) -> bool {
        self.text.len() >= JOB_BYTES_MAX
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Adds a customer's facts in the order of time. The same said twice is told once; a row
    /// with a fact that is too long is a fault.
    pub(super) fn add(
        &mut self,
        tenant: TenantId,
        source: &str,
        customer: OfCustomer,
        faults: &mut Vec<Fault>,
    ) {
        let OfCustomer { reference, facts } = customer;
        let mut seen: HashSet<FactId> = HashSet::new();
        let mut lines = Vec::new();
        let mut long = HashSet::new();
        for told in facts {
            let fact = ids::imported(tenant, source, &reference, told.at, told.fact);
            if !seen.insert(fact.id) {
                continue;
            }
            let group = group(told.line, &fact.fact);
            let line = telling::line(&reference, fact.id, group, fact.at, &fact.fact);
            let text = line.to_string();
            if text.len() > LINE_BYTES_MAX && long.insert(group) {
                faults.push(Fault {
                    line: told.line,
                    column: None,
                    reason: format!("is longer than {LINE_BYTES_MAX} bytes as a fact"),
                });
            }
            let word = line["type"].as_str().unwrap_or_default();
            self.kinds.insert(word.to_owned(), report::kind(&fact.fact));
            lines.push(((fact.at, fact.id), told.line, group, text));
        }
        lines.sort_by_key(|(place, ..)| *place);
        for (_, row, group, text) in lines {
            if !long.contains(&group) {
                self.text.push_str(&text);
                self.text.push('\n');
                self.rows.push(row);
            }
        }
    }

    /// Sends it and waits for its end; `progress` hears how many of its lines are done.
    pub(super) async fn run(
        self,
        calls: &Calls<'_>,
        report: &mut Report,
        mut progress: impl FnMut(u64),
    ) -> anyhow::Result<()> {
        let call = Call::post_bytes(
            "/v1/imports",
            "application/x-ndjson",
            self.text.into_bytes(),
        );
        let sent: Sent = calls.send(call).await?.json()?;
        let path = format!("/v1/imports/{}", sent.id);
        let ended = loop {
            let looked: Looked = calls.get(&path).await?;
            progress(looked.lines_done);
            match looked.state.as_str() {
                "done" => break looked,
                "cancelled" => bail!("somebody stopped the import {}", sent.id),
                _ if calls.work_off().await? => {}
                _ => tokio::time::sleep(PAUSE).await,
            }
        };
        for (word, counts) in &ended.counts {
            let kind = self.kinds.get(word).copied().unwrap_or("unknown");
            report.count(kind, counts.taken + counts.waiting, counts.waiting);
            report.known += counts.known;
        }
        for LineFault { line, fault } in ended.faults {
            let at = usize::try_from(line - 1).ok();
            let row = at.and_then(|at| self.rows.get(at)).copied();
            report.faults.push(Fault {
                line: row.context("a fault of a line that was not sent")?,
                column: None,
                reason: reason(&fault),
            });
        }
        report.faults_left_out += ended.faults_left_out;
        Ok(())
    }

    /// How many lines it has.
    pub(super) const fn lines(&self) -> u64 {
        self.rows.len() as u64
    }
}

/// Facts of a row are told together or not at all. Who the customer is, is no one row's matter.
const fn group(row: u64, fact: &Fact) -> u64 {
    match fact {
        Fact::Customer(_) => row | 1 << 40,
        _ => row,
    }
}

fn reason(fault: &Found) -> String {
    let text = match fault.pointer.as_deref() {
        None | Some("") => fault.detail.clone(),
        Some(pointer) => format!("{}: {}", pointer.trim_start_matches('/'), fault.detail),
    };
    cut(&text, rows::REASON_CHARS_MAX).into_owned()
}

#[derive(Deserialize)]
struct Sent {
    id: String,
}

#[derive(Deserialize)]
struct Looked {
    state: String,
    lines_done: u64,
    counts: BTreeMap<String, Counts>,
    faults: Vec<LineFault>,
    faults_left_out: u64,
}

#[derive(Deserialize)]
struct Counts {
    taken: u64,
    known: u64,
    waiting: u64,
}

#[derive(Deserialize)]
struct LineFault {
    line: u64,
    #[serde(flatten)]
    fault: Found,
}

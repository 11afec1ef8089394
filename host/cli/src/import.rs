//! Import: rows of CSV become facts, by a mapping, and are told to the API.
//!
//! [`mapping::Mapping`] is the document that says how; [`rows::read`] makes facts of a
//! file without telling any; `tell` sends them as imports. A fact's id follows from what it says,
//! so that an import that is run again, or goes on after it was cut off, adds nothing
//! twice. A row is taken whole or not at all.

mod document;
mod job;
pub mod mapping;
pub mod report;
mod row;
pub mod rows;
mod text;

use anyhow::Context as _;

use crate::client::{Calls, Tenant};
use job::Job;
use report::Report;
use rows::Read;

/// Tells what was read, of this source; `progress` hears how many facts are done.
pub(crate) async fn tell(
    calls: &Calls<'_>,
    source: &str,
    read: Read,
    progress: impl Fn(u64),
) -> anyhow::Result<Report> {
    let tenant: Tenant = calls.get("/v1/tenant").await?;
    let mut report = Report::unsaid(&read);
    let (mut job, mut customers, mut done) = (Job::default(), 0, 0);
    let last = read.customers();
    for (number, customer) in (1..).zip(read.customers) {
        job.add(tenant.id, source, customer, &mut report.faults);
        if !job.is_full() && number < last {
            continue;
        }
        let job = std::mem::take(&mut job);
        let lines = job.lines();
        if !job.is_empty() {
            let told = job.run(calls, &mut report, |of_it| progress(done + of_it));
            told.await.with_context(|| {
                format!("the import stopped after {customers} customers; run it again")
            })?;
        }
        (done, customers) = (done + lines, number);
    }
    report.customers_told = customers;
    report.faults.sort_by_key(|fault| fault.line);
    Ok(report)
}

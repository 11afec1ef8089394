//! `regua backtest` as it is installed: a ledger's past under the demo's ladder and a draft of it.

use std::path::Path;

use anyhow::Result;

use crate::decide::median;
use crate::simulate::{SETUP, product, timed};
use crate::{Bound, Figure};

/// Names the ledger, which is not the project's to keep: README says where it is from.
const LEDGER: &str = "REGUA_LEDGER";
const MAPPING: &str = "host/cli/examples/receivables-history.mapping.yaml";
const DRAFT: &str = "host/cli/examples/scenarios/later.yaml";
const ROUNDS: usize = 5;

pub fn run() -> Result<Vec<Figure>> {
    let Some(ledger) = std::env::var_os(LEDGER) else {
        eprintln!("   left out: {LEDGER} does not name a ledger");
        return Ok(Vec::new());
    };
    let folder = tempfile::tempdir()?;
    let mut all = Vec::new();
    for _ in 0..ROUNDS {
        let mut command = product(folder.path())?;
        command.args(["backtest", "--setup", SETUP, "--workflow", DRAFT]);
        command.args(["--mapping", MAPPING, "--ledger"]);
        let (seconds, rss_mb) = timed(command.arg(Path::new(&ledger)))?;
        eprintln!("   two policies: {seconds:.2} s, {rss_mb:.0} MB");
        all.push(seconds);
    }
    Ok(vec![Figure {
        key: "backtest_ledger_s",
        value: median(all),
        bound: Bound::AtMost(3.0),
    }])
}

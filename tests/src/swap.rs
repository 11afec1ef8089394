//! Two versions of the wave's workflow that take each other's place.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use regua_domain::rollout::{Running, StageMap};
use regua_domain::workflow::check::Form;
use regua_engine::rollout::Wanted;
use regua_engine::{Engine, Open};

/// Versions in turn: cases wait in the second stage of either.
pub const VERSIONS: [u32; 2] = [2, 3];
/// The stage that a case waits for once it had its letter, in each.
pub const LAST: [&str; 2] = ["later", "last"];

/// A version with a second stage, which nobody comes to in the wave.
fn document(last: &str) -> String {
    format!(
        r#"
name: bench
send_window: "0 * 9-16 * * MON-FRI"
calendar: weekends
tolerance: {{ BRL: "5.00" }}
late_entry: first
stages:
  - id: first-day-late
    plugin: first-day-late-email@1
    at: {{ days_overdue: 1 }}
    config: {{ template: first-day-late }}
    on: {{ sent: {last}, unreachable: {last} }}
    on_failure: {{ hold: 7d, task: "Look at this case" }}
  - id: {last}
    plugin: first-day-late-email@1
    at: {{ days_overdue: 90 }}
    config: {{ template: first-day-late }}
    on: {{ sent: {{ end: closed }}, unreachable: {{ end: closed }} }}
    on_failure: {{ hold: 7d, task: "Look at this case" }}
"#
    )
}

/// Makes one of the two the active version; cases that run go on under it.
pub fn wanted(which: usize) -> Wanted {
    let (to, from) = (LAST[which].to_owned(), LAST[1 - which].to_owned());
    Wanted {
        workflow: "bench".to_owned(),
        version: VERSIONS[which],
        running: Running::Migrate,
        stages: StageMap::from([(from, to)]),
        by: "swap".to_owned(),
    }
}

/// Publishes both, and activates the first of them.
pub async fn prepare(engine: &Engine, open: &Arc<Open>) -> Result<()> {
    for last in LAST {
        let published = engine
            .publish(&open.store, &document(last), Form::Yaml)
            .await;
        published?;
    }
    let now = engine.clock().now();
    engine.activate(open, now, &wanted(0), false).await?;
    Ok(())
}

/// Activates the one and the other, and wakes whose sweep is due.
pub async fn for_ever(engine: Engine, open: Arc<Open>) {
    let mut which = 0;
    loop {
        which = 1 - which;
        let now = engine.clock().now();
        // The server may be away, and this node be killed in the middle of it.
        match engine.activate(&open, now, &wanted(which), false).await {
            Ok(_) => println!("swapped"),
            Err(error) => println!("not swapped: {error:?}"),
        }
        if let Err(error) = engine.sweep_due(open.row.id).await {
            println!("not swept: {error}");
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

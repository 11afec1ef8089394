//! The typed outcome of every kind of misbehaving, and what the call is said to have used.

use regua_domain::contract::{Answer, Call, FailureKind, Reason, Refusal};
use regua_runtime::Ending;

use crate::crimes::CRIMES;
use crate::{Host, decision, failure, text};

#[test]
fn discover() {
    let host = Host::new();
    for wanted in [
        "loop","memory","memory-and-live","recursion","shadow-stack","trap","panic","wild-pointer","log-flood","log-flood-for-ever","log-line-huge","log-line-long","log-not-utf-8",
        "refuse","refuse-too-long","refuse-flood","refuse-not-utf-8","undeclared-outcome","host-outcome","huge-outcome","wake-now","wake-past","wake-far","wake-beyond-calendar","big-memory","huge-memory","not-utf-8","reason-with-escape","too-many-reasons",
        "note","huge-output","long-note","not-utf-8-note","too-many-proposals","million-proposals","bad-key","empty-key","same-key","negative-amount","zero-amount","huge-amount","unknown-item","unknown-method","plan-adds-up-wrong","plan-overflows","plan-goes-back","write-off-nothing","write-off-twice","undeclared-action","unknown-team","deep-nesting","two-json-values","url-in-inline","bare-domain-in-inline","url-in-variable","header-injection","long-body","channel-in-disguise","unknown-placeholder","template-loop","remember","wat"] {
        let c = host.decide(wanted);
        println!("{wanted}: {:?} fuel {} mem {} logs {}+{} {}us", c.answer, c.fuel, c.memory_peak, c.logs.len(), c.logs_dropped, c.wall_us);
    }
}

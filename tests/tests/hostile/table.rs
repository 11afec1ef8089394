//! One table of all that is uploaded in bad faith or broken, from the empty file to answers that
//! hang on hidden state, each with the one ending that it comes to; and what the process is like
//! after many rounds of all of it.

mod bytes;
mod guests;
mod manifests;
mod sizes;
mod states;
mod worlds;

use regua_domain::contract::{Answer, Call, FailureKind, Next};
use regua_runtime::{Ending, Stage};
use regua_tests::{refused, sample};

use crate::Gate;
use crate::up::resident_bytes;

/// What is uploaded, and what comes of it.
struct Row {
    name: &'static str,
    upload: fn() -> Vec<u8>,
    ends: Ends,
}

/// Texts are found in what is told.
enum Ends {
    /// Refused when it is uploaded: the kind, and a piece of the words for its author.
    Refused(&'static str, &'static str),
    /// Taken, and `check-config` fails.
    Checks(FailureKind, &'static str),
    /// Taken, and `decide` fails.
    Decides(FailureKind, &'static str),
    /// Taken, and all it does is to leave by `sent`, each time: it harms nobody.
    Leaves,
}

const fn row(name: &'static str, upload: fn() -> Vec<u8>, ends: Ends) -> Row {
    Row { name, upload, ends }
}

fn rows() -> impl Iterator<Item = &'static Row> {
    let tables = [
        bytes::ROWS,
        worlds::ROWS,
        sizes::ROWS,
        manifests::ROWS,
        guests::ROWS,
        states::ROWS,
    ];
    tables.into_iter().flatten().copied().flatten()
}

impl Gate {
    /// What an upload comes to, in a line.
    fn ending(&self, upload: Vec<u8>) -> String {
        let admitted = match self.runtime.admit(upload) {
            Ok(admitted) => admitted,
            Err(error) => return format!("refused, {}: {error}", refused::kind(&error)),
        };
        let kept = || Ok::<_, std::convert::Infallible>(admitted.wasm);
        let stage = self.runtime.load(&admitted.digest, kept).unwrap();
        if let Err(ending) = stage.check_config("{}").result {
            return format!("checks, {ending}");
        }
        let first = decided(&stage);
        assert_eq!(decided(&stage), first, "another answer the second time");
        first
    }
}

fn decided(stage: &Stage) -> String {
    let Call { answer, .. } = stage.decide(&sample::situation(), "{}");
    match answer {
        Answer::Decision(decision) if decision.next == Next::Leave("sent".to_owned()) => {
            assert!(decision.proposals.is_empty());
            "leaves".to_owned()
        }
        Answer::Failure { kind, detail } => {
            format!("decides, {}", Ending::Failure { kind, detail })
        }
        other => panic!("{other:?}"),
    }
}

impl Ends {
    fn beginning(&self) -> String {
        match self {
            Self::Refused(kind, _) => format!("refused, {kind}: "),
            Self::Checks(kind, _) => format!("checks, {}: ", kind.name()),
            Self::Decides(kind, _) => format!("decides, {}: ", kind.name()),
            Self::Leaves => "leaves".to_owned(),
        }
    }

    const fn words(&self) -> &'static str {
        match self {
            Self::Refused(_, words) | Self::Checks(_, words) | Self::Decides(_, words) => words,
            Self::Leaves => "",
        }
    }
}

#[test]
fn every_upload_of_the_table_comes_to_its_own_end() {
    let gate = Gate::new();
    let mut wrong = Vec::new();
    for Row { name, upload, ends } in rows() {
        let found = gate.ending(upload());
        if !found.starts_with(&ends.beginning()) || !found.contains(ends.words()) {
            let (beginning, words) = (ends.beginning(), ends.words());
            wrong.push(format!(
                "{name}\n  wanted {beginning}{words}\n  found  {found}"
            ));
        }
        assert!(
            found.len() < 20_000,
            "{name}: {} bytes are told",
            found.len()
        );
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_row_of_the_table_has_a_name_of_its_own() {
    let mut names: Vec<_> = rows().map(|row| row.name).collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count);
    assert!(count >= 25, "{count}");
}

/// Rounds of the whole table, after two in which all is made that is made once.
const ROUNDS: u64 = 3;
/// What the process may grow by meanwhile.
const GROWTH_MAX_BYTES: u64 = 32 << 20;

/// One upload that is kept, or the memory of one instance that is not given back, in each row of
/// each round would come to more than the bound.
#[test]
fn many_rounds_of_the_whole_table_leave_no_memory_behind() {
    let gate = Gate::new();
    let round = || -> u64 {
        let ended = rows().map(|row| {
            let upload = (row.upload)();
            let bytes = upload.len() as u64;
            gate.ending(upload);
            bytes
        });
        ended.sum()
    };
    round();
    let bytes = round();
    assert!(bytes * ROUNDS > 3 * GROWTH_MAX_BYTES, "{bytes} a round");
    let before = resident_bytes();
    for _ in 0..ROUNDS {
        round();
    }
    let grown = resident_bytes().saturating_sub(before);
    assert!(grown < GROWTH_MAX_BYTES, "grown by {grown} bytes");
}

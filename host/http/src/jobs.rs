//! Bulk imports: what was sent lies in the store in pieces, and is worked off piece by piece.
//!
//! A job can be gone on with after a crash, by any node: the id of each line's fact follows
//! from the job and the line, so that a line that was told already is known. While a node works
//! on a step of a job, nobody else takes it; after each it gives the job back, so that others' jobs
//! have their turns. Whoever finds the job changed beneath them stops.

mod line;
mod packed;
mod piece;
mod work;

use std::collections::BTreeMap;

use regua_domain::time::Timestamp;
use regua_storage::Record;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::key::Role;
use crate::problem::Fault;

pub(crate) use line::Line;
pub(crate) use piece::pieces;
pub use work::run_due;

/// The most bytes of a piece.
pub(crate) const CHUNK_BYTES_MAX: usize = 256 << 10;
/// The most lines of a piece that need not stand in one: however short they are, a job can be
/// stopped between two pieces.
pub(crate) const CHUNK_LINES_MAX: usize = 1_000;
/// The most bytes of a piece with lines that belong together.
pub(crate) const GROUPED_BYTES_MAX: usize = 8 << 20;
/// The most lines of an import.
pub(crate) const LINES_MAX: u64 = 1_000_000;
/// The most faults that a report tells.
pub(crate) const FAULTS_MAX: usize = 1_000;
/// After so long without a word a job is another node's.
pub(crate) const LEASE_MS: i64 = 60_000;

/// How far a job has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum JobState {
    /// It is still being received; nobody works on it.
    Receiving,
    /// It waits, or somebody works on it.
    Running,
    /// Every line was told.
    Done,
    /// Somebody stopped it; lines before were told.
    Cancelled,
}

/// What became of lines of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Counts {
    /// They were new, and are taken in.
    pub taken: u64,
    /// They were told before: nothing changed.
    pub known: u64,
    /// They are of a later instant, and wait for it.
    pub waiting: u64,
    /// They were refused.
    pub refused: u64,
}

/// A line that was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct LineFault {
    /// Which, from 1.
    pub line: u64,
    /// What is wrong with it, by where in the line.
    #[serde(flatten)]
    pub fault: Fault,
}

/// A job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Job {
    pub state: JobState,
    pub created_at: Timestamp,
    pub ended_at: Option<Timestamp>,
    /// Lines in all, blank ones too.
    pub lines: u64,
    /// Lines that were looked at; blank ones, once all others were.
    pub done: u64,
    /// Pieces in all, and the first that is not done.
    pub chunks: u32,
    pub next: u32,
    /// By the kind of line; `unknown` where it has none.
    pub counts: BTreeMap<String, Counts>,
    pub faults: Vec<LineFault>,
    /// Faults beyond [`FAULTS_MAX`].
    #[serde(default)]
    pub faults_left_out: u64,
    /// Of the key that sent it: a line may tell what that role may tell.
    #[serde(default = "ingest")]
    pub role: Role,
}

/// What every job was sent by, before jobs said so.
const fn ingest() -> Role {
    Role::Ingest
}

impl Record for Job {
    const KIND: &'static str = "job";
}

/// A piece: whole lines, customer by customer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Chunk {
    /// Whether it begins with the customer that the one before ended with.
    pub goes_on: bool,
    /// The number of each line in the file, from 1.
    pub numbers: Vec<u64>,
    #[serde(with = "packed")]
    pub text: String,
}

impl Record for Chunk {
    const KIND: &'static str = "chunk";
}

/// The id of a job's piece.
pub(crate) fn chunk_id(job: &str, number: u32) -> String {
    format!("{job}/{number:06}")
}

//! What became of how many.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Instant;

use crate::End;

/// Inputs below which chance may have missed something.
const ENOUGH: u64 = 2_000;
/// Words that one in so many inputs was refused with are told, by their beginning.
const OFTEN: u64 = 100;
const WORDS_CHARS: usize = 300;

/// Counts of ends.
pub struct Figures {
    since: Instant,
    inputs: u64,
    admitted: u64,
    slowest_ms: u64,
    refused: BTreeMap<&'static str, u64>,
    /// The beginnings of the words of each, without numbers.
    words: BTreeMap<(&'static str, String), u64>,
    checked: BTreeMap<&'static str, u64>,
    decided: BTreeMap<&'static str, u64>,
    origins: BTreeMap<&'static str, [u64; 2]>,
}

impl Figures {
    pub fn new() -> Self {
        Self {
            since: Instant::now(),
            inputs: 0,
            admitted: 0,
            slowest_ms: 0,
            refused: BTreeMap::new(),
            words: BTreeMap::new(),
            checked: BTreeMap::new(),
            decided: BTreeMap::new(),
            origins: BTreeMap::new(),
        }
    }

    pub fn count(&mut self, origin: &'static str, end: &End, took_ms: u64) {
        self.inputs += 1;
        self.slowest_ms = self.slowest_ms.max(took_ms);
        let of_origin = self.origins.entry(origin).or_default();
        of_origin[0] += 1;
        match end {
            End::Refused(kind, told) => {
                *self.refused.entry(kind).or_default() += 1;
                let words = told
                    .chars()
                    .filter(|c| !c.is_ascii_digit())
                    .take(WORDS_CHARS);
                *self.words.entry((kind, words.collect())).or_default() += 1;
            }
            End::Admitted([checked, decided]) => {
                of_origin[1] += 1;
                self.admitted += 1;
                *self.checked.entry(checked).or_default() += 1;
                *self.decided.entry(decided).or_default() += 1;
            }
        }
    }

    /// Whether there was something of everything: else a run shows nothing.
    pub fn assert_that_all_was_tried(&self) {
        if self.inputs < ENOUGH {
            return;
        }
        assert!(self.admitted > self.inputs / 20, "{self}");
        for kind in ["invalid", "not-component", "contract", "describe"] {
            assert!(self.refused.contains_key(kind), "none for {kind}:\n{self}");
        }
        for kind in ["decision", "trap", "bad-output", "out-of-fuel"] {
            assert!(self.decided.contains_key(kind), "no {kind}:\n{self}");
        }
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.since.elapsed().as_secs_f64();
        let Self {
            inputs, admitted, ..
        } = self;
        writeln!(
            f,
            "{inputs} inputs, {admitted} admitted; {:.0} a second; the slowest took {} ms",
            *inputs as f64 / seconds,
            self.slowest_ms
        )?;
        writeln!(f, "refused:      {:?}", self.refused)?;
        writeln!(f, "check-config: {:?}", self.checked)?;
        writeln!(f, "decide:       {:?}", self.decided)?;
        for ((kind, words), count) in &self.words {
            if count * OFTEN > *inputs {
                writeln!(f, "{count:>8} {kind}: {words}")?;
            }
        }
        write!(f, "drawn and admitted, by origin: {:?}", self.origins)
    }
}

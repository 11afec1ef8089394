//! Sizes counted in buckets that grow with what they hold.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Buckets to an octave, as a power of two.
const FINENESS: u32 = 4;
const WITHIN: u64 = 1 << FINENESS;

/// How many of which size there were. Sizes below 16 are exact; above, a sixteenth of an octave
/// is one bucket. Two of these add up to the one of all that both counted.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Histogram {
    /// All of them together; at the most that fits where it is more.
    pub sum: u64,
    /// The largest, exactly.
    pub max: u64,
    buckets: BTreeMap<u16, u64>,
}

impl Histogram {
    /// Counts one.
    pub fn count(&mut self, size: u64) {
        self.sum = self.sum.saturating_add(size);
        self.max = self.max.max(size);
        *self.buckets.entry(bucket(size)).or_default() += 1;
    }

    /// Adds what another counted.
    pub fn add(&mut self, other: &Self) {
        self.sum = self.sum.saturating_add(other.sum);
        self.max = self.max.max(other.max);
        for (bucket, count) in &other.buckets {
            *self.buckets.entry(*bucket).or_default() += count;
        }
    }

    /// How many there were.
    pub fn len(&self) -> u64 {
        self.buckets.values().sum()
    }

    /// Whether there were none.
    pub fn is_empty(&self) -> bool {
        self.buckets.is_empty()
    }

    /// The size that so many of a hundred do not exceed: never less than the true one, and more
    /// by a sixteenth of it at most. 0 where there were none.
    pub fn percentile(&self, percent: u64) -> u64 {
        let rank = (self.len() * percent).div_ceil(100).max(1);
        let mut seen = 0;
        let found = self.buckets.iter().find(|(_, count)| {
            seen += **count;
            seen >= rank
        });
        found.map_or(0, |(bucket, _)| largest(*bucket).min(self.max))
    }
}

fn bucket(size: u64) -> u16 {
    if size < WITHIN {
        return size as u16;
    }
    let octave = size.ilog2() - FINENESS;
    let part = (size >> octave) - WITHIN;
    (u64::from(octave + 1) * WITHIN + part) as u16
}

/// The largest size of a bucket.
fn largest(bucket: u16) -> u64 {
    let bucket = u64::from(bucket);
    if bucket < WITHIN {
        return bucket;
    }
    let octave = bucket / WITHIN - 1;
    let smallest = (WITHIN + bucket % WITHIN) << octave;
    smallest + ((1 << octave) - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_size_is_in_a_bucket_that_is_a_sixteenth_too_large_at_most() {
        let sizes =
            (0..64).flat_map(|bit| [1_u64 << bit, (1 << bit) - 1, (1 << bit) + (1 << bit) / 3]);
        let mut last = (0, 0);
        let mut sizes: Vec<u64> = sizes.chain([u64::MAX]).collect();
        sizes.sort_unstable();
        for size in sizes {
            let largest = largest(bucket(size));
            assert!(largest >= size, "{size}");
            assert!(largest - size <= size / 16, "{size}: {largest}");
            assert!((bucket(size), size) >= last, "{size}");
            last = (bucket(size), size);
        }
    }

    #[test]
    fn percentiles_are_those_of_what_was_counted() {
        let mut all = Histogram::default();
        (1..=1_000).for_each(|size| all.count(size));
        assert_eq!((all.len(), all.sum, all.max), (1_000, 500_500, 1_000));
        assert!((500..=500 + 500 / 16).contains(&all.percentile(50)));
        assert!((990..=1_000).contains(&all.percentile(99)));
        assert_eq!(Histogram::default().percentile(99), 0);
    }

    #[test]
    fn what_two_counted_adds_up_to_what_one_would_have() {
        let (mut one, mut two, mut all) = <(Histogram, Histogram, Histogram)>::default();
        for size in (0..5_000_u64).map(|nth| nth * nth) {
            let half = if size % 3 == 0 { &mut one } else { &mut two };
            half.count(size);
            all.count(size);
        }
        one.add(&two);
        assert_eq!(one, all);
        let text = serde_json::to_string(&all).unwrap();
        assert_eq!(serde_json::from_str::<Histogram>(&text).unwrap(), all);
    }
}

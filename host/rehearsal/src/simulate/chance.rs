//! Chance that is passed in: a number for each thing that may happen, whoever asks for it and in
//! whatever order.
//!
//! A draw is a hash of the seed and of what it is for. So the same payer meets the same fate under
//! two policies as long as these do alike (common random numbers), and it cannot matter on how many
//! threads payers are played.

/// Where draws come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chance {
    seed: u64,
    payer: u64,
}

/// What a draw is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u64)]
pub(super) enum For {
    Segment = 1,
    Frailty,
    BillingDay,
    Amount,
    Pays,
    PaysPart,
    PartOf,
    Replies,
    Reason,
    KeepsPromise,
    PromiseDays,
    Upheld,
    AcceptsPlan,
    KeepsInstalment,
    ChargeSucceeds,
    Hour,
}

impl Chance {
    /// Of the payer of a number, under a seed.
    pub const fn of(seed: u64, payer: u64) -> Self {
        Self { seed, payer }
    }

    /// A number from 0 up to 1, evenly; `at` and `nth` tell which of its kind it is: mostly the day,
    /// and the invoice.
    pub(super) fn draw(self, what: For, at: u64, nth: u64) -> f64 {
        let mut hash = self.seed;
        for word in [self.payer, what as u64, at, nth] {
            hash = mixed(hash ^ mixed(word));
        }
        // The 53 bits that a double holds.
        (hash >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Whether something happens that does with this probability.
    pub(super) fn happens(self, probability: f64, what: For, at: u64, nth: u64) -> bool {
        self.draw(what, at, nth) < probability
    }

    /// A number of the standard normal distribution (Box and Muller).
    pub(super) fn normal(self, what: For, at: u64, nth: u64) -> f64 {
        let (one, other) = (
            self.draw(what, at, 2 * nth),
            self.draw(what, at, 2 * nth + 1),
        );
        // Never the logarithm of nothing.
        (-2.0 * (1.0 - one).ln()).sqrt() * (std::f64::consts::TAU * other).cos()
    }
}

/// The finaliser of SplitMix64 (Steele, Lea and Flood, 2014), with its increment.
const fn mixed(word: u64) -> u64 {
    let word = word.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    word ^ (word >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_are_even_and_do_not_hang_together() {
        let draws = |what| (0..20_000).map(move |payer| Chance::of(7, payer).draw(what, 3, 0));
        let mean = draws(For::Pays).sum::<f64>() / 20_000.0;
        // Five standard errors: 1/sqrt(12 n).
        assert!(
            (mean - 0.5).abs() < 5.0 / (12.0_f64 * 20_000.0).sqrt(),
            "{mean}"
        );
        let together: f64 = draws(For::Pays)
            .zip(draws(For::Replies))
            .map(|(a, b)| (a - 0.5) * (b - 0.5))
            .sum();
        let correlation = together / 20_000.0 * 12.0;
        assert!(
            correlation.abs() < 5.0 / 20_000.0_f64.sqrt(),
            "{correlation}"
        );
    }

    #[test]
    fn normal_draws_have_the_moments_of_one() {
        let draws: Vec<_> = (0..20_000)
            .map(|payer| Chance::of(1, payer).normal(For::Frailty, 0, 0))
            .collect();
        let mean = draws.iter().sum::<f64>() / 20_000.0;
        let variance = draws.iter().map(|x| x * x).sum::<f64>() / 20_000.0 - mean * mean;
        assert!(mean.abs() < 0.04, "{mean}");
        assert!((variance - 1.0).abs() < 0.06, "{variance}");
    }
}

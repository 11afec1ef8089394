//! Round figures of the right order: see `PAYERS.md`.

use super::{Agency, Billing, Contact, Model, Plans, Replies, Segment};

impl Default for Model {
    fn default() -> Self {
        let segment = |share, hazard, business| Segment {
            share,
            hazard,
            business,
        };
        let segments = [
            (
                "prompt",
                segment(
                    0.62,
                    [0.012, 0.06, 0.25, 0.10, 0.07, 0.05, 0.03, 0.015, 0.008],
                    false,
                ),
            ),
            (
                "slow",
                segment(
                    0.30,
                    [0.002, 0.010, 0.05, 0.045, 0.045, 0.035, 0.02, 0.010, 0.005],
                    true,
                ),
            ),
            (
                "hard",
                segment(
                    0.08,
                    [
                        0.0005, 0.002, 0.008, 0.008, 0.008, 0.007, 0.005, 0.003, 0.002,
                    ],
                    false,
                ),
            ),
        ];
        Self {
            billing: Billing::default(),
            segments: segments
                .map(|(name, segment)| (name.to_owned(), segment))
                .into(),
            frailty_sigma: 0.5,
            amount_power: 0.12,
            payday: 1.25,
            other_days: 0.92,
            contact: Contact::default(),
            replies: Replies::default(),
            plans: Plans::default(),
            agency: Agency::default(),
            charge_succeeds: 0.35,
            partial_share: 0.06,
        }
    }
}

impl Default for Billing {
    fn default() -> Self {
        Self {
            currency: "BRL".to_owned(),
            every_days: 30,
            terms_days: 10,
            median: 18_000,
            sigma: 0.8,
            most: 5_000_000,
        }
    }
}

impl Default for Contact {
    fn default() -> Self {
        let effect = [
            ("email", 0.30),
            ("sms", 0.40),
            ("whatsapp", 0.45),
            ("letter", 0.45),
            ("phone", 0.80),
        ];
        Self {
            effect: effect
                .map(|(channel, effect)| (channel.to_owned(), effect))
                .into(),
            effect_otherwise: 0.30,
            again: 0.7,
            fades_days: 7.0,
            borne: 4,
            annoys: 0.15,
        }
    }
}

impl Default for Replies {
    fn default() -> Self {
        let reasons = [
            ("cash-flow", 0.40),
            ("promise", 0.25),
            ("not-received", 0.15),
            ("goods-or-service", 0.15),
            ("hardship", 0.05),
        ];
        Self {
            share: 0.08,
            reasons: reasons
                .map(|(reason, share)| (reason.to_owned(), share))
                .into(),
            kept: 0.65,
            promise_days: (3, 14),
            dispute_days: 14,
            upheld: 0.3,
            no_money: -0.3,
        }
    }
}

impl Default for Plans {
    fn default() -> Self {
        Self {
            accepted: 0.25,
            kept: 0.85,
        }
    }
}

impl Default for Agency {
    fn default() -> Self {
        Self {
            hazard: 0.004,
            commission_bps: 2_000,
        }
    }
}

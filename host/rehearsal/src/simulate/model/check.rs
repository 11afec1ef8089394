//! What no schema says of a model: bounds of members that have names of their own, and how members
//! go together.

use regua_domain::money::Currency;

use super::Model;

/// What debtors reply for.
pub const REASONS: [&str; 6] = [
    "cash-flow",
    "goods-or-service",
    "hardship",
    "not-received",
    "other",
    "promise",
];

/// What a message may add to the logarithm of the hazard, or take off.
const EFFECT_MAX: f64 = 5.0;
/// The largest share that is in any unit: sums of them stay numbers.
const SHARE_MAX: f64 = 1e12;
/// A promise is for so many days ahead at most.
const PROMISE_DAYS_MAX: u32 = 365;

/// Faults that were found: where each is, a JSON pointer, and what it is.
type Problems = Vec<(String, String)>;

impl Model {
    /// What no schema says, with where it is: a JSON pointer.
    pub fn problems(&self) -> Vec<(String, String)> {
        let mut problems = Vec::new();
        self.shares(&mut problems);
        self.segments(&mut problems);
        self.billing(&mut problems);
        for (channel, effect) in &self.contact.effect {
            if !(-EFFECT_MAX..=EFFECT_MAX).contains(effect) {
                let text = format!("{effect:?} is not from -{EFFECT_MAX} to {EFFECT_MAX}");
                problems.push((below("/contact/effect", channel), text));
            }
        }
        self.replies(&mut problems);
        problems
    }

    fn shares(&self, problems: &mut Problems) {
        let shares = [
            ("/partial_share", self.partial_share),
            ("/charge_succeeds", self.charge_succeeds),
            ("/replies/share", self.replies.share),
            ("/replies/kept", self.replies.kept),
            ("/replies/upheld", self.replies.upheld),
            ("/plans/accepted", self.plans.accepted),
            ("/plans/kept", self.plans.kept),
            ("/contact/again", self.contact.again),
        ];
        for (pointer, value) in shares {
            if !(0.0..=1.0).contains(&value) {
                let text = format!("{value:?} is no share: 0 to 1");
                problems.push((pointer.to_owned(), text));
            }
        }
    }

    fn segments(&self, problems: &mut Problems) {
        let sum: f64 = self.segments.values().map(|segment| segment.share).sum();
        if sum <= 0.0 {
            problems.push(("/segments".to_owned(), "no segment has a share".to_owned()));
        }
    }

    fn billing(&self, problems: &mut Problems) {
        let billing = &self.billing;
        if Currency::parse(&billing.currency).is_err() {
            let text = format!("`{}` is no currency of ISO 4217", billing.currency);
            problems.push(("/billing/currency".to_owned(), text));
        }
        if billing.most < billing.median {
            let text = format!("is less than the median, which is {}", billing.median);
            problems.push(("/billing/most".to_owned(), text));
        }
    }

    fn replies(&self, problems: &mut Problems) {
        let replies = &self.replies;
        for (reason, share) in &replies.reasons {
            let pointer = below("/replies/reasons", reason);
            if !REASONS.contains(&reason.as_str()) {
                let text = format!("is no reason of a reply: {}", REASONS.join(", "));
                problems.push((pointer, text));
            } else if !(0.0..=SHARE_MAX).contains(share) {
                let text = format!("{share:?} is not from 0 to {SHARE_MAX:?}");
                problems.push((pointer, text));
            }
        }
        let sum: f64 = replies.reasons.values().sum();
        if replies.share > 0.0 && sum <= 0.0 {
            let text = "no reason has a share, though messages are answered".to_owned();
            problems.push(("/replies/reasons".to_owned(), text));
        }
        let (least, most) = replies.promise_days;
        let text = if least > most {
            "the least is more than the most".to_owned()
        } else if most > PROMISE_DAYS_MAX {
            format!("{most} days is more than {PROMISE_DAYS_MAX}")
        } else {
            return;
        };
        problems.push(("/replies/promise_days".to_owned(), text));
    }
}

/// The pointer to a member by its name.
pub(in crate::simulate) fn below(pointer: &str, name: &str) -> String {
    format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn told(of: impl FnOnce(&mut Model)) -> Vec<String> {
        let mut model = Model::default();
        of(&mut model);
        let problems = model.problems().into_iter();
        problems.map(|(pointer, _)| pointer).collect()
    }

    #[test]
    fn the_default_has_no_fault_and_what_is_wrong_is_told() {
        assert!(told(|_| {}).is_empty());
        let shares = |model: &mut Model| {
            model.partial_share = 2.0;
            model.segments = BTreeMap::new();
        };
        assert_eq!(told(shares), ["/partial_share", "/segments"]);
        let effects = |model: &mut Model| {
            model.contact.effect.insert("a/b".to_owned(), 1e300);
            model.contact.effect.insert("sms".to_owned(), f64::NAN);
        };
        let places = ["/contact/effect/a~1b", "/contact/effect/sms"];
        assert_eq!(told(effects), places);
    }

    #[test]
    fn replies_have_reasons_that_there_are() {
        let reasons = |model: &mut Model| {
            let reasons = &mut model.replies.reasons;
            reasons.insert("cashflow".to_owned(), 1.0);
            reasons.insert("other".to_owned(), -1.0);
            model.replies.promise_days = (0, u32::MAX);
        };
        let places = [
            "/replies/reasons/cashflow",
            "/replies/reasons/other",
            "/replies/promise_days",
        ];
        assert_eq!(told(reasons), places);
        let none = |model: &mut Model| model.replies.reasons.clear();
        assert_eq!(told(none), ["/replies/reasons"]);
    }

    #[test]
    fn the_largest_amount_is_not_below_the_median() {
        let most = |model: &mut Model| model.billing.most = 1;
        assert_eq!(told(most), ["/billing/most"]);
    }
}

//! The conformance pack: what breaks in the field, as stories that any workflow can be held against.
//!
//! They name no stage and no text: only bounds that no workflow may pass, whatever its ladder is.
//! The [laws](crate::laws) are held against them as against every story.

macro_rules! pack {
    ($($name:literal,)*) => {
        /// Each by its name, in YAML.
        pub const PACK: &[(&str, &str)] = &[$((
            $name,
            include_str!(concat!("../conformance/", $name, ".scenario.yaml")),
        )),*];
    };
}

pack! {
    "a-missed-day",
    "both-ends-of-the-day",
    "charge-without-an-answer",
    "charges-when-principal-is-paid",
    "day-after-the-invoice",
    "disputed",
    "fee-charged-again-and-again",
    "interest-of-nothing",
    "interest-on-a-balance-that-changed",
    "late-timer",
    "no-plausible-due-date",
    "nothing-outstanding",
    "one-invoice-beside-another",
    "opted-out",
    "paid-between-letter-and-letter",
    "paid-just-before-the-letter",
    "partial-payment-moves-the-anchor",
    "promised",
    "service-of-another-contract",
    "silence-for-a-year",
    "told-twice",
    "two-customers-apart",
    "weekend",
    "yen",
}

#[cfg(test)]
mod tests {
    use regua_domain::workflow::check::Form;

    use super::*;
    use crate::scenario::scenario;

    #[test]
    fn every_story_of_the_pack_is_read() {
        for (name, text) in PACK {
            let read = scenario(text, Form::Yaml);
            let scenario = read.unwrap_or_else(|faults| panic!("{name}: {faults:#?}"));
            assert!(scenario.setup.is_none(), "{name} is for any");
        }
    }
}

//! The bounds of what a stage says of itself.

use std::collections::BTreeSet;

use super::KIB;
use super::findings::Findings;
use crate::bindings as wit;

/// Outcomes that the host itself gives.
const HOST_OUTCOMES: [&str; 2] = ["paid", "skipped"];

/// The contract's register of event kinds. It is open: a later host may tell others, and a
/// later SDK knows them. Until then a kind that is not here is a slip of the pen.
const EVENTS: [&str; 38] = [
    "contact.opted-in",
    "contact.opted-out",
    "dispute.lapsed",
    "dispute.opened",
    "dispute.resolved",
    "effect.cancelled",
    "effect.confirmed",
    "effect.failed",
    "hold.ended",
    "hold.lifted",
    "hold.placed",
    "invoice.bounced",
    "invoice.delivered",
    "invoice.opened",
    "invoice.sent",
    "item.added",
    "item.credited",
    "item.voided",
    "message.bounced",
    "message.delivered",
    "message.opened",
    "offer.accepted",
    "offer.declined",
    "offer.expired",
    "payment.failed",
    "payment.lapsed",
    "payment.pending",
    "payment.received",
    "payment.reversed",
    "placement.remitted",
    "placement.returned",
    "plan.broken",
    "plan.completed",
    "promise.broken",
    "promise.kept",
    "promise.made",
    "replied",
    "task.completed",
];

/// Every bound that a manifest breaks, in words; and what it listens to and nobody tells.
pub(in crate::testkit) fn violations(manifest: &wit::Manifest) -> Vec<String> {
    let mut list = Vec::new();
    let mut found = Findings::new(&mut list, "the manifest");
    found.word("the name", &manifest.name, b"-");
    let version = &manifest.version;
    let numbers = version.split(['-', '+']).next().unwrap_or_default();
    let is_number = |text: &str| text.len() <= 10 && text.parse::<u64>().is_ok();
    found.must(
        version.len() <= 64 && numbers.split('.').count() == 3 && numbers.split('.').all(is_number),
        || format!("the version {version:?} is not a semantic version"),
    );
    found.line("the summary", &manifest.summary, 0, 200);
    let schema = serde_json::from_str::<serde_json::Value>(&manifest.config_schema);
    found.must(schema.is_ok_and(|schema| schema.is_object()), || {
        "the schema of the config is not a JSON object".to_owned()
    });
    found.at_most("bytes of schema", manifest.config_schema.len(), 64 * KIB);
    found.between("outcomes", manifest.outcomes.len(), 1, 32);
    for outcome in &manifest.outcomes {
        found.word("the outcome", outcome, b"-");
        found.must(!HOST_OUTCOMES.contains(&outcome.as_str()), || {
            format!("the outcome {outcome:?} is the host's own")
        });
    }
    found.at_most("kinds of events", manifest.listens.len(), 64);
    for kind in &manifest.listens {
        found.word("the kind of event", kind, b"-.");
        found.must(EVENTS.contains(&kind.as_str()), || {
            format!("{kind:?} is a kind of event that the contract does not know")
        });
    }
    let proposes: Vec<String> = manifest
        .proposes
        .iter()
        .map(|kind| format!("{kind:?}"))
        .collect();
    for (what, names) in [
        ("an outcome", &manifest.outcomes),
        ("a kind of event", &manifest.listens),
        ("a kind of action", &proposes),
    ] {
        let distinct: BTreeSet<&String> = names.iter().collect();
        found.must(distinct.len() == names.len(), || {
            format!("{what} is named twice")
        });
    }
    list
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_register_of_events_is_the_contracts() {
        let wit = include_str!("../../../../../wit/v1/stage.wit");
        let start = wit
            .find("`kind` is from an open register. Subjects")
            .unwrap();
        let end = wit[start..].find("record event {").unwrap();
        let words =
            wit[start..start + end].split(|c: char| c.is_whitespace() || "(),:;".contains(c));
        let words = words.map(|word| word.trim_end_matches('.'));
        let told: BTreeSet<&str> = words
            .filter(|word| *word == "replied" || (word.contains('.') && !word.contains('`')))
            .collect();
        assert_eq!(told, BTreeSet::from(EVENTS));
    }
}

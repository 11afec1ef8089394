//! `regua demo` on its own sample: what it says it came to, and that it comes to it again.

use std::collections::{BTreeMap, BTreeSet};
use std::thread;

use serde_json::Value;

use crate::{Desk, plugin};

/// What `--json` holds, under the names that the command's users read it by.
struct Outcome(Value);

impl Outcome {
    /// Plays the sample in a folder of its own; what it printed, and what it wrote.
    fn play() -> (String, String) {
        let desk = Desk::new();
        let plugins = plugin("escalation");
        let folder = plugins.strip_suffix("/escalation.wasm").unwrap();
        let printed = desk.done(&["demo", "--json", "demo.json", "--plugins", folder]);
        let json = std::fs::read_to_string(desk.path("demo.json")).unwrap();
        (printed, json)
    }

    fn counts(&self, name: &str) -> BTreeMap<&str, u64> {
        let counts = self.0[name].as_object().unwrap();
        counts
            .iter()
            .map(|(name, count)| (name.as_str(), count.as_u64().unwrap()))
            .collect()
    }

    fn cases(&self) -> &[Value] {
        self.0["cases"].as_array().unwrap()
    }

    fn contacts(&self) -> u64 {
        let contacts = self.cases().iter().map(|case| case["contacts"].as_u64());
        contacts.map(Option::unwrap).sum()
    }

    /// How the cases of a customer ended, the first one first.
    fn ends_of(&self, customer: &str) -> Vec<&str> {
        let cases = self.cases().iter();
        let of = cases.filter(|case| case["customer"] == customer);
        of.map(|case| case["end"].as_str().unwrap_or("open"))
            .collect()
    }
}

fn keys(value: &Value) -> BTreeSet<&str> {
    value
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}

fn assert_says_what_it_was_asked(outcome: &Outcome) {
    let told = [
        "cases",
        "cases_opened",
        "contacts_per_case",
        "decisions",
        "ends",
        "messages",
        "recovered",
        "verdicts",
    ];
    assert_eq!(keys(&outcome.0), told.into());
    let of_a_case = [
        "case",
        "contacts",
        "customer",
        "end",
        "ended",
        "first_contact",
        "opened",
    ];
    for case in outcome.cases() {
        assert_eq!(keys(case), of_a_case.into());
        let day = |name: &str| case[name].as_str();
        let opened = day("opened").unwrap();
        assert!(
            day("first_contact").is_none_or(|day| day >= opened),
            "{case}"
        );
        assert!(day("ended").is_none_or(|day| day >= opened), "{case}");
        assert_eq!(
            case["contacts"] == 0,
            case["first_contact"].is_null(),
            "{case}"
        );
        assert_eq!(case["ended"].is_null(), case["end"].is_null(), "{case}");
    }
}

fn assert_sums_agree(outcome: &Outcome) {
    let opened = outcome.0["cases_opened"].as_u64().unwrap();
    assert_eq!(outcome.cases().len() as u64, opened);
    let ends = outcome.counts("ends");
    assert_eq!(ends.values().sum::<u64>(), opened);
    for (end, count) in &ends {
        let of = |case: &&Value| case["end"].as_str().unwrap_or("open") == *end;
        assert_eq!(
            outcome.cases().iter().filter(of).count() as u64,
            *count,
            "{end}"
        );
    }
    let messages = outcome.counts("messages");
    assert_eq!(messages.values().sum::<u64>(), outcome.contacts());
    let hundredths = outcome.contacts() * 100 / opened;
    assert_eq!(
        outcome.0["contacts_per_case"],
        format!("{}.{:02}", hundredths / 100, hundredths % 100)
    );
    // A letter needs a stage that asked for it, and each was ruled on.
    let verdicts = outcome.counts("verdicts");
    assert!(verdicts["allowed"] >= outcome.contacts(), "{verdicts:?}");
}

/// Two customers of each habit, in the order of the sample.
fn assert_every_habit_comes_to_its_end(outcome: &Outcome) {
    let ends = outcome.counts("ends");
    let names: Vec<_> = ends.keys().copied().collect();
    assert_eq!(names, ["closed", "resolved", "returned"]);
    for twelve in [0, 12] {
        let ends = |habit: usize| outcome.ends_of(&format!("C-{:03}", twelve + habit));
        assert_eq!(ends(1), [""; 0], "who pays on the day has no case");
        // Late; in halves; by a promise kept, and broken; over the channel after the bounce.
        for habit in [2, 3, 4, 5, 6, 7, 11] {
            let ends = ends(habit);
            assert!(!ends.is_empty(), "habit {habit}");
            assert!(ends.iter().all(|end| *end == "resolved"), "habit {habit}");
        }
        assert_eq!(ends(8)[0], "closed", "a plan that was kept");
        assert_eq!(ends(9)[0], "returned", "a plan that was broken");
        assert!(
            ends(10).contains(&"closed"),
            "a dispute, taken over by hand"
        );
        let never = ends(12);
        assert!(never.iter().all(|end| *end == "returned"), "{never:?}");
    }
    let messages = outcome.counts("messages");
    for told in [
        "first-day-late / email",
        "first-day-late / sms",
        "escalate / email",
        "escalate / letter",
        "plan / email",
        "by-hand / email",
        "agency / letter",
    ] {
        assert!(messages.get(told).is_some_and(|count| *count > 0), "{told}");
    }
    let recovered = outcome.0["recovered"].as_object().unwrap();
    let currencies: Vec<_> = recovered.keys().collect();
    assert_eq!(currencies, ["BRL", "GBP", "USD"]);
    for amount in recovered.values() {
        let (whole, cents) = amount.as_str().unwrap().split_once('.').unwrap();
        assert!(
            whole.parse::<u64>().unwrap() > 1_000 && cents.len() == 2,
            "{amount}"
        );
    }
}

#[test]
fn the_sample_is_dunned_to_its_ends_the_same_way_each_time() {
    let again = thread::spawn(Outcome::play);
    let (printed, json) = Outcome::play();
    let (_, json_again) = again.join().unwrap();
    assert!(
        json == json_again,
        "two plays of one sample came to two ends"
    );

    let outcome = Outcome(serde_json::from_str(&json).unwrap());
    assert_says_what_it_was_asked(&outcome);
    assert_sums_agree(&outcome);
    assert_every_habit_comes_to_its_end(&outcome);

    // What is printed is the same, and what to type next leads somewhere.
    for heading in [
        "Cases by end",
        "Messages by stage and channel",
        "Verdicts by rule",
        "Recovered while a case was open",
        "Contacts per case: ",
        "One case: ",
        "Its last letter, as it would have gone out by ",
        "Look around:",
    ] {
        assert!(printed.contains(heading), "{heading}\n{printed}");
    }
    let per_case = outcome.0["contacts_per_case"].as_str().unwrap();
    assert!(
        printed.contains(&format!("Contacts per case: {per_case}\n")),
        "{printed}"
    );
}

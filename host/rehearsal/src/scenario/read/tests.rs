//! Scenarios are read, and every fault of one is told with its line and column.

use super::*;

fn read(text: &str) -> Result<Scenario, Vec<String>> {
    scenario(text, Form::Yaml).map_err(|problems| {
        let told = problems.iter().map(ToString::to_string);
        told.collect()
    })
}

const HEAD: &str = "scenario: A story\nstarts: 2026-03-02\n";

#[test]
fn moments_are_counted_from_the_first_day_or_from_the_entry_before() {
    let text = format!(
        "{HEAD}customers: {{ C-1: {{ time_zone: America/New_York }} }}\nstory:\n\
         - on: day 3\n  lift-hold: {{}}\n\
         - lift-hold: {{}}\n\
         - on: day 3 18:30\n  lift-hold: {{}}\n\
         - on: day 3\n  lift-hold: {{}}\n\
         - on: +9d\n  expect: {{}}\n\
         - on: 2026-03-15 02:30\n  expect: {{}}\n"
    );
    let scenario = read(&text).unwrap();
    let zone = chrono_tz::Tz::America__New_York;
    let walls = scenario.steps.iter().map(|step| {
        let local = step.at.in_zone(zone);
        local.format("%m-%d %H:%M").to_string()
    });
    let walls: Vec<_> = walls.collect();
    assert_eq!(
        walls,
        [
            "03-05 12:00",
            "03-05 12:00",
            "03-05 18:30",
            // Later on a day on which something was told of an hour already.
            "03-05 18:30",
            "03-14 23:59",
            "03-15 02:30"
        ]
    );
}

#[test]
fn every_fault_is_told_with_its_line_and_column() {
    let text = format!(
        "{HEAD}customers:\n  C-1: {{ time_zone: Mars/Olympus }}\n  C-2: {{ tone: sharp }}\nstory:\n\
         - on: someday\n  reply: {{ reason: cash-flow }}\n\
         - on: day 1\n  invoices: {{}}\n"
    );
    let told = read(&text).unwrap_err();
    for (place, word) in [
        (
            "line 5, column 10, /customers/C-2/tone",
            "`tone` is not known here",
        ),
        ("line 7, column 3, /story/0/on", "someday"),
        (
            "line 10, column 3, /story/1/invoices",
            "did you mean `invoice`?",
        ),
    ] {
        let fits = |told: &&String| told.starts_with(place) && told.contains(word);
        assert!(
            told.iter().any(|told| fits(&told)),
            "{place}: {word}: {told:#?}"
        );
    }
}

#[test]
fn what_no_schema_says_is_told_of_each_entry() {
    let text = format!(
        "{HEAD}story:\n\
         - invoice: {{ reference: F-1, amount: 250.00 XAU, due_on: day 2 }}\n\
         - payment: {{ amount: 1.234 EUR }}\n"
    );
    let told = read(&text).unwrap_err();
    assert_eq!(told.len(), 2, "{told:#?}");
    let column = |line: usize| text.lines().nth(line - 1).unwrap().find("amount").unwrap() + 1;
    for (told, line, fault) in [
        (&told[0], 4, "/story/0/invoice/amount: `XAU` is not"),
        (&told[1], 5, "/story/1/payment/amount: `1.234` has"),
    ] {
        let place = format!("line {line}, column {}, {fault}", column(line));
        assert!(told.starts_with(&place), "{place}: {told}");
    }
}

#[test]
fn entries_say_one_thing_about_somebody_and_time_goes_on() {
    for (story, fault) in [
        (
            "- on: day 1\n",
            "says neither what happens nor what is expected",
        ),
        (
            "- refused: no\n  expect: {}\n",
            "nothing is told here that could be refused",
        ),
        (
            "- lift-hold: {}\n  reply: { reason: x }\n",
            "tells of several things",
        ),
        (
            "- customer: C-9\n  lift-hold: {}\n",
            "`C-9` is none of the customers: C-1",
        ),
        (
            "- on: day 9\n  lift-hold: {}\n- on: day 8\n  lift-hold: {}\n",
            "2026-03-10 is before what stands above it, at 2026-03-11 12:00",
        ),
        (
            "- on: 2300-01-01\n  lift-hold: {}\n",
            "`2300-01-01` is no day",
        ),
    ] {
        let told = read(&format!("{HEAD}story:\n{story}")).unwrap_err();
        assert!(told.concat().contains(fault), "{story}: {told:#?}");
    }
    let several = format!("{HEAD}customers: {{ A: {{}}, B: {{}} }}\nstory:\n- lift-hold: {{}}\n");
    let told = read(&several).unwrap_err();
    assert!(
        told.concat().contains("about whom? Say `customer`: A, B"),
        "{told:#?}"
    );
}

#[test]
fn what_holds_whatever_happens_is_a_fault() {
    let invoice = "- invoice: { reference: F-1, amount: 250.00 BRL, due_on: day 2 }\n";
    for (entry, fault) in [
        (
            "- on: day 20\n  expect: { contacts_at_most: ~ }\n",
            "line 6, column 13, /story/1/expect/contacts_at_most: says nothing",
        ),
        (
            "- on:\n  expect: { messages: [] }\n",
            "line 5, column 3, /story/1/on: says nothing",
        ),
        (
            "- lift-hold: {}\n  expect:\n",
            "line 6, column 3, /story/1/expect: says nothing",
        ),
        (
            "- lift-hold: {}\n  refused:\n",
            "line 6, column 3, /story/1/refused: says nothing",
        ),
        (
            "- on: day 20\n  expect: { no_contact_since: +20d }\n",
            "/story/1/expect/no_contact_since: 2026-04-11 is after the day that is looked at, 2026-03-22",
        ),
        (
            "- on: day 20\n  expect: { no_demand_since: 2027-01-01 }\n",
            "2027-01-01 is after the day that is looked at",
        ),
        (
            "- on: day 20\n  expect: { fees_at_most: 0.00 USD }\n",
            "/story/1/expect/fees_at_most: no invoice of this story is in USD",
        ),
        (
            "- on: day 20\n  expect: { messages: [{ has: [] }] }\n",
            "/story/1/expect/messages/0/has: ",
        ),
        (
            "- on: day 20\n  expect: { messages: [{ has: [''] }] }\n",
            "/story/1/expect/messages/0/has/0: ",
        ),
    ] {
        let told = read(&format!("{HEAD}story:\n{invoice}{entry}")).unwrap_err();
        assert!(told.concat().contains(fault), "{entry}: {told:#?}");
    }
    let kept =
        "- on: day 20\n  expect: { stage: ~, no_contact_since: day 20, owed_at_least: 1.00 BRL }\n";
    read(&format!("{HEAD}story:\n{invoice}{kept}")).unwrap();
}

#[test]
fn the_schema_knows_every_event_and_all_that_may_be_expected() {
    let schema = document_schema().to_string();
    for name in Entry::EVENTS {
        let name = name.trim_start_matches("r#").replace('_', "-");
        assert!(schema.contains(&format!("\"{name}\"")), "{name}");
    }
    for name in [
        "messages",
        "tasks",
        "fees",
        "no_contact_since",
        "balance",
        "ended",
    ] {
        assert!(schema.contains(&format!("\"{name}\"")), "{name}");
    }
}

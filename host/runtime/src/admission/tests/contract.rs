//! Guests of an altered contract: what differs is told, and what to do.

use regua_test_kit::guest::{LEAVES, embed, module, wit_with};

use super::refused;

/// What is told of a guest of a contract with one piece of its text replaced.
fn altered(version: &str, from: &str, to: &str) -> String {
    let wit = wit_with(from, to);
    let wit = wit.replacen("dunning@1.0.0", &format!("dunning@{version}"), 1);
    refused(embed(&module(LEAVES, ""), &wit))
}

#[test]
fn what_differs_from_the_contract_is_told_with_its_function_and_place() {
    let effects = "    /// Newest first, at most 50.\n    effects: list<effect>,\n";
    let situation = "`decide` takes a `situation`";
    for (from, to, of, difference) in [
        (effects, "", situation, "field `effects` is missing"),
        (
            "    credit: amount,\n",
            "",
            situation,
            "field `balance.credit` is missing",
        ),
        (
            "    credit: amount,\n",
            "    credits: amount,\n",
            situation,
            "field `balance.credit` is missing, field `balance.credits` is not in the contract",
        ),
        (
            "days-overdue: s32,\n    original",
            "days-overdue: u32,\n    original",
            situation,
            "field `balance.items[].days-overdue` is u32 where the contract has s32",
        ),
        (
            "enum weekday { monday, tuesday,",
            "enum weekday { tuesday, monday,",
            situation,
            "the cases of `now.local-weekday` are in another order",
        ),
        (
            "    woken(lateness),\n",
            "    woken,\n",
            situation,
            "case `trigger.woken` has nothing where the contract has the record `lateness`",
        ),
        (
            "    unsupported(string),\n",
            "",
            "`decide` returns a `refusal`",
            "case `unsupported` is missing",
        ),
        (
            "config: string) -> result",
            "config: list<u8>) -> result",
            "`decide` takes a string",
            "it is list where the contract has string",
        ),
        (
            "decide: func(situation: situation, config: string)",
            "decide: func(situation: situation)",
            "`decide` takes 2 parameters",
            "it takes 1 parameter",
        ),
        (
            "check-config: func(config: string) -> list<config-problem>",
            "check-config: func(settings: string) -> list<config-problem>",
            "`check-config` takes a string",
            "the parameter `config` is called `settings`",
        ),
    ] {
        let told = altered("0.9.0", from, to);
        let wanted = format!(
            "{of} of contract 1.0.0; this plugin was built against 0.9.0: {difference}; \
             build it with the SDK 0.1"
        );
        assert!(told.contains(&wanted), "{wanted}\n{told}");
    }
}

#[test]
fn a_contract_that_was_altered_without_another_version_is_told() {
    assert_eq!(
        altered("1.0.0", "    credit: amount,\n", ""),
        "`decide` takes a `situation` of contract 1.0.0; this plugin was built against what calls \
         itself 1.0.0 and is not: field `balance.credit` is missing; build it with the SDK 0.1"
    );
}

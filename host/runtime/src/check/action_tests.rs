//! The bounds of the single actions.

use regua_domain::contract::{Action, Channel, Content};

use super::samples::*;

#[test]
fn charges_name_a_method_on_file_and_a_day_to_come() {
    let charge = Action::Charge {
        amount: Some(0),
        method: Some("m2".to_owned()),
        on: Some(date("2026-03-01")),
    };
    assert_eq!(
        problems_of(charge),
        [
            "proposals[0].charge.amount: 0 is below 1",
            "proposals[0].charge.method: \"m2\" is not among the customer's methods",
            "proposals[0].charge.on: 2026-03-01 is before 2026-03-02",
        ]
    );
}

#[test]
fn messages_keep_to_their_sizes_and_carry_no_links() {
    let mut bad = message();
    bad.channel = Channel::Other("email".to_owned());
    bad.content = Content::Inline {
        subject: "a\r\nBcc: x".to_owned(),
        body: "see www.evil.example".to_owned(),
    };
    bad.variables = vec![
        ("a b".to_owned(), "https://evil.example".to_owned()),
        ("x".to_owned(), "y".repeat(1_025)),
    ];
    assert_eq!(
        problems_of(Action::SendMessage(bad)),
        [
            "proposals[0].send-message.channel: \"email\" is not the name of another channel: 1 to 32 characters of a-z, 0-9 and -",
            "proposals[0].send-message.subject: has a line break or another control character",
            "proposals[0].send-message.body: has a web address; links come from placeholders",
            "proposals[0].send-message.variables[0].name: \"a b\" is not a letter and up to 63 characters of a-z, A-Z, 0-9 and _",
            "proposals[0].send-message.variables[0].value: has a web address; links come from placeholders",
            "proposals[0].send-message.variables[1].value: 1025 bytes where 1024 are allowed",
        ]
    );
    let mut many = message();
    many.content = Content::Inline {
        subject: "s".repeat(201),
        body: "b".repeat(8 * 1024 + 1),
    };
    many.variables = (0..17).map(|n| (format!("v{n}"), String::new())).collect();
    assert_eq!(problems_of(Action::SendMessage(many)).len(), 3);
}

#[test]
fn a_draft_of_a_task_is_looked_at_like_a_message() {
    let mut draft = message();
    draft.content = Content::Template(String::new());
    let task = Action::OpenTask {
        title: String::new(),
        details: "d".repeat(4_097),
        due_on: date("2026-03-01"),
        team: "t".to_owned(),
        priority: 10,
        draft: Some(draft),
    };
    assert_eq!(
        problems_of(task),
        [
            "proposals[0].open-task.title: empty",
            "proposals[0].open-task.details: 4097 bytes where 4096 are allowed",
            "proposals[0].open-task.due-on: 2026-03-01 is before 2026-03-02",
            "proposals[0].open-task.priority: 10 is above 9",
            "proposals[0].open-task.draft.template: empty",
        ]
    );
}

#[test]
fn plans_add_up_and_go_forward() {
    assert_eq!(
        problems_of(offer(Vec::new())),
        ["proposals[0].offer-plan.plans: 0 where 1 to 3 are allowed"]
    );
    let short = plan(&[("2026-03-10", 6_000), ("2026-03-10", 4_000)], false);
    let empty = plan(&[], true);
    let negative = plan(&[("2026-03-10", 11_001), ("2026-04-10", -1)], false);
    assert_eq!(
        problems_of(offer(vec![short, empty, negative])),
        [
            "proposals[0].offer-plan.plans[0].instalments[1].due-on: 2026-03-10 is not after the instalment before it",
            "proposals[0].offer-plan.plans[0].instalments: add up to 10000 where 11000 may be chased",
            "proposals[0].offer-plan.plans[1].instalments: 0 where 1 to 60 are allowed",
            "proposals[0].offer-plan.plans[1].instalments: add up to 0 where 10000 may be chased",
            "proposals[0].offer-plan.plans[2].instalments[1].amount: -1 is below 0",
        ]
    );
}

#[test]
fn discounts_and_commissions_are_parts_of_a_whole() {
    for basis_points in [0, 10_001] {
        let discount = Action::OfferDiscount {
            items: items(&["i1"]),
            basis_points,
            valid_until: date("2026-03-20"),
        };
        let told = format!(
            "proposals[0].offer-discount.basis-points: {basis_points} is not between 1 and 10000"
        );
        assert_eq!(problems_of(discount), [told]);
    }
    let placement = Action::PlaceWithAgency {
        agency: "acme".to_owned(),
        items: items(&["i1"]),
        commission_bps: 10_001,
        term_days: 0,
    };
    assert_eq!(problems_of(placement).len(), 2);
}

#[test]
fn custom_json_is_one_value_of_at_most_16_kib() {
    let custom = |json: &str| {
        problems_of(Action::Custom {
            name: "x".to_owned(),
            json: json.to_owned(),
        })
    };
    assert_eq!(custom("1"), Vec::<String>::new());
    assert_eq!(custom("1 2").len(), 1);
    assert_eq!(
        custom(&format!("\"{}\"", "x".repeat(16 * 1024))),
        ["proposals[0].custom.json: 16386 bytes where 16384 are allowed"]
    );
}

#[test]
fn fees_and_holds_keep_their_forms() {
    let fee = Action::AddFee {
        kind: "Late Fee".to_owned(),
        item: "i1".to_owned(),
        occurrence: String::new(),
        amount: 1,
    };
    assert_eq!(problems_of(fee).len(), 2);
    let hold = Action::Hold {
        reason: "r".repeat(501),
        until: date("2099-01-01"),
    };
    assert_eq!(
        problems_of(hold),
        [
            "proposals[0].hold.reason: 501 characters where 500 are allowed",
            "proposals[0].hold.until: 2099-01-01 is more than ten years ahead",
        ]
    );
}

//! Decisions of a case: which there are, each in words, each taken again.

use super::Desk;

/// Lists the decisions of a case that has some, tells the first, and takes it again.
pub fn told_and_taken_again(desk: &Desk, case: &str) {
    let list = desk.done(&["explain", "--case", case]);
    let first: Vec<_> = list.lines().next().unwrap().split('\t').collect();
    let [sequence, at, stage, came_to] = first[..] else {
        panic!("{list}");
    };
    assert!(at.contains("2012-"), "{list}");
    assert_eq!(stage, "first-day-late", "{list}");
    assert_eq!(came_to, "send-message allowed; left by sent", "{list}");
    let of = ["--case", case, "--sequence"];
    let page = desk.done(&[&["explain"][..], &of, &[sequence]].concat());
    let title = format!("# Decision {sequence} of case {case}");
    assert!(page.starts_with(&title), "{page}");
    let replayed = desk.done(&[&["replay"][..], &of, &[sequence]].concat());
    assert!(replayed.contains("1 are equal"), "{replayed}");
    for command in ["explain", "replay"] {
        let none = desk.call(&[&[command][..], &of, &["9999"]].concat());
        assert_ne!(none.code, 0);
        let known = format!("the case has the decision {sequence} alone");
        assert!(none.err.contains(&known), "{}{}", none.out, none.err);
    }
    let timeline = desk.done(&["case", "timeline", case]);
    let number = format!(" [decision {sequence}]");
    assert!(timeline.contains(&number), "{timeline}");
}

#[test]
fn a_replay_of_all_is_of_no_transition_and_says_where_there_is_nothing() {
    let desk = Desk::new();
    desk.sandbox();
    let replayed = desk.done(&["replay", "--all"]);
    assert_eq!(
        replayed,
        "no decision is recorded: there is nothing to take again\n"
    );
    let case = "case_00000000000000000000000000000001";
    for wrong in [
        &["replay", "--all", "--sequence", "1"][..],
        &["replay", "--case", case, "--since", "2026-03-02"],
        &[
            "--server",
            "https://regua.example",
            "replay",
            "--all",
            "--sequence",
            "1",
        ],
    ] {
        let called = desk.call(wrong);
        assert_eq!(called.code, 2, "{}", called.out);
        assert!(called.err.contains("cannot be used with"), "{}", called.err);
    }
}

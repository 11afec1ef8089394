//! Pages and rows of simulations.

use regua_rehearsal::simulate::{Outcome, Setting, Sums};
use regua_report::{Labels, simulation, simulation_csv};

use crate::read::{Read, read};
use crate::sample;

const LABELS: Labels<'_> = Labels {
    tenant: "Acme",
    draft: "later.yaml",
};

fn page(setting: &Setting, sums: &Sums) -> Read {
    let read = read(&simulation(setting, sums, LABELS).unwrap());
    read.needs_nothing();
    read
}

fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let groups = digits.as_bytes().rchunks(3).rev();
    let groups: Vec<_> = groups.map(|it| std::str::from_utf8(it).unwrap()).collect();
    groups.join(",")
}

#[test]
fn figures_on_the_page_are_the_sums() {
    let sums = sample::sums(true);
    let page = page(&sample::setting(), &sums);
    let of = [&sums.champion, sums.challenger.as_ref().unwrap()];
    let each = |value: &dyn Fn(&Outcome) -> String| of.map(value);
    let money = |minor: i128| {
        let minor = u64::try_from(minor).unwrap();
        format!("{}.{:02}", grouped(minor / 100), minor % 100)
    };
    let all = "All figures";
    assert_eq!(page.row(all, "Billed, BRL"), each(&|of| money(of.billed)));
    assert_eq!(
        page.row(all, "Paid late, BRL"),
        each(&|of| money(of.paid_late))
    );
    assert_eq!(page.row(all, "Cost, BRL"), each(&|of| money(of.cost())));
    assert_eq!(
        page.row(all, "Not yet due at the end, BRL"),
        each(&|of| money(of.not_yet_due))
    );
    assert_eq!(
        page.row(all, "Messages"),
        each(&|of| grouped(of.messages()))
    );
    let week = "Messages a week";
    assert_eq!(page.row(week, "9"), each(&|of| grouped(of.by_week[8])));
    let curve = page.row("Recovery over days overdue", "30");
    let within = |of: &Outcome| {
        let late = of.paid_late + of.overdue_at_end;
        let paid: i128 = of.curve[..=30].iter().sum();
        format!("{:.1}\u{a0}%", 100.0 * paid as f64 / late as f64)
    };
    assert_eq!(curve, each(&within));
    let reached = page.row("Cases by stage", "escalate");
    let reached_by = |of: &Outcome| {
        let reached = of.reached["escalate"];
        let share = 100.0 * reached as f64 / of.cases as f64;
        format!("{} ({share:.1}\u{a0}%)", grouped(reached))
    };
    assert_eq!(reached, each(&reached_by));
    let paid = sums.paid();
    assert!(paid.is_told());
    let difference = page.row("Differences by payer", "Paid, BRL");
    assert_eq!(difference[0], format!("+{:.2}", paid.mean / 100.0));
    assert_eq!(difference[2], "yes");
    let told = format!(
        "Under the challenger a payer pays {:.2} BRL more.",
        paid.mean / 100.0
    );
    assert!(page.text.contains(&told), "{told}");
    assert!(page.text.contains("as good as what is assumed"));
    assert_eq!(page.row("Seed, days and costs", "seed"), ["1"]);
    assert_eq!(page.row("The model of payers", "billing.currency"), ["BRL"]);
}

#[test]
fn the_same_sums_make_the_same_page() {
    let write = || simulation(&sample::setting(), &sample::sums(true), LABELS).unwrap();
    assert_eq!(write(), write());
}

#[test]
fn what_may_be_chance_is_said_in_words() {
    let mut sums = Sums::default();
    for (champion, challenger) in [(100, 300), (300, 100), (100, 200)] {
        let paid = |paid_late| Outcome {
            paid_late,
            ..Outcome::default()
        };
        sums.note(&paid(champion), Some(&paid(challenger)));
    }
    let page = page(&sample::setting(), &sums);
    for told in [
        "Whether a payer pays more or less under the challenger is not known",
        "A payer costs the same under both.",
    ] {
        assert!(page.text.contains(told), "{told}: {}", page.text);
    }
    let difference = page.row("Differences by payer", "Paid, BRL");
    assert_eq!(difference[2], "no, it may be chance");
}

#[test]
fn a_simulation_that_was_stopped_says_so() {
    let setting = Setting {
        asked: 10_000,
        ..sample::setting()
    };
    let sums = sample::sums(false);
    let stopped = page(&setting, &sums);
    assert!(stopped.text.contains("2,000 payers of 10,000: stopped"));
    assert!(
        stopped
            .text
            .contains("of 10,000 payers that were asked for, 2,000 were played")
    );
    assert!(!page(&sample::setting(), &sums).text.contains("stopped"));
    let rows = simulation_csv(&setting, &sums).unwrap();
    assert!(
        rows.contains("\n,asked,,10000\n,payers,,2000\n,stopped,,true\n"),
        "{rows}"
    );
}

#[test]
fn fitted_figures_are_rounded() {
    let mut setting = sample::setting();
    setting.model.frailty_sigma = 0.123_456_789_012_345_6;
    let page = page(&setting, &sample::sums(false));
    assert_eq!(page.row("The model of payers", "frailty_sigma"), ["0.1235"]);
}

#[test]
fn one_policy_alone_is_told_without_a_challenger() {
    let page = page(&sample::setting(), &sample::sums(false));
    assert_eq!(page.row("All figures", "Cases").len(), 1);
    assert!(!page.text.contains("hallenger"), "{}", page.text);
    assert!(!page.tables.contains_key("Differences by payer"));
}

#[test]
fn nothing_at_all_is_told_as_nothing() {
    for days in [0, 1, 3_650] {
        let setting = Setting {
            days,
            ..sample::setting()
        };
        let page = page(&setting, &Sums::default());
        assert!(page.text.contains("Nothing to show."));
        assert!(page.text.contains("nothing was late"));
        assert!(!page.text.contains("NaN") && !page.text.contains("inf"));
    }
}

#[test]
fn where_nothing_was_late_there_is_no_curve() {
    let mut sums = Sums::default();
    let punctual = Outcome {
        billed: 100,
        paid_in_time: 100,
        ..Outcome::default()
    };
    sums.note(&punctual, Some(&punctual));
    let page = page(&sample::setting(), &sums);
    assert_eq!(
        page.row("All figures", "Recovered of what was late"),
        ["nothing was late", "nothing was late"]
    );
    assert!(!page.elements.iter().any(|(name, _)| name == "svg"));
}

#[test]
fn hostile_names_are_text() {
    let (setting, sums) = sample::hostile_sums();
    let labels = Labels {
        tenant: sample::HOSTILE,
        draft: sample::HOSTILE,
    };
    let html = simulation(&setting, &sums, labels).unwrap();
    let page = read(&html);
    page.needs_nothing();
    assert!(page.text.contains("<script>alert(1)</script>"));
    assert!(page.text.contains("{{ 7*7 }}"));
    assert!(!page.text.contains(['\u{202e}', '\u{0}']));
    assert!(!html.contains("<script") && !html.contains("<img"));
}

#[test]
fn rows_hold_every_figure_and_no_formula() {
    let sums = sample::sums(true);
    let text = simulation_csv(&sample::setting(), &sums).unwrap();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
    let value = |policy: &str, measure: &str, at: &str| {
        let mut rows = rows.iter();
        let row = rows.find(|row| &row[0] == policy && &row[1] == measure && &row[2] == at);
        row.unwrap_or_else(|| panic!("{policy} {measure} {at}"))[3].to_owned()
    };
    let champion = &sums.champion;
    assert_eq!(value("", "payers", ""), "2000");
    assert_eq!(value("champion", "billed", ""), champion.billed.to_string());
    assert_eq!(
        value("champion", "paid_late_by_day_overdue", "7"),
        champion.curve[7].to_string()
    );
    assert_eq!(
        value("challenger", "messages_by_week", "9"),
        sums.challenger.as_ref().unwrap().by_week[8].to_string()
    );
    assert_eq!(
        value("difference", "paid", "mean"),
        sums.paid().mean.to_string()
    );

    let (setting, sums) = sample::hostile_sums();
    let text = simulation_csv(&setting, &sums).unwrap();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    for row in reader.records() {
        let row = row.unwrap();
        assert!(
            !row.iter()
                .take(3)
                .any(|cell| cell.starts_with(['=', '+', '-', '@']))
        );
    }
}

//! Pages of backtests.

use regua_rehearsal::backtest::{Costs, Report, Totals};
use regua_report::{Labels, backtest};

use crate::read::{Read, read};
use crate::sample;

const LABELS: Labels<'_> = Labels {
    tenant: "Acme",
    draft: "later.yaml",
};

fn page(report: &Report) -> Read {
    let page = backtest(report, LABELS, Some(sample::days()), &Costs::default());
    let read = read(&page.unwrap());
    read.needs_nothing();
    read
}

#[test]
fn figures_on_the_page_are_the_reports() {
    let report = sample::report();
    let page = page(&report);
    let each = |value: &dyn Fn(&Totals) -> u64| [&report.live, &report.candidate].map(value);
    let of = |table: &str, name: &str| {
        let cells = page.row(table, name).iter();
        let numbers = cells.map(|cell| cell.replace(',', "").parse::<u64>().unwrap());
        numbers.collect::<Vec<_>>()
    };
    let all = "All figures";
    assert_eq!(of(all, "Customers written to"), each(&|of| of.contacted));
    assert_eq!(of(all, "Messages"), each(&Totals::messages));
    assert_eq!(
        of(all, "Messages after all was paid"),
        each(&|of| of.after_paid)
    );
    assert_eq!(
        of("Messages by stage", "escalate"),
        each(&|of| of.by_stage["escalate"])
    );
    assert_eq!(
        of("Where cases stand at the end", "resolved"),
        each(&|of| of.stands["resolved"])
    );
    assert_eq!(
        of("Refused by rule", "no-address"),
        each(&|of| of.refused["no-address"])
    );
    assert_eq!(of("Cost", "all"), each(&|of| of.spent));
    let parts = page.tables["Cost"].iter().skip(2);
    let parts: u64 = parts
        .map(|row| row[1].replace(',', "").parse::<u64>().unwrap())
        .sum();
    assert_eq!(
        parts, report.live.spent,
        "what is spent is told by what it was spent on"
    );
    for text in [
        "Payments are those that were recorded",
        "never what it would have brought in",
        "there is no curve of recovery",
    ] {
        assert!(page.text.contains(text), "{text}");
    }
    let stories = page.elements.iter().filter(|(_, attributes)| {
        attributes
            .get("class")
            .is_some_and(|class| class == "story")
    });
    assert_eq!(stories.count(), report.differences.len());
    for difference in &report.differences {
        for line in &difference.compared.candidate.story {
            assert!(page.text.contains(line), "{line}");
        }
    }
    for name in &report.never_by_live {
        assert!(page.text.contains(name));
    }
}

#[test]
fn no_customer_makes_a_page_that_says_so() {
    let page = page(&Report::default());
    assert!(page.text.contains("0 customers"));
    assert!(page.text.contains("would have done alike with everybody"));
    assert!(page.text.contains("Nothing to show."));
    assert!(!page.elements.iter().any(|(name, _)| name == "svg"));
}

#[test]
fn one_customer_is_told_as_one() {
    let mut report = Report::default();
    let all = sample::report().differences;
    report.add(all.into_iter().next().unwrap().compared);
    let page = page(&report);
    assert!(page.text.contains("1 customer") && !page.text.contains("1 customers"));
    assert!(page.text.contains("otherwise with 1 of 1 customer."));
}

#[test]
fn hostile_names_are_text() {
    let labels = Labels {
        tenant: sample::HOSTILE,
        draft: sample::HOSTILE,
    };
    let report = sample::hostile_report();
    let html = backtest(&report, labels, None, &Costs::default()).unwrap();
    let page = read(&html);
    page.needs_nothing();
    assert!(page.text.contains("<script>alert(1)</script>"));
    assert!(!page.text.contains(['\u{202e}', '\u{0}']));
    assert!(!html.contains("<script") && !html.contains("<img"));
}

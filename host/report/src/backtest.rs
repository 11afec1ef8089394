//! A backtest as a page.

mod figures;
mod stories;

use regua_domain::time::Date;
use regua_rehearsal::backtest::{Costs, Report, Totals};

use crate::numbers::{count, counted, money};
use crate::page::{Key, Page, Section, Tile};
use crate::side::{Side, Whose};
use crate::{Labels, ReportError};

/// What a backtest came to, as one HTML page: of the days from the first to the last, where they are
/// known, and by the costs that it was told with.
///
/// # Errors
/// Where a chart or the page cannot be written, which no figures are known to do.
pub fn backtest(
    report: &Report,
    labels: Labels<'_>,
    days: Option<(Date, Date)>,
    costs: &Costs,
) -> Result<String, ReportError> {
    let told = Tested {
        report,
        costs,
        sides: vec![
            Side {
                whose: Whose::Champion,
                name: "live",
                of: &report.live,
            },
            Side {
                whose: Whose::Challenger,
                name: "candidate",
                of: &report.candidate,
            },
        ],
    };
    let mut about = vec![counted(report.customers, "customer")];
    about.extend(days.map(|(from, to)| format!("{from} to {to}")));
    if !labels.draft.is_empty() {
        about.push(format!("candidate: {}", labels.draft));
    }
    Page {
        heading: "Backtest",
        subject: labels.tenant.to_owned(),
        about,
        findings: vec![told.finding()],
        caution: "Payments are those that were recorded: they do not change because other letters \
                  were sent. So this tells what a policy would have done, and never what it would \
                  have brought in; there is no curve of recovery, for it would be the same twice."
            .to_owned(),
        tiles: told.tiles(),
        sections: vec![
            told.charts()?,
            Section {
                title: "All figures",
                tables: vec![told.totals()],
                ..Section::default()
            },
            told.lists(),
            told.stories(),
        ],
    }
    .write()
}

/// What is told, with what is needed to tell it.
struct Tested<'a> {
    report: &'a Report,
    costs: &'a Costs,
    sides: Vec<Side<'a, Totals>>,
}

impl Tested<'_> {
    fn finding(&self) -> String {
        let Report {
            customers,
            different,
            ..
        } = self.report;
        match different {
            0 => "The policies would have done alike with everybody.".to_owned(),
            _ => format!(
                "The policies would have done otherwise with {} of {}.",
                count(*different),
                counted(*customers, "customer")
            ),
        }
    }

    fn tiles(&self) -> Vec<Tile> {
        let tile = |name: &str, value: &dyn Fn(&Totals) -> String| Tile {
            name: name.to_owned(),
            values: Key::each(&self.sides, value),
        };
        vec![
            tile("Customers written to", &|of| count(of.contacted)),
            tile("Messages", &|of| count(of.messages())),
            tile("Messages after all was paid", &|of| count(of.after_paid)),
            tile("Cost, minor units", &|of| count(of.spent)),
        ]
    }
}

/// Fees of a currency, in its units.
fn fees(of: &Totals, currency: &str) -> String {
    let minor = of.fees.get(currency).copied().unwrap_or(0);
    money(i128::from(minor), crate::numbers::digits(currency))
}

//! A simulation as a page, and as rows.

mod assumed;
mod cases;
mod figures;
mod rows;

use regua_rehearsal::simulate::{Difference, Outcome, Setting, Sums};

use crate::numbers::{count, counted, digits, money, percent, signed};
use crate::page::{Key, Page, Section, Table, Tile};
use crate::side::{Side, Whose};
use crate::{Labels, ReportError};

pub use rows::simulation_csv;

/// What a simulation came to, as one HTML page.
///
/// # Errors
/// Where a chart or the page cannot be written, which no figures are known to do.
pub fn simulation(
    setting: &Setting,
    sums: &Sums,
    labels: Labels<'_>,
) -> Result<String, ReportError> {
    let told = Simulated::new(setting, sums);
    let mut sections = Vec::new();
    if sums.challenger.is_some() {
        sections.push(told.differences());
    }
    sections.extend([told.charts()?, told.figures(), assumed::section(setting)?]);
    Page {
        heading: "Simulation",
        subject: labels.tenant.to_owned(),
        about: told.about(labels),
        findings: told.findings(),
        caution: "It is as good as what is assumed of payers, which stands at the end. Believe \
                  differences before levels, and fit the model to your own past before either."
            .to_owned(),
        tiles: told.tiles(),
        sections,
    }
    .write()
}

/// What is told, with what is needed to tell it.
struct Simulated<'a> {
    setting: &'a Setting,
    sums: &'a Sums,
    sides: Vec<Side<'a, Outcome>>,
    currency: &'a str,
    digits: u32,
}

impl<'a> Simulated<'a> {
    fn new(setting: &'a Setting, sums: &'a Sums) -> Self {
        let side = |whose, name, of| Side { whose, name, of };
        let challenger = sums.challenger.as_ref();
        let challenger = challenger.map(|of| side(Whose::Challenger, "challenger", of));
        let champion = side(Whose::Champion, "champion", &sums.champion);
        let currency = setting.model.billing.currency.as_str();
        Self {
            setting,
            sums,
            sides: std::iter::once(champion).chain(challenger).collect(),
            currency,
            digits: digits(currency),
        }
    }

    fn money(&self, minor: i128) -> String {
        money(minor, self.digits)
    }

    fn about(&self, labels: Labels<'_>) -> Vec<String> {
        let mut about = vec![
            self.payers(),
            format!(
                "{} from {}",
                counted(u64::from(self.setting.days), "day"),
                self.setting.starts
            ),
            format!("seed {}", self.setting.seed),
        ];
        if self.sums.challenger.is_some() && !labels.draft.is_empty() {
            about.push(format!("challenger: {}", labels.draft));
        }
        about
    }

    /// How many were played, of how many where it was stopped.
    fn payers(&self) -> String {
        let played = counted(self.sums.payers, "payer");
        if self.setting.is_cut_short(self.sums) {
            return format!("{played} of {}: stopped", count(self.setting.asked));
        }
        played
    }

    fn tiles(&self) -> Vec<Tile> {
        let tile = |name: String, value: &dyn Fn(&Outcome) -> String| Tile {
            name,
            values: Key::each(&self.sides, value),
        };
        vec![
            tile("Recovered of what was late".to_owned(), &|of| {
                share(of, of.recovery_rate())
            }),
            tile("Days from due to paid, if late".to_owned(), &|of| days(of)),
            tile("Messages a payer".to_owned(), &|of| {
                format!(
                    "{:.2}",
                    of.messages() as f64 / self.sums.payers.max(1) as f64
                )
            }),
            tile(format!("Cost, {}", self.currency), &|of| {
                self.money(of.cost())
            }),
        ]
    }

    /// The differences, in words.
    fn findings(&self) -> Vec<String> {
        let mut findings = Vec::new();
        if self.setting.is_cut_short(self.sums) {
            findings.push(format!(
                "This was stopped: of {} that were asked for, {} were played.",
                counted(self.setting.asked, "payer"),
                count(self.sums.payers)
            ));
        }
        // Of one payer nothing can be told.
        if self.sums.challenger.is_some() && self.sums.payers > 1 {
            findings.push(self.said("pays", self.sums.paid()));
            findings.push(self.said("costs", self.sums.cost()));
        }
        findings
    }

    /// A difference by payer, in a sentence.
    fn said(&self, does: &str, found: Difference) -> String {
        let found = scaled(found, 10_f64.powi(self.digits as i32));
        if (found.low, found.high) == (0.0, 0.0) {
            return format!("A payer {does} the same under both.");
        }
        if !found.is_told() {
            return format!(
                "Whether a payer {does} more or less under the challenger is not known: so small a \
                 difference may be chance."
            );
        }
        let way = if found.mean < 0.0 { "less" } else { "more" };
        let decimals = decimals(found, self.digits);
        format!(
            "Under the challenger a payer {does} {:.decimals$} {} {way}.",
            found.mean.abs(),
            self.currency
        )
    }

    fn differences(&self) -> Section {
        let unit = 10_f64.powi(self.digits as i32);
        let row = |what: String, found: Difference, digits: u32| {
            let decimals = decimals(found, digits);
            let told = if found.is_told() {
                "yes"
            } else {
                "no, it may be chance"
            };
            vec![
                what,
                signed(found.mean, decimals),
                format!(
                    "{}\u{a0}to {}",
                    signed(found.low, decimals),
                    signed(found.high, decimals)
                ),
                told.to_owned(),
            ]
        };
        let of_currency = |what: &str| format!("{what}, {}", self.currency);
        let rows = vec![
            row(
                of_currency("Paid"),
                scaled(self.sums.paid(), unit),
                self.digits,
            ),
            row(
                of_currency("Cost"),
                scaled(self.sums.cost(), unit),
                self.digits,
            ),
            row("Messages".to_owned(), self.sums.messages(), 2),
        ];
        let head = [
            "By payer",
            "Difference",
            "95 % interval",
            "More than chance",
        ];
        Section {
            title: "Challenger less champion",
            notes: vec![
                "Both met the same payers with the same luck. Where the interval holds 0, the difference \
                 may be chance."
                    .to_owned(),
            ],
            tables: vec![Table {
                title: "Differences by payer".to_owned(),
                head: head.map(str::to_owned).to_vec(),
                rows,
            }],
            ..Section::default()
        }
    }

    /// All that was counted.
    fn figures(&self) -> Section {
        Section {
            title: "All figures",
            tables: vec![self.totals()],
            ..Section::default()
        }
    }
}

/// A share of what was late, where anything was.
fn share(of: &Outcome, share: f64) -> String {
    if of.paid_late + of.overdue_at_end == 0 {
        return "nothing was late".to_owned();
    }
    percent(share)
}

fn days(of: &Outcome) -> String {
    if of.paid_late == 0 {
        return "–".to_owned();
    }
    format!("{:.1}", of.days_to_recover())
}

fn scaled(found: Difference, unit: f64) -> Difference {
    Difference {
        mean: found.mean / unit,
        low: found.low / unit,
        high: found.high / unit,
    }
}

/// How many digits a difference is told with: as its unit has, and two more where it is small.
fn decimals(found: Difference, digits: u32) -> usize {
    let most = found.low.abs().max(found.high.abs());
    digits as usize + if most < 1.0 { 2 } else { 0 }
}

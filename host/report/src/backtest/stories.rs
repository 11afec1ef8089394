//! With whom the policies do otherwise.

use regua_rehearsal::backtest::{Difference, Lived};

use super::Tested;
use crate::numbers::{count, counted};
use crate::page::{List, Section, Story, Told};
use crate::side::Whose;

/// Names of a list; the JSON has all.
const NAMES_MAX: usize = 200;
/// Lines of a story.
const LINES_MAX: usize = 150;

impl Tested<'_> {
    /// Customers by name: whom one alone writes to, and who had paid.
    pub(super) fn lists(&self) -> Section {
        let of = self.report;
        let lists = [
            (
                "Written to by the live policy alone",
                &of.never_by_candidate,
            ),
            ("Written to by the candidate alone", &of.never_by_live),
            (
                "Written to by the candidate after they had paid",
                &of.after_paid_by_candidate,
            ),
            (
                "Written to by the live policy after they had paid",
                &of.after_paid_by_live,
            ),
        ];
        let list = |(title, names): (&'static str, &Vec<String>)| List {
            title,
            count: count(names.len() as u64),
            names: names.iter().take(NAMES_MAX).cloned().collect(),
            more: names.len().saturating_sub(NAMES_MAX),
        };
        Section {
            title: "Who is written to",
            notes: vec![
                "Paid means that all a message asks for had been paid before its day, though nobody \
                 knew it yet."
                    .to_owned(),
            ],
            lists: lists.map(list).into(),
            ..Section::default()
        }
    }

    /// The largest differences, both stories beside one another.
    pub(super) fn stories(&self) -> Section {
        let shown = self.report.differences.len() as u64;
        let note = match self.report.different {
            0 => "There are none.".to_owned(),
            all if all > shown => format!(
                "The largest {} of {}, the largest first.",
                count(shown),
                count(all)
            ),
            _ => "The largest first.".to_owned(),
        };
        Section {
            title: "Differences",
            notes: vec![note],
            stories: self.report.differences.iter().map(story).collect(),
            ..Section::default()
        }
    }
}

fn story(difference: &Difference) -> Story {
    let Difference { size, compared } = difference;
    let told =
        |whose, name, lived: &Lived| Told::new(whose, name, in_sum(lived), &lived.story, LINES_MAX);
    Story {
        name: compared.reference.clone(),
        size: match size {
            1 => "1 thing differs".to_owned(),
            size => format!("{} things differ", count(*size)),
        },
        told: vec![
            told(Whose::Champion, "live", &compared.live),
            told(Whose::Challenger, "candidate", &compared.candidate),
        ],
    }
}

fn in_sum(lived: &Lived) -> String {
    let messages = lived.contacts.len() as u64;
    let mut sum = vec![counted(messages, "message")];
    if let Some(first) = lived.first_contact() {
        sum.push(format!("the first on {first}"));
    }
    if lived.after_paid() > 0 {
        sum.push(format!("{} after all was paid", lived.after_paid()));
    }
    if lived.tasks > 0 {
        sum.push(format!("tasks: {}", lived.tasks));
    }
    sum.push(format!("cost {}", count(lived.spent)));
    if !lived.stands.is_empty() {
        sum.push(format!("at the end: {}", lived.stands.join(", ")));
    }
    sum.join(" · ")
}

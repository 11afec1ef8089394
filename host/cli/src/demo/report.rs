//! What the demo prints.

use std::collections::BTreeMap;
use std::time::Duration;

use super::summary::{Highlights, Summary, money_text};
use crate::import::report::Report;
use crate::out::{put, say};
use crate::settings::Settings;
use regua_domain::narrate::{self, Names};

/// Prints everything but what to type next.
pub fn print(
    summary: &Summary,
    highlights: Option<&Highlights>,
    read: Option<&Report>,
    took: Duration,
) {
    if let Some(read) = read {
        put!("{}\n", read.text("The ledger"));
    }
    say!(
        "{} cases, {} decisions by sandboxed stages, in {:.1} s",
        summary.cases_opened,
        summary.decisions,
        took.as_secs_f64()
    );
    table("Cases by end", &summary.ends);
    table("Messages by stage and channel", &summary.messages);
    table("Verdicts by rule", &summary.verdicts);
    say!("");
    say!("Recovered while a case was open");
    for (currency, amount) in &summary.recovered {
        say!("  {:>16}", money_text(currency, amount));
    }
    say!("");
    say!("Contacts per case: {}", summary.contacts_per_case);
    if let Some(highlights) = highlights {
        tell(highlights);
    }
}

fn table(title: &str, rows: &BTreeMap<String, u64>) {
    say!("");
    say!("{title}");
    let width = rows
        .keys()
        .map(|name| name.chars().count())
        .max()
        .unwrap_or(0);
    for (name, count) in rows {
        say!("  {name:<width$}  {count:>6}");
    }
}

fn tell(highlights: &Highlights) {
    let names = Names::of(&highlights.dossier);
    say!("");
    say!(
        "One case: {} ({})",
        highlights.case,
        highlights.dossier.customer.reference
    );
    for entry in &highlights.timeline {
        say!("  {}", narrate::entry(entry, &names));
    }
    let Some(letter) = highlights
        .letter
        .as_ref()
        .and_then(|effect| effect.letter.as_ref())
    else {
        return;
    };
    say!("");
    say!(
        "Its last letter, as it would have gone out by {} ({})",
        letter.channel,
        letter.locale
    );
    if let Some(subject) = &letter.rendered.subject {
        say!("  | {subject}");
        say!("  |");
    }
    for line in letter.rendered.text.lines() {
        say!("  | {line}");
    }
}

/// What to type next.
pub fn next(settings: &Settings, highlights: Option<&Highlights>) {
    let regua = format!("regua --database {}", settings.database.value.display());
    say!("");
    say!(
        "Everything is in {}. Look around:",
        settings.database.value.display()
    );
    say!("  {regua} workflow explain standard");
    say!("  {regua} case list --limit 5");
    if let Some(highlights) = highlights {
        say!("  {regua} case timeline {}", highlights.case);
        if let Some(letter) = &highlights.letter {
            say!("  {regua} message show {}", letter.key);
        }
    }
}

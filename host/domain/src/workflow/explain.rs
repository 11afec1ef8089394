//! A workflow as prose, for the people at the tenant who answer for it.

mod stage;
mod window;

use std::fmt::Write as _;

use super::{CatchUp, LateEntry, OnReanchor, Workflow};
use crate::calendar::Roll;
use crate::money::Money;

/// How wide the text is, in characters.
const WIDTH: usize = 88;

/// Tells a workflow in English, as Markdown: a paragraph of ground rules, then each stage.
pub fn explain(workflow: &Workflow) -> String {
    let mut text = format!(
        "# {}, version {}\n\n",
        workflow.reference.name, workflow.reference.version
    );
    let rules = [
        window::sentence(
            workflow.window.source(),
            workflow.calendar.name(),
            workflow.roll,
        ),
        roll(workflow.roll).to_owned(),
        tolerance(workflow),
        late_entry(workflow),
        catch_up(workflow.catch_up).to_owned(),
        reanchor(workflow.on_reanchor).to_owned(),
        paid(workflow),
        format!(
            "Whatever happens, no stage is left unasked for longer than {}.",
            days(workflow.max_silence)
        ),
    ];
    let rules: Vec<_> = rules
        .iter()
        .filter(|rule| !rule.is_empty())
        .map(String::as_str)
        .collect();
    wrap(&rules.join(" "), "", "", &mut text);
    for (place, stage) in workflow.stages.iter().enumerate() {
        text.push('\n');
        stage::tell(place, stage, &mut text);
    }
    text
}

fn roll(roll: Roll) -> &'static str {
    match roll {
        Roll::None => "",
        Roll::Following => "What falls on a day that is no business day waits for the next one.",
        Roll::ModifiedFollowing => {
            "What falls on a day that is no business day waits for the next one, or is done on the one before if \
             the next one is in another month."
        }
        Roll::Preceding => "What falls on a day that is no business day is done on the one before.",
    }
}

fn tolerance(workflow: &Workflow) -> String {
    let amounts: Vec<_> = workflow
        .tolerance
        .iter()
        .map(|(currency, minor)| Money::new(*minor, *currency).to_string())
        .collect();
    match amounts.as_slice() {
        [] => "Any balance that is overdue is chased, however small.".to_owned(),
        [one] => {
            format!("A balance of up to {one} is not chased; in other currencies, any balance is.")
        }
        some => format!(
            "A balance of up to {} is not chased; in other currencies, any balance is.",
            join(some, "or")
        ),
    }
}

fn late_entry(workflow: &Workflow) -> String {
    let first = workflow.first().map_or("", |stage| stage.id.as_str());
    match workflow.late_entry {
        LateEntry::First => {
            format!(
                "A case starts at `{first}`, even if its debt is old when it is found; one that a hold kept waiting \
                 goes on where it waited."
            )
        }
        LateEntry::ByAge => format!(
            "A case starts at `{first}`; one whose debt is older when it is found starts at the last stage whose day \
             has come, and one that a hold kept waiting goes on there."
        ),
    }
}

const fn catch_up(catch_up: CatchUp) -> &'static str {
    match catch_up {
        CatchUp::Run => {
            "A stage that was missed is caught up with, and the later ones follow at their distance."
        }
        CatchUp::Collapse => {
            "If several stages were missed, only the last of them is caught up with; the others are noted as passed \
             over."
        }
        CatchUp::Skip => "A stage whose time was missed is skipped.",
    }
}

const fn reanchor(on_reanchor: OnReanchor) -> &'static str {
    match on_reanchor {
        OnReanchor::Rewind => {
            "When the oldest debt is paid and younger debt remains, the case goes back to the stage that fits its age."
        }
        OnReanchor::Stay => {
            "When the oldest debt is paid and younger debt remains, the case stays where it is."
        }
    }
}

fn paid(workflow: &Workflow) -> String {
    match &workflow.paid {
        Some(stage) => format!("When nothing overdue is left, the case goes to `{stage}`."),
        None => "When nothing overdue is left, the case ends as resolved.".to_owned(),
    }
}

/// `1 day`, `5 days`.
fn days(count: u16) -> String {
    if count == 1 {
        "1 day".to_owned()
    } else {
        format!("{count} days")
    }
}

/// `a, b and c`.
fn join<T: AsRef<str>>(names: &[T], word: &str) -> String {
    let names: Vec<_> = names.iter().map(AsRef::as_ref).collect();
    match names.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, rest)) => format!("{} {word} {last}", rest.join(", ")),
        None => String::new(),
    }
}

/// Breaks a paragraph into lines of at most [`WIDTH`], at spaces outside of code.
fn wrap(paragraph: &str, first: &str, indent: &str, text: &mut String) {
    let mut line = first.to_owned();
    let mut empty = true;
    for word in words(paragraph) {
        if !empty && line.chars().count() + 1 + word.chars().count() > WIDTH {
            let _ = writeln!(text, "{line}");
            line.clear();
            line.push_str(indent);
            empty = true;
        }
        if !empty {
            line.push(' ');
        }
        line.push_str(&word);
        empty = false;
    }
    let _ = writeln!(text, "{}", line.trim_end());
}

/// Words; code in backticks is one, with what stands against it.
fn words(paragraph: &str) -> Vec<String> {
    let (mut words, mut word, mut code) = (Vec::new(), String::new(), false);
    for letter in paragraph.chars() {
        code ^= letter == '`';
        if letter.is_whitespace() && !code {
            words.extend((!word.is_empty()).then(|| std::mem::take(&mut word)));
        } else {
            word.push(if letter.is_whitespace() { ' ' } else { letter });
        }
    }
    words.extend((!word.is_empty()).then_some(word));
    words
}

#[cfg(test)]
mod tests;

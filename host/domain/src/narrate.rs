//! The timeline as sentences, in the customer's own time.

pub mod decision;
mod fact;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::case::WorkflowRef;
use crate::contract::{Ruling, Verdict};
use crate::dossier::Dossier;
use crate::money::{Currency, Money};
use crate::rollout::Running;
use crate::time::Timestamp;
use crate::timeline::{Happening, Ruled, TimelineEntry};
use chrono_tz::Tz;

/// What names and instants are told with.
#[derive(Debug)]
pub struct Names {
    zone: Tz,
    items: BTreeMap<String, String>,
    currencies: BTreeMap<String, Currency>,
    only: Option<Currency>,
}

impl Names {
    /// Those of a customer.
    pub fn of(dossier: &Dossier) -> Self {
        let currencies = dossier.currencies();
        let items = &dossier.items;
        let cases = &dossier.cases;
        Self {
            zone: dossier.customer.time_zone,
            items: items
                .iter()
                .map(|item| (item.id.to_string(), item.reference.clone()))
                .collect(),
            currencies: items
                .iter()
                .map(|item| (item.id.to_string(), item.currency))
                .chain(
                    cases
                        .iter()
                        .map(|case| (case.id.to_string(), case.currency)),
                )
                .collect(),
            only: match currencies.as_slice() {
                [one] => Some(*one),
                _ => None,
            },
        }
    }

    /// An instant, as a clock on the customer's wall shows it.
    pub fn at(&self, at: Timestamp) -> String {
        if at == Timestamp::NEVER {
            return "never".to_owned();
        }
        at.in_zone(self.zone)
            .format("%a %Y-%m-%d %H:%M")
            .to_string()
    }

    /// An item's reference where the text is its id, else the text.
    pub fn subject<'a>(&'a self, text: &'a str) -> &'a str {
        self.items.get(text).map_or(text, String::as_str)
    }

    fn money(&self, minor: i64, about: &[Option<&str>]) -> String {
        let known = about
            .iter()
            .flatten()
            .find_map(|id| self.currencies.get(*id));
        match known.copied().or(self.only) {
            Some(currency) => Money::new(minor, currency).to_string(),
            None => format!("{minor} minor units"),
        }
    }
}

/// A value's kebab-case name, as words.
pub fn word<T: serde::Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(text)) => text.replace('-', " "),
        Ok(other) => other.to_string(),
        Err(_) => String::new(),
    }
}

/// One entry: when, and what.
pub fn entry(entry: &TimelineEntry, names: &Names) -> String {
    format!("{}  {}", names.at(entry.at), sentence(entry, names))
}

/// What an entry says, without its instant.
pub fn sentence(entry: &TimelineEntry, names: &Names) -> String {
    let case = entry.case.map(|case| case.to_string());
    what(&entry.what, case.as_deref(), names)
}

fn transferred(
    from: &WorkflowRef,
    to: &WorkflowRef,
    (left, stage): (&str, &str),
    how: Running,
) -> String {
    let where_to = match how {
        Running::Restart => format!(" from the start: it left `{left}`, and is put at `{stage}`"),
        _ if left == stage => String::new(),
        _ => format!(": `{left}` is `{stage}` there"),
    };
    format!("The case goes on under {to} instead of {from}{where_to}.")
}

#[allow(
    clippy::too_many_lines,
    reason = "one sentence for each thing that can happen"
)]
fn what(what: &Happening, case: Option<&str>, names: &Names) -> String {
    match what {
        Happening::Fact {
            event,
            about,
            currency,
            ..
        } => fact::sentence(event, about.as_deref(), *currency),
        Happening::FactIgnored { event, because } => format!(
            "A fact told ahead ({}) could not be taken: {because}.",
            event.kind
        ),
        Happening::CaseOpened {
            workflow,
            stage,
            days_overdue,
        } => format!(
            "A case was opened under {workflow}, {} overdue; first comes `{stage}`.",
            days(*days_overdue)
        ),
        Happening::CaseReopened { stage } => format!("The case was reopened at `{stage}`."),
        Happening::StageNext { stage, planned } => {
            format!("`{stage}` is next, planned for {}.", names.at(*planned))
        }
        Happening::StageEntered { stage, visit: 0 } => format!("`{stage}` began."),
        Happening::StageEntered { stage, visit } => {
            format!("`{stage}` began again (visit {}).", visit + 1)
        }
        Happening::StagePassedOver { stage, because } => {
            format!("`{stage}` was passed over: {because}.")
        }
        Happening::StageLeft { stage, outcome } => format!("`{stage}` was left by `{outcome}`."),
        Happening::Rewound { from, to, anchor } => {
            let anchor = anchor
                .map(|day| format!("; the oldest debt is now that due on {day}"))
                .unwrap_or_default();
            format!("The case went back from `{from}` to `{to}`{anchor}.")
        }
        Happening::Transferred {
            from,
            to,
            left,
            stage,
            how,
        } => transferred(from, to, (left, stage), *how),
        Happening::Decided {
            stage,
            plugin,
            next,
            reasons,
            rulings,
            ..
        } => decided(
            stage,
            plugin,
            next,
            reasons.iter().map(|r| r.text.as_str()),
            rulings,
            names,
        ),
        Happening::StageRefused {
            stage,
            plugin,
            because,
        } => format!("{plugin} refused to decide `{stage}`: {because}."),
        Happening::StageFailed {
            stage,
            plugin,
            kind,
            detail,
        } => format!("{plugin} failed at `{stage}`, {}: {detail}.", word(kind)),
        Happening::StageInconclusive {
            stage,
            plugin,
            attempt,
        } => format!("{plugin} did not answer at `{stage}` in time (attempt {attempt})."),
        Happening::DraftRuled { title, ruling } => {
            format!("The draft of \"{title}\": {}.", ruled(ruling, names))
        }
        Happening::Effected { key, summary, .. } => format!("{} ({key})", stop(summary)),
        Happening::EffectChanged {
            key,
            kind,
            state,
            code,
        } => {
            let code = if code.is_empty() {
                String::new()
            } else {
                format!(" ({code})")
            };
            format!(
                "{} is now {}{code}: {key}.",
                capital(&word(kind)),
                word(state)
            )
        }
        Happening::TaskOpened { title, team, .. } => {
            format!("A task was opened for {team}: {}", stop(title))
        }
        Happening::TaskClaimed { title, by, .. } => {
            format!("The task \"{title}\" was claimed by {by}.")
        }
        Happening::TaskReleased { title, by, .. } => {
            format!("The task \"{title}\" was given back; {by} had it.")
        }
        Happening::TaskCompleted { title, outcome, .. } => {
            format!("The task \"{title}\" was done: {outcome}.")
        }
        Happening::CoverBegan {
            kind,
            source,
            amount,
            until,
        } => {
            let much = amount.map_or_else(
                || "all of it".to_owned(),
                |minor| names.money(minor, &[Some(source), case]),
            );
            let until = until
                .map(|day| format!(", until {day}"))
                .unwrap_or_default();
            let source = names.subject(source);
            format!(
                "Not chased because of a {} ({source}): {much}{until}.",
                word(kind)
            )
        }
        Happening::CoverEnded { kind, source, how } => {
            format!(
                "The {} ({}) is over: {how}.",
                word(kind),
                names.subject(source)
            )
        }
        Happening::Note { text } => format!("Note: {text}"),
        Happening::LimitMet { limit } => format!("A limit was met: {limit}."),
        Happening::CaseEnded { end } => format!("The case ended: {}.", end.name()),
    }
}

fn decided<'a>(
    stage: &str,
    plugin: &str,
    next: &str,
    reasons: impl Iterator<Item = &'a str>,
    rulings: &[Ruled],
    names: &Names,
) -> String {
    let mut text = format!("{plugin} decided at `{stage}`: {next}.");
    for reason in reasons {
        text.push(' ');
        text.push_str(&stop(reason));
    }
    if !rulings.is_empty() {
        let rulings: Vec<_> = rulings.iter().map(|ruling| ruled(ruling, names)).collect();
        let _ = write!(text, " The guard: {}.", rulings.join("; "));
    }
    text
}

fn ruled(ruled: &Ruled, names: &Names) -> String {
    let Verdict {
        ruling,
        rule,
        not_before,
        ..
    } = &ruled.verdict;
    let kind = ruled.kind.name();
    match (ruling, not_before) {
        (Ruling::Allowed, _) => format!("{kind} allowed"),
        (Ruling::Deferred, Some(until)) => {
            format!("{kind} deferred to {} ({rule})", names.at(*until))
        }
        (ruling, _) => format!("{kind} {} ({rule})", word(ruling)),
    }
}

fn days(count: i32) -> String {
    if count == 1 {
        "1 day".to_owned()
    } else {
        format!("{count} days")
    }
}

/// With a full stop, unless it has one.
fn stop(text: &str) -> String {
    let text = capital(text.trim());
    if text.ends_with(['.', '!', '?', ':']) {
        text
    } else {
        format!("{text}.")
    }
}

fn capital(text: &str) -> String {
    let mut characters = text.chars();
    characters
        .next()
        .map(|first| first.to_uppercase().chain(characters).collect())
        .unwrap_or_default()
}

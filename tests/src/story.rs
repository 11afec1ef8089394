//! A timeline as lines that a snapshot holds: what was decided, ruled and done, and when.

use std::fmt::Write as _;

use chrono_tz::Tz;
use regua_domain::contract::Event;
use regua_domain::timeline::{Happening, Ruled, TimelineEntry};

/// A line each, in the debtor's own time.
pub fn tell(timeline: &[TimelineEntry], zone: Tz) -> String {
    let mut text = String::new();
    for entry in timeline {
        let at = entry.at.in_zone(zone).format("%a %m-%d %H:%M");
        let _ = writeln!(text, "{at}  {}", line(&entry.what));
    }
    text
}

fn line(what: &Happening) -> String {
    let name = what.name();
    let told = match what {
        Happening::Fact { event, about, .. } => fact(event, about.as_deref()),
        Happening::CaseOpened { stage, .. }
        | Happening::CaseReopened { stage }
        | Happening::StageNext { stage, .. }
        | Happening::StageEntered { stage, .. } => stage.clone(),
        Happening::StageLeft { stage, outcome } => format!("{stage} by {outcome}"),
        Happening::Decided {
            plugin,
            next,
            reasons,
            rulings,
            ..
        } => {
            let reasons = reasons.iter().map(|reason| reason.text.as_str());
            let rulings = rulings.iter().map(ruled);
            let told: Vec<String> = reasons.map(str::to_owned).chain(rulings).collect();
            format!("{plugin}: {next}; {}", told.join("; "))
        }
        Happening::DraftRuled { ruling, .. } => ruled(ruling),
        Happening::StageRefused { because, .. } => because.clone(),
        Happening::StageFailed { kind, detail, .. } => format!("{kind:?}: {detail}"),
        Happening::Effected { proposal, .. } => proposal.clone(),
        Happening::EffectChanged {
            kind, state, code, ..
        } => format!("{}: {state:?} {code}", kind.name()),
        Happening::TaskOpened { title, team, .. } => format!("{title} ({team})"),
        Happening::TaskCompleted { title, outcome, .. } => format!("{title}: {outcome}"),
        Happening::CoverBegan { kind, until, .. } => {
            let until = until.map_or_else(String::new, |day| format!(" until {day}"));
            format!("{kind:?}{until}")
        }
        Happening::CoverEnded { kind, how, .. } => format!("{kind:?}: {how}"),
        Happening::CaseEnded { end } => end.name().to_owned(),
        Happening::Note { text } => text.clone(),
        Happening::LimitMet { limit } => limit.clone(),
        _ => String::new(),
    };
    format!("{name} {told}").trim_end().to_owned()
}

fn fact(event: &Event, about: Option<&str>) -> String {
    let details = event.details.iter();
    let details: Vec<String> = details
        .map(|(name, text)| format!("{name}={text}"))
        .collect();
    let about = about.or(event.subject.as_deref()).unwrap_or_default();
    format!("{} {about} {}", event.kind, details.join(" "))
}

fn ruled(ruled: &Ruled) -> String {
    format!(
        "{} {}: {}",
        ruled.kind.name(),
        ruled.verdict.key,
        ruled.verdict.rule
    )
}

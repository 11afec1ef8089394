//! The timeline as a person reads it: `MM-DD` and a short line.

use chrono_tz::Tz;
use regua_domain::timeline::{Happening, TimelineEntry};

pub fn of(timeline: &[TimelineEntry], zone: Tz) -> String {
    let lines: Vec<String> = timeline
        .iter()
        .map(|entry| format!("{} {}\n", day(entry.at, zone), line(&entry.what, zone)))
        .collect();
    lines.concat()
}

fn day(at: regua_domain::time::Timestamp, zone: Tz) -> String {
    at.date_in(zone).format("%m-%d").to_string()
}

fn line(what: &Happening, zone: Tz) -> String {
    match what {
        Happening::Fact { event, .. } => format!("fact {}", event.kind),
        Happening::FactIgnored { because, .. } => format!("ignored: {because}"),
        Happening::CaseOpened {
            stage,
            days_overdue,
            ..
        } => format!("opened at {stage}, {days_overdue} days overdue"),
        Happening::CaseReopened { stage } => format!("reopened at {stage}"),
        Happening::StageNext { stage, planned } => {
            format!("next {stage} on {}", day(*planned, zone))
        }
        Happening::StageEntered { stage, visit } => format!("entered {stage}, visit {visit}"),
        Happening::StagePassedOver { stage, because } => format!("passed over {stage}: {because}"),
        Happening::StageLeft { stage, outcome } => format!("left {stage}: {outcome}"),
        Happening::Rewound { from, to, .. } => format!("rewound {from} to {to}"),
        Happening::Transferred {
            from,
            to,
            left,
            stage,
            how,
        } => format!(
            "transferred from {} {left} to {} {stage}: {}",
            from.version,
            to.version,
            how.name()
        ),
        Happening::Decided {
            stage,
            next,
            rulings,
            ..
        } => {
            let rulings: Vec<_> = rulings
                .iter()
                .map(|ruled| {
                    let ruling = format!("{:?}", ruled.verdict.ruling).to_lowercase();
                    format!("{} {ruling} ({})", ruled.kind.name(), ruled.verdict.rule)
                })
                .collect();
            format!("decided {stage}: {next}; {}", rulings.join(", "))
        }
        Happening::StageRefused { stage, because, .. } => format!("refused {stage}: {because}"),
        Happening::StageFailed { stage, kind, .. } => format!("failed {stage}: {}", kind.name()),
        Happening::StageInconclusive { stage, attempt, .. } => {
            format!("inconclusive {stage}: {attempt}")
        }
        Happening::DraftRuled { ruling, .. } => {
            let how = format!("{:?}", ruling.verdict.ruling).to_lowercase();
            format!("draft {how} ({})", ruling.verdict.rule)
        }
        Happening::Effected { proposal, kind, .. } => format!("did {}: {proposal}", kind.name()),
        Happening::EffectChanged {
            kind, state, code, ..
        } => {
            let state = format!("{state:?}").to_lowercase();
            format!("effect {}: {state} {code}", kind.name())
        }
        Happening::TaskOpened { title, .. } => format!("task: {title}"),
        Happening::TaskClaimed { title, by, .. } => format!("task claimed: {title} by {by}"),
        Happening::TaskReleased { title, by, .. } => format!("task released: {title} by {by}"),
        Happening::TaskCompleted { outcome, .. } => format!("task done: {outcome}"),
        Happening::CoverBegan { kind, .. } => format!("cover began: {kind:?}"),
        Happening::CoverEnded { kind, how, .. } => format!("cover ended: {kind:?} {how}"),
        Happening::Note { .. } => "note".to_owned(),
        Happening::LimitMet { limit } => format!("limit: {limit}"),
        Happening::CaseEnded { end } => format!("ended: {}", end.name()),
    }
}

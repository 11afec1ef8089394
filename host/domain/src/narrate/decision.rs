//! One decision on a page, for whoever asks why: what was known, which stage was asked, what it
//! proposed and why, and what the host made of that. In plain words, as a debtor may ask for them
//! (LGPD art. 20), and with what it takes to take the decision again.

mod known;
mod rule;
mod words;

use std::fmt::Write as _;

use chrono_tz::Tz;

use super::{Names, capital, days, stop, word};
use crate::contract::{Action, Answer, Proposal, Refusal, Ruling, Situation, Verdict};
use crate::dossier::Dossier;
use crate::timeline::{DecisionRecord, Ruled};
pub use known::items;
use words::{money, next, times, written};

/// What a decision is told with.
#[derive(Debug)]
pub struct Explained<'a> {
    /// The recorded call.
    pub record: &'a DecisionRecord,
    /// The guard's word on each proposal, in their order.
    pub rulings: &'a [Ruled],
    /// The customer, with the items that the page names, see [`items`].
    pub dossier: &'a Dossier,
    /// What the customer calls whoever decided.
    pub decided_by: &'a str,
}

/// Tells a decision as Markdown.
pub fn explain(explained: &Explained<'_>) -> String {
    let page = Page {
        record: explained.record,
        situation: &explained.record.situation,
        names: Names::of(explained.dossier),
        dossier: explained.dossier,
    };
    let mut text = page.title(explained.decided_by);
    page.known(&mut text);
    page.asked(&mut text);
    page.answered(&mut text);
    page.ruled(explained.rulings, &mut text);
    page.checked(&mut text);
    text
}

struct Page<'a> {
    record: &'a DecisionRecord,
    situation: &'a Situation,
    names: Names,
    dossier: &'a Dossier,
}

impl Page<'_> {
    fn title(&self, decided_by: &str) -> String {
        let record = self.record;
        let mut text = format!(
            "# Decision {} of case {}\n\n{} decided this by a program, without a person, on {} \
             (the customer's own time).\n",
            record.sequence,
            record.case,
            decided_by,
            self.names.at(record.at)
        );
        if record.attempt > 0 {
            text.push_str(
                "It is the second answer: the first was ruled on, and the program was told how.\n",
            );
        }
        text
    }

    fn zone(&self) -> Tz {
        self.dossier.customer.time_zone
    }

    fn asked(&self, text: &mut String) {
        let (record, stage) = (self.record, &self.situation.stage);
        text.push_str("\n## What was asked\n\n");
        let line = format!(
            "The step `{}`, which the program {} decides. The case had been there for {}, and it \
             had {} before.",
            record.stage,
            record.plugin,
            days(i32::try_from(stage.days_in_stage).unwrap_or(i32::MAX)),
            times(stage.calls_before)
        );
        let _ = writeln!(text, "{line}");
    }

    fn answered(&self, text: &mut String) {
        text.push_str("\n## What it answered, and why\n\n");
        match &self.record.call.answer {
            Answer::Decision(decision) => {
                for reason in &decision.reasons {
                    bullet(text, &format!("{} (`{}`)", stop(&reason.text), reason.code));
                }
                for proposal in &decision.proposals {
                    bullet(text, &format!("It proposed {}.", self.proposed(proposal)));
                }
                if decision.proposals.is_empty() {
                    bullet(text, "It proposed nothing.");
                }
                bullet(text, &next(&decision.next));
            }
            Answer::Refusal(refusal) => {
                let why = match refusal {
                    Refusal::BadConfig(problems) => problems
                        .iter()
                        .map(|problem| format!("{}: {}", problem.pointer, problem.text))
                        .collect::<Vec<_>>()
                        .join("; "),
                    Refusal::Unsupported(text) => text.clone(),
                    Refusal::Other(reason) => reason.text.clone(),
                };
                bullet(text, &format!("It declined to decide: {}", stop(&why)));
            }
            Answer::Failure { kind, .. } => {
                let line = format!("The program failed ({}): it decided nothing.", word(kind));
                bullet(text, &line);
            }
            Answer::Inconclusive => {
                bullet(text, "It did not answer in time: it was asked again later.");
            }
            Answer::HostFault { .. } => bullet(text, "It could not be asked."),
        }
    }

    fn proposed(&self, proposal: &Proposal) -> String {
        let amount = |minor| money(&self.situation.balance, minor);
        match &proposal.action {
            Action::SendMessage(message) => written(message),
            Action::Charge { amount: part, .. } => match part {
                Some(minor) => format!("to charge {} to a payment method on file", amount(*minor)),
                None => "to charge what is due to a payment method on file".to_owned(),
            },
            Action::AddFee {
                kind,
                amount: minor,
                ..
            } => {
                format!("a fee of {} ({kind})", amount(*minor))
            }
            Action::AddInterest { until, .. } => format!("to charge interest until {until}"),
            Action::OfferDiscount {
                basis_points,
                valid_until,
                ..
            } => format!(
                "to offer {} % off, until {valid_until}",
                f64::from(*basis_points) / 100.0
            ),
            Action::OfferPlan {
                plans, valid_until, ..
            } => {
                let lengths: Vec<_> = plans
                    .iter()
                    .map(|plan| plan.instalments.len().to_string())
                    .collect();
                format!(
                    "to offer payment in {} instalments, until {valid_until}",
                    lengths.join(" or ")
                )
            }
            Action::OpenTask { title, team, .. } => {
                format!("that a person of {team} looks at it: {title}")
            }
            Action::NotifyTeam { team, .. } => format!("to tell {team}"),
            Action::ChangeService { change, .. } => format!("to {} the service", word(change)),
            Action::PlaceWithAgency { agency, .. } => format!("to hand it to the agency {agency}"),
            Action::RecallPlacement { reason, .. } => {
                format!("to take it back from the agency ({reason})")
            }
            Action::Hold { until, reason } => {
                format!("to leave the customer alone until {until} ({reason})")
            }
            Action::WriteOff { reason, .. } => format!("to write it off ({reason})"),
            Action::AddNote(_) => "to note something down".to_owned(),
            Action::Custom { name, .. } => format!("`{name}`, which the creditor's systems know"),
        }
    }

    fn ruled(&self, rulings: &[Ruled], text: &mut String) {
        if rulings.is_empty() {
            return;
        }
        text.push_str("\n## What the host made of it\n\n");
        for Ruled { kind, verdict } in rulings {
            let Verdict {
                ruling,
                rule: by,
                not_before,
                at_most,
                ..
            } = verdict;
            let what = capital(&word(kind));
            let line = match ruling {
                Ruling::Allowed if by == "already-done" => {
                    format!("{what}: had been done before, and was not done again.")
                }
                Ruling::Allowed => format!("{what}: allowed; no rule objected."),
                Ruling::Reduced => {
                    let most = at_most.map_or_else(String::new, |minor| {
                        format!(" to {}", money(&self.situation.balance, minor))
                    });
                    format!("{what}: reduced{most}: {}.", rule::means(by))
                }
                Ruling::Deferred => {
                    let until = not_before.map_or_else(String::new, |until| {
                        format!(" until {}", self.names.at(until))
                    });
                    format!("{what}: put off{until}: {}.", rule::means(by))
                }
                Ruling::Refused => format!("{what}: refused: {}.", rule::means(by)),
            };
            bullet(text, &line);
        }
    }

    /// What it takes to take the decision again.
    fn checked(&self, text: &mut String) {
        let record = self.record;
        let _ = write!(
            text,
            "\n## How this can be checked\n\n\
             The same program with the same settings answers the same to the same situation, to \
             the byte: `regua replay --case {} --sequence {}`.\n\n\
             - program    {} (SHA-256 {})\n\
             - settings   SHA-256 {}\n\
             - engine     {}\n\n\
             Whoever is affected may ask for a person to look at this decision again.\n",
            record.case,
            record.sequence,
            record.plugin,
            record.digest,
            record.config_digest,
            record.engine
        );
    }
}

fn bullet(text: &mut String, line: &str) {
    let _ = writeln!(text, "- {}", crate::cut::cut(line, 1_000));
}

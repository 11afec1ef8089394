//! The contract's bounds on what a stage returns. The host enforces them on its own side;
//! here they fail a test instead of a case.

use std::collections::BTreeSet;

use super::Answer;
use crate::bindings as wit;
use crate::{ActionKind, Outcome, Stage};

const KIB: usize = 1024;
const AMOUNT_MAX: i64 = 1_000_000_000_000_000;

/// Every bound of the contract that the answer breaks, in words.
pub fn violations<S: Stage>(answer: &Answer) -> Vec<String> {
    let decision = &answer.decision;
    let mut found = Findings(Vec::new());
    found.must(decision.proposals.len() <= 32, || {
        "more than 32 proposals".to_owned()
    });
    found.must(decision.reasons.len() <= 16, || {
        "more than 16 reasons".to_owned()
    });
    found.must(
        decision
            .memory
            .as_ref()
            .is_none_or(|bytes| bytes.len() <= 4 * KIB),
        || "more than 4 KiB of memory".to_owned(),
    );
    for reason in &decision.reasons {
        found.must(
            characters(&reason.code) <= 64 && characters(&reason.text) <= 500,
            || format!("reason {:?} is too long", reason.code),
        );
    }
    match &decision.next {
        wit::Next::Leave(outcome) => {
            found.must(S::Outcome::NAMES.contains(&outcome.as_str()), || {
                format!("outcome {outcome:?} is not in the manifest")
            });
        }
        wit::Next::Stay(wit::Wake::AfterMinutes(minutes)) => {
            found.must(*minutes >= 15, || {
                "wakes up in less than 15 minutes".to_owned()
            });
        }
        wit::Next::Stay(_) => {}
    }
    let mut keys = BTreeSet::new();
    for proposal in &decision.proposals {
        let key = &proposal.key;
        found.must(is_word(key, 64, b"-.:"), || {
            format!("{key:?} cannot be a key")
        });
        found.must(keys.insert(key), || format!("key {key:?} comes twice"));
        let kind = kind_of(&proposal.action);
        found.must(S::PROPOSES.contains(&kind), || {
            format!("{kind} is not in the manifest")
        });
        found.check_action(key, &proposal.action);
    }
    found.0
}

pub(super) fn manifest_violations(manifest: &wit::Manifest) -> Vec<String> {
    let mut found = Findings(Vec::new());
    found.must(is_word(&manifest.name, 64, b"-"), || {
        format!("name {:?}", manifest.name)
    });
    let numbers = manifest
        .version
        .split(['-', '+'])
        .next()
        .unwrap_or_default();
    found.must(
        numbers.split('.').count() == 3 && numbers.split('.').all(|n| n.parse::<u64>().is_ok()),
        || format!("version {:?}", manifest.version),
    );
    found.must(
        characters(&manifest.summary) <= 200 && !manifest.summary.contains('\n'),
        || "the summary is not one line of at most 200 characters".to_owned(),
    );
    found.must((1..=32).contains(&manifest.outcomes.len()), || {
        "1 to 32 outcomes".to_owned()
    });
    for outcome in &manifest.outcomes {
        found.must(is_word(outcome, 64, b"-"), || {
            format!("outcome {outcome:?}")
        });
    }
    found.0
}

struct Findings(Vec<String>);

impl Findings {
    fn must(&mut self, holds: bool, otherwise: impl FnOnce() -> String) {
        if !holds {
            self.0.push(otherwise());
        }
    }

    fn check_amount(&mut self, key: &str, amount: i64) {
        self.must((0..=AMOUNT_MAX).contains(&amount), || {
            format!("{key}: amount {amount}")
        });
    }

    fn check_message(&mut self, key: &str, message: &wit::Message) {
        self.must(message.variables.len() <= 16, || {
            format!("{key}: more than 16 variables")
        });
        for (name, value) in &message.variables {
            self.must(value.len() <= KIB, || {
                format!("{key}: variable {name:?} is above 1 KiB")
            });
        }
        if let wit::Content::Inline(text) = &message.content {
            self.must(
                characters(&text.subject) <= 200 && text.body.len() <= 8 * KIB,
                || format!("{key}: inline text is too long"),
            );
            let has_url = |text: &str| text.contains("://") || text.contains("www.");
            self.must(!has_url(&text.subject) && !has_url(&text.body), || {
                format!("{key}: inline text has a URL")
            });
        }
        if let wit::Channel::Other(name) = &message.channel {
            self.must(is_word(name, 32, b"-"), || {
                format!("{key}: channel {name:?}")
            });
        }
    }

    fn check_action(&mut self, key: &str, action: &wit::Action) {
        match action {
            wit::Action::SendMessage(message) => self.check_message(key, message),
            wit::Action::Charge(charge) => {
                self.check_amount(key, charge.amount.unwrap_or_default());
            }
            wit::Action::AddFee(fee) => {
                self.check_amount(key, fee.amount);
                for word in [&fee.kind, &fee.occurrence] {
                    self.must(is_word(word, 64, b"-."), || {
                        format!("{key}: {word:?} of the fee")
                    });
                }
            }
            wit::Action::OfferDiscount(discount) => {
                self.must((1..=10_000).contains(&discount.basis_points), || {
                    format!("{key}: {} basis points", discount.basis_points)
                });
            }
            wit::Action::OfferPlan(offer) => self.check_offer(key, offer),
            wit::Action::OpenTask(task) => {
                self.must(
                    characters(&task.title) <= 200
                        && task.details.len() <= 4 * KIB
                        && task.priority <= 9,
                    || format!("{key}: the task's title, details or priority"),
                );
                if let Some(draft) = &task.draft {
                    self.check_message(key, draft);
                }
            }
            wit::Action::NotifyTeam(notice) => {
                self.must(notice.text.len() <= 4 * KIB, || {
                    format!("{key}: text above 4 KiB")
                });
            }
            wit::Action::Custom(custom) => {
                self.must(custom.json.len() <= 16 * KIB, || {
                    format!("{key}: JSON above 16 KiB")
                });
            }
            _ => {}
        }
    }

    fn check_offer(&mut self, key: &str, offer: &wit::PlanOffer) {
        self.must((1..=3).contains(&offer.plans.len()), || {
            format!("{key}: 1 to 3 plans")
        });
        for plan in &offer.plans {
            let instalments = &plan.instalments;
            self.must((1..=60).contains(&instalments.len()), || {
                format!("{key}: 1 to 60 instalments")
            });
            self.must(
                instalments
                    .iter()
                    .all(|one| (1..=AMOUNT_MAX).contains(&one.amount)),
                || format!("{key}: an instalment's amount"),
            );
            self.must(instalments.is_sorted_by_key(|one| one.due_on), || {
                format!("{key}: instalments are not by date")
            });
        }
    }
}

fn characters(text: &str) -> usize {
    text.chars().count()
}

fn is_word(text: &str, length_max: usize, marks: &[u8]) -> bool {
    (1..=length_max).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || marks.contains(&byte))
}

pub(super) fn kind_of(action: &wit::Action) -> ActionKind {
    match action {
        wit::Action::SendMessage(_) => ActionKind::SendMessage,
        wit::Action::Charge(_) => ActionKind::Charge,
        wit::Action::AddFee(_) => ActionKind::AddFee,
        wit::Action::AddInterest(_) => ActionKind::AddInterest,
        wit::Action::OfferDiscount(_) => ActionKind::OfferDiscount,
        wit::Action::OfferPlan(_) => ActionKind::OfferPlan,
        wit::Action::OpenTask(_) => ActionKind::OpenTask,
        wit::Action::NotifyTeam(_) => ActionKind::NotifyTeam,
        wit::Action::ChangeService(_) => ActionKind::ChangeService,
        wit::Action::PlaceWithAgency(_) => ActionKind::PlaceWithAgency,
        wit::Action::RecallPlacement(_) => ActionKind::RecallPlacement,
        wit::Action::Hold(_) => ActionKind::Hold,
        wit::Action::WriteOff(_) => ActionKind::WriteOff,
        wit::Action::AddNote(_) => ActionKind::AddNote,
        wit::Action::Custom(_) => ActionKind::Custom,
    }
}

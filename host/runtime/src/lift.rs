//! What a guest gave, as the domain's types. Text moves, nothing is copied.
//!
//! Only what has no place in the domain's types fails here (a day count beyond the
//! calendar); bounds are looked at afterwards, in [`crate::check`].

use regua_domain::contract as domain;
use regua_domain::time::{Date, from_epoch_days};

use crate::bindings::regua::dunning::types as wit;

/// A value that the domain cannot hold: where, and why.
#[derive(Debug)]
pub(crate) struct BadValue(pub(crate) String);

pub(crate) fn decision(decision: wit::Decision) -> Result<domain::Decision, BadValue> {
    let wit::Decision {
        proposals,
        next,
        memory,
        reasons,
    } = decision;
    let proposals = proposals
        .into_iter()
        .enumerate()
        .map(
            |(
                at,
                wit::Proposal {
                    key,
                    action: wanted,
                },
            )| {
                let action =
                    action(wanted).map_err(|bad| BadValue(format!("proposals[{at}].{}", bad.0)))?;
                Ok(domain::Proposal { key, action })
            },
        )
        .collect::<Result<_, BadValue>>()?;
    Ok(domain::Decision {
        proposals,
        next: match next {
            wit::Next::Stay(until) => domain::Next::Stay(wake(until)?),
            wit::Next::Leave(outcome) => domain::Next::Leave(outcome),
        },
        memory,
        reasons: reasons.into_iter().map(reason).collect(),
    })
}

pub(crate) fn refusal(refusal: wit::Refusal) -> domain::Refusal {
    match refusal {
        wit::Refusal::BadConfig(problems) => domain::Refusal::BadConfig(config_problems(problems)),
        wit::Refusal::Unsupported(text) => domain::Refusal::Unsupported(text),
        wit::Refusal::Other(why) => domain::Refusal::Other(reason(why)),
    }
}

pub(crate) fn config_problems(problems: Vec<wit::ConfigProblem>) -> Vec<domain::ConfigProblem> {
    problems
        .into_iter()
        .map(|wit::ConfigProblem { pointer, text }| domain::ConfigProblem { pointer, text })
        .collect()
}

pub(crate) fn manifest(manifest: wit::Manifest) -> domain::Manifest {
    domain::Manifest {
        name: manifest.name,
        version: manifest.version,
        summary: manifest.summary,
        config_schema: manifest.config_schema,
        outcomes: manifest.outcomes,
        proposes: manifest.proposes.into_iter().map(action_kind).collect(),
        listens: manifest.listens,
        memory_version: manifest.memory_version,
    }
}

fn date(days: i32, place: &str) -> Result<Date, BadValue> {
    from_epoch_days(days).ok_or_else(|| {
        BadValue(format!(
            "{place}: day {days} is not between 0001-01-01 and 9999-12-31"
        ))
    })
}

fn reason(reason: wit::Reason) -> domain::Reason {
    domain::Reason {
        code: reason.code,
        text: reason.text,
    }
}

fn wake(wake: wit::Wake) -> Result<domain::Wake, BadValue> {
    Ok(match wake {
        wit::Wake::AfterMinutes(minutes) => domain::Wake::AfterMinutes(minutes),
        wit::Wake::AfterDays(days) => domain::Wake::AfterDays(days),
        wit::Wake::AfterBusinessDays(days) => domain::Wake::AfterBusinessDays(days),
        wit::Wake::OnDate(on) => domain::Wake::OnDate(date(on, "next.stay.on-date")?),
        wit::Wake::OnEvent => domain::Wake::OnEvent,
    })
}

fn action(action: wit::Action) -> Result<domain::Action, BadValue> {
    use domain::Action as To;
    use wit::Action as From;
    Ok(match action {
        From::SendMessage(given) => To::SendMessage(message(given)),
        From::Charge(wit::Charge { amount, method, on }) => To::Charge {
            amount,
            method,
            on: on.map(|on| date(on, "charge.on")).transpose()?,
        },
        From::AddFee(wit::Fee {
            kind,
            item,
            occurrence,
            amount,
        }) => To::AddFee {
            kind,
            item,
            occurrence,
            amount,
        },
        From::AddInterest(wit::Interest { terms, item, until }) => To::AddInterest {
            terms,
            item,
            until: date(until, "add-interest.until")?,
        },
        From::OfferDiscount(wit::Discount {
            items,
            basis_points,
            valid_until,
        }) => To::OfferDiscount {
            items,
            basis_points,
            valid_until: date(valid_until, "offer-discount.valid-until")?,
        },
        From::OfferPlan(wit::PlanOffer {
            items,
            plans: given,
            valid_until,
        }) => To::OfferPlan {
            items,
            plans: plans(given)?,
            valid_until: date(valid_until, "offer-plan.valid-until")?,
        },
        From::OpenTask(wit::Task {
            title,
            details,
            due_on,
            team,
            priority,
            draft,
        }) => To::OpenTask {
            title,
            details,
            due_on: date(due_on, "open-task.due-on")?,
            team,
            priority,
            draft: draft.map(message),
        },
        From::NotifyTeam(wit::Notice { team, text }) => To::NotifyTeam { team, text },
        From::ChangeService(wit::Service { contract, change }) => To::ChangeService {
            contract,
            change: service_change(change),
        },
        From::PlaceWithAgency(wit::Placement {
            agency,
            items,
            commission_bps,
            term_days,
        }) => To::PlaceWithAgency {
            agency,
            items,
            commission_bps,
            term_days,
        },
        From::RecallPlacement(wit::Recall {
            placement,
            items,
            reason,
        }) => To::RecallPlacement {
            placement,
            items,
            reason,
        },
        From::Hold(wit::Hold { reason, until }) => To::Hold {
            reason,
            until: date(until, "hold.until")?,
        },
        From::WriteOff(wit::WriteOff { items, reason }) => To::WriteOff { items, reason },
        From::AddNote(text) => To::AddNote(text),
        From::Custom(wit::NamedJson { name, json }) => To::Custom { name, json },
    })
}

fn plans(plans: Vec<wit::Plan>) -> Result<Vec<domain::Plan>, BadValue> {
    let plan = |(
        plan_at,
        wit::Plan {
            instalments,
            waive_fees,
        },
    ): (usize, wit::Plan)| {
        let instalments = instalments
            .into_iter()
            .enumerate()
            .map(|(at, wit::Instalment { due_on, amount })| {
                let due_on = from_epoch_days(due_on).ok_or_else(|| {
                    let place = format!("offer-plan.plans[{plan_at}].instalments[{at}].due-on");
                    BadValue(format!(
                        "{place}: day {due_on} is not between 0001-01-01 and 9999-12-31"
                    ))
                })?;
                Ok(domain::Instalment { due_on, amount })
            })
            .collect::<Result<_, BadValue>>()?;
        Ok(domain::Plan {
            instalments,
            waive_fees,
        })
    };
    plans.into_iter().enumerate().map(plan).collect()
}

fn message(message: wit::Message) -> domain::Message {
    let wit::Message {
        purpose,
        channel: on,
        content,
        variables,
    } = message;
    domain::Message {
        purpose: match purpose {
            wit::Purpose::Reminder => domain::Purpose::Reminder,
            wit::Purpose::Demand => domain::Purpose::Demand,
            wit::Purpose::LegalNotice => domain::Purpose::LegalNotice,
            wit::Purpose::Offer => domain::Purpose::Offer,
            wit::Purpose::Confirmation => domain::Purpose::Confirmation,
        },
        channel: channel(on),
        content: match content {
            wit::Content::Template(name) => domain::Content::Template(name),
            wit::Content::Inline(wit::InlineContent { subject, body }) => {
                domain::Content::Inline { subject, body }
            }
        },
        variables,
    }
}

fn channel(channel: wit::ChannelResult) -> domain::Channel {
    match channel {
        wit::ChannelResult::Email => domain::Channel::Email,
        wit::ChannelResult::Sms => domain::Channel::Sms,
        wit::ChannelResult::Whatsapp => domain::Channel::Whatsapp,
        wit::ChannelResult::Letter => domain::Channel::Letter,
        wit::ChannelResult::Phone => domain::Channel::Phone,
        wit::ChannelResult::Other(name) => domain::Channel::Other(name),
    }
}

const fn service_change(change: wit::ServiceChange) -> domain::ServiceChange {
    match change {
        wit::ServiceChange::Restrict => domain::ServiceChange::Restrict,
        wit::ServiceChange::Suspend => domain::ServiceChange::Suspend,
        wit::ServiceChange::Restore => domain::ServiceChange::Restore,
        wit::ServiceChange::Terminate => domain::ServiceChange::Terminate,
    }
}

const fn action_kind(kind: wit::ActionKind) -> domain::ActionKind {
    use domain::ActionKind as Kind;
    match kind {
        wit::ActionKind::SendMessage => Kind::SendMessage,
        wit::ActionKind::Charge => Kind::Charge,
        wit::ActionKind::AddFee => Kind::AddFee,
        wit::ActionKind::AddInterest => Kind::AddInterest,
        wit::ActionKind::OfferDiscount => Kind::OfferDiscount,
        wit::ActionKind::OfferPlan => Kind::OfferPlan,
        wit::ActionKind::OpenTask => Kind::OpenTask,
        wit::ActionKind::NotifyTeam => Kind::NotifyTeam,
        wit::ActionKind::ChangeService => Kind::ChangeService,
        wit::ActionKind::PlaceWithAgency => Kind::PlaceWithAgency,
        wit::ActionKind::RecallPlacement => Kind::RecallPlacement,
        wit::ActionKind::Hold => Kind::Hold,
        wit::ActionKind::WriteOff => Kind::WriteOff,
        wit::ActionKind::AddNote => Kind::AddNote,
        wit::ActionKind::Custom => Kind::Custom,
    }
}

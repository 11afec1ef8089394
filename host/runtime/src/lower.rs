//! The domain's situation, as the generated bindings want it.
//!
//! Text and bytes are borrowed from the domain's own; only the lists of records are built
//! anew, one allocation each.

mod history;

use regua_domain::contract as domain;
use regua_domain::time::to_epoch_days;

use crate::bindings::regua::dunning::types as wit;

/// Hands a function the situation in the contract's form.
pub(crate) fn with_situation<T>(
    situation: &domain::Situation,
    f: impl FnOnce(wit::Situation<'_>) -> T,
) -> T {
    let domain::Situation {
        now,
        trigger,
        stage,
        customer,
        balance,
        history: past,
        score,
        effects,
    } = situation;
    let verdicts: Vec<wit::Verdict<'_>>;
    let details: Vec<(&str, &str)>;
    let trigger = match trigger {
        domain::Trigger::Entered => wit::Trigger::Entered,
        domain::Trigger::Woken {
            planned,
            late_by_ms,
        } => wit::Trigger::Woken(wit::Lateness {
            planned: planned.0,
            late_by_ms: *late_by_ms,
        }),
        domain::Trigger::Answered {
            verdicts: given,
            event: about,
        } => {
            verdicts = given.iter().map(verdict).collect();
            details = about
                .as_ref()
                .map_or_else(Vec::new, |event| pairs(&event.details));
            wit::Trigger::Answered(wit::Answer {
                verdicts: &verdicts,
                event: about.as_ref().map(|about| event(about, &details)),
            })
        }
        domain::Trigger::Event(about) => {
            details = pairs(&about.details);
            wit::Trigger::Event(event(about, &details))
        }
    };
    let segments: Vec<&str> = customer.segments.iter().map(String::as_str).collect();
    let reachable: Vec<_> = customer.reachable.iter().map(channel).collect();
    let attributes = pairs(&customer.attributes);
    let methods: Vec<_> = customer.methods.iter().map(method).collect();
    let items: Vec<_> = balance.items.iter().map(item).collect();
    let covers: Vec<_> = balance.covers.iter().map(cover).collect();
    let contacts: Vec<_> = past.contacts.iter().map(history::contact).collect();
    let effects: Vec<_> = effects.iter().map(effect).collect();
    f(wit::Situation {
        now: moment(now),
        trigger,
        stage: position(stage),
        customer: wit::Customer {
            bucket: customer.bucket,
            kind: match customer.kind {
                domain::CustomerKind::Consumer => wit::CustomerKind::Consumer,
                domain::CustomerKind::Business => wit::CustomerKind::Business,
            },
            locale: &customer.locale,
            jurisdiction: &customer.jurisdiction,
            segments: &segments,
            reachable: &reachable,
            attributes: &attributes,
            methods: &methods,
        },
        balance: wit::Balance {
            currency: &balance.currency,
            minor_digits: balance.minor_digits,
            outstanding: balance.outstanding,
            past_due: balance.past_due,
            chaseable: balance.chaseable,
            credit: balance.credit,
            anchor: balance.anchor.map(to_epoch_days),
            days_overdue: balance.days_overdue,
            items: &items,
            items_omitted: balance.items_omitted,
            covers: &covers,
        },
        history: history::of(past, &contacts),
        score: score.as_ref().map(|score| wit::Score {
            permille: score.permille,
            model: &score.model,
        }),
        effects: &effects,
    })
}

fn pairs(pairs: &[(String, String)]) -> Vec<(&str, &str)> {
    pairs
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect()
}

fn moment(now: &domain::Moment) -> wit::Moment<'_> {
    wit::Moment {
        at: now.at.0,
        local_date: to_epoch_days(now.local_date),
        local_minute_of_day: now.local_minute_of_day,
        local_weekday: match now.local_weekday {
            0 => wit::Weekday::Monday,
            1 => wit::Weekday::Tuesday,
            2 => wit::Weekday::Wednesday,
            3 => wit::Weekday::Thursday,
            4 => wit::Weekday::Friday,
            5 => wit::Weekday::Saturday,
            _ => wit::Weekday::Sunday,
        },
        is_business_day: now.is_business_day,
        time_zone: &now.time_zone,
    }
}

fn position(stage: &domain::StagePosition) -> wit::StagePosition<'_> {
    wit::StagePosition {
        id: &stage.id,
        entered: stage.entered.0,
        calls_before: stage.calls_before,
        visits_before: stage.visits_before,
        days_in_stage: stage.days_in_stage,
        business_days_in_stage: stage.business_days_in_stage,
        memory: &stage.memory,
    }
}

fn channel(channel: &domain::Channel) -> wit::ChannelParam<'_> {
    match channel {
        domain::Channel::Email => wit::ChannelParam::Email,
        domain::Channel::Sms => wit::ChannelParam::Sms,
        domain::Channel::Whatsapp => wit::ChannelParam::Whatsapp,
        domain::Channel::Letter => wit::ChannelParam::Letter,
        domain::Channel::Phone => wit::ChannelParam::Phone,
        domain::Channel::Other(name) => wit::ChannelParam::Other(name),
    }
}

fn method(method: &domain::PaymentMethod) -> wit::PaymentMethod<'_> {
    wit::PaymentMethod {
        key: &method.key,
        kind: &method.kind,
        is_default: method.is_default,
        expires_on: method.expires_on.map(to_epoch_days),
    }
}

fn item(item: &domain::OpenItem) -> wit::OpenItem<'_> {
    wit::OpenItem {
        key: &item.key,
        kind: match item.kind {
            domain::ItemKind::Invoice => wit::ItemKind::Invoice,
            domain::ItemKind::LateFee => wit::ItemKind::LateFee,
            domain::ItemKind::Interest => wit::ItemKind::Interest,
            domain::ItemKind::OtherCharge => wit::ItemKind::OtherCharge,
        },
        parent: item.parent.as_deref(),
        contract: item.contract.as_deref(),
        issued_on: to_epoch_days(item.issued_on),
        due_on: to_epoch_days(item.due_on),
        days_overdue: item.days_overdue,
        original: item.original,
        outstanding: item.outstanding,
        chaseable: item.chaseable,
        disposition: if item.placed {
            wit::Disposition::Placed
        } else {
            wit::Disposition::Chased
        },
        is_first: item.is_first,
        delivery: match item.delivery {
            domain::DeliveryState::Unknown => wit::DeliveryState::Unknown,
            domain::DeliveryState::Sent => wit::DeliveryState::Sent,
            domain::DeliveryState::Delivered => wit::DeliveryState::Delivered,
            domain::DeliveryState::Opened => wit::DeliveryState::Opened,
            domain::DeliveryState::Bounced => wit::DeliveryState::Bounced,
        },
    }
}

fn cover(cover: &domain::SeenCover) -> wit::Cover<'_> {
    wit::Cover {
        kind: match cover.kind {
            domain::CoverKind::Dispute => wit::CoverKind::Dispute,
            domain::CoverKind::Pending => wit::CoverKind::Pending,
            domain::CoverKind::Promise => wit::CoverKind::Promise,
            domain::CoverKind::Plan => wit::CoverKind::Plan,
            domain::CoverKind::Hold => wit::CoverKind::Hold,
        },
        subject: &cover.subject,
        amount: cover.amount,
        until: cover.until.map(to_epoch_days),
    }
}

fn effect(effect: &domain::SeenEffect) -> wit::Effect<'_> {
    wit::Effect {
        key: &effect.key,
        stage: &effect.stage,
        kind: action_kind(effect.kind),
        channel: effect.channel.as_ref().map(channel),
        state: match effect.state {
            domain::EffectState::Queued => wit::EffectState::Queued,
            domain::EffectState::Done => wit::EffectState::Done,
            domain::EffectState::Confirmed => wit::EffectState::Confirmed,
            domain::EffectState::Failed => wit::EffectState::Failed,
            domain::EffectState::Cancelled => wit::EffectState::Cancelled,
        },
        code: &effect.code,
        at: effect.at.0,
        until: effect.until.map(to_epoch_days),
    }
}

fn event<'a>(event: &'a domain::Event, details: &'a [(&'a str, &'a str)]) -> wit::Event<'a> {
    wit::Event {
        kind: &event.kind,
        subject: event.subject.as_deref(),
        amount: event.amount,
        on: to_epoch_days(event.on),
        at: event.at.0,
        details,
    }
}

fn verdict(verdict: &domain::Verdict) -> wit::Verdict<'_> {
    wit::Verdict {
        key: &verdict.key,
        ruling: match verdict.ruling {
            domain::Ruling::Allowed => wit::Ruling::Allowed,
            domain::Ruling::Reduced => wit::Ruling::Reduced,
            domain::Ruling::Deferred => wit::Ruling::Deferred,
            domain::Ruling::Refused => wit::Ruling::Refused,
        },
        rule: &verdict.rule,
        not_before: verdict.not_before.map(|at| at.0),
        at_most: verdict.at_most,
    }
}

const fn action_kind(kind: domain::ActionKind) -> wit::ActionKind {
    use domain::ActionKind as Kind;
    match kind {
        Kind::SendMessage => wit::ActionKind::SendMessage,
        Kind::Charge => wit::ActionKind::Charge,
        Kind::AddFee => wit::ActionKind::AddFee,
        Kind::AddInterest => wit::ActionKind::AddInterest,
        Kind::OfferDiscount => wit::ActionKind::OfferDiscount,
        Kind::OfferPlan => wit::ActionKind::OfferPlan,
        Kind::OpenTask => wit::ActionKind::OpenTask,
        Kind::NotifyTeam => wit::ActionKind::NotifyTeam,
        Kind::ChangeService => wit::ActionKind::ChangeService,
        Kind::PlaceWithAgency => wit::ActionKind::PlaceWithAgency,
        Kind::RecallPlacement => wit::ActionKind::RecallPlacement,
        Kind::Hold => wit::ActionKind::Hold,
        Kind::WriteOff => wit::ActionKind::WriteOff,
        Kind::AddNote => wit::ActionKind::AddNote,
        Kind::Custom => wit::ActionKind::Custom,
    }
}

//! Before the placement: the final notice and its waiting period.

use regua_sdk::prelude::*;
use regua_sdk::{CoverKind, Disposition};

use crate::config::Config;
use crate::memory::{Memory, Noticed, with_room};
use crate::{AgencyHandoff, PLACEMENT, not_eligible};

/// The name of the final notice: `notice:letter`.
const NOTICE: &str = "notice";
/// How soon to look again at a notice that is on its way, or to try another channel.
const IN_FLIGHT_MINUTES: u32 = 60;
const RETRY_MINUTES: u32 = 15;

type Answer = Result<Decision<AgencyHandoff>, Refusal>;

pub(crate) fn decide(situation: &Situation, config: &Config, memory: Memory) -> Answer {
    if let Some(wake) = held(situation) {
        return Ok(Decision::stay(wake).because("held", "the account is on hold"));
    }
    if let Some(verdict) = situation.verdicts().of_key(PLACEMENT)
        && verdict.ruling() == Ruling::Refused
    {
        return Ok(not_eligible(
            "placement-refused",
            format!("the placement was refused by the rule {}", verdict.rule()),
        ));
    }
    if let Some(objection) = objection(situation, config)? {
        return Ok(objection);
    }
    match (situation.letters(NOTICE).latest(), memory.notice) {
        (Some(Attempt::InFlight), _) => Ok(Decision::stay(Wake::after_minutes(IN_FLIGHT_MINUTES))
            .because("in-flight", "the final notice is on its way")),
        (Some(Attempt::Sent), Some(noticed)) => wait_or_place(situation, config, memory, noticed),
        // Without knowing when it was sent, the customer's time would be a guess.
        (Some(Attempt::Sent), None) => Ok(give_notice_again(situation, config, memory)),
        (Some(Attempt::Failed | Attempt::Cancelled) | None, _) => {
            Ok(give_notice(situation, config, memory))
        }
    }
}

/// When a hold on the whole account ends. The host would refuse a placement until then.
fn held(situation: &Situation) -> Option<Wake> {
    let holds = situation
        .balance()
        .covers()
        .filter(|cover| cover.kind() == CoverKind::Hold);
    let until = holds.filter_map(regua_sdk::situation::Cover::until).max()?;
    (until >= situation.today()).then(|| Wake::on(until.plus_days(1)))
}

/// What is old enough and free of covers. An item disputed in part stays whole with the
/// tenant: an agency could not be told which part to leave alone.
fn eligible<'a>(
    situation: &'a Situation,
    config: &'a Config,
) -> impl Iterator<Item = Item<'a>> + Clone {
    let age = i32::from(config.minimum_age_days);
    situation.items().filter(move |item| {
        item.days_overdue() >= age
            && item.chaseable().is_positive()
            && item.disposition() == Disposition::Chased
            && !is_disputed(situation, item.key())
    })
}

pub(crate) fn is_disputed(situation: &Situation, key: &str) -> bool {
    situation
        .balance()
        .covers()
        .any(|cover| cover.kind() == CoverKind::Dispute && cover.item_key() == Some(key))
}

fn objection(
    situation: &Situation,
    config: &Config,
) -> Result<Option<Decision<AgencyHandoff>>, Refusal> {
    let balance = situation.balance();
    let (age, least) = (balance.days_overdue(), config.minimum_age_days);
    if age < i32::from(least) {
        let text = format!("{age} days overdue, and placements start at {least}");
        return Ok(Some(not_eligible("too-young", text)));
    }
    let total = eligible(situation, config).total_chaseable();
    if total.is_zero() {
        return Ok(Some(not_eligible(
            "nothing-chaseable",
            "nothing that is old enough may be chased",
        )));
    }
    let minimum = config.minimum_balance.of(balance)?.unwrap_or_default();
    Ok((total < minimum).then(|| {
        let text = format!(
            "{} is old enough and may be chased, and placements start at {}",
            balance.display(total),
            balance.display(minimum),
        );
        not_eligible("below-minimum", text)
    }))
}

fn give_notice(
    situation: &Situation,
    config: &Config,
    mut memory: Memory,
) -> Decision<AgencyHandoff> {
    let notices = situation.letters(NOTICE);
    let refused = notices.refused();
    if let Some((_, rule @ ("cover" | "tolerance"))) = refused {
        let text = format!("the notice was refused by the rule {rule}");
        return not_eligible("notice-refused", text);
    }
    let was_refused = refused.is_some();
    memory.refused.extend(refused.map(|(channel, _)| channel));
    // The workflow's order, not the customer's: a notice may have to be provable.
    let usable = |channel: &&Channel| notices.is_open(channel) && !memory.refused.contains(channel);
    let Some(channel) = config.notice.channels.iter().find(usable) else {
        return not_eligible(
            "unreachable",
            "no allowed channel is left for the final notice",
        );
    };
    if was_refused {
        // A second refusal in one instant would hand the case to the workflow's failure path.
        return Decision::stay(Wake::after_minutes(RETRY_MINUTES))
            .because("channel-refused", "another channel is tried")
            .remember(memory);
    }
    let text = format!(
        "{} days overdue: final notice by {channel}, {} days to pay",
        situation.balance().days_overdue(),
        config.notice.wait_days,
    );
    let day_kind = if config.notice.business_days {
        "business"
    } else {
        "calendar"
    };
    let message = Message::legal_notice(channel.clone())
        .template(&config.notice.template)
        .var("wait_days", config.notice.wait_days.to_string())
        .var("day_kind", day_kind);
    memory.notice = Some(Noticed {
        on: situation.today(),
        business_days: situation.stage().business_days(),
    });
    Decision::stay(wait(config, config.notice.wait_days))
        .propose(notices.key(channel), message)
        .because("final-notice", text)
        .remember(memory)
}

/// The notice was sent by a version of the plugin whose memory this one cannot read: the
/// waiting period begins anew.
fn give_notice_again(
    situation: &Situation,
    config: &Config,
    mut memory: Memory,
) -> Decision<AgencyHandoff> {
    memory.notice = Some(Noticed {
        on: situation.today(),
        business_days: situation.stage().business_days(),
    });
    Decision::stay(wait(config, config.notice.wait_days))
        .because("waiting", "the waiting period is counted from today")
        .remember(memory)
}

fn wait(config: &Config, days: u16) -> Wake {
    if config.notice.business_days {
        Wake::after_business_days(days)
    } else {
        Wake::after_days(days)
    }
}

fn wait_or_place(
    situation: &Situation,
    config: &Config,
    mut memory: Memory,
    noticed: Noticed,
) -> Answer {
    let waited = if config.notice.business_days {
        let days = situation.stage().business_days();
        days.saturating_sub(noticed.business_days)
    } else {
        u32::try_from(noticed.on.days_until(situation.today())).unwrap_or_default()
    };
    let left = u32::from(config.notice.wait_days).saturating_sub(waited);
    if left > 0 {
        let left = u16::try_from(left).unwrap_or(config.notice.wait_days);
        return Ok(Decision::stay(wait(config, left))
            .because("waiting", format!("{left} days are left to pay")));
    }
    // What was not yet overdue when the notice was written was not in it.
    let announced = eligible(situation, config).filter(|item| item.due_on() < noticed.on);
    let count = announced.clone().count();
    let items = with_room(announced);
    let total = items.iter().copied().total_chaseable();
    let balance = situation.balance();
    let minimum = config.minimum_balance.of(balance)?.unwrap_or_default();
    if items.is_empty() || total < minimum {
        return Ok(not_eligible(
            "below-minimum",
            "too little of what the final notice announced may still be chased",
        ));
    }
    let text = format!(
        "{} in {} items, {} days overdue; {} more do not fit",
        balance.display(total),
        items.len(),
        balance.days_overdue(),
        count - items.len(),
    );
    let ends = situation.today().plus_days(config.term_days.into());
    memory.term_ends = Some(ends);
    memory.placed = items.iter().map(|item| item.key().to_owned()).collect();
    let placement = Placement::new(
        &config.agency,
        items,
        config.commission_bps,
        config.term_days,
    );
    Ok(Decision::stay(Wake::on(ends))
        .propose(PLACEMENT, placement)
        .because("placed", text)
        .remember(memory))
}

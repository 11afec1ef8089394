//! Situations by chance, each sound by the contract.

use regua_domain::contract::{
    ActionKind, Channel, CoverKind, EffectState, Event, ItemKind, Ruling, SeenCover, SeenEffect,
    Situation, Trigger, Verdict,
};
use regua_domain::time::{DAY_MS, plus_days};
use regua_test_kit::situation::{NOW, item, of, today};
use regua_tests::chance::Chance;

fn channels() -> [Channel; 6] {
    [
        Channel::Email,
        Channel::Sms,
        Channel::Whatsapp,
        Channel::Letter,
        Channel::Phone,
        Channel::Other("push".to_owned()),
    ]
}

/// Draws one.
pub fn draw(chance: &mut Chance) -> Situation {
    let mut situation = of(items(chance));
    let balance = &mut situation.balance;
    (balance.currency, balance.minor_digits) = chance.of(&[
        ("BRL".to_owned(), 2),
        ("JPY".to_owned(), 0),
        ("USD".to_owned(), 2),
    ]);
    let late = balance.items.iter().filter(|item| item.days_overdue > 0);
    balance.past_due = late.clone().map(|item| item.outstanding).sum();
    balance.chaseable = late.map(|item| item.chaseable).sum();
    balance.covers = covers(chance);
    situation.customer.reachable = reachable(chance);
    situation.effects = effects(chance);
    situation.trigger = trigger(chance);
    situation.stage.calls_before = chance.below(4) as u32;
    situation
}

/// Oldest due first.
fn items(chance: &mut Chance) -> Vec<regua_domain::contract::OpenItem> {
    let count = 1 + chance.below(4);
    let mut items: Vec<_> = (0..count)
        .map(|nth| {
            let days = chance.below(60) as i32 - 15;
            let minor = 1 + chance.below(20_000) as i64;
            let kind = chance.of(&[ItemKind::Invoice, ItemKind::LateFee, ItemKind::Interest]);
            let mut item = item(&format!("i{nth}"), kind, minor, days);
            if chance.is(4) {
                item.chaseable = chance.below(minor as u64 + 1) as i64;
            }
            item
        })
        .collect();
    items.sort_by_key(|item| (item.due_on, item.key.clone()));
    items
}

fn covers(chance: &mut Chance) -> Vec<SeenCover> {
    let mut covers: Vec<_> = (0..chance.below(3))
        .map(|_| SeenCover {
            kind: chance.of(&[CoverKind::Dispute, CoverKind::Promise, CoverKind::Plan]),
            subject: chance.of(&[String::new(), "i0".to_owned()]),
            amount: chance.below(1_000) as i64,
            until: chance
                .is(7)
                .then(|| plus_days(today(), chance.below(40) as i64)),
        })
        .collect();
    covers.sort_by_key(|cover| (cover.subject.clone(), cover.kind));
    covers
}

fn reachable(chance: &mut Chance) -> Vec<Channel> {
    let mut all = channels().to_vec();
    let mut reachable = Vec::new();
    for _ in 0..chance.below(4) {
        let at = chance.below(all.len() as u64) as usize;
        reachable.push(all.remove(at));
    }
    reachable
}

/// Newest first; some of an earlier visit.
fn effects(chance: &mut Chance) -> Vec<SeenEffect> {
    let mut effects: Vec<_> = (0..chance.below(4))
        .map(|_| {
            let channel = chance.of(&channels());
            let name = chance.of(&["demand", "demand", "demand", "notice"]);
            let days = chance.below(3) as i64 - 1;
            SeenEffect {
                key: format!("{name}:{channel}"),
                stage: chance.of(&["first", "first", "second"]).to_owned(),
                kind: ActionKind::SendMessage,
                channel: Some(channel),
                state: chance.of(&[
                    EffectState::Queued,
                    EffectState::Done,
                    EffectState::Confirmed,
                    EffectState::Failed,
                    EffectState::Cancelled,
                ]),
                code: chance.of(&["", "bounced", "opened"]).to_owned(),
                at: NOW.plus_ms(days * DAY_MS),
                until: None,
            }
        })
        .collect();
    effects.sort_by_key(|effect| std::cmp::Reverse(effect.at));
    effects
}

fn trigger(chance: &mut Chance) -> Trigger {
    match chance.below(4) {
        0 => Trigger::Entered,
        1 => Trigger::Woken {
            planned: NOW,
            late_by_ms: chance.below(1_000_000) as i64,
        },
        2 => Trigger::Answered {
            verdicts: vec![Verdict {
                key: "demand:email".to_owned(),
                ruling: chance.of(&[Ruling::Deferred, Ruling::Refused]),
                rule: "quiet-hours".to_owned(),
                not_before: Some(NOW.plus_ms(DAY_MS)),
                at_most: None,
            }],
            event: None,
        },
        _ => Trigger::Event(Event {
            kind: "message.bounced".to_owned(),
            subject: Some("demand:email".to_owned()),
            amount: None,
            on: today(),
            at: NOW,
            details: vec![("code".to_owned(), "5.1.1".to_owned())],
        }),
    }
}

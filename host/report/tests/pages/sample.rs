//! Made-up backtests and simulations, large enough to be looked at.

use std::collections::BTreeMap;

use regua_domain::time::{Date, plus_days};
use regua_rehearsal::backtest::{Compared, Costs, Lived, Report, Sent};
use regua_rehearsal::simulate::{CURVE_DAYS, Model, Outcome, Setting, Sums};

/// A number from 0 to 1 that follows from two others (splitmix64).
fn draw(of: u64, what: u64) -> f64 {
    let mut mixed = (of << 8 | what).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}

/// What a made-up policy is: how fast payers pay, when which message is sent at which stage.
struct Ladder {
    days: f64,
    rungs: &'static [(i64, &'static str, &'static str, u32)],
}

const CHAMPION: Ladder = Ladder {
    days: 24.0,
    rungs: &[
        (1, "email", "first-day-late", 1),
        (10, "email", "escalate", 1),
        (30, "letter", "payment-plan-offer", 150),
        (60, "letter", "agency-handoff", 150),
    ],
};
const CHALLENGER: Ladder = Ladder {
    days: 19.0,
    rungs: &[
        (1, "email", "first-day-late", 1),
        (6, "sms", "escalate", 8),
        (20, "phone", "payment-plan-offer", 400),
        (45, "letter", "agency-handoff", 150),
    ],
};

pub fn setting() -> Setting {
    Setting {
        asked: 2_000,
        seed: 1,
        starts: day(0),
        days: 180,
        time_zone: chrono_tz::America::Sao_Paulo,
        locale: "pt-BR".to_owned(),
        jurisdiction: "BR".to_owned(),
        model: Model::default(),
        costs: Costs::default(),
    }
}

/// Two thousand payers under one policy, or two.
pub fn sums(with_challenger: bool) -> Sums {
    let mut sums = Sums::default();
    for payer in 0..2_000 {
        let challenger = with_challenger.then(|| outcome(payer, &CHALLENGER));
        sums.note(&outcome(payer, &CHAMPION), challenger.as_ref());
    }
    sums
}

fn outcome(payer: u64, ladder: &Ladder) -> Outcome {
    let mut of = Outcome {
        curve: vec![0; CURVE_DAYS],
        by_week: vec![0; 26],
        recovered_by_week: vec![0; 26],
        cost_by_week: vec![0; 26],
        ..Outcome::default()
    };
    for invoice in 0..5 {
        let salt = invoice * 8;
        let amount = 10_000 + (40_000.0 * draw(payer, salt)) as i64;
        let due = 10 + 30 * invoice as i64 + (10.0 * draw(payer, salt + 1)) as i64;
        let amount = i128::from(amount);
        of.billed += amount;
        if draw(payer, salt + 2) < 0.6 {
            of.paid_in_time += amount;
            continue;
        }
        of.cases += 1;
        let days = 1 + (-draw(payer, salt + 3).max(1e-9).ln() * ladder.days) as i64;
        let is_paid = due + days < 180 && draw(payer, salt + 4) < 0.9;
        let end = if is_paid { days } else { 180 - due };
        let mut stage = "first-day-late";
        for (at, channel, rung, cost) in ladder.rungs.iter().filter(|rung| rung.0 <= end) {
            stage = rung;
            *of.reached.entry((*rung).to_owned()).or_default() += 1;
            if due + at < 180 {
                let week = usize::try_from((due + at) / 7).unwrap();
                of.by_week[week] += 1;
                of.cost_by_week[week] += i128::from(*cost);
                of.spent += i128::from(*cost);
                *of.contacts.entry((*channel).to_owned()).or_default() += 1;
            }
        }
        if is_paid {
            of.paid_late += amount;
            of.late_days += amount * i128::from(days);
            of.curve[usize::try_from(days).unwrap()] += amount;
            of.recovered_by_week[usize::try_from((due + days) / 7).unwrap()] += amount;
            *of.stands.entry("resolved".to_owned()).or_default() += 1;
        } else {
            of.overdue_at_end += amount;
            *of.stands.entry(stage.to_owned()).or_default() += 1;
        }
    }
    of.decisions = 3 * of.messages();
    of
}

/// The customers of a past under two policies.
pub fn report() -> Report {
    let mut report = Report::default();
    for number in 0..60 {
        report.add(Compared {
            reference: format!("C-{number:04}"),
            live: lived(number, &CHAMPION),
            candidate: lived(number, &CHALLENGER),
        });
    }
    report
}

fn lived(number: u64, ladder: &Ladder) -> Lived {
    let mut lived = Lived::default();
    if draw(number, 1) < 0.4 {
        return lived;
    }
    let end = 1 + (60.0 * draw(number, 2)) as i64;
    let late = (70.0 * draw(number, 3)) as i64;
    lived.story.push(format!(
        "{}: Invoice F-{number} of 250.00 BRL is overdue.",
        day(late)
    ));
    let mut stands = "resolved";
    // Some have no e-mail address.
    let has_email = draw(number, 4) < 0.9;
    for (at, channel, stage, cost) in ladder.rungs.iter().filter(|rung| rung.0 <= end) {
        lived.decisions += 1;
        stands = stage;
        lived
            .story
            .push(format!("{}: `{stage}` began.", day(late + at)));
        if *channel == "email" && !has_email {
            *lived.refused.entry("no-address".to_owned()).or_default() += 1;
            continue;
        }
        if draw(number, 5) < 0.15 {
            *lived.refused.entry("contact-gap".to_owned()).or_default() += 1;
        }
        lived.story.push(format!(
            "{}: A message was sent by {channel} at `{stage}`, and asks for 250.00 BRL.",
            day(late + at)
        ));
        lived.spent += u64::from(*cost);
        lived.contacts.push(Sent {
            on: day(late + at),
            channel: (*channel).to_owned(),
            purpose: "reminder".to_owned(),
            stage: (*stage).to_owned(),
            after_paid: end - at < 2 && draw(number, 6) < 0.5,
        });
        if *stage == "agency-handoff" {
            lived.tasks += 1;
            lived.spent += 600;
            lived.fees.insert("BRL".to_owned(), 1_250);
        }
    }
    lived.stands.push(
        if draw(number, 7) < 0.6 {
            "resolved"
        } else {
            stands
        }
        .to_owned(),
    );
    lived
}

/// The days that the past is of.
pub fn days() -> (Date, Date) {
    (day(0), day(129))
}

fn day(number: i64) -> Date {
    plus_days("2026-01-05".parse().unwrap(), number)
}

/// What whoever names something might want to get into a page.
pub const HOSTILE: &str =
    "=<script>alert(1)</script><img src=x onerror=alert(2)>'\"&amp;\u{202e}\u{0}]]><!--{{ 7*7 }}";

/// The same figures where every name is hostile.
pub fn hostile_sums() -> (Setting, Sums) {
    let mut setting = setting();
    let segments = std::mem::take(&mut setting.model.segments);
    let spoilt = |(name, segment)| (spoilt(name), segment);
    setting.model.segments = segments.into_iter().map(spoilt).collect();
    HOSTILE.clone_into(&mut setting.model.billing.currency);
    HOSTILE.clone_into(&mut setting.locale);
    HOSTILE.clone_into(&mut setting.jurisdiction);
    setting.costs.others.insert(HOSTILE.to_owned(), 1);
    let mut sums = sums(true);
    for of in std::iter::once(&mut sums.champion).chain(&mut sums.challenger) {
        for names in [&mut of.contacts, &mut of.reached, &mut of.stands] {
            *names = std::mem::take(names)
                .into_iter()
                .map(|(name, count)| (self::spoilt(name), count))
                .collect();
        }
    }
    (setting, sums)
}

/// The same of a past.
pub fn hostile_report() -> Report {
    let mut spoilt_report = Report::default();
    for mut difference in report().differences {
        let compared = &mut difference.compared;
        compared.reference = spoilt(std::mem::take(&mut compared.reference));
        for lived in [&mut compared.live, &mut compared.candidate] {
            for sent in &mut lived.contacts {
                for name in [&mut sent.channel, &mut sent.purpose, &mut sent.stage] {
                    *name = spoilt(std::mem::take(name));
                }
            }
            let refused = std::mem::take(&mut lived.refused).into_iter();
            lived.refused = refused.map(|(rule, count)| (spoilt(rule), count)).collect();
            lived.fees = BTreeMap::from([(HOSTILE.to_owned(), 1)]);
            for text in lived.stands.iter_mut().chain(&mut lived.story) {
                *text = spoilt(std::mem::take(text));
            }
        }
        spoilt_report.add(difference.compared);
    }
    spoilt_report
}

fn spoilt(mut name: String) -> String {
    name.insert_str(0, HOSTILE);
    name
}

//! What a play came to: read back from the store, nothing counted on the way.

use std::collections::BTreeMap;

use anyhow::Result;
use regua_domain::case::{Case, CaseState};
use regua_domain::contract::EffectState;
use regua_domain::dossier::Dossier;
use regua_domain::effect::Effect;
use regua_domain::format;
use regua_domain::id::{CaseId, CustomerId};
use regua_domain::money::{Currency, Money};
use regua_domain::time::Timestamp;
use regua_domain::timeline::{Happening, TimelineEntry};
use regua_engine::Open;
use regua_storage::{CasesQuery, Wanted};
use serde::Serialize;

use super::recovered;

/// Rows read at once.
const PAGE: u32 = 500;

/// The whole play.
#[derive(Debug, Default, Serialize)]
pub struct Summary {
    /// Cases opened.
    pub cases_opened: u64,
    /// Cases by end; `open` where there is none yet.
    pub ends: BTreeMap<String, u64>,
    /// Messages by `stage / channel`.
    pub messages: BTreeMap<String, u64>,
    /// Verdicts by rule.
    pub verdicts: BTreeMap<String, u64>,
    /// Paid late, on items past due, while their case was open: by currency, major units.
    pub recovered: BTreeMap<String, String>,
    /// Contacts over cases.
    pub contacts_per_case: String,
    /// Calls of stages.
    pub decisions: u64,
    /// Case by case.
    pub cases: Vec<CaseSummary>,
}

/// One case.
#[derive(Debug, Serialize)]
pub struct CaseSummary {
    /// The customer's reference.
    pub customer: String,
    /// Its id.
    pub case: CaseId,
    /// The day it was opened, where the customer lives.
    pub opened: String,
    /// The day of the first contact.
    pub first_contact: Option<String>,
    /// Contacts made.
    pub contacts: u64,
    /// The day it ended.
    pub ended: Option<String>,
    /// How.
    pub end: Option<String>,
    #[serde(skip)]
    weight: u64,
}

/// The case to tell, and a letter to show.
pub struct Highlights {
    /// Whose.
    pub dossier: Dossier,
    /// Which.
    pub case: CaseId,
    /// Its timeline.
    pub timeline: Vec<TimelineEntry>,
    /// One of its letters.
    pub letter: Option<Effect>,
}

/// Reads everything back.
pub async fn summarise(open: &Open) -> Result<(Summary, Option<Highlights>)> {
    let mut summary = Summary::default();
    let mut sums: BTreeMap<Currency, i64> = BTreeMap::new();
    for customer in customers(open).await? {
        let timeline = timeline(open, customer).await?;
        let wanted = [Wanted {
            invoices: recovered::invoices(&timeline),
            ..Wanted::from(customer)
        }];
        let Some(dossier) = open
            .store
            .load(&wanted, Timestamp(0), Timestamp(0))
            .await?
            .pop()
        else {
            continue;
        };
        let ledger = open.store.ledger(customer).await?;
        summary.read(&dossier, &timeline);
        for case in &dossier.cases {
            *sums.entry(case.currency).or_default() += recovered::by(case, &dossier, &ledger);
        }
    }
    summary.recovered = sums
        .into_iter()
        .map(|(currency, minor)| {
            (
                currency.to_string(),
                Money::new(minor, currency).to_decimal().to_string(),
            )
        })
        .collect();
    let contacts: u64 = summary.cases.iter().map(|case| case.contacts).sum();
    let hundredths = contacts * 100 / summary.cases_opened.max(1);
    summary.contacts_per_case = format!("{}.{:02}", hundredths / 100, hundredths % 100);
    summary
        .cases
        .sort_by(|a, b| (&a.opened, &a.customer, a.case).cmp(&(&b.opened, &b.customer, b.case)));
    let highlights = highlights(open, &summary).await?;
    Ok((summary, highlights))
}

async fn customers(open: &Open) -> Result<Vec<CustomerId>> {
    let mut query = CasesQuery {
        limit: PAGE,
        ..CasesQuery::default()
    };
    let mut customers = Vec::new();
    loop {
        let page = open.store.cases(&query).await?;
        query.after = page.last().map(|row| row.case.id);
        customers.extend(page.iter().map(|row| row.customer));
        if page.len() < PAGE as usize {
            customers.sort_unstable();
            customers.dedup();
            return Ok(customers);
        }
    }
}

async fn timeline(open: &Open, customer: CustomerId) -> Result<Vec<TimelineEntry>> {
    let mut entries: Vec<TimelineEntry> = Vec::new();
    loop {
        let from = entries.last().map_or(0, |entry| entry.number + 1);
        let page = open.store.timeline(customer, from, PAGE).await?;
        let is_last = page.len() < PAGE as usize;
        entries.extend(page);
        if is_last {
            return Ok(entries);
        }
    }
}

impl Summary {
    fn read(&mut self, dossier: &Dossier, timeline: &[TimelineEntry]) {
        for case in &dossier.cases {
            let weight = timeline
                .iter()
                .filter(|entry| entry.case == Some(case.id))
                .count() as u64;
            self.add(dossier, case, weight);
        }
        for entry in timeline {
            if let Happening::Decided { rulings, .. } = &entry.what {
                self.decisions += 1;
                for ruled in rulings {
                    *self.verdicts.entry(ruled.verdict.rule.clone()).or_default() += 1;
                }
            }
        }
    }

    fn add(&mut self, dossier: &Dossier, case: &Case, weight: u64) {
        let date = |at: Timestamp| at.date_in(dossier.customer.time_zone).to_string();
        let contacts: Vec<&Effect> = dossier
            .effects
            .iter()
            .filter(|effect| effect.key.case == case.id && effect.letter.is_some())
            .filter(|effect| effect.state != EffectState::Cancelled)
            .collect();
        for effect in &contacts {
            let channel = effect.channel().map_or("", |channel| channel.name());
            *self
                .messages
                .entry(format!("{} / {channel}", effect.stage))
                .or_default() += 1;
        }
        let (ended, end) = match &case.state {
            CaseState::Ended { end, at, .. } => (Some(date(*at)), Some(end.name().to_owned())),
            _ => (None, None),
        };
        self.cases_opened += 1;
        *self
            .ends
            .entry(end.clone().unwrap_or_else(|| "open".to_owned()))
            .or_default() += 1;
        self.cases.push(CaseSummary {
            customer: dossier.customer.reference.clone(),
            case: case.id,
            opened: date(case.opened_at),
            first_contact: contacts.first().map(|effect| date(effect.at)),
            contacts: contacts.len() as u64,
            ended,
            end,
            weight,
        });
    }
}

/// The ended case with the most to tell, and its last letter.
async fn highlights(open: &Open, summary: &Summary) -> Result<Option<Highlights>> {
    let told = summary
        .cases
        .iter()
        .filter(|case| case.weight <= 40)
        .max_by_key(|case| (case.ended.is_some(), case.weight, case.contacts));
    let Some(told) = told else { return Ok(None) };
    let Some(customer) = open
        .store
        .find(std::slice::from_ref(&told.customer))
        .await?
        .pop()
        .flatten()
    else {
        return Ok(None);
    };
    let wanted = [Wanted::from(customer)];
    let Some(dossier) = open
        .store
        .load(&wanted, Timestamp(0), Timestamp(0))
        .await?
        .pop()
    else {
        return Ok(None);
    };
    let timeline = timeline(open, customer)
        .await?
        .into_iter()
        .filter(|e| e.case == Some(told.case))
        .collect();
    let letter = dossier
        .effects
        .iter()
        .rfind(|e| e.key.case == told.case && e.letter.is_some())
        .cloned();
    Ok(Some(Highlights {
        case: told.case,
        timeline,
        letter,
        dossier,
    }))
}

/// Money for people.
pub fn money_text(code: &str, major: &str) -> String {
    Currency::parse(code)
        .and_then(|currency| Money::parse(major, currency))
        .map_or_else(
            |_| format!("{code} {major}"),
            |money| format::money(money, "en"),
        )
}

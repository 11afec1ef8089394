//! A case, line by line.

use chrono::NaiveDate;
use chrono_tz::Tz;
use regua_domain::id::CaseId;
use serde::Deserialize;

use super::{Case, State, Workflow, in_words};
use crate::client::{Amount, Calls, local_time, segment};
use crate::out::say;

/// A case, whole, as the API tells of it.
#[derive(Deserialize)]
struct Whole {
    #[serde(flatten)]
    case: Case,
    outstanding: Amount,
    past_due: Amount,
    chaseable: Amount,
    credit: Amount,
    items: Vec<Item>,
    calls: u32,
    leaving_by: Option<String>,
    tasks: Vec<Task>,
}

#[derive(Deserialize)]
struct Item {
    reference: String,
    kind: String,
    due_on: NaiveDate,
    days_overdue: i64,
    amount: Amount,
    outstanding: Amount,
    chaseable: Amount,
}

#[derive(Deserialize)]
struct Task {
    id: String,
    title: String,
    due_on: NaiveDate,
    team: String,
}

#[derive(Deserialize)]
struct Customer {
    name: String,
    jurisdiction: String,
    locale: String,
    time_zone: Tz,
}

#[derive(Deserialize)]
struct Covers {
    data: Vec<Cover>,
}

#[derive(Deserialize)]
struct Cover {
    kind: String,
    source: String,
    currency: String,
    until: Option<NaiveDate>,
}

#[derive(Deserialize)]
struct Effect {
    key: String,
    kind: String,
    stage: String,
    state: String,
    code: String,
    at: String,
    channel: Option<String>,
    address: Option<String>,
}

/// Says all that is to be known of a case.
pub(super) async fn tell(calls: &Calls<'_>, id: CaseId) -> anyhow::Result<()> {
    let whole: Whole = calls.get(&format!("/v1/cases/{id}")).await?;
    let case = &whole.case;
    let of_customer = format!("/v1/customers/{}", segment(&case.customer));
    let customer: Customer = calls.get(&of_customer).await?;
    let covers: Covers = calls.get(&format!("{of_customer}/covers")).await?;
    let effects: Vec<Effect> = calls.all(&format!("/v1/cases/{id}/effects")).await?;
    let zone = customer.time_zone;
    let Workflow { name, version } = &case.workflow;
    say!("{}, {}", case.id, case.currency);
    say!(
        "customer  {} ({}), {}, {}, {zone}",
        customer.name,
        case.customer,
        customer.jurisdiction,
        customer.locale
    );
    let opened = local_time(&case.opened_at, zone)?;
    say!("workflow  {name}@{version}, opened {opened}");
    say!("state     {}", state(&whole, zone)?);
    say!(
        "balance   outstanding {}, past due {}, to be chased {}, credit {}",
        whole.outstanding,
        whole.past_due,
        whole.chaseable,
        whole.credit
    );
    for item in &whole.items {
        say!("  {}", item_line(item));
    }
    for cover in covers.data {
        if cover.currency == case.currency {
            let until = cover.until.map(|day| format!(", until {day}"));
            let until = until.unwrap_or_default();
            say!(
                "  covered by {} {}{until}",
                in_words(&cover.kind),
                cover.source
            );
        }
    }
    for effect in &effects {
        say!("effect    {}", effect_line(effect, zone)?);
    }
    for task in &whole.tasks {
        say!(
            "task      {} for {}, due {}: {}",
            task.id,
            task.team,
            task.due_on,
            task.title
        );
    }
    Ok(())
}

/// Where it stands.
fn state(whole: &Whole, zone: Tz) -> anyhow::Result<String> {
    let case = &whole.case;
    let (stage, since) = (&case.stage, local_time(&case.since, zone)?);
    let next = match &case.next_call_at {
        Some(at) => local_time(at, zone)?,
        None => "never".to_owned(),
    };
    Ok(match case.state {
        State::Waiting => format!("waits for {stage}, planned for {next}"),
        State::Visiting => {
            let leaving = whole.leaving_by.as_ref();
            let leaving = leaving.map(|outcome| format!("; leaves by {outcome} once sent"));
            format!(
                "in {stage} since {since}, asked {} times, next at {next}{}",
                whole.calls,
                leaving.unwrap_or_default()
            )
        }
        State::Ended => {
            let end = case.end.as_deref().unwrap_or_default();
            format!("ended at {stage} as {end} on {since}")
        }
    })
}

fn item_line(item: &Item) -> String {
    let when = if item.days_overdue > 0 {
        format!("{} days late", item.days_overdue)
    } else {
        "not late".to_owned()
    };
    format!(
        "{} {}, due {}, {when}: {} of {} open, {} to be chased",
        in_words(&item.kind),
        item.reference,
        item.due_on,
        item.outstanding,
        item.amount,
        item.chaseable
    )
}

fn effect_line(effect: &Effect, zone: Tz) -> anyhow::Result<String> {
    let letter = effect.channel.as_ref().zip(effect.address.as_ref());
    let letter = letter.map(|(channel, address)| format!(" by {channel} to {address}"));
    let code = if effect.code.is_empty() {
        String::new()
    } else {
        format!(" ({})", effect.code)
    };
    Ok(format!(
        "{} {} {}{}, {}{code}, from {}",
        effect.key,
        local_time(&effect.at, zone)?,
        effect.kind,
        letter.unwrap_or_default(),
        in_words(&effect.state),
        effect.stage
    ))
}

//! `/v1/calendars`: which days are holidays. A tenant's own are a part of its policy, and of
//! the same version.

use std::collections::BTreeMap;

use axum::http::Method;
use chrono::Datelike as _;
use regua_domain::calendar::Calendar;
use regua_domain::time::Date;
use regua_engine::policy::calendar_user;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::policy::{Changed, change};
use super::{ADMIN, READERS};
use crate::call::Call;
use crate::endpoint::{Endpoint, endpoint};
use crate::input::{Json, Nothing};
use crate::problem::{Kind, Problem};
use crate::reply::{PageOf, PageQuery, Reply};
use crate::shape::NoParams;

const PATH: &str = "/v1/calendars/{calendar}";

pub(crate) fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint(Method::GET, "/v1/calendars", "list_calendars", list)
            .says(
                "Calendars, the tenant's own and those that come with Régua",
                "",
            )
            .roles(READERS),
        endpoint(Method::GET, PATH, "get_calendar", get)
            .says("A calendar's holidays", "")
            .roles(READERS),
        endpoint(Method::PUT, PATH, "put_calendar", put)
            .says(
                "Puts a calendar of the tenant's own",
                "It has Saturdays, Sundays and these days. One called like a calendar that \
                 comes with Régua takes its place. Cases that run now see it too.",
            )
            .roles(ADMIN)
            .matched(),
        endpoint(Method::DELETE, PATH, "delete_calendar", delete)
            .says(
                "Takes a calendar of the tenant's own away",
                "One that a published workflow needs stays (409).",
            )
            .roles(ADMIN)
            .matched(),
    ]
}

/// A calendar, by name.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ByCalendar {
    /// What workflows call it.
    #[schemars(regex(pattern = r"^[A-Za-z0-9-]{1,64}$"))]
    calendar: String,
}

/// Which holidays to list.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct YearQuery {
    /// Of this year. Left out: of the tenant's own calendar all, of others those of this year.
    #[schemars(range(min = 1990, max = 2100))]
    year: Option<i32>,
}

/// A calendar in a list.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct CalendarListed {
    /// What workflows call it.
    name: String,
    /// Whether it is the tenant's own; else it comes with Régua.
    is_own: bool,
}

/// A calendar.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct CalendarOut {
    /// What workflows call it.
    name: String,
    /// Whether it is the tenant's own; else it comes with Régua.
    is_own: bool,
    /// By day, with what each is called.
    #[schemars(with = "BTreeMap<String, String>")]
    holidays: BTreeMap<Date, String>,
}

/// Holidays beside Saturdays and Sundays.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = json!({ "holidays": { "2026-12-24": "Christmas Eve" } }))]
pub(crate) struct CalendarIn {
    /// By day, with what each is called.
    holidays: BTreeMap<String, String>,
}

async fn list(
    call: Call<NoParams, PageQuery, Nothing>,
) -> Result<Reply<Json<PageOf<CalendarListed>>>, Problem> {
    let row = call.store().row().await?;
    let out = |name: String| CalendarListed {
        is_own: row.policy.calendars.contains_key(&name),
        name,
    };
    let all = row.policy.calendar_names();
    let page = call.query.page_of_all(all, String::clone, out)?;
    Ok(Reply::ok(Json(page)).at(row.revision))
}

async fn get(
    call: Call<ByCalendar, YearQuery, Nothing>,
) -> Result<Reply<Json<CalendarOut>>, Problem> {
    let row = call.store().row().await?;
    let name = call.path.calendar.clone();
    let year = call.query.year;
    let of_year = |date: &Date| year.is_none_or(|year| date.year() == year);
    let own = row.policy.calendars.get(&name);
    let holidays = match (own, Calendar::named(&name)) {
        (Some(own), _) => {
            let days = own.iter().filter(|(date, _)| of_year(date));
            days.map(|(date, name)| (*date, name.clone())).collect()
        }
        (None, Some(calendar)) => {
            let now = row.clock.unwrap_or_else(|| call.host_now());
            let year = year.unwrap_or_else(|| now.date_in(chrono_tz::UTC).year());
            let days = calendar.holidays(year);
            days.map(|(date, name)| (date, name.to_owned())).collect()
        }
        (None, None) => return Err(Problem::missing("calendar", &name)),
    };
    let is_own = own.is_some();
    let calendar = CalendarOut {
        name,
        is_own,
        holidays,
    };
    Ok(Reply::ok(Json(calendar)).at(row.revision))
}

async fn put(call: Call<ByCalendar, NoParams, Json<CalendarIn>>) -> Changed {
    let name = &call.path.calendar;
    let faults: Vec<_> = call
        .body
        .0
        .holidays
        .keys()
        .filter(|day| day.parse::<Date>().is_err())
        .map(|day| {
            let token = day.replace('~', "~0").replace('/', "~1");
            crate::problem::Fault::at(format!("/holidays/{token}"), "is no day")
        })
        .collect();
    if !faults.is_empty() {
        return Err(Problem::invalid(faults));
    }
    let within = format!("/calendars/{name}");
    let changed = change(&call, &within, |members| {
        let calendars = members.entry("calendars").or_insert_with(|| json!({}));
        calendars[name] = json!(call.body.0.holidays);
        Ok(())
    });
    // What is wrong with a day is told by where it stands in the body.
    changed.await.map_err(|mut problem| {
        for fault in &mut problem.errors {
            if let Some(pointer) = fault.pointer.as_mut().filter(|text| text.starts_with('/')) {
                *pointer = format!("/holidays{pointer}");
            }
        }
        problem
    })
}

async fn delete(call: Call<ByCalendar, NoParams, Nothing>) -> Changed {
    let name = &call.path.calendar;
    let is_shipped = Calendar::named(name).is_some();
    let workflows = call.store().workflows().await?;
    change(&call, "", |members| {
        let all = members.get_mut("calendars").and_then(Value::as_object_mut);
        if all.and_then(|all| all.remove(name)).is_none() {
            return Err(Problem::missing("calendar of the tenant's own", name));
        }
        match calendar_user(name, &workflows) {
            // The one that comes with Régua takes its place again.
            Some(row) if !is_shipped => {
                let text = format!("{}@{} needs the calendar `{name}`", row.name, row.version);
                Err(Problem::new(Kind::Conflict, text))
            }
            _ => Ok(()),
        }
    })
    .await
}

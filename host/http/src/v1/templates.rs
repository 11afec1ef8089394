//! `/v1/templates`: what debtors read.

use std::collections::BTreeMap;

use axum::http::Method;
use regua_domain::template::{Parts, Template};
use regua_domain::time::Timestamp;
use regua_storage::TemplateRow;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{READERS, SHELF};
use crate::call::Call;
use crate::endpoint::{Endpoint, endpoint};
use crate::input::{Json, Nothing};
use crate::problem::Problem;
use crate::reply::{PageOf, PageQuery, Reply};
use crate::shape::{Instant, NoParams};

pub(crate) fn endpoints() -> Vec<Endpoint> {
    const PATH: &str = "/v1/templates/{template}";
    vec![
        endpoint(Method::GET, "/v1/templates", "list_templates", list)
            .says("Templates, by name", "")
            .roles(READERS),
        endpoint(Method::GET, PATH, "get_template", get)
            .says("A template in all of its locales", "")
            .roles(READERS),
        endpoint(Method::PUT, PATH, "put_template", put)
            .says(
                "Puts locales of a template on the shelf",
                "They are checked and test-rendered together; one with a fault keeps the others \
                 out. Locales that are left out stay as they were. Workflows have the templates \
                 that were there when they were published: what is put is for those published \
                 from now on.",
            )
            .roles(SHELF),
    ]
}

/// A template, by name.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ByTemplate {
    /// What workflows call it: one line.
    #[schemars(length(min = 1, max = 128))]
    template: String,
}

/// Locales of a template.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = serde_json::json!({
    "locales": { "en": {
        "subject": "{{ tenant.name }}: a payment is open",
        "text": "Hello {{ customer.name }}, {{ balance.chaseable }} is still open."
    } }
}))]
pub(crate) struct TemplateIn {
    /// By language tag.
    #[schemars(length(min = 1, max = 100))]
    locales: BTreeMap<String, PartsOf>,
}

/// The sources of a template in one locale.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "TemplateParts")]
pub(crate) struct PartsOf {
    /// One line: the subject of an e-mail, the heading of a letter.
    subject: String,
    /// Plain text: of an e-mail, a letter, a call; of a message where there is no `short`.
    text: String,
    /// Plain text for SMS and the like.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    short: Option<String>,
    /// The HTML of an e-mail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    html: Option<String>,
}

/// A template in all of its locales.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct TemplateOut {
    /// What workflows call it.
    name: String,
    /// When the last of its locales was put.
    put_at: Instant,
    /// By language tag.
    locales: BTreeMap<String, PartsOf>,
}

/// A template in a list.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct TemplateListed {
    /// What workflows call it.
    name: String,
    /// When the last of its locales was put.
    put_at: Instant,
    /// Language tags.
    locales: Vec<String>,
    /// When each of them was put, by language tag.
    locales_put_at: BTreeMap<String, Instant>,
}

impl TemplateListed {
    fn of(name: String, rows: Vec<TemplateRow>) -> Self {
        let put = |row: &TemplateRow| (row.template.locale.clone(), row.put_at.into());
        Self {
            name,
            put_at: put_at(&rows),
            locales_put_at: rows.iter().map(put).collect(),
            locales: rows.into_iter().map(|row| row.template.locale).collect(),
        }
    }
}

fn by_name(rows: Vec<TemplateRow>) -> BTreeMap<String, Vec<TemplateRow>> {
    rows.into_iter().fold(BTreeMap::new(), |mut names, row| {
        let rows: &mut Vec<_> = names.entry(row.template.name.clone()).or_default();
        rows.push(row);
        names
    })
}

fn put_at(rows: &[TemplateRow]) -> Instant {
    let last = rows.iter().map(|row| row.put_at).max();
    last.unwrap_or(Timestamp(0)).into()
}

async fn list(
    call: Call<NoParams, PageQuery, Nothing>,
) -> Result<Reply<Json<PageOf<TemplateListed>>>, Problem> {
    let all = by_name(call.store().templates().await?)
        .into_iter()
        .collect();
    let out = |(name, rows)| TemplateListed::of(name, rows);
    let key = |(name, _): &(String, _)| name.clone();
    let page = call.query.page_of_all(all, key, out)?;
    Ok(Reply::ok(Json(page)))
}

async fn get(
    call: Call<ByTemplate, NoParams, Nothing>,
) -> Result<Reply<Json<TemplateOut>>, Problem> {
    let name = &call.path.template;
    let rows = by_name(call.store().templates().await?).remove(name);
    let rows = rows.ok_or_else(|| Problem::missing("template", name))?;
    Ok(Reply::ok(Json(TemplateOut {
        name: name.clone(),
        put_at: put_at(&rows),
        locales: rows
            .into_iter()
            .map(|row| {
                let Parts {
                    subject,
                    text,
                    short,
                    html,
                } = row.template.parts;
                let parts = PartsOf {
                    subject,
                    text,
                    short,
                    html,
                };
                (row.template.locale, parts)
            })
            .collect(),
    })))
}

async fn put(
    call: Call<ByTemplate, NoParams, Json<TemplateIn>>,
) -> Result<Reply<Json<TemplateListed>>, Problem> {
    let name = call.path.template.clone();
    let templates: Vec<_> = call
        .body
        .0
        .locales
        .iter()
        .map(|(locale, parts)| Template {
            name: name.clone(),
            locale: locale.clone(),
            parts: Parts {
                subject: parts.subject.clone(),
                text: parts.text.clone(),
                short: parts.short.clone(),
                html: parts.html.clone(),
            },
        })
        .collect();
    let store = call.store();
    call.api.engine.put_templates(&store, templates).await?;
    let rows = by_name(store.templates().await?)
        .remove(&name)
        .unwrap_or_default();
    Ok(Reply::ok(Json(TemplateListed::of(name, rows))))
}

//! `/v1/workflows`: the ladders.

mod canary;
mod removal;
mod rollout;
mod running;
mod shadow;

use axum::http::{Method, StatusCode};
use regua_domain::workflow::check::{Form, ungranted};
use regua_domain::workflow::{Document as Written, Workflow, explain, graph};
use regua_engine::PublishError;
use regua_storage::{StoreError, WorkflowRow};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize};

use super::{READERS, SHELF};
use crate::call::Call;
use crate::endpoint::{Endpoint, endpoint};
use crate::input::{Document, Json, Nothing};
use crate::problem::{Fault, Problem};
use crate::reply::{PageOf, PageQuery, Reply, Text};
use crate::shape::{Instant, NoParams, Warning};

const VERSION: &str = "/v1/workflows/{workflow}/versions/{version}";

pub(crate) fn endpoints() -> Vec<Endpoint> {
    let mut all = vec![
        endpoint(Method::GET, "/v1/workflows", "list_workflows", list)
            .says("Every version of every workflow, by name and version", "")
            .roles(READERS),
        endpoint(Method::POST, "/v1/workflows", "publish_workflow", publish)
            .says(
                "Publishes a workflow as its next version",
                "It is checked whole against the shelf, and locks the plugins and templates \
                 that are there now. New cases get it once it is activated.",
            )
            .roles(SHELF)
            .answers(StatusCode::CREATED),
        endpoint(Method::POST, "/v1/workflows/check", "check_workflow", check)
            .says(
                "Checks a workflow whole, without publishing it",
                "Every fault is told at once. Of a sound one, what it does is told in prose and \
             as a picture.",
            )
            .roles(SHELF)
            .looks(),
        endpoint(Method::GET, VERSION, "get_workflow", get)
            .says(
                "A version of a workflow: its document and what it locks",
                "",
            )
            .roles(READERS),
        endpoint(
            Method::GET,
            "/v1/workflows/{workflow}/versions/{version}/graph",
            "get_workflow_graph",
            picture,
        )
        .says("A version of a workflow as a picture, in text", "")
        .roles(READERS),
        endpoint(
            Method::GET,
            "/v1/workflows/{workflow}/versions/{version}/explanation",
            "get_workflow_explanation",
            explanation,
        )
        .says("What a version of a workflow does, in prose", "")
        .roles(READERS),
    ];
    all.extend(running::endpoints());
    all.extend(rollout::endpoints());
    all.extend(canary::endpoints());
    all.extend(shadow::endpoints());
    all.push(removal::endpoint());
    all
}

/// A workflow as the reference shows it; it is checked by the domain, whose schema this is.
pub(crate) struct Shown;

impl JsonSchema for Shown {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Workflow".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = Written::json_schema(generator);
        schema.insert("examples".to_owned(), serde_json::json!([example()]));
        schema
    }
}

fn example() -> serde_json::Value {
    serde_json::json!({
        "name": "standard", "send_window": "0 * 9-16 * * MON-FRI", "calendar": "BR",
        "late_entry": "by_age",
        "stages": [{
            "id": "first-day-late", "plugin": "first-day-late-email@1",
            "at": { "days_overdue": 1 },
            "config": { "template": "first-day-late", "channels": ["email", "sms"] },
            "on": { "sent": { "end": "closed" }, "unreachable": { "end": "closed" } },
            "on_failure": { "hold": "7d", "task": "Look at this case" }
        }]
    })
}

/// A version of a workflow.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ByVersion {
    /// Its name.
    #[schemars(regex(pattern = r"^[a-z0-9-]{1,64}$"))]
    workflow: String,
    /// Counts from 1.
    #[schemars(range(min = 1))]
    version: u32,
}

/// A version of a workflow, in a list.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct WorkflowListed {
    /// Its name.
    name: String,
    /// Counts from 1.
    version: u32,
    /// Whether new cases get it.
    active: bool,
    /// When it was published.
    published_at: Instant,
    /// The plugin versions it locks.
    plugins: Vec<PluginLocked>,
    /// The templates it locks.
    templates: Vec<TemplateLocked>,
}

/// A plugin version that a workflow locks.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct PluginLocked {
    /// `name@version`.
    plugin: String,
    /// SHA-256 of the component, hex.
    digest: String,
}

/// A template that a workflow locks.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct TemplateLocked {
    /// Its name.
    name: String,
    /// Its language tag.
    locale: String,
}

/// A version of a workflow, whole.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct WorkflowOut {
    #[serde(flatten)]
    listed: WorkflowListed,
    /// As it was published.
    document: serde_json::Value,
    /// Open cases that are pinned to it.
    open_cases: u64,
}

impl WorkflowListed {
    fn of(row: WorkflowRow) -> Self {
        let plugins = row.plugins.into_iter();
        let templates = row.templates.into_iter();
        Self {
            name: row.name,
            version: row.version,
            active: row.active,
            published_at: row.published_at.into(),
            plugins: plugins
                .map(|(plugin, digest)| PluginLocked { plugin, digest })
                .collect(),
            templates: templates
                .map(|template| TemplateLocked {
                    name: template.name,
                    locale: template.locale,
                })
                .collect(),
        }
    }
}

async fn list(
    call: Call<NoParams, PageQuery, Nothing>,
) -> Result<Reply<Json<PageOf<WorkflowListed>>>, Problem> {
    let all = call.store().workflows().await?;
    let key = |row: &WorkflowRow| format!("{}@{:010}", row.name, row.version);
    let page = call.query.page_of_all(all, key, WorkflowListed::of)?;
    Ok(Reply::ok(Json(page)))
}

/// A version that was published.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct WorkflowPublished {
    #[serde(flatten)]
    listed: WorkflowListed,
    /// What may not be meant.
    warnings: Vec<Warning>,
}

/// What a workflow's stages may propose in vain, as the tenant grants it now.
async fn warnings<P, Q, B>(
    call: &Call<P, Q, B>,
    workflow: &Workflow,
) -> Result<Vec<Warning>, Problem> {
    let policy = call.store().row().await?.policy;
    let found = ungranted(workflow, &policy).into_iter();
    Ok(found.map(Warning::of).collect())
}

async fn publish(
    call: Call<NoParams, NoParams, Document<Shown>>,
) -> Result<Reply<Json<WorkflowPublished>>, Problem> {
    let store = call.store();
    let engine = &call.api.engine;
    let published = engine.publish(&store, &call.body.text, Form::Json).await;
    let published = published.map_err(of_workflow)?;
    let reference = &published.workflow.reference;
    let row = row(&call, &reference.name, reference.version).await?;
    Ok(Reply::created(Json(WorkflowPublished {
        listed: WorkflowListed::of(row),
        warnings: warnings(&call, &published.workflow).await?,
    })))
}

/// What a sound workflow does.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct WorkflowChecked {
    /// Its name.
    name: String,
    /// The version that it would be published as.
    version: u32,
    /// In prose.
    explanation: String,
    /// For Graphviz.
    dot: String,
    /// For Mermaid.
    mermaid: String,
    /// What may not be meant.
    warnings: Vec<Warning>,
}

async fn check(
    call: Call<NoParams, NoParams, Document<Shown>>,
) -> Result<Reply<Json<WorkflowChecked>>, Problem> {
    let engine = &call.api.engine;
    let store = call.store();
    let checked = engine.check(&store, &call.body.text, Form::Json).await;
    let checked = checked.map_err(of_workflow)?;
    Ok(Reply::ok(Json(WorkflowChecked {
        warnings: warnings(&call, &checked).await?,
        explanation: explain::explain(&checked),
        dot: graph::dot(&checked),
        mermaid: graph::mermaid(&checked),
        name: checked.reference.name,
        version: checked.reference.version,
    })))
}

/// Templates that cannot be rendered are no part of the document: each is named.
fn of_workflow(error: PublishError) -> Problem {
    match error {
        PublishError::Templates(faults) => {
            let faults = faults.iter().map(|fault| Fault::at("", fault));
            Problem::invalid(faults.collect())
        }
        error => error.into(),
    }
}

fn missing(name: &str, version: u32) -> Problem {
    Problem::missing("workflow", format!("{name}@{version}"))
}

async fn row<P, Q, B>(
    call: &Call<P, Q, B>,
    name: &str,
    version: u32,
) -> Result<WorkflowRow, Problem> {
    let rows: Result<_, StoreError> = call.store().workflows().await;
    rows?
        .into_iter()
        .find(|row| row.name == name && row.version == version)
        .ok_or_else(|| missing(name, version))
}

async fn get(
    call: Call<ByVersion, NoParams, Nothing>,
) -> Result<Reply<Json<WorkflowOut>>, Problem> {
    let row = row(&call, &call.path.workflow, call.path.version).await?;
    let pinned = call.store().pinned().await?;
    let of_it = pinned
        .iter()
        .find(|(reference, _)| reference.name == row.name && reference.version == row.version);
    Ok(Reply::ok(Json(WorkflowOut {
        document: row.document.clone(),
        open_cases: of_it.map_or(0, |(_, count)| *count),
        listed: WorkflowListed::of(row),
    })))
}

/// For which program a picture is.
#[derive(Debug, Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum PictureFormat {
    /// Graphviz.
    #[default]
    Dot,
    /// Mermaid.
    Mermaid,
}

/// How to draw.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PictureQuery {
    /// For which program.
    #[serde(default)]
    format: PictureFormat,
}

async fn compiled<Q, B>(call: &Call<ByVersion, Q, B>) -> Result<std::sync::Arc<Workflow>, Problem> {
    let ByVersion { workflow, version } = &call.path;
    let tenancy = call.tenant().await?;
    let workflows = &tenancy.open.tenant.workflows;
    let found = workflows
        .values()
        .find(|known| known.reference.name == *workflow && known.reference.version == *version);
    found.cloned().ok_or_else(|| missing(workflow, *version))
}

async fn picture(call: Call<ByVersion, PictureQuery, Nothing>) -> Result<Reply<Text>, Problem> {
    let workflow = compiled(&call).await?;
    Ok(Reply::ok(Text(match call.query.format {
        PictureFormat::Dot => graph::dot(&workflow),
        PictureFormat::Mermaid => graph::mermaid(&workflow),
    })))
}

async fn explanation(call: Call<ByVersion, NoParams, Nothing>) -> Result<Reply<Text>, Problem> {
    Ok(Reply::ok(Text(explain::explain(&*compiled(&call).await?))))
}

//! `/v1/policy`: what the host holds every stage to; and its parts, each by itself. All of
//! them are of one version, the tenant's.

mod shape;
mod terms;

use axum::http::Method;
use regua_engine::policy::{against, read, warnings};
use regua_storage::TenantRow;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{ADMIN, READERS};
use crate::call::Call;
use crate::endpoint::{Endpoint, endpoint};
use crate::input::{Document, Json, Nothing};
use crate::problem::{Fault, Kind, Problem};
use crate::reply::{Reply, Shown};
use crate::shape::{NoParams, Warning};
use crate::shelf::of_document;
use shape::{AssignmentShape, ContactShape, PolicyShape};

const CONTACT: &str = "/v1/policy/contact";
const WARNINGS: &str = "/v1/policy/warnings";
const ASSIGNMENT: &str = "/v1/policy/assignment";

pub(crate) fn endpoints() -> Vec<Endpoint> {
    let mut all = vec![
        endpoint(Method::GET, "/v1/policy", "get_policy", get)
            .says("All settings of the tenant", "")
            .roles(READERS),
        endpoint(Method::PUT, "/v1/policy", "put_policy", put)
            .says(
                "Replaces all settings of the tenant",
                "What is left out is as it ships. What a tenant was created as, a sandbox or \
                 not, it stays.",
            )
            .roles(ADMIN)
            .matched(),
        endpoint(Method::GET, WARNINGS, "list_policy_warnings", list_warnings)
            .says(
                "What the settings say that may not be meant",
                "Workflows that they name and no case can get: they may be published later.",
            )
            .roles(READERS),
        endpoint(Method::GET, CONTACT, "get_contact_policy", get_contact)
            .says("Limits on contacts", "")
            .roles(READERS),
        endpoint(Method::PUT, CONTACT, "put_contact_policy", put_contact)
            .says(
                "Replaces the limits on contacts",
                "What is left out is as it ships.",
            )
            .roles(ADMIN)
            .matched(),
        endpoint(Method::GET, ASSIGNMENT, "get_assignment", get_assignment)
            .says("Which workflow a new case gets", "")
            .roles(READERS),
        endpoint(Method::PUT, ASSIGNMENT, "put_assignment", put_assignment)
            .says(
                "Says which workflow a new case gets",
                "The first rule that fits whole, else the default.",
            )
            .roles(ADMIN)
            .matched(),
    ];
    all.extend(terms::endpoints());
    all
}

/// Settings that were changed.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct PolicyChanged {
    /// What may not be meant.
    warnings: Vec<Warning>,
}

/// All warnings: there are few.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct PolicyWarnings {
    data: Vec<Warning>,
}

/// A change of settings: its answer bears the version that it made.
pub(crate) type Changed = Result<Reply<Json<PolicyChanged>>, Problem>;

/// The members of a policy as a document.
pub(super) fn members(row: &TenantRow) -> Map<String, Value> {
    match serde_json::to_value(&row.policy) {
        Ok(Value::Object(members)) => members,
        other => unreachable!("a policy is an object: {other:?}"),
    }
}

/// Changes the tenant's settings. `within` is where the request's body lies in the policy:
/// faults are told by where they are in the body.
pub(crate) async fn change<P, Q, B>(
    call: &Call<P, Q, B>,
    within: &str,
    edit: impl FnOnce(&mut Map<String, Value>) -> Result<(), Problem>,
) -> Changed {
    let expected = call.expected()?;
    let store = call.store();
    let row = store.row().await?;
    if expected.is_some_and(|version| version != row.revision) {
        let text = "the tenant's settings or shelf were changed since they were read";
        return Err(Problem::new(Kind::Changed, text));
    }
    let mut members = members(&row);
    edit(&mut members)?;
    replace(call, &row, &Value::Object(members), within).await
}

async fn replace<P, Q, B>(
    call: &Call<P, Q, B>,
    row: &TenantRow,
    document: &Value,
    within: &str,
) -> Changed {
    let here = |found: regua_domain::workflow::check::Problem| {
        let Fault {
            pointer, detail, ..
        } = of_document(found);
        let pointer = pointer.unwrap_or_default();
        Fault::at(pointer.strip_prefix(within).unwrap_or(&pointer), detail)
    };
    let told = |found: Vec<_>| Problem::invalid(found.into_iter().map(here).collect());
    let policy = read(document, row).map_err(told)?;
    let store = call.store();
    let workflows = store.workflows().await?;
    let faults = against(&policy, &workflows);
    if !faults.is_empty() {
        return Err(told(faults));
    }
    store.put_policy(&policy, Some(row.revision)).await?;
    let warnings = warnings(&policy, &workflows);
    let changed = PolicyChanged {
        warnings: warnings.into_iter().map(Warning::of).collect(),
    };
    Ok(Reply::ok(Json(changed)).at(row.revision + 1))
}

type Asked<S> = Call<NoParams, NoParams, Document<S>>;
type Looked = Call<NoParams, NoParams, Nothing>;

async fn get(call: Looked) -> Result<Reply<Shown<PolicyShape>>, Problem> {
    let row = call.store().row().await?;
    Ok(Reply::ok(Shown::new(Value::Object(members(&row)))).at(row.revision))
}

async fn list_warnings(call: Looked) -> Result<Reply<Json<PolicyWarnings>>, Problem> {
    let store = call.store();
    let found = warnings(&store.row().await?.policy, &store.workflows().await?);
    let data = found.into_iter().map(Warning::of).collect();
    Ok(Reply::ok(Json(PolicyWarnings { data })))
}

async fn put(call: Asked<PolicyShape>) -> Changed {
    let expected = call.expected()?;
    let row = call.store().row().await?;
    if expected.is_some_and(|version| version != row.revision) {
        let text = "the tenant's settings or shelf were changed since they were read";
        return Err(Problem::new(Kind::Changed, text));
    }
    let mut document = call.body.value.clone();
    // Said or not, a tenant stays what it was created as.
    if let Some(members) = document.as_object_mut() {
        members
            .entry("sandbox")
            .or_insert_with(|| row.policy.sandbox.into());
    }
    replace(&call, &row, &document, "").await
}

async fn get_contact(call: Looked) -> Result<Reply<Shown<ContactShape>>, Problem> {
    let row = call.store().row().await?;
    let contact = members(&row).remove("contact").unwrap_or_default();
    Ok(Reply::ok(Shown::new(contact)).at(row.revision))
}

async fn put_contact(call: Asked<ContactShape>) -> Changed {
    change(&call, "/contact", |members| {
        members.insert("contact".to_owned(), call.body.value.clone());
        Ok(())
    })
    .await
}

async fn get_assignment(call: Looked) -> Result<Reply<Shown<AssignmentShape>>, Problem> {
    let row = call.store().row().await?;
    let mut members = members(&row);
    let mut take = |name| members.remove(name).unwrap_or_default();
    let document = json!({
        "assignment": take("assignment"), "default_workflow": take("default_workflow"),
    });
    Ok(Reply::ok(Shown::new(document)).at(row.revision))
}

async fn put_assignment(call: Asked<AssignmentShape>) -> Changed {
    change(&call, "", |members| {
        let Some(given) = call.body.value.as_object() else {
            return Err(Problem::invalid(vec![Fault::at("", "is not an object")]));
        };
        let known = ["assignment", "default_workflow"];
        let strange = given.keys().filter(|name| !known.contains(&name.as_str()));
        let faults: Vec<_> = strange
            .map(|name| {
                let name = name.replace('~', "~0").replace('/', "~1");
                Fault::at(format!("/{name}"), "is not known")
            })
            .collect();
        if !faults.is_empty() {
            return Err(Problem::invalid(faults));
        }
        let rules = given.get("assignment").cloned();
        members.insert("assignment".to_owned(), rules.unwrap_or_else(|| json!([])));
        let default = given.get("default_workflow").cloned();
        members.insert("default_workflow".to_owned(), default.unwrap_or_default());
        Ok(())
    })
    .await
}

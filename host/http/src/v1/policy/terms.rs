//! `/v1/policy/interest-terms`: what is charged for paying late, by name.

use std::collections::BTreeMap;

use axum::http::Method;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;
use serde_json::{Value, json};

use super::super::{ADMIN, READERS};
use super::shape::TermsShape;
use super::{Changed, change, members};
use crate::call::Call;
use crate::endpoint::{Endpoint, endpoint};
use crate::input::{Document, Nothing};
use crate::problem::Problem;
use crate::reply::{Reply, Shown};
use crate::shape::NoParams;

const PATH: &str = "/v1/policy/interest-terms/{terms}";

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint(
            Method::GET,
            "/v1/policy/interest-terms",
            "list_interest_terms",
            list,
        )
        .says("All terms of interest, by name", "")
        .roles(READERS),
        endpoint(Method::GET, PATH, "get_interest_terms", get)
            .says("Terms of interest", "")
            .roles(READERS),
        endpoint(Method::PUT, PATH, "put_interest_terms", put)
            .says(
                "Puts terms of interest",
                "Days keep the terms that they were charged under.",
            )
            .roles(ADMIN)
            .matched(),
        endpoint(Method::DELETE, PATH, "delete_interest_terms", delete)
            .says(
                "Takes terms of interest away",
                "What a stage asks for under them from then on is refused.",
            )
            .roles(ADMIN)
            .matched(),
    ]
}

/// Terms, by name.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ByTerms {
    /// The name that stages ask for them by.
    #[schemars(length(min = 1, max = 128))]
    terms: String,
}

/// All terms, as the reference shows them.
pub(crate) struct AllTerms;

impl JsonSchema for AllTerms {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "AllInterestTerms".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let data = generator.subschema_for::<BTreeMap<String, TermsShape>>();
        schemars::json_schema!({
            "type": "object", "required": ["data"], "properties": { "data": data },
        })
    }
}

async fn list(call: Call<NoParams, NoParams, Nothing>) -> Result<Reply<Shown<AllTerms>>, Problem> {
    let row = call.store().row().await?;
    let all = members(&row).remove("interest_terms").unwrap_or_default();
    Ok(Reply::ok(Shown::new(json!({ "data": all }))).at(row.revision))
}

async fn get(call: Call<ByTerms, NoParams, Nothing>) -> Result<Reply<Shown<TermsShape>>, Problem> {
    let row = call.store().row().await?;
    let all = members(&row).remove("interest_terms").unwrap_or_default();
    let found = all.get(&call.path.terms).cloned();
    let found = found.ok_or_else(|| Problem::missing("terms", &call.path.terms))?;
    Ok(Reply::ok(Shown::new(found)).at(row.revision))
}

/// The pointer to the terms within the policy.
fn pointer(name: &str) -> String {
    let name = name.replace('~', "~0").replace('/', "~1");
    format!("/interest_terms/{name}")
}

async fn put(call: Call<ByTerms, NoParams, Document<TermsShape>>) -> Changed {
    let name = &call.path.terms;
    change(&call, &pointer(name), |members| {
        members["interest_terms"][name] = call.body.value.clone();
        Ok(())
    })
    .await
}

async fn delete(call: Call<ByTerms, NoParams, Nothing>) -> Changed {
    let name = &call.path.terms;
    change(&call, "", |members| {
        let all = members
            .get_mut("interest_terms")
            .and_then(Value::as_object_mut);
        let gone = all.and_then(|all| all.remove(name));
        gone.map(drop)
            .ok_or_else(|| Problem::missing("terms", name))
    })
    .await
}

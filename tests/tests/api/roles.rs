//! Who may call what: the table that is kept, and every cell of it tried.

use std::fmt::Write as _;

use regua_http::key::Role;

use crate::kit::{Answer, Client, Host};
use crate::operations::{Operation, fitting, operations};

#[test]
fn the_table_of_roles_is_the_one_that_is_kept() {
    let mut table = String::new();
    for operation in operations() {
        let call = format!("{} {}", operation.method, operation.path);
        let cells = Role::ALL.map(|role| {
            let may = operation.roles.iter().any(|name| name == role.name());
            if may { role.name() } else { "-" }
        });
        let [operator, admin, developer, agent, ingest, viewer] = cells;
        let _ = writeln!(
            table,
            "{call:64} {operator:8} {admin:5} {developer:9} {agent:5} {ingest:6} {viewer}"
        );
    }
    insta::assert_snapshot!("roles", table);
}

/// A call of an operation as its example has it, about nothing that exists.
async fn try_it(client: &Client, operation: &Operation) -> Answer {
    let path = operation.path(|_, schema| fitting(schema));
    let headers = operation.headers();
    let headers: Vec<_> = headers
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let body = operation
        .example()
        .map(|(_, bytes)| bytes)
        .unwrap_or_default();
    client
        .call(operation.method.clone(), &path, &headers, body)
        .await
}

#[tokio::test]
async fn every_operation_lets_in_whom_the_table_says_and_nobody_else() {
    let host = Host::start().await;
    let tenant = host.sandbox("acme").await;
    let mut callers = Vec::new();
    for role in Role::ALL {
        let client = match role {
            Role::Operator => host.operator().await,
            _ => host.client(tenant, role).await,
        };
        callers.push((role, client));
    }
    let stranger = host.stranger();
    for operation in operations() {
        let id = &operation.id;
        let answer = try_it(&stranger, &operation).await;
        assert_eq!(answer.status, 401, "{id} without a key: {}", answer.text);
        for (role, client) in &callers {
            let answer = try_it(client, &operation).await;
            let may = operation.roles.iter().any(|name| name == role.name());
            let told = format!("{id} as {}: {} {}", role.name(), answer.status, answer.text);
            if may {
                assert!(![401, 403].contains(&answer.status), "{told}");
                assert!(answer.status < 500, "{told}");
            } else {
                assert_eq!(answer.status, 403, "{told}");
            }
        }
    }
}

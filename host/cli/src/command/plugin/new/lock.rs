//! What a project locks: the versions that this repository is tested with.

use std::collections::BTreeSet;

use anyhow::Context as _;
use serde_json::{Map, Value, json};

const ROOT: &str = include_str!("../../../../../../Cargo.toml");
const LOCK: &str = include_str!("../../../../../../Cargo.lock");
const RUST_SDK: &str = include_str!("../../../../../../sdk/rust/Cargo.toml");
const NPM_SDK: &str = include_str!("../../../../../../sdk/javascript/package.json");
const NPM_LOCK: &str = include_str!("../../../../../../sdk/javascript/package-lock.json");

/// Where the SDK for JavaScript lies: in this repository, and under `regua/` in a project.
pub(super) const NPM_SDK_PATH: &str = "sdk/javascript";

/// What cargo calls a plugin's package: a name of its own may not begin with a digit.
pub(super) fn package(name: &str) -> String {
    if name.starts_with(|c: char| c.is_ascii_digit()) {
        format!("stage-{name}")
    } else {
        name.to_owned()
    }
}

/// The workspace of the SDK for Rust: as much of this repository's as it refers to.
pub(super) fn workspace() -> anyhow::Result<String> {
    let mut root: toml::Table = toml::from_str(ROOT).context("Cargo.toml")?;
    let sdk: toml::Table = toml::from_str(RUST_SDK).context("sdk/rust/Cargo.toml")?;
    let needed = sdk.get("dependencies").and_then(toml::Value::as_table);
    let needed = needed.context("the SDK has dependencies")?;
    let workspace = root
        .get_mut("workspace")
        .and_then(toml::Value::as_table_mut);
    let workspace = workspace.context("the repository is a workspace")?;
    let known = ["resolver", "package", "dependencies", "lints"];
    workspace.retain(|key, _| known.contains(&key));
    workspace.insert("members".to_owned(), toml::Value::from(vec!["sdk/rust"]));
    if let Some(toml::Value::Table(dependencies)) = workspace.get_mut("dependencies") {
        dependencies.retain(|name, _| needed.contains_key(name));
    }
    root.retain(|key, _| key == "workspace");
    Ok(toml::to_string(&root)?)
}

/// The project's own lock file for cargo, which takes out of it what it does not need.
pub(super) fn cargo(name: &str) -> anyhow::Result<String> {
    let mut lock: toml::Table = toml::from_str(LOCK).context("Cargo.lock")?;
    let packages = lock.get_mut("package").and_then(toml::Value::as_array_mut);
    let packages = packages.context("a lock file has packages")?;
    let text = |package: &toml::Value, key: &str| {
        let text = package.get(key).and_then(toml::Value::as_str);
        text.unwrap_or_default().to_owned()
    };
    let mut kept: BTreeSet<(String, String)> = BTreeSet::new();
    let mut next = vec!["regua-sdk".to_owned()];
    while let Some(wanted) = next.pop() {
        // `name`, or `name version` where there are several of the name.
        let mut words = wanted.split(' ');
        let (name, version) = (words.next().unwrap_or_default(), words.next());
        let found = packages.iter().find(|package| {
            text(package, "name") == name
                && version.is_none_or(|version| text(package, "version") == version)
        });
        let found = found.with_context(|| format!("Cargo.lock has no {wanted}"))?;
        if kept.insert((text(found, "name"), text(found, "version"))) {
            let below = found.get("dependencies").and_then(toml::Value::as_array);
            let below = below.into_iter().flatten().filter_map(toml::Value::as_str);
            next.extend(below.map(str::to_owned));
        }
    }
    packages.retain(|package| kept.contains(&(text(package, "name"), text(package, "version"))));
    let mut own = toml::Table::new();
    own.insert("name".to_owned(), package(name).into());
    own.insert("version".to_owned(), "1.0.0".into());
    let needs = vec!["regua-sdk", "schemars", "serde"];
    own.insert("dependencies".to_owned(), needs.into());
    packages.push(own.into());
    Ok(toml::to_string(&lock)?)
}

/// The manifest of the SDK for JavaScript, without what only work on it needs.
pub(super) fn npm_sdk() -> anyhow::Result<Value> {
    let mut sdk: Value = serde_json::from_str(NPM_SDK).context("sdk/javascript/package.json")?;
    if let Some(sdk) = sdk.as_object_mut() {
        sdk.retain(|key, _| !["workspaces", "scripts", "devDependencies"].contains(&key.as_str()));
    }
    Ok(sdk)
}

/// The project's lock file for npm: the SDK's own, with the project in its place.
pub(super) fn npm(manifest: &[u8], sdk: &Value) -> anyhow::Result<String> {
    let manifest: Value = serde_json::from_slice(manifest).context("package.json")?;
    let mut lock: Value = serde_json::from_str(NPM_LOCK).context("package-lock.json")?;
    for key in ["name", "version"] {
        lock[key] = manifest[key].clone();
    }
    let packages = lock["packages"].as_object_mut();
    let packages = packages.context("a lock file has packages")?;
    packages.retain(|path, package| {
        path.starts_with("node_modules/") && package["link"] != Value::Bool(true)
    });
    let entry = |of: &Value, keys: &[&str]| {
        let of = keys
            .iter()
            .filter_map(|key| Some(((*key).to_owned(), of.get(key)?.clone())));
        Value::Object(of.collect::<Map<_, _>>())
    };
    let shared = [
        "name",
        "version",
        "license",
        "dependencies",
        "devDependencies",
    ];
    let of_sdk = [shared.as_slice(), &["bin", "engines"]].concat();
    packages.insert(String::new(), entry(&manifest, &shared));
    let linked = format!("regua/{NPM_SDK_PATH}");
    packages.insert(linked.clone(), entry(sdk, &of_sdk));
    packages.insert(
        "node_modules/@regua/sdk".to_owned(),
        json!({ "resolved": linked, "link": true }),
    );
    Ok(format!("{lock:#}\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargo_takes_no_package_that_begins_with_a_digit() {
        assert_eq!(package("7-days"), "stage-7-days");
        assert_eq!(package("a-note"), "a-note");
    }

    #[test]
    fn the_sdk_for_rust_finds_all_that_it_inherits() {
        let workspace: toml::Table = toml::from_str(&workspace().unwrap()).unwrap();
        let dependencies = workspace["workspace"]["dependencies"].as_table().unwrap();
        let names: Vec<_> = dependencies.keys().map(String::as_str).collect();
        assert_eq!(names, ["schemars", "serde", "serde_json", "wit-bindgen"]);
        assert!(workspace["workspace"]["lints"].get("clippy").is_some());
        assert!(!workspace.contains_key("profile"));
    }

    #[test]
    fn a_lock_holds_what_the_sdk_needs_and_no_host() {
        let lock = cargo("a-note").unwrap();
        for wanted in [
            "\"regua-sdk\"",
            "\"wit-bindgen\"",
            "\"schemars\"",
            "\"a-note\"",
        ] {
            assert!(lock.contains(&format!("name = {wanted}")), "{wanted}");
        }
        assert!(!lock.contains("\"wasmtime\"") && !lock.contains("\"regua-domain\""));
    }

    #[test]
    fn projects_need_what_the_sdks_are_checked_with() {
        let project: Value =
            serde_json::from_str(include_str!("../../../../project/javascript/package.json"))
                .unwrap();
        let sdk: Value = serde_json::from_str(NPM_SDK).unwrap();
        assert_eq!(project["devDependencies"], sdk["devDependencies"]);

        let python = include_str!("../../../../../../sdk/python/pyproject.toml");
        let python: toml::Table = toml::from_str(python).unwrap();
        let dev = python["project"]["optional-dependencies"]["dev"]
            .as_array()
            .unwrap();
        let dev: Vec<_> = dev.iter().filter_map(toml::Value::as_str).collect();
        let project = include_str!("../../../../project/python/requirements.txt");
        for line in project.lines().skip(1) {
            assert!(dev.contains(&line), "{line}: {dev:?}");
        }
    }
}

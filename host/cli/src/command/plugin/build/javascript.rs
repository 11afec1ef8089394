//! A component of a stage in JavaScript: the SDK's `regua-build`, installed by npm.

use std::path::Path;

use serde_json::Value;

use super::tool;
use crate::command::plugin::project::Project;
use crate::exit::Usage;

/// The oldest that the SDK runs on.
const OLDEST: tool::Version = [20, 11];
/// In a project, where npm has put the SDK.
const BUILD: &str = "node_modules/@regua/sdk/bin/regua-build.js";

/// Builds the module that the manifest names as `main` into a file.
pub(super) fn build(project: &Project, made: &Path) -> anyhow::Result<()> {
    let advice = "https://nodejs.org has it, and Debian and Ubuntu: `apt-get install nodejs npm`";
    tool::demand("node", OLDEST, advice)?;
    if !is_installed(&project.root) {
        tool::demand("npm", [0, 0], advice)?;
        let is_locked = project.root.join("package-lock.json").is_file();
        let install = if is_locked { "ci" } else { "install" };
        let mut npm = tool::command("npm", &project.root);
        tool::run(npm.args([
            install,
            "--prefer-offline",
            "--no-fund",
            "--no-audit",
            "--loglevel=error",
        ]))?;
    }
    if !project.root.join(BUILD).is_file() {
        let text = "package.json does not name the SDK: \
                    `npm install ./regua/sdk/javascript` in the project's folder";
        return Err(Usage(text.to_owned()).into());
    }
    let entry = project.text("/main").unwrap_or("stage.js");
    let mut build = tool::command("node", &project.root);
    // What it tells of the component is told of the one that is kept.
    tool::run_and_read(build.args([BUILD, entry, "-o"]).arg(made))?;
    Ok(())
}

/// Whether what is installed is what the lock file names: npm writes down what it installed.
fn is_installed(root: &Path) -> bool {
    let packages = |file: &str| -> Option<Value> {
        let text = std::fs::read(root.join(file)).ok()?;
        let mut lock: Value = serde_json::from_slice(&text).ok()?;
        Some(lock["packages"].take())
    };
    let Some(installed) = packages("node_modules/.package-lock.json") else {
        return false;
    };
    let Some(Value::Object(wanted)) = packages("package-lock.json") else {
        // Nothing is locked: what is there is what was asked for.
        return true;
    };
    let mut wanted = wanted.iter().filter(|(path, package)| {
        // What is for other machines is not installed on this one.
        path.starts_with("node_modules/") && package["optional"] != Value::Bool(true)
    });
    wanted.all(|(path, package)| {
        let found = &installed[path];
        found.is_object() && found["version"] == package["version"]
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_oldest_node_is_the_one_that_the_sdk_names() {
        let sdk = include_str!("../../../../../../sdk/javascript/package.json");
        let sdk: Value = serde_json::from_str(sdk).unwrap();
        let [major, minor] = OLDEST;
        assert_eq!(sdk["engines"]["node"], format!(">={major}.{minor}"));
    }

    #[test]
    fn what_is_installed_is_held_against_the_lock() {
        let folder = tempfile::tempdir().unwrap();
        let write = |file: &str, packages: Value| {
            let path = folder.path().join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, json!({ "packages": packages }).to_string()).unwrap();
        };
        write(
            "package-lock.json",
            json!({
                "": { "version": "1.0.0" },
                "node_modules/a": { "version": "1.2.0" },
                "node_modules/other-machine": { "version": "1.0.0", "optional": true },
            }),
        );
        assert!(!is_installed(folder.path()));
        let hidden = "node_modules/.package-lock.json";
        write(hidden, json!({ "node_modules/a": { "version": "1.2.0" } }));
        assert!(is_installed(folder.path()));
        write(hidden, json!({ "node_modules/a": { "version": "1.1.0" } }));
        assert!(!is_installed(folder.path()));
    }
}

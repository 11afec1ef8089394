use std::{
    collections::BTreeSet,
    env, fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use crate::{
    command,
    toolchain::{TARGET, Toolchain},
    workspace::{Guest, Workspace},
};

/// The profile of the root Cargo.toml that guests are built with.
const PROFILE: &str = "stage";

pub fn plugins(workspace: &Workspace, toolchain: &Toolchain) -> Result<()> {
    let to = workspace.plugins_dir();
    build(workspace, toolchain, &workspace.plugins, &to)?;
    for plugin in &workspace.plugins {
        copy_templates(
            &workspace.root.join("plugins").join(&plugin.folder),
            &to.join("templates"),
        )?;
    }
    Ok(())
}

/// A plugin's templates lie beside its module, for whoever installs both.
fn copy_templates(plugin: &Path, to: &Path) -> Result<()> {
    let Ok(templates) = plugin.join("templates").read_dir() else {
        return Ok(());
    };
    fs::create_dir_all(to)?;
    for template in templates {
        let template = template?;
        fs::copy(template.path(), to.join(template.file_name()))?;
    }
    Ok(())
}

pub fn hostile_guests(workspace: &Workspace, toolchain: &Toolchain) -> Result<()> {
    let to = workspace.hostile_guests_dir();
    build(workspace, toolchain, &workspace.hostile_guests, &to)
}

/// Builds each guest by itself; they share one target folder, and so one std where it is
/// built from source.
fn build(workspace: &Workspace, toolchain: &Toolchain, guests: &[Guest], to: &Path) -> Result<()> {
    let target_dir = workspace.root.join("target/guests");
    let cargo_home = cargo_home();
    // No folder of the building machine gets into a plugin's messages, or its digest.
    let mut remapped = vec![(workspace.root.as_path(), "/regua")];
    remapped.extend(cargo_home.as_deref().map(|home| (home, "/cargo")));

    for guest in guests {
        let mut cargo = toolchain.cargo_rustc(&remapped);
        cargo.current_dir(&workspace.root);
        cargo
            .args(["--profile", PROFILE, "--target-dir"])
            .arg(&target_dir);
        cargo.args(["--package", &guest.package]);
        command::run(
            &mut cargo,
            "a guest must compile for wasm32-unknown-unknown: the compiler says above what does not",
        )?;
    }
    let built = target_dir.join(TARGET).join(PROFILE);
    for guest in guests {
        let from = built.join(&guest.library).with_extension("wasm");
        copy_if_changed(&from, &to.join(&guest.folder).with_extension("wasm"))?;
    }
    remove_others(to, guests)
}

/// An unchanged module keeps its time stamp, and whoever looks at it its cache.
fn copy_if_changed(from: &Path, to: &Path) -> Result<()> {
    let module = fs::read(from).with_context(|| format!("{} was not built", from.display()))?;
    if fs::read(to).is_ok_and(|present| present == module) {
        return Ok(());
    }
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)?;
    }
    // Renamed into place, so that a test running meanwhile never reads half a module.
    let partial = to.with_extension("partial");
    fs::write(&partial, &module)?;
    fs::rename(&partial, to)?;
    eprintln!("   {} ({} KiB)", to.display(), module.len().div_ceil(1024));
    Ok(())
}

/// A plugin that was renamed or deleted leaves no module behind.
fn remove_others(folder: &Path, guests: &[Guest]) -> Result<()> {
    let expected: BTreeSet<PathBuf> = guests
        .iter()
        .map(|guest| folder.join(&guest.folder).with_extension("wasm"))
        .collect();
    let Ok(present) = folder.read_dir() else {
        return Ok(());
    };
    for file in present {
        let file = file?.path();
        let is_module = file
            .extension()
            .is_some_and(|extension| extension == "wasm");
        if is_module && !expected.contains(&file) {
            fs::remove_file(&file)?;
        }
    }
    Ok(())
}

fn cargo_home() -> Option<PathBuf> {
    env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| env::home_dir().map(|home| home.join(".cargo")))
}

//! Guests that `cargo xtask` built, and the templates that plugins come with.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use regua_domain::template::Template;

/// The module of a crate under `plugins/`, by the name of its folder.
///
/// # Panics
/// Where it was not built.
pub fn plugin(folder: &str) -> Vec<u8> {
    read("REGUA_PLUGINS_DIR", "plugins", folder)
}

/// The module of a crate under `tests/guests/`, by the name of its folder.
///
/// # Panics
/// Where it was not built.
pub fn guest(folder: &str) -> Vec<u8> {
    read("REGUA_GUESTS_DIR", "guests-test", folder)
}

/// The component of the example of an SDK, by its language.
///
/// # Panics
/// Where it was not built.
pub fn example(language: &str) -> Vec<u8> {
    read("REGUA_EXAMPLES_DIR", "sdk", language)
}

/// The templates of a crate under `plugins/`, by the name of its folder: all locales of each.
///
/// # Panics
/// Where one of them does not compile.
pub fn templates(folder: &str) -> BTreeMap<String, Vec<Template>> {
    let crate_folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../plugins/{folder}"));
    let files = crate_folder
        .join("templates")
        .read_dir()
        .expect("templates");
    let mut by_name: BTreeMap<String, Vec<Template>> = BTreeMap::new();
    for file in files {
        let path = file.expect("a template").path();
        let file_name = path.file_name().and_then(|name| name.to_str());
        let mut parts = file_name.unwrap_or_default().split('.');
        let (name, locale) = (parts.next().unwrap_or_default(), parts.next());
        let source = std::fs::read_to_string(&path).expect("a template");
        let template = Template::from_yaml(name, locale.unwrap_or_default(), &source)
            .expect("the template is YAML");
        by_name.entry(name.to_owned()).or_default().push(template);
    }
    by_name
}

fn read(variable: &str, under_target: &str, folder: &str) -> Vec<u8> {
    let directory = std::env::var_os(variable).map_or_else(
        || {
            Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("../target")
                .join(under_target)
        },
        PathBuf::from,
    );
    let module = directory.join(folder).with_extension("wasm");
    std::fs::read(&module).unwrap_or_else(|error| {
        panic!(
            "{}: {error}; run `cargo xtask test`, or build it with `cargo xtask plugins --guests`",
            module.display()
        )
    })
}

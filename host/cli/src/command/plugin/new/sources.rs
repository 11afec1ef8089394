//! What a new project is written of: all of it is in this program.

use std::path::Path;

use super::lock;
use crate::command::plugin::project::Language;

/// By paths from this repository's root; the build script lists them.
const FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/project_files.rs"));

/// A file of a project.
#[derive(Debug)]
pub(super) struct File {
    /// From the project's folder, with `/` between its parts.
    pub path: String,
    pub content: Vec<u8>,
}

impl File {
    fn new(path: impl Into<String>, content: impl Into<Vec<u8>>) -> Self {
        Self {
            path: path.into(),
            content: content.into(),
        }
    }
}

/// All files of a new project. Errors: what this program has in it is broken.
pub(super) fn of(language: Language, name: &str) -> anyhow::Result<Vec<File>> {
    let mut files = beginning(language, name);
    match language {
        Language::Rust => {
            files.push(File::new("Cargo.lock", lock::cargo(name)?));
            files.push(File::new("regua/Cargo.toml", lock::workspace()?));
        }
        Language::Javascript => {
            let sdk = lock::npm_sdk()?;
            let manifest = files.iter().find(|file| file.path == language.manifest());
            let manifest = manifest.map_or(&[][..], |file| &file.content);
            files.push(File::new("package-lock.json", lock::npm(manifest, &sdk)?));
            files.push(File::new(
                format!("regua/{}/package.json", lock::NPM_SDK_PATH),
                format!("{sdk:#}\n"),
            ));
        }
        Language::Python => {}
    }
    // SDK and contract lie as in the repository that they are of, so that they find one another.
    let sdk = format!("sdk/{}/", language.folder());
    for (path, content) in FILES {
        let is_needed = path.starts_with(&sdk) || path.starts_with("wit/");
        if is_needed && !path.ends_with("sdk/javascript/package.json") {
            let is_document = Path::new(path)
                .extension()
                .is_some_and(|extension| extension == "md");
            let content = if is_document {
                without_repository(&String::from_utf8_lossy(content)).into_bytes()
            } else {
                content.to_vec()
            };
            files.push(File::new(format!("regua/{path}"), content));
        }
    }
    Ok(files)
}

/// A document without what stands between these two lines: that holds in this repository alone.
fn without_repository(text: &str) -> String {
    let mut kept = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("<!-- repository -->\n") {
        kept.push_str(before);
        let end = behind.split_once("<!-- /repository -->\n");
        rest = end.map_or("", |(_, rest)| rest);
    }
    kept.push_str(rest);
    kept
}

/// The first stage, with what differs by name and language filled in.
fn beginning(language: Language, name: &str) -> Vec<File> {
    let words = words(language, name);
    let mut files = Vec::new();
    for (path, content) in FILES {
        let own = path.strip_prefix("host/cli/project/");
        let Some((of, path)) = own.and_then(|path| path.split_once('/')) else {
            continue;
        };
        if of != "shared" && of != language.folder() {
            continue;
        }
        // They would act on this repository, were they called so in it.
        let path = match path {
            "gitignore" => ".gitignore",
            "npmrc" => ".npmrc",
            path => path,
        };
        let text = String::from_utf8_lossy(content).into_owned();
        let text = words.iter().fold(text, |text, (word, means)| {
            text.replace(&format!("@{word}@"), means)
        });
        files.push(File::new(path, text));
    }
    files
}

/// What the words between `@` stand for.
fn words(language: Language, name: &str) -> Vec<(&'static str, String)> {
    let [source, native, test, lint, installs, errors, cost] = match language {
        Language::Rust => [
            "src/lib.rs",
            "tests/stage.rs",
            "cargo test",
            "cargo clippy --all-targets && cargo fmt --check",
            "",
            "",
            "A component of some 130 KB, built in seconds. A host takes 0.2 s to compile it; a call \
             takes some\nhundredths of a millisecond and some ten thousand units of fuel.",
        ],
        Language::Javascript => [
            "stage.js",
            "test/stage.test.js",
            "npm test",
            "npm run check",
            "; first it installs what `package-lock.json` names",
            "\nErrors that a component tells in its log name lines of `bundle.js`: the build writes it \
             beside the\ncomponent, as `build/@name@.bundle.js`.\n",
            "A component of 3 MB, for the engine is in it, built in seconds. A host takes some \
             seconds to\ncompile it; a call takes some 1 ms, 2 million units of fuel and more \
             with each open item.",
        ],
        Language::Python => [
            "stage.py",
            "tests/test_stage.py",
            ".venv/bin/python -m pytest",
            ".venv/bin/python -m mypy && .venv/bin/python -m ruff check",
            "; first it makes `.venv` of what `requirements.txt` names",
            "",
            "A component of 15 MB, for the interpreter is in it, built in some ten seconds. A host \
             takes as\nlong to compile it; a call takes some 3 ms and a million units of fuel, and \
             90,000 for each\nfurther open item.",
        ],
    };
    vec![
        // Before the name, which it has in it.
        ("errors", errors.to_owned()),
        ("name", name.to_owned()),
        ("package", lock::package(name)),
        ("rust", env!("CARGO_PKG_RUST_VERSION").to_owned()),
        ("language", language.title().to_owned()),
        ("folder", language.folder().to_owned()),
        ("source", source.to_owned()),
        ("native", native.to_owned()),
        ("test", test.to_owned()),
        ("lint", lint.to_owned()),
        ("installs", installs.to_owned()),
        ("cost", cost.to_owned()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(language: Language) -> Vec<String> {
        let files = of(language, "a-note").unwrap();
        let mut paths: Vec<_> = files.into_iter().map(|file| file.path).collect();
        paths.sort_unstable();
        paths
    }

    #[test]
    fn a_project_has_its_sdk_and_nothing_that_was_built() {
        for (language, file) in [
            (Language::Rust, "regua/sdk/rust/src/lib.rs"),
            (Language::Javascript, "regua/sdk/javascript/src/index.js"),
            (Language::Python, "regua/sdk/python/src/regua_sdk/stage.py"),
        ] {
            let paths = paths(language);
            for wanted in [file, "README.md", ".gitignore", "fixtures/entered.json"] {
                assert!(
                    paths.iter().any(|path| path == wanted),
                    "{wanted}: {paths:?}"
                );
            }
            let built = [
                "node_modules",
                "__pycache__",
                "egg-info",
                ".wasm",
                "target/",
            ];
            let found = paths
                .iter()
                .find(|path| built.iter().any(|part| path.contains(part)));
            assert_eq!(found, None);
            let mut once = paths.clone();
            once.dedup();
            assert_eq!(once, paths);
        }
    }

    #[test]
    fn a_document_keeps_what_holds_in_a_project() {
        let text = "a\n<!-- repository -->\nb\n<!-- /repository -->\nc\n";
        assert_eq!(without_repository(text), "a\nc\n");
        assert_eq!(without_repository("a\n"), "a\n");
    }

    #[test]
    fn no_word_is_left_unfilled() {
        for language in [Language::Rust, Language::Javascript, Language::Python] {
            for file in beginning(language, "a-note") {
                let text = String::from_utf8(file.content).unwrap();
                for (word, _) in words(language, "a-note") {
                    assert!(
                        !text.contains(&format!("@{word}@")),
                        "{}: {word}",
                        file.path
                    );
                }
            }
        }
    }
}

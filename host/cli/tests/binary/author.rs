//! From an idea to a tested component, in each language, with the tools that its author has.
//!
//! What is missing is installed as an author's is: by npm and pip, from their caches where these
//! have it.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Called, Desk, called};

/// The projects' tools keep their caches where they always do; the sandbox's is the desk's.
fn regua(desk: &Desk, arguments: &[&str]) -> Called {
    let mut command = desk.command(arguments);
    match std::env::var_os("XDG_CACHE_HOME") {
        Some(cache) => command.env("XDG_CACHE_HOME", cache),
        None => command.env_remove("XDG_CACHE_HOME"),
    };
    called(command.env("REGUA_CACHE_DIR", desk.path("native")))
}

#[track_caller]
fn done(desk: &Desk, arguments: &[&str]) -> String {
    let Called { code, out, err } = regua(desk, arguments);
    assert_eq!(code, 0, "{arguments:?}\n{out}{err}");
    out
}

/// Runs one of the project's own checks.
#[track_caller]
fn passes(desk: &Desk, line: &str) {
    let mut words = line.split(' ');
    let program = words.next().unwrap();
    let folder = desk.path("a-note");
    let beside = folder.join(program);
    let mut command = Command::new(if beside.is_file() {
        beside.as_os_str()
    } else {
        program.as_ref()
    });
    command.args(words).current_dir(&folder);
    // Of this suite's own cargo.
    command.env_remove("CARGO_TARGET_DIR");
    let Called { code, out, err } = called(&mut command);
    assert_eq!(code, 0, "{line}\n{out}{err}");
}

/// New, build, check, run, test; and the project's own checks, after what they need is installed.
fn from_idea_to_component(lang: &str, own: &[&str]) {
    let desk = Desk::new();
    let made = done(&desk, &["plugin", "new", "a-note", "--lang", lang]);
    assert!(made.starts_with("a-note: a stage in "), "{made}");
    let again = regua(&desk, &["plugin", "new", "a-note", "--lang", lang]);
    assert_eq!(again.code, 2, "{}", again.err);
    assert!(
        again.err.contains("the folder is not empty"),
        "{}",
        again.err
    );

    let built = done(&desk, &["plugin", "build", "a-note"]);
    let component = "a-note/build/a-note.wasm";
    assert!(
        built.starts_with(&format!("{component}\n  bytes     ")),
        "{built}"
    );
    // In JavaScript, with the module that traces name.
    let left = if lang == "javascript" { 2 } else { 1 };
    let beside = desk.path("a-note/build").read_dir().unwrap().count();
    assert_eq!(beside, left, "the component alone is left");
    assert_eq!(
        desk.path("a-note/build/a-note.bundle.js").is_file(),
        left == 2
    );

    let checked = done(&desk, &["plugin", "check", component]);
    assert!(checked.contains("a-note@1.0.0 is admitted"), "{checked}");
    let digest = built.split("digest    ").nth(1).unwrap().trim();
    assert!(checked.contains(digest), "{built}{checked}");
    let imports = checked.lines().find(|line| line.starts_with("  imports"));
    let imports = imports.unwrap().replace("  imports   ", "");
    assert!(
        imports
            .split(", ")
            .all(|import| import.starts_with("regua:dunning/")),
        "{imports}"
    );

    let mut run = vec!["plugin", "run", component, "--config", "a-note/config.json"];
    run.extend([
        "--situation",
        "a-note/fixtures/situations/one-day-late.json",
    ]);
    let decided = done(&desk, &run);
    assert!(decided.contains("leaves   sent"), "{decided}");
    assert!(decided.contains("proposes note:email"), "{decided}");
    assert!(decided.contains("  guard  allowed"), "{decided}");

    let tested = done(&desk, &["plugin", "test", "a-note"]);
    for line in [
        "passed   entered",
        "passed   no-email",
        "2 passed, 0 failed, 0 updated",
        "outcomes  2 of 2",
        "proposes  1 of 1",
    ] {
        assert!(tested.lines().any(|told| told == line), "{line}\n{tested}");
    }
    for line in own {
        passes(&desk, line);
    }
}

/// Whether the compiler on the path has, or may bring, a standard library for wasm.
fn can_build_for_wasm() -> bool {
    let mut rustc = Command::new("rustc");
    rustc.args([
        "--print",
        "target-libdir",
        "--target",
        "wasm32-unknown-unknown",
    ]);
    let libraries = called(&mut rustc).out;
    Path::new(libraries.trim()).is_dir() || Command::new("rustup").arg("--version").output().is_ok()
}

#[test]
fn a_stage_in_rust_goes_from_an_idea_to_a_tested_component() {
    if !can_build_for_wasm() {
        // As it is with a distribution's own compiler: the author is told what to install.
        let desk = Desk::new();
        done(&desk, &["plugin", "new", "a-note", "--lang", "rust"]);
        let built = regua(&desk, &["plugin", "build", "a-note"]);
        assert_eq!(built.code, 2, "{}", built.err);
        assert!(built.err.contains("rustup target add"), "{}", built.err);
        return;
    }
    from_idea_to_component(
        "rust",
        &[
            "cargo test --quiet",
            "cargo clippy --quiet --all-targets -- --deny warnings",
            "cargo fmt --check",
        ],
    );
}

#[test]
fn a_stage_in_javascript_goes_from_an_idea_to_a_tested_component() {
    from_idea_to_component("javascript", &["npm test", "npm run check"]);
}

#[test]
fn a_stage_in_python_goes_from_an_idea_to_a_tested_component() {
    from_idea_to_component(
        "python",
        &[
            ".venv/bin/python -m pytest --quiet",
            ".venv/bin/python -m mypy",
            ".venv/bin/python -m ruff check",
            ".venv/bin/python -m ruff format --check",
        ],
    );
}

#[test]
fn what_is_no_project_or_does_not_compile_is_told() {
    let desk = Desk::new();
    let none = regua(&desk, &["plugin", "build"]);
    assert_eq!(none.code, 2);
    assert!(
        none.err.contains("is no project of a stage"),
        "{}",
        none.err
    );
    let nowhere = regua(&desk, &["plugin", "build", "nowhere"]);
    assert_eq!(nowhere.code, 2);
    assert!(
        nowhere.err.contains("nowhere is no folder"),
        "{}",
        nowhere.err
    );
    for name in ["Bad", "a--b", "-"] {
        let named = regua(&desk, &["plugin", "new", name, "--lang", "rust"]);
        assert_eq!(named.code, 2, "{name}: {}", named.err);
    }
    if !can_build_for_wasm() {
        return;
    }
    std::fs::create_dir_all(desk.path("src")).unwrap();
    desk.write(
        "Cargo.toml",
        "[package]\nname = \"broken\"\n\n[lib]\ncrate-type = [\"cdylib\"]\n[workspace]\n",
    );
    desk.write("src/lib.rs", "this is no Rust");
    let broken = regua(&desk, &["plugin", "build"]);
    assert_eq!(broken.code, 3, "{}", broken.err);
    assert!(broken.err.contains("error: expected"), "{}", broken.err);
    assert!(
        broken.out.contains("not built: cargo failed, see above"),
        "{}",
        broken.out
    );
    // A build that fails leaves none that an earlier one made.
    desk.write("build/broken.wasm", "made of older sources");
    let broken = regua(&desk, &["plugin", "build"]);
    assert_eq!(broken.code, 3, "{}", broken.err);
    assert!(!desk.path("build/broken.wasm").exists());
    // A module that is no stage.
    desk.write("src/lib.rs", "");
    let empty = regua(&desk, &["plugin", "build"]);
    assert_eq!(empty.code, 3, "{}", empty.err);
    let told = "not built: a core module without what makes it a component";
    assert!(empty.out.contains(told), "{}", empty.out);
    assert!(!desk.path("build/broken.wasm").exists());
}

/// All documents of a project, with their texts.
fn documents(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
    for entry in folder.read_dir().unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            documents(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "md") {
            found.push((path.clone(), std::fs::read_to_string(path).unwrap()));
        }
    }
}

#[test]
fn documents_of_a_project_name_what_it_has() {
    for lang in ["rust", "javascript", "python"] {
        let desk = Desk::new();
        done(&desk, &["plugin", "new", "a-note", "--lang", lang]);
        let mut found = Vec::new();
        documents(&desk.path("a-note"), &mut found);
        assert_eq!(
            found.len(),
            3,
            "the project's, the SDK's and the contract's"
        );
        let scripts = std::fs::read_to_string(desk.path("a-note/package.json"));
        let scripts = scripts.unwrap_or_default();
        for (file, text) in found {
            let file_shown = file.display();
            for link in text.split("](").skip(1) {
                let link = link.split([')', '#']).next().unwrap();
                let is_there = link.contains("://") || file.parent().unwrap().join(link).exists();
                assert!(is_there, "{file_shown}: {link} leads nowhere");
            }
            for script in text.split("npm run ").skip(1) {
                let name: String = script
                    .chars()
                    .take_while(|c| c.is_ascii_alphanumeric() || *c == ':')
                    .collect();
                let is_there = scripts.contains(&format!("\"{name}\":"));
                assert!(is_there, "{file_shown}: there is no script {name}");
            }
            for elsewhere in [
                "repository -->",
                "shape.txt",
                "npm ci`",
                "CHANGELOG",
                "xtask",
            ] {
                assert!(!text.contains(elsewhere), "{file_shown}: {elsewhere}");
            }
        }
    }
}

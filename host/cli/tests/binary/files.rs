//! What is replaced, who can read it, and from where code is loaded.

use crate::{Called, Desk, called};

#[test]
fn a_demo_replaces_no_file_that_no_demo_made() {
    let desk = Desk::new();
    desk.sandbox();
    desk.write("plugins.txt", "no folder");
    desk.write("notes.txt", "not a database");
    let plugins = std::env::var("REGUA_PLUGINS_DIR").expect("built plugins: `cargo xtask test`");
    for file in ["regua.sqlite", "notes.txt"] {
        let before = std::fs::read(desk.path(file)).unwrap();
        let Called { code, out, err } =
            desk.call(&["demo", "--database", file, "--plugins", &plugins]);
        assert_eq!(code, 1, "{out}{err}");
        let told = format!("replace {file}, which no demo made");
        assert!(err.contains(&told), "{err}");
        assert!(std::fs::read(desk.path(file)).unwrap() == before, "{file}");
    }
    assert!(desk.done(&["tenant", "list"]).contains("acme"));
}

#[test]
fn a_tenant_that_is_called_demo_is_not_a_demos() {
    let desk = Desk::new();
    let create = "tenant create demo --charges-on-paid-principal keep --sandbox";
    desk.done(&create.split(' ').collect::<Vec<_>>());
    let plugins = std::env::var("REGUA_PLUGINS_DIR").expect("built plugins: `cargo xtask test`");
    let called = desk.call(&["demo", "--database", "regua.sqlite", "--plugins", &plugins]);
    assert_eq!(called.code, 1, "{}", called.out);
    assert!(desk.done(&["tenant", "list"]).contains("demo"));
}

#[test]
fn a_demo_whose_plugins_are_missing_touches_no_file() {
    let desk = Desk::new();
    desk.sandbox();
    let called = desk.call(&["demo", "--database", "regua.sqlite", "--plugins", "nowhere"]);
    assert_eq!(called.code, 1);
    assert!(
        called.err.contains("nowhere is not there"),
        "{}",
        called.err
    );
    assert!(desk.done(&["tenant", "list"]).contains("acme"));
    let fresh = desk.call(&["demo", "--plugins", "nowhere"]);
    assert_eq!(fresh.code, 1);
    assert!(!desk.path("regua-demo.sqlite").exists());
}

#[cfg(unix)]
#[test]
fn only_its_owner_can_read_a_store() {
    use std::os::unix::fs::PermissionsExt as _;
    let desk = Desk::new();
    desk.sandbox();
    let mode = |name: &str| {
        let data = std::fs::metadata(desk.path(name)).unwrap();
        data.permissions().mode() & 0o777
    };
    assert_eq!(mode("regua.sqlite"), 0o600);
}

#[test]
fn a_settings_file_that_nobody_named_does_not_say_from_where_code_is_loaded() {
    let desk = Desk::new();
    desk.write("regua.toml", "log = \"warn\"\ncache-dir = \"planted\"\n");
    let called = desk.call(&["tenant", "list"]);
    assert_eq!(called.code, 2);
    assert!(
        called
            .err
            .contains("`cache-dir` may only stand in a file that was named"),
        "{}",
        called.err
    );
    let named = desk.done(&["settings", "--settings", "regua.toml"]);
    assert!(named.contains("cache-dir = planted"), "{named}");
}

#[test]
fn without_a_home_native_code_goes_nowhere_rather_than_into_a_shared_folder() {
    let desk = Desk::new();
    desk.sandbox();
    desk.write("stage.wasm", "none");
    let mut add = desk.command(&["plugin", "push", "stage.wasm"]);
    add.env_remove("XDG_CACHE_HOME").env_remove("HOME");
    let Called { code, err, .. } = called(&mut add);
    assert_eq!(code, 2, "{err}");
    assert!(err.contains("--cache-dir"), "{err}");
}

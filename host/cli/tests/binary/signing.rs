//! Plugins that are signed, and taken away again.

use std::os::unix::fs::PermissionsExt as _;

use crate::server::{Both, words};
use crate::{Desk, plugin};

const POLICY: &str = "display_name: Acme\ncharges_on_paid_principal: keep\n\
                      link_base: https://pay.acme.example\nsandbox: true\nsigned_plugins: true\n";

#[test]
fn a_key_is_made_in_a_file_of_its_owners_own_that_was_not_there() {
    let desk = Desk::new();
    let made = desk.call(&words("plugin key new key.pem"));
    assert_eq!(made.code, 0, "{}", made.err);
    assert!(
        made.out.starts_with("-----BEGIN PUBLIC KEY-----\n"),
        "{}",
        made.out
    );
    assert!(
        made.err.starts_with("key.pem: the private key of plk_"),
        "{}",
        made.err
    );
    let file = desk.path("key.pem");
    let mode = std::fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let before = std::fs::read(&file).unwrap();
    assert!(before.starts_with(b"-----BEGIN PRIVATE KEY-----\n"));
    let again = desk.call(&words("plugin key new key.pem"));
    assert_eq!(again.code, 1, "{}", again.out);
    assert!(
        again.err.contains("key.pem is there already"),
        "{}",
        again.err
    );
    assert_eq!(std::fs::read(&file).unwrap(), before);
}

#[test]
fn a_tenant_that_asks_for_signatures_takes_what_its_key_signed() {
    let both = Both::new();
    let wasm = plugin("first-day-late-email");
    let id = {
        let made = both.here.call(&words("plugin key new key.pem"));
        let id = made
            .err
            .split_whitespace()
            .find(|word| word.starts_with("plk_"));
        id.unwrap().trim_end_matches(',').to_owned()
    };
    both.here.done(&words("plugin key new other.pem"));
    both.here.write("policy.yaml", POLICY);
    both.done(&words("tenant policy acme --set policy.yaml"));
    let added = both.done(&words("plugin key add key.pem --label build"));
    assert_eq!(added, format!("{id} registered as `build`\n"));
    let again = both.call(&words("plugin key add key.pem"));
    assert_eq!(again.code, 1, "{}", again.out);
    assert!(again.err.contains("is registered already"), "{}", again.err);
    let listed = both.here.done(&words("plugin key list"));
    assert!(listed.starts_with(&format!("{id}\t")), "{listed}");
    let refused = both.call(&["plugin", "push", &wasm]);
    assert_eq!(refused.code, 3, "{}", refused.err);
    assert!(
        refused
            .out
            .contains("not added: signature: this tenant takes a plugin only with"),
        "{}",
        refused.out
    );
    let refused = both.call(&["plugin", "push", &wasm, "--sign", "other.pem"]);
    assert_eq!(refused.code, 3, "{}", refused.err);
    assert!(
        refused.out.contains("is no plugin key of this tenant"),
        "{}",
        refused.out
    );
    let none = both.call(&["plugin", "push", &wasm, "--sign", "policy.yaml"]);
    assert_eq!(none.code, 2, "{}", none.out);
    assert!(
        none.err.contains("policy.yaml is no PEM of a private key"),
        "{}",
        none.err
    );
    let pushed = both.done(&["plugin", "push", &wasm, "--sign", "key.pem"]);
    assert!(
        pushed.contains(&format!(" added, signed by {id} (")),
        "{pushed}"
    );
    let label = pushed.split(' ').next().unwrap();
    both.done(&["plugin", "key", "remove", &id]);
    let shown = both.done(&["plugin", "show", label]);
    assert!(shown.contains(&format!("signed    by {id}")), "{shown}");
    assert!(shown.contains("granted   "), "{shown}");
    let which = both.call(&words("plugin remove first-day-late-email"));
    assert_eq!(which.code, 2, "{}", which.out);
    assert_eq!(
        both.done(&["plugin", "remove", label]),
        format!("{label} removed\n")
    );
    let gone = both.call(&["plugin", "remove", label]);
    assert_eq!(gone.code, 1, "{}", gone.out);
    assert!(gone.err.contains("does not exist"), "{}", gone.err);
}

//! What a tenant lets a stage propose.

use regua_domain::contract::ActionKind;

use crate::kit::*;

#[test]
fn what_is_not_granted_is_refused() {
    let mut world = World::new(
        &single(),
        vec![plugin("only", mails).proposes(&[ActionKind::AddNote])],
    );
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .until("2026-03-04");
    assert_eq!(
        world.lines(&["decided"])[0],
        "03-03 decided only: leave: sent; send-message refused (grant)"
    );
    assert!(world.letters().is_empty());
}

#[test]
fn what_a_tenant_stops_granting_a_plugin_is_refused_from_then_on() {
    let mut world = World::new(&single(), vec![plugin("only", mails)]);
    let none = [("only".to_owned(), [ActionKind::AddNote].into())];
    world.tenant.policy.plugin_grants = none.into();
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .until("2026-03-04");
    assert_eq!(
        world.lines(&["decided"])[0],
        "03-03 decided only: leave: sent; send-message refused (grant)"
    );
    assert!(world.letters().is_empty());
}

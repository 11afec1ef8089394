//! What a debtor reads.

use regua_domain::contract::{Action, Content, Message, Purpose};
use regua_domain::workflow::check::{Form, check_text};

use crate::kit::*;

/// Asked three days before the due date, with a list of what it asks for.
fn lists(purpose: Purpose) -> World {
    let rung = stage("only", "only", "{ days_overdue: -3 }", CLOSED);
    let lister = plugin("only", move |_| {
        leave(vec![by_template(purpose, "list")], "sent")
    });
    World::new(
        &document(&[], &[with_template(&rung, "list")]),
        vec![lister.with_template()],
    )
}

#[test]
fn a_reminder_before_the_due_date_lists_what_is_coming_due_and_its_sum() {
    let mut world = lists(Purpose::Reminder);
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-06"))
        .tell("2026-03-02 08:00", invoice("B", "BRL 50.00", "2026-03-09"))
        .tell("2026-03-02 08:00", dispute("B", Some("BRL 20.00")))
        .until("2026-03-04");
    let text =
        "BRL 130.00: A BRL 100.00 by 6 March 2026, 0 days; B BRL 30.00 by 9 March 2026, 0 days;";
    assert_eq!(world.letters(), [format!("2026-03-03 only: {text}")]);
}

#[test]
fn a_reminder_after_the_due_date_lists_what_is_past_due_alone() {
    let mut world = lists(Purpose::Reminder);
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-02-27"))
        .tell("2026-03-02 08:00", invoice("B", "BRL 50.00", "2026-03-09"))
        .until("2026-03-04");
    let text = "BRL 100.00: A BRL 100.00 by 27 February 2026, 3 days;";
    assert_eq!(world.letters(), [format!("2026-03-02 only: {text}")]);
}

/// Its only stage has locked the template with a link.
fn linking() -> (String, Plugin) {
    let rung = stage("only", "only", "{ days_overdue: 1 }", CLOSED);
    let part = |_: &_| leave(vec![by_template(Purpose::Demand, "link")], "sent");
    (
        document(&[], &[with_template(&rung, "link")]),
        plugin("only", part).with_template(),
    )
}

#[test]
fn a_template_with_a_link_is_not_published_while_nothing_says_where_links_lead() {
    let (document, plugin) = linking();
    let world = World::new(&document, vec![plugin]);
    let mut policy = policy();
    policy.link_base.clear();
    let problems = check_text(&document, Form::Yaml, &world.cast, &policy, 2).unwrap_err();
    let told: Vec<_> = problems.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "line 11, column 15, /stages/0/config/template: the template `link` has links, and nothing says where they lead: set `link_base` in the tenant's policy"
        ]
    );
}

fn refused(mut world: World) {
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .until("2026-03-04");
    assert_eq!(
        world.lines(&["decided"])[0],
        "03-03 decided only: leave: sent; send-message refused (template-failed)"
    );
    assert!(world.letters().is_empty());
}

#[test]
fn no_letter_leads_nowhere() {
    let nowhere = |policy: &mut regua_domain::policy::Policy| policy.link_base.clear();
    // The base was taken away after the workflow was published.
    let (document, locked) = linking();
    refused(World::new(&document, vec![locked]).with_policy(nowhere));
    let inline = plugin("only", |_| {
        let message = Message {
            content: Content::Inline {
                subject: "A word".to_owned(),
                body: "Pay: {{ links.pay }}".to_owned(),
            },
            ..plain(Purpose::Demand, email())
        };
        leave(vec![proposal("mail", Action::SendMessage(message))], "sent")
    });
    refused(World::new(&single(), vec![inline]).with_policy(nowhere));
}

#[test]
fn a_link_leads_to_the_tenants_own_pages() {
    let (document, plugin) = linking();
    let mut world = World::new(&document, vec![plugin]);
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .until("2026-03-04");
    let letter = world.letters().remove(0);
    let begins = "2026-03-03 only: Pay: https://pay.acme.example/pay/";
    assert!(letter.starts_with(begins), "{letter}");
}

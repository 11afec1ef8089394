//! What cannot be meant is refused, and what leads nowhere is said.

use regua_domain::time::Timestamp;
use regua_storage::{Lease, Store as _};
use regua_storage_sqlite::{Options, SqliteStore};

use crate::{Called, Desk};

/// Far in the future of the sandbox, and of everybody's leases.
const FAR: Timestamp = Timestamp(4_000_000_000_000);

/// Opens the desk's store as another process would have it, and claims all that is due.
fn claim_all(desk: &Desk, lease_ends: Timestamp, then_rest: bool) {
    let tokio = tokio::runtime::Runtime::new().unwrap();
    tokio.block_on(async {
        let store = SqliteStore::open(desk.path("regua.sqlite"), Options::default());
        let store = store.await.unwrap();
        let tenant = store.tenants().await.unwrap()[0].id;
        // Leases that there are have ended by then.
        let host_now = Timestamp(lease_ends.0 - 1);
        let agenda = store.agenda();
        let leases: Vec<Lease> = agenda
            .claim(tenant, FAR, host_now, lease_ends, 9)
            .await
            .unwrap();
        assert_eq!(leases.len(), 1);
        if then_rest {
            let rests = [(leases[0], FAR)];
            store.tenant(tenant).rest(&rests).await.unwrap();
        }
        store.close().await;
    });
}

#[test]
fn a_clock_does_not_pass_work_that_somebody_else_holds() {
    let desk = Desk::new();
    desk.sandbox();
    desk.customer("A-1", "UTC");
    claim_all(&desk, FAR, false);
    let run = ["run", "--until", "2012-03-01"];
    let Called { code, out, err } = desk.call(&run);
    assert_eq!(code, 1, "{out}{err}");
    assert!(
        err.contains("1 customers that are due are held by another process"),
        "{err}"
    );
    assert!(desk.done(&["clock", "show"]).starts_with("2012-01-01"));
}

#[test]
fn a_lease_that_ended_or_a_rest_after_a_fault_stops_no_clock() {
    let desk = Desk::new();
    desk.sandbox();
    desk.customer("A-1", "UTC");
    claim_all(&desk, Timestamp(1), false);
    let run = desk.done(&["run", "--until", "2012-02-01"]);
    assert!(run.contains("1 runs"), "{run}");

    desk.done(&Desk::invoice("A-1", "1", "5.00 BRL"));
    claim_all(&desk, FAR, true);
    let Called { code, out, err } = desk.call(&["run", "--until", "2012-03-01"]);
    assert_eq!(code, 1, "{out}{err}");
    assert!(err.contains("the host could not make 1 runs"), "{err}");
    assert!(desk.done(&["clock", "show"]).starts_with("2012-03-01"));
}

#[test]
fn a_workflow_that_is_not_there_is_said_where_it_matters() {
    let desk = Desk::new();
    desk.sandbox();
    let policy = "display_name: Acme\nsandbox: true\ncharges_on_paid_principal: keep\n\
                  default_workflow: nope\n";
    desk.write("policy.yaml", policy);
    let warning = "warning: /default_workflow: there is no active workflow `nope`";
    let put = desk.call(&["tenant", "policy", "acme", "--set", "policy.yaml"]);
    assert_eq!(put.code, 0, "{}{}", put.out, put.err);
    assert!(put.err.contains(warning), "{}", put.err);
    let run = desk.call(&["run", "--until", "2012-01-02"]);
    assert_eq!(run.code, 0);
    assert!(run.err.contains(warning), "{}", run.err);
}

#[test]
fn a_policy_that_cannot_be_meant_changes_nothing() {
    let desk = Desk::new();
    desk.sandbox();
    desk.write(
        "policy.yaml",
        "display_name: Acme\nsandbox: true\ncharges_on_paid_principal: keep\n\
         pending_days: 5000000\nagencies: ['']\nlink_base: \"https://a.example\\nx\"\n",
    );
    let put = desk.call(&["tenant", "policy", "acme", "--set", "policy.yaml"]);
    assert_eq!(put.code, 3, "{}{}", put.out, put.err);
    for place in ["/pending_days: ", "/agencies: ", "/link_base: "] {
        assert!(put.out.contains(place), "{}", put.out);
    }
}

#[test]
fn dates_and_amounts_that_nobody_means_are_refused() {
    let desk = Desk::new();
    desk.sandbox();
    desk.customer("A-1", "Asia/Tokyo");
    let clock = desk.call(&["clock", "set", "+262142-12-31T23:59"]);
    assert_eq!(clock.code, 2);
    assert!(clock.err.contains("1970 to 2199"), "{}", clock.err);
    let amount = desk.call(&Desk::invoice("A-1", "1", "1_000 BRL"));
    assert_eq!(amount.code, 2);
    assert!(amount.err.contains("is not an amount"), "{}", amount.err);
    desk.done(&["case", "timeline", "--customer", "A-1"]);
}

#[test]
fn an_id_stands_for_one_fact_about_one_customer() {
    let desk = Desk::new();
    desk.sandbox();
    desk.customer("A-1", "UTC");
    desk.customer("B-2", "UTC");
    let id = ["--id", "fact_0192f0c1-0000-7000-8000-000000000001"];
    let add = |customer, reference| {
        let invoice = Desk::invoice(customer, reference, "5.00 BRL");
        desk.call(&[invoice.as_slice(), &id].concat())
    };
    let first = add("A-1", "1");
    assert_eq!(first.code, 0, "{}", first.err);
    assert!(add("A-1", "1").out.contains("known already"));
    for (customer, reference, told) in [
        ("B-2", "1", "was told of another customer"),
        ("A-1", "2", "stands for another fact"),
    ] {
        let other = add(customer, reference);
        assert_eq!(other.code, 1, "{}", other.out);
        assert!(other.err.contains(told), "{}", other.err);
    }
}

//! Mappings' faults, rows' faults, and the mapping that ships.

use regua_domain::fact::Fact;

use regua_cli::import::mapping::Mapping;
use regua_cli::import::report::{Report, kind};
use regua_cli::import::rows::{Read, read};

const SHIPPED: &str = include_str!("../examples/receivables-history.mapping.yaml");
const HEADINGS: &str = "countrycode,customerID,PaperlessDate,invoiceNumber,InvoiceDate,DueDate,\
                        InvoiceAmount,Disputed,SettledDate,PaperlessBill,DaysToSettle,DaysLate\n";

fn of(rows: &str) -> Read {
    let mapping = Mapping::parse(SHIPPED).unwrap();
    read(&mapping, format!("{HEADINGS}{rows}").as_bytes()).unwrap()
}

/// Facts as `instant kind`, in their order.
fn told(read: &Read) -> Vec<String> {
    let facts = read.customers.iter().flat_map(|customer| &customer.facts);
    facts
        .map(|told| format!("{} {}", told.at.to_rfc3339(), kind(&told.fact)))
        .collect()
}

fn faults(read: &Read) -> Vec<String> {
    read.faults.iter().map(ToString::to_string).collect()
}

#[test]
fn every_fault_of_a_mapping_is_told_with_its_line() {
    let text = r#"source: ledger
csv: { delimiter: ";;", dates: "%Q" }
lookups:
  country:
    column: code
    table: { "1": { zone: UTC }, "2": { local: en } }
customer:
  reference: "{id"
  name: "{id}"
  kind: business
  locale: "{country.locale}"
  jurisdiction: US
  time_zone: "{country.zone}"
  contacts:
    - { channel: E-Mail, address: "{mail|title}" }
  colour: red
payment: { reference: "{no}", paid_on: "{paid}", time: "25:00" }
events:
  - { fact: dispute-opend, on: due }
  - { when: { column: a }, fact: hold-lifted, on: due }
"#;
    let faults = Mapping::parse(text).unwrap_err();
    let faults: Vec<_> = faults.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(faults.join("\n"));
}

#[test]
fn a_row_becomes_facts_at_instants_of_the_customers_own_day() {
    let read = of("770,A,31/12/2012,1,03/01/2012,02/02/2012,50.39,No,23/01/2012,Paper,20,0\n");
    assert_eq!(
        told(&read),
        [
            "2012-01-03T05:00:00Z customer",
            "2012-01-03T06:00:00Z invoice-issued",
            "2012-01-23T17:30:00Z payment",
        ]
    );
}

#[test]
fn a_disputed_invoice_is_disputed_after_its_due_date_until_it_is_settled() {
    let read = of("391,A,01/01/2013,1,03/01/2012,02/02/2012,50,Yes,20/02/2012,Paper,48,18\n");
    assert_eq!(
        told(&read)[2..],
        [
            "2012-02-03T20:00:00Z dispute-opened",
            "2012-02-20T22:00:00Z dispute-resolved",
            "2012-02-20T22:30:00Z payment",
        ]
    );
}

#[test]
fn a_dispute_about_what_was_settled_early_begins_and_ends_on_that_day() {
    let read = of("770,A,01/01/2013,1,03/01/2012,02/02/2012,50,Yes,20/01/2012,Paper,17,0\n");
    assert_eq!(
        told(&read)[2..],
        [
            "2012-01-20T15:00:00Z dispute-opened",
            "2012-01-20T17:00:00Z dispute-resolved",
            "2012-01-20T17:30:00Z payment",
        ]
    );
}

#[test]
fn an_unsettled_invoice_has_no_payment_and_its_dispute_stays_open() {
    let read = of("770,A,01/01/2013,1,03/01/2012,02/02/2012,50,Yes,,Paper,,\n");
    assert_eq!(told(&read)[2..], ["2012-02-03T15:00:00Z dispute-opened"]);
}

#[test]
fn who_a_customer_is_is_told_again_only_where_it_changed() {
    let read = of("770,A,x,1,03/01/2012,02/02/2012,50,No,,Paper,,\n\
                   770,A,x,3,09/01/2012,02/02/2012,50,No,,Electronic,,\n\
                   770,A,x,2,05/01/2012,02/02/2012,50,No,,Paper,,\n");
    let customers: Vec<_> = read.customers[0]
        .facts
        .iter()
        .filter_map(|told| match &told.fact {
            Fact::Customer(facts) => Some((told.line, facts.contacts[0].channel.to_string())),
            _ => None,
        })
        .collect();
    assert_eq!(
        customers,
        [(2, "letter".to_owned()), (3, "email".to_owned())]
    );
}

#[test]
fn rows_that_cannot_be_taken_are_listed_and_the_others_are_in() {
    let read = of(
        "770,A,x,1,03/01/2012,02/02/2012,50.39,No,23/01/2012,Paper,20,0\n\
                   770,A,x,2,31/02/2012,02/02/2012,50.39,No,23/01/2012,Paper,20,0\n\
                   770,A,x,3,03/01/2012,02/01/2012,50.39,No,23/01/2012,Paper,20,0\n\
                   770,A,x,4,03/01/2012,02/02/2012,much,No,23/01/2012,Paper,20,0\n\
                   770,A,x,5,03/01/2012,02/02/2012,50.395,No,23/01/2012,Paper,20,0\n\
                   770,A,x,6,03/01/2012,02/02/2012,-1,No,23/01/2012,Paper,20,0\n\
                   770,,x,7,03/01/2012,02/02/2012,50.39,No,23/01/2012,Paper,20,0\n\
                   770,A,x,,03/01/2012,02/02/2012,50.39,No,23/01/2012,Paper,20,0\n\
                   999,A,x,8,03/01/2012,02/02/2012,50.39,No,23/01/2012,Paper,20,0\n\
                   770,A,x,1,03/01/2012,02/02/2012,50.40,No,23/01/2012,Paper,20,0\n\
                   770,A,x,1,03/01/2012,02/02/2012,50.39,No,23/01/2012,Paper,20,0\n\
                   770,B,x,1,03/01/2012,02/02/2012,50.39,No,23/01/2012,Paper,20,0\n\
                   770,A,x,9,03/01/2012,02/02/2012,50.39,No,02/01/2012,Paper,20,0\n\
                   770,A,x\n\
                   770,A,x,10,03/01/2012,02/02/2012,50.39,No,23/01/2012,Paper,20,0\n",
    );
    insta::assert_snapshot!(faults(&read).join("\n"));
    let report = Report::unsaid(&read);
    assert_eq!((report.rows, report.rows_left_out), (15, 12));
    assert_eq!(report.customers, 1);
}

#[test]
fn columns_that_the_file_lacks_are_named_before_any_row_is_read() {
    let mapping = Mapping::parse(SHIPPED).unwrap();
    let error = read(&mapping, "customerID,Disputed\n".as_bytes()).unwrap_err();
    let text = error.to_string();
    assert!(text.contains("`DueDate`, `InvoiceAmount`"), "{text}");
}

#[test]
fn an_empty_file_is_said_to_be_empty() {
    let mapping = Mapping::parse(SHIPPED).unwrap();
    let error = read(&mapping, "".as_bytes()).unwrap_err();
    assert!(error.to_string().contains("the file is empty"), "{error}");
}

#[test]
fn a_fault_is_told_with_its_line_whatever_ends_the_lines() {
    let mapping = Mapping::parse(SHIPPED).unwrap();
    let rows = "770,A,x,1,03/01/2012,02/02/2012,50,No,,\"Pa\nper\",,\n\
                770,A,x,2,03/01/2012,02/02/2012,x,No,,Paper,,\n";
    for end in ["\n", "\r\n"] {
        let text = format!("{HEADINGS}{rows}").replace('\n', end);
        let read = read(&mapping, text.as_bytes()).unwrap();
        assert_eq!(read.faults[0].line, 4, "{end:?}");
    }
}

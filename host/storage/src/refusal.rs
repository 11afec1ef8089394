//! Broken rules of a schema, in the words that people are told: the same of every store.

/// What kind of rule a row broke.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule<'a> {
    /// A bound on a value, by the rule's name.
    Bound(&'a str),
    /// One case is open a customer and currency.
    OpenCase,
    /// Any other key that may be there once.
    Key,
    /// Something else, in the database's words.
    Other(&'a str),
}

/// What rule a row broke. `value` tells the row's values behind those of its customer's key,
/// in the order of the table's columns.
pub fn words(table: &str, rule: Rule<'_>, value: impl Fn(usize) -> String) -> String {
    match (rule, table) {
        (Rule::Bound(rule), _) => format!("a value of `{table}` breaks the rule `{rule}`"),
        (Rule::OpenCase, _) => format!("the customer has an open case in {} already", value(1)),
        (Rule::Other(message), _) => format!("a rule of `{table}` is broken: {message}"),
        (Rule::Key, "customer") => format!(
            "customer reference `{}` is taken by another customer",
            value(0)
        ),
        (Rule::Key, "item") => format!(
            "invoice reference `{}` is taken by another customer",
            value(1)
        ),
        (Rule::Key, "payment") => format!(
            "payment reference `{}` is taken by another customer",
            value(1)
        ),
        (Rule::Key, "dunning_case") => "the case id is another customer's".to_owned(),
        (Rule::Key, "ledger") => format!("ledger entry {} is written already", value(0)),
        (Rule::Key, "timeline") => format!("timeline entry {} is written already", value(0)),
        (Rule::Key, "fact") => "the fact was told of another customer".to_owned(),
        (Rule::Key, "inbox") => format!("fact {} waits already", value(0)),
        (Rule::Key, "decision") => {
            format!("the decision of transition {} is written already", value(1))
        }
        (Rule::Key, _) => format!("a key of `{table}` is taken"),
    }
}

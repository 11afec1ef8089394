//! From text to a scenario whose faults are all told, each with its line and column.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use chrono::NaiveTime;
use regua_domain::money::Currency;
use regua_domain::time::{Date, Timestamp, is_plausible};
use regua_domain::workflow::check::{Form, Lines, Problem, Schema, read};
use serde_json::Value;

use super::document::{Document, Person};
use super::event::{Entry, Event};
use super::expect::Expect;
use super::limits;
use super::moment::{Moment, end_of};

/// A scenario, ready to be played.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// What it is about.
    pub title: String,
    /// Where the policy is, as it is written.
    pub setup: Option<Value>,
    /// The first day.
    pub starts: Date,
    /// Who it is about, by reference.
    pub customers: BTreeMap<String, Person>,
    /// What happens and is expected, in the order in which it is written.
    pub steps: Vec<Step>,
}

/// One thing that happens, or is expected.
#[derive(Debug, Clone)]
pub struct Step {
    /// The entry's place in the document, RFC 6901.
    pub pointer: String,
    /// About whom.
    pub customer: String,
    /// On which day of theirs.
    pub on: Date,
    /// At which instant.
    pub at: Timestamp,
    /// What.
    pub what: What,
}

/// See [`Step::what`].
#[derive(Debug, Clone)]
pub enum What {
    /// It happens; or the host is expected to refuse it in these words.
    Happens(Box<Event>, Option<String>),
    /// It is expected.
    Expected(Expect),
}

/// The schema of scenarios, for editors.
pub fn document_schema() -> &'static Value {
    &compiled().value
}

fn compiled() -> &'static Schema {
    static SCHEMA: OnceLock<Schema> = OnceLock::new();
    SCHEMA.get_or_init(|| {
        Schema::new(schemars::schema_for!(Document).to_value())
            .expect("the document's schema is tested to compile")
    })
}

/// Reads a scenario, or tells all of its faults, each with its line and column.
pub fn scenario(text: &str, form: Form) -> Result<Scenario, Vec<Problem>> {
    let value = read(text, form)?;
    of_value(value).map_err(|mut problems| {
        Lines::of(text).number(&mut problems);
        problems
    })
}

/// Reads a scenario that is JSON already.
pub fn of_value(value: Value) -> Result<Scenario, Vec<Problem>> {
    let problems = compiled().problems(&value);
    if !problems.is_empty() {
        return Err(problems);
    }
    let problems = empty_members(&value);
    if !problems.is_empty() {
        return Err(problems);
    }
    let problems = unreadable_entries(&value);
    if !problems.is_empty() {
        return Err(problems);
    }
    let document: Document = serde_path_to_error::deserialize(value).map_err(|error| {
        let pointer = pointer(error.path());
        vec![Problem::new(pointer, error.into_inner().to_string())]
    })?;
    Telling::new(&document).tell(document)
}

/// Members of entries behind which nothing stands: whoever wrote them meant something.
fn empty_members(value: &Value) -> Vec<Problem> {
    let entries = value.get("story").and_then(Value::as_array);
    let entries = entries.into_iter().flatten().enumerate();
    let mut problems = Vec::new();
    for (at, entry) in entries {
        let members = entry.as_object().into_iter().flatten();
        let bounds = entry.get("expect").and_then(Value::as_object);
        let bounds = bounds.into_iter().flatten();
        let bounds = bounds.filter(|(name, _)| limits::NAMES.contains(&name.as_str()));
        let nothing = |base: String| {
            move |(name, value): (&String, &Value)| {
                let text = "says nothing: write something behind it, or leave it out";
                value
                    .is_null()
                    .then(|| Problem::new(format!("{base}/{name}"), text))
            }
        };
        problems.extend(members.filter_map(nothing(format!("/story/{at}"))));
        problems.extend(bounds.filter_map(nothing(format!("/story/{at}/expect"))));
    }
    problems
}

/// What no schema can say of entries, such as that a currency is one: of each its first fault.
fn unreadable_entries(value: &Value) -> Vec<Problem> {
    let entries = value.get("story").and_then(Value::as_array);
    let entries = entries.into_iter().flatten().enumerate();
    let faults = entries.filter_map(|(at, entry)| {
        let error = serde_path_to_error::deserialize::<_, Entry>(entry).err()?;
        let pointer = format!("/story/{at}{}", pointer(error.path()));
        Some(Problem::new(pointer, error.into_inner().to_string()))
    });
    faults.collect()
}

fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    let tokens = path.iter().filter_map(|segment| match segment {
        Segment::Seq { index } => Some(index.to_string()),
        Segment::Map { key } => Some(key.replace('~', "~0").replace('/', "~1")),
        Segment::Enum { .. } | Segment::Unknown => None,
    });
    let tokens: Vec<_> = tokens.collect();
    if tokens.is_empty() {
        String::new()
    } else {
        format!("/{}", tokens.join("/"))
    }
}

/// The entries of a document on their way to steps.
struct Telling {
    starts: Date,
    customers: BTreeMap<String, Person>,
    /// The day of the entry before.
    day: Date,
    /// Where the clock of each customer stands.
    clocks: BTreeMap<String, Timestamp>,
    /// Those of the story's invoices.
    currencies: BTreeSet<Currency>,
    problems: Vec<Problem>,
    steps: Vec<Step>,
}

impl Telling {
    fn new(document: &Document) -> Self {
        let clock = |(name, person): (&String, &Person)| {
            let start = Timestamp::start_of(document.starts, person.time_zone);
            (name.clone(), start)
        };
        let invoices = document.story.iter();
        let invoices = invoices.filter_map(|entry| entry.invoice.as_ref());
        Self {
            currencies: invoices.map(|invoice| invoice.amount.0.currency).collect(),
            starts: document.starts,
            customers: document.customers.clone(),
            day: document.starts,
            clocks: document.customers.iter().map(clock).collect(),
            problems: Vec::new(),
            steps: Vec::new(),
        }
    }

    fn tell(mut self, document: Document) -> Result<Scenario, Vec<Problem>> {
        if !is_plausible(self.starts) {
            let text = format!("{} is no day of these times", self.starts);
            return Err(vec![Problem::new("/starts", text)]);
        }
        for (at, entry) in document.story.into_iter().enumerate() {
            self.entry(&format!("/story/{at}"), entry);
        }
        if !self.problems.is_empty() {
            return Err(self.problems);
        }
        Ok(Scenario {
            title: document.scenario,
            setup: document.setup,
            starts: self.starts,
            customers: self.customers,
            steps: self.steps,
        })
    }

    fn fault(&mut self, pointer: &str, text: impl Into<String>) {
        self.problems.push(Problem::new(pointer, text));
    }

    fn entry(&mut self, pointer: &str, mut entry: Entry) {
        let Some(customer) = self.whom(pointer, entry.customer.take()) else {
            return;
        };
        let (on, refused, expect) = (entry.on, entry.refused.take(), entry.expect.take());
        let mut events = entry.events();
        let event = events.pop();
        if !events.is_empty() {
            self.fault(
                pointer,
                "tells of several things: give each an entry of its own",
            );
            return;
        }
        match (&event, &refused, &expect) {
            (None, _, None) => {
                let text = "says neither what happens nor what is expected";
                return self.fault(pointer, text);
            }
            (None, Some(_), _) => {
                let text = "nothing is told here that could be refused";
                return self.fault(&format!("{pointer}/refused"), text);
            }
            _ => {}
        }
        if let Some(event) = event {
            let what = What::Happens(Box::new(event), refused);
            self.step(pointer, &customer, on, what);
        }
        if let Some(expect) = expect {
            self.step(pointer, &customer, on, What::Expected(expect));
        }
    }

    /// About whom an entry is; none where that cannot be said, which is told.
    fn whom(&mut self, pointer: &str, named: Option<String>) -> Option<String> {
        let names: Vec<_> = self.customers.keys().cloned().collect();
        match (named, names.as_slice()) {
            (Some(named), _) if self.customers.contains_key(&named) => Some(named),
            (Some(named), _) => {
                let text = format!("`{named}` is none of the customers: {}", names.join(", "));
                self.fault(&format!("{pointer}/customer"), text);
                None
            }
            (None, [only]) => Some(only.clone()),
            (None, _) => {
                let text = format!("about whom? Say `customer`: {}", names.join(", "));
                self.fault(pointer, text);
                None
            }
        }
    }

    fn step(&mut self, pointer: &str, customer: &str, on: Option<Moment>, what: What) {
        let zone = self.customers[customer].time_zone;
        let clock = self.clocks[customer];
        let at = match on {
            None => clock,
            Some(Moment { day, time }) => {
                let date = day.date(self.starts, self.day);
                let at = match (time, &what) {
                    (Some(time), _) => Timestamp::at_local(date, time, zone),
                    (None, What::Expected(_)) => end_of(date, zone),
                    // At noon, or later that day where it stands behind something later.
                    (None, What::Happens(..)) => {
                        let noon = NaiveTime::from_hms_opt(12, 0, 0).unwrap_or_default();
                        let noon = Timestamp::at_local(date, noon, zone);
                        let behind = clock.date_in(zone) == date;
                        if behind { noon.max(clock) } else { noon }
                    }
                };
                if !is_plausible(date) {
                    self.fault(
                        &format!("{pointer}/on"),
                        format!("{date} is no day of these times"),
                    );
                    return;
                }
                if at < clock {
                    let before = clock.in_zone(zone).format("%Y-%m-%d %H:%M");
                    let text = format!("{date} is before what stands above it, at {before}");
                    self.fault(&format!("{pointer}/on"), text);
                    return;
                }
                at
            }
        };
        let on = at.date_in(zone);
        if let What::Expected(expect) = &what {
            let faults = limits::faults(&expect.0, (self.starts, on), &self.currencies);
            for (name, text) in faults {
                self.fault(&format!("{pointer}/expect/{name}"), text);
            }
        }
        self.day = on;
        self.clocks.insert(customer.to_owned(), at);
        self.steps.push(Step {
            pointer: pointer.to_owned(),
            customer: customer.to_owned(),
            on,
            at,
            what,
        });
    }
}

#[cfg(test)]
mod tests;

//! Faults that no schema can find, gathered so that all of a request's are told together.

use regua_domain::money::Money;

use crate::problem::{Fault, Problem};
use crate::shape::{Amount, Instant};

/// Faults of one request.
#[derive(Debug, Default)]
pub(crate) struct Faults(Vec<Fault>);

impl Faults {
    pub(crate) fn add(&mut self, fault: Fault) {
        self.0.push(fault);
    }

    /// Keeps a value, or what is wrong with it.
    pub(crate) fn keep<T>(&mut self, result: Result<T, Fault>) -> Option<T> {
        result.map_err(|fault| self.0.push(fault)).ok()
    }

    /// An amount above 0.
    pub(crate) fn positive(&mut self, amount: &Amount, pointer: &str) -> Option<Money> {
        let money = self.keep(amount.money(pointer))?;
        if money.minor > 0 {
            return Some(money);
        }
        self.add(Fault::at(format!("{pointer}/amount"), "is not above 0"));
        None
    }

    /// Looks at an instant that is read later.
    pub(crate) fn instant(&mut self, at: Option<&Instant>) {
        if let Some(at) = at {
            self.keep(at.timestamp("/at"));
        }
    }

    /// The value, where nothing is wrong with anything.
    pub(crate) fn done<T>(self, value: Option<T>) -> Result<T, Problem> {
        match value {
            Some(value) if self.0.is_empty() => Ok(value),
            _ => Err(Problem::invalid(self.0)),
        }
    }
}

/// A fact knows its fields, not where they came from: those that stand in the path are told
/// as parameters.
pub(crate) fn in_path(mut problem: Problem, name: &str) -> Problem {
    let pointer = format!("/{name}");
    for fault in &mut problem.errors {
        if fault.pointer.as_deref() == Some(&pointer) {
            fault.pointer = None;
            fault.parameter = Some(name.to_owned());
        }
    }
    problem
}

/// The same of a field that the body calls otherwise.
pub(crate) fn called(mut problem: Problem, from: &str, to: &str) -> Problem {
    for fault in &mut problem.errors {
        if fault.pointer.as_deref() == Some(from) {
            fault.pointer = Some(to.to_owned());
        }
    }
    problem
}

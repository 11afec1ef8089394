//! What a check finds, and where.

use std::fmt;

use super::text::{has_control, has_odd_control};

/// A list of problems, and the place that is looked at. A place is put into words only
/// when something is found there.
pub(super) struct Findings<'a> {
    list: &'a mut Vec<String>,
    place: Place<'a>,
}

#[derive(Clone, Copy)]
struct Place<'a> {
    parent: Option<&'a Place<'a>>,
    name: &'a str,
    at: Option<usize>,
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(parent) = self.parent else {
            return Ok(());
        };
        match self.at {
            Some(at) => write!(f, "{parent}{}[{at}].", self.name),
            None => write!(f, "{parent}{}.", self.name),
        }
    }
}

impl<'a> Findings<'a> {
    /// At the outermost place.
    pub(super) fn new(list: &'a mut Vec<String>) -> Self {
        Self {
            list,
            place: Place {
                parent: None,
                name: "",
                at: None,
            },
        }
    }

    /// The same list, one place further in.
    pub(super) fn within<'b>(&'b mut self, name: &'b str, at: Option<usize>) -> Findings<'b> {
        Findings {
            list: self.list,
            place: Place {
                parent: Some(&self.place),
                name,
                at,
            },
        }
    }

    /// Notes a place and a problem there, unless all is well.
    pub(super) fn unless(&mut self, ok: bool, problem: impl FnOnce() -> (String, String)) {
        if !ok {
            let (at, what) = problem();
            self.list.push(format!("{}{at}: {what}", self.place));
        }
    }

    /// A single line of at most so many characters.
    pub(super) fn line(&mut self, field: &str, text: &str, chars_max: usize) {
        self.unless(!has_control(text), || {
            (
                field.to_owned(),
                "has a line break or another control character".to_owned(),
            )
        });
        self.length(field, text, chars_max);
    }

    /// Text that may have line breaks, of at most so many characters.
    pub(super) fn text(&mut self, field: &str, text: &str, chars_max: usize) {
        self.unless(!has_odd_control(text), || {
            (field.to_owned(), "has a control character".to_owned())
        });
        self.length(field, text, chars_max);
    }

    /// Text that may have line breaks, of at most so many bytes.
    pub(super) fn bytes(&mut self, field: &str, text: &str, bytes_max: usize) {
        self.unless(!has_odd_control(text), || {
            (field.to_owned(), "has a control character".to_owned())
        });
        self.unless(text.len() <= bytes_max, || {
            (
                field.to_owned(),
                format!("{} bytes where {bytes_max} are allowed", text.len()),
            )
        });
    }

    fn length(&mut self, field: &str, text: &str, chars_max: usize) {
        // Bytes first: counting characters is only needed where there may be too many.
        let fits = text.len() <= chars_max || text.chars().count() <= chars_max;
        self.unless(fits, || {
            (
                field.to_owned(),
                format!(
                    "{} characters where {chars_max} are allowed",
                    text.chars().count()
                ),
            )
        });
    }
}

//! What can be wrong with a template, and where.

use std::fmt;

use minijinja::ErrorKind;

use super::Part;
use crate::yaml;

/// A template that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// Not YAML of the shape of [`Parts`](super::Parts).
    #[error("template `{name}` ({locale}), line {line}: {message}")]
    Yaml {
        /// The template.
        name: String,
        /// Its locale.
        locale: String,
        /// The line in the file, from 1; 0 where the file as a whole is meant.
        line: u64,
        /// What the parser says.
        message: String,
    },
}

impl TemplateError {
    pub(super) fn yaml(name: &str, locale: &str, error: &serde_saphyr::Error) -> Self {
        let line = error.location().map_or(0, |location| location.line());
        let message = yaml::reason(error);
        Self::Yaml {
            name: name.to_owned(),
            locale: locale.to_owned(),
            line,
            message,
        }
    }
}

/// A fault of a template, found when it was compiled, checked or rendered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenderError {
    /// The template; `inline` for a stage's own text.
    pub template: String,
    /// Its locale, or the one that was asked for.
    pub locale: String,
    /// The part, where it is one part's.
    pub part: Option<Part>,
    /// The line within the part, from 1, where it is known.
    pub line: Option<usize>,
    /// What is wrong.
    pub fault: Fault,
}

/// What is wrong with a template.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The workflow's version has not locked it.
    #[error("the workflow has no template of this name")]
    Unknown,
    /// It does not compile.
    #[error("{message}")]
    Syntax {
        /// What the engine says.
        message: String,
    },
    /// It uses what the context does not have.
    #[error("{variable}")]
    Undefined {
        /// Says which.
        variable: String,
    },
    /// It works for too long or makes too much.
    #[error("the template takes too long: it ran out of fuel")]
    Fuel,
    /// Something failed while it ran: a filter, a call, a comparison.
    #[error("{message}")]
    Failed {
        /// What the engine says.
        message: String,
    },
    /// The source is too long.
    #[error("the source has {len} bytes, at most {max} are possible")]
    SourceTooLong {
        /// Its length.
        len: usize,
        /// The limit.
        max: usize,
    },
    /// The source is empty.
    #[error("the part is empty")]
    Empty,
    /// The rendered text is too long.
    #[error("the rendered text has {len} {unit}, at most {max} are possible")]
    TooLong {
        /// Its length.
        len: usize,
        /// The limit.
        max: usize,
        /// Of what.
        unit: &'static str,
    },
    /// A subject of several lines.
    #[error(
        "a subject is one line: the rendered one has a line break or another control character"
    )]
    SubjectLines,
    /// A typed URL, or what reads as one.
    #[error(
        "`{url}` reads as a web address: links come from placeholders only, such as {{{{ links.pay }}}}; a full stop has a space behind it"
    )]
    UrlInSource {
        /// Its beginning.
        url: String,
    },
    /// An attribute that links elsewhere.
    #[error("a link's target is one placeholder and nothing else, such as {{{{ links.pay }}}}")]
    LinkTarget,
    /// An element, an attribute or a style that could load, run or send something.
    #[error("`{found}` has no place in a letter's html")]
    Html {
        /// Which.
        found: String,
    },
    /// An expression that the engine would recurse in.
    #[error("the tag has more than {max} words and signs")]
    TagTooLong {
        /// The limit.
        max: usize,
    },
    /// More template syntax than text needs.
    #[error("the tags have more than {max} words and signs in all")]
    TooManyTokens {
        /// The limit.
        max: usize,
    },
    /// Conditions in conditions.
    #[error("there are more than {max} `elif`s")]
    Elifs {
        /// The limit.
        max: usize,
    },
    /// A block of the engine's that templates are not given.
    #[error("templates have no `{what}`")]
    NoSuchBlock {
        /// Which.
        what: &'static str,
    },
    /// A URL that is not the host's.
    #[error("the rendered text has a URL that is none of the host's links")]
    UrlInOutput,
    /// More than placeholders in a stage's own text.
    #[error(
        "`{found}` is no placeholder: inline text has only the like of {{{{ balance.overdue }}}}"
    )]
    NotAPlaceholder {
        /// What was found.
        found: String,
    },
    /// No locale fits.
    #[error("the template is not written in this locale nor in `en`; it has: {known}")]
    NoLocale {
        /// What there is.
        known: String,
    },
    /// Not a language tag.
    #[error("the locale is not a language tag such as `pt-BR`")]
    NotALocale,
    /// The same locale again.
    #[error("the locale is given twice")]
    LocaleTwice,
    /// A template of another name in the set.
    #[error("the template is called `{found}`")]
    OtherName {
        /// Its name.
        found: String,
    },
}

impl RenderError {
    /// No template of this name is locked by the workflow's version.
    pub fn unknown_template(name: &str, locale: &str) -> Self {
        Self {
            template: name.to_owned(),
            locale: locale.to_owned(),
            part: None,
            line: None,
            fault: Fault::Unknown,
        }
    }

    pub(super) fn new(
        template: &str,
        locale: &str,
        part: Option<Part>,
        line: Option<usize>,
        fault: Fault,
    ) -> Self {
        Self {
            template: template.to_owned(),
            locale: locale.to_owned(),
            part,
            line,
            fault,
        }
    }

    pub(super) fn from_engine(
        template: &str,
        locale: &str,
        part: Part,
        error: &minijinja::Error,
    ) -> Self {
        let detail = error
            .detail()
            .map_or_else(|| error.kind().to_string(), str::to_owned);
        let fault = match error.kind() {
            ErrorKind::OutOfFuel => Fault::Fuel,
            ErrorKind::UndefinedError => Fault::Undefined { variable: detail },
            ErrorKind::SyntaxError => Fault::Syntax {
                message: format!("syntax error: {detail}"),
            },
            _ => Fault::Failed { message: detail },
        };
        Self::new(template, locale, Some(part), error.line(), fault)
    }
}

impl fmt::Display for RenderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "template `{}` ({})", self.template, self.locale)?;
        if let Some(part) = self.part {
            write!(f, ", {part}")?;
        }
        if let Some(line) = self.line {
            write!(f, ", line {line}")?;
        }
        write!(f, ": {}", self.fault)
    }
}

// The fault is part of the text, so it is not told again as a source.
impl std::error::Error for RenderError {}

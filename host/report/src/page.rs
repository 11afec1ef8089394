//! The page: what stands on it, and how it becomes HTML.

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, ValueKind};
use minijinja::{AutoEscape, Environment, Error, Output, State, UndefinedBehavior, Value};
use serde::Serialize;

use crate::ReportError;
use crate::side::{Side, Whose};

/// What a reader gets.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Page {
    /// What it is: `Simulation`, `Backtest`.
    pub(crate) heading: &'static str,
    /// Whose policy.
    pub(crate) subject: String,
    /// How much of what, when.
    pub(crate) about: Vec<String>,
    /// What came of it, in words.
    pub(crate) findings: Vec<String>,
    /// What has to be known before a figure is believed.
    pub(crate) caution: String,
    /// The figures that are asked for first.
    pub(crate) tiles: Vec<Tile>,
    /// All else.
    pub(crate) sections: Vec<Section>,
}

/// A figure of each policy.
#[derive(Debug, Serialize)]
pub(crate) struct Tile {
    /// Of what.
    pub(crate) name: String,
    /// Of each policy.
    pub(crate) values: Vec<Key>,
}

/// A policy's sign, and what is said of it.
#[derive(Debug, Serialize)]
pub(crate) struct Key {
    class: &'static str,
    name: &'static str,
    value: String,
}

impl Key {
    /// Of each policy, what is said of it.
    pub(crate) fn each<T>(sides: &[Side<'_, T>], value: impl Fn(&T) -> String) -> Vec<Self> {
        let of = |side: &Side<'_, T>| Self {
            class: side.whose.class(),
            name: side.name,
            value: value(side.of),
        };
        sides.iter().map(of).collect()
    }
}

/// A part of the page. Its members stand in their order here.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Section {
    /// What it is about.
    pub(crate) title: &'static str,
    /// What has to be said first.
    pub(crate) notes: Vec<String>,
    /// Charts.
    pub(crate) figures: Vec<Figure>,
    /// Tables that are seen at once.
    pub(crate) tables: Vec<Table>,
    /// Tables that are folded in.
    pub(crate) folded: Vec<Table>,
    /// Names of customers.
    pub(crate) lists: Vec<List>,
    /// What happened to customers.
    pub(crate) stories: Vec<Story>,
}

/// A chart with its figures.
#[derive(Debug, Serialize)]
pub(crate) struct Figure {
    /// What it shows.
    pub(crate) title: &'static str,
    /// How it is to be read.
    pub(crate) note: String,
    /// `lines` or `bars`.
    pub(crate) shape: &'static str,
    /// The policies' signs.
    pub(crate) keys: Vec<Key>,
    /// What is drawn; nothing where there is nothing to draw.
    pub(crate) drawn: Option<Drawn>,
    /// The same in figures.
    pub(crate) table: Table,
}

/// What a chart is of: the inside of an `svg` element.
#[derive(Debug, Serialize)]
pub(crate) struct Drawn {
    /// How wide.
    pub(crate) width: u32,
    /// How high.
    pub(crate) height: u32,
    /// Written by the library that draws, which escapes the text in it.
    pub(crate) inside: Value,
}

/// Rows of cells, the first of each naming it.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Table {
    /// What it is of.
    pub(crate) title: String,
    /// Its columns.
    pub(crate) head: Vec<String>,
    /// Its rows.
    pub(crate) rows: Vec<Vec<String>>,
}

/// Names of customers.
#[derive(Debug, Serialize)]
pub(crate) struct List {
    /// Of whom.
    pub(crate) title: &'static str,
    /// How many there are.
    pub(crate) count: String,
    /// Those that are named.
    pub(crate) names: Vec<String>,
    /// How many more there are.
    pub(crate) more: usize,
}

/// What happened to a customer under each policy.
#[derive(Debug, Serialize)]
pub(crate) struct Story {
    /// The customer.
    pub(crate) name: String,
    /// How much differs.
    pub(crate) size: String,
    /// Under each policy.
    pub(crate) told: Vec<Told>,
}

/// What happened under one policy.
#[derive(Debug, Serialize)]
pub(crate) struct Told {
    class: &'static str,
    name: &'static str,
    /// In sum.
    sum: String,
    /// Line by line.
    lines: Vec<String>,
    /// How many more lines there are.
    more: usize,
}

impl Told {
    /// A policy's story, cut after so many lines.
    pub(crate) fn new(
        whose: Whose,
        name: &'static str,
        sum: String,
        story: &[String],
        most: usize,
    ) -> Self {
        Self {
            class: whose.class(),
            name,
            sum,
            lines: story.iter().take(most).cloned().collect(),
            more: story.len().saturating_sub(most),
        }
    }
}

impl Page {
    /// The page as HTML.
    pub(crate) fn write(&self) -> Result<String, ReportError> {
        let mut environment = Environment::new();
        environment.set_auto_escape_callback(|_| AutoEscape::Html);
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_formatter(seen);
        let mut syntax = SyntaxConfig::builder();
        let syntax = syntax.trim_blocks(true).lstrip_blocks(true).build();
        environment.set_syntax(syntax.map_err(ReportError::Page)?);
        environment
            .add_template("page", include_str!("page/page.html"))
            .map_err(ReportError::Page)?;
        let style = Value::from_safe_string(include_str!("page/style.css").to_owned());
        let page = Value::from(Serde(self));
        environment
            .get_template("page")
            .and_then(|template| template.render(minijinja::context! { page, style }))
            .map_err(ReportError::Page)
    }
}

/// Writes a value with what nobody sees made visible, then escaped.
fn seen(out: &mut Output<'_>, state: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    match value.as_str() {
        Some(text) if value.kind() == ValueKind::String && !value.is_safe() => {
            minijinja::escape_formatter(out, state, &Value::from(visible(text)))
        }
        _ => minijinja::escape_formatter(out, state, value),
    }
}

/// A text in which nothing hides: a control character, or one that turns the direction of what
/// follows, would show a reader another text than is there.
pub(crate) fn visible(text: &str) -> String {
    let hides = |sign: char| {
        let turns = matches!(sign, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        sign.is_control() || turns
    };
    text.replace(hides, "\u{fffd}")
}

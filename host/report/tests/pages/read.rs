//! A page as a reader of XML finds it: HTML may be sloppier, but this one is not.

use std::collections::BTreeMap;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// What stands on a page.
#[derive(Debug, Default)]
pub struct Read {
    /// Every element with its attributes.
    pub elements: Vec<(String, BTreeMap<String, String>)>,
    /// The rows of each table, by its caption: of a row its cells.
    pub tables: BTreeMap<String, Vec<Vec<String>>>,
    /// All text but the style.
    pub text: String,
}

/// Reads a page, and panics where it is not well-formed.
pub fn read(page: &str) -> Read {
    let mut reader = Reader::from_str(page);
    reader.config_mut().check_end_names = true;
    let mut read = Read::default();
    let mut open: Vec<String> = Vec::new();
    let (mut caption, mut row, mut cell) = (String::new(), Vec::new(), String::new());
    loop {
        match reader.read_event().expect("well-formed") {
            Event::Start(start) => {
                let name = read.element(&start);
                match name.as_str() {
                    "caption" => caption.clear(),
                    "tr" => row.clear(),
                    "td" | "th" => cell.clear(),
                    _ => {}
                }
                open.push(name);
            }
            Event::Empty(start) => {
                read.element(&start);
            }
            Event::End(_) => match open.pop().expect("it was opened").as_str() {
                "td" | "th" => row.push(cell.clone()),
                "tr" => read
                    .tables
                    .entry(caption.clone())
                    .or_default()
                    .push(row.clone()),
                _ => {}
            },
            Event::Text(text) if open.last().is_none_or(|name| name != "style") => {
                let text = text.decode().expect("UTF-8");
                add(&text, &open, &mut read.text, &mut cell, &mut caption);
            }
            Event::GeneralRef(name) => {
                let name = name.decode().expect("UTF-8");
                let text = quick_xml::escape::unescape(&format!("&{name};")).map(String::from);
                let text = text.expect("a sign that is known");
                add(&text, &open, &mut read.text, &mut cell, &mut caption);
            }
            Event::Eof => break,
            _ => {}
        }
    }
    assert!(open.is_empty(), "left open: {open:?}");
    read
}

fn add(text: &str, open: &[String], all: &mut String, cell: &mut String, caption: &mut String) {
    all.push_str(text);
    if open.iter().any(|name| name == "td" || name == "th") {
        cell.push_str(text);
    }
    if open.last().is_some_and(|name| name == "caption") {
        caption.push_str(text);
    }
}

impl Read {
    fn element(&mut self, start: &BytesStart<'_>) -> String {
        let name = String::from_utf8(start.name().as_ref().to_vec()).expect("UTF-8");
        let attributes = start.attributes().map(|attribute| {
            let attribute = attribute.expect("well-formed");
            let name = String::from_utf8(attribute.key.as_ref().to_vec()).expect("UTF-8");
            let value = String::from_utf8(attribute.value.to_vec()).expect("UTF-8");
            (name, value)
        });
        self.elements.push((name.clone(), attributes.collect()));
        name
    }

    /// The cells of a row behind its name.
    pub fn row(&self, table: &str, name: &str) -> &[String] {
        let rows = &self.tables[table];
        let row = rows.iter().find(|row| row[0] == name);
        &row.unwrap_or_else(|| panic!("{name} is not in {rows:?}"))[1..]
    }

    /// Panics where the page would load, run or send anything.
    pub fn needs_nothing(&self) {
        for (name, attributes) in &self.elements {
            let allowed = [
                "html",
                "head",
                "meta",
                "link",
                "title",
                "style",
                "body",
                "header",
                "main",
                "section",
                "p",
                "h1",
                "h2",
                "h3",
                "h4",
                "span",
                "bdi",
                "ul",
                "ol",
                "li",
                "dl",
                "dt",
                "dd",
                "div",
                "figure",
                "figcaption",
                "details",
                "summary",
                "table",
                "caption",
                "thead",
                "tbody",
                "tr",
                "th",
                "td",
                "svg",
                "text",
                "line",
                "polyline",
                "rect",
                "circle",
            ];
            assert!(allowed.contains(&name.as_str()), "<{name}>");
            for (attribute, value) in attributes {
                assert!(!attribute.starts_with("on"), "{attribute}");
                let loads = ["src", "href", "action", "data", "xlink:href"];
                assert!(
                    !loads.contains(&attribute.as_str()) || value == "data:,",
                    "{attribute}={value}"
                );
            }
        }
    }
}

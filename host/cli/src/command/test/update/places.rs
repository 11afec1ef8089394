//! Where in a text of YAML the members of its mappings are.

use std::collections::BTreeMap;

use anyhow::{Context as _, bail};
use granit_parser::{Event, Marker, Parser, Span, StructureStyle};

/// Where a member's value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// Its first byte.
    pub start: usize,
    /// The byte behind its last.
    pub end: usize,
    /// The column of its first character, from 0.
    pub column: usize,
    /// The column of the member's name, from 0.
    pub indent: usize,
    /// Within brackets or braces.
    pub in_flow: bool,
    /// A mapping or a list of lines.
    pub is_block: bool,
}

/// The places of all values that have a name, by RFC 6901 pointer.
pub(super) struct Places(BTreeMap<String, Place>);

impl Places {
    pub(super) fn of(text: &str) -> anyhow::Result<Self> {
        let events: Result<Vec<_>, _> = Parser::new_from_str(text).collect();
        let events = events.context("it is no YAML")?;
        let skipped =
            |event: &Event<'_>| matches!(event, Event::StreamStart | Event::DocumentStart(..));
        let mut walk = Walk {
            text,
            events: events.iter().filter(|(event, _)| !skipped(event)).collect(),
            next: 0,
            places: BTreeMap::new(),
        };
        walk.node("", false)?;
        Ok(Self(walk.places))
    }

    pub(super) fn get(&self, pointer: &str) -> Option<&Place> {
        self.0.get(pointer)
    }
}

struct Walk<'a> {
    text: &'a str,
    events: Vec<&'a (Event<'a>, Span)>,
    next: usize,
    places: BTreeMap<String, Place>,
}

impl<'a> Walk<'a> {
    fn take(&mut self) -> anyhow::Result<&'a (Event<'a>, Span)> {
        let taken = self.events.get(self.next).copied();
        self.next += 1;
        taken.context("the text ends too soon")
    }

    fn is_next(&self, end: &Event<'_>) -> bool {
        let next = self.events.get(self.next);
        next.is_some_and(|(event, _)| event == end)
    }

    /// Walks over a value.
    fn node(&mut self, pointer: &str, in_flow: bool) -> anyhow::Result<Place> {
        let (event, span) = self.take()?;
        let (start, mut end) = (byte(span.start)?, byte(span.end)?);
        let mut is_block = false;
        match event {
            Event::Scalar(..) | Event::Alias(_) => {}
            Event::SequenceStart(style, ..) | Event::MappingStart(style, ..) => {
                let is_flow = *style == StructureStyle::Flow;
                is_block = !is_flow;
                let is_list = matches!(event, Event::SequenceStart(..));
                let inner = in_flow || is_flow;
                let last = if is_list {
                    self.items(pointer, inner)?
                } else {
                    self.members(pointer, inner)?
                };
                // A block has no end of its own: its span goes on to what comes next.
                let (_, closing) = self.take()?;
                end = if is_flow {
                    byte(closing.end)?
                } else {
                    last.unwrap_or(start)
                };
            }
            _ => bail!("there is no value where one belongs"),
        }
        let value = self
            .text
            .get(start..end)
            .context("a value's place is none")?;
        Ok(Place {
            start,
            end: start + value.trim_end().len(),
            column: span.start.col(),
            indent: 0,
            in_flow,
            is_block,
        })
    }

    /// Walks over a list's items. Where the last one ends.
    fn items(&mut self, pointer: &str, in_flow: bool) -> anyhow::Result<Option<usize>> {
        let mut end = None;
        for at in 0.. {
            if self.is_next(&Event::SequenceEnd) {
                break;
            }
            end = Some(self.node(&format!("{pointer}/{at}"), in_flow)?.end);
        }
        Ok(end)
    }

    /// Walks over a mapping's members. Where the last one ends.
    fn members(&mut self, pointer: &str, in_flow: bool) -> anyhow::Result<Option<usize>> {
        let mut end = None;
        while !self.is_next(&Event::MappingEnd) {
            let (name, span) = self.take()?;
            let Event::Scalar(name, ..) = name else {
                bail!("a name is no text");
            };
            let name = name.replace('~', "~0").replace('/', "~1");
            let pointer = format!("{pointer}/{name}");
            let value = self.node(&pointer, in_flow)?;
            end = Some(value.end);
            let indent = span.start.col();
            self.places.insert(pointer, Place { indent, ..value });
        }
        Ok(end)
    }
}

fn byte(marker: Marker) -> anyhow::Result<usize> {
    marker.byte_offset().context("a place has no offset")
}

//! The parts that mappings are made of: texts, columns, days, conditions, times.

use chrono::NaiveTime;
use regua_domain::contract::Channel;
use serde_json::Value;

use super::Reader;
use crate::import::document::{Members, Node};
use crate::import::mapping::{Day, Text, When};
use crate::import::row;

impl Reader {
    pub(super) fn day(&mut self, node: &Node<'_>) -> Option<Day> {
        if let Value::String(column) = node.value {
            self.columns.insert(column.clone());
            return Some(Day {
                column: column.clone(),
                plus_days: 0,
                not_after: None,
            });
        }
        let mut members = node.members(&mut self.faults)?;
        let column = self.need_column(&mut members, "column");
        let plus_days = members.get("plus_days").map_or(Some(0), |node| {
            node.parse("a count of days", &mut self.faults)
        });
        let not_after = members.get("not_after").and_then(|node| self.column(&node));
        members.finish(&mut self.faults);
        Some(Day {
            column: column?,
            plus_days: plus_days?,
            not_after,
        })
    }

    /// One condition, or a list of which all must hold.
    pub(super) fn when(&mut self, node: Option<Node<'_>>) -> Vec<When> {
        let Some(node) = node else {
            return Vec::new();
        };
        let nodes = if node.value.is_array() {
            node.items(&mut self.faults)
        } else {
            vec![node]
        };
        nodes
            .iter()
            .filter_map(|node| self.condition(node))
            .collect()
    }

    fn condition(&mut self, node: &Node<'_>) -> Option<When> {
        let mut members = node.members(&mut self.faults)?;
        let column = self.need_column(&mut members, "column");
        let (equals, one_of, empty) = (
            members.get("equals"),
            members.get("one_of"),
            members.get("empty"),
        );
        members.finish(&mut self.faults);
        match (equals, one_of, empty) {
            (Some(value), None, None) => {
                let value = value.text(&mut self.faults)?;
                Some(When::Equals {
                    column: column?,
                    value,
                })
            }
            (None, Some(list), None) => {
                let items = list.items(&mut self.faults);
                let values = items.iter().filter_map(|item| item.text(&mut self.faults));
                Some(When::OneOf {
                    values: values.collect(),
                    column: column?,
                })
            }
            (None, None, Some(is)) => {
                let Some(empty) = is.value.as_bool() else {
                    is.fault(&mut self.faults, "is neither true nor false");
                    return None;
                };
                Some(When::Empty {
                    column: column?,
                    is: empty,
                })
            }
            _ => {
                node.fault(
                    &mut self.faults,
                    "has not exactly one of `equals`, `one_of` and `empty`",
                );
                None
            }
        }
    }

    pub(super) fn need_text(
        &mut self,
        members: &mut Members<'_>,
        name: &'static str,
    ) -> Option<Text> {
        let node = members.need(name, &mut self.faults);
        self.text(node)
    }

    pub(super) fn text(&mut self, node: Option<Node<'_>>) -> Option<Text> {
        let node = node?;
        let text = node.text(&mut self.faults)?;
        match Text::parse(&text, &self.lookups) {
            Ok(text) => {
                self.columns.extend(text.columns().map(str::to_owned));
                Some(text)
            }
            Err(fault) => {
                node.fault(&mut self.faults, fault);
                None
            }
        }
    }

    pub(super) fn need_column(
        &mut self,
        members: &mut Members<'_>,
        name: &'static str,
    ) -> Option<String> {
        let node = members.need(name, &mut self.faults)?;
        self.column(&node)
    }

    pub(super) fn column(&mut self, node: &Node<'_>) -> Option<String> {
        let column = node.text(&mut self.faults)?;
        if column.contains(['{', '}']) {
            node.fault(&mut self.faults, "is a column's name, without braces");
        }
        self.columns.insert(column.clone());
        Some(column)
    }

    pub(super) fn channel(&mut self, members: &mut Members<'_>) -> Option<Channel> {
        let node = members.need("channel", &mut self.faults)?;
        let text = node.text(&mut self.faults)?;
        let channel = row::channel(&text);
        if channel.is_none() {
            node.fault(
                &mut self.faults,
                format!("`{text}` is not a channel such as email, sms or letter"),
            );
        }
        channel
    }

    pub(super) fn time(&mut self, members: &mut Members<'_>, default: &str) -> Option<NaiveTime> {
        let Some(node) = members.get("time") else {
            return row::time(default);
        };
        let text = node.text(&mut self.faults)?;
        let time = row::time(&text);
        if time.is_none() {
            node.fault(
                &mut self.faults,
                format!("`{text}` is not a time of day such as \"06:00\""),
            );
        }
        time
    }
}

//! A workflow as a picture: text for Graphviz and for Mermaid.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::{DeclaredEnd, LateEntry, OnFailure, Stage, Target, Workflow};

/// The workflow for Graphviz' `dot`: stages are boxes, ends double circles, and what
/// happens on failure is dashed.
pub fn dot(workflow: &Workflow) -> String {
    let mut text = format!("digraph {} {{\n", quoted(&workflow.reference.to_string()));
    text.push_str("  rankdir=TB;\n  node [shape=box, fontname=\"sans-serif\"];\n  edge [fontname=\"sans-serif\"];\n");
    for node in nodes(workflow) {
        let shape = match node.kind {
            NodeKind::Start => ", shape=point",
            NodeKind::Stage => "",
            NodeKind::End => ", shape=doublecircle",
            NodeKind::Hold => ", shape=note, style=dashed",
        };
        let label = node
            .label
            .iter()
            .map(|line| escaped(line))
            .collect::<Vec<_>>()
            .join("\\n");
        let _ = writeln!(text, "  {} [label=\"{label}\"{shape}];", node.id);
    }
    for edge in edges(workflow) {
        let style = if edge.dashed { ", style=dashed" } else { "" };
        let _ = writeln!(
            text,
            "  {} -> {} [label={}{style}];",
            edge.from,
            edge.to,
            quoted(&edge.label)
        );
    }
    text.push_str("}\n");
    text
}

/// The workflow as a flowchart of Mermaid.
pub fn mermaid(workflow: &Workflow) -> String {
    let mut text = "flowchart TD\n".to_owned();
    for node in nodes(workflow) {
        let label = node
            .label
            .iter()
            .map(|line| entities(line))
            .collect::<Vec<_>>()
            .join("<br/>");
        let (open, close) = match node.kind {
            NodeKind::Start => ("([", "])"),
            NodeKind::Stage => ("[", "]"),
            NodeKind::End => ("(((", ")))"),
            NodeKind::Hold => ("[/", "/]"),
        };
        let _ = writeln!(text, "  {}{open}\"{label}\"{close}", node.id);
    }
    for edge in edges(workflow) {
        let arrow = if edge.dashed { "-.->" } else { "-->" };
        let label = if edge.label.is_empty() {
            String::new()
        } else {
            format!("|\"{}\"|", entities(&edge.label))
        };
        let _ = writeln!(text, "  {} {arrow}{label} {}", edge.from, edge.to);
    }
    text
}

enum NodeKind {
    Start,
    Stage,
    End,
    Hold,
}

/// Ids are made from places: a stage may be called `end` or `graph`.
struct Node {
    id: String,
    label: Vec<String>,
    kind: NodeKind,
}

struct Edge {
    from: String,
    to: String,
    label: String,
    dashed: bool,
}

fn nodes(workflow: &Workflow) -> Vec<Node> {
    let node = |id: String, label: Vec<String>, kind| Node { id, label, kind };
    let mut nodes = vec![node(
        "start".to_owned(),
        vec!["overdue".to_owned()],
        NodeKind::Start,
    )];
    for (place, stage) in workflow.stages.iter().enumerate() {
        let mut label = vec![stage.id.clone(), stage.plugin.label()];
        label.extend(day(stage));
        nodes.push(node(format!("s{place}"), label, NodeKind::Stage));
        if let OnFailure::Hold(hold) = &stage.on_failure {
            let label = vec![format!("hold {}", hold.hold), hold.task.clone()];
            nodes.push(node(format!("h{place}"), label, NodeKind::Hold));
        }
    }
    nodes.push(node(
        "paid".to_owned(),
        vec!["paid".to_owned()],
        NodeKind::Start,
    ));
    let mut ends: BTreeSet<&str> = workflow
        .stages
        .iter()
        .flat_map(|stage| stage.on.values())
        .filter_map(|target| match target {
            Target::End { end } => Some(end_name(*end)),
            Target::Stage(_) => None,
        })
        .collect();
    if workflow.paid.is_none() {
        ends.insert("resolved");
    }
    nodes.extend(
        ends.into_iter()
            .map(|name| node(end_id(name), vec![name.to_owned()], NodeKind::End)),
    );
    nodes
}

/// Outcomes that lead to the same place share an arrow.
fn edges(workflow: &Workflow) -> Vec<Edge> {
    let id = |stage: &str| {
        workflow
            .place(stage)
            .map_or_else(|| "start".to_owned(), |place| format!("s{place}"))
    };
    let edge = |from: &str, to: String, label: String, dashed| Edge {
        from: from.to_owned(),
        to,
        label,
        dashed,
    };
    let mut edges = Vec::new();
    for (place, stage) in workflow.stages.iter().enumerate() {
        let by_age = stage
            .at
            .days_overdue
            .filter(|_| workflow.late_entry == LateEntry::ByAge);
        match by_age {
            _ if place == 0 => edges.push(edge("start", "s0".to_owned(), String::new(), false)),
            Some(day) => edges.push(edge(
                "start",
                format!("s{place}"),
                format!("found on day {day}"),
                true,
            )),
            None => {}
        }
    }
    for (place, stage) in workflow.stages.iter().enumerate() {
        let from = format!("s{place}");
        let mut targets: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for (outcome, target) in &stage.on {
            let to = match target {
                Target::Stage(stage) => id(stage),
                Target::End { end } => end_id(end_name(*end)),
            };
            targets.entry(to).or_default().push(outcome);
        }
        edges.extend(
            targets
                .into_iter()
                .map(|(to, outcomes)| edge(&from, to, outcomes.join(", "), false)),
        );
        let to = match &stage.on_failure {
            OnFailure::Hold(_) => format!("h{place}"),
            OnFailure::Stage { stage } => id(stage),
        };
        edges.push(edge(&from, to, "on failure".to_owned(), true));
    }
    let paid = workflow
        .paid
        .as_deref()
        .map_or_else(|| end_id("resolved"), id);
    edges.push(edge("paid", paid, "paid".to_owned(), false));
    edges
}

fn day(stage: &Stage) -> Option<String> {
    let day = stage.at.days_overdue.map(|day| format!("day {day}"));
    let after = stage
        .at
        .after_previous
        .map(|span| format!("{span} after the previous"));
    match (day, after) {
        (Some(day), Some(after)) => Some(format!("{day}, {after}")),
        (day, after) => day.or(after),
    }
}

const fn end_name(end: DeclaredEnd) -> &'static str {
    match end {
        DeclaredEnd::Returned => "returned",
        DeclaredEnd::WrittenOff => "written-off",
        DeclaredEnd::Closed => "closed",
    }
}

fn end_id(name: &str) -> String {
    format!("end_{}", name.replace('-', "_"))
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", escaped(text))
}

/// For a quoted string of `dot`.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace(char::is_control, " ")
}

/// For a quoted string of Mermaid, which knows entities and no escapes.
fn entities(text: &str) -> String {
    let safe = text
        .replace('#', "#35;")
        .replace('"', "#quot;")
        .replace('<', "#lt;")
        .replace('>', "#gt;");
    safe.replace(char::is_control, " ")
}

#[cfg(test)]
mod tests;

//! Writing what came into a scenario, and leaving all else in it as it is.

use anyhow::Context as _;
use regua_domain::workflow::check::Lines;
use regua_rehearsal::scenario::Mismatch;
use serde_json::Value;

/// The text with what came in place of what was expected.
pub(super) fn updated(text: &str, mismatches: &[Mismatch]) -> anyhow::Result<String> {
    let places = Lines::of(text);
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    // From the end, so that what is above stays where it is.
    let mut blocks = Vec::new();
    for mismatch in mismatches {
        let pointer = format!("{}/expect", mismatch.pointer);
        let (line, column) = places
            .place(&pointer)
            .context("`expect` is not to be found")?;
        blocks.push((line - 1, column - 1, &mismatch.came));
    }
    blocks.sort_by_key(|(line, ..)| std::cmp::Reverse(*line));
    for (line, indent, came) in blocks {
        let end = end_of(&lines, line, indent);
        let head = lines[line].get(..indent).unwrap_or_default().to_owned();
        lines.splice(line..end, block(&head, indent, came)?);
    }
    let mut text = lines.join("\n");
    text.push('\n');
    Ok(text)
}

/// The line behind a member's value: the next that is written no further to the right.
fn end_of(lines: &[String], line: usize, indent: usize) -> usize {
    let mut end = line + 1;
    for (at, text) in lines.iter().enumerate().skip(line + 1) {
        let content = text.trim_start();
        if content.is_empty() {
            continue;
        }
        if text.len() - content.len() <= indent {
            break;
        }
        end = at + 1;
    }
    end
}

/// `expect:` and what is expected, a line each.
fn block(head: &str, indent: usize, came: &Value) -> anyhow::Result<Vec<String>> {
    let yaml = yaml(came)?;
    let mut lines = vec![format!("{head}expect:")];
    let within = " ".repeat(indent + 2);
    lines.extend(yaml.lines().map(|line| {
        if line.is_empty() {
            String::new()
        } else {
            format!("{within}{line}")
        }
    }));
    Ok(lines)
}

/// A value as YAML.
pub(super) fn yaml(value: &Value) -> anyhow::Result<String> {
    serde_saphyr::to_string(value).context("a value cannot be written as YAML")
}

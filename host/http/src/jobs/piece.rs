//! Cutting a file into pieces of whole lines.
//!
//! What is told together is told at once, and so stands in one piece: a piece goes on beyond its
//! size while the lines are one customer's and bear groups.

use super::line::mark_of;
use super::{CHUNK_BYTES_MAX, Chunk, GROUPED_BYTES_MAX};
use crate::problem::{Fault, Problem};

/// The pieces of a file, and how many lines it has.
pub(crate) fn pieces(text: &str) -> Result<(Vec<Chunk>, u64), Problem> {
    let (mut chunks, mut faults) = (Vec::new(), Vec::new());
    let mut open = Chunk {
        first: 1,
        text: String::new(),
    };
    let (mut lines, mut before) = (0, "");
    for (line, number) in text.split_inclusive('\n').zip(1..) {
        lines = number;
        if line.len() > CHUNK_BYTES_MAX {
            let text = format!("line {number} has more than {CHUNK_BYTES_MAX} bytes");
            faults.push(Fault::at("", text));
            continue;
        }
        if open.text.len() + line.len() > CHUNK_BYTES_MAX && !belong_together(before, line) {
            let next = Chunk {
                first: number,
                text: String::new(),
            };
            chunks.push(std::mem::replace(&mut open, next));
        }
        if open.text.len() + line.len() > GROUPED_BYTES_MAX {
            let text = format!(
                "line {number}: what is told together has more than {GROUPED_BYTES_MAX} bytes"
            );
            faults.push(Fault::at("", text));
            break;
        }
        open.text.push_str(line);
        before = line;
    }
    chunks.push(open);
    if faults.is_empty() {
        Ok((chunks, lines))
    } else {
        Err(Problem::invalid(faults))
    }
}

fn belong_together(before: &str, line: &str) -> bool {
    let whose = |line| mark_of(line).map(|(customer, _)| customer);
    let customer = whose(line);
    customer.is_some() && customer == whose(before)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(customer: usize, group: Option<usize>) -> String {
        let text = "x".repeat(1_000);
        let group = group.map_or_else(String::new, |group| format!(r#""group":{group},"#));
        format!("{{{group}\"customer\":\"C-{customer}\",\"text\":\"{text}\"}}\n")
    }

    #[test]
    fn what_is_told_together_stands_in_one_piece() {
        // Each customer's lines are a third of a piece.
        let text: String = (0..10)
            .flat_map(|customer| (0..87).map(move |number| line(customer, Some(number))))
            .collect();
        let (chunks, lines) = pieces(&text).unwrap();
        assert_eq!(lines, 870);
        assert!(chunks.len() > 2);
        for chunk in &chunks {
            assert_eq!((chunk.first - 1) % 87, 0, "it begins with a customer");
        }
        let whole: String = chunks.iter().map(|chunk| chunk.text.as_str()).collect();
        assert!(whole == text);
    }

    #[test]
    fn lines_without_a_group_go_on_in_the_next_piece() {
        let text: String = (0..600).map(|_| line(1, None)).collect();
        let (chunks, _) = pieces(&text).unwrap();
        assert!(
            chunks
                .iter()
                .all(|chunk| chunk.text.len() <= CHUNK_BYTES_MAX)
        );
    }

    #[test]
    fn more_than_can_be_told_at_once_is_refused() {
        let text: String = (0..9_000).map(|number| line(1, Some(number))).collect();
        let problem = pieces(&text).unwrap_err();
        assert!(problem.detail.contains("told together"), "{problem:?}");
    }
}

//! Cutting a file into pieces of whole lines, customer by customer.
//!
//! Whoever exports a ledger writes it by date, so that a customer's lines lie all over it. Put
//! together, a customer is read and written once for all of them; and customers come in the order
//! of their ids, in which the store's tables have them. Lines of one customer stay in the order
//! of the file, and what is told together stands in one piece: a piece goes on beyond its size
//! while the lines are one customer's and bear groups.

use regua_domain::customer;
use regua_domain::id::{CustomerId, TenantId};

use super::line::Whose;
use super::{CHUNK_BYTES_MAX, CHUNK_LINES_MAX, Chunk, GROUPED_BYTES_MAX, LINES_MAX};
use crate::problem::{Fault, Problem};

/// A line on its way into a piece.
struct Sorted<'a> {
    customer: CustomerId,
    is_grouped: bool,
    number: u64,
    text: &'a str,
}

/// The pieces of a file, and how many lines it has.
pub(crate) fn pieces(tenant: TenantId, text: &str) -> Result<(Vec<Chunk>, u64), Problem> {
    let (sorted, lines) = sorted(tenant, text)?;
    let mut chunks = Vec::new();
    let mut open = Chunk::default();
    let mut before: Option<&Sorted<'_>> = None;
    for line in &sorted {
        let is_same = before.is_some_and(|before| before.customer == line.customer);
        let is_together = is_same && line.is_grouped;
        let is_full = open.text.len() + line.text.len() > CHUNK_BYTES_MAX
            || open.numbers.len() >= CHUNK_LINES_MAX;
        if is_full && !is_together {
            let next = Chunk {
                goes_on: is_same,
                ..Chunk::default()
            };
            chunks.push(std::mem::replace(&mut open, next));
        }
        if open.text.len() + line.text.len() > GROUPED_BYTES_MAX {
            let text = format!(
                "line {}: what is told together has more than {GROUPED_BYTES_MAX} bytes",
                line.number
            );
            return Err(Problem::invalid(vec![Fault::at("", text)]));
        }
        open.numbers.push(line.number);
        open.text.push_str(line.text);
        open.text.push('\n');
        before = Some(line);
    }
    chunks.push(open);
    Ok((chunks, lines))
}

/// The lines that are not blank, by customer, and how many there are in all.
fn sorted(tenant: TenantId, text: &str) -> Result<(Vec<Sorted<'_>>, u64), Problem> {
    let (mut sorted, mut faults, mut lines) = (Vec::new(), Vec::new(), 0);
    for (line, number) in text.lines().zip(1..) {
        lines = number;
        if lines > LINES_MAX {
            let text = format!("has more than {LINES_MAX} lines: send it in parts");
            return Err(Problem::invalid(vec![Fault::at("", text)]));
        }
        if line.len() > CHUNK_BYTES_MAX {
            let text = format!("line {number} has more than {CHUNK_BYTES_MAX} bytes");
            faults.push(Fault::at("", text));
        } else if !line.trim().is_empty() {
            let whose = Whose::of(line);
            sorted.push(Sorted {
                customer: customer::id_of(tenant, whose.customer()),
                is_grouped: whose.is_grouped(),
                number,
                text: line,
            });
        }
    }
    if !faults.is_empty() {
        return Err(Problem::invalid(faults));
    }
    // Stable: a customer's lines stay in the order of the file.
    sorted.sort_by_key(|line| line.customer);
    Ok((sorted, lines))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TENANT: TenantId = TenantId(uuid::Uuid::nil());

    fn line(customer: usize, group: Option<usize>) -> String {
        let text = "x".repeat(1_000);
        let group = group.map_or_else(String::new, |group| format!(r#""group":{group},"#));
        format!("{{{group}\"customer\":\"C-{customer}\",\"text\":\"{text}\"}}\n")
    }

    fn customers(chunk: &Chunk) -> Vec<String> {
        let lines = chunk.text.lines();
        let mut found: Vec<_> = lines
            .map(|line| Whose::of(line).customer().to_owned())
            .collect();
        found.dedup();
        found
    }

    #[test]
    fn a_customer_s_lines_come_together_in_the_order_of_the_file() {
        // Each customer's lines are a third of a piece, and lie all over the file.
        let text: String = (0..87)
            .flat_map(|number| (0..10).map(move |customer| line(customer, Some(number))))
            .collect();
        let (chunks, lines) = pieces(TENANT, &text).unwrap();
        assert_eq!(lines, 870);
        assert!(chunks.len() > 2);
        let all: Vec<String> = chunks.iter().flat_map(customers).collect();
        assert_eq!(all.len(), 10, "no customer is in two pieces: {all:?}");
        for chunk in &chunks {
            assert!(!chunk.goes_on);
            for pair in chunk.numbers.windows(2) {
                let is_same = pair[0] % 10 == pair[1] % 10;
                assert!(!is_same || pair[0] < pair[1], "{pair:?}");
            }
        }
        let mut numbers: Vec<u64> = chunks.into_iter().flat_map(|chunk| chunk.numbers).collect();
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=870).collect::<Vec<_>>());
    }

    #[test]
    fn lines_without_a_group_go_on_in_the_next_piece() {
        let text: String = (0..600).map(|_| line(1, None)).collect();
        let (chunks, _) = pieces(TENANT, &text).unwrap();
        let goes_on: Vec<bool> = chunks.iter().map(|chunk| chunk.goes_on).collect();
        assert_eq!(goes_on, [false, true, true]);
        assert!(
            chunks
                .iter()
                .all(|chunk| chunk.text.len() <= CHUNK_BYTES_MAX + 1)
        );
    }

    #[test]
    fn a_member_that_is_there_twice_is_the_last_one() {
        let whose = Whose::of(r#"{"customer":"zz","customer":"G1","group":1,"group":70}"#);
        assert_eq!((whose.customer(), whose.is_grouped()), ("G1", true));
    }

    #[test]
    fn a_million_lines_are_enough() {
        let problem = pieces(TENANT, &"1\n".repeat(1_000_001)).unwrap_err();
        assert!(problem.errors[0].detail.contains("1000000 lines"));
    }

    #[test]
    fn blank_lines_are_counted_and_left_out() {
        let text = format!("\n{}  \n", line(1, None));
        let (chunks, lines) = pieces(TENANT, &text).unwrap();
        assert_eq!((chunks[0].numbers.as_slice(), lines), ([2].as_slice(), 3));
    }

    #[test]
    fn more_than_can_be_told_at_once_is_refused() {
        let text: String = (0..9_000).map(|number| line(1, Some(number))).collect();
        let problem = pieces(TENANT, &text).unwrap_err();
        let told = &problem.errors[0].detail;
        assert!(told.contains("told together"), "{problem:?}");
    }
}

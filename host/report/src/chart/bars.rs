//! Bars that lie, each with its name above and its number behind: names are long, and phones narrow.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, VPos};

use super::{ABOVE, INK, MUTED, TEXT, WIDTH, colour, cut, drawn, text, width};
use crate::ReportError;
use crate::page::Drawn;
use crate::side::Whose;

/// How high a bar is.
const BAR: i32 = 32;
/// What is between two bars of one name.
const GAP: i32 = 10;
/// What is between one name's bars and the next name.
const BETWEEN: i32 = 24;
/// Names that are drawn; the table has all.
const BARS_MAX: usize = 12;
/// Letters of a name that have room.
const LETTERS: usize = 40;

/// A name with a bar of each policy.
pub(crate) struct Bar<'a> {
    /// The name.
    pub(crate) name: &'a str,
    /// How long each bar is, and what is written behind it.
    pub(crate) values: Vec<(Whose, f64, String)>,
}

/// Draws bars. None where there are none.
pub(crate) fn bars(bars: &[Bar<'_>]) -> Result<Option<Drawn>, ReportError> {
    let shown = &bars[..bars.len().min(BARS_MAX)];
    let values = || shown.iter().flat_map(|bar| &bar.values);
    if shown.is_empty() {
        return Ok(None);
    }
    let most = values().map(|(_, value, _)| *value).fold(0.0, f64::max);
    let room = values().map(|(_, _, written)| width(written)).max();
    let room = f64::from(WIDTH as i32 - room.unwrap_or(0) - 24);
    let length = |value: f64| {
        if most > 0.0 {
            (value / most * room).round() as i32
        } else {
            0
        }
    };
    let name_height = TEXT as i32 + 10;
    let of_name = |bar: &Bar<'_>| name_height + bar.values.len() as i32 * (BAR + GAP) + BETWEEN;
    let more = bars.len() - shown.len();
    let last = if more > 0 { name_height } else { 0 };
    let height = shown.iter().map(of_name).sum::<i32>() - BETWEEN + last + ABOVE;
    drawn(height.unsigned_abs(), |area| {
        let mut top = ABOVE;
        for bar in shown {
            let style = text(INK, HPos::Left, VPos::Top);
            area.draw_text(&cut(bar.name, LETTERS), &style, (0, top))?;
            let mut at = top + name_height;
            for (whose, value, written) in &bar.values {
                // What is not nothing is seen.
                let least = if *value > 0.0 { 3 } else { 0 };
                let end = length(*value).max(least);
                if end > 0 {
                    let corners = [(1, at), (end, at + BAR)];
                    area.draw(&Rectangle::new(corners, colour(*whose).filled()))?;
                }
                let style = text(INK, HPos::Left, VPos::Center);
                area.draw_text(written, &style, (end + 12, at + BAR / 2))?;
                at += BAR + GAP;
            }
            top += of_name(bar);
        }
        if more > 0 {
            let style = text(MUTED, HPos::Left, VPos::Top);
            let text = format!("and {more} more, in the table");
            area.draw_text(&text, &style, (0, top - BETWEEN + 14))?;
        }
        Ok(())
    })
    .map(Some)
}

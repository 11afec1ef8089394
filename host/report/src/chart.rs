//! Charts, drawn by `plotters` as SVG.
//!
//! What is drawn has whole coordinates, so it is drawn at twice its size. Its colours stand for what
//! they mean: the page's style says which they are in light, in dark and on paper.

mod axis;
mod bars;
mod lines;

use minijinja::Value;
use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

pub(crate) use axis::{Axis, DATES, NUMBERS};
pub(crate) use bars::{Bar, bars};
pub(crate) use lines::{Dots, Line, lines};

use crate::ReportError;
use crate::page::{Drawn, visible};
use crate::side::Whose;

/// What is drawn on.
type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
/// What can go wrong.
type Fault = DrawingAreaErrorKind<std::io::Error>;

/// How wide a chart is.
const WIDTH: u32 = 960;
/// How large its text is: on a phone, where a chart is a third as wide, as small as can be read.
const TEXT: f64 = 36.0;
/// What a browser needs above a text's letters.
const ABOVE: i32 = 10;
/// A text's width is about so much of its size for each of its letters.
const LETTER: f64 = 0.64;

/// Words.
const INK: RGBColor = RGBColor(0x1B, 0x1F, 0x24);
/// Words at axes.
const MUTED: RGBColor = RGBColor(0x59, 0x5F, 0x69);
/// Lines that help the eye.
const GRID: RGBColor = RGBColor(0xD8, 0xDC, 0xE2);

/// The colour that stands for a policy: two that are told apart by who sees few colours (Okabe and
/// Ito, *Color Universal Design*, 2008).
const fn colour(whose: Whose) -> RGBColor {
    match whose {
        Whose::Champion => RGBColor(0x00, 0x72, 0xB2),
        Whose::Challenger => RGBColor(0xD5, 0x5E, 0x00),
    }
}

fn text(colour: RGBColor, across: HPos, down: VPos) -> TextStyle<'static> {
    // The library draws letters smaller than it is told, by this much.
    let font = ("sans-serif", TEXT * 1.24).into_font();
    TextStyle {
        color: colour.to_backend_color(),
        pos: Pos::new(across, down),
        ..TextStyle::from(font)
    }
}

/// The width of a text, about.
fn width(text: &str) -> i32 {
    (text.chars().count() as f64 * TEXT * LETTER) as i32
}

/// A text of others, as much of it as there is room for.
fn cut(text: &str, letters: usize) -> String {
    let text = visible(text);
    if text.chars().count() <= letters {
        return text;
    }
    let kept: String = text.chars().take(letters.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

/// Draws, and takes what was drawn out of its `svg` element: the page brings its own.
fn drawn(
    height: u32,
    draw: impl FnOnce(&Area<'_>) -> Result<(), Fault>,
) -> Result<Drawn, ReportError> {
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, (WIDTH, height)).into_drawing_area();
        draw(&area)
            .and_then(|()| area.present())
            .map_err(ReportError::Chart)?;
    }
    let inside = svg.split_once('>').map_or("", |(_, rest)| rest);
    let inside = inside.trim_end().strip_suffix("</svg>").unwrap_or(inside);
    Ok(Drawn {
        width: WIDTH,
        height,
        inside: Value::from_safe_string(inside.to_owned()),
    })
}

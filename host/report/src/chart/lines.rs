//! Lines over two axes.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, VPos};

use super::axis::Scale;
use super::{ABOVE, Axis, GRID, INK, MUTED, TEXT, colour, cut, drawn, text, width};
use crate::ReportError;
use crate::page::Drawn;
use crate::side::Whose;

const HEIGHT: u32 = 600;
/// Points that are still shown as such.
const DOTS_MAX: usize = 30;

/// Letters that the name of an axis has room for.
const NAME: usize = 30;

/// What a policy's line goes through.
pub(crate) struct Line {
    /// Whose it is.
    pub(crate) whose: Whose,
    /// Along the one axis, and the other.
    pub(crate) points: Vec<(f64, f64)>,
    /// What is told by a dot.
    pub(crate) dots: Dots,
}

/// Which points of a line have a dot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dots {
    /// Each, while there are few: of what is counted one by one.
    Few,
    /// The last: of what it came to.
    Last,
}

/// Draws lines.
pub(crate) fn lines(x: &Axis<'_>, y: &Axis<'_>, lines: &[Line]) -> Result<Drawn, ReportError> {
    drawn(HEIGHT, |area| {
        let marks = y.ticks.iter().map(|at| width(&(y.label)(*at))).max();
        let mut chart = ChartBuilder::on(area)
            .margin_top(TEXT as i32 * 2)
            .margin_right(width("0000"))
            .x_label_area_size(TEXT as i32 * 3 + 14)
            .y_label_area_size(marks.unwrap_or(0) + 28)
            .build_cartesian_2d(Scale::from(x), Scale::from(y))?;
        chart
            .configure_mesh()
            .disable_x_mesh()
            .light_line_style(TRANSPARENT)
            .bold_line_style(GRID.stroke_width(2))
            .axis_style(GRID.stroke_width(2))
            .label_style(text(MUTED, HPos::Left, VPos::Top))
            .axis_desc_style(text(INK, HPos::Left, VPos::Top))
            .set_tick_mark_size(LabelAreaPosition::Bottom, 18)
            .set_tick_mark_size(LabelAreaPosition::Left, 8)
            .x_labels(x.ticks.len())
            .y_labels(y.ticks.len())
            .x_label_formatter(&|at| (x.label)(*at))
            .y_label_formatter(&|at| (y.label)(*at))
            .x_desc(cut(&x.name, NAME))
            .draw()?;
        // Beside the axis it would have to be turned, and nobody likes to turn their head.
        let style = text(INK, HPos::Left, VPos::Top);
        area.draw_text(&cut(&y.name, NAME), &style, (0, ABOVE))?;
        for line in lines {
            let style = colour(line.whose).stroke_width(5);
            chart.draw_series(LineSeries::new(line.points.iter().copied(), style))?;
            let dots = match line.dots {
                Dots::Few if line.points.len() <= DOTS_MAX => 0,
                Dots::Few => line.points.len(),
                Dots::Last => line.points.len().saturating_sub(1),
            };
            let dot = |at: &(f64, f64)| Circle::new(*at, 9, colour(line.whose).filled());
            chart.draw_series(line.points[dots..].iter().map(dot))?;
        }
        Ok(())
    })
}

//! Faults over the time of a run: a row for each kind, which is also the legend of the marks in the
//! other plots.

use super::axis::Scale;
use super::canvas::{Anchor, Canvas, Room, WIDTH};
use super::lines::abscissae;

/// Height of a row.
const ROW: f64 = 17.0;
/// Where the rows begin, right of their names.
const NAMES: f64 = 118.0;
/// Letters of a name that have room there.
const LETTERS: usize = 16;
/// Room for the count at the right.
const COUNTS: f64 = 36.0;
/// The least width of a bar.
const BAR: f64 = 2.0;

/// A kind of fault, and when it was.
#[derive(Clone, Debug)]
pub(in crate::report) struct Row<'a> {
    /// Its name.
    pub(in crate::report) name: &'a str,
    /// Begin and end in seconds, and what was done.
    pub(in crate::report) bars: Vec<(f64, f64, &'a str)>,
}

/// Draws the rows over a run of so many seconds.
pub(in crate::report) fn gantt(title: &str, end: f64, rows: &[Row<'_>]) -> String {
    let bottom = 6.0 + ROW * rows.len() as f64;
    let mut canvas = Canvas::new(bottom + 36.0, title);
    let room = Room { x: (NAMES, WIDTH - COUNTS), y: (bottom, 6.0) };
    let across = Scale::new((0.0, end), room.x);
    for (index, row) in rows.iter().enumerate() {
        let y = room.y.1 + ROW * index as f64;
        let mut name: String = row.name.chars().take(LETTERS).collect();
        if name.len() < row.name.len() {
            name.push('…');
        }
        canvas.text((NAMES - 6.0, y + 12.0), Anchor::End, &name);
        canvas.line("grid", (room.x.0, y + ROW), (room.x.1, y + ROW));
        for (from, until, text) in &row.bars {
            let x = across.at(*from);
            let width = (across.at(*until) - x).max(BAR);
            canvas.rect("fault", (x, y + 3.0), (width, ROW - 6.0), text);
        }
        canvas.text((room.x.1 + 5.0, y + 12.0), Anchor::Start, &format!("×{}", row.bars.len()));
    }
    canvas.line("axis", (room.x.0, bottom), (room.x.1, bottom));
    abscissae(room, &mut canvas, across, end);
    canvas.finish()
}

//! Quantities over the time of a run, with the times of faults behind them.
//!
//! It takes no means and no rates: what it is given is what it draws, thinned to what a screen shows.

use super::axis::{Scale, clock, clock_ticks, clock_unit, number, round_ticks};
use super::canvas::{Canvas, HEIGHT, Room};

/// Columns of a plot: more points than these are drawn as the least and the most of each.
const COLUMNS: usize = 260;
/// The least width of a fault's mark, so that a moment is seen too.
const MARK: f64 = 1.0;

/// Marks of the whole height; with more of them nothing else could be seen, and they become a strip.
const MARKS: usize = 40;
/// Height of the strip.
const STRIP: f64 = 7.0;

/// A line.
#[derive(Clone, Debug)]
pub(in crate::report) struct Line<'a> {
    /// Its name.
    pub(in crate::report) name: &'a str,
    /// Its class.
    pub(in crate::report) class: &'static str,
    /// Seconds of the run, and the value there.
    pub(in crate::report) points: Vec<(f64, f64)>,
}

/// A plot of lines over time.
#[derive(Clone, Debug)]
pub(in crate::report) struct Lines<'a> {
    /// What it shows, read aloud.
    pub(in crate::report) title: &'a str,
    /// What stands above the vertical axis.
    pub(in crate::report) unit: &'a str,
    /// Length of the run in seconds.
    pub(in crate::report) end: f64,
    /// Begin and end of each fault, in seconds.
    pub(in crate::report) faults: &'a [(f64, f64)],
    /// The lines.
    pub(in crate::report) drawn: Vec<Line<'a>>,
}

impl Lines<'_> {
    /// Draws it.
    pub(in crate::report) fn draw(&self) -> String {
        let mut canvas = Canvas::new(HEIGHT, self.title);
        let room = Room::PLOT;
        let values = self.drawn.iter().flat_map(|line| &line.points).map(|(_, value)| *value);
        let ticks = round_ticks(values.fold(0.0, f64::max), 4);
        let across = Scale::new((0.0, self.end), room.x);
        let up = Scale::new((0.0, ticks[ticks.len() - 1]), room.y);
        let height = if self.faults.len() > MARKS { STRIP } else { room.y.0 - room.y.1 };
        for (from, until) in self.faults {
            let x = across.at(*from);
            let width = (across.at(*until) - x).max(MARK);
            canvas.rect("band", (x, room.y.1), (width, height), "");
        }
        let ticks: Vec<_> = ticks.into_iter().map(|value| (value, number(value))).collect();
        room.ordinates(&mut canvas, up, &ticks, self.unit);
        abscissae(room, &mut canvas, across, self.end);
        let mut names = Vec::new();
        for line in &self.drawn {
            let points: Vec<(f64, f64)> =
                thin(&line.points).into_iter().map(|(x, y)| (across.at(x), up.at(y))).collect();
            canvas.path(line.class, &points);
            names.extend(points.last().map(|(_, y)| (*y, line.class, line.name)));
        }
        room.names(&mut canvas, names);
        canvas.finish()
    }
}

/// The time of a run from left to right.
pub(super) fn abscissae(room: Room, canvas: &mut Canvas, across: Scale, end: f64) {
    let ticks: Vec<_> = clock_ticks(end).into_iter().map(|at| (at, clock(at, end))).collect();
    room.abscissae(canvas, across, &ticks, clock_unit(end));
}

/// Leaves of each column the least and the most, in their order: no peak is lost.
fn thin(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    if points.len() <= 2 * COLUMNS {
        return points.to_vec();
    }
    let mut thinned = Vec::with_capacity(2 * COLUMNS + 2);
    for column in points.chunks(points.len().div_ceil(COLUMNS)) {
        let by_value = |a: &&(f64, f64), b: &&(f64, f64)| a.1.total_cmp(&b.1);
        let least = column.iter().min_by(by_value).copied();
        let most = column.iter().max_by(by_value).copied();
        let mut pair: Vec<(f64, f64)> = [least, most].into_iter().flatten().collect();
        pair.sort_by(|a, b| a.0.total_cmp(&b.0));
        pair.dedup();
        thinned.extend(pair);
    }
    // The end of the line is where its name stands.
    thinned.extend(points.last().filter(|last| thinned.last() != Some(last)).copied());
    thinned
}

#[cfg(test)]
mod tests {
    use super::{COLUMNS, thin};

    #[test]
    fn a_peak_of_one_second_in_a_day_is_drawn() {
        let mut points: Vec<(f64, f64)> = (0..86_400).map(|at| (f64::from(at), 1.0)).collect();
        points[43_210].1 = 99.0;
        let thinned = thin(&points);
        assert!(thinned.contains(&(43_210.0, 99.0)));
        assert!(thinned.len() <= 2 * COLUMNS + 2, "{}", thinned.len());
        assert!(thinned.is_sorted_by(|a, b| a.0 < b.0));
        assert_eq!(thinned.last(), Some(&(86_399.0, 1.0)));
    }
}

//! Percentile curves: the share of values from left to right, each nine as wide as the one before,
//! so that the tail is seen; time upwards, logarithmic.
//!
//! It does not compute percentiles.

use super::super::distribution::Point;
use super::axis::{Scale, ladder, micros};
use super::canvas::{Anchor, Canvas, HEIGHT, Room};

/// The shares that are named on the axis, as far as the values reach.
const SHARES: [(f64, &str); 7] = [
    (0.0, "0"),
    (0.5, "50"),
    (0.9, "90"),
    (0.99, "99"),
    (0.999, "99.9"),
    (0.9999, "99.99"),
    (0.99999, "99.999"),
];

/// A curve that ends so far from the right is named where it ends.
const FAR: f64 = 60.0;

/// A curve.
#[derive(Clone, Debug)]
pub(in crate::report) struct Curve<'a> {
    /// Its name.
    pub(in crate::report) name: &'a str,
    /// Its class.
    pub(in crate::report) class: &'static str,
    /// How many values it stands for: the tail ends at the last of them.
    pub(in crate::report) count: u64,
    /// Its points, by share.
    pub(in crate::report) points: Vec<Point>,
}

/// How many nines a share is away from nothing: 0.9 is 1, 0.99 is 2.
fn nines(quantile: f64, count: u64) -> f64 {
    let most = (count.max(2) as f64).log10();
    if quantile >= 1.0 { most } else { (-(1.0 - quantile).log10()).min(most) }
}

/// Draws curves. Those without points are left out; without any, it says so.
pub(in crate::report) fn percentiles(title: &str, curves: &[Curve<'_>]) -> String {
    let mut canvas = Canvas::new(HEIGHT, title);
    let room = Room::PLOT;
    let curves: Vec<&Curve<'_>> = curves.iter().filter(|curve| !curve.points.is_empty()).collect();
    let all = || curves.iter().flat_map(|curve| &curve.points);
    let (Some(least), Some(most)) =
        (all().map(|point| point.us).min(), all().map(|point| point.us).max())
    else {
        canvas.text((room.x.0, 100.0), Anchor::Start, "nothing was measured");
        return canvas.finish();
    };
    let tail = curves.iter().map(|curve| nines(1.0, curve.count)).fold(1.0, f64::max);
    let log = |us: u64| (us.max(1) as f64).log10();
    let steps = ladder(least, most);
    let ends = (log(steps[0]), log(steps[steps.len() - 1]));
    let (across, up) = (Scale::new((0.0, tail), room.x), Scale::new(ends, room.y));
    let ticks: Vec<_> = steps.iter().map(|us| (log(*us), micros(*us))).collect();
    room.ordinates(&mut canvas, up, &ticks, "time, logarithmic");
    let shares: Vec<_> = SHARES
        .iter()
        .map(|(share, text)| (nines(*share, u64::MAX), (*text).to_owned()))
        .filter(|(nines, _)| *nines <= tail)
        .collect();
    room.abscissae(&mut canvas, across, &shares, "% of slips at most as long");
    let (mut names, mut short) = (Vec::new(), false);
    for curve in &curves {
        let at =
            |point: &Point| (across.at(nines(point.quantile, curve.count)), up.at(log(point.us)));
        let points: Vec<(f64, f64)> = curve.points.iter().map(at).collect();
        canvas.path(curve.class, &points);
        match points.last() {
            // A name far from the end of its line is nobody's; two of them would lie on each other.
            Some((x, y)) if room.x.1 - x > FAR && !short => {
                short = true;
                canvas.text((x + 5.0, y + 4.0), Anchor::Start, curve.name);
            }
            end => names.extend(end.map(|(_, y)| (*y, curve.class, curve.name))),
        }
    }
    room.names(&mut canvas, names);
    canvas.finish()
}

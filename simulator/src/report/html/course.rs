//! The course of a run: rates, backlog, memory, processor, and the faults behind them all.

use std::collections::BTreeMap;

use super::super::plot::{Line, Lines, Row, gantt, round_seconds, seconds};
use super::super::shape::{Fault, Report};
use super::page::figure;

/// Points of a rate: fewer are smoother, more show shorter peaks.
const RATE_POINTS: f64 = 75.0;
/// From this length on rates are by the minute.
const LONG_RUN: f64 = 7_200.0;

pub(super) fn section(out: &mut String, report: &Report) {
    let series = &report.series;
    out.push_str("<h2>Course of the run</h2>\n");
    if series.at_s.is_empty() {
        out.push_str("<p>Nothing was sampled.</p>\n");
        return;
    }
    let end = series.at_s.last().copied().unwrap_or(0.0).max(report.seconds);
    let faults: Vec<(f64, f64)> = report.faults.iter().map(times).collect();
    let plot = |title: &str, unit: &str, lines: Vec<Line<'_>>| {
        Lines { title, unit, end, faults: &faults, drawn: lines }.draw()
    };
    let line = |name, class, values: Vec<f64>| Line {
        name,
        class,
        points: series.at_s.iter().copied().zip(values).collect(),
    };
    let counts = |counts: &[u64]| counts.iter().map(|count| *count as f64).collect::<Vec<_>>();
    out.push_str("<div class=\"plots\">\n");
    if !faults.is_empty() {
        let title = "Faults; grey in the other plots";
        figure(out, title, &gantt(title, end, &rows(&report.faults)));
    }
    let (unit, factor) =
        if end >= LONG_RUN { ("slips a minute", 60.0) } else { ("slips a second", 1.0) };
    let step = round_seconds(end / RATE_POINTS);
    let rate = |name, class, counts: &[u64]| Line {
        name,
        class,
        points: rates(&series.at_s, counts, step, factor),
    };
    let title = format!("Rate, means of {}", seconds(step));
    let lines = vec![
        rate("told", "s3", &series.told),
        rate("offered", "ref", &series.offered),
        rate("printed", "s4", &series.printed),
        rate("journalled", "s1", &series.journalled),
    ];
    figure(out, &title, &plot(&title, unit, lines));
    let unread: Vec<f64> = series
        .printed
        .iter()
        .zip(&series.journalled)
        .map(|(printed, journalled)| printed.saturating_sub(*journalled) as f64)
        .collect();
    let lines =
        vec![line("the group", "s3", counts(&series.backlog)), line("the journal", "s1", unread)];
    figure(out, "Printed, and waiting for", &plot("Backlog", "slips", lines));
    let lines = vec![
        line("brain", "s1", series.brain_rss_mib.clone()),
        line("wire", "s2", series.wire_rss_mib.clone()),
    ];
    figure(out, "Memory of the bridge", &plot("Memory", "resident, MiB", lines));
    let lines = vec![
        line("brain", "s1", series.brain_cpu.clone()),
        line("wire", "s2", series.wire_cpu.clone()),
        line("load", "s4", series.own_cpu.clone()),
    ];
    let title = "Processor; load is tills, printers and mock";
    figure(out, title, &plot(title, "cores", lines));
    let behind = series.behind_us.iter().map(|us| *us as f64 / 1_000.0).collect();
    let lines = vec![line("behind", "s1", behind)];
    let title = "How late the load itself was (not the bridge)";
    figure(out, title, &plot(title, "milliseconds", lines));
    out.push_str("</div>\n");
}

fn times(fault: &Fault) -> (f64, f64) {
    (fault.at_us as f64 / 1e6, fault.until_us as f64 / 1e6)
}

/// Faults by kind, the kinds by name.
fn rows(faults: &[Fault]) -> Vec<Row<'_>> {
    let mut rows: BTreeMap<&str, Row<'_>> = BTreeMap::new();
    for fault in faults {
        let (from, until) = times(fault);
        let row = Row { name: &fault.name, bars: Vec::new() };
        rows.entry(&fault.name).or_insert(row).bars.push((from, until, &fault.text));
    }
    rows.into_values().collect()
}

/// What was added in each step, as a rate. The point stands in the middle of its step.
fn rates(at_s: &[f64], counts: &[u64], step: f64, factor: f64) -> Vec<(f64, f64)> {
    let mut points = Vec::new();
    let (mut began, mut before) = (0.0, 0);
    let last = at_s.len().saturating_sub(1);
    for (index, (at, count)) in at_s.iter().zip(counts).enumerate() {
        let length = at - began;
        // What is left at the end is as good as a step where it is half of one.
        if length >= step * 0.999 || (index == last && length >= step / 2.0) {
            let rate = count.saturating_sub(before) as f64 / length * factor;
            points.push((f64::midpoint(began, *at), rate));
            (began, before) = (*at, *count);
        }
    }
    points
}

#[cfg(test)]
mod tests {
    use super::rates;

    #[test]
    fn a_rate_is_what_was_added_in_its_step() {
        let at: Vec<f64> = (1..=5).map(f64::from).collect();
        let found = rates(&at, &[10, 30, 30, 40, 60], 2.0, 1.0);
        assert_eq!(found, [(1.0, 15.0), (3.0, 5.0), (4.5, 20.0)]);
        assert_eq!(rates(&at, &[10, 20, 30, 40, 50], 5.0, 60.0), [(2.5, 600.0)]);
        assert_eq!(rates(&[], &[], 1.0, 1.0), []);
    }
}

//! The page's tables: thresholds, latencies, shops, troubles.

use std::fmt::Write;

use super::super::plot::{escape, number};
use super::super::shape::Report;
use super::super::words::percentiles;
use super::super::{Distribution, Troubled};

/// Troubles on the page; `report.json` has more.
const TROUBLES: usize = 100;
/// Shops on the page, those that waited longest first.
const SHOPS: usize = 60;

fn row(out: &mut String, cell: &str, cells: &[String]) {
    out.push_str("<tr>");
    for (index, text) in cells.iter().enumerate() {
        // The first cell says what the row is about.
        let cell = if index == 0 { "th" } else { cell };
        let _ = write!(out, "<{cell}>{}</{cell}>", escape(text));
    }
    out.push_str("</tr>\n");
}

fn begin(out: &mut String, head: &[&str]) {
    out.push_str("<div class=\"wide\"><table>\n<thead>");
    let head: Vec<String> = head.iter().map(|cell| (*cell).to_owned()).collect();
    row(out, "th", &head);
    out.push_str("</thead>\n<tbody>\n");
}

fn end(out: &mut String) {
    out.push_str("</tbody></table></div>\n");
}

pub(super) fn thresholds(out: &mut String, report: &Report) {
    out.push_str("<h2>Thresholds</h2>\n<div class=\"wide\"><table class=\"thresholds\">\n<thead>");
    row(out, "th", &["of report.json", "asked", "found", ""].map(str::to_owned));
    out.push_str("</thead>\n<tbody>\n");
    for asked in &report.thresholds {
        let (class, word) = if asked.ok { ("ok", "✓ ok") } else { ("bad", "✗ MISSED") };
        let _ = writeln!(
            out,
            "<tr class=\"{class}\"><th><code>{}</code></th><td>{}</td><td>{}</td><td>{word}</td></tr>",
            // A path may break at its dots: a phone is narrow.
            escape(&asked.what).replace('.', ".<wbr>"),
            escape(&asked.asked),
            escape(&asked.found),
        );
    }
    end(out);
}

/// Rows of latencies. Who never came has a column only where somebody never came: a phone is narrow.
fn latency_table(out: &mut String, rows: &[(String, &Distribution)]) {
    let never = rows.iter().any(|(_, times)| times.missing > 0);
    let head = ["", "slips", "never", "p50", "p90", "p99", "p99.9", "max"];
    begin(out, &head.into_iter().filter(|name| never || *name != "never").collect::<Vec<_>>());
    for (name, times) in rows {
        let mut cells = vec![name.clone(), number(times.count as f64)];
        if never {
            let missing = times.missing > 0;
            cells.push(if missing { number(times.missing as f64) } else { String::new() });
        }
        cells.extend(percentiles(times));
        row(out, "td", &cells);
    }
    end(out);
}

pub(super) fn latencies(out: &mut String, report: &Report) {
    let mut rows = Vec::new();
    for (name, stage) in report.latency.stages() {
        if stage.all.count + stage.all.missing == 0 {
            continue;
        }
        rows.push((name.to_owned(), &stage.all));
        let both = [("  ordinary", &stage.ordinary), ("  urgent", &stage.urgent)];
        if both.iter().all(|(_, times)| times.count + times.missing > 0) {
            rows.extend(both.map(|(name, times)| (name.to_owned(), times)));
        }
    }
    let disk =
        if report.clock_rate.is_some() { "fdatasync, real time" } else { "fdatasync, same run" };
    rows.push((disk.to_owned(), &report.machine.fdatasync));
    rows.push(("load behind".to_owned(), &report.generator.behind));
    latency_table(out, &rows);
}

pub(super) fn shops(out: &mut String, report: &Report) {
    if report.shops.len() < 2 {
        return;
    }
    let mut shops: Vec<_> = report.shops.iter().collect();
    shops.sort_by_key(|(_, latency)| std::cmp::Reverse(latency.print_to_shown.all.p99));
    out.push_str("<h2>Shops</h2>\n<p>From the last byte printed to the group");
    if shops.len() > SHOPS {
        let _ = write!(out, "; the {SHOPS} of {} that waited longest", shops.len());
    }
    out.push_str(".</p>\n");
    let rows = shops.into_iter().take(SHOPS);
    let rows = rows.map(|(shop, times)| (shop.clone(), &times.print_to_shown.all));
    latency_table(out, &rows.collect::<Vec<_>>());
}

pub(super) fn troubles(out: &mut String, report: &Report) {
    let troubles = &report.troubles;
    out.push_str("<h2>Troubles</h2>\n");
    if troubles.count == 0 {
        out.push_str("<p>None.</p>\n");
        return;
    }
    let kinds: Vec<String> = troubles
        .kinds
        .iter()
        .map(|(kind, count)| format!("{} × {}", number(*count as f64), kind.replace('_', " ")))
        .collect();
    let _ = writeln!(
        out,
        "<p>{} in all: {}.",
        number(troubles.count as f64),
        escape(&kinds.join(", "))
    );
    out.push_str("The commands read the bytes anew, in the directory of the report.\n");
    if troubles.count > TROUBLES as u64 {
        let _ =
            writeln!(out, "Below are the first {TROUBLES}; report.json has the first thousand.");
    }
    out.push_str("</p>\n<ol class=\"troubles\">\n");
    for Troubled { kind, text, reproduce } in troubles.first.iter().take(TROUBLES) {
        let _ = write!(out, "<li><b>{}</b> {}", escape(&kind.replace('_', " ")), escape(text));
        if let Some(reproduce) = reproduce {
            let _ = write!(out, "<br><code>{}</code>", escape(reproduce));
        }
        out.push_str("</li>\n");
    }
    out.push_str("</ol>\n");
}

//! The page from top to bottom: the verdict first, then what it rests on.

use std::fmt::Write;

use super::super::plot::{Curve, escape, number, percentiles, seconds};
use super::super::shape::{Report, Stage, Verdict};
use super::super::{Distribution, Point};
use super::{course, tables};

const STYLE: &str = include_str!("report.css");

/// The beginning of a page, up to its content. It may load nothing and run nothing.
pub(super) fn begin(title: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" \
         content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>{}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n",
        escape(title)
    )
}

/// The page.
pub fn html(report: &Report) -> String {
    let mut out = begin(&format!("{}: {}", report.scenario, badge(report.verdict).1));
    head(&mut out, report);
    tables::thresholds(&mut out, report);
    latency(&mut out, report);
    course::section(&mut out, report);
    tables::shops(&mut out, report);
    tables::troubles(&mut out, report);
    foot(&mut out, report);
    out.push_str("</main>\n</body>\n</html>\n");
    out
}

/// Class, word and sign of a verdict: nobody has to see its colour.
fn badge(verdict: Verdict) -> (&'static str, &'static str, &'static str) {
    match verdict {
        Verdict::Passed => ("passed", "passed", "✓"),
        Verdict::Missed => ("missed", "missed", "✗"),
        Verdict::Void => ("void", "void", "⊘"),
    }
}

fn head(out: &mut String, report: &Report) {
    let (class, word, sign) = badge(report.verdict);
    let _ = write!(
        out,
        "<header class=\"{class}\">\n<p class=\"name\"><b>{}</b> · seed {} · {}{}</p>\n\
         <h1><span class=\"badge\">{sign} {word}</span> {}</h1>\n</header>\n",
        escape(&report.scenario),
        report.seed,
        seconds(report.seconds),
        report.clock_rate.map(|rate| format!(" at {}×", number(rate))).unwrap_or_default(),
        escape(&report.sentence())
    );
    out.push_str("<dl class=\"ledger\">\n");
    let figures = [
        ("sold", report.sold, false),
        ("journalled", report.journalled, false),
        ("delivered", report.delivered, false),
        ("lost", report.lost, true),
        ("duplicated", report.duplicated, true),
        ("wrong", report.wrong, true),
        ("late", report.late, true),
    ];
    for (name, count, bad) in figures {
        let class = if bad && count > 0 { " class=\"bad\"" } else { "" };
        let _ = writeln!(out, "<div{class}><dt>{name}</dt><dd>{}</dd></div>", number(count as f64));
    }
    out.push_str("</dl>\n");
    if report.unheard > 0 {
        let _ = writeln!(
            out,
            "<p>{} slips could not be heard by who only listens; the journal says so, and they are \
             not counted as lost.</p>",
            number(report.unheard as f64)
        );
    }
    for reproach in &report.reproaches {
        let _ = writeln!(out, "<p class=\"reproach\">{}</p>", escape(reproach));
    }
    let _ = writeln!(out, "<p>Repeat it: <code>{}</code></p>", escape(&report.repeat));
}

fn latency(out: &mut String, report: &Report) {
    let latency = &report.latency;
    let disk = Curve {
        name: "fdatasync",
        class: "ref",
        // The axis is as long as the slips' tail, not the disk's.
        count: report.machine.fdatasync.count.min(latency.print_to_journal.all.count),
        // The disk knows no virtual time: beside a bent clock it would mislead.
        points: match report.clock_rate {
            None => points(&report.machine.fdatasync),
            Some(_) => Vec::new(),
        },
    };
    let curve = |name, class, stage: &Stage| Curve {
        name,
        class,
        count: stage.all.count,
        points: stage.curve.clone(),
    };
    let printed = [
        curve("journalled", "s1", &latency.print_to_journal),
        curve("sent", "s2", &latency.print_to_sent),
        curve("shown", "s3", &latency.print_to_shown),
        disk,
    ];
    let intended = [
        curve("printed", "s4", &latency.intended_to_print),
        curve("journalled", "s1", &latency.intended_to_journal),
        curve("sent", "s2", &latency.intended_to_sent),
        curve("shown", "s3", &latency.intended_to_shown),
    ];
    out.push_str("<h2>Latency</h2>\n<div class=\"plots\">\n");
    figure(out, "From the last byte printed", &percentiles("Latency from print", &printed));
    figure(
        out,
        "From the moment that the scenario intended",
        &percentiles("Latency from the intended moment", &intended),
    );
    out.push_str("</div>\n");
    tables::latencies(out, report);
}

/// The percentiles of a distribution as points, where no curve was kept.
fn points(times: &Distribution) -> Vec<Point> {
    let known = [
        (0.5, times.p50),
        (0.9, times.p90),
        (0.99, times.p99),
        (0.999, times.p999),
        (1.0, times.max),
    ];
    known.into_iter().filter_map(|(quantile, us)| Some(Point { quantile, us: us? })).collect()
}

pub(super) fn figure(out: &mut String, title: &str, svg: &str) {
    let title = escape(title);
    let _ = write!(out, "<figure>\n<figcaption>{title}</figcaption>\n{svg}</figure>\n");
}

fn foot(out: &mut String, report: &Report) {
    let _ = write!(
        out,
        "<h2>How it was measured</h2>\n\
         <p>Arrivals are fixed before the run and do not wait for the bridge, so a time from the \
         intended moment counts in full what anything held up (no coordinated omission). Slips that \
         never arrived are in no percentile; they are named in the tables. Percentiles are exact to \
         three digits. Machine: {} cores, {}.</p>\n",
        report.machine.cores,
        escape(&report.machine.kernel)
    );
    if !report.scenario_text.is_empty() {
        let _ = write!(
            out,
            "<details><summary>The scenario</summary>\n<pre>{}</pre>\n</details>\n",
            escape(&report.scenario_text)
        );
    }
}

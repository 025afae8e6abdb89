//! A comparison as a page: the sentence, the curves of both, the figures.

use std::fmt::Write;

use super::super::compare::{Change, Comparison};
use super::super::plot::{Curve, escape, percentiles};
use super::super::shape::{Report, Stage};
use super::page::{begin, figure};

/// The page.
pub fn compare_html(first: &Report, second: &Report, comparison: &Comparison) -> String {
    let mut out = begin("two runs");
    let has = |change| comparison.figures.iter().any(|figure| figure.change == change);
    let class = match (has(Change::Worse), has(Change::Better)) {
        (true, _) => "missed",
        (false, true) => "passed",
        _ => "void",
    };
    let _ = writeln!(
        out,
        "<header class=\"{class}\">\n<p class=\"name\">A <b>{}</b> · B <b>{}</b></p>\n\
         <h1>{}</h1>\n</header>",
        escape(&first.scenario),
        escape(&second.scenario),
        escape(&comparison.sentence())
    );
    for note in &comparison.notes {
        let _ = writeln!(out, "<p class=\"reproach\">{}</p>", escape(note));
    }
    for (name, report) in [("A", first), ("B", second)] {
        let _ = writeln!(out, "<p>{name}: <code>{}</code></p>", escape(&report.repeat));
    }
    out.push_str("<div class=\"plots\">\n");
    let (a, b) = (&first.latency, &second.latency);
    curves(&mut out, "Printed to journalled", &a.print_to_journal, &b.print_to_journal);
    curves(&mut out, "Printed to shown in the group", &a.print_to_shown, &b.print_to_shown);
    out.push_str("</div>\n<div class=\"wide\"><table>\n<thead><tr><th></th><th>A</th><th>B</th>");
    out.push_str("<th>B/A</th><th></th></tr></thead>\n<tbody>\n");
    for figure in &comparison.figures {
        let (class, sign) = match figure.change {
            Change::Better => ("better", "✓ "),
            Change::Worse => ("worse", "✗ "),
            Change::Noise | Change::NotJudged => ("", ""),
        };
        let _ = writeln!(
            out,
            "<tr><th><code>{}</code></th><td>{}</td><td>{}</td><td>{}</td>\
             <td class=\"{class}\">{sign}{}</td></tr>",
            escape(&figure.what),
            escape(&figure.first),
            escape(&figure.second),
            figure.times(),
            figure.change.word()
        );
    }
    out.push_str("</tbody></table></div>\n</main>\n</body>\n</html>\n");
    out
}

fn curves(out: &mut String, title: &str, first: &Stage, second: &Stage) {
    let curve = |name, class, stage: &Stage| Curve {
        name,
        class,
        count: stage.all.count,
        points: stage.curve.clone(),
    };
    let both = [curve("A", "s1", first), curve("B", "s2", second)];
    figure(out, title, &percentiles(title, &both));
}

//! The verdict in one sentence, and the report as plain text for a terminal.
//!
//! Markup is another file's business.

use std::fmt::Write;

use super::distribution::Distribution;
use super::plot::{micros, number, seconds};
use super::shape::{Asked, Latency, Report, Verdict};

impl Report {
    /// Whether the run is a success: it counts, and every threshold held.
    pub fn passed(&self) -> bool {
        self.verdict == Verdict::Passed
    }

    /// The thresholds that did not hold.
    pub fn missed(&self) -> Vec<&Asked> {
        self.thresholds.iter().filter(|asked| !asked.ok).collect()
    }

    /// The verdict in one sentence.
    pub fn sentence(&self) -> String {
        match self.verdict {
            Verdict::Passed => format!(
                "{} of {} sales reached the group, none lost, doubled, wrong or late beyond what \
                 was allowed, in {}; all {} thresholds held.",
                number(self.delivered as f64),
                number(self.sold as f64),
                seconds(self.seconds),
                self.thresholds.len()
            ),
            Verdict::Missed => {
                let missed = self.missed();
                let each =
                    |asked: &&Asked| format!("{} is {} ({})", asked.what, asked.found, asked.asked);
                format!(
                    "{} of {} thresholds missed: {}.",
                    missed.len(),
                    self.thresholds.len(),
                    missed.iter().map(each).collect::<Vec<_>>().join(", ")
                )
            }
            Verdict::Void => {
                let why: Vec<&str> =
                    self.reproaches.iter().map(|why| why.trim_start_matches("void: ")).collect();
                format!("This run says nothing about the bridge: {}.", why.join("; "))
            }
        }
    }

    /// What the terminal shows at the end of a run.
    pub fn summary(&self) -> String {
        let mut out = String::new();
        let Self { sold, journalled, delivered, lost, duplicated, wrong, late, .. } = self;
        let _ = writeln!(
            out,
            "sold {sold}, journalled {journalled}, delivered {delivered}, lost {lost}, \
             duplicated {duplicated}, wrong {wrong}, late {late}\n"
        );
        table(
            &mut out,
            &["latency", "count", "p50", "p90", "p99", "p99.9", "max"],
            self.latencies(),
        );
        out.push('\n');
        let asked = self.thresholds.iter().map(|asked| {
            let verdict = if asked.ok { "ok" } else { "MISSED" };
            [&asked.what, &asked.asked, &asked.found, verdict].map(str::to_owned).to_vec()
        });
        table(&mut out, &["threshold", "asked", "found", ""], asked.collect());
        for reproach in &self.reproaches {
            let _ = writeln!(out, "{reproach}");
        }
        let _ = writeln!(out, "\n{}\nrepeat: {}", self.sentence(), self.repeat);
        out
    }

    fn latencies(&self) -> Vec<Vec<String>> {
        let stages = self.latency.stages();
        let rows = stages.iter().filter(|(_, stage)| stage.all.count > 0);
        let mut rows: Vec<_> = rows.map(|(name, stage)| latency(name, &stage.all)).collect();
        rows.push(latency("fdatasync, same run", &self.machine.fdatasync));
        rows.push(latency("generator behind", &self.generator.behind));
        rows
    }
}

impl Latency {
    /// Its stages by the names that people read.
    pub(super) fn stages(&self) -> [(&'static str, &super::shape::Stage); 7] {
        [
            ("printed → journalled", &self.print_to_journal),
            ("printed → sent", &self.print_to_sent),
            ("printed → shown", &self.print_to_shown),
            ("intended → printed", &self.intended_to_print),
            ("intended → journalled", &self.intended_to_journal),
            ("intended → sent", &self.intended_to_sent),
            ("intended → shown", &self.intended_to_shown),
        ]
    }
}

fn latency(name: &str, times: &Distribution) -> Vec<String> {
    let missing =
        if times.missing > 0 { format!(" (+{} never)", times.missing) } else { String::new() };
    let mut row = vec![name.to_owned(), format!("{}{missing}", number(times.count as f64))];
    row.extend(percentiles(times));
    row
}

/// The five figures of a distribution, `-` where there is none.
pub(super) fn percentiles(times: &Distribution) -> [String; 5] {
    [times.p50, times.p90, times.p99, times.p999, times.max]
        .map(|us| us.map_or_else(|| "-".to_owned(), micros))
}

/// Columns as wide as their widest cell: the first to the left, the others to the right.
pub(super) fn table(out: &mut String, head: &[&str], rows: Vec<Vec<String>>) {
    let head: Vec<String> = head.iter().map(|cell| (*cell).to_owned()).collect();
    let rows: Vec<Vec<String>> = std::iter::once(head).chain(rows).collect();
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..rows[0].len()).map(width).collect();
    for row in rows {
        let mut line = String::new();
        for (index, (cell, width)) in row.iter().zip(&widths).enumerate() {
            let _ = match index {
                0 => write!(line, "{cell:<width$}"),
                _ => write!(line, "  {cell:>width$}"),
            };
        }
        let _ = writeln!(out, "{}", line.trim_end());
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::{Verdict, table};

    #[test]
    fn a_table_keeps_its_columns() {
        let mut out = String::new();
        let rows = vec![vec!["a".to_owned(), "10 µs".to_owned()]];
        table(&mut out, &["name", "p50"], rows);
        assert_eq!(out, "name    p50\na     10 µs\n");
    }

    #[test]
    fn the_summary_says_the_ledger_what_was_missed_and_how_to_repeat_it() {
        let mut report = sample::report();
        let text = report.summary();
        for part in [
            "sold 30000, journalled 30000, delivered 29997, lost 3, duplicated 0, wrong 1, late 2",
            "latency.print_to_journal.p99",
            "MISSED",
            "repeat: possim load mall.toml",
        ] {
            assert!(text.contains(part), "expected {part} in\n{text}");
        }
        assert!(!report.passed());
        report.verdict = Verdict::Void;
        report.reproaches = vec!["void: the bridge died".to_owned()];
        assert!(report.sentence().contains("says nothing about the bridge: the bridge died"));
        assert!(report.summary().contains("\nvoid: the bridge died\n"));
    }
}

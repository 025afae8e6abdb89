//! The table, and whether the ratios hold that the project has set itself.

use std::io::{self, Write};
use std::time::Duration;

use crate::Measured;
use crate::corpora::{Content, Corpus};
use crate::stages::Stage;

/// What a stage must reach, as a share of another one on the same data.
struct Threshold {
    stage: Stage,
    of: Stage,
    least: f64,
}

const fn least(stage: Stage, least: f64, of: Stage) -> Threshold {
    Threshold { stage, of, least }
}

fn thresholds(content: Content) -> &'static [Threshold] {
    match content {
        Content::Ascii => {
            &const {
                [
                    least(Stage::Framing, 0.5, Stage::Memchr3),
                    least(Stage::Documents, 0.2, Stage::Memchr3),
                ]
            }
        }
        Content::Chinese => {
            &const {
                [
                    least(Stage::Framing, 0.5, Stage::Memchr3),
                    least(Stage::Documents, 0.2, Stage::Gb18030),
                ]
            }
        }
        Content::Raster => &const { [least(Stage::Framing, 0.8, Stage::Memchr3)] },
        Content::Mixed => &[],
    }
}

pub(crate) fn heading(out: &mut impl Write, size: usize, rounds: usize) -> io::Result<()> {
    let mib = size / 1024 / 1024;
    writeln!(out, "MB/s, median of {rounds} interleaved rounds, corpora of about {mib} MiB")
}

pub(crate) fn corpus(out: &mut impl Write, corpus: &Corpus, found: &Measured) -> io::Result<()> {
    writeln!(
        out,
        "\n{}: {} bytes in {} pieces",
        corpus.name,
        corpus.bytes.len(),
        corpus.ends.len()
    )?;
    writeln!(
        out,
        "  {:<22} {:>9} {:>8} {:>8} {:>8}",
        "", "MB/s", "/memcpy", "/memchr3", "/GB18030"
    )?;
    for stage in Stage::ALL {
        let rate = found.rate(stage);
        let over = |other| rate / found.rate(other);
        writeln!(
            out,
            "  {:<22} {rate:>9.1} {:>8.3} {:>8.3} {:>8.3}",
            stage.name(),
            over(Stage::Copy),
            over(Stage::Memchr3),
            over(Stage::Gb18030)
        )?;
    }
    for threshold in thresholds(corpus.content) {
        let ratio = found.rate(threshold.stage) / found.rate(threshold.of);
        let verdict = if ratio >= threshold.least { "PASS" } else { "below" };
        let (stage, of) = (threshold.stage.name(), threshold.of.name());
        writeln!(
            out,
            "  {verdict}: {stage} is {ratio:.3} of {of}, at least {:.1} expected",
            threshold.least
        )?;
    }
    let mean = corpus.bytes.len() as f64 / 1e6 / corpus.ends.len() as f64;
    writeln!(
        out,
        "  {:.0} pieces a second; one alone takes {} us (p50), {} us (p99)",
        found.rate(Stage::Events) / mean,
        percentile(&found.receipts, 50).as_micros(),
        percentile(&found.receipts, 99).as_micros()
    )
}

/// `sorted` is not empty: a corpus has at least one piece.
fn percentile(sorted: &[Duration], percent: usize) -> Duration {
    sorted[(sorted.len() - 1) * percent / 100]
}

pub(crate) fn skipped(out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "\nSKIPPED: shared captures: ../shared/samples/escpos is not beside the checkout")
}

/// Another reader, for scale.
pub(crate) fn scale(out: &mut impl Write) -> io::Result<()> {
    writeln!(
        out,
        "\nFor scale: the Rust crate thermal_parser frames text at about 7 MB/s \
         (measured 2026-11-21 on two cores, not in this run)."
    )
}

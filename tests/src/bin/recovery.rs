//! How much of damaged receipts is read, style by style.
//!
//! `cargo run --release -p pos-tests --bin recovery -- [--cases N] [--errors K]... [--causes N]`

use std::io::{self, Write};

use pos_tests::recovery::{Score, Sound, captures, score, simulated};
use pos_tests::{receipts, shared};
use possim::print::Style;

/// Streams of a style, unless told; each holds four receipts.
const CASES: usize = 50;
/// Hits per receipt, unless told.
const ERRORS: [usize; 2] = [1, 10];
/// Causes listed, unless told.
const CAUSES: usize = 12;

/// Captures whose lines can be told by their place in the stream.
const CAPTURES: &[&str] = &[
    "npos/text-1.bin",
    "SnailDev.EscPosParser/receipt-text.bin",
    "escpos-tools/receipt-with-logo.bin",
    "thermal/test_receipt_1.bin",
    "esc-pos-preview-tools/receipt.bin",
];

fn main() -> io::Result<()> {
    let words: Vec<String> = std::env::args().collect();
    let numbers = |name: &str| -> Vec<usize> {
        let pairs = words.windows(2).filter(|pair| pair[0] == name);
        pairs.filter_map(|pair| pair[1].parse().ok()).collect()
    };
    let cases = numbers("--cases").pop().unwrap_or(CASES);
    let shown = numbers("--causes").pop().unwrap_or(CAUSES);
    let mut errors = numbers("--errors");
    if errors.is_empty() {
        errors = ERRORS.to_vec();
    }
    let mut out = io::stdout().lock();
    for errors in errors {
        table(&mut out, cases, errors, shown)?;
    }
    Ok(())
}

fn table(out: &mut impl Write, cases: usize, errors: usize, shown: usize) -> io::Result<()> {
    writeln!(out, "\n{errors} hit(s) in each receipt: share of what no hit touched")?;
    writeln!(out, "{:<42} {:>8} {:>8} {:>7} {:>8}", "", "lines", "found", "kicks", "found")?;
    let mut all = Score::default();
    for style in Style::ALL.iter().filter(|style| receipts::sends_text(style)) {
        let streams = simulated(style, cases);
        row(out, style.name, &streams, 1, errors, &mut all)?;
    }
    if let Some(folder) = shared::folder("samples/escpos") {
        for capture in captures(&folder, CAPTURES) {
            let name = capture.name.clone();
            row(out, &name, &[capture], cases, errors, &mut all)?;
        }
    }
    write_row(out, "all", &all)?;
    writeln!(out, "\nlost, by the frame that covers it:\n{}", all.causes(shown))?;
    Ok(())
}

/// Measures `streams`, each `turns` times.
fn row(
    out: &mut impl Write,
    name: &str,
    streams: &[Sound],
    turns: usize,
    errors: usize,
    all: &mut Score,
) -> io::Result<()> {
    let mut sum = Score::default();
    for (stream, seed) in streams.iter().cycle().zip(0..).take(streams.len() * turns) {
        sum.add(score(stream, errors, seed));
    }
    write_row(out, name, &sum)?;
    all.add(sum);
    Ok(())
}

fn write_row(out: &mut impl Write, name: &str, score: &Score) -> io::Result<()> {
    writeln!(
        out,
        "{name:<42} {:>8} {:>7.2}% {:>7} {:>7.2}%",
        score.lines,
        score.line_share() * 100.0,
        score.kicks,
        score.kick_share() * 100.0
    )
}

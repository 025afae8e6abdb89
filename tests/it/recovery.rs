//! Damage on the wire costs what it hits, and little else.

use pos_tests::recovery::{Score, captures, score, simulated};
use pos_tests::{receipts, shared};
use possim::print::Style;

/// Streams of a style, four receipts each; `POSBRIDGE_RECOVERY_CASES` for more.
const CASES: usize = 10;
/// Captures whose lines can be told by their place in the stream.
const CAPTURES: &[&str] = &[
    "npos/text-1.bin",
    "SnailDev.EscPosParser/receipt-text.bin",
    "escpos-tools/receipt-with-logo.bin",
    "thermal/test_receipt_1.bin",
    "esc-pos-preview-tools/receipt.bin",
];

fn cases() -> usize {
    let asked = std::env::var("POSBRIDGE_RECOVERY_CASES").ok();
    asked.and_then(|count| count.parse().ok()).unwrap_or(CASES)
}

/// Every style that sends text, and the captures that do, with `errors` hits in each receipt.
fn measured(errors: usize) -> Score {
    let mut sum = Score::default();
    for style in Style::ALL.iter().filter(|style| receipts::sends_text(style)) {
        let streams = simulated(style, cases());
        assert!(!streams.is_empty(), "{}: no line can be told by its place", style.name);
        for (stream, seed) in streams.iter().zip(0..) {
            assert!(!stream.lines.is_empty());
            sum.add(score(stream, errors, seed));
        }
    }
    if let Some(folder) = shared::folder("samples/escpos") {
        let captures = captures(&folder, CAPTURES);
        assert_eq!(captures.len(), CAPTURES.len(), "a capture's lines cannot be told any more");
        for capture in captures {
            (0..cases() as u64).for_each(|seed| sum.add(score(&capture, errors, seed)));
        }
    }
    sum
}

fn survives(errors: usize, least: f64) {
    let score = measured(errors);
    assert!(score.lines > 1_000 && score.kicks > 50, "too little was measured: {score:?}");
    let causes = score.causes(8);
    let (lines, kicks) = (score.line_share(), score.kick_share());
    assert!(lines >= least, "{lines:.4} of the lines, {least} expected: lost:\n{causes}");
    assert!(kicks >= least, "{kicks:.4} of the kicks, {least} expected: lost:\n{causes}");
}

#[test]
fn after_one_hit_in_every_receipt_99_percent_of_the_rest_is_there() {
    survives(1, 0.99);
}

#[test]
fn after_ten_hits_in_every_receipt_95_percent_of_the_rest_is_there() {
    survives(10, 0.95);
}

#[test]
fn nothing_is_lost_where_nothing_is_hit() {
    let score = measured(0);
    assert_eq!((score.lines_found, score.kicks_found), (score.lines, score.kicks));
}

//! One line for every form of command that has a meaning, and the list of which rows have one.

use std::fmt::Write;

use super::{Align, Change, Characters, Command, Page};
use crate::escpos::length::Measure;
use crate::escpos::lexer::{Frame, FrameKind, Lexer};
use crate::escpos::{Effect, Row, table};
use crate::event::Kick;
use crate::profile::Dialect;
use crate::star;

const EPSON: Dialect = Dialect::Escpos;
const STAR: Dialect = Dialect::StarLine;

fn commands(dialect: Dialect, bytes: &[u8]) -> Vec<String> {
    let mut lexer = Lexer::new(dialect);
    let mut out = Vec::new();
    let mut sink = |frame: Frame<'_>| out.push(format!("{:?}", Command::of(frame.kind)));
    lexer.push(bytes, &mut sink);
    lexer.flush(&mut sink);
    out
}

fn assert_means(dialect: Dialect, cases: &[(&[u8], Command<'_>)]) {
    for (bytes, expected) in cases {
        assert_eq!(commands(dialect, bytes), [format!("{expected:?}")], "{bytes:02x?}");
    }
}

#[test]
fn every_form_of_kick_is_a_kick() {
    let pin2 = Command::Kick(Some(Kick::Pin2));
    let pin5 = Command::Kick(Some(Kick::Pin5));
    assert_means(
        EPSON,
        &[
            (b"\x1bp\x00\x19\xfa", pin2),
            (b"\x1bp07y", pin2),
            (b"\x1bp17y", pin5),
            (b"\x1bp\x00", pin2),
            (b"\x1bp\x00\x19", pin2),
            (b"\x1bp\x05\x19\xfa", Command::Kick(None)),
            (b"\x10\x14\x01\x00\x02", pin2),
            (b"\x10\x14\x01\x01\x02", pin5),
        ],
    );
    assert_means(STAR, &[(b"\x07", pin2), (b"\x1c", pin2), (b"\x1a", pin5), (b"\x19", pin5)]);
}

#[test]
fn a_pulse_inside_data_is_only_maybe_a_kick() {
    let row = table::ROWS.iter().find(|row| row.name == "DLE DC4 1").expect("a row");
    assert_eq!(Command::noticed(row, &[1, 2]), Command::MaybeKick(Some(Kick::Pin5)));
    let status = table::ROWS.iter().find(|row| row.name == "DLE EOT").expect("a row");
    assert_eq!(Command::noticed(status, &[1]), Command::Other(status));
}

#[test]
fn cuts_and_the_ends_of_jobs() {
    assert_means(
        EPSON,
        &[
            (b"\x1dV\x00", Command::Cut),
            (b"\x1dV1", Command::Cut),
            (b"\x1dVB\x03", Command::Cut),
            (b"\x1dVh\x03", Command::Cut),
            (b"\x1dVa\x03", Command::ReserveCut),
            (b"\x1dVb\x03", Command::ReserveCut),
            (b"\x1bi", Command::Cut),
            (b"\x1bm", Command::Cut),
            (b"\x1dS", Command::Cut),
            (b"\x1c}\x60\x01", Command::Cut),
            (b"\x0c", Command::FormFeed),
            (b"\x1dr\x01", Command::JobEnd),
            (b"\x1d(H\x06\x000000xx", Command::JobEnd),
            (b"\x1bd\x02", Command::LineEnd(2)),
        ],
    );
    assert_means(
        STAR,
        &[
            (b"\x1bd\x02", Command::Cut),
            (b"\x1b\x0c\x00", Command::Cut),
            (b"\x1b\x1d\x03\x01\x00\x00", Command::DocumentMark),
            (b"\x1ba\x03", Command::LineEnd(3)),
        ],
    );
}

#[test]
fn looks_of_characters() {
    use Change::{
        Bold, Colour, DoubleStrike, FontB, Height, Inverse, Italic, KanjiMode, KanjiQuadruple,
        KanjiUnderline, KanjiWide, Mode, Rotated, Size, Space, Underline, UpsideDown, Width,
    };
    let epson: [(&[u8], Change); 24] = [
        (b"\x1b!\x38", Mode(0x38)),
        (b"\x1bE\x01", Bold(true)),
        (b"\x1bE\x00", Bold(false)),
        (b"\x1bG\x01", DoubleStrike(true)),
        (b"\x1b-\x02", Underline(true)),
        (b"\x1b-0", Underline(false)),
        (b"\x1bM\x01", FontB(true)),
        (b"\x1bM0", FontB(false)),
        (b"\x1b{\x01", UpsideDown(true)),
        (b"\x1bV\x01", Rotated(true)),
        (b"\x1bV0", Rotated(false)),
        (b"\x1b \x05", Space(5)),
        (b"\x1b4\x01", Italic(true)),
        (b"\x1b4", Italic(true)),
        (b"\x1b4\x00", Italic(false)),
        (b"\x1b5", Italic(false)),
        (b"\x1br\x01", Colour(1)),
        (b"\x1d!\x12", Size(2, 3)),
        (b"\x1dB\x01", Inverse(true)),
        (b"\x1d(N\x02\x0002", Colour(1)),
        (b"\x1c!\x0c", KanjiMode(0x0c)),
        (b"\x1cW\x01", KanjiQuadruple(true)),
        (b"\x1c-\x01", KanjiUnderline(true)),
        (b"\x1c\x0e", KanjiWide(true)),
    ];
    let star: [(&[u8], Change); 15] = [
        (b"\x1bE", Bold(true)),
        (b"\x1bF", Bold(false)),
        (b"\x1b4", Inverse(true)),
        (b"\x1b5", Inverse(false)),
        (b"\x1b-\x01", Underline(true)),
        (b"\x1bi\x01\x02", Size(3, 2)),
        (b"\x1bi10", Size(1, 2)),
        (b"\x1bW1", Width(2)),
        (b"\x1bh\x01", Height(2)),
        (b"\x0e", Width(2)),
        (b"\x14", Width(1)),
        (b"\x0f", UpsideDown(true)),
        (b"\x12", UpsideDown(false)),
        (b"\x1b\x1eF\x01", FontB(true)),
        (b"\x1b\x1eF0", FontB(false)),
    ];
    for (bytes, change) in epson {
        assert_means(EPSON, &[(bytes, Command::Style(change))]);
    }
    for (bytes, change) in star {
        assert_means(STAR, &[(bytes, Command::Style(change))]);
    }
}

#[test]
fn positions_and_pages() {
    assert_means(
        EPSON,
        &[
            (b"\x09", Command::Tab),
            (b"\x0d", Command::CarriageReturn),
            (b"\x1b$\xf0\x00", Command::MoveTo(240)),
            (b"\x1b\\\xf4\xff", Command::MoveBy(-12)),
            (b"\x1bD\x08\x10\x00", Command::TabStops(b"\x08\x10\x00")),
            (b"\x1ba\x01", Command::Align(Align::Centre)),
            (b"\x1ba2", Command::Align(Align::Right)),
            (b"\x1ba\x00", Command::Align(Align::Left)),
            (b"\x1dL\x18\x00", Command::LeftMargin(24)),
            (b"\x1dW\x00\x02", Command::PrintArea(512)),
            (b"\x1dP\xb4\xb4", Command::MotionUnits(180, 180)),
            (b"\x1b2", Command::LineSpacing(None)),
            (b"\x1b3\x18", Command::LineSpacing(Some(24))),
            (b"\x1bJ\x18", Command::Feed(24)),
            (b"\x1be\x02", Command::LineEnd(0)),
            (b"\x1bL", Command::Page(Page::Begin)),
            (b"\x1bS", Command::Page(Page::End)),
            (b"\x1b\x0c", Command::Page(Page::Print)),
            (b"\x18", Command::Cancel),
            (b"\x1bT\x02", Command::Page(Page::Direction(2))),
            (b"\x1bW\x01\x00\x02\x00\x03\x00\x00\x01", Command::Page(Page::Area([1, 2, 3, 256]))),
            (b"\x1d$\x20\x00", Command::Page(Page::MoveTo(32))),
            (b"\x1d\\\xff\xff", Command::Page(Page::MoveBy(-1))),
            (b"\x1dT\x00", Command::CancelLine),
            (b"\x1dT1", Command::LineEnd(0)),
            (b"\x1d:", Command::Macro),
            (b"\x1d^\x02\x00\x00", Command::RunMacro(2)),
        ],
    );
    assert_means(
        STAR,
        &[
            (b"\x1bl\x02", Command::LeftMargin(24)),
            (b"\x1b\x1da\x01", Command::Align(Align::Centre)),
            (b"\x1b\x1dA\x0c\x00", Command::MoveTo(12)),
            (b"\x1b\x1dR\x0c\x00", Command::MoveBy(12)),
            (b"\x1b\x1dP0", Command::Page(Page::Begin)),
            (b"\x1b\x1dP7", Command::FormFeed),
            (b"\x1bJ\x02", Command::Feed(4)),
        ],
    );
}

#[test]
fn characters_and_peripherals() {
    let means = |dialect, bytes: &[u8], characters| {
        assert_means(dialect, &[(bytes, Command::Characters(characters))]);
    };
    means(EPSON, b"\x1bt\x10", Characters::Page(16));
    means(EPSON, b"\x1bR\x0f", Characters::International(15));
    means(EPSON, b"\x1b%\x01", Characters::UserDefined(true));
    means(EPSON, b"\x1c&", Characters::DoubleByte(true));
    means(EPSON, b"\x1c.", Characters::DoubleByte(false));
    means(EPSON, b"\x1cC1", Characters::Kanji(1));
    means(EPSON, b"\x1c(C\x02\x0002", Characters::Utf8(true));
    means(EPSON, b"\x1c(C\x02\x0001", Characters::Utf8(false));
    means(STAR, b"\x1b\x1dt\x20", Characters::StarPage(32));
    means(STAR, b"\x1b$\x01", Characters::StarKanji(1));
    means(STAR, b"\x1b$0", Characters::DoubleByte(false));
    means(STAR, b"\x1bp", Characters::StarKanji(0));
    means(STAR, b"\x1bR\x03", Characters::International(3));
    assert_means(
        EPSON,
        &[
            (b"\x1b=\x02", Command::Display(true)),
            (b"\x1b=\x01", Command::Display(false)),
            (b"\x1b=\x03", Command::Display(false)),
            (b"\x1bB\x02\x01", Command::Buzzer),
            (b"\x1b@", Command::Init),
        ],
    );
}

/// How a row of the table is used.
fn use_of(row: &'static Row) -> &'static str {
    // Each with parameters that some command of the row may have.
    let used = [0, 1, 2, 48, 49, b'P', 81].iter().any(|fill| {
        let mut args = Vec::new();
        while let Measure::Need(n) = row.length.measure(&args) {
            args.resize(n.max(args.len() + 1), *fill);
        }
        let kind = FrameKind::Command { row, args: &args, refused: 0 };
        !matches!(Command::of(kind), Command::Other(_))
    });
    match (used || has_used_member(row), row.effect) {
        (true, _) => "meaning",
        (false, Effect::Status) => "asks the printer",
        (false, _) => "framed only",
    }
}

/// Rows of which only some parameters mean anything: a member of a family, a password.
fn has_used_member(row: &'static Row) -> bool {
    let args: &[u8] = match row.name {
        "FS ( X" => b"C\x02\x0002",
        "GS ( N" => b"\x02\x0002",
        "DLE DC4 8" => &[0x01, 0x03, 0x14, 0x01, 0x06, 0x02, 0x08],
        _ => return false,
    };
    let kind = FrameKind::Command { row, args, refused: 0 };
    !matches!(Command::of(kind), Command::Other(_))
}

fn coverage() -> String {
    let mut out = String::new();
    for (dialect, rows) in [("escpos", table::ROWS), ("star", star::table::ROWS)] {
        for row in rows {
            let hex = crate::hex::encode(row.prefix);
            let _ = writeln!(out, "{dialect:<6} {hex:<10} {:<14} {}", row.name, use_of(row));
        }
    }
    out
}

/// After a change of the tables, look at the difference and put what the test prints into the file.
#[test]
fn the_list_of_what_has_a_meaning_is_up_to_date() {
    let found = coverage();
    assert_eq!(found, include_str!("../coverage.txt"), "expected the list to be:\n{found}");
}

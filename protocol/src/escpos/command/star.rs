//! Meanings of Star Line Mode and StarPRNT commands, in the order of their prefixes.
//!
//! The controls that both languages share have Epson's meaning and are not listed again.
//!
//! Not here: lengths, which are the table's.

use super::{Change, Characters, Command, Page, align, area, by_effect, word};
use crate::escpos::Row;
use crate::event::Kick;

/// Dots a character is wide: margins are counted in characters.
const CHARACTER_DOTS: u16 = 12;

/// The meaning of a complete command.
pub(super) fn meaning<'a>(row: &'static Row, args: &'a [u8]) -> Command<'a> {
    match row.prefix {
        [0x1B, 0x1D, rest @ ..] => esc_gs(rest, row, args),
        [0x1B, 0x1E, b'F'] => Command::Style(Change::FontB(!matches!(args, [0 | b'0']))),
        [0x1B, rest @ ..] => esc(rest, row, args),
        [control] => control_character(*control, row, args),
        _ => by_effect(row, args),
    }
}

fn control_character<'a>(byte: u8, row: &'static Row, args: &'a [u8]) -> Command<'a> {
    match byte {
        0x07 | 0x1C => Command::Kick(Some(Kick::Pin2)),
        0x0B => Command::LineEnd(1),
        0x0C => Command::FormFeed,
        0x0E => Command::Style(Change::Width(2)),
        0x0F => Command::Style(Change::UpsideDown(true)),
        0x12 => Command::Style(Change::UpsideDown(false)),
        0x14 => Command::Style(Change::Width(1)),
        0x19 | 0x1A => Command::Kick(Some(Kick::Pin5)),
        _ => by_effect(row, args),
    }
}

fn esc<'a>(rest: &[u8], row: &'static Row, args: &'a [u8]) -> Command<'a> {
    use Command::Style;
    match (rest, args) {
        ([0x0C], _) => Command::Cut,
        (b" ", [n]) => Style(Change::Space(n & 0x0F)),
        (b"$", [n]) if digit(*n) == 0 => Command::Characters(Characters::DoubleByte(false)),
        (b"$", _) => Command::Characters(Characters::StarKanji(1)),
        (b"-", [n]) => Style(Change::Underline(digit(*n) != 0)),
        (b"0", _) => Command::LineSpacing(Some(FINE_PITCH)),
        (b"1", _) => Command::LineSpacing(None),
        (b"4", _) => Style(Change::Inverse(true)),
        (b"5", _) => Style(Change::Inverse(false)),
        (b"@", _) => Command::Init,
        (b"D", stops) => Command::TabStops(stops),
        (b"E", _) => Style(Change::Bold(true)),
        (b"F", _) => Style(Change::Bold(false)),
        // An eighth of a millimetre is a dot.
        (b"I", [n]) => Command::Feed(u16::from(*n)),
        (b"J", [n]) => Command::Feed(u16::from(*n) * 2),
        (b"Q", [n]) => Command::PrintArea(u16::from(*n) * CHARACTER_DOTS),
        (b"R", [n]) => Command::Characters(Characters::International(*n)),
        (b"W", [n]) => Style(Change::Width(digit(*n) + 1)),
        (b"a", [n]) => Command::LineEnd(*n),
        (b"d", _) => Command::Cut,
        (b"h", [n]) => Style(Change::Height(digit(*n) + 1)),
        (b"i", [height, width]) => Style(Change::Size(digit(*width) + 1, digit(*height) + 1)),
        (b"l", [n]) => Command::LeftMargin(u16::from(*n) * CHARACTER_DOTS),
        (b"p", _) => Command::Characters(Characters::StarKanji(0)),
        (b"q", _) => Command::Characters(Characters::DoubleByte(false)),
        (b"z", [n]) => Command::LineSpacing(if digit(*n) == 0 { Some(FINE_PITCH) } else { None }),
        _ => by_effect(row, args),
    }
}

/// Dots from line to line at the finer of the two pitches, 3 mm.
const FINE_PITCH: u8 = 24;

fn esc_gs<'a>(rest: &[u8], row: &'static Row, args: &'a [u8]) -> Command<'a> {
    match (rest, args) {
        ([0x03], _) => Command::DocumentMark,
        ([0x07], _) => Command::Buzzer,
        (b"A", [low, high]) => Command::MoveTo(word(*low, *high)),
        (b"P", [n, rest @ ..]) => page(digit(*n), rest, row),
        (b"R", [low, high]) => Command::MoveBy(word(*low, *high).cast_signed()),
        (b"a", [n]) => Command::Align(align(*n)),
        (b"t", [n]) => Command::Characters(Characters::StarPage(*n)),
        _ => by_effect(row, args),
    }
}

fn page<'a>(function: u8, args: &[u8], row: &'static Row) -> Command<'a> {
    match (function, args) {
        (0, _) => Command::Page(Page::Begin),
        (1, _) => Command::Page(Page::End),
        (2, [n]) => Command::Page(Page::Direction(digit(*n) & 3)),
        (3, args) => area(args, row),
        (4, [low, high]) => Command::Page(Page::MoveTo(word(*low, *high))),
        (5, [low, high]) => Command::Page(Page::MoveBy(word(*low, *high).cast_signed())),
        (6, _) => Command::Page(Page::Print),
        (7, _) => Command::FormFeed,
        (8, _) => Command::Cancel,
        _ => Command::Other(row),
    }
}

/// A number that may be sent as a digit.
fn digit(n: u8) -> u8 {
    match n {
        b'0'..=b'9' => n - b'0',
        _ => n & 7,
    }
}

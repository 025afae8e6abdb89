//! Meanings of ESC/POS commands, Epson's and the clones', in the order of their prefixes.
//!
//! Not here: lengths, which are the table's.

use super::{Change, Characters, Command, Page, align, area, bit, by_effect, pin, word};
use crate::escpos::Row;

/// The meaning of a complete command.
pub(super) fn meaning<'a>(row: &'static Row, args: &'a [u8]) -> Command<'a> {
    match row.prefix {
        [control] => control_character(*control, row),
        [0x10, rest @ ..] => real_time(rest, row, args),
        [0x1B, rest @ ..] => esc(rest, row, args),
        [0x1C, rest @ ..] => fs(rest, row, args),
        [0x1D, rest @ ..] => gs(rest, row, args),
        _ => by_effect(row, args),
    }
}

fn control_character<'a>(byte: u8, row: &'static Row) -> Command<'a> {
    match byte {
        0x07 => Command::Buzzer,
        0x09 => Command::Tab,
        0x0C => Command::FormFeed,
        0x0D => Command::CarriageReturn,
        0x18 => Command::Cancel,
        _ => Command::Other(row),
    }
}

fn real_time<'a>(rest: &[u8], row: &'static Row, args: &[u8]) -> Command<'a> {
    match (rest, args) {
        ([0x14, 0x01], [m, ..]) => Command::Kick(pin(*m)),
        ([0x14, 0x03], _) => Command::Buzzer,
        ([0x14, 0x08], [0x01, 0x03, 0x14, 0x01, 0x06, 0x02, 0x08]) => Command::Cancel,
        _ => Command::Other(row),
    }
}

fn esc<'a>(rest: &[u8], row: &'static Row, args: &'a [u8]) -> Command<'a> {
    use Command::Style;
    match (rest, args) {
        ([0x0C], _) => Command::Page(Page::Print),
        (b" ", [n]) => Style(Change::Space(*n)),
        (b"!", [n]) => Style(Change::Mode(*n)),
        (b"$", [low, high]) => Command::MoveTo(word(*low, *high)),
        (b"%", [n]) => Command::Characters(Characters::UserDefined(bit(*n))),
        (b"-", [n]) => Style(Change::Underline(!matches!(n, 0 | b'0'))),
        (b"2", _) => Command::LineSpacing(None),
        (b"3", [n]) => Command::LineSpacing(Some(*n)),
        (b"4", n) => Style(Change::Italic(!matches!(n, [0 | b'0']))),
        (b"5", _) => Style(Change::Italic(false)),
        (b"=", [n]) => Command::Display(n & 0b11 == 0b10),
        (b"@", _) => Command::Init,
        (b"B", _) => Command::Buzzer,
        (b"D", stops) => Command::TabStops(stops),
        (b"E", [n]) => Style(Change::Bold(bit(*n))),
        (b"G", [n]) => Style(Change::DoubleStrike(bit(*n))),
        (b"J", [n]) => Command::Feed(u16::from(*n)),
        (b"K" | b"e", _) => Command::LineEnd(0),
        (b"L", _) => Command::Page(Page::Begin),
        (b"M", [n]) => Style(Change::FontB(matches!(n, 1 | 2 | b'1' | b'2'))),
        (b"R", [n]) => Command::Characters(Characters::International(*n)),
        (b"S", _) => Command::Page(Page::End),
        (b"T", [n]) => Command::Page(Page::Direction(n & 3)),
        (b"V", [n]) => Style(Change::Rotated(!matches!(n, 0 | b'0'))),
        (b"W", args) => area(args, row),
        (b"\\", [low, high]) => Command::MoveBy(word(*low, *high).cast_signed()),
        (b"a", [n]) => Command::Align(align(*n)),
        (b"d", [n]) => Command::LineEnd(*n),
        (b"i" | b"m", _) => Command::Cut,
        (b"p", [m, ..]) => Command::Kick(pin(*m)),
        (b"r", [n]) => Style(Change::Colour(n & 0x0F)),
        (b"t", [n]) => Command::Characters(Characters::Page(*n)),
        (b"{", [n]) => Style(Change::UpsideDown(bit(*n))),
        _ => by_effect(row, args),
    }
}

fn fs<'a>(rest: &[u8], row: &'static Row, args: &'a [u8]) -> Command<'a> {
    use Command::Style;
    match (rest, args) {
        ([0x0E], _) => Style(Change::KanjiWide(true)),
        ([0x14], _) => Style(Change::KanjiWide(false)),
        (b"!", [n]) => Style(Change::KanjiMode(*n)),
        (b"&", _) => Command::Characters(Characters::DoubleByte(true)),
        (b"(", [b'C', _, _, b'0', m, ..]) => {
            Command::Characters(Characters::Utf8(matches!(m, 2 | b'2')))
        }
        (b"-", [n]) => Style(Change::KanjiUnderline(!matches!(n, 0 | b'0'))),
        (b".", _) => Command::Characters(Characters::DoubleByte(false)),
        (b"C", [n]) => Command::Characters(Characters::Kanji(n & 0x0F)),
        (b"W", [n]) => Style(Change::KanjiQuadruple(bit(*n))),
        ([0x7D, 0x60], _) => Command::Cut,
        _ => by_effect(row, args),
    }
}

fn gs<'a>(rest: &[u8], row: &'static Row, args: &'a [u8]) -> Command<'a> {
    use Command::Style;
    match (rest, args) {
        (b"!", [n]) => Style(Change::Size((n >> 4 & 7) + 1, (n & 7) + 1)),
        (b"$", [low, high]) => Command::Page(Page::MoveTo(word(*low, *high))),
        (b"(H", _) => Command::JobEnd,
        // Colour 1, which is `1`, is the printer's ordinary ink.
        (b"(N", [_, _, 48, m, ..]) => Style(Change::Colour((m & 0x0F).saturating_sub(1))),
        (b":", _) => Command::Macro,
        (b"B", [n]) => Style(Change::Inverse(bit(*n))),
        // Settings of the barcodes that follow.
        (b"H" | b"Z" | b"f" | b"h" | b"w", _) => Command::Graphics { row, args },
        (b"L", [low, high]) => Command::LeftMargin(word(*low, *high)),
        (b"P", [x, y]) => Command::MotionUnits(*x, *y),
        (b"S", _) => Command::Cut,
        (b"T", [0 | b'0']) => Command::CancelLine,
        (b"T", _) => Command::LineEnd(0),
        (b"V", [97 | 98, ..]) => Command::ReserveCut,
        (b"V", _) => Command::Cut,
        (b"W", [low, high]) => Command::PrintArea(word(*low, *high)),
        (b"\\", [low, high]) => Command::Page(Page::MoveBy(word(*low, *high).cast_signed())),
        (b"^", [times, ..]) => Command::RunMacro(*times),
        (b"r", [1 | b'1']) => Command::JobEnd,
        _ => by_effect(row, args),
    }
}

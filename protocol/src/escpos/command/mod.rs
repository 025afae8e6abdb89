//! What a frame told the printer, as far as words, paper and drawer are concerned.
//!
//! A command that is framed but not needed here is [`Command::Other`]; nothing is an error. The
//! two languages have a table of meanings each (`epson`, `star`), in the order of the manuals.
//!
//! Not here: what the printer's state is after a command, and what is on the paper.

mod epson;
mod star;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use super::lexer::FrameKind;
use super::{Effect, Row, Source};
use crate::event::Kick;

/// What a printer was told. Distances are in the printer's motion units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command<'a> {
    /// Characters in whatever encoding is in force.
    Text(&'a [u8]),
    /// The line is printed and the paper moves this many lines on. 0 prints what there is.
    LineEnd(u8),
    /// The line is printed and the paper moves this many dots on.
    Feed(u16),
    /// Back to the left edge; some programs end lines with nothing else.
    CarriageReturn,
    /// To the next tab stop.
    Tab,
    /// Where tab stops are, in columns; a NUL may stand at the end.
    TabStops(&'a [u8]),
    /// To this position, from the left margin.
    MoveTo(u16),
    /// This far on (or back).
    MoveBy(i16),
    /// Everything back to its default.
    Init,
    /// Which characters bytes stand for.
    Characters(Characters),
    /// How characters look.
    Style(Change),
    /// Where lines stand.
    Align(Align),
    /// Left margin.
    LeftMargin(u16),
    /// Width of the print area.
    PrintArea(u16),
    /// Motion units an inch, across and along; 0 is the printer's own.
    MotionUnits(u8, u8),
    /// Dots from line to line; `None` is the default.
    LineSpacing(Option<u8>),
    /// A step of page mode.
    Page(Page),
    /// Form feed: in page mode the page is printed, outside it a label ends.
    FormFeed,
    /// The page not yet printed is forgotten.
    Cancel,
    /// The line not yet printed is forgotten.
    CancelLine,
    /// What follows is for the customer display, or for the printer again.
    Display(bool),
    /// A macro's definition begins or ends.
    Macro,
    /// The macro is carried out this many times.
    RunMacro(u8),
    /// The paper is cut.
    Cut,
    /// The paper will be cut here once it has moved far enough: what follows is the next paper.
    ReserveCut,
    /// The drawer is pulsed, at this connector pin where it is one of the two there are.
    Kick(Option<Kick>),
    /// A pulse seen in the data of another command: a printer may have acted on it.
    MaybeKick(Option<Kick>),
    /// The buzzer sounds.
    Buzzer,
    /// Asked at the end of a job by many programs: `GS r 1`, `GS ( H`.
    JobEnd,
    /// Star's mark where a document begins or ends.
    DocumentMark,
    /// Dots are printed or stored, or a symbol is set up or printed.
    Graphics {
        /// Its row.
        row: &'static Row,
        /// Parameters and a short payload.
        args: &'a [u8],
    },
    /// Part of the payload that the command before announced.
    Payload(&'a [u8]),
    /// The payload before ended too early.
    Truncated,
    /// Framed, and without effect on what is read.
    Other(&'static Row),
    /// Explained by nothing.
    Unknown(&'a [u8]),
    /// Began and did not end.
    CutShort,
    /// Claims more than is believed.
    Refused(u64),
}

/// Which characters bytes stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Characters {
    /// `ESC t`: single-byte code page, by the maker's number.
    Page(u8),
    /// Star `ESC GS t`: single-byte code page, by Star's number.
    StarPage(u8),
    /// `ESC R`: national characters at the places of some ASCII marks.
    International(u8),
    /// `FS &` and `FS .`: double-byte characters on or off.
    DoubleByte(bool),
    /// `FS C`: JIS (0) or Shift-JIS (1).
    Kanji(u8),
    /// Star `ESC p` and `ESC $`: double-byte characters of this system.
    StarKanji(u8),
    /// `FS ( C`: UTF-8 on or off.
    Utf8(bool),
    /// `ESC %`: characters that the till has drawn itself.
    UserDefined(bool),
}

/// How characters look from here on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// `ESC !`: font, bold, double height, double width and underline at once.
    Mode(u8),
    /// Emphasised.
    Bold(bool),
    /// `ESC G`: printed twice.
    DoubleStrike(bool),
    /// Underlined.
    Underline(bool),
    /// White on black.
    Inverse(bool),
    /// Slanted.
    Italic(bool),
    /// Lines turned by 180 degrees.
    UpsideDown(bool),
    /// Characters turned by 90 degrees.
    Rotated(bool),
    /// The small font.
    FontB(bool),
    /// Times as wide and as high, 1 to 8.
    Size(u8, u8),
    /// Times as wide.
    Width(u8),
    /// Times as high.
    Height(u8),
    /// Dots right of each character.
    Space(u8),
    /// Colour of the ink; 0 is black.
    Colour(u8),
    /// `FS !`: size and underline of double-byte characters.
    KanjiMode(u8),
    /// `FS W`: double-byte characters twice as wide and high.
    KanjiQuadruple(bool),
    /// `FS SO`, `FS DC4`: double-byte characters twice as wide.
    KanjiWide(bool),
    /// `FS -`: double-byte characters underlined.
    KanjiUnderline(bool),
}

/// Where lines stand between the margins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Align {
    /// At the left.
    #[default]
    Left,
    /// In the middle.
    Centre,
    /// At the right.
    Right,
}

/// A step of page mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    /// A page begins.
    Begin,
    /// Back to lines; a page not printed is forgotten.
    End,
    /// The page is printed and stays.
    Print,
    /// The area that positions count from: left, top, width, height.
    Area([u16; 4]),
    /// Where text runs: 0 right, 1 up, 2 left (upside down), 3 down.
    Direction(u8),
    /// Down to this position.
    MoveTo(u16),
    /// This far down (or up).
    MoveBy(i16),
}

impl<'a> Command<'a> {
    /// The meaning of a frame.
    pub fn of(frame: FrameKind<'a>) -> Self {
        match frame {
            FrameKind::Text(text) => Self::Text(text),
            FrameKind::Command { refused, .. } if refused > 0 => Self::Refused(refused),
            FrameKind::Command { row, args, .. } => match row.prefix {
                [0x0A] => Self::LineEnd(1),
                _ if row.source == Source::StarLine => star::meaning(row, args),
                _ => epson::meaning(row, args),
            },
            FrameKind::Payload { bytes, .. } => Self::Payload(bytes),
            FrameKind::Unknown(bytes) => Self::Unknown(bytes),
            // Some programs end a job with `ESC p m` and nothing more (SambaPOS-3 issue 363).
            FrameKind::Incomplete { bytes: [0x1B, 0x70, m, ..], .. } => Self::Kick(pin(*m)),
            FrameKind::Incomplete { .. } => Self::CutShort,
            FrameKind::Truncated { .. } => Self::Truncated,
            FrameKind::Noticed { row, args } => Self::noticed(row, args),
        }
    }

    /// The meaning of a real-time command whose bytes are also the data of another one. A printer
    /// acts on it unless the till has switched that off, so nothing can rest on it.
    fn noticed(row: &'static Row, args: &'a [u8]) -> Self {
        match Self::of(FrameKind::Command { row, args, refused: 0 }) {
            Self::Kick(pin) => Self::MaybeKick(pin),
            _ => Self::Other(row),
        }
    }
}

fn pin(m: u8) -> Option<Kick> {
    match m {
        0 | b'0' => Some(Kick::Pin2),
        1 | b'1' => Some(Kick::Pin5),
        _ => None,
    }
}

fn word(low: u8, high: u8) -> u16 {
    u16::from_le_bytes([low, high])
}

/// A switch of which only the lowest bit counts; digits work as well.
fn bit(n: u8) -> bool {
    n & 1 == 1
}

fn align(n: u8) -> Align {
    match n {
        1 | b'1' => Align::Centre,
        2 | b'2' => Align::Right,
        _ => Align::Left,
    }
}

/// The print area of page mode: four words.
fn area<'a>(args: &[u8], row: &'static Row) -> Command<'a> {
    match args.as_chunks::<2>() {
        (&[left, top, width, height], []) => {
            Command::Page(Page::Area([left, top, width, height].map(u16::from_le_bytes)))
        }
        _ => Command::Other(row),
    }
}

/// Rows whose meaning is their kind.
fn by_effect<'a>(row: &'static Row, args: &'a [u8]) -> Command<'a> {
    match row.effect {
        Effect::Graphics | Effect::Barcode => Command::Graphics { row, args },
        _ => Command::Other(row),
    }
}

//! The settings of a printer that outlive its papers: characters, their look, margins, pitch.
//!
//! Not here: what has been printed, and page mode, which belong to the paper being built.

use serde::{Deserialize, Serialize};

use super::graphics::Memory;
use super::style::{Style, Wide};
use crate::escpos::command::{Align, Change, Characters};
use crate::text::CharacterState;

/// Dots from line to line where nothing else is set (TM-T88III, `ESC 2`: 1/6 inch).
pub const DEFAULT_LINE_DOTS: u16 = 30;
/// Most tab stops that are kept (`ESC D`).
const MAX_TAB_STOPS: usize = 32;
/// Dots an inch of most printers today; those with 180 have motion units of that size.
const DOTS_PER_INCH: u32 = 203;

/// Everything that is in force until changed or until `ESC @`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Printer {
    /// Which characters bytes stand for.
    pub character: CharacterState,
    /// How they look.
    pub style: Style,
    /// What double-byte ones have of their own.
    pub wide: Wide,
    /// Where they stand.
    pub layout: Layout,
    /// Stored images, and settings of codes.
    pub memory: Memory,
}

/// Where lines stand on the paper.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Layout {
    /// Between the margins.
    pub align: Align,
    /// Dots left free.
    pub margin: u16,
    /// Dots of the print area; 0 is all there is.
    pub area: u16,
    /// Dots from line to line, where set.
    pub spacing: Option<u8>,
    /// Motion units an inch, across and along; 0 is a unit a dot.
    pub units: (u8, u8),
    /// Columns of tab stops, ascending; none is every eighth.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tabs: Vec<u8>,
}

impl Printer {
    /// `ESC @`. What kind of printer it is does not change.
    pub fn init(&mut self) {
        let (star, mut memory) = (self.character.star, core::mem::take(&mut self.memory));
        memory.reset();
        *self = Self { memory, ..Self::default() };
        self.character.star = star;
    }

    /// Another choice of characters.
    pub fn characters(&mut self, change: Characters) {
        let state = &mut self.character;
        match change {
            Characters::Page(n) => state.code_page = n,
            Characters::StarPage(n) => (state.code_page, state.star) = (n, true),
            Characters::International(n) => state.international = n,
            Characters::DoubleByte(on) => state.double_byte = on,
            Characters::Kanji(system) => state.kanji = system,
            Characters::StarKanji(system) => (state.double_byte, state.kanji) = (true, system),
            Characters::Utf8(on) => state.utf8 = on,
            Characters::UserDefined(on) => state.user_defined = on,
        }
    }

    /// Another look of characters.
    pub fn change(&mut self, change: Change) {
        let (style, wide) = (&mut self.style, &mut self.wide);
        let times = |n: u8| n.clamp(1, 8);
        let twice = |on: bool| if on { 2 } else { 1 };
        match change {
            Change::Mode(n) => {
                style.font_b = n & 0x01 != 0;
                style.bold = n & 0x08 != 0;
                style.height = twice(n & 0x10 != 0);
                style.width = twice(n & 0x20 != 0);
                style.underline = n & 0x80 != 0;
            }
            Change::Bold(on) => style.bold = on,
            Change::DoubleStrike(on) => style.double_strike = on,
            Change::Underline(on) => style.underline = on,
            Change::Inverse(on) => style.inverse = on,
            Change::Italic(on) => style.italic = on,
            Change::UpsideDown(on) => style.upside_down = on,
            Change::Rotated(on) => style.rotated = on,
            Change::FontB(on) => style.font_b = on,
            Change::Size(width, height) => {
                (style.width, style.height) = (times(width), times(height));
                // It holds for all characters, whatever `FS !` said before.
                (wide.width, wide.height) = (1, 1);
            }
            Change::Width(n) => (style.width, wide.width) = (times(n), 1),
            Change::Height(n) => (style.height, wide.height) = (times(n), 1),
            Change::Space(n) => style.space = n,
            Change::Colour(n) => style.colour = n,
            Change::KanjiMode(n) => {
                *wide = Wide {
                    width: twice(n & 0x04 != 0),
                    height: twice(n & 0x08 != 0),
                    underline: n & 0x80 != 0,
                };
            }
            Change::KanjiQuadruple(on) => (wide.width, wide.height) = (twice(on), twice(on)),
            Change::KanjiWide(on) => wide.width = twice(on),
            Change::KanjiUnderline(on) => wide.underline = on,
        }
    }
}

impl Layout {
    /// Dots from line to line.
    pub fn line_dots(&self) -> u16 {
        self.spacing.map_or(DEFAULT_LINE_DOTS, u16::from)
    }

    /// `ESC D`: ascending columns; the list ends where they stop ascending.
    pub fn tab_stops(&mut self, stops: &[u8]) {
        self.tabs.clear();
        for &stop in stops.iter().take(MAX_TAB_STOPS) {
            if stop <= self.tabs.last().copied().unwrap_or(0) {
                break;
            }
            self.tabs.push(stop);
        }
    }

    /// Dots across that `units` are.
    pub fn across(&self, units: u16) -> u16 {
        dots(units, self.units.0)
    }

    /// Dots along the paper that `units` are.
    pub fn along(&self, units: u16) -> u16 {
        dots(units, self.units.1)
    }

    /// Dots across, to the right or to the left.
    pub fn across_by(&self, units: i16) -> i16 {
        signed(units, self.units.0)
    }

    /// Dots along the paper, on or back.
    pub fn along_by(&self, units: i16) -> i16 {
        signed(units, self.units.1)
    }
}

/// 180 and 203 units an inch are the dots of the two common heads.
fn dots(units: u16, per_inch: u8) -> u16 {
    match per_inch {
        0 | 180 | 203 => units,
        n => (u32::from(units) * DOTS_PER_INCH / u32::from(n)).min(u32::from(u16::MAX)) as u16,
    }
}

fn signed(units: i16, per_inch: u8) -> i16 {
    let size = i16::try_from(dots(units.unsigned_abs(), per_inch)).unwrap_or(i16::MAX);
    if units < 0 { -size } else { size }
}

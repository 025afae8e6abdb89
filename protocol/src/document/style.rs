//! How characters look: what a renderer needs of a run, and nothing of what it says.

use serde::{Deserialize, Serialize};

/// Dots a character of font A is wide and high (TM-T88III, "Character size").
pub const FONT_A: (u16, u16) = (12, 24);
/// Dots a character of font B is wide and high.
pub const FONT_B: (u16, u16) = (9, 17);

/// The look of characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a mode of the printer of its own")]
pub struct Style {
    /// Emphasised.
    #[serde(skip_serializing_if = "is_off")]
    pub bold: bool,
    /// Printed twice, which looks bold too.
    #[serde(skip_serializing_if = "is_off")]
    pub double_strike: bool,
    /// Underlined.
    #[serde(skip_serializing_if = "is_off")]
    pub underline: bool,
    /// White on black.
    #[serde(skip_serializing_if = "is_off")]
    pub inverse: bool,
    /// Slanted.
    #[serde(skip_serializing_if = "is_off")]
    pub italic: bool,
    /// The line is turned by 180 degrees.
    #[serde(skip_serializing_if = "is_off")]
    pub upside_down: bool,
    /// Each character is turned by 90 degrees.
    #[serde(skip_serializing_if = "is_off")]
    pub rotated: bool,
    /// The small font.
    #[serde(skip_serializing_if = "is_off")]
    pub font_b: bool,
    /// Times as wide, 1 to 8.
    #[serde(skip_serializing_if = "is_one")]
    pub width: u8,
    /// Times as high, 1 to 8.
    #[serde(skip_serializing_if = "is_one")]
    pub height: u8,
    /// Dots right of each character.
    #[serde(skip_serializing_if = "is_zero")]
    pub space: u8,
    /// Colour of the ink; 0 is black.
    #[serde(skip_serializing_if = "is_zero")]
    pub colour: u8,
}

impl Default for Style {
    fn default() -> Self {
        Self::PLAIN
    }
}

impl Style {
    /// As the printer wakes up.
    pub const PLAIN: Self = Self {
        bold: false,
        double_strike: false,
        underline: false,
        inverse: false,
        italic: false,
        upside_down: false,
        rotated: false,
        font_b: false,
        width: 1,
        height: 1,
        space: 0,
        colour: 0,
    };

    /// Dots from one single-width column to the next.
    pub fn column_dots(self) -> u16 {
        let (width, _) = if self.font_b { FONT_B } else { FONT_A };
        width + u16::from(self.space)
    }
}

/// What double-byte characters have of their own: Epson keeps their size apart (`FS !`, `FS W`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Wide {
    /// Times as wide.
    #[serde(skip_serializing_if = "is_one")]
    pub width: u8,
    /// Times as high.
    #[serde(skip_serializing_if = "is_one")]
    pub height: u8,
    /// Underlined.
    #[serde(skip_serializing_if = "is_off")]
    pub underline: bool,
}

impl Default for Wide {
    fn default() -> Self {
        Self { width: 1, height: 1, underline: false }
    }
}

impl Wide {
    /// The look of a double-byte character among single ones of look `style`. Programs that know
    /// only `ESC !` or only `FS !` mean all their characters, so the larger counts.
    pub fn over(self, style: Style) -> Style {
        Style {
            width: style.width.max(self.width),
            height: style.height.max(self.height),
            underline: style.underline || self.underline,
            ..style
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's skip_serializing_if asks so")]
fn is_off(on: &bool) -> bool {
    !on
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's skip_serializing_if asks so")]
fn is_one(n: &u8) -> bool {
    *n == 1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's skip_serializing_if asks so")]
fn is_zero(n: &u8) -> bool {
    *n == 0
}

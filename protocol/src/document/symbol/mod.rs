//! Barcodes and two-dimensional codes: what was asked for, and how it looks.
//!
//! [`settings`] follows the commands and says when a [`Symbol`] is printed. [`linear`] draws
//! barcodes by tables of its own, one file a family; QR codes are drawn by
//! [`qr`](super::qr). Not drawn: PDF417, `MaxiCode`, Aztec, Data Matrix and GS1 `DataBar`; they are
//! named and their data is kept.

pub mod code128;
pub mod code39;
pub mod code93;
pub mod ean;
pub mod linear;
pub mod pairs;
pub mod settings;

use serde::{Deserialize, Serialize};

use crate::hex;

/// What kind of code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// UPC-A (ISO/IEC 15420).
    UpcA,
    /// UPC-E (ISO/IEC 15420).
    UpcE,
    /// EAN-13 (ISO/IEC 15420).
    Ean13,
    /// EAN-8 (ISO/IEC 15420).
    Ean8,
    /// Code 39 (ISO/IEC 16388).
    Code39,
    /// Interleaved 2 of 5 (ISO/IEC 16390).
    Itf,
    /// Codabar (EN 798).
    Codabar,
    /// Code 93 (AIM BC5).
    Code93,
    /// Code 128 (ISO/IEC 15417), the code set chosen by the data.
    Code128,
    /// Code 128, the code set chosen by the printer.
    Code128Auto,
    /// GS1-128.
    Gs1128,
    /// GS1 `DataBar`, one of its forms.
    DataBar,
    /// GS1 Composite.
    Composite,
    /// PDF417.
    Pdf417,
    /// QR Code (ISO/IEC 18004).
    Qr,
    /// `MaxiCode`.
    MaxiCode,
    /// Aztec Code.
    Aztec,
    /// Data Matrix.
    DataMatrix,
}

impl Kind {
    /// The name people know it by.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::UpcA => "UPC-A",
            Self::UpcE => "UPC-E",
            Self::Ean13 => "EAN-13",
            Self::Ean8 => "EAN-8",
            Self::Code39 => "Code 39",
            Self::Itf => "ITF",
            Self::Codabar => "Codabar",
            Self::Code93 => "Code 93",
            Self::Code128 | Self::Code128Auto => "Code 128",
            Self::Gs1128 => "GS1-128",
            Self::DataBar => "GS1 DataBar",
            Self::Composite => "GS1 Composite",
            Self::Pdf417 => "PDF417",
            Self::Qr => "QR Code",
            Self::MaxiCode => "MaxiCode",
            Self::Aztec => "Aztec Code",
            Self::DataMatrix => "Data Matrix",
        }
    }
}

/// Where the characters of a barcode are printed for people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Hri {
    /// Nowhere.
    #[default]
    None,
    /// Above the bars.
    Above,
    /// Below the bars.
    Below,
    /// Above and below.
    Both,
}

impl Hri {
    /// Whether they are printed above the bars, and below.
    pub fn sides(self) -> (bool, bool) {
        (matches!(self, Self::Above | Self::Both), matches!(self, Self::Below | Self::Both))
    }
}

/// Error correction of a QR code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Level {
    /// 7 %.
    #[default]
    L,
    /// 15 %.
    M,
    /// 25 %.
    Q,
    /// 30 %.
    H,
}

/// One code on the paper.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Symbol {
    /// What kind.
    pub kind: Kind,
    /// Its data as sent, code set selectors included; at most
    /// [`MAX_SYMBOL_BYTES`](crate::limits::MAX_SYMBOL_BYTES).
    #[serde(with = "hex")]
    pub data: Vec<u8>,
    /// Where its characters are printed.
    pub hri: Hri,
    /// Height of the bars, in dots.
    pub height: u16,
    /// Width of the narrowest part, in dots.
    pub module: u8,
    /// Error correction of a QR code.
    pub level: Level,
    /// Version of a QR code, where the till chose one.
    pub version: Option<u8>,
}

impl Symbol {
    /// The data as people read it: code set selectors resolved, control characters left out.
    pub fn text(&self) -> String {
        let bytes = match self.kind {
            Kind::Code128 | Kind::Code128Auto | Kind::Gs1128 => code128::characters(&self.data),
            _ => self.data.clone(),
        };
        String::from_utf8_lossy(&bytes).chars().filter(|c| !c.is_control()).collect()
    }
}

#[cfg(test)]
mod tests;

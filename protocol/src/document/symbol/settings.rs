//! What the printer was told about codes before one is printed.
//!
//! Barcodes come whole (`GS k`, Star `ESC b`); two-dimensional codes are described, stored and
//! printed by commands of their own, and what was stored may be printed again.

use serde::{Deserialize, Serialize};

use super::{Hri, Kind, Level, Symbol};
use crate::escpos::{Row, Source};
use crate::hex;
use crate::limits::MAX_SYMBOL_BYTES;

/// Height of a barcode until `GS h` says otherwise, in dots (TM-T88III).
const DEFAULT_HEIGHT: u16 = 162;
/// Dots of a module until `GS w` or the code's own size command says otherwise.
const DEFAULT_MODULE: u8 = 3;
/// Families of `GS ( k`, from 48 on.
const FAMILIES: [Kind; 7] = [
    Kind::Pdf417,
    Kind::Qr,
    Kind::MaxiCode,
    Kind::DataBar,
    Kind::Composite,
    Kind::Aztec,
    Kind::DataMatrix,
];
/// First family of `GS ( k`, and the families that Star's commands are kept as.
const FIRST_FAMILY: u8 = 48;
const PDF417: u8 = 48;
const QR: u8 = 49;

/// Settings of the printer. They outlive receipts; `ESC @` puts them back
/// ([`Memory::reset`](crate::document::graphics::Memory::reset)).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    height: Option<u16>,
    module: Option<u8>,
    hri: Hri,
    /// `GS Z`: what `ESC Z` prints.
    two_dimensional: u8,
    /// One for each family that was heard of.
    stores: Vec<Store>,
}

/// A two-dimensional code in the making.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Store {
    family: u8,
    module: Option<u8>,
    level: Level,
    #[serde(with = "hex")]
    data: Vec<u8>,
}

impl Settings {
    /// Takes one command with all its data and says what it prints. A command that is not about
    /// codes changes nothing.
    pub fn command(&mut self, row: &Row, args: &[u8]) -> Option<Symbol> {
        if row.source == Source::StarLine {
            return self.star(row.prefix, args);
        }
        match (row.prefix, args) {
            ([0x1D, 0x68], [n]) => self.height = Some(u16::from(*n)),
            ([0x1D, 0x77], [n]) => self.module = Some(*n),
            ([0x1D, 0x48], [n]) => {
                self.hri = match n % 48 {
                    1 => Hri::Above,
                    2 => Hri::Below,
                    3 => Hri::Both,
                    _ => Hri::None,
                }
            }
            ([0x1D, 0x5A], [n]) => self.two_dimensional = *n,
            ([0x1D, 0x6B], [m @ 0..=6, data @ ..]) => {
                return Some(self.barcode(m + 65, data.strip_suffix(&[0]).unwrap_or(data)));
            }
            ([0x1D, 0x6B], [m @ 65..=79, _, data @ ..]) => return Some(self.barcode(*m, data)),
            ([0x1B, 0x5A], [version, level, module, _, _, data @ ..]) => {
                return Some(self.described(*version, *level, *module, data));
            }
            ([0x1D, 0x28, 0x6B], [_, _, family, function, rest @ ..]) => {
                return self.two_dimensional(*family, *function, rest);
            }
            _ => {}
        }
        None
    }

    fn barcode(&self, m: u8, data: &[u8]) -> Symbol {
        let kind = match m {
            65 => Kind::UpcA,
            66 => Kind::UpcE,
            67 => Kind::Ean13,
            68 => Kind::Ean8,
            69 => Kind::Code39,
            70 => Kind::Itf,
            71 => Kind::Codabar,
            72 => Kind::Code93,
            73 => Kind::Code128,
            74 => Kind::Gs1128,
            75..=78 => Kind::DataBar,
            _ => Kind::Code128Auto,
        };
        Symbol {
            kind,
            data: bounded(data),
            hri: self.hri,
            height: self.height.unwrap_or(DEFAULT_HEIGHT).max(1),
            module: self.module.unwrap_or(DEFAULT_MODULE).clamp(1, 8),
            level: Level::L,
            version: None,
        }
    }

    /// `ESC Z` of clones: everything in one command.
    fn described(&self, version: u8, level: u8, module: u8, data: &[u8]) -> Symbol {
        let kind = match self.two_dimensional % 48 {
            0 => Kind::Pdf417,
            1 => Kind::DataMatrix,
            _ => Kind::Qr,
        };
        let level = match level {
            b'M' | 1 => Level::M,
            b'Q' | 2 => Level::Q,
            b'H' | 3 => Level::H,
            _ => Level::L,
        };
        let version = (1..=40).contains(&version).then_some(version);
        Symbol { level, version, ..Self::square(kind, module, data) }
    }

    fn square(kind: Kind, module: u8, data: &[u8]) -> Symbol {
        Symbol {
            kind,
            data: bounded(data),
            hri: Hri::None,
            height: 0,
            module: module.clamp(1, 16),
            level: Level::L,
            version: None,
        }
    }

    /// `GS ( k`: size, error correction, store, print.
    fn two_dimensional(&mut self, family: u8, function: u8, rest: &[u8]) -> Option<Symbol> {
        let kind = *FAMILIES.get(usize::from(family.checked_sub(FIRST_FAMILY)?))?;
        match (function, rest) {
            (80, [_, data @ ..]) => self.store(family).data = bounded(data),
            (81, _) => return self.print(kind, family),
            (67, [n, ..]) => self.store(family).module = Some(*n),
            (69, [n, ..]) if kind == Kind::Qr => {
                self.store(family).level = level(n.saturating_sub(48));
            }
            _ => {}
        }
        None
    }

    fn store(&mut self, family: u8) -> &mut Store {
        let known = self.stores.iter().position(|store| store.family == family);
        let at = known.unwrap_or_else(|| {
            self.stores.push(Store { family, ..Store::default() });
            self.stores.len() - 1
        });
        &mut self.stores[at]
    }

    fn print(&self, kind: Kind, family: u8) -> Option<Symbol> {
        let store = self.stores.iter().find(|store| store.family == family)?;
        let symbol = Self::square(kind, store.module.unwrap_or(DEFAULT_MODULE), &store.data);
        (!store.data.is_empty()).then_some(Symbol { level: store.level, ..symbol })
    }

    fn star(&mut self, prefix: &[u8], args: &[u8]) -> Option<Symbol> {
        match (prefix, args) {
            ([0x1B, 0x62], [kind, hri, width, height, data @ ..]) => {
                return star_barcode([*kind, *hri, *width, *height], data);
            }
            ([0x1B, 0x1D, 0x79, 0x53], [b'1' | 1, n]) => self.store(QR).level = level(n % 48),
            ([0x1B, 0x1D, 0x79, 0x53], [b'2' | 2, n]) => self.store(QR).module = Some(*n),
            ([0x1B, 0x1D, 0x79, 0x44, 0x31], [_, _, _, data @ ..]) => {
                self.store(QR).data = bounded(data);
            }
            ([0x1B, 0x1D, 0x79, 0x50], _) => return self.print(Kind::Qr, QR),
            ([0x1B, 0x1D, 0x78, 0x53], [b'2' | 2, n]) => self.store(PDF417).module = Some(*n),
            ([0x1B, 0x1D, 0x78, 0x44], [_, _, data @ ..]) => {
                self.store(PDF417).data = bounded(data);
            }
            ([0x1B, 0x1D, 0x78, 0x50], _) => return self.print(Kind::Pdf417, PDF417),
            _ => {}
        }
        None
    }
}

/// Star `ESC b`: numbers may be binary or ASCII.
fn star_barcode([kind, hri, width, height]: [u8; 4], data: &[u8]) -> Option<Symbol> {
    let kind = match kind % 48 {
        0 => Kind::UpcE,
        1 => Kind::UpcA,
        2 => Kind::Ean8,
        3 => Kind::Ean13,
        4 => Kind::Code39,
        5 => Kind::Itf,
        6 => Kind::Code128Auto,
        7 => Kind::Code93,
        8 => Kind::Codabar,
        9 => Kind::Gs1128,
        10..=13 => Kind::DataBar,
        _ => return None,
    };
    Some(Symbol {
        kind,
        data: bounded(data.strip_suffix(&[0x1E]).unwrap_or(data)),
        hri: if matches!(hri % 48, 2 | 4) { Hri::Below } else { Hri::None },
        height: u16::from(height).max(1),
        // Modes 1, 2 and 3 are two, three and four dots.
        module: (width % 48).clamp(1, 3) + 1,
        level: Level::L,
        version: None,
    })
}

fn level(n: u8) -> Level {
    match n {
        1 => Level::M,
        2 => Level::Q,
        3 => Level::H,
        _ => Level::L,
    }
}

fn bounded(data: &[u8]) -> Vec<u8> {
    data[..data.len().min(MAX_SYMBOL_BYTES)].to_vec()
}

//! QR codes as modules (ISO/IEC 18004), by the `qrcode` crate.
//!
//! Not here: Micro QR, which printers know as another model and tills do not use.

use qrcode::{Color, EcLevel, QrCode, Version};

use super::symbol::{Level, Symbol};

/// The modules of a QR code, without the quiet zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Modules {
    /// Modules of a side.
    pub side: u32,
    /// Row by row, `true` is dark.
    pub dark: Vec<bool>,
}

/// Draws a QR code; `None` where the data does not fit. A version that was asked for and is too
/// small for the data is made larger, as printers do.
pub fn modules(symbol: &Symbol) -> Option<Modules> {
    let level = match symbol.level {
        Level::L => EcLevel::L,
        Level::M => EcLevel::M,
        Level::Q => EcLevel::Q,
        Level::H => EcLevel::H,
    };
    let asked = symbol.version.and_then(|version| {
        QrCode::with_version(&symbol.data, Version::Normal(version.into()), level).ok()
    });
    let code = match asked {
        Some(code) => code,
        None => QrCode::with_error_correction_level(&symbol.data, level).ok()?,
    };
    let side = code.width() as u32;
    let dark = code.to_colors().into_iter().map(|color| color == Color::Dark).collect();
    Some(Modules { side, dark })
}

#[cfg(test)]
mod tests {
    use super::modules;
    use crate::document::symbol::{Hri, Kind, Level, Symbol};

    fn symbol(data: &[u8], level: Level, version: Option<u8>) -> Symbol {
        let data = data.to_vec();
        Symbol { kind: Kind::Qr, data, hri: Hri::None, height: 0, module: 3, level, version }
    }

    fn read_back(symbol: &Symbol) -> Vec<u8> {
        const QUIET: usize = 4;
        const DOTS: usize = 3;
        let modules = modules(symbol).expect("the data fits");
        let side = modules.side as usize;
        let dots = (side + 2 * QUIET) * DOTS;
        let mut image = rqrr::PreparedImage::prepare_from_greyscale(dots, dots, |x, y| {
            let (x, y) = ((x / DOTS).wrapping_sub(QUIET), (y / DOTS).wrapping_sub(QUIET));
            let dark = x < side && y < side && modules.dark[y * side + x];
            if dark { 0 } else { 255 }
        });
        let grids = image.detect_grids();
        let mut out = Vec::new();
        grids[0].decode_to(&mut out).expect("another reader reads it");
        out
    }

    #[test]
    fn a_qr_code_reads_back_at_every_level() {
        for level in [Level::L, Level::M, Level::Q, Level::H] {
            for data in [&b"HTTPS://EXAMPLE.HK/R/1001"[..], "發票 1001".as_bytes(), b"42"] {
                assert_eq!(read_back(&symbol(data, level, None)), data, "{level:?}");
            }
        }
    }

    #[test]
    fn a_version_is_kept_where_the_data_fits_and_grows_where_it_does_not() {
        assert_eq!(modules(&symbol(b"Hello", Level::H, Some(10))).expect("fits").side, 57);
        let long = [b'x'; 200];
        assert_eq!(read_back(&symbol(&long, Level::L, Some(1))), long);
    }

    #[test]
    fn more_data_than_the_largest_code_holds_is_not_drawn() {
        assert_eq!(modules(&symbol(&[0xFF; 7_000], Level::L, None)), None);
    }
}

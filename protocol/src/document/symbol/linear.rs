//! Barcodes as bars: which table draws which kind, and what is printed beside the bars.

use super::{Kind, Symbol, code39, code93, code128, ean, pairs};

/// A barcode as widths in modules: bar, space, bar and so on, ending with a bar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bars {
    /// The widths.
    pub widths: Vec<u8>,
    /// What is printed for people, check digit included.
    pub characters: String,
}

impl Bars {
    /// Modules from the first bar to the last.
    pub fn modules(&self) -> u32 {
        self.widths.iter().map(|width| u32::from(*width)).sum()
    }
}

/// Draws a barcode. `None` where the kind is not drawn, or the data is not allowed in it: a printer
/// then prints nothing or the data as text.
pub fn bars(symbol: &Symbol) -> Option<Bars> {
    let data = symbol.data.as_slice();
    let with_text = |widths: Vec<u8>| Bars { widths, characters: symbol.text() };
    let with_digits = |(widths, digits): (Vec<u8>, Vec<u8>)| {
        let characters = digits.iter().map(|digit| char::from(b'0' + digit)).collect();
        Bars { widths, characters }
    };
    match symbol.kind {
        Kind::UpcA => ean::upc_a(&digits(data)?).map(with_digits),
        Kind::UpcE => ean::upc_e(&digits(data)?).map(with_digits),
        Kind::Ean13 => ean::ean13(&digits(data)?).map(with_digits),
        Kind::Ean8 => ean::ean8(&digits(data)?).map(with_digits),
        Kind::Itf => pairs::itf(&digits(data)?).map(with_digits),
        Kind::Code39 => code39::code39(data).map(with_text),
        Kind::Codabar => pairs::codabar(data).map(with_text),
        Kind::Code93 => code93::code93(data).map(with_text),
        Kind::Code128 => code128::code128(data).map(with_text),
        Kind::Code128Auto => code128::automatic(data, false).map(with_text),
        Kind::Gs1128 => code128::automatic(data, true).map(with_text),
        Kind::DataBar
        | Kind::Composite
        | Kind::Pdf417
        | Kind::Qr
        | Kind::MaxiCode
        | Kind::Aztec
        | Kind::DataMatrix => None,
    }
}

/// The values of ASCII digits; `None` where there is anything else.
fn digits(data: &[u8]) -> Option<Vec<u8>> {
    data.iter().map(|byte| byte.is_ascii_digit().then(|| byte - b'0')).collect()
}

//! A printer's commands: what a receipt program of the field sends, in four dialects.
//!
//! It writes commands and encoded text and knows nothing of receipts.

use super::canvas::Canvas;
use super::charset::Charset;
use super::logo::Bitmap;

const ESC: u8 = 0x1B;
const FS: u8 = 0x1C;
const GS: u8 = 0x1D;
const LF: u8 = 0x0A;
const BEL: u8 = 0x07;

/// A printer's command language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// ESC/POS as Epson wrote it: Chinese needs `FS &`.
    Epson,
    /// ESC/POS as the makers of cheap printers understand it: Chinese is always on.
    Clone,
    /// Star Line Mode.
    StarLine,
    /// `StarPRNT`.
    StarPrnt,
}

impl Dialect {
    fn is_star(self) -> bool {
        matches!(self, Self::StarLine | Self::StarPrnt)
    }
}

/// Where a line stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// At the left.
    Left,
    /// In the middle.
    Centre,
}

/// Character size as `GS !` takes it: width in the high nibble, height in the low one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Size {
    Normal = 0x00,
    Tall = 0x01,
    Double = 0x11,
}

/// Bytes for one printer.
#[derive(Debug)]
pub struct Encoder {
    dialect: Dialect,
    charset: Charset,
    bytes: Vec<u8>,
    canvas: Option<Canvas>,
}

impl Encoder {
    /// An encoder that has written nothing.
    pub fn new(dialect: Dialect, charset: Charset) -> Self {
        Self { dialect, charset, bytes: Vec::new(), canvas: None }
    }

    /// An encoder that draws its text, on paper of `columns`.
    pub(super) fn drawing(dialect: Dialect, columns: usize) -> Self {
        let canvas = Some(Canvas::new(columns));
        Self { dialect, charset: Charset::Ascii, bytes: Vec::new(), canvas }
    }

    /// The bytes written so far.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// Whether the printer has every character of `text`.
    pub(super) fn has(&self, text: &str) -> bool {
        self.charset.has(text)
    }

    /// `ESC @`, and whatever the character set needs after it.
    pub fn initialise(&mut self) {
        self.put(&[ESC, b'@']);
        match (self.dialect, self.charset) {
            (_, Charset::Ascii) | (Dialect::Clone, Charset::Gb18030 | Charset::Big5) => {}
            (Dialect::Epson, Charset::Gb18030 | Charset::Big5) => {
                self.put(&[FS, b'&']);
            }
            // FS C 1: Shift JIS instead of JIS.
            (Dialect::Epson | Dialect::Clone, Charset::ShiftJis) => self.put(&[FS, b'C', 1]),
            (Dialect::Epson | Dialect::Clone, page) => self.put(&[ESC, b't', epson_page(page)]),
            (_, Charset::ShiftJis | Charset::Gb18030 | Charset::Big5) => {
                self.put(&[ESC, b'$', 1]);
            }
            (_, page) => self.put(&[ESC, GS, b't', star_page(page)]),
        }
    }

    /// `ESC a n`; Star `ESC GS a n`.
    pub fn align(&mut self, align: Align) {
        let n = u8::from(align == Align::Centre);
        match &mut self.canvas {
            Some(canvas) => canvas.align(align),
            None if self.dialect.is_star() => self.put(&[ESC, GS, b'a', n]),
            None => self.put(&[ESC, b'a', n]),
        }
    }

    /// `GS ! n`; Star `ESC i height width`.
    pub(super) fn size(&mut self, size: Size) {
        let n = size as u8;
        match &mut self.canvas {
            Some(canvas) => canvas.size(size),
            None if self.dialect.is_star() => self.put(&[ESC, b'i', n & 0x0F, n >> 4]),
            None => self.put(&[GS, b'!', n]),
        }
    }

    /// `ESC E n`; Star `ESC E` and `ESC F`.
    pub fn bold(&mut self, on: bool) {
        if self.canvas.is_some() {
            return;
        }
        if self.dialect.is_star() {
            self.put(&[ESC, if on { b'E' } else { b'F' }]);
        } else {
            self.put(&[ESC, b'E', u8::from(on)]);
        }
    }

    /// One line of text and LF, or one strip of dots.
    pub fn line(&mut self, text: &str) {
        if let Some(canvas) = &mut self.canvas {
            for strip in canvas.line(text) {
                self.raster(&strip);
            }
            return;
        }
        self.charset.encode(text, &mut self.bytes);
        self.bytes.push(LF);
    }

    /// `ESC d n`: print and feed `lines`; Star `ESC a n`.
    pub fn feed(&mut self, lines: u8) {
        let command = if self.dialect.is_star() { b'a' } else { b'd' };
        self.put(&[ESC, command, lines]);
    }

    /// A raster image, most significant bit leftmost: `GS v 0`, Star raster mode, or `ESC GS S`.
    pub fn raster(&mut self, image: &Bitmap) {
        let width = (image.row_bytes() as u16).to_le_bytes();
        let height = (image.height() as u16).to_le_bytes();
        let [wl, wh] = width;
        let [hl, hh] = height;
        match self.dialect {
            Dialect::Epson | Dialect::Clone => {
                self.put(&[GS, b'v', b'0', 0, wl, wh, hl, hh]);
                self.put(image.bytes());
            }
            Dialect::StarPrnt => {
                self.put(&[ESC, GS, b'S', 1, wl, wh, hl, hh, 0]);
                self.put(image.bytes());
            }
            Dialect::StarLine => {
                self.put(&[ESC, b'*', b'r', b'A']);
                for row in image.bytes().chunks(image.row_bytes()) {
                    self.put(&[b'b', wl, wh]);
                    self.put(row);
                }
                self.put(&[ESC, b'*', b'r', b'B']);
            }
        }
    }

    /// A QR code of `text`: `GS ( k` or Star `ESC GS y`.
    pub(super) fn qr(&mut self, text: &str) {
        let data = text.as_bytes();
        if self.dialect.is_star() {
            let [nl, nh] = (data.len() as u16).to_le_bytes();
            self.put(&[ESC, GS, b'y', b'S', b'0', 2, ESC, GS, b'y', b'S', b'1', 1]);
            self.put(&[ESC, GS, b'y', b'S', b'2', 6, ESC, GS, b'y', b'D', b'1', 0, nl, nh]);
            self.put(data);
            self.put(&[ESC, GS, b'y', b'P']);
            return;
        }
        let [nl, nh] = (data.len() as u16 + 3).to_le_bytes();
        self.put(&[GS, b'(', b'k', 4, 0, 49, 65, 50, 0]);
        self.put(&[GS, b'(', b'k', 3, 0, 49, 67, 6]);
        self.put(&[GS, b'(', b'k', 3, 0, 49, 69, 49]);
        self.put(&[GS, b'(', b'k', nl, nh, 49, 80, 48]);
        self.put(data);
        self.put(&[GS, b'(', b'k', 3, 0, 49, 81, 48]);
    }

    /// Opens the drawer: `ESC p` on pin 2, or Star's `BEL`, in order with the text.
    pub fn kick(&mut self) {
        match self.dialect {
            Dialect::Epson => self.put(&[ESC, b'p', 0, 25, 250]),
            Dialect::Clone => self.put(&[ESC, b'p', 0, 60, 255]),
            // ESC BEL n1 n2 only says how long; BEL pulls.
            Dialect::StarLine => self.put(&[ESC, BEL, 11, 55, BEL]),
            Dialect::StarPrnt => self.put(&[BEL]),
        }
    }

    /// Feeds to the knife and cuts: `GS V 66 0`, a clone's `GS V 1`, Star `ESC d 3`.
    pub fn cut(&mut self) {
        match self.dialect {
            Dialect::Epson => self.put(&[GS, b'V', 66, 0]),
            Dialect::Clone => self.put(&[GS, b'V', 1]),
            Dialect::StarLine | Dialect::StarPrnt => self.put(&[ESC, b'd', 3]),
        }
    }

    fn put(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }
}

/// `ESC t n` of Epson's own printers. Thai 11 is TIS-620.
fn epson_page(charset: Charset) -> u8 {
    match charset {
        Charset::Thai => 21,
        Charset::Vietnamese => 52,
        _ => 16,
    }
}

/// `ESC GS t n` of Star's printers.
fn star_page(charset: Charset) -> u8 {
    match charset {
        Charset::Thai => 21,
        _ => 32,
    }
}

#[cfg(test)]
mod tests {
    use super::{Charset, Dialect, Encoder, Size};

    fn commands(dialect: Dialect, charset: Charset) -> Vec<u8> {
        let mut out = Encoder::new(dialect, charset);
        out.initialise();
        out.size(Size::Tall);
        out.kick();
        out.cut();
        out.into_bytes()
    }

    #[test]
    fn commands_are_those_of_the_manuals() {
        let epson =
            [0x1B, 0x40, 0x1C, 0x26, 0x1D, 0x21, 1, 0x1B, 0x70, 0, 25, 250, 0x1D, 0x56, 66, 0];
        assert_eq!(commands(Dialect::Epson, Charset::Big5), epson);
        let clone = [0x1B, 0x40, 0x1D, 0x21, 1, 0x1B, 0x70, 0, 60, 255, 0x1D, 0x56, 1];
        assert_eq!(commands(Dialect::Clone, Charset::Gb18030), clone);
        let star = [0x1B, 0x40, 0x1B, 0x69, 1, 0, 0x1B, 7, 11, 55, 7, 0x1B, 0x64, 3];
        assert_eq!(commands(Dialect::StarLine, Charset::Ascii), star);
        let prnt = [0x1B, 0x40, 0x1B, 0x1D, 0x74, 32, 0x1B, 0x69, 1, 0, 7, 0x1B, 0x64, 3];
        assert_eq!(commands(Dialect::StarPrnt, Charset::Western), prnt);
    }

    #[test]
    fn only_epson_is_told_that_chinese_follows() {
        let mut clone = Encoder::new(Dialect::Clone, Charset::Gb18030);
        clone.initialise();
        assert_eq!(clone.into_bytes(), [0x1B, 0x40]);
    }
}

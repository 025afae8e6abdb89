//! An ESC/POS encoder: what a receipt program of the field sends.
//!
//! It writes commands and encoded text and knows nothing of receipts. Text that the character set
//! lacks becomes `?`, as tills do.

use encoding_rs::{BIG5, Encoding, GB18030};

use super::logo::Bitmap;

const ESC: u8 = 0x1B;
const FS: u8 = 0x1C;
const GS: u8 = 0x1D;
const LF: u8 = 0x0A;

/// How text becomes bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Charset {
    /// One byte each, nothing above 7E.
    Ascii,
    /// GB 18030, double-byte for everything GBK has.
    Gb18030,
    /// Big5.
    Big5,
}

impl Charset {
    fn encoding(self) -> Option<&'static Encoding> {
        match self {
            Self::Ascii => None,
            Self::Gb18030 => Some(GB18030),
            Self::Big5 => Some(BIG5),
        }
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
    charset: Charset,
    bytes: Vec<u8>,
}

impl Encoder {
    /// An encoder that has written nothing.
    pub fn new(charset: Charset) -> Self {
        Self { charset, bytes: Vec::new() }
    }

    /// The bytes written so far.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// `ESC @`, and `FS &` where the text is Chinese: Epson forgets Kanji mode at `ESC @`.
    pub fn initialise(&mut self) {
        self.put(&[ESC, b'@']);
        if self.charset != Charset::Ascii {
            self.put(&[FS, b'&']);
        }
    }

    /// `ESC a n`.
    pub fn align(&mut self, align: Align) {
        self.put(&[ESC, b'a', u8::from(align == Align::Centre)]);
    }

    /// `GS ! n`.
    pub(super) fn size(&mut self, size: Size) {
        self.put(&[GS, b'!', size as u8]);
    }

    /// `ESC E n`.
    pub fn bold(&mut self, on: bool) {
        self.put(&[ESC, b'E', u8::from(on)]);
    }

    /// One line of text and LF.
    pub fn line(&mut self, text: &str) {
        match self.charset.encoding() {
            None => {
                let ascii = text.chars().map(|c| u8::try_from(c).ok().filter(u8::is_ascii));
                self.bytes.extend(ascii.map(|byte| byte.unwrap_or(b'?')));
            }
            Some(encoding) => self.double_byte(encoding, text),
        }
        self.bytes.push(LF);
    }

    /// `ESC d n`: print and feed `lines`.
    pub fn feed(&mut self, lines: u8) {
        self.put(&[ESC, b'd', lines]);
    }

    /// `GS v 0`: a raster image, most significant bit leftmost.
    pub fn raster(&mut self, image: &Bitmap) {
        let width = (image.row_bytes() as u16).to_le_bytes();
        let height = (image.height() as u16).to_le_bytes();
        self.put(&[GS, b'v', b'0', 0, width[0], width[1], height[0], height[1]]);
        self.put(image.bytes());
    }

    /// `ESC p`: pulse drawer pin 2 for 50 ms, then rest for 500 ms.
    pub fn kick(&mut self) {
        self.put(&[ESC, b'p', 0, 25, 250]);
    }

    /// `GS V 66 0`: feed to the knife and cut.
    pub fn cut(&mut self) {
        self.put(&[GS, b'V', 66, 0]);
    }

    fn double_byte(&mut self, encoding: &'static Encoding, text: &str) {
        for c in text.chars() {
            let mut utf8 = [0; 4];
            let (bytes, _, missing) = encoding.encode(c.encode_utf8(&mut utf8));
            self.bytes.extend_from_slice(if missing { b"?" } else { &bytes });
        }
    }

    fn put(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::{Charset, Encoder};

    fn line(charset: Charset, text: &str) -> Vec<u8> {
        let mut out = Encoder::new(charset);
        out.line(text);
        out.into_bytes()
    }

    #[test]
    fn text_is_in_the_printers_character_set() {
        assert_eq!(line(Charset::Big5, "找A"), [0xA7, 0xE4, b'A', 0x0A]);
        assert_eq!(line(Charset::Gb18030, "找A"), [0xD5, 0xD2, b'A', 0x0A]);
        assert_eq!(line(Charset::Ascii, "找A"), *b"?A\n");
    }

    #[test]
    fn what_the_character_set_lacks_is_a_question_mark() {
        assert_eq!(line(Charset::Big5, "😀"), *b"?\n");
    }

    #[test]
    fn commands_are_those_of_the_manual() {
        let mut out = Encoder::new(Charset::Big5);
        out.initialise();
        out.kick();
        out.cut();
        let expected = [0x1B, 0x40, 0x1C, 0x26, 0x1B, 0x70, 0, 25, 250, 0x1D, 0x56, 66, 0];
        assert_eq!(out.into_bytes(), expected);
    }
}

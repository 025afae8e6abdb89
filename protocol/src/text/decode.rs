//! Bytes of one run to characters, with the size of each in the stream and in UTF-8.
//!
//! ASCII is moved as it is, everything else character by character; both are told in stretches of
//! one size.
//!
//! Not here: which encoding it is ([`super::detect`]), and what a control byte does.

use encoding_rs::Encoding;

use super::codepage::Page;
use super::memo::{Characters, Memo};
use super::{CharacterState, Charset, Pages, compose, international, pair, score};

/// A stretch of characters of equal size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// UTF-8 bytes of one character.
    pub text: usize,
    /// Stream bytes of one character.
    pub bytes: usize,
    /// Characters.
    pub chars: usize,
    /// Whether the bytes mean something in this encoding.
    pub valid: bool,
}

/// Appends the characters of `bytes` to `out`, calling `stretch` for each run of characters that
/// all take the same number of stream bytes and the same number of UTF-8 bytes. A code that stands
/// for a letter and its accent is a stretch of its own with `chars` 1.
///
/// Bytes that mean nothing give U+FFFD and take one byte each, so that the next one gets its
/// chance. `bytes` holds no control characters; 7F gives a blank.
pub fn read(
    bytes: &[u8],
    charset: Charset,
    pages: Pages,
    state: CharacterState,
    memo: &Memo,
    out: &mut String,
    stretch: &mut impl FnMut(Stretch),
) {
    let mut writer = Writer { out, stretch };
    match charset {
        Charset::Utf8 => return writer.utf8(bytes),
        Charset::ShiftJis if is_jis(bytes, state) => return writer.jis(bytes, memo.jis()),
        _ => {}
    }
    // Only single-byte text asks for a page, and looking one up costs more than a short run.
    let page = if charset == Charset::CodePage { pages.page(state) } else { Page::Cp437 };
    if page == Page::Windows1258 {
        return writer.composed(bytes, page, state.international);
    }
    let characters = memo.of(charset);
    let mut rest = bytes;
    while !rest.is_empty() {
        let ascii = Encoding::ascii_valid_up_to(rest);
        writer.ascii(&rest[..ascii], state.international);
        rest = &rest[ascii..];
        if rest.is_empty() {
            break;
        }
        let taken = match characters {
            Some(characters) => writer.pairs(rest, charset, characters),
            None if charset == Charset::CodePage => writer.single(rest, page),
            None => writer.invalid(),
        };
        rest = &rest[taken..];
    }
}

/// Whether a run is JIS X 0208 in seven bits: Kanji mode with JIS codes, nothing in the run that
/// would not be a pair, and pairs that make words. Plain ASCII is sent in Kanji mode as well, by
/// tills that leave it on; a ruled line or a number makes rare characters at best.
pub(super) fn is_jis(bytes: &[u8], state: CharacterState) -> bool {
    state.double_byte
        && matches!(state.kanji, 0 | b'0')
        && bytes.len().is_multiple_of(2)
        && bytes.iter().all(|byte| matches!(byte, 0x21..=0x7E))
        && score::jis(bytes, u32::MAX) > (bytes.len() / 2) as i32
}

struct Writer<'a, F> {
    out: &'a mut String,
    stretch: &'a mut F,
}

impl<F: FnMut(Stretch)> Writer<'_, F> {
    /// Tells of `chars` characters of `text` and `bytes` bytes each.
    fn emit(&mut self, text: usize, bytes: usize, chars: usize) {
        if chars > 0 {
            (self.stretch)(Stretch { text, bytes, chars, valid: true });
        }
    }

    /// One byte that means nothing.
    fn invalid(&mut self) -> usize {
        self.out.push(char::REPLACEMENT_CHARACTER);
        let text = char::REPLACEMENT_CHARACTER.len_utf8();
        (self.stretch)(Stretch { text, bytes: 1, chars: 1, valid: false });
        1
    }

    fn ascii(&mut self, bytes: &[u8], set: u8) {
        if set != 0 {
            return self.each(bytes, |byte| international_or_blank(set, byte));
        }
        match core::str::from_utf8(bytes) {
            Ok(text) if !has_delete(bytes) => self.out.push_str(text),
            _ => self.out.extend(bytes.iter().map(|byte| international_or_blank(0, *byte))),
        }
        self.emit(1, 1, bytes.len());
    }

    fn single(&mut self, bytes: &[u8], page: Page) -> usize {
        let high = bytes.iter().take_while(|byte| **byte >= 0x80).count();
        let upper = page.upper();
        self.each(&bytes[..high], |byte| upper[usize::from(byte & 0x7F)]);
        high
    }

    /// Characters of one byte each, told in stretches of equal UTF-8 size.
    fn each(&mut self, bytes: &[u8], character: impl Fn(u8) -> char) {
        let mut run = Run::default();
        for byte in bytes {
            let c = character(*byte);
            if c == char::REPLACEMENT_CHARACTER {
                run.end(self);
                self.invalid();
            } else {
                self.out.push(c);
                run.add(self, c.len_utf8(), 1);
            }
        }
        run.end(self);
    }

    /// Windows-1258: a letter and the tone mark that follows become one character.
    fn composed(&mut self, bytes: &[u8], page: Page, set: u8) {
        let character = |byte: u8| {
            if byte < 0x80 { international_or_blank(set, byte) } else { page.character(byte) }
        };
        let mut run = Run::default();
        let mut at = 0;
        while at < bytes.len() {
            let base = character(bytes[at]);
            let marked =
                bytes.get(at + 1).and_then(|mark| compose::compose(base, character(*mark)));
            let len = if marked.is_some() { 2 } else { 1 };
            let c = marked.unwrap_or(base);
            if c == char::REPLACEMENT_CHARACTER {
                run.end(self);
                self.invalid();
            } else {
                self.out.push(c);
                run.add(self, c.len_utf8(), len);
            }
            at += len;
        }
        run.end(self);
    }

    fn utf8(&mut self, bytes: &[u8]) {
        for chunk in bytes.utf8_chunks() {
            let mut text = chunk.valid();
            while !text.is_empty() {
                let ascii = Encoding::ascii_valid_up_to(text.as_bytes());
                let (plain, rest) = text.split_at(ascii);
                self.ascii(plain.as_bytes(), 0);
                let wide = rest.bytes().position(|byte| byte < 0x80).unwrap_or(rest.len());
                let (wide, rest) = rest.split_at(wide);
                self.out.push_str(wide);
                let mut run = Run::default();
                for c in wide.chars() {
                    run.add(self, c.len_utf8(), c.len_utf8());
                }
                run.end(self);
                text = rest;
            }
            for _ in chunk.invalid() {
                self.invalid();
            }
        }
    }

    /// Codes of two bytes as far as they go, or one odd character; returns the bytes taken.
    fn pairs(&mut self, bytes: &[u8], charset: Charset, characters: Characters<'_>) -> usize {
        let mut run = Run::default();
        let mut taken = 0;
        while let Some(&[lead @ 0x80..=0xFF, trail]) = bytes[taken..].first_chunk()
            && let Some(c) = characters.get([lead, trail])
        {
            self.out.push(c);
            run.add(self, c.len_utf8(), 2);
            taken += 2;
        }
        run.end(self);
        if taken > 0 { taken } else { self.odd(bytes, charset) }
    }

    /// A character at the start of `bytes` that is no code of two bytes for one character.
    fn odd(&mut self, bytes: &[u8], charset: Charset) -> usize {
        if charset == Charset::ShiftJis {
            let katakana = |byte: &&u8| matches!(**byte, 0xA1..=0xDF);
            let half_width = bytes.iter().take_while(katakana).count();
            if half_width > 0 {
                self.each(&bytes[..half_width], half_width_katakana);
                return half_width;
            }
        }
        if charset == Charset::Gb18030
            && let [0x81..=0xFE, 0x30..=0x39, 0x81..=0xFE, 0x30..=0x39, ..] = bytes
            && let Some(text) = encoding_rs::GB18030
                .decode_without_bom_handling_and_without_replacement(&bytes[..4])
        {
            self.out.push_str(&text);
            self.emit(text.len(), 4, 1);
            return 4;
        }
        let Some(&[lead, trail]) = bytes.first_chunk() else { return self.invalid() };
        if let Some(text) = pair::two_characters(charset, [lead, trail]) {
            self.out.push_str(&text);
            self.emit(text.len(), 2, 1);
            return 2;
        }
        match pair::private(charset, lead, trail) {
            Some(c) => {
                self.out.push(c);
                self.emit(c.len_utf8(), 2, 1);
                2
            }
            None => self.invalid(),
        }
    }

    /// JIS X 0208 in seven bits. A pair without a character costs both its bytes: one byte on,
    /// everything after it would be read across its pairs.
    fn jis(&mut self, bytes: &[u8], characters: Characters<'_>) {
        let mut run = Run::default();
        for pair in bytes.chunks_exact(2) {
            if let Some(c) = characters.get([pair[0] | 0x80, pair[1] | 0x80]) {
                self.out.push(c);
                run.add(self, c.len_utf8(), 2);
            } else {
                run.end(self);
                self.invalid();
                self.invalid();
            }
        }
        run.end(self);
    }
}

/// Characters of equal size that have not been told yet.
#[derive(Default)]
struct Run {
    text: usize,
    bytes: usize,
    chars: usize,
}

impl Run {
    /// Adds a character of `text` UTF-8 bytes and `bytes` stream bytes.
    fn add<F: FnMut(Stretch)>(&mut self, writer: &mut Writer<'_, F>, text: usize, bytes: usize) {
        if self.chars > 0 && (self.text != text || self.bytes != bytes) {
            self.end(writer);
        }
        (self.text, self.bytes) = (text, bytes);
        self.chars += 1;
    }

    fn end<F: FnMut(Stretch)>(&mut self, writer: &mut Writer<'_, F>) {
        writer.emit(self.text, self.bytes, self.chars);
        self.chars = 0;
    }
}

/// DEL prints as a blank or a house, depending on the maker.
const DELETE: u8 = 0x7F;

/// Asked of every word, most of which are too short for a search by vectors.
pub(crate) fn has_delete(bytes: &[u8]) -> bool {
    const ONES: u64 = u64::from_ne_bytes([0x01; 8]);
    const TOPS: u64 = ONES << 7;
    const DELETES: u64 = u64::from_ne_bytes([DELETE; 8]);
    let (words, tail) = bytes.as_chunks::<8>();
    let in_words = words.iter().fold(0, |found, word| {
        // The byte that is DEL becomes 0, and only 0 borrows from its own top bit.
        let other = u64::from_ne_bytes(*word) ^ DELETES;
        found | other.wrapping_sub(ONES) & !other & TOPS
    });
    in_words != 0 || tail.contains(&DELETE)
}

fn international_or_blank(set: u8, byte: u8) -> char {
    if byte == DELETE { ' ' } else { international::character(set, byte) }
}

fn half_width_katakana(byte: u8) -> char {
    char::from_u32(0xFF61 + u32::from(byte) - 0xA1).unwrap_or(char::REPLACEMENT_CHARACTER)
}

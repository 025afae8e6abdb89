//! Bytes of one run to characters, with the size of each in the stream and in UTF-8.
//!
//! Text is moved in stretches: ASCII as it is, double-byte text with one call of the decoder. Only
//! where sizes differ from one character to the next is it taken character by character.
//!
//! Not here: which encoding it is ([`super::detect`]), and what a control byte does.

use encoding_rs::{DecoderResult, EUC_JP, Encoding};

use super::codepage::Page;
use super::{CharacterState, Charset, Pages, compose, international, pair};

/// Most bytes handed to a decoder at once: damaged text is begun again after every bad byte, and
/// the work thrown away is at most this.
const SEGMENT_BYTES: usize = 512;

/// A stretch of characters of equal size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// UTF-8 bytes of the whole stretch.
    pub text: usize,
    /// Stream bytes of the whole stretch.
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
    out: &mut String,
    stretch: &mut impl FnMut(Stretch),
) {
    let mut writer = Writer { out, stretch };
    match charset {
        Charset::Utf8 => return writer.utf8(bytes),
        Charset::ShiftJis if is_jis(bytes, state) => return writer.jis(bytes),
        _ => {}
    }
    let page = pages.page(state);
    if charset == Charset::CodePage && page == Page::Windows1258 {
        return writer.composed(bytes, page, state.international);
    }
    let mut rest = bytes;
    while !rest.is_empty() {
        let ascii = Encoding::ascii_valid_up_to(rest);
        writer.ascii(&rest[..ascii], state.international);
        rest = &rest[ascii..];
        if rest.is_empty() {
            break;
        }
        let taken = match charset {
            Charset::CodePage => writer.single(rest, page),
            Charset::Ascii | Charset::Utf8 => writer.invalid(),
            _ => writer.pairs(rest, charset),
        };
        rest = &rest[taken..];
    }
}

/// Whether a run is JIS X 0208 in seven bits: Kanji mode with JIS codes, and nothing in the run
/// that would not be a pair.
pub(super) fn is_jis(bytes: &[u8], state: CharacterState) -> bool {
    state.double_byte
        && matches!(state.kanji, 0 | b'0')
        && bytes.len().is_multiple_of(2)
        && bytes.iter().all(|byte| matches!(byte, 0x21..=0x7E))
}

struct Writer<'a, F> {
    out: &'a mut String,
    stretch: &'a mut F,
}

impl<F: FnMut(Stretch)> Writer<'_, F> {
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
            // DEL prints as a blank or a house, depending on the maker.
            Ok(text) if !bytes.contains(&0x7F) => self.out.push_str(text),
            _ => self.out.extend(bytes.iter().map(|byte| international_or_blank(0, *byte))),
        }
        self.emit(bytes.len(), bytes.len(), bytes.len());
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
    fn pairs(&mut self, bytes: &[u8], charset: Charset) -> usize {
        let shaped = pair::extent(charset, bytes, SEGMENT_BYTES);
        let Some(encoding) = pair::encoding(charset).filter(|_| shaped > 0) else {
            return self.odd(bytes, charset);
        };
        let good = self.decode(&bytes[..shaped], encoding);
        if good == shaped {
            return shaped;
        }
        match pair::private(charset, bytes[good], bytes[good + 1]) {
            Some(c) => {
                self.out.push(c);
                self.emit(c.len_utf8(), 2, 1);
                good + 2
            }
            None => good + self.invalid(),
        }
    }

    /// A character at the start of `bytes` that is no code of two bytes.
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
        self.invalid()
    }

    /// Decodes codes of two bytes up to the first that has no character; returns the bytes taken.
    fn decode(&mut self, bytes: &[u8], encoding: &'static Encoding) -> usize {
        let mut decoder = encoding.new_decoder_without_bom_handling();
        let before = self.out.len();
        let room = decoder.max_utf8_buffer_length_without_replacement(bytes.len());
        self.out.reserve(room.unwrap_or(0));
        let (result, read) = decoder.decode_to_string_without_replacement(bytes, self.out, true);
        let good = match result {
            DecoderResult::Malformed(bad, after) => {
                read.saturating_sub(usize::from(bad) + usize::from(after))
            }
            DecoderResult::InputEmpty | DecoderResult::OutputFull => read,
        };
        self.measure(before, good);
        good
    }

    /// Tells the sizes of the characters decoded from `bytes` bytes, two each.
    fn measure(&mut self, before: usize, bytes: usize) {
        let text = &self.out.as_bytes()[before..];
        let (len, codes) = (text.len(), bytes / 2);
        // So many leads of three bytes fill the text: nothing else is in it.
        let threes = text.iter().filter(|byte| matches!(byte, 0xE0..=0xEF)).count();
        if threes == codes && len == 3 * codes {
            return self.emit(len, bytes, codes);
        }
        let mut run = Run::default();
        let mut at = before;
        while let Some(c) = self.out[at..].chars().next() {
            let own = c.len_utf8();
            let accent = self.out[at + own..].chars().next().filter(|c| is_accent(*c));
            let size = own + accent.map_or(0, char::len_utf8);
            if accent.is_some() {
                run.end(self);
            }
            run.add(self, size, 2);
            if accent.is_some() {
                run.end(self);
            }
            at += size;
        }
        run.end(self);
    }

    /// JIS X 0208 in seven bits. A pair without a character costs both its bytes: one byte on,
    /// everything after it would be read across its pairs.
    fn jis(&mut self, bytes: &[u8]) {
        let mut rest = bytes;
        while !rest.is_empty() {
            let mut euc = [0; SEGMENT_BYTES];
            let len = rest.len().min(SEGMENT_BYTES);
            for (high, byte) in euc.iter_mut().zip(rest) {
                *high = byte | 0x80;
            }
            let mut taken = self.decode(&euc[..len], EUC_JP);
            if taken < len {
                taken += self.invalid() + self.invalid();
            }
            rest = &rest[taken..];
        }
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
        writer.emit(self.text * self.chars, self.bytes * self.chars, self.chars);
        self.chars = 0;
    }
}

fn international_or_blank(set: u8, byte: u8) -> char {
    if byte == 0x7F { ' ' } else { international::character(set, byte) }
}

fn half_width_katakana(byte: u8) -> char {
    char::from_u32(0xFF61 + u32::from(byte) - 0xA1).unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// The accents in the four Big5 codes that stand for a letter and its accent.
fn is_accent(c: char) -> bool {
    matches!(c, '\u{304}' | '\u{30C}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Charset, Pages, Stretch, read};
    use crate::profile::PageFamily;
    use crate::text::CharacterState;
    use crate::text::codepage::Page;

    const ALL: [Charset; 7] = [
        Charset::Ascii,
        Charset::Gb18030,
        Charset::Big5,
        Charset::ShiftJis,
        Charset::EucKr,
        Charset::Utf8,
        Charset::CodePage,
    ];

    fn told(bytes: &[u8], charset: Charset, state: CharacterState) -> (String, Vec<Stretch>) {
        let (mut out, mut stretches) = (String::new(), Vec::new());
        read(bytes, charset, Pages::default(), state, &mut out, &mut |s| stretches.push(s));
        (out, stretches)
    }

    fn all(bytes: &[u8], charset: Charset) -> String {
        told(bytes, charset, CharacterState::default()).0
    }

    fn paged(bytes: &[u8], fixed: Page) -> String {
        let mut out = String::new();
        let pages = Pages { family: PageFamily::Epson, fixed: Some(fixed) };
        read(bytes, Charset::CodePage, pages, CharacterState::default(), &mut out, &mut |_| {});
        out
    }

    #[test]
    fn text_reads_in_its_own_encoding() {
        let text = "總計：HK$36.00 凍檸茶";
        assert_eq!(all(&encoding_rs::BIG5.encode(text).0, Charset::Big5), text);
        assert_eq!(all(&encoding_rs::GB18030.encode(text).0, Charset::Gb18030), text);
        assert_eq!(all(text.as_bytes(), Charset::Utf8), text);
        let text = "合計 ¥1,200 ﾗｰﾒﾝ";
        let shown = text.replace('¥', "￥");
        assert_eq!(all(&encoding_rs::SHIFT_JIS.encode(&shown).0, Charset::ShiftJis), shown);
        let text = "합계 12,000원";
        assert_eq!(all(&encoding_rs::EUC_KR.encode(text).0, Charset::EucKr), text);
    }

    #[test]
    fn codes_of_one_size_are_one_stretch() {
        let bytes = encoding_rs::BIG5.encode("凍檸茶 x2").0;
        let (_, stretches) = told(&bytes, Charset::Big5, CharacterState::default());
        let expected = [
            Stretch { text: 9, bytes: 6, chars: 3, valid: true },
            Stretch { text: 3, bytes: 3, chars: 3, valid: true },
        ];
        assert_eq!(stretches, expected);
    }

    #[test]
    fn a_stretch_ends_where_the_size_changes() {
        let bytes = encoding_rs::GB18030.encode("茶αβ水㐀").0;
        let (_, stretches) = told(&bytes, Charset::Gb18030, CharacterState::default());
        let sizes: Vec<_> = stretches.iter().map(|s| (s.text, s.bytes, s.chars)).collect();
        assert_eq!(sizes, [(3, 2, 1), (4, 4, 2), (3, 2, 1), (3, 4, 1)]);
    }

    #[test]
    fn a_code_for_letter_and_accent_is_a_stretch_of_its_own() {
        let (text, stretches) =
            told(&[0xA3, 0x44, 0x88, 0x62, 0x88, 0x64], Charset::Big5, CharacterState::default());
        assert_eq!(text, "Α\u{CA}\u{304}\u{CA}\u{30C}");
        let sizes: Vec<_> = stretches.iter().map(|s| (s.text, s.bytes, s.chars)).collect();
        assert_eq!(sizes, [(2, 2, 1), (4, 2, 1), (4, 2, 1)]);
    }

    #[test]
    fn half_a_pair_costs_one_byte() {
        assert_eq!(all(b"\xa1", Charset::Gb18030), "\u{FFFD}");
        assert_eq!(all(b"\xff\xff36.00", Charset::Big5), "\u{FFFD}\u{FFFD}36.00");
    }

    #[test]
    fn a_shops_own_character_breaks_no_word() {
        assert_eq!(all(b"\x81\x40\xa4\x51", Charset::Big5), "\u{EEB8}十");
        assert_eq!(all(b"\xaa\xa1\xca\xae", Charset::Gb18030), "\u{E000}十");
        assert_eq!(all(b"\xf0\x40\x8f\x5c", Charset::ShiftJis), "\u{E000}十");
    }

    #[test]
    fn substitutions_apply_to_single_bytes_and_never_within_a_pair() {
        let state = CharacterState { international: 15, ..CharacterState::default() };
        assert_eq!(told(b"$36", Charset::Gb18030, state).0, "¥36");
        assert_eq!(told(b"$36", Charset::Utf8, state).0, "$36");
        let state = CharacterState { international: 8, ..CharacterState::default() };
        let bytes = encoding_rs::SHIFT_JIS.encode("表\\5").0;
        assert!(bytes[1] == b'\\', "the second byte of this code is a backslash");
        assert_eq!(told(&bytes, Charset::ShiftJis, state).0, "表¥5");
    }

    #[test]
    fn seven_bit_kanji_are_read_in_kanji_mode_only() {
        let on = CharacterState { double_byte: true, ..CharacterState::default() };
        assert_eq!(told(b"9g7W", Charset::ShiftJis, on).0, "合計");
        assert_eq!(told(b"9g7W", Charset::ShiftJis, CharacterState::default()).0, "9g7W");
        let shifted = CharacterState { kanji: 1, ..on };
        assert_eq!(told(b"9g7W", Charset::ShiftJis, shifted).0, "9g7W");
        assert_eq!(told(b"Total 5!", Charset::ShiftJis, on).0, "Total 5!", "a blank is no Kanji");
    }

    #[test]
    fn single_byte_text_reads_in_its_page() {
        assert_eq!(paged(b"\x8f\xe0\xa8\xa2\xa5\xe2", Page::Cp866), "Привет");
        assert_eq!(paged(b"\xe3\xba\xca\xd1\xe8\xa7", Page::Thai11), "ใบสั่ง");
        assert_eq!(paged(b"\xb6\xde", Page::Katakana), "ｶﾞ");
        assert_eq!(paged(b"a\xff", Page::Cp874), "a\u{FFFD}");
    }

    #[test]
    fn tones_of_windows_1258_join_their_letters() {
        assert_eq!(paged(b"PH\xd2 KHA\xcc CH", Page::Windows1258), "PH\u{309} KHÀ CH");
        assert_eq!(paged(b"Ti\xea\xcc n m\xe3\xf2t", Page::Windows1258), "Tiề n mặt");
    }

    #[test]
    fn delete_is_a_blank() {
        for charset in ALL {
            assert_eq!(all(b"a\x7fb", charset), "a b", "{charset:?}");
        }
    }

    fn state() -> impl Strategy<Value = CharacterState> {
        (any::<u8>(), any::<bool>(), 0..20_u8, 0..2_u8, any::<bool>()).prop_map(
            |(code_page, double_byte, international, kanji, star)| CharacterState {
                code_page,
                double_byte,
                international,
                kanji,
                star,
                ..CharacterState::default()
            },
        )
    }

    proptest! {
        /// Everything is told, nothing twice, and every stretch is of one size.
        #[test]
        fn stretches_tile_bytes_and_text(
            bytes in proptest::collection::vec(0x20..=0xFF_u8, 0..1500),
            state in state(),
        ) {
            for charset in ALL {
                let (text, stretches) = told(&bytes, charset, state);
                prop_assert_eq!(stretches.iter().map(|s| s.bytes).sum::<usize>(), bytes.len());
                prop_assert_eq!(stretches.iter().map(|s| s.text).sum::<usize>(), text.len());
                let mut at = 0;
                for s in stretches {
                    let part = &text[at..at + s.text];
                    at += s.text;
                    prop_assert!(s.chars > 0 && s.text % s.chars == 0 && s.bytes % s.chars == 0);
                    let each = s.text / s.chars;
                    if s.chars > 1 {
                        prop_assert!(part.chars().all(|c| c.len_utf8() == each));
                    }
                    prop_assert_eq!(!s.valid, part.contains('\u{FFFD}'));
                }
            }
        }

        /// What a text was written as comes back, however long, whatever stands around it.
        #[test]
        fn a_pair_is_never_split(
            text in "[ -~一-龥ぁ-んァ-ヶ]{0,600}",
            charset in prop::sample::select(vec![Charset::Gb18030, Charset::Utf8, Charset::ShiftJis]),
        ) {
            let encoding = match charset {
                Charset::Gb18030 => encoding_rs::GB18030,
                Charset::ShiftJis => encoding_rs::SHIFT_JIS,
                _ => encoding_rs::UTF_8,
            };
            let (bytes, _, _) = encoding.encode(&text);
            let (expected, _) = encoding.decode_without_bom_handling(&bytes);
            prop_assert_eq!(all(&bytes, charset), expected.into_owned());
        }
    }
}

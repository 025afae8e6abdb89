//! The characters of two-byte codes, looked up once each.
//!
//! A shop prints a few hundred characters all year. A decoder takes ten times as long to find one
//! as it takes to remember it. What is kept depends on the code alone: it changes no answer.
//!
//! Not here: codes that give two characters, and the ones that encodings leave to the user.

use encoding_rs::Encoding;

use super::{Charset, pair};

/// Codes with a lead byte from 80 up: 64 KiB for an encoding.
const CODES: usize = 0x8000;
/// Most encodings remembered at once: a printer's own, and JIS beside Shift JIS.
const MAX_ENCODINGS: usize = 2;

/// What has been looked up so far.
#[derive(Debug, Default)]
pub struct Memo {
    known: Vec<Known>,
}

#[derive(Debug)]
struct Known {
    encoding: &'static Encoding,
    /// UTF-16 of each code's character; 0 is not known.
    codes: Vec<u16>,
}

/// A copy remembers nothing.
impl Clone for Memo {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Memo {
    /// The characters of `charset`; `None` where it has no codes of two bytes.
    pub(super) fn of(&mut self, charset: Charset) -> Option<Characters<'_>> {
        pair::encoding(charset).map(|encoding| self.characters(encoding))
    }

    /// JIS X 0208, each byte with its top bit set.
    pub(super) fn jis(&mut self) -> Characters<'_> {
        self.characters(encoding_rs::EUC_JP)
    }

    fn characters(&mut self, encoding: &'static Encoding) -> Characters<'_> {
        let at = self.known.iter().position(|known| core::ptr::eq(known.encoding, encoding));
        let at = at.unwrap_or_else(|| {
            if self.known.len() >= MAX_ENCODINGS {
                self.known.remove(0);
            }
            self.known.push(Known { encoding, codes: vec![0; CODES] });
            self.known.len() - 1
        });
        Characters(&mut self.known[at])
    }
}

/// The characters of one double-byte encoding.
pub(super) struct Characters<'a>(&'a mut Known);

impl Characters<'_> {
    /// The one character that `code`, whose first byte is 80 or above, stands for; `None` where it
    /// stands for none or for two.
    #[inline]
    pub(super) fn get(&mut self, code: [u8; 2]) -> Option<char> {
        let place = usize::from(u16::from_be_bytes(code)) % CODES;
        match self.0.codes[place] {
            0 => self.look_up(code, place),
            known => char::from_u32(known.into()),
        }
    }

    #[cold]
    fn look_up(&mut self, code: [u8; 2], place: usize) -> Option<char> {
        let text = self.0.encoding.decode_without_bom_handling_and_without_replacement(&code)?;
        let mut chars = text.chars();
        let c = chars.next().filter(|_| chars.next().is_none())?;
        if let Ok(known) = u16::try_from(u32::from(c)) {
            self.0.codes[place] = known;
        }
        Some(c)
    }
}

#[cfg(test)]
mod tests {
    use super::{Charset, Memo, pair};

    #[test]
    fn a_code_is_remembered_as_it_was_decoded() {
        let mut memo = Memo::default();
        for charset in [Charset::Gb18030, Charset::Big5, Charset::ShiftJis, Charset::EucKr] {
            let mut characters = memo.of(charset).expect("a double-byte encoding");
            let encoding = pair::encoding(charset).expect("a double-byte encoding");
            let mut found = 0;
            for code in (0x8000..=0xFFFF_u16).map(u16::to_be_bytes) {
                let text = encoding.decode_without_bom_handling_and_without_replacement(&code);
                let shaped = pair::is_shaped(charset, code[0], code[1]);
                let text = text.filter(|text| shaped && text.chars().count() == 1);
                let expected = text.and_then(|text| text.chars().next());
                assert_eq!(characters.get(code), expected, "{code:02x?}");
                assert_eq!(characters.get(code), expected, "{code:02x?} again");
                found += usize::from(expected.is_some());
            }
            assert!(found > 6_000, "only {found} characters in {charset:?}");
        }
    }

    #[test]
    fn only_so_many_encodings_are_remembered_and_each_by_itself() {
        let mut memo = Memo::default();
        // 計 and its codes.
        let codes = [
            (Charset::Gb18030, [0xD3, 0x8B]),
            (Charset::Big5, [0xAD, 0x70]),
            (Charset::ShiftJis, [0x8C, 0x76]),
        ];
        for (charset, code) in codes.into_iter().chain(codes) {
            let character = memo.of(charset).and_then(|mut characters| characters.get(code));
            assert_eq!(character, Some('計'), "{charset:?}");
        }
        assert_eq!(memo.known.len(), super::MAX_ENCODINGS);
        assert_eq!(memo.jis().get([0xB7, 0xD7]), Some('計'));
        assert_eq!(memo.of(Charset::Utf8).map(|_| ()), None);
    }
}

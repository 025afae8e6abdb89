//! The characters of two-byte codes, looked up once each.
//!
//! A shop prints a few hundred characters all year. A decoder takes ten times as long to find one
//! as it takes to remember it. What is kept depends on the code alone: it changes no answer, and all
//! printers of a process may share one memory.
//!
//! Not here: codes that give two characters, and the ones that encodings leave to the user.

use core::sync::atomic::{AtomicU16, Ordering};
use std::sync::Arc;

use encoding_rs::{BIG5, EUC_JP, EUC_KR, Encoding, GB18030, SHIFT_JIS};

use super::{Charset, pair};

/// Codes with a lead byte from 80 up: 64 KiB for an encoding.
const CODES: usize = 0x8000;
/// All encodings that are asked for: 320 KiB at most.
const ENCODINGS: [&Encoding; 5] = [GB18030, BIG5, SHIFT_JIS, EUC_KR, EUC_JP];

/// What has been looked up so far. A clone shares it.
#[derive(Clone, Debug, Default)]
pub struct Memo {
    known: Arc<[Once; ENCODINGS.len()]>,
}

/// UTF-16 of each code's character; 0 is not known.
type Codes = Box<[AtomicU16]>;

/// An encoding's codes, made when the first of them is looked up.
#[expect(clippy::disallowed_types, reason = "a field of what the caller shares, and no global")]
type Once = std::sync::OnceLock<Codes>;

impl Memo {
    /// The characters of `charset`; `None` where it has no codes of two bytes.
    pub(super) fn of(&self, charset: Charset) -> Option<Characters<'_>> {
        pair::encoding(charset).and_then(|encoding| self.characters(encoding))
    }

    /// JIS X 0208, each byte with its top bit set.
    pub(super) fn jis(&self) -> Characters<'_> {
        self.characters(EUC_JP).expect("one of ENCODINGS")
    }

    fn characters(&self, encoding: &'static Encoding) -> Option<Characters<'_>> {
        let at = ENCODINGS.iter().position(|known| core::ptr::eq(*known, encoding))?;
        let codes = self.known[at].get_or_init(|| (0..CODES).map(|_| AtomicU16::new(0)).collect());
        Some(Characters { encoding, codes })
    }
}

/// The characters of one double-byte encoding.
#[derive(Clone, Copy)]
pub(super) struct Characters<'a> {
    encoding: &'static Encoding,
    codes: &'a [AtomicU16],
}

impl Characters<'_> {
    /// The one character that `code`, whose first byte is 80 or above, stands for; `None` where it
    /// stands for none or for two.
    #[inline]
    pub(super) fn get(self, code: [u8; 2]) -> Option<char> {
        let place = usize::from(u16::from_be_bytes(code)) % CODES;
        // Each value stands for itself; nothing else is to be seen with it.
        match self.codes[place].load(Ordering::Relaxed) {
            0 => self.look_up(code, place),
            known => char::from_u32(known.into()),
        }
    }

    #[cold]
    fn look_up(self, code: [u8; 2], place: usize) -> Option<char> {
        let text = self.encoding.decode_without_bom_handling_and_without_replacement(&code)?;
        let mut chars = text.chars();
        let c = chars.next().filter(|_| chars.next().is_none())?;
        if let Ok(known) = u16::try_from(u32::from(c)) {
            self.codes[place].store(known, Ordering::Relaxed);
        }
        Some(c)
    }
}

#[cfg(test)]
mod tests {
    use super::{Charset, Memo, pair};

    #[test]
    fn a_code_is_remembered_as_it_was_decoded() {
        let memo = Memo::default();
        for charset in [Charset::Gb18030, Charset::Big5, Charset::ShiftJis, Charset::EucKr] {
            let characters = memo.of(charset).expect("a double-byte encoding");
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
    fn encodings_are_remembered_each_by_itself_and_clones_share_what_they_know() {
        let memo = Memo::default();
        // 計 and its codes.
        let codes = [
            (Charset::Gb18030, [0xD3, 0x8B]),
            (Charset::Big5, [0xAD, 0x70]),
            (Charset::ShiftJis, [0x8C, 0x76]),
        ];
        for (charset, code) in codes.into_iter().chain(codes) {
            let character = memo.of(charset).and_then(|characters| characters.get(code));
            assert_eq!(character, Some('計'), "{charset:?}");
        }
        let shared = memo.clone();
        assert_eq!(shared.known.iter().filter(|known| known.get().is_some()).count(), 3);
        assert_eq!(memo.jis().get([0xB7, 0xD7]), Some('計'));
        assert_eq!(memo.of(Charset::Utf8).map(|_| ()), None);
    }
}

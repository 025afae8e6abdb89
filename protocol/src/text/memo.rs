//! The characters of two-byte codes, looked up once each.
//!
//! A shop prints a few hundred characters all year. A decoder takes ten times as long to find one
//! as it takes to remember it. What is kept depends on the code alone, so it does not matter who
//! asked first; it is kept for the process, in [`CODES`] places an encoding that cost nothing until
//! they are used.
//!
//! Not here: codes that give two characters, and the ones that encodings leave to the user.

use core::sync::atomic::{AtomicU16, Ordering};

use encoding_rs::Encoding;

use super::{Charset, pair};

/// Codes with a lead byte from 80 up.
const CODES: usize = 0x8000;

/// UTF-16 of each code's character; 0 is not known.
type Memo = [AtomicU16; CODES];

static GB18030: Memo = [const { AtomicU16::new(0) }; CODES];
static BIG5: Memo = [const { AtomicU16::new(0) }; CODES];
static SHIFT_JIS: Memo = [const { AtomicU16::new(0) }; CODES];
static EUC_KR: Memo = [const { AtomicU16::new(0) }; CODES];
static JIS: Memo = [const { AtomicU16::new(0) }; CODES];

/// The characters of one double-byte encoding.
#[derive(Clone, Copy)]
pub(super) struct Characters {
    encoding: &'static Encoding,
    memo: &'static Memo,
}

impl Characters {
    /// JIS X 0208, each byte with its top bit set.
    pub(super) const JIS: Self = Self { encoding: encoding_rs::EUC_JP, memo: &JIS };

    /// `None` where `charset` has no codes of two bytes.
    pub(super) fn of(charset: Charset) -> Option<Self> {
        let memo = match charset {
            Charset::Gb18030 => &GB18030,
            Charset::Big5 => &BIG5,
            Charset::ShiftJis => &SHIFT_JIS,
            Charset::EucKr => &EUC_KR,
            Charset::Ascii | Charset::Utf8 | Charset::CodePage => return None,
        };
        pair::encoding(charset).map(|encoding| Self { encoding, memo })
    }

    /// The one character that `code`, whose first byte is 80 or above, stands for; `None` where it
    /// stands for none or for two.
    #[inline]
    pub(super) fn get(self, code: [u8; 2]) -> Option<char> {
        match self.place(code).load(Ordering::Relaxed) {
            0 => self.look_up(code),
            known => char::from_u32(known.into()),
        }
    }

    #[inline]
    fn place(self, code: [u8; 2]) -> &'static AtomicU16 {
        &self.memo[usize::from(u16::from_be_bytes(code)) % CODES]
    }

    #[cold]
    fn look_up(self, code: [u8; 2]) -> Option<char> {
        let text = self.encoding.decode_without_bom_handling_and_without_replacement(&code)?;
        let mut chars = text.chars();
        let c = chars.next().filter(|_| chars.next().is_none())?;
        if let Ok(known) = u16::try_from(u32::from(c)) {
            self.place(code).store(known, Ordering::Relaxed);
        }
        Some(c)
    }
}

#[cfg(test)]
mod tests {
    use super::{Characters, Charset, pair};

    #[test]
    fn a_code_is_remembered_as_it_was_decoded() {
        for charset in [Charset::Gb18030, Charset::Big5, Charset::ShiftJis, Charset::EucKr] {
            let characters = Characters::of(charset).expect("a double-byte encoding");
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
}

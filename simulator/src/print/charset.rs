//! How text becomes bytes.
//!
//! Text that the character set lacks becomes `?`, as tills do.

use encoding_rs::{BIG5, Encoding, GB18030, SHIFT_JIS, WINDOWS_874, WINDOWS_1252, WINDOWS_1258};

/// A printer's character set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Charset {
    /// One byte each, nothing above 7E.
    Ascii,
    /// GB 18030, double-byte for everything GBK has.
    Gb18030,
    /// Big5.
    Big5,
    /// Shift JIS.
    ShiftJis,
    /// Windows 874, the superset of TIS-620.
    Thai,
    /// Windows 1258: letters and the five tones one after the other.
    Vietnamese,
    /// Windows 1252.
    Western,
}

/// Vietnamese vowels, each followed by itself with the five tones in the order of [`TONES`].
const VOWELS: [&str; 12] = [
    "aàảãáạ",
    "ăằẳẵắặ",
    "âầẩẫấậ",
    "eèẻẽéẹ",
    "êềểễếệ",
    "iìỉĩíị",
    "oòỏõóọ",
    "ôồổỗốộ",
    "ơờởỡớợ",
    "uùủũúụ",
    "ưừửữứự",
    "yỳỷỹýỵ",
];
/// Combining grave, hook, tilde, acute and dot below, as Windows 1258 writes them.
const TONES: [u8; 5] = [0xCC, 0xD2, 0xDE, 0xEC, 0xF2];

impl Charset {
    /// The name that other programs know it by.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ascii => "ascii",
            Self::Gb18030 => "gb18030",
            Self::Big5 => "big5",
            Self::ShiftJis => "shift_jis",
            Self::Thai => "cp874",
            Self::Vietnamese => "cp1258",
            Self::Western => "cp1252",
        }
    }

    pub(super) fn encoding(self) -> Option<&'static Encoding> {
        match self {
            Self::Ascii => None,
            Self::Gb18030 => Some(GB18030),
            Self::Big5 => Some(BIG5),
            Self::ShiftJis => Some(SHIFT_JIS),
            Self::Thai => Some(WINDOWS_874),
            Self::Vietnamese => Some(WINDOWS_1258),
            Self::Western => Some(WINDOWS_1252),
        }
    }

    /// Appends `text` to `bytes`.
    pub(super) fn encode(self, text: &str, bytes: &mut Vec<u8>) {
        for c in text.chars() {
            match self.character(c) {
                Some(encoded) => bytes.extend(encoded),
                None => bytes.push(b'?'),
            }
        }
    }

    /// Whether it has `text`.
    pub(super) fn has(self, text: &str) -> bool {
        text.chars().all(|c| self.character(c).is_some())
    }

    fn character(self, c: char) -> Option<Vec<u8>> {
        let Some(encoding) = self.encoding() else {
            return u8::try_from(c).ok().filter(u8::is_ascii).map(|byte| vec![byte]);
        };
        let mut utf8 = [0; 4];
        let (bytes, _, missing) = encoding.encode(c.encode_utf8(&mut utf8));
        if !missing {
            return Some(bytes.into_owned());
        }
        let (vowel, tone) = toned(c)?;
        let mut bytes = self.character(vowel)?;
        bytes.push(TONES[tone]);
        (self == Self::Vietnamese).then_some(bytes)
    }
}

/// The vowel of `c` without its tone, and which tone it has.
fn toned(c: char) -> Option<(char, usize)> {
    let lower = c.to_lowercase().next()?;
    let row = VOWELS.iter().find(|row| row.contains(lower))?;
    let at = row.chars().position(|vowel| vowel == lower)?.checked_sub(1)?;
    let vowel = row.chars().next()?;
    let vowel = if lower == c { vowel } else { vowel.to_uppercase().next()? };
    Some((vowel, at))
}

#[cfg(test)]
mod tests {
    use super::Charset;

    fn bytes(charset: Charset, text: &str) -> Vec<u8> {
        let mut bytes = Vec::new();
        charset.encode(text, &mut bytes);
        bytes
    }

    #[test]
    fn text_is_in_the_printers_character_set() {
        assert_eq!(bytes(Charset::Big5, "找A"), [0xA7, 0xE4, b'A']);
        assert_eq!(bytes(Charset::Gb18030, "找A"), [0xD5, 0xD2, b'A']);
        assert_eq!(bytes(Charset::ShiftJis, "合計"), [0x8D, 0x87, 0x8C, 0x76]);
        assert_eq!(bytes(Charset::Thai, "รวม"), [0xC3, 0xC7, 0xC1]);
        assert_eq!(bytes(Charset::Western, "£5"), [0xA3, b'5']);
    }

    #[test]
    fn vietnamese_tones_follow_their_letters() {
        assert_eq!(bytes(Charset::Vietnamese, "ế"), [0xEA, 0xEC]);
        assert_eq!(bytes(Charset::Vietnamese, "Ộ"), [0xD4, 0xF2]);
        assert_eq!(bytes(Charset::Vietnamese, "đ"), [0xF0]);
    }

    #[test]
    fn what_the_character_set_lacks_is_a_question_mark() {
        assert_eq!(bytes(Charset::Big5, "😀"), *b"?");
        assert_eq!(bytes(Charset::Ascii, "找A"), *b"?A");
        assert!(!Charset::Western.has("ế"));
    }
}

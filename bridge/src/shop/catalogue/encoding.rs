//! From the bytes of a catalogue to its text: UTF-8, or what spreadsheets in Hong Kong and on the
//! mainland save.
//!
//! It guesses only between encodings that read every byte, by how rare the characters are that come
//! out; where that does not tell, a person must.

use std::path::Path;

use encoding_rs::{BIG5, GB18030, UTF_8, UTF_16BE, UTF_16LE};

use super::error::CatalogueError;

/// Longest sample shown, in characters.
const MAX_SAMPLE_CHARS: usize = 12;

/// An encoding of catalogues.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with or without a byte order mark.
    Utf8,
    /// Big5 with Hong Kong's characters.
    Big5,
    /// GB18030, GBK and GB 2312.
    Gb18030,
    /// What a spreadsheet calls "Unicode text".
    Utf16Le,
    /// The same, the other way round.
    Utf16Be,
}

impl Encoding {
    /// Words that name encodings.
    pub const WORDS: [(&'static str, Self); 5] = [
        ("utf-8", Self::Utf8),
        ("big5", Self::Big5),
        ("gb18030", Self::Gb18030),
        ("utf-16le", Self::Utf16Le),
        ("utf-16be", Self::Utf16Be),
    ];

    /// The word that names it.
    pub fn as_str(self) -> &'static str {
        Self::WORDS.iter().find(|(_, encoding)| *encoding == self).map_or("", |(word, _)| word)
    }

    fn codec(self) -> &'static encoding_rs::Encoding {
        match self {
            Self::Utf8 => UTF_8,
            Self::Big5 => BIG5,
            Self::Gb18030 => GB18030,
            Self::Utf16Le => UTF_16LE,
            Self::Utf16Be => UTF_16BE,
        }
    }

    /// `bytes` as text, where all of them are.
    fn read(self, bytes: &[u8]) -> Option<String> {
        let text = self.codec().decode_with_bom_removal(bytes);
        (!text.1 && !text.0.contains('\0')).then(|| text.0.into_owned())
    }
}

/// The text of `bytes`, and the encoding that it was in: `said`, or what shows.
pub(super) fn decode(
    bytes: &[u8],
    said: Option<Encoding>,
    file: &Path,
) -> Result<(String, Encoding), CatalogueError> {
    let marked = [
        (&b"\xEF\xBB\xBF"[..], Encoding::Utf8),
        (b"\xFF\xFE", Encoding::Utf16Le),
        (b"\xFE\xFF", Encoding::Utf16Be),
    ];
    let mark = marked.iter().find(|(mark, _)| bytes.starts_with(mark)).map(|(_, found)| *found);
    if let Some(encoding) = said.or(mark) {
        let text = encoding.read(bytes).ok_or_else(|| wrong(bytes, &[encoding], file))?;
        return Ok((text, encoding));
    }
    if let Some(text) = Encoding::Utf8.read(bytes) {
        return Ok((text, Encoding::Utf8));
    }
    let both = [Encoding::Big5, Encoding::Gb18030].map(|encoding| encoding.read(bytes));
    match both {
        [Some(text), None] => Ok((text, Encoding::Big5)),
        [None, Some(text)] => Ok((text, Encoding::Gb18030)),
        [None, None] => {
            Err(wrong(bytes, &[Encoding::Utf8, Encoding::Big5, Encoding::Gb18030], file))
        }
        [Some(big5), Some(gb18030)] => {
            let odd = (odd(bytes, 0xA1..=0xC6, 0x40), odd(bytes, 0xA1..=0xD7, 0xA1));
            // Twice as odd is no accident; less than that is for a person to say.
            if 2 * odd.0 < odd.1 {
                Ok((big5, Encoding::Big5))
            } else if 2 * odd.1 < odd.0 {
                Ok((gb18030, Encoding::Gb18030))
            } else {
                let path = file.to_owned();
                let (big5, gb18030) = (sample(&big5), sample(&gb18030));
                Err(CatalogueError::Ambiguous { path, big5, gb18030 })
            }
        }
    }
}

/// How many characters of two bytes are not of the encoding's first level: not those that everybody
/// writes.
fn odd(bytes: &[u8], lead: std::ops::RangeInclusive<u8>, trail: u8) -> usize {
    let (mut odd, mut at) = (0, 0);
    while at + 1 < bytes.len() {
        let wide = bytes[at] >= 0x80;
        odd += usize::from(wide && !(lead.contains(&bytes[at]) && bytes[at + 1] >= trail));
        at += if wide { 2 } else { 1 };
    }
    odd
}

/// The first words that are no ASCII.
fn sample(text: &str) -> String {
    let start = text.find(|c: char| !c.is_ascii()).unwrap_or(0);
    text[start..].chars().take_while(|c| !c.is_ascii()).take(MAX_SAMPLE_CHARS).collect()
}

fn wrong(bytes: &[u8], tried: &[Encoding], file: &Path) -> CatalogueError {
    // The line up to which the most patient of them got.
    let valid = |encoding: &Encoding| {
        let lines = bytes.split_inclusive(|byte| *byte == b'\n');
        lines.take_while(|line| encoding.read(line).is_some()).count()
    };
    let line = tried.iter().map(valid).max().unwrap_or(0) + 1;
    let names: Vec<&str> = tried.iter().map(|encoding| encoding.as_str()).collect();
    CatalogueError::Encoding { path: file.to_owned(), line, expected: names.join(" or ") }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Encoding, decode};
    use crate::shop::catalogue::CatalogueError;

    const HONG_KONG: &str = "名稱,單位,起始\r\n珍珠奶茶,杯,\r\n椰果,克,3000\r\n蝦餃,份,40\r\n";
    const MAINLAND: &str = "名称,单位,起始\r\n珍珠奶茶,杯,\r\n椰果,克,3000\r\n虾饺,份,40\r\n";

    fn read(bytes: &[u8]) -> Result<(String, Encoding), CatalogueError> {
        decode(bytes, None, Path::new("c.csv"))
    }

    #[test]
    fn what_spreadsheets_save_is_read_as_it_was_written() {
        let big5 = encoding_rs::BIG5.encode(HONG_KONG).0.into_owned();
        assert_eq!(read(&big5).expect("Big5"), (HONG_KONG.to_owned(), Encoding::Big5));
        for text in [HONG_KONG, MAINLAND] {
            let gb18030 = encoding_rs::GB18030.encode(text).0.into_owned();
            let found = decode(&gb18030, Some(Encoding::Gb18030), Path::new("c.csv"));
            assert_eq!(found.expect("as said"), (text.to_owned(), Encoding::Gb18030));
            assert_eq!(read(text.as_bytes()).expect("UTF-8").1, Encoding::Utf8);
            let marked = format!("\u{FEFF}{text}");
            assert_eq!(read(marked.as_bytes()).expect("UTF-8"), (text.to_owned(), Encoding::Utf8));
            let utf16: Vec<u8> = marked.encode_utf16().flat_map(u16::to_le_bytes).collect();
            assert_eq!(read(&utf16).expect("UTF-16"), (text.to_owned(), Encoding::Utf16Le));
        }
        let gb18030 = encoding_rs::GB18030.encode(MAINLAND).0.into_owned();
        assert_eq!(read(&gb18030).expect("GB"), (MAINLAND.to_owned(), Encoding::Gb18030));
    }

    #[test]
    fn bytes_of_no_encoding_are_told_with_their_line() {
        let broken = [b"name,unit\nTea,cup\n".as_slice(), b"\xFF\xFF,each\n"].concat();
        let error = read(&broken).expect_err("no text").to_string();
        assert!(error.starts_with("c.csv:3: expected text in utf-8 or big5 or gb18030"), "{error}");
        let said = decode(b"a\n\x80\n", Some(Encoding::Utf8), Path::new("c.csv"));
        assert!(said.expect_err("no UTF-8").to_string().starts_with("c.csv:2: "));
    }
}

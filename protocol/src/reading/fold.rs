//! Text made comparable: full-width forms become ASCII, ASCII becomes upper case, and every
//! character still knows where it stood.

/// A line folded for matching.
#[derive(Clone, Debug, Default)]
pub(super) struct Folded {
    /// Folded characters, one for one with those of the line.
    pub(super) chars: Vec<char>,
    /// Byte offset of each in the line, and the line's length at the end.
    at: Vec<usize>,
}

impl Folded {
    pub(super) fn new(line: &str) -> Self {
        let chars = line.chars().map(fold).collect();
        let at = line.char_indices().map(|(at, _)| at).chain([line.len()]).collect();
        Self { chars, at }
    }

    /// Byte range of the line that the characters `range` came from.
    pub(super) fn bytes(&self, range: core::ops::Range<usize>) -> core::ops::Range<usize> {
        self.at[range.start]..self.at[range.end]
    }

    /// The character at `i`, or a blank beyond either end.
    pub(super) fn char(&self, i: usize) -> char {
        self.chars.get(i).copied().unwrap_or(' ')
    }

    /// The character before `i`, or a blank at the start.
    pub(super) fn before(&self, i: usize) -> char {
        i.checked_sub(1).map_or(' ', |i| self.char(i))
    }
}

/// Folds a whole string.
pub(super) fn folded(text: &str) -> String {
    text.chars().map(fold).collect()
}

/// One character: full-width to ASCII, blanks to a blank, ASCII letters to upper case.
fn fold(c: char) -> char {
    let narrow = match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        '\u{3000}' | '\u{A0}' | '\t' => ' ',
        '\u{FFE5}' => '¥',
        '\u{2212}' | '\u{2013}' => '-',
        '\u{D7}' => 'X',
        other => other,
    };
    narrow.to_ascii_uppercase()
}

#[cfg(test)]
mod tests {
    use super::{Folded, folded};

    #[test]
    fn full_width_text_is_folded_and_keeps_its_place() {
        assert_eq!(folded("總計：ＨＫ＄３６．００"), "總計:HK$36.00");
        let line = Folded::new("計：３６");
        assert_eq!(line.bytes(2..4), 6..12);
    }
}

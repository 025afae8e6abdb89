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

    /// The characters that the bytes `range` of the line became.
    pub(super) fn chars_of(&self, range: core::ops::Range<usize>) -> core::ops::Range<usize> {
        let last = self.chars.len();
        let at = |byte| self.at[..last].partition_point(|at| *at < byte);
        at(range.start)..at(range.end)
    }

    /// Puts `with` in the place of the characters `range`; blanks where it is nothing. The new
    /// characters stand where the old ones stood.
    pub(super) fn replace(&mut self, range: core::ops::Range<usize>, with: &str) {
        if with.is_empty() {
            self.chars[range].fill(' ');
            return;
        }
        let mut with: Vec<char> = with.chars().collect();
        // A word does not run into what follows it.
        if with.len() > 1 && self.char(range.end).is_alphanumeric() {
            with.push(' ');
        }
        let at: Vec<usize> =
            (0..with.len()).map(|i| self.at[range.start + i * range.len() / with.len()]).collect();
        self.at.splice(range.clone(), at);
        self.chars.splice(range, with);
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
pub(crate) fn folded(text: &str) -> String {
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

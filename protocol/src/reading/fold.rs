//! Text made comparable: full-width forms become ASCII, letters lose case and accents, Arabic
//! letters their variants, digits their script; every character still knows where it stood.

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
        let mut before = ' ';
        let chars = line.chars().map(|c| folded_after(core::mem::replace(&mut before, c), c));
        let chars = chars.collect();
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

/// Whether `word` stands among the folded `chars`, anywhere.
pub(super) fn holds(chars: &[char], word: &str) -> bool {
    let Some(first) = word.chars().next() else { return false };
    (0..chars.len()).any(|i| {
        chars[i] == first && {
            let mut here = chars[i..].iter();
            word.chars().all(|c| here.next() == Some(&c))
        }
    })
}

/// Folds a whole string.
pub(crate) fn folded(text: &str) -> String {
    Folded::new(text).chars.into_iter().collect()
}

/// `c` after `before`: behind a digit a dong is no letter D.
fn folded_after(before: char, c: char) -> char {
    if matches!(c, 'đ' | 'Đ') && before.is_ascii_digit() { '₫' } else { fold(c) }
}

/// One character: full-width to ASCII, blanks to a blank, letters to upper case and without
/// diacritics, digits of any script to ASCII.
fn fold(c: char) -> char {
    match c {
        '\0'..='\x7F' if c != '\t' => c.to_ascii_uppercase(),
        '\u{FF01}'..='\u{FF5E}' => ascii(c, '\u{FF01}', '!').to_ascii_uppercase(),
        '\u{3000}' | '\u{A0}' | '\t' => ' ',
        '\u{FFE5}' => '¥',
        '\u{2212}' | '\u{2013}' | '\u{2014}' => '-',
        '\u{D7}' => 'X',
        '\u{E50}'..='\u{E59}' => ascii(c, '\u{E50}', '0'),
        '\u{600}'..='\u{6FF}' => arabic(c),
        '\u{FE80}'..='\u{FEF4}' => arabic(presented(c)),
        _ => latin(c),
    }
}

/// The character as far behind `to` as `c` is behind `from`.
fn ascii(c: char, from: char, to: char) -> char {
    char::from_u32(u32::from(c) - u32::from(from) + u32::from(to)).unwrap_or(c)
}

/// A Latin letter without its accents, as tills without Vietnamese fonts print it.
fn latin(c: char) -> char {
    match c {
        'À'..='Å' | 'à'..='å' | 'Ă' | 'ă' | '\u{1EA0}'..='\u{1EB7}' => 'A',
        'Ç' | 'ç' => 'C',
        'Đ' | 'đ' => 'D',
        'È'..='Ë' | 'è'..='ë' | '\u{1EB8}'..='\u{1EC7}' => 'E',
        'Ì'..='Ï' | 'ì'..='ï' | 'Ĩ' | 'ĩ' | '\u{1EC8}'..='\u{1ECB}' => 'I',
        'Ñ' | 'ñ' => 'N',
        'Ò'..='Ö' | 'ò'..='ö' | 'Ơ' | 'ơ' | '\u{1ECC}'..='\u{1EE3}' => 'O',
        'Ù'..='Ü' | 'ù'..='ü' | 'Ũ' | 'ũ' | 'Ư' | 'ư' | '\u{1EE4}'..='\u{1EF1}' => 'U',
        'Ý' | 'ý' | 'ÿ' | '\u{1EF2}'..='\u{1EF9}' => 'Y',
        other => other,
    }
}

/// Letters that are written one for the other become one; digits become ASCII.
fn arabic(c: char) -> char {
    match c {
        'أ' | 'إ' | 'آ' | 'ٱ' => 'ا',
        'ى' | 'ی' => 'ي',
        'ة' => 'ه',
        'ک' => 'ك',
        '\u{660}'..='\u{669}' => ascii(c, '\u{660}', '0'),
        '\u{6F0}'..='\u{6F9}' => ascii(c, '\u{6F0}', '0'),
        '\u{66B}' => '.',
        '\u{66C}' => ',',
        other => other,
    }
}

/// The letter that an Arabic presentation form (code page 864) shows.
fn presented(c: char) -> char {
    /// Last form of each letter, in the order of the block.
    const LAST: [(char, char); 36] = [
        ('\u{FE80}', 'ء'),
        ('\u{FE82}', 'آ'),
        ('\u{FE84}', 'أ'),
        ('\u{FE86}', 'ؤ'),
        ('\u{FE88}', 'إ'),
        ('\u{FE8C}', 'ئ'),
        ('\u{FE8E}', 'ا'),
        ('\u{FE92}', 'ب'),
        ('\u{FE94}', 'ة'),
        ('\u{FE98}', 'ت'),
        ('\u{FE9C}', 'ث'),
        ('\u{FEA0}', 'ج'),
        ('\u{FEA4}', 'ح'),
        ('\u{FEA8}', 'خ'),
        ('\u{FEAA}', 'د'),
        ('\u{FEAC}', 'ذ'),
        ('\u{FEAE}', 'ر'),
        ('\u{FEB0}', 'ز'),
        ('\u{FEB4}', 'س'),
        ('\u{FEB8}', 'ش'),
        ('\u{FEBC}', 'ص'),
        ('\u{FEC0}', 'ض'),
        ('\u{FEC4}', 'ط'),
        ('\u{FEC8}', 'ظ'),
        ('\u{FECC}', 'ع'),
        ('\u{FED0}', 'غ'),
        ('\u{FED4}', 'ف'),
        ('\u{FED8}', 'ق'),
        ('\u{FEDC}', 'ك'),
        ('\u{FEE0}', 'ل'),
        ('\u{FEE4}', 'م'),
        ('\u{FEE8}', 'ن'),
        ('\u{FEEC}', 'ه'),
        ('\u{FEEE}', 'و'),
        ('\u{FEF0}', 'ى'),
        ('\u{FEF4}', 'ي'),
    ];
    LAST.iter().find(|(last, _)| c <= *last).map_or(c, |(_, letter)| *letter)
}

#[cfg(test)]
mod tests {
    use super::{Folded, folded};

    #[test]
    fn full_width_text_is_folded_and_keeps_its_place() {
        assert_eq!(folded("總計：ＨＫ＄３６．００"), "總計:HK$36.00");
        assert_eq!(folded("Tổng cộng 45.000đ"), "TONG CONG 45.000₫");
        assert_eq!(folded("٢١ ١١٥٫٠٠"), "21 115.00");
        assert_eq!(folded("الإجمالي"), folded("الاجمالى"));
        assert_eq!(folded("๑๒"), "12");
        let line = Folded::new("計：３６");
        assert_eq!(line.bytes(2..4), 6..12);
    }
}

//! The seven-bit positions that `ESC R` fills with letters and signs of a country.
//!
//! Numbers are Epson's; Star's `ESC R` counts the first fourteen alike.

/// What `byte`, below 80, stands for in international set `set`.
pub(super) fn character(set: u8, byte: u8) -> char {
    let (positions, characters) = substitutions(set);
    let found = positions.bytes().position(|position| position == byte);
    found.and_then(|index| characters.chars().nth(index)).unwrap_or(char::from(byte))
}

/// The positions that differ from ASCII, and what stands there.
fn substitutions(set: u8) -> (&'static str, &'static str) {
    match set {
        1 => (r"@[\]{|}", "à°ç§éùè"),
        2 => (r"@[\]{|}~", "§ÄÖÜäöüß"),
        3 => (r"#", "£"),
        4 => (r"[\]{|}", "ÆØÅæøå"),
        5 => (r"$@[\]^`{|}~", "¤ÉÄÖÅÜéäöåü"),
        6 => (r"[]`{|}~", "°éùàòèì"),
        7 => (r"#[\]{|", "₧¡Ñ¿¨ñ"),
        8 => (r"\", "¥"),
        9 => (r"$@[\]^`{|}~", "¤ÉÆØÅÜéæøåü"),
        10 => (r"@[\]^`{|}~", "ÉÆØÅÜéæøåü"),
        11 => (r"@[\]^{|}~", "á¡Ñ¿éíñóú"),
        12 => (r"@[\]^`{|}~", "á¡Ñ¿éüíñóú"),
        13 => (r"\", "₩"),
        14 => (r"@[\]^`{|}~", "ŽŠĐĆČžšđćč"),
        15 => (r"$", "¥"),
        16 => (r"#", "₫"),
        17 => (r"%", "٪"),
        _ => ("", ""),
    }
}

#[cfg(test)]
mod tests {
    use super::{character, substitutions};

    #[test]
    fn every_position_has_one_character() {
        for set in 0..=u8::MAX {
            let (positions, characters) = substitutions(set);
            assert_eq!(positions.len(), characters.chars().count(), "set {set}");
        }
    }

    #[test]
    fn currency_signs_follow_the_country() {
        assert_eq!(character(15, b'$'), '¥');
        assert_eq!(character(8, b'\\'), '¥');
        assert_eq!(character(13, b'\\'), '₩');
        assert_eq!(character(3, b'#'), '£');
        assert_eq!(character(0, b'#'), '#');
        assert_eq!(character(15, b'#'), '#');
    }
}

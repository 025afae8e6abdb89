//! Which encoding a document's high bytes are in.
//!
//! Each candidate reads the text once and is scored: valid characters for it, frequent ones more,
//! invalid codes heavily against it. What the same printer sent before counts as well, so that a
//! slip with three characters is read like the receipts around it.

use serde::{Deserialize, Serialize};

use super::frequent::is_frequent;
use super::{CharacterState, Charset, decode};
use crate::profile::Encoding;

/// Most high characters of a document that are looked at.
const MAX_SAMPLE: u32 = 512;
/// Most that earlier documents count for or against a candidate: about ten clear characters.
const MAX_PRIOR: i32 = 30;

const FREQUENT: i32 = 3;
const VALID: i32 = 1;
const PRIVATE: i32 = -2;
const INVALID: i32 = -6;

/// A piece of raw text with the settings it was sent under.
pub type Piece<'a> = (&'a [u8], CharacterState);

/// How well each candidate has fitted the printer's text so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    gb18030: i32,
    big5: i32,
    utf8: i32,
    code_page: i32,
}

impl Evidence {
    fn of(self, charset: Charset) -> i32 {
        match charset {
            Charset::Gb18030 => self.gb18030,
            Charset::Big5 => self.big5,
            Charset::Utf8 => self.utf8,
            Charset::CodePage | Charset::Ascii => self.code_page,
        }
    }

    /// Adds a document's scores, keeping each within what later documents can overturn.
    fn learn(&mut self, scores: Self) {
        let best = scores.gb18030.max(scores.big5).max(scores.utf8).max(scores.code_page);
        let moved = |old: i32, score: i32| (old + score - best).clamp(-MAX_PRIOR, 0);
        self.gb18030 = moved(self.gb18030, scores.gb18030);
        self.big5 = moved(self.big5, scores.big5);
        self.utf8 = moved(self.utf8, scores.utf8);
        self.code_page = moved(self.code_page, scores.code_page);
        // Only differences matter: the best candidate stands at zero.
        let top = self.gb18030.max(self.big5).max(self.utf8).max(self.code_page);
        self.gb18030 -= top;
        self.big5 -= top;
        self.utf8 -= top;
        self.code_page -= top;
    }
}

/// Settles the encoding of a document and learns from it.
pub fn settle(pieces: &[Piece<'_>], wanted: Encoding, evidence: &mut Evidence) -> Charset {
    let high = |(bytes, _): &Piece<'_>| bytes.iter().any(|byte| *byte >= 0x80);
    if !pieces.iter().any(high) {
        return Charset::Ascii;
    }
    match wanted {
        Encoding::Gb18030 => return Charset::Gb18030,
        Encoding::Big5 => return Charset::Big5,
        Encoding::Utf8 => return Charset::Utf8,
        Encoding::CodePage => return Charset::CodePage,
        Encoding::Auto => {}
    }
    let scores = Evidence {
        gb18030: score(pieces, Charset::Gb18030),
        big5: score(pieces, Charset::Big5),
        utf8: score(pieces, Charset::Utf8),
        code_page: score(pieces, Charset::CodePage),
    };
    // In the order of preference for a tie.
    let candidates = [Charset::Utf8, Charset::Gb18030, Charset::Big5, Charset::CodePage];
    let mut chosen = (Charset::CodePage, i32::MIN);
    for candidate in candidates {
        let total = scores.of(candidate) + evidence.of(candidate);
        if total > chosen.1 {
            chosen = (candidate, total);
        }
    }
    evidence.learn(scores);
    chosen.0
}

fn score(pieces: &[Piece<'_>], charset: Charset) -> i32 {
    let mut total = 0_i32;
    let mut seen = 0;
    for &(bytes, state) in pieces {
        let mut at = 0;
        while let Some(skipped) = bytes[at..].iter().position(|byte| *byte >= 0x80) {
            at += skipped;
            let decoded = decode::first(&bytes[at..], charset, state);
            total += if charset == Charset::CodePage {
                single_byte(bytes, at, state)
            } else {
                double_byte(decoded, charset, state)
            };
            at += decoded.len;
            seen += 1;
            if seen >= MAX_SAMPLE {
                return total;
            }
        }
    }
    total
}

fn double_byte(decoded: decode::Decoded, charset: Charset, state: CharacterState) -> i32 {
    // A three-byte sequence that happens to be UTF-8 is no accident.
    let sure = if charset == Charset::Utf8 { decoded.len as i32 } else { 0 };
    let announced = i32::from(state.utf8 && charset == Charset::Utf8) * FREQUENT;
    match decoded {
        decode::Decoded { valid: false, .. } => INVALID,
        decode::Decoded { first: '\u{E000}'..='\u{F8FF}', .. } => PRIVATE,
        decode::Decoded { first, .. } if is_frequent(first) => FREQUENT + sure + announced,
        _ => VALID + sure + announced,
    }
}

/// Accented letters stand alone between others; a run of high bytes is double-byte text, unless it
/// draws a line.
fn single_byte(bytes: &[u8], at: usize, state: CharacterState) -> i32 {
    let byte = bytes[at];
    let neighbour = |n: Option<&u8>| n.copied().filter(|b| *b >= 0x80);
    let before = at.checked_sub(1).and_then(|i| neighbour(bytes.get(i)));
    let after = neighbour(bytes.get(at + 1));
    if state.double_byte || state.utf8 {
        return INVALID;
    }
    match (before, after) {
        (None, None) => FREQUENT,
        (a, b) if a.is_none_or(|a| a == byte) && b.is_none_or(|b| b == byte) => VALID,
        _ => PRIVATE,
    }
}

#[cfg(test)]
mod tests {
    use encoding_rs::{BIG5, GB18030};

    use super::{Charset, Evidence, settle};
    use crate::profile::Encoding;
    use crate::text::CharacterState;

    fn guess(bytes: &[u8], evidence: &mut Evidence) -> Charset {
        settle(&[(bytes, CharacterState::default())], Encoding::Auto, evidence)
    }

    const RECEIPTS: [&str; 5] = [
        "單號：1001 凍檸茶 乾炒牛河 合計 八達通 多謝惠顧",
        "单号：1001 珍珠奶茶 合计 微信支付 谢谢惠顾",
        "應付金額：HK$36.00 現金 找續",
        "重印收據 枱號 12 人數 4 叉燒飯 絲襪奶茶",
        "欢迎光临 商品名称 单价 数量 小计 肥皂 找零",
    ];

    #[test]
    fn text_is_read_in_the_encoding_it_was_written_in() {
        for text in RECEIPTS {
            let mut fresh = Evidence::default();
            assert_eq!(guess(&GB18030.encode(text).0, &mut fresh), Charset::Gb18030, "{text}");
            let (big5, _, unmappable) = BIG5.encode(text);
            if !unmappable {
                let mut fresh = Evidence::default();
                assert_eq!(guess(&big5, &mut fresh), Charset::Big5, "{text}");
            }
            let mut fresh = Evidence::default();
            assert_eq!(guess(text.as_bytes(), &mut fresh), Charset::Utf8, "{text}");
        }
    }

    #[test]
    fn accents_among_letters_are_a_code_page() {
        let mut evidence = Evidence::default();
        assert_eq!(guess(b"Caf\x82 cr\x8ame br\x96l\x82e", &mut evidence), Charset::CodePage);
        assert_eq!(guess(b"Price \x9c4.50", &mut evidence), Charset::CodePage);
    }

    #[test]
    fn a_short_slip_is_read_like_the_receipts_before_it() {
        for (text, charset) in [(RECEIPTS[0], Charset::Big5), (RECEIPTS[0], Charset::Gb18030)] {
            let mut evidence = Evidence::default();
            let encoding = if charset == Charset::Big5 { BIG5 } else { GB18030 };
            guess(&encoding.encode(text).0, &mut evidence);
            let both_valid = [0xB0, 0xA1];
            assert_eq!(guess(&both_valid, &mut evidence), charset);
        }
    }

    #[test]
    fn a_printer_that_changes_its_mind_is_believed_in_the_end() {
        let mut evidence = Evidence::default();
        for _ in 0..100 {
            guess(&BIG5.encode(RECEIPTS[0]).0, &mut evidence);
        }
        assert_eq!(guess(&GB18030.encode(RECEIPTS[1]).0, &mut evidence), Charset::Gb18030);
    }

    #[test]
    fn a_configured_encoding_is_not_questioned() {
        let bytes = GB18030.encode(RECEIPTS[1]).0;
        let pieces = [(&bytes[..], CharacterState::default())];
        let seen = settle(&pieces, Encoding::Big5, &mut Evidence::default());
        assert_eq!(seen, Charset::Big5);
    }
}

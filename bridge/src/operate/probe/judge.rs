//! What captured bytes are worth under a setting: known commands, plausible text, words and
//! amounts, and how many bytes the line itself called damaged. Pure.

use std::sync::Arc;

use pos_protocol::escpos::lexer::{FrameKind, Lexer};
use pos_protocol::event::{Event, SessionId};
use pos_protocol::limits::Limits;
use pos_protocol::profile::{Profile, Timing};
use pos_protocol::session::{EndReason, Lane, Session, infer_dialect};
use pos_protocol::time::Timestamp;

use super::Line;
use crate::config::Parity;

/// Fewer bytes than this say nothing for certain: two lines of a receipt.
const FEW_BYTES: usize = 48;
/// From here on a reading is good.
const GOOD: f64 = 0.85;
/// From here on it may be right.
const FAIR: f64 = 0.6;
/// A good reading must be this much better than that of the next other speed.
const AHEAD: f64 = 0.15;
/// Longest line that is shown as evidence, in characters.
const MAX_SAMPLE: usize = 48;

/// Bytes heard under one setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capture {
    /// The setting.
    pub line: Line,
    /// The bytes.
    pub bytes: Vec<u8>,
    /// Bytes among them that came with a framing or parity error.
    pub damaged: usize,
}

/// How sure a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sure {
    /// Nothing reads well.
    No,
    /// It may be this one.
    Perhaps,
    /// This one, and no other.
    Yes,
}

/// A capture and what it is worth.
#[derive(Clone, Debug)]
pub struct Judged {
    /// The setting; 7 data bits where the bytes show that the eighth is parity.
    pub line: Line,
    /// Bytes looked at.
    pub bytes: usize,
    /// 0 to 1.
    pub score: f64,
    /// Share of bytes that the line called damaged.
    pub damaged: f64,
    /// Share of bytes that are text or known commands.
    pub known: f64,
    /// Share of characters that a receipt would have.
    pub plausible: f64,
    /// Printer language that reads best.
    pub dialect: String,
    /// Encoding that reads best.
    pub encoding: String,
    /// The line that shows best that it is right.
    pub sample: Option<String>,
}

/// Judges a capture, also as 7 data bits with a parity bit where it can be that.
pub fn judge(capture: &Capture) -> Judged {
    let whole = weigh(capture);
    let seven = seven_bits(capture).map(|capture| weigh(&capture));
    match seven {
        Some(seven) if seven.score > whole.score => seven,
        _ => whole,
    }
}

/// The best of all, and how sure it is.
pub fn best(all: &[Judged]) -> Option<(&Judged, Sure)> {
    let best = all.iter().max_by(|a, b| a.score.total_cmp(&b.score))?;
    let others = all.iter().filter(|other| other.line.baud != best.line.baud);
    let next = others.map(|other| other.score).fold(0.0, f64::max);
    let sure = match best.score {
        score if score >= GOOD && score - next >= AHEAD && best.bytes >= FEW_BYTES => Sure::Yes,
        score if score >= FAIR => Sure::Perhaps,
        _ => Sure::No,
    };
    Some((best, sure))
}

/// The capture without its eighth bits, where every one of them is the parity of the other seven.
fn seven_bits(capture: &Capture) -> Option<Capture> {
    if capture.bytes.len() < FEW_BYTES || capture.line != Line::plain(capture.line.baud) {
        return None;
    }
    let odd = capture.bytes.iter().filter(|byte| byte.count_ones() % 2 == 1).count();
    let wrong = capture.damaged;
    let parity = match odd {
        odd if odd <= wrong => Parity::Even,
        odd if odd + wrong >= capture.bytes.len() => Parity::Odd,
        _ => return None,
    };
    let bytes = capture.bytes.iter().map(|byte| byte & 0x7F).collect();
    let line = Line { data_bits: 7, parity, ..capture.line };
    Some(Capture { line, bytes, damaged: capture.damaged })
}

fn weigh(capture: &Capture) -> Judged {
    let bytes = &capture.bytes;
    let length = bytes.len().max(1) as f64;
    let (lines, events) = read(bytes);
    let known = 1.0 - strange(bytes) as f64 / length;
    let (plausible, sense) = (plausible(&lines), sense(&lines, &events));
    let damaged = (capture.damaged as f64 / length).min(1.0);
    let score = 0.25 * steep(1.0 - known)
        + 0.3 * steep(1.0 - plausible)
        + 0.2 * steep(damaged)
        + 0.25 * sense;
    let evidence = events.iter().find_map(|event| event.evidence.as_ref());
    Judged {
        line: capture.line,
        bytes: bytes.len(),
        score,
        damaged,
        known,
        plausible,
        dialect: evidence.map_or_else(|| "escpos".to_owned(), |found| found.dialect.clone()),
        encoding: evidence.map_or_else(|| "ascii".to_owned(), |found| found.encoding.clone()),
        sample: sample(&lines),
    }
}

/// 1 where nothing is wrong, 0 where a quarter or more is.
fn steep(wrong: f64) -> f64 {
    (1.0 - 4.0 * wrong).max(0.0)
}

/// The printed lines and what was understood.
fn read(bytes: &[u8]) -> (Vec<String>, Vec<Event>) {
    let id = SessionId { journal: "probe".into(), source: "probe".into(), epoch: 0 };
    let profile = Profile { timing: Timing::File, ..Profile::default() };
    let mut session = Session::new(id, Arc::new(profile), Limits::default());
    let now = Timestamp::new(0, 0);
    session.receive(Lane::ToPrinter(0), now, bytes);
    session.finish(now, EndReason::EndOfFile);
    let events: Vec<Event> = std::iter::from_fn(|| session.poll_event()).collect();
    let texts = events.iter().filter_map(|event| event.text.as_deref());
    let lines = texts.flat_map(str::lines).map(|line| line.trim().to_owned());
    (lines.filter(|line| !line.is_empty()).collect(), events)
}

/// Bytes that no command explains. A NUL is one of them: no till sends it outside a command.
fn strange(bytes: &[u8]) -> usize {
    let mut strange = 0;
    let mut lexer = Lexer::new(infer_dialect(bytes));
    let mut look = |frame: pos_protocol::escpos::lexer::Frame<'_>| match frame.kind {
        FrameKind::Unknown(bytes) => strange += bytes.len(),
        FrameKind::Command { row, args, .. } if row.prefix == [0] => strange += 1 + args.len(),
        _ => {}
    };
    lexer.push(bytes, &mut look);
    lexer.flush(&mut look);
    strange
}

/// Share of characters that a receipt would have.
fn plausible(lines: &[String]) -> f64 {
    let (mut good, mut all) = (0_usize, 0_usize);
    for c in lines.iter().flat_map(|line| line.chars()) {
        all += 1;
        good += usize::from(is_plausible(c));
    }
    if all == 0 { 0.0 } else { good as f64 / all as f64 }
}

fn is_plausible(c: char) -> bool {
    matches!(c,
        ' '..='~'
        // Signs of currencies and the middle dot, then box drawing.
        | '£' | '¥' | '€' | '·' | '\u{2500}'..='\u{259F}'
        // Vietnamese, Cyrillic, Arabic, Thai.
        | 'À'..='ỹ'
        // CJK, its punctuation, kana, Hangul, full-width forms.
        | '\u{3000}'..='\u{30FF}' | '\u{4E00}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7A3}'
        | '\u{FF01}'..='\u{FF5E}' | '\u{FFE0}'..='\u{FFE6}')
}

/// How much of it is a receipt: its total found, an amount, a word.
fn sense(lines: &[String], events: &[Event]) -> f64 {
    let total =
        |event: &Event| event.receipt.as_ref().is_some_and(|receipt| receipt.total.is_some());
    if events.iter().any(total) {
        return 1.0;
    }
    let words = lines.iter().flat_map(|line| line.split_whitespace());
    words.map(worth).fold(0.0, f64::max)
}

fn worth(word: &str) -> f64 {
    if is_amount(word) {
        0.8
    } else if word.len() >= 4 && word.bytes().all(|b| b.is_ascii_alphabetic()) {
        0.5
    } else {
        0.0
    }
}

/// Digits, a point, two digits: `18.00`, `$1,234.50`.
fn is_amount(word: &str) -> bool {
    let word = word.trim_start_matches(|c: char| !c.is_ascii_digit());
    let Some((units, cents)) = word.split_once('.') else { return false };
    !units.is_empty()
        && units.bytes().all(|b| b.is_ascii_digit() || b == b',')
        && cents.len() == 2
        && cents.bytes().all(|b| b.is_ascii_digit())
}

/// The line with the most sense in it.
fn sample(lines: &[String]) -> Option<String> {
    let value = |line: &&String| {
        let worth = line.split_whitespace().map(worth).fold(0.0, f64::max);
        worth * 100.0 + line.chars().filter(|c| is_plausible(*c)).count() as f64
    };
    let line = lines.iter().max_by(|a, b| value(a).total_cmp(&value(b)))?;
    Some(line.chars().take(MAX_SAMPLE).collect())
}

#[cfg(test)]
mod tests {
    use super::{Capture, Sure, best, judge};
    use crate::config::Parity;
    use crate::operate::probe::uart::heard;
    use crate::operate::probe::{BAUDS, Line};

    const ENGLISH: &[u8] = b"\x1b@\x1ba\x01TEA HOUSE\n\x1ba\x00Receipt No. 1001\n\
        2026-11-21 12:01\nMilk tea          18.00\nFrench toast      32.00\n\
        Total             50.00\nCash             100.00\nChange            50.00\n\n\x1dV\x42\x00";

    /// A receipt in Big5, its bytes written down by hand: the decoder's own tables would prove
    /// nothing.
    fn chinese() -> Vec<u8> {
        let parts: [&[u8]; 13] = [
            b"\x1b@",
            b"\xaf\xf9\xc0\x5c\xc6\x55\n",
            b"\xb3\xe6\xb8\xb9: 1001\n2026-11-21 12:01\n",
            b"\xa5\xa4\xaf\xf9",
            b" 1 18.00\n",
            b"\xa6\xe8\xa6\x68\xa4\x68",
            b" 1 32.00\n",
            b"\xa6\x58\xad\x70",
            b" 50.00\n",
            b"\xa4\x4b\xb9\x46\xb3\x71",
            b" 50.00\n",
            b"\n\n",
            b"\x1dV\x00",
        ];
        parts.concat()
    }

    /// What is heard of `bytes`, sent as `sent`, under every setting that is tried at first.
    fn all(bytes: &[u8], sent: Line) -> Vec<super::Judged> {
        BAUDS.iter().map(|baud| judge(&heard(bytes, sent, Line::plain(*baud)))).collect()
    }

    #[test]
    fn of_all_speeds_the_right_one_reads_best_and_is_sure() {
        for bytes in [ENGLISH.to_vec(), chinese()] {
            for baud in BAUDS {
                let judged = all(&bytes, Line::plain(baud));
                let (found, sure) = best(&judged).expect("captures");
                assert_eq!((found.line, sure), (Line::plain(baud), Sure::Yes), "{judged:#?}");
                let sample = found.sample.as_ref().expect("a line");
                assert!(sample.contains(".00"), "{sample}");
            }
        }
    }

    #[test]
    fn seven_bits_with_parity_are_told_from_the_bytes_heard_as_eight() {
        for parity in [Parity::Even, Parity::Odd] {
            let sent = Line { baud: 9_600, data_bits: 7, parity };
            let judged = all(ENGLISH, sent);
            let (found, sure) = best(&judged).expect("captures");
            assert_eq!((found.line, sure), (sent, Sure::Yes), "{judged:#?}");
        }
    }

    #[test]
    fn eight_bits_with_parity_are_no_sure_thing_until_heard_as_such() {
        let sent = Line { baud: 19_200, data_bits: 8, parity: Parity::Even };
        let judged = all(ENGLISH, sent);
        let (found, sure) = best(&judged).expect("captures");
        assert!(
            found.line.baud == 19_200 && found.damaged > 0.1 && sure < Sure::Yes,
            "{judged:#?}"
        );
        let mut judged = judged;
        judged.push(judge(&heard(ENGLISH, sent, sent)));
        let (found, sure) = best(&judged).expect("captures");
        assert_eq!((found.line, sure), (sent, Sure::Yes));
    }

    #[test]
    fn noise_and_silence_are_no_finding() {
        let mut noise = 7_u32;
        let bytes: Vec<u8> = std::iter::repeat_with(|| {
            noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (noise >> 24) as u8
        })
        .take(600)
        .collect();
        let judged = [judge(&Capture { line: Line::plain(9_600), bytes, damaged: 0 })];
        let (found, sure) = best(&judged).expect("a capture");
        assert_eq!(sure, Sure::No, "{found:?}");
        let nothing = Capture { line: Line::plain(9_600), bytes: Vec::new(), damaged: 0 };
        assert_eq!(best(&[judge(&nothing)]).expect("a capture").1, Sure::No);
        assert!(best(&[]).is_none());
    }

    #[test]
    fn a_few_bytes_are_never_sure() {
        let capture =
            Capture { line: Line::plain(9_600), bytes: b"Total 18.00\n".into(), damaged: 0 };
        assert_eq!(best(&[judge(&capture)]).expect("a capture").1, Sure::Perhaps);
    }
}

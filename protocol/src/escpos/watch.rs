//! Watches payloads for what does not belong to them.
//!
//! Claimed lengths lie: a byte is lost on the wire, or a program counts wrongly, and the claim
//! swallows the lines that follow. Dots do not read as lines of print, nor as a reset, a cut or a
//! kick with lines around it; where a payload does, it is over. The other thing to be found in a
//! payload are real-time commands, which a printer obeys wherever they stand.
//!
//! Every answer depends on the bytes alone, not on how they were cut into slices: what cannot be
//! told yet is said to be in doubt, and asked again with more bytes.

use super::grammar::{Grammar, Next, Step};
use super::lexer::text_len;
use super::{Effect, Row};

/// Most bytes that are looked at, and held back, to settle one doubt: a text and what follows it.
const MAX_DOUBT_BYTES: usize = 1_024;
/// Most bytes of text that are held back because it may turn out to be lines of print.
const MAX_TEXT_BYTES: usize = 512;
/// Most commands and pieces of text that one doubt looks at.
const MAX_TRIAL_STEPS: usize = 48;
/// Different characters that lines of print have at least, unlike a pattern of dots.
const MIN_DISTINCT: u32 = 8;
/// The same for the single line that a stream ends with.
const MIN_DISTINCT_AT_END: u32 = 4;

const LF: u8 = 0x0A;
const CR: u8 = 0x0D;
const DLE: u8 = 0x10;
const ESC: u8 = 0x1B;
const GS: u8 = 0x1D;

/// What a payload's bytes show.
pub(super) enum Sighting<'a> {
    /// Data, but the last `keep` bytes may be the beginning of a line.
    Clean { keep: usize },
    /// What begins here cannot be told yet.
    Doubt { at: usize },
    /// The payload is over: here print begins.
    Resume { at: usize },
    /// A real-time command that ends at `end`.
    Notice { row: &'static Row, args: &'a [u8], end: usize },
}

/// What a doubt came to.
enum Trial {
    Print,
    Data,
    /// More bytes are needed. `likely`: if none come, it was print.
    Open {
        likely: bool,
    },
}

/// Looks at payload bytes; `drawn` where they are dots, `fresh` where none were before these.
/// `ended`: no more will come.
///
/// Lines of print are looked for at the payload's start and before every byte that may begin a
/// command, which is where a search by vector instructions can stop.
pub(super) fn look<'a>(
    grammar: &Grammar,
    bytes: &'a [u8],
    drawn: bool,
    fresh: bool,
    ended: bool,
) -> Sighting<'a> {
    let printable = |b: &u8| *b >= 0x20 || matches!(*b, LF | CR);
    if fresh
        && drawn
        && bytes.first().is_some_and(printable)
        && let Some(sighting) = judge(grammar, bytes, 0, drawn, ended)
    {
        return sighting;
    }
    for at in memchr::memchr3_iter(ESC, GS, DLE, bytes) {
        if bytes[at] == DLE {
            match real_time(grammar, &bytes[at..]) {
                RealTime::Is { row, args, len } => {
                    return Sighting::Notice { row, args, end: at + len };
                }
                RealTime::Maybe if !ended => return Sighting::Doubt { at },
                _ => continue,
            }
        }
        let start = text_start(bytes, at, drawn);
        if let Some(sighting) = judge(grammar, bytes, start, drawn, ended) {
            return sighting;
        }
    }
    let start = text_start(bytes, bytes.len(), drawn);
    if ended
        && drawn
        && start < bytes.len()
        && let Some(sighting) = judge(grammar, bytes, start, drawn, ended)
    {
        return sighting;
    }
    Sighting::Clean { keep: bytes.len() - run_start(bytes, bytes.len(), drawn) }
}

/// Whether print begins at `start`, or may.
fn judge<'a>(
    grammar: &Grammar,
    bytes: &'a [u8],
    start: usize,
    drawn: bool,
    ended: bool,
) -> Option<Sighting<'a>> {
    match trial(grammar, &bytes[start..], drawn) {
        Trial::Print => Some(Sighting::Resume { at: start }),
        Trial::Open { likely: true } if ended => Some(Sighting::Resume { at: start }),
        Trial::Open { .. } if !ended => Some(Sighting::Doubt { at: start }),
        _ => None,
    }
}

/// Where the text that ends at `end` begins: after the last byte that cannot be text. Among dots
/// all its lines count; elsewhere, where lines may be data, only the last one.
fn run_start(bytes: &[u8], end: usize, drawn: bool) -> usize {
    let floor = end.saturating_sub(MAX_TEXT_BYTES);
    let textual = |b: &u8| match *b {
        0x20..=0x7E | 0x81..=0xFE | CR => true,
        LF => drawn,
        _ => false,
    };
    let run = bytes[floor..end].iter().rev().take_while(|b| textual(b)).count();
    end - run
}

/// As [`run_start`], without the last dots: of an odd number of high bytes the first is no
/// character. Says nothing of what stands before the run, which may have been passed on already.
fn text_start(bytes: &[u8], end: usize, drawn: bool) -> usize {
    let start = run_start(bytes, end, drawn);
    let high = bytes[start..end].iter().take_while(|b| **b >= 0x80).count();
    if end - start < MAX_TEXT_BYTES { start + high % 2 } else { start }
}

enum RealTime<'a> {
    Is { row: &'static Row, args: &'a [u8], len: usize },
    Maybe,
    No,
}

/// Status requests and drawer pulses with parameters that a manual knows. Others are too likely to
/// be dots.
fn real_time<'a>(grammar: &Grammar, bytes: &'a [u8]) -> RealTime<'a> {
    let known = match bytes {
        [DLE] | [DLE, 0x04 | 0x14] | [DLE, 0x14, 0x01] => return RealTime::Maybe,
        [DLE, 0x14, 0x01, 0 | 1 | b'0' | b'1'] => return RealTime::Maybe,
        [DLE, 0x04, 1..=4, ..] => true,
        [DLE, 0x14, 0x01, 0 | 1 | b'0' | b'1', 1..=8, ..] => true,
        _ => false,
    };
    match grammar.step(bytes) {
        Step::Done { row, args, .. } if known => {
            let len = row.prefix.len() + args;
            RealTime::Is { row, args: &bytes[row.prefix.len()..len], len }
        }
        _ => RealTime::No,
    }
}

/// What a trial has counted.
#[derive(Default)]
struct Count {
    /// Lines that read as print.
    lines: u32,
    commands: u32,
    /// Resets, cuts and kicks.
    strong: u32,
    /// The characters of the lines.
    seen: [u64; 4],
    line: LineSeen,
}

#[derive(Clone, Copy, Default)]
struct LineSeen {
    textual: usize,
    inked: usize,
    odd: usize,
}

impl LineSeen {
    fn reads(self) -> bool {
        self.odd == 0 && self.textual >= 3 && self.textual * 2 >= self.inked
    }
}

impl Count {
    fn text(&mut self, text: &[u8]) {
        for &byte in text {
            self.line.inked += usize::from(byte != b' ');
            let textual = byte.is_ascii_alphanumeric() || matches!(byte, 0x81..=0xFE);
            self.line.textual += usize::from(textual);
            self.line.odd += usize::from(matches!(byte, 0x7F | 0x80 | 0xFF));
            if textual {
                self.seen[usize::from(byte >> 6)] |= 1 << (byte & 63);
            }
        }
    }

    fn line_end(&mut self) {
        self.lines += u32::from(self.line.reads());
        self.line = LineSeen::default();
    }

    fn distinct(&self) -> u32 {
        self.seen.iter().map(|bits| bits.count_ones()).sum()
    }

    /// Whether this is print beyond doubt.
    fn is_print(&self, drawn: bool) -> bool {
        let worded = drawn && self.distinct() >= MIN_DISTINCT;
        self.strong >= 2
            || (self.strong >= 1 && self.lines >= 1)
            || (self.commands >= 2 && self.lines >= 1 && self.distinct() >= MIN_DISTINCT)
            || (worded && self.commands >= 1 && self.lines >= 2)
            || (worded && self.lines >= 3)
    }

    /// Whether this is print, if it is all there is.
    fn is_likely(&self, drawn: bool) -> bool {
        let line = self.lines >= 1 || (self.line.reads() && self.line.textual >= 6);
        self.strong >= 1 || (drawn && line && self.distinct() >= MIN_DISTINCT_AT_END)
    }
}

/// Frames `bytes` on trial.
fn trial(grammar: &Grammar, bytes: &[u8], drawn: bool) -> Trial {
    let mut count = Count::default();
    let mut at = 0;
    let bytes = &bytes[..bytes.len().min(MAX_DOUBT_BYTES)];
    for _ in 0..MAX_TRIAL_STEPS {
        let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) else { break };
        match rest[0] {
            0x20.. => {
                let run = text_len(rest);
                count.text(&rest[..run]);
                at += run;
                continue;
            }
            LF => count.line_end(),
            CR | 0x09 => {}
            ESC | GS | 0x1C => match grammar.step(rest) {
                Step::Wait => break,
                Step::Done { row, args, refused: 0, next } => {
                    at += row.prefix.len() + args;
                    command(row, &mut count);
                    match next {
                        Next::Ground => {}
                        Next::Payload(n) => at += usize::try_from(n).unwrap_or(MAX_DOUBT_BYTES),
                        Next::Items { .. } => return Trial::Data,
                    }
                    if count.is_print(drawn) {
                        return Trial::Print;
                    }
                    continue;
                }
                _ => return Trial::Data,
            },
            _ => return Trial::Data,
        }
        at += 1;
        if count.is_print(drawn) {
            return Trial::Print;
        }
    }
    let open = at >= bytes.len() || matches!(grammar.step(&bytes[at..]), Step::Wait);
    if open && bytes.len() < MAX_DOUBT_BYTES {
        Trial::Open { likely: count.is_likely(drawn) }
    } else {
        Trial::Data
    }
}

fn command(row: &'static Row, count: &mut Count) {
    count.commands += 1;
    match row.effect {
        Effect::Cut | Effect::Drawer => {
            count.line_end();
            count.strong += 1;
        }
        Effect::Feed => count.line_end(),
        Effect::Mode if row.prefix == [ESC, 0x40] => count.strong += 1,
        _ => {}
    }
}

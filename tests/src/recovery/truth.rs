//! Sound streams: their lines with the bytes that make them up, and their kicks.

use std::ops::Range;
use std::path::Path;

use pos_protocol::escpos::Effect;
use pos_protocol::escpos::lexer::{Frame, FrameKind, Lexer};
use pos_protocol::profile::{Dialect, Profile, Timing};
use pos_protocol::session::{EndReason, Lane};
use possim::print::Style;

use crate::{drive, receipts};

/// Receipts in one stream: a length that is wrong must not reach the next.
const RECEIPTS: usize = 4;

/// A stream before it is damaged.
#[derive(Clone, Debug)]
pub struct Sound {
    /// Style or capture.
    pub name: String,
    /// The till's language.
    pub dialect: Dialect,
    /// Everything.
    pub bytes: Vec<u8>,
    /// Where each receipt lies.
    pub receipts: Vec<Range<usize>>,
    /// Lines with something on them.
    pub lines: Vec<Line>,
    /// Where the kicks lie.
    pub kicks: Vec<Range<usize>>,
}

/// A line of text.
#[derive(Clone, Debug)]
pub struct Line {
    /// From its first character to its terminator, which is part of it.
    pub span: Range<usize>,
    /// What it says, blanks left out.
    pub text: String,
}

impl Sound {
    /// What the decoder says of `receipts`, one after the other. `None` where the paper has other
    /// lines than the stream (a drawn receipt, page mode): they cannot be told apart by position.
    fn of(name: &str, dialect: Dialect, pieces: &[Vec<u8>]) -> Option<Self> {
        let bytes = pieces.concat();
        let mut at = 0;
        let receipts = pieces.iter().map(|piece| {
            at += piece.len();
            at - piece.len()..at
        });
        let receipts = receipts.collect();
        let (spans, kicks) = framed(dialect, &bytes);
        let texts = lines(&bytes);
        if texts.is_empty() || texts.len() != spans.len() {
            return None;
        }
        let lines = spans.into_iter().zip(texts).map(|(span, text)| Line { span, text }).collect();
        Some(Self { name: name.to_owned(), dialect, bytes, receipts, lines, kicks })
    }
}

/// Streams of every style that sends text, `count` of each, shops taking turns.
pub fn simulated(style: &'static Style, count: usize) -> Vec<Sound> {
    let shops = receipts::shops(style);
    let streams = shops.iter().cycle().zip(0_u64..).take(count).map(|(shop, seed)| {
        let slips = receipts::slips(style, shop, seed, RECEIPTS);
        Sound::of(style.name, receipts::dialect(style), &slips)
    });
    streams.flatten().collect()
}

/// The captures below `folder` whose lines can be told by position.
pub fn captures(folder: &Path, files: &[&str]) -> Vec<Sound> {
    let sound = |file: &&str| {
        let bytes = std::fs::read(folder.join(file)).expect("a capture");
        Sound::of(file, Dialect::Escpos, &[bytes])
    };
    files.iter().filter_map(sound).collect()
}

/// The lines of paper that a session makes of `bytes`, blanks and empty lines left out.
pub fn lines(bytes: &[u8]) -> Vec<String> {
    let profile = Profile { timing: Timing::File, ..Profile::default() };
    let mut session = drive::session(&profile, pos_protocol::limits::Limits::default());
    session.receive(Lane::ToPrinter(0), drive::at(0), bytes);
    session.finish(drive::at(0), EndReason::EndOfFile);
    let texts = drive::drain(&mut session).into_iter().filter_map(|event| event.text);
    let lines = texts.flat_map(|text| text.lines().map(without_blanks).collect::<Vec<_>>());
    lines.filter(|line| !line.is_empty()).collect()
}

fn without_blanks(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// The lines with text on them and the kicks, as the frames of a sound stream have them.
fn framed(dialect: Dialect, bytes: &[u8]) -> (Vec<Range<usize>>, Vec<Range<usize>>) {
    let (mut lines, mut kicks) = (Vec::new(), Vec::new());
    let mut open: Option<Range<usize>> = None;
    frames(dialect, bytes, &mut |frame| {
        let span = frame.span.start as usize..frame.span.end as usize;
        match frame.kind {
            FrameKind::Text(text) if open.is_some() || text.iter().any(|b| *b != b' ') => {
                let start = open.as_ref().map_or(span.start, |line| line.start);
                open = Some(start..span.end);
            }
            FrameKind::Command { row, .. } if row.prefix == [b'\n'] => {
                lines.extend(open.take().map(|line| line.start..span.end));
            }
            FrameKind::Command { row, .. } if row.effect == Effect::Drawer => kicks.push(span),
            _ => {}
        }
    });
    lines.extend(open);
    (lines, kicks)
}

/// Calls `sink` for every frame of `bytes`.
pub fn frames(dialect: Dialect, bytes: &[u8], sink: &mut impl FnMut(Frame<'_>)) {
    let mut lexer = Lexer::new(dialect);
    lexer.push(bytes, sink);
    lexer.flush(sink);
}

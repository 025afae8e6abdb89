//! Counts what survives, and says what took the rest.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use pos_protocol::escpos::Effect;
use pos_protocol::escpos::lexer::FrameKind;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use super::align::align;
use super::damage::{Damaged, Hit};
use super::truth::{Line, Sound, frames, lines};

/// Bytes shown on either side of a hit.
const CONTEXT: usize = 12;

/// Lines and kicks that no hit touched, and how many of them came through.
#[derive(Clone, Debug, Default)]
pub struct Score {
    /// Untouched lines.
    pub lines: u64,
    /// Of these, found on the paper.
    pub lines_found: u64,
    /// Untouched kicks.
    pub kicks: u64,
    /// Of these, recognised where they stand.
    pub kicks_found: u64,
    /// What took the lost ones.
    pub losses: BTreeMap<String, Loss>,
}

/// Lines or kicks lost for one reason.
#[derive(Clone, Debug)]
pub struct Loss {
    /// How many.
    pub count: u64,
    /// The first of them, for people.
    pub example: String,
}

impl Score {
    /// Share of the untouched lines that are on the paper.
    pub fn line_share(&self) -> f64 {
        share(self.lines_found, self.lines)
    }

    /// Share of the untouched kicks that are recognised.
    pub fn kick_share(&self) -> f64 {
        share(self.kicks_found, self.kicks)
    }

    /// Adds what another one counted.
    pub fn add(&mut self, other: Self) {
        self.lines += other.lines;
        self.lines_found += other.lines_found;
        self.kicks += other.kicks;
        self.kicks_found += other.kicks_found;
        for (cause, loss) in other.losses {
            self.losses.entry(cause).and_modify(|own| own.count += loss.count).or_insert(loss);
        }
    }

    /// Counts a line or kick that stood at `at` of the sound stream and is lost.
    fn lose(&mut self, what: &str, seen: &Seen, sound: &Sound, damaged: &Damaged, at: usize) {
        let (from, frame) = seen.at(damaged.moved(at));
        let loss = self.losses.entry(format!("{what} in {frame}"));
        let loss =
            loss.or_insert_with(|| Loss { count: 0, example: example(sound, damaged, at, from) });
        loss.count += 1;
    }

    /// What was lost for which reason, the worst first.
    pub fn causes(&self, most: usize) -> String {
        let mut losses: Vec<_> = self.losses.iter().collect();
        losses.sort_by_key(|(_, loss)| Reverse(loss.count));
        let mut text = String::new();
        for (cause, loss) in losses.into_iter().take(most) {
            // Writing to a `String` cannot fail.
            let _ = writeln!(text, "{:>6} {cause}\n{}", loss.count, loss.example);
        }
        text
    }
}

fn share(found: u64, all: u64) -> f64 {
    if all == 0 { 1.0 } else { found as f64 / all as f64 }
}

/// Hits each receipt of `sound` `errors` times and counts. The same seed does the same.
pub fn score(sound: &Sound, errors: usize, seed: u64) -> Score {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let damaged = Damaged::new(&sound.bytes, &sound.receipts, errors, &mut rng);
    let mut score = Score::default();
    let untouched: Vec<&Line> =
        sound.lines.iter().filter(|line| !damaged.touches(&line.span)).collect();
    let expected: Vec<&str> = untouched.iter().map(|line| line.text.as_str()).collect();
    let found = align(&expected, &lines(&damaged.bytes));
    let frames = Seen::of(sound, &damaged);
    for (line, found) in untouched.iter().zip(found) {
        score.lines += 1;
        if found {
            score.lines_found += 1;
        } else {
            score.lose("line", &frames, sound, &damaged, line.span.start);
        }
    }
    for kick in sound.kicks.iter().filter(|kick| !damaged.touches(kick)) {
        score.kicks += 1;
        let at = damaged.moved(kick.start);
        if frames.kicks.contains(&at) {
            score.kicks_found += 1;
        } else {
            score.lose("kick", &frames, sound, &damaged, kick.start);
        }
    }
    score
}

/// The frames of a damaged stream.
struct Seen {
    /// What each begins with and is.
    frames: Vec<(usize, String)>,
    kicks: Vec<usize>,
}

impl Seen {
    fn of(sound: &Sound, damaged: &Damaged) -> Self {
        let mut seen = Self { frames: Vec::new(), kicks: Vec::new() };
        frames(sound.dialect, &damaged.bytes, &mut |frame| {
            let start = frame.span.start as usize;
            let name = match frame.kind {
                FrameKind::Text(_) => "text",
                FrameKind::Unknown(_) => "unknown bytes",
                FrameKind::Incomplete { row, .. } => row.map_or("a prefix", |row| row.name),
                FrameKind::Command { row, .. }
                | FrameKind::Payload { row, .. }
                | FrameKind::Truncated { row, .. }
                | FrameKind::Noticed { row, .. } => row.name,
            };
            if frame.span.end > frame.span.start {
                seen.frames.push((start, name.to_owned()));
            }
            if matches!(frame.kind, FrameKind::Command { row, .. } if row.effect == Effect::Drawer)
            {
                seen.kicks.push(start);
            }
        });
        seen
    }

    /// The frame that covers `at`, and where it begins.
    fn at(&self, at: usize) -> (usize, &str) {
        let next = self.frames.partition_point(|(start, _)| *start <= at);
        let covering = next.checked_sub(1).map(|covering| &self.frames[covering]);
        covering.map_or((at, "nothing"), |(start, name)| (*start, name))
    }
}

/// The bytes around what was lost, those where the frame begins that covers it now, and the last
/// hit before that place.
fn example(sound: &Sound, damaged: &Damaged, lost: usize, from: usize) -> String {
    let hit = damaged.hits.iter().rfind(|(at, _)| damaged.moved(*at) <= from + CONTEXT);
    let hit = hit.map_or_else(
        || "no hit before it".to_owned(),
        |(at, hit)| match hit {
            Hit::Flip(mask) => format!("byte {at} changed by {mask:02X}"),
            Hit::Drop => format!("byte {at} dropped"),
            Hit::Insert(byte) => format!("{byte:02X} inserted before byte {at}"),
        },
    );
    format!(
        "       {} at {lost}; covered from {from} of what came; {hit}\n\
         \x20      lost  {}\n       cover {}",
        sound.name,
        around(&sound.bytes, lost),
        around(&damaged.bytes, from),
    )
}

fn around(bytes: &[u8], at: usize) -> String {
    let part = &bytes[at.saturating_sub(CONTEXT)..(at + CONTEXT).min(bytes.len())];
    let hex: Vec<String> = part.iter().map(|byte| format!("{byte:02X}")).collect();
    format!("{}  {}", hex.join(" "), part.escape_ascii())
}

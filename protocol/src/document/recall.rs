//! Macros: `GS :` puts text aside, `GS ^` prints it.
//!
//! Only lines of text are recalled. Cuts, kicks and settings inside a definition act when they are
//! sent: no till is known to define them, and a kick must not be missed.

use serde::{Deserialize, Serialize};

use super::content::{Content, LineRow, Part};

/// Most text of a macro, in bytes (TM-T88III, `GS :`). More is printed as it comes.
const MAX_MACRO_BYTES: usize = 2_048;
/// Most lines of a macro: a line takes a byte at least.
const MAX_MACRO_LINES: usize = MAX_MACRO_BYTES;
/// Most times that one `GS ^` prints a macro. Real ones say 1 to 3; 255 would be an attack on the
/// reader's patience.
pub(super) const MAX_RUNS: u8 = 8;

/// Where a definition began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Mark {
    bytes: u32,
    runs: u32,
    lines: u32,
    parts: u32,
}

/// The lines of a macro, with indices that count from its own start.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Stored {
    content: Content,
}

impl Mark {
    /// The end of `content`, where whole lines stand.
    pub(super) fn end_of(content: &Content) -> Self {
        Self {
            bytes: content.bytes.len() as u32,
            runs: content.runs.len() as u32,
            lines: content.lines.len() as u32,
            parts: content.parts.len() as u32,
        }
    }
}

impl Stored {
    /// Takes what was put down since `mark` off the paper. `None`, and everything stays, where it
    /// is more than a macro holds or where it is not lines alone.
    pub(super) fn take(content: &mut Content, mark: Mark) -> Option<Self> {
        let since = |all: usize, from: u32| all.checked_sub(from as usize);
        let bytes = since(content.bytes.len(), mark.bytes)?;
        let lines = since(content.lines.len(), mark.lines)?;
        let parts = content.parts.get(mark.parts as usize..)?;
        let is_text = parts.iter().all(|part| matches!(part, Part::Line(_) | Part::Feed(_)));
        if bytes > MAX_MACRO_BYTES || lines > MAX_MACRO_LINES || !is_text {
            return None;
        }
        let mut own = Content {
            bytes: content.bytes.split_off(mark.bytes as usize),
            runs: content.runs.split_off(mark.runs as usize),
            lines: content.lines.split_off(mark.lines as usize),
            parts: content.parts.split_off(mark.parts as usize),
            tabs: content.tabs.clone(),
            ..Content::default()
        };
        for run in &mut own.runs {
            run.at -= mark.bytes;
        }
        for line in &mut own.lines {
            line.runs = (line.runs.0 - mark.runs, line.runs.1 - mark.runs);
        }
        Some(Self { content: own })
    }

    /// Its text bytes and its runs, which is what they weigh.
    pub(super) fn size(&self) -> (usize, usize) {
        (self.content.bytes.len(), self.content.runs.len())
    }

    /// Its lines.
    pub(super) fn lines(&self) -> usize {
        self.content.lines.len()
    }

    /// Prints it: the command that does so stands at `start`.
    pub(super) fn print(&self, content: &mut Content, start: u64) {
        let bytes = content.bytes.len() as u32;
        let runs = content.runs.len() as u32;
        content.bytes.extend_from_slice(&self.content.bytes);
        for run in &self.content.runs {
            let at = run.at + bytes;
            content.runs.push(super::content::Run { at, start, recalled: true, ..*run });
        }
        for part in &self.content.parts {
            match part {
                Part::Line(index) => {
                    let Some(line) = self.line(*index) else { continue };
                    let tabs = content.refer_to_tabs(self.content.tabs(line));
                    let (from, to) = line.runs;
                    content.push_line(LineRow { runs: (from + runs, to + runs), tabs, ..*line });
                }
                Part::Feed(dots) => content.feed(*dots),
                Part::Image(_) | Part::Symbol(_) | Part::Cut => {}
            }
        }
    }

    /// The line that a part refers to by its number on the paper it came from.
    fn line(&self, index: u32) -> Option<&LineRow> {
        let first = self.content.parts.iter().find_map(|part| match part {
            Part::Line(index) => Some(*index),
            _ => None,
        })?;
        self.content.lines.get(index.checked_sub(first)? as usize)
    }
}

//! A run as it goes, on stderr: a small board that is drawn anew every second where somebody looks,
//! a line every ten seconds where a file does.
//!
//! It switches nothing of the terminal off: no raw mode, no second screen, no hidden cursor. Every
//! drawing ends below the board, so that Ctrl-C at any moment leaves a terminal as it was.

use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write};

use super::plot::{micros, number, seconds};
use crate::load::Sample;

/// Where no terminal is: a line so often, in seconds of the run's samples.
const EVERY: u64 = 10;
/// Columns and rows where a terminal does not tell its own.
const USUAL: Size = (80, 24);
/// The least width that a board is drawn for; in less it is cut off.
const NARROW: usize = 20;
/// Seconds that rates are taken over.
const WINDOW: usize = 5;
/// Widest bar.
const BAR: usize = 40;
/// Bytes of a MiB.
const MIB: u64 = 1_048_576;

/// Columns and rows.
type Size = (u16, u16);

/// Shows samples.
#[derive(Debug)]
pub struct View<W: Write> {
    out: W,
    /// Size of the terminal; nothing where there is none.
    size: Option<fn() -> Size>,
    name: String,
    /// Length of the run, microseconds.
    length_us: u64,
    recent: Vec<Sample>,
    shown: u64,
    /// Lines of the board that are on the screen.
    drawn: usize,
}

impl View<io::Stderr> {
    /// A view on stderr of a run by this name, customers of which come for so long.
    pub fn stderr(name: &str, length_us: u64) -> Self {
        let size = io::stderr().is_terminal().then_some(size_of_stderr as fn() -> Size);
        Self::new(io::stderr(), size, name, length_us)
    }
}

/// Asked anew for every drawing: windows are resized.
fn size_of_stderr() -> Size {
    let size = rustix::termios::tcgetwinsize(io::stderr()).ok();
    let size = size.map(|size| (size.ws_col, size.ws_row));
    size.filter(|(columns, rows)| *columns > 0 && *rows > 0).unwrap_or(USUAL)
}

impl<W: Write> View<W> {
    fn new(out: W, size: Option<fn() -> Size>, name: &str, length_us: u64) -> Self {
        // A name is somebody's text: it must not steer the terminal.
        let name = name.chars().map(|c| if c.is_control() { '?' } else { c }).collect();
        Self { out, size, name, length_us, recent: Vec::new(), shown: 0, drawn: 0 }
    }

    /// Shows a sample; there is one a second. Where time has gone back it is the first of another
    /// run, which gets a board of its own below whatever was said in between.
    pub fn show(&mut self, sample: &Sample) {
        if self.recent.last().is_some_and(|last| sample.at_us < last.at_us) {
            self.recent.clear();
            (self.shown, self.drawn) = (0, 0);
        }
        self.recent.push(*sample);
        if self.recent.len() > WINDOW + 1 {
            self.recent.remove(0);
        }
        self.shown += 1;
        let text = match self.size {
            Some(size) => self.frame(sample, size()),
            None if self.shown % EVERY == 1 => self.line(sample),
            None => return,
        };
        // A run goes on where nobody looks any more.
        let _ = self.out.write_all(text.as_bytes()).and_then(|()| self.out.flush());
    }

    /// The board, drawn over the one before in one piece.
    fn frame(&mut self, sample: &Sample, (columns, rows): Size) -> String {
        // The last column stays free: a terminal may begin a new line when it is written to.
        let room = usize::from(columns).saturating_sub(1).max(NARROW);
        let mut lines = self.board(sample, room);
        // The last row is the cursor's. What has scrolled away cannot be drawn over.
        lines.truncate(usize::from(rows).saturating_sub(1).max(1));
        let mut text = String::new();
        if self.drawn > 0 {
            let _ = write!(text, "\x1b[{}A", self.drawn);
        }
        for line in &lines {
            let line: String = line.chars().take(room).collect();
            let _ = write!(text, "\r\x1b[K{line}\n");
        }
        // Of a longer board, or of one that a narrower window broke, nothing is left below.
        text.push_str("\x1b[J");
        self.drawn = lines.len();
        text
    }

    fn board(&self, sample: &Sample, room: usize) -> Vec<String> {
        let Sample { at_us, offered, printed, journalled, told, messages, .. } = *sample;
        let waiting = printed.saturating_sub(told);
        let mut lines = vec![
            format!("{} {}", self.name, self.clock(at_us)),
            bar(at_us, self.length_us, room.min(BAR)),
        ];
        for (name, count, of) in [
            ("offered", offered, (|s: &Sample| s.offered) as fn(&Sample) -> u64),
            ("printed", printed, |s| s.printed),
            ("journalled", journalled, |s| s.journalled),
            ("told", told, |s| s.told),
        ] {
            let rate = number(self.rate(of));
            lines.push(format!("{name:<11}{:>9} {rate:>7}/s", number(count as f64)));
        }
        lines.push(format!(
            "{:<11}{:>9}, in {} messages so far",
            "not told",
            number(waiting as f64),
            number(messages as f64)
        ));
        lines.push(format!(
            "{:<11}{:>5} MiB brain {:>4} MiB wire, {} cores, load {} cores",
            "bridge",
            sample.brain_rss / MIB,
            sample.wire_rss / MIB,
            cores(sample.brain_cpu + sample.wire_cpu),
            cores(sample.own_cpu)
        ));
        lines.push(format!("{:<11}{} behind its schedule", "load", micros(sample.behind_us)));
        lines
    }

    fn line(&self, sample: &Sample) -> String {
        let Sample { at_us, offered, printed, journalled, told, .. } = *sample;
        format!(
            "{} {}: offered {offered}, printed {printed}, journalled {journalled}, told {told}, \
             bridge {} MiB {} cores, load behind {}\n",
            self.name,
            self.clock(at_us),
            (sample.brain_rss + sample.wire_rss) / MIB,
            cores(sample.brain_cpu + sample.wire_cpu),
            micros(sample.behind_us)
        )
    }

    fn clock(&self, at_us: u64) -> String {
        let length = seconds(self.length_us as f64 / 1e6);
        if at_us <= self.length_us {
            format!("{} of {length}", micros(at_us / 1_000_000 * 1_000_000))
        } else {
            format!("{length} sold, waiting for the group")
        }
    }

    /// Of the last seconds, by the run's own clock.
    fn rate(&self, count: fn(&Sample) -> u64) -> f64 {
        match self.recent.as_slice() {
            [first, .., last] if last.at_us > first.at_us => {
                let added = count(last).saturating_sub(count(first)) as f64;
                added / (last.at_us - first.at_us) as f64 * 1e6
            }
            _ => 0.0,
        }
    }
}

fn cores(cores: f64) -> String {
    format!("{cores:.2}")
}

/// How far a run is. Plain letters: a font may lack blocks.
fn bar(at: u64, of: u64, width: usize) -> String {
    let inner = width.saturating_sub(2);
    let share = at.min(of) as f64 / of.max(1) as f64;
    let full = (share * inner as f64) as usize;
    format!("[{}{}]", "#".repeat(full), "-".repeat(inner - full))
}

#[cfg(test)]
mod tests {
    use super::{Sample, View};

    fn sample(second: u64) -> Sample {
        Sample {
            at_us: second * 1_000_000,
            offered: second * 100,
            printed: second * 100,
            journalled: second * 99,
            told: second * 60,
            messages: second,
            brain_rss: 31 << 20,
            wire_rss: 5 << 20,
            brain_cpu: 0.4,
            wire_cpu: 0.07,
            own_cpu: 0.7,
            behind_us: 1_250,
        }
    }

    /// What is on a screen after all this was written, by the few commands that a board uses.
    fn screen(written: &str, columns: usize) -> Vec<String> {
        let mut lines: Vec<String> = vec![String::new()];
        let mut row = 0;
        let mut rest = written;
        while let Some(letter) = rest.chars().next() {
            rest = &rest[letter.len_utf8()..];
            match letter {
                '\n' => {
                    row += 1;
                    lines.resize_with(lines.len().max(row + 1), String::new);
                }
                '\r' => {}
                '\x1b' => {
                    let end = rest.find(|c: char| c.is_ascii_alphabetic()).expect("a command");
                    let (number, command) = (&rest[1..end], &rest[end..=end]);
                    match command {
                        "A" => row -= number.parse::<usize>().expect("rows"),
                        "K" => lines[row].clear(),
                        "J" => lines.truncate(row + 1),
                        other => panic!("expected A, K or J, found {other}"),
                    }
                    rest = &rest[end + 1..];
                }
                other => lines[row].push(other),
            }
            assert!(lines[row].chars().count() < columns, "line {row} reaches the last column");
        }
        assert_eq!(row, lines.len() - 1, "the cursor is below the board");
        lines
    }

    fn drawn(size: fn() -> (u16, u16)) -> Vec<String> {
        let mut view = View::new(Vec::new(), Some(size), "mall", 300_000_000);
        (1..=7).for_each(|second| view.show(&sample(second)));
        let written = String::from_utf8(view.out).expect("UTF-8");
        screen(&written, usize::from(size().0))
    }

    #[test]
    fn a_board_is_drawn_in_place_and_ends_below_itself() {
        assert_eq!(
            drawn(|| (80, 24)),
            [
                "mall 7 s of 5 min",
                "[--------------------------------------]",
                "offered          700     100/s",
                "printed          700     100/s",
                "journalled       693      99/s",
                "told             420      60/s",
                "not told         280, in 7 messages so far",
                "bridge        31 MiB brain    5 MiB wire, 0.47 cores, load 0.70 cores",
                "load       1.25 ms behind its schedule",
                "",
            ]
        );
    }

    #[test]
    fn a_narrow_terminal_gets_every_line_on_one_of_its_own() {
        let lines = drawn(|| (24, 24));
        assert_eq!(lines.len(), 10);
        assert!(lines.iter().all(|line| line.chars().count() < 24), "{lines:?}");
        assert_eq!(lines[2], "offered          700   ");
    }

    #[test]
    fn a_low_terminal_gets_the_lines_that_it_can_keep() {
        assert_eq!(drawn(|| (80, 4)).len(), 4);
    }

    #[test]
    fn where_no_terminal_is_a_line_comes_every_ten_seconds_and_no_command() {
        let mut view = View::new(Vec::new(), None, "mall\x1b[2J", 300_000_000);
        (1..=21).for_each(|second| view.show(&sample(second)));
        let written = String::from_utf8(view.out).expect("UTF-8");
        assert!(!written.contains('\x1b'), "{written:?}");
        assert_eq!(written.lines().count(), 3, "{written}");
        assert!(
            written.starts_with("mall?[2J 1 s of 5 min: offered 100, printed 100, "),
            "{written}"
        );
    }

    #[test]
    fn a_second_run_does_not_draw_over_what_was_said_of_the_first() {
        let mut view = View::new(Vec::new(), Some(|| (80, 24)), "mall", 300_000_000);
        view.show(&sample(2));
        view.show(&sample(1));
        let written = String::from_utf8(view.out).expect("UTF-8");
        assert!(!written.contains("A\r"), "{written:?}");
        assert_eq!(screen(&written, 80).len(), 19);
    }

    #[test]
    fn a_run_after_its_last_customer_says_what_it_waits_for() {
        let view = View::new(Vec::new(), None, "mall", 5_000_000);
        assert!(view.line(&sample(6)).starts_with("mall 5 s sold, waiting for the group: "));
    }
}

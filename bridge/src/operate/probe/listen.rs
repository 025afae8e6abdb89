//! The probe itself: one setting after the other on live bytes, until one reads well or the time
//! is up.

use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::judge::{Capture, Judged, Sure, best, judge};
use super::port::Ear;
use super::{BAUDS, Line};
use crate::config::Parity;
use crate::operate::{Holder, holders};

/// While nothing at all is heard, a setting is listened with this long.
const PATIENCE: Duration = Duration::from_secs(2);
/// Silence after bytes that ends a capture.
const PAUSE: Duration = Duration::from_millis(300);
/// Longest capture in time: a receipt at 9600 baud takes about this long.
const LONGEST: Duration = Duration::from_secs(2);
/// Longest capture in bytes: a receipt's head and some items.
const MOST_BYTES: usize = 768;
/// A speed at which more than this share is damaged, and the rest reads well, is tried with parity.
const PARITY_DAMAGE: f64 = 0.05;

/// What was found out.
#[derive(Debug)]
pub struct Found {
    /// Every capture, in the order of listening.
    pub all: Vec<Judged>,
    /// Bytes heard in all.
    pub heard: usize,
}

impl Found {
    /// The best reading, and how sure it is.
    pub fn best(&self) -> Option<(&Judged, Sure)> {
        best(&self.all)
    }
}

/// Why a port cannot be probed.
#[derive(Debug, thiserror::Error)]
pub enum ProbeError {
    /// Somebody has it.
    #[error("expected {} to be free, found it in use by {by}", path.display())]
    InUse {
        /// The port.
        path: PathBuf,
        /// Who.
        by: String,
    },
    /// It is no terminal.
    #[error("expected a serial port at {}, found another file", path.display())]
    NoPort {
        /// What was named.
        path: PathBuf,
    },
    /// It cannot be opened or read.
    #[error("expected to listen on {}, found: {source}", path.display())]
    Io {
        /// The port.
        path: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
}

/// Listens for at most `limit`; `say` is told of every setting that heard something.
pub fn probe(
    path: &Path,
    limit: Duration,
    mut say: impl FnMut(&Judged),
) -> Result<Found, ProbeError> {
    let mut ear = open(path)?;
    let failed = |source| ProbeError::Io { path: path.to_owned(), source };
    let until = Instant::now() + limit;
    let mut found = Found { all: Vec::new(), heard: 0 };
    let mut plan: Vec<Line> = Vec::new();
    while Instant::now() < until {
        let Some(line) = plan.pop() else {
            plan.extend(BAUDS.iter().rev().map(|baud| Line::plain(*baud)));
            continue;
        };
        let capture = capture(&mut ear, line, until).map_err(failed)?;
        if capture.bytes.is_empty() {
            continue;
        }
        let judged = judge(&capture);
        found.heard += judged.bytes;
        say(&judged);
        plan.extend(worth_trying(&judged, &found.all));
        found.all.push(judged);
        if found.best().is_some_and(|(_, sure)| sure == Sure::Yes) {
            break;
        }
    }
    Ok(found)
}

/// A port that nobody has open: asking the process table first, since opening can disturb.
fn open(path: &Path) -> Result<Ear, ProbeError> {
    let by = holders(path).found;
    if !by.is_empty() {
        let by: Vec<String> =
            by.iter().map(|Holder { pid, name }| format!("{name} (process {pid})")).collect();
        return Err(ProbeError::InUse { path: path.to_owned(), by: by.join(", ") });
    }
    Ear::open(path).map_err(|source| match (source.kind(), source.raw_os_error()) {
        (io::ErrorKind::ResourceBusy, _) => {
            ProbeError::InUse { path: path.to_owned(), by: "another program".to_owned() }
        }
        (_, Some(code)) if code == nix::errno::Errno::ENOTTY as i32 => {
            ProbeError::NoPort { path: path.to_owned() }
        }
        _ => ProbeError::Io { path: path.to_owned(), source },
    })
}

/// Listens with one setting: until bytes have come and stopped, or there are enough.
fn capture(ear: &mut Ear, line: Line, until: Instant) -> io::Result<Capture> {
    ear.set(line)?;
    let begun = Instant::now();
    let patience = until.min(begun + PATIENCE);
    let mut capture = Capture { line, bytes: Vec::new(), damaged: 0 };
    let mut end = patience;
    loop {
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() || capture.bytes.len() >= MOST_BYTES {
            return Ok(capture);
        }
        let before = capture.bytes.len();
        capture.damaged += ear.hear(left, &mut capture.bytes)?;
        if capture.bytes.len() > before {
            let now = Instant::now();
            let longest = if before == 0 { now + LONGEST } else { end.max(now) };
            end = (now + PAUSE).min(longest).min(until.max(now + PAUSE));
        }
    }
}

/// Settings that the last capture speaks for: 8 bits with parity sound like 8N1 with damage.
fn worth_trying(judged: &Judged, tried: &[Judged]) -> Vec<Line> {
    let promising = judged.line == Line::plain(judged.line.baud)
        && judged.damaged > PARITY_DAMAGE
        && judged.plausible > 0.7;
    let both = [Parity::Odd, Parity::Even]
        .map(|parity| Line { parity, ..judged.line })
        .into_iter()
        .filter(|line| promising && !tried.iter().any(|other| other.line == *line));
    both.collect()
}

//! Writes the books as the run goes on: truth, journal, group and the bytes of every slip.
//!
//! What is written is on its way to the disk at once, so that a run that breaks off leaves what it
//! knew. It settles nothing.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use pos_protocol::event::Kind;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use super::awaited::Awaited;
use super::clock::RunClock;
use super::counts::Counts;
use super::crowd::Told;
use super::record::Reproach;
use super::seller::Due;
use crate::bridge::Followed;
use crate::dingtalk::{ShownMessage, Witnessed};
use crate::ledger::{
    Books, FileError, GROUP_FILE, JOURNAL_FILE, Journalled, Lines, Shown, Slip, Span, TRUTH_FILE,
    WIRE_FILE, read_lines,
};
use crate::wire::Piece;

/// A call over which the mock itself took longer than this was slowed down by the mock.
pub(super) const SLOW_CALL_US: u64 = 250_000;
/// Most odd things that are told one by one.
const MAX_ODD: usize = 20;

/// Where the news of a run come in.
#[derive(Debug)]
pub(super) struct News {
    pub(super) crowd: mpsc::UnboundedReceiver<Told>,
    pub(super) journal: mpsc::UnboundedReceiver<Followed>,
    pub(super) mock: mpsc::UnboundedReceiver<Witnessed>,
}

/// What the clerk goes by.
#[derive(Debug)]
pub(super) struct Desk {
    pub(super) dir: PathBuf,
    pub(super) clock: RunClock,
    pub(super) counts: Arc<Counts>,
    pub(super) sources: Vec<String>,
    /// Kinds that the group must hear of.
    pub(super) told_kinds: Vec<Kind>,
    /// Names of robots by token.
    pub(super) robots: HashMap<String, String>,
    /// Whether anybody looks at the journal.
    pub(super) journal: bool,
}

/// A clerk at work.
#[derive(Debug)]
pub(super) struct Clerk {
    close: oneshot::Sender<()>,
    task: JoinHandle<Result<Closed, FileError>>,
}

/// The books, closed.
#[derive(Debug, Default)]
pub(super) struct Closed {
    pub(super) books: Books,
    pub(super) reproaches: Vec<Reproach>,
}

/// The open books.
struct Ledgers {
    desk: Desk,
    truth: Lines,
    journal: Option<Lines>,
    group: Lines,
    wire: BufWriter<File>,
    wire_path: PathBuf,
    written: u64,
    /// Slips that are being printed.
    due: HashMap<u64, Due>,
    awaited: Awaited,
    /// When each message was first heard.
    called: HashMap<String, u64>,
    odd: Vec<Reproach>,
}

impl Clerk {
    /// Opens the books in `desk.dir` and begins to write.
    pub(super) fn open(desk: Desk, news: News) -> Result<Self, FileError> {
        let ledgers = Ledgers::open(desk)?;
        let (close, closing) = oneshot::channel();
        Ok(Self { close, task: tokio::spawn(write(ledgers, news, closing)) })
    }

    /// Whether it has stopped writing, which it does only when the disk refuses.
    pub(super) fn has_stopped(&self) -> bool {
        self.task.is_finished()
    }

    /// Writes what has come in, and closes the books.
    pub(super) async fn close(self) -> Result<Closed, FileError> {
        // A clerk that has stopped says why below.
        let _ = self.close.send(());
        self.task.await.unwrap_or_else(|lost| {
            let source = io::Error::other(lost);
            Err(FileError::Use { path: PathBuf::from(TRUTH_FILE), source })
        })
    }
}

async fn write(
    mut ledgers: Ledgers,
    mut news: News,
    mut closing: oneshot::Receiver<()>,
) -> Result<Closed, FileError> {
    let mut closed = false;
    while !closed {
        tokio::select! {
            Some(told) = news.crowd.recv() => ledgers.crowd(told)?,
            Some(followed) = news.journal.recv() => ledgers.journal(followed)?,
            Some(seen) = news.mock.recv() => ledgers.mock(seen)?,
            _ = &mut closing => closed = true,
        }
    }
    while let Ok(told) = news.crowd.try_recv() {
        ledgers.crowd(told)?;
    }
    while let Ok(followed) = news.journal.try_recv() {
        ledgers.journal(followed)?;
    }
    while let Ok(seen) = news.mock.try_recv() {
        ledgers.mock(seen)?;
    }
    ledgers.close()
}

impl Ledgers {
    fn open(desk: Desk) -> Result<Self, FileError> {
        let path = |name: &str| desk.dir.join(name);
        let wire_path = path(WIRE_FILE);
        let wire = File::create(&wire_path).map_err(|source| used(&wire_path, source))?;
        Ok(Self {
            truth: Lines::create(&path(TRUTH_FILE))?,
            journal: desk.journal.then(|| Lines::create(&path(JOURNAL_FILE))).transpose()?,
            group: Lines::create(&path(GROUP_FILE))?,
            wire: BufWriter::new(wire),
            wire_path,
            written: 0,
            due: HashMap::new(),
            awaited: Awaited::of(&desk.sources),
            called: HashMap::new(),
            odd: Vec::new(),
            desk,
        })
    }

    fn crowd(&mut self, told: Told) -> Result<(), FileError> {
        match told {
            Told::Due(due) => {
                if let Some(number) = self.awaited_number(&due) {
                    self.awaited.expect(due.till, &number);
                    self.desk.counts.awaited.set(self.awaited.len() as u64);
                }
                self.due.insert(due.n, *due);
                Ok(())
            }
            Told::Printed { n, began, done, torn, cut_short } => {
                let Some(due) = self.due.remove(&n) else { return Ok(()) };
                let damaged = due.damaged || cut_short;
                if damaged && let Some(number) = number(&due) {
                    self.awaited.forget(due.till, &number);
                }
                let bytes = self.keep(&due, torn)?;
                self.truth.write(&Slip {
                    n,
                    till: due.till,
                    intended_us: due.at_us,
                    began_us: self.desk.clock.us_at(began),
                    printed_us: self.desk.clock.us_at(done),
                    torn,
                    damaged,
                    bytes: Some(bytes),
                    event: due.event,
                })
            }
            Told::Failed(error) => {
                self.odd(error.to_string());
                Ok(())
            }
        }
    }

    fn journal(&mut self, followed: Followed) -> Result<(), FileError> {
        match (followed, &mut self.journal) {
            (Followed::Event(at, event), Some(journal)) => {
                // A drawer that opens is an event and no slip.
                let paper = event.receipt.is_some() || event.report.is_some();
                self.desk.counts.journalled.add(u64::from(paper));
                let at_us = self.desk.clock.us_at(at);
                journal.write(&Journalled { at_us, event: *event })
            }
            (Followed::Event(..), None) => Ok(()),
            (Followed::Odd(what), _) => {
                self.odd(what);
                Ok(())
            }
        }
    }

    fn mock(&mut self, seen: Witnessed) -> Result<(), FileError> {
        match seen {
            Witnessed::Called { at, msg_uuid } => {
                if let Some(id) = msg_uuid {
                    let at_us = self.desk.clock.us_at(at);
                    self.called.entry(id).or_insert(at_us);
                }
                Ok(())
            }
            Witnessed::Judged { took } => {
                let took = took.as_micros() as u64;
                self.desk.counts.calls.add(1);
                self.desk.counts.worst_call_us.at_least(took);
                self.desk.counts.slow_calls.add(u64::from(took > SLOW_CALL_US));
                Ok(())
            }
            Witnessed::Shown { at, message } => self.shown(self.desk.clock.us_at(at), *message),
        }
    }

    fn shown(&mut self, shown_us: u64, message: ShownMessage) -> Result<(), FileError> {
        let heard = message.msg_uuid.as_ref().and_then(|id| self.called.remove(id));
        let title = message.title.as_deref().unwrap_or_default();
        let told = self.awaited.hear(&format!("{title}\n{}", message.text));
        let counts = &self.desk.counts;
        counts.told.add(told);
        counts.messages.add(1);
        counts.awaited.set(self.awaited.len() as u64);
        let robot = self.desk.robots.get(&message.robot).cloned().unwrap_or(message.robot);
        self.group.write(&Shown {
            sent_us: heard.unwrap_or(shown_us),
            shown_us,
            robot,
            title: message.title,
            text: message.text,
        })
    }

    /// The number by which the group must hear of it; none where it cannot be told by a number.
    fn awaited_number(&self, due: &Due) -> Option<String> {
        let told = self.desk.told_kinds.contains(&due.event.kind) && !due.damaged;
        number(due).filter(|_| told)
    }

    /// Keeps the bytes as they were on the wire: a print that was torn was repeated as it was meant.
    fn keep(&mut self, due: &Due, torn: u32) -> Result<Span, FileError> {
        let carried;
        let bytes = match &due.pieces {
            Some(pieces) if torn == 0 => {
                carried = on_the_wire(pieces);
                &carried
            }
            _ => &due.bytes,
        };
        let span = Span { at: self.written, len: bytes.len() as u64 };
        self.wire.write_all(bytes).map_err(|source| used(&self.wire_path, source))?;
        self.written += span.len;
        Ok(span)
    }

    fn odd(&mut self, what: String) {
        if self.odd.len() < MAX_ODD {
            self.odd.push(Reproach::Failed { what });
        }
    }

    /// Closes the files and reads them again, so that nothing was in memory while the run went on.
    fn close(mut self) -> Result<Closed, FileError> {
        self.truth.flush()?;
        self.group.flush()?;
        self.wire.flush().map_err(|source| used(&self.wire_path, source))?;
        if let Some(journal) = &mut self.journal {
            journal.flush()?;
        }
        if !self.due.is_empty() {
            let first = self.due.values().min_by_key(|due| due.n);
            let source = first.map_or("", |due| &self.desk.sources[due.till as usize]);
            let what = format!(
                "{} slips were still not printed when the run ended; the first of them at {source}",
                self.due.len()
            );
            self.odd.push(Reproach::Failed { what });
        }
        let path = |name: &str| self.desk.dir.join(name);
        let mut slips: Vec<Slip> = read_lines(&path(TRUTH_FILE), "a slip")?;
        slips.sort_by_key(|slip| slip.n);
        let journal = self.desk.journal.then(|| read_lines(&path(JOURNAL_FILE), "an event"));
        let group = read_lines(&path(GROUP_FILE), "a message")?;
        let books = Books { slips, journal: journal.transpose()?, group, ..Books::default() };
        Ok(Closed { books, reproaches: self.odd })
    }
}

fn number(due: &Due) -> Option<String> {
    due.event.receipt.as_ref()?.number.clone()
}

fn on_the_wire(pieces: &[Piece]) -> Vec<u8> {
    let bytes = pieces.iter().filter_map(|piece| match piece {
        Piece::Bytes(bytes) => Some(bytes.as_slice()),
        Piece::Silence(_) | Piece::Unplug(_) => None,
    });
    bytes.collect::<Vec<_>>().concat()
}

fn used(path: &Path, source: io::Error) -> FileError {
    FileError::Use { path: path.to_owned(), source }
}

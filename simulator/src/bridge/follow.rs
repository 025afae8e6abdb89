//! The journal as it grows: `events --raw --follow`, a line at a time.
//!
//! A follower whose program ends is started again and skips what it has handed over: the journal may
//! have been set aside, or the machine short of something for a moment.

use std::collections::HashSet;
use std::io;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use pos_protocol::event::{Event, EventId};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Child;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::error::BridgeError;
use super::program::{Program, question};

/// Pause before a follower is started again.
const AGAIN_AFTER: Duration = Duration::from_millis(200);

/// Pause between two looks at a file.
const FILE_PAUSE: Duration = Duration::from_millis(10);

/// Something that came from the journal.
#[derive(Debug)]
pub enum Followed {
    /// An event, and when it was handed over.
    Event(Instant, Box<Event>),
    /// A line that is no event.
    Odd(String),
}

/// A running `events --follow`. Dropping it ends it.
#[derive(Debug)]
pub struct Follower(JoinHandle<()>);

impl Follower {
    /// Begins to follow; what comes goes to `heard`.
    pub fn start(
        program: &Program,
        heard: mpsc::UnboundedSender<Followed>,
    ) -> Result<Self, BridgeError> {
        let program = program.clone();
        let first = spawn(&program)?;
        Ok(Self(tokio::spawn(follow(program, first, heard))))
    }
}

impl Follower {
    /// Follows a file to which another bridge appends its events, a JSON object a line. It may come
    /// later.
    pub fn of_file(path: &Path, heard: mpsc::UnboundedSender<Followed>) -> Self {
        let path = path.to_owned();
        Self(tokio::spawn(async move { follow_file(&path, &heard).await.unwrap_or_default() }))
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        self.0.abort();
    }
}

fn spawn(program: &Program) -> Result<Child, BridgeError> {
    let mut command = program.command("events");
    command.args(["--raw", "--follow"]).stdout(Stdio::piped()).stderr(Stdio::null());
    command.kill_on_drop(true).spawn().map_err(|source| program.refused(source))
}

async fn follow(program: Program, first: Child, heard: mpsc::UnboundedSender<Followed>) {
    let mut seen = HashSet::new();
    let mut child = Some(first);
    loop {
        // Whoever listens finds the silence; the reason is the bridge's to tell.
        if let Some(child) = child.take()
            && read(child, &mut seen, &heard).await.is_none()
        {
            return;
        }
        tokio::time::sleep(AGAIN_AFTER).await;
        child = spawn(&program).ok();
    }
}

/// Nothing when nobody listens any more.
async fn follow_file(path: &Path, heard: &mpsc::UnboundedSender<Followed>) -> Option<()> {
    let file = loop {
        match std::fs::File::open(path) {
            Ok(file) => break file,
            Err(_) => tokio::time::sleep(FILE_PAUSE).await,
        }
    };
    // What was just appended lies in memory: a read takes no time that a task would notice.
    let mut file = io::BufReader::new(file);
    let mut line = Vec::new();
    loop {
        // A line is there when its end is.
        let read = io::BufRead::read_until(&mut file, b'\n', &mut line);
        if !line.ends_with(b"\n") {
            if let Err(error) = read {
                heard.send(Followed::Odd(error.to_string())).ok()?;
            }
            tokio::time::sleep(FILE_PAUSE).await;
            continue;
        }
        let at = Instant::now();
        if !line.trim_ascii().is_empty() {
            heard
                .send(match serde_json::from_slice(&line) {
                    Ok(event) => Followed::Event(at, Box::new(event)),
                    Err(bad) => Followed::Odd(format!("{}: {bad}", path.display())),
                })
                .ok()?;
        }
        line.clear();
    }
}

/// Hands over what `child` says until it ends; nothing when nobody listens any more.
async fn read(
    mut child: Child,
    seen: &mut HashSet<EventId>,
    heard: &mpsc::UnboundedSender<Followed>,
) -> Option<()> {
    let mut lines = BufReader::new(child.stdout.take()?).lines();
    // The events of one life: a bridge that writes the same id twice does it within one.
    let mut known = std::mem::take(seen);
    while let Ok(Some(line)) = lines.next_line().await {
        let at = Instant::now();
        match serde_json::from_str::<Event>(&line) {
            Ok(event) if known.remove(&event.id) => {
                seen.insert(event.id);
            }
            Ok(event) => {
                seen.insert(event.id);
                heard.send(Followed::Event(at, Box::new(event))).ok()?;
            }
            Err(bad) => {
                heard.send(Followed::Odd(question("events", &bad.to_string()).to_string())).ok()?;
            }
        }
    }
    seen.extend(known);
    Some(())
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use tokio::sync::mpsc;

    use super::{Followed, Follower};
    use crate::shop::{Language, OPENING, Shop, Till};
    use crate::truth;

    #[tokio::test]
    async fn a_file_that_comes_late_and_grows_in_pieces_is_followed_line_by_line() {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("events.jsonl");
        let (told, mut heard) = mpsc::unbounded_channel();
        let follower = Follower::of_file(&path, told);
        let mut till = Till::open(&Shop::ALL[0], 1, "a-1", 1001, OPENING);
        let event = truth::event(&till.sell(), Language::ZhHant, "a-1");
        let line = serde_json::to_vec(&event).expect("plain data");
        let mut file = std::fs::File::create(&path).expect("room");
        file.write_all(&line[..20]).expect("room");
        file.write_all(&line[20..]).expect("room");
        file.write_all(b"\nnonsense\n").expect("room");
        let Some(Followed::Event(_, first)) = heard.recv().await else { panic!("an event") };
        assert_eq!(*first, event);
        assert!(matches!(heard.recv().await, Some(Followed::Odd(_))));
        drop(follower);
        assert!(heard.recv().await.is_none());
    }
}

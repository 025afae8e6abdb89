//! The daemon's side of the control socket. A slow or hostile peer holds up nobody but itself.

use std::io;
use std::path::Path;
use std::sync::Arc;

use nix::unistd::Uid;
use pos_protocol::event::{Event, Kind};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{UnixListener, UnixStream};
use tokio::task::JoinSet;

use super::status::{Status, of};
use super::{Done, MAX_PEERS, MAX_REQUEST_BYTES, PEER_LIMIT, Refusal, Request};
use crate::health::Health;
use crate::journal::{Batch, Journal};
use crate::runtime_dir::RuntimeDir;

/// What the daemon answers from.
#[derive(Clone, Debug)]
pub struct Desk {
    /// Where the wire process is found.
    pub dir: RuntimeDir,
    /// The one writer.
    pub journal: Journal,
    /// The brain's own state.
    pub health: Arc<Health>,
}

impl Desk {
    /// How the daemon is.
    pub async fn status(&self) -> Status {
        of(&self.dir, self.journal.path(), &self.health).await
    }
}

/// Binds the control socket, replacing one that a dead process left behind.
pub fn bind(path: &Path) -> io::Result<UnixListener> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    UnixListener::bind(path)
}

/// Answers peers until the socket fails.
pub async fn serve(listener: UnixListener, desk: Desk) -> io::Result<()> {
    let mut peers = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) if peers.len() < MAX_PEERS => {
                    let desk = desk.clone();
                    peers.spawn(async move {
                        if let Err(error) = attend(stream, &desk).await {
                            tracing::debug!("a control peer went away: {error}");
                        }
                    });
                }
                Ok(_) => tracing::warn!("a control peer is let go: {MAX_PEERS} are being served"),
                Err(error) if out_of_descriptors(&error) => {
                    // Others may close some.
                    tracing::warn!("the control socket cannot accept: {error}");
                    tokio::time::sleep(PEER_LIMIT).await;
                }
                Err(error) => return Err(error),
            },
            Some(_) = peers.join_next() => {}
        }
    }
}

fn out_of_descriptors(error: &io::Error) -> bool {
    use nix::errno::Errno;
    let full = [Errno::EMFILE as i32, Errno::ENFILE as i32, Errno::ENOMEM as i32];
    error.raw_os_error().is_some_and(|code| full.contains(&code))
}

async fn attend(stream: UnixStream, desk: &Desk) -> io::Result<()> {
    let peer = stream.peer_cred()?.uid();
    let mut stream = BufReader::new(stream);
    let answer = if may_ask(peer, Uid::effective().as_raw()) {
        let mut line = Vec::new();
        let mut limited = (&mut stream).take(MAX_REQUEST_BYTES);
        tokio::time::timeout(PEER_LIMIT, limited.read_until(b'\n', &mut line)).await??;
        // Not within the limit: a commit takes what it takes, and is not taken back.
        answer(&line, desk).await?
    } else {
        tracing::warn!(peer, "a peer of another user is refused");
        let error = format!("expected a peer of the daemon's own user or root, found user {peer}");
        serde_json::to_string(&Refusal { error })?
    };
    let write = async {
        stream.write_all(answer.as_bytes()).await?;
        stream.write_all(b"\n").await
    };
    tokio::time::timeout(PEER_LIMIT, write).await?
}

fn may_ask(peer: u32, own: u32) -> bool {
    peer == own || peer == 0
}

async fn answer(line: &[u8], desk: &Desk) -> serde_json::Result<String> {
    let request = if line.trim_ascii() == b"status" {
        Ok(Request::Status)
    } else if line.last() != Some(&b'\n') && line.len() as u64 == MAX_REQUEST_BYTES {
        Err(format!("expected a request of at most {MAX_REQUEST_BYTES} bytes, found more"))
    } else {
        // The parser's words name keys and places, never values of ours.
        serde_json::from_slice(line)
            .map_err(|error| format!("expected status or a verb in JSON, found: {error}"))
    };
    let done = match request {
        Ok(Request::Status) => return serde_json::to_string(&desk.status().await),
        Ok(Request::Correct { corrections }) => correct(corrections, &desk.journal).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(done) => serde_json::to_string(&done),
        Err(error) => serde_json::to_string(&Refusal { error }),
    }
}

/// Keeps corrections. Nobody is told of them: what was said stays said.
async fn correct(corrections: Vec<Event>, journal: &Journal) -> Result<Done, String> {
    let named = |event: &Event| event.kind == Kind::Correction && event.corrects.is_some();
    if let Some(other) = corrections.iter().find(|event| !named(event)) {
        return Err(format!("expected corrections that name an event, found {}", other.kind));
    }
    let journal = journal.clone();
    let batch = Batch { events: corrections, ..Batch::default() };
    let committed = tokio::task::spawn_blocking(move || journal.commit(batch)).await;
    let committed = committed.map_err(|error| error.to_string())?;
    let new = committed.map_err(|error| error.to_string())?.new_events;
    Ok(Done::Correct { new })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::UnixStream;

    use super::{Desk, MAX_REQUEST_BYTES, bind, may_ask, serve};
    use crate::control::{ControlError, Done, Request, ask, ask_status};
    use crate::health::Health;
    use crate::journal::{Journal, JournalReader, event_for_tests};
    use crate::runtime_dir::RuntimeDir;

    /// A daemon's control socket, for as long as `body` takes.
    async fn with_desk<T>(body: impl AsyncFnOnce(&Desk) -> T) -> T {
        let temp = tempfile::tempdir().expect("a directory");
        let dir = RuntimeDir::at(&temp.path().join("run")).expect("a runtime directory");
        let path = temp.path().join("j.db");
        let opened = tokio::task::spawn_blocking(move || Journal::open(&path)).await;
        let journal = opened.expect("no panic").expect("opens");
        let desk = Desk { dir, journal, health: Arc::new(Health::default()) };
        let listener = bind(&desk.dir.control_socket()).expect("binds");
        let result = tokio::select! {
            ended = serve(listener, desk.clone()) => panic!("the socket ended: {ended:?}"),
            result = body(&desk) => result,
        };
        tokio::task::spawn_blocking(move || drop(desk)).await.expect("closes");
        result
    }

    async fn say(desk: &Desk, words: &[u8]) -> String {
        let socket = desk.dir.control_socket();
        let mut stream = UnixStream::connect(socket).await.expect("connects");
        stream.write_all(words).await.expect("room");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.expect("an answer");
        answer
    }

    #[tokio::test]
    async fn corrections_are_kept_once_and_only_corrections_are_taken() {
        with_desk(async |desk| {
            let original = event_for_tests(1);
            let mut correction = event_for_tests(2);
            correction.kind = pos_protocol::event::Kind::Correction;
            correction.corrects = Some(original.id);
            let request = Request::Correct { corrections: vec![correction] };
            let done = ask(&desk.dir, &request).await.expect("kept");
            assert_eq!(done, Done::Correct { new: 1 });
            let again = ask(&desk.dir, &request).await.expect("known already");
            assert_eq!(again, Done::Correct { new: 0 });
            let request = Request::Correct { corrections: vec![original] };
            let refused = ask(&desk.dir, &request).await.expect_err("a sale");
            assert!(
                matches!(refused, ControlError::Refused(ref why)
                if why == "expected corrections that name an event, found sale"),
                "{refused}"
            );
            let totals = JournalReader::open(desk.journal.path()).and_then(|r| r.totals());
            let totals = totals.expect("reads");
            assert_eq!((totals.events, totals.outbox.len()), (1, 0), "and nobody is told");
        })
        .await;
    }

    #[tokio::test]
    async fn what_is_no_request_is_answered_with_what_was_expected() {
        with_desk(async |desk| {
            for (said, answered) in [
                (&b"reboot\n"[..], "expected status or a verb in JSON"),
                (b"{\"verb\":\"reboot\"}\n", "unknown variant `reboot`"),
                (b"{\"verb\":\"correct\",\"corrections\":[],\"force\":1}\n", "unknown field"),
                (b"\xff\xfe\n", "expected status"),
            ] {
                let answer = say(desk, said).await;
                assert!(answer.starts_with("{\"error\":") && answer.contains(answered), "{answer}");
            }
            let long = vec![b' '; MAX_REQUEST_BYTES as usize];
            let answer = say(desk, &long).await;
            assert!(answer.contains("expected a request of at most 1048576 bytes"), "{answer}");
            let status = ask_status(&desk.dir).await.expect("still there");
            assert!(!status.ready && status.pid == Some(std::process::id()));
        })
        .await;
    }

    #[test]
    fn the_daemons_user_and_root_may_ask_and_nobody_else() {
        assert!(may_ask(1000, 1000) && may_ask(0, 1000));
        assert!(!may_ask(1001, 1000) && !may_ask(1000, 0));
    }
}

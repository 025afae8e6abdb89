//! The daemon's side of the control socket. A slow or hostile peer holds up nobody but itself.

use std::io;
use std::path::Path;
use std::sync::Arc;

use nix::unistd::Uid;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{UnixListener, UnixStream};
use tokio::task::JoinSet;

use super::status::{Status, of};
use super::{MAX_PEERS, MAX_REQUEST_BYTES, PEER_LIMIT, Refusal, Request, verbs};
use crate::clock::Clock;
use crate::deliver::{News, Revival};
use crate::health::Health;
use crate::journal::Journal;
use crate::live::Live;
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
    /// The configuration in force.
    pub live: Live,
    /// Says that a robot works again.
    pub revival: Revival,
    /// Wakes delivery.
    pub told: Arc<News>,
    /// What time it is.
    pub clock: Clock,
}

impl Desk {
    /// How the daemon is.
    pub async fn status(&self) -> Status {
        let config = self.live.config();
        of(&self.dir, &config, self.journal.path(), &self.health, self.clock.wall_ms()).await
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
        Ok(Request::Correct { corrections }) => verbs::correct(corrections, desk).await,
        Ok(Request::Transfer { transfer }) => verbs::transfer(transfer, desk).await,
        Ok(Request::Enter { event }) => verbs::enter(*event, desk).await,
        Ok(Request::Reload { file }) => verbs::reload(file, desk).await,
        Ok(Request::Tested { robot, delivered, file }) => {
            verbs::tested(robot, delivered, file, desk).await
        }
        Ok(Request::Retry { ids }) => verbs::retry(ids, desk).await,
        Ok(Request::Drop { ids, why }) => verbs::drop_notices(ids, &why, desk).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(done) => serde_json::to_string(&done),
        Err(error) => serde_json::to_string(&Refusal { error }),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::UnixStream;

    use pos_protocol::event::{Entry, Stocked};

    use super::{Desk, MAX_REQUEST_BYTES, bind, may_ask, serve};
    use crate::clock::Clock;
    use crate::config;
    use crate::control::{ControlError, Done, Request, ask, ask_status};
    use crate::deliver::Revival;
    use crate::journal::{Batch, Journal, JournalReader, NewNotice, OutboxState, event_for_tests};
    use crate::live::Live;
    use crate::runtime_dir::RuntimeDir;

    const CONFIG: &str = "[[source]]\nname = \"till\"\nkind = \"file\"\npath = \"a\"\n\
        [[robot]]\nname = \"owner\"\nurl = \"http://127.0.0.1/?access_token=t\"\n";

    /// A daemon's control socket, for as long as `body` takes.
    async fn with_desk<T>(body: impl AsyncFnOnce(&Desk) -> T) -> T {
        let temp = tempfile::tempdir().expect("a directory");
        let dir = RuntimeDir::at(&temp.path().join("run")).expect("a runtime directory");
        let path = temp.path().join("j.db");
        let opened = tokio::task::spawn_blocking(move || Journal::open(&path)).await;
        let journal = opened.expect("no panic").expect("opens");
        let file = temp.path().join("posbridge.toml");
        std::fs::write(&file, CONFIG).expect("room");
        let live = Live::new(config::load(&file).expect("good"));
        let (health, told, clock) = (Arc::default(), Arc::default(), Clock::real());
        let desk = Desk { dir, journal, health, live, revival: Revival::new(), told, clock };
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
    async fn an_entry_is_kept_and_one_for_an_unknown_article_is_refused_with_the_likely_one() {
        with_desk(async |desk| {
            let enter = |entry| {
                let entered = pos_protocol::event::Inventory { shop: None, entry };
                let now = pos_protocol::time::Timestamp::new(0, desk.clock.wall_ms());
                let event = crate::operate::stock::event(entered, uuid::Uuid::new_v4(), now);
                Request::Enter { event: Box::new(event) }
            };
            let csv = std::path::Path::new("c.csv");
            let articles = crate::shop::catalogue::parse(b"name\nTea\n", csv, None).expect("good");
            let import = enter(Entry::Catalogue { articles });
            assert_eq!(ask(&desk.dir, &import).await.expect("kept"), Done::Enter { new: true });
            assert_eq!(ask(&desk.dir, &import).await.expect("known"), Done::Enter { new: false });
            let lines = vec![Stocked { article: "Tee".into(), quantity: 5.into() }];
            let refused = ask(&desk.dir, &enter(Entry::Set { lines })).await.expect_err("no Tee");
            assert!(refused.to_string().contains("did you mean \"Tea\"?"), "{refused}");
            let sale = Request::Enter { event: Box::new(event_for_tests(1)) };
            let refused = ask(&desk.dir, &sale).await.expect_err("a sale").to_string();
            assert!(refused.contains("with an entry, found sale"), "{refused}");
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

    /// Notices of these events for the one robot, all parked; their ids.
    async fn parked(desk: &Desk, numbers: &[u64]) -> Vec<i64> {
        let events: Vec<_> = numbers.iter().map(|n| event_for_tests(*n)).collect();
        let notice = |event: &pos_protocol::event::Event| NewNotice {
            event_id: event.id,
            robot: "owner".into(),
            urgent: false,
            created_ms: desk.clock.wall_ms(),
        };
        let notices = events.iter().map(notice).collect();
        let (journal, batch) =
            (desk.journal.clone(), Batch { events, notices, ..Batch::default() });
        let committed = tokio::task::spawn_blocking(move || journal.commit(batch)).await;
        committed.expect("no panic").expect("kept");
        desk.journal.park("owner", None, "the token is gone").await.expect("parked");
        ids(desk, OutboxState::Parked)
    }

    fn ids(desk: &Desk, state: OutboxState) -> Vec<i64> {
        let reader = JournalReader::open(desk.journal.path()).expect("opens");
        reader.outbox(state, 100).expect("reads").into_iter().map(|row| row.id).collect()
    }

    #[tokio::test]
    async fn the_configuration_is_read_again_and_one_with_mistakes_is_refused_with_them() {
        with_desk(async |desk| {
            let file = desk.live.config().file.clone();
            let request = |file: &std::path::Path| Request::Reload { file: Some(file.to_owned()) };
            std::fs::write(&file, CONFIG.replace("=t\"", "=t2\"")).expect("room");
            let done = ask(&desk.dir, &request(&file)).await.expect("good");
            let (changed, restart) = (vec!["robot owner".to_owned()], Vec::new());
            assert_eq!(done, Done::Reload { changed, restart });
            std::fs::write(&file, CONFIG.replace("kind", "knid")).expect("room");
            let refused = ask(&desk.dir, &Request::Reload { file: None }).await;
            let refused = refused.expect_err("a mistake").to_string();
            assert!(refused.contains("did you mean `kind`?"), "{refused}");
            assert!(desk.live.config().robots[0].url.expose().ends_with("=t2"));
            let other = ask(&desk.dir, &request(std::path::Path::new("/etc/other.toml"))).await;
            let refused = other.expect_err("another daemon's").to_string();
            assert!(refused.contains("found /etc/other.toml"), "{refused}");
        })
        .await;
    }

    #[tokio::test]
    async fn a_good_test_message_is_told_to_delivery_and_a_bad_one_is_not() {
        with_desk(async |desk| {
            let waiting = parked(desk, &[1, 2]).await;
            let tested = |robot: &str, delivered| Request::Tested {
                robot: robot.into(),
                delivered,
                file: None,
            };
            let done = ask(&desk.dir, &tested("owner", false)).await.expect("counted");
            assert_eq!((done, ids(desk, OutboxState::Parked)), (Done::Tested { due: 0 }, waiting));
            assert!(desk.revival.subscribe().borrow().is_empty());
            let mut revived = desk.revival.subscribe();
            let done = ask(&desk.dir, &tested("owner", true)).await.expect("counted");
            assert_eq!(done, Done::Tested { due: 2 });
            assert_eq!(revived.borrow_and_update().get("owner"), Some(&1), "delivery is told");
            let refused = ask(&desk.dir, &tested("boss", true)).await.expect_err("nobody");
            assert!(refused.to_string().contains("expected a robot (owner), found \"boss\""));
        })
        .await;
    }

    #[tokio::test]
    async fn notices_are_retried_and_dropped_by_number_and_what_was_not_is_left_out() {
        with_desk(async |desk| {
            let waiting = parked(desk, &[1, 2]).await;
            let done = ask(&desk.dir, &Request::Retry { ids: vec![waiting[0], 99] }).await;
            assert_eq!(done.expect("done"), Done::Retry { ids: vec![waiting[0]] });
            assert_eq!(ids(desk, OutboxState::Queued), [waiting[0]]);
            let drop = |why: &str| Request::Drop { ids: waiting.clone(), why: why.into() };
            let refused = ask(&desk.dir, &drop(" ")).await.expect_err("no reason");
            assert!(refused.to_string().contains("expected a reason"), "{refused}");
            let done = ask(&desk.dir, &drop("printed twice")).await.expect("done");
            assert_eq!(done, Done::Drop { ids: waiting.clone() });
            assert_eq!(ids(desk, OutboxState::Dropped), waiting);
            let many = Request::Retry { ids: vec![1; super::super::MAX_IDS + 1] };
            let refused = ask(&desk.dir, &many).await.expect_err("too many");
            assert!(refused.to_string().contains("at most 1000 notices"), "{refused}");
        })
        .await;
    }

    #[test]
    fn the_daemons_user_and_root_may_ask_and_nobody_else() {
        assert!(may_ask(1000, 1000) && may_ask(0, 1000));
        assert!(!may_ask(1001, 1000) && !may_ask(1000, 0));
    }
}

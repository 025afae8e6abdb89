//! Decoders that fail, and what is left of the line around them.

use pos_protocol::event::Event;
use pos_protocol::session::Session;
use pos_protocol::text::Memo;
use pos_protocol::time::Timestamp;

use super::quarantine::{TRIPWIRE, tells};
use super::source::Source;
use crate::config::{self, Config};
use crate::journal::{Batch, Chunk, Journal, JournalReader};
use crate::ring::{Body, Direction, Lane, Record};

const CONFIG: &str = "[[source]]\nname = \"c\"\nkind = \"tcp-proxy\"\nlisten = \"127.0.0.1:0\"\n\
    upstream = \"127.0.0.1:9\"\ndialect = \"escpos\"\n\
    [[robot]]\nname = \"owner\"\nurl = \"http://127.0.0.1:9/?access_token=t\"\n";

const PAPERS: &[u8] = b"\x1b@TEA HOUSE\nNo. 1\nTEA 18.00\nTOTAL 18.00\nCASH 18.00\n\x1dV\x00\
    \x1b@TEA HOUSE\nBOOM 18.00\nTOTAL 18.00\n\x1dV\x00\
    \x1b@TEA HOUSE\nNo. 3\nTEA 20.00\nTOTAL 20.00\nCASH 20.00\n\x1dV\x00";

/// Fails where a paper says BOOM, once it is complete.
fn on_boom(session: &Session) {
    let mut ahead = session.clone();
    let says = |event: Event| event.text.is_some_and(|text| text.contains("BOOM"));
    assert!(!std::iter::from_fn(|| ahead.poll_event()).any(says), "a paper that cannot be read");
}

struct Desk {
    dir: tempfile::TempDir,
    config: Config,
    journal: Option<Journal>,
}

impl Desk {
    fn new() -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let config = config::parse(CONFIG, &dir.path().join("p.toml")).expect("a configuration");
        let journal = Journal::open(&config.journal.path).expect("opens");
        Self { dir, config, journal: Some(journal) }
    }

    fn journal(&self) -> &Journal {
        self.journal.as_ref().expect("open")
    }

    fn source(&self) -> Source {
        Source::new("c", 0, "g", self.journal(), &self.config, &Memo::default())
    }
}

/// Everything that `pieces` lead to, each a record of its own, all of one moment.
fn read(source: &mut Source, pieces: &[&[u8]]) -> (Vec<Chunk>, Vec<Event>) {
    let (mut chunks, mut events) = (Vec::new(), Vec::new());
    for bytes in pieces {
        chunks.push(source.take(record(bytes)));
        events.extend(source.events());
    }
    (chunks, events)
}

fn now() -> Timestamp {
    Timestamp::new(1_000_000_000, 1_795_000_000_000)
}

fn record(bytes: &[u8]) -> Record {
    let lane = Lane { source: "c".into(), direction: Direction::ToPrinter, conn: 7 };
    Record { seq: 1, at: now(), boot: [0; 16], lane, body: Body::Data(bytes.to_vec()) }
}

#[test]
fn a_paper_that_the_decoder_fails_on_is_unread_and_its_neighbours_are_read() {
    let desk = Desk::new();
    let (_, healthy) = read(&mut desk.source(), &[PAPERS]);
    TRIPWIRE.set(Some(on_boom));
    let (chunks, events) = read(&mut desk.source(), &[PAPERS]);
    assert_eq!(chunks[0].bytes, PAPERS, "the journal has every byte");
    assert_eq!(events.len(), 3, "{events:?}");
    assert_eq!(events[0], healthy[0]);
    assert!(tells(&events[1]), "{:?}", events[1]);
    let span = |event: &Event| {
        let evidence = event.evidence.as_ref().expect("evidence");
        (event.id, evidence.start, evidence.end)
    };
    assert_eq!(span(&events[1]), span(&healthy[1]), "the place and id that it would have had");
    assert_eq!(events[1].text, None);
    assert_eq!((events[2].id, &events[2].receipt), (healthy[2].id, &healthy[2].receipt));
}

#[test]
fn how_bytes_were_cut_into_records_changes_nothing_of_a_fault() {
    TRIPWIRE.set(Some(on_boom));
    let desk = Desk::new();
    let (_, whole) = read(&mut desk.source(), &[PAPERS]);
    for size in [1, 2, 3, 7, 40, 64] {
        let pieces: Vec<&[u8]> = PAPERS.chunks(size).collect();
        assert_eq!(read(&mut desk.source(), &pieces).1, whole, "{size} bytes a record");
    }
}

#[test]
fn a_killed_brain_takes_up_the_chunks_that_failed_and_tells_nothing_twice() {
    TRIPWIRE.set(Some(on_boom));
    let mut desk = Desk::new();
    let mut source = desk.source();
    let cut = PAPERS.len() - 30;
    let (chunks, events) = read(&mut source, &[&PAPERS[..90], &PAPERS[90..cut]]);
    assert!(events.iter().any(tells), "{events:?}");
    // Without a checkpoint, so that the chunks have to be read again, the failing ones too.
    let row =
        crate::journal::SessionRow { checkpoint: None, ..source.row().expect("it has changed") };
    let batch = Batch { chunks, events, sessions: vec![row], ..Batch::default() };
    desk.journal().commit(batch).expect("commits");
    let live = read(&mut source, &[&PAPERS[cut..]]);
    drop(source);
    desk.journal = None;

    let path = desk.config.journal.path.clone();
    desk.journal = Some(Journal::open(&path).expect("opens again"));
    let stored = desk.journal().sessions().expect("reads").remove(0);
    let source = Source::stored(&stored, desk.journal(), &desk.config, &Memo::default());
    let mut source = source.expect("is taken up");
    let again = read(&mut source, &[&PAPERS[cut..]]);
    assert_eq!(again, live, "the same chunk, the same events");
    let batch = Batch { chunks: again.0, events: again.1, ..Batch::default() };
    assert_eq!(desk.journal().commit(batch).expect("commits").new_events, 1);
    let totals = JournalReader::open(&path).and_then(|reader| reader.totals()).expect("reads");
    assert_eq!(totals.events, 3);
    assert!(desk.dir.path().exists());
}

#[test]
fn a_paper_that_silence_ends_is_given_up_at_its_deadline() {
    TRIPWIRE.set(Some(on_boom));
    let desk = Desk::new();
    let mut source = desk.source();
    let (_, events) = read(&mut source, &[b"\x1b@BOOM 18.00\n"]);
    assert_eq!(events, []);
    let due = source.session.poll_timeout().expect("silence ends it");
    source.fire(due.later(1));
    let told = source.events();
    assert!(told.len() == 1 && tells(&told[0]), "{told:?}");
    assert_eq!(told[0].observed_at, due.rfc3339(), "as of its deadline, however late it fires");
    assert_eq!(source.session.poll_timeout(), None);
}

#[test]
fn a_decoder_that_fails_at_every_byte_is_one_event_and_loses_no_place() {
    let desk = Desk::new();
    let mut source = desk.source();
    TRIPWIRE.set(Some(|_| panic!("always")));
    let (chunks, events) = read(&mut source, &[&[b'x'; 5_000], &[b'y'; 5_000]]);
    assert!(events.len() == 1 && tells(&events[0]), "{events:?}");
    assert_eq!((chunks[1].start, chunks[1].bytes.len()), (5_000, 5_000));
    TRIPWIRE.set(None);
    let (_, events) = read(&mut source, &[PAPERS]);
    let evidence = events[0].evidence.as_ref().expect("evidence");
    assert_eq!((events.len(), evidence.start), (3, 10_000));
}

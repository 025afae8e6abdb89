//! The indexes of the sources against a look at all of them.

use proptest::prelude::*;

use pos_protocol::event::Event;
use pos_protocol::text::Memo;
use pos_protocol::time::Timestamp;

use super::source::Source;
use super::sources::Sources;
use crate::config::{self, Config};
use crate::journal::Journal;
use crate::ring::{Body, Direction, Lane, Record};

const CONFIG: &str = "[[source]]\nname = \"a\"\nkind = \"tcp-proxy\"\nlisten = \"127.0.0.1:0\"\n\
    upstream = \"127.0.0.1:9\"\n[[source]]\nname = \"b\"\nkind = \"serial-tap\"\nport = \"/dev/b\"\n\
    idle = \"1s\"\n[[robot]]\nname = \"owner\"\nurl = \"http://127.0.0.1:9/?access_token=t\"\n";

const NAMES: [&str; 3] = ["a", "b", "not-configured"];
const PIECES: [&[u8]; 4] = [b"TEA 18.00\n", b"TOTAL 18.00\n", b"\x1bp\x00\x19\xfa", b"\x1dV\x00"];

#[derive(Clone, Copy, Debug)]
enum Step {
    Heard { source: usize, piece: usize },
    Fire,
}

fn step() -> impl Strategy<Value = (u64, Step)> {
    let heard = (0..NAMES.len(), 0..PIECES.len());
    let heard = heard.prop_map(|(source, piece)| Step::Heard { source, piece });
    (0..4_000_000_000_u64, prop_oneof![3 => heard, 1 => Just(Step::Fire)])
}

fn record(name: &str, at: Timestamp, piece: &[u8]) -> Record {
    let lane = Lane { source: name.into(), direction: Direction::ToPrinter, conn: 1 };
    Record { seq: 1, at, boot: [0; 16], lane, body: Body::Data(piece.to_vec()) }
}

/// Every source by itself, each asked every time.
struct Plain(Vec<Source>);

impl Plain {
    fn soonest(&self) -> Option<u64> {
        self.0.iter().filter_map(|source| source.session.poll_timeout()).map(|due| due.mono).min()
    }

    fn fire(&mut self, now: Timestamp) -> Option<Vec<Event>> {
        let due = self.soonest().is_some_and(|at| at <= now.mono);
        let fired = self.0.iter_mut().flat_map(|source| {
            source.fire(now);
            source.events()
        });
        let fired = fired.collect();
        due.then_some(fired)
    }

    fn rows(&mut self) -> Vec<String> {
        self.0.iter_mut().filter_map(Source::row).map(|row| format!("{row:?}")).collect()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn what_there_is_to_do_is_what_a_look_at_all_sources_finds(
        steps in prop::collection::vec(step(), 1..60),
    ) {
        let dir = tempfile::tempdir().expect("a directory");
        let config: Config = config::parse(CONFIG, &dir.path().join("p.toml")).expect("a configuration");
        let journal = Journal::open(&config.journal.path).expect("opens");
        let memo = Memo::default();
        let new = |name: &str| Source::new(name, 0, "g", &journal, &config, &memo);
        let (mut sources, mut plain) = (Sources::default(), Plain(NAMES.map(new).into()));
        for name in NAMES {
            sources.insert(name, new(name));
        }
        let mut mono = 1_000_000_000;
        for (later, step) in steps {
            mono += later;
            let now = Timestamp::new(mono, 1_795_000_000_000 + (mono / 1_000_000) as i64);
            match step {
                Step::Fire => prop_assert_eq!(sources.fire(now), plain.fire(now)),
                Step::Heard { source, piece } => {
                    let record = record(NAMES[source], now, PIECES[piece]);
                    let (_, events) = sources.take(record.clone(), new);
                    plain.0[source].take(record);
                    prop_assert_eq!(events, plain.0[source].events());
                }
            }
            prop_assert_eq!(sources.soonest(), plain.soonest());
            let rows: Vec<String> = sources.rows().iter().map(|row| format!("{row:?}")).collect();
            prop_assert_eq!(rows, plain.rows());
        }
    }
}

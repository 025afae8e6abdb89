//! A profile that is changed while a till prints: the paper in the printer is read by the old one, the
//! next by the new one.

use pos_protocol::event::Event;
use pos_protocol::text::Memo;
use pos_protocol::time::Timestamp;
use proptest::prelude::*;

use super::source::Source;
use crate::config::{self, Config};
use crate::journal::Journal;
use crate::ring::{Body, Direction, Lane, Record};

const PROFILE: &str = "name = \"lumo\"\n[words]\ntotal = [\"Zorblat\"]\n";
const PAPER: &[u8] = b"\x1b@LUMO\nTea  36.00\nZorblat  36.00\n\n\x1dV\x00";
/// Bytes before its first letter: a till that only sets its printer up has begun no paper.
const SETUP: usize = 2;
/// Longer than any silence within a paper.
const LATER: u64 = 60_000_000_000;

fn configured(dir: &std::path::Path, profile: &str) -> Config {
    let text = format!(
        "[[source]]\nname = \"till\"\nkind = \"serial-tap\"\nport = \"/dev/a\"\nprofile = \"{profile}\"\n\
         [[robot]]\nname = \"owner\"\nurl = \"http://127.0.0.1:9/?access_token=t\"\n"
    );
    config::parse(&text, &dir.join("p.toml")).expect("a configuration")
}

fn record(mono: u64, piece: &[u8]) -> Record {
    let lane = Lane { source: "till".into(), direction: Direction::ToPrinter, conn: 1 };
    let at = Timestamp::new(mono, 1_795_000_000_000);
    Record { seq: 1, at, boot: [0; 16], lane, body: Body::Data(piece.to_vec()) }
}

/// What each paper was read by.
fn read_by(events: &[Event]) -> Vec<String> {
    let by = events.iter().filter_map(|event| event.evidence.as_ref());
    by.map(|evidence| evidence.profile.split('@').next().unwrap_or_default().to_owned()).collect()
}

/// Three papers in pieces, the profile changed before piece `when`; a paper ends by its cut or, where
/// `cut` is false, by silence. With the events, how many papers had begun by then: those with a letter,
/// and those of which anything was heard.
fn printed(size: usize, when: usize, cut: bool) -> (Vec<Event>, [usize; 2]) {
    let dir = tempfile::tempdir().expect("a directory");
    std::fs::write(dir.path().join("lumo.toml"), PROFILE).expect("room");
    let (old, new) = (configured(dir.path(), "auto"), configured(dir.path(), "lumo.toml"));
    let journal = Journal::open(&old.journal.path).expect("opens");
    let mut source = Source::new("till", 0, "g", &journal, &old, &Memo::default());
    let paper = if cut { PAPER } else { &PAPER[..PAPER.len() - 3] };
    let (mut events, mut mono, mut nth, mut begun) = (Vec::new(), LATER, 0, [0; 2]);
    for index in 0..3 {
        for (at, piece) in paper.chunks(size).enumerate() {
            if nth == when {
                source.go_by(&new);
                begun = [SETUP, 0].map(|bytes| index + usize::from(at * size > bytes));
            }
            nth += 1;
            mono += 1_000_000;
            source.take(record(mono, piece));
            events.extend(source.events());
        }
        mono += LATER;
    }
    source.fire(Timestamp::new(mono, 1_795_000_000_000));
    events.extend(source.events());
    (events, if when < nth { begun } else { [3; 2] })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn a_paper_is_read_by_the_profile_of_its_first_letter(
        size in 1..60_usize,
        when in 0..140_usize,
        cut in any::<bool>(),
    ) {
        let (events, begun) = printed(size, when, cut);
        // What only set the printer up may be either's: half a command is waited for, a whole one not.
        let expected = begun.map(|begun| {
            (0..3).map(|n| if n < begun { "auto" } else { "lumo" }).collect::<Vec<&str>>()
        });
        let found = read_by(&events);
        prop_assert!(expected.iter().any(|by| *by == found), "{found:?}, expected one of {expected:?}");
    }
}

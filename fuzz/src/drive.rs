//! Sessions driven by records.

use std::sync::Arc;

use pos_protocol::event::{Event, SessionId};
use pos_protocol::limits::Limits;
use pos_protocol::profile::Profile;
use pos_protocol::session::{Checkpoint, EndReason, Lane, Session};
use pos_protocol::time::Timestamp;

use crate::{Input, Random, Record, Step};

/// Most text of checkpoints that one run writes and reads back, in bytes. Three hundred bytes of input
/// can make a stream whose state is large at each of a thousand records.
const MAX_RESUMED: usize = 4 * 1024 * 1024;

/// When a run is taken down and goes on from its checkpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resume {
    /// Never.
    Never,
    /// Before one record in eight, while there is not too much to write: writing the state down takes
    /// longer than most records.
    Sometimes,
}

/// The name that all sessions have.
pub fn id() -> SessionId {
    SessionId { journal: "fuzz".into(), source: "fuzz".into(), epoch: 0 }
}

fn at(millis: u64) -> Timestamp {
    Timestamp::new(millis * 1_000_000, 1_700_000_000_000 + millis as i64)
}

/// A session that has heard nothing.
pub fn fresh(profile: &Profile, limits: Limits) -> Session {
    Session::new(id(), Arc::new(profile.clone()), limits)
}

/// The session that goes on from the text of `session`'s checkpoint.
pub fn resume(session: &Session, profile: &Profile, limits: Limits) -> Session {
    resumed(session, profile, limits).0
}

/// The session, and the length of the text.
fn resumed(session: &Session, profile: &Profile, limits: Limits) -> (Session, usize) {
    let text = session.checkpoint().to_json();
    let checkpoint = Checkpoint::from_json(&text).expect("its own text");
    assert_eq!(checkpoint.to_json(), text, "a checkpoint reads back as it was written");
    (Session::resume(id(), checkpoint, Arc::new(profile.clone()), limits), text.len())
}

/// Applies one record.
pub fn apply(session: &mut Session, (millis, step): &Record<'_>) {
    let now = at(*millis);
    match step {
        Step::Bytes(lane, bytes) => session.receive(*lane, now, bytes),
        Step::Close(lane, why) => session.boundary(*lane, now, *why),
        Step::Gap(why) => session.gap(now, *why),
        Step::Timeout => session.handle_timeout(now),
    }
}

/// Hands `bytes` over in pieces of random size.
pub fn receive_cut(
    session: &mut Session,
    lane: Lane,
    millis: u64,
    bytes: &[u8],
    random: &mut Random,
) {
    let mut rest = bytes;
    while !rest.is_empty() {
        let most = [1, 3, 40][random.below(3)];
        let (piece, later) = rest.split_at((1 + random.below(most)).min(rest.len()));
        session.receive(lane, at(millis), piece);
        rest = later;
    }
}

/// All events that wait.
pub fn drain(session: &mut Session) -> Vec<Event> {
    std::iter::from_fn(|| session.poll_event()).collect()
}

/// The events of a session's end, right after its last record.
pub fn end(session: &mut Session, records: &[Record<'_>]) -> Vec<Event> {
    let last = records.last().map_or(0, |(millis, _)| *millis);
    session.finish(at(last), EndReason::Replaced);
    drain(session)
}

/// All events of a run. With `cut`, the bytes of every record come in pieces.
pub fn run(input: &Input<'_>, records: &[Record<'_>], cut: bool, when: Resume) -> Vec<Event> {
    let mut session = fresh(&input.profile, input.limits);
    let mut random = Random::new(input.seed.wrapping_add(1));
    let (mut events, mut written) = (Vec::new(), 0);
    for record in records {
        if when == Resume::Sometimes && random.below(8) == 0 && written < MAX_RESUMED {
            let (next, length) = resumed(&session, &input.profile, input.limits);
            (session, written) = (next, written + length);
        }
        match record {
            (millis, Step::Bytes(lane, bytes)) if cut => {
                receive_cut(&mut session, *lane, *millis, bytes, &mut random);
            }
            record => apply(&mut session, record),
        }
        events.extend(drain(&mut session));
    }
    events.extend(end(&mut session, records));
    events
}

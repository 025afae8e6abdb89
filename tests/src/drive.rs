//! Sessions driven by timed records.

use std::sync::Arc;

use pos_protocol::event::{Event, SessionId};
use pos_protocol::limits::Limits;
use pos_protocol::profile::{Profile, Timing};
use pos_protocol::session::{Boundary, Checkpoint, EndReason, GapReason, Lane, Session};
use pos_protocol::time::Timestamp;

/// What a capture process hands over.
#[derive(Clone, Debug)]
pub enum Step {
    /// Bytes on a lane.
    Bytes(Lane, Vec<u8>),
    /// A lane ended.
    Boundary(Lane, Boundary),
    /// Bytes may be missing.
    Gap(GapReason),
    /// The caller looked at its clock.
    Timeout,
}

/// A step and when it happened, in nanoseconds.
pub type Record = (u64, Step);

/// The name all test sessions have.
pub fn id() -> SessionId {
    SessionId { journal: "test".into(), source: "counter-1".into(), epoch: 0 }
}

/// The wall clock of the tests: a fixed origin plus the monotonic time.
pub fn at(mono: u64) -> Timestamp {
    Timestamp::new(0, 1_700_000_000_000).later(mono)
}

/// A fresh session.
pub fn session(profile: &Profile, limits: Limits) -> Session {
    Session::new(id(), Arc::new(profile.clone()), limits)
}

/// Applies one record.
pub fn apply(session: &mut Session, (mono, step): &Record) {
    let now = at(*mono);
    match step {
        Step::Bytes(lane, bytes) => session.receive(*lane, now, bytes),
        Step::Boundary(lane, why) => session.boundary(*lane, now, *why),
        Step::Gap(why) => session.gap(now, *why),
        Step::Timeout => session.handle_timeout(now),
    }
}

/// All events that wait.
pub fn drain(session: &mut Session) -> Vec<Event> {
    std::iter::from_fn(|| session.poll_event()).collect()
}

/// All events of a run, its end included.
pub fn run(profile: &Profile, limits: Limits, records: &[Record]) -> Vec<Event> {
    let mut session = session(profile, limits);
    let mut events = Vec::new();
    for record in records {
        apply(&mut session, record);
        events.extend(drain(&mut session));
    }
    events.extend(end(session, records));
    events
}

/// The events of a session's end, right after its last record.
pub fn end(mut session: Session, records: &[Record]) -> Vec<Event> {
    let last = records.last().map_or(0, |(mono, _)| *mono);
    session.finish(at(last), EndReason::Replaced);
    drain(&mut session)
}

/// The session that a checkpoint's text describes.
///
/// # Panics
/// Where the text is not a checkpoint.
pub fn resumed(text: &str, profile: &Profile, limits: Limits) -> Session {
    let checkpoint = Checkpoint::from_json(text).expect("a checkpoint reads back");
    Session::resume(id(), checkpoint, Arc::new(profile.clone()), limits)
}

/// Decodes a capture as `posbridge decode` does.
pub fn decode(bytes: &[u8]) -> Vec<Event> {
    let profile = Profile { timing: Timing::File, ..Profile::default() };
    let mut session = session(&profile, Limits::default());
    session.receive(Lane::ToPrinter(0), at(0), bytes);
    session.finish(at(0), EndReason::EndOfFile);
    drain(&mut session)
}

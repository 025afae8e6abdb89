//! One paper once more, from the chunks around it: what the page draws.
//!
//! It tells nothing and changes nothing. What the printer was told long before this paper is not
//! known here: dialect and encoding are those that the event was read in.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use pos_protocol::document::Document;
use pos_protocol::document::paper::Paper;
use pos_protocol::event::{Event, Evidence, SessionId};
use pos_protocol::limits::Limits;
use pos_protocol::profile::{Dialect, Encoding, Profile};
use pos_protocol::session::{EndReason, Lane, Session};

use super::source::profile;
use crate::config::Config;
use crate::journal::{JournalError, JournalReader, StoredChunk};

/// Where a paper's bytes are, as its evidence says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Session epoch.
    pub epoch: u64,
    /// Connection.
    pub conn: u64,
}

impl Place {
    /// Reads `source/epoch/conn`; `None` where it is no paper's.
    pub fn parse(evidence: &Evidence, source: &str) -> Option<Self> {
        let rest = evidence.session.strip_prefix(source)?.strip_prefix('/')?;
        let (epoch, conn) = rest.split_once('/')?;
        Some(Self { epoch: epoch.parse().ok()?, conn: conn.parse().ok()? })
    }
}

/// The paper that `event` was read from; `None` where it is no paper, or its bytes are forgotten.
pub fn paper(
    reader: &JournalReader,
    config: &Config,
    event: &Event,
) -> Result<Option<(Document, Paper)>, JournalError> {
    let Some(evidence) = &event.evidence else { return Ok(None) };
    let Some(place) = Place::parse(evidence, &event.source) else { return Ok(None) };
    let Ok(seen) = event.observed_at.parse() else { return Ok(None) };
    let around = evidence.start..evidence.end;
    let chunks = reader.chunks_of_paper(&event.source, place.epoch, place.conn, around, seen)?;
    let id = SessionId { journal: String::new(), source: event.source.clone(), epoch: place.epoch };
    // A paper that the decoder failed on fails again.
    let read = catch_unwind(AssertUnwindSafe(|| read(id, &place, config, evidence, &chunks)));
    Ok(read.unwrap_or_default())
}

fn read(
    id: SessionId,
    place: &Place,
    config: &Config,
    evidence: &Evidence,
    chunks: &[StoredChunk],
) -> Option<(Document, Paper)> {
    let own = profile(&id.source, config);
    let applied = Profile {
        dialect: Dialect::parse(&evidence.dialect).unwrap_or(own.dialect),
        encoding: Encoding::parse(&evidence.encoding).unwrap_or(own.encoding),
        ..Profile::clone(&own)
    };
    let mut session = Session::new(id, Arc::new(applied), Limits::default()).showing_papers();
    let lane = Lane::ToPrinter(place.conn);
    let first = chunks.first()?;
    session.seek(lane, first.chunk.at, first.chunk.start);
    let mut found: Option<(u64, (Document, Paper))> = None;
    let mut look = |session: &mut Session| {
        while session.poll_event().is_some() {}
        while let Some((document, paper)) = session.poll_paper() {
            let start = document.span.start.max(evidence.start);
            let shared = document.span.end.min(evidence.end).saturating_sub(start);
            if shared > found.as_ref().map_or(0, |(most, _)| *most) {
                found = Some((shared, (document, paper)));
            }
        }
    };
    for stored in chunks {
        session.receive(lane, stored.chunk.at, &stored.chunk.bytes);
        look(&mut session);
    }
    session.finish(chunks.last()?.chunk.at, EndReason::EndOfFile);
    look(&mut session);
    found.map(|(_, found)| found)
}

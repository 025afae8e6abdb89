//! What goes into the journal and comes out of it. Plain data, no SQL.

use std::fmt;
use std::sync::Arc;

use super::shop_rows::Understand;
use pos_protocol::event::{Event, EventId};
use pos_protocol::time::Timestamp;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};

/// A closed set of words that a text column may hold.
macro_rules! column_words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vdoc])* $variant,)+ }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word in the column.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl ToSql for $name {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                Ok(self.as_str().into())
            }
        }

        impl FromSql for $name {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                match value.as_str()? {
                    $($word => Ok(Self::$variant),)+
                    found => Err(FromSqlError::Other(
                        format!(concat!("expected a ", stringify!($name), ", found {:?}"), found)
                            .into(),
                    )),
                }
            }
        }
    };
}

pub(super) use column_words;

column_words! {
    /// Which way bytes went.
    Direction {
        /// From the till.
        ToPrinter = "to_printer",
        /// From the printer.
        FromPrinter = "from_printer",
    }
}

column_words! {
    /// What a chunk records.
    ChunkKind {
        /// Bytes.
        Data = "data",
        /// A connection opened.
        Opened = "opened",
        /// A connection closed.
        Closed = "closed",
        /// Bytes may be missing here.
        Gap = "gap",
        /// The wire process started.
        Started = "started",
    }
}

column_words! {
    /// Where a notice stands.
    OutboxState {
        /// Waiting for its time.
        Queued = "queued",
        /// Told in a digest that is on its way.
        Merged = "merged",
        /// An attempt is under way.
        Sending = "sending",
        /// The group has it.
        Delivered = "delivered",
        /// Kept until a person mends something.
        Parked = "parked",
        /// Refused for what it says; never sent again unless a person says so.
        Dead = "dead",
        /// Out of the queue for good: a person said so, or it was a digest that was taken apart.
        Dropped = "dropped",
    }
}

column_words! {
    /// What a matter is.
    MatterKind {
        /// Somebody has to decide.
        Approval = "approval",
        /// An event in a calendar.
        Date = "date",
        /// A task on a list.
        Task = "task",
        /// The card that shows the day.
        Today = "today",
    }
}

/// One record off the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunk {
    /// Name of the source.
    pub source: String,
    /// Session epoch.
    pub epoch: u64,
    /// Which way the bytes went.
    pub direction: Direction,
    /// Connection within the source.
    pub conn: u64,
    /// Offset of the first byte in its lane.
    pub start: u64,
    /// What it records.
    pub kind: ChunkKind,
    /// When it was taken off the wire.
    pub at: Timestamp,
    /// The bytes, or what the wire process noted.
    pub bytes: Vec<u8>,
}

/// A chunk with its place in the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredChunk {
    /// Its place.
    pub id: i64,
    /// What was recorded.
    pub chunk: Chunk,
}

/// A robot to be told about an event of the same batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewNotice {
    /// The event.
    pub event_id: EventId,
    /// The robot's configured name.
    pub robot: String,
    /// Whether it goes before ordinary notices.
    pub urgent: bool,
    /// Wall time in milliseconds.
    pub created_ms: i64,
}

/// Something about the bridge itself that a robot's group is to be told, at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAlarm {
    /// The robot's configured name.
    pub robot: String,
    /// What is told once: the alarm's key and its time slot. A second one is left out.
    pub key: String,
    /// The alarm, JSON.
    pub body: String,
    /// Wall time in milliseconds.
    pub created_ms: i64,
}

/// Where a source's session stands after a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRow {
    /// Name of the source.
    pub source: String,
    /// Session epoch.
    pub epoch: u64,
    /// Ring generation that the epoch reads.
    pub generation: String,
    /// Decoder state after the batch's chunks, JSON. `None` keeps the older state of the same
    /// epoch; a new epoch then starts without one.
    pub checkpoint: Option<Vec<u8>>,
    /// A paper is being printed after the batch's chunks: retention keeps what belongs to it.
    pub printing: bool,
}

/// A session as the journal knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredSession {
    /// The row; `checkpoint` is `None` where the epoch must be replayed from its first chunk.
    pub row: SessionRow,
    /// The checkpoint includes every chunk of the source up to this id; 0 without one.
    pub checkpoint_chunk: i64,
}

/// Ring position up to which everything is journalled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// Ring generation.
    pub generation: String,
    /// Absolute byte position in the ring.
    pub position: u64,
}

/// What is committed in one transaction, or not at all.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    /// Records off the wire, in order.
    pub chunks: Vec<Chunk>,
    /// Events; one whose id is known already is left out.
    pub events: Vec<Event>,
    /// Notices; one whose event was not new is left out.
    pub notices: Vec<NewNotice>,
    /// Sessions that moved on.
    pub sessions: Vec<SessionRow>,
    /// Ring position that the chunks reach.
    pub cursor: Option<Cursor>,
    /// What the shop makes of those events that are new. Without it they change nothing that the
    /// shop knows.
    pub shop: Option<Arc<dyn Understand>>,
}

/// What a commit did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Committed {
    /// Id of the newest chunk in the journal; 0 in an empty one.
    pub last_chunk_id: i64,
    /// Events that were not there before.
    pub new_events: usize,
    /// Findings that were queued.
    pub findings: usize,
}

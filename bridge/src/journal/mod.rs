//! The journal keeps what the till sent, what was understood and what was said about it, in one
//! SQLite file. This page is the on-disk contract.
//!
//! It does not understand bytes or decide when to send; retention and a full disk are not handled
//! here yet. Nobody else writes the file: one writer thread owns the connection, and `PATH.lock`
//! (held with `flock`, the holder's process id inside) keeps a second process out. Readers open the
//! file read-only.
//!
//! # File
//! Mode 0600, WAL, `synchronous=FULL`, `application_id` `0x504F5342` ("POSB"), `user_version` = the
//! schema version (now 1). A newer schema is refused; an older one is migrated forward in one
//! transaction. Times named `_ms` are milliseconds since the Unix epoch, UTC. Unsigned 64-bit
//! values are stored as the signed integer of the same bits.
//!
//! # Tables
//! | table | column | meaning |
//! |---|---|---|
//! | `meta` | `key`, `value` | `uuid`: random, made once, part of every event id |
//! | `chunk` | `id` | order of arrival over all sources; never reused |
//! | | `source`, `epoch` | session that the bytes belong to |
//! | | `direction` | `to_printer` or `from_printer` |
//! | | `conn` | connection within the source |
//! | | `start` | offset of the first byte in its lane |
//! | | `kind` | `data`, `opened`, `closed`, `gap`, `started` |
//! | | `mono_ns`, `wall_ms` | when it was taken off the wire, by both clocks |
//! | | `bytes` | `data`: the bytes; else what the wire process noted |
//! | `event` | `seq` | order of commit; never reused |
//! | | `id` | event id, 32 hex digits, unique |
//! | | `source`, `kind`, `observed_at`, `number`, `total`, `currency` | copies of wire fields, to search by |
//! | | `body` | the event, wire schema JSON |
//! | | `decoder` | version of the decoder that read it |
//! | `outbox` | `id` | order of creation |
//! | | `event_id`, `robot` | what is to be told to whom; unique together |
//! | | `state` | `queued`, `sending`, `delivered`, `parked` (needs a person), `dead` (cannot be sent) |
//! | | `urgent` | 1 goes before 0 |
//! | | `msg_uuid`, `body` | frozen request; NULL before an attempt and after a definite refusal |
//! | | `attempts` | attempts started |
//! | | `not_before_ms`, `created_ms` | earliest next attempt; when it was queued |
//! | | `reason` | why it is not delivered yet, for people |
//! | `attempt` | `id`, `outbox_id` | one HTTP request |
//! | | `started_ms` | committed before the request is sent |
//! | | `finished_ms`, `outcome` | NULL while the outcome is not known |
//! | | `detail`, `http_status`, `errcode` | what came back |
//! | | `pause_until_ms` | the robot says nothing before this (throttled, address banned) |
//! | `session` | `source`, `epoch`, `generation` | session epoch and the ring generation it reads |
//! | | `checkpoint` | decoder state, JSON; NULL: replay the epoch from its first chunk |
//! | | `checkpoint_chunk` | the state includes every chunk of the source up to this id |
//! | `cursor` | `generation`, `position` | ring position up to which everything is in `chunk`; one row |
//! | `source_total` | `source`, `journalled_bytes` | `data` bytes towards the printer, ever |

mod delivery;
mod error;
mod handle;
mod lock;
#[cfg(test)]
mod model;
mod outbox;
mod reader;
mod record;
mod schema;
mod store;
mod writer;

#[cfg(test)]
pub(crate) use model::event as event_for_tests;

pub use delivery::{Attempt, Due, Finish, Frozen, Look, Recovered, Settle};
pub use error::JournalError;
pub use handle::Journal;
pub use reader::{JournalReader, OutboxCount, OutboxRow, StoredEvent, Totals};
pub use record::{
    Batch, Chunk, ChunkKind, Committed, Cursor, Direction, NewNotice, OutboxState, SessionRow,
    StoredChunk, StoredSession,
};

//! The journal keeps what the till sent, what was understood and what was said about it, in one
//! SQLite file. This page is the on-disk contract.
//!
//! It does not understand bytes or decide when to send. Nobody else writes the file: one writer
//! thread owns the connection, and `PATH.lock` (held with `flock`, the holder's process id inside)
//! keeps a second process out. Readers open the file read-only.
//!
//! # File
//! Mode 0600, WAL, `synchronous=FULL`, `auto_vacuum=INCREMENTAL`, `application_id` `0x504F5342`
//! ("POSB"), `user_version` = the schema version (now 8). A newer schema is refused; an older one is
//! migrated forward in one transaction. A file made by schema 1 has `auto_vacuum` off: its free
//! pages are used again, and it keeps its largest size. Times named `_ms` are milliseconds since the
//! Unix epoch, UTC. Unsigned 64-bit values are stored as the signed integer of the same bits.
//!
//! # What is kept
//! Chunks and pushed calls for `keep_days` (30), delivered and dropped notices and events that no notice needs for 90
//! days, attempts with their notice and, for the month's count, 62 days beyond it. Where the file and its log are larger than `max_mib` (1,024), the oldest
//! chunks go first, then delivered notices and events but the newest 10,000 of each. Whatever the
//! age and size, these stay: a notice that is not delivered (`dead` too) and its event; chunks after
//! a session's checkpoint, or of its whole epoch where it has none; chunks from the start of a paper
//! that is being printed (`open_from`); the newest 256 of the open epoch. Age is judged by the
//! record's wall time where that can be right, else by the next record's; nothing is old while the
//! clock is before the program or before the newest record, nor for a day after it leapt ahead. The
//! size cap goes by sequence and holds whatever the clock says. What is deleted is not wiped: its
//! bytes stay in the file until the page is used again.
//!
//! # The shop's books
//! `shop_row` is changed in the transaction that keeps an event, and is at any time what `shop_base`
//! and the events after `base_seq` give when they are read again in their order, to the byte. An event
//! that counted is forgotten only once the base holds it, and all events whose reading needed it.
//!
//! # Damage
//! A file that SQLite calls malformed or no database, also one found so by `quick_check` after the
//! start, is moved to `PATH.damaged-YYYYMMDD-HHMMSS` (UTC) with its `-wal` and `-shm`, and a fresh
//! one with a new UUID takes its place at once. What can be read of undelivered notices, attempts,
//! sessions, totals and the cursor is carried over; `meta.set_aside` names the old file, and it is an alarm
//! until somebody removes it. A full or failing disk moves nothing: commits are refused until it
//! works again.
//!
//! # What delivery needs after a restart
//! Nothing but these rows. A carrier's minute, its breaker (`pause_until_ms`), an address ban and the
//! month's calls are read from `attempt`; back-offs are `not_before_ms`; a message whose outcome is
//! not known is one with `body`. A digest is only ever repeated as it is or taken apart. Calls of
//! the month are attempts of all carriers but those that found no way to DingTalk (outcome
//! `transient` without `http_status`).
//!
//! # Tables
//! | table | column | meaning |
//! |---|---|---|
//! | `meta` | `key`, `value` | `uuid`: random, made once, part of every event id; `set_aside`: a damaged file that this one replaced; `clock`: the boot, and what the wall clock would have shown when its clock began; `base_seq`: the newest event that `shop_base` holds; `practice`: there while receipts are tests; `restored_ms`: when this file was restored from a backup, `restored_first_look`: until the rounds have looked once since; `fold_version`: which program made `shop_row` |
//! | `chunk` | `id` | order of arrival over all sources; never reused |
//! | | `source`, `epoch` | session that the bytes belong to |
//! | | `direction` | `to_printer` or `from_printer` |
//! | | `conn` | connection within the source |
//! | | `start` | offset of the first byte in its lane |
//! | | `kind` | `data`, `opened`, `closed`, `gap`, `started` |
//! | | `mono_ns`, `wall_ms` | when its first byte was taken off the wire, by both clocks |
//! | | `bytes` | `data`: the bytes; else what the wire process noted |
//! | `event` | `seq` | order of commit; never reused, and counted on in a fresh file where the old one's count could be read |
//! | | `id` | event id, 32 hex digits, unique |
//! | | `source`, `kind`, `observed_at`, `number`, `total`, `currency` | copies of wire fields, to search by |
//! | | `body` | the event, wire schema JSON |
//! | | `decoder` | version of the decoder that read it |
//! | | `twin` | the event that tells of the same sale from elsewhere |
//! | | `fold` | the settings under which it counts in the shop's books; NULL: it does not (practice) |
//! | | `asked_by` | the newest event whose reading needed this one |
//! | `fold_setting` | `id`, `body` | settings that rows follow from besides the events |
//! | `hook` | `id` | one call of a till that pushes, in the order of arrival |
//! | | `scheme`, `delivery` | who called, and what the call is known by: the same with every try |
//! | | `topic`, `became` | the provider's word for it; `events`, `test`, `unknown` (its topic) or `unreadable` |
//! | | `received_ms`, `body` | when it came, and its body as received |
//! | `shop_row` | `topic`, `shop`, `key`, `body` | the shop's books, JSON |
//! | `shop_base` | the same | the books as they stood after the event `meta.base_seq` |
//! | `outbox` | `id` | order of creation |
//! | | `robot` | the robot whose group is to be told |
//! | | `subject` | `event`, `alarm` (of the bridge itself), `finding` (of the shop) or `digest` (several events in one message) |
//! | | `event_id` | `event`: which one; unique with `robot` |
//! | | `alarm`, `alarm_key` | `alarm`: its JSON; its key and time slot, unique with `robot` |
//! | | `finding`, `finding_key` | `finding`: its JSON; what it is told once by, unique with `robot` |
//! | | `digest_id` | the digest that tells this event |
//! | | `merge_max` | most events in one digest with it, since one that held more was refused; NULL: any |
//! | | `state` | `queued`, `merged` (its digest is on its way), `sending`, `delivered`, `parked` (needs a person), `dead` (cannot be sent), `dropped` (a person said so, or a digest that was taken apart) |
//! | | `urgent` | 1 goes before 0 |
//! | | `carrier`, `msg_uuid`, `body` | the robot that the message is bound to and the frozen request; NULL before an attempt and after a definite refusal |
//! | | `attempts` | attempts started |
//! | | `not_before_ms`, `created_ms` | earliest next attempt; when it was queued |
//! | | `reason` | why it is not delivered yet, for people |
//! | `attempt` | `id`, `outbox_id` | one HTTP request; NULL: of `send-test`, or its notice is forgotten |
//! | | `carrier` | the robot that was asked |
//! | | `urgent` | the notice's |
//! | | `started_ms` | committed before the request is sent |
//! | | `finished_ms`, `outcome` | NULL while the outcome is not known |
//! | | `detail`, `http_status`, `errcode` | what came back |
//! | | `pause_until_ms` | silence before this: of the carrier (throttled), or of every carrier where the outcome is `ip_banned` |
//! | `session` | `source`, `epoch`, `generation` | session epoch and the ring generation it reads |
//! | | `checkpoint` | decoder state, JSON; NULL: replay the epoch from its first chunk |
//! | | `checkpoint_chunk` | the state includes every chunk of the source up to this id |
//! | | `open_from` | a paper is being printed, and none of it is before this chunk; NULL: none is |
//! | `remembered` | `seq`, `key`, `at_ms` | a question, press or event of the Stream that was done, and when it came, which counts against the month as a call does; the newest 50,000 |
//! | `matter` | `key` | what it is asked once by |
//! | | `kind` | `approval`, `date` (in a calendar), `task`, `today` (the card of the day) |
//! | | `open` | 0: nothing more is done about it; kept for 400 days, so that it is not asked again |
//! | | `instance` | DingTalk's id of it, or our own name of its card |
//! | | `body` | what it is about and how it stands, JSON |
//! | | `due_ms` | when it is looked at next; NULL: it waits for an answer |
//! | | `created_ms` | when it came up |
//! | `api_month` | `month`, `calls` | calls of the application's interface, by month in China: 202611 |
//! | `cursor` | `generation`, `position` | ring position up to which everything is in `chunk`; one row |
//! | `source_total` | `source`, `journalled_bytes` | `data` bytes towards the printer, ever |

mod check;
mod clock;
mod counted;
mod damage;
#[cfg(test)]
mod damage_tests;
mod delivery;
mod digest;
mod error;
mod fault;
mod file;
mod handle;
mod handle_admin;
mod handle_delivery;
mod handle_hooks;
mod handle_matter;
mod handle_stream;
mod hooks;
mod keeper;
mod lock;
mod matter;
mod migrations;
#[cfg(test)]
mod model;
#[cfg(test)]
mod model_delivery;
#[cfg(test)]
mod model_outbox;
#[cfg(test)]
mod model_steps;
mod mute;
mod needed;
mod outbox;
#[cfg(test)]
mod outbox_tests;
mod plausible;
mod practice;
mod reader;
mod reader_admin;
mod reader_outbox;
mod reader_page;
mod reader_settings;
mod record;
mod refold;
#[cfg(test)]
mod refold_tests;
mod remembered;
mod restored;
mod retention;
mod retention_rows;
#[cfg(test)]
mod retention_tests;
mod salvage;
#[cfg(test)]
mod salvage_tests;
#[cfg(test)]
mod samples;
mod schema;
mod shop_rows;
mod standing;
mod store;
mod tail;
mod twins;
#[cfg(test)]
mod twins_tests;
mod verbs;
#[cfg(test)]
mod verbs_tests;
mod writer;

#[cfg(test)]
pub(crate) use samples::event as event_for_tests;

pub use delivery::{
    Ask, Attempt, Begin, Calls, Content, Finish, Frozen, Look, Part, Recovered, Settle, Stage,
    Subject, Topic, Traffic, Waiting,
};
pub use error::JournalError;
pub use handle::Journal;
pub use hooks::{Became, Delivery, Received};
pub use lock::is_locked;
pub use matter::{Change, MAX_OPEN, MatterRow, NewMatter, Which};
pub use mute::MUTE_MS;
pub use outbox::{MAX_AHEAD_MS, MAX_LOOK, MAX_ORDINARY};
pub use reader::{JournalReader, OutboxCount, StoredEvent, Totals};
pub use reader_admin::{AlarmRow, CarrierCalls};
pub use reader_outbox::{About, AttemptRow, OutboxRow};
pub use reader_page::Queue;
pub use reader_settings::Lately;
pub use record::{
    Batch, Chunk, ChunkKind, Committed, Cursor, Direction, MatterKind, NewAlarm, NewNotice,
    OutboxState, SessionRow, StoredChunk, StoredSession,
};
pub use refold::Books;
pub use restored::prepare as prepare_restored;
pub use retention::{KEEP_TOLD_DAYS, Keep};
pub use shop_rows::{MAX_RANGE, Memory, NewFinding, Rows, Understand, Understood};
pub use tail::Tail;

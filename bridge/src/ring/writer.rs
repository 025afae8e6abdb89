//! The producer's side: appends, never blocks, and says what did not fit.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread::Thread;

use pos_protocol::time::Timestamp;

use super::error::RingError;
use super::format::{
    Header, MAX_NAME_BYTES, MAX_PAYLOAD_BYTES, MAX_RECORD_BYTES, MIN_CAPACITY, encode, record_len,
};
use super::gap::Owed;
use super::reader::read_record;
use super::record::{Direction, Kind, RecordHead};
use super::spill::high_water;
use super::storage::Storage;
use crate::clock::boot_id;

/// Writes a ring; to be shared by reference between sources.
#[derive(Debug)]
pub struct RingWriter {
    storage: Storage,
    generation: String,
    head_at_open: u64,
    boot: [u8; 16],
    state: Mutex<State>,
    call: Arc<SpillCall>,
}

/// How a ring that fills up calls the spill thread: one `unpark` per turn of it, so that a burst
/// costs the forwarding path a load and no system call.
#[derive(Debug, Default)]
pub struct SpillCall {
    called: AtomicBool,
    thread: OnceLock<Thread>,
}

impl SpillCall {
    /// From now on the current thread is called.
    pub fn answer_here(&self) {
        // A second thread never asks: there is one per ring.
        self.thread.get_or_init(std::thread::current);
    }

    /// To be said before each look at the ring: what is appended after it calls again.
    pub fn looking(&self) {
        self.called.store(false, Ordering::SeqCst);
    }

    /// Calls the spill thread, unless it was called since its last look.
    pub fn call(&self) {
        if let Some(thread) = self.thread.get()
            && !self.called.swap(true, Ordering::SeqCst)
        {
            thread.unpark();
        }
    }

    fn is_called(&self) -> bool {
        self.called.load(Ordering::Relaxed)
    }
}

/// What the mutex guards. It is held for a copy and nothing else.
#[derive(Debug)]
struct State {
    head: u64,
    /// The tail as last read; the real one can only be further on.
    tail: u64,
    next_seq: u64,
    owed: Owed,
    scratch: Vec<u8>,
}

/// How a ring came to be open.
#[derive(Debug)]
pub enum Opening {
    /// There was none.
    Created,
    /// A valid one goes on, with this many bytes not yet released.
    Continued {
        /// Bytes not yet released.
        waiting: u64,
    },
    /// There was one that is damaged or of another version: it lies at `aside` and a new one was
    /// made.
    Replaced {
        /// What was wrong with it.
        why: RingError,
        /// Where it lies now.
        aside: PathBuf,
    },
}

/// What became of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Append {
    /// It can be read.
    Appended {
        /// Its sequence number.
        seq: u64,
    },
    /// There was no room. The loss is counted and a gap record is owed.
    Full,
}

impl RingWriter {
    /// Continues the ring at `path`, or makes one of `capacity` bytes. A ring that goes on keeps
    /// the capacity it has.
    pub fn open(path: &Path, capacity: u64) -> Result<(Self, Opening), RingError> {
        if capacity < MIN_CAPACITY {
            return Err(RingError::TooSmall(capacity));
        }
        if !path.exists() {
            return Ok((Self::create(path, capacity)?, Opening::Created));
        }
        match Self::resume(path) {
            Ok((writer, waiting)) => Ok((writer, Opening::Continued { waiting })),
            Err(why @ (RingError::Header { .. } | RingError::Record { .. })) => {
                let aside = path.with_extension("damaged");
                std::fs::rename(path, &aside).map_err(|source| RingError::Io {
                    action: "move aside",
                    path: path.to_owned(),
                    source,
                })?;
                Ok((Self::create(path, capacity)?, Opening::Replaced { why, aside }))
            }
            Err(error) => Err(error),
        }
    }

    fn create(path: &Path, capacity: u64) -> Result<Self, RingError> {
        let header = Header { generation: uuid::Uuid::new_v4().into_bytes(), capacity };
        // Sequence numbers start at 1, so that connection 0 can mean "none".
        Ok(Self::new(Storage::create(path, header)?, 0, 0, 1))
    }

    /// Walks from tail to head, so that a ring that goes on is known to be sound.
    fn resume(path: &Path) -> Result<(Self, u64), RingError> {
        let storage = Storage::open(path, true)?;
        let (head, seq_cell) = storage.head_and_seq()?;
        let tail = storage.tail()?;
        if tail > head || head - tail > storage.capacity() {
            let expected =
                format!("a tail in {}..={head}", head.saturating_sub(storage.capacity()));
            let found = tail.to_string();
            return Err(RingError::Header { path: path.to_owned(), expected, found });
        }
        let (mut at, mut next_seq) = (tail, seq_cell.max(1));
        while at < head {
            let (after, record) = read_record(&storage, at, head)?;
            next_seq = next_seq.max(record.seq.saturating_add(1));
            at = after;
        }
        Ok((Self::new(storage, head, tail, next_seq), head - tail))
    }

    fn new(storage: Storage, head: u64, tail: u64, next_seq: u64) -> Self {
        let generation = uuid::Uuid::from_bytes(storage.generation()).to_string();
        let scratch = Vec::with_capacity(MAX_RECORD_BYTES);
        let state = State { head, tail, next_seq, owed: Owed::default(), scratch };
        Self {
            storage,
            generation,
            head_at_open: head,
            // Zeros where the kernel does not say.
            boot: boot_id().map_or([0; 16], uuid::Uuid::into_bytes),
            state: Mutex::new(state),
            call: Arc::default(),
        }
    }

    /// How this ring calls its spill thread.
    pub fn spill_call(&self) -> &Arc<SpillCall> {
        &self.call
    }

    /// The UUID that was made together with this ring.
    pub fn generation(&self) -> &str {
        &self.generation
    }

    /// Bytes of the area.
    pub fn capacity(&self) -> u64 {
        self.storage.capacity()
    }

    /// Position of the head when this process opened the ring.
    pub fn head_at_open(&self) -> u64 {
        self.head_at_open
    }

    /// Position just past the newest record.
    pub fn head(&self) -> u64 {
        self.lock().head
    }

    /// Bytes in the area that are neither released nor spilled.
    pub fn waiting(&self) -> Result<u64, RingError> {
        let tail = self.storage.tail()?;
        Ok(self.lock().head.saturating_sub(tail))
    }

    /// Appends one record. It never waits: where there is no room, or the file cannot be written,
    /// the record is lost, counted, and owed as a gap.
    pub fn append(&self, head: &RecordHead<'_>, payload: &[u8]) -> Result<Append, RingError> {
        if payload.len() > MAX_PAYLOAD_BYTES || head.source.len() > MAX_NAME_BYTES {
            return Err(RingError::TooLong { payload: payload.len(), name: head.source.len() });
        }
        let mut state = self.lock();
        let outcome = self.try_append(&mut state, head, payload);
        if !matches!(outcome, Ok(Append::Appended { .. })) {
            let bytes = if head.kind == Kind::Data { payload.len() } else { 0 };
            state.owed.count(head.source, head.at, bytes);
        }
        outcome
    }

    fn try_append(
        &self,
        state: &mut State,
        head: &RecordHead<'_>,
        payload: &[u8],
    ) -> Result<Append, RingError> {
        // All or nothing: gaps squeezed into the last bytes of a full ring would follow each other
        // without a record between them.
        if !self.has_room(state, state.owed.len() + record_len(head.source, payload.len()))? {
            return Ok(Append::Full);
        }
        self.write_gaps(state)?;
        let seq = self.write(state, head, payload)?;
        Ok(Append::Appended { seq })
    }

    /// Appends the `opened` record of a new connection of `source` and answers the connection's
    /// number, which is unique in this generation even when the record itself did not fit.
    pub fn open_connection(&self, source: &str, at: Timestamp) -> Result<u64, RingError> {
        let direction = Direction::ToPrinter;
        let head = RecordHead { kind: Kind::Opened, source, direction, conn: 0, at };
        if let Append::Appended { seq } = self.append(&head, &[])? {
            return Ok(seq);
        }
        let mut state = self.lock();
        let seq = state.next_seq;
        self.storage.set_head_and_seq(state.head, seq + 1)?;
        state.next_seq = seq + 1;
        Ok(seq)
    }

    /// Whether the longest record of `source` would fit now, with no gap owed before it. For a
    /// source that can wait (a file), and so leaves the disk to those that cannot: `false` as well
    /// where its bytes would have to be spilled.
    pub fn can_take(&self, source: &str) -> Result<bool, RingError> {
        let mut state = self.lock();
        Ok(self.settle(&mut state)?
            && self.has_room(&mut state, record_len(source, MAX_PAYLOAD_BYTES))?
            && !self.is_high(&mut state)?)
    }

    /// Whether more waits than the ring should hold.
    fn is_high(&self, state: &mut State) -> Result<bool, RingError> {
        let mark = high_water(self.storage.capacity());
        if state.head - state.tail > mark {
            state.tail = self.storage.tail()?.clamp(state.tail, state.head);
        }
        Ok(state.head - state.tail > mark)
    }

    /// Writes the gap records that are owed, once there is room for them and a record behind them;
    /// `true` when none is left. Appending does so by itself; this is for a line that fell silent
    /// while the ring was full.
    pub fn settle_gaps(&self) -> Result<bool, RingError> {
        let mut state = self.lock();
        self.settle(&mut state)
    }

    fn settle(&self, state: &mut State) -> Result<bool, RingError> {
        if state.owed.oldest().is_none() {
            return Ok(true);
        }
        if !self.has_room(state, state.owed.len() + MAX_RECORD_BYTES)? {
            return Ok(false);
        }
        self.write_gaps(state)?;
        Ok(true)
    }

    fn write_gaps(&self, state: &mut State) -> Result<(), RingError> {
        while let Some(loss) = state.owed.oldest() {
            let (source, at, payload) = (loss.source.clone(), loss.since, loss.gap.payload());
            let direction = Direction::ToPrinter;
            let head = RecordHead { kind: Kind::Gap, source: &source, direction, conn: 0, at };
            self.write(state, &head, &payload)?;
            state.owed.settle_oldest();
        }
        Ok(())
    }

    fn has_room(&self, state: &mut State, bytes: usize) -> Result<bool, RingError> {
        let after = state.head + bytes as u64;
        if after - state.tail > self.storage.capacity() {
            state.tail = self.storage.tail()?.clamp(state.tail, state.head);
        }
        Ok(after - state.tail <= self.storage.capacity())
    }

    fn write(
        &self,
        state: &mut State,
        head: &RecordHead<'_>,
        payload: &[u8],
    ) -> Result<u64, RingError> {
        let seq = state.next_seq;
        encode(&mut state.scratch, head, seq, &self.boot, payload);
        self.storage.write(state.head, &state.scratch)?;
        let after = state.head + state.scratch.len() as u64;
        self.storage.set_head_and_seq(after, seq + 1)?;
        (state.head, state.next_seq) = (after, seq + 1);
        // The record is in: a tail that cannot be read now is the next append's trouble.
        if !self.call.is_called() && self.is_high(state).unwrap_or(false) {
            self.call.call();
        }
        Ok(seq)
    }

    /// A panic while the lock was held cannot leave a half-moved head: the cells are written
    /// before the fields.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

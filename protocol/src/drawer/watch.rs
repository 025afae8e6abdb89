//! Which kick belongs to which sale, and which to none.
//!
//! A kick inside a sale's paper, or within [`WINDOW_NS`] of it, is that sale's. A drawer opened
//! with no sale is only said once the window has passed without one. In files, where all bytes
//! carry one time, a kick at most one boundary away is related instead.
//!
//! A drawer opened by its key waits for a sale in the same way.
//!
//! Not here: whether the drawer really moved (that takes its sensor).

use serde::{Deserialize, Serialize};

use super::{CONFIRM_NS, Place};
use crate::document::KickSeen;
use crate::event::{EventId, Kind};
use crate::limits::MAX_PENDING_KICKS;
use crate::profile::Timing;
use crate::time::Timestamp;

/// How long before or after a sale a kick is taken for its own: 5 s in nanoseconds.
pub const WINDOW_NS: u64 = 5_000_000_000;

/// A kick, or an opening without one, that no paper around it explains yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unexplained {
    /// The id that its own event will have.
    pub id: EventId,
    /// The connection it was sent on.
    pub conn: u64,
    /// The kick.
    pub kick: KickSeen,
    /// The paper it was sent with, where there was any.
    pub paper: Option<EventId>,
    /// The sensor saw it open and there was no kick; `kick` then holds the answer's bytes.
    pub by_key: bool,
    /// Its bytes stand on the lane from the printer.
    answer: bool,
    boundary: u64,
}

/// What a kick turned out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// It belongs to a sale that has been told already.
    Opened {
        /// The kick.
        kick: Unexplained,
        /// The sale's event.
        sale: EventId,
    },
    /// No sale explains it.
    NoSale(Unexplained),
}

/// Watches the kicks of one printer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Watch {
    /// The last paper that explains a kick.
    sale: Option<(EventId, Timestamp, u64)>,
    waiting: Vec<Unexplained>,
    boundary: u64,
}

/// Whether a drawer is opened as part of such business. A paper that could not be read may well be
/// a sale, so nobody is accused over it.
pub fn explains_kick(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Sale
            | Kind::Refund
            | Kind::Void
            | Kind::TopUp
            | Kind::ShiftReport
            | Kind::Membership
            | Kind::Training
            | Kind::NoSale
            | Kind::RasterReceipt
            | Kind::Unread
    )
}

impl Watch {
    /// A paper ended, of whatever kind. In files, kicks too many boundaries back are given up.
    pub fn boundary(&mut self, timing: Timing) -> Vec<Finding> {
        self.boundary += 1;
        if timing == Timing::Live {
            return Vec::new();
        }
        let now = self.boundary;
        self.take(|kick| now > kick.boundary + 1)
    }

    /// A paper that explains kicks was told. Returns the kick that waited for it, if any.
    pub fn sale(&mut self, id: EventId, at: Timestamp) -> Option<Unexplained> {
        self.sale = Some((id, at, self.boundary));
        let waited = core::mem::take(&mut self.waiting);
        waited.into_iter().next()
    }

    /// A kick that its own paper does not explain.
    pub fn kick(&mut self, mut kick: Unexplained, timing: Timing) -> Option<Finding> {
        kick.boundary = self.boundary;
        if let Some((sale, at, boundary)) = self.sale {
            let near = match timing {
                Timing::Live => kick.kick.at.mono <= at.mono.saturating_add(WINDOW_NS),
                Timing::File => self.boundary <= boundary + 1,
            };
            if near {
                return Some(Finding::Opened { kick, sale });
            }
        }
        self.waiting.push(kick);
        (self.waiting.len() > MAX_PENDING_KICKS).then(|| Finding::NoSale(self.waiting.remove(0)))
    }

    /// When the oldest waiting kick is given up.
    pub fn deadline(&self) -> Option<u64> {
        self.waiting.iter().map(|kick| kick.kick.at.mono.saturating_add(WINDOW_NS)).min()
    }

    /// Gives up every kick whose window ends at `mono` or before.
    pub fn expire(&mut self, mono: u64) -> Vec<Finding> {
        self.take(|kick| kick.kick.at.mono.saturating_add(WINDOW_NS) <= mono)
    }

    /// Gives up every kick: nothing more will come.
    pub fn give_up(&mut self) -> Vec<Finding> {
        self.take(|_| true)
    }

    /// A kick at `mono` is only recognised now: what opened the drawer since was no key.
    pub fn withdraw_keys(&mut self, mono: u64) {
        let after = mono..=mono.saturating_add(CONFIRM_NS);
        self.waiting.retain(|kick| !(kick.by_key && after.contains(&kick.kick.at.mono)));
    }

    fn take(&mut self, over: impl Fn(&Unexplained) -> bool) -> Vec<Finding> {
        let (gone, kept) = core::mem::take(&mut self.waiting).into_iter().partition(|k| over(k));
        self.waiting = kept;
        let gone: Vec<Unexplained> = gone;
        gone.into_iter().map(Finding::NoSale).collect()
    }
}

impl Unexplained {
    /// A kick as it was seen.
    pub fn new(id: EventId, conn: u64, kick: KickSeen, paper: Option<EventId>) -> Self {
        Self { id, conn, kick, paper, by_key: false, answer: false, boundary: 0 }
    }

    /// An opening without a kick, as the answer at `place` shows it.
    pub fn by_key(id: EventId, place: Place, at: Timestamp) -> Self {
        let kick = KickSeen { pin: None, span: place.span, at };
        Self { by_key: true, answer: place.answer, ..Self::new(id, place.conn, kick, None) }
    }

    /// Where it stands.
    pub fn place(&self) -> Place {
        Place { answer: self.answer, conn: self.conn, span: self.kick.span }
    }
}

//! Which changes of a printer's state are worth a word.
//!
//! A state that flips back at once (a cover that bounces, a poll in the middle of a paper change)
//! is not told, nor is the discovery that all is well. It keeps no history.

use serde::{Deserialize, Serialize};

use super::{AnswerKind, Status};
use crate::span::Span;
use crate::time::Timestamp;

/// How long a state must hold before it is told: 300 ms in nanoseconds. Longer than a contact
/// bounces and than a till takes for the four questions `DLE EOT 1` to `4`.
pub const SETTLE_NS: u64 = 300_000_000;

/// A state to be told, and the answer that brought it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settled {
    /// The state, everything that is known.
    pub status: Status,
    /// The connection of the answer.
    pub conn: u64,
    /// Its bytes.
    pub span: Span,
    /// When it came.
    pub at: Timestamp,
}

/// A printer's state, and how much of it was told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Condition {
    now: Status,
    told: Status,
    pending: Option<(Settled, u64)>,
}

impl Condition {
    /// An answer came in.
    pub fn update(&mut self, answer: &AnswerKind, conn: u64, span: Span, at: Timestamp) {
        self.now.update(answer);
        if self.now.troubles() == self.told {
            self.pending = None;
            return;
        }
        let status = self.now;
        match &mut self.pending {
            None => {
                let settled = Settled { status, conn, span, at };
                self.pending = Some((settled, at.mono.saturating_add(SETTLE_NS)));
            }
            Some((settled, _)) if settled.status.troubles() != status.troubles() => {
                *settled = Settled { status, conn, span, at };
            }
            // The same trouble: what else became known goes along.
            Some((settled, _)) => settled.status = status,
        }
    }

    /// When the state that waits is told.
    pub fn deadline(&self) -> Option<u64> {
        self.pending.map(|(_, deadline)| deadline)
    }

    /// The state that waits, for whoever tells it now.
    pub fn settle(&mut self) -> Option<Settled> {
        let (settled, _) = self.pending.take()?;
        self.told = settled.status.troubles();
        Some(settled)
    }
}

#[cfg(test)]
mod tests {
    use super::{Condition, SETTLE_NS};
    use crate::event::Paper;
    use crate::reply::AnswerKind;
    use crate::span::Span;
    use crate::time::Timestamp;

    const WELL: [u8; 4] = [0x10, 0, 0, 0x0F];
    const OUT: [u8; 4] = [0x18, 0, 0x0F, 0x0F];
    const COVER: [u8; 4] = [0x38, 0, 0, 0x0F];

    fn hear(condition: &mut Condition, bytes: [u8; 4], mono: u64) {
        let at = Timestamp::new(mono, 0);
        condition.update(&AnswerKind::Automatic(bytes), 0, Span::new(mono, mono + 4), at);
    }

    #[test]
    fn the_first_state_is_told_only_if_something_is_wrong() {
        let mut condition = Condition::default();
        hear(&mut condition, WELL, 0);
        assert_eq!(condition.settle(), None);
        hear(&mut condition, OUT, 9);
        assert_eq!(condition.deadline(), Some(9 + SETTLE_NS));
        let told = condition.settle().expect("paper is out");
        assert_eq!((told.status.paper, told.at.mono), (Some(Paper::Out), 9));
        hear(&mut condition, OUT, 10);
        assert_eq!(condition.settle(), None, "said already");
        hear(&mut condition, WELL, 11);
        assert_eq!(condition.settle().expect("new paper").status.paper, Some(Paper::Ok));
    }

    #[test]
    fn a_state_that_flips_back_is_not_told_and_one_that_flutters_is() {
        let mut condition = Condition::default();
        hear(&mut condition, COVER, 0);
        hear(&mut condition, WELL, 1);
        assert_eq!(condition.deadline(), None);
        hear(&mut condition, COVER, 2);
        hear(&mut condition, OUT, 3);
        assert_eq!(condition.deadline(), Some(2 + SETTLE_NS), "a flutter puts nothing off");
        let told = condition.settle().expect("something is wrong");
        assert_eq!((told.status.paper, told.span.start), (Some(Paper::Out), 3));
    }
}

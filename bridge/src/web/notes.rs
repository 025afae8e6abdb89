//! What a form came to, kept for the page that follows it. Once shown it is gone: a page that is loaded
//! again neither sends nor says anything twice.
//!
//! It holds nothing that is worth keeping: a start forgets all of it.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Most that are kept: each is for a page that a browser asks for at once.
const MOST: usize = 16;
/// How long one waits for its page.
const WAITS: Duration = Duration::from_mins(2);

/// Who it is for, when it was left, and what it says.
type Note<T> = (String, Instant, T);

/// Notes of one page, by the token of whoever sent the form.
#[derive(Debug)]
pub(super) struct Notes<T>(Mutex<VecDeque<Note<T>>>);

impl<T> Default for Notes<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T> Notes<T> {
    /// Keeps `said` for the next page of whoever has `token`.
    pub(super) fn leave(&self, token: &str, said: T, now: Instant) {
        let mut notes = self.notes();
        notes.retain(|(whose, ..)| whose != token);
        if notes.len() >= MOST {
            notes.pop_front();
        }
        notes.push_back((token.to_owned(), now, said));
    }

    /// What is left for whoever has `token`, once.
    pub(super) fn take(&self, token: &str, now: Instant) -> Option<T> {
        let mut notes = self.notes();
        notes.retain(|(_, left, _)| now.saturating_duration_since(*left) < WAITS);
        let at = notes.iter().position(|(whose, ..)| whose == token)?;
        notes.remove(at).map(|(_, _, said)| said)
    }

    fn notes(&self) -> MutexGuard<'_, VecDeque<Note<T>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::{MOST, Notes, WAITS};

    #[test]
    fn a_note_is_read_once_by_whom_it_is_for_and_not_for_ever() {
        let (notes, now) = (Notes::default(), Instant::now());
        notes.leave("a", 1, now);
        notes.leave("b", 2, now);
        notes.leave("a", 3, now);
        assert_eq!(notes.take("c", now), None);
        assert_eq!((notes.take("a", now), notes.take("a", now)), (Some(3), None));
        assert_eq!(notes.take("b", now + WAITS), None, "nobody asked for its page");
        for nth in 0..=MOST {
            notes.leave(&nth.to_string(), nth, now);
        }
        assert_eq!(notes.take("0", now), None, "the oldest makes room");
        let late = now + WAITS / 2;
        assert_eq!(notes.take(&MOST.to_string(), late), Some(MOST));
    }
}

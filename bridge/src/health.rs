//! What the brain knows of its own state, in one place: `status` and the log say the same.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Shared by the brain's parts.
#[derive(Debug, Default)]
pub struct Health {
    inner: Mutex<State>,
    /// What is wrong with the journal, which says itself when that is over.
    journal: Mutex<Option<String>>,
}

/// A look at it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// A wire process is up and attached to.
    pub attached: bool,
    /// Everything in the ring was in the journal at the last look.
    pub caught_up: bool,
    /// What is wrong at present, in words.
    pub trouble: Option<String>,
}

impl Health {
    /// A wire process was attached to, or is gone.
    pub fn attached(&self, attached: bool) {
        let mut state = self.lock();
        state.attached = attached;
        state.caught_up &= attached;
    }

    /// The ring has been read to its end; whatever was wrong is over.
    pub fn caught_up(&self) {
        let mut state = self.lock();
        state.caught_up = state.attached;
        state.trouble = None;
    }

    /// Something that was heard is not in the journal yet, and will not be at once.
    pub fn behind(&self) {
        self.lock().caught_up = false;
    }

    /// What is wrong with the journal; `None` when nothing is any more.
    pub fn journal(&self, trouble: Option<String>) {
        *self.journal.lock().unwrap_or_else(PoisonError::into_inner) = trouble;
    }

    /// Something is wrong.
    pub fn trouble(&self, what: String) {
        self.lock().trouble = Some(what);
    }

    /// The state now.
    pub fn state(&self) -> State {
        let journal = self.journal.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let mut state = self.lock().clone();
        state.trouble = journal.or(state.trouble);
        state
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // The state is plain data: a panic elsewhere leaves nothing half done.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

//! What the brain knows of its own state, in one place: `status` and the log say the same.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Shared by the brain's parts.
#[derive(Debug, Default)]
pub struct Health {
    inner: Mutex<State>,
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

    /// Something is wrong.
    pub fn trouble(&self, what: String) {
        self.lock().trouble = Some(what);
    }

    /// The state now.
    pub fn state(&self) -> State {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // The state is plain data: a panic elsewhere leaves nothing half done.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

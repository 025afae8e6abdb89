//! What the writer tells the rest of the program without being asked: whose file it is, and what
//! is wrong with it.
//!
//! It does not mend anything, and says each thing once: when it begins, and when it ends.

use std::fmt;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

/// Called with what is wrong, in words, each time that changes; `None` when nothing is any more.
type Teller = Box<dyn Fn(Option<String>) + Send + Sync>;

/// Shared by the writer, its keeper and every handle.
#[derive(Default)]
pub(super) struct Standing {
    state: Mutex<State>,
    teller: OnceLock<Teller>,
}

/// What is so at present.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct State {
    /// The journal's UUID; another one after the file was replaced.
    pub(super) uuid: String,
    /// Why nothing can be written.
    pub(super) unwritable: Option<String>,
    /// A damaged file that a person should look at and remove.
    pub(super) set_aside: Option<PathBuf>,
    /// What the damage was, and what was carried over.
    pub(super) damage: Option<String>,
    /// Why the file is larger than it may be.
    pub(super) over_cap: Option<String>,
}

impl State {
    fn words(&self) -> Option<String> {
        let aside = self.set_aside.as_ref().map(|path| {
            let damage = self.damage.as_deref().unwrap_or("it was damaged");
            format!(
                "a journal was set aside as {} ({damage}; hint: keep a copy for whoever looks \
                 into it, then remove the file)",
                path.display()
            )
        });
        let unwritable =
            self.unwritable.as_ref().map(|why| format!("the journal cannot be written: {why}"));
        let all: Vec<String> =
            [unwritable, aside, self.over_cap.clone()].into_iter().flatten().collect();
        (!all.is_empty()).then(|| all.join("; "))
    }
}

impl Standing {
    /// Changes the state, and tells where its words changed.
    pub(super) fn change(&self, change: impl FnOnce(&mut State)) {
        let mut state = self.lock();
        let before = state.words();
        change(&mut state);
        let after = state.words();
        drop(state);
        if before == after {
            return;
        }
        if let Some(words) = &after {
            tracing::error!("{words}");
        } else {
            tracing::info!("the journal is as it should be again");
        }
        if let Some(teller) = self.teller.get() {
            teller(after);
        }
    }

    /// Names who is told, at once of how things stand. The first one named stays.
    pub(super) fn tell(&self, teller: Teller) {
        let words = self.lock().words();
        teller(words);
        let _first_stays = self.teller.set(teller);
    }

    /// What is wrong, in words.
    pub(super) fn words(&self) -> Option<String> {
        self.lock().words()
    }

    pub(super) fn state(&self) -> State {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Plain data: a panic elsewhere leaves nothing half done.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.state().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::Standing;

    #[test]
    fn each_trouble_is_told_once_when_it_begins_and_once_when_it_ends() {
        let standing = Standing::default();
        let told = Arc::new(Mutex::new(Vec::new()));
        let ear = Arc::clone(&told);
        standing.tell(Box::new(move |words| ear.lock().expect("unpoisoned").push(words)));
        for _ in 0..3 {
            standing.change(|state| state.unwritable = Some("the disk is full".into()));
        }
        for _ in 0..3 {
            standing.change(|state| state.unwritable = None);
        }
        let full = "the journal cannot be written: the disk is full".to_owned();
        assert_eq!(*told.lock().expect("unpoisoned"), [None, Some(full), None]);
    }
}

//! How delivery hears that notices were queued, and for whom: fifty groups need not look at their
//! queues because one of them has something to say.
//!
//! It carries no notice and promises none: a worker that is rung looks, and finds what there is.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

/// Shared by those who queue and those who deliver.
#[derive(Debug, Default)]
pub struct News {
    waiting: Mutex<For>,
    come: Notify,
}

/// Whose queues are to be looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum For {
    /// These robots'; none where nothing has come.
    Only(BTreeSet<String>),
    /// Every robot's.
    All,
}

impl Default for For {
    fn default() -> Self {
        Self::Only(BTreeSet::new())
    }
}

impl For {
    /// Whether `robot` is meant.
    pub(super) fn means(&self, robot: &str) -> bool {
        match self {
            Self::Only(robots) => robots.contains(robot),
            Self::All => true,
        }
    }
}

impl News {
    /// Something was queued for these robots. To be said after it is committed.
    pub fn queued<'a>(&self, robots: impl IntoIterator<Item = &'a str>) {
        if let For::Only(waiting) = &mut *self.lock() {
            for robot in robots {
                // Mostly it is there already, and no name is made.
                if !waiting.contains(robot) {
                    waiting.insert(robot.to_owned());
                }
            }
        }
        self.come.notify_one();
    }

    /// Any queue may have changed.
    pub fn changed(&self) {
        *self.lock() = For::All;
        self.come.notify_one();
    }

    /// Waits for news, and takes them. Nothing is lost where this is given up before its end.
    pub(super) async fn next(&self) -> For {
        self.come.notified().await;
        std::mem::take(&mut *self.lock())
    }

    fn lock(&self) -> MutexGuard<'_, For> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::{For, News};

    #[tokio::test]
    async fn news_wait_until_they_are_taken_and_name_whom_they_are_for() {
        let news = News::default();
        news.queued(["owner", "chef"]);
        news.queued(["owner"]);
        let taken = news.next().await;
        assert!(taken.means("owner") && taken.means("chef") && !taken.means("tech"), "{taken:?}");
        news.queued(["tech"]);
        news.changed();
        news.queued(["tech"]);
        assert_eq!(news.next().await, For::All);
        let none = tokio::time::timeout(std::time::Duration::from_millis(5), news.next()).await;
        assert!(none.is_err(), "{none:?}");
    }
}

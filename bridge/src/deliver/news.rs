//! How delivery hears that notices were queued, and for whom: fifty groups need not look at their
//! queues because one of them has something to say, nor one whose sales wait for its next minute
//! because of one sale more.
//!
//! It carries no notice and promises none: a worker that is rung looks, and finds what there is.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

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
    /// These robots', and what has come for each; none where nothing has.
    Only(BTreeMap<String, What>),
    /// Every robot's, whatever it is.
    All,
}

/// What was queued. The greater one includes the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum What {
    /// Sales, behind those that wait.
    Sales,
    /// More than that.
    Any,
}

/// Rings at one worker.
#[derive(Clone, Debug, Default)]
pub(super) struct Bell {
    sales: Arc<Notify>,
    any: Arc<Notify>,
}

impl Bell {
    pub(super) fn ring(&self, what: What) {
        match what {
            What::Sales => self.sales.notify_one(),
            What::Any => self.any.notify_one(),
        }
    }

    /// Waits until it is rung, for more than sales where `sales_hold`.
    pub(super) async fn rung(&self, sales_hold: bool) {
        tokio::select! {
            () = self.any.notified() => {}
            () = self.sales.notified(), if !sales_hold => {}
        }
    }
}

impl Default for For {
    fn default() -> Self {
        Self::Only(BTreeMap::new())
    }
}

impl For {
    /// What has come for `robot`.
    pub(super) fn of(&self, robot: &str) -> Option<What> {
        match self {
            Self::Only(robots) => robots.get(robot).copied(),
            Self::All => Some(What::Any),
        }
    }
}

impl News {
    /// Something was queued for `robot`. To be said after it is committed.
    pub fn queued(&self, robot: &str) {
        self.come_for(robot, What::Any);
    }

    /// A sale was queued for `robot`, behind what waits. To be said after it is committed.
    pub fn sold(&self, robot: &str) {
        self.come_for(robot, What::Sales);
    }

    fn come_for(&self, robot: &str, what: What) {
        if let For::Only(waiting) = &mut *self.lock() {
            // Mostly it is there already, and no name is made.
            match waiting.get_mut(robot) {
                Some(known) => *known = what.max(*known),
                None => drop(waiting.insert(robot.to_owned(), what)),
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
    use super::{Bell, For, News, What};

    #[tokio::test]
    async fn news_wait_until_they_are_taken_and_name_whom_they_are_for() {
        let news = News::default();
        news.sold("owner");
        news.queued("chef");
        news.sold("chef");
        news.sold("owner");
        let taken = news.next().await;
        let of = ["owner", "chef", "tech"].map(|robot| taken.of(robot));
        assert_eq!(of, [Some(What::Sales), Some(What::Any), None]);
        news.queued("tech");
        news.changed();
        news.sold("tech");
        assert_eq!(news.next().await, For::All);
        let none = tokio::time::timeout(std::time::Duration::from_millis(5), news.next()).await;
        assert!(none.is_err(), "{none:?}");
    }

    #[tokio::test]
    async fn a_sale_ends_no_nap_of_a_queue_whose_sales_wait_but_anything_else_does() {
        let bell = Bell::default();
        let soon = std::time::Duration::from_millis(5);
        bell.ring(What::Sales);
        assert!(tokio::time::timeout(soon, bell.rung(true)).await.is_err(), "one sale more");
        bell.rung(false).await;
        bell.ring(What::Any);
        bell.rung(true).await;
    }
}

//! What one queue does next. Pure: now, the queue, the carriers' minutes and the month's purse in,
//! one [`Step`] out.
//!
//! Urgent notices go first, through whichever carrier is free, and owe nothing to the month. Order
//! is kept within a priority: a notice that failed is waited for, until it has failed so often that
//! the trouble may be its own. It renders nothing and sends nothing.

use super::budget::{self, Pace, pace};
use super::quota::Purse;
use super::schedule;
use crate::config::Sales;
use crate::journal::{Look, Stage, Topic, Traffic, Waiting};

/// A notice that failed so often no longer holds up those behind it.
const ORDER_TRIES: u32 = 4;

/// Most notices of one priority that are tried again and again at the same time: in an outage each
/// is one more that asks in vain.
const MAX_TROUBLED: usize = 4;

/// A sale that waited longer than it was meant to is late: several of them go together, whatever
/// `sales` says.
const LATE_MS: i64 = 5 * 60 * 1000;

/// More sales than this at once go together, whatever `sales` says: a phone that rings eight times
/// is not read eight times, and a third of the minute would be gone.
const MANY: usize = 5;

/// How long `sales = "digest"` gathers, where the month allows it: a digest that is often enough to
/// be of use, 48 a day of 12 hours.
const DIGEST_EVERY_MS: i64 = 15 * 60 * 1000;

/// What is known when a queue is looked at.
#[derive(Clone, Debug)]
pub(super) struct View<'a> {
    /// Wall time in milliseconds.
    pub(super) now_ms: i64,
    /// The queue and the carriers' minutes.
    pub(super) look: &'a Look,
    /// Robots that can carry it, the preferred one first.
    pub(super) carriers: &'a [String],
    /// How sales are told.
    pub(super) sales: Sales,
    /// What ordinary messages may spend.
    pub(super) purse: Purse,
}

/// Why sales are told together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Why {
    /// There are more than messages may be.
    Budget,
    /// They could not be told earlier.
    Late {
        /// When the oldest was queued, wall time in milliseconds.
        since_ms: i64,
    },
}

/// What to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Send this notice.
    Send {
        /// Its place in the outbox.
        id: i64,
        /// The robot that carries it.
        carrier: String,
    },
    /// Make a digest of these notices, and look again.
    Merge {
        /// In order, two at least.
        members: Vec<i64>,
        /// The robot that carries it.
        carrier: String,
        /// Why.
        why: Why,
    },
    /// Nothing, before this wall time in milliseconds or a change.
    Wait {
        /// `None`: only a change.
        until_ms: Option<i64>,
        /// Whether one more sale, queued last, is no change: those before it wait for a time too.
        sales_hold: bool,
    },
}

/// What to do next.
pub(super) fn plan(view: &View<'_>) -> Step {
    let mut wake = Wake { at_ms: None, sales_hold: false };
    for urgent in [true, false] {
        if let Some(step) = view.class(urgent, &mut wake) {
            return step;
        }
    }
    Step::Wait { until_ms: wake.at_ms, sales_hold: wake.sales_hold }
}

/// The earliest of several times, and whether a further sale would wait for it too.
struct Wake {
    at_ms: Option<i64>,
    sales_hold: bool,
}

impl Wake {
    fn at(&mut self, at_ms: i64) {
        self.at_ms = Some(self.at_ms.map_or(at_ms, |known| known.min(at_ms)));
    }

    /// What is behind a notice that is not urgent waits with it, till `at_ms` at the earliest.
    fn holds(&mut self, urgent: bool, at_ms: i64) {
        self.at(at_ms);
        self.sales_hold |= !urgent;
    }
}

impl View<'_> {
    fn class(&self, urgent: bool, wake: &mut Wake) -> Option<Step> {
        let ordinary = || self.look.queue.iter().any(|notice| !notice.urgent);
        if let Some(until_ms) = self.look.muted_until_ms.filter(|_| !urgent && ordinary()) {
            wake.holds(urgent, until_ms);
            return None;
        }
        let (mut troubled, mut sales_waiting) = (0, false);
        for notice in self.look.queue.iter().filter(|notice| notice.urgent == urgent) {
            if !self.is_due(notice) {
                wake.at(notice.not_before_ms);
                troubled += 1;
                if notice.attempts < ORDER_TRIES || troubled >= MAX_TROUBLED {
                    wake.holds(urgent, notice.not_before_ms);
                    return None;
                }
                continue;
            }
            if let Stage::Bound { carrier } = &notice.stage {
                match self.pace(carrier, urgent) {
                    // One that is out of use is waited for elsewhere.
                    None => {}
                    Some(Pace::Now) => return Some(send(notice, carrier)),
                    Some(Pace::At(at_ms)) => wake.at(at_ms),
                }
                continue;
            }
            let carrier = match self.free(urgent) {
                Ok(carrier) => carrier,
                Err(at_ms) => {
                    if let Some(at_ms) = at_ms {
                        wake.holds(urgent, at_ms);
                    }
                    return None;
                }
            };
            let step = match notice.topic {
                _ if urgent => Ok(send(notice, carrier)),
                Topic::Sale if sales_waiting => continue,
                Topic::Sale => self.sales(carrier),
                _ => self.paid().map(|()| send(notice, carrier)),
            };
            match step {
                Ok(step) => return Some(step),
                Err(at_ms) if notice.topic == Topic::Sale => {
                    wake.holds(urgent, at_ms);
                    sales_waiting = true;
                }
                Err(at_ms) => wake.at(at_ms),
            }
        }
        None
    }

    /// The next step for the sales that are due, or when there is one.
    fn sales(&self, carrier: &str) -> Result<Step, i64> {
        let due = self.due_sales();
        let oldest_ms = due.iter().map(|sale| sale.created_ms).min().unwrap_or(self.now_ms);
        let age_ms = self.now_ms - oldest_ms;
        let together = match self.sales {
            // The purse is not asked unless what is left is for urgent notices.
            Sales::Each if !self.purse.spent => due.len() > MANY || age_ms >= LATE_MS,
            Sales::Each | Sales::Auto => {
                self.paid()?;
                let room = budget::ordinary_room(self.now_ms, &self.traffic(carrier).recent_ms);
                due.len() > MANY.min(self.purse.credit).min(room) || age_ms >= LATE_MS
            }
            Sales::Digest => {
                if (0..DIGEST_EVERY_MS).contains(&age_ms) {
                    return Err(oldest_ms + DIGEST_EVERY_MS);
                }
                self.paid()?;
                true
            }
        };
        let members = together_with(&due);
        if !together || members.len() < 2 {
            return Ok(send(due[0], carrier));
        }
        // How long they wait when nothing is in the way.
        let meant_ms = match self.sales {
            Sales::Each => 0,
            Sales::Auto => self.purse.spacing_ms,
            Sales::Digest => self.purse.spacing_ms.max(DIGEST_EVERY_MS),
        };
        let late = age_ms >= meant_ms.saturating_add(LATE_MS);
        let why = if late { Why::Late { since_ms: oldest_ms } } else { Why::Budget };
        Ok(Step::Merge { members, carrier: carrier.to_owned(), why })
    }

    fn due_sales(&self) -> Vec<&Waiting> {
        let mergeable = |notice: &&Waiting| {
            notice.topic == Topic::Sale
                && !notice.urgent
                && notice.stage == Stage::Fresh
                && self.is_due(notice)
        };
        self.look.queue.iter().filter(mergeable).collect()
    }

    fn paid(&self) -> Result<(), i64> {
        if self.purse.credit > 0 { Ok(()) } else { Err(self.purse.next_ms) }
    }

    fn is_due(&self, notice: &Waiting) -> bool {
        // Nothing put it off: where its time is ahead, the clock was set back since. After an
        // attempt the two cannot be compared: it may have been put off by that other clock.
        if notice.attempts == 0 && notice.not_before_ms <= notice.created_ms {
            return true;
        }
        // Nor was it put off for longer than this.
        let longest_ms = schedule::longest_wait_ms(notice.attempts, notice.urgent);
        let ahead_ms = notice.not_before_ms.saturating_sub(self.now_ms);
        !(1..=longest_ms).contains(&ahead_ms)
    }

    /// A carrier that is free for a fresh notice, or when one is.
    fn free(&self, urgent: bool) -> Result<&str, Option<i64>> {
        let mut soonest: Option<i64> = None;
        for carrier in self.carriers {
            match self.pace(carrier, urgent) {
                Some(Pace::Now) => return Ok(carrier),
                Some(Pace::At(at_ms)) => {
                    soonest = Some(soonest.map_or(at_ms, |known| known.min(at_ms)));
                }
                None => {}
            }
        }
        Err(soonest)
    }

    fn pace(&self, carrier: &str, urgent: bool) -> Option<Pace> {
        if !self.carriers.iter().any(|known| known == carrier) {
            return None;
        }
        let traffic = self.traffic(carrier);
        let pause_until_ms = traffic.pause_until_ms.max(self.look.ban_until_ms);
        Some(pace(self.now_ms, &traffic.recent_ms, pause_until_ms, urgent))
    }

    fn traffic(&self, carrier: &str) -> &Traffic {
        const NONE: &Traffic = &Traffic { recent_ms: Vec::new(), pause_until_ms: None };
        self.look.traffic.get(carrier).unwrap_or(NONE)
    }
}

fn send(notice: &Waiting, carrier: &str) -> Step {
    Step::Send { id: notice.id, carrier: carrier.to_owned() }
}

/// The first of `due` that one digest may hold, in order.
fn together_with(due: &[&Waiting]) -> Vec<i64> {
    let (mut members, mut most) = (Vec::new(), usize::MAX);
    for sale in due {
        let own = sale.merge_max.map_or(usize::MAX, |most| most as usize);
        if members.len() >= most.min(own) {
            break;
        }
        most = most.min(own);
        members.push(sale.id);
    }
    members
}

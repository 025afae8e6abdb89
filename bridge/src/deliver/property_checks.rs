//! What must hold at every step of delivery's [property](super::property).

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::budget::{Pace, WINDOW_MS, WINDOW_SENDS, pace};
use super::plan::{Step, View, plan};
use super::property::{Turned, World};
use super::property_steps::Answer;
use crate::journal::{About, JournalReader, Look, OutboxState, Stage, Topic, Waiting};

/// Turns within which a queue must be empty once DingTalk takes everything.
const MAX_DRAIN: usize = 2_000;

/// A queue that one sale more is no news to does nothing else with it before its time.
pub(super) fn one_sale_more_waits_too(
    view: &View<'_>,
    until_ms: Option<i64>,
) -> Result<(), TestCaseError> {
    let until_ms = until_ms.expect("what holds sales ends");
    for now_ms in [view.now_ms, i64::midpoint(view.now_ms, until_ms), until_ms - 1] {
        let mut look = view.look.clone();
        look.queue.push(Waiting {
            id: i64::MAX,
            topic: Topic::Sale,
            urgent: false,
            created_ms: now_ms,
            not_before_ms: now_ms,
            attempts: 0,
            stage: Stage::Fresh,
            merge_max: None,
        });
        let step = plan(&View { now_ms, look: &look, ..view.clone() });
        let same = matches!(step, Step::Wait { until_ms: Some(at), .. } if at == until_ms);
        prop_assert!(same, "{step:?} at {now_ms} instead of waiting until {until_ms}");
    }
    Ok(())
}

impl World {
    /// Whether an urgent one that nothing stands in the way of was passed over.
    pub(super) fn no_urgent_one_could_go(&self, look: &Look) -> Result<(), TestCaseError> {
        let now_ms = self.now_ms();
        let free = |carrier: &String| {
            let traffic = look.traffic.get(carrier).cloned().unwrap_or_default();
            let pause = traffic.pause_until_ms.max(look.ban_until_ms);
            pace(now_ms, &traffic.recent_ms, pause, true) == Pace::Now
        };
        let first = look.queue.iter().find(|waiting| waiting.urgent);
        if let Some(first) = first.filter(|first| first.not_before_ms <= now_ms) {
            let could = match &first.stage {
                Stage::Fresh => self.usable().iter().any(free),
                Stage::Bound { carrier } => self.usable().contains(carrier) && free(carrier),
            };
            prop_assert!(!could, "{:?} was passed over", first);
        }
        Ok(())
    }

    /// What DingTalk counts, by true time.
    pub(super) fn asked_now(&mut self, carrier: &str) -> Result<(), TestCaseError> {
        let now_ms = self.true_ms;
        let asked = self.asked.entry(carrier.to_owned()).or_default();
        asked.push(now_ms);
        let inside = asked.iter().filter(|at| **at > now_ms - WINDOW_MS).count();
        // A clock that is set may hide a minute once; DingTalk's own count is what the reserve is for.
        prop_assert!(self.off_ms != 0 || inside <= WINDOW_SENDS, "{inside} in a minute");
        Ok(())
    }

    pub(super) fn reader(&self) -> JournalReader {
        JournalReader::open(&self.dir.path().join("j.db")).expect("opens")
    }

    pub(super) fn nothing_is_lost(&self) -> Result<(), TestCaseError> {
        let reader = self.reader();
        let in_group: BTreeSet<i64> = self.group.values().flatten().copied().collect();
        let mut seen = 0;
        for &state in OutboxState::ALL {
            for row in reader.outbox(state, 10_000).expect("reads") {
                let is_sale = matches!(row.about, About::Event { .. });
                seen += i64::from(is_sale);
                match state {
                    OutboxState::Delivered if is_sale => {
                        prop_assert!(in_group.contains(&row.id), "{:?} is in no message", row);
                    }
                    OutboxState::Merged => {
                        let digest = reader.notice(row.digest.expect("one")).expect("reads");
                        let state = digest.expect("there").state;
                        let alive = [OutboxState::Queued, OutboxState::Parked];
                        prop_assert!(alive.contains(&state), "{:?} of {:?}", row, state);
                    }
                    OutboxState::Parked | OutboxState::Dead => {
                        prop_assert!(row.reason.is_some(), "{:?}", row);
                    }
                    OutboxState::Dropped => prop_assert!(!is_sale, "{:?}", row),
                    OutboxState::Sending => prop_assert!(false, "nothing is under way: {:?}", row),
                    _ => {}
                }
            }
        }
        prop_assert_eq!(seen, self.sold);
        Ok(())
    }

    /// Once DingTalk takes everything, everything leaves.
    pub(super) fn drain(&mut self) -> Result<(), TestCaseError> {
        self.mend();
        for _ in 0..MAX_DRAIN {
            match self.turn(Answer::Ok, 0)? {
                Turned::Again => {}
                Turned::Nap(Some(until_ms)) => self.true_ms += until_ms - self.now_ms(),
                Turned::Nap(None) => break,
            }
        }
        let left = self.reader().undelivered(None, 10).expect("reads");
        let stuck: Vec<_> = left.iter().filter(|row| row.state != OutboxState::Dead).collect();
        prop_assert!(stuck.is_empty(), "{stuck:?}");
        Ok(())
    }
}

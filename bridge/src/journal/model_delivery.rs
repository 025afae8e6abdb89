//! The delivery steps of the journal's [property](super::model).

use proptest::prelude::*;

use super::model::World;
use super::model_outbox::{End, What};
use super::{Ask, Attempt, Begin, Finish, Frozen, NewAlarm, OutboxState, Part, Settle, Stage};

impl World {
    pub(super) fn request(&mut self) -> Frozen {
        self.requests += 1;
        Frozen { msg_uuid: format!("u-{}", self.requests), body: "b".repeat(500) }
    }

    pub(super) fn deliver(&mut self, nth: usize, end: Option<End>) -> Result<(), TestCaseError> {
        let (journal, now_ms) = (self.journal.clone(), self.now_ms());
        let robot = "owner".to_owned();
        let ask = Ask { carriers: vec![robot.clone()], robot, now_ms, month_ms: now_ms };
        let look = self.runtime.block_on(journal.look(ask)).expect("a look");
        let Some(waiting) = look.queue.get(nth % look.queue.len().max(1)) else { return Ok(()) };
        let row = self.outbox.rows[&waiting.id].clone();
        prop_assert_eq!(row.state, OutboxState::Queued);
        let content = self.runtime.block_on(journal.contents(vec![waiting.id])).expect("reads");
        let frozen = content[0].frozen.clone();
        let (carrier, frozen) = match (&waiting.stage, frozen) {
            (Stage::Bound { carrier }, Some(frozen)) => (carrier.clone(), frozen),
            (Stage::Fresh, None) => (["owner", "more"][nth % 2].to_owned(), self.request()),
            (stage, frozen) => return Err(TestCaseError::fail(format!("{stage:?} {frozen:?}"))),
        };
        if let Some(bound) = row.bound {
            prop_assert_eq!(bound, (carrier.clone(), frozen.msg_uuid.clone()), "the same again");
        }
        let uuid = frozen.msg_uuid.clone();
        let begin = Begin { outbox_id: waiting.id, carrier: carrier.clone(), frozen, now_ms };
        let attempt = self.runtime.block_on(journal.begin(begin));
        let Ok(Some(attempt_id)) = attempt else {
            prop_assert!(attempt.is_err(), "a queued notice can begin");
            return Ok(());
        };
        self.outbox.begin(waiting.id, &carrier, &uuid);
        let Some(end) = end else { return Ok(()) };
        let queue = |same| Settle::Queue { not_before_ms: now_ms, same, reason: "why".into() };
        let (outcome, settle) = match end {
            End::Ok => ("delivered", Settle::Delivered),
            End::Fail => ("throttled", queue(false)),
            End::Unknown => ("unknown", queue(true)),
            End::Refused => ("content", Settle::Dead { reason: "no".into() }),
            End::Parked => ("config", Settle::Park { reason: "no".into() }),
        };
        let detail = "in words".repeat(40);
        let attempt = Attempt { attempt_id, outcome, detail, http_status: None, errcode: None };
        let (outbox_id, pause_until_ms) = (waiting.id, None);
        let finish = Finish { outbox_id, attempt, finished_ms: now_ms, settle, pause_until_ms };
        if self.runtime.block_on(journal.finish(finish)).is_ok() {
            self.outbox.finish(waiting.id, end);
        }
        Ok(())
    }

    pub(super) fn merge(&mut self, counts: [usize; 2]) -> Result<(), TestCaseError> {
        let fresh = self.outbox.fresh();
        let cut = |from: usize, count: usize| -> Vec<i64> {
            fresh.iter().skip(from).take(count).copied().collect()
        };
        let members = [cut(0, counts[0]), cut(counts[0], counts[1])];
        let parts = members.map(|members| Part { members, frozen: self.request() });
        let model: Vec<_> =
            parts.iter().map(|p| (p.members.clone(), p.frozen.msg_uuid.clone())).collect();
        let (now_ms, parts) = (self.now_ms(), parts.to_vec());
        if let Ok(done) = self.runtime.block_on(self.journal.merge("owner", "more", parts, now_ms))
        {
            prop_assert!(done, "they were fresh");
            let ids = self.new_ids();
            self.outbox.merge(&ids, &model, "more", now_ms);
        }
        Ok(())
    }

    pub(super) fn alarm(&mut self, key: u8) -> Result<(), TestCaseError> {
        let (created_ms, robot) = (self.now_ms(), "owner".to_owned());
        let alarm = NewAlarm { robot, key: key.to_string(), body: "{}".into(), created_ms };
        if let Ok(new) = self.runtime.block_on(self.journal.raise(alarm)) {
            prop_assert_eq!(new, self.alarms.insert(key));
            if new {
                let ids = self.new_ids();
                self.outbox.add(ids[0], What::Alarm, created_ms);
            }
        }
        Ok(())
    }

    pub(super) fn park(&mut self, park: bool) -> Result<(), TestCaseError> {
        let now_ms = self.now_ms();
        let journal = self.journal.clone();
        let done = if park {
            self.runtime.block_on(journal.park("owner", None, "why"))
        } else {
            self.runtime.block_on(journal.unpark("owner", now_ms))
        };
        if let Ok(count) = done {
            let expected = if park { self.outbox.park() } else { self.outbox.unpark() };
            prop_assert_eq!(count, expected);
        }
        Ok(())
    }

    pub(super) fn by_hand(&mut self, id: i64, again: bool) -> Result<(), TestCaseError> {
        let (journal, now_ms) = (self.journal.clone(), self.now_ms());
        let done = if again {
            self.runtime.block_on(journal.retry(vec![id], now_ms))
        } else {
            self.runtime.block_on(journal.drop_notices(vec![id], "old"))
        };
        if let Ok(ids) = done {
            let expected = if again { self.outbox.retry(id) } else { self.outbox.drop_out(id) };
            prop_assert_eq!(ids == [id], expected, "{:?}", ids);
        }
        Ok(())
    }
}

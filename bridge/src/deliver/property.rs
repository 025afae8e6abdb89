//! Delivery's property: for any sequence of notices, outcomes, restarts and clock steps, over the
//! real journal: no carrier's minute is overdrawn, urgent notices precede ordinary ones, nothing is
//! lost, and what may have arrived is repeated unchanged by the same carrier.
//!
//! `POSBRIDGE_DELIVERY_CASES` asks for more cases than the ordinary run has.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use tokio::runtime::Runtime;

use super::bench::sale;
use super::plan::{Step as Next, View, plan};
use super::property_checks::one_sale_more_waits_too;
use super::property_steps::{Answer, Step, outcome, steps};
use super::quota::{self, Means};
use super::schedule::{self, Ended};
use crate::config::Sales;
use crate::journal::{
    Ask, Attempt, Batch, Begin, Finish, Frozen, Journal, Look, NewNotice, Part, Topic, Waiting,
};

const CASES: u32 = 48;
const START_MS: i64 = 1_795_233_682_000;

/// What a turn came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turned {
    Again,
    /// Nothing to do before this, or before a change.
    Nap(Option<i64>),
}

pub(super) struct World {
    pub(super) dir: tempfile::TempDir,
    journal: Option<Journal>,
    pub(super) runtime: Runtime,
    sales: Sales,
    /// True time, and how far the wall clock is off it.
    pub(super) true_ms: i64,
    pub(super) off_ms: i64,
    pub(super) sold: i64,
    requests: u32,
    out: BTreeSet<String>,
    /// True times at which each carrier was asked.
    pub(super) asked: BTreeMap<String, Vec<i64>>,
    /// What each notice was asked in, while that may have arrived.
    unknown: BTreeMap<i64, (String, Frozen)>,
    /// Requests in the group, by idempotency key, with what they tell.
    pub(super) group: BTreeMap<String, Vec<i64>>,
}

fn carriers() -> [String; 2] {
    ["owner".to_owned(), "more".to_owned()]
}

impl World {
    fn new(sales: Sales) -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let journal = Journal::open(&dir.path().join("j.db")).expect("opens");
        Self {
            dir,
            journal: Some(journal),
            runtime: tokio::runtime::Builder::new_current_thread().build().expect("a runtime"),
            sales,
            true_ms: START_MS,
            off_ms: 0,
            sold: 0,
            requests: 0,
            out: BTreeSet::new(),
            asked: BTreeMap::new(),
            unknown: BTreeMap::new(),
            group: BTreeMap::new(),
        }
    }

    pub(super) fn now_ms(&self) -> i64 {
        self.true_ms + self.off_ms
    }

    fn journal(&self) -> Journal {
        self.journal.clone().expect("open")
    }

    pub(super) fn usable(&self) -> Vec<String> {
        carriers().into_iter().filter(|name| !self.out.contains(name)).collect()
    }

    fn apply(&mut self, step: Step) -> Result<(), TestCaseError> {
        match step {
            Step::Sell { count, urgent } => self.sell(count, urgent),
            Step::Turn { turns, answer, dice } => {
                for _ in 0..turns {
                    if self.turn(answer, dice)? != Turned::Again {
                        break;
                    }
                }
            }
            Step::Wait(ms) => self.true_ms += ms,
            Step::Set(ms) => self.off_ms += ms,
            Step::Restart => self.restart(),
            Step::Mend => self.mend(),
        }
        Ok(())
    }

    fn sell(&mut self, count: usize, urgent: bool) {
        let created_ms = self.now_ms();
        let mut batch = Batch::default();
        for _ in 0..count {
            self.sold += 1;
            let event = sale("owner", self.sold);
            let robot = "owner".to_owned();
            batch.notices.push(NewNotice { event_id: event.id, robot, urgent, created_ms });
            batch.events.push(event);
        }
        self.journal().commit(batch).expect("commits");
    }

    fn restart(&mut self) {
        self.journal = None;
        self.out.clear();
        let journal = Journal::open(&self.dir.path().join("j.db")).expect("opens");
        self.runtime.block_on(journal.recover(self.now_ms())).expect("reads");
        self.journal = Some(journal);
    }

    pub(super) fn mend(&mut self) {
        self.out.clear();
        let journal = self.journal();
        self.runtime.block_on(journal.unpark("owner", self.now_ms())).expect("reads");
    }

    fn look(&self) -> Look {
        let now_ms = self.now_ms();
        let month_ms = quota::month(now_ms, &jiff::tz::TimeZone::UTC).start_ms;
        let ask = Ask { robot: "owner".into(), carriers: carriers().to_vec(), now_ms, month_ms };
        self.runtime.block_on(self.journal().look(ask)).expect("a look")
    }

    /// One turn of the worker, without its words and its HTTP.
    pub(super) fn turn(&mut self, answer: Answer, dice: u64) -> Result<Turned, TestCaseError> {
        let usable = self.usable();
        if usable.is_empty() {
            return Ok(Turned::Nap(None));
        }
        let (now_ms, look) = (self.now_ms(), self.look());
        let means = Means {
            month: quota::month(now_ms, &jiff::tz::TimeZone::UTC),
            calls: look.calls,
            quota: 3_000,
            trading_ms: quota::trading_ms(None),
            shares: 1,
            ordinary_ms: &look.ordinary_ms,
        };
        let purse = quota::purse(now_ms, &means);
        let view = View { now_ms, look: &look, carriers: &usable, sales: self.sales, purse };
        match plan(&view) {
            Next::Wait { until_ms, sales_hold } => {
                prop_assert!(until_ms.is_none_or(|at| at > now_ms), "{until_ms:?} at {now_ms}");
                if sales_hold {
                    one_sale_more_waits_too(&view, until_ms)?;
                }
                return Ok(Turned::Nap(until_ms));
            }
            Next::Merge { members, carrier, .. } => {
                self.no_urgent_one_could_go(&look)?;
                let cut = members.len().div_ceil(2);
                let parts = members.chunks(cut).map(<[i64]>::to_vec).collect::<Vec<_>>();
                let parts =
                    parts.into_iter().map(|members| Part { members, frozen: self.request() });
                let parts: Vec<Part> = parts.collect();
                let merge = self.journal();
                let merge = merge.merge("owner", &carrier, parts, now_ms);
                prop_assert!(self.runtime.block_on(merge).expect("writes"), "as it was looked at");
            }
            Next::Send { id, carrier } => {
                let notice = look.queue.iter().find(|waiting| waiting.id == id).expect("queued");
                if !notice.urgent {
                    self.no_urgent_one_could_go(&look)?;
                }
                self.send(notice, &carrier, answer, dice)?;
            }
        }
        Ok(Turned::Again)
    }

    fn request(&mut self) -> Frozen {
        self.requests += 1;
        let msg_uuid = format!("u-{}", self.requests);
        Frozen { body: format!("body of {msg_uuid}"), msg_uuid }
    }

    fn send(
        &mut self,
        notice: &Waiting,
        carrier: &str,
        answer: Answer,
        dice: u64,
    ) -> Result<(), TestCaseError> {
        let (id, now_ms, journal) = (notice.id, self.now_ms(), self.journal());
        let content = self.runtime.block_on(journal.contents(vec![id])).expect("reads").remove(0);
        let repeated = content.frozen.is_some() && notice.attempts > 0;
        let frozen = content.frozen.unwrap_or_else(|| self.request());
        if let Some(before) = self.unknown.get(&id) {
            prop_assert_eq!(before, &(carrier.to_owned(), frozen.clone()), "it may have arrived");
        }
        let begin =
            Begin { outbox_id: id, carrier: carrier.into(), frozen: frozen.clone(), now_ms };
        let attempt_id = self.runtime.block_on(journal.begin(begin)).expect("writes");
        let attempt_id = attempt_id.expect("queued and bound to nobody else");
        self.asked_now(carrier)?;
        self.unknown.insert(id, (carrier.to_owned(), frozen.clone()));
        let arrived = match answer {
            Answer::Ok => true,
            Answer::Unknown { arrived } | Answer::Dies { arrived } => arrived,
            _ => false,
        };
        if arrived {
            let told = self.told_by(notice);
            self.group.entry(frozen.msg_uuid).or_insert(told);
        }
        let Some(outcome) = outcome(answer) else {
            drop(journal);
            self.restart();
            return Ok(());
        };
        let http_status = (answer != Answer::NoWay).then_some(200);
        let others = self.usable().len() > 1;
        let (attempts, urgent) = (notice.attempts + 1, notice.urgent);
        let ended = Ended {
            now_ms,
            attempts,
            urgent,
            repeated,
            http_status,
            others,
            outcome: &outcome,
            why: "why",
        };
        let next = schedule::next(ended, dice);
        let attempt = Attempt {
            attempt_id,
            outcome: outcome.word(),
            detail: String::new(),
            http_status,
            errcode: None,
        };
        let (settle, pause_until_ms) = (next.settle, next.pause_until_ms);
        let finish = Finish { outbox_id: id, attempt, finished_ms: now_ms, settle, pause_until_ms };
        self.runtime.block_on(journal.finish(finish)).expect("writes");
        if !matches!(answer, Answer::Unknown { .. } | Answer::NoWay | Answer::Banned) {
            self.unknown.remove(&id);
        }
        if let Some(reason) = next.out {
            self.out.insert(carrier.to_owned());
            let which = (!self.usable().is_empty()).then_some(carrier);
            self.runtime.block_on(journal.park("owner", which, &reason)).expect("writes");
        }
        Ok(())
    }

    /// The sales that a message tells, by their places in the outbox.
    fn told_by(&self, notice: &Waiting) -> Vec<i64> {
        if notice.topic != Topic::Digest {
            return vec![notice.id];
        }
        let members = self.reader().members(notice.id).expect("reads");
        members.into_iter().map(|row| row.id).collect()
    }
}

fn cases() -> u32 {
    std::env::var("POSBRIDGE_DELIVERY_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(CASES)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases()))]
    #[test]
    fn whatever_happens_the_minute_holds_urgent_goes_first_and_nothing_is_lost(
        steps in steps(),
        sales in prop_oneof![Just(Sales::Each), Just(Sales::Digest), Just(Sales::Auto)],
    ) {
        let mut world = World::new(sales);
        for step in steps {
            world.apply(step)?;
            world.nothing_is_lost()?;
        }
        world.drain()?;
        world.nothing_is_lost()?;
    }
}

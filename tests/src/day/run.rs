//! Plays the script: prints on time, lets go wrong what goes wrong, kills, and watches both groups.
//!
//! Two threads: one sells by the clock and never waits for anybody, the other is the operator, who
//! kills and starts processes and sets the robot anew while selling goes on.

use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use jiff::civil::date;
use posbridge::clock::Clock;
use tokio::runtime::Runtime;

use super::budget::daily_share;
use super::group::Group;
use super::naive::Naive;
use super::script::{Act, Scale, Script};
use super::shop;
use super::table::Table;
use super::tills::Tills;
use super::verdict::{Facts, Row};
use crate::bridge::Bridge;
use crate::wait::SOON;

/// Pause between two looks, in real time.
const LOOK_PAUSE: Duration = Duration::from_millis(5);
/// How long a group is watched after everything was told, in real time: a duplicate comes late.
const AFTERMATH: Duration = Duration::from_secs(3);

/// Who tells the group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Senders {
    /// Both, side by side.
    Both,
    /// The naive sender alone; no bridge is started.
    Naive,
    /// The bridge alone.
    Bridge,
}

/// What came of a day.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The table.
    pub table: Table,
    /// What the bridge promised and did not hold; empty where it did not take part.
    pub broken: Vec<String>,
    /// What the bridge's processes logged.
    pub log: String,
}

/// Plays a day.
///
/// # Panics
/// Where a process of the bridge does not start or a till cannot print.
pub fn run(scale: Scale, seed: u64, senders: Senders) -> Outcome {
    let script = Script::new(scale, seed);
    let runtime = Runtime::new().expect("threads");
    let clock = Clock::parse(&script.clock()).expect("a clock");
    let mut stage = Stage::set(script, senders, clock, &runtime);
    stage.play();
    stage.outcome(seed)
}

/// Everything that takes part. Fields are dropped in order.
struct Stage {
    script: Script,
    clock: Clock,
    /// Till by till when each slip was on paper.
    printed_ms: Vec<Option<i64>>,
    naive: Option<(Naive, Group)>,
    bridge: Option<(Bridge, Group)>,
    tills: Option<Tills>,
    /// When nobody could have said anything.
    away: Vec<(i64, i64)>,
    /// The bridge's deaths, on top of that.
    dead: Mutex<Vec<(i64, i64)>>,
    /// Set while the naive sender is to be killed in an attempt: its attempts before.
    naive_dies_after: Option<usize>,
}

impl Stage {
    fn set(script: Script, senders: Senders, clock: Clock, runtime: &Runtime) -> Self {
        let argument = clock.argument().expect("virtual time");
        let time = possim::clock::Clock::parse(&argument).expect("the same argument");
        let naive = (senders != Senders::Bridge).then(|| {
            let group = Group::open(runtime, time);
            (Naive::start(runtime, &group, clock), group)
        });
        let tills = (senders != Senders::Naive).then(|| Tills::open(runtime, time));
        let bridge = tills.as_ref().map(|tills| {
            let group = Group::open(runtime, time);
            let mut bridge = shop::bridge(argument, tills, &group, script.monthly_quota);
            bridge.start_brain();
            (bridge, group)
        });
        Self {
            printed_ms: vec![None; script.slips.len()],
            script,
            clock,
            naive,
            bridge,
            tills,
            away: Vec::new(),
            dead: Mutex::new(Vec::new()),
            naive_dies_after: None,
        }
    }

    /// Sells the day and waits until both groups are quiet.
    fn play(&mut self) {
        let (orders, heard) = mpsc::channel();
        let bridge = self.bridge.take();
        let (clock, dead) = (self.clock, std::mem::take(&mut self.dead));
        thread::scope(|scope| {
            let operator = bridge.map(|(bridge, group)| {
                let group_of_bridge = std::sync::Arc::new(group);
                let own = std::sync::Arc::clone(&group_of_bridge);
                let dead = &dead;
                let thread = scope.spawn(move || operate(bridge, &own, &heard, clock, dead));
                (thread, group_of_bridge)
            });
            let group = operator.as_ref().map(|(_, group)| &**group);
            self.sell(group, &orders);
            drop(orders);
            self.bridge = operator.map(|(thread, group)| {
                let bridge = thread.join().expect("an operator who got everything done");
                (bridge, std::sync::Arc::into_inner(group).expect("the operator is gone"))
            });
        });
        self.dead = dead;
        self.settle();
    }

    /// Prints and lets things go wrong by the clock.
    fn sell(&mut self, group: Option<&Group>, orders: &Sender<(Act, usize)>) {
        let mut acts = self.script.acts.clone().into_iter().peekable();
        for slip in 0..self.script.slips.len() {
            let at_s = self.script.slips[slip].at_s;
            while let Some((act_s, act)) = acts.next_if(|(act_s, _)| *act_s <= at_s) {
                self.wait_until(act_s);
                self.act(act, group, orders);
            }
            self.wait_until(at_s);
            match &self.tills {
                Some(tills) => {
                    let printout = &self.script.slips[slip];
                    tills.print(printout.till, slip, printout.bytes.clone());
                }
                None => self.on_paper(slip, self.clock.wall_ms()),
            }
        }
        for (act_s, act) in acts {
            self.wait_until(act_s);
            self.act(act, group, orders);
        }
    }

    /// Looks after the tills until so many seconds after opening.
    fn wait_until(&mut self, at_s: u32) {
        let due_ms = Script::opening_ms() + i64::from(at_s) * 1_000;
        loop {
            self.look();
            let left = due_ms - self.clock.wall_ms();
            if left <= 0 {
                return;
            }
            let left = Duration::from_millis(left.unsigned_abs());
            thread::sleep(self.clock.real_duration(left).min(LOOK_PAUSE));
        }
    }

    /// Takes what got on paper, and kills the naive sender where that is due.
    fn look(&mut self) {
        if let Some(tills) = &mut self.tills {
            for paper in tills.on_paper(&self.script.slips) {
                self.on_paper(paper.slip, paper.at_ms);
            }
        }
        if let (Some(before), Some((naive, group))) = (self.naive_dies_after, &mut self.naive)
            && group.attempts().len() > before
        {
            naive.kill();
            self.naive_dies_after = None;
        }
    }

    fn on_paper(&mut self, slip: usize, at_ms: i64) {
        self.printed_ms[slip] = Some(at_ms);
        if let Some((naive, _)) = &self.naive {
            naive.tell(self.script.slips[slip].truth.clone());
        }
    }

    fn act(&mut self, act: Act, group: Option<&Group>, orders: &Sender<(Act, usize)>) {
        if let Act::Cut(seconds) | Act::Storm(seconds) = act {
            let now = self.clock.wall_ms();
            self.away.push((now, now + i64::from(seconds) * 1_000));
        }
        if let Some(group) = group {
            // Counted before the fault waits: the next call is the one in which a process dies.
            let before = group.attempts().len();
            group.suffer(act);
            orders.send((act, before)).expect("an operator who is at work");
        }
        if let Some((naive, group)) = &mut self.naive {
            let before = group.attempts().len();
            group.suffer(act);
            match act {
                Act::KillInAttempt => self.naive_dies_after = Some(before),
                Act::KillSender => naive.kill(),
                Act::RobotSet => naive.set_anew(group),
                _ => {}
            }
        }
    }

    /// Waits until every slip is on paper and was told, or could have been.
    fn settle(&mut self) {
        let patience = Duration::from_secs(self.script.settle_s.into());
        let deadline = Instant::now() + self.clock.real_duration(patience).max(SOON);
        while Instant::now() < deadline && !self.is_told() {
            self.look();
            thread::sleep(LOOK_PAUSE.saturating_mul(20));
        }
        let quiet = Instant::now() + AFTERMATH;
        while Instant::now() < quiet {
            self.look();
            thread::sleep(LOOK_PAUSE);
        }
    }

    /// Whether the bridge has nothing left to tell; of the naive sender nothing more is expected than
    /// what it does in the aftermath.
    fn is_told(&self) -> bool {
        let Some((bridge, group)) = &self.bridge else { return true };
        let printed: Option<Vec<i64>> = self.printed_ms.iter().copied().collect();
        let Some(printed) = printed else { return false };
        let row = Row::of(&self.facts(group, &printed));
        let waiting = |state: &str| matches!(state, "queued" | "sending");
        row.lost == 0 && !bridge.outbox().iter().any(|(state, ..)| waiting(state))
    }

    fn facts(&self, group: &Group, printed: &[i64]) -> Facts {
        Facts {
            slips: self.script.truth(),
            printed_ms: printed.to_vec(),
            messages: group.messages(),
            attempts: group.attempts(),
            away: self.away.clone(),
        }
    }

    fn outcome(&self, seed: u64) -> Outcome {
        let printed: Option<Vec<i64>> = self.printed_ms.iter().copied().collect();
        let printed = printed.expect("every slip on paper");
        let share = daily_share(self.script.monthly_quota, date(2026, 12, 1));
        let (mut rows, mut broken, mut log) = (Vec::new(), Vec::new(), String::new());
        if let Some((_, group)) = &self.naive {
            rows.push(("naive", Row::of(&self.facts(group, &printed))));
        }
        if let Some((bridge, group)) = &self.bridge {
            let mut facts = self.facts(group, &printed);
            let dead = self.dead.lock().unwrap_or_else(PoisonError::into_inner);
            facts.away.extend(dead.iter().copied());
            let row = Row::of(&facts);
            broken = row.broken_promises(share);
            rows.push(("bridge", row));
            log = bridge.log();
        }
        let table = Table { seed, slips: printed.len(), rate: self.script.rate, share, rows };
        Outcome { table, broken, log }
    }
}

/// Does what an act asks of somebody at the machine, one after the other; the bridge afterwards.
fn operate(
    mut bridge: Bridge,
    group: &Group,
    orders: &Receiver<(Act, usize)>,
    clock: Clock,
    dead: &Mutex<Vec<(i64, i64)>>,
) -> Bridge {
    for (act, before) in orders {
        if act == Act::KillInAttempt {
            group.until_in_attempt(before);
        }
        let from = clock.wall_ms();
        match act {
            Act::KillInAttempt | Act::KillSender => {
                bridge.kill_brain();
                bridge.start_brain();
            }
            Act::KillWire => {
                let killed = bridge.kill_wire();
                bridge.until_hearing(Some(killed));
            }
            Act::RobotSet => {
                shop::set_robot(&bridge, group);
                continue;
            }
            _ => continue,
        }
        dead.lock().unwrap_or_else(PoisonError::into_inner).push((from, clock.wall_ms()));
    }
    bridge
}

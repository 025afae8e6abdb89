//! The ledger: what happened, what became of it, and what is wrong.

use std::fmt;
use std::time::Duration;

use serde_json::{Value, json};

use super::Plan;
use super::books::Books;
use super::matters::{self, Matters};
use super::memory::Growth;
use super::questions::{self, Fate, Questions};
use super::reconnect::{self, Reconnects};

/// What came of a soak.
#[derive(Clone, Debug)]
pub struct Outcome {
    plan: Plan,
    questions: Questions,
    matters: Matters,
    reconnects: Reconnects,
    growth: Growth,
    took: Duration,
    broken: Vec<String>,
}

impl Outcome {
    pub(super) fn new(
        plan: Plan,
        books: &Books,
        growth: Growth,
        undone: usize,
        settled: bool,
        took: Duration,
    ) -> Self {
        let questions = questions::judge(books, &plan);
        let matters = matters::judge(books, &questions, &plan);
        let reconnects = reconnect::judge(books, &plan);
        let mut broken = questions.broken();
        broken.extend(matters.broken.iter().chain(&reconnects.broken).cloned());
        for log in &books.shortened {
            broken.push(format!("expected the mock's whole log of {log}, found its end alone"));
        }
        if undone > 0 || reconnects.ended != plan.disconnects as usize {
            let (wanted, ended) = (plan.disconnects, reconnects.ended);
            broken.push(format!("expected {wanted} connections to end, found {ended}"));
        }
        if !settled {
            broken.push("expected everything to come to its end, found something waiting".into());
        }
        if !growth.is_bounded() {
            let Growth { early, late, .. } = growth;
            broken.push(format!("expected bounded memory, found {early} KiB, then {late} KiB"));
        }
        Self { plan, questions, matters, reconnects, growth, took, broken }
    }

    /// What is wrong, each in a sentence.
    pub fn broken(&self) -> &[String] {
        &self.broken
    }

    /// The figures, for programs.
    pub fn json(&self) -> Value {
        let Self { plan, questions, matters, reconnects, growth, .. } = self;
        let count = |fate| questions.count(fate);
        json!({
            "seed": plan.seed, "rate": plan.rate, "shop_minutes": plan.span_ms() / 60_000,
            "took_seconds": self.took.as_secs(), "disconnects": reconnects.ended, "kills": plan.kills,
            "questions": {
                "asked": questions.fates.len(),
                "kept": count(Fate::Answered) + count(Fate::Forgotten) + count(Fate::Twice),
                "answered_once": count(Fate::Answered),
                "answered_twice": count(Fate::Twice),
                "kept_and_unanswered": count(Fate::Forgotten),
                "refused": count(Fate::Refused) + count(Fate::Ignored),
                "lost_no_connection": count(Fate::NoConnection),
                "lost_silent": count(Fate::Silent),
                "lost_behind_the_end": count(Fate::Behind),
                "lost_to_a_kill": count(Fate::Killed),
                "answered_by_robot": questions.by_robot,
                "told_later": questions.told_later,
                "answered_ms": spread(&questions.took),
            },
            "events": {
                "decided": matters.decided, "closed_once": matters.closed_once,
                "frames": matters.events, "sent_again": matters.again,
                "acks_lost": matters.acks_lost,
            },
            "cards": {
                "made": matters.cards, "closed_once": matters.cards_closed_once,
                "presses": matters.presses, "answered": matters.answered,
                "slowest_ms": matters.slowest_ms,
            },
            "reconnects": {
                "tries": reconnects.tries, "longest_wait_ms": reconnects.longest_wait_ms,
                "latest_beyond_bound_ms": reconnects.latest_ms,
                "zombies": reconnects.zombies, "zombie_longest_ms": reconnects.zombie_ms,
                "most_tries": reconnects.windows.iter()
                    .map(|(minutes, most, allowed)| json!({"minutes": minutes, "most": most, "allowed": allowed}))
                    .collect::<Vec<Value>>(),
            },
            "memory_kib": { "early": growth.early, "late": growth.late, "most": growth.most },
            "broken": self.broken.len(),
        })
    }
}

fn spread(sorted: &[Duration]) -> Value {
    let at = |share: f64| {
        let index = ((sorted.len() as f64 - 1.0) * share).round().max(0.0) as usize;
        sorted.get(index).map_or(0, Duration::as_millis)
    };
    json!({ "p50": at(0.5) as u64, "p99": at(0.99) as u64, "max": at(1.0) as u64 })
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { plan, questions, matters, reconnects, growth, took, broken } = self;
        let count = |fate| questions.count(fate);
        writeln!(
            f,
            "played       {} min of the shop's time in {:.1} min, seed {}",
            plan.span_ms() / 60_000,
            took.as_secs_f64() / 60.0,
            plan.seed
        )?;
        let took = spread(&questions.took);
        writeln!(
            f,
            "questions    {} asked, {} kept: {} answered once, {} twice, {} never; {} refused\n\
             \x20            lost by the protocol: {} without a connection, {} to a dead one, {} behind \
             an end; {} to a kill\n\
             \x20            answers: p50 {} ms, p99 {} ms, max {} ms; {} by the robot, {} announced",
            questions.fates.len(),
            count(Fate::Answered) + count(Fate::Forgotten) + count(Fate::Twice),
            count(Fate::Answered),
            count(Fate::Twice),
            count(Fate::Forgotten),
            count(Fate::Refused) + count(Fate::Ignored),
            count(Fate::NoConnection),
            count(Fate::Silent),
            count(Fate::Behind),
            count(Fate::Killed),
            took["p50"],
            took["p99"],
            took["max"],
            questions.by_robot,
            questions.told_later,
        )?;
        writeln!(
            f,
            "events       {} processes decided, {} told once; {} frames, {} sent again, {} \
             acknowledgements lost\ncards        {} made, {} closed once; {} presses, {} answered, \
             the slowest in {} ms",
            matters.decided,
            matters.closed_once,
            matters.events,
            matters.again,
            matters.acks_lost,
            matters.cards,
            matters.cards_closed_once,
            matters.presses,
            matters.answered,
            matters.slowest_ms,
        )?;
        writeln!(
            f,
            "connections  {} ended ({} of them silently, found within {:.0} s), {} tries, {} kills",
            reconnects.ended,
            reconnects.zombies,
            reconnects.zombie_ms as f64 / 1e3,
            reconnects.tries,
            plan.kills,
        )?;
        write!(
            f,
            "             longest wait {:.1} s; the latest try {:.2} s {} its bound; tries",
            reconnects.longest_wait_ms as f64 / 1e3,
            reconnects.latest_ms.abs() as f64 / 1e3,
            if reconnects.latest_ms > 0 { "after" } else { "before" },
        )?;
        for (minutes, most, allowed) in &reconnects.windows {
            write!(f, " {most} of {allowed} in {minutes} min,")?;
        }
        let Growth { early, late, most } = growth;
        writeln!(
            f,
            "\nmemory       {early} KiB after a fifth, {late} KiB at the end, at most {most}"
        )?;
        for broken in broken {
            writeln!(f, "BROKEN: {broken}")?;
        }
        writeln!(f, "{}", self.json())
    }
}

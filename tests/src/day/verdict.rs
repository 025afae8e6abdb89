//! What became of the day at one sender: pure arithmetic over what was printed and what its group
//! saw.

use pos_protocol::event::{Event, Kind};
use possim::dingtalk::{Attempt, FaultAnswer, ShownMessage};
use possim::ledger::Reader;
use serde_json::{Value, json};

/// Within what time an urgent slip must be in the group, in milliseconds.
pub const URGENT_WITHIN_MS: i64 = 60_000;

/// The three codes of the rate limit.
const THROTTLED: [i64; 3] = [130_101, 410_100, 660_026];
/// How many examples of a trouble are shown.
const MOST_SHOWN: usize = 10;

/// What happened, as far as a verdict needs it. Times are virtual milliseconds.
#[derive(Clone, Debug, Default)]
pub(super) struct Facts {
    /// What was printed.
    pub(super) slips: Vec<Event>,
    /// When each was on paper.
    pub(super) printed_ms: Vec<i64>,
    /// What the group saw.
    pub(super) messages: Vec<ShownMessage>,
    /// The calls.
    pub(super) attempts: Vec<Attempt>,
    /// When nobody could have said anything: network or DingTalk away, sender dead.
    pub(super) away: Vec<(i64, i64)>,
}

/// How late slips of one priority were, in milliseconds from paper to group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lateness {
    sorted: Vec<i64>,
}

impl Lateness {
    /// The lateness that so many thousandths do not exceed.
    pub fn permille(&self, permille: usize) -> Option<i64> {
        let last = self.sorted.len().checked_sub(1)?;
        self.sorted.get((last * permille).div_ceil(1_000)).copied()
    }
}

/// One sender's day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// Slips that the group never saw.
    pub lost: usize,
    /// Slips that the group saw more than once.
    pub duplicated: usize,
    /// Messages that name a slip without its amount or till.
    pub wrong: usize,
    /// Ordinary slips that were told.
    pub ordinary: Lateness,
    /// Urgent ones.
    pub urgent: Lateness,
    /// Urgent ones that were lost, or told later than they must be, the time in which nobody could
    /// have told them taken out.
    pub urgent_too_late: usize,
    /// Throttled answers that the script injected.
    pub throttled_scripted: usize,
    /// Throttled answers that the sender brought upon itself.
    pub throttled_earned: usize,
    /// Calls that reached DingTalk.
    pub calls: usize,
    /// Messages that the group saw.
    pub messages: usize,
    /// Of them, messages about no slip.
    pub others: usize,
    /// Examples of what is wrong, for people.
    pub troubles: Vec<String>,
}

impl Row {
    /// Judges one sender's day.
    pub(super) fn of(facts: &Facts) -> Self {
        let reader = Reader::new(&facts.slips);
        let mut seen: Vec<Vec<i64>> = vec![Vec::new(); facts.slips.len()];
        let mut row = Self { messages: facts.messages.len(), ..Self::default() };
        for message in &facts.messages {
            let text = format!("{}\n{}", message.title.as_deref().unwrap_or(""), message.text);
            let told = reader.read(&text);
            row.wrong += told.wrong.len();
            row.others += usize::from(told.is_something_else());
            for index in told.right {
                seen[index].push(virtual_ms(&message.time));
            }
            for index in told.wrong {
                row.trouble(format!(
                    "{} is told wrongly: {:?}",
                    name(&facts.slips[index]),
                    message.text
                ));
            }
        }
        for (index, slip) in facts.slips.iter().enumerate() {
            row.count(facts, index, slip, &seen[index]);
        }
        row.ordinary.sorted.sort_unstable();
        row.urgent.sorted.sort_unstable();
        row.count_calls(&facts.attempts);
        row
    }

    fn count(&mut self, facts: &Facts, index: usize, slip: &Event, seen: &[i64]) {
        let urgent = slip.kind != Kind::Sale;
        let Some(first) = seen.iter().min() else {
            self.lost += 1;
            self.urgent_too_late += usize::from(urgent);
            return self.trouble(format!("{} is lost", name(slip)));
        };
        if seen.len() > 1 {
            self.duplicated += 1;
            self.trouble(format!("{} was shown {} times", name(slip), seen.len()));
        }
        let printed = facts.printed_ms[index];
        let late = (first - printed).max(0);
        if urgent {
            let away = away_within(&facts.away, printed, *first);
            if late - away > URGENT_WITHIN_MS {
                self.urgent_too_late += 1;
                let (all, owed) = (late / 1_000, (late - away) / 1_000);
                self.trouble(format!("{} came {all} s late, {owed} s of its own", name(slip)));
            }
            self.urgent.sorted.push(late);
        } else {
            self.ordinary.sorted.push(late);
        }
    }

    fn count_calls(&mut self, attempts: &[Attempt]) {
        for attempt in attempts {
            let reached = attempt.fault != Some(FaultAnswer::ResetBefore);
            let throttled = attempt.errcode.is_some_and(|code| THROTTLED.contains(&code));
            let scripted = attempt.fault == Some(FaultAnswer::Throttle);
            self.calls += usize::from(reached);
            self.throttled_scripted += usize::from(throttled && scripted);
            self.throttled_earned += usize::from(throttled && !scripted);
        }
    }

    fn trouble(&mut self, text: String) {
        self.troubles.push(text);
    }

    /// What the issue demands of the bridge and this row does not hold, within `share` calls.
    pub fn broken_promises(&self, share: u32) -> Vec<String> {
        let mut broken = Vec::new();
        let mut demand = |what: &str, count: usize| {
            if count > 0 {
                broken.push(format!("{what}: {count}"));
            }
        };
        demand("lost", self.lost);
        demand("shown twice", self.duplicated);
        demand("told wrongly", self.wrong);
        demand("urgent later than 60 s", self.urgent_too_late);
        demand("throttled answers of its own making", self.throttled_earned);
        demand("calls beyond the day's share", self.calls.saturating_sub(share as usize));
        broken
    }

    /// As JSON.
    pub fn json(&self) -> Value {
        let late = |lateness: &Lateness| {
            let at = |permille| lateness.permille(permille);
            json!({"told": lateness.sorted.len(), "p50": at(500), "p95": at(950), "max": at(1_000)})
        };
        json!({
            "lost": self.lost, "duplicated": self.duplicated, "wrong": self.wrong,
            "late_ms": {"ordinary": late(&self.ordinary), "urgent": late(&self.urgent)},
            "urgent_too_late": self.urgent_too_late,
            "throttled": {"scripted": self.throttled_scripted, "earned": self.throttled_earned},
            "calls": self.calls, "messages": self.messages, "other_messages": self.others,
            "troubles": self.troubles.iter().take(MOST_SHOWN).collect::<Vec<_>>(),
        })
    }
}

/// How much of the time from `from` to `to` nobody could have said anything.
fn away_within(away: &[(i64, i64)], from: i64, to: i64) -> i64 {
    let mut spans: Vec<(i64, i64)> =
        away.iter().map(|(a, b)| ((*a).max(from), (*b).min(to))).filter(|(a, b)| a < b).collect();
    spans.sort_unstable();
    let mut reached = from;
    let mut sum = 0;
    for (begin, end) in spans {
        sum += (end - begin.max(reached)).max(0);
        reached = reached.max(end);
    }
    sum
}

fn virtual_ms(time: &str) -> i64 {
    time.parse::<jiff::Timestamp>().expect("the mock writes RFC 3339").as_millisecond()
}

fn name(event: &Event) -> String {
    let number = event.receipt.as_ref().and_then(|receipt| receipt.number.as_deref());
    format!("{} #{} ({}, {})", event.kind, number.unwrap_or("-"), event.source, event.observed_at)
}

#[cfg(test)]
mod tests {
    use possim::dingtalk::{Attempt, FaultAnswer};

    use super::{Facts, Lateness, Row, away_within};
    use crate::day::script::{Scale, Script};

    /// A short day of which the group saw nothing.
    fn silent() -> Facts {
        let slips = Script::new(Scale::Short, 1).truth();
        Facts { printed_ms: vec![0; slips.len()], slips, ..Facts::default() }
    }

    #[test]
    fn what_the_group_never_saw_is_lost_and_an_urgent_slip_too_late_as_well() {
        let row = Row::of(&silent());
        assert_eq!((row.lost, row.urgent_too_late, row.duplicated), (40, 4, 0));
        assert_eq!(row.broken_promises(96), ["lost: 40", "urgent later than 60 s: 4"]);
    }

    #[test]
    fn a_throttled_answer_is_the_senders_unless_it_was_scripted() {
        let attempt = |fault: Option<FaultAnswer>, errcode| Attempt {
            seq: 1,
            time: String::new(),
            robot: None,
            msg_uuid: None,
            bytes: 0,
            errcode,
            errmsg: None,
            shown: false,
            banned: false,
            fault,
        };
        let attempts = vec![
            attempt(None, Some(0)),
            attempt(None, Some(660_026)),
            attempt(Some(FaultAnswer::Throttle), Some(660_026)),
            attempt(Some(FaultAnswer::ResetBefore), None),
            attempt(Some(FaultAnswer::Http503), None),
        ];
        let row = Row::of(&Facts { attempts, ..silent() });
        assert_eq!((row.throttled_scripted, row.throttled_earned, row.calls), (1, 1, 4));
    }

    #[test]
    fn time_away_is_counted_once_and_only_while_a_slip_waits() {
        let away = [(10, 20), (15, 30), (50, 60), (90, 200)];
        assert_eq!(away_within(&away, 0, 100), 20 + 10 + 10);
        assert_eq!(away_within(&away, 25, 40), 5);
        assert_eq!(away_within(&away, 60, 90), 0);
    }

    #[test]
    fn lateness_is_what_so_many_do_not_exceed() {
        let lateness = Lateness { sorted: (1..=100).collect() };
        let at = |permille| lateness.permille(permille);
        assert_eq!((at(0), at(500), at(950), at(1_000)), (Some(1), Some(51), Some(96), Some(100)));
        assert_eq!(Lateness::default().permille(500), None);
    }
}

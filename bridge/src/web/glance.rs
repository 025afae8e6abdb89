//! Is it working? Pure: what was found becomes one sentence, and what a person has to do.

use serde::Serialize;

use super::words::Tongue;
use crate::admin::DISK_LOW_MIB;
use crate::control::MonthCalls;
use crate::health::State;
use crate::journal::Queue;
use crate::wire::SourceState;

/// Seconds that the clock may be off `DingTalk`'s before a person is told: a signature holds an hour.
const MAX_AHEAD_S: u64 = 300;
/// Most unread receipts that are counted, and most corrections that are held against them.
pub(super) const MOST_COUNTED: u32 = 64;
/// Parts of health that have words of their own here.
const WORDED: [&str; 2] = ["wire", "clock"];

/// How much something matters, from least to most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Grade {
    /// Nothing is wrong.
    Well,
    /// It works, and something wants a look.
    Look,
    /// Receipts or messages are at stake.
    Act,
}

/// Something to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Need {
    pub(super) grade: Grade,
    pub(super) what: String,
    pub(super) todo: String,
    pub(super) href: Option<&'static str>,
}

/// A source.
#[derive(Clone, Debug)]
pub(super) struct Port {
    pub(super) name: String,
    pub(super) state: Option<SourceState>,
    pub(super) why: Option<String>,
    pub(super) heard_ms: Option<i64>,
}

/// A robot and its queue, and until when it is silent, in words.
#[derive(Clone, Debug)]
pub(super) struct Speaker {
    pub(super) name: String,
    pub(super) queue: Queue,
    pub(super) until: Option<String>,
}

/// What was found.
#[derive(Clone, Debug, Default)]
pub(super) struct Found {
    pub(super) health: State,
    pub(super) ports: Vec<Port>,
    pub(super) speakers: Vec<Speaker>,
    pub(super) month: MonthCalls,
    pub(super) free_mib: Option<u64>,
    /// Receipts of today that could not be read.
    pub(super) unread: usize,
}

/// What there is to do, the most urgent first.
pub(super) fn needs(found: &Found, tongue: Tongue) -> Vec<Need> {
    let mut list = List { tongue, needs: Vec::new() };
    wire(found, &mut list);
    for speaker in &found.speakers {
        queue(speaker, &mut list);
    }
    box_itself(found, &mut list);
    if found.unread > 0 {
        let more = if found.unread >= MOST_COUNTED as usize { "+" } else { "" };
        let count = format!("{}{more}", found.unread);
        list.add(
            Grade::Look,
            ("need_unread", "todo_unread"),
            &[("count", &count)],
            Some("#unread"),
        );
    }
    list.needs.sort_by_key(|need| std::cmp::Reverse(need.grade));
    list.needs
}

/// How it is altogether.
pub(super) fn grade(needs: &[Need]) -> Grade {
    needs.iter().map(|need| need.grade).max().unwrap_or(Grade::Well)
}

/// What is told where nothing is to be done.
pub(super) fn well(found: &Found, tongue: Tongue) -> String {
    let waiting: u64 = found.speakers.iter().map(|speaker| speaker.queue.waiting).sum();
    match waiting {
        0 => tongue.say("well_detail").to_owned(),
        _ => tongue.fill("well_waiting", &[("count", &waiting.to_string())]),
    }
}

/// The one sentence.
pub(super) fn verdict(grade: Grade, tongue: Tongue) -> &'static str {
    tongue.say(match grade {
        Grade::Well => "all_well",
        Grade::Look => "look",
        Grade::Act => "act",
    })
}

struct List {
    tongue: Tongue,
    needs: Vec<Need>,
}

impl List {
    fn add(
        &mut self,
        grade: Grade,
        (what, todo): (&'static str, &'static str),
        values: &[(&str, &str)],
        href: Option<&'static str>,
    ) {
        let what = self.tongue.fill(what, values);
        let todo = self.tongue.fill(todo, values);
        self.needs.push(Need { grade, what: what.trim().to_owned(), todo, href });
    }
}

fn wire(found: &Found, list: &mut List) {
    if !found.health.attached {
        return list.add(Grade::Act, ("need_wire", "todo_wire"), &[], None);
    }
    if !found.health.caught_up {
        list.add(Grade::Look, ("need_behind", "todo_wait"), &[], None);
    }
    for port in &found.ports {
        let why = port.why.as_deref().unwrap_or_default();
        let values = [("port", port.name.as_str()), ("why", why)];
        match port.state {
            Some(SourceState::Open) if port.heard_ms.is_some() => {}
            Some(SourceState::Open) => {
                list.add(Grade::Look, ("need_silent", "todo_silent"), &values, None);
            }
            Some(SourceState::Starting) => {
                list.add(Grade::Look, ("need_port", "todo_wait"), &values, None);
            }
            Some(SourceState::Waiting | SourceState::Failed) | None => {
                list.add(Grade::Act, ("need_port", "todo_port"), &values, None);
            }
        }
    }
}

fn queue(speaker: &Speaker, list: &mut List) {
    let Speaker { name, queue, until } = speaker;
    let outbox = Some("/outbox");
    if queue.parked > 0 {
        let (count, why) = (queue.parked.to_string(), queue.why.clone().unwrap_or_default());
        let values = [("robot", name.as_str()), ("count", &*count), ("why", &*why)];
        list.add(Grade::Act, ("need_parked", "todo_parked"), &values, outbox);
    }
    if queue.dead > 0 {
        let count = queue.dead.to_string();
        let values = [("robot", name.as_str()), ("count", &*count)];
        list.add(Grade::Look, ("need_dead", "todo_dead"), &values, outbox);
    }
    if let Some(until) = until {
        let values = [("robot", name.as_str()), ("until", until.as_str())];
        list.add(Grade::Look, ("need_pause", "todo_pause"), &values, outbox);
    }
}

fn box_itself(found: &Found, list: &mut List) {
    let State { troubles, ahead_s, .. } = &found.health;
    if troubles.contains_key("clock") {
        list.add(Grade::Act, ("need_clock", "todo_clock"), &[], None);
    }
    if let Some(ahead) = ahead_s.filter(|ahead| ahead.unsigned_abs() > MAX_AHEAD_S) {
        let seconds = ahead.to_string();
        list.add(Grade::Look, ("need_ahead", "todo_clock"), &[("seconds", &seconds)], None);
    }
    if let Some(free) = found.free_mib.filter(|free| *free < DISK_LOW_MIB) {
        let free = free.to_string();
        list.add(Grade::Act, ("need_disk", "todo_disk"), &[("free", &free)], None);
    }
    let MonthCalls { used, forecast, quota } = found.month;
    if forecast > u64::from(quota) {
        let (used, forecast, quota) = (used.to_string(), forecast.to_string(), quota.to_string());
        let values = [("used", &*used), ("forecast", &*forecast), ("quota", &*quota)];
        list.add(Grade::Look, ("need_quota", "todo_quota"), &values, None);
    }
    for (part, why) in troubles.iter().filter(|(part, _)| !WORDED.contains(&part.as_str())) {
        let values = [("part", part.as_str()), ("why", why.as_str())];
        list.add(Grade::Act, ("need_trouble", "todo_trouble"), &values, None);
    }
}

#[cfg(test)]
mod tests {
    use super::{Found, Grade, Port, Speaker, grade, needs};
    use crate::control::MonthCalls;
    use crate::health::State;
    use crate::journal::Queue;
    use crate::web::words::Tongue;
    use crate::wire::SourceState;

    fn well() -> Found {
        let port = Port {
            name: "counter-1".into(),
            state: Some(SourceState::Open),
            why: None,
            heard_ms: Some(1),
        };
        let queue = Queue { waiting: 3, ..Queue::default() };
        Found {
            health: State { attached: true, caught_up: true, ..State::default() },
            ports: vec![port],
            speakers: vec![Speaker { name: "owner".into(), queue, until: None }],
            month: MonthCalls { used: 10, forecast: 900, quota: 3_000 },
            free_mib: Some(9_000),
            unread: 0,
        }
    }

    #[test]
    fn where_nothing_is_wrong_nobody_is_told_to_do_anything() {
        assert_eq!(needs(&well(), Tongue::En), []);
        assert_eq!(grade(&[]), Grade::Well);
        let mut found = well();
        assert!(super::well(&found, Tongue::En).contains("on their way: 3"));
        found.speakers[0].queue.waiting = 0;
        assert!(super::well(&found, Tongue::En).contains("every message has gone out"));
    }

    #[test]
    fn each_thing_that_is_wrong_is_named_with_what_to_do_about_it() {
        type Case = (fn(&mut Found), Grade, &'static str);
        let cases: [Case; 12] = [
            (|f| f.health.attached = false, Grade::Act, "not attached"),
            (|f| f.health.caught_up = false, Grade::Look, "still reading"),
            (
                |f| f.ports[0].state = Some(SourceState::Waiting),
                Grade::Act,
                "counter-1 is not heard",
            ),
            (|f| f.ports[0].heard_ms = None, Grade::Look, "nothing has ever come"),
            (|f| f.speakers[0].queue.parked = 4, Grade::Act, "owner: 4 waiting for a person"),
            (|f| f.speakers[0].queue.dead = 2, Grade::Look, "owner: 2 could not"),
            (|f| f.speakers[0].until = Some("12:30".into()), Grade::Look, "silent until 12:30"),
            (|f| f.month.forecast = 4_000, Grade::Look, "forecast at 4000 of 3000"),
            (|f| f.free_mib = Some(100), Grade::Act, "100 MiB"),
            (|f| f.unread = 2, Grade::Look, "could not be read: 2"),
            (|f| f.unread = 64, Grade::Look, "could not be read: 64+"),
            (
                |f| drop(f.health.troubles.insert("journal".into(), "the disk is full".into())),
                Grade::Act,
                "journal: the disk is full",
            ),
        ];
        for (breaks, expected, words) in cases {
            let mut found = well();
            breaks(&mut found);
            let needs = needs(&found, Tongue::En);
            assert_eq!(needs.len(), 1, "{words}: {needs:?}");
            assert!(needs[0].what.contains(words), "{words}: {needs:?}");
            assert!(!needs[0].todo.is_empty() && grade(&needs) == expected, "{needs:?}");
        }
    }

    #[test]
    fn what_is_urgent_stands_first() {
        let mut found = well();
        found.unread = 1;
        found.free_mib = Some(1);
        let grades: Vec<Grade> = needs(&found, Tongue::ZhHk).iter().map(|n| n.grade).collect();
        assert_eq!(grades, [Grade::Act, Grade::Look]);
    }
}

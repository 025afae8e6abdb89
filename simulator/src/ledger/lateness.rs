//! How much of a wait nobody could have shortened.

use std::collections::HashMap;

use super::record::Excused;

/// Times in which nobody could have told, put in order.
#[derive(Debug)]
pub(super) struct Away {
    everybody: Vec<(u64, u64)>,
    /// By robot, its own and everybody's.
    robots: HashMap<String, Vec<(u64, u64)>>,
}

impl Away {
    pub(super) fn new(excused: &[Excused]) -> Self {
        let of = |robot: Option<&str>| {
            let counts = |time: &&Excused| time.robot.is_none() || time.robot.as_deref() == robot;
            joined(
                excused.iter().filter(counts).map(|time| (time.from_us, time.until_us)).collect(),
            )
        };
        let robots = excused.iter().filter_map(|time| time.robot.clone());
        let robots = robots.map(|robot| (robot.clone(), of(Some(&robot)))).collect();
        Self { everybody: of(None), robots }
    }

    /// How much of the time from `from` to `to` `robot` could have said nothing.
    pub(super) fn within(&self, robot: &str, from: u64, to: u64) -> u64 {
        let times = self.robots.get(robot).unwrap_or(&self.everybody);
        let first = times.partition_point(|(_, until)| *until <= from);
        let touching = times[first..].iter().take_while(|(begin, _)| *begin < to);
        touching.map(|(begin, until)| until.min(&to) - begin.max(&from)).sum()
    }
}

/// The same time in order and without overlaps.
fn joined(mut times: Vec<(u64, u64)>) -> Vec<(u64, u64)> {
    times.retain(|(from, until)| from < until);
    times.sort_unstable();
    let mut joined: Vec<(u64, u64)> = Vec::with_capacity(times.len());
    for (from, until) in times {
        match joined.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(until),
            _ => joined.push((from, until)),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::Away;
    use crate::ledger::Excused;

    #[test]
    fn time_away_is_counted_once_and_only_while_a_slip_waits() {
        let time = |from_us, until_us, robot: Option<&str>| Excused {
            from_us,
            until_us,
            robot: robot.map(str::to_owned),
            why: "away".to_owned(),
        };
        let away = Away::new(&[
            time(50, 60, None),
            time(10, 20, None),
            time(15, 30, None),
            time(90, 200, None),
            time(70, 75, Some("a")),
        ]);
        assert_eq!(away.within("b", 0, 100), 20 + 10 + 10);
        assert_eq!(away.within("a", 0, 100), 20 + 10 + 10 + 5);
        assert_eq!(away.within("b", 25, 40), 5);
        assert_eq!(away.within("b", 60, 90), 0);
        assert_eq!(away.within("b", 20, 20), 0);
    }
}

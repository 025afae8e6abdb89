//! What happens when: a pure function of the options.

use std::time::Duration;

/// Most sales of a demonstration. The bridge sends at most 18 messages a minute to keep clear of
/// the robot's 20; a few are left for what else it may have to say.
const MAX_SALES: u32 = 16;
/// Fewest sales: two at each till.
const MIN_SALES: u32 = 6;
/// Fewest sales with deaths in between, so that every till sells before, between and after them.
const MIN_SALES_WITH_KILLS: u32 = 12;
/// Sales that a dead brain misses: one at each till.
const MISSED_SALES: u32 = 3;

/// Which till.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Counter {
    /// On a serial cable with a tap.
    Serial,
    /// On the network, through a proxy.
    Network,
    /// In another shop, on the network, through a proxy of its own.
    Annexe,
}

impl Counter {
    /// All of them, in the order in which they sell.
    pub(super) const ALL: [Self; 3] = [Self::Serial, Self::Network, Self::Annexe];
}

/// One thing that happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    /// A customer pays.
    Sell(Counter),
    /// The brain is killed.
    KillBrain,
    /// The brain is started again.
    StartBrain,
    /// The wire process is killed.
    KillWire,
}

/// One thing, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) after: Duration,
    pub(super) act: Act,
}

/// The plan: customers at the tills in turn, evenly over `seconds`.
pub(super) fn plan(seconds: u32, kill: bool) -> Vec<Step> {
    let fewest = if kill { MIN_SALES_WITH_KILLS } else { MIN_SALES };
    let sales = (seconds * 4 / 5).clamp(fewest, MAX_SALES);
    let gap = Duration::from_secs(u64::from(seconds)) / sales;
    let mut steps = Vec::new();
    for n in 0..sales {
        let mut add = |act| steps.push(Step { after: gap * n, act });
        if kill && n == sales / 3 {
            add(Act::KillBrain);
        }
        if kill && n == sales / 3 + MISSED_SALES {
            add(Act::StartBrain);
        }
        if kill && n == sales * 3 / 4 {
            add(Act::KillWire);
        }
        add(Act::Sell(Counter::ALL[n as usize % Counter::ALL.len()]));
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::{Act, Counter, MAX_SALES, plan};

    fn sales(acts: &[Act], counter: Counter) -> usize {
        acts.iter().filter(|act| **act == Act::Sell(counter)).count()
    }

    #[test]
    fn no_plan_exceeds_what_the_robot_takes_in_a_minute() {
        for seconds in [1, 5, 20, 60, 3_600] {
            let steps = plan(seconds, false);
            assert!(steps.len() <= MAX_SALES as usize && steps.len() >= 6, "{seconds}");
            assert!(steps.iter().all(|step| step.after.as_secs() < u64::from(seconds)));
        }
    }

    #[test]
    fn every_till_sells_before_between_and_after_the_deaths() {
        for seconds in [1, 20, 60] {
            let acts: Vec<Act> = plan(seconds, true).iter().map(|step| step.act).collect();
            let at = |act| acts.iter().position(|other| *other == act).expect("it is planned");
            let (dead, alive, wire) = (at(Act::KillBrain), at(Act::StartBrain), at(Act::KillWire));
            assert!(dead < alive && alive < wire, "{acts:?}");
            for part in [&acts[..dead], &acts[dead..alive], &acts[wire..]] {
                assert!(Counter::ALL.iter().all(|counter| sales(part, *counter) > 0), "{acts:?}");
            }
        }
    }
}

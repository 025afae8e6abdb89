//! The kinds of trouble, by the names that a scenario's `[chaos]` gives them weights with.
//!
//! Only names and figures; what a kind does to the world is elsewhere.

use std::time::Duration;

use super::error::ChaosError;
use crate::scenario::ChaosPlan;

/// A kind of trouble.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// kill -9 of `posbridge run`; it stays dead for a while.
    KillBrain,
    /// kill -9 of `posbridge wire`.
    KillWire,
    /// kill -9 of both.
    KillBoth,
    /// A till's cable is pulled and put in again.
    Unplug,
    /// A printer is switched off.
    PrinterAway,
    /// A printer has no paper.
    PaperOut,
    /// A printer takes its time.
    SlowPrinter,
    /// The network is away.
    NetworkAway,
    /// `DingTalk`'s gateway answers 503.
    Http503,
    /// Calls are reset before they are judged.
    ResetBefore,
    /// Calls are reset after their message was shown.
    ResetAfter,
    /// Answers break off after their message was shown.
    Truncated,
    /// Answers come a byte at a time.
    SlowBody,
    /// "System busy".
    Refused,
    /// A robot is told that it talks too fast, for ten minutes.
    Throttle,
    /// The gateway bans the address with a web page, for five minutes.
    Html,
    /// The bridge's wall clock is set ahead or back, and set right again.
    ClockStep,
    /// The journal's disk is full.
    DiskFull,
}

/// What is known of a kind before anything is drawn.
#[derive(Clone, Copy, Debug)]
pub(super) struct Figures {
    pub(super) kind: Kind,
    pub(super) name: &'static str,
    /// Its weight where the scenario gives none.
    pub(super) weight: u32,
    /// How long it lasts at least, in milliseconds.
    pub(super) least_ms: u64,
    /// And at most.
    pub(super) most_ms: u64,
}

const fn row(kind: Kind, name: &'static str, weight: u32, least_ms: u64, most_ms: u64) -> Figures {
    Figures { kind, name, weight, least_ms, most_ms }
}

/// Every kind. Times are long enough to be noticed and short enough that a shop would live with
/// them; a run in virtual time scales them with its length.
pub(super) const KINDS: &[Figures] = &[
    row(Kind::KillBrain, "kill_brain", 3, 100, 5_000),
    row(Kind::KillWire, "kill_wire", 2, 0, 0),
    row(Kind::KillBoth, "kill_both", 1, 100, 5_000),
    row(Kind::Unplug, "unplug", 3, 200, 3_000),
    row(Kind::PrinterAway, "printer_away", 2, 300, 8_000),
    row(Kind::PaperOut, "paper_out", 2, 300, 8_000),
    row(Kind::SlowPrinter, "slow_printer", 2, 500, 8_000),
    row(Kind::NetworkAway, "network_away", 2, 300, 10_000),
    row(Kind::Http503, "http503", 1, 300, 10_000),
    row(Kind::ResetBefore, "reset_before", 1, 300, 5_000),
    row(Kind::ResetAfter, "reset_after", 1, 300, 5_000),
    row(Kind::Truncated, "truncated", 1, 300, 5_000),
    row(Kind::SlowBody, "slow_body", 1, 300, 5_000),
    row(Kind::Refused, "refused", 1, 300, 5_000),
    // DingTalk's own figures. They are what they are in a short run too: a scenario that is long
    // enough names them.
    row(Kind::Throttle, "throttle", 0, 600_000, 600_000),
    row(Kind::Html, "html", 0, 300_000, 300_000),
    row(Kind::ClockStep, "clock_step", 3, 500, 10_000),
    row(Kind::DiskFull, "disk_full", 2, 300, 8_000),
];

impl Kind {
    /// Names that a scenario may give a weight.
    pub fn names() -> impl Iterator<Item = &'static str> {
        KINDS.iter().map(|figures| figures.name)
    }

    /// The kind of this name.
    pub fn named(name: &str) -> Option<Self> {
        KINDS.iter().find(|figures| figures.name == name).map(|figures| figures.kind)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        self.figures().name
    }

    /// How often each kind comes beside the others: as `plan` says, or as usual where it says nothing.
    pub fn weights(plan: &ChaosPlan) -> Result<Vec<(Self, u32)>, ChaosError> {
        if plan.kinds.is_empty() {
            return Ok(KINDS.iter().map(|figures| (figures.kind, figures.weight)).collect());
        }
        let named = |(name, weight): &(String, u32)| {
            let kind = Self::named(name).ok_or_else(|| ChaosError::NoKind {
                found: name.clone(),
                known: Self::names().collect::<Vec<_>>().join(", "),
            });
            Ok((kind?, *weight))
        };
        plan.kinds.iter().map(named).collect()
    }

    pub(super) fn figures(self) -> &'static Figures {
        // The table has a row for each: a test looks.
        KINDS.iter().find(|figures| figures.kind == self).unwrap_or(&KINDS[0])
    }
}

impl Figures {
    pub(super) fn least(&self) -> Duration {
        Duration::from_millis(self.least_ms)
    }

    pub(super) fn most(&self) -> Duration {
        Duration::from_millis(self.most_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::{ChaosPlan, KINDS, Kind};

    #[test]
    fn a_scenario_weighs_the_kinds_it_names_and_no_other() {
        let plan = |kinds: &[(&str, u32)]| ChaosPlan {
            faults: 1,
            kinds: kinds.iter().map(|(name, weight)| ((*name).to_owned(), *weight)).collect(),
        };
        let named = Kind::weights(&plan(&[("throttle", 2)])).expect("a kind");
        assert_eq!(named, [(Kind::Throttle, 2)]);
        assert_eq!(Kind::weights(&plan(&[])).expect("the usual ones").len(), KINDS.len());
        let said = Kind::weights(&plan(&[("meteor", 1)])).expect_err("no kind").to_string();
        assert!(said.contains("meteor") && said.contains("kill_brain, kill_wire"), "{said}");
    }

    #[test]
    fn every_kind_has_one_name_and_the_name_leads_back_to_it() {
        for figures in KINDS {
            assert_eq!(Kind::named(figures.name), Some(figures.kind));
            assert_eq!(figures.kind.name(), figures.name);
            assert!(figures.least_ms <= figures.most_ms, "{}", figures.name);
        }
        assert_eq!(Kind::named("meteor"), None);
        // The last variant of the enumeration is the last row: none was forgotten in between.
        assert_eq!(KINDS.len(), Kind::DiskFull as usize + 1);
    }
}

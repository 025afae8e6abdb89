//! One trouble, with everything that was drawn for it: how long, whose till, by how much.
//!
//! Data only; [`begin`](super::begin) does it to a world.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::kind::Kind;
use crate::dingtalk::{self, FaultAnswer};

/// A fault of a schedule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Planned {
    /// Its number, from 1. It keeps it when others are left out.
    pub n: u32,
    /// When it begins, in the run's time.
    pub at: Duration,
    /// What happens.
    pub fault: Fault,
}

/// What happens. Times are the run's; a till's or robot's number counts on modulo how many there are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// kill -9 of `posbridge run`, which is started again after a while.
    KillBrain {
        /// How long nobody starts it.
        dead_for: Duration,
    },
    /// kill -9 of `posbridge wire`, which the brain replaces.
    KillWire,
    /// kill -9 of both; the brain is started again after a while.
    KillBoth {
        /// How long nobody starts it.
        dead_for: Duration,
    },
    /// A till's cable is pulled and put in again.
    Unplug {
        /// Whose.
        till: u32,
        /// How long it is out.
        gone_for: Duration,
    },
    /// A till's printer is switched off.
    PrinterAway {
        /// Whose.
        till: u32,
        /// How long.
        away_for: Duration,
    },
    /// A till's printer has no paper.
    PaperOut {
        /// Whose.
        till: u32,
        /// How long.
        out_for: Duration,
    },
    /// A till's printer takes its time.
    SlowPrinter {
        /// Whose.
        till: u32,
        /// How long.
        slow_for: Duration,
    },
    /// The network between bridge and `DingTalk` is away.
    NetworkAway {
        /// How long.
        away_for: Duration,
    },
    /// `DingTalk` misbehaves.
    DingTalk {
        /// To which robot; to all of them unless given.
        robot: Option<u32>,
        /// How, and how long: it has a `for_ms`.
        fault: dingtalk::Fault,
    },
    /// The bridge's wall clock is set wrong, and right again.
    ClockStep {
        /// Milliseconds ahead; below zero, back.
        by_ms: i64,
        /// How long it is wrong.
        wrong_for: Duration,
    },
    /// The journal's disk is full.
    DiskFull {
        /// How long.
        full_for: Duration,
    },
}

impl Fault {
    /// Its kind.
    pub fn kind(&self) -> Kind {
        match self {
            Self::KillBrain { .. } => Kind::KillBrain,
            Self::KillWire => Kind::KillWire,
            Self::KillBoth { .. } => Kind::KillBoth,
            Self::Unplug { .. } => Kind::Unplug,
            Self::PrinterAway { .. } => Kind::PrinterAway,
            Self::PaperOut { .. } => Kind::PaperOut,
            Self::SlowPrinter { .. } => Kind::SlowPrinter,
            Self::NetworkAway { .. } => Kind::NetworkAway,
            Self::DingTalk { fault, .. } => match &fault.answer {
                Some(FaultAnswer::ResetBefore) => Kind::ResetBefore,
                Some(FaultAnswer::ResetAfter) => Kind::ResetAfter,
                Some(FaultAnswer::Truncated) => Kind::Truncated,
                Some(FaultAnswer::SlowBody(_)) => Kind::SlowBody,
                Some(FaultAnswer::Refuse(_)) => Kind::Refused,
                Some(FaultAnswer::Throttle) => Kind::Throttle,
                Some(FaultAnswer::Html) => Kind::Html,
                _ => Kind::Http503,
            },
            Self::ClockStep { .. } => Kind::ClockStep,
            Self::DiskFull { .. } => Kind::DiskFull,
        }
    }

    /// How long it lasts.
    pub fn lasts(&self) -> Duration {
        match self {
            Self::KillWire => Duration::ZERO,
            Self::KillBrain { dead_for: lasts }
            | Self::KillBoth { dead_for: lasts }
            | Self::Unplug { gone_for: lasts, .. }
            | Self::PrinterAway { away_for: lasts, .. }
            | Self::PaperOut { out_for: lasts, .. }
            | Self::SlowPrinter { slow_for: lasts, .. }
            | Self::NetworkAway { away_for: lasts }
            | Self::ClockStep { wrong_for: lasts, .. }
            | Self::DiskFull { full_for: lasts } => *lasts,
            Self::DingTalk { fault, .. } => Duration::from_millis(fault.for_ms.unwrap_or(0)),
        }
    }

    /// The same for another time. A kill of the wire process has none.
    #[must_use]
    pub fn lasting(&self, time: Duration) -> Self {
        let mut other = self.clone();
        match &mut other {
            Self::KillWire => {}
            Self::KillBrain { dead_for: lasts }
            | Self::KillBoth { dead_for: lasts }
            | Self::Unplug { gone_for: lasts, .. }
            | Self::PrinterAway { away_for: lasts, .. }
            | Self::PaperOut { out_for: lasts, .. }
            | Self::SlowPrinter { slow_for: lasts, .. }
            | Self::NetworkAway { away_for: lasts }
            | Self::ClockStep { wrong_for: lasts, .. }
            | Self::DiskFull { full_for: lasts } => *lasts = time,
            // A fault of no time at all is none.
            Self::DingTalk { fault, .. } => fault.for_ms = Some(time.as_millis().max(1) as u64),
        }
        other
    }
}

impl Planned {
    /// When it is over.
    pub fn until(&self) -> Duration {
        self.at + self.fault.lasts()
    }
}

impl fmt::Display for Planned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {:.3} s: {}", self.n, self.at.as_secs_f64(), self.fault)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind().name())?;
        match self {
            Self::Unplug { till, .. }
            | Self::PrinterAway { till, .. }
            | Self::PaperOut { till, .. }
            | Self::SlowPrinter { till, .. } => write!(f, " till {till}")?,
            Self::DingTalk { robot: Some(robot), .. } => write!(f, " robot {robot}")?,
            Self::ClockStep { by_ms, .. } => write!(f, " by {} s", *by_ms as f64 / 1e3)?,
            _ => {}
        }
        let lasts = self.lasts();
        if lasts.is_zero() { Ok(()) } else { write!(f, " for {:.3} s", lasts.as_secs_f64()) }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Fault;
    use crate::dingtalk;

    #[test]
    fn a_fault_of_another_length_is_the_same_otherwise_and_says_both() {
        let fault: dingtalk::Fault =
            serde_json::from_str(r#"{"for_ms":5000,"answer":"reset_after"}"#).expect("a fault");
        let faults = [
            (
                Fault::Unplug { till: 3, gone_for: Duration::from_secs(1) },
                "unplug till 3 for 0.250 s",
            ),
            (
                Fault::ClockStep { by_ms: -5_500, wrong_for: Duration::from_secs(9) },
                "clock_step by -5.5 s for 0.250 s",
            ),
            (Fault::DingTalk { robot: Some(1), fault }, "reset_after robot 1 for 0.250 s"),
        ];
        for (fault, said) in faults {
            let short = fault.lasting(Duration::from_millis(250));
            assert_eq!((short.kind(), short.to_string().as_str()), (fault.kind(), said));
            assert_eq!(short.lasting(fault.lasts()), fault);
        }
        assert_eq!(Fault::KillWire.lasting(Duration::from_secs(1)), Fault::KillWire);
    }
}

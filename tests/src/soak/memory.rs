//! How much memory the brain holds, over the life of one process.

use std::fs;

/// What it may hold at the end beyond what it held after the first fifth, in KiB. A page cache of
/// SQLite's (2 MiB each) and what the allocator keeps come and go, one MiB in five hours; a leak is more.
const MAX_GROWTH_KIB: u64 = 8 * 1024;

/// What a process held, over time.
#[derive(Clone, Debug, Default)]
pub(super) struct Memory {
    /// Process, the shop's time, KiB.
    held: Vec<(u32, i64, u64)>,
}

/// What became of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Growth {
    /// Over the first fifth's last tenth, and over the last tenth, in KiB: medians.
    pub(super) early: u64,
    pub(super) late: u64,
    /// The most at any time.
    pub(super) most: u64,
}

impl Memory {
    /// Looks at a process.
    pub(super) fn look(&mut self, pid: u32, at_ms: i64) {
        if let Some(held) = resident(pid) {
            self.held.push((pid, at_ms, held));
        }
    }

    /// Of the process that lived longest.
    pub(super) fn growth(&self) -> Growth {
        let most = self.held.iter().map(|(.., held)| *held).max().unwrap_or(0);
        let pids = self.held.iter().map(|(pid, ..)| *pid);
        let longest = pids.max_by_key(|pid| self.of(*pid).len());
        let held = longest.map(|pid| self.of(pid)).unwrap_or_default();
        let tenth = (held.len() / 10).max(1);
        let from = |at: usize| median(&held[at.min(held.len())..(at + tenth).min(held.len())]);
        Growth { early: from(tenth), late: from(held.len().saturating_sub(tenth)), most }
    }

    fn of(&self, pid: u32) -> Vec<u64> {
        let held = self.held.iter().filter(|(other, ..)| *other == pid);
        held.map(|(.., held)| *held).collect()
    }
}

impl Growth {
    /// Whether it is within the bound.
    pub(super) fn is_bounded(&self) -> bool {
        self.late <= self.early + MAX_GROWTH_KIB
    }
}

fn median(held: &[u64]) -> u64 {
    let mut sorted = held.to_vec();
    sorted.sort_unstable();
    sorted.get(sorted.len() / 2).copied().unwrap_or(0)
}

/// What a process holds, in KiB; nothing where it is gone.
fn resident(pid: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{MAX_GROWTH_KIB, Memory, resident};

    #[test]
    fn a_process_that_grows_all_the_time_is_found_and_one_that_settles_is_not() {
        let grows = |by: fn(u64) -> u64| {
            let held = (0..100).map(|n| (7, n as i64, by(n))).chain([(8, 100, 900_000)]);
            Memory { held: held.collect() }.growth()
        };
        let settled = grows(|n| if n < 10 { 20_000 } else { 60_000 });
        assert!(settled.is_bounded() && settled.most == 900_000, "{settled:?}");
        let leak = grows(|n| 20_000 + n * MAX_GROWTH_KIB / 50);
        assert!(!leak.is_bounded(), "{leak:?}");
        assert!(resident(std::process::id()).is_some_and(|kib| kib > 1_000));
    }
}

//! What a process takes: memory and processor time, from `/proc`.
//!
//! It keeps no history; whoever wants a rate looks twice.

use std::fs;

/// Processor time is counted in ticks of this many microseconds: Linux reports 100 a second on every
/// architecture.
const TICK_US: u64 = 10_000;
const KIB: u64 = 1024;

/// What a process takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Resident memory in bytes.
    pub rss: u64,
    /// Processor time so far, all threads, in microseconds.
    pub cpu_us: u64,
    /// Whether it is a zombie: ended, and nobody has asked how.
    pub ended: bool,
}

/// What `pid` takes, or nothing where there is no such process.
pub fn usage_of(pid: i32) -> Option<Usage> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let (state, cpu_us) = read_stat(&stat)?;
    Some(Usage { rss: read_rss(&status), cpu_us, ended: matches!(state, 'Z' | 'X') })
}

/// Processor time of this process so far, in microseconds.
pub fn own_cpu() -> u64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    read_stat(&stat).map_or(0, |(_, cpu_us)| cpu_us)
}

/// State and processor time. The name of the program stands in brackets and may hold anything.
fn read_stat(stat: &str) -> Option<(char, u64)> {
    let (_, fields) = stat.rsplit_once(')')?;
    let fields: Vec<&str> = fields.split_whitespace().collect();
    let ticks = |at: usize| fields.get(at)?.parse::<u64>().ok();
    Some((fields.first()?.chars().next()?, (ticks(11)? + ticks(12)?) * TICK_US))
}

fn read_rss(status: &str) -> u64 {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kib.unwrap_or(0) * KIB
}

#[cfg(test)]
mod tests {
    use super::{read_rss, read_stat, usage_of};

    #[test]
    fn a_program_with_a_bracket_in_its_name_is_read_right() {
        let line = "7 (a) b (c) Z 1 7 7 0 -1 4 100 0 0 0 150 50 0 0 20 0 1 0 9 1 2";
        assert_eq!(read_stat(line), Some(('Z', 2_000_000)));
        assert_eq!(read_stat("7 (x)"), None);
    }

    #[test]
    fn memory_is_read_in_bytes_and_a_zombie_has_none() {
        assert_eq!(read_rss("Name:\tx\nVmRSS:\t    2048 kB\n"), 2_097_152);
        assert_eq!(read_rss("Name:\tx\n"), 0);
    }

    #[test]
    fn this_process_takes_memory_and_is_alive() {
        let own = usage_of(i32::try_from(std::process::id()).expect("a pid")).expect("alive");
        assert!(own.rss > 1_000_000 && !own.ended, "{own:?}");
        assert_eq!(usage_of(i32::MAX), None);
    }
}

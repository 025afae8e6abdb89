//! What a box with four ports costs when nothing is printed, and when one port is at full speed.

use std::fs;
use std::io::{self, Write};
use std::time::{Duration, Instant};

use nix::unistd::{SysconfVar, sysconf};
use posbridge::control;
use posbridge::runtime_dir::RuntimeDir;

use crate::Outcome;
use crate::bytes::receipt;
use crate::ends::{PATIENCE, Pty};
use crate::forwarder::{Beside, Process, Shop, ask, program, verb};

/// How often a start is timed; the median counts.
const STARTS: usize = 7;
/// Length of the full-speed measurement.
const FULL_SPEED: Duration = Duration::from_secs(10);
/// How long everything settles before memory is read.
const SETTLE: Duration = Duration::from_secs(2);
/// Bytes that a serial port hands over at a time: half of a 16550's receive buffer and less.
const CHUNK: usize = 16;
/// Time of a chunk at 115200 baud, 10 bits a byte.
const CHUNK_TIME: Duration = Duration::from_nanos(16 * 10 * 1_000_000_000 / 115_200);

/// Most memory, in KiB.
const RSS_LIMIT: u64 = 14 * 1024;
/// Longest time from exec to ready.
const READY_LIMIT: Duration = Duration::from_millis(100);
/// Largest binary, in bytes.
const BINARY_LIMIT: u64 = 14_000_000;
/// Largest share of a core at full speed.
const CPU_LIMIT: f64 = 0.02;

pub(crate) fn run(out: &mut impl Write) -> Outcome<()> {
    let ports: Vec<Pty> = (0..4).map(|_| Pty::open()).collect::<io::Result<_>>()?;
    let lines: String = ports.iter().enumerate().map(|(n, port)| tap(n, port)).collect();
    let size = fs::metadata(program())?.len();
    say(out, "binary", &format!("{size} bytes"), size < BINARY_LIMIT)?;

    let mut starts: Vec<Duration> = (0..STARTS).map(|_| start()).collect::<Outcome<_>>()?;
    starts.sort_unstable();
    let (middle, worst) = (starts[STARTS / 2], starts[STARTS - 1]);
    let text = format!("{middle:.1?} from exec to status ready (median; longest {worst:.1?})");
    say(out, "ready", &text, middle < READY_LIMIT)?;

    let shop = Shop::open(&lines, Beside::Brain)?.map_err(io::Error::other)?;
    for n in 0..ports.len() {
        shop.open_source(&format!("port-{n}"))?;
    }
    std::thread::sleep(SETTLE);
    let wire = shop.wire_id().ok_or("no wire process")?;
    let brain = shop.brain.as_ref().map(Process::id).ok_or("no brain")?;
    memory(out, wire, brain, RSS_LIMIT)?;
    processor(out, wire, brain, &ports[0])
}

pub(crate) fn tap(n: usize, port: &Pty) -> String {
    format!(
        "[[source]]\nname = \"port-{n}\"\nkind = \"serial-tap\"\nport = \"{}\"\nbaud = 115200\n\n",
        port.path.display()
    )
}

pub(crate) fn say(out: &mut impl Write, what: &str, text: &str, held: bool) -> io::Result<()> {
    writeln!(out, "{what:<12} {text}: {}", if held { "held" } else { "MISSED" })
}

/// From exec of a brain, which starts its own wire process, to ready.
fn start() -> Outcome<Duration> {
    let (disk, port) = (tempfile::tempdir()?, Pty::open()?);
    let file = disk.path().join("posbridge.toml");
    let robot = "[[robot]]\nname = \"owner\"\nurl = \"http://127.0.0.1:9/?access_token=t\"\n";
    fs::write(&file, format!("{}{robot}", tap(0, &port)))?;
    let dir = RuntimeDir::at(&disk.path().join("run"))?;
    let mut command = verb("run");
    command.arg(&file).env("RUNTIME_DIRECTORY", dir.path());
    let begun = Instant::now();
    let brain = Process::start(&mut command)?;
    loop {
        if ask(control::ask_status(&dir)).is_ok_and(|status| status.ready) {
            break;
        }
        if begun.elapsed() > PATIENCE {
            return Err("expected a brain, found none in time".into());
        }
        std::thread::yield_now();
    }
    let took = begun.elapsed();
    drop(brain);
    // Its wire process is meant to outlive it, so it is ours to end.
    let pid = fs::read_to_string(dir.wire_lock())?.trim().parse()?;
    nix::sys::signal::kill(nix::unistd::Pid::from_raw(pid), nix::sys::signal::Signal::SIGKILL)?;
    Ok(took)
}

/// Says what both processes have in memory, and whether each and both have less than `limit` KiB.
pub(crate) fn memory(out: &mut impl Write, wire: u32, brain: u32, limit: u64) -> Outcome<()> {
    let mut together = 0;
    for (name, pid) in [("wire", wire), ("brain", brain)] {
        let rss = field(&format!("/proc/{pid}/status"), "VmRSS:")?;
        let pss = field(&format!("/proc/{pid}/smaps_rollup"), "Pss:")?;
        let anonymous = field(&format!("/proc/{pid}/status"), "RssAnon:")?;
        together += pss;
        let text = format!("RSS {rss} KiB, of it anonymous {anonymous}; PSS {pss}");
        say(out, name, &text, rss < limit)?;
    }
    say(out, "together", &format!("PSS {together} KiB, four ports"), together < limit)?;
    Ok(())
}

/// A `NAME: N kB` line of a file in `/proc`.
fn field(path: &str, name: &str) -> Outcome<u64> {
    let text = fs::read_to_string(path)?;
    let line = text.lines().find_map(|line| line.strip_prefix(name)).ok_or("no such line")?;
    Ok(line.split_whitespace().next().ok_or("an empty line")?.parse()?)
}

fn processor(out: &mut impl Write, wire: u32, brain: u32, port: &Pty) -> Outcome<()> {
    let paper: Vec<u8> = (0..64).flat_map(receipt).collect();
    let before = (spent(wire)?, spent(brain)?);
    let (begun, mut due) = (Instant::now(), Duration::ZERO);
    let mut ours = &port.ours;
    for chunk in paper.chunks(CHUNK).cycle() {
        if begun.elapsed() >= FULL_SPEED {
            break;
        }
        ours.write_all(chunk)?;
        due += CHUNK_TIME;
        // Behind schedule (a busy machine), the next ones go without a pause.
        std::thread::sleep(due.saturating_sub(begun.elapsed()));
    }
    let wall = begun.elapsed().as_secs_f64();
    let (wire, brain) = (spent(wire)? - before.0, spent(brain)? - before.1);
    let share = |seconds: f64| format!("{:.2} % of a core", 100.0 * seconds / wall);
    say(out, "wire cpu", &share(wire), wire / wall < CPU_LIMIT)?;
    say(out, "brain cpu", &share(brain), brain / wall < CPU_LIMIT)?;
    say(out, "both", &share(wire + brain), (wire + brain) / wall < CPU_LIMIT)?;
    Ok(())
}

/// Seconds of processor time that a process has spent, user and system.
fn spent(pid: u32) -> Outcome<f64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    let (_, fields) = stat.rsplit_once(')').ok_or("no name")?;
    let fields: Vec<&str> = fields.split_whitespace().collect();
    let ticks = |index: usize| fields.get(index).and_then(|n| n.parse::<f64>().ok());
    let (user, system) = (ticks(11).ok_or("no utime")?, ticks(12).ok_or("no stime")?);
    let per_second = sysconf(SysconfVar::CLK_TCK)?.ok_or("no tick")? as f64;
    Ok((user + system) / per_second)
}

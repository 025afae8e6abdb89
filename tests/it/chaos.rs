//! The simulator's chaos: a schedule of faults against a real bridge, and a failing one shrunk.

use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use pos_tests::binaries;
use pos_tests::wait::until;
use serde_json::Value;

/// How long a run of half a minute may take on a busy machine, settling included.
const RUN_LIMIT: Duration = Duration::from_mins(3);
/// Slips at most that two taps may miss in a death of the wire process, one of both, a pulled cable.
const MOST_UNHEARD: u64 = 12;
/// How long the search for the smallest schedule may take: some ten short runs.
const SEARCH_LIMIT: Duration = Duration::from_mins(6);

/// Two network tills and two serial ones, told one by one.
const SHOPS: &str = "
seed = 4

[[shop]]
name = \"tea\"
shop = \"bubble-tea\"
tills = 2
rate = \"RATE\"

[[shop]]
name = \"cafe\"
shop = \"cha-chaan-teng\"
style = \"zh-hant-32-big5\"
tills = 2
line = \"pty\"
baud = 115200
rate = \"RATE\"

[dingtalk]
monthly_quota = 60000000
limits = false

[late]
urgent = \"1m\"
ordinary = \"10m\"
";

/// A run that is asked to end, and clears away after itself, where the test fails.
struct Chaos(Child);

impl Drop for Chaos {
    fn drop(&mut self) {
        if let Ok(None) = self.0.try_wait() {
            let pid = i32::try_from(self.0.id()).expect("a pid");
            kill(Pid::from_raw(pid), Signal::SIGTERM).expect("our own child");
            self.0.wait().expect("our own child");
        }
    }
}

/// A directory with a scenario of so many seconds in it.
struct Place(tempfile::TempDir);

impl Place {
    /// Each shop has customers at `rate`; the group is waited for at most `settle` seconds.
    fn new(seconds: u32, settle: u32, rate: &str, chaos: &str) -> Self {
        let place = Self(tempfile::tempdir().expect("a directory"));
        let times = format!("duration = \"{seconds}s\"\nsettle = \"{settle}s\"\n");
        let head = format!("name = \"chaos\"\n{times}");
        fs::write(place.path("scenario.toml"), head + &SHOPS.replace("RATE", rate) + chaos)
            .expect("room");
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Runs `possim chaos` to its end: how it ended, and what it said.
    fn run(&self, more: &[&str], limit: Duration) -> (ExitStatus, String) {
        let talk = File::create(self.path("talk")).expect("room");
        let mut command = Command::new(binaries::path("possim"));
        command.arg("chaos").arg(self.path("scenario.toml"));
        command.arg("--report").arg(self.path("report")).args(more);
        let mut running =
            Chaos(command.stdin(Stdio::null()).stderr(talk).spawn().expect("it runs"));
        let status = until(limit, "the run to end", || {
            running.0.try_wait().expect("our own child").ok_or_else(|| "it runs".to_owned())
        });
        (status, fs::read_to_string(self.path("talk")).expect("text"))
    }

    fn report(&self) -> Value {
        let text = fs::read_to_string(self.path("report/report.json")).expect("a report");
        serde_json::from_str(&text).expect("JSON")
    }
}

/// The bridge, but for one thing: started anew beside its journal, it keeps no receipt any more.
fn deaf(path: &Path) {
    let program = binaries::path("posbridge");
    let text = format!(
        "#!/bin/sh\n\
         if [ \"$1\" = run ] && [ -e \"$(dirname \"$3\")\"/journal.db ]; then\n\
         exec '{0}' \"$@\" --sabotage drop=1\nfi\nexec '{0}' \"$@\"\n",
        program.display()
    );
    fs::write(path, text).expect("room");
    fs::set_permissions(path, fs::Permissions::from_mode(0o700)).expect("our own file");
}

#[test]
fn ten_faults_in_half_a_minute_and_the_ledger_closes() {
    let kinds = "[chaos]\nfaults = 10\nkinds = { kill_brain = 1, kill_wire = 1, kill_both = 1, \
                 unplug = 1, printer_away = 1, paper_out = 1, network_away = 1, http503 = 1, \
                 reset_after = 1, clock_step = 1 }\n";
    let place = Place::new(25, 75, "1/s", kinds);
    let (status, talk) = place.run(&["--no-shrink"], RUN_LIMIT);
    let report = place.report();
    assert!(status.success(), "{talk}");
    let sold = report["sold"].as_u64().expect("a count");
    assert!(sold >= 20, "{report}");
    let [journalled, delivered, unheard] = ["journalled", "delivered", "unheard"]
        .map(|figure| report[figure].as_u64().expect("a count"));
    assert_eq!(journalled, delivered, "{talk}");
    // What a tap could not hear while its process was dead or its cable out, the journal has a gap for.
    assert!(delivered + unheard >= sold && unheard <= MOST_UNHEARD, "{talk}");
    for figure in ["lost", "duplicated", "wrong", "late"] {
        assert_eq!(report[figure], 0, "{figure}: {talk}");
    }
    let faults = report["faults"].as_array().expect("a list");
    assert_eq!(faults.len(), 10);
    let skipped = faults.iter().filter(|fault| fault["text"].to_string().contains("SKIPPED"));
    assert_eq!(skipped.count(), 0, "none of these needs root: {faults:?}");
}

#[test]
fn a_bridge_that_is_deaf_after_a_kill_is_caught_and_shrunk_to_that_kill() {
    let kinds =
        "[chaos]\nfaults = 4\nkinds = { kill_brain = 1, printer_away = 2, slow_body = 1 }\n";
    // So few that a robot's minute holds them all: without a kill everybody is told at once.
    let place = Place::new(12, 8, "25/min", kinds);
    let shim = place.path("deaf");
    deaf(&shim);
    let shim = shim.to_string_lossy();
    let (status, talk) = place.run(&["--posbridge", &shim], SEARCH_LIMIT);
    assert_eq!(status.code(), Some(1), "{talk}");
    let smallest = fs::read_to_string(place.path("report/smallest.txt")).expect("it was shrunk");
    let faults: Vec<&str> = smallest.lines().take_while(|line| line.contains(" at ")).collect();
    let [fault] = faults[..] else { panic!("one fault: {smallest}\n{talk}") };
    assert!(fault.contains("kill_brain"), "{smallest}");
    let number = fault.split(' ').next().expect("a number");
    let repeat = smallest.lines().last().expect("a command");
    assert!(repeat.contains(&format!("--only '{number}")), "{smallest}");
    assert!(place.path("report/smallest/bridge/posbridge.toml").is_file(), "its files are kept");
}

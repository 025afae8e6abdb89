//! Where a run's bridge lives: its directory in the report, its configuration, its runtime directory.
//!
//! It writes what any installer would write, and starts nothing.

use std::fmt::Write as _;
use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::crowd::Connection;
use crate::bridge::Program;
use crate::print::{Charset, Dialect, Style};
use crate::scenario::{LineKind, RobotSetup, Sales, Scenario, Started};

/// Word that every robot demands.
pub(super) const KEYWORD: &str = "收銀";
/// The robots' signing secret: a test value of robots that live as long as the run.
pub(super) const SECRET: &str = "SEC10ad10ad10ad10ad10ad10ad10ad10ad10ad10ad10ad10ad10ad10ad10ad";
/// The bridge's directory in the report's.
const BRIDGE_DIR: &str = "bridge";
const CONFIG: &str = "posbridge.toml";
/// The bridge's usual silence that ends a receipt, and its longest, in seconds.
const USUAL_IDLE_S: f64 = 3.0;
const MAX_IDLE_S: f64 = 60.0;
/// Memory-backed storage, where Linux has it.
const MEMORY: &str = "/dev/shm";

/// The places of a run. Dropping them removes the runtime directory; the rest stays with the report.
#[derive(Debug)]
pub(super) struct Place {
    dir: PathBuf,
    journal: PathBuf,
    runtime: TempDir,
}

/// A till as the bridge's configuration knows it.
#[derive(Debug)]
pub(super) struct Wired<'a> {
    pub(super) source: &'a str,
    pub(super) to: &'a Connection,
    pub(super) printer: SocketAddr,
}

impl Place {
    /// Makes the directories in `report`. What an earlier run left of its bridge is removed.
    pub(super) fn make(report: &Path, journal: Option<&Path>) -> io::Result<Self> {
        // Ports and programs are run elsewhere: names must hold there too.
        let dir = std::path::absolute(report.join(BRIDGE_DIR))?;
        if dir.join(CONFIG).is_file() {
            fs::remove_dir_all(&dir)?;
        }
        fs::DirBuilder::new().recursive(true).mode(0o700).create(&dir)?;
        let journal = journal.map_or(Ok(dir.clone()), std::path::absolute)?;
        let mut runtime = tempfile::Builder::new();
        runtime.prefix("possim-load-").permissions(fs::Permissions::from_mode(0o700));
        let memory = Path::new(MEMORY);
        let runtime = if memory.is_dir() { runtime.tempdir_in(memory) } else { runtime.tempdir() }?;
        Ok(Self { dir, journal, runtime })
    }

    /// The bridge of this place, run by `program`.
    pub(super) fn bridge(&self, program: PathBuf, arguments: Vec<String>) -> Program {
        Program {
            program,
            config: self.dir.join(CONFIG),
            runtime: self.runtime.path().to_owned(),
            log: self.dir.join("posbridge.log"),
            arguments,
        }
    }

    /// Where its journal is.
    pub(super) fn journal_dir(&self) -> &Path {
        &self.journal
    }

    /// The port of the serial till `source`.
    pub(super) fn port(&self, source: &str) -> PathBuf {
        self.dir.join(format!("{source}.port"))
    }

    /// Writes the configuration and the secret.
    pub(super) fn furnish(
        &self,
        scenario: &Scenario,
        started: &Started,
        tills: &[Wired<'_>],
        webhook: &dyn Fn(&RobotSetup) -> String,
    ) -> io::Result<()> {
        self.write("secret", SECRET)?;
        let mut text = self.head(scenario, started);
        for (till, wired) in tills.iter().enumerate() {
            if let Some((shop, _)) = scenario.place(till as u32) {
                let shop = &scenario.shops[shop];
                text += &source(wired, shop.line, shop.style, started.max_connections);
                text += &idle(scenario);
            }
        }
        for robot in &scenario.robots {
            text += &self.robot(robot, &webhook(robot));
        }
        self.write(CONFIG, &text)
    }

    fn head(&self, scenario: &Scenario, started: &Started) -> String {
        format!(
            "[shop]\nname = {}\ntimezone = \"Asia/Hong_Kong\"\ncurrency = \"{}\"\n\
             language = \"zh-HK\"\n\n[journal]\npath = {}\nkeep_days = {}\n\n\
             [dingtalk]\nmonthly_quota = {}\n\n",
            quoted(&scenario.name),
            scenario.shops[0].shop.money.code,
            quoted_path(&self.journal.join("journal.db")),
            started.keep_days,
            scenario.dingtalk.monthly_quota,
        )
    }

    fn robot(&self, robot: &RobotSetup, webhook: &str) -> String {
        let sales = match robot.sales {
            Sales::Each => "each",
            Sales::Digest => "digest",
            Sales::Auto => "auto",
        };
        let mut text = format!(
            "[[robot]]\nname = {}\nurl = {}\nsecret_file = {}\nkeywords = [\"{KEYWORD}\"]\n\
             sales = \"{sales}\"\nprivacy = \"{}\"\n",
            quoted(&robot.name),
            quoted(webhook),
            quoted_path(&self.dir.join("secret")),
            robot.privacy,
        );
        if !robot.shops.is_empty() {
            let shops: Vec<String> =
                robot.shops.iter().map(|shop| quoted(&format!("{shop}-*"))).collect();
            // Writing to a string cannot fail.
            let _ = writeln!(text, "sources = [{}]", shops.join(", "));
        }
        text + "\n"
    }

    /// Both files are for the owner's eyes: one is the secret, the other holds the tokens.
    fn write(&self, name: &str, text: &str) -> io::Result<()> {
        let mut options = OpenOptions::new();
        let path = self.dir.join(name);
        let mut file = options.write(true).create(true).truncate(true).mode(0o600).open(path)?;
        file.write_all(text.as_bytes())
    }
}

fn source(wired: &Wired<'_>, line: LineKind, style: &Style, connections: u32) -> String {
    let connection = match (wired.to, line) {
        (Connection::Pty(port), LineKind::Pty { baud }) => {
            format!("kind = \"serial-tap\"\nport = {}\nbaud = {baud}", quoted_path(port))
        }
        (Connection::Pty(port), LineKind::Tcp) => {
            format!("kind = \"serial-tap\"\nport = {}", quoted_path(port))
        }
        (Connection::Tcp(address), _) => format!(
            "kind = \"tcp-proxy\"\nlisten = \"{address}\"\nupstream = \"{}\"\n\
             max_connections = {connections}",
            wired.printer
        ),
    };
    let (encoding, dialect) = (encoding(style.charset), dialect(style.dialect));
    format!(
        "[[source]]\nname = \"{}\"\n{connection}\nencoding = \"{encoding}\"\n\
         dialect = \"{dialect}\"\n",
        wired.source
    )
}

/// The silence that ends a receipt. Where virtual time runs, the pauses of a real line are as much
/// longer; the bridge takes a minute at most.
fn idle(scenario: &Scenario) -> String {
    let rate = scenario.clock.as_ref().map_or(1.0, |clock| clock.rate);
    format!("idle = \"{:.0}s\"\n\n", (USUAL_IDLE_S * rate).clamp(USUAL_IDLE_S, MAX_IDLE_S))
}

/// The encoding as the bridge's configuration calls it.
fn encoding(charset: Charset) -> &'static str {
    match charset {
        Charset::Big5 | Charset::Gb18030 => charset.name(),
        // The printer is told its code page; ASCII is the same in all of them.
        _ => "auto",
    }
}

/// The printer's language as the bridge's configuration calls it.
fn dialect(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Epson | Dialect::Clone => "escpos",
        Dialect::StarLine => "star-line",
        Dialect::StarPrnt => "star-prnt",
    }
}

/// A TOML basic string; JSON escapes the same characters in the same way.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn quoted_path(path: &Path) -> String {
    quoted(&path.to_string_lossy())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::{Connection, Place, Scenario, Wired};
    use crate::scenario::BridgeSetup;

    #[test]
    fn the_configuration_has_a_source_for_every_till_and_keeps_the_secret_elsewhere() {
        let text = "name = \"a \\\"b\\\"\"\nduration = \"9s\"\n[[shop]]\nname = \"tea\"\n\
                    shop = \"bubble-tea\"\ntills = 2\nrate = \"1/s\"\nstyle = \"zh-hant-32-big5\"\n\
                    [[robot]]\nname = \"r\"\nshops = [\"tea\"]\nsales = \"each\"\n";
        let scenario = Scenario::parse(text, std::path::Path::new("s")).expect("sound");
        let BridgeSetup::Started(started) = &scenario.bridge else { panic!("started") };
        let report = tempfile::tempdir().expect("a directory");
        let place = Place::make(report.path(), None).expect("room");
        let address = "127.9.1.1:9100".parse().expect("an address");
        let (tcp, pty) = (Connection::Tcp(address), Connection::Pty(place.port("tea-2")));
        let tills = [("tea-1", &tcp), ("tea-2", &pty)].map(|(source, to)| Wired {
            source,
            to,
            printer: address,
        });
        let hook = |_: &_| "http://127.0.0.1:1/robot/send?access_token=t".to_owned();
        place.furnish(&scenario, started, &tills, &hook).expect("room");
        let config = place.dir.join("posbridge.toml");
        let text = std::fs::read_to_string(&config).expect("text");
        for wanted in [
            "name = \"a \\\"b\\\"\"",
            "listen = \"127.9.1.1:9100\"",
            "kind = \"serial-tap\"",
            "encoding = \"big5\"",
            "sources = [\"tea-*\"]",
        ] {
            assert!(text.contains(wanted), "{wanted} is not in {text}");
        }
        assert!(!text.contains(super::SECRET));
        let mode = std::fs::metadata(&config).expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        Place::make(report.path(), None).expect("a second run takes the place of the first");
        assert!(!config.exists());
    }
}

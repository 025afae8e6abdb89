//! `posbridge check`: is the configuration right, and is what it names there?

use std::net::{SocketAddr, TcpListener};
use std::path::Path;

use super::{Configured, Exit, Failure, print};
use crate::config::{Config, Source, SourceKind};
use crate::runtime_dir::RuntimeDir;

pub(super) fn run(arguments: &Configured) -> Result<(), Failure> {
    let config = arguments.load()?;
    let findings = look(&config);
    let troubles = findings.iter().filter(|finding| !finding.good).count();
    print(|out| {
        for finding in &findings {
            let mark = if finding.good { "ok  " } else { "BAD " };
            writeln!(out, "{mark} {}", finding.words)?;
        }
        Ok(())
    })?;
    if troubles == 0 {
        return Ok(());
    }
    Err(Failure::said(Exit::Failed, format!("{troubles} of {} checks failed", findings.len())))
}

struct Finding {
    good: bool,
    words: String,
}

impl Finding {
    fn new(good: bool, words: impl Into<String>) -> Self {
        Self { good, words: words.into() }
    }
}

fn look(config: &Config) -> Vec<Finding> {
    let mut out = vec![Finding::new(true, format!("configuration {}", config.file.display()))];
    out.push(match RuntimeDir::locate() {
        Ok(dir) if dir.is_memory_backed() => {
            Finding::new(true, format!("runtime directory {} is in memory", dir.path().display()))
        }
        Ok(dir) => Finding::new(
            false,
            format!(
                "runtime directory {} lies on a disk, which can hold up printing; set \
                 RUNTIME_DIRECTORY to a directory on a tmpfs such as /run",
                dir.path().display()
            ),
        ),
        Err(error) => Finding::new(false, error.to_string()),
    });
    out.push(journal(config));
    for source in &config.sources {
        let (name, kind) = (&source.name, &source.kind);
        out.extend(profile(source));
        for port in kind.serial_ports() {
            // Opening a port that is in use can disturb its holder, so it is only looked at.
            out.push(presence(name, "serial port", &port.path, "; is the cable plugged in?"));
        }
        match kind {
            SourceKind::File { path } => out.push(presence(name, "file", path, "")),
            SourceKind::Lp { path, .. } => out.push(presence(name, "device", path, "")),
            SourceKind::Fifo { path, .. } => out.push(Finding::new(
                true,
                format!("{name}: FIFO {} is made when it is missing", path.display()),
            )),
            _ => {}
        }
        out.extend(kind.listen().map(|listen| listener(name, listen)));
    }
    for robot in &config.robots {
        let kinds: Vec<&str> = robot.notices.iter().map(|kind| kind.as_str()).collect();
        let signed = if robot.secret.is_some() { "signed" } else { "not signed" };
        let name = &robot.name;
        out.push(Finding::new(
            true,
            format!(
                "{name}: {signed}, told of {}; try posbridge send-test --robot {name}",
                kinds.join(", ")
            ),
        ));
    }
    out
}

fn presence(name: &str, what: &str, path: &Path, missing: &str) -> Finding {
    let there = path.exists();
    let state = if there { "is there" } else { "is not there" };
    let hint = if there { "" } else { missing };
    Finding::new(there, format!("{name}: {what} {} {state}{hint}", path.display()))
}

fn listener(name: &str, listen: SocketAddr) -> Finding {
    match TcpListener::bind(listen) {
        Ok(_) => Finding::new(true, format!("{name}: can listen on {listen}")),
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => Finding::new(
            true,
            format!("{name}: {listen} is in use; right while posbridge runs, wrong otherwise"),
        ),
        Err(error) => Finding::new(false, format!("{name}: cannot listen on {listen}: {error}")),
    }
}

/// Whether a source's profile still reads its own samples; `auto` has none.
fn profile(source: &Source) -> Option<Finding> {
    let rules = source.profile.profile.rules.as_ref()?;
    let (name, label) = (&source.name, rules.label());
    Some(match source.profile.check() {
        Ok(0) => Finding::new(
            false,
            format!("{name}: profile {label} has no sample; add one, docs/PROFILES.md shows how"),
        ),
        Ok(count) => {
            Finding::new(true, format!("{name}: profile {label} reads its {count} samples"))
        }
        Err(error) => Finding::new(false, format!("{name}: profile {label}:\n{error}")),
    })
}

fn journal(config: &Config) -> Finding {
    let path = &config.journal.path;
    let shown = path.display();
    match path.parent() {
        _ if path.exists() => Finding::new(true, format!("journal {shown} is there")),
        Some(folder) if folder.is_dir() => {
            Finding::new(true, format!("journal {shown} will be made"))
        }
        Some(folder) => Finding::new(
            false,
            format!("journal {shown}: the directory {} is not there; make it", folder.display()),
        ),
        None => Finding::new(false, format!("journal {shown} has no directory")),
    }
}

//! What the interview of `posbridge init` has done: listening on ports, and the test message.

use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use super::{Exit, Failure, say};
use crate::clock::Clock;
use crate::deliver;
use crate::dingtalk::Outcome;
use crate::init::{Found, Heard, Interview, Tongue, said};
use crate::operate::probe::{self, Judged, ProbeError, Sure, probe};
use crate::privacy::redact;

/// How much longer than its limit a listener may take that the kernel holds up.
const OVERTIME: Duration = Duration::from_secs(5);

/// What one port's listener says.
enum Said {
    /// A setting under which something was heard.
    Trying(PathBuf, Judged),
    /// The end.
    Done(PathBuf, Result<probe::Found, ProbeError>),
}

/// Listens on all of `ports` at once; the first that reads well for sure is the till's, else the best.
pub(super) fn hear(ports: &[PathBuf], seconds: u64, tongue: Tongue) -> Heard {
    let limit = Duration::from_secs(seconds);
    say(said::LISTENING.of(tongue));
    let (sender, heard) = mpsc::channel();
    for port in ports {
        let (port, sender) = (port.clone(), sender.clone());
        // A listener that is not needed any more ends with its time, or with the process: it only reads.
        std::thread::spawn(move || {
            let told = |judged: &Judged| {
                // Nobody listens to it once another port was the right one.
                let _late = sender.send(Said::Trying(port.clone(), judged.clone()));
            };
            let found = probe(&port, limit, told);
            let _late = sender.send(Said::Done(port.clone(), found));
        });
    }
    drop(sender);
    // The listeners keep to the limit by themselves.
    let until = Instant::now() + limit + OVERTIME;
    let (mut all, mut bytes, mut failed) = (Vec::new(), 0, Vec::new());
    while let Ok(told) = heard.recv_timeout(until.saturating_duration_since(Instant::now())) {
        match told {
            Said::Trying(port, judged) => {
                say(&format!("  {} {} {} B", port.display(), judged.line.shown(), judged.bytes));
            }
            Said::Done(port, Ok(found)) => {
                bytes += found.heard;
                let best = found.best().filter(|(_, sure)| *sure > Sure::No);
                if let Some((judged, sure)) = best {
                    all.push((port, judged.clone(), sure));
                    if sure == Sure::Yes {
                        break;
                    }
                }
            }
            Said::Done(port, Err(error)) => failed.push((port, error)),
        }
    }
    let best = all.into_iter().max_by(|a, b| a.1.score.total_cmp(&b.1.score));
    if let Some((port, judged, sure)) = best {
        return evidence(port, &judged, sure, tongue);
    }
    for (port, error) in &failed {
        say(&format!("  {}: {error}", port.display()));
    }
    if failed.len() < ports.len() {
        let why = if bytes == 0 { said::SILENT } else { said::UNREADABLE };
        say(&format!("  {}", why.of(tongue)));
    }
    Heard::Nothing
}

fn evidence(port: PathBuf, judged: &Judged, sure: Sure, tongue: Tongue) -> Heard {
    let words = if sure == Sure::Yes { said::SURE } else { said::PERHAPS };
    say(&format!(
        "  {}: {} {}, {}, {}: {}",
        said::HEARD.of(tongue),
        shown(&port),
        judged.line.shown(),
        judged.dialect,
        judged.encoding,
        words.of(tongue)
    ));
    if let Some(sample) = &judged.sample {
        say(&format!("  {}: {}", said::IT_SAYS.of(tongue), redact(sample)));
    }
    let (dialect, encoding) = (judged.dialect.clone(), judged.encoding.clone());
    Heard::Well(Found { port, line: judged.line, dialect, encoding })
}

fn shown(port: &Path) -> String {
    port.display().to_string()
}

/// Sends the test message; whether the group has it. A refusal is explained.
pub(super) fn send(interview: &Interview, clock: Clock) -> Result<bool, Failure> {
    let tongue = interview.tongue();
    let config =
        interview.config().map_err(|error| Failure::said(Exit::Usage, error.to_string()))?;
    let Some(robot) = config.robots.first() else {
        return Err(Failure::said(Exit::Usage, "expected a robot, found none"));
    };
    // What the answers have by a file stands in memory here: the robot signs as it will.
    let robot = interview.signing(robot);
    say(said::SENDING.of(tongue));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(Exit::Failed, &error))?;
    let answer = runtime
        .block_on(deliver::send_test(&robot, &config.shop, clock))
        .map_err(|error| Failure::new(Exit::Failed, &error))?;
    if answer.outcome == Outcome::Delivered {
        say(&format!("  {}", said::DELIVERED.of(tongue)));
        return Ok(true);
    }
    say(&format!("  {} {}", said::NOT_DELIVERED.of(tongue), answer.explain(tongue.language())));
    Ok(false)
}

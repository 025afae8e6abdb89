//! `posbridge probe PORT`: how the line is set, found out by listening.

use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use serde_json::json;

use super::{Exit, Failure, print, say};
use crate::config::Parity;
use crate::operate::probe::{Found, Judged, ProbeError, Sure, probe};
use crate::privacy::redact;

/// Which port, and how long.
#[derive(Args)]
#[command(after_help = "Ring up sales while it listens: it can only judge what is printed. \
    Nothing is ever written to the port, and a port in use is refused.")]
pub(super) struct Arguments {
    /// The serial port; `posbridge ports` lists them
    port: PathBuf,
    /// As JSON
    #[arg(long)]
    json: bool,
    /// How long to listen
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=3600))]
    seconds: u64,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let limit = Duration::from_secs(arguments.seconds);
    say(&format!(
        "listening on {} for up to {} s; ring up a sale",
        arguments.port.display(),
        arguments.seconds
    ));
    let found = probe(&arguments.port, limit, |judged| say(&heard(judged)))
        .map_err(|error| refused(&error))?;
    let best = found.best().filter(|(_, sure)| *sure > Sure::No);
    print(|out| match best {
        _ if arguments.json => writeln!(out, "{}", as_json(&found)),
        Some((judged, sure)) => tell(judged, sure, &arguments.port, out),
        None => Ok(()),
    })?;
    match best {
        Some(_) => Ok(()),
        None if found.heard == 0 => Err(Failure::said(Exit::Failed, "no bytes heard").hint(
            "ring up a sale while it listens; if it stays silent, look at the cable: the till's \
             TXD (pin 3 of a 9-pin plug) goes to the adapter's RXD (pin 2), and both grounds meet",
        )),
        None => Err(Failure::said(
            Exit::Failed,
            format!("{} bytes heard, and no setting reads well", found.heard),
        )
        .hint(
            "print a longer receipt while it listens; a line set to 5 or 6 data bits is not tried",
        )),
    }
}

fn refused(error: &ProbeError) -> Failure {
    let hint = match error {
        ProbeError::InUse { .. } => {
            Some("a port in use is never touched; stop that program first".to_owned())
        }
        ProbeError::Io { path, source }
            if source.kind() == std::io::ErrorKind::PermissionDenied =>
        {
            Some(format!("posbridge ports says which group may open {}", path.display()))
        }
        ProbeError::Io { .. } | ProbeError::NoPort { .. } => {
            Some("posbridge ports lists what is there".to_owned())
        }
    };
    let failure = Failure::new(Exit::Failed, error);
    match hint {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
}

fn heard(judged: &Judged) -> String {
    format!(
        "{:<12} {:>4} bytes, {:>3.0} % fits",
        judged.line.shown(),
        judged.bytes,
        judged.score * 100.0
    )
}

fn sure_word(sure: Sure) -> &'static str {
    match sure {
        Sure::Yes => "sure",
        Sure::Perhaps => "perhaps",
        Sure::No => "no",
    }
}

fn parity_word(parity: Parity) -> &'static str {
    match parity {
        Parity::None => "none",
        Parity::Odd => "odd",
        Parity::Even => "even",
    }
}

fn as_json(found: &Found) -> serde_json::Value {
    let one = |judged: &Judged| {
        json!({
            "baud": judged.line.baud,
            "data_bits": judged.line.data_bits,
            "parity": parity_word(judged.line.parity),
            "bytes": judged.bytes,
            "score": judged.score,
            "damaged": judged.damaged,
            "known": judged.known,
            "plausible": judged.plausible,
            "dialect": judged.dialect,
            "encoding": judged.encoding,
            "sample": judged.sample.as_deref().map(redact),
        })
    };
    let best = found.best();
    json!({
        "heard": found.heard,
        "sure": best.map_or("no", |(_, sure)| sure_word(sure)),
        "best": best.map(|(judged, _)| one(judged)),
        "tried": found.all.iter().map(one).collect::<Vec<_>>(),
    })
}

fn tell(
    judged: &Judged,
    sure: Sure,
    port: &std::path::Path,
    out: &mut dyn Write,
) -> std::io::Result<()> {
    let words = match sure {
        Sure::Yes => "reads well, and no other speed does",
        _ => "reads best; ring up another sale to be sure",
    };
    writeln!(out, "# {}: {words}", judged.line.shown())?;
    if let Some(sample) = &judged.sample {
        writeln!(out, "# it says: {}", redact(sample))?;
    }
    writeln!(out, "[[source]]\nname = \"counter-1\"\nkind = \"serial-tap\"")?;
    writeln!(out, "port = {:?}", port.display().to_string())?;
    writeln!(out, "baud = {}", judged.line.baud)?;
    if judged.line.data_bits != 8 {
        writeln!(out, "data_bits = {}", judged.line.data_bits)?;
    }
    if judged.line.parity != Parity::None {
        writeln!(out, "parity = \"{}\"", parity_word(judged.line.parity))?;
    }
    writeln!(
        out,
        "# language {}, text {}: found out by themselves",
        judged.dialect, judged.encoding
    )
}

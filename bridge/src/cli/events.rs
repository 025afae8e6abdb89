//! `posbridge events`: what is in the journal, as JSON Lines.

use std::io::{self, Write};
use std::time::Duration;

use clap::Args;
use pos_protocol::event::{Event, Kind};

use super::since::since;
use super::{Configured, Exit, Failure, say};
use crate::journal::{StoredEvent, Tail};
use crate::privacy::redact_event;

/// Events read at once.
const PAGE: usize = 256;
/// How often `--follow` looks for more: with a look of about 0.15 ms that is 1.5 % of a core.
const LOOK_EVERY: Duration = Duration::from_millis(10);
/// Wait before a journal that cannot be read is tried again, when it is followed.
const TRY_AGAIN_AFTER: Duration = Duration::from_millis(500);

/// Which events, and how much of them.
#[derive(Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    configured: Configured,
    /// Show personal data too: printed text, names, phone numbers
    #[arg(long)]
    raw: bool,
    /// Only this kind; may be given again
    #[arg(long, value_name = "KIND", value_parser = kind)]
    kind: Vec<Kind>,
    /// Only of this source
    #[arg(long, value_name = "NAME")]
    source: Option<String>,
    /// Only what was observed from then on: 2026-11-21, 2026-11-21T12:00, 90m, 24h or 7d
    #[arg(long, value_name = "TIME")]
    since: Option<String>,
    /// Only the receipt with this number
    #[arg(long)]
    number: Option<String>,
    /// Go on with what comes
    #[arg(long)]
    follow: bool,
}

fn kind(word: &str) -> Result<Kind, String> {
    Kind::parse(word).ok_or_else(|| {
        let words: Vec<&str> = Kind::ALL.iter().map(|kind| kind.as_str()).collect();
        format!("expected {}", words.join(", "))
    })
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let config = arguments.configured.load()?;
    let path = &config.journal.path;
    if !path.exists() {
        return Err(Failure::said(Exit::Failed, format!("no journal at {} yet", path.display()))
            .hint("posbridge run makes it"));
    }
    let now = arguments.configured.clock()?.now().wall;
    let zone = &config.shop.timezone;
    let from = arguments.since.as_deref().map(|text| since(text, now, zone)).transpose()?;
    let failed = |error: &dyn std::error::Error| Failure::new(Exit::Failed, error);
    let mut tail = Tail::open(path).map_err(|error| failed(&error))?;
    let mut troubles = Troubles::default();
    loop {
        let page = match tail.next(PAGE) {
            Err(error) if arguments.follow => {
                troubles.told(&error.to_string());
                std::thread::sleep(TRY_AGAIN_AFTER);
                continue;
            }
            page => page.map_err(|error| failed(&error))?,
        };
        troubles.over();
        if page.is_empty() {
            if !arguments.follow {
                return Ok(());
            }
            std::thread::sleep(LOOK_EVERY);
            continue;
        }
        match put(page, arguments, from.as_deref()) {
            // A reader that has gone away (`| head`) ends the output, not the program.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(()),
            done => done.map_err(|error| failed(&error))?,
        }
    }
}

/// Says what is wrong with a journal that is followed: once, until it is well again.
#[derive(Default)]
struct Troubles {
    last: Option<String>,
}

impl Troubles {
    fn told(&mut self, trouble: &str) {
        if self.last.as_deref() != Some(trouble) {
            say(&format!("posbridge: trying again: {trouble}"));
            self.last = Some(trouble.to_owned());
        }
    }

    fn over(&mut self) {
        self.last = None;
    }
}

fn wanted(event: &Event, arguments: &Arguments, from: Option<&str>) -> bool {
    let number = event.receipt.as_ref().and_then(|receipt| receipt.number.as_ref());
    (arguments.kind.is_empty() || arguments.kind.contains(&event.kind))
        && arguments.source.as_ref().is_none_or(|source| *source == event.source)
        && from.is_none_or(|from| *event.observed_at >= *from)
        && arguments.number.as_ref().is_none_or(|wanted| Some(wanted) == number)
}

fn line(stored: StoredEvent, event: Event, raw: bool) -> io::Result<String> {
    if raw { Ok(stored.body) } else { Ok(serde_json::to_string(&redact_event(event))?) }
}

/// Writes those of `page` that are wanted, and hands them over at once.
fn put(page: Vec<StoredEvent>, arguments: &Arguments, from: Option<&str>) -> io::Result<()> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    let all = arguments.raw
        && from.is_none()
        && arguments.kind.is_empty()
        && arguments.source.is_none()
        && arguments.number.is_none();
    for stored in page {
        if all {
            // What is not looked at need not be understood.
            out.write_all(stored.body.as_bytes())?;
            out.write_all(b"\n")?;
            continue;
        }
        let event = stored.event()?;
        if wanted(&event, arguments, from) {
            out.write_all(line(stored, event, arguments.raw)?.as_bytes())?;
            out.write_all(b"\n")?;
        }
    }
    out.flush()
}

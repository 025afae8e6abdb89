//! `posbridge decode`: what a captured stream says, without journal or configuration.

use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, ValueEnum};
use pos_protocol::document::plain;
use pos_protocol::document::svg::{self, Sheet};
use pos_protocol::escpos::lexer::{Frame, FrameKind, Lexer};
use pos_protocol::event::SessionId;
use pos_protocol::limits::Limits;
use pos_protocol::money::Currency;
use pos_protocol::profile::{self, Dialect, Encoding, Profile, Timing};
use pos_protocol::session::{EndReason, Lane, Session};
use pos_protocol::time::Timestamp;

use super::{Exit, Failure, explain, print, say};
use crate::config::{self, ProfileError};

/// Bytes read and decoded at once.
const PIECE_BYTES: usize = 64 * 1024;

/// What to decode, and how.
#[derive(Args)]
pub(super) struct Arguments {
    /// A captured stream, or - for standard input
    file: PathBuf,
    /// What to show
    #[arg(long = "as", value_enum, default_value_t = View::Events)]
    view: View,
    /// After each event: what every field was read from, what else was considered, and the sums
    #[arg(long)]
    explain: bool,
    /// Printer language: auto, escpos, star-line, star-prnt [default: the profile's]
    #[arg(long, value_parser = dialect)]
    dialect: Option<Dialect>,
    /// Text encoding: auto, gb18030, big5, shift-jis, euc-kr, utf-8, code-page, or a single-byte
    /// page such as cp866 or windows-1258 [default: the profile's]
    #[arg(long, value_parser = encoding)]
    encoding: Option<Encoding>,
    #[arg(long, default_value = "auto", help = profile_help())]
    profile: String,
    /// Source name in the events
    #[arg(long, default_value = "file")]
    source: String,
    /// Currency where the receipt names none (ISO 4217)
    #[arg(long, value_parser = currency)]
    currency: Option<Currency>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum View {
    /// JSON Lines, wire schema 1
    Events,
    /// The paper as a person reads it
    Text,
    /// Offset, bytes and name of every frame
    Commands,
    /// The paper as a person sees it, for a browser
    Svg,
}

fn profile_help() -> String {
    let names: Vec<&str> = profile::builtin_names().collect();
    format!("How the till's receipts read: auto, {}, or a file of your own", names.join(", "))
}

fn dialect(word: &str) -> Result<Dialect, String> {
    Dialect::parse(word).ok_or_else(|| "expected auto, escpos, star-line or star-prnt".to_owned())
}

fn encoding(word: &str) -> Result<Encoding, String> {
    Encoding::parse(word).ok_or_else(|| {
        let words: Vec<&str> = Encoding::all().map(Encoding::as_str).collect();
        format!("expected {}", words.join(", "))
    })
}

fn currency(code: &str) -> Result<Currency, String> {
    let code = code.to_ascii_uppercase();
    Currency::from_code(&code).ok_or_else(|| "expected an ISO 4217 code such as HKD".to_owned())
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let profile = known(arguments)?;
    let mut input = open(arguments)?;
    let session = session(arguments, profile.clone());
    print(|out| match arguments.view {
        View::Commands => commands(&mut input, profile.dialect, out),
        View::Events => events(&mut input, session, out),
        View::Text => text(&mut input, session, out),
        View::Svg => svg(&mut input, session, out),
    })
}

fn open(arguments: &Arguments) -> Result<Box<dyn Read>, Failure> {
    if arguments.file.as_os_str() == "-" {
        return Ok(Box::new(std::io::stdin().lock()));
    }
    let file = File::open(&arguments.file).map_err(|error| {
        Failure::said(Exit::Failed, format!("cannot read {}: {error}", arguments.file.display()))
            .hint("expected a file with the bytes that were sent to the printer, or - for stdin")
    })?;
    Ok(Box::new(file))
}

/// Calls `each` with the input, piece by piece.
fn pieces(
    input: &mut dyn Read,
    mut each: impl FnMut(&[u8]) -> std::io::Result<()>,
) -> std::io::Result<()> {
    let mut buffer = vec![0; PIECE_BYTES];
    loop {
        match input.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(n) => each(&buffer[..n])?,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// The profile, with what is said beside it. One whose samples are read otherwise than it says is
/// not used, unless somebody wants to see why.
fn known(arguments: &Arguments) -> Result<Profile, Failure> {
    let wrong = |error: ProfileError| Failure::said(Exit::Usage, error.to_string());
    let loaded = config::load_profile(&arguments.profile, Path::new("")).map_err(wrong)?;
    match loaded.check() {
        Err(error) if arguments.explain => say(&error.to_string()),
        checked => {
            checked.map_err(wrong)?;
        }
    }
    let profile = loaded.profile;
    Ok(Profile {
        dialect: arguments.dialect.unwrap_or(profile.dialect),
        encoding: arguments.encoding.unwrap_or(profile.encoding),
        currency: arguments.currency,
        timing: Timing::File,
        ..profile
    })
}

fn session(arguments: &Arguments, profile: Profile) -> Session {
    let source = arguments.source.clone();
    let id = SessionId { journal: source.clone(), source, epoch: 0 };
    let session = Session::new(id, Arc::new(profile), Limits::default());
    let read = matches!(arguments.view, View::Events | View::Text);
    if arguments.explain && read { session.explaining() } else { session }
}

/// A capture does not say when it was taken; reading it now is when it was observed.
fn observed() -> Timestamp {
    Timestamp { mono: 0, ..crate::clock::Clock::real().now() }
}

/// Decodes the whole input; `each` takes what the session has to give after every piece.
fn run_session(
    mut session: Session,
    input: &mut dyn Read,
    mut each: impl FnMut(&mut Session) -> std::io::Result<()>,
) -> std::io::Result<()> {
    let now = observed();
    pieces(input, |bytes| {
        session.receive(Lane::ToPrinter(0), now, bytes);
        each(&mut session)
    })?;
    session.finish(now, EndReason::EndOfFile);
    each(&mut session)
}

fn events(input: &mut dyn Read, session: Session, out: &mut dyn Write) -> std::io::Result<()> {
    run_session(session, input, |session| {
        while let Some(event) = session.poll_event() {
            let why = session.poll_explanation(event.id);
            serde_json::to_writer(&mut *out, &event)?;
            writeln!(out)?;
            if let Some(why) = why {
                explain::write(&event, &why, out)?;
            }
        }
        Ok(())
    })
}

/// Papers one after the other, each with the edge where it was torn off.
fn text(input: &mut dyn Read, session: Session, out: &mut dyn Write) -> std::io::Result<()> {
    run_session(session.showing_papers(), input, |session| {
        while let Some((_, paper)) = session.poll_paper() {
            if !paper.is_blank() {
                writeln!(out, "{}{}", plain::render(&paper), "-".repeat(CUT_COLUMNS))?;
            }
        }
        while let Some(event) = session.poll_event() {
            if let Some(why) = session.poll_explanation(event.id) {
                explain::write(&event, &why, out)?;
            }
        }
        Ok(())
    })
}

/// All papers below one another, so that a browser opens them as one document.
fn svg(input: &mut dyn Read, session: Session, out: &mut dyn Write) -> std::io::Result<()> {
    let mut sheets = Vec::new();
    run_session(session.showing_papers(), input, |session| {
        while session.poll_event().is_some() {}
        while let Some((document, paper)) = session.poll_paper() {
            sheets.extend(Sheet::draw(&document, &paper));
        }
        Ok(())
    })?;
    out.write_all(svg::stack(&sheets).as_bytes())
}

/// Width of the line that stands for the edge of the paper.
const CUT_COLUMNS: usize = 48;

fn commands(input: &mut dyn Read, dialect: Dialect, out: &mut dyn Write) -> std::io::Result<()> {
    let mut head = Vec::new();
    let mut dialect = dialect;
    if dialect == Dialect::Auto {
        input.take(PIECE_BYTES as u64).read_to_end(&mut head)?;
        dialect = pos_protocol::session::infer_dialect(&head);
    }
    let input: &mut dyn Read = &mut head.as_slice().chain(input);
    let mut lexer = Lexer::new(dialect);
    let mut failed = Ok(());
    let mut show = |frame: Frame<'_>| {
        if failed.is_ok() {
            failed = frame_line(frame, out);
        }
    };
    pieces(input, |bytes| {
        lexer.push(bytes, &mut show);
        Ok(())
    })?;
    lexer.flush(&mut show);
    failed
}

fn frame_line(frame: Frame<'_>, out: &mut dyn Write) -> std::io::Result<()> {
    let at = frame.span.start;
    match frame.kind {
        FrameKind::Text(text) => {
            writeln!(out, "{at:>8}  text  {}", text.escape_ascii())
        }
        FrameKind::Command { row, refused, .. } => {
            let bytes = frame.kind.to_bytes();
            let claim =
                if refused > 0 { format!("  claims {refused} bytes") } else { String::new() };
            writeln!(out, "{at:>8}  {:<12} {}{claim}", row.name, hex(&bytes))
        }
        FrameKind::Payload { row, bytes } => {
            writeln!(out, "{at:>8}  {:<12} {} bytes of data", row.name, bytes.len())
        }
        FrameKind::Noticed { row, args } => {
            writeln!(out, "{at:>8}  {:<12} {} in the data before", row.name, hex(args))
        }
        FrameKind::Unknown(bytes) => writeln!(out, "{at:>8}  unknown      {}", hex(bytes)),
        FrameKind::Incomplete { bytes, .. } => {
            writeln!(out, "{at:>8}  incomplete   {}", hex(bytes))
        }
        FrameKind::Truncated { row, missing } => {
            writeln!(out, "{at:>8}  {:<12} {missing} bytes missing", row.name)
        }
    }
}

/// Upper-case pairs, as manuals print them.
fn hex(bytes: &[u8]) -> String {
    let pairs: Vec<String> = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
    pairs.join(" ")
}

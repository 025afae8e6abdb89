//! `posbridge decode`: what a captured stream says, without journal or configuration.

use std::fs::File;
use std::io::{Read, Write};
use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, ValueEnum};
use pos_protocol::document::plain;
use pos_protocol::document::svg::{self, Sheet};
use pos_protocol::escpos::lexer::{Frame, FrameKind, Lexer};
use pos_protocol::event::SessionId;
use pos_protocol::limits::Limits;
use pos_protocol::money::Currency;
use pos_protocol::profile::{Dialect, Encoding, Profile, Timing};
use pos_protocol::session::{EndReason, Lane, Session};
use pos_protocol::time::Timestamp;

use super::{Exit, Failure, print};

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
    /// Printer language: auto, escpos, star-line, star-prnt
    #[arg(long, default_value = "auto", value_parser = dialect)]
    dialect: Dialect,
    /// Text encoding: auto, gb18030, big5, shift-jis, euc-kr, utf-8, code-page, or a single-byte
    /// page such as cp866 or windows-1258
    #[arg(long, default_value = "auto", value_parser = encoding)]
    encoding: Encoding,
    /// Reading profile
    #[arg(long, default_value = "auto", value_parser = ["auto"])]
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
    let mut input = open(arguments)?;
    print(|out| match arguments.view {
        View::Commands => commands(&mut input, arguments.dialect, out),
        View::Events => events(&mut input, arguments, out),
        View::Text => text(&mut input, arguments, out),
        View::Svg => svg(&mut input, arguments, out),
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

fn session(arguments: &Arguments) -> Session {
    let source = arguments.source.clone();
    let id = SessionId { journal: source.clone(), source, epoch: 0 };
    let profile = Profile {
        name: arguments.profile.clone(),
        dialect: arguments.dialect,
        encoding: arguments.encoding,
        currency: arguments.currency,
        timing: Timing::File,
        ..Profile::default()
    };
    Session::new(id, Arc::new(profile), Limits::default())
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

fn events(input: &mut dyn Read, arguments: &Arguments, out: &mut dyn Write) -> std::io::Result<()> {
    run_session(session(arguments), input, |session| {
        while let Some(event) = session.poll_event() {
            serde_json::to_writer(&mut *out, &event)?;
            writeln!(out)?;
        }
        Ok(())
    })
}

/// Papers one after the other, each with the edge where it was torn off.
fn text(input: &mut dyn Read, arguments: &Arguments, out: &mut dyn Write) -> std::io::Result<()> {
    run_session(session(arguments).showing_papers(), input, |session| {
        while session.poll_event().is_some() {}
        while let Some((_, paper)) = session.poll_paper() {
            if !paper.lines.is_empty() {
                writeln!(out, "{}{}", plain::render(&paper), "-".repeat(CUT_COLUMNS))?;
            }
        }
        Ok(())
    })
}

/// All papers below one another, so that a browser opens them as one document.
fn svg(input: &mut dyn Read, arguments: &Arguments, out: &mut dyn Write) -> std::io::Result<()> {
    let mut sheets = Vec::new();
    run_session(session(arguments).showing_papers(), input, |session| {
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

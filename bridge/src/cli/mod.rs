//! The command line: one file per verb. Data goes to stdout, talk to stderr.
//!
//! Exit codes are part of the contract, see [`Exit`].

mod backup;
mod check;
mod csv;
mod decode;
mod events;
mod explain;
mod export;
mod go_live;
mod init;
mod init_deeds;
mod installed;
mod outbox;
mod outbox_show;
mod ports;
mod probe;
mod reconcile;
mod replay;
mod report;
mod report_forms;
mod robot;
mod run;
mod send_test;
mod since;
mod status;
mod stock;
mod stock_show;
mod typed;
mod web_password;
mod wire;

use std::error::Error;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{ArgMatches, Args, CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

use crate::clock::Clock;
use crate::config::{self, Config};
use crate::control::{self, ControlError, Done, Request};
use crate::runtime_dir::RuntimeDir;

/// What a process ends with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Done.
    Ok = 0,
    /// What was asked for failed.
    Failed = 1,
    /// The command line or the configuration is wrong.
    Usage = 2,
    /// DingTalk refused.
    Refused = 3,
    /// Another process does this already.
    AlreadyRunning = 4,
}

/// A failed verb: what to say, and what to exit with.
#[derive(Debug)]
pub struct Failure {
    exit: Exit,
    message: String,
    hint: Option<String>,
}

impl Failure {
    fn new(exit: Exit, error: &dyn Error) -> Self {
        let mut message = error.to_string();
        let mut source = error.source();
        while let Some(cause) = source {
            // Many messages end with their cause already.
            let cause_message = cause.to_string();
            if !message.contains(&cause_message) {
                message.push_str(": ");
                message.push_str(&cause_message);
            }
            source = cause.source();
        }
        Self { exit, message, hint: None }
    }

    fn said(exit: Exit, message: impl Into<String>) -> Self {
        Self { exit, message: message.into(), hint: None }
    }

    /// Says it, and gives the code to exit with.
    fn end(self) -> ExitCode {
        say(&format!("posbridge: {}", self.message));
        if let Some(hint) = self.hint.or_else(|| installed::hint(&self.message)) {
            say(&format!("hint: {hint}"));
        }
        ExitCode::from(self.exit as u8)
    }

    fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// Listens on a till's printer wire and tells the shop's DingTalk group what was sold.
#[derive(Parser)]
#[command(name = "posbridge", version, max_term_width = 100)]
#[command(after_help = "Exit codes: 0 done, 1 failed, 2 usage or configuration, \
    3 refused by DingTalk, 4 already running.")]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Ask what is needed, listen, send a test message and write the configuration
    Init(init::Arguments),
    /// Keep, understand and deliver: the daemon
    Run(run::Arguments),
    /// Own the ports and sockets; `run` starts this by itself
    Wire(Configured),
    /// Look at the configuration and at what it names
    Check(check::Arguments),
    /// Put "Hello POS!" into a robot's group and say what happened
    SendTest(send_test::Arguments),
    /// List the robots, or give one a new address, secret or keyword
    Robot(robot::Arguments),
    /// List what is in stock, or enter what was counted, received or set
    Stock(stock::Arguments),
    /// End practice: receipts count from now on
    GoLive(go_live::Arguments),
    /// Say how the running daemon is
    Status(status::Arguments),
    /// Print journalled events as JSON Lines
    Events(events::Arguments),
    /// List, explain, retry or drop what is not delivered
    Outbox(outbox::Arguments),
    /// Say what a day, a week or a month brought
    Report(report::Arguments),
    /// Lay the till's Z report, or a cash count, beside our own count
    Reconcile(reconcile::Arguments),
    /// Write receipts, items or payments for a bookkeeper
    Export(export::Arguments),
    /// List the serial ports, and who has them
    Ports(ports::Arguments),
    /// Find out how a serial line is set, by listening
    Probe(probe::Arguments),
    /// Read the journal's bytes again, and show what would be read otherwise
    Replay(replay::Arguments),
    /// Write journal, configuration and profiles to one file, without secrets
    Backup(backup::Backup),
    /// Put a backup in its place
    Restore(backup::Restore),
    /// Decode a captured printer stream
    Decode(decode::Arguments),
    /// Write the password of the page
    WebPassword(web_password::Arguments),
}

/// Where the configuration is.
#[derive(Args)]
struct Configured {
    /// The configuration file [default: posbridge.toml, or where there is none the machine's
    /// /etc/posbridge/posbridge.toml]
    #[arg(short, long, value_name = "FILE", default_value_os_t = installed::config(), hide_default_value = true)]
    config: PathBuf,
    /// Virtual time for tests: origin=RFC3339,rate=N
    #[cfg(feature = "test-clock")]
    #[arg(long, hide = true)]
    clock: Option<String>,
}

impl Configured {
    fn load(&self) -> Result<Config, Failure> {
        config::load(&self.config).map_err(|error| Failure::said(Exit::Usage, error.to_string()))
    }

    #[cfg(feature = "test-clock")]
    fn clock(&self) -> Result<Clock, Failure> {
        match &self.clock {
            None => Ok(Clock::real()),
            Some(text) => Clock::parse(text)
                .map_err(|error| Failure::said(Exit::Usage, format!("--clock: {error}"))),
        }
    }

    #[cfg(not(feature = "test-clock"))]
    #[expect(clippy::unused_self, clippy::unnecessary_wraps, reason = "as with the feature")]
    fn clock(&self) -> Result<Clock, Failure> {
        Ok(Clock::real())
    }
}

/// Parses the command line, does what it says, and returns the exit code.
pub fn main() -> ExitCode {
    let typed = Cli::command().try_get_matches();
    let (config, cli) =
        match typed.and_then(|typed| Ok((configured(&typed), Cli::from_arg_matches(&typed)?))) {
            Ok(parsed) => parsed,
            Err(error) => {
                // `--help` and `--version` come this way too, with exit code 0.
                let code = error.exit_code();
                let _ = error.print();
                return ExitCode::from(u8::try_from(code).unwrap_or(Exit::Usage as u8));
            }
        };
    if let Err(failure) = config.as_deref().map_or(Ok(()), installed::act_as_owner) {
        return failure.end();
    }
    let done = match cli.verb {
        Verb::Init(arguments) => init::run(&arguments),
        Verb::Run(arguments) => run::run(&arguments),
        Verb::Wire(arguments) => wire::run(&arguments),
        Verb::Check(arguments) => check::run(&arguments),
        Verb::SendTest(arguments) => send_test::run(&arguments),
        Verb::Robot(arguments) => robot::run(&arguments),
        Verb::Stock(arguments) => stock::run(&arguments),
        Verb::GoLive(arguments) => go_live::run(&arguments),
        Verb::Status(arguments) => status::run(&arguments),
        Verb::Events(arguments) => events::run(&arguments),
        Verb::Outbox(arguments) => outbox::run(&arguments),
        Verb::Report(arguments) => report::run(&arguments),
        Verb::Reconcile(arguments) => reconcile::run(&arguments),
        Verb::Export(arguments) => export::run(&arguments),
        Verb::Ports(arguments) => ports::run(&arguments),
        Verb::Probe(arguments) => probe::run(&arguments),
        Verb::Replay(arguments) => replay::run(&arguments),
        Verb::Backup(arguments) => backup::backup(&arguments),
        Verb::Restore(arguments) => backup::restore(&arguments),
        Verb::Decode(arguments) => decode::run(&arguments),
        Verb::WebPassword(arguments) => web_password::run(&arguments),
    };
    match done {
        Ok(()) => ExitCode::from(Exit::Ok as u8),
        Err(failure) => failure.end(),
    }
}

/// The command line, for its manual page and the shells' completion.
pub fn command() -> clap::Command {
    Cli::command()
}

/// The configuration that the verb was given, where it takes one.
fn configured(typed: &ArgMatches) -> Option<PathBuf> {
    match typed.try_get_one::<PathBuf>("config") {
        Ok(Some(config)) => Some(config.clone()),
        _ => configured(typed.subcommand()?.1),
    }
}

/// Asks the running daemon to do something.
fn asking(request: &Request) -> Result<Done, ControlError> {
    let dir = RuntimeDir::locate().map_err(std::io::Error::other)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(control::ask(&dir, request))
}

/// A line for people.
fn say(line: &str) {
    // A closed stderr is no reason to fail.
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}

/// Writes data to stdout. A reader that has gone away (`| head`) ends the output, not the program.
fn print(write: impl FnOnce(&mut dyn Write) -> std::io::Result<()>) -> Result<(), Failure> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    match write(&mut out).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failure::said(Exit::Failed, format!("cannot write to standard output: {error}")))
        }
        _ => Ok(()),
    }
}

/// Logs to stderr; `RUST_LOG` chooses how much, `info` otherwise.
fn log_to_stderr() {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_target(false)
        .with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr()))
        .init();
}

//! From arguments to a verb, and from its result to an exit code.

use std::error::Error;
use std::io::Write;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use super::{chaos, compare, demo, dingtalk, list, load, pos, print, printer, verify, webhooks};
use crate::ledger::Trouble;

/// What a verb hands back: whether what was asked for came true, or why it could not be tried.
pub(super) type Outcome = Result<bool, Box<dyn Error>>;

/// Simulated tills, printers and an honest DingTalk robot.
#[derive(Debug, Parser)]
#[command(name = "possim", version)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Sell for a while through a real bridge and show what each stage saw
    Demo(demo::Arguments),
    /// Run a scenario under seeded faults, and shrink what fails
    Chaos(chaos::Arguments),
    /// Run a mock DingTalk robot
    Dingtalk(dingtalk::Arguments),
    /// Print receipts to a file
    Print(print::Arguments),
    /// Sell at a till that prints to a port
    Pos(pos::Arguments),
    /// Load a bridge with a scenario and settle what became of every sale
    Load(load::Arguments),
    /// Run a receipt printer with a drawer
    Printer(printer::Arguments),
    /// Name the shops and styles
    List(list::Arguments),
    /// Hold what was sold against what a bridge journalled and its group saw
    Verify(verify::Arguments),
    /// Tell of sales by webhooks, as a cloud till does
    Webhooks(webhooks::Arguments),
    /// Set two reports side by side
    Compare(compare::Arguments),
}

/// Runs the command line of this process.
pub fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(usage) => {
            // Nowhere is left to report a closed terminal to.
            let _ = usage.print();
            return ExitCode::from(u8::try_from(usage.exit_code()).unwrap_or(2));
        }
    };
    let outcome = match cli.verb {
        Verb::Demo(arguments) => blocking(demo::run(arguments)),
        Verb::Chaos(arguments) => blocking(chaos::run(arguments)),
        Verb::Dingtalk(arguments) => blocking(dingtalk::run(arguments)),
        Verb::Print(arguments) => print::run(&arguments),
        Verb::Pos(arguments) => blocking(pos::run(arguments)),
        Verb::Printer(arguments) => blocking(printer::run(arguments)),
        Verb::Webhooks(arguments) => blocking(webhooks::run(arguments)),
        Verb::Load(arguments) => blocking(load::run(arguments)),
        Verb::List(arguments) => list::run(&arguments),
        Verb::Verify(arguments) => verify::run(&arguments),
        Verb::Compare(arguments) => compare::run(&arguments),
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        // A reader that has gone away (`| head`) has what it wanted.
        Err(error) if is_closed_pipe(&*error) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&*error);
            let usage = is_usage(&*error);
            if usage { ExitCode::from(2) } else { ExitCode::FAILURE }
        }
    }
}

/// A mistake of whoever typed the command or the scenario.
fn is_usage(error: &(dyn Error + 'static)) -> bool {
    error.is::<super::names::Mismatch>()
        || error.is::<crate::report::Unlike>()
        || error.is::<crate::report::ThresholdError>()
        || error.is::<crate::scenario::ScenarioError>()
        || error.is::<crate::webhooks::KeyError>()
        || error.is::<crate::webhooks::SendError>()
}

fn is_closed_pipe(error: &(dyn Error + 'static)) -> bool {
    error
        .downcast_ref::<std::io::Error>()
        .is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
}

fn blocking(verb: impl Future<Output = Outcome>) -> Outcome {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(verb)
}

/// Troubles that a run shows; all of them are in its report.
const MOST_SHOWN: usize = 20;

/// Shows the first troubles of a run on stderr.
pub(super) fn show(troubles: &[Trouble]) -> std::io::Result<()> {
    troubles.iter().take(MOST_SHOWN).try_for_each(|trouble| say(&trouble.to_string()))
}

/// A line of talk: data goes to stdout, this to stderr.
pub(super) fn say(line: &str) -> std::io::Result<()> {
    writeln!(std::io::stderr(), "{line}")
}

/// Prints an error and what caused it.
pub(super) fn complain(error: &dyn Error) {
    let mut causes = vec![error.to_string()];
    let mut source = error.source();
    while let Some(cause) = source {
        causes.push(cause.to_string());
        source = cause.source();
    }
    // Nowhere is left to report a closed stderr to.
    let _ = writeln!(std::io::stderr(), "possim: {}", causes.join(": "));
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, Parser};

    use super::Cli;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_mistake_in_the_command_is_exit_code_2() {
        let wrong: [&[&str]; 4] = [
            &["possim"],
            &["possim", "sing"],
            &["possim", "pos", "--shop", "nowhere", "--to", "pty:x"],
            &["possim", "pos", "--shop", "bubble-tea", "--to", "carrier-pigeon"],
        ];
        for arguments in wrong {
            let usage = Cli::try_parse_from(arguments).expect_err("wrong");
            assert_eq!(usage.exit_code(), 2, "{arguments:?}");
        }
    }

    #[test]
    fn an_unknown_shop_is_answered_with_the_known_ones() {
        let arguments = ["possim", "pos", "--shop", "nowhere", "--to", "pty:x"];
        let usage = Cli::try_parse_from(arguments).expect_err("wrong").to_string();
        assert!(usage.contains("cha-chaan-teng"), "{usage}");
    }
}

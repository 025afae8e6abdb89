//! `possim chaos`: a scenario under a seeded schedule of troubles, and what a failing one comes down
//! to.

use std::error::Error;
use std::path::PathBuf;

use clap::Args;

use super::command::{Outcome, say, show};
use super::load::program;
use crate::chaos::{self, Choice, Hunt, Kind, Planned, Trial};
use crate::report::live::View;
use crate::report::{self, Report};
use crate::scenario::{ChaosPlan, Scenario};

/// Faults where neither scenario nor command says how many.
const USUAL_FAULTS: u32 = 20;
/// What the search for the smallest schedule found.
const SMALLEST_FILE: &str = "smallest.txt";

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The scenario
    scenario: PathBuf,
    /// Where the report and everything the run leaves goes
    #[arg(long, value_name = "DIR")]
    report: PathBuf,
    /// The same seed sells the same and makes the same trouble [default: the scenario's]
    #[arg(long)]
    seed: Option<u64>,
    /// How many faults [default: the scenario's]
    #[arg(long)]
    faults: Option<u32>,
    /// Repeat the run of this seed; a failure is not shrunk
    #[arg(long, value_name = "SEED", conflicts_with = "seed")]
    replay: Option<u64>,
    /// Stop after this fault and its recovery; everything stays for a look
    #[arg(long, value_name = "FAULT", requires = "replay")]
    until: Option<u32>,
    /// Only these faults, such as 3,17=250ms (17 for that long); the others keep their numbers
    #[arg(long, value_name = "FAULTS")]
    only: Option<Choice>,
    /// Do not search for the smallest schedule that fails
    #[arg(long)]
    no_shrink: bool,
    /// The bridge's program [default: the scenario's, or the one beside this program]
    #[arg(long, value_name = "FILE")]
    posbridge: Option<PathBuf>,
}

pub(super) async fn run(arguments: Arguments) -> Outcome {
    tokio::select! {
        done = make_trouble(&arguments) => done,
        _ = tokio::signal::ctrl_c() => Ok(false),
    }
}

async fn make_trouble(arguments: &Arguments) -> Outcome {
    let mut scenario = Scenario::read(&arguments.scenario)?;
    if let Some(seed) = arguments.replay.or(arguments.seed) {
        scenario.seed = seed;
    }
    Report::check(&scenario)?;
    let posbridge = program(arguments.posbridge.as_deref(), &mut scenario)?;
    let plan = planned(&scenario, arguments.faults)?;
    let (faults, some) = chosen(arguments, &plan)?;
    let hunt =
        Hunt { scenario: &scenario, posbridge: &posbridge, dir: &arguments.report, plan: &plan };
    let shorter = some.then(|| hunt.cut(&faults));
    let hunt = Hunt { scenario: shorter.as_ref().unwrap_or(&scenario), ..hunt };
    for planned in &faults {
        say(&planned.to_string())?;
    }
    let mut view = View::stderr(&scenario.name, hunt.scenario.duration.as_micros() as u64);
    let trial = hunt.run(&faults, &mut |sample| view.show(sample)).await?;
    let repeat = repeat(arguments, &scenario, None);
    let report = write(&hunt, &trial, &repeat)?;
    let Some(why) = trial.failure() else { return Ok(report.passed()) };
    show(&trial.account.troubles)?;
    say(&why)?;
    if arguments.no_shrink || arguments.replay.is_some() {
        return Ok(false);
    }
    smallest(&hunt, arguments, &faults)?;
    Ok(false)
}

fn planned(scenario: &Scenario, count: Option<u32>) -> Result<Vec<Planned>, Box<dyn Error>> {
    let asked = scenario.chaos.clone();
    let asked = asked.unwrap_or(ChaosPlan { faults: USUAL_FAULTS, kinds: Vec::new() });
    let weights = Kind::weights(&asked)?;
    let count = count.unwrap_or(asked.faults);
    Ok(chaos::plan(scenario.seed, count, &weights, scenario.duration, scenario.tills()))
}

/// The faults that happen, and whether the run ends after the last of them.
fn chosen(arguments: &Arguments, plan: &[Planned]) -> Result<(Vec<Planned>, bool), Box<dyn Error>> {
    let mut faults = plan.to_vec();
    if let Some(last) = arguments.until {
        faults = chaos::up_to(&faults, last)?;
    }
    if let Some(choice) = &arguments.only {
        faults = choice.take(&faults)?;
    }
    Ok((faults, arguments.until.is_some() || arguments.only.is_some()))
}

fn write(hunt: &Hunt<'_>, trial: &Trial, repeat: &str) -> Result<Report, Box<dyn Error>> {
    let report = Report::of(hunt.scenario, &trial.recorded, &trial.account, repeat);
    report::write(hunt.dir, &report)?;
    say(&report.summary())?;
    Ok(report)
}

/// Searches for the smallest schedule, and says how to repeat it.
fn smallest(
    hunt: &Hunt<'_>,
    arguments: &Arguments,
    faults: &[Planned],
) -> Result<(), Box<dyn Error>> {
    let mut said = Ok(());
    let shrunk = hunt.shrink(faults, &mut |line| {
        let now = say(&line);
        said = std::mem::replace(&mut said, Ok(())).and(now);
    });
    said?;
    let choice = Choice::of(&shrunk.faults, hunt.plan);
    let bounded = if shrunk.finished { "" } else { ", before time was up" };
    let mut lines: Vec<String> = shrunk.faults.iter().map(ToString::to_string).collect();
    lines.push(format!(
        "the smallest of {} schedules that fails{bounded}, with its files in {}; repeat:\n{}\n",
        shrunk.tried + 1,
        hunt.smallest_dir().display(),
        repeat(arguments, hunt.scenario, Some(&choice)),
    ));
    let text = lines.join("\n");
    std::fs::write(hunt.dir.join(SMALLEST_FILE), &text)?;
    say(&text)?;
    Ok(())
}

/// The command that does it again.
fn repeat(arguments: &Arguments, scenario: &Scenario, choice: Option<&Choice>) -> String {
    let mut words = vec![format!(
        "possim chaos {} --report {} --replay {}",
        arguments.scenario.display(),
        arguments.report.display(),
        scenario.seed
    )];
    words.extend(arguments.faults.map(|faults| format!("--faults {faults}")));
    let until = arguments.until.filter(|_| choice.is_none());
    words.extend(until.map(|last| format!("--until {last}")));
    let choice = choice.or(arguments.only.as_ref());
    words.extend(choice.map(|choice| format!("--only '{choice}'")));
    let program = arguments.posbridge.as_ref();
    words.extend(program.map(|program| format!("--posbridge {}", program.display())));
    words.join(" ")
}

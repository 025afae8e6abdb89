//! `possim load`: a scenario against a bridge, with books, ledger and report.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use super::command::{Outcome, say, show};
use crate::bridge::posbridge_beside_us;
use crate::chaos::{self, Ground, Kind, Planned};
use crate::load::{self, Options, Tried, find_limit};
use crate::report::live::View;
use crate::report::{self, Report};
use crate::scenario::{BridgeSetup, Scenario};

/// What a search for the limit found.
const LIMIT_FILE: &str = "limit.json";

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The scenario
    scenario: PathBuf,
    /// Directory for books and report; what an earlier run left there is replaced
    #[arg(long, value_name = "DIR")]
    report: PathBuf,
    /// Search for the highest rate at which the ledger closes
    #[arg(long)]
    find_limit: bool,
    /// The bridge's program [default: the scenario's, or the one beside this program]
    #[arg(long, value_name = "FILE")]
    posbridge: Option<PathBuf>,
    /// Another seed than the scenario's
    #[arg(long)]
    seed: Option<u64>,
}

pub(super) async fn run(arguments: Arguments) -> Outcome {
    let mut scenario = Scenario::read(&arguments.scenario)?;
    scenario.seed = arguments.seed.unwrap_or(scenario.seed);
    Report::check(&scenario)?;
    let program = program(arguments.posbridge.as_deref(), &mut scenario)?;
    if arguments.find_limit {
        limit(&arguments, &scenario, program).await
    } else {
        once(&arguments, &scenario, program).await
    }
}

/// The bridge's program: what was typed here counts more than what the scenario says.
pub(super) fn program(
    typed: Option<&Path>,
    scenario: &mut Scenario,
) -> Result<PathBuf, Box<dyn Error>> {
    let BridgeSetup::Started(started) = &mut scenario.bridge else { return Ok(PathBuf::new()) };
    if let Some(program) = typed {
        started.program = Some(program.to_owned());
    }
    Ok(started.program.clone().map_or_else(posbridge_beside_us, Ok)?)
}

async fn once(arguments: &Arguments, scenario: &Scenario, posbridge: PathBuf) -> Outcome {
    let faults = planned(scenario)?;
    let dir = arguments.report.clone();
    std::fs::create_dir_all(&dir)?;
    let ground = Arc::new(Ground::prepare(&dir, &faults));
    let options = Options { posbridge, dir, journal_dir: None, arguments: Vec::new(), ground };
    let mut view = View::stderr(&scenario.name, scenario.duration.as_micros() as u64);
    let recorded = load::run(scenario, &options, faults, &mut |sample| view.show(sample)).await?;
    let account = recorded.books.settle(&scenario.bounds);
    let report = Report::of(scenario, &recorded, &account, &repeat(arguments, scenario));
    report::write(&arguments.report, &report)?;
    show(&account.troubles)?;
    say(&report.summary())?;
    Ok(report.passed())
}

fn planned(scenario: &Scenario) -> Result<Vec<Planned>, Box<dyn Error>> {
    let Some(plan) = &scenario.chaos else { return Ok(Vec::new()) };
    let weights = Kind::weights(plan)?;
    let (lasts, tills) = (scenario.duration, scenario.tills());
    Ok(chaos::plan(scenario.seed, plan.faults, &weights, lasts, tills))
}

/// Every step leaves its report in a directory of its own; the last that was had is the search's.
async fn limit(arguments: &Arguments, scenario: &Scenario, posbridge: PathBuf) -> Outcome {
    let dir = arguments.report.clone();
    let ground = Arc::default();
    let options = Options { posbridge, dir, journal_dir: None, arguments: Vec::new(), ground };
    let mut view = View::stderr(&scenario.name, scenario.limit.step.as_micros() as u64);
    let repeat = repeat(arguments, scenario);
    let mut said = Ok(());
    let mut finished = |tried: &Tried<'_>| {
        let report = Report::of(tried.scenario, tried.recorded, tried.account, &repeat);
        let mut written = report::write(&tried.options.dir, &report);
        if tried.step.broke.is_none() {
            written = written.and_then(|()| report::write(&arguments.report, &report));
        }
        let now = written.map_err(Into::into).and_then(|()| Ok(say(&tried.step.to_string())?));
        said = std::mem::replace(&mut said, Ok(())).and(now);
    };
    let mut show = |sample: &_| view.show(sample);
    let found = find_limit(scenario, &options, &mut show, &mut finished).await?;
    let said: Result<(), Box<dyn Error>> = said;
    said?;
    let json = serde_json::to_vec_pretty(&found)?;
    std::fs::write(arguments.report.join(LIMIT_FILE), json)?;
    say(&found.to_string())?;
    Ok(found.highest.is_some())
}

/// The command that does it again.
fn repeat(arguments: &Arguments, scenario: &Scenario) -> String {
    let limit = if arguments.find_limit { " --find-limit" } else { "" };
    format!(
        "possim load {} --report {}{limit} --seed {}",
        arguments.scenario.display(),
        arguments.report.display(),
        scenario.seed
    )
}

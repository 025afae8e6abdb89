//! `posbridge send-test`: "Hello POS!" in the group, and what happened in plain words.

use clap::Args;

use super::{Configured, Exit, Failure, asking, log_to_stderr, print, say};
use crate::config::{Config, Robot};
use crate::control::{ControlError, Done, Request};
use crate::deliver;
use crate::dingtalk::Outcome;

/// Which robot.
#[derive(Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    configured: Configured,
    /// The robot; all of them without it
    #[arg(long, value_name = "NAME")]
    robot: Option<String>,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    log_to_stderr();
    let (config, clock) = (arguments.configured.load()?, arguments.configured.clock()?);
    let wanted = |robot: &&Robot| arguments.robot.as_ref().is_none_or(|name| *name == robot.name);
    let robots: Vec<&Robot> = config.robots.iter().filter(wanted).collect();
    if robots.is_empty() {
        let names: Vec<&str> = config.robots.iter().map(|robot| robot.name.as_str()).collect();
        let found = arguments.robot.as_deref().unwrap_or_default();
        let message = format!("expected a robot ({}), found {found:?}", names.join(", "));
        return Err(Failure::said(Exit::Usage, message));
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(Exit::Failed, &error))?;
    let mut worst = Ok(());
    for robot in robots {
        let name = &robot.name;
        let sent = runtime.block_on(deliver::send_test(robot, &config.shop, clock));
        let answer = match sent {
            Ok(answer) => answer,
            Err(error) => {
                worst = Err(Failure::new(Exit::Failed, &error));
                continue;
            }
        };
        print(|out| writeln!(out, "{name}: {}", answer.explain(config.shop.language)))?;
        tell(robot, answer.outcome == Outcome::Delivered, &config);
        if answer.outcome != Outcome::Delivered {
            let exit = if answer.outcome.is_refusal() { Exit::Refused } else { Exit::Failed };
            worst =
                Err(Failure::said(exit, format!("the test message did not reach {name}'s group")));
        }
    }
    worst
}

/// Tells the running bridge: the call counts against the robot's limits, and where it was delivered
/// what is parked for the robot leaves. Without one there is nobody to tell.
fn tell(robot: &Robot, delivered: bool, config: &Config) {
    let file = Some(config.file.clone());
    match asking(&Request::Tested { robot: robot.name.clone(), delivered, file }) {
        Ok(Done::Tested { due }) if due > 0 => {
            say(&format!("{due} messages that waited for {} are on their way", robot.name));
        }
        Ok(_) | Err(ControlError::NotRunning { .. }) => {}
        Err(error) => say(&format!("the running bridge was not told: {error}")),
    }
}

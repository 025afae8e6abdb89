//! Doing a trouble to a running world, and undoing it.
//!
//! What it keeps from being told or heard is written down in the world: nothing else excuses the
//! bridge. A trouble that cannot be made on this machine is skipped, with the reason.

use std::time::Duration;

use super::cable::Pulled;
use super::death::Death;
use super::error::ChaosError;
use super::fault::Fault;
use crate::dingtalk::{self, FaultAnswer};
use crate::ledger::Excused;
use crate::load::{Condition, World};

/// A trouble that has begun.
#[derive(Debug)]
pub struct FaultRunning {
    /// When it is to be looked at: it is over then, or nearly. Since the run began.
    pub until: Duration,
    /// Its name.
    pub name: String,
    /// What it is, for people.
    pub text: String,
    /// When it began.
    from_us: u64,
    ending: Ending,
}

/// What ends it.
#[derive(Debug)]
enum Ending {
    /// Its time.
    Itself,
    /// Its time; until then nobody could have told the group, or this robot nobody.
    Untold { robot: Option<String>, why: &'static str },
    /// Somebody sees to the printer of this till.
    Printer(u32),
    /// The cable of a till that does not notice is in again, and its listener has found it.
    Cable(Pulled),
    /// Processes are started, and come back.
    Processes(Death),
    /// The clock is set right.
    Clock,
    /// The disk has room again.
    Disk,
}

/// Begins a trouble.
pub async fn begin(world: &mut World, fault: &Fault) -> Result<FaultRunning, ChaosError> {
    let from_us = world.clock.now_us();
    let mut running = FaultRunning {
        until: Duration::from_micros(from_us) + fault.lasts(),
        name: fault.kind().name().to_owned(),
        text: fault.to_string(),
        from_us,
        ending: Ending::Itself,
    };
    match start(world, fault).await {
        Ok(ending) => running.ending = ending,
        Err(ChaosError::Skipped(why)) => {
            running.text = format!("SKIPPED {}: {why}", running.text);
            running.until = Duration::from_micros(from_us);
        }
        Err(error) => return Err(error),
    }
    Ok(running)
}

async fn start(world: &mut World, fault: &Fault) -> Result<Ending, ChaosError> {
    match fault {
        Fault::KillBrain { .. } => Ok(Ending::Processes(Death::of(world, true, false).await?)),
        Fault::KillWire => Ok(Ending::Processes(Death::of(world, false, true).await?)),
        Fault::KillBoth { .. } => Ok(Ending::Processes(Death::of(world, true, true).await?)),
        Fault::Unplug { till, gone_for } => {
            let till = till % world.crowd.tills().max(1);
            world.crowd.unplug(till, *gone_for);
            let listener = world.crowd.serial().contains(&till);
            Ok(if listener { Ending::Cable(Pulled::of(till, *gone_for)) } else { Ending::Itself })
        }
        Fault::PrinterAway { till, .. } => printer(world, *till, Condition::Away),
        Fault::PaperOut { till, .. } => printer(world, *till, Condition::Stuck),
        Fault::SlowPrinter { till, .. } => printer(world, *till, Condition::Slow),
        Fault::NetworkAway { away_for } => {
            world.mock.leave(u32::try_from(away_for.as_millis()).unwrap_or(u32::MAX));
            Ok(Ending::Untold { robot: None, why: "the network is away" })
        }
        Fault::DingTalk { robot, fault } => dingtalk(world, *robot, fault),
        Fault::ClockStep { by_ms, .. } => {
            world.ground.set_clock(*by_ms)?;
            Ok(Ending::Clock)
        }
        Fault::DiskFull { .. } => {
            world.ground.fill()?;
            Ok(Ending::Disk)
        }
    }
}

/// Ends it, once its time has come. It comes back where it is not over yet: to be looked at again
/// when it says.
pub async fn end(
    world: &mut World,
    mut running: FaultRunning,
) -> Result<Option<FaultRunning>, ChaosError> {
    let from_us = running.from_us;
    match &mut running.ending {
        Ending::Itself => {}
        Ending::Untold { robot, why } => {
            let robot = robot.take();
            excuse(world, from_us, robot, why);
        }
        Ending::Printer(till) => world.farm.set(*till, Condition::Ready),
        Ending::Cable(pulled) => {
            if let Some(look_again) = pulled.look(world, from_us) {
                running.until = world_time(world) + look_again;
                return Ok(Some(running));
            }
        }
        Ending::Processes(death) => {
            if let Some(look_again) = death.undo(world).await? {
                running.until = world_time(world) + look_again;
                return Ok(Some(running));
            }
            if death.of_brain() {
                excuse(world, from_us, None, "the brain is dead");
            }
        }
        Ending::Clock => world.ground.set_clock(0)?,
        Ending::Disk => {
            world.ground.free()?;
            excuse(world, from_us, None, "the disk is full: no attempt can be written down");
        }
    }
    Ok(None)
}

fn printer(world: &mut World, till: u32, condition: Condition) -> Result<Ending, ChaosError> {
    // A tapped printer is not ours to switch off: its till would not notice.
    let serial = world.crowd.serial();
    let networked: Vec<u32> =
        (0..world.crowd.tills()).filter(|till| !serial.contains(till)).collect();
    let Some(till) = networked.get(till as usize % networked.len().max(1)) else {
        return Err(ChaosError::Skipped("no till prints over the network".to_owned()));
    };
    world.farm.set(*till, condition);
    Ok(Ending::Printer(*till))
}

fn dingtalk(
    world: &mut World,
    robot: Option<u32>,
    fault: &dingtalk::Fault,
) -> Result<Ending, ChaosError> {
    let token = robot.and_then(|robot| {
        let at = robot as usize % world.robots.len().max(1);
        world.robots.get(at).map(|(_, token)| token.clone())
    });
    let scripted = dingtalk::Fault { robot: token.clone(), ..fault.clone() };
    if !world.mock.script(scripted) {
        return Err(ChaosError::Script);
    }
    let why = match &fault.answer {
        Some(FaultAnswer::Throttle) => "the robot is throttled",
        Some(FaultAnswer::Html) => "the address is banned",
        Some(answer) if answer.is_after() => return Ok(Ending::Itself),
        _ => "DingTalk refuses or breaks every call",
    };
    Ok(Ending::Untold { robot: token, why })
}

fn excuse(world: &mut World, from_us: u64, robot: Option<String>, why: &str) {
    let until_us = world.clock.now_us();
    world.excused.push(Excused { from_us, until_us, robot, why: why.to_owned() });
}

fn world_time(world: &World) -> Duration {
    Duration::from_micros(world.clock.now_us())
}

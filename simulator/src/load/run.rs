//! The run: customers come, troubles come, everything is looked at once a second, and the end waits
//! until the group has heard of everything or cannot be waited for any longer.

use std::path::PathBuf;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use tokio::time::{MissedTickBehavior, interval};

use super::counts::Counts;
use super::descriptors;
use super::error::LoadError;
use super::record::{Recorded, Reproach, Sample};
use super::stage::Stage;
use super::watch::Watch;
use super::world::World;
use crate::chaos::{ChaosError, Ground, Planned, Troubles};
use crate::scenario::Scenario;

/// Pause between two samples.
const SAMPLE_EVERY: Duration = Duration::from_secs(1);
/// How long group and journal are watched after everything has arrived: a duplicate comes late.
const AFTERMATH: Duration = Duration::from_secs(2);

/// What a run needs besides its scenario.
#[derive(Clone, Debug)]
pub struct Options {
    /// The bridge's program, where the scenario names none.
    pub posbridge: PathBuf,
    /// Where the books are written.
    pub dir: PathBuf,
    /// Directory for the bridge's journal, where it must be on a disk of its own.
    pub journal_dir: Option<PathBuf>,
    /// What every call of the bridge is given besides.
    pub arguments: Vec<String>,
    /// What was prepared for troubles.
    pub ground: Arc<Ground>,
}

/// Runs `scenario` once.
pub async fn run(
    scenario: &Scenario,
    options: &Options,
    faults: Vec<Planned>,
    view: &mut dyn FnMut(&Sample),
) -> Result<Recorded, LoadError> {
    descriptors::check(scenario.tills())?;
    let mut stage = Stage::set(scenario, options).await?;
    let clock = stage.world.clock;
    let vitals = stage.world.bridge.as_ref().map(crate::bridge::Bridge::vitals);
    let mut watch = Watch::new(clock, Arc::clone(&stage.counts), vitals);
    let mut troubles = Troubles::new(faults);
    stage.world.crowd.trade(scenario, clock);
    let played = play(scenario, &mut stage, &mut watch, &mut troubles, view).await;
    let ended_us = clock.now_us();
    let log = stage.world.bridge.as_ref().map(|bridge| bridge.log_tail()).unwrap_or_default();
    let (world, clerk, probe) = stage.strike().await;
    let not_back = match played {
        Err(LoadError::Chaos(dead @ ChaosError::NotBack(_))) => Some(dead),
        other => other.map(|()| None)?,
    };
    let closed = clerk.close().await?;
    let mut books = closed.books;
    books.seed = scenario.seed;
    books.excused = world.excused;
    books.deaf = world.deaf;
    // Everything that `possim verify` needs, in the order of the slips.
    books.write(&options.dir, &scenario.bounds)?;
    let mut reproaches = closed.reproaches;
    reproaches.extend(watch.reproaches(&log));
    if let Some(dead) = not_back {
        let process = format!("brain ({dead})");
        reproaches.push(Reproach::BridgeDied { process, at_us: ended_us, log });
    }
    Ok(Recorded {
        books,
        samples: watch.samples,
        reproaches,
        machine: probe.finish(),
        faults: troubles.done(),
        sold_until_us: scenario.duration.as_micros() as u64,
        ended_us,
    })
}

async fn play(
    scenario: &Scenario,
    stage: &mut Stage,
    watch: &mut Watch,
    troubles: &mut Troubles,
    view: &mut dyn FnMut(&Sample),
) -> Result<(), LoadError> {
    let Stage { world, counts, clerk, .. } = stage;
    let mut ending = Ending { patience: world.clock.real(scenario.settle), ..Ending::default() };
    let mut look = interval(SAMPLE_EVERY);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut acting = pin!(act(world, troubles));
    let mut quiet = false;
    let mut stopped = pin!(stopped());
    loop {
        tokio::select! {
            done = &mut acting, if !quiet => {
                done?;
                quiet = true;
            }
            _ = look.tick() => {
                view(&watch.look());
                if watch.brain_died() || clerk.has_stopped() || ending.is_over(counts, quiet) {
                    return Ok(());
                }
            }
            () = &mut stopped => return Err(LoadError::Stopped),
        }
    }
}

/// Makes every trouble at its time, and ends it.
async fn act(world: &mut World, troubles: &mut Troubles) -> Result<(), ChaosError> {
    while let Some(at) = troubles.next() {
        let at = world.clock.instant_at(at.as_micros() as u64);
        tokio::time::sleep_until(at.into()).await;
        troubles.act(world).await?;
    }
    Ok(())
}

/// When a run is over.
#[derive(Debug, Default)]
struct Ending {
    /// How long the last slips are waited for.
    patience: Duration,
    waited_since: Option<Instant>,
    complete_since: Option<Instant>,
}

impl Ending {
    /// Whether it is; `quiet` says that no trouble goes on or is to come.
    fn is_over(&mut self, counts: &Counts, quiet: bool) -> bool {
        if !quiet || !counts.sold_out.load(Ordering::Acquire) {
            return false;
        }
        let now = Instant::now();
        let waited = now.duration_since(*self.waited_since.get_or_insert(now));
        if !counts.all_printed() || counts.awaited.get() > 0 {
            return waited >= self.patience;
        }
        now.duration_since(*self.complete_since.get_or_insert(now)) >= AFTERMATH
    }
}

/// Whether somebody wants us to stop.
async fn stopped() {
    let mut terminated =
        tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()).ok();
    let asked = async {
        match &mut terminated {
            Some(terminated) => drop(terminated.recv().await),
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = asked => {}
    }
}

impl Recorded {
    /// Whether the run proves anything.
    pub fn is_void(&self) -> bool {
        !self.reproaches.is_empty()
    }

    /// Whether the bridge died that nobody had killed.
    pub fn died(&self) -> bool {
        self.reproaches.iter().any(|reproach| matches!(reproach, Reproach::BridgeDied { .. }))
    }
}

//! Sets everything up for a run: printers, robots, tills, the bridge, the books.
//!
//! Nobody sells anything yet.

use std::collections::HashMap;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::sync::mpsc;

use super::clerk::{Clerk, Desk, News};
use super::clock::RunClock;
use super::counts::Counts;
use super::crowd::{Connection, Crowd};
use super::error::LoadError;
use super::farm::{Farm, address};
use super::place::{KEYWORD, Place, SECRET, Wired};
use super::probe::Probe;
use super::run::Options;
use super::world::World;
use crate::bridge::{Bridge, Follower};
use crate::clock::Clock;
use crate::dingtalk::{MockConfig, MockRobot, RobotConfig};
use crate::scenario::{Attached, BridgeSetup, LineKind, RobotSetup, Scenario, Started};

/// The port of every till at the bridge: that of a network printer.
const TILL_PORT: u16 = 9_100;
/// The nets of 127.0.0.0/8 that runs use; below are other people's addresses.
const FIRST_NET: u8 = 16;
const NETS: u8 = 224;

/// Everything that runs, and whoever looks at it.
#[derive(Debug)]
pub(super) struct Stage {
    pub(super) world: World,
    pub(super) counts: Arc<Counts>,
    pub(super) clerk: Clerk,
    pub(super) probe: Probe,
    follower: Option<Follower>,
    /// Its runtime directory lives as long as the bridge.
    _place: Place,
}

impl Stage {
    /// Sets the stage for `scenario`; the run's clock starts with the end of it.
    pub(super) async fn set(scenario: &Scenario, options: &Options) -> Result<Self, LoadError> {
        let refused = |source| LoadError::Directory { path: options.dir.clone(), source };
        std::fs::create_dir_all(&options.dir).map_err(refused)?;
        let journal_dir = options.journal_dir.clone().or_else(|| options.ground.journal_dir());
        let place = Place::make(&options.dir, journal_dir.as_deref()).map_err(refused)?;
        let (clock, arguments) = clock(scenario, options)?;
        let net = free_net().map_err(LoadError::Printers)?;
        let (mock, robots) = robots(scenario, clock).await?;
        let farm = farm(&scenario.bridge, net).map_err(LoadError::Printers)?;
        let (sources, connections) = tills(scenario, &place, net);
        let counts = Arc::new(Counts::default());
        let (tell, crowd_told) = mpsc::unbounded_channel();
        let crowd = Crowd::open(scenario, sources, connections.clone(), Arc::clone(&counts), tell)?;
        let (heard, journal) = mpsc::unbounded_channel();
        let (bridge, follower) = match &scenario.bridge {
            BridgeSetup::Attached(attached) => {
                (None, attached.journal.as_deref().map(|path| Follower::of_file(path, heard)))
            }
            BridgeSetup::Started(started) => {
                let hook = |robot: &RobotSetup| mock.webhook(token_of(&robots, robot));
                let wired: Vec<Wired<'_>> = (0..crowd.tills())
                    .map(|till| Wired {
                        source: crowd.source(till),
                        to: &connections[till as usize],
                        printer: farm.address(till),
                    })
                    .collect();
                place.furnish(scenario, started, &wired, &hook).map_err(refused)?;
                let bridge = start(&place, started, options, arguments).await?;
                let follower = Follower::start(&bridge, heard)?;
                (Some(bridge), Some(follower))
            }
        };
        let run_clock = RunClock::start(scenario.clock.as_ref().map_or(1.0, |clock| clock.rate));
        let journal_dir = place.journal_dir().to_owned();
        let desk =
            desk(scenario, &options.dir, run_clock, &counts, &crowd, &robots, follower.is_some());
        let clerk = Clerk::open(desk, News { crowd: crowd_told, journal, mock: mock.witness() })?;
        let probe = Probe::start(&journal_dir);
        let ground = Arc::clone(&options.ground);
        let (excused, deaf) = (Vec::new(), Vec::new());
        let world = World {
            bridge,
            mock,
            farm,
            crowd,
            clock: run_clock,
            excused,
            deaf,
            robots,
            journal_dir,
            ground,
        };
        Ok(Self { world, counts, clerk, probe, follower, _place: place })
    }

    /// Ends everything that runs; what is known of it stays with the clerk.
    pub(super) async fn strike(mut self) -> (World, Clerk, Probe) {
        drop(self.follower.take());
        if let Some(bridge) = &mut self.world.bridge {
            bridge.stop().await;
        }
        (self.world, self.clerk, self.probe)
    }
}

/// The mock's clock, and what the bridge is told of it.
fn clock(scenario: &Scenario, options: &Options) -> Result<(Clock, Vec<String>), LoadError> {
    let mut arguments = options.arguments.clone();
    let steps = options.ground.steps();
    if scenario.clock.is_none() && steps.is_none() {
        return Ok((Clock::real(), arguments));
    }
    if !cfg!(feature = "test-clock") {
        return Err(LoadError::NoClock);
    }
    let (origin, rate) = match &scenario.clock {
        Some(clock) => (clock.origin.clone(), clock.rate),
        None => (jiff::Timestamp::now().to_string(), 1.0),
    };
    let (clock, mut argument) = Clock::begin(&origin, rate).map_err(LoadError::Clock)?;
    if let Some(steps) = steps {
        argument = format!("{argument},steps={}", steps.display());
    }
    arguments.extend(["--clock".to_owned(), argument]);
    Ok((clock, arguments))
}

/// A net of loopback addresses that no other run uses.
fn free_net() -> std::io::Result<u8> {
    let first = (std::process::id() % u32::from(NETS)) as u8;
    let mut refused = None;
    for step in 0..NETS {
        let net = FIRST_NET + ((u16::from(first) + u16::from(step)) % u16::from(NETS)) as u8;
        match TcpListener::bind((address(net, 0), TILL_PORT)) {
            Ok(_) => return Ok(net),
            Err(error) => refused = Some(error),
        }
    }
    Err(refused.unwrap_or_else(|| std::io::ErrorKind::AddrInUse.into()))
}

fn farm(bridge: &BridgeSetup, net: u8) -> std::io::Result<Farm> {
    match bridge {
        BridgeSetup::Attached(Attached { printers: Some(printers), .. }) => Farm::at(*printers),
        _ => Farm::open(net),
    }
}

/// The robots at their mock, each with its name and token.
async fn robots(
    scenario: &Scenario,
    clock: Clock,
) -> Result<(MockRobot, Vec<(String, String)>), LoadError> {
    let attached = match &scenario.bridge {
        BridgeSetup::Attached(attached) => Some(attached),
        BridgeSetup::Started(_) => None,
    };
    // Whoever sets up another bridge types the token: the robot's name will do.
    let token = |n: usize, name: &str| match attached {
        Some(_) => name.to_owned(),
        None => format!("{:064x}", n + 1),
    };
    let named: Vec<(String, String)> = scenario
        .robots
        .iter()
        .enumerate()
        .map(|(n, robot)| (robot.name.clone(), token(n, &robot.name)))
        .collect();
    let robots = named.iter().map(|(_, token)| RobotConfig {
        token: token.clone(),
        secret: attached.is_none().then(|| SECRET.to_owned()),
        keywords: attached.is_none().then(|| KEYWORD.to_owned()).into_iter().collect(),
    });
    let mut config = MockConfig::new(robots.collect());
    config.clock = clock;
    config.limited = scenario.dingtalk.limits;
    config.profile.window.messages = scenario.dingtalk.messages_a_minute;
    config.profile.quota.organisation_monthly = scenario.dingtalk.monthly_quota;
    if let Some(attached) = attached {
        config.listen = attached.mock;
    }
    Ok((MockRobot::start(config).await?, named))
}

/// What every till is called, and where it prints.
fn tills(scenario: &Scenario, place: &Place, net: u8) -> (Vec<String>, Vec<Connection>) {
    if let BridgeSetup::Attached(attached) = &scenario.bridge {
        let connections = attached.tills.iter().copied().map(Connection::Tcp);
        return (attached.names.clone(), connections.collect());
    }
    let (mut sources, mut connections) = (Vec::new(), Vec::new());
    for till in 0..scenario.tills() {
        let Some((shop, own)) = scenario.place(till) else { continue };
        let shop = &scenario.shops[shop];
        let source = format!("{}-{}", shop.name, own + 1);
        connections.push(match shop.line {
            LineKind::Tcp => Connection::Tcp(SocketAddr::from((address(net, till), TILL_PORT))),
            LineKind::Pty { .. } => Connection::Pty(place.port(&source)),
        });
        sources.push(source);
    }
    (sources, connections)
}

async fn start(
    place: &Place,
    started: &Started,
    options: &Options,
    arguments: Vec<String>,
) -> Result<Bridge, LoadError> {
    let program: PathBuf = started.program.clone().unwrap_or_else(|| options.posbridge.clone());
    let mut bridge = Bridge::new(place.bridge(program, arguments));
    bridge.start().await?;
    Ok(bridge)
}

fn token_of<'a>(robots: &'a [(String, String)], robot: &RobotSetup) -> &'a str {
    robots.iter().find(|(name, _)| *name == robot.name).map_or("", |(_, token)| token)
}

fn desk(
    scenario: &Scenario,
    dir: &Path,
    clock: RunClock,
    counts: &Arc<Counts>,
    crowd: &Crowd,
    robots: &[(String, String)],
    journal: bool,
) -> Desk {
    Desk {
        dir: dir.to_owned(),
        clock,
        counts: Arc::clone(counts),
        sources: (0..crowd.tills()).map(|till| crowd.source(till).to_owned()).collect(),
        told_kinds: scenario.bounds.told_kinds.clone(),
        robots: robots
            .iter()
            .map(|(name, token)| (token.clone(), name.clone()))
            .collect::<HashMap<_, _>>(),
        journal,
    }
}

//! The demonstration itself: set up, trade, settle, clear away.

use std::io::Write;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::time::Duration;

use serde::Serialize;
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::error::DemoError;
use super::place::{Connections, KEYWORD, Place, Source};
use super::plan::{Act, Counter, plan};
use super::show::{self, Show};
use super::street::{STREET, stand};
use super::tills::Tills;
use super::world::World;
use crate::bridge::Bridge;
use crate::dingtalk::{MockConfig, MockRobot, RobotConfig};
use crate::ledger::{Account, Totals};
use crate::printer::Printer;

/// How long the last sales may take to reach the group.
const SETTLE_WITHIN: Duration = Duration::from_secs(30);
/// How long the group is watched after everything has arrived: a duplicate comes late.
const AFTERMATH: Duration = Duration::from_secs(2);
/// How long the printer may take for the receipts of a dead brain.
const PRINT_WITHIN: Duration = Duration::from_secs(20);

/// The robot's token and secret: test values of a robot that exists for a minute on loopback.
const TOKEN: &str = "d3m0d3m0d3m0d3m0d3m0d3m0d3m0d3m0d3m0d3m0d3m0d3m0d3m0d3m0d3m0d3m0";
const SECRET: &str = "SECd3m0d3m0d3m0d3m0d3m0d3m0d3m0d3m0d3m0d3m0d3m0d3m0d3m0d3m0d3m0d3m0";

const ANY_PORT: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

/// What is demonstrated.
#[derive(Clone, Debug)]
pub struct DemoOptions {
    /// How long to sell.
    pub seconds: u32,
    /// Seed of the tills.
    pub seed: u64,
    /// Whether the last line is JSON and the rest goes to stderr.
    pub json: bool,
    /// Whether the bridge's processes are killed in between.
    pub kill: bool,
    /// The bridge's program.
    pub posbridge: PathBuf,
}

/// Gives the demonstration; whether the ledger closes.
pub async fn run(options: &DemoOptions) -> Result<bool, DemoError> {
    let place = Place::make().map_err(DemoError::Directory)?;
    let outcome = demonstrate(options, &place).await;
    if !matches!(outcome, Ok(true) | Err(DemoError::Stopped)) {
        let kept = place.keep();
        let mut show = Show::new(options.json);
        show.plain(&format!("kept for a look: {}", kept.display()))?;
    }
    outcome
}

async fn demonstrate(options: &DemoOptions, place: &Place) -> Result<bool, DemoError> {
    let mut world = set_up(options, place).await?;
    let traded = tokio::select! {
        traded = trade(&mut world, options) => traded,
        _ = tokio::signal::ctrl_c() => Err(DemoError::Stopped),
        () = terminated() => Err(DemoError::Stopped),
    };
    world.bridge.stop().await;
    report(&mut world.show, &traded?, options)
}

async fn set_up(options: &DemoOptions, place: &Place) -> Result<World, DemoError> {
    let robot = RobotConfig {
        token: TOKEN.to_owned(),
        secret: Some(SECRET.to_owned()),
        keywords: vec![KEYWORD.to_owned()],
    };
    let mock = MockRobot::start(MockConfig::new(vec![robot])).await?;
    let (mut sources, mut printers, mut proxies) = (Vec::new(), Vec::new(), Vec::new());
    for counter in Counter::ALL {
        let stand = stand(counter, options.seed);
        let network = if counter == Counter::Serial {
            None
        } else {
            let printer = Printer::start(ANY_PORT).await?;
            let network = (free_port().map_err(DemoError::Port)?, printer.address());
            proxies.push((counter, network.0));
            printers.push(printer);
            Some(network)
        };
        sources.push(Source { name: stand.name, encoding: stand.encoding(), network });
    }
    let webhook = mock.webhook(TOKEN);
    let connections = Connections { sources, webhook: &webhook, secret: SECRET, shop: STREET };
    place.furnish(&connections).map_err(DemoError::Directory)?;
    let (done, receipts) = mpsc::unbounded_channel();
    let tills = Tills::open(options.seed, &place.serial_port(), &proxies, &done)?;
    let bridge = Bridge::new(place.bridge(&options.posbridge));
    Ok(World::new(bridge, printers, mock, tills, receipts, Show::new(options.json), options.seed))
}

/// A port that was free a moment ago. The bridge's configuration names ports, so it cannot be held
/// until the bridge takes it.
fn free_port() -> std::io::Result<SocketAddr> {
    TcpListener::bind(ANY_PORT)?.local_addr()
}

async fn terminated() {
    match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(mut asked) => {
            asked.recv().await;
        }
        Err(_) => std::future::pending().await,
    }
}

async fn trade(world: &mut World, options: &DemoOptions) -> Result<Account, DemoError> {
    introduce(&mut world.show, options)?;
    world.show.line("bridge", "starting posbridge")?;
    world.bridge.start().await?;
    world.show.line("bridge", "ready; three tills begin to sell")?;
    let began = Instant::now();
    let (mut printed_before, mut killed_wire) = (0, None);
    for step in plan(options.seconds, options.kill) {
        world.watch_until(began + step.after).await?;
        match step.act {
            Act::Sell(counter) => {
                let now = world.show.now();
                world.tills.sell(counter, now);
            }
            Act::KillBrain => printed_before = kill_brain(world).await?,
            Act::StartBrain => start_brain(world, printed_before).await?,
            Act::KillWire => killed_wire = Some(kill_wire(world, options.seed).await?),
        }
    }
    if let Some(pid) = killed_wire {
        wire_is_back(world, pid).await?;
    }
    world.watch_for(SETTLE_WITHIN, |w| w.all_printed() && w.settle().closes()).await?;
    if !world.all_printed() {
        let what = "every receipt on paper";
        return Err(DemoError::Waited { what, waited: SETTLE_WITHIN });
    }
    world.watch_until(Instant::now() + AFTERMATH).await?;
    world.look_again().await?;
    Ok(world.settle())
}

/// Says who takes part, for somebody who sees this for the first time.
fn introduce(show: &mut Show, options: &DemoOptions) -> Result<(), DemoError> {
    show.plain(&format!("Three tills, one bridge, one DingTalk group (seed {}).", options.seed))?;
    for counter in Counter::ALL {
        show.plain(&show::stand(&stand(counter, options.seed)))?;
    }
    show.plain("till: printed; event: what the bridge read; message: what the owner sees.")?;
    show.plain("")
}

/// Kills the brain and says how many receipts the printer had by then.
async fn kill_brain(world: &mut World) -> Result<u64, DemoError> {
    world.bridge.kill_brain().await?;
    let printed = world.receipts();
    world
        .show
        .line("kill -9", &format!("the brain is dead; the printers have {printed} receipts"))?;
    Ok(printed)
}

/// Shows that printing went on without the brain, and starts it again.
async fn start_brain(world: &mut World, before: u64) -> Result<(), DemoError> {
    if !world.watch_for(PRINT_WITHIN, |world| world.receipts() > before).await? {
        let what = "receipts from the printers while the brain is dead";
        return Err(DemoError::Waited { what, waited: PRINT_WITHIN });
    }
    let printed = world.receipts();
    let text = format!("without a brain the printers went on: {before} -> {printed} receipts");
    world.show.line("printer", &text)?;
    world.bridge.start().await?;
    world.show.line("bridge", "the brain is back")
}

/// Kills the wire process between two receipts of the serial till: what comes while nobody holds
/// the port is gone in any shop, and recorded as a gap; that is not what is shown here.
async fn kill_wire(world: &mut World, seed: u64) -> Result<i32, DemoError> {
    let serial = stand(Counter::Serial, seed).name;
    let quiet = |world: &World| world.all_printed() && world.all_journalled(serial);
    if !world.watch_for(SETTLE_WITHIN, quiet).await? {
        let what = "the serial till's receipts in the journal";
        return Err(DemoError::Waited { what, waited: SETTLE_WITHIN });
    }
    let pid = world.bridge.kill_wire()?;
    world.tills.replug();
    world.show.line("kill -9", "the wire process is dead; the tills go on selling")?;
    Ok(pid)
}

async fn wire_is_back(world: &mut World, killed: i32) -> Result<(), DemoError> {
    world.bridge.wire_back(killed).await?;
    world.show.line("bridge", "the brain started the wire process anew")
}

fn report(show: &mut Show, account: &Account, options: &DemoOptions) -> Result<bool, DemoError> {
    for trouble in &account.troubles {
        show.plain(&trouble.to_string())?;
    }
    show.plain(&account.totals.to_string())?;
    if options.json {
        let line = last_line(&account.totals).map_err(|bad| DemoError::Output(bad.into()))?;
        writeln!(std::io::stdout(), "{line}").map_err(DemoError::Output)?;
    }
    Ok(account.closes())
}

/// The figures that every demonstration ends with; other programs read these keys in this order.
fn last_line(totals: &Totals) -> serde_json::Result<String> {
    #[derive(Serialize)]
    struct Line {
        sold: usize,
        journalled: usize,
        delivered: usize,
        lost: usize,
        duplicated: usize,
        wrong: usize,
    }
    let Totals { sold, journalled, delivered, lost, duplicated, wrong, .. } = *totals;
    serde_json::to_string(&Line { sold, journalled, delivered, lost, duplicated, wrong })
}

#[cfg(test)]
mod tests {
    use super::{Totals, last_line};

    #[test]
    fn the_last_line_has_six_keys_in_a_fixed_order() {
        let totals = Totals { sold: 3, journalled: 3, delivered: 2, lost: 1, ..Totals::default() };
        let line = last_line(&totals).expect("plain data");
        let expected =
            r#"{"sold":3,"journalled":3,"delivered":2,"lost":1,"duplicated":0,"wrong":0}"#;
        assert_eq!(line, expected);
    }
}

//! kill -9 at any moment: printing goes on, no sale is lost, none is told twice.
//!
//! The moments are drawn from a seed. `POSBRIDGE_KILLS` asks for more of them than the ordinary run
//! has; a failure names the seed.

use std::time::Duration;

use pos_protocol::event::Event;
use pos_protocol::limits::Limits;
use pos_protocol::profile::Profile;
use pos_protocol::session::{Boundary, Lane};
use pos_tests::drive::{self, Step};
use pos_tests::wait::{SOON, check, until};
use pos_tests::world::{Counter, Paper, World};
use possim::ledger::{Books, Bounds};
use possim::print::Style;
use possim::shop::{OPENING, Shop, Till};
use possim::truth;
use possim::wire::Printed;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Deaths of each process in the ordinary run.
const KILLS: u64 = 4;
/// Deaths in one shop, so that its sales stay below the messages that a robot takes in a minute.
const KILLS_PER_SHOP: usize = 4;
/// How long a brain may take to stop with nothing under way.
const STOP_LIMIT: Duration = Duration::from_secs(5);
/// `DLE EOT 1`.
const STATUS_REQUEST: [u8; 3] = [0x10, 0x04, 0x01];

fn kills() -> u64 {
    std::env::var("POSBRIDGE_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(KILLS)
}

/// The shops of a run: a seed each, and the moments of its deaths. Each is named before it opens, so
/// that the last one named is the one that failed.
#[expect(clippy::print_stdout, reason = "shown where the test fails")]
fn shops() -> impl Iterator<Item = (u64, Vec<u64>)> {
    let deaths: Vec<u64> = (0..kills()).collect();
    let shops: Vec<_> = deaths.chunks(KILLS_PER_SHOP).map(<[u64]>::to_vec).collect();
    let shops = shops.into_iter().map(|deaths| (deaths[0] + 1, deaths));
    shops.map(|(seed, deaths)| {
        println!("seed {seed}, deaths {deaths:?} of POSBRIDGE_KILLS={}", kills());
        (seed, deaths.into_iter().map(scattered).collect())
    })
}

/// A number that looks random and is the same in every run (the finaliser of `SplitMix64`).
fn scattered(n: u64) -> u64 {
    let n = (n + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let n = (n ^ n >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let n = (n ^ n >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    n ^ n >> 31
}

#[test]
fn a_brain_killed_at_any_moment_stops_no_printing_and_costs_no_sale() {
    for (seed, moments) in shops() {
        let mut world = World::open(seed);
        world.bridge.start_brain();
        for moment in moments {
            let before = (world.mock.attempts().len(), world.mock.messages().len());
            world.sell(Counter::Serial);
            world.sell(Counter::Network);
            at_a_moment_of_the_sale(&world, moment, before);
            world.bridge.kill_brain();

            let before = world.printer.counts().bytes;
            let paper = world.sell(Counter::Network);
            let grown = world.printer.counts().bytes - before;
            assert_eq!(grown, (paper.len() + 2 * STATUS_REQUEST.len()) as u64, "without a brain");
            world.bridge.start_brain();
        }
        world.until_settled();
        assert_eq!(
            world.bridge.heard("counter-2", "to_printer").concat(),
            world.printer.counts().log
        );
    }
}

/// Waits for one of the stations that a sale passes: paper, journal, request, group. Before the sale
/// there were so many requests and messages.
fn at_a_moment_of_the_sale(world: &World, moment: u64, (attempts, messages): (usize, usize)) {
    match moment % 4 {
        0 => {}
        1 => {
            let sold = world.printer.receipts();
            until(SOON, "the sale in the journal", || {
                let own = |events: &Vec<Event>| {
                    events.iter().filter(|event| event.source == Counter::Network.name()).count()
                };
                check(world.bridge.events(), |events| own(events) as u64 == sold)
            });
        }
        2 => {
            until(SOON, "a request", || check(world.mock.attempts().len(), |n| *n > attempts));
        }
        _ => {
            until(SOON, "a message", || check(world.mock.messages().len(), |n| *n > messages));
        }
    }
}

#[test]
fn a_receipt_that_is_half_printed_when_the_brain_dies_is_printed_to_its_end() {
    let mut world = World::open(2);
    world.bridge.start_brain();
    let paper = world.ring_up(Counter::Network);
    let (half, rest) = paper.bytes.split_at(paper.bytes.len() / 2);
    let mut pos = begin(&world, half);
    world.bridge.kill_brain();
    let answer = world.block_on(async {
        pos.write_all(&[rest, &STATUS_REQUEST].concat()).await.expect("room");
        tokio::time::timeout(SOON, pos.read_u8()).await.expect("an answer in time")
    });
    let status = answer.expect("a printer that has everything");
    // The fixed bits of every answer to DLE EOT (TM-T88III, p. 82).
    assert_eq!(status & 0x93, 0x12, "{status:02x}");
    assert_eq!(world.printer.receipts(), 1, "by the connection that was open");
    drop(pos);
    world.book(&paper, Printed::default());
    world.bridge.start_brain();
    world.until_settled();
}

#[test]
fn a_wire_process_killed_inside_a_receipt_costs_no_sale_and_no_byte_on_paper_is_forgotten() {
    for (seed, moments) in shops() {
        let mut world = World::open(seed);
        world.bridge.start_brain();
        for moment in moments {
            world.sell(Counter::Serial);
            until(SOON, "the serial sale in the journal", || {
                check(world.settle().totals, |totals| totals.journalled == totals.sold)
            });
            let paper = world.ring_up(Counter::Network);
            // Every other time the brain dies a moment before, and nobody is left to start anything.
            let both = moment >> 32 & 1 == 1;
            let killed = tear(&mut world, &paper, moment, both);
            if both {
                world.bridge.start_brain();
            }
            world.print(&paper);
            world.bridge.until_hearing(Some(killed));
            world.sell(Counter::Serial);
        }
        world.until_settled();
        every_byte_on_paper_is_in_the_journal(&world);
    }
}

/// Prints up to a point that `moment` chooses, the very end included, and kills the wire process
/// there; says which it was. With `both` the brain dies first.
fn tear(world: &mut World, paper: &Paper, moment: u64, both: bool) -> i32 {
    let point = 1 + moment as usize % paper.bytes.len();
    let mut pos = begin(world, &paper.bytes[..point]);
    if both {
        world.bridge.kill_brain();
    }
    let killed = world.kill_wire();
    world.tear(Counter::Network, 1);
    // The till notices, as a till does: what it sends next is not answered.
    let answer = world.block_on(async {
        tokio::time::timeout(SOON, pos.read_u8()).await.expect("a broken connection in time")
    });
    assert!(answer.is_err(), "{answer:?}");
    killed
}

/// Asks for the status, as the till does, prints `piece` and waits until the printer has it.
fn begin(world: &World, piece: &[u8]) -> TcpStream {
    let carried = world.printer.counts().bytes + (STATUS_REQUEST.len() + piece.len()) as u64;
    let pos = world.block_on(async {
        let mut pos = TcpStream::connect(world.proxy).await.expect("the proxy");
        pos.write_all(&STATUS_REQUEST).await.expect("room");
        pos.read_u8().await.expect("a printer that answers");
        pos.write_all(piece).await.expect("room");
        pos
    });
    until(SOON, "a piece of the receipt on paper", || {
        check(world.printer.counts().bytes, |bytes| *bytes == carried)
    });
    pos
}

#[test]
fn a_receipt_torn_at_any_byte_and_printed_again_is_one_sale_and_no_wrong_one() {
    let mut till = Till::open(&Shop::ALL[0], 5, "counter-1", 1_001, OPENING);
    let style = Style::named("english-42").expect("a style");
    for sale in (0..4).map(|_| till.sell()) {
        let paper = style.print(&sale);
        let sold = truth::event(&sale, style.language, "counter-1");
        for point in 1..=paper.len() {
            let torn = Step::Bytes(Lane::ToPrinter(0), paper[..point].to_vec());
            let broken = Step::Boundary(Lane::ToPrinter(0), Boundary::Broken);
            let whole = Step::Bytes(Lane::ToPrinter(1), paper.clone());
            let journal = drive::run(
                &Profile::default(),
                Limits::default(),
                &[(0, torn), (1, broken), (2, whole)],
            );
            let books = Books {
                torn: [("counter-1".to_owned(), 1)].into(),
                ..Books::untimed(vec![sold.clone()], journal, Vec::new())
            };
            // Nobody was told here, and nobody had to be.
            let bounds = Bounds { told_kinds: Vec::new(), ..Bounds::default() };
            let account = books.settle(&bounds);
            assert!(account.closes(), "torn at {point}: {account:?} in {:#?}", books.journal);
        }
    }
}

fn every_byte_on_paper_is_in_the_journal(world: &World) {
    let counts = world.printer.counts();
    let mut printed: Vec<_> =
        (0..counts.connections.len()).map(|index| counts.log_of(index)).collect();
    printed.retain(|bytes| !bytes.is_empty());
    assert_eq!(world.bridge.heard("counter-2", "to_printer"), printed);
}

#[test]
fn a_brain_that_is_asked_to_stop_leaves_the_wire_process_to_the_tills() {
    let mut world = World::open(3);
    world.bridge.start_brain();
    world.sell(Counter::Network);
    let wire = world.bridge.wire_pid().expect("a wire process");
    world.bridge.stop_brain(STOP_LIMIT);
    assert_eq!(world.bridge.wire_pid(), Some(wire));
    world.sell(Counter::Serial);
    world.sell(Counter::Network);
    assert_eq!(world.printer.receipts(), 2);
    world.bridge.start_brain();
    assert_eq!(world.bridge.wire_pid(), Some(wire), "attached to, not started anew");
    world.until_settled();
}

//! A printer that answers and a drawer that moves: from the port to the journal and the group.

use pos_protocol::event::{DrawerState, Event, Kind, Paper};
use pos_tests::wait::{SOON, check, until};
use pos_tests::world::World;
use possim::printer::Act;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const NOTICES: (&str, &str) = (
    "notices = [\"sale\"]",
    "notices = [\"no_sale\", \"drawer_opened\", \"drawer_closed\", \"printer_status\"]",
);

/// Waits for an event in the journal.
fn journalled(world: &World, what: &str, is: impl Fn(&Event) -> bool) -> Event {
    until(SOON, what, || {
        let events = world.bridge.events();
        events.iter().find(|event| is(event)).cloned().ok_or_else(|| format!("{events:#?}"))
    })
}

/// Waits for a message in the group that holds all of `words`.
fn told(world: &World, words: &[&str]) {
    until(SOON, &format!("a message with {words:?}"), || {
        check(world.group(), |group| {
            group.iter().any(|text| words.iter().all(|word| text.contains(word)))
        })
    });
}

#[test]
fn paper_that_runs_out_and_a_drawer_opened_by_its_key_are_told_to_the_owner() {
    let mut world = World::open(21);
    // The simulated drawer pulls pin 3 low while it is open.
    let sensor = ("kind = \"tcp-proxy\"", "kind = \"tcp-proxy\"\ndrawer_high = \"closed\"");
    world.reconfigure(&[NOTICES, sensor]);
    world.bridge.start_brain();
    let mut till = world.block_on(async {
        let mut till = TcpStream::connect(world.proxy).await.expect("the proxy");
        till.write_all(b"\x1da\xff").await.expect("room");
        till
    });
    let heard = |till: &mut TcpStream| {
        world.block_on(async {
            let mut status = [0; 4];
            let read = tokio::time::timeout(SOON, till.read_exact(&mut status)).await;
            read.expect("a status in time").expect("a status");
            status
        })
    };
    assert_eq!(heard(&mut till), [0x14, 0, 0, 0x0F], "well, and the drawer is shut");

    world.printer.act(Act::Drawer { open: true });
    assert_eq!(heard(&mut till), [0x10, 0, 0, 0x0F]);
    let opened = journalled(&world, "a no-sale", |event| event.kind == Kind::NoSale);
    let drawer = opened.drawer.expect("a drawer");
    assert_eq!((drawer.kick, drawer.state), (None, DrawerState::Opened));
    told(&world, &["WITHOUT a sale", "by hand or key"]);
    world.printer.act(Act::Drawer { open: false });
    heard(&mut till);
    let closed = journalled(&world, "its closing", |event| event.kind == Kind::DrawerClosed);
    assert_eq!(closed.related, Some(opened.id));

    world.printer.act(Act::Paper(possim::printer::Paper::Out));
    assert_eq!(heard(&mut till), [0x1C, 0, 0x0F, 0x0F]);
    let status = journalled(&world, "a printer status", |e| e.kind == Kind::PrinterStatus);
    let printer = status.printer.expect("a state");
    assert_eq!((printer.paper, printer.offline), (Some(Paper::Out), Some(true)));
    told(&world, &["Printer needs attention", "OUT"]);
    world.printer.act(Act::Paper(possim::printer::Paper::Full));
    told(&world, &["Printer is well again"]);
    assert_eq!(world.bridge.events().len(), 4, "and nothing else was said");
}

#[test]
fn a_drawer_on_a_port_of_its_own_is_told_from_its_code_to_the_group() {
    let mut world = World::open(22);
    let kind = (
        "kind = \"serial-tap\"",
        "kind = \"serial-drawer\"\nopen_code = \"1B 07\"\nstatus_open = \"01\"\nstatus_closed = \"00\"",
    );
    world.reconfigure(&[NOTICES, kind]);
    world.bridge.start_brain();
    world.send(b"\x00\x1b");
    world.send(b"\x07");
    let kicked = journalled(&world, "a kick", |event| event.kind == Kind::DrawerOpened);
    assert_eq!(kicked.source, "counter-1");
    assert_eq!(kicked.drawer.expect("a drawer").state, DrawerState::Commanded);
    told(&world, &["Drawer opened", "counter-1", "the till told it to open"]);

    world.send(b"\x01");
    world.send(b"\x00");
    world.send(b"\x01");
    journalled(&world, "an opening by key", |event| event.kind == Kind::NoSale);
    told(&world, &["WITHOUT a sale", "by hand or key"]);
    assert_eq!(world.bridge.events().len(), 2, "the opening that the code asked for is no news");
}

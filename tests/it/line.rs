//! The straight line: what goes in at the tills comes out at the printer and in the group.

use pos_tests::wait::{SOON, check, until};
use pos_tests::world::{Counter, World};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// `DLE EOT 1`, which the network till sends before and after each receipt.
const STATUS_REQUEST: [u8; 3] = [0x10, 0x04, 0x01];

#[test]
fn a_sale_on_either_wire_is_one_event_and_one_message_and_the_paper_is_untouched() {
    let mut world = World::open(11);
    world.bridge.start_brain();
    let serial = world.sell(Counter::Serial);
    let network = world.sell(Counter::Network);
    world.until_settled();

    let events = world.bridge.events();
    let sources: Vec<&str> = events.iter().map(|event| event.source.as_str()).collect();
    for source in ["counter-1", "counter-2"] {
        let sales = sources.iter().filter(|other| **other == source).count();
        assert_eq!(sales, 1, "{source}: {events:#?}");
    }
    assert_eq!(world.mock.messages().len(), 2);
    assert_eq!(world.mock.attempts().len(), 2, "nothing was sent twice or refused");

    let carried = [&STATUS_REQUEST[..], &network, &STATUS_REQUEST].concat();
    assert_eq!(world.printer.counts().log, carried);
    let status = world.bridge.status();
    assert_eq!(status["ready"], true);
    let kept = |name: &str| {
        let sources = status["sources"].as_array().expect("a list");
        let source = sources.iter().find(|source| source["name"] == name).expect("the source");
        source["journalled_bytes"].as_u64().expect("a count")
    };
    assert_eq!(kept("counter-1"), serial.len() as u64);
    assert_eq!(kept("counter-2"), carried.len() as u64);
}

#[test]
fn a_printers_answers_pass_back_to_the_pos_and_into_the_journal() {
    let mut world = World::open(12);
    world.bridge.start_brain();
    let answers = world.block_on(async {
        let mut pos = TcpStream::connect(world.proxy).await.expect("the proxy");
        let mut answers = Vec::new();
        for question in 1..=4 {
            pos.write_all(&[0x10, 0x04, question]).await.expect("room");
            let answer = tokio::time::timeout(SOON, pos.read_u8()).await;
            answers.push(answer.expect("an answer in time").expect("an answer"));
        }
        answers
    });
    // On line with the drawer sensor low; then no error, cover closed, paper in.
    assert_eq!(answers, [0x16, 0x12, 0x12, 0x12]);
    let asked: Vec<u8> = (1..=4).flat_map(|question| [0x10, 0x04, question]).collect();
    until(SOON, "both directions in the journal", || {
        let found = (
            world.bridge.heard("counter-2", "to_printer"),
            world.bridge.heard("counter-2", "from_printer"),
        );
        check(found, |(to, from)| to.concat() == asked && from.concat() == answers)
    });
}

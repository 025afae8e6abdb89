//! The shop at the command line, beside a running bridge: stock, takings, books.

use std::process::Output;

use pos_protocol::event::Kind;
use pos_tests::wait::{SOON, check, until};
use pos_tests::world::World;
use serde_json::Value;

/// Two teas for 36.00 in cash, and the paper is cut.
fn slip(number: u32) -> Vec<u8> {
    let lines = format!(
        "SHOP\nReceipt No: {number}\nTea 2 x 18.00 36.00\nTOTAL 36.00\nCASH 40.00\nCHANGE 4.00\n"
    );
    [b"\x1b@", lines.as_bytes(), b"\x1dVB\x00"].concat()
}

/// A bridge at work whose robot is told what runs out, after this many slips.
fn after(seed: u64, slips: u32) -> World {
    let mut world = World::open(seed);
    world.reconfigure(&[("notices = [\"sale\"]", "notices = [\"sale\", \"low_stock\"]")]);
    world.bridge.start_brain();
    sell(&mut world, 1..=slips);
    world
}

fn sell(world: &mut World, numbers: std::ops::RangeInclusive<u32>) {
    let last = *numbers.end() as usize;
    for number in numbers {
        world.send(&slip(1_000 + number));
    }
    let sales = |world: &World| {
        world.bridge.events().iter().filter(|event| event.kind == Kind::Sale).count()
    };
    until(SOON, "all sales in the journal", || check(sales(world), |count| *count == last));
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("UTF-8")
}

/// What a verb that went well wrote.
fn said(output: &Output) -> String {
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout).to_owned()
}

fn left(world: &World) -> Value {
    let listed = said(&world.bridge.posbridge("stock list", &["--json"]));
    let listed: Value = serde_json::from_str(&listed).expect("JSON");
    listed["articles"][0]["left"].clone()
}

fn import(world: &World, catalogue: &str) -> Output {
    world.bridge.write("shop.csv", catalogue);
    let file = world.bridge.path("shop.csv");
    world.bridge.posbridge("stock import", &[file.to_str().expect("text")])
}

#[test]
fn sales_take_from_the_stock_and_the_group_is_told_once_that_it_runs_low() {
    let mut world = after(61, 1);
    let unknown = said(&world.bridge.posbridge("stock list", &["--json"]));
    let unknown: Value = serde_json::from_str(&unknown).expect("JSON");
    assert_eq!(unknown["unknown"][0]["name"], "Tea", "{unknown}");
    said(&import(&world, "name,unit,threshold\nTea,cup,5\n"));
    said(&world.bridge.posbridge("stock set", &["Tea", "8"]));
    assert_eq!(left(&world), "8", "what was sold before it was set is not in it");
    sell(&mut world, 2..=4);
    assert_eq!(left(&world), "2");
    let alerts = || world.group().into_iter().filter(|told| told.contains("📦")).count();
    until(SOON, "the word that tea runs low", || check(alerts(), |count| *count > 0));
    until(SOON, "nothing left to tell", || {
        check(world.bridge.outbox(), |rows| rows.iter().all(|(state, ..)| state == "delivered"))
    });
    assert_eq!(alerts(), 1, "{:?}", world.group());
}

#[test]
fn a_catalogue_or_an_entry_with_a_mistake_disturbs_nothing() {
    let world = after(62, 1);
    said(&import(&world, "name,unit,start\nTea,cup,100\n"));
    let refused = import(&world, "name,unit,threshold\nTea,cup,-5\nMilk,spoon,\n");
    assert_eq!(refused.status.code(), Some(2));
    let why = text(&refused.stderr);
    for part in ["shop.csv:2:", "found \"-5\"", "shop.csv:3:", "found \"spoon\"", "hint: "] {
        assert!(why.contains(part), "{part:?} is not in {why}");
    }
    let refused = world.bridge.posbridge("stock count", &["Tee", "5"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(text(&refused.stderr).contains("did you mean \"Tea\"?"), "{refused:?}");
    assert_eq!(left(&world), "100");
}

#[test]
fn takings_and_the_bookkeepers_rows_say_the_same_also_after_a_death_and_from_the_events_alone() {
    let mut world = after(63, 3);
    let rows = |world: &World| {
        said(&world.bridge.posbridge("export", &["--from", "2020-01-01", "--to", "2099-12-31"]))
    };
    let before = rows(&world);
    let sales: Vec<Vec<&str>> =
        before.lines().skip(1).map(|row| row.split(',').collect()).collect();
    assert_eq!(sales.iter().map(|row| row[5]).collect::<Vec<_>>(), ["1001", "1002", "1003"]);
    let day = sales[0][2];
    let report = said(&world.bridge.posbridge("report", &["--day", day, "--json"]));
    let report: Value = serde_json::from_str(&report).expect("one summary");
    assert_eq!((&report["net"], &report["average"]), (&"108.00".into(), &"36.00".into()));
    let cash =
        said(&world.bridge.posbridge("reconcile", &["--cash", "110.00", "--source", "counter-1"]));
    assert!(cash.contains("over by 2.00"), "{cash}");
    world.bridge.kill_brain();
    assert_eq!(rows(&world), before);
    world.bridge.start_brain();
    let checked = world.bridge.posbridge("check", &["--offline", "--deep"]);
    assert!(text(&checked.stdout).contains("events say, to the byte"), "{checked:?}");
}

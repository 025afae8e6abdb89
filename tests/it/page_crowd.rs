//! A crowd at the page: what is printed meanwhile comes out, is kept and is told as if nobody were
//! there, and somebody who only wants to see the page still does.

use std::fs;
use std::net::{SocketAddr, SocketAddrV4};
use std::time::Duration;

use pos_tests::wait::{SOON, check, until};
use pos_tests::world::{Counter, World};

use crowd::Crowd;

// The same crowd that the latency bench sends.
#[path = "../../bridge/benches/forward/crowd.rs"]
mod crowd;
#[path = "../../bridge/benches/forward/honest.rs"]
mod honest;

/// Connections that docs/PAGE.md promises at most.
const MAX_CONNECTIONS: usize = 64;
/// Those that are counted beyond it: the one that is just being let in, and what comes and goes while
/// the kernel's table is read line by line.
const BLUR: usize = 16;
/// Looks at that table, of which the least counts.
const LOOKS: usize = 5;
/// Sales while the crowd is there: fewer than a robot takes in a minute.
const SALES: usize = 12;
/// Most memory of a brain, in KiB: three times what one of a debug build has.
const MAX_RSS_KIB: u64 = 160 * 1024;

#[expect(clippy::print_stderr, reason = "figures for whoever looks at a run")]
fn say(line: &str) {
    eprintln!("{line}");
}

/// A shop whose page is open to this machine.
fn open(seed: u64) -> (World, SocketAddrV4) {
    let mut world = World::open(seed);
    // The address of this world's proxy is nobody else's.
    let SocketAddr::V4(proxy) = world.proxy else { panic!("expected an address of 127/8") };
    let page = SocketAddrV4::new(*proxy.ip(), 8787);
    let text = fs::read_to_string(world.bridge.config()).expect("a configuration");
    world.bridge.write("posbridge.toml", &format!("{text}\n[web]\nlisten = \"{page}\"\n"));
    world.bridge.start_brain();
    until(SOON, "a page", || answer(page));
    (world, page)
}

/// How soon the page answered, where it did.
fn answer(page: SocketAddrV4) -> Result<Duration, String> {
    match honest::ask(page.into(), "/") {
        Ok(answer) if answer.code == 200 && answer.bytes > 0 => Ok(answer.took),
        Ok(answer) => Err(format!("{answer:?}")),
        Err(error) => Err(error.to_string()),
    }
}

/// Connections that the page has taken and not ended; the fewest of some looks, since the table is not
/// read in one moment, and what is held at all is held in each.
fn taken(page: SocketAddrV4) -> usize {
    (0..LOOKS).map(|_| look(page)).min().unwrap_or_default()
}

/// Those that only the kernel holds for the page have no inode yet; nor have those that it has ended.
fn look(page: SocketAddrV4) -> usize {
    let [a, b, c, d] = page.ip().octets();
    let local = format!("{:08X}:{:04X}", u32::from_le_bytes([a, b, c, d]), page.port());
    let table = fs::read_to_string("/proc/net/tcp").expect("Linux");
    let established_or_half_closed = ["01", "08"];
    let is_taken = |line: &&str| {
        let columns: Vec<&str> = line.split_whitespace().collect();
        columns.get(1) == Some(&local.as_str())
            && columns.get(3).is_some_and(|state| established_or_half_closed.contains(state))
            && columns.get(9).is_some_and(|inode| *inode != "0")
    };
    table.lines().filter(is_taken).count()
}

fn rss_kib(world: &World) -> u64 {
    let pid = world.bridge.brain_pid().expect("a brain");
    let status = fs::read_to_string(format!("/proc/{pid}/status")).expect("it runs");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("a size");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}

#[test]
fn a_thousand_idle_connections_and_slow_heads_disturb_nothing_that_is_printed() {
    if let Err(why) = crowd::make_room() {
        say(&format!("SKIPPED: {why}"));
        return;
    }
    let (mut world, page) = open(21);
    let alone = rss_kib(&world);
    let crowd = Crowd::gather(page);
    let all = (crowd::IDLE + crowd::SLOW) as u64;
    // Each has been there, all but those with a place were sent away, and some have come again.
    until(SOON, "the whole crowd", || {
        check(crowd.counts(), |counts| {
            counts.opened > all && counts.closed + MAX_CONNECTIONS as u64 >= all
        })
    });
    let (mut most, mut rss, mut longest) = (0, 0, Duration::ZERO);
    let mut carried = Vec::new();
    for n in 0..SALES {
        let counter = if n % 2 == 0 { Counter::Network } else { Counter::Serial };
        let paper = world.sell(counter);
        if counter == Counter::Network {
            carried.push(paper);
        }
        most = most.max(taken(page));
        rss = rss.max(rss_kib(&world));
        longest = longest.max(until(SOON, "the page for somebody honest", || answer(page)));
    }
    world.until_settled();
    let on_paper = world.printer.counts().log;
    let mut rest = on_paper.as_slice();
    for paper in &carried {
        let at = rest.windows(paper.len()).position(|found| found == paper.as_slice());
        rest = &rest[at.expect("each paper came out as it was sent, in order") + paper.len()..];
    }
    let counts = crowd.counts();
    assert!(counts.trickled > 0, "nobody was slow: {counts:?}");
    most = most.max(taken(page));
    rss = rss.max(rss_kib(&world));
    assert!(most > 0 && most <= MAX_CONNECTIONS + BLUR, "{most} connections were taken at once");
    assert!(rss < MAX_RSS_KIB, "{rss} KiB");
    say(&format!(
        "a crowd: {} connections opened, {} ended by the page, at most {most} at once, for \
         {:?} of its own processor time. Somebody honest waited {longest:?} at most; the brain had {rss} KiB, \
         {alone} before",
        counts.opened, counts.closed, counts.spent
    ));

    drop(crowd);
    until(SOON, "no connection after the crowd has gone", || {
        check(taken(page), |count| *count == 0)
    });
    answer(page).expect("the page at the first try");
}

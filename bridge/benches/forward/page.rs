//! What the page costs a box with four ports: bytes and time of each page, and memory once all were
//! looked at.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use posbridge::journal::JournalReader;

use crate::Outcome;
use crate::bytes::receipt;
use crate::ends::{PATIENCE, Pty, until};
use crate::forwarder::{Beside, Process, Shop};
use crate::honest::ask;
use crate::idle::{memory, say, tap};

/// Receipts that were printed before anybody looks.
const RECEIPTS: u32 = 50;
/// How often each page is asked for; the median counts, and the first is said too.
const TIMES: usize = 9;
/// How long everything settles before memory is read: threads that read the journal for the page
/// wait five seconds for more.
const SETTLE: Duration = Duration::from_secs(8);
/// Most memory, in KiB.
const RSS_LIMIT: u64 = 16 * 1024;
/// Largest page, in bytes.
const PAGE_LIMIT: usize = 100_000;

pub(crate) fn run(out: &mut impl Write) -> Outcome<()> {
    let ports: Vec<Pty> = (0..4).map(|_| Pty::open()).collect::<io::Result<_>>()?;
    let lines: String = ports.iter().enumerate().map(|(n, port)| tap(n, port)).collect();
    let shop = Shop::open(&lines, Beside::Page)?.map_err(io::Error::other)?;
    for n in 0..ports.len() {
        shop.open_source(&format!("port-{n}"))?;
    }
    let page: SocketAddr = shop.page.ok_or("no page")?.into();
    let wire = shop.wire_id().ok_or("no wire process")?;
    let brain = shop.brain.as_ref().map(Process::id).ok_or("no brain")?;
    let id = print(&shop)?;
    std::thread::sleep(SETTLE);
    writeln!(out, "{RECEIPTS} receipts printed, the page shown once:")?;
    memory(out, wire, brain, RSS_LIMIT)?;

    let live = listen(page)?;
    writeln!(out, "each page, {TIMES} times, with a live list open:")?;
    for path in [
        "/".to_owned(),
        "/events".to_owned(),
        "/events?q=milk+tea".to_owned(),
        format!("/receipts/{id}"),
        format!("/teach/{id}"),
        "/outbox".to_owned(),
        "/settings".to_owned(),
        "/assets/style.css".to_owned(),
        "/assets/page.js".to_owned(),
    ] {
        look(out, page, &path, &path.replace(&id, "ID"))?;
    }
    std::thread::sleep(SETTLE);
    writeln!(out, "all looked at, a live list open:")?;
    memory(out, wire, brain, RSS_LIMIT)?;
    drop(live);
    Ok(())
}

/// Prints receipts, and waits until they are told; the first one's id.
fn print(shop: &Shop) -> Outcome<String> {
    let (at, printer) = (shop.listening("till")?, shop.printer()?);
    for number in 0..RECEIPTS {
        let mut till = TcpStream::connect(at)?;
        let (mut paper, _) = printer.accept()?;
        till.write_all(&receipt(number))?;
        drop(till);
        paper.read_to_end(&mut Vec::new())?;
    }
    let reader = JournalReader::open(&shop.journal)?;
    let kept = until("receipts in the journal", || {
        reader.events(0, RECEIPTS as usize).ok().filter(|kept| kept.len() == RECEIPTS as usize)
    })?;
    Ok(kept[0].event()?.id.to_string())
}

/// A live list that is open.
fn listen(page: SocketAddr) -> Outcome<TcpStream> {
    let mut live = TcpStream::connect(page)?;
    live.set_read_timeout(Some(PATIENCE))?;
    write!(live, "GET /live HTTP/1.1\r\nHost: {page}\r\n\r\n")?;
    let mut said = [0; 256];
    let count = live.read(&mut said)?;
    if !said[..count].starts_with(b"HTTP/1.1 200 ") {
        return Err("expected a live list, found something else".into());
    }
    Ok(live)
}

fn look(out: &mut impl Write, page: SocketAddr, path: &str, name: &str) -> Outcome<()> {
    let mut times = Vec::new();
    let mut bytes = 0;
    for _ in 0..TIMES {
        let answer = ask(page, path)?;
        if answer.code != 200 {
            return Err(format!("expected {path}, found {}", answer.code).into());
        }
        times.push(answer.took);
        bytes = answer.bytes;
    }
    let first = times[0];
    times.sort_unstable();
    let middle = times[TIMES / 2];
    let text = format!("{bytes} bytes, {middle:.1?} (the first time {first:.1?})");
    Ok(say(out, name, &text, bytes < PAGE_LIMIT)?)
}

//! `tcp-printer`: a POS on real TCP, and what stands for the printer.

use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use nix::sys::stat::Mode;
use posbridge::ring::{Body, Closing, Direction};
use posbridge::wire::SourceState;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::harness::{DEADLINE, Stage, block_on, noise, toml_path, until};

fn source(extra: &str) -> String {
    format!(
        "[[source]]\nname = \"bar\"\nkind = \"tcp-printer\"\nlisten = \"127.0.0.1:0\"\n{extra}\n"
    )
}

fn prints_on(path: &Path) -> String {
    source(&format!("printer = {}", toml_path(path)))
}

async fn pos(stage: &Stage) -> TcpStream {
    let at = stage.source_in(SourceState::Open).await.listening.expect("a bound port");
    TcpStream::connect(at).await.expect("the printer that we are")
}

/// Sends `question` and expects `answer`, to the byte.
async fn ask(pos: &mut TcpStream, question: &[u8], answer: &[u8]) {
    pos.write_all(question).await.expect("sent");
    expect(pos, answer).await;
}

async fn expect(pos: &mut TcpStream, answer: &[u8]) {
    let mut said = vec![0; answer.len()];
    let read = tokio::time::timeout(DEADLINE, pos.read_exact(&mut said)).await;
    read.expect("an answer in time").expect("an open connection");
    assert_eq!(said, answer);
}

/// A FIFO without a reader: a printer that is not there yet.
fn absent_printer(stage: &Stage) -> std::path::PathBuf {
    let path = stage.path("printer");
    nix::unistd::mkfifo(&path, Mode::S_IRUSR | Mode::S_IWUSR).expect("a FIFO");
    path
}

/// The printer comes: whoever reads the FIFO.
fn switch_on(path: &Path) -> std::fs::File {
    std::fs::OpenOptions::new()
        .read(true)
        .custom_flags(nix::fcntl::OFlag::O_NONBLOCK.bits())
        .open(path)
        .expect("our own FIFO")
}

/// What the printer has got since the last time.
fn paper(printer: &mut std::fs::File) -> Vec<u8> {
    let mut all = Vec::new();
    // Ends with "nothing at the moment", or with a writer that has gone.
    let _so_far = std::io::Read::read_to_end(printer, &mut all);
    all
}

#[test]
fn without_paper_a_pos_gets_its_answers_and_none_is_recorded_as_the_printers() {
    block_on(async {
        let stage = Stage::new();
        stage
            .with_wire(&source(""), async {
                let mut pos = pos(&stage).await;
                ask(&mut pos, b"\x10\x04\x01", &[0x12]).await;
                ask(&mut pos, b"\x1b@\x1da\xff", &[0x10, 0, 0, 0x0F]).await;
                ask(&mut pos, b"TOTAL 36.00\n\x1dV\x00\x1dr\x01", &[0x00]).await;
                ask(&mut pos, b"\x1dIB", b"_EPSON\0").await;
                pos.shutdown().await.expect("open");
                let mut rest = Vec::new();
                pos.read_to_end(&mut rest).await.expect("a clean end");
                assert_eq!(rest, b"");
                let mut ear = stage.ear().await;
                ear.until("the end", |r| {
                    r.iter().any(|record| record.body == Body::Closed(Closing::Ended))
                })
                .await;
                let sent = b"\x10\x04\x01\x1b@\x1da\xffTOTAL 36.00\n\x1dV\x00\x1dr\x01\x1dIB";
                assert_eq!(ear.bytes("bar", Direction::ToPrinter), sent);
                assert_eq!(ear.bytes("bar", Direction::FromPrinter), b"", "answers of ours");
            })
            .await;
    });
}

#[test]
fn a_printer_that_is_away_is_off_line_and_what_was_sent_is_printed_when_it_comes() {
    block_on(async {
        let stage = Stage::new();
        let path = absent_printer(&stage);
        stage
            .with_wire(&prints_on(&path), async {
                let mut pos = pos(&stage).await;
                ask(&mut pos, b"\x10\x04\x01", &[0x1A]).await;
                ask(&mut pos, b"\x1da\xff", &[0x18, 0x40, 0, 0x0F]).await;
                let why = stage.reason().await;
                assert!(why.starts_with("nothing is printed: expected a program that"), "{why}");
                // Whether it is on paper is not answered before it is; the rest is.
                pos.write_all(b"receipt\n\x1dr\x01").await.expect("sent");
                ask(&mut pos, b"\x10\x04\x04", &[0x12]).await;

                let mut printer = switch_on(&path);
                let mut got = Vec::new();
                until("the paper", || {
                    got.extend(paper(&mut printer));
                    got.ends_with(b"\x10\x04\x04").then_some(())
                })
                .await;
                assert_eq!(got, b"\x10\x04\x01\x1da\xffreceipt\n\x1dr\x01\x10\x04\x04");
                // Back on line, told unasked; and the receipt is on paper. In either order.
                let mut said = [0; 5];
                let read = tokio::time::timeout(DEADLINE, pos.read_exact(&mut said)).await;
                read.expect("in time").expect("open");
                let orders = [[0x10, 0, 0, 0x0F, 0x00], [0x00, 0x10, 0, 0, 0x0F]];
                assert!(orders.contains(&said), "{said:02x?}");
                ask(&mut pos, b"\x10\x04\x01", &[0x12]).await;
                stage.source_when("no complaint", |s| s[0].why.is_none().then_some(())).await;
            })
            .await;
    });
}

#[test]
fn a_pos_is_held_up_by_a_missing_printer_after_so_many_bytes_and_loses_none() {
    block_on(async {
        let stage = Stage::new();
        let path = absent_printer(&stage);
        stage
            .with_wire(&prints_on(&path), async {
                let mut ear = stage.ear().await;
                let pos = pos(&stage).await;
                let sent = noise(16 * 1024 * 1024);
                let (mut at, mut kept) = (0, 0);
                until("a POS that cannot go on", || {
                    ear.listen();
                    let before = (
                        at,
                        std::mem::replace(&mut kept, ear.bytes("bar", Direction::ToPrinter).len()),
                    );
                    while let Ok(count) = pos.try_write(&sent[at..]) {
                        at += count;
                    }
                    (before == (at, kept) && kept > 0).then_some(())
                })
                .await;
                assert!(kept < 256 * 1024, "{kept} bytes wait for paper");
                let mut printer = switch_on(&path);
                let (more, mut got) = (at + 100_000, Vec::new());
                until("the rest on paper", || {
                    if at < more
                        && let Ok(count) = pos.try_write(&sent[at..more])
                    {
                        at += count;
                    }
                    ear.listen();
                    got.extend(paper(&mut printer));
                    (got.len() == more).then_some(())
                })
                .await;
                assert!(got == sent[..more], "every byte once, in order");
            })
            .await;
    });
}

#[test]
fn receipts_of_two_connections_never_interleave_on_paper() {
    block_on(async {
        let stage = Stage::new();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let at = listener.local_addr().expect("bound");
        let text = source(&format!("printer = \"tcp:{at}\"\nidle = \"5m\""));
        stage
            .with_wire(&text, async {
                // The first connection only looks whether the printer is there.
                let job = async || {
                    let (mut stream, _) = listener.accept().await.expect("a connection");
                    let mut job = Vec::new();
                    stream.read_to_end(&mut job).await.expect("a clean end");
                    job
                };
                assert_eq!(job().await, b"");
                let (mut first, mut second) = (pos(&stage).await, pos(&stage).await);
                first.write_all(b"one, ").await.expect("sent");
                let (mut printer, _) = listener.accept().await.expect("a job");
                expect(&mut printer, b"one, ").await;
                second.write_all(b"three").await.expect("sent");
                second.shutdown().await.expect("open");
                // A closed connection whose paper waits is over for the POS.
                let mut ear = stage.ear().await;
                ear.until("the end of the second", |r| {
                    r.iter().any(|record| record.body == Body::Closed(Closing::Ended))
                })
                .await;
                first.write_all(b"two").await.expect("sent");
                first.shutdown().await.expect("open");
                let mut rest = Vec::new();
                printer.read_to_end(&mut rest).await.expect("a clean end");
                assert_eq!(rest, b"two");
                drop(printer);
                assert_eq!(job().await, b"three");
            })
            .await;
    });
}

#[test]
fn a_pause_lets_the_next_one_print_and_a_turn_comes_again() {
    block_on(async {
        let stage = Stage::new();
        let path = stage.path("paper");
        std::fs::write(&path, "").expect("a file");
        let text = source(&format!("printer = {}\nidle = \"100ms\"", toml_path(&path)));
        let printed = |expected: &'static str| {
            let path = path.clone();
            async move {
                until(expected, || {
                    (std::fs::read_to_string(&path).expect("ours") == expected).then_some(())
                })
                .await;
            }
        };
        stage
            .with_wire(&text, async {
                let (mut first, mut second) = (pos(&stage).await, pos(&stage).await);
                first.write_all(b"one ").await.expect("sent");
                printed("one ").await;
                second.write_all(b"two ").await.expect("sent");
                printed("one two ").await;
                first.write_all(b"three").await.expect("sent");
                printed("one two three").await;
            })
            .await;
    });
}

#[test]
fn a_pos_that_asks_and_does_not_listen_holds_up_nothing() {
    block_on(async {
        let stage = Stage::new();
        stage
            .with_wire(&source(""), async {
                let mut ear = stage.ear().await;
                let mut deaf = pos(&stage).await;
                let questions = b"\x1dIC".repeat(1_000_000);
                deaf.write_all(&questions).await.expect("the printer goes on reading");
                deaf.write_all(b"receipt").await.expect("still");
                ear.until("the receipt", |r| {
                    let found = r.iter().rev().find_map(|record| match &record.body {
                        Body::Data(bytes) => Some(bytes.ends_with(b"receipt")),
                        _ => None,
                    });
                    found == Some(true)
                })
                .await;
                let mut other = pos(&stage).await;
                ask(&mut other, b"\x10\x04\x01", &[0x12]).await;
            })
            .await;
    });
}

#[test]
fn a_serial_port_is_no_paper_and_nothing_is_made_where_nothing_is() {
    block_on(async {
        let stage = Stage::new();
        let path = stage.path("printer");
        stage
            .with_wire(&prints_on(&path), async {
                let why = stage.reason().await;
                assert!(why.contains("found nothing there"), "{why}");
                assert!(!path.exists());
                let _cable = crate::cable::Cable::plug(&path);
                stage
                    .source_when("the kind that it needs", |sources| {
                        let why = sources[0].why.as_ref()?;
                        why.contains("use a source of kind \"serial-inline\"").then_some(())
                    })
                    .await;
            })
            .await;
    });
}

#[test]
fn a_printer_that_stands_still_is_off_line_until_it_goes_on() {
    block_on(async {
        let stage = Stage::new();
        let path = absent_printer(&stage);
        let mut printer = switch_on(&path);
        stage
            .with_wire(&prints_on(&path), async {
                let mut pos = pos(&stage).await;
                ask(&mut pos, b"\x1da\xff", &[0x10, 0, 0, 0x0F]).await;
                // More than a FIFO holds, and less than we do: the cover is open.
                let receipt =
                    noise(100_000).iter().map(|byte| b'A' + byte % 26).collect::<Vec<u8>>();
                pos.write_all(&receipt).await.expect("sent");
                expect(&mut pos, &[0x18, 0x40, 0, 0x0F]).await;
                let why = stage.reason().await;
                assert!(why.contains("has taken nothing for 5 s; is it out of paper"), "{why}");
                ask(&mut pos, b"\x10\x04\x01", &[0x1A]).await;
                let mut got = Vec::new();
                until("all of it on paper", || {
                    got.extend(paper(&mut printer));
                    got.ends_with(b"\x10\x04\x01").then_some(())
                })
                .await;
                assert!(got == [&b"\x1da\xff"[..], &receipt, b"\x10\x04\x01"].concat());
                expect(&mut pos, &[0x10, 0, 0, 0x0F]).await;
            })
            .await;
    });
}

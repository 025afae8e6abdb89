//! The printer and the serial drawer as hosts meet them: over real TCP and real ptys.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use possim::printer::{Act, DrawerSetup, Paper, Polarity, Printer, SerialDrawer, Setup};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// Longest wait for something that is about to come.
const PATIENCE: Duration = Duration::from_secs(20);

fn any() -> SocketAddr {
    SocketAddr::from((Ipv4Addr::LOCALHOST, 0))
}

async fn printer() -> Printer {
    let setup = Setup { polarity: Polarity::OpenIsHigh, ..Setup::default() };
    Printer::start_as(any(), setup).await.expect("a loopback port")
}

/// The next `bytes` bytes that the printer says to `host`.
async fn told(host: &mut TcpStream, bytes: usize) -> Vec<u8> {
    let mut heard = vec![0; bytes];
    timeout(PATIENCE, host.read_exact(&mut heard)).await.expect("in time").expect("bytes");
    heard
}

/// Waits until `holds`.
async fn until(printer: &Printer, holds: impl Fn(&Printer) -> bool) {
    let mut changes = printer.changes();
    let waiting = async {
        while !holds(printer) {
            changes.changed().await.expect("it runs");
        }
    };
    timeout(PATIENCE, waiting).await.expect("in time");
}

fn open(link: &Path) -> File {
    let flags = nix::fcntl::OFlag::O_NOCTTY.bits();
    OpenOptions::new().read(true).write(true).custom_flags(flags).open(link).expect("the port")
}

/// Says `bytes` to a serial device and reads `count` bytes of its answer.
async fn ask(mut port: File, bytes: &'static [u8], count: usize) -> (File, Vec<u8>) {
    let asking = tokio::task::spawn_blocking(move || {
        port.write_all(bytes).expect("room");
        let mut heard = vec![0; count];
        port.read_exact(&mut heard).expect("an answer");
        (port, heard)
    });
    timeout(PATIENCE, asking).await.expect("in time").expect("no panic")
}

#[tokio::test]
async fn it_answers_and_counts_per_connection() {
    let printer = Printer::start(any()).await.expect("a loopback port");
    for _ in 0..2 {
        let mut host = TcpStream::connect(printer.address()).await.expect("a printer");
        host.write_all(b"TEA 18.00\n\x1DV\x42\x00\x10\x04\x01").await.expect("room");
        assert_eq!(told(&mut host, 1).await, [0x16]);
    }
    let counts = printer.counts();
    assert_eq!((counts.receipts, counts.connections.len()), (2, 2));
    assert_eq!(counts.connections[0].bytes, 17);
    assert_eq!(counts.log.len() as u64, counts.bytes);
}

#[tokio::test]
async fn changes_are_pushed_to_every_host_that_asked_for_them_and_to_no_other() {
    let printer = printer().await;
    let mut hosts = Vec::new();
    for mask in [0xFF, 0x08, 0x00] {
        let mut host = TcpStream::connect(printer.address()).await.expect("a printer");
        host.write_all(&[0x1D, b'a', mask, 0x10, 0x04, 0x02]).await.expect("room");
        let greeting = if mask == 0 { 1 } else { 5 };
        assert_eq!(told(&mut host, greeting).await.len(), greeting);
        hosts.push(host);
    }
    hosts[2].write_all(&[0x1B, b'p', 0, 25, 250]).await.expect("room");
    until(&printer, |printer| printer.condition().drawer_open).await;
    printer.act(Act::Paper(Paper::Low));
    printer.act(Act::Cover { open: true });
    assert_eq!(
        told(&mut hosts[0], 12).await,
        [0x14, 0, 0, 0x0F, 0x14, 0, 3, 0x0F, 0x3C, 0, 3, 0x0F]
    );
    assert_eq!(told(&mut hosts[1], 4).await, [0x14, 0, 3, 0x0F]);
    hosts[2].write_all(&[0x10, 0x04, 0x01]).await.expect("room");
    assert_eq!(told(&mut hosts[2], 1).await, [0x1E]);
}

#[tokio::test]
async fn questions_in_the_stream_are_answered_in_order() {
    let printer = printer().await;
    let mut host = TcpStream::connect(printer.address()).await.expect("a printer");
    host.write_all(b"\x1DI\x01\x1DI\x43TEA\n\x1D(H\x06\x00\x30\x300042\x1Dr\x01")
        .await
        .expect("room");
    let answers = [&[0x20][..], b"_SIM-80\0", b"\x37\x220042\0", &[0]].concat();
    assert_eq!(told(&mut host, answers.len()).await, answers);
}

#[tokio::test]
async fn off_line_it_stops_taking_bytes_and_loses_none_of_them() {
    let printer = printer().await;
    printer.act(Act::Cover { open: true });
    let mut host = TcpStream::connect(printer.address()).await.expect("a printer");
    let receipt = [&[b'x'; 9_000][..], &[0x1D, b'V', 0]].concat();
    host.write_all(&receipt).await.expect("the kernel takes it");
    until(&printer, |printer| printer.counts().bytes == 4_096).await;
    drop(host);
    assert_eq!(printer.receipts(), 0);
    printer.act(Act::Cover { open: false });
    until(&printer, |printer| printer.receipts() == 1).await;
    assert_eq!(printer.counts().log, receipt);
}

#[tokio::test]
async fn a_host_that_goes_away_disturbs_no_other() {
    let printer = printer().await;
    let mut stays = TcpStream::connect(printer.address()).await.expect("a printer");
    let mut goes = TcpStream::connect(printer.address()).await.expect("a printer");
    goes.write_all(&[0x1D, b'a', 0xFF, 0x1D, b'v', b'0', 0]).await.expect("room");
    told(&mut goes, 4).await;
    drop(goes);
    stays.write_all(b"TEA\n\x1DV\x00\x10\x04\x01").await.expect("room");
    assert_eq!(told(&mut stays, 1).await, [0x12]);
    assert_eq!(printer.receipts(), 1);
}

#[tokio::test]
async fn on_a_pty_it_answers_pushes_and_tells_the_host_to_wait() {
    let dir = tempfile::tempdir().expect("a directory");
    let link = dir.path().join("printer");
    let mut printer = printer().await;
    printer.attach(&link).expect("a pty");
    let (port, heard) = ask(open(&link), &[0x10, 0x04, 0x01, 0x1D, b'a', 0xFF], 5).await;
    assert_eq!(heard, [0x12, 0x10, 0, 0, 0x0F]);
    printer.act(Act::Paper(Paper::Out));
    let (port, heard) = ask(port, &[], 5).await;
    assert_eq!(heard, [0x18, 0, 0x0F, 0x0F, 0x13]);
    printer.act(Act::Paper(Paper::Full));
    let (port, heard) = ask(port, &[], 5).await;
    assert_eq!(heard, [0x10, 0, 0, 0x0F, 0x11]);
    drop(port);
    let (_, heard) = ask(open(&link), &[0x10, 0x04, 0x04], 1).await;
    assert_eq!(heard, [0x12], "the port can be opened again");
    assert_eq!(printer.counts().connections.len(), 1);
}

#[tokio::test]
async fn a_serial_drawer_opens_on_any_byte_and_says_so() {
    let dir = tempfile::tempdir().expect("a directory");
    let link = dir.path().join("drawer");
    let drawer = SerialDrawer::start(&link, DrawerSetup::default()).expect("a pty");
    let (port, heard) = ask(open(&link), &[0x07], 1).await;
    assert_eq!((heard, drawer.is_open()), (vec![0x01], true));
    drawer.push_shut();
    let (_, heard) = ask(port, &[], 1).await;
    assert_eq!((heard, drawer.opened()), (vec![0x00], 1));
}

#[tokio::test]
async fn a_serial_drawer_with_a_code_ignores_everything_else() {
    let dir = tempfile::tempdir().expect("a directory");
    let link = dir.path().join("drawer");
    let opens_on = Some(b"\x1Bp\x00".to_vec());
    let setup = DrawerSetup { opens_on, asks: Some(b'?'), open: b'O', closed: b'C' };
    let drawer = SerialDrawer::start(&link, setup).expect("a pty");
    let (port, heard) = ask(open(&link), b"hello\x1Bp?", 1).await;
    assert_eq!((heard, drawer.is_open()), (b"C".to_vec(), false));
    let (_, heard) = ask(port, b"\x1B\x1Bp\x00?", 2).await;
    assert_eq!((heard, drawer.opened()), (b"OO".to_vec(), 1));
}

#[tokio::test]
async fn a_taken_port_and_a_path_that_is_a_file_are_named() {
    let taken = TcpListener::bind(any()).expect("a port");
    let address = taken.local_addr().expect("its address");
    let error = Printer::start(address).await.expect_err("taken").to_string();
    assert!(error.contains(&address.to_string()), "{error}");
    let dir = tempfile::tempdir().expect("a directory");
    let file = dir.path().join("precious");
    File::create(&file).expect("a file");
    let mut printer = printer().await;
    let error = printer.attach(&file).expect_err("a file").to_string();
    assert!(error.contains("precious"), "{error}");
    assert!(TcpStream::connect(printer.address()).await.is_ok(), "the rest goes on");
}

/// `possim printer` as a program; it is killed when the test is over.
struct Program {
    child: Child,
    control: ChildStdin,
    lines: BufReader<ChildStdout>,
}

impl Program {
    fn start() -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_possim"))
            .args(["printer", "--listen", "127.0.0.1:0", "--sensor", "open-high"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("it runs");
        let control = child.stdin.take().expect("piped");
        let lines = BufReader::new(child.stdout.take().expect("piped"));
        Self { child, control, lines }
    }

    fn line(&mut self) -> serde_json::Value {
        let mut line = String::new();
        self.lines.read_line(&mut line).expect("a line");
        serde_json::from_str(&line).expect("JSON")
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn the_verb_takes_control_lines_and_tells_what_happens() {
    let mut program = Program::start();
    let address = program.line()["listening"].as_str().expect("an address").to_owned();
    let mut host = std::net::TcpStream::connect(address).expect("a printer");
    host.set_read_timeout(Some(PATIENCE)).expect("a time-out");
    host.write_all(&[0x1B, b'p', 0, 25, 250, 0x1D, b'V', 0]).expect("room");
    assert_eq!(program.line(), serde_json::json!({"event": "kick", "pin": "pin2"}));
    assert_eq!(program.line(), serde_json::json!({"event": "drawer", "open": true}));
    assert_eq!(program.line(), serde_json::json!({"event": "cut"}));
    program.control.write_all(b"nonsense\npaper out\n").expect("room");
    assert_eq!(program.line(), serde_json::json!({"event": "paper", "paper": "out"}));
    assert_eq!(program.line(), serde_json::json!({"event": "online", "online": false}));
    host.write_all(&[0x10, 0x04, 0x01]).expect("room");
    let mut status = [0];
    host.read_exact(&mut status).expect("a status");
    assert_eq!(status, [0x1E]);
    program.control.write_all(b"state\n").expect("room");
    let state = program.line();
    assert_eq!((&state["receipts"], &state["state"]["paper"]), (&1.into(), &"out".into()));
}

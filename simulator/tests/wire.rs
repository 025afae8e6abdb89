//! The cables with their faults, over real ptys and real TCP.
//!
//! Paced lines run in tokio's virtual time; the readers on the other side are threads in real time.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use possim::print::Style;
use possim::printer::Printer;
use possim::shop::{OPENING, Shop, Till};
use possim::wire::{Destination, FaultPlan, FaultyLine, Line, Pace, StatusCheck, TcpLine};

const EVERY_FAULT: &str = "flip=30%/2,burst=20%,drop=30%/9,split=40%/5,stall=40%/3s,unplug=25%/1s";

fn receipts(count: usize) -> Vec<Vec<u8>> {
    let mut till = Till::open(&Shop::ALL[0], 5, "counter-1", 1001, OPENING);
    (0..count).map(|n| Style::ALL[n % Style::ALL.len()].print(&till.sell())).collect()
}

/// A log that can be read while it is written.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn text(&self) -> String {
        let bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        String::from_utf8(bytes).expect("JSON is text")
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The other end of a pty: opens the link again whenever the cable was pulled.
struct Tap {
    over: Arc<AtomicBool>,
    thread: JoinHandle<(Vec<u8>, usize)>,
}

impl Tap {
    fn on(link: &Path) -> Self {
        let over = Arc::new(AtomicBool::new(false));
        let (seen, link) = (Arc::clone(&over), link.to_owned());
        Self { over, thread: thread::spawn(move || listen(&link, &seen)) }
    }

    /// Everything heard, and how often the port was opened. The cable must be gone.
    fn heard(self) -> (Vec<u8>, usize) {
        self.over.store(true, Ordering::SeqCst);
        self.thread.join().expect("no panic")
    }
}

fn listen(link: &Path, over: &AtomicBool) -> (Vec<u8>, usize) {
    let (mut heard, mut opened) = (Vec::new(), 0);
    while !over.load(Ordering::SeqCst) {
        let flags = nix::fcntl::OFlag::O_NOCTTY.bits();
        let Ok(mut port) = OpenOptions::new().read(true).custom_flags(flags).open(link) else {
            thread::yield_now();
            continue;
        };
        opened += 1;
        let mut buffer = [0; 4_096];
        while let Ok(read @ 1..) = port.read(&mut buffer) {
            heard.extend_from_slice(&buffer[..read]);
        }
    }
    (heard, opened)
}

/// What a reader of a pty hears of 24 receipts, how often it had to open the port, and the log.
async fn over_a_pty(pace: Pace, seed: u64) -> (Vec<u8>, usize, String) {
    let dir = tempfile::tempdir().expect("a directory");
    let link = dir.path().join("till");
    let plan = FaultPlan::parse(EVERY_FAULT, seed).expect("good");
    let log = Log::default();
    let sound = Line::open(&Destination::Pty(link.clone()), pace).expect("a pty");
    let mut cable = FaultyLine::new(sound, plan, Some(Box::new(log.clone()))).expect("a log");
    let tap = Tap::on(&link);
    for receipt in receipts(24) {
        cable.print(&receipt).await.expect("a reader");
    }
    cable.drained().await.expect("a reader");
    drop(cable);
    let (heard, opened) = tap.heard();
    (heard, opened, log.text())
}

#[tokio::test(start_paused = true)]
async fn the_same_seed_carries_the_same_bytes_fast_and_paced() {
    let fast = over_a_pty(Pace::Fast, 11).await;
    let began = tokio::time::Instant::now();
    let paced = over_a_pty(Pace::Baud(9_600), 11).await;
    assert!(began.elapsed() > Duration::from_secs(10), "{:?} is not paced", began.elapsed());
    assert_eq!(fast, paced);
    assert!(fast.2.contains(r#""fault":"unplug""#) && fast.1 > 1, "no plug was pulled");
    let other = over_a_pty(Pace::Fast, 12).await;
    assert_ne!(fast.0, other.0);
}

#[tokio::test]
async fn a_network_till_prints_a_torn_receipt_again_whole_and_the_log_says_so() {
    let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let printer = Printer::start(any).await.expect("a printer");
    let line = TcpLine::new(&printer.address().to_string(), StatusCheck::Required);
    let plan = FaultPlan::parse("unplug=100%/20ms", 3).expect("good");
    let log = Log::default();
    let mut line =
        FaultyLine::new(Line::Tcp(line), plan.clone(), Some(Box::new(log.clone()))).expect("a log");
    let paper = receipts(3);
    for receipt in &paper {
        assert_eq!(line.print(receipt).await.expect("a printer").torn, 1);
    }
    let asked = [0x10, 0x04, 0x01];
    let mut expected = Vec::new();
    for (n, receipt) in (1..).zip(&paper) {
        let torn = plan.damage(n, receipt);
        let [possim::wire::Piece::Bytes(begun), _] = torn.pieces.as_slice() else {
            panic!("expected a piece and a pulled plug, found {:?}", torn.pieces);
        };
        expected.extend([&asked, begun.as_slice(), &asked, receipt, &asked].concat());
    }
    assert_eq!(printer.counts().log, expected);
    let log = log.text();
    let kinds: Vec<bool> = log.lines().map(|line| line.contains(r#""fault":"reprint""#)).collect();
    assert_eq!(kinds, [false, false, true, false, true, false, true], "{log}");
}

#[tokio::test(start_paused = true)]
async fn a_network_line_behind_a_device_server_is_paced_too() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    let address = listener.local_addr().expect("its address").to_string();
    let server = thread::spawn(move || {
        let mut all = Vec::new();
        listener.accept().expect("a till").0.read_to_end(&mut all).map(|_| all)
    });
    let receipt = vec![b'x'; 1_920];
    let began = tokio::time::Instant::now();
    let mut line = TcpLine::new(&address, StatusCheck::Off).paced(Pace::Baud(9_600));
    line.print(&receipt).await.expect("a server");
    assert!(began.elapsed() >= Duration::from_secs(2), "{:?}", began.elapsed());
    assert_eq!(server.join().expect("no panic").expect("bytes"), receipt);
}

fn pos(arguments: &[&str]) -> (Option<i32>, String) {
    let ran = Command::new(env!("CARGO_BIN_EXE_possim"))
        .args(["pos", "--shop", "bubble-tea", "--receipts", "2", "--fast", "--to"])
        .args(arguments)
        .output()
        .expect("it runs");
    (ran.status.code(), String::from_utf8_lossy(&ran.stderr).into_owned())
}

#[test]
fn a_path_that_is_no_pty_is_named() {
    let dir = tempfile::tempdir().expect("a directory");
    let file = dir.path().join("notes.txt");
    File::create(&file).expect("a file");
    let (code, said) = pos(&[&format!("serial:{}", file.display())]);
    assert_eq!(code, Some(1));
    assert!(said.contains("expected a serial port or a pty at") && said.contains("notes.txt"));
    let (code, said) = pos(&[&format!("pty:{}", file.display())]);
    assert_eq!(code, Some(1));
    assert!(said.contains("expected to make a pty") && said.contains("notes.txt"), "{said}");
}

#[test]
fn a_mistake_in_the_faults_is_exit_code_2() {
    let (code, said) = pos(&["tcp:127.0.0.1:9", "--faults", "melt=3%"]);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("melt"), "{said}");
}

#[test]
fn the_fault_log_names_plan_and_damage_of_a_run() {
    let dir = tempfile::tempdir().expect("a directory");
    let path = |name: &str| -> PathBuf { dir.path().join(name) };
    let (link, log) = (path("till"), path("faults.jsonl"));
    let tap = Tap::on(&link);
    let log_name = log.to_string_lossy().into_owned();
    let to = format!("pty:{}", link.display());
    let (code, said) =
        pos(&[&to, "--faults", "drop=100%/4", "--fault-seed", "9", "--fault-log", &log_name]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("faults: drop=100.00%/4 with seed 9"), "{said}");
    let log = std::fs::read_to_string(log).expect("a log");
    assert!(log.starts_with(r#"{"plan":"drop=100.00%/4","seed":9}"#), "{log}");
    assert_eq!(log.lines().count(), 3, "{log}");
    assert!(!tap.heard().0.is_empty());
}

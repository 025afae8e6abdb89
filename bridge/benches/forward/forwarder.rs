//! The processes that stand in the line. Each is killed when its value is dropped.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use posbridge::control::{self, Status};
use posbridge::ring::RingReader;
use posbridge::runtime_dir::RuntimeDir;
use posbridge::wire::{self, WireStatus};

use crate::Outcome;
use crate::ends::{Ends, Kind, Pty, until};
use crate::honest;
use crate::load::Load;

/// The program that is measured: the one that `POSBRIDGE_PROGRAM` names, or the one that was built with
/// this bench, which has symbols and what tests need besides.
pub(crate) fn program() -> PathBuf {
    std::env::var_os("POSBRIDGE_PROGRAM")
        .map_or_else(|| env!("CARGO_BIN_EXE_posbridge").into(), PathBuf::from)
}

/// Bytes that may still wait in the ring when the next burst begins.
const CALM: u64 = 512 * 1024;

/// What stands in the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Setup {
    Socat,
    Wire,
    Brain,
    Crowd,
}

impl Setup {
    pub(crate) const ALL: [Self; 4] = [Self::Socat, Self::Wire, Self::Brain, Self::Crowd];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Socat => "socat",
            Self::Wire => "wire alone",
            Self::Brain => "wire + brain + load",
            Self::Crowd => "... + page + crowd",
        }
    }

    fn beside(self) -> Beside {
        match self {
            Self::Socat | Self::Wire => Beside::Nothing,
            Self::Brain => Beside::Brain,
            Self::Crowd => Beside::Page,
        }
    }
}

/// What runs beside the wire process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Beside {
    Nothing,
    Brain,
    /// A brain that shows the page.
    Page,
}

/// A forwarder that runs.
pub(crate) enum Forwarder {
    Socat(#[expect(dead_code, reason = "held to be killed")] Process),
    Posbridge(Shop),
}

pub(crate) fn have_socat() -> bool {
    let asked =
        Command::new("socat").arg("-V").stdout(Stdio::null()).stderr(Stdio::null()).status();
    asked.is_ok_and(|status| status.success())
}

impl Forwarder {
    /// Starts one and connects both ends, or says why this build has no such line.
    pub(crate) fn start(setup: Setup, kind: Kind) -> Outcome<Result<(Ends, Self), String>> {
        match (setup, kind) {
            (Setup::Socat, Kind::Tcp) => socat_tcp().map(Ok),
            (Setup::Socat, Kind::Pty) => socat_pty().map(Ok),
            (_, Kind::Tcp) => posbridge_tcp(setup.beside()).map(Ok),
            (_, Kind::Pty) => posbridge_pty(setup.beside()),
        }
    }

    /// What goes on beside the line while it is measured.
    pub(crate) fn load(&self) -> Outcome<Option<Load>> {
        match self {
            Self::Posbridge(shop) if shop.brain.is_some() => Load::start(shop).map(Some),
            _ => Ok(None),
        }
    }

    /// Where its page is, if it shows one.
    pub(crate) fn page(&self) -> Option<SocketAddrV4> {
        match self {
            Self::Posbridge(shop) => shop.page,
            Self::Socat(_) => None,
        }
    }

    /// Waits until the ring has room for a burst.
    pub(crate) fn calm(&self) -> Outcome<()> {
        let Self::Posbridge(shop) = self else { return Ok(()) };
        if shop.brain.is_none() {
            let ring = RingReader::open(&shop.dir.ring())?;
            ring.release(ring.head()?)?;
        }
        until("a ring with room", || {
            shop.wire_status().filter(|status| status.ring_waiting < CALM)
        })?;
        Ok(())
    }
}

/// A child that does not outlive us.
pub(crate) struct Process(Child);

impl Process {
    pub(crate) fn start(command: &mut Command) -> io::Result<Self> {
        command.stdin(Stdio::null()).stdout(Stdio::null()).spawn().map(Self)
    }

    pub(crate) fn id(&self) -> u32 {
        self.0.id()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // One that has ended by itself cannot be killed, only waited for.
        let _ended = self.0.kill();
        let _reaped = self.0.wait();
    }
}

fn socat_tcp() -> Outcome<(Ends, Forwarder)> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let at = free_port()?;
    let from = format!("TCP-LISTEN:{},bind=127.0.0.1,reuseaddr,nodelay", at.port());
    let to = format!("TCP:{},nodelay", listener.local_addr()?);
    let process = Process::start(Command::new("socat").args([from, to]))?;
    Ok((Ends::tcp(at.into(), &listener)?, Forwarder::Socat(process)))
}

fn socat_pty() -> Outcome<(Ends, Forwarder)> {
    let (pos, printer) = (Pty::open()?, Pty::open()?);
    let side = |pty: &Pty| format!("{},rawer", pty.path.display());
    let process = Process::start(Command::new("socat").args([side(&pos), side(&printer)]))?;
    pos.opened()?;
    printer.opened()?;
    Ok((Ends { pos: pos.ours, printer: printer.ours }, Forwarder::Socat(process)))
}

fn posbridge_tcp(beside: Beside) -> Outcome<(Ends, Forwarder)> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let line = format!(
        "[[source]]\nname = \"line\"\nkind = \"tcp-proxy\"\nlisten = \"127.0.0.1:0\"\n\
         upstream = \"{}\"\n",
        listener.local_addr()?
    );
    let shop = Shop::open(&line, beside)?.map_err(io::Error::other)?;
    let at = shop.listening("line")?;
    Ok((Ends::tcp(at, &listener)?, Forwarder::Posbridge(shop)))
}

fn posbridge_pty(beside: Beside) -> Outcome<Result<(Ends, Forwarder), String>> {
    let (pos, printer) = (Pty::open()?, Pty::open()?);
    let line = format!(
        "[[source]]\nname = \"line\"\nkind = \"serial-inline\"\nport = \"{}\"\nprinter = \"{}\"\n\
         baud = 115200\n",
        pos.path.display(),
        printer.path.display()
    );
    let shop = match Shop::open(&line, beside)? {
        Ok(shop) => shop,
        Err(refused) => return Ok(Err(refused)),
    };
    shop.open_source("line")?;
    Ok(Ok((Ends { pos: pos.ours, printer: printer.ours }, Forwarder::Posbridge(shop))))
}

fn free_port() -> io::Result<SocketAddrV4> {
    let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    Ok(SocketAddrV4::new(Ipv4Addr::LOCALHOST, port))
}

/// A verb of the program with what its unit sets for the allocator.
pub(crate) fn verb(verb: &str) -> Command {
    let unit = match verb {
        "wire" => include_str!("../../deploy/posbridge-wire.service"),
        _ => include_str!("../../deploy/posbridge.service"),
    };
    let lines = unit.lines().filter_map(|line| line.strip_prefix("Environment="));
    let mut command = Command::new(program());
    command.envs(lines.flat_map(str::split_whitespace).filter_map(|pair| pair.split_once('=')));
    command.args([verb, "-c"]).env("RUST_LOG", "error");
    command
}

/// A `posbridge` with directories of its own.
pub(crate) struct Shop {
    pub(crate) dir: RuntimeDir,
    pub(crate) journal: PathBuf,
    pub(crate) brain: Option<Process>,
    /// Where the page is, if it is shown.
    pub(crate) page: Option<SocketAddrV4>,
    /// Where receipts are printed beside the line.
    printer: TcpListener,
    /// The DingTalk that accepts and never answers.
    _deaf: TcpListener,
    /// Last, so that everything else is gone when they are deleted.
    wire: Option<Process>,
    _disk: tempfile::TempDir,
    _memory: tempfile::TempDir,
}

impl Shop {
    /// Starts `posbridge` with the sources `lines` and one that takes receipts; or says why it
    /// refused the configuration.
    pub(crate) fn open(lines: &str, beside: Beside) -> Outcome<Result<Self, String>> {
        let disk = tempfile::tempdir()?;
        let memory = match Path::new("/dev/shm") {
            shm if shm.is_dir() => tempfile::tempdir_in(shm)?,
            _ => tempfile::tempdir()?,
        };
        let (deaf, printer) =
            (TcpListener::bind("127.0.0.1:0")?, TcpListener::bind("127.0.0.1:0")?);
        let page = if beside == Beside::Page { Some(free_port()?) } else { None };
        let web = page.map(|at| format!("[web]\nlisten = \"{at}\"\n")).unwrap_or_default();
        let text = format!(
            "{web}{lines}\n[[source]]\nname = \"till\"\nkind = \"tcp-proxy\"\nlisten = \"127.0.0.1:0\"\n\
             upstream = \"{}\"\n\n[[robot]]\nname = \"owner\"\n\
             url = \"http://{}/robot/send?access_token=t\"\n",
            printer.local_addr()?,
            deaf.local_addr()?
        );
        let file = disk.path().join("posbridge.toml");
        std::fs::write(&file, text)?;
        let journal = posbridge::config::load(&file).map(|config| config.journal.path);
        let journal = match journal {
            Ok(path) => path,
            Err(refused) => {
                let why = refused.to_string();
                let line = why.lines().next().unwrap_or_default();
                return Ok(Err(format!("this build refuses the configuration: {line}")));
            }
        };
        let dir = RuntimeDir::at(&memory.path().join("run"))?;
        let start =
            |name: &str| Process::start(verb(name).arg(&file).env("RUNTIME_DIRECTORY", dir.path()));
        // First the wire process, so that it is ours to kill; the brain finds it.
        let wire = Some(start("wire")?);
        until("a wire process", || ask(wire::status(&dir)).ok())?;
        let brain = if beside == Beside::Nothing { None } else { Some(start("run")?) };
        let shop = Self {
            dir,
            journal,
            brain,
            page,
            printer,
            _deaf: deaf,
            wire,
            _disk: disk,
            _memory: memory,
        };
        if shop.brain.is_some() {
            until("a brain", || shop.status().filter(|status| status.ready))?;
        }
        if let Some(page) = page {
            until("a page", || honest::ask(page.into(), "/").ok())?;
        }
        Ok(Ok(shop))
    }

    pub(crate) fn wire_status(&self) -> Option<WireStatus> {
        ask(wire::status(&self.dir)).ok()
    }

    fn status(&self) -> Option<Status> {
        ask(control::ask_status(&self.dir)).ok()
    }

    pub(crate) fn wire_id(&self) -> Option<u32> {
        self.wire.as_ref().map(Process::id)
    }

    /// The printer behind the source that takes receipts.
    pub(crate) fn printer(&self) -> io::Result<TcpListener> {
        self.printer.try_clone()
    }

    /// Where a TCP source listens.
    pub(crate) fn listening(&self, name: &str) -> io::Result<SocketAddr> {
        until("a listening source", || {
            let sources = self.wire_status()?.sources;
            sources.into_iter().find(|source| source.name == name)?.listening
        })
    }

    /// Waits until a source hears.
    pub(crate) fn open_source(&self, name: &str) -> io::Result<()> {
        until("an open source", || {
            let sources = self.wire_status()?.sources;
            let open = |source: &wire::SourceStatus| {
                source.name == name && source.state == wire::SourceState::Open
            };
            sources.iter().any(open).then_some(())
        })
    }
}

/// Runs one question to a socket of `posbridge`.
pub(crate) fn ask<T, E: From<io::Error>>(
    question: impl Future<Output = Result<T, E>>,
) -> Result<T, E> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(question)
}

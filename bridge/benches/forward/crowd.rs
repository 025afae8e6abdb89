//! A crowd at the page: a thousand connections that say nothing, and some that send the head of a
//! request a byte now and then. Each that is closed comes back a second later.
//!
//! One thread that looks around twenty times a second: it shares the machine with what is measured.
//! It asks the page nothing; whether others still get an answer is `honest`'s.

use std::io::{self, Read, Write};
use std::net::{SocketAddrV4, TcpStream};
use std::os::fd::{AsFd, AsRawFd};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use nix::sys::socket::{AddressFamily, SockFlag, SockType, SockaddrIn, connect, socket};
use nix::time::{ClockId, clock_gettime};

/// Connections that say nothing.
pub(crate) const IDLE: usize = 1_000;
/// Connections that send a head byte by byte.
pub(crate) const SLOW: usize = 36;
/// Files that it has open, and those of whoever runs it.
const FILES: u64 = 2_048;
/// Time between two looks around.
const LOOK: Duration = Duration::from_millis(50);
/// Time from a close to the next try: a thousand tries a second is what a small box gets.
const PAUSE: Duration = Duration::from_secs(1);
/// Time between two bytes of a slow head.
const TRICKLE: Duration = Duration::from_millis(400);
/// What is sent so; it has no end.
const HEAD: &[u8] = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ";

/// What it has done so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Connections that were begun.
    pub(crate) opened: u64,
    /// Of them those that the page ended.
    pub(crate) closed: u64,
    /// Bytes of heads that were sent.
    pub(crate) trickled: u64,
    /// Processor time of the crowd itself.
    pub(crate) spent: Duration,
}

#[derive(Debug, Default)]
struct Shared {
    ended: AtomicBool,
    opened: AtomicU64,
    closed: AtomicU64,
    trickled: AtomicU64,
    spent_ns: AtomicU64,
}

/// A crowd that is there until it is dropped.
#[derive(Debug)]
pub(crate) struct Crowd {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

impl Crowd {
    /// Sends it to `page`.
    pub(crate) fn gather(page: SocketAddrV4) -> Self {
        let shared = Arc::<Shared>::default();
        let own = Arc::clone(&shared);
        let thread = Some(std::thread::spawn(move || stand_around(page, &own)));
        Self { shared, thread }
    }

    pub(crate) fn counts(&self) -> Counts {
        let of = |count: &AtomicU64| count.load(Ordering::Relaxed);
        Counts {
            opened: of(&self.shared.opened),
            closed: of(&self.shared.closed),
            trickled: of(&self.shared.trickled),
            spent: Duration::from_nanos(of(&self.shared.spent_ns)),
        }
    }
}

impl Drop for Crowd {
    fn drop(&mut self) {
        self.shared.ended.store(true, Ordering::Relaxed);
        // A panic there has printed itself.
        let _ended = self.thread.take().map(JoinHandle::join);
    }
}

/// Lets this process open as many files as a crowd needs; or says why it may not.
pub(crate) fn make_room() -> Result<(), String> {
    let limit = |error: Errno| format!("the limit of open files cannot be changed: {error}");
    let (soft, hard) = getrlimit(Resource::RLIMIT_NOFILE).map_err(limit)?;
    if soft >= FILES {
        return Ok(());
    }
    if hard < FILES {
        return Err(format!("a crowd needs {FILES} open files, and {hard} are allowed"));
    }
    setrlimit(Resource::RLIMIT_NOFILE, FILES, hard).map_err(limit)
}

/// One of the crowd.
struct Member {
    stream: Option<TcpStream>,
    /// When it comes back, where it has no connection.
    again: Instant,
    /// For the slow ones: when the next byte is due, and how many of this connection went out.
    trickle: Option<(Instant, usize)>,
}

fn stand_around(page: SocketAddrV4, shared: &Shared) {
    let now = Instant::now();
    // The slow ones first, so that they are among those who find a place.
    let slow = |n: usize| (n < SLOW).then_some((now, 0));
    let member = |n| Member { stream: None, again: now, trickle: slow(n) };
    let mut members: Vec<Member> = (0..SLOW + IDLE).map(member).collect();
    while !shared.ended.load(Ordering::Relaxed) {
        for member in &mut members {
            member.come(page, shared);
            // At once: in a crowd that comes together it may be sent away before the next look.
            member.trickle(shared);
        }
        let gone = sent_away(&members).unwrap_or_default();
        shared.closed.fetch_add(gone.len() as u64, Ordering::Relaxed);
        for index in gone {
            members[index].leave();
        }
        if let Ok(spent) = clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID) {
            let nanos = Duration::from(spent).as_nanos() as u64;
            shared.spent_ns.store(nanos, Ordering::Relaxed);
        }
        std::thread::sleep(LOOK);
    }
}

impl Member {
    /// Connects, where it has no connection and its pause is over.
    fn come(&mut self, page: SocketAddrV4, shared: &Shared) {
        if self.stream.is_some() || Instant::now() < self.again {
            return;
        }
        match begin(page) {
            Ok(stream) => {
                self.stream = Some(stream);
                self.trickle = self.trickle.map(|_| (Instant::now(), 0));
                shared.opened.fetch_add(1, Ordering::Relaxed);
            }
            Err(_) => self.leave(),
        }
    }

    fn leave(&mut self) {
        self.stream = None;
        self.again = Instant::now() + PAUSE;
    }

    /// Sends the next byte, where one is due.
    fn trickle(&mut self, shared: &Shared) {
        let (Some(stream), Some((due, sent))) = (&mut self.stream, &mut self.trickle) else {
            return;
        };
        if Instant::now() < *due {
            return;
        }
        let byte = HEAD.get(*sent).copied().unwrap_or(b'x');
        // One that was closed, or has not connected yet, shows in the next look around.
        if stream.write_all(&[byte]).is_ok() {
            shared.trickled.fetch_add(1, Ordering::Relaxed);
        }
        (*due, *sent) = (Instant::now() + TRICKLE, *sent + 1);
    }
}

/// Begins a connection and does not wait for it.
fn begin(page: SocketAddrV4) -> io::Result<TcpStream> {
    let flags = SockFlag::SOCK_NONBLOCK | SockFlag::SOCK_CLOEXEC;
    let socket = socket(AddressFamily::Inet, SockType::Stream, flags, None)?;
    match connect(socket.as_raw_fd(), &SockaddrIn::from(page)) {
        Ok(()) | Err(Errno::EINPROGRESS) => Ok(socket.into()),
        Err(error) => Err(error.into()),
    }
}

/// Those whose connection the page has ended, with a word or without.
fn sent_away(members: &[Member]) -> io::Result<Vec<usize>> {
    let there: Vec<(usize, &TcpStream)> = members
        .iter()
        .enumerate()
        .filter_map(|(index, member)| Some((index, member.stream.as_ref()?)))
        .collect();
    let look = |stream| PollFd::new(stream, PollFlags::POLLIN);
    let mut looks: Vec<PollFd<'_>> =
        there.iter().map(|(_, stream)| stream.as_fd()).map(look).collect();
    poll(&mut looks, PollTimeout::ZERO)?;
    let mut gone = Vec::new();
    for (seen, (index, stream)) in looks.iter().zip(&there) {
        if seen.any() == Some(true) && has_ended(stream) {
            gone.push(*index);
        }
    }
    Ok(gone)
}

fn has_ended(mut stream: &TcpStream) -> bool {
    let mut said = [0; 1_024];
    loop {
        match stream.read(&mut said) {
            Ok(0) => return true,
            Ok(_) => {}
            Err(error) => return error.kind() != io::ErrorKind::WouldBlock,
        }
    }
}

//! A till on a cable whose speed nobody told: what the listener hears depends on how it has set its
//! end. A pty carries bytes whatever its speed says, so the bits are made here.
//!
//! It knows 8 data bits without parity, as nearly every till is set.

use std::fs;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::libc;
use nix::pty::openpty;
use nix::sys::termios::{FlushArg, SetArg, cfmakeraw, tcflush, tcgetattr, tcsetattr};
use nix::unistd::ttyname;

/// Time steps a second, so that every usual speed has a whole number of them.
const STEPS: usize = 115_200 * 16;
/// Pause between two receipts of a till that prints on and on.
const BETWEEN: Duration = Duration::from_millis(600);
/// How long a full cable is waited for.
const NOBODY: Duration = Duration::from_secs(5);

/// What a listener at `heard` bits a second makes of `bytes` sent at `sent`.
pub fn resampled(bytes: &[u8], sent: u32, heard: u32) -> Vec<u8> {
    if sent == heard {
        return bytes.to_vec();
    }
    let (step, own) = (STEPS / sent as usize, STEPS / heard as usize);
    // Idle, then of each byte a low start bit, the bits from the lowest, and a high stop bit.
    let bits = bytes.iter().flat_map(|byte| {
        let data = (0..8).map(move |bit| byte >> bit & 1 == 1);
        std::iter::once(false).chain(data).chain(std::iter::once(true))
    });
    let level: Vec<bool> = [true; 2].into_iter().chain(bits).collect();
    let at = |time: usize| level.get(time / step).copied().unwrap_or(true);
    let (mut heard, mut time) = (Vec::new(), 1);
    while time < level.len() * step {
        if at(time) || !at(time - 1) {
            time += 1;
            continue;
        }
        let bit = |nth: usize| at(time + nth * own + own / 2);
        heard.push((1..=8).fold(0, |byte, nth| byte | u8::from(bit(nth)) << (nth - 1)));
        time += 9 * own + own / 2;
    }
    heard
}

/// The till's end of a cable, under a name that stays.
#[derive(Debug)]
pub struct Cable {
    master: Arc<fs::File>,
    link: PathBuf,
    baud: u32,
}

impl Cable {
    /// A cable at `baud`, reached by `link`.
    ///
    /// # Panics
    /// Where the machine has no pty left.
    pub fn plug(link: &Path, baud: u32) -> Self {
        let pty = openpty(None, None).expect("a pty");
        let mut raw = tcgetattr(&pty.slave).expect("a terminal");
        cfmakeraw(&mut raw);
        tcsetattr(&pty.slave, SetArg::TCSANOW, &raw).expect("a terminal");
        std::os::unix::fs::symlink(ttyname(&pty.slave).expect("a name"), link)
            .expect("a free name");
        let flags = OFlag::from_bits_retain(fcntl(&pty.master, FcntlArg::F_GETFL).expect("flags"));
        fcntl(&pty.master, FcntlArg::F_SETFL(flags | OFlag::O_NONBLOCK)).expect("flags");
        Self { master: Arc::new(fs::File::from(pty.master)), link: link.to_owned(), baud }
    }

    /// Forgets what was printed while nobody listened: a pty keeps it, a cable does not.
    ///
    /// # Panics
    /// Where the cable is gone.
    pub fn forget(&self) {
        let flags = OFlag::O_NOCTTY | OFlag::O_NONBLOCK;
        let end = fs::OpenOptions::new().read(true).custom_flags(flags.bits()).open(&self.link);
        tcflush(end.expect("our end"), FlushArg::TCIFLUSH).expect("a terminal");
    }

    /// Sends bytes as the listener hears them at the speed that its end is set to now.
    pub fn send(&self, bytes: &[u8]) {
        send(&self.master, bytes, self.baud);
    }

    /// Prints `bytes` again and again until the value is dropped.
    pub fn prints(&self, bytes: Vec<u8>) -> Printing {
        let (master, baud) = (Arc::clone(&self.master), self.baud);
        let over = Arc::new(AtomicBool::new(false));
        let stop = Arc::clone(&over);
        let thread = std::thread::spawn(move || {
            while !stop.load(Ordering::Relaxed) {
                send(&master, &bytes, baud);
                std::thread::sleep(BETWEEN);
            }
        });
        Printing { over, thread: Some(thread) }
    }
}

impl Drop for Cable {
    fn drop(&mut self) {
        // A link that leads nowhere does no harm.
        let _ = fs::remove_file(&self.link);
    }
}

fn send(mut master: &fs::File, bytes: &[u8], baud: u32) {
    let set = tcgetattr(master).expect("a terminal");
    let heard = resampled(bytes, baud, speed(set.into()).unwrap_or(baud));
    let (mut left, deadline) = (&heard[..], Instant::now() + NOBODY);
    while !left.is_empty() {
        match master.write(left) {
            Ok(written) => left = &left[written..],
            // Nobody listens, and a cable keeps nothing.
            Err(_) if Instant::now() >= deadline => return,
            Err(_) => std::thread::sleep(Duration::from_millis(2)),
        }
    }
}

/// The speed that the listener's end is set to; nothing where it is none of the usual ones, or was set
/// as a number (`BOTHER`), as programs do that were told it.
fn speed(set: libc::termios) -> Option<u32> {
    Some(match set.c_cflag & libc::CBAUD {
        libc::B1200 => 1_200,
        libc::B2400 => 2_400,
        libc::B4800 => 4_800,
        libc::B9600 => 9_600,
        libc::B19200 => 19_200,
        libc::B38400 => 38_400,
        libc::B57600 => 57_600,
        libc::B115200 => 115_200,
        _ => return None,
    })
}

/// A till that prints, for as long as it lives.
#[derive(Debug)]
pub struct Printing {
    over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Printing {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            // Where it panicked the test has failed already.
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::resampled;

    #[test]
    fn the_right_speed_hears_every_byte_and_another_one_hears_others() {
        let bytes: Vec<u8> = (0..=255).collect();
        assert_eq!(resampled(&bytes, 19_200, 19_200), bytes);
        // By hand: 'U' is 0101... on the line, so that at half the speed two bits are one sample.
        let half = resampled(b"UUUU", 19_200, 9_600);
        assert!(!half.is_empty() && half.len() < 4 && half != b"UU", "{half:?}");
        let double = resampled(b"A", 9_600, 19_200);
        // Start, 1 0 0 0 0 0 1 0, stop; each bit is sampled twice: 0 | 0 1 1 0 0 0 0 0 -> 0x06.
        assert_eq!(double[0], 0b0000_0110, "{double:?}");
    }
}

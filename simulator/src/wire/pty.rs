//! A serial cable without serial ports: a raw pty under a name that stays.
//!
//! The other side opens the link as if it were a USB adapter. What is written while nobody has it
//! open waits in the kernel, about 20 KB of it.

use std::fs;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use nix::fcntl::{OFlag, open};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::pty::{OpenptyResult, grantpt, posix_openpt, ptsname_r, unlockpt};
use nix::sys::stat::Mode;
use nix::sys::termios::{SetArg, cfmakeraw, tcgetattr, tcsetattr};

use super::error::WireError;
use super::pace::{Pace, Pacer};
use super::piece::Piece;
use super::tty::{READER_PATIENCE, Tty};

/// Pause between two looks at what is unread.
const LOOK_PAUSE: Duration = Duration::from_millis(20);
/// Looks in a row that must find nothing: the kernel hands bytes over in portions, and between two
/// of them the reader's side is empty for an instant.
const EMPTY_LOOKS: u32 = 3;

/// The till's end of a pty.
#[derive(Debug)]
pub struct PtyLine {
    link: PathBuf,
    pace: Pace,
    /// Nothing while the plug is pulled.
    pty: Option<Plugged>,
}

/// A pty of which we hold both ends: the reader's only to see whether anything is left to read.
#[derive(Debug)]
struct Plugged {
    till: Tty,
    reader: OwnedFd,
}

impl PtyLine {
    /// Makes a pty and links `link` to it; an older link is replaced, any other file is not.
    pub fn create(link: &Path, pace: Pace) -> Result<Self, WireError> {
        let mut cable = Self { link: link.to_owned(), pace, pty: None };
        cable.replug()?;
        Ok(cable)
    }

    /// Pulls the cable and plugs it in again: the reader sees a hang-up, and the link leads to a new
    /// pty. A reader that was killed while it held the old one exclusively leaves it locked for
    /// everybody but root; this is how it comes back.
    pub fn replug(&mut self) -> Result<(), WireError> {
        self.plug().map(drop)
    }

    /// Where the other side opens it.
    pub fn link(&self) -> &Path {
        &self.link
    }

    /// Carries one receipt. What follows a pulled plug is gone: a serial till does not notice.
    pub async fn carry(&mut self, pieces: &[Piece]) -> Result<(), WireError> {
        let mut pacer = Pacer::new(self.pace);
        for piece in pieces {
            match piece {
                Piece::Bytes(bytes) => {
                    let link = self.link.clone();
                    self.plugged()?.till.write(bytes, &mut pacer, &link).await?;
                }
                Piece::Silence(pause) => pacer.silent(*pause).await,
                Piece::Unplug(pause) => {
                    // What was on the line has been heard, however fast the line is.
                    self.drained().await?;
                    self.unplug();
                    tokio::time::sleep(*pause).await;
                    return self.replug();
                }
            }
        }
        Ok(())
    }

    /// Writes one receipt.
    pub async fn print(&mut self, receipt: &[u8]) -> Result<(), WireError> {
        self.carry(&[Piece::Bytes(receipt.to_vec())]).await
    }

    /// Waits until the other side has read everything: what is unread when the cable is pulled is
    /// gone.
    pub async fn drained(&self) -> Result<(), WireError> {
        let deadline = Instant::now() + READER_PATIENCE;
        let mut empty_looks = 0;
        while empty_looks < EMPTY_LOOKS {
            if Instant::now() >= deadline {
                let path = self.link.clone();
                return Err(WireError::NoReader { path, waited: READER_PATIENCE });
            }
            empty_looks = if self.unread() { 0 } else { empty_looks + 1 };
            // Real time even where the runtime's is not: the reader is somebody else.
            let pause = tokio::task::spawn_blocking(|| std::thread::sleep(LOOK_PAUSE));
            pause.await.map_err(|lost| self.refused(io::Error::other(lost)))?;
        }
        Ok(())
    }

    /// Pulls the cable: the link is gone, and whoever reads sees a hang-up.
    fn unplug(&mut self) {
        if self.pty.take().is_some() {
            // A link that leads nowhere does no harm, and the next pty replaces it.
            let _ = fs::remove_file(&self.link);
        }
    }

    fn plug(&mut self) -> Result<&Plugged, WireError> {
        let pty = plug_in(&self.link).map_err(|source| self.refused(source))?;
        Ok(self.pty.insert(pty))
    }

    /// The pty; where the last attempt to make one failed, a new one.
    fn plugged(&mut self) -> Result<&Plugged, WireError> {
        if self.pty.is_none() {
            return self.plug();
        }
        self.pty.as_ref().ok_or_else(|| self.refused(io::ErrorKind::NotConnected.into()))
    }

    fn refused(&self, source: io::Error) -> WireError {
        WireError::Pty { link: self.link.clone(), source }
    }

    fn unread(&self) -> bool {
        let Some(pty) = &self.pty else { return false };
        let mut look = [PollFd::new(pty.reader.as_fd(), PollFlags::POLLIN)];
        let found = poll(&mut look, PollTimeout::ZERO).is_ok_and(|ready| ready > 0);
        found && look[0].any().unwrap_or(false)
    }
}

impl Drop for PtyLine {
    fn drop(&mut self) {
        self.unplug();
    }
}

fn plug_in(link: &Path) -> io::Result<Plugged> {
    let pty = linked_pty(link)?;
    Ok(Plugged { till: Tty::new(pty.master)?, reader: pty.slave })
}

/// A pty and the name of its slave. No child process inherits it: a bridge that was started while it
/// was open would keep it from ever hanging up.
fn unshared_pty() -> io::Result<(OpenptyResult, String)> {
    let flags = OFlag::O_RDWR | OFlag::O_NOCTTY | OFlag::O_CLOEXEC;
    let own = posix_openpt(flags)?;
    grantpt(&own)?;
    unlockpt(&own)?;
    let name = ptsname_r(&own)?;
    let slave = open(name.as_str(), flags, Mode::empty())?;
    Ok((OpenptyResult { master: own.as_fd().try_clone_to_owned()?, slave }, name))
}

/// A raw pty under the name `link`; an older link is replaced, any other file is not.
pub(crate) fn linked_pty(link: &Path) -> io::Result<OpenptyResult> {
    let (pty, slave) = unshared_pty()?;
    let mut raw = tcgetattr(&pty.slave)?;
    cfmakeraw(&mut raw);
    tcsetattr(&pty.slave, SetArg::TCSANOW, &raw)?;
    if fs::symlink_metadata(link).is_ok_and(|found| found.is_symlink()) {
        fs::remove_file(link)?;
    }
    std::os::unix::fs::symlink(slave, link)?;
    Ok(pty)
}

#[cfg(test)]
mod tests {
    use std::fs::{self, File};
    use std::io::{ErrorKind, Read};
    use std::os::fd::AsFd;
    use std::time::{Duration, Instant};

    use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

    use super::super::{Pace, SerialLine, WireError};
    use super::PtyLine;

    /// Every byte value, so that echo, CR/LF translation or flow control would show.
    fn every_byte() -> Vec<u8> {
        (0..=255).cycle().take(2_000).collect()
    }

    async fn read_back(mut port: File, bytes: usize) -> Vec<u8> {
        let reading = tokio::task::spawn_blocking(move || {
            let mut got = vec![0; bytes];
            port.read_exact(&mut got).map(|()| got)
        });
        reading.await.expect("no panic").expect("the bytes")
    }

    #[tokio::test]
    async fn bytes_arrive_as_they_were_sent_even_when_the_port_is_opened_late() {
        let dir = tempfile::tempdir().expect("a directory");
        let link = dir.path().join("till");
        let mut cable = PtyLine::create(&link, Pace::Fast).expect("a pty");
        cable.print(&every_byte()).await.expect("room in the kernel");
        assert!(cable.unread());
        let port = File::open(&link).expect("the other end");
        assert_eq!(read_back(port, 2_000).await, every_byte());
        cable.drained().await.expect("nothing is left");
    }

    #[tokio::test]
    async fn a_replugged_cable_has_the_same_name_and_the_old_reader_a_hang_up() {
        let dir = tempfile::tempdir().expect("a directory");
        let link = dir.path().join("till");
        let mut cable = PtyLine::create(&link, Pace::Fast).expect("a pty");
        let mut old = File::open(&link).expect("the other end");
        cable.replug().expect("another pty");
        let end = old.read(&mut [0; 1]);
        let hung_up =
            matches!(&end, Ok(0)) || end.as_ref().is_err_and(|e| e.raw_os_error() == Some(5));
        assert!(hung_up, "{end:?}");
        cable.print(b"again").await.expect("room");
        let port = File::open(&link).expect("the other end");
        assert_eq!(read_back(port, 5).await, b"again");
        drop(cable);
        assert_eq!(fs::symlink_metadata(&link).expect_err("gone").kind(), ErrorKind::NotFound);
    }

    #[tokio::test]
    async fn a_child_process_does_not_keep_a_pulled_cable_from_hanging_up() {
        let dir = tempfile::tempdir().expect("a directory");
        let link = dir.path().join("till");
        let mut cable = PtyLine::create(&link, Pace::Fast).expect("a pty");
        let port = File::open(&link).expect("the other end");
        // It lives until its input ends.
        let mut command = std::process::Command::new("cat");
        let child = command.stdin(std::process::Stdio::piped()).stdout(std::process::Stdio::null());
        let mut child = child.spawn().expect("cat");
        cable.unplug();
        let mut look = [PollFd::new(port.as_fd(), PollFlags::POLLIN)];
        poll(&mut look, PollTimeout::from(5_000u16)).expect("a look");
        let seen = look[0].revents().expect("flags that are known");
        assert!(seen.contains(PollFlags::POLLHUP), "{seen:?}");
        drop(child.stdin.take());
        child.wait().expect("our own child");
    }

    #[tokio::test]
    async fn a_file_that_is_no_link_is_not_replaced() {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("till");
        fs::write(&path, "precious").expect("a file");
        assert!(matches!(PtyLine::create(&path, Pace::Fast), Err(WireError::Pty { .. })));
        assert_eq!(fs::read_to_string(&path).expect("still there"), "precious");
    }

    #[tokio::test]
    async fn a_paced_line_takes_its_time() {
        let dir = tempfile::tempdir().expect("a directory");
        let mut cable =
            PtyLine::create(&dir.path().join("till"), Pace::Baud(9_600)).expect("a pty");
        let began = Instant::now();
        cable.print(&[b'x'; 192]).await.expect("room");
        assert!(began.elapsed() >= Duration::from_millis(200), "{:?}", began.elapsed());
    }

    #[tokio::test]
    async fn a_serial_line_writes_to_a_port_that_exists() {
        let dir = tempfile::tempdir().expect("a directory");
        let pair = nix::pty::openpty(None, None).expect("a pty");
        let path = nix::unistd::ttyname(&pair.slave).expect("its name");
        let mut cable = SerialLine::open(&path, Pace::Baud(115_200)).expect("the port");
        cable.print(&every_byte()).await.expect("room");
        assert_eq!(read_back(File::from(pair.master), 2_000).await, every_byte());
        let missing = dir.path().join("ttyUSB9");
        assert!(matches!(SerialLine::open(&missing, Pace::Fast), Err(WireError::Serial { .. })));
    }
}

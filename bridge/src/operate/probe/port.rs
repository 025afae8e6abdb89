//! A port opened to listen only: no byte can be written to it, and it is left without echo, since
//! bytes that come while it is closed would be sent back to the till.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read};
use std::os::fd::AsFd;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::time::Duration;

use nix::fcntl::OFlag;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::termios::{
    BaudRate, ControlFlags, FlushArg, InputFlags, SetArg, Termios, cfmakeraw, cfsetspeed, tcflush,
    tcgetattr, tcsetattr,
};

use super::Line;
use crate::config::Parity;

/// A port that is listened to.
#[derive(Debug)]
pub(super) struct Ear {
    file: File,
    before: Termios,
    marks: Marks,
}

impl Ear {
    /// Opens the port and takes the lock that serial programs take.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let flags = OFlag::O_NOCTTY | OFlag::O_NONBLOCK | OFlag::O_CLOEXEC;
        let file = OpenOptions::new().read(true).custom_flags(flags.bits()).open(path)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(io::ErrorKind::ResourceBusy.into()),
            Err(TryLockError::Error(error)) => return Err(error),
        }
        let before = tcgetattr(&file)?;
        // At once: a terminal as the system sets it up echoes what it hears, to the till.
        let mut silent = before.clone();
        cfmakeraw(&mut silent);
        tcsetattr(&file, SetArg::TCSANOW, &silent)?;
        Ok(Self { file, before, marks: Marks::default() })
    }

    /// Listens with another setting from here on; what was heard before is dropped.
    pub(super) fn set(&mut self, line: Line) -> io::Result<()> {
        let mut wanted = self.before.clone();
        cfmakeraw(&mut wanted);
        cfsetspeed(&mut wanted, speed(line.baud))?;
        let control = &mut wanted.control_flags;
        control.remove(ControlFlags::CSIZE | ControlFlags::PARENB | ControlFlags::PARODD);
        control.remove(ControlFlags::CSTOPB | ControlFlags::CRTSCTS | ControlFlags::HUPCL);
        control.insert(ControlFlags::CREAD | ControlFlags::CLOCAL);
        control.insert(if line.data_bits == 7 { ControlFlags::CS7 } else { ControlFlags::CS8 });
        if line.parity != Parity::None {
            control.insert(ControlFlags::PARENB);
        }
        if line.parity == Parity::Odd {
            control.insert(ControlFlags::PARODD);
        }
        // Damaged bytes come marked in the stream, which needs no privilege and no ioctl.
        wanted.input_flags.insert(InputFlags::INPCK | InputFlags::PARMRK);
        tcsetattr(&self.file, SetArg::TCSANOW, &wanted)?;
        tcflush(&self.file, FlushArg::TCIFLUSH)?;
        self.marks = Marks::default();
        Ok(())
    }

    /// Adds what comes within `limit` to `bytes`; how many of them are damaged.
    pub(super) fn hear(&mut self, limit: Duration, bytes: &mut Vec<u8>) -> io::Result<usize> {
        let timeout = PollTimeout::try_from(limit).unwrap_or(PollTimeout::MAX);
        let mut fds = [PollFd::new(self.file.as_fd(), PollFlags::POLLIN)];
        if poll(&mut fds, timeout)? == 0 {
            return Ok(0);
        }
        let mut buffer = [0; 4096];
        match self.file.read(&mut buffer) {
            // A port that was unplugged reads as ended for ever.
            Ok(0) => Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(count) => Ok(self.marks.take(&buffer[..count], bytes)),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(0),
            Err(error) => Err(error),
        }
    }
}

fn speed(baud: u32) -> BaudRate {
    match baud {
        1_200 => BaudRate::B1200,
        2_400 => BaudRate::B2400,
        4_800 => BaudRate::B4800,
        19_200 => BaudRate::B19200,
        38_400 => BaudRate::B38400,
        57_600 => BaudRate::B57600,
        115_200 => BaudRate::B115200,
        _ => BaudRate::B9600,
    }
}

/// Reads the kernel's marks (`termios(3)`, PARMRK): FF FF is a byte FF, FF 00 n a damaged byte n.
#[derive(Debug, Default)]
struct Marks {
    /// Bytes of a mark so far: 0, 1 (FF) or 2 (FF 00).
    within: u8,
}

impl Marks {
    fn take(&mut self, read: &[u8], bytes: &mut Vec<u8>) -> usize {
        let mut damaged = 0;
        for &byte in read {
            match (self.within, byte) {
                (0, 0xFF) => self.within = 1,
                (1, 0x00) => self.within = 2,
                (within, byte) => {
                    damaged += usize::from(within == 2);
                    bytes.push(byte);
                    self.within = 0;
                }
            }
        }
        damaged
    }
}

#[cfg(test)]
mod tests {
    use super::Marks;

    #[test]
    fn marks_are_read_however_they_are_cut() {
        let read = [b'a', 0xFF, 0xFF, 0xFF, 0x00, b'b', 0xFF, 0x00, 0x00, b'c'];
        for size in 1..=read.len() {
            let (mut marks, mut bytes) = (Marks::default(), Vec::new());
            let damaged: usize = read.chunks(size).map(|part| marks.take(part, &mut bytes)).sum();
            assert_eq!((&bytes[..], damaged), (&b"a\xffb\0c"[..], 2), "{size} at once");
        }
    }
}

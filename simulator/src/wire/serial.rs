//! A serial port that exists: written to, raw, at a standard speed.

use std::fs::OpenOptions;
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use nix::errno::Errno;
use nix::fcntl::OFlag;
use nix::sys::termios::{BaudRate, SetArg, cfmakeraw, cfsetspeed, tcgetattr, tcsetattr};

use super::error::WireError;
use super::pace::{Pace, Pacer};
use super::piece::Piece;
use super::tty::Tty;

/// The till's end of a serial cable.
#[derive(Debug)]
pub struct SerialLine {
    path: PathBuf,
    pace: Pace,
    /// Nothing while the plug is pulled, and after a write that failed: an adapter that comes back
    /// has to be opened again.
    tty: Option<Tty>,
}

impl SerialLine {
    /// Opens `path`, 8N1 at the speed of `pace` (unpaced: at the speed it has).
    pub fn open(path: &Path, pace: Pace) -> Result<Self, WireError> {
        Ok(Self { path: path.to_owned(), pace, tty: Some(set_up(path, pace)?) })
    }

    /// Carries one receipt. What follows a pulled plug is gone: a serial till does not notice.
    pub async fn carry(&mut self, pieces: &[Piece]) -> Result<(), WireError> {
        let mut pacer = Pacer::new(self.pace);
        for piece in pieces {
            match piece {
                Piece::Bytes(bytes) => {
                    let tty = match self.tty.take() {
                        Some(tty) => tty,
                        None => set_up(&self.path, self.pace)?,
                    };
                    tty.write(bytes, &mut pacer, &self.path).await?;
                    self.tty = Some(tty);
                }
                Piece::Silence(pause) => pacer.silent(*pause).await,
                Piece::Unplug(pause) => {
                    self.tty = None;
                    tokio::time::sleep(*pause).await;
                    self.tty = Some(set_up(&self.path, self.pace)?);
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// Writes one receipt.
    pub async fn print(&mut self, receipt: &[u8]) -> Result<(), WireError> {
        self.carry(&[Piece::Bytes(receipt.to_vec())]).await
    }
}

fn set_up(path: &Path, pace: Pace) -> Result<Tty, WireError> {
    let refused = |source| WireError::Serial { path: path.to_owned(), source };
    let flags = OFlag::O_NOCTTY | OFlag::O_NONBLOCK;
    let mut options = OpenOptions::new();
    let port = options.read(true).write(true).custom_flags(flags.bits()).open(path);
    let port = port.map_err(refused)?;
    let mut settings = tcgetattr(&port).map_err(|errno| match errno {
        Errno::ENOTTY => WireError::NoTerminal { path: path.to_owned() },
        other => refused(other.into()),
    })?;
    cfmakeraw(&mut settings);
    if let Pace::Baud(baud) = pace {
        let speed = standard(baud).map_err(refused)?;
        cfsetspeed(&mut settings, speed).map_err(|errno| refused(errno.into()))?;
    }
    tcsetattr(&port, SetArg::TCSANOW, &settings).map_err(|errno| refused(errno.into()))?;
    Tty::new(port.into()).map_err(refused)
}

fn standard(baud: u32) -> io::Result<BaudRate> {
    Ok(match baud {
        1_200 => BaudRate::B1200,
        2_400 => BaudRate::B2400,
        4_800 => BaudRate::B4800,
        9_600 => BaudRate::B9600,
        19_200 => BaudRate::B19200,
        38_400 => BaudRate::B38400,
        57_600 => BaudRate::B57600,
        115_200 => BaudRate::B115200,
        other => {
            let text = format!("expected a standard speed from 1200 to 115200, found {other}");
            return Err(io::Error::new(io::ErrorKind::InvalidInput, text));
        }
    })
}

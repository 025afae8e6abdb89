//! A serial port that exists: written to, raw, at a standard speed.

use std::fs::OpenOptions;
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use nix::fcntl::OFlag;
use nix::sys::termios::{BaudRate, SetArg, cfmakeraw, cfsetspeed, tcgetattr, tcsetattr};

use super::line::{Printed, WireError};
use super::pace::Pace;
use super::tty::Tty;

/// The till's end of a serial cable.
#[derive(Debug)]
pub struct SerialLine {
    path: PathBuf,
    pace: Pace,
    tty: Tty,
}

impl SerialLine {
    /// Opens `path`, 8N1 at the speed of `pace` (unpaced: at the speed it has).
    pub fn open(path: &Path, pace: Pace) -> Result<Self, WireError> {
        let tty = set_up(path, pace)
            .map_err(|source| WireError::Serial { path: path.to_owned(), source })?;
        Ok(Self { path: path.to_owned(), pace, tty })
    }

    /// Writes one receipt.
    pub async fn print(&mut self, receipt: &[u8]) -> Result<Printed, WireError> {
        self.tty.print(receipt, self.pace, &self.path).await
    }
}

fn set_up(path: &Path, pace: Pace) -> io::Result<Tty> {
    let flags = OFlag::O_NOCTTY | OFlag::O_NONBLOCK;
    let port = OpenOptions::new().read(true).write(true).custom_flags(flags.bits()).open(path)?;
    let mut settings = tcgetattr(&port)?;
    cfmakeraw(&mut settings);
    if let Pace::Baud(baud) = pace {
        cfsetspeed(&mut settings, standard(baud)?)?;
    }
    tcsetattr(&port, SetArg::TCSANOW, &settings)?;
    Tty::new(port.into())
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

//! Opens a serial port without disturbing whoever else has it, checks that it took its settings,
//! and says in words why it cannot be had. All of this may block and belongs on a blocking thread.
//!
//! # One holder per port
//!
//! A port in use is told by `flock` on the device node itself: it dies with its holder and follows
//! the device through every name it has. A lock file in a directory (`LCK..ttyUSB0`) does neither,
//! and needs a group that a service has no other use for. So two bridges with runtime directories
//! of their own still refuse each other's ports. `TIOCEXCL` is set beside it, against whoever reads
//! a port without asking (`cat`), but not on a pseudo-terminal: there the mark outlives a holder
//! that was killed, for as long as the other end is open, and nobody could take the port up again.
//!
//! # What opening does to the line
//!
//! The kernel raises DTR and RTS when a port is opened, whoever opens it, and drops them when its
//! last holder closes it. Nothing here moves them in between. Until the port is in raw mode, which
//! follows within microseconds, the kernel's own echo stands, if whoever had the port before left
//! it on.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::IsTerminal;
use std::ops::RangeInclusive;
use std::os::unix::fs::{FileTypeExt, MetadataExt, OpenOptionsExt};
use std::path::Path;
use std::time::Duration;

use nix::fcntl::OFlag;
use serialport::{DataBits, FlowControl, SerialPort as _, StopBits, TTYPort};

use super::port_trouble::{busy, explain, forbidden, no_terminal, other_file};
use crate::config::{Flow, Parity, SerialPort};

/// How far a port's speed may lie from what was asked for, in percent. Two ends that are each 2 %
/// off still agree on the tenth bit of a byte; dividers of odd clocks come out within 1 %.
const MAX_BAUD_ERROR_PERCENT: u32 = 2;

/// Major device numbers of the near ends of pseudo-terminals on Linux.
const PSEUDO_TERMINALS: RangeInclusive<u64> = 136..=143;

/// Stack of a thread that closes ports: one system call deep.
const CLOSING_STACK_BYTES: usize = 64 * 1024;

/// Opens the port both ways with its line settings, or says why not.
pub(super) fn open(port: &SerialPort) -> Result<TTYPort, String> {
    // Held until the port is open, so that a look is not a close: closing the last descriptor
    // drops DTR, and hangs up the other end of a pseudo-terminal.
    let _glance = glance(&port.path, true)?;
    configured(port)
}

/// A port that is only listened to.
pub(super) struct Hearing {
    /// Opened read-only: no byte can be written to it.
    pub(super) ear: File,
    /// Keeps the settings and locks for as long as `ear`. The serial library opens for writing, so
    /// nobody gets at it.
    _holder: TTYPort,
}

/// Opens the port to listen, or says why not. Flow control would speak: XOFF when nobody reads,
/// or a falling RTS. So a port that is only listened to has none.
pub(super) fn open_to_hear(port: &SerialPort) -> Result<Hearing, String> {
    let ear = glance(&port.path, false)?;
    let port = configured(&SerialPort { flow: Flow::None, ..port.clone() })?;
    Ok(Hearing { ear, _holder: port })
}

/// Closes what is open on a thread of its own: the kernel waits up to 30 s for output that the
/// other end does not take, and an adapter is talked to over USB.
pub(super) fn close(open: impl Send + 'static) {
    let closing = std::thread::Builder::new().name("closing".to_owned());
    // A thread that cannot be had drops what it was given, which closes it here and now.
    let _thread = closing.stack_size(CLOSING_STACK_BYTES).spawn(move || drop(open));
}

fn configured(port: &SerialPort) -> Result<TTYPort, String> {
    let marked = !is_pseudo_terminal(&port.path);
    let builder = serialport::new(port.path.to_string_lossy(), port.baud)
        .data_bits(data_bits(port.data_bits))
        .parity(parity(port.parity))
        .stop_bits(if port.stop_bits == 2 { StopBits::Two } else { StopBits::One })
        .flow_control(flow(port.flow))
        .timeout(Duration::ZERO)
        .exclusive(marked);
    let opened = TTYPort::open(&builder).map_err(|error| match error.kind() {
        serialport::ErrorKind::NoDevice => busy(&port.path),
        serialport::ErrorKind::Io(std::io::ErrorKind::PermissionDenied) => forbidden(&port.path),
        _ => format!(
            "expected to open {} at {}, found: {error}",
            port.path.display(),
            Settings::wanted(port)
        ),
    })?;
    let found = Settings::found(&opened)
        .map_err(|error| format!("expected settings of {}, found: {error}", port.path.display()))?;
    Settings::wanted(port).agree(found, &port.path)?;
    Ok(opened)
}

/// Looks at the port first. A second open by the serial library would take the exclusive mark off
/// a port that another program has; this open changes no setting.
fn glance(path: &Path, write: bool) -> Result<File, String> {
    let file = OpenOptions::new()
        .read(true)
        .write(write)
        .custom_flags((OFlag::O_NOCTTY | OFlag::O_NONBLOCK).bits())
        .open(path)
        .map_err(|error| explain(path, &error))?;
    if !file.metadata().is_ok_and(|found| found.file_type().is_char_device()) {
        return Err(other_file(path));
    }
    if !file.is_terminal() {
        return Err(no_terminal(path));
    }
    match file.try_lock() {
        Ok(()) => {
            // Freed at once: the serial library takes the same lock on a descriptor of its own.
            file.unlock().map_err(|error| explain(path, &error))?;
            Ok(file)
        }
        Err(TryLockError::WouldBlock) => Err(busy(path)),
        Err(TryLockError::Error(error)) => Err(explain(path, &error)),
    }
}

fn is_pseudo_terminal(path: &Path) -> bool {
    let found = std::fs::metadata(path);
    found.is_ok_and(|found| PSEUDO_TERMINALS.contains(&nix::sys::stat::major(found.rdev())))
}

/// Line settings as they are wanted, or as the port has them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Settings {
    baud: u32,
    data_bits: DataBits,
    parity: serialport::Parity,
    stop_bits: StopBits,
    flow: FlowControl,
}

impl Settings {
    fn wanted(port: &SerialPort) -> Self {
        Self {
            baud: port.baud,
            data_bits: data_bits(port.data_bits),
            parity: parity(port.parity),
            stop_bits: if port.stop_bits == 2 { StopBits::Two } else { StopBits::One },
            flow: flow(port.flow),
        }
    }

    fn found(port: &TTYPort) -> serialport::Result<Self> {
        Ok(Self {
            baud: port.baud_rate()?,
            data_bits: port.data_bits()?,
            parity: port.parity()?,
            stop_bits: port.stop_bits()?,
            flow: port.flow_control()?,
        })
    }

    /// A driver that cannot do what it was asked for takes something else and says nothing.
    fn agree(self, found: Self, path: &Path) -> Result<(), String> {
        let off = self.baud.abs_diff(found.baud);
        let near = u64::from(off) * 100 <= u64::from(self.baud) * u64::from(MAX_BAUD_ERROR_PERCENT);
        if near && found == (Self { baud: found.baud, ..self }) {
            return Ok(());
        }
        Err(format!(
            "expected {} to run at {self}, found it at {found}: the adapter cannot do what was \
             asked for; use another adapter, or set POS and printer to what this one can",
            path.display()
        ))
    }
}

/// `9600 bit/s 8N1`, and the flow control where there is one.
impl std::fmt::Display for Settings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let parity = match self.parity {
            serialport::Parity::None => 'N',
            serialport::Parity::Odd => 'O',
            serialport::Parity::Even => 'E',
        };
        let (bits, stop) = (u8::from(self.data_bits), u8::from(self.stop_bits));
        write!(f, "{} bit/s {bits}{parity}{stop}", self.baud)?;
        match self.flow {
            FlowControl::None => Ok(()),
            FlowControl::Hardware => f.write_str(" with RTS/CTS"),
            FlowControl::Software => f.write_str(" with XON/XOFF"),
        }
    }
}

fn data_bits(bits: u8) -> DataBits {
    match bits {
        5 => DataBits::Five,
        6 => DataBits::Six,
        7 => DataBits::Seven,
        _ => DataBits::Eight,
    }
}

fn parity(parity: Parity) -> serialport::Parity {
    match parity {
        Parity::None => serialport::Parity::None,
        Parity::Odd => serialport::Parity::Odd,
        Parity::Even => serialport::Parity::Even,
    }
}

fn flow(flow: Flow) -> FlowControl {
    match flow {
        Flow::None => FlowControl::None,
        Flow::Hardware => FlowControl::Hardware,
        Flow::Software => FlowControl::Software,
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::Settings;
    use crate::config::{Flow, Parity, SerialPort};

    fn settings(baud: u32, parity: Parity, flow: Flow) -> Settings {
        let path = "/dev/ttyUSB0".into();
        Settings::wanted(&SerialPort { path, baud, data_bits: 8, parity, stop_bits: 1, flow })
    }

    #[test]
    fn a_speed_is_right_within_what_a_byte_bears_and_otherwise_both_are_named() {
        let path = Path::new("/dev/ttyUSB0");
        let wanted = settings(230_400, Parity::None, Flow::Hardware);
        for near in [230_400, 230_769, 226_000] {
            wanted.agree(Settings { baud: near, ..wanted }, path).expect("near enough");
        }
        let said = wanted.agree(Settings { baud: 115_200, ..wanted }, path).expect_err("half");
        assert!(
            said.starts_with(
                "expected /dev/ttyUSB0 to run at 230400 bit/s 8N1 with RTS/CTS, \
                 found it at 115200 bit/s 8N1 with RTS/CTS: the adapter cannot"
            ),
            "{said}"
        );
    }

    #[test]
    fn a_refused_parity_or_flow_control_is_told_as_well() {
        let path = Path::new("/dev/ttyUSB0");
        let plain = settings(9600, Parity::None, Flow::None);
        let said = settings(9600, Parity::Even, Flow::None).agree(plain, path).expect_err("parity");
        assert!(said.contains("at 9600 bit/s 8E1, found it at 9600 bit/s 8N1:"), "{said}");
        let said = settings(9600, Parity::None, Flow::Software).agree(plain, path);
        assert!(said.expect_err("flow").contains("8N1 with XON/XOFF, found"));
    }
}

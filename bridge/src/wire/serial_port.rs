//! Opens a serial port without disturbing whoever else has it, and says in words why it cannot be
//! had. All of this may block and belongs on a blocking thread.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::{FileTypeExt, MetadataExt, OpenOptionsExt};
use std::path::Path;
use std::time::Duration;

use nix::fcntl::OFlag;
use serialport::{DataBits, FlowControl, StopBits, TTYPort};

use crate::config::{Flow, Parity, SerialPort};

/// Opens the port with its line settings, or says why not.
pub(super) fn open(port: &SerialPort) -> Result<TTYPort, String> {
    // Held until the port is open, so that a look is not a close: closing the last descriptor
    // drops DTR, and hangs up the other end of a pseudo-terminal.
    let _glance = glance(&port.path)?;
    let builder = serialport::new(port.path.to_string_lossy(), port.baud)
        .data_bits(data_bits(port.data_bits))
        .parity(parity(port.parity))
        .stop_bits(if port.stop_bits == 2 { StopBits::Two } else { StopBits::One })
        .flow_control(flow(port.flow))
        .timeout(Duration::ZERO);
    TTYPort::open(&builder).map_err(|error| match error.kind() {
        serialport::ErrorKind::NoDevice => busy(&port.path),
        _ => format!("expected to open {}, found: {error}", port.path.display()),
    })
}

/// Looks at the port first. A second open by the serial library would take the exclusive mark off
/// a port that another program has; this open changes no setting.
fn glance(path: &Path) -> Result<File, String> {
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .custom_flags((OFlag::O_NOCTTY | OFlag::O_NONBLOCK).bits())
        .open(path)
        .map_err(|error| explain(path, &error))?;
    let is_device = file.metadata().is_ok_and(|found| found.file_type().is_char_device());
    if !is_device {
        return Err(format!("expected a serial port at {}, found another file", path.display()));
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

fn busy(path: &Path) -> String {
    format!(
        "expected {} to be free, found it in use by another program (`fuser {}` names it)",
        path.display(),
        path.display()
    )
}

fn explain(path: &Path, error: &io::Error) -> String {
    match (error.kind(), error.raw_os_error()) {
        (io::ErrorKind::NotFound, _) => missing(path),
        (io::ErrorKind::PermissionDenied, _) => forbidden(path),
        (io::ErrorKind::ResourceBusy, _) => busy(path),
        // A pseudo-terminal whose other end is gone, or an adapter that was just pulled.
        (_, Some(code)) if code == nix::errno::Errno::EIO as i32 => missing(path),
        (_, Some(code)) if code == nix::errno::Errno::ENXIO as i32 => missing(path),
        _ => format!("expected to open {}, found: {error}", path.display()),
    }
}

fn missing(path: &Path) -> String {
    let mut ports: Vec<String> = serialport::available_ports()
        .map(|ports| ports.into_iter().map(|port| port.port_name).collect())
        .unwrap_or_default();
    ports.sort();
    let present = if ports.is_empty() { "none".to_owned() } else { ports.join(", ") };
    format!(
        "expected a serial port at {}, found nothing there; ports present: {present}",
        path.display()
    )
}

fn forbidden(path: &Path) -> String {
    let group = std::fs::metadata(path).ok().map(|found| {
        let gid = nix::unistd::Gid::from_raw(found.gid());
        let named = nix::unistd::Group::from_gid(gid).ok().flatten();
        named.map_or_else(|| gid.to_string(), |group| group.name)
    });
    let group = group.unwrap_or_else(|| "dialout".to_owned());
    format!(
        "expected permission to open {}, found none: put the user into group {group} \
         (`sudo usermod -aG {group} USER`) and start again",
        path.display()
    )
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

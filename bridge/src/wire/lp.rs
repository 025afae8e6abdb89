//! `lp`: reads a character device that hands out what somebody prints, such as a USB printer
//! gadget (`/dev/g_printer0`), where this machine is the printer that the POS sees.
//!
//! It writes nothing to that device. The port status that a USB host asks for is the gadget
//! driver's, and so is the flow control: while nothing is read, the host waits.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use nix::fcntl::OFlag;
use tokio::net::unix::pipe;
use tokio::sync::watch;

use super::line::Line;
use super::recorder::Recorder;
use super::spool::{Sink, Spool};
use super::{port_trouble, stop};
use crate::ring::{Direction, GapReason};

/// Listens until told to stop; a device that is not there is waited for.
pub(super) async fn listen(
    path: PathBuf,
    spool: Spool,
    recorder: Recorder,
    missed: Option<GapReason>,
    mut stop: watch::Receiver<bool>,
) {
    let reading = async {
        let mut line = Line::new(missed);
        while !*stop.borrow() {
            match open(&path).await {
                Ok(mut ear) => {
                    let connection = line.opened(&recorder);
                    recorder.open(None);
                    let mut heard = false;
                    let record = |bytes: &[u8]| {
                        heard = true;
                        connection.data(Direction::ToPrinter, bytes);
                    };
                    let one = async |sink| hear(sink, &mut ear, record, stop.clone()).await;
                    let Some(why) = spool.print(one, stop.clone()).await else { return };
                    line.lost(&recorder, connection, heard);
                    recorder.waiting(format!("{} was lost: {why}", path.display()));
                }
                Err(why) => recorder.waiting(why),
            }
            if !line.pause(&mut stop).await {
                return;
            }
        }
    };
    spool.beside(reading).await;
}

/// Why the device was lost; nothing when told to stop.
async fn hear(
    mut sink: Sink,
    ear: &mut pipe::Receiver,
    record: impl FnMut(&[u8]),
    mut stop: watch::Receiver<bool>,
) -> Option<String> {
    tokio::select! {
        kept = sink.keep(ear, record) => Some(match kept {
            Ok(()) => "it hung up".to_owned(),
            Err(error) => error.to_string(),
        }),
        () = stop::told(&mut stop) => None,
    }
}

async fn open(path: &Path) -> Result<pipe::Receiver, String> {
    let path = path.to_owned();
    // A gadget's driver may have to be woken first.
    let opened = tokio::task::spawn_blocking(move || open_device(&path)).await;
    let file = opened.map_err(|error| error.to_string())??;
    pipe::Receiver::from_file_unchecked(file).map_err(|error| error.to_string())
}

fn open_device(path: &Path) -> Result<File, String> {
    let file = OpenOptions::new()
        .read(true)
        .custom_flags((OFlag::O_NOCTTY | OFlag::O_NONBLOCK).bits())
        .open(path)
        .map_err(|error| trouble(path, &error))?;
    if !file.metadata().is_ok_and(|found| found.file_type().is_char_device()) {
        return Err(format!(
            "expected a character device at {}, found another file; a FIFO is of kind \"fifo\"",
            path.display()
        ));
    }
    // Held for as long as it is open, against a second bridge.
    file.try_lock().map_err(|_| port_trouble::busy(path))?;
    Ok(file)
}

fn trouble(path: &Path, error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::PermissionDenied => port_trouble::forbidden(path),
        io::ErrorKind::ResourceBusy => port_trouble::busy(path),
        io::ErrorKind::NotFound => {
            format!("expected a device at {}, found nothing there", path.display())
        }
        _ => format!("expected to open {}, found: {error}", path.display()),
    }
}

//! `serial-inline`: stands between POS and printer on a serial line and carries bytes both ways,
//! each into the ring before it goes on.
//!
//! It never waits for output to leave a port (`tcdrain`), so a printer that stops its line stops
//! its own direction and nothing else. Each direction holds at most one chunk; while that cannot
//! be written nothing more is read, the kernel's buffer fills, and the POS sees the flow control
//! it would see from the printer. XON and XOFF are bytes like others unless `flow = "software"`.
//! RTS, CTS, DTR and DSR are `modem`'s.
//!
//! # Unplugged
//!
//! Both ports are closed when either is lost, and opened together when both are there: printer
//! first. To the POS the line goes dead, as it does without us when the printer's cable is pulled:
//! DTR and RTS fall, so a POS that looks at them waits and prints later, and one that does not
//! prints into the void. Holding its port open would take bytes that no paper will ever show.

use std::sync::atomic::{AtomicBool, Ordering};

use serialport::TTYPort;
use tokio::io::{AsyncReadExt, AsyncWriteExt, ReadHalf, WriteHalf};
use tokio::sync::watch;
use tokio_serial::SerialStream;

use super::line::Line;
use super::modem;
use super::recorder::{Connection, Recorder};
use super::{serial_port, stop};
use crate::config::SerialPort;
use crate::ring::{Direction, GapReason};

/// Most bytes read at once, and so most that are held back while a port cannot take them: what
/// the kernel's terminal buffer hands out in one read.
const CHUNK_BYTES: usize = 4096;

/// Carries bytes until told to stop; ports that are not there are waited for. `missed` is why bytes
/// may be missing before the first opening.
pub(super) async fn carry(
    pos: SerialPort,
    printer: SerialPort,
    recorder: Recorder,
    missed: Option<GapReason>,
    mut stop: watch::Receiver<bool>,
) {
    let mut line = Line::new(missed);
    while !*stop.borrow() {
        match Ends::open(&pos, &printer, recorder.name()).await {
            Ok(mut ends) => {
                let connection = line.opened(&recorder);
                recorder.open(None);
                let heard = AtomicBool::new(false);
                let lost = ends.pump(&connection, &heard, &stop).await;
                serial_port::close(ends);
                let Err(why) = lost else { return };
                line.lost(&recorder, connection, heard.into_inner());
                recorder.waiting(why);
            }
            Err(why) => recorder.waiting(why),
        }
        if !line.pause(&mut stop).await {
            return;
        }
    }
}

/// Both ports, open.
struct Ends {
    from_pos: ReadHalf<SerialStream>,
    to_pos: WriteHalf<SerialStream>,
    from_printer: ReadHalf<SerialStream>,
    to_printer: WriteHalf<SerialStream>,
    names: [String; 2],
    _lines: Option<modem::Carrier>,
}

impl Ends {
    async fn open(pos: &SerialPort, printer: &SerialPort, name: &str) -> Result<Self, String> {
        let (pos, printer, name) = (pos.clone(), printer.clone(), name.to_owned());
        let names = [&pos, &printer].map(|port| port.path.display().to_string());
        // Opening an adapter talks to it over USB, which may take long enough for another till to
        // notice.
        let opened = tokio::task::spawn_blocking(move || {
            let mut far = serial_port::open(&printer)?;
            let mut near = serial_port::open(&pos)?;
            let lines = modem::Carrier::start(&mut near, &mut far, pos.flow, &name);
            Ok::<_, String>((near, far, lines))
        });
        let (pos, printer, lines) = opened.await.map_err(|error| error.to_string())??;
        let stream = |port: TTYPort| {
            SerialStream::try_from(port).map_err(|error: serialport::Error| error.to_string())
        };
        let (from_pos, to_pos) = tokio::io::split(stream(pos)?);
        let (from_printer, to_printer) = tokio::io::split(stream(printer)?);
        Ok(Self { from_pos, to_pos, from_printer, to_printer, names, _lines: lines })
    }

    /// Copies both ways. `Ok` when told to stop, else which port was lost and how.
    async fn pump(
        &mut self,
        connection: &Connection,
        heard: &AtomicBool,
        stop: &watch::Receiver<bool>,
    ) -> Result<(), String> {
        let [pos, printer] = &self.names;
        let copying = |direction| Copying { connection, direction, heard };
        let down = copying(Direction::ToPrinter);
        let up = copying(Direction::FromPrinter);
        let both = async {
            tokio::try_join!(
                down.run((&mut self.from_pos, pos), (&mut self.to_printer, printer), stop.clone()),
                up.run((&mut self.from_printer, printer), (&mut self.to_pos, pos), stop.clone()),
            )
        };
        tokio::select! {
            ended = both => ended.map(|_| ()),
            () = stop::overdue(stop.clone()) => Ok(()),
        }
    }
}

/// One direction.
struct Copying<'a> {
    connection: &'a Connection,
    direction: Direction,
    heard: &'a AtomicBool,
}

impl Copying<'_> {
    async fn run(
        &self,
        (from, from_name): (&mut ReadHalf<SerialStream>, &str),
        (to, to_name): (&mut WriteHalf<SerialStream>, &str),
        mut stop: watch::Receiver<bool>,
    ) -> Result<(), String> {
        let mut buffer = vec![0; CHUNK_BYTES];
        loop {
            let read = tokio::select! {
                read = from.read(&mut buffer) => read,
                () = stop::told(&mut stop) => return Ok(()),
            };
            let count = match read {
                // After a hang-up a port reads as ended for ever; reading on would spin.
                Ok(0) => return Err(format!("{from_name} was unplugged: the line hung up")),
                Ok(count) => count,
                Err(error) => return Err(format!("{from_name} was unplugged: {error}")),
            };
            self.connection.data(self.direction, &buffer[..count]);
            self.heard.store(true, Ordering::Relaxed);
            let written = to.write_all(&buffer[..count]).await;
            written.map_err(|error| format!("{to_name} was unplugged: {error}"))?;
        }
    }
}

//! `serial-tap` and `serial-drawer`: listens on a serial port, and on a second one where what the
//! printer answers has a port of its own. It never writes a byte: the descriptor it reads from is
//! read-only, and flow control, which would speak by itself, is off.
//!
//! The two ports of a tap come and go each by itself, so the till is heard while the other is
//! missing. A receipt misses only what the till's port misses: the loss of the other leaves no gap,
//! just a closed connection.

use tokio::io::AsyncReadExt;
use tokio::net::unix::pipe;
use tokio::sync::watch;

use super::line::Line;
use super::recorder::{Connection, Recorder};
use super::serial_port::{self, Hearing, Holder};
use crate::config::SerialPort;
use crate::ring::{Direction, GapReason, MAX_PAYLOAD_BYTES};

/// Listens until told to stop; a port that is not there is waited for. `missed` is why bytes may
/// be missing before the first opening.
pub(super) async fn tap(
    port: SerialPort,
    answers: Option<SerialPort>,
    recorder: Recorder,
    missed: Option<GapReason>,
    stop: watch::Receiver<bool>,
) {
    let till = Ear { port, direction: Direction::ToPrinter, recorder: &recorder };
    let till = till.hear(Line::new(missed), stop.clone());
    let Some(port) = answers else { return till.await };
    let other = Ear { port, direction: Direction::FromPrinter, recorder: &recorder };
    tokio::join!(till, other.hear(Line::without_gaps(), stop));
}

/// One port of a tap.
struct Ear<'a> {
    port: SerialPort,
    direction: Direction,
    recorder: &'a Recorder,
}

impl Ear<'_> {
    async fn hear(self, mut line: Line, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            let why = match open(&self.port).await {
                Ok(mut port) => {
                    let connection = line.opened(self.recorder);
                    self.tell(None);
                    let mut heard = false;
                    let lost = tokio::select! {
                        lost = self.listen(&mut port.ear, &connection, &mut heard) => Some(lost),
                        _ = stop.changed() => None,
                    };
                    serial_port::close(port);
                    let Some(why) = lost else { return };
                    line.lost(self.recorder, connection, heard);
                    format!("{} was unplugged: {why}", self.port.path.display())
                }
                Err(why) => why,
            };
            self.tell(Some(why));
            if !line.pause(&mut stop).await {
                return;
            }
        }
    }

    /// The source is as well as the till's port; the other one is told beside it.
    fn tell(&self, missing: Option<String>) {
        match (self.direction, missing) {
            (Direction::ToPrinter, None) => self.recorder.open(None),
            (Direction::ToPrinter, Some(why)) => self.recorder.waiting(why),
            (Direction::FromPrinter, missing) => self
                .recorder
                .ailing(missing.map(|why| format!("the printer's answers are not heard: {why}"))),
        }
    }

    /// Keeps what comes in. Answers why the port was lost.
    async fn listen(
        &self,
        ear: &mut pipe::Receiver,
        connection: &Connection,
        heard: &mut bool,
    ) -> String {
        let mut buffer = vec![0; MAX_PAYLOAD_BYTES];
        loop {
            match ear.read(&mut buffer).await {
                // After a hang-up a port reads as ended for ever; reading on would spin.
                Ok(0) => return "the line hung up".to_owned(),
                Ok(count) => {
                    connection.data(self.direction, &buffer[..count]);
                    *heard = true;
                }
                Err(error) => return error.to_string(),
            }
        }
    }
}

/// An open port. Its ear is read like a pipe: a descriptor that becomes readable and then ends.
struct Port {
    ear: pipe::Receiver,
    _holder: Holder,
}

async fn open(port: &SerialPort) -> Result<Port, String> {
    let wanted = port.clone();
    // Opening an adapter talks to it over USB, which may take long enough for another till to notice.
    let opened = tokio::task::spawn_blocking(move || serial_port::open_to_hear(&wanted)).await;
    let Hearing { ear, holder } = opened.map_err(|error| error.to_string())??;
    let ear = pipe::Receiver::from_file_unchecked(ear).map_err(|error| error.to_string())?;
    Ok(Port { ear, _holder: holder })
}

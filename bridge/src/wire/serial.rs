//! `serial-tap` and `serial-drawer`: listens on a serial port, and on a second one where what the
//! printer answers has a port of its own. It never writes a byte: the descriptor it reads from is
//! read-only, and flow control, which would speak by itself, is off.
//!
//! The two ports of a tap come and go each by itself, so the till is heard while the other is
//! missing. A receipt misses only what the till's port misses: the loss of the other leaves no gap,
//! just a closed connection.

use std::fs::File;
use std::io::{self, Read};
use std::time::Duration;

use tokio::net::unix::pipe;
use tokio::sync::watch;

use super::line::Line;
use super::recorder::{Connection, Recorder};
use super::serial_port::{self, Hearing};
use crate::config::SerialPort;
use crate::ring::{Direction, GapReason, MAX_PAYLOAD_BYTES};

/// How long a line that nobody answers is left alone after a few bytes: at 115200 baud they come 700
/// times a second, and a look at each is most of what listening costs. Whoever prints does not wait
/// for a tap. Short, because a process that is killed takes along what lies in the kernel: 23 bytes
/// at 115200 baud.
const PAUSE: Duration = Duration::from_millis(2);

/// So many bytes at once, and the line is too fast for pauses.
const FAST_BYTES: usize = 512;

/// Listens until told to stop; a port that is not there is waited for. `missed` is why bytes may
/// be missing before the first opening.
pub(super) async fn tap(
    port: SerialPort,
    answers: Option<SerialPort>,
    recorder: Recorder,
    missed: Option<GapReason>,
    stop: watch::Receiver<bool>,
) {
    // Requests and answers keep their order only if each is taken up as it comes.
    let pauses = answers.is_none();
    let till = Ear { port, direction: Direction::ToPrinter, pauses, recorder: &recorder };
    let till = till.hear(Line::new(missed), stop.clone());
    let Some(port) = answers else { return till.await };
    let other = Ear { port, direction: Direction::FromPrinter, pauses, recorder: &recorder };
    tokio::join!(till, other.hear(Line::without_gaps(), stop));
}

/// One port of a tap.
struct Ear<'a> {
    port: SerialPort,
    direction: Direction,
    /// Whether bytes may lie in the kernel for [`PAUSE`].
    pauses: bool,
    recorder: &'a Recorder,
}

impl Ear<'_> {
    async fn hear(self, mut line: Line, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            let why = match open(&self.port).await {
                Ok(port) => {
                    let connection = line.opened(self.recorder);
                    self.tell(None);
                    let mut heard = false;
                    let lost = tokio::select! {
                        lost = self.listen(&port.ear, &connection, &mut heard) => Some(lost),
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
    async fn listen(&self, mut ear: &File, connection: &Connection, heard: &mut bool) -> String {
        let mut buffer = vec![0; MAX_PAYLOAD_BYTES];
        loop {
            match ear.read(&mut buffer) {
                // After a hang-up a port reads as ended for ever; reading on would spin.
                Ok(0) => return "the line hung up".to_owned(),
                Ok(count) => {
                    connection.data(self.direction, &buffer[..count]);
                    *heard = true;
                    if self.pauses && count < FAST_BYTES {
                        tokio::time::sleep(PAUSE).await;
                    } else {
                        tokio::task::yield_now().await;
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    if let Err(error) = readable(ear).await {
                        return error.to_string();
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return error.to_string(),
            }
        }
    }
}

/// Waits for bytes or a hang-up, as on a pipe, which ends like a port. The port is registered for just that long: a registered one wakes
/// the thread with every byte, also in a pause.
async fn readable(ear: &File) -> io::Result<()> {
    pipe::Receiver::from_file_unchecked(ear.try_clone()?)?.readable().await
}

async fn open(port: &SerialPort) -> Result<Hearing, String> {
    let wanted = port.clone();
    // Opening an adapter talks to it over USB, which may take long enough for another till to notice.
    let opened = tokio::task::spawn_blocking(move || serial_port::open_to_hear(&wanted)).await;
    opened.map_err(|error| error.to_string())?
}

//! `serial-tap` and `serial-drawer`: listens on a serial port and never writes a byte to it.

use std::time::Duration;

use tokio::io::AsyncReadExt;
use tokio::sync::watch;
use tokio::time::Instant;
use tokio_serial::SerialStream;

use super::backoff::Backoff;
use super::recorder::Recorder;
use super::serial_port;
use crate::config::SerialPort;
use crate::ring::{Closing, Direction, GapReason, MAX_PAYLOAD_BYTES};

/// A port that stayed this long is well; the next loss is tried again quickly.
const WELL_AFTER: Duration = Duration::from_secs(5);

/// Listens on `port` until told to stop; a port that is not there is waited for. `missed` is why
/// bytes may be missing before the first opening.
pub(super) async fn tap(
    port: SerialPort,
    recorder: Recorder,
    mut missed: Option<GapReason>,
    mut stop: watch::Receiver<bool>,
) {
    let mut backoff = Backoff::new();
    while !*stop.borrow() {
        match open(&port).await {
            Ok(stream) => {
                let since = Instant::now();
                let lost = listen(stream, &recorder, missed, &mut stop).await;
                let Some(why) = lost else { return };
                recorder.gap(GapReason::Unplugged);
                recorder.waiting(format!("{} was unplugged: {why}", port.path.display()));
                missed = Some(GapReason::Reopened);
                if since.elapsed() >= WELL_AFTER {
                    backoff.reset();
                }
            }
            Err(why) => recorder.waiting(why),
        }
        tokio::select! {
            () = tokio::time::sleep(backoff.step()) => {}
            _ = stop.changed() => return,
        }
    }
}

async fn open(port: &SerialPort) -> Result<SerialStream, String> {
    let wanted = port.clone();
    // Opening an adapter talks to it over USB, which may take long enough for another till to notice.
    let opened = tokio::task::spawn_blocking(move || serial_port::open(&wanted)).await;
    let opened = opened.map_err(|error| error.to_string())??;
    SerialStream::try_from(opened).map_err(|error| error.to_string())
}

/// Keeps what comes in. Answers why the port was lost, or nothing when told to stop.
async fn listen(
    mut stream: SerialStream,
    recorder: &Recorder,
    missed: Option<GapReason>,
    stop: &mut watch::Receiver<bool>,
) -> Option<String> {
    let connection = recorder.opened();
    if let Some(reason) = missed {
        recorder.gap(reason);
    }
    recorder.open(None);
    let mut buffer = vec![0; MAX_PAYLOAD_BYTES];
    loop {
        let read = tokio::select! {
            read = stream.read(&mut buffer) => read,
            _ = stop.changed() => return None,
        };
        let why = match read {
            // After a hang-up a port reads as ended for ever; reading on would spin.
            Ok(0) => "the line hung up".to_owned(),
            Ok(count) => {
                connection.data(Direction::ToPrinter, &buffer[..count]);
                continue;
            }
            Err(error) => error.to_string(),
        };
        connection.close(Closing::Unplugged);
        return Some(why);
    }
}

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
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadHalf, WriteHalf};
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
        (from, from_name): (&mut (impl AsyncRead + Unpin), &str),
        (to, to_name): (&mut (impl AsyncWrite + Unpin), &str),
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

#[cfg(test)]
mod tests {
    use std::io;
    use std::path::Path;
    use std::pin::Pin;
    use std::sync::Arc;
    use std::sync::atomic::AtomicBool;
    use std::task::{Context, Poll};

    use tokio::io::AsyncWrite;
    use tokio::sync::watch;

    use super::super::recorder::{Hub, Recorder};
    use super::Copying;
    use crate::clock::Clock;
    use crate::config;
    use crate::ring::{Body, Direction, MIN_CAPACITY, RingReader, RingWriter};

    /// A printer that takes a few bytes at a time, and looks into the ring before each.
    struct Suspicious {
        ring: RingReader,
        paper: Vec<u8>,
    }

    impl Suspicious {
        fn kept(&self) -> Vec<u8> {
            let tail = self.ring.tail().expect("a ring");
            let records = self.ring.read_from(tail, usize::MAX).expect("a sound ring");
            let data = records.into_iter().filter_map(|(_, record)| match record.body {
                Body::Data(bytes) => Some(bytes),
                _ => None,
            });
            data.flatten().collect()
        }
    }

    impl AsyncWrite for Suspicious {
        fn poll_write(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
            bytes: &[u8],
        ) -> Poll<io::Result<usize>> {
            let taken = bytes.len().min(3);
            let kept = self.kept();
            self.paper.extend(&bytes[..taken]);
            assert!(kept.starts_with(&self.paper), "print that the ring has not got");
            Poll::Ready(Ok(taken))
        }

        fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            panic!("a flush waits until the last byte has left the port");
        }

        fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            panic!("a shutdown waits until the last byte has left the port");
        }
    }

    #[tokio::test]
    async fn every_byte_is_in_the_ring_before_it_goes_on_and_no_port_is_waited_empty() {
        let temp = tempfile::tempdir().expect("a temporary directory");
        let path = temp.path().join("ring");
        let (ring, _) = RingWriter::open(&path, MIN_CAPACITY).expect("a ring");
        let text = "[[source]]\nname = \"till\"\nkind = \"serial-inline\"\nport = \"a\"\nprinter = \"b\"\n\
                    [[robot]]\nname = \"owner\"\nurl = \"http://127.0.0.1/?access_token=t\"\n";
        let config = config::parse(text, Path::new("posbridge.toml")).expect("a configuration");
        let hub = Arc::new(Hub::new(ring, Clock::real(), &config.sources));
        let connection = Recorder::new(hub, 0).opened();
        let ring = RingReader::open(&path).expect("a ring");
        let mut printer = Suspicious { ring, paper: Vec::new() };
        let heard = AtomicBool::new(false);
        let copying =
            Copying { connection: &connection, direction: Direction::ToPrinter, heard: &heard };
        let (_go_on, stop) = watch::channel(false);
        let sent: Vec<u8> = (0..=255).cycle().take(1000).collect();
        let mut pos = sent.as_slice();
        let ended = copying.run((&mut pos, "pos"), (&mut printer, "printer"), stop).await;
        assert_eq!(ended, Err("pos was unplugged: the line hung up".to_owned()));
        assert!(printer.paper == sent && printer.kept() == sent);
    }
}

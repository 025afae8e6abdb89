//! Carries the modem lines of a serial line that goes through us: what one port's CTS and DSR are,
//! the other port's RTS and DTR become.
//!
//! The lines are looked at every [`EVERY`], so a change is passed on within that and a USB
//! transfer (about 1 ms): at 115,200 baud the bytes of 10 ms, 115, go to a printer that has just
//! said stop, which keeps at least 128 free for them. Waiting in the kernel for a change
//! (`TIOCMIWAIT`) is not done: several adapters' drivers lack it, and a thread in it cannot be
//! stopped. With `flow = "hardware"` the kernel owns RTS and CTS on both ports, and only DSR and
//! DTR are carried. Ports without modem lines (pseudo-terminals) have nothing to carry; that is
//! said once per opening and is no fault.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use serialport::{SerialPort, TTYPort};

use crate::config::Flow;

/// How often the lines are looked at.
const EVERY: Duration = Duration::from_millis(10);

/// Stack of the carrying thread: a few ioctls deep.
const STACK_BYTES: usize = 64 * 1024;

/// Levels of the two lines that one end drives and the other sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Levels {
    /// Seen as CTS, driven as RTS. Absent where the kernel owns it.
    ready: Option<bool>,
    /// Seen as DSR, driven as DTR.
    there: bool,
}

/// One port's modem lines.
trait Lines {
    fn see(&mut self, ready: bool) -> serialport::Result<Levels>;
    fn drive(&mut self, levels: Levels) -> serialport::Result<()>;
}

impl Lines for TTYPort {
    fn see(&mut self, ready: bool) -> serialport::Result<Levels> {
        let ready = if ready { Some(self.read_clear_to_send()?) } else { None };
        Ok(Levels { ready, there: self.read_data_set_ready()? })
    }

    fn drive(&mut self, levels: Levels) -> serialport::Result<()> {
        if let Some(ready) = levels.ready {
            self.write_request_to_send(ready)?;
        }
        self.write_data_terminal_ready(levels.there)
    }
}

/// Carries the lines for as long as it lives.
pub(super) struct Carrier {
    _stop: Sender<()>,
}

impl Carrier {
    /// Begins to carry; nothing where either port has no modem lines.
    pub(super) fn start(
        pos: &mut TTYPort,
        printer: &mut TTYPort,
        flow: Flow,
        name: &str,
    ) -> Option<Self> {
        match begin(pos, printer, flow) {
            Ok(carrier) => Some(carrier),
            Err(why) => {
                tracing::info!(source = name, "modem lines are not carried: {why}");
                None
            }
        }
    }
}

fn begin(pos: &mut TTYPort, printer: &mut TTYPort, flow: Flow) -> Result<Carrier, String> {
    let ready = flow != Flow::Hardware;
    // Asked before the ports are cloned: dropping a clone takes the exclusive mark off its port.
    for port in [&mut *pos, &mut *printer] {
        port.see(ready).map_err(|error| error.to_string())?;
    }
    let clone = |port: &TTYPort| port.try_clone_native().map_err(|error| error.to_string());
    let mut crossing = Crossing::new(clone(pos)?, clone(printer)?, ready);
    let (stop, stopped) = channel();
    std::thread::Builder::new()
        .name("modem lines".to_owned())
        .stack_size(STACK_BYTES)
        .spawn(move || crossing.carry_until(&stopped))
        .map_err(|error| error.to_string())?;
    Ok(Carrier { _stop: stop })
}

/// The lines of both ports.
struct Crossing<L> {
    pos: L,
    printer: L,
    /// RTS and CTS are carried too.
    ready: bool,
    /// What each was last driven to.
    driven: [Option<Levels>; 2],
}

impl<L: Lines> Crossing<L> {
    fn new(pos: L, printer: L, ready: bool) -> Self {
        Self { pos, printer, ready, driven: [None, None] }
    }

    /// Until the [`Carrier`] is dropped or a port is lost, which its bytes tell as well.
    fn carry_until(&mut self, stopped: &Receiver<()>) {
        while self.carry().is_ok()
            && matches!(stopped.recv_timeout(EVERY), Err(RecvTimeoutError::Timeout))
        {}
    }

    /// Passes on what has changed, and only that: an ioctl may be a transfer over USB.
    fn carry(&mut self) -> serialport::Result<()> {
        let [pos, printer] = &mut self.driven;
        pass(&mut self.printer, &mut self.pos, pos, self.ready)?;
        pass(&mut self.pos, &mut self.printer, printer, self.ready)
    }
}

fn pass<L: Lines>(
    from: &mut L,
    to: &mut L,
    driven: &mut Option<Levels>,
    ready: bool,
) -> serialport::Result<()> {
    let seen = from.see(ready)?;
    if *driven != Some(seen) {
        to.drive(seen)?;
        *driven = Some(seen);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::{Crossing, Levels, Lines};

    /// A port whose cable drives `seen`.
    #[derive(Default)]
    struct Fake {
        ready: bool,
        there: bool,
        driven: Vec<Levels>,
        gone: bool,
    }

    impl Lines for Fake {
        fn see(&mut self, ready: bool) -> serialport::Result<Levels> {
            if self.gone {
                return Err(serialport::Error::new(serialport::ErrorKind::NoDevice, "gone"));
            }
            Ok(Levels { ready: ready.then_some(self.ready), there: self.there })
        }

        fn drive(&mut self, levels: Levels) -> serialport::Result<()> {
            self.driven.push(levels);
            Ok(())
        }
    }

    #[test]
    fn a_busy_printer_is_busy_to_the_pos_and_each_change_is_driven_once() {
        let printer = Fake { ready: true, there: true, ..Fake::default() };
        let mut crossing = Crossing::new(Fake::default(), printer, true);
        let levels = |ready, there| Levels { ready: Some(ready), there };
        crossing.carry().expect("both there");
        crossing.carry().expect("both there");
        crossing.printer.there = false;
        crossing.carry().expect("both there");
        assert_eq!(crossing.pos.driven, [levels(true, true), levels(true, false)]);
        assert_eq!(crossing.printer.driven, [levels(false, false)], "no POS is on the other end");
        crossing.pos.ready = true;
        crossing.carry().expect("both there");
        assert_eq!(crossing.printer.driven.last(), Some(&levels(true, false)));
    }

    #[test]
    fn the_kernels_own_handshake_is_left_to_it() {
        let printer = Fake { ready: true, there: true, ..Fake::default() };
        let mut crossing = Crossing::new(Fake::default(), printer, false);
        crossing.carry().expect("both there");
        assert_eq!(crossing.pos.driven, [Levels { ready: None, there: true }]);
    }

    #[test]
    fn it_ends_with_its_port_and_with_its_owner() {
        let (owner, stopped) = channel();
        let gone = Fake { gone: true, ..Fake::default() };
        Crossing::new(Fake::default(), gone, true).carry_until(&stopped);
        drop(owner);
        Crossing::new(Fake::default(), Fake::default(), true).carry_until(&stopped);
    }
}

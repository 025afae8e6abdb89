//! How fast bytes leave a till.

use std::time::Duration;

use tokio::time::Instant;

use super::destination::Destination;

/// Bits on the line for one byte: start, eight data, stop.
const BITS_PER_BYTE: u64 = 10;

/// What most receipt printers are set to, in bits per second.
pub const USUAL_BAUD: u32 = 9_600;

/// Speed of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// As fast as the other side takes it.
    Fast,
    /// So many bits per second.
    Baud(u32),
}

impl Pace {
    /// The speed of a line to `to`: a serial line has one in any case, the network only where it is
    /// asked for, as behind a serial device server.
    pub fn of(to: &Destination, baud: Option<u32>, fast: bool) -> Self {
        match (fast, baud, to) {
            (true, _, _) | (false, None, Destination::Tcp(_)) => Self::Fast,
            (false, Some(baud), _) => Self::Baud(baud),
            (false, None, _) => Self::Baud(USUAL_BAUD),
        }
    }

    /// How long the line is busy with `bytes`.
    pub fn duration(self, bytes: u64) -> Duration {
        match self {
            Self::Fast => Duration::ZERO,
            Self::Baud(baud) => {
                Duration::from_nanos(bytes * BITS_PER_BYTE * 1_000_000_000 / u64::from(baud.max(1)))
            }
        }
    }
}

/// Keeps one receipt to a pace.
#[derive(Debug)]
pub(super) struct Pacer {
    pace: Pace,
    began: Instant,
    bytes: u64,
}

impl Pacer {
    pub(super) fn new(pace: Pace) -> Self {
        Self { pace, began: Instant::now(), bytes: 0 }
    }

    /// Waits until the line has carried `bytes` more. Errors of single waits do not add up.
    pub(super) async fn carried(&mut self, bytes: usize) {
        self.bytes += bytes as u64;
        if self.pace != Pace::Fast {
            tokio::time::sleep_until(self.began + self.pace.duration(self.bytes)).await;
        }
    }

    /// Keeps the line silent for `pause`, at every pace: a stall is a fault and no matter of speed.
    pub(super) async fn silent(&mut self, pause: Duration) {
        tokio::time::sleep(pause).await;
        *self = Self::new(self.pace);
    }
}

#[cfg(test)]
mod tests {
    use super::{Destination, Pace};

    #[test]
    fn the_network_is_paced_only_where_it_is_asked_for() {
        let tcp = Destination::Tcp("h:9100".to_owned());
        let pty = Destination::Pty("till".into());
        assert_eq!(Pace::of(&tcp, None, false), Pace::Fast);
        assert_eq!(Pace::of(&tcp, Some(19_200), false), Pace::Baud(19_200));
        assert_eq!(Pace::of(&pty, None, false), Pace::Baud(9_600));
        assert_eq!(Pace::of(&pty, Some(19_200), true), Pace::Fast);
    }

    #[test]
    fn a_byte_is_ten_bits() {
        assert_eq!(Pace::Baud(9_600).duration(960).as_millis(), 1_000);
        assert_eq!(Pace::Fast.duration(1 << 40).as_nanos(), 0);
    }
}

//! How fast bytes leave a till.

use std::time::Duration;

use tokio::time::Instant;

/// Bits on the line for one byte: start, eight data, stop.
const BITS_PER_BYTE: u64 = 10;

/// Speed of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// As fast as the other side takes it.
    Fast,
    /// So many bits per second.
    Baud(u32),
}

impl Pace {
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
}

#[cfg(test)]
mod tests {
    use super::Pace;

    #[test]
    fn a_byte_is_ten_bits() {
        assert_eq!(Pace::Baud(9_600).duration(960).as_millis(), 1_000);
        assert_eq!(Pace::Fast.duration(1 << 40).as_nanos(), 0);
    }
}

//! What a UART hears of a line that is set otherwise: bytes become bits in time, and are sampled
//! at the listener's speed. For tests; ptys cannot be set wrong.

use super::{Capture, Line};
use crate::config::Parity;

/// Time steps of one bit at the fastest speed, so that every speed has a whole number of them.
const STEPS_PER_SECOND: u64 = 115_200 * 16;

fn parity_bit(parity: Parity, bits: &[bool]) -> Option<bool> {
    let odd = bits.iter().filter(|bit| **bit).count() % 2 == 1;
    match parity {
        Parity::None => None,
        Parity::Even => Some(odd),
        Parity::Odd => Some(!odd),
    }
}

/// The level of the line over time: idle high, a low start bit, data from the lowest bit, parity,
/// a high stop bit, and no pause between bytes.
fn levels(bytes: &[u8], line: Line) -> Vec<bool> {
    let step = (STEPS_PER_SECOND / u64::from(line.baud)) as usize;
    let mut bits = vec![true; 4];
    for byte in bytes {
        let data: Vec<bool> = (0..line.data_bits).map(|at| byte >> at & 1 == 1).collect();
        bits.push(false);
        bits.extend(&data);
        bits.extend(parity_bit(line.parity, &data));
        bits.push(true);
    }
    bits.extend([true; 24]);
    bits.into_iter().flat_map(|bit| std::iter::repeat_n(bit, step)).collect()
}

/// What `listener` hears of `bytes` sent by one set to `sent`.
pub(super) fn heard(bytes: &[u8], sent: Line, listener: Line) -> Capture {
    let levels = levels(bytes, sent);
    let step = (STEPS_PER_SECOND / u64::from(listener.baud)) as usize;
    let level = |at: usize| levels.get(at).copied().unwrap_or(true);
    let mut capture = Capture { line: listener, bytes: Vec::new(), damaged: 0 };
    let mut at = 1;
    while at < levels.len() {
        if level(at) || !level(at - 1) {
            at += 1;
            continue;
        }
        // Each bit is sampled in its middle.
        let sample = |bit: usize| level(at + bit * step + step / 2);
        let data: Vec<bool> = (1..=usize::from(listener.data_bits)).map(sample).collect();
        let mut next = 1 + usize::from(listener.data_bits);
        let mut damaged = false;
        if let Some(expected) = parity_bit(listener.parity, &data) {
            damaged |= sample(next) != expected;
            next += 1;
        }
        damaged |= !sample(next);
        let byte = data.iter().enumerate().fold(0, |byte, (at, bit)| byte | u8::from(*bit) << at);
        capture.bytes.push(byte);
        capture.damaged += usize::from(damaged);
        at += next * step + step / 2;
    }
    capture
}

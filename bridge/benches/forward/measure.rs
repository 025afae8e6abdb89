//! Latency of small messages and speed of bursts through a line; every byte that comes out is
//! compared with what went in.

use std::fs::File;
use std::io::{self, Write};
use std::time::{Duration, Instant};

use crate::Outcome;
use crate::bytes::pages;
use crate::ends::{Ends, Kind, read_some};
use crate::forwarder::Forwarder;

/// Bytes of a message: what a POS writes at a time, a line or two.
const MESSAGE: usize = 64;
/// Pause between two messages, so that everybody sleeps when the next one comes, as at a till.
const PAUSE: Duration = Duration::from_micros(250);
/// First messages, which do not count: caches and readers warm up.
const WARM_UP: usize = 100;
/// Bursts of a round.
const BURSTS: usize = 5;
/// Sequence number of the last message.
const END: u64 = u64::MAX;

/// Bytes of a burst: half of the ring over TCP; a pty is slower and never carries as much.
fn burst_bytes(kind: Kind) -> usize {
    match kind {
        Kind::Tcp => 8 * 1024 * 1024,
        Kind::Pty => 2 * 1024 * 1024,
    }
}

/// What one forwarder did in one round.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Figures {
    pub(crate) p50_us: f64,
    pub(crate) p99_us: f64,
    pub(crate) max_us: f64,
    pub(crate) mib_per_s: f64,
}

/// Measures a round.
pub(crate) fn figures(
    ends: &mut Ends,
    forwarder: &Forwarder,
    kind: Kind,
    span: Duration,
) -> Outcome<Figures> {
    let mut nanos = latencies(ends, span)?;
    nanos.drain(..WARM_UP.min(nanos.len() / 2));
    nanos.sort_unstable();
    let at = |share: f64| {
        let index = (nanos.len() as f64 * share) as usize;
        nanos.get(index.min(nanos.len().saturating_sub(1))).map_or(0.0, |ns| *ns as f64 / 1e3)
    };
    let burst = pages(burst_bytes(kind));
    let mut speeds = Vec::new();
    for _ in 0..BURSTS {
        forwarder.calm()?;
        let took = carry(ends, &burst)?;
        speeds.push(burst.len() as f64 / (1024.0 * 1024.0) / took.as_secs_f64());
    }
    let mib_per_s = median(&mut speeds);
    Ok(Figures { p50_us: at(0.5), p99_us: at(0.99), max_us: at(1.0), mib_per_s })
}

/// The middle one.
pub(crate) fn median(values: &mut [f64]) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Nanoseconds from the call that sends a message to its last byte's receipt.
fn latencies(ends: &mut Ends, span: Duration) -> Outcome<Vec<u64>> {
    let clock = Instant::now();
    let Ends { pos, printer } = ends;
    std::thread::scope(|scope| {
        let receiving = scope.spawn(|| receive(printer, clock));
        for sequence in 0.. {
            let last = clock.elapsed() >= span;
            let message = message(if last { END } else { sequence }, clock);
            pos.write_all(&message)?;
            if last {
                break;
            }
            std::thread::sleep(PAUSE);
        }
        Ok(receiving.join().map_err(|_| "the receiver died")??)
    })
}

fn message(sequence: u64, clock: Instant) -> [u8; MESSAGE] {
    let mut message = [b'.'; MESSAGE];
    message[MESSAGE - 1] = b'\n';
    message[..8].copy_from_slice(&sequence.to_le_bytes());
    message[8..16].copy_from_slice(&(clock.elapsed().as_nanos() as u64).to_le_bytes());
    message
}

fn receive(printer: &File, clock: Instant) -> io::Result<Vec<u64>> {
    let mut nanos = Vec::new();
    let (mut buffer, mut filled) = ([0; 64 * MESSAGE], 0);
    loop {
        filled += read_some(printer, &mut buffer[filled..])?;
        let now = clock.elapsed().as_nanos() as u64;
        let whole = filled / MESSAGE * MESSAGE;
        for found in buffer[..whole].chunks(MESSAGE) {
            let word = |at: usize| {
                found[at..].first_chunk::<8>().map_or(0, |word| u64::from_le_bytes(*word))
            };
            let sequence = word(0);
            if sequence == END {
                return Ok(nanos);
            }
            let filling = &found[16..MESSAGE - 1];
            if sequence != nanos.len() as u64 || filling.iter().any(|byte| *byte != b'.') {
                return Err(io::Error::other(format!("message {} came out changed", nanos.len())));
            }
            nanos.push(now - word(8));
        }
        buffer.copy_within(whole..filled, 0);
        filled -= whole;
    }
}

/// Sends `bytes` as fast as the line takes them; how long that took.
pub(crate) fn carry(ends: &mut Ends, bytes: &[u8]) -> Outcome<Duration> {
    let begun = Instant::now();
    let Ends { pos, printer } = ends;
    let (came, took) = std::thread::scope(|scope| {
        let sending = scope.spawn(|| pos.write_all(bytes));
        let mut came = vec![0; bytes.len()];
        let mut filled = 0;
        while filled < came.len() {
            filled += read_some(printer, &mut came[filled..])?;
        }
        let took = begun.elapsed();
        sending.join().map_err(|_| "the sender died")??;
        Outcome::Ok((came, took))
    })?;
    if came != bytes {
        return Err("the bytes that came out are not the ones that went in".into());
    }
    Ok(took)
}

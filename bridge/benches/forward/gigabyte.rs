//! 1 GB through the proxy with no brain: every byte compared, on paper and in ring and spill.

use std::io::Write;
use std::time::Instant;

use posbridge::ring::spill::{Backlog, spill_directory};
use posbridge::ring::{Body, Direction};

use crate::Outcome;
use crate::bytes::noise;
use crate::ends::Kind;
use crate::forwarder::{Forwarder, Setup};
use crate::measure::carry;

/// Bytes of a block.
const BLOCK: usize = 4_000_000;
/// Blocks: 1 GB in all.
const BLOCKS: u64 = 250;
/// Bytes read from the backlog at a time.
const LOOK: usize = 1024 * 1024;

pub(crate) fn run(out: &mut impl Write) -> Outcome<()> {
    let (mut ends, forwarder) = Forwarder::start(Setup::Wire, Kind::Tcp)??;
    let begun = Instant::now();
    for index in 0..BLOCKS {
        carry(&mut ends, &noise(index, BLOCK))?;
    }
    let seconds = begun.elapsed().as_secs_f64();
    let sent = BLOCK as u64 * BLOCKS;
    writeln!(out, "{sent} bytes came out as they went in, in {seconds:.1} s")?;
    let Forwarder::Posbridge(shop) = &forwarder else { return Err("no posbridge".into()) };
    let status = shop.wire_status().ok_or("no status")?;
    let (spilled, waiting) = (status.spilled, status.ring_waiting);
    writeln!(out, "{spilled} bytes are on disk, {waiting} in the ring")?;
    if let Some(trouble) = status.spill_trouble {
        writeln!(out, "trouble: {trouble}")?;
    }
    let (kept, lost) = recount(shop.dir.ring().as_path(), &spill_directory(&shop.journal))?;
    writeln!(out, "{kept} bytes are kept as they were, {lost} counted in gaps")?;
    if kept + lost != sent {
        return Err(format!("expected an account of {sent} bytes, found {}", kept + lost).into());
    }
    Ok(())
}

/// Compares what is kept with what was sent: bytes kept, and bytes that gaps stand for.
fn recount(ring: &std::path::Path, spill: &std::path::Path) -> Outcome<(u64, u64)> {
    let backlog = Backlog::open(ring, spill)?;
    let mut position = backlog.released()?;
    let (mut kept, mut lost) = (0, 0);
    let (mut index, mut block) = (0, noise(0, BLOCK));
    loop {
        let records = backlog.read_from(position, LOOK)?;
        let Some((after, _)) = records.last() else { return Ok((kept, lost)) };
        position = *after;
        for (_, record) in records {
            match record.body {
                Body::Data(bytes) if record.lane.direction == Direction::ToPrinter => {
                    for byte in &bytes {
                        let at = kept + lost;
                        if at / BLOCK as u64 != index {
                            index = at / BLOCK as u64;
                            block = noise(index, BLOCK);
                        }
                        if block[(at % BLOCK as u64) as usize] != *byte {
                            return Err(format!("byte {at} is kept changed").into());
                        }
                        kept += 1;
                    }
                }
                Body::Gap(gap) => lost += gap.bytes,
                _ => {}
            }
        }
    }
}

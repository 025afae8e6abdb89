//! Seeds for the fuzz targets, made by the simulator and from the command tables; nothing that
//! others captured is among them.
//!
//! `cargo run -p pos-tests --bin seeds -- DIRECTORY` writes `DIRECTORY/TARGET/seed-NAME`.

use std::path::{Path, PathBuf};
use std::{fs, io};

use pos_protocol::escpos::{Row, table};
use pos_protocol::profile::Dialect;
use pos_protocol::star;
use pos_tests::receipts;
use possim::print::Style;
use rand::{RngCore, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Targets whose input is a head of six bytes and a stream (see `fuzz/src/input.rs`).
const STREAM_TARGETS: [&str; 6] = ["bounded", "frames", "replay", "replies", "session", "text"];
/// The target whose input is entropy.
const ENTROPY_TARGET: &str = "structured";
/// Receipts of one style.
const SLIPS: usize = 3;
/// Longest seed: what is longer (pictures) makes every execution slow and shows nothing more.
const MAX_SEED_BYTES: usize = 6_000;
/// Commands in one seed.
const ROWS: usize = 24;
/// Inputs of entropy, and how long each is.
const ENTROPY: (u64, usize) = (64, 320);

fn main() -> io::Result<()> {
    let Some(directory) = std::env::args().nth(1).map(PathBuf::from) else {
        return Err(io::Error::other("expected a directory to write to, found none"));
    };
    for (target, turn) in STREAM_TARGETS.into_iter().zip(0_u8..) {
        let folder = directory.join(target);
        fs::create_dir_all(&folder)?;
        for (seed, index) in streams().iter().zip(0_u32..) {
            write(&folder, &seed.name, &with_head(seed, index, turn))?;
        }
    }
    let folder = directory.join(ENTROPY_TARGET);
    fs::create_dir_all(&folder)?;
    for index in 0..ENTROPY.0 {
        let mut bytes = vec![0; ENTROPY.1];
        ChaCha8Rng::seed_from_u64(index).fill_bytes(&mut bytes);
        write(&folder, &format!("entropy-{index}"), &bytes)?;
    }
    Ok(())
}

struct Seed {
    name: String,
    dialect: Dialect,
    bytes: Vec<u8>,
}

fn streams() -> Vec<Seed> {
    let mut seeds = Vec::new();
    for style in Style::ALL {
        let Some(shop) = receipts::shops(style).into_iter().next() else { continue };
        for (bytes, slip) in receipts::slips(style, shop, 7, SLIPS).into_iter().zip(1..) {
            let name = format!("{}-{slip}", style.name);
            seeds.push(Seed { name, dialect: receipts::dialect(style), bytes });
        }
    }
    for (rows, name, dialect) in
        [(table::ROWS, "escpos", Dialect::Escpos), (star::table::ROWS, "star", Dialect::StarLine)]
    {
        for (part, index) in rows.chunks(ROWS).zip(1..) {
            let name = format!("commands-{name}-{index}");
            seeds.push(Seed { name, dialect, bytes: part.iter().flat_map(command).collect() });
        }
    }
    seeds.retain(|seed| seed.bytes.len() <= MAX_SEED_BYTES);
    seeds
}

/// A command with parameters that suit most, and a line that shows where it ended.
fn command(row: &Row) -> Vec<u8> {
    [row.prefix, &[2, 0, 1, 0, 1, 0, 1, 0], row.name.as_bytes(), b"\n"].concat()
}

/// The head chooses dialect and caps; every second seed comes at once, the others by a schedule.
fn with_head(seed: &Seed, index: u32, turn: u8) -> Vec<u8> {
    let dialect = match seed.dialect {
        Dialect::Auto => 0,
        Dialect::Escpos => 1,
        Dialect::StarLine => 2,
        Dialect::StarPrnt => 3,
    };
    let small_caps = if index % 4 == 3 { 8 } else { 0 };
    let schedule = if index.is_multiple_of(2) { 0 } else { index * 0x0101_0101 + u32::from(turn) };
    let head = [dialect | small_caps, 0];
    [&head[..], &schedule.to_le_bytes(), &seed.bytes].concat()
}

fn write(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    fs::write(folder.join(format!("seed-{name}")), bytes)
}

//! Valid commands and lines in any order, then damaged: streams that get past the lexer, longer
//! than the input they come from.

#![no_main]

use arbitrary::{Arbitrary, Result, Unstructured};
use libfuzzer_sys::fuzz_target;
use pos_fuzz::{Input, Resume, SMALL_CAPS, run, steps};
use pos_protocol::escpos::{Row, table};
use pos_protocol::limits::Limits;
use pos_protocol::profile::{Dialect, Profile};
use pos_protocol::star;

/// Words of receipts, in the encodings that printers are sent.
const WORDS: [&[u8]; 16] = [
    b"TOTAL 36.00",
    b"Tea 2 x 18.00 36.00",
    b"CASH 40.00",
    b"CHANGE 4.00",
    b"Receipt No: 1001",
    b"2026-11-21 12:01:22",
    b"REFUND",
    b"*** RE-PRINT ***",
    b"NO SALE",
    b"No refunds or exchanges",
    b"\xa6\x58\xad\x70 36.00",
    b"\xba\xcf\xbc\xc6 36.00",
    b"\xca\xb5\xca\xd5\xa3\xba80 \xd5\xd2\xc1\xe3\xa3\xba0",
    b"\xe5\x85\xab\xe9\x81\x94\xe9\x80\x9a 36.00",
    b"Caf\x82 12.50-",
    b"--------------------------------",
];

#[derive(Debug)]
struct Structured {
    dialect: Dialect,
    small_caps: bool,
    seed: u32,
    bytes: Vec<u8>,
}

impl<'a> Arbitrary<'a> for Structured {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let star = u.ratio(1, 4)?;
        let rows = if star { star::table::ROWS } else { table::ROWS };
        let (small_caps, seed) = (u.ratio(1, 4)?, u.arbitrary()?);
        let mut bytes = Vec::new();
        while !u.is_empty() {
            piece(u, rows, &mut bytes)?;
        }
        let dialect = if star { Dialect::StarLine } else { Dialect::Auto };
        Ok(Self { dialect, small_caps, seed, bytes })
    }
}

fn piece(u: &mut Unstructured<'_>, rows: &'static [Row], out: &mut Vec<u8>) -> Result<()> {
    match u.int_in_range(0..=9)? {
        0..=3 => {
            out.extend_from_slice(u.choose(&WORDS)?);
            out.push(b'\n');
        }
        4..=6 => {
            let row = u.choose(rows)?;
            out.extend_from_slice(row.prefix);
            let count = u.int_in_range(0..=6)?;
            for _ in 0..count {
                out.push(u.int_in_range(0..=4)?);
            }
        }
        7 => {
            let (width, height) = (u.int_in_range(1..=12_u8)?, u.int_in_range(1..=24_u8)?);
            out.extend_from_slice(&[0x1D, b'v', b'0', 0, width, 0, height, 0]);
            out.extend(std::iter::repeat_n(0x5A, usize::from(width) * usize::from(height)));
        }
        8 => {
            let length = u.int_in_range(0..=32)?;
            out.extend_from_slice(u.bytes(length)?);
        }
        // Damage to what is there: a byte changes, goes, or comes.
        _ => {
            if let Some(last) = out.len().checked_sub(1) {
                let at = u.int_in_range(0..=last)?;
                match u.int_in_range(0..=2)? {
                    0 => out[at] = u.arbitrary()?,
                    1 => drop(out.remove(at)),
                    _ => out.insert(at, u.arbitrary()?),
                }
            }
        }
    }
    Ok(())
}

fuzz_target!(|made: Structured| {
    let input = Input {
        profile: Profile { dialect: made.dialect, ..Profile::default() },
        limits: if made.small_caps { SMALL_CAPS } else { Limits::default() },
        seed: made.seed,
        bytes: &made.bytes,
    };
    let records = steps(&input, true);
    let whole = run(&input, &records, false, Resume::Never);
    assert_eq!(whole, run(&input, &records, true, Resume::Sometimes), "cut and taken down");
});

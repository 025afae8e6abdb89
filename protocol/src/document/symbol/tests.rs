//! Barcodes read back by decoders written from the symbology tables, checks verified.

use super::linear::bars;
use super::settings::Settings;
use super::{Hri, Kind, Level, Symbol, code39, code93, code128, ean, pairs};
use crate::escpos::{find, table};
use crate::star;

fn symbol(kind: Kind, data: &[u8]) -> Symbol {
    let data = data.to_vec();
    Symbol { kind, data, hri: Hri::None, height: 50, module: 2, level: Level::L, version: None }
}

fn widths(kind: Kind, data: &[u8]) -> Vec<u8> {
    bars(&symbol(kind, data)).unwrap_or_else(|| panic!("{kind:?} takes {data:?}")).widths
}

/// Digits of EAN and UPC between the guards, and which of them are mirrored.
fn ean_digits(widths: &[u8]) -> Vec<(u8, bool)> {
    let digit = |four: &[u8]| {
        let plain = ean::DIGITS.iter().position(|digit| digit == four);
        let reversed: Vec<u8> = four.iter().rev().copied().collect();
        let mirrored = ean::DIGITS.iter().position(|digit| digit[..] == reversed);
        match (plain, mirrored) {
            (Some(value), None) => (value as u8, false),
            (None, Some(value)) => (value as u8, true),
            found => panic!("expected one digit, found {found:?}"),
        }
    };
    widths.chunks_exact(4).map(digit).collect()
}

fn values(digits: &[(u8, bool)]) -> String {
    digits.iter().map(|(digit, _)| char::from(b'0' + digit)).collect()
}

fn read_ean(widths: &[u8], half: usize) -> String {
    assert_eq!(widths[..3], [1, 1, 1]);
    assert_eq!(widths[3 + half * 4..][..5], [1; 5]);
    assert_eq!(widths[widths.len() - 3..], [1, 1, 1]);
    let left = ean_digits(&widths[3..][..half * 4]);
    let right = ean_digits(&widths[8 + half * 4..][..half * 4]);
    assert!(right.iter().all(|(_, mirrored)| !mirrored));
    let parity = left.iter().fold(0, |bits, (_, mirrored)| bits << 1 | u8::from(*mirrored));
    let first = ean::FIRST.iter().position(|known| *known == parity).expect("a first digit");
    let lead = if half == 6 { first.to_string() } else { String::new() };
    let all = lead + &values(&left) + &values(&right);
    let digits: Vec<u8> = all.bytes().map(|b| b - b'0').collect();
    assert_eq!(ean::check_digit(&digits[..digits.len() - 1]), digits[digits.len() - 1]);
    all
}

fn six(widths: &[u8]) -> u32 {
    widths.iter().fold(0, |number, width| number * 10 + u32::from(*width))
}

fn read_code128(widths: &[u8]) -> Vec<u8> {
    let (body, stop) = widths.split_at(widths.len() - 7);
    assert_eq!(six(stop), 2_331_112);
    let value = |six_widths: &[u8]| {
        let known = code128::WIDTHS.iter().position(|known| *known == six(six_widths));
        known.expect("a known pattern") as u8
    };
    let mut values: Vec<u8> = body.chunks_exact(6).map(value).collect();
    let check = values.pop().expect("a check character");
    assert_eq!(code128::check(&values), check);
    let (mut set, mut out) = (values[0] - code128::START_A, Vec::new());
    let mut shift = false;
    for value in &values[1..] {
        let now = if core::mem::take(&mut shift) { 1 - set } else { set };
        match (now, *value) {
            (_, code128::FNC1) => out.push(0x1D),
            (2, 100) => set = 1,
            (2, 101) => set = 0,
            (2, pair) => out.extend([pair / 10 + b'0', pair % 10 + b'0']),
            (_, 99) => set = 2,
            (0, 100) => set = 1,
            (1, 101) => set = 0,
            (_, 98) => shift = true,
            (0, value @ 64..=95) => out.push(value - 64),
            (_, value) => out.push(value + 32),
        }
    }
    out
}

#[test]
fn ean_and_upc_read_back_with_their_check_digit() {
    assert_eq!(read_ean(&widths(Kind::Ean13, b"590123412345"), 6), "5901234123457");
    assert_eq!(read_ean(&widths(Kind::Ean13, b"4006381333931"), 6), "4006381333931");
    assert_eq!(read_ean(&widths(Kind::UpcA, b"03600029145"), 6), "0036000291452");
    assert_eq!(read_ean(&widths(Kind::Ean8, b"9638507"), 4), "96385074");
    for first in b'0'..=b'9' {
        let data = [&[first], &b"12345678901"[..]].concat();
        assert!(read_ean(&widths(Kind::Ean13, &data), 6).as_bytes().starts_with(&data));
    }
}

#[test]
fn upc_e_reads_back_from_every_form_of_its_number() {
    for form in [&b"425261"[..], b"0425261", b"04252614", b"04210000526", b"042100005264"] {
        let widths = widths(Kind::UpcE, form);
        let digits = ean_digits(&widths[3..27]);
        assert_eq!(values(&digits), "425261", "{form:?}");
        let parity = digits.iter().fold(0, |bits, (_, mirrored)| bits << 1 | u8::from(*mirrored));
        assert_eq!(ean::CHECK[4], parity);
        assert_eq!(widths[27..], [1; 6]);
    }
    assert_eq!(bars(&symbol(Kind::UpcE, b"01234567890")), None, "has no short form");
}

#[test]
fn code_39_reads_back_between_its_stars() {
    let widths = widths(Kind::Code39, b"A-1 $/+%.Z");
    let read = widths.chunks(10).map(|character| {
        let bits = character[..9].iter().fold(0, |bits, width| bits << 1 | u16::from(*width > 1));
        code39::TABLE.iter().find(|(_, known)| *known == bits).expect("a character").0
    });
    assert_eq!(read.collect::<Vec<u8>>(), b"*A-1 $/+%.Z*");
    assert_eq!(bars(&symbol(Kind::Code39, b"a")), None);
}

#[test]
fn code_93_reads_back_with_both_checks() {
    let widths = widths(Kind::Code93, b"Test 93/x!");
    assert_eq!(six(&widths[..6]), code93::GUARD);
    let end = widths.len() - 7;
    assert_eq!((six(&widths[end..end + 6]), widths[end + 6]), (code93::GUARD, 1));
    let value = |w: &[u8]| code93::WIDTHS.iter().position(|known| *known == six(w));
    let values: Vec<u8> =
        widths[6..end].chunks(6).map(|w| value(w).expect("a value") as u8).collect();
    let (data, checks) = values.split_at(values.len() - 2);
    assert_eq!(checks[0], code93::check(data, 20));
    assert_eq!(checks[1], code93::check(&values[..values.len() - 1], 15));
    let plain = |v: u8| code93::CHARACTERS.get(usize::from(v)).copied().unwrap_or(b'a' + v - 43);
    // The shifts (d)ollar=a, percent=b, slash=c, plus=d stand before their letters.
    let read: Vec<u8> = data.iter().map(|v| plain(*v)).collect();
    assert_eq!(read, b"TdEdSdT 93/dXcA");
}

#[test]
fn interleaved_2_of_5_reads_back_in_pairs() {
    let widths = widths(Kind::Itf, b"0188025014655200");
    let body = &widths[4..widths.len() - 3];
    let mut read = String::new();
    for pair in body.chunks(10) {
        for side in 0..2 {
            let wide = pair.iter().skip(side).step_by(2);
            let bits = wide.fold(0, |bits, width| bits << 1 | u8::from(*width > 1));
            let digit = pairs::TWO_OF_FIVE.iter().position(|known| *known == bits);
            read += &digit.expect("a digit").to_string();
        }
    }
    assert_eq!(read, "0188025014655200");
    assert_eq!(bars(&symbol(Kind::Itf, b"1")), None);
}

#[test]
fn codabar_reads_back_with_the_start_and_stop_it_brings() {
    for (data, expected) in [(&b"a123-4$b"[..], &b"A123-4$B"[..]), (b"12/3", b"A12/3A")] {
        let read = widths(Kind::Codabar, data);
        let read = read.chunks(8).map(|character| {
            let bits = character[..7].iter().fold(0, |bits, w| bits << 1 | u8::from(*w > 1));
            pairs::CODABAR.iter().find(|(_, known)| *known == bits).expect("a character").0
        });
        assert_eq!(read.collect::<Vec<u8>>(), expected);
    }
}

#[test]
fn code_128_reads_back_in_all_code_sets() {
    let sent = b"{BNo.{C\x0c\x22\x38{A\x09{Sx{S{{";
    assert_eq!(read_code128(&widths(Kind::Code128, sent)), b"No.123456\tx{");
    assert_eq!(read_code128(&widths(Kind::Code128, b"{BNo.{{1")), b"No.{1");
    assert_eq!(read_code128(&widths(Kind::Code128Auto, b"ORDER-12345\t6")), b"ORDER-12345\t6");
    assert_eq!(read_code128(&widths(Kind::Code128Auto, b"20151021")), b"20151021");
    let gs1 = widths(Kind::Gs1128, b"(01)09501101530003{1(10)AB12");
    assert_eq!(read_code128(&gs1), b"\x1d0109501101530003\x1d10AB12");
}

#[test]
fn patterns_of_a_table_are_distinct_and_as_wide_as_the_standard_says() {
    let digits = |n: u32| (0..6).map(|place| n / 10_u32.pow(place) % 10).sum::<u32>();
    let distinct = |mut all: Vec<u32>| {
        let before = all.len();
        all.sort_unstable();
        all.dedup();
        before == all.len()
    };
    assert!(code128::WIDTHS.iter().all(|n| digits(*n) == 11));
    // In Code 128 the bars of a character add up to an even number.
    assert!(code128::WIDTHS.iter().all(|n| (n / 10 % 10 + n / 1000 % 10 + n / 100_000) % 2 == 0));
    assert!(code93::WIDTHS.iter().all(|n| digits(*n) == 9));
    assert!(distinct(code128::WIDTHS.to_vec()) && distinct(code93::WIDTHS.to_vec()));
    assert!(code39::TABLE.iter().all(|(_, bits)| bits.count_ones() == 3));
    assert!(distinct(code39::TABLE.iter().map(|(_, bits)| u32::from(*bits)).collect()));
    assert!(distinct(pairs::CODABAR.iter().map(|(_, bits)| u32::from(*bits)).collect()));
    assert!(pairs::TWO_OF_FIVE.iter().all(|bits| bits.count_ones() == 2));
}

#[test]
fn the_text_of_a_barcode_is_what_people_read() {
    assert_eq!(symbol(Kind::Code128, b"{BNo.{C\x0c\x22").text(), "No.1234");
    assert_eq!(symbol(Kind::Qr, "發票\n".as_bytes()).text(), "發票");
}

fn told(settings: &mut Settings, prefix: &[u8], args: &[u8]) -> Option<Symbol> {
    settings.command(find(table::ROWS, prefix).row.expect("a row"), args)
}

#[test]
fn a_barcode_takes_the_settings_in_force() {
    let mut settings = Settings::default();
    for (prefix, n) in [(b"\x1dh", 80), (b"\x1dw", 2), (b"\x1dH", 2)] {
        assert_eq!(told(&mut settings, prefix, &[n]), None);
    }
    let code = told(&mut settings, b"\x1dk", b"\x02590123412345\0").expect("a barcode");
    assert_eq!((code.kind, code.height, code.module, code.hri), (Kind::Ean13, 80, 2, Hri::Below));
    assert_eq!(code.data, b"590123412345");
    let mut settings = Settings::default();
    let code = told(&mut settings, b"\x1dk", b"\x49\x05{B123").expect("a barcode");
    assert_eq!((code.kind, code.height, code.hri), (Kind::Code128, 162, Hri::None));
}

#[test]
fn every_number_of_gs_k_is_a_kind() {
    let mut settings = Settings::default();
    for (m, kind) in [(0, Kind::UpcA), (6, Kind::Codabar)] {
        assert_eq!(told(&mut settings, b"\x1dk", &[m, b'1', 0]).expect("one").kind, kind);
    }
    for (m, kind) in [(72, Kind::Code93), (74, Kind::Gs1128), (78, Kind::DataBar)] {
        assert_eq!(told(&mut settings, b"\x1dk", &[m, 1, b'1']).expect("one").kind, kind);
    }
}

#[test]
fn a_stored_code_prints_each_time_it_is_asked_for() {
    let mut settings = Settings::default();
    let print = b"\x03\x001Q0";
    assert_eq!(told(&mut settings, b"\x1d(k", print), None, "nothing is stored");
    for args in [&b"\x04\x001A2\0"[..], b"\x03\x001C\x06", b"\x03\x001E3", b"\x05\x001P0HI"] {
        assert_eq!(told(&mut settings, b"\x1d(k", args), None);
    }
    for _ in 0..2 {
        let code = told(&mut settings, b"\x1d(k", print).expect("a code");
        assert_eq!((code.kind, code.module, code.level), (Kind::Qr, 6, Level::H));
        assert_eq!(code.data, b"HI");
    }
    told(&mut settings, b"\x1d(k", b"\x05\x000P0PD");
    assert_eq!(told(&mut settings, b"\x1d(k", b"\x03\x000Q0").expect("a code").kind, Kind::Pdf417);
}

#[test]
fn clones_describe_a_code_in_one_command() {
    let mut settings = Settings::default();
    told(&mut settings, b"\x1dZ", &[2]);
    let code = told(&mut settings, b"\x1bZ", b"\x0aH\x06\x02\0HI").expect("a code");
    assert_eq!((code.kind, code.level, code.module), (Kind::Qr, Level::H, 6));
    assert_eq!((code.version, code.data.as_slice()), (Some(10), &b"HI"[..]));
}

#[test]
fn star_has_barcodes_and_codes_of_its_own() {
    let mut settings = Settings::default();
    let mut told = |prefix: &[u8], args: &[u8]| {
        settings.command(find(star::table::ROWS, prefix).row.expect("a row"), args)
    };
    let code = told(b"\x1bb", b"4\x321\x40ABC\x1e").expect("a barcode");
    assert_eq!((code.kind, code.hri, code.module), (Kind::Code39, Hri::Below, 2));
    assert_eq!((code.height, code.data.as_slice()), (0x40, &b"ABC"[..]));
    told(b"\x1b\x1dyS", b"1\x02");
    told(b"\x1b\x1dyS", b"2\x05");
    told(b"\x1b\x1dyD1", b"\0\x02\0HI");
    let code = told(b"\x1b\x1dyP", b"").expect("a code");
    assert_eq!((code.kind, code.level, code.module), (Kind::Qr, Level::Q, 5));
    told(b"\x1b\x1dxD", b"\x02\0HI");
    assert_eq!(told(b"\x1b\x1dxP", b"").expect("a code").kind, Kind::Pdf417);
}

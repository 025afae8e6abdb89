//! Tests of the lexer: streams as manuals print them, and what a broken cable makes of them.

use super::lexer::{Frame, FrameKind, Lexer};
use crate::profile::Dialect;

/// Frames as short words, payload and text pieces joined.
fn frames(dialect: Dialect, bytes: &[u8]) -> Vec<String> {
    frames_with_gaps(dialect, &[bytes])
}

/// The same of pieces between which bytes may be missing.
fn frames_with_gaps(dialect: Dialect, pieces: &[&[u8]]) -> Vec<String> {
    let mut lexer = Lexer::new(dialect);
    let mut out: Vec<String> = Vec::new();
    let mut end = 0;
    let mut sink = |frame: Frame<'_>| {
        assert_eq!(frame.span.start, end, "frames tile the stream");
        end = frame.span.end;
        out.push(match frame.kind {
            FrameKind::Text(text) => format!("{:?}", String::from_utf8_lossy(text)),
            FrameKind::Command { row, args, refused: 0 } => format!("{} {args:?}", row.name),
            FrameKind::Command { row, refused, .. } => {
                format!("{} refuses {refused}", row.name)
            }
            FrameKind::Payload { bytes, .. } => format!("+{}", bytes.len()),
            FrameKind::Unknown(bytes) => format!("?{bytes:02x?}"),
            FrameKind::Incomplete { bytes, .. } => format!("~{bytes:02x?}"),
            FrameKind::Truncated { missing, .. } => format!("-{missing}"),
            FrameKind::Noticed { row, args } => format!("!{} {args:?}", row.name),
        });
    };
    for (index, piece) in pieces.iter().enumerate() {
        if index > 0 {
            lexer.gap(&mut sink);
        }
        lexer.push(piece, &mut sink);
    }
    lexer.flush(&mut sink);
    assert_eq!(end, pieces.concat().len() as u64, "to the last byte");
    out
}

#[test]
fn a_receipt_is_text_and_commands() {
    let seen = frames(Dialect::Escpos, b"\x1b@SHOP\n\x1bp\x00\x19\xfa\x1dVB\x03");
    let want = ["ESC @ []", "\"SHOP\"", "LF []", "ESC p [0, 25, 250]", "GS V [66, 3]"];
    assert_eq!(seen, want);
}

#[test]
fn an_image_is_passed_on_and_its_end_is_found() {
    let mut bytes = b"\x1dv0\x00\x10\x00\x10\x00".to_vec();
    bytes.extend([0xAA; 256]);
    bytes.extend(b"TEA");
    let want = ["GS v 0 [0, 16, 0, 16, 0]", "+256", "\"TEA\""];
    assert_eq!(frames(Dialect::Escpos, &bytes), want);
    assert_eq!(frames(Dialect::Escpos, &bytes[..100]), [want[0], "+92", "-164"]);
}

#[test]
fn a_claim_beyond_belief_swallows_nothing() {
    let seen = frames(Dialect::Escpos, b"\x1dv0\x00\xff\xff\xff\xffTOTAL 36.00\n");
    let claim = ["GS v 0 refuses 4294836225", "-4294836225"];
    assert_eq!(seen, [&claim[..], &["\"TOTAL 36.00\"", "LF []"]].concat());
}

/// An image of 16 x 64 dots that claims `rows` rows.
fn image(rows: u8) -> Vec<u8> {
    let mut bytes = vec![0x1D, b'v', b'0', 0, 2, 0, rows, 0];
    bytes.extend((0..128_u8).map(|i| if i % 3 == 0 { 0 } else { 0xF8 }));
    bytes
}

#[test]
fn an_image_that_claims_too_much_gives_the_footer_the_cut_and_the_kick_back() {
    let footer = b"\n\x1ba\x01Thanks for visiting\n\n\x1bE\x01See you\n\x1dVA\x05\x1bp\x00\x19\xfa";
    let whole = frames(Dialect::Escpos, &[&image(64), &footer[..]].concat());
    let lied = frames(Dialect::Escpos, &[&image(200), &footer[..]].concat());
    let tail = &whole[3..];
    assert_eq!(tail[1], "\"Thanks for visiting\"");
    assert!(lied.ends_with(tail), "{lied:?}");
}

#[test]
fn plain_lines_after_an_image_that_claims_too_much_are_print() {
    let lines = b"MING KEE CAFE\nMilk tea 18.00\nTotal 18.00\n";
    let seen = frames(Dialect::Escpos, &[&image(255), &lines[..]].concat());
    let want = ["\"MING KEE CAFE\"", "LF []", "\"Milk tea 18.00\"", "LF []"];
    let print: Vec<&String> = seen.iter().filter(|f| !f.starts_with(['+', '-', 'G'])).collect();
    assert_eq!(print[..4], want, "{seen:?}");
}

#[test]
fn dots_are_not_taken_for_print() {
    // Every byte value, and patterns that hold line feeds and ESC.
    let noise = |i: u32| (i.wrapping_mul(2_654_435_761) >> 24) as u8;
    let pattern = |i: u32| [0xAA, 0x55, 0x0A, 0xA0, 0x0A, 0x1B, 0x50][(i % 7) as usize];
    let dots: [&dyn Fn(u32) -> u8; 2] = [&noise, &pattern];
    for dot in dots {
        let mut bytes = vec![0x1D, b'v', b'0', 0, 64, 0, 0, 2];
        bytes.extend((0..64 * 512).map(dot));
        let seen = frames(Dialect::Escpos, &bytes);
        let data: Vec<&String> = seen.iter().filter(|f| !f.starts_with('!')).collect();
        assert!(data.iter().skip(1).all(|f| f.starts_with('+')), "{data:?}");
    }
}

#[test]
fn a_real_time_command_within_dots_is_noticed_and_stays_part_of_them() {
    let mut bytes = vec![0x1D, b'v', b'0', 0, 16, 0, 16, 0];
    bytes.extend([0; 100]);
    bytes.extend(b"\x10\x04\x01\x10\x14\x01\x00\x02");
    bytes.extend([0; 148]);
    let seen = frames(Dialect::Escpos, &bytes);
    let want = ["+103", "!DLE EOT [1]", "+5", "!DLE DC4 1 [0, 2]", "+148"];
    assert_eq!(seen[1..], want);
}

#[test]
fn an_unknown_letter_goes_but_a_control_byte_stays() {
    assert_eq!(frames(Dialect::Escpos, b"\x1b\x99A"), ["?[1b, 99]", "\"A\""]);
    assert_eq!(frames(Dialect::Escpos, b"\x1b\x1b@"), ["?[1b]", "ESC @ []"]);
}

#[test]
fn a_kick_cut_short_by_the_end_is_incomplete() {
    assert_eq!(frames(Dialect::Escpos, b"\x1bp\x00"), ["~[1b, 70, 00]"]);
}

#[test]
fn a_barcode_without_its_nul_gives_its_text_back() {
    let seen = frames(Dialect::Escpos, b"\x1dk\x04ABC\nTOTAL");
    assert_eq!(seen, ["~[1d, 6b, 04]", "\"ABC\"", "LF []", "\"TOTAL\""]);
}

#[test]
fn the_shorter_prefix_wins_when_the_longer_one_does_not_come() {
    assert_eq!(frames(Dialect::Escpos, b"\x1d(Z\x01\x00x"), ["GS ( X [90, 1, 0, 120]"]);
    assert_eq!(frames(Dialect::Escpos, b"\x1fA"), ["US []", "\"A\""]);
}

#[test]
fn star_letters_are_commands_only_in_raster_mode() {
    let seen = frames(Dialect::StarLine, b"bk\x1b*rAb\x02\x00\xff\xff\x1b*rBbk\x1c");
    let want = ["\"bk\"", "ESC * r A []", "raster b [2, 0, 255, 255]", "ESC * r B []"];
    assert_eq!(seen, [&want[..], &["\"bk\"", "FS []"]].concat());
}

#[test]
fn user_characters_are_counted_one_by_one() {
    let seen = frames(Dialect::Escpos, b"\x1b&\x03AB\x02aaaaaa\x01bbbC");
    assert_eq!(seen, ["ESC & [3, 65, 66]", "+1", "+6", "+1", "+3", "\"C\""]);
}

#[test]
fn slices_change_no_frame() {
    let footer = b"Thanks\n\x1ba\x01See you soon\n\x10\x04\x01\x1dVA\x05\x1bp\x00\x19";
    let bytes = [&image(250), &footer[..], &image(64), b"END"].concat();
    let whole = joined(&bytes, bytes.len());
    for size in 1..40 {
        assert_eq!(joined(&bytes, size), whole, "slices of {size}");
    }
}

/// Frames with neighbouring pieces of text or payload put together.
fn joined(bytes: &[u8], size: usize) -> Vec<(u64, String)> {
    let mut out: Vec<(u64, String)> = Vec::new();
    let mut lexer = Lexer::new(Dialect::Escpos);
    let mut sink = |frame: Frame<'_>| {
        let kind = match frame.kind {
            FrameKind::Text(_) => "text".to_owned(),
            FrameKind::Payload { row, .. } => format!("payload of {}", row.name),
            other => format!("{other:?}"),
        };
        if out.last().is_none_or(|(_, last)| *last != kind) {
            out.push((frame.span.start, kind));
        }
    };
    for slice in bytes.chunks(size) {
        lexer.push(slice, &mut sink);
    }
    lexer.flush(&mut sink);
    out
}

#[test]
fn a_saved_lexer_goes_on_as_if_nothing_had_happened() {
    let bytes = b"\x1b@A\x1d(k\x04\x001A2\x00\x1b&\x03AB\x02aaaaaa\x01bbb\x1dv0\x00\x0a\x00\x0a\x00\
        0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789Z\x1bp";
    let whole = frames(Dialect::Escpos, bytes).concat();
    for cut in 0..bytes.len() {
        let mut first = Lexer::new(Dialect::Escpos);
        let mut seen = Vec::new();
        let mut note = |f: Frame<'_>| seen.push((f.span, format!("{:?}", f.kind)));
        first.push(&bytes[..cut], &mut note);
        let json = serde_json::to_string(&first.save()).expect("plain data");
        let mut second = Lexer::restore(&serde_json::from_str(&json).expect("its own text"));
        first.push(&bytes[cut..], &mut note);
        first.flush(&mut note);
        let mut resumed = Vec::new();
        let mut note = |f: Frame<'_>| resumed.push((f.span, format!("{:?}", f.kind)));
        second.push(&bytes[cut..], &mut note);
        second.flush(&mut note);
        assert!(seen.ends_with(&resumed), "cut at {cut}: {whole}");
    }
}

#[test]
fn a_picture_goes_on_after_a_gap_in_which_nothing_was_lost() {
    let bytes = [&image(64), &b"SHOP\n"[..]].concat();
    let (head, tail) = bytes.split_at(60);
    let whole = frames(Dialect::Escpos, &bytes);
    let torn = frames_with_gaps(Dialect::Escpos, &[head, tail]);
    assert_eq!(torn, [&whole[..1], &["+52".into(), "+76".into()], &whole[2..]].concat());
}

#[test]
fn print_after_a_gap_in_a_picture_is_print() {
    let next = b"\x1b@LUCKY STAR CAFE\n2 x Milk tea 36.00\nTOTAL 36.00\n\x1dVA\x05";
    let torn = frames_with_gaps(Dialect::Escpos, &[&image(64)[..60], next]);
    assert_eq!(torn[..3], ["GS v 0 [0, 2, 0, 64, 0]", "+52", "-76"]);
    assert_eq!(torn[3..], frames(Dialect::Escpos, next));
    let text = b"LUCKY STAR CAFE\n2 x Milk tea 36.00\nTOTAL 36.00\n\x1dVA\x05";
    let torn = frames_with_gaps(Dialect::Escpos, &[&image(64)[..60], text]);
    assert_eq!(torn[3..], frames(Dialect::Escpos, text));
}

#[test]
fn a_command_that_a_gap_cut_is_given_up() {
    let torn = frames_with_gaps(Dialect::Escpos, &[b"\x1bp", b"TOTAL 36.00"]);
    assert_eq!(torn, ["~[1b, 70]", "\"TOTAL 36.00\""]);
}

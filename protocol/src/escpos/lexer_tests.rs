//! Tests of the lexer: streams as manuals print them, and what a broken cable makes of them.

use super::lexer::{Frame, FrameKind, Lexer};
use crate::profile::Dialect;

/// Frames as short words, payload and text pieces joined.
fn frames(dialect: Dialect, bytes: &[u8]) -> Vec<String> {
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
        });
    };
    lexer.push(bytes, &mut sink);
    lexer.flush(&mut sink);
    assert_eq!(end, bytes.len() as u64, "to the last byte");
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
    assert_eq!(seen, ["GS v 0 refuses 4294836225", "\"TOTAL 36.00\"", "LF []"]);
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

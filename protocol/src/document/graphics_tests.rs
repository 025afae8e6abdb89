//! Each image command against a small picture, and what holds for any bytes.

use proptest::prelude::*;

use super::{Drawn, Graphics, Memory};
use crate::document::image::Image;
use crate::document::image::tests::drawing;
use crate::escpos::lexer::{Frame, FrameKind, Lexer};
use crate::limits::{Limits, MAX_STORED_IMAGE_BYTES};
use crate::profile::Dialect;

/// Two rows, so that they differ from their mirror images in every direction.
const PICTURE: [&str; 2] = ["##......", "#......."];

type Both = (Graphics, Memory);

fn feed(both: &mut Both, frame: Frame<'_>, limits: &Limits, out: &mut Vec<Drawn>) {
    let (graphics, memory) = both;
    let drawn = match frame.kind {
        FrameKind::Command { row, args, refused: 0 } => {
            if row.prefix == b"\x1b@" {
                memory.reset();
            }
            graphics.command(row, args, memory, limits)
        }
        FrameKind::Payload { bytes, .. } => graphics.payload(bytes, memory, limits),
        FrameKind::Truncated { .. } => graphics.end(memory, limits),
        _ => None,
    };
    out.extend(drawn);
}

fn all(dialect: Dialect, pieces: &[&[u8]], limits: &Limits) -> (Vec<Drawn>, Both) {
    let (mut lexer, mut graphics, mut out) = (Lexer::new(dialect), Both::default(), vec![]);
    for piece in pieces {
        lexer.push(piece, &mut |frame| feed(&mut graphics, frame, limits, &mut out));
    }
    lexer.flush(&mut |frame| feed(&mut graphics, frame, limits, &mut out));
    (out, graphics)
}

fn images(dialect: Dialect, bytes: &[u8]) -> Vec<Image> {
    let (drawn, _) = all(dialect, &[bytes], &Limits::default());
    let image = |drawn| match drawn {
        Drawn::Image(image) => image,
        Drawn::Symbol(symbol) => panic!("expected an image, found {symbol:?}"),
    };
    drawn.into_iter().map(image).collect()
}

/// The one image, its first two rows; all others must be white.
fn picture(dialect: Dialect, bytes: &[u8]) -> (Vec<String>, (u32, u32)) {
    let images = images(dialect, bytes);
    assert_eq!(images.len(), 1, "{bytes:02x?}");
    let mut rows = drawing(&images[0]);
    assert!(rows.iter().skip(2).all(|row| !row.contains('#')), "{rows:?}");
    rows.truncate(2);
    (rows, images[0].printed())
}

#[test]
fn every_epson_command_draws_the_same_picture() {
    let columns = [0xC0, 0x80, 0, 0, 0, 0, 0, 0];
    let three: Vec<u8> = columns.iter().flat_map(|byte| [*byte, 0, 0]).collect();
    let join = |head: &[u8], data: &[u8], tail: &[u8]| [head, data, tail].concat();
    let rows = [0xC0, 0x80];
    let cases: [(&str, Vec<u8>, (u32, u32)); 14] = [
        ("GS v 0", join(b"\x1dv0\x00\x01\0\x02\0", &rows, b""), (8, 2)),
        ("GS v 0 double width", join(b"\x1dv0\x01\x01\0\x02\0", &rows, b""), (16, 2)),
        ("GS v 0 quadruple", join(b"\x1dv0\x33\x01\0\x02\0", &rows, b""), (16, 4)),
        ("ESC * 0", join(b"\x1b*\x00\x08\0", &columns, b""), (16, 24)),
        ("ESC * 1", join(b"\x1b*\x01\x08\0", &columns, b""), (8, 24)),
        ("ESC * 32", join(b"\x1b*\x20\x08\0", &three, b""), (16, 24)),
        ("ESC * 33", join(b"\x1b*\x21\x08\0", &three, b""), (8, 24)),
        ("GS Q 0", join(b"\x1dQ0\x00\x08\0\x01\0", &columns, b""), (8, 8)),
        (
            "GS ( L 112",
            join(b"\x1d(L\x0c\x000p0\x01\x021\x08\0\x02\0", &rows, b"\x1d(L\x02\x0002"),
            (8, 4),
        ),
        (
            "GS 8 L 113",
            join(b"\x1d8L\x12\0\0\x000q0\x01\x011\x08\0\x02\0", &columns, b"\x1d(L\x02\x0002"),
            (8, 2),
        ),
        (
            "GS ( L 67 and 69",
            join(b"\x1d(L\x0d\x000C0AB\x01\x08\0\x02\x001", &rows, b"\x1d(L\x06\x000EAB\x02\x01"),
            (16, 2),
        ),
        (
            "GS ( L 84 and 85",
            join(
                b"\x1d(L\x13\x000T0AB\x01\x08\0\x02\x001",
                &columns,
                b"\x1d(L\x06\x000UAB\x01\x01",
            ),
            (8, 2),
        ),
        ("GS * and GS /", join(b"\x1d*\x01\x01", &columns, b"\x1d/\x00"), (8, 8)),
        ("FS q and FS p", join(b"\x1cq\x01\x01\0\x01\0", &columns, b"\x1cp\x01\x02"), (8, 16)),
    ];
    for (name, bytes, printed) in cases {
        let (rows, size) = picture(Dialect::Escpos, &bytes);
        assert_eq!((rows, size), (PICTURE.map(String::from).to_vec(), printed), "{name}");
    }
}

#[test]
fn every_star_command_draws_the_same_picture() {
    let columns = [0xC0, 0x80, 0, 0, 0, 0, 0, 0];
    let three: Vec<u8> = columns.iter().flat_map(|byte| [*byte, 0, 0]).collect();
    let mut strip = vec![0xC0, 0x80];
    strip.resize(24, 0);
    let join = |head: &[u8], data: &[u8]| [head, data].concat();
    let cases: [(&str, Vec<u8>, (u32, u32)); 5] = [
        ("ESC K", join(b"\x1bK\x08\0", &columns), (16, 24)),
        ("ESC L", join(b"\x1bL\x08\0", &columns), (8, 24)),
        ("ESC X", join(b"\x1bX\x08\0", &three), (8, 24)),
        ("ESC k", join(b"\x1bk\x01\0", &strip), (8, 24)),
        ("ESC GS S", join(b"\x1b\x1dS\x01\x01\0\x02\0\0", &[0xC0, 0x80]), (8, 2)),
    ];
    for (name, bytes, printed) in cases {
        let (rows, size) = picture(Dialect::StarLine, &bytes);
        assert_eq!((rows, size), (PICTURE.map(String::from).to_vec(), printed), "{name}");
    }
}

#[test]
fn lines_of_star_raster_mode_are_one_row_each() {
    let bytes = b"\x1b*rA\x1b*rP0\0b\x01\0\xC0k\x01\0\x80\x1b*rY2\0\x1b*rB";
    let images = images(Dialect::StarLine, bytes);
    let heights: Vec<u32> = images.iter().map(Image::height).collect();
    assert_eq!(heights, [1, 1, 2]);
    assert!(images.iter().all(|image| image.width() == 576));
    assert!(
        images[0].white_between(&images[1], 0) == Some(0)
            && drawing(&images[1])[0].starts_with("#..")
    );
}

#[test]
fn colours_are_laid_over_one_another() {
    let bytes = b"\x1d(L\x0e\x000C0AB\x02\x08\0\x01\x001\x802\x01\x1d(L\x06\x000EAB\x01\x01";
    assert_eq!(drawing(&images(Dialect::Escpos, bytes)[0]), ["#......#"]);
}

#[test]
fn a_bitmap_is_drawn_bottom_row_first_and_its_darker_colour_black() {
    let mut file = b"BM\x46\0\0\0\0\0\0\0\x3e\0\0\0\x28\0\0\0".to_vec();
    file.extend(b"\x08\0\0\0\x02\0\0\0\x01\0\x01\0\0\0\0\0");
    file.resize(54, 0);
    file.extend([0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 0]);
    file.extend([0x80, 0, 0, 0, 0xC0, 0, 0, 0]);
    let bytes = [b"\x1dD0C0AB01".as_slice(), &file, b"\x1d(L\x06\x000EAB\x01\x01"].concat();
    assert_eq!(drawing(&images(Dialect::Escpos, &bytes)[0]), PICTURE);
}

#[test]
fn an_image_stored_before_anybody_listened_is_unseen() {
    for bytes in [&b"\x1d(L\x06\x000E  \x01\x01"[..], b"\x1cp\x01\0", b"\x1d/\0"] {
        let images = images(Dialect::Escpos, bytes);
        assert!(images.len() == 1 && images[0].is_unseen(), "{bytes:02x?}");
    }
    assert_eq!(images(Dialect::Escpos, b"\x1d(L\x02\x0002"), [], "an empty buffer prints nothing");
}

#[test]
fn stored_images_outlive_paper_and_downloaded_ones_a_reset_does_not() {
    let limits = Limits::default();
    let stored = b"\x1cq\x01\x01\0\x01\0\xC0\x80\0\0\0\0\0\0\x1d*\x01\x01\xC0\x80\0\0\0\0\0\0";
    let (_, (graphics, memory)) = all(Dialect::Escpos, &[stored], &limits);
    let mut graphics = (graphics.new_paper(), memory);
    let mut out = vec![];
    let mut lexer = Lexer::new(Dialect::Escpos);
    lexer.push(b"\x1d/\0\x1b@\x1cp\x01\0\x1d/\0", &mut |frame| {
        feed(&mut graphics, frame, &limits, &mut out);
    });
    let unseen = out.iter().map(|drawn| matches!(drawn, Drawn::Image(i) if i.is_unseen()));
    assert_eq!(unseen.collect::<Vec<_>>(), [false, false, true]);
}

#[test]
fn an_image_that_ends_early_keeps_the_rows_that_came() {
    let bytes = [b"\x1dv0\0\x01\0\xFF\0".as_slice(), &[0x81; 100]].concat();
    assert_eq!(images(Dialect::Escpos, &bytes)[0].height(), 100);
    let bytes = [b"\x1d8L\x0a\x10\0\x000p0\x01\x011\x10\0\0\x08".as_slice(), &[0x81; 99]].concat();
    let (_, graphics) = all(Dialect::Escpos, &[&bytes], &Limits::default());
    assert_eq!(graphics.1.buffer.expect("stored").height(), 49, "the half row is left out");
}

#[test]
fn dots_beyond_the_cap_of_a_document_are_dropped_and_counted() {
    let limits = Limits { image_bytes: 300, ..Limits::default() };
    let strip = [b"\x1dv0\0\x01\0\xC8\0".as_slice(), &[0xFF; 200]].concat();
    let (drawn, (graphics, _)) = all(Dialect::Escpos, &[&strip, &strip, &strip], &limits);
    let heights = drawn.iter().map(|drawn| match drawn {
        Drawn::Image(image) => image.height(),
        Drawn::Symbol(_) => 0,
    });
    assert_eq!(heights.collect::<Vec<_>>(), [200, 100]);
    assert_eq!(graphics.dropped(), 300);
    let graphics = graphics.new_paper();
    assert_eq!((graphics.room(&limits), graphics.dropped()), (300, 0));
}

/// Bytes in which image and code commands are likely.
fn streams() -> impl Strategy<Value = Vec<u8>> {
    let prefixes: Vec<&'static [u8]> = vec![
        b"\x1dv0",
        b"\x1b*",
        b"\x1d(L",
        b"\x1d8L",
        b"\x1cq",
        b"\x1cp",
        b"\x1d*",
        b"\x1d/",
        b"\x1dD0C0AB01BM",
        b"\x1dQ0",
        b"\x1dk",
        b"\x1d(k",
        b"\x1bZ",
        b"\x1b@",
        b"\x1d(L\x02\x0002",
        b"\x1bX",
        b"\x1bk",
        b"\x1b\x1dS",
        b"\x1b*rA",
        b"b",
        b"\x1bb",
        b"\x1b\x1dyD1",
        b"\x1d(L\x14\x000p0\x01\x011\x08\0\x0a\0",
        b"\x1cq\x02\x01\0\x01\0",
    ];
    let data = prop::collection::vec(prop_oneof![3 => 0_u8..4, 1 => any::<u8>()], 0..40);
    let command = (prop::sample::select(prefixes), data)
        .prop_map(|(prefix, data)| [prefix, data.as_slice()].concat());
    prop::collection::vec(command, 0..12).prop_map(|commands| commands.concat())
}

fn dialects() -> impl Strategy<Value = Dialect> {
    prop::sample::select(vec![Dialect::Escpos, Dialect::StarLine])
}

proptest! {
    #[test]
    fn any_split_of_the_bytes_draws_the_same(
        bytes in streams(), dialect in dialects(), at in any::<prop::sample::Index>()
    ) {
        let limits = Limits { image_bytes: 500, ..Limits::default() };
        let whole = all(dialect, &[&bytes], &limits);
        let (before, after) = bytes.split_at(at.index(bytes.len() + 1));
        prop_assert_eq!(&all(dialect, &[before, after], &limits), &whole);
        let single: Vec<&[u8]> = bytes.chunks(1).collect();
        prop_assert_eq!(&all(dialect, &single, &limits), &whole);
    }

    #[test]
    fn caps_hold_whatever_comes(bytes in streams(), dialect in dialects()) {
        let limits = Limits { image_bytes: 500, ..Limits::default() };
        let (drawn, graphics) = all(dialect, &[&bytes], &limits);
        let dots = drawn.iter().map(|drawn| match drawn {
            Drawn::Image(image) => image.rows().len(),
            Drawn::Symbol(_) => 0,
        });
        prop_assert!(dots.sum::<usize>() <= limits.image_bytes);
        prop_assert!(serde_json::to_string(&graphics).expect("serialises").len()
            <= 2 * (MAX_STORED_IMAGE_BYTES + 10_000));
    }

    #[test]
    fn a_checkpoint_anywhere_changes_nothing(
        bytes in streams(), dialect in dialects(), at in any::<prop::sample::Index>()
    ) {
        let limits = Limits { image_bytes: 500, ..Limits::default() };
        let (before, after) = bytes.split_at(at.index(bytes.len() + 1));
        let (mut lexer, mut graphics, mut out) = (Lexer::new(dialect), Both::default(), vec![]);
        lexer.push(before, &mut |frame| feed(&mut graphics, frame, &limits, &mut out));
        let saved = serde_json::to_string(&graphics).expect("serialises");
        let mut graphics: Both = serde_json::from_str(&saved).expect("reads back");
        lexer.push(after, &mut |frame| feed(&mut graphics, frame, &limits, &mut out));
        lexer.flush(&mut |frame| feed(&mut graphics, frame, &limits, &mut out));
        prop_assert_eq!((out, graphics), all(dialect, &[&bytes], &limits));
    }
}

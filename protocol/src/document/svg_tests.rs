//! What is drawn is well-formed whatever was sent, and codes and images read back from it.

use std::sync::Arc;

use proptest::prelude::*;

use super::{Look, Sheet, stack};
use crate::document::Document;
use crate::document::paper::Paper;
use crate::event::SessionId;
use crate::limits::Limits;
use crate::profile::{Profile, Timing};
use crate::session::{EndReason, Lane, Session};
use crate::time::Timestamp;

fn drawn(bytes: &[u8]) -> String {
    let papers = papers(bytes);
    let sheets: Vec<Sheet> =
        papers.iter().filter_map(|(document, paper)| Sheet::draw(document, paper)).collect();
    stack(&sheets)
}

fn papers(bytes: &[u8]) -> Vec<(Document, Paper)> {
    let id = SessionId { journal: "test".into(), source: "test".into(), epoch: 0 };
    let profile = Profile { timing: Timing::File, ..Profile::default() };
    let mut session = Session::new(id, Arc::new(profile), Limits::default()).showing_papers();
    let now = Timestamp { mono: 0, wall: jiff::Timestamp::UNIX_EPOCH };
    session.receive(Lane::ToPrinter(0), now, bytes);
    session.finish(now, EndReason::EndOfFile);
    core::iter::from_fn(|| session.poll_paper()).collect()
}

/// One paper for a page: every word with its bytes, without what is hidden.
fn fragment(bytes: &[u8], hidden: &[core::ops::Range<usize>]) -> String {
    let papers = papers(bytes);
    let (document, paper) = papers.first().expect("a paper");
    let look = Look { words: true, boxes: true, hidden, ..Look::default() };
    Sheet::draw_as(document, paper, look).expect("something is printed").fragment()
}

fn attribute(node: roxmltree::Node<'_, '_>, name: &str) -> u32 {
    node.attribute(name).and_then(|value| value.parse().ok()).expect(name)
}

/// Words with their place, size and length.
fn words(svg: &str) -> Vec<(String, u32, u32, u32)> {
    let tree = roxmltree::Document::parse(svg).expect("well-formed");
    let text = tree.descendants().filter(|node| node.has_attribute("textLength"));
    text.map(|node| {
        let word = node.text().unwrap_or_default().to_owned();
        let number = |name| attribute(node, name);
        (word, number("x"), number("font-size"), number("textLength"))
    })
    .collect()
}

/// The rectangles of a code's path: x, y, width, height.
fn rectangles(svg: &str) -> Vec<[u32; 4]> {
    let tree = roxmltree::Document::parse(svg).expect("well-formed");
    let path = tree.descendants().find(|node| node.attribute("class") == Some("code"));
    let path = path.and_then(|node| node.attribute("d")).expect("a code");
    let numbers = |piece: &str| -> [u32; 4] {
        let parts = piece.split([' ', 'h', 'v']).take(4).map(|n| n.parse().expect("a number"));
        parts.collect::<Vec<u32>>().try_into().expect("four numbers")
    };
    path.split('M').skip(1).map(numbers).collect()
}

#[test]
fn words_stand_in_their_columns() {
    let svg = drawn(b"Tea          36.00\n\x1b!\x20BIG\n\x1dV\0");
    assert_eq!(
        words(&svg),
        [
            ("Tea".to_owned(), 24, 20, 36),
            ("36.00".to_owned(), 24 + 13 * 12, 20, 60),
            ("BIG".to_owned(), 24, 20, 72),
        ]
    );
}

#[test]
fn wide_characters_take_two_columns() {
    let text = encoding_rs::GB18030.encode("凍檸茶 x2").0;
    let svg = drawn(&[&text[..], b"\n\x1dV\0"].concat());
    assert_eq!(
        words(&svg),
        [("凍檸茶".to_owned(), 24, 24, 72), ("x2".to_owned(), 24 + 84, 20, 24)]
    );
}

#[test]
fn alignment_counts_from_the_width_of_the_paper() {
    let svg = drawn(b"\x1ba\x01ab\n\x1ba\x02ab\n\x1dV\0");
    let places: Vec<u32> = words(&svg).into_iter().map(|word| word.1).collect();
    assert_eq!(places, [24 + (384 - 24) / 2, 24 + 384 - 24]);
}

#[test]
fn strips_of_one_image_are_one_image() {
    let strip = [b"\x1dv0\0\x02\0\x18\0".as_slice(), &[0xAA; 48]].concat();
    let between: [&[u8]; 3] = [b"", b"\n", b"\0\x1b$\x01\0\x1bJ\x18"];
    for feed in between {
        let feed = [b"\x1b3\x18", feed].concat();
        let svg = drawn(&[&strip[..], &feed, &strip, &feed, &strip, b"\x1dV\0"].concat());
        assert_eq!(svg.matches("<image ").count(), 1, "{feed:02x?}");
        assert!(svg.contains(r#"width="16" height="72""#), "{feed:02x?}");
    }
    let svg = drawn(&[&strip[..], b"Total\n", &strip, b"\x1dV\0"].concat());
    assert_eq!(svg.matches("<image ").count(), 2, "words stand between them");
    let columns = [b"\x1b*\x21\x08\0".as_slice(), &[0x55; 24], b"\n"].concat();
    let svg = drawn(&[b"\x1b3\x18", &columns[..], &columns, b"\x1dV\0"].concat());
    assert!(svg.contains(r#"width="8" height="48""#), "{svg}");
    let beside = [&columns[..columns.len() - 1], &columns].concat();
    assert!(drawn(&[&beside[..], b"\x1dV\0"].concat()).contains(r#"width="16" height="24""#));
}

#[test]
fn a_qr_code_reads_back_from_the_drawing() {
    let data = b"https://example.hk/r/1001";
    let store = [b"\x1d(k\x1c\x001P0".as_slice(), data].concat();
    let svg = drawn(&[b"\x1d(k\x03\x001C\x04", &store[..], b"\x1d(k\x03\x001Q0\x1dV\0"].concat());
    let dark = rectangles(&svg);
    let within = |at: usize, from: u32, size: u32| (from..from + size).contains(&(at as u32));
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(600, 300, |x, y| {
        if dark.iter().any(|r| within(x, r[0], r[2]) && within(y, r[1], r[3])) { 0 } else { 255 }
    });
    let mut out = Vec::new();
    image.detect_grids()[0].decode_to(&mut out).expect("another reader reads it");
    assert_eq!(out, data);
}

#[test]
fn a_barcode_is_drawn_as_high_and_wide_as_it_was_asked_for() {
    let svg = drawn(b"\x1dh\x50\x1dw\x02\x1dH\x02\x1dk\x02590123412345\0\n\x1dV\0");
    let bars = rectangles(&svg);
    // Three guards and twelve digits of two bars each.
    assert_eq!(bars.len(), 2 + 2 + 2 + 24);
    assert!(bars.iter().all(|bar| bar[3] == 0x50 && bar[2] % 2 == 0));
    let last = bars.last().expect("bars");
    assert_eq!(last[0] + last[2] - bars[0][0], 95 * 2);
    assert!(svg.contains(">5901234123457<"), "the check digit is printed too");
}

#[test]
fn a_code_that_is_not_drawn_shows_its_data() {
    let svg = drawn(b"\x1d(k\x08\x000P0AB&12\x1d(k\x03\x000Q0\x1dV\0");
    assert!(svg.contains(">PDF417<") && svg.contains(">AB&amp;12<"), "{svg}");
}

#[test]
fn an_enlarged_line_wider_than_any_paper_is_set_narrower() {
    let line = [b"0123456789".repeat(3), b"\n\x1b!\x20".to_vec(), b"0123456789".repeat(3)].concat();
    let svg = drawn(&[&line[..], b"\n\x1dV\0"].concat());
    assert!(svg.contains("scale(0.533 1)"), "30 columns of 24 dots in 384: {svg}");
}

#[test]
fn a_strip_that_is_white_may_be_left_out_and_blank_paper_is_not_drawn() {
    let strip = [b"\x1dv0\0\x02\0\x18\0".as_slice(), &[0xAA; 48]].concat();
    let svg = drawn(&[&strip[..], b"\x1bJ\x30", &strip, b"\x1dV\0\x1bp\0\x19\xfa"].concat());
    assert!(svg.contains(r#"width="16" height="72""#), "{svg}");
    assert_eq!(svg.matches("<svg ").count(), 2, "one paper in one document");
    let far = drawn(&[&strip[..], b"\x1bJ\x31", &strip, b"\x1dV\0"].concat());
    assert_eq!(far.matches("<image ").count(), 2);
}

#[test]
fn every_word_for_a_page_knows_the_bytes_that_it_was_read_from() {
    let bytes = "\x1b@\nTOTAL 36.00\n\x1ba\x01茶 x2\n\x1dV\0".as_bytes();
    let svg = fragment(bytes, &[]);
    let tree = roxmltree::Document::parse(&svg).expect("well-formed");
    let found = tree.descendants().filter(|node| node.has_attribute("data-s")).map(|node| {
        let at = |name| attribute(node, name) as usize;
        let read =
            core::str::from_utf8(&bytes[at("data-s")..at("data-e")]).expect("whole characters");
        assert_eq!(node.text(), Some(read));
        read
    });
    assert_eq!(found.collect::<Vec<_>>(), ["TOTAL", "36.00", "茶", "x2"]);
    assert!(!svg.contains("<style") && !svg.contains("style="), "the page has its own: {svg}");
}

#[test]
fn what_is_hidden_is_not_in_the_drawing_and_keeps_its_place() {
    let bytes = "\x1b@\nCall 91234567 now\n陳小明先生\n\x1dV\0".as_bytes();
    let text = "Call 91234567 now\n陳小明先生";
    let number = text.find("91").expect("there");
    let name = text.find("陳").expect("there");
    let svg = fragment(bytes, &[number..number + 8, name..name + 9]);
    assert!(!svg.contains("9123") && !svg.contains('陳'), "{svg}");
    assert!(svg.contains(">********<") && svg.contains(">＊＊＊先生<"), "{svg}");
    let place = |svg: &str| words(svg).into_iter().find(|word| word.0 == "now");
    assert_eq!(place(&svg), place(&fragment(bytes, &[])));
}

#[test]
fn boxes_stand_for_what_nobody_can_read() {
    let strip = [b"\x1dv0\0\x02\0\x18\0".as_slice(), &[0xAA; 48]].concat();
    let bytes = [&strip[..], b"Tea\n\x1d(k\x08\x000P0AB&12\x1d(k\x03\x000Q0\x1dV\0"].concat();
    let svg = fragment(&bytes, &[]);
    assert!(!svg.contains("<image") && !svg.contains("AB&amp;12"), "{svg}");
    assert_eq!(svg.matches(r#"class="box""#).count(), 2, "{svg}");
}

#[test]
fn papers_are_stacked_in_one_document() {
    let svg = drawn(b"One\n\x1dV\0Two\n\x1dV\0");
    let tree = roxmltree::Document::parse(&svg).expect("well-formed");
    let sheets: Vec<_> = tree.root_element().children().filter(|n| n.has_tag_name("svg")).collect();
    assert_eq!(sheets.len(), 2);
    let (top, height) = (attribute(sheets[0], "y"), attribute(sheets[0], "height"));
    assert!(attribute(sheets[1], "y") > top + height);
}

proptest! {
    #[test]
    fn the_drawing_is_well_formed_whatever_was_sent(
        bytes in prop::collection::vec(prop_oneof![
            4 => any::<u8>(), 1 => prop::sample::select(b"\x1b\x1d\n<>&\"*kvL!(".to_vec()),
        ], 0..400)
    ) {
        let svg = drawn(&bytes);
        prop_assert!(roxmltree::Document::parse(&svg).is_ok(), "{}", svg);
    }
}

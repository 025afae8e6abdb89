//! Streams to paper: what stands where, and what never gets lost.

use super::builder::Builder;
use super::line::Line;
use super::paper::{Paper, pieces};
use super::{Align, Document, Ended, Printer, plain};
use crate::diagnostic::Code;
use crate::escpos::command::Command;
use crate::escpos::lexer::{Frame, Lexer};
use crate::limits::Limits;
use crate::profile::{Dialect, Profile};
use crate::text::Charset;
use crate::text::{Memo, Pages};
use crate::time::Timestamp;

const NOW: Timestamp = Timestamp { mono: 0, wall: jiff::Timestamp::UNIX_EPOCH };

/// The documents of a stream given in `chunks`, the last one ended by the end of the capture.
fn documents<'a>(
    dialect: Dialect,
    limits: &Limits,
    chunks: impl IntoIterator<Item = &'a [u8]>,
) -> Vec<Document> {
    let mut lexer = Lexer::new(dialect);
    let (mut builder, mut printer) = (Builder::default(), Printer::default());
    let mut out = Vec::new();
    let mut sink = |frame: Frame<'_>| apply(&mut builder, &mut printer, limits, frame, &mut out);
    for chunk in chunks {
        lexer.push(chunk, &mut sink);
    }
    lexer.flush(&mut sink);
    out.extend(builder.finish(Ended::End, lexer.offset(), NOW));
    out
}

fn apply(
    builder: &mut Builder,
    printer: &mut Printer,
    limits: &Limits,
    frame: Frame<'_>,
    out: &mut Vec<Document>,
) {
    let command = Command::of(frame.kind);
    if let Some(ended) = builder.ends_before(&command) {
        out.extend(builder.finish(ended, frame.span.start, NOW));
    }
    if let Command::Text(text) = command {
        let mut taken = 0;
        while taken < text.len() {
            let start = frame.span.start + taken as u64;
            let took = builder.text(&text[taken..], start, NOW, printer, limits);
            taken += took;
            if taken < text.len() {
                out.extend(builder.finish(Ended::Limit, start + took as u64, NOW));
            }
        }
    } else if let Some(ended) = builder.apply(command, frame.span, NOW, printer, limits) {
        out.extend(builder.finish(ended, frame.span.end, NOW));
    }
}

fn all(bytes: &[u8]) -> Vec<Document> {
    documents(Dialect::Escpos, &Limits::default(), [bytes])
}

fn paper(document: &Document) -> Paper {
    let (mut paper, mut found) = (Paper::default(), document.diagnostics.clone());
    paper.read(
        document,
        Charset::Gb18030,
        Pages::of(&Profile::default()),
        &Memo::default(),
        &mut found,
    );
    paper
}

fn only(bytes: &[u8]) -> Paper {
    let found = all(bytes);
    assert_eq!(found.len(), 1, "one document");
    paper(&found[0])
}

fn lines(bytes: &[u8]) -> Vec<String> {
    only(bytes).lines().map(|line| line.text.to_owned()).collect()
}

fn line(paper: &Paper, index: usize) -> Line<'_> {
    paper.lines().nth(index).expect("so many lines")
}

fn looks(line: Line<'_>) -> Vec<(&str, (u8, u8), bool)> {
    line.styles()
        .map(|(range, style)| (&line.text[range], (style.width, style.height), style.inverse))
        .collect()
}

#[test]
fn tabs_go_to_the_stops_in_force() {
    assert_eq!(lines(b"a\tb\t\tc\n"), ["a       b               c"]);
    assert_eq!(lines(b"\x1bD\x05\x0a\x00a\tb\tc\td\n"), ["a    b    c d"], "no stop is left");
    let changed = lines(b"\x1bD\x05\x00a\tb\n\x1bD\x03\x00a\tb\n\x1bD\x00a\tb\n");
    assert_eq!(changed, ["a    b", "a  b", "a       b"]);
}

#[test]
fn moves_place_words_and_never_hide_them() {
    assert_eq!(lines(b"Tea\x1b$\x78\x003.50\n"), ["Tea       3.50"]);
    assert_eq!(lines(b"Tea\x1b\\\x18\x003.50\n"), ["Tea  3.50"]);
    assert_eq!(lines(b"\x1b$\x78\x003.50\x1b$\x00\x00Tea\n"), ["Tea       3.50"], "out of order");
    assert_eq!(lines(b"Total\x1b$\x0c\x009.00\n"), ["Total 9.00"], "overprinted");
    assert_eq!(lines(b"\x1bM\x01ab\x1b$\x5a\x00c\n"), ["ab        c"], "font B has 9 dots");
    assert_eq!(lines(b"a\x1b$\xff\xffb\n")[0].len(), 1 + 128 + 1, "a mistyped position");
}

#[test]
fn wide_and_double_characters_take_their_columns() {
    assert_eq!(lines(b"\xb2\xe8\x1b$\x3c\x00x\n"), ["茶   x"], "two columns, then to column 5");
    assert_eq!(lines(b"\x1d!\x10ab\x1d!\x00\tx\n"), ["ab    x"], "four columns, then to column 8");
}

#[test]
fn sizes_and_inks_are_the_runs_own() {
    let paper = only(b"a\x1d!\x11B\x1b!\x00c\x1dB\x01d\x1dB\x00\n");
    let expected =
        [("a", (1, 1), false), ("B", (2, 2), false), ("c", (1, 1), false), ("d", (1, 1), true)];
    assert_eq!(looks(line(&paper, 0)), expected);
    let paper = only(b"\x1c!\x0ca\xb2\xe8\n");
    assert_eq!(looks(line(&paper, 0)), [("a", (1, 1), false), ("茶", (2, 2), false)]);
}

#[test]
fn alignment_is_kept_beside_the_text_and_drawn_as_blanks() {
    let paper = only(b"\x1ba\x01SHOP\n\x1ba\x02right\n\x1ba\x00\x1dL\x18\x00left\n");
    let aligns: Vec<Align> = paper.lines().map(|line| line.align).collect();
    assert_eq!(aligns, [Align::Centre, Align::Right, Align::Left]);
    assert_eq!(paper.text(), "SHOP\nright\nleft");
    let drawn = plain::render(&paper);
    assert_eq!(drawn, format!("{:14}SHOP\n{:27}right\n  left\n", "", ""));
    assert_eq!(line(&paper, 2).column_of(0), 2, "the margin counts");
}

#[test]
fn page_mode_is_read_from_top_to_bottom() {
    let page =
        b"\x1bL\x1d$\x60\x00second\x1d$\x20\x00\x1b$\x78\x009.00\x1b$\x00\x00first\x0cafter\n";
    assert_eq!(lines(page), ["first     9.00", "second", "after"]);
    assert_eq!(lines(b"\x1bLa\nb\n\x1b\x0cc\n\x1bSd\n"), ["a", "b", "d"], "c was never printed");
    assert_eq!(lines(b"\x1bLgone\x18kept\x0c"), ["kept"]);
    assert_eq!(lines(b"\x1bLnever printed"), ["never printed"], "the capture ends first");
    let turned = lines(b"\x1bL\x1bT\x01up\x1bT\x00across\x0c");
    assert_eq!(turned, ["across", "up"]);
}

#[test]
fn what_is_cancelled_or_shown_to_the_customer_is_counted() {
    let found = all(b"\x1b=\x02PRICE 5.00\x1b=\x01Tea\n\x1bLgone\x18\x0c");
    assert_eq!((paper(&found[0]).text(), found[0].unprinted_bytes), ("Tea", 14));
}

#[test]
fn a_macro_is_read_where_it_is_printed() {
    let found = all(b"\x1d:THANKS\n\x1d:Tea\n\x1d^\x02\x00\x00\x1dV\x00next\n\x1d^\x01\x00\x00");
    assert_eq!(paper(&found[0]).text(), "Tea\nTHANKS\nTHANKS");
    let next = paper(&found[1]);
    assert_eq!(next.text(), "next\nTHANKS", "it outlives the paper");
    let span = line(&next, 1).span(0..6);
    assert!(found[1].span.start <= span.start && span.end <= found[1].span.end);
    let many = all(b"\x1d:x\n\x1d:\x1d^\xff\x00\x00");
    assert_eq!(paper(&many[0]).lines().len(), 8);
    assert!(many[0].diagnostics.has(Code::MacroShortened));
}

#[test]
fn a_reserved_cut_comes_before_what_is_printed_next() {
    let found = all(b"first\n\x1dVa\x00\x1bp\x00\x19\xfa\nsecond\n\x1dV\x00");
    let texts: Vec<String> =
        found.iter().map(|document| paper(document).text().to_owned()).collect();
    assert_eq!(texts, ["first", "second"]);
    assert_eq!((found[0].ended, found[0].kicks.len()), (Ended::Cut, 1));
}

#[test]
fn star_document_marks_end_the_paper() {
    let bytes = b"\x1b\x1d\x03\x00\x00\x00one\n\x1b\x1d\x03\x01\x00\x00two\n";
    let found = documents(Dialect::StarLine, &Limits::default(), [&bytes[..]]);
    let texts: Vec<String> =
        found.iter().map(|document| paper(document).text().to_owned()).collect();
    assert_eq!(texts, ["one", "two"]);
    assert_eq!(found[0].ended, Ended::JobEnd);
}

/// Streams that visit every mode.
fn streams() -> Vec<Vec<u8>> {
    let parts: [&[u8]; 14] = [
        b"Tea 3.50\n",
        b"\xb2\xe8\xb2\xe8 12",
        b"\x1bE\x01bold\x1bE\x00",
        b"\x1b$\x78\x00right\x1b$\x05\x00left",
        b"\t\x1bD\x04\x09\x00\t",
        b"\x1bL\x1d$\x40\x00page",
        b"\x18",
        b"\x0c",
        b"\x1d:macro\n",
        b"\x1d^\x03\x00\x00",
        b"\x1b=\x02shown\x1b=\x01",
        b"\x1b@\x0d\x0d\x0a",
        b"\x1dV\x61\x00",
        b"\x1bd\x05\x1bJ\x30",
    ];
    // Every part behind every other, and each pair behind one that opens a mode.
    let mut out = Vec::new();
    for a in parts {
        for b in parts {
            out.push([a, b, a, b"end\n", b, b"\x1bSlast\n"].concat());
            out.push([parts[5], a, b, b"end\n", parts[7], a, b"\x1bSlast\n"].concat());
        }
    }
    out
}

#[test]
fn chunks_do_not_matter() {
    let limits = Limits { document_bytes: 400, line_bytes: 16, ..Limits::default() };
    for stream in streams() {
        let whole = documents(Dialect::Escpos, &limits, [&stream[..]]);
        let bytes = documents(Dialect::Escpos, &limits, stream.chunks(1));
        assert_eq!(whole, bytes, "{stream:02x?}");
    }
}

#[test]
fn text_is_all_there_and_stands_where_its_span_says() {
    for stream in streams() {
        let mut lexer = Lexer::new(Dialect::Escpos);
        let mut sent = 0;
        let mut count = |frame: Frame<'_>| {
            if let Command::Text(text) = Command::of(frame.kind) {
                sent += text.len() as u64;
            }
        };
        lexer.push(&stream, &mut count);
        let found = all(&stream);
        let runs = || found.iter().flat_map(|d| d.content.all_runs().iter().map(move |r| (d, r)));
        for (document, run) in runs().filter(|(_, run)| !run.recalled) {
            let at = run.start as usize..run.end() as usize;
            assert_eq!(document.content.text(run), &stream[at], "{stream:02x?}");
        }
        let own = runs().filter(|(_, run)| !run.recalled).map(|(_, run)| run.end() - run.start);
        let unprinted: u64 = found.iter().map(|document| document.unprinted_bytes).sum();
        assert_eq!(own.sum::<u64>() + unprinted, sent, "{stream:02x?}");
    }
}

#[test]
fn every_run_is_on_one_line_and_every_line_in_its_place() {
    for stream in streams() {
        for document in all(&stream) {
            let rows = document.content.lines();
            let runs: usize = rows.iter().map(|row| document.content.runs(row).len()).sum();
            assert_eq!(runs, document.content.all_runs().len(), "{stream:02x?}");
            let in_parts = document.content.parts().iter();
            let listed = in_parts.filter(|part| matches!(part, super::Part::Line(_))).count();
            assert_eq!(listed, rows.len(), "{stream:02x?}");
            assert_eq!(pieces(&document).count(), runs);
        }
    }
}

#[test]
fn caps_hold_for_lines_text_and_runs() {
    let limits = Limits { document_lines: 50, document_bytes: 2_000, ..Limits::default() };
    for part in [&b"x\n"[..], b"\n", b"\x1bd\xff", b"long text without an end ", b"a\tb\x1bE\x01"] {
        let stream = part.repeat(2_000);
        for document in documents(Dialect::Escpos, &limits, [&stream[..]]) {
            assert!(document.content.lines().len() <= 50 + 3, "{part:02x?}");
            let text: usize = pieces(&document).map(|(bytes, _)| bytes.len()).sum();
            assert!(text <= 2_000, "{part:02x?}");
        }
    }
}

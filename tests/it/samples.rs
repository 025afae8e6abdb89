//! Captures of other projects, and the commands that their manuals list. The material lies beside a
//! checkout and not in it; what it says was written down by people who read it.

use std::path::{Path, PathBuf};
use std::process::Command;

use pos_protocol::escpos::lexer::{Frame, FrameKind, Lexer};
use pos_protocol::escpos::{Effect, find, table};
use pos_protocol::profile::Dialect;
use pos_protocol::star;
use pos_tests::{binaries, shared};

/// A capture and words that stand on its paper, line by line with blanks closed up.
struct Capture {
    file: &'static str,
    lines: &'static [&'static str],
    /// Offsets of commands that matter, as `decode --as commands` shows them.
    commands: &'static [(u64, &'static str)],
}

const CAPTURES: &[Capture] = &[
    Capture {
        file: "npos/text-1.bin",
        lines: &[
            "来钱客栈",
            "单号：201510211832171490001",
            "时间：2015-10-21 18:32:35",
            "肥皂 20 4 80",
            "实收：80 找零：0",
        ],
        commands: &[
            (2, "ESC p 1B 70 00 32 FF"),
            (448, "GS V 1D 56 01"),
            (451, "ESC B 1B 42 02 01"),
        ],
    },
    Capture {
        file: "SnailDev.EscPosParser/receipt-text.bin",
        lines: &[
            "客人就餐消费单",
            "单号：0012 服务员：小小",
            "健怡雪碧 4 瓶 40.00",
            "鲟龙鱼 1.5 斤 28.00",
            "应收金额：68.00",
            "打印时间：2016-5-6 21:32:49",
        ],
        commands: &[(687, "GS V 1D 56 01")],
    },
    Capture {
        file: "escpos-tools/receipt-with-logo.bin",
        lines: &[
            "ExampleMart Ltd.",
            "A final item 4.45",
            "Subtotal 12.95",
            "A local tax 1.30",
            "Total $ 14.25",
            "Monday 6th of April 2015 02:56:25 PM",
        ],
        commands: &[(9_570, "GS V 1D 56 41 03"), (9_574, "ESC p 1B 70 30 3C 78")],
    },
    // Its last image claims more than there is; what stands behind it is read all the same.
    Capture {
        file: "thermal/retail.bin",
        lines: &[
            "00094424 BUG SPRAY 14.99",
            "Demos Coupon 00112563 -5.00",
            "SUBTOTAL 105.96",
            "TAX 8.25% 8.74",
            "TOTAL 114.70",
            "Visa Credit Card 114.70",
            "Thanks for visiting",
        ],
        commands: &[
            (19_778, "GS 8 L 255 bytes missing"),
            (19_823, "GS k 1D 6B 46 10 30 31 38 38 30 32 35 30 31 34 36 35 35 32 30 30"),
            (19_849, "GS V 1D 56 41 05"),
        ],
    },
    Capture {
        file: "thermal/test_receipt_1.bin",
        lines: &["NY Strip $8.99/LB", "Subtotal $24.95", "Tax (9%) $2.25", "Total $27.20"],
        commands: &[],
    },
    // The columns stand apart by moves, not by blanks.
    Capture {
        file: "escpresso/test4_receipt.raw",
        lines: &["Apples 2 $3.50", "Subtotal: $13.24", "Tax (8%): $1.06", "TOTAL: $14.30"],
        commands: &[(1_645, "GS V 1D 56 42 00")],
    },
    Capture {
        file: "esc-pos-preview-tools/receipt.bin",
        lines: &["Order #12345", "Date: 2025-11-09 14:30:00", "TOTAL: $41.49"],
        commands: &[(610, "GS V 1D 56 00")],
    },
];

fn shown(capture: &Path, view: &str) -> Vec<String> {
    let mut command = Command::new(binaries::path("posbridge"));
    let output = command.arg("decode").arg(capture).args(["--as", view]).output().expect("it runs");
    assert!(output.status.success(), "{}: {}", capture.display(), output.status);
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

#[test]
fn the_paper_of_a_capture_reads_as_people_read_it() {
    let Some(folder) = shared::folder("samples/escpos") else { return };
    for capture in CAPTURES {
        let path = folder.join(capture.file);
        let paper = shown(&path, "text");
        for line in capture.lines {
            assert!(paper.iter().any(|l| l == line), "{}: {line:?} in {paper:#?}", capture.file);
        }
        let commands = shown(&path, "commands");
        for (at, command) in capture.commands {
            let line = format!("{at} {command}");
            assert!(commands.contains(&line), "{}: {line:?} in {commands:#?}", capture.file);
        }
    }
}

#[test]
fn a_receipt_sent_as_strips_is_drawn_as_one_image() {
    let Some(folder) = shared::folder("samples/escpos") else { return };
    for file in ["npos/raster.bin", "npos/raster-2.bin", "escpos-tools/receipt-with-logo.bin"] {
        let drawing = shown(&folder.join(file), "svg").join("\n");
        assert_eq!(drawing.matches("<image ").count(), 1, "{file}");
    }
    let symbols = shown(&folder.join("escpost/native-symbols-nt-5890k.bin"), "svg").join("\n");
    assert_eq!(symbols.matches(r#"class="code""#).count(), 3, "two barcodes and a QR code");
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries =
        std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry"));
    let found = entries.flat_map(|entry| {
        let path = entry.path();
        if path.is_dir() { files(&path) } else { vec![path] }
    });
    found.filter(|path| path.extension().is_some_and(|extension| extension != "md")).collect()
}

#[test]
fn frames_tile_every_capture_and_every_capture_decodes() {
    let Some(folder) = shared::folder("samples/escpos") else { return };
    let files = files(&folder);
    assert!(files.len() >= 30, "{}", files.len());
    for path in files {
        let stream = std::fs::read(&path).expect("a capture");
        for dialect in [Dialect::Auto, Dialect::StarLine] {
            let (mut end, mut seen) = (0, Vec::new());
            let mut sink = |frame: Frame<'_>| {
                assert_eq!(frame.span.start, end, "{}", path.display());
                end = frame.span.end;
                seen.extend(frame.kind.to_bytes());
            };
            let mut lexer = Lexer::new(dialect);
            stream.chunks(97).for_each(|chunk| lexer.push(chunk, &mut sink));
            lexer.flush(&mut sink);
            assert!(end == stream.len() as u64 && seen == stream, "{}", path.display());
        }
        shown(&path, "events");
    }
}

/// A row of the list of commands.
struct Listed {
    prefix: Vec<u8>,
    hex: String,
    rule: String,
    star: bool,
}

fn listed(text: &str) -> Vec<Listed> {
    let rows = text.lines().skip(1).map(|line| line.split('\t').collect::<Vec<_>>());
    let printed = rows.filter(|columns| columns[0] != "<-");
    printed
        .map(|columns| {
            let hex = columns[0];
            let digits = hex.trim_end_matches('*');
            let byte = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).expect("hex");
            Listed {
                prefix: (0..digits.len()).step_by(2).map(byte).collect(),
                hex: hex.to_owned(),
                rule: columns[2].to_owned(),
                star: columns[3] == "STAR",
            }
        })
        .collect()
}

/// Rows that cannot be held against our table, and why.
const EXCEPTIONS: &[(&str, &str)] = &[
    ("1B43*", "a clone's ESC C with three parameters; its prefix is that of ESC C with one"),
    ("1B34", "clones disagree whether a parameter follows"),
    ("1B35", "clones disagree whether a parameter follows"),
    ("1B78", "firmwares disagree whether a parameter follows"),
    ("1D65", "clones disagree how many parameters follow"),
    ("1D11", "its length is not known"),
    ("1F", "belongs to line displays; vendors use it as they like"),
];

/// Complete parameters by the list's rule, written down by hand where the rule is a formula.
fn parameters(row: &Listed) -> Vec<Vec<u8>> {
    if let Some(count) = row.rule.strip_prefix("fixed:") {
        return vec![vec![1; count.parse().expect("a count")]];
    }
    let one: &[&[u8]] = match row.rule.as_str() {
        "pLpH" => &[&[2, 0, b'1', b'2'], &[0, 0]],
        "p4" => &[&[2, 0, 0, 0, b'1', b'2']],
        "tabs" => &[&[8, 16, 24, 0], &[0]],
        "nul" => &[&[b'1', b'2', 0]],
        "rs" => &[b"1234DATA\x1e"],
        _ => match (row.star, row.hex.as_str()) {
            (false, "1004") => &[&[1], &[4], &[7, 1], &[8, 3]],
            (false, "1B26") => &[&[2, b'A', b'B', 1, 9, 9, 2, 9, 9, 9, 9]],
            (false, "1B2A") => &[&[0, 3, 0, 9, 9, 9], &[33, 2, 0, 9, 9, 9, 9, 9, 9]],
            (false, "1B28" | "1C28") => &[&[b'A', 2, 0, 9, 9]],
            (false, "1D28") => &[&[b'Y', 2, 0, 9, 9]],
            (false, "1D38") => &[&[b'X', 2, 0, 0, 0, 9, 9]],
            (false, "1B5A") => &[&[1, 1, 1, 2, 0, 9, 9]],
            (false, "1B59") => &[&[2, 0, 9, 9]],
            (false, "1C32") => &[&[9; 74]],
            (false, "1C71") => &[&[1, 1, 0, 1, 0, 9, 9, 9, 9, 9, 9, 9, 9]],
            (false, "1C6731") => &[&[0, 1, 0, 0, 0, 2, 0, 9, 9]],
            (false, "1D2A") => &[&[1, 1, 9, 9, 9, 9, 9, 9, 9, 9]],
            (false, "1D433B") => &[b"1;22;3;4;5;"],
            (false, "1D44") => &[b"1234567BM\x0a\0\0\0DATA"],
            (false, "1D5130" | "1D7630") => &[&[0, 2, 0, 1, 0, 9, 9]],
            (false, "1D56") => &[&[0], &[49], &[65, 3], &[104, 3]],
            (false, "1D6B") => &[&[4, b'1', b'2', 0], &[73, 2, 0, 9], &[9]],
            (true, "1B43") => &[&[5], &[0, 5]],
            (true, "1B4B" | "1B4C") => &[&[2, 0, 9, 9]],
            (true, "1B6B") => {
                &[&[1, 0, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9]]
            }
            (true, "1B58") => &[&[1, 0, 9, 9, 9]],
            (true, "1B1D50") => &[b"0", b"3abcdefgh"],
            (true, "1B1D794431") => &[&[0, 2, 0, 9, 9]],
            (true, "1B1D7844" | "62" | "6B") => &[&[2, 0, 9, 9]],
            (true, "1B1D53") => &[&[1, 2, 0, 1, 0, 0, 9, 9]],
            (true, "1B26") => &[&[9; 51]],
            other => panic!("no parameters for {other:?}: {}", row.rule),
        },
    };
    one.iter().map(|parameters| parameters.to_vec()).collect()
}

/// Offset at which the text after `stream` begins, by our framing; what is framed before it.
fn framed(star: bool, before: &[u8], stream: &[u8]) -> (u64, Vec<&'static str>) {
    let dialect = if star { Dialect::StarLine } else { Dialect::Auto };
    let (mut text, mut names) = (0, Vec::new());
    let mut sink = |frame: Frame<'_>| match frame.kind {
        FrameKind::Text(_) => text = frame.span.start - before.len() as u64,
        FrameKind::Command { row, .. } => names.push(row.name),
        FrameKind::Payload { .. } => {}
        other => panic!("{stream:02X?}: {other:?}"),
    };
    let mut lexer = Lexer::new(dialect);
    lexer.push(&[before, stream, b"~"].concat(), &mut sink);
    lexer.flush(&mut sink);
    (text, names)
}

#[test]
fn every_listed_command_is_framed_with_the_length_that_is_listed() {
    let Some(path) = shared::folder("facts/escpos-commands.tsv") else { return };
    let text = std::fs::read_to_string(path).expect("a readable list");
    let rows = listed(&text);
    assert!(rows.len() > 200, "{}", rows.len());
    let mut spared = 0;
    for row in &rows {
        if EXCEPTIONS.iter().any(|(hex, _)| *hex == row.hex && !row.star) {
            spared += 1;
            continue;
        }
        // `b` and `k` are commands in raster mode only.
        let raster: &[u8] = if matches!(row.hex.as_str(), "62" | "6B") { b"\x1b*rA" } else { b"" };
        // `ESC * r` stands for a family of commands; P, the page length, is one of them.
        let member: &[u8] = if row.hex == "1B2A72*" { b"P" } else { b"" };
        for parameters in parameters(row) {
            let stream = [row.prefix.as_slice(), member, &parameters].concat();
            let (text, names) = framed(row.star, raster, &stream);
            assert_eq!(text, stream.len() as u64, "{} {stream:02X?}: {names:?}", row.hex);
            let commands = names.len() - usize::from(!raster.is_empty());
            assert_eq!(commands, 1, "{} {stream:02X?}: {names:?}", row.hex);
        }
    }
    assert_eq!(spared, EXCEPTIONS.len(), "an exception that is not listed any more");
}

#[test]
fn commands_whose_length_is_disputed_are_known_all_the_same() {
    for (hex, why) in EXCEPTIONS.iter().filter(|(hex, _)| hex.len() == 4) {
        let byte = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).expect("hex");
        let row = find(table::ROWS, &[byte(0), byte(2)]).row;
        assert!(row.is_some(), "{hex}: {why}");
    }
    // The same bytes cut on a Star printer and feed on an Epson; a table must not mix them up.
    let effect = |rows| find(rows, b"\x1bd").row.map(|row| row.effect);
    assert_eq!(effect(star::table::ROWS), Some(Effect::Cut));
    assert_eq!(effect(table::ROWS), Some(Effect::Feed));
}

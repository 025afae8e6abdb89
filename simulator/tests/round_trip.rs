//! What the styles print, read back by programs that share nothing with this project: a reader in
//! Python with Python's codecs, and decoders that others wrote, one from each of two public
//! registries.
//!
//! Where Python, Node.js or a registry cannot be had, a test says SKIPPED and why.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use pos_protocol::event::{Event, Receipt};
use possim::print::{Charset, Dialect, Layout, Style};
use possim::shop::Shop;

/// Slips in each test; the reader demands a hundred fields at least.
const SLIPS: &str = "120";

fn skipped(why: &str) {
    let _ = writeln!(std::io::stderr(), "SKIPPED: {why}");
}

fn ran(program: &str, arguments: &[&str]) -> Option<Output> {
    Command::new(program).args(arguments).output().ok().filter(|output| output.status.success())
}

/// The decoder from crates takes 32 sheets; closing the day may print four for each order.
const SHEETS: &str = "7";

#[test]
fn a_decoder_from_crates_finds_every_name_and_amount_in_the_ascii_styles() {
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/round_trip_decoders/Cargo.toml");
    let target = concat!(env!("CARGO_TARGET_TMPDIR"), "/round_trip_decoders");
    let built = ["build", "--quiet", "--manifest-path", manifest, "--target-dir", target];
    if ran(env!("CARGO"), &built).is_none() {
        return skipped("escpost-render 0.3.0 cannot be fetched from its registry and built");
    }
    let decoder = format!("{target}/debug/round-trip-decoders");
    ascii_is_read_by(|file| Command::new(&decoder).arg(file).output());
}

#[test]
fn a_decoder_from_npm_finds_every_name_and_amount_in_the_ascii_styles() {
    let folder = concat!(env!("CARGO_TARGET_TMPDIR"), "/round_trip_npos");
    let reader = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/round_trip_npos/read.js");
    // Its drivers for real printers need no building here.
    let install = ["install", "--prefix", folder, "--ignore-scripts", "--no-audit", "--no-fund"];
    if ran("npm", &[&install[..], &["npos@0.1.19"]].concat()).is_none() {
        return skipped("npos 0.1.19 cannot be installed: no Node.js, or no registry");
    }
    ascii_is_read_by(|file| Command::new("node").arg(reader).arg(folder).arg(file).output());
}

/// Whether a decoder's text holds all that the truth tells, for every ASCII style and shop.
fn ascii_is_read_by(decode: impl Fn(&Path) -> std::io::Result<Output>) {
    let dir = tempfile::tempdir().expect("a directory");
    let ascii = pairs().filter(|(style, _)| {
        let escpos = matches!(style.dialect, Dialect::Epson | Dialect::Clone);
        escpos && style.charset == Charset::Ascii && style.layout != Layout::Odoo
    });
    let mut asked = 0;
    for (style, shop) in ascii {
        let (out, truth) = print(dir.path(), shop, style, SHEETS);
        let read = decode(&out).expect("the decoder");
        let said = String::from_utf8_lossy(&read.stderr);
        assert!(read.status.success(), "{} of {}: {said}", style.name, shop.id);
        let text = String::from_utf8_lossy(&read.stdout);
        for line in std::fs::read_to_string(truth).expect("truth").lines() {
            let event: Event = serde_json::from_str(line).expect("schema 1");
            for wanted in event.receipt.iter().flat_map(|told| words(told, style, shop)) {
                assert!(text.contains(&wanted), "{} of {}: {wanted:?}", style.name, shop.id);
                asked += 1;
            }
        }
    }
    assert!(asked > 1_000, "{asked} names and amounts");
}

/// Names and amounts of `told` as `style` prints them.
fn words(told: &Receipt, style: &Style, shop: &Shop) -> Vec<String> {
    let amounts = told.items.iter().filter_map(|item| item.amount);
    let amounts = amounts
        .chain([told.subtotal, told.total, told.tendered, told.change].into_iter().flatten());
    let amounts = amounts.map(|amount| style.numbers.show(amount.minor(), shop));
    let names = told.items.iter().map(|item| item.name.clone());
    let shop = told.merchant.clone().into_iter().chain(told.number.clone());
    amounts.chain(names).chain(shop).collect()
}

/// Prints a day of `shop` in `style` with the real program.
fn print(dir: &Path, shop: &Shop, style: &Style, slips: &str) -> (PathBuf, PathBuf) {
    let out = dir.join(format!("{}.{}.bin", style.name, shop.id));
    let truth = out.with_extension("jsonl");
    let printed = Command::new(env!("CARGO_BIN_EXE_possim"))
        .args(["print", "--shop", shop.id, "--style", style.name, "--receipts", slips])
        .args(["--seed", "5", "--close", "--out"])
        .arg(&out)
        .arg("--truth")
        .arg(&truth)
        .output()
        .expect("possim beside this test");
    assert!(printed.status.success(), "{}", String::from_utf8_lossy(&printed.stderr));
    (out, truth)
}

fn pairs() -> impl Iterator<Item = (&'static Style, &'static Shop)> {
    Style::ALL.iter().flat_map(|style| {
        Shop::ALL.iter().filter(|shop| style.suits(shop)).map(move |s| (style, s))
    })
}

#[test]
fn pythons_codecs_find_every_name_and_amount_of_the_truth_in_every_style_and_shop() {
    if ran("python3", &["-c", "import sys; sys.exit(sys.version_info < (3, 8))"]).is_none() {
        return skipped("python3 (3.8 or newer) is not on this machine");
    }
    let dir = tempfile::tempdir().expect("a directory");
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/round_trip_reader.py");
    for (style, shop) in pairs() {
        let (out, truth) = print(dir.path(), shop, style, SLIPS);
        let dialect = match style.dialect {
            Dialect::Epson | Dialect::Clone => "escpos",
            Dialect::StarLine | Dialect::StarPrnt => "star",
        };
        let codec = if style.layout == Layout::Odoo { "raster" } else { style.charset.name() };
        let read = Command::new("python3")
            .args([script, dialect, codec])
            .args([&out, &truth])
            .output()
            .expect("python3 was here a moment ago");
        let said = String::from_utf8_lossy(&read.stderr);
        assert!(read.status.success(), "{} of {}: {said}", style.name, shop.id);
    }
}

#[test]
fn the_python_reader_notices_a_missing_amount() {
    if ran("python3", &["--version"]).is_none() {
        return skipped("python3 is not on this machine");
    }
    let dir = tempfile::tempdir().expect("a directory");
    let style = Style::named("unicenta-42").expect("a style");
    let (out, truth) = print(dir.path(), &Shop::ALL[0], style, SLIPS);
    let told = std::fs::read_to_string(&truth).expect("truth");
    let wrong = told.replacen("\"total\":\"", "\"total\":\"7", 1);
    assert_ne!(told, wrong);
    std::fs::write(&truth, wrong).expect("room on the disk");
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/round_trip_reader.py");
    let read = Command::new("python3")
        .args([script, "escpos", "ascii"])
        .args([&out, &truth])
        .output()
        .expect("python3 was here a moment ago");
    assert!(String::from_utf8_lossy(&read.stderr).contains("total: expected"), "{read:?}");
}

#[test]
fn two_runs_of_the_program_write_the_same_bytes_and_the_same_truth() {
    let (first, second) = (tempfile::tempdir(), tempfile::tempdir());
    let (first, second) = (first.expect("a directory"), second.expect("a directory"));
    for style in Style::ALL {
        let shop = Shop::ALL.iter().find(|shop| style.suits(shop)).expect("a shop");
        let read = |dir: &Path| {
            let (out, truth) = print(dir, shop, style, SLIPS);
            (std::fs::read(out).expect("bytes"), std::fs::read(truth).expect("truth"))
        };
        assert!(read(first.path()) == read(second.path()), "{}", style.name);
    }
}

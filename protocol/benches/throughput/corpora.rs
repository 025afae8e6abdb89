//! The data: receipts that the simulator prints, and the captures beside the checkout.

use std::fs;
use std::path::{Path, PathBuf};

use possim::print::Style;
use possim::shop::{Day, OPENING, Shop};

/// What a corpus is mostly made of; the thresholds differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    Ascii,
    Chinese,
    Raster,
    Mixed,
}

/// Bytes of one kind.
pub(crate) struct Corpus {
    pub(crate) name: &'static str,
    pub(crate) content: Content,
    pub(crate) bytes: Vec<u8>,
    /// Where each receipt ends.
    pub(crate) ends: Vec<usize>,
}

/// Corpora of about `size` bytes, one receipt after the other as a day brings them.
pub(crate) fn simulated(size: usize) -> impl Iterator<Item = Corpus> {
    let kinds: [(&str, Content, &[&str]); 3] = [
        ("ASCII receipts", Content::Ascii, &["english-42", "unicenta-42"]),
        (
            "Chinese receipts (GB18030)",
            Content::Chinese,
            &["vivipos-48-gbk-clone", "mainland-32-gbk-clone"],
        ),
        ("raster receipts", Content::Raster, &["odoo-48-raster"]),
    ];
    kinds.into_iter().map(move |(name, content, styles)| {
        let mut corpus = Corpus { name, content, bytes: Vec::new(), ends: Vec::new() };
        for style in styles {
            let style = Style::named(style).expect("a style of the simulator");
            print(style, size / styles.len(), &mut corpus);
        }
        corpus
    })
}

/// Appends at least `size` bytes of receipts.
fn print(style: &Style, size: usize, corpus: &mut Corpus) {
    let shop = Shop::ALL.iter().find(|shop| style.suits(shop)).expect("a shop for every style");
    let full = corpus.bytes.len() + size;
    let slips = Day::open(shop, 1, "counter-1", 1001, OPENING);
    let printed =
        slips.filter(|slip| style.kinds().contains(&slip.kind()) && style.leaves_paper(slip));
    for slip in printed {
        if corpus.bytes.len() >= full {
            break;
        }
        corpus.bytes.extend(style.print_slip(&slip));
        corpus.ends.push(corpus.bytes.len());
    }
}

/// The shared captures, again and again up to `size` bytes. `None` where they are not there.
pub(crate) fn captured(size: usize) -> Option<Corpus> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/samples/escpos");
    let mut files = Vec::new();
    list(&folder, &mut files);
    files.sort();
    let captures: Vec<Vec<u8>> = files.iter().filter_map(|file| fs::read(file).ok()).collect();
    if captures.iter().all(Vec::is_empty) {
        return None;
    }
    let mut corpus = Corpus {
        name: "shared captures",
        content: Content::Mixed,
        bytes: Vec::new(),
        ends: Vec::new(),
    };
    for capture in captures.iter().cycle() {
        if corpus.bytes.len() >= size {
            break;
        }
        corpus.bytes.extend_from_slice(capture);
        corpus.ends.push(corpus.bytes.len());
    }
    Some(corpus)
}

/// Every capture below `folder`, if there is one.
fn list(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            list(&path, found);
        } else if path.extension().is_some_and(|extension| extension != "md") {
            found.push(path);
        }
    }
}

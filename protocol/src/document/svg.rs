//! A paper as a person sees it, drawn as SVG: a unit is a dot of the printer.
//!
//! [`Sheet`] draws one paper part by part, from top to bottom; [`stack`] puts several into one
//! document. How wide the paper is nobody says: the widest thing on it tells.
//!
//! Not here: colours of ink, characters turned by 90 degrees, fonts of a printer. What a page in
//! page mode drew beside its text stands above it.

use core::fmt::Write as _;
use core::ops::Range;

use super::paper::Paper;
use super::svg_text::Pen;
use super::symbol::Symbol;
use super::symbol::linear;
use super::{Align, Document, Part};
use super::{qr, svg_dots, svg_text};

/// Print widths of printers, in dots: 58 mm, two common ones between, 80 mm, 112 mm.
const WIDTHS: [u32; 5] = [384, 512, 576, 640, 832];
/// Print width of 80 mm paper, the widest in most shops.
const COMMON_WIDTH: u32 = 576;
/// Widest paper drawn; what stands further right is clipped.
const MAX_WIDTH: u32 = 2_048;
/// Dots left free around what is printed.
const EDGE: u32 = 24;
/// Dots between two papers.
const GAP: u32 = 40;
/// Most bytes that one paper's drawing takes before the rest is left out: the largest image twice,
/// and much text.
const MAX_BYTES: usize = 16 * 1024 * 1024;
/// Size of the box that stands for an image nobody saw, in dots.
const UNSEEN: (u32, u32) = (288, 72);
/// Size of the box that stands for a code that is not drawn, in dots.
const LABEL: (u32, u32) = (360, 84);
/// Highest box that stands for an image, in dots.
const MAX_BOX_DOTS: u32 = 240;
/// Dots of a line of characters beside a barcode.
const HRI_DOTS: u32 = 26;
/// Most characters of a code's data that its box shows.
const MAX_LABEL_CHARS: usize = 32;

/// One paper, drawn.
#[derive(Clone, Debug)]
pub struct Sheet {
    width: u32,
    height: u32,
    body: String,
}

/// What a drawing shows besides the ink, and what it does not show.
#[derive(Clone, Copy, Debug)]
pub struct Look<'a> {
    /// Every word is drawn by itself, with the bytes of the stream that it was read from:
    /// `data-s` is the first, `data-e` is behind the last one.
    pub words: bool,
    /// Bytes of the paper's text in whose place stars stand.
    pub hidden: &'a [Range<usize>],
    /// Empty boxes stand for images and codes: nobody can tell what is in them.
    pub boxes: bool,
    /// Most bytes of the drawing before the rest is left out.
    pub most: usize,
}

impl Default for Look<'_> {
    fn default() -> Self {
        Self { words: false, hidden: &[], boxes: false, most: MAX_BYTES }
    }
}

impl Sheet {
    /// Draws a paper; `None` where nothing is printed on it.
    pub fn draw(document: &Document, paper: &Paper) -> Option<Self> {
        Self::draw_as(document, paper, Look::default())
    }

    /// Draws a paper as `look` says; `None` where nothing is printed on it.
    pub fn draw_as(document: &Document, paper: &Paper, look: Look<'_>) -> Option<Self> {
        let content = &document.content;
        if paper.is_blank() && content.images().is_empty() && content.symbols().is_empty() {
            return None;
        }
        let width = paper_width(document, paper);
        let mut sheet = Self { width, height: EDGE, body: String::new() };
        // What an image in a line reaches below the line's top: the line's feed is part of it.
        let mut hangs = 0;
        for part in content.parts() {
            if sheet.body.len() > look.most {
                sheet.label("the rest is not drawn", "", LABEL, (Align::Centre, 0));
                break;
            }
            hangs = sheet.part(*part, (document, paper, look), hangs);
        }
        sheet.down(hangs.saturating_add(EDGE));
        Some(sheet)
    }

    /// Draws one part and returns what now hangs below.
    fn part(
        &mut self,
        part: Part,
        (document, paper, look): (&Document, &Paper, Look<'_>),
        hangs: u32,
    ) -> u32 {
        let content = &document.content;
        match part {
            Part::Line(index) => {
                let feed = content.lines().get(index as usize).map_or(0, |row| row.feed);
                let line = paper.line(index).filter(|line| !line.text.is_empty());
                let Some(line) = line else {
                    self.down(hangs.max(feed.into()));
                    return 0;
                };
                self.down(hangs);
                let height = svg_text::height(&line);
                let first = paper.first_byte(index);
                let pen = Pen { line, first, words: look.words, hidden: look.hidden };
                pen.draw(self.width, self.height, &mut self.body);
                self.down(height.max(feed.into()));
                0
            }
            Part::Feed(dots) => {
                self.down(hangs.max(dots));
                0
            }
            Part::Image(index) => {
                let Some(image) = content.images().get(index as usize) else { return hangs };
                let (place, image) = ((image.align, image.margin), &image.what);
                self.down(hangs);
                if look.boxes {
                    let (width, height) = image.printed();
                    let size = (width.min(self.width), height.min(MAX_BOX_DOTS));
                    self.label("", "", size, place);
                    return 0;
                }
                if image.is_unseen() {
                    self.label("image in the printer", "", UNSEEN, place);
                    return 0;
                }
                let (width, height) = image.printed();
                let left = self.left(width, place);
                svg_dots::image(image, (left, self.height), &mut self.body);
                if image.is_in_line() {
                    return height;
                }
                self.down(height);
                0
            }
            Part::Symbol(index) => {
                if let Some(symbol) = content.symbols().get(index as usize) {
                    self.down(hangs);
                    let place = (symbol.align, symbol.margin);
                    if look.boxes {
                        self.label(symbol.what.kind.as_str(), "", LABEL, place);
                    } else {
                        self.symbol(&symbol.what, place);
                    }
                }
                0
            }
            Part::Cut => {
                self.down(hangs.saturating_add(EDGE));
                let (y, end) = (self.height, self.width + 2 * EDGE);
                let _ = write!(self.body, r#"<path class="cut" d="M0 {y}H{end}"/>"#);
                0
            }
        }
    }

    /// The paper alone, for a page that has a style of its own: the classes `b`, `i`, `v`, `m`, `box`
    /// and `cut` within `paper`.
    pub fn fragment(&self) -> String {
        let (width, height, body) = (self.width + 2 * EDGE, self.height, &self.body);
        format!(
            r#"<svg class="paper" viewBox="0 0 {width} {height}" width="{width}" height="{height}"><rect class="sheet" width="{width}" height="{height}"/>{body}</svg>"#
        )
    }

    fn down(&mut self, dots: u32) {
        self.height = self.height.saturating_add(dots);
    }

    /// Where something of this width begins.
    fn left(&self, width: u32, (align, margin): (Align, u16)) -> u32 {
        let margin = u32::from(margin);
        let free = self.width.saturating_sub(margin.saturating_add(width));
        EDGE + margin + share(align, free)
    }

    fn symbol(&mut self, symbol: &Symbol, place: (Align, u16)) {
        let module = u32::from(symbol.module);
        if symbol.kind == super::symbol::Kind::Qr
            && let Some(modules) = qr::modules(symbol)
        {
            let side = modules.side * module;
            let left = self.left(side, place);
            svg_dots::modules(&modules, module, (left, self.height), &mut self.body);
            return self.down(side);
        }
        let Some(bars) = linear::bars(symbol) else {
            return self.label(symbol.kind.as_str(), &symbol.text(), LABEL, place);
        };
        let width = bars.modules() * module;
        let left = self.left(width, place);
        let middle = left + width / 2;
        let (above, below) = symbol.hri.sides();
        if above {
            svg_text::centred(&bars.characters, middle, self.height + 20, &mut self.body);
            self.down(HRI_DOTS);
        }
        let at = (left, self.height);
        svg_dots::bars(&bars, module, u32::from(symbol.height), at, &mut self.body);
        self.down(symbol.height.into());
        if below {
            svg_text::centred(&bars.characters, middle, self.height + 22, &mut self.body);
            self.down(HRI_DOTS);
        }
    }

    /// A box with words in place of something that is not drawn.
    fn label(&mut self, name: &str, data: &str, size: (u32, u32), place: (Align, u16)) {
        let (width, height) = size;
        let (left, y) = (self.left(width, place), self.height);
        let _ = write!(
            self.body,
            r#"<rect class="box" x="{left}" y="{y}" width="{width}" height="{height}"/>"#
        );
        let middle = left + width / 2;
        let first = y + height / 2 - if data.is_empty() { 0 } else { 10 };
        svg_text::centred(name, middle, first, &mut self.body);
        let mut shown: String = data.chars().take(MAX_LABEL_CHARS).collect();
        if shown.len() < data.len() {
            shown.push('…');
        }
        svg_text::centred(&shown, middle, first + 26, &mut self.body);
        self.down(height);
    }
}

/// What of the free dots stands left of something.
pub(super) fn share(align: Align, free: u32) -> u32 {
    match align {
        Align::Left => 0,
        Align::Centre => free / 2,
        Align::Right => free,
    }
}

/// Where text and everything else begins.
pub(super) fn edge() -> u32 {
    EDGE
}

/// The narrowest common paper that everything fits on.
fn paper_width(document: &Document, paper: &Paper) -> u32 {
    let content = &document.content;
    let lines = paper.lines().map(|line| {
        // An enlarged line that no common printer has room for says nothing about the paper.
        let reach = svg_text::reach(&line);
        if reach <= COMMON_WIDTH { reach } else { svg_text::plain_reach(&line) }
    });
    let images = content.images().iter().map(|i| u32::from(i.margin) + i.what.printed().0);
    let symbols = content.symbols().iter().map(|symbol| {
        let bars = linear::bars(&symbol.what).map_or(0, |bars| bars.modules());
        u32::from(symbol.margin) + bars * u32::from(symbol.what.module)
    });
    let widest = lines.chain(images).chain(symbols).max().unwrap_or(0);
    let common = WIDTHS.into_iter().find(|width| *width >= widest);
    common.unwrap_or(widest.min(MAX_WIDTH))
}

/// Puts papers below one another in one SVG document.
pub fn stack(sheets: &[Sheet]) -> String {
    let width = sheets.iter().map(|sheet| sheet.width + 2 * EDGE).max().unwrap_or(0) + 2 * GAP;
    let papers = sheets.iter().map(|sheet| sheet.height.saturating_add(GAP));
    let height = papers.fold(GAP, u32::saturating_add);
    let mut out = String::with_capacity(sheets.iter().map(|s| s.body.len() + 200).sum::<usize>());
    let _ = write!(
        out,
        r##"<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}"><style>{STYLE}</style><rect width="{width}" height="{height}" fill="#d8d8d8"/>"##
    );
    let mut y = GAP;
    for Sheet { width, height, body } in sheets {
        let width = width + 2 * EDGE;
        let _ = write!(
            out,
            r##"<svg x="{GAP}" y="{y}" width="{width}" height="{height}"><rect width="{width}" height="{height}" fill="#fff"/>{body}</svg>"##
        );
        y = y.saturating_add(*height).saturating_add(GAP);
    }
    out.push_str("</svg>\n");
    out
}

/// Looks by class: narrow and wide characters, marks beside and around them.
const STYLE: &str = "text{font-family:'DejaVu Sans Mono','Liberation Mono','Noto Sans Mono CJK SC',\
     monospace;fill:#111;white-space:pre}.b{font-weight:bold}.i{font-style:italic}.v{fill:#fff}\
     .m{text-anchor:middle;font-size:20px}.box{fill:none;stroke:#888;stroke-dasharray:6 4}\
     .cut{stroke:#888;stroke-width:2;stroke-dasharray:12 8}image{image-rendering:pixelated}";

#[cfg(test)]
#[path = "svg_tests.rs"]
mod tests;

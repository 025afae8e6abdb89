//! Turns graphics and code commands, whose data comes in any pieces, into what they draw.
//!
//! [`Graphics`] holds back a command's data until it is whole, keeps what the printer stores
//! (`graphics_shelf`), and gives a [`Drawn`] when something reaches the
//! paper. How long data is, is the length rule of the command's row, so that this and the lexer
//! cannot disagree.
//!
//! Not here: where on the paper it stands, and whether strips belong together.

use serde::{Deserialize, Serialize};

use super::graphics_bitmap::bitmap;
use super::graphics_shelf::{Shelf, Slot};
use super::image::{Image, stride};
use super::symbol::Symbol;
use super::symbol::settings::Settings;
use crate::escpos::length::{Length, Measure};
use crate::escpos::{Effect, Row, Source, find, table};
use crate::hex;
use crate::limits::{Limits, MAX_STORED_IMAGE_BYTES, MAX_SYMBOL_BYTES};
use crate::star;

/// Bytes before the data that a command may have, and be held back with it.
const HEAD_BYTES: usize = 64;
/// Bytes that Star's raster lines are filled up to (a row of 576 dots); programs leave out the
/// white at their ends.
const STAR_LINE_BYTES: usize = 72;
/// Most rows that one feed in Star's raster mode adds.
const MAX_STAR_FEED: u32 = 1_000;

/// What reached the paper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Drawn {
    /// Dots.
    Image(Image),
    /// A barcode or two-dimensional code.
    Symbol(Symbol),
}

/// What a printer remembers of graphics commands. It outlives papers, and is one for all
/// connections.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Memory {
    /// Stored by `GS ( L` to be printed once.
    #[serde(skip_serializing_if = "Option::is_none")]
    buffer: Option<Image>,
    shelf: Shelf,
    settings: Settings,
}

impl Memory {
    /// `ESC @`: forgets settings and what was downloaded, not what was stored to last.
    pub fn reset(&mut self) {
        self.buffer = None;
        self.shelf.forget_downloaded();
        self.settings = Settings::default();
    }
}

/// The graphics of one connection's paper; [`Graphics::new_paper`] begins another one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Graphics {
    #[serde(skip_serializing_if = "Option::is_none")]
    pending: Option<Pending>,
    /// Bytes of dots of this document.
    used: usize,
    /// Bytes of dots or data that a cap left out of this document.
    dropped: u64,
}

/// A command whose data is still coming.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Pending {
    #[serde(with = "hex")]
    prefix: Vec<u8>,
    star: bool,
    /// Parameters and data so far.
    #[serde(with = "hex")]
    held: Vec<u8>,
    /// Data to come; unknown for a list of images (`FS q`), which ends with the next command.
    left: Option<u64>,
}

impl Graphics {
    /// A new piece of paper: its budget is fresh. A command whose data is still coming draws on
    /// it.
    #[must_use]
    pub fn new_paper(self) -> Self {
        Self { pending: self.pending, ..Self::default() }
    }

    /// Bytes of dots or data that were left out since the paper began.
    pub fn dropped(&self) -> u64 {
        self.dropped
    }

    /// Takes a command: every command, since settings of codes are of any kind. A command whose
    /// claim was refused is not to be given.
    pub fn command(
        &mut self,
        row: &'static Row,
        args: &[u8],
        memory: &mut Memory,
        limits: &Limits,
    ) -> Option<Drawn> {
        let before = self.end(memory, limits);
        let after = match row.length.measure(args) {
            Measure::Args(_) => self.complete(row, args.to_vec(), memory, limits),
            Measure::Payload { rest, .. } => {
                self.expect(row, args, Some(rest));
                None
            }
            Measure::Items { .. } => {
                self.expect(row, args, None);
                None
            }
            Measure::Need(_) | Measure::TooLong { .. } | Measure::Unterminated { .. } => None,
        };
        before.or(after)
    }

    /// Takes a piece of the data of the command before.
    pub fn payload(&mut self, bytes: &[u8], memory: &mut Memory, limits: &Limits) -> Option<Drawn> {
        let room = self.held_room(limits);
        let pending = self.pending.as_mut()?;
        let taken = bytes.len().min(room);
        pending.held.extend_from_slice(&bytes[..taken]);
        self.dropped = self.dropped.saturating_add((bytes.len() - taken) as u64);
        if let Some(left) = &mut pending.left {
            *left = left.saturating_sub(bytes.len() as u64);
        }
        if pending.left == Some(0) { self.end(memory, limits) } else { None }
    }

    /// The data ends here, whole or not: what came of it is drawn.
    pub fn end(&mut self, memory: &mut Memory, limits: &Limits) -> Option<Drawn> {
        let pending = self.pending.take()?;
        let rows = if pending.star { star::table::ROWS } else { table::ROWS };
        self.complete(find(rows, &pending.prefix).row?, pending.held, memory, limits)
    }

    fn expect(&mut self, row: &Row, args: &[u8], left: Option<u64>) {
        let listed = left.is_none() && row.length != Length::NvImages;
        if matches!(row.effect, Effect::Graphics | Effect::Barcode) && !listed {
            let star = row.source == Source::StarLine;
            let (prefix, held) = (row.prefix.to_vec(), args.to_vec());
            self.pending = Some(Pending { prefix, star, held, left });
        }
    }

    /// Counts bytes of dots that came in another way.
    pub(super) fn charge(&mut self, bytes: usize) {
        self.used = self.used.saturating_add(bytes);
    }

    /// Bytes of dots that this paper has room for.
    pub(super) fn room(&self, limits: &Limits) -> usize {
        limits.image_bytes.saturating_sub(self.used)
    }

    /// How many more bytes may be held back.
    fn held_room(&self, limits: &Limits) -> usize {
        let Some(pending) = &self.pending else { return 0 };
        let data = match pending.prefix.as_slice() {
            [0x1D, 0x28, 0x6B] | [0x1B, 0x5A] | [0x1B, 0x1D, 0x78 | 0x79, ..] => MAX_SYMBOL_BYTES,
            [0x1C, 0x71] | [0x1D, 0x2A] => MAX_STORED_IMAGE_BYTES,
            _ => self.room(limits),
        };
        (data + HEAD_BYTES).saturating_sub(pending.held.len())
    }

    fn complete(
        &mut self,
        row: &Row,
        bytes: Vec<u8>,
        memory: &mut Memory,
        limits: &Limits,
    ) -> Option<Drawn> {
        if let Some(symbol) = memory.settings.command(row, &bytes) {
            return Some(Drawn::Symbol(symbol));
        }
        let room = self.room(limits);
        let image = if row.source == Source::StarLine {
            star_image(row.prefix, bytes, room)
        } else {
            self.epson(row.prefix, bytes, memory, room)
        }?;
        self.draw(image, room)
    }

    /// Crops to what the document has room for.
    fn draw(&mut self, image: Image, room: usize) -> Option<Drawn> {
        if image.is_unseen() {
            return Some(Drawn::Image(image));
        }
        let (before, fitting) = (image.rows().len(), room / image.stride().max(1));
        let image = image.cropped(fitting);
        self.dropped = self.dropped.saturating_add((before - image.rows().len()) as u64);
        self.used += image.rows().len();
        (!image.is_unseen()).then_some(Drawn::Image(image))
    }

    fn epson(
        &mut self,
        prefix: &[u8],
        mut bytes: Vec<u8>,
        memory: &mut Memory,
        room: usize,
    ) -> Option<Image> {
        match (prefix, bytes.as_slice()) {
            ([0x1D, 0x76, 0x30], &[mode, x_low, x_high, ..]) => {
                let width = u32::from(u16::from_le_bytes([x_low, x_high])) * 8;
                bytes.drain(..5.min(bytes.len()));
                drawn(magnified(Image::from_rows(width, bytes), mode))
            }
            ([0x1B, 0x2A], [mode, _, _, columns @ ..]) => {
                // Horizontal and vertical density of the modes (TM-T88III, `ESC *`).
                let (column, x, y) = match mode {
                    0 => (1, 2, 3),
                    32 => (3, 2, 1),
                    33 => (3, 1, 1),
                    _ => (1, 1, 3),
                };
                drawn(Image::from_columns(columns, column, room).scaled(x, y).within_line())
            }
            ([0x1B, 0x59], [_, _, columns @ ..]) => {
                drawn(Image::from_columns(columns, 1, room).scaled(1, 3).within_line())
            }
            ([0x1D, 0x51, 0x30], [mode, _, _, y_low, y_high, columns @ ..]) => {
                let column = usize::from(u16::from_le_bytes([*y_low, *y_high]));
                drawn(magnified(Image::from_columns(columns, column, room), *mode))
            }
            ([0x1D, 0x28, 0x4C], [_, _, _, function, rest @ ..])
            | ([0x1D, 0x38, 0x4C], [_, _, _, _, _, function, rest @ ..]) => {
                self.function(*function, rest, memory, room)
            }
            ([0x1D, 0x2A], [_, y, columns @ ..]) => {
                let image = Image::from_columns(columns, usize::from(*y), MAX_STORED_IMAGE_BYTES);
                self.store(memory, Slot::Downloaded, image);
                None
            }
            ([0x1D, 0x2F], [mode]) => Some(magnified(memory.shelf.image(Slot::Downloaded), *mode)),
            ([0x1C, 0x71], [_, items @ ..]) => {
                self.numbered(items, memory);
                None
            }
            ([0x1C, 0x70], [n, mode]) => {
                Some(magnified(memory.shelf.image(Slot::Number(*n)), *mode))
            }
            ([0x1D, 0x44], [_, function, _, a, b, _, _, file @ ..]) => {
                let image = bitmap(file).unwrap_or_else(Image::unseen);
                self.store(memory, key_slot(*function == 83, *a, *b), image);
                None
            }
            _ => None,
        }
    }

    /// `GS ( L` and `GS 8 L`, by function number.
    fn function(
        &mut self,
        function: u8,
        args: &[u8],
        memory: &mut Memory,
        room: usize,
    ) -> Option<Image> {
        match (function, args) {
            (112 | 113, [_, x, y, _, size @ ..]) => {
                let image = planes(size, 1, function == 113, room).scaled(*x, *y);
                self.used += image.rows().len();
                memory.buffer = Some(image).filter(|image| !image.is_unseen());
                None
            }
            (2 | 50, _) => {
                let image = memory.buffer.take()?;
                // It was counted when it was stored.
                self.used = self.used.saturating_sub(image.rows().len());
                Some(image)
            }
            (67 | 68 | 83 | 84, [_, a, b, colours, data @ ..]) => {
                let columns = matches!(function, 68 | 84);
                let image = coloured(data, *colours, columns);
                self.store(memory, key_slot(function >= 83, *a, *b), image);
                None
            }
            (69 | 85, [a, b, x, y]) => {
                Some(memory.shelf.image(key_slot(function == 85, *a, *b)).scaled(*x, *y))
            }
            (66 | 82, [a, b]) => {
                memory.shelf.forget(key_slot(function == 82, *a, *b));
                None
            }
            (65, _) => {
                memory.shelf.forget_keyed();
                None
            }
            (81, _) => {
                memory.shelf.forget_downloaded();
                None
            }
            _ => None,
        }
    }

    fn store(&mut self, memory: &mut Memory, slot: Slot, image: Image) {
        let bytes = image.rows().len() as u64;
        if !memory.shelf.put(slot, image) {
            self.dropped = self.dropped.saturating_add(bytes);
        }
    }

    /// `FS q`: all numbered images anew.
    fn numbered(&mut self, mut items: &[u8], memory: &mut Memory) {
        memory.shelf.forget_numbered();
        for number in 1..=u8::MAX {
            let &[x_low, x_high, y_low, y_high, ref rest @ ..] = items else { return };
            let columns = usize::from(u16::from_le_bytes([x_low, x_high])) * 8;
            let column = usize::from(u16::from_le_bytes([y_low, y_high]));
            let size = columns.saturating_mul(column).min(rest.len());
            let image = Image::from_columns(&rest[..size], column, MAX_STORED_IMAGE_BYTES);
            self.store(memory, Slot::Number(number), image);
            items = &rest[size..];
        }
    }
}

/// Nothing where there are no dots: an image without dots is one that was not seen.
fn drawn(image: Image) -> Option<Image> {
    (!image.is_unseen()).then_some(image)
}

/// Modes 0 to 3: normal, double width, double height, both.
fn magnified(image: Image, mode: u8) -> Image {
    image.scaled(1 + (mode & 1), 1 + (mode >> 1 & 1))
}

fn key_slot(downloaded: bool, a: u8, b: u8) -> Slot {
    if downloaded { Slot::DownloadedKey(a, b) } else { Slot::Key(a, b) }
}

/// `xL xH yL yH` and the dots of `colours` planes, laid over one another; each plane after the
/// first begins with its colour.
fn planes(args: &[u8], colours: usize, columns: bool, cap: usize) -> Image {
    let &[x_low, x_high, y_low, y_high, ref data @ ..] = args else { return Image::unseen() };
    let (width, height) =
        (u16::from_le_bytes([x_low, x_high]), u16::from_le_bytes([y_low, y_high]));
    let (row, column) = (stride(width.into()), usize::from(height).div_ceil(8));
    let size = if columns { column * usize::from(width) } else { row * usize::from(height) };
    let mut dots = data[..size.min(data.len())].to_vec();
    let others = data.get(size..).unwrap_or_default().chunks(size + 1);
    for plane in others.take(colours.saturating_sub(1)) {
        for (dot, more) in dots.iter_mut().zip(&plane[1..]) {
            *dot |= more;
        }
    }
    let image = if columns {
        Image::from_columns(&dots, column, cap)
    } else {
        Image::from_rows(width.into(), dots)
    };
    image.cropped(height.into())
}

/// As [`planes`], the first plane beginning with its colour too.
fn coloured(args: &[u8], colours: u8, columns: bool) -> Image {
    let [x_low, x_high, y_low, y_high, _colour, data @ ..] = args else { return Image::unseen() };
    let args = [&[*x_low, *x_high, *y_low, *y_high], data].concat();
    planes(&args, colours.into(), columns, MAX_STORED_IMAGE_BYTES)
}

fn star_image(prefix: &[u8], mut bytes: Vec<u8>, room: usize) -> Option<Image> {
    match (prefix, bytes.as_slice()) {
        ([0x1B, 0x4B], [_, _, columns @ ..]) => {
            drawn(Image::from_columns(columns, 1, room).scaled(2, 3).within_line())
        }
        ([0x1B, 0x4C], [_, _, columns @ ..]) => {
            drawn(Image::from_columns(columns, 1, room).scaled(1, 3).within_line())
        }
        ([0x1B, 0x58], [_, _, columns @ ..]) => {
            drawn(Image::from_columns(columns, 3, room).within_line())
        }
        ([0x1B, 0x6B], &[low, high, ..]) => {
            bytes.drain(..2);
            let width = u32::from(u16::from_le_bytes([low, high])) * 8;
            drawn(Image::from_rows(width, bytes).within_line())
        }
        ([0x1B, 0x1D, 0x53], &[_, low, high, _, _, _, ..]) => {
            bytes.drain(..6);
            let width = u32::from(u16::from_le_bytes([low, high])) * 8;
            drawn(Image::from_rows(width, bytes))
        }
        ([b'b' | b'k'], [_, _, ..]) => {
            bytes.drain(..2);
            bytes.resize(bytes.len().max(STAR_LINE_BYTES), 0);
            drawn(Image::from_rows(bytes.len() as u32 * 8, bytes))
        }
        ([0x1B, 0x2A, 0x72], [b'Y', digits @ .., 0]) => {
            let rows: u32 = core::str::from_utf8(digits).ok()?.parse().ok()?;
            let blank = vec![0; rows.min(MAX_STAR_FEED) as usize * STAR_LINE_BYTES];
            drawn(Image::from_rows(STAR_LINE_BYTES as u32 * 8, blank))
        }
        ([0x1B, 0x1E, 0x4C], _) => Some(Image::unseen()),
        _ => None,
    }
}

#[cfg(test)]
#[path = "graphics_tests.rs"]
mod tests;

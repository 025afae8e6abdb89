//! Page mode: text is put anywhere on a page, and read from top to bottom when the page prints.
//!
//! Not here: clipping at the page's edge. What a till sends is read even where a printer would
//! have cut it off.

use serde::{Deserialize, Serialize};

use super::content::{Content, LineRow, Move, Run};

/// Dots that baselines may differ and still be one line: half a character.
const LINE_TOLERANCE: u32 = 12;

/// Most text on one line of a page, in bytes: readers work line by line.
const MAX_LINE_BYTES: usize = 4_096;

/// A page that has not been printed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Page {
    /// Its first run.
    first: u32,
    /// Where the text of its first run begins.
    bytes: u32,
    /// Left, top, width and height of the area that positions count from.
    area: [u16; 4],
    /// 0 right, 1 up, 2 left, 3 down.
    direction: u8,
    /// Where the next character stands, in the area, along and across the direction of text.
    pub(super) x: u32,
    pub(super) y: u32,
    /// Where each run stands.
    places: Vec<Place>,
}

/// Where a run stands. Compared in the order of reading.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Place {
    /// Dots from the top of the page, as far as the direction of text tells.
    top: u32,
    direction: u8,
    /// Dots across the direction of text, where that is not up or down the page.
    across: u32,
    /// Dots along the direction of text.
    x: u32,
}

impl Place {
    fn is_on_line_of(&self, other: &Self) -> bool {
        self.direction == other.direction
            && self.top.abs_diff(other.top) < LINE_TOLERANCE
            && self.across.abs_diff(other.across) < LINE_TOLERANCE
    }
}

impl Page {
    /// An empty page behind what is printed.
    pub(super) fn begin(content: &Content) -> Self {
        Self {
            first: content.runs.len() as u32,
            bytes: content.bytes.len() as u32,
            ..Self::default()
        }
    }

    /// An empty page with the same area and direction.
    pub(super) fn again(&self, content: &Content) -> Self {
        Self { area: self.area, direction: self.direction, ..Self::begin(content) }
    }

    pub(super) fn set_area(&mut self, area: [u16; 4]) {
        (self.area, self.x, self.y) = (area, 0, 0);
    }

    pub(super) fn set_direction(&mut self, direction: u8) {
        (self.direction, self.x, self.y) = (direction, 0, 0);
    }

    /// Notes where the run that now follows stands.
    pub(super) fn place_run(&mut self) {
        let [left, top, _, height] = self.area.map(u32::from);
        let (top, across) = match self.direction {
            0 => (top.saturating_add(self.y), 0),
            2 => (top.saturating_add(height.saturating_sub(self.y)), 0),
            _ => (top, self.y),
        };
        let x = self.x.saturating_add(if self.direction == 0 { left } else { 0 });
        self.places.push(Place { top, direction: self.direction, across, x });
    }

    /// Moves on behind `bytes` characters of `dots`.
    pub(super) fn advance(&mut self, bytes: usize, dots: u32) {
        self.x = self.x.saturating_add((bytes as u32).saturating_mul(dots));
    }

    /// Forgets the page, and returns the bytes and runs that went with it.
    pub(super) fn cancel(&mut self, content: &mut Content) -> (usize, usize) {
        let bytes = content.bytes.len().saturating_sub(self.bytes as usize);
        let runs = content.runs.len().saturating_sub(self.first as usize);
        content.bytes.truncate(self.bytes as usize);
        content.runs.truncate(self.first as usize);
        self.places.clear();
        (self.x, self.y) = (0, 0);
        (bytes, runs)
    }

    /// Puts the page's runs in the order of reading and makes lines of them.
    pub(super) fn print(&mut self, content: &mut Content, feed: u16) {
        let first = self.first as usize;
        let drawn = content.runs.split_off(first.min(content.runs.len()));
        let mut order: Vec<(Place, usize)> = self.places.drain(..).zip(0..drawn.len()).collect();
        order.sort_unstable();
        let mut rest = order.as_mut_slice();
        while let Some((head, _)) = rest.first() {
            let head = *head;
            let end = rest.iter().position(|(place, _)| !place.is_on_line_of(&head));
            let (line, below) = rest.split_at_mut(end.unwrap_or(rest.len()));
            line.sort_unstable_by_key(|(place, index)| (place.x, *index));
            push_lines(content, line, &drawn, feed);
            rest = below;
        }
        (self.x, self.y) = (0, 0);
    }
}

/// Appends one line's runs; what a line cannot hold goes to the next.
fn push_lines(content: &mut Content, line: &[(Place, usize)], drawn: &[Run], feed: u16) {
    let mut row = LineRow { feed, ..LineRow::default() };
    row.runs = (content.runs.len() as u32, content.runs.len() as u32);
    let mut bytes = 0;
    let mut before = None;
    for &(place, index) in line {
        let mut run = drawn[index];
        if bytes > 0 && bytes + run.len as usize > MAX_LINE_BYTES {
            content.push_line(row);
            row.runs = (row.runs.1, row.runs.1);
            (bytes, before) = (0, None);
        }
        // A run right behind the one it was sent after needs no position.
        let follows = index > 0 && before == Some(index - 1) && run.moved == Move::None;
        if !follows {
            run.moved = Move::To(u16::try_from(place.x).unwrap_or(u16::MAX));
        }
        bytes += run.len as usize;
        before = Some(index);
        content.runs.push(run);
        row.runs.1 += 1;
    }
    content.push_line(row);
}

#[cfg(test)]
mod tests {
    use super::Place;

    #[test]
    fn words_of_one_baseline_are_one_line_and_turned_ones_are_not() {
        let word = Place { top: 100, ..Place::default() };
        assert!(word.is_on_line_of(&Place { top: 108, x: 300, ..word }));
        assert!(!word.is_on_line_of(&Place { top: 130, ..word }));
        assert!(!word.is_on_line_of(&Place { direction: 1, ..word }));
    }
}

//! A lexer between two calls, as a checkpoint keeps it.
//!
//! Rows of the table are kept as their prefixes, so that a checkpoint does not depend on where a
//! row stands in this build's table.

use serde::{Deserialize, Serialize};

use super::length::{Item, Length};
use super::lexer::{Data, Items, Lexer, State};
use super::{Row, find};
use crate::hex;
use crate::profile::Dialect;

/// What a lexer holds between two calls.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Saved {
    at: u64,
    star: bool,
    raster: bool,
    /// Bytes held back: a command's head, the size bytes of an item, doubtful payload.
    #[serde(with = "hex")]
    held: Vec<u8>,
    /// The command whose payload is being passed on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    within: Option<Within>,
}

/// Inside a payload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Within {
    #[serde(with = "hex")]
    prefix: Vec<u8>,
    /// Payload bytes to come, of the item being read where there are items.
    left: u64,
    /// Items not begun, and the height of characters (0 for stored images).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    items: Option<(u32, u8)>,
    /// Whether the size bytes of the next item come first.
    between: bool,
    /// Whether none of the payload was passed on yet.
    fresh: bool,
}

impl From<Lexer> for Saved {
    fn from(lexer: Lexer) -> Self {
        lexer.save()
    }
}

impl From<Saved> for Lexer {
    fn from(saved: Saved) -> Self {
        Self::restore(&saved)
    }
}

impl Lexer {
    /// What [`Lexer::restore`] needs to go on from here.
    pub fn save(&self) -> Saved {
        let counted = |items: &Items| {
            let height = match items.item {
                Item::Character { height } => height,
                Item::NvImage => 0,
            };
            (items.left, height)
        };
        let within = |row: &Row, left: u64, items: Option<&Items>, fresh: bool| Within {
            prefix: row.prefix.to_vec(),
            left,
            items: items.map(counted),
            between: false,
            fresh,
        };
        let (held, within) = match &self.state {
            State::Ground => (Vec::new(), None),
            State::Head(head) => (head.clone(), None),
            State::Data(data) => {
                let within = within(data.row, data.left, data.items.as_ref(), data.fresh);
                (data.held.clone(), Some(within))
            }
            State::ItemHead { row, items, head } => {
                let within = Within { between: true, ..within(row, 0, Some(items), true) };
                (head.clone(), Some(within))
            }
        };
        Saved { at: self.at, star: self.star, raster: self.raster, held, within }
    }

    /// The lexer that was saved. A payload of a command that this build does not know any more is
    /// forgotten; its bytes are then framed as they come.
    pub fn restore(saved: &Saved) -> Self {
        let dialect = if saved.star { Dialect::StarLine } else { Dialect::Escpos };
        let mut lexer = Self { raster: saved.raster, at: saved.at, ..Self::new(dialect) };
        let Some(within) = &saved.within else {
            // Feeding an unfinished head frames nothing, so nothing is emitted twice.
            lexer.push(&saved.held, &mut |_| {});
            lexer.at = saved.at;
            return lexer;
        };
        let Some(row) = find(lexer.grammar.rows, &within.prefix).row else { return lexer };
        let items = within.items.map(|(left, height)| {
            let image = matches!(row.length, Length::NvImages);
            Items { item: if image { Item::NvImage } else { Item::Character { height } }, left }
        });
        let held = saved.held.clone();
        lexer.state = match items {
            Some(items) if within.between => State::ItemHead { row, items, head: held },
            items => State::Data(Data { row, left: within.left, fresh: within.fresh, items, held }),
        };
        lexer
    }
}

//! The command language as one table, and the lexer that frames bytes by it.
//!
//! Framing and meaning are apart: [`lexer`] cuts the stream into [`Frame`](lexer::Frame)s that
//! tile it and judges nothing; [`command`] says what a frame told the printer. A row of the table
//! is all that framing needs, so a command whose meaning is not used yet is framed all the same.
//!
//! Not here: printer state, text encodings, what a receipt is.

pub mod command;
mod grammar;
pub mod length;
pub mod lexer;
#[cfg(test)]
mod lexer_tests;
mod payload;
mod saved;
pub mod table;
mod watch;

use length::Length;

/// What a command changes, as far as a reader of receipts cares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Nothing that shows.
    None,
    /// How or where characters stand.
    Text,
    /// Paper moves.
    Feed,
    /// What later bytes mean.
    Mode,
    /// Which characters bytes stand for.
    CodePage,
    /// The paper is cut.
    Cut,
    /// The drawer is pulsed.
    Drawer,
    /// The printer is asked something.
    Status,
    /// Dots are printed or stored.
    Graphics,
    /// A barcode or two-dimensional code.
    Barcode,
}

/// Where a row's length rule is documented.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Epson TM-T88III specification.
    EpsonT88,
    /// Epson's ESC/POS reference as catalogued by the `EscPosUtils` project.
    EpsonRef,
    /// Seen in clones of Epson printers and their drivers; less certain.
    Clone,
    /// Star Line Mode specification.
    StarLine,
}

/// One command: its prefix, its name, and how many bytes follow the prefix.
#[derive(Debug, PartialEq, Eq)]
pub struct Row {
    /// The bytes that select the command.
    pub prefix: &'static [u8],
    /// The manual's name of it.
    pub name: &'static str,
    /// How many bytes follow.
    pub length: Length,
    /// What it changes.
    pub effect: Effect,
    /// Where this is documented.
    pub source: Source,
}

/// What a table says of the first bytes of a command.
#[derive(Clone, Copy, Debug, Default)]
pub struct Found {
    /// The row whose prefix is exactly these bytes.
    pub row: Option<&'static Row>,
    /// Whether a longer prefix starts with them.
    pub longer: bool,
}

/// Looks `prefix` up in `table`, which is sorted by prefix.
pub fn find(table: &'static [Row], prefix: &[u8]) -> Found {
    let at = table.partition_point(|row| row.prefix < prefix);
    let row = table.get(at).filter(|row| row.prefix == prefix);
    let next = if row.is_some() { at + 1 } else { at };
    let longer = table.get(next).is_some_and(|row| row.prefix.starts_with(prefix));
    Found { row, longer }
}

pub(crate) const fn row(
    prefix: &'static [u8],
    name: &'static str,
    length: Length,
    effect: Effect,
    source: Source,
) -> Row {
    Row { prefix, name, length, effect, source }
}

#[cfg(test)]
mod tests {
    use super::{find, table};
    use crate::star;

    #[test]
    fn tables_are_sorted_and_have_no_prefix_twice() {
        for rows in [table::ROWS, star::table::ROWS] {
            for pair in rows.windows(2) {
                assert!(pair[0].prefix < pair[1].prefix, "{} {}", pair[0].name, pair[1].name);
            }
        }
    }

    #[test]
    fn a_prefix_of_a_longer_one_is_reported_as_such() {
        let generic = find(table::ROWS, &[0x1D, 0x28]);
        assert!(generic.row.is_some() && generic.longer);
        let specific = find(table::ROWS, &[0x1D, 0x28, 0x6B]);
        assert!(specific.row.is_some() && !specific.longer);
        let nothing = find(table::ROWS, &[0x1B, 0x99]);
        assert!(nothing.row.is_none() && !nothing.longer);
    }
}

//! The catalogue: what a shop sells and keeps, from the file that the owner wrote to checked articles.
//!
//! A file is CSV (as spreadsheets save it) or TOML. Every mistake is told with its line, what was
//! expected, what was found and what to do; nothing is kept of a file with a mistake. Not here: what
//! is in stock (`stock`), and the entry that puts a catalogue into the books (`posbridge stock
//! import`).

mod check;
mod encoding;
mod error;
mod load;
mod read_csv;
mod read_toml;
mod recipes;
mod typed;
mod unit;
mod write;

pub use check::number;
pub use encoding::Encoding;
pub use error::CatalogueError;
pub use load::{load, parse};
pub use unit::{MAX_DECIMALS, Unit};
pub use write::{to_csv, to_toml};

/// What a spreadsheet takes for the start of a formula: an apostrophe before it makes it text again.
const FORMULA: [char; 4] = ['=', '+', '-', '@'];

/// Largest file, in bytes: with room to spare for two thousand articles, and small enough for one
/// request to the running bridge.
pub const MAX_FILE_BYTES: usize = 384 * 1024;
/// Most articles: more than a supermarket's aisle, few enough to be looked through by hand.
pub const MAX_ARTICLES: usize = 2_000;
/// Most other names of one article.
pub const MAX_ALIASES: usize = 20;
/// Most ingredients of one recipe.
pub const MAX_INGREDIENTS: usize = 20;
/// Most recipes within each other: a drink of a syrup of a base is three.
pub const MAX_DEPTH: usize = 5;
/// Most ingredients that one sold article comes to with all recipes within its recipe: a sale reads
/// each of them.
pub const MAX_TAKEN: usize = 200;
/// Longest name, in characters: what the day's books tell apart.
pub const MAX_NAME_CHARS: usize = 80;
/// Longest link to a supplier, in bytes.
pub const MAX_LINK_BYTES: usize = 300;

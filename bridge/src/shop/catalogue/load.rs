//! From a file to the articles in it, or to everything that is wrong with it.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use pos_protocol::event::Article;

use super::check::check;
use super::encoding::{Encoding, decode};
use super::error::CatalogueError;
use super::typed::Mistake;
use super::{MAX_FILE_BYTES, read_csv, read_toml};
use crate::config::Problem;

/// Reads and checks the catalogue at `path`: TOML where its name says so, else CSV.
pub fn load(path: &Path, said: Option<Encoding>) -> Result<Vec<Article>, CatalogueError> {
    let read = |source| CatalogueError::Read { path: path.to_owned(), source };
    let mut bytes = Vec::new();
    // One byte more than fits tells that there is more.
    let most = MAX_FILE_BYTES as u64 + 1;
    File::open(path).map_err(read)?.take(most).read_to_end(&mut bytes).map_err(read)?;
    parse(&bytes, path, said)
}

/// As [`load`], of what stands in the file.
pub fn parse(
    bytes: &[u8],
    path: &Path,
    said: Option<Encoding>,
) -> Result<Vec<Article>, CatalogueError> {
    let too_large =
        |found| CatalogueError::TooLarge { path: path.to_owned(), found, limit: MAX_FILE_BYTES };
    if bytes.len() > MAX_FILE_BYTES {
        return Err(too_large(bytes.len()));
    }
    let (text, _) = decode(bytes, said, path)?;
    if text.len() > MAX_FILE_BYTES {
        return Err(too_large(text.len()));
    }
    let is_toml = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("toml"));
    let lines = if is_toml { read_toml::read(&text) } else { read_csv::read(&text) };
    let articles = lines.and_then(|lines| check(&lines));
    articles.map_err(|mistakes| CatalogueError::Invalid(shown(mistakes, path, &text)))
}

/// Mistakes with the lines that they stand in, in the order of the file.
fn shown(mut mistakes: Vec<Mistake>, path: &Path, text: &str) -> Vec<Problem> {
    mistakes.sort_by_key(|mistake| mistake.at.start);
    let problem = |m: Mistake| Problem::new((path, text), m.at, m.expected, m.found, m.hint);
    mistakes.into_iter().map(problem).collect()
}

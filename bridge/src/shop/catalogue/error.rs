//! Why a catalogue cannot be used.

use std::io;
use std::path::PathBuf;

use crate::config::Problem;

/// Why a catalogue cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    /// The file cannot be read.
    #[error("expected a catalogue at {}, found: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// It is larger than any catalogue.
    #[error(
        "expected a catalogue of at most {limit} bytes at {}, found {found}\n\
         hint: keep sales and photos out of it; split several shops into a file each",
        path.display()
    )]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// Bytes in it.
        found: usize,
        /// Most bytes.
        limit: usize,
    },
    /// Its encoding cannot be told, or is not what was said.
    #[error(
        "{}:{line}: expected text in {expected}, found bytes that are none\n\
         hint: save it as \"CSV UTF-8\", or name its encoding: --encoding utf-8, big5, gb18030, \
         utf-16le",
        path.display()
    )]
    Encoding {
        /// The file.
        path: PathBuf,
        /// The first line that does not read.
        line: usize,
        /// What was tried.
        expected: String,
    },
    /// Two encodings read it equally well, as different words.
    #[error(
        "{}: expected text whose encoding shows, found some that reads as Big5 (\"{big5}\") and as \
         GB18030 (\"{gb18030}\")\nhint: say which: --encoding big5 or --encoding gb18030",
        path.display()
    )]
    Ambiguous {
        /// The file.
        path: PathBuf,
        /// A word of it read as Big5.
        big5: String,
        /// The same bytes read as GB18030.
        gb18030: String,
    },
    /// It was read, and these things are wrong with it: at least one, in the order of the file.
    #[error("{}", joined(.0))]
    Invalid(Vec<Problem>),
}

fn joined(problems: &[Problem]) -> String {
    let shown: Vec<String> = problems.iter().map(ToString::to_string).collect();
    shown.join("\n\n")
}

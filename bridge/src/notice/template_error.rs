//! What can be wrong with an owner's template, in words that name the file and the line.

use std::io;
use std::path::{Path, PathBuf};

/// Why a template is not used.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// The directory or a file cannot be read.
    #[error("{}: {source} (hint: the service's user must be able to read it)", path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The file is for no message.
    #[error(
        "{}: expected a name such as sale.text.j2, refund.markdown.j2 or digest.card.j2, found another \
         (hint: the names are in docs/NOTICES.md)",
        path.display()
    )]
    Unknown {
        /// Which.
        path: PathBuf,
    },
    /// The file is no template but something else.
    #[error("{}: expected a template of at most {most} bytes, found more", path.display())]
    TooLarge {
        /// Which.
        path: PathBuf,
        /// In bytes.
        most: u64,
    },
    /// It does not compile, or fails on a message.
    #[error("{}, line {line}: {why} (hint: {hint})", path.display())]
    Broken {
        /// Which.
        path: PathBuf,
        /// Where; 1 is the first.
        line: usize,
        /// What the template engine says.
        why: String,
        /// What to do.
        hint: &'static str,
    },
    /// It makes a message without words.
    #[error("{}: expected words, found an empty message (hint: begin with {{{{ title }}}})", path.display())]
    Empty {
        /// Which.
        path: PathBuf,
    },
    /// It makes a message that DingTalk would not take.
    #[error(
        "{}: expected at most {} bytes of message, found {found} (hint: leave parts out)",
        path.display(), super::templates::MAX_TEXT_BYTES
    )]
    TooLong {
        /// Which.
        path: PathBuf,
        /// In bytes as JSON.
        found: usize,
    },
    /// It leaves out what nobody can do without.
    #[error("{}: expected {{{{ {what} }}}} in the message, found it left out (hint: add it, or print all rows and the footer)", path.display())]
    LeavesOut {
        /// Which.
        path: PathBuf,
        /// The field's name.
        what: &'static str,
    },
}

impl TemplateError {
    pub(super) fn broken(path: &Path, error: &minijinja::Error) -> Self {
        use minijinja::ErrorKind;
        let hint = match error.kind() {
            ErrorKind::UndefinedError => {
                "the fields are in docs/NOTICES.md; test one that may be missing with {% if %}"
            }
            ErrorKind::UnknownFilter | ErrorKind::UnknownTest | ErrorKind::UnknownFunction => {
                "the filters there are: default, first, join, last, length, lower, replace, upper"
            }
            ErrorKind::OutOfFuel | ErrorKind::WriteFailure => "the template repeats too much",
            ErrorKind::BadSerialization => {
                "print a field of it, or test with {% if %} whether it is there"
            }
            _ => "{{ }} prints a field, {% if %} and {% for %} need their {% end... %}",
        };
        let why = match error.detail() {
            Some(detail) => format!("{}: {detail}", error.kind()),
            None => error.kind().to_string(),
        };
        Self::Broken { path: path.to_owned(), line: error.line().unwrap_or(1), why, hint }
    }
}

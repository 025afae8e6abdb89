//! What is wrong with a scenario, shown the way a compiler shows it.

use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// Why a scenario cannot be run.
#[derive(Debug, thiserror::Error)]
pub enum ScenarioError {
    /// The file cannot be read.
    #[error(
        "expected a scenario at {}, found: {source}\n\
         hint: the ones that come with possim are in simulator/scenarios",
        path.display()
    )]
    Read {
        /// The file.
        path: PathBuf,
        /// Why not.
        #[source]
        source: std::io::Error,
    },
    /// It was read, and these things are wrong with it: at least one, in the order of the file.
    #[error("{}", joined(.0))]
    Invalid(Vec<Problem>),
}

fn joined(problems: &[Problem]) -> String {
    let shown: Vec<String> = problems.iter().map(ToString::to_string).collect();
    shown.join("\n\n")
}

/// One thing that is wrong, at one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file, as it was named.
    pub file: PathBuf,
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// What should stand there.
    pub expected: String,
    /// What does.
    pub found: String,
    /// What a person can do.
    pub hint: String,
    shown: String,
}

impl Problem {
    /// A problem at the bytes `at` of `text`.
    pub(super) fn new(
        (file, text): (&Path, &str),
        at: &Range<usize>,
        expected: impl Into<String>,
        found: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        let start = text.floor_char_boundary(at.start.min(text.len()));
        let line_start = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
        let line_end = text[start..].find('\n').map_or(text.len(), |newline| start + newline);
        Self {
            file: file.to_owned(),
            line: line_of(text, start),
            column: text[line_start..start].chars().count() + 1,
            expected: expected.into(),
            found: found.into(),
            hint: hint.into(),
            shown: text[line_start..line_end].trim_end().to_owned(),
        }
    }
}

/// The line of the byte `at`, from 1.
pub(super) fn line_of(text: &str, at: usize) -> usize {
    text[..text.floor_char_boundary(at.min(text.len()))].matches('\n').count() + 1
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}:{}:{}: error", self.file.display(), self.line, self.column)?;
        writeln!(f, "{} | {}", self.line, self.shown)?;
        writeln!(f, "expected {}, found {}", self.expected, self.found)?;
        write!(f, "hint: {}", self.hint)
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::Problem;

    #[test]
    fn a_problem_names_file_line_what_was_expected_and_what_to_do() {
        let text = "name = \"x\"\nseed = \"收\" # y\n";
        let at = text.find("\"收").expect("there");
        let problem = Problem::new((Path::new("s.toml"), text), &(at..at + 5), "a", "b", "c");
        assert_eq!(
            problem.to_string(),
            "s.toml:2:8: error\n2 | seed = \"收\" # y\nexpected a, found b\nhint: c"
        );
    }

    #[test]
    fn a_place_at_the_end_or_inside_a_character_is_still_shown() {
        for (text, at) in [("", 0..0), ("name = ", 7..9), ("收", 1..2)] {
            let problem = Problem::new((Path::new("s.toml"), text), &at, "x", "y", "z");
            assert_eq!(problem.line, 1, "{text:?}");
        }
    }
}

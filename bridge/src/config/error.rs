//! What is wrong with a configuration, shown the way a compiler shows it. Lines that hold a secret
//! are shown without it.

use std::fmt;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// Keys whose values are never shown.
const SECRET_KEYS: [&str; 5] = ["url", "secret", "client_secret", "token", "proxy"];

/// What comes right before a token or a signing secret.
const SECRET_MARKS: [&str; 2] = ["access_token=", "SEC"];

/// Fewest letters and digits behind `SEC` that make it a secret and not a word.
const MIN_SECRET_BYTES: usize = 8;

/// Fewest letters and digits in a row that are a token and not a word; DingTalk's are 64.
const MIN_TOKEN_BYTES: usize = 40;

/// What is shown in place of a secret.
const MASK: &str = "\"***\"";

/// Why a configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error(
        "expected a configuration at {}, found: {source}\n\
         hint: name the file with -c, or let `posbridge init` write one",
        path.display()
    )]
    Read {
        /// The file.
        path: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// It was read, and these things are wrong with it: at least one, in the order of the file.
    #[error("{}", joined(.0))]
    Invalid(Vec<Problem>),
}

pub(super) fn joined(problems: &[Problem]) -> String {
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
    /// What does; never a secret.
    pub found: String,
    /// What a person can do.
    pub hint: String,
    shown: String,
    caret: String,
}

impl Problem {
    /// A problem at the bytes `at` of `text`.
    pub(crate) fn new(
        (file, text): (&Path, &str),
        at: Range<usize>,
        expected: impl Into<String>,
        found: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        let start = floor(text, at.start);
        let line_start = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
        let line_end = text[start..].find('\n').map_or(text.len(), |newline| start + newline);
        let source = text[line_start..line_end].trim_end_matches('\r');
        let before = &text[line_start..start.min(line_start + source.len())];
        let end =
            floor(text, at.end).clamp(start, line_start + source.len().max(start - line_start));
        let (shown, width) = match masked(source) {
            // The caret stands at the value's start, however long the secret is.
            Some(masked) => (masked, MASK.len().min(end - start)),
            None => (censored(source), width(&censored(&text[start..end]))),
        };
        Self {
            file: file.to_owned(),
            line: text[..start].matches('\n').count() + 1,
            column: before.chars().count() + 1,
            expected: censored(&expected.into()),
            found: censored(&found.into()),
            hint: without_tokens(&hint.into()),
            caret: caret_line(before, width),
            shown,
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = self.line.to_string();
        let gutter = " ".repeat(number.len());
        writeln!(f, "{}:{}:{}: error", self.file.display(), self.line, self.column)?;
        writeln!(f, "{gutter} |")?;
        writeln!(f, "{number} | {}", self.shown)?;
        writeln!(f, "{gutter} | {}", self.caret)?;
        writeln!(f, "expected {}, found {}", self.expected, self.found)?;
        write!(f, "hint: {}", self.hint)
    }
}

/// The nearest character boundary at or before `at`.
fn floor(text: &str, at: usize) -> usize {
    text.floor_char_boundary(at.min(text.len()))
}

/// Spaces as wide as `before`, then `width` carets, at least one.
fn caret_line(before: &str, width: usize) -> String {
    let indent: String = before
        .chars()
        .map(|c| {
            if c == '\t' {
                "\t"
            } else if is_wide(c) {
                "  "
            } else {
                " "
            }
        })
        .collect();
    indent + &"^".repeat(width.max(1))
}

fn width(text: &str) -> usize {
    text.chars().map(|c| if is_wide(c) { 2 } else { 1 }).sum()
}

/// Han, kana, Hangul and full-width forms take two columns on a terminal.
fn is_wide(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe6f}' | '\u{ff00}'..='\u{ff60}'
        | '\u{ffe0}'..='\u{ffe6}' | '\u{20000}'..='\u{3fffd}')
}

/// The line without the value of its first secret key and all that follows; nothing where there is
/// no such key.
fn masked(line: &str) -> Option<String> {
    let key_at = SECRET_KEYS.iter().filter_map(|key| key_value(line, key)).min()?;
    Some(format!("{} {MASK}", line[..key_at].trim_end()))
}

/// `text` without what looks like a signing secret or a token, for values under the wrong key.
fn censored(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((at, prefix)) =
        SECRET_MARKS.iter().filter_map(|mark| Some((rest.find(mark)?, mark.len()))).min()
    {
        let secret = &rest[at + prefix..];
        let len = secret.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(secret.len());
        let hidden = len >= MIN_SECRET_BYTES || rest[at..].starts_with(SECRET_MARKS[0]);
        out.push_str(&rest[..at + prefix]);
        out.push_str(if hidden { "***" } else { &secret[..len] });
        rest = &secret[len..];
    }
    without_tokens(&(out + rest))
}

/// `text` without runs of letters and digits that are longer than any word.
fn without_tokens(text: &str) -> String {
    let runs = text.split_inclusive(|c: char| !c.is_ascii_alphanumeric());
    let shown = runs.map(|run| {
        let word = run.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
        if word.len() < MIN_TOKEN_BYTES { run.to_owned() } else { run.replace(word, "***") }
    });
    shown.collect()
}

/// Just past the `=` of `key = value`, wherever in the line it stands.
fn key_value(line: &str, key: &str) -> Option<usize> {
    line.match_indices(key).find_map(|(at, _)| {
        let alone = !line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '-');
        let rest = &line[at + key.len()..];
        let after = rest.trim_start_matches(['"', '\'', ' ', '\t']);
        (alone && after.starts_with('=')).then(|| line.len() - after.len() + 1)
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Problem, censored, masked};

    #[test]
    fn a_line_with_a_secret_is_shown_without_it() {
        for (line, shown) in [
            ("url = \"https://x/?access_token=abc\"", "url = \"***\""),
            ("  \"secret\" = 'SECabc' # mine", "  \"secret\" = \"***\""),
            (
                "robot = [{name = \"a\", url = \"https://x\", token = 1}]",
                "robot = [{name = \"a\", url = \"***\"",
            ),
        ] {
            assert_eq!(masked(line).as_deref(), Some(shown), "{line}");
        }
        for line in ["url_file = \"robot.url\"", "curl = 1", "name = \"secret\""] {
            assert_eq!(masked(line), None, "{line}");
        }
    }

    #[test]
    fn a_secret_under_the_wrong_key_is_shown_by_its_first_letters_only() {
        for (text, shown) in [
            ("keywords = [\"SEC0123abcd\", \"x\"]", "keywords = [\"SEC***\", \"x\"]"),
            ("https://x/?a=1&access_token=ab&b=2", "https://x/?a=1&access_token=***&b=2"),
            ("name = \"SECOND floor\"", "name = \"SECOND floor\""),
        ] {
            assert_eq!(censored(text), shown);
        }
        let token = "0123456789abcdef".repeat(4);
        assert_eq!(censored(&format!("url_file = \"{token}\"")), "url_file = \"***\"");
        assert_eq!(censored(&format!("none in /etc/{token}, 收銀")), "none in /etc/***, 收銀");
    }

    #[test]
    fn the_caret_stands_under_the_value_behind_wide_characters() {
        let text = "a = 1\nkeywords = [\"收銀\", 5]\n";
        let at = text.find('5').expect("there");
        let problem =
            Problem::new((Path::new("p.toml"), text), at..at + 1, "a string", "5", "quote it");
        assert_eq!(
            problem.to_string(),
            "p.toml:2:19: error\n  |\n2 | keywords = [\"收銀\", 5]\n  |                     ^\n\
             expected a string, found 5\nhint: quote it"
        );
    }

    #[test]
    fn a_place_at_the_end_of_the_file_or_inside_a_character_is_still_shown() {
        for (text, at) in [("", 0..0), ("name = ", 7..9), ("收", 1..2), ("a\r\n", 1..3)] {
            let problem = Problem::new((Path::new("p.toml"), text), at, "x", "y", "z");
            assert!(problem.to_string().contains('^'), "{text:?}");
        }
    }
}

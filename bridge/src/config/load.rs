//! From a file to a checked configuration, or to everything that is wrong with it.

use std::ffi::OsString;
use std::io::{self, Read};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use super::error::{ConfigError, Problem};
use super::raw::RawConfig;
use super::resolve::resolve;
use super::resolved::Config;
use super::scope::{Scope, nearest};

/// Reads and checks the configuration at `path`. Keys that have no effect yet are logged.
pub fn load(path: &Path) -> Result<Config, ConfigError> {
    let read = |source| ConfigError::Read { path: path.to_owned(), source };
    let (text, mode) = read_file(path).map_err(read)?;
    let (config, notes) = judge(&text, path, &|name| std::env::var_os(name), Some(mode))?;
    for note in notes {
        tracing::info!("{note}");
    }
    Ok(config)
}

/// The text of a configuration and its permission bits, both of the same file.
fn read_file(path: &Path) -> io::Result<(String, u32)> {
    let mut file = std::fs::File::open(path)?;
    let mode = file.metadata()?.mode();
    let mut text = String::new();
    file.read_to_string(&mut text)?;
    Ok((text, mode))
}

/// Checks `text` as if it stood at `path`.
pub fn parse(text: &str, path: &Path) -> Result<Config, ConfigError> {
    Ok(parse_in(text, path, &|name| std::env::var_os(name))?.0)
}

/// As [`parse`], with the environment passed in; also answers what was accepted without effect.
pub fn parse_in(
    text: &str,
    path: &Path,
    env: &dyn Fn(&str) -> Option<OsString>,
) -> Result<(Config, Vec<String>), ConfigError> {
    judge(text, path, env, None)
}

fn judge(
    text: &str,
    path: &Path,
    env: &dyn Fn(&str) -> Option<OsString>,
    mode: Option<u32>,
) -> Result<(Config, Vec<String>), ConfigError> {
    let read = |source| ConfigError::Read { path: path.to_owned(), source };
    let file = std::path::absolute(path).map_err(read)?;
    let base = file.parent().unwrap_or(Path::new("/")).to_owned();
    let raw: RawConfig = toml::from_str(text)
        .map_err(|error| ConfigError::Invalid(vec![mistyped(path, text, &error)]))?;
    let mut scope = Scope::new(path, text, base, env, mode);
    let config = resolve(&raw, file, &mut scope);
    let (problems, notes) = scope.into_problems();
    match config {
        Some(config) if problems.is_empty() => Ok((config, notes)),
        _ => Err(ConfigError::Invalid(problems)),
    }
}

/// Syntax errors, unknown keys and wrong types come from the parser; they are said in our words.
fn mistyped(path: &Path, text: &str, error: &toml::de::Error) -> Problem {
    let at = error.span().unwrap_or(0..0);
    let message = error.message();
    let place = (path, text);
    if let Some(rest) = message.strip_prefix("unknown field `") {
        return unknown_key(place, at, rest);
    }
    if let Some(rest) = message.strip_prefix("invalid type: ")
        && let Some((found, expected)) = rest.rsplit_once(", expected ")
    {
        // A string that was typed in the wrong place could be a secret.
        let kind = found.split([' ', '`']).next().unwrap_or(found);
        let expected = type_word(expected);
        let hint = if kind == "string" {
            "take the quotes away, or move the value"
        } else {
            "write a value of that type"
        };
        return Problem::new(place, at, expected, format!("a value of type {kind}"), hint);
    }
    let message = message.lines().next().unwrap_or("a mistake");
    let (found, expected) = message.split_once(", expected ").unwrap_or((message, "TOML"));
    let hint = "strings stand in quotes, tables in [brackets], each key on its own line";
    Problem::new(place, at, expected, found, hint)
}

fn type_word(expected: &str) -> &str {
    match expected {
        "i64" => "a whole number",
        "a sequence" => "a list in [brackets]",
        other if other.starts_with("struct") => "a table",
        other => other,
    }
}

/// `rest` is what the parser says behind "unknown field" and a backtick: the key, then the known
/// keys in backticks.
fn unknown_key(place: (&Path, &str), at: std::ops::Range<usize>, rest: &str) -> Problem {
    let mut names = rest.split('`');
    let typed = names.next().unwrap_or_default().to_owned();
    let valid: Vec<&str> =
        names.skip(1).step_by(2).filter(|name| !REFUSED.contains(name)).collect();
    let hint = match nearest(&typed, valid.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("keys here: {}", valid.join(", ")),
    };
    Problem::new(place, at, "a known key", format!("`{typed}`"), hint)
}

/// Keys known to the parser only so that they can be refused with a better word.
pub(super) const REFUSED: [&str; 3] = ["secret", "token", "client_secret"];

//! From a file to a checked scenario, or to everything that is wrong with it.

use std::path::Path;

use super::error::{Problem, ScenarioError};
use super::raw::RawScenario;
use super::resolve::resolve;
use super::resolved::Scenario;
use super::scope::{Scope, hint_for};

impl Scenario {
    /// Reads and checks the scenario at `path`.
    pub fn read(path: &Path) -> Result<Self, ScenarioError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| ScenarioError::Read { path: path.to_owned(), source })?;
        Self::parse(&text, path)
    }

    /// Checks `text` as if it stood at `path`.
    pub fn parse(text: &str, path: &Path) -> Result<Self, ScenarioError> {
        let raw: RawScenario = toml::from_str(text)
            .map_err(|error| ScenarioError::Invalid(vec![mistyped(path, text, &error)]))?;
        let mut scope = Scope::new(path, text);
        let scenario = resolve(&raw, text, &mut scope);
        let problems = scope.into_problems();
        match scenario {
            Some(scenario) if problems.is_empty() => Ok(scenario),
            _ => Err(ScenarioError::Invalid(problems)),
        }
    }
}

/// Syntax errors, unknown keys and wrong types come from the parser; they are said in our words.
fn mistyped(path: &Path, text: &str, error: &toml::de::Error) -> Problem {
    let at = error.span().unwrap_or(0..0);
    let message = error.message();
    let place = (path, text);
    if let Some(rest) = message.strip_prefix("unknown field `") {
        let mut names = rest.split('`');
        let typed = names.next().unwrap_or_default();
        let known: Vec<&str> = names.skip(1).step_by(2).collect();
        let found = format!("`{typed}`");
        return Problem::new(place, &at, "a known key", found, hint_for(typed, &known));
    }
    if let Some(rest) = message.strip_prefix("invalid type: ")
        && let Some((found, expected)) = rest.rsplit_once(", expected ")
    {
        let hint = "times and rates stand in quotes, counts do not";
        return Problem::new(place, &at, type_word(expected), found, hint);
    }
    let message = message.lines().next().unwrap_or("a mistake");
    let (found, expected) = message.split_once(", expected ").unwrap_or((message, "TOML"));
    let hint = "strings stand in quotes, tables in [brackets], each key on its own line";
    Problem::new(place, &at, expected, found, hint)
}

fn type_word(expected: &str) -> &str {
    match expected {
        "i64" => "a whole number",
        "a sequence" => "a list in [brackets]",
        other if other.starts_with("struct") => "a table",
        other => other,
    }
}

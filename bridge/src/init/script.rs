//! Answers from a file, for a machine without a person at it: TOML, a key for each question.
//!
//! A question that it does not answer gets its default, and one without a default is an error.

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

use toml::{Spanned, Value};

use super::interview::Wrong;
use super::key::{Key, Question};
use crate::config::{Problem, nearest};

/// Why a file of answers cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ScriptError {
    /// It cannot be read.
    #[error("expected answers in {}, found: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// Something in it is wrong.
    #[error("{0}")]
    Wrong(Box<Problem>),
    /// A question without a default is not answered in it.
    #[error(
        "expected an answer to `{key}` in {}, found none\nhint: add a line: {key} = \"...\"",
        path.display()
    )]
    Missing {
        /// The file.
        path: PathBuf,
        /// The question.
        key: &'static str,
    },
    /// What was answered did not work, and there is nobody to ask once more.
    #[error("expected `{key}` to be settled by its answer, found it asked again: {why}")]
    Again {
        /// The question.
        key: &'static str,
        /// What happened.
        why: &'static str,
    },
}

/// The answers of a file.
pub struct Script {
    path: PathBuf,
    text: String,
    answers: BTreeMap<&'static str, (String, Range<usize>)>,
    asked: Vec<Key>,
}

/// Nothing that was answered: webhook and secret are among it.
impl fmt::Debug for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Script").field("path", &self.path).finish_non_exhaustive()
    }
}

impl Script {
    /// Reads the file at `path`.
    pub fn read(path: &Path) -> Result<Self, ScriptError> {
        let read = |source| ScriptError::Read { path: path.to_owned(), source };
        Self::parse(path, std::fs::read_to_string(path).map_err(read)?)
    }

    /// Reads `text` as if it stood at `path`.
    pub fn parse(path: &Path, text: String) -> Result<Self, ScriptError> {
        let wrong = |at, expected: &str, found: &str, hint: &str| {
            ScriptError::Wrong(Box::new(Problem::new((path, &text), at, expected, found, hint)))
        };
        let typed: BTreeMap<Spanned<String>, Spanned<Value>> =
            toml::from_str(&text).map_err(|error| {
                let at = error.span().unwrap_or(0..0);
                // The parser's further words quote lines, secrets included.
                let found = error.message().lines().next().unwrap_or("a mistake").to_owned();
                wrong(at, "answers in TOML", &found, "one a line: shop = \"Lucky Star\"")
            })?;
        let mut answers = BTreeMap::new();
        for (name, value) in typed {
            let known = Key::ALL.iter().find(|key| key.as_str() == name.get_ref());
            let Some(key) = known else {
                let names: Vec<&str> = Key::ALL.iter().map(|key| key.as_str()).collect();
                let hint = nearest(name.get_ref(), names.iter().copied()).map_or_else(
                    || format!("keys here: {}", names.join(", ")),
                    |near| format!("did you mean `{near}`?"),
                );
                let found = format!("`{}`", name.get_ref());
                return Err(wrong(name.span(), "a known key", &found, &hint));
            };
            let Some(text) = said(value.get_ref()) else {
                let expected = "a text, a number, true, false or a list of texts";
                return Err(wrong(value.span(), expected, "something else", "see OPERATIONS.md"));
            };
            answers.insert(key.as_str(), (text, value.span()));
        }
        Ok(Self { path: path.to_owned(), text, answers, asked: Vec::new() })
    }

    /// The answer to `question`; nothing means its default. `why` is what led to it where it was
    /// asked before.
    pub fn answer(
        &mut self,
        question: &Question,
        why: &'static str,
    ) -> Result<String, ScriptError> {
        let key = question.key;
        if self.asked.contains(&key) {
            return Err(ScriptError::Again { key: key.as_str(), why });
        }
        self.asked.push(key);
        match self.answers.get(key.as_str()) {
            Some((text, _)) => Ok(text.clone()),
            None if question.default.is_some() || key.may_be_none() || key == Key::Printer => {
                Ok(String::new())
            }
            None => Err(ScriptError::Missing { path: self.path.clone(), key: key.as_str() }),
        }
    }

    /// An answer that cannot be, at its place in the file.
    pub fn wrong(&self, wrong: &Wrong) -> ScriptError {
        let Some((_, at)) = self.answers.get(wrong.key.as_str()) else {
            return ScriptError::Missing { path: self.path.clone(), key: wrong.key.as_str() };
        };
        ScriptError::Wrong(Box::new(Problem::new(
            (&self.path, &self.text),
            at.clone(),
            &*wrong.expected,
            &*wrong.found,
            &*wrong.hint,
        )))
    }

    /// Answers that no question asked for, by key.
    pub fn unused(&self) -> Vec<&'static str> {
        let asked = |name: &&str| self.asked.iter().any(|key| key.as_str() == *name);
        self.answers.keys().copied().filter(|name| !asked(name)).collect()
    }
}

fn said(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Integer(number) => Some(number.to_string()),
        Value::Boolean(true) => Some("yes".to_owned()),
        Value::Boolean(false) => Some("no".to_owned()),
        Value::Array(list) => {
            let words: Option<Vec<&str>> = list.iter().map(Value::as_str).collect();
            words.map(|words| words.join(","))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Script, ScriptError};
    use crate::init::{Facts, Interview, Step};

    fn parse(text: &str) -> Result<Script, ScriptError> {
        Script::parse(Path::new("answers.toml"), text.to_owned())
    }

    #[test]
    fn an_unknown_key_is_named_with_its_line_and_the_one_that_was_meant() {
        let error = parse("shop = \"Lucky Star\"\nrobot_ulr = \"x\"\n").expect_err("unknown");
        let said = error.to_string();
        assert!(said.starts_with("answers.toml:2:1: error"), "{said}");
        assert!(said.contains("did you mean `robot_url`?"), "{said}");
        let said = parse("shop = [[1]]").expect_err("no answer").to_string();
        assert!(said.starts_with("answers.toml:1:8: error"), "{said}");
    }

    #[test]
    fn a_wrong_answer_is_shown_where_it_stands_and_a_missing_one_by_its_key() {
        let mut script =
            parse("kind = \"file\"\npath = \"a\"\nshop = \"a\"\ntimezone = \"Mars\"\n")
                .expect("TOML");
        let facts = Facts { scripted: true, journal: "j.db".into(), ..Facts::default() };
        let mut interview = Interview::new(facts, Path::new("posbridge.toml"));
        let said = loop {
            let Step::Ask(question) = interview.next() else { panic!("no question") };
            let answer = script.answer(&question, "").expect("answered");
            if let Err(wrong) = interview.answer(&answer) {
                break script.wrong(&wrong).to_string();
            }
        };
        assert!(said.starts_with("answers.toml:4:12: error"), "{said}");
        assert!(said.contains("a time zone this machine knows"), "{said}");
        let Step::Ask(question) = interview.next() else { panic!("no question") };
        let again = script.answer(&question, "it is unknown").expect_err("once").to_string();
        assert!(again.contains("`timezone`") && again.ends_with("it is unknown"), "{again}");
    }

    #[test]
    fn neither_answers_nor_interview_show_what_was_answered() {
        let script = parse("robot_url = \"https://x/?access_token=t0ken\"\n").expect("TOML");
        let facts = Facts { journal: "j.db".into(), ..Facts::default() };
        let mut interview = Interview::new(facts, Path::new("posbridge.toml"));
        interview.answer("zh-HK").expect("a language");
        let shown = format!("{script:?} {interview:?}");
        assert!(shown.contains("answers.toml") && shown.contains("language"), "{shown}");
        assert!(!shown.contains("t0ken") && !shown.contains("zh-HK"), "{shown}");
    }

    #[test]
    fn no_secret_of_a_broken_file_is_repeated() {
        let token = "a1".repeat(32);
        for text in [
            format!("robot_url = \"https://x/?access_token={token}\nshop = 1"),
            format!("robot_url = {{ a = \"https://x/?access_token={token}\" }}"),
            format!("robot_secret = [\"SEC{token}\", 1]"),
        ] {
            let said = parse(&text).expect_err("wrong").to_string();
            assert!(!said.contains(&token), "{said}");
        }
    }
}

//! The order of the questions, and what each answer may be. Pure: the same facts and answers always
//! lead to the same place.
//!
//! An answer is judged by the configuration's own rules (`answer`): the file that would follow from it
//! so far is parsed as `check` parses it. Nothing is done here; a deed is handed out as a [`Step`].

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use super::choices::NETWORK;
use super::file;
use super::key::{Key, Question};
use super::words::Tongue;
use crate::config::{self, Config, ConfigError, Robot};
use crate::operate::probe::Line;
use crate::secret::Secret;
use crate::shop::FindingKind;
use pos_protocol::event::Kind;

/// What listens on every port at once.
pub(super) const ANY: &str = "any";

/// What is known before the first question.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// There is a configuration already.
    pub exists: bool,
    /// Serial ports that nobody has, each with what its adapter says of itself.
    pub ports: Vec<(PathBuf, String)>,
    /// Where the journal goes.
    pub journal: String,
    /// A file answers, which cannot be asked twice.
    pub scripted: bool,
}

/// How a line was found to be set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The port, where several were listened to.
    pub port: PathBuf,
    /// Speed, bits, parity.
    pub line: Line,
    /// The printer's language.
    pub dialect: String,
    /// The printer's text.
    pub encoding: String,
}

/// What listening came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// A line that reads well.
    Well(Found),
    /// Nothing, or nothing that reads well.
    Nothing,
}

/// What comes next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A question.
    Ask(Question),
    /// Listen on these ports.
    Hear(Vec<PathBuf>),
    /// Send the test message.
    Test,
    /// All is known: write it.
    Write,
    /// The answers say that nothing is to be written.
    Stop,
    /// The test message was refused, and nobody wants to go on.
    Refused,
}

/// An answer that cannot be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}: expected {expected}, found {found}\nhint: {hint}", key.as_str())]
pub struct Wrong {
    /// Which answer.
    pub key: Key,
    /// What could be answered.
    pub expected: String,
    /// What was; never a secret.
    pub found: String,
    /// What to do.
    pub hint: String,
}

/// Where the interview stands.
#[derive(Clone)]
pub struct Interview {
    pub(super) facts: Facts,
    pub(super) given: BTreeMap<Key, String>,
    pub(super) found: Option<Found>,
    /// Whether the group has the test message.
    tested: Option<bool>,
    /// Nobody listens: one port has to be named.
    pub(super) deaf: bool,
    /// The configuration's place, for what is named relative to it.
    path: PathBuf,
}

/// Nothing that was answered: webhook and secret are among it.
impl fmt::Debug for Interview {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let given: Vec<&str> = self.given.keys().map(|key| key.as_str()).collect();
        f.debug_struct("Interview").field("given", &given).finish_non_exhaustive()
    }
}

impl Interview {
    /// Begins.
    pub fn new(facts: Facts, path: &Path) -> Self {
        let given = BTreeMap::new();
        Self { facts, given, found: None, tested: None, deaf: false, path: path.to_owned() }
    }

    /// The language that is spoken with whoever answers.
    pub fn tongue(&self) -> Tongue {
        if self.is(Key::Language, "zh-HK") { Tongue::Chinese } else { Tongue::English }
    }

    /// What was answered.
    pub fn given(&self, key: Key) -> Option<&str> {
        self.given.get(&key).map(String::as_str)
    }

    pub(super) fn is(&self, key: Key, word: &str) -> bool {
        self.given(key) == Some(word)
    }

    /// What comes next.
    pub fn next(&self) -> Step {
        if self.is(Key::Overwrite, "no") || self.is(Key::Write, "no") {
            return Step::Stop;
        }
        if self.is(Key::IfRefused, "stop") {
            return Step::Refused;
        }
        for &key in Key::ALL {
            if self.applies(key) && self.given(key).is_none() {
                return Step::Ask(self.question(key));
            }
            if key == Key::Hear && self.is(Key::Hear, "yes") && self.found.is_none() {
                return Step::Hear(self.ports());
            }
            if key == Key::Test && self.is(Key::Test, "yes") && self.tested.is_none() {
                return Step::Test;
            }
        }
        Step::Write
    }

    fn ports(&self) -> Vec<PathBuf> {
        match self.given(Key::Port) {
            Some(ANY) => self.facts.ports.iter().map(|(path, _)| path.clone()).collect(),
            Some(port) => vec![PathBuf::from(port)],
            None => Vec::new(),
        }
    }

    /// Whether a question has a place in this interview.
    pub(super) fn applies(&self, key: Key) -> bool {
        let kind = self.given(Key::Kind).unwrap_or_default();
        let serial = matches!(kind, "serial-tap" | "serial-inline");
        match key {
            Key::Overwrite => self.facts.exists,
            Key::Port | Key::Hear | Key::Line => serial,
            Key::Upstream => kind == "tcp-proxy",
            Key::Listen => matches!(kind, "tcp-proxy" | "tcp-printer"),
            Key::Printer => matches!(kind, "serial-inline" | "tcp-printer"),
            Key::Path => kind == "file",
            Key::PagePassword => self.is(Key::Page, NETWORK),
            Key::IfRefused => self.tested == Some(false),
            _ => true,
        }
    }

    /// Takes the answer to the question that [`Interview::next`] asks.
    pub fn answer(&mut self, typed: &str) -> Result<(), Wrong> {
        let Step::Ask(question) = self.next() else { return Ok(()) };
        let key = question.key;
        // A password is what was typed, blanks and all: so it is typed to log in.
        let typed = if key == Key::PagePassword { typed } else { typed.trim() };
        let answer = self.read(&question, typed)?;
        self.given.insert(key, answer);
        if self.is(Key::Hear, "no") && self.is(Key::Port, ANY) {
            // Which of them it is would have been heard.
            self.given.remove(&Key::Port);
            self.deaf = true;
            return Ok(());
        }
        if key == Key::IfRefused {
            self.once_more();
            return Ok(());
        }
        if let Err(wrong) = self.judged(key) {
            self.given.remove(&key);
            return Err(wrong);
        }
        Ok(())
    }

    /// The configuration that follows from what was answered so far; what is not known yet stands
    /// as it is by default.
    pub fn config(&self) -> Result<Config, ConfigError> {
        let nowhere = |_: &str| None;
        Ok(config::parse_in(&file::sketch(self), &self.path, &nowhere)?.0)
    }

    /// What listening came to. Where that is nothing, it is asked whether to listen once more.
    pub fn heard(&mut self, heard: Heard) {
        self.given.remove(&Key::Hear);
        if let Heard::Well(found) = heard {
            self.given.insert(Key::Port, found.port.display().to_string());
            self.given.insert(Key::Hear, "yes".to_owned());
            self.found = Some(found);
        }
    }

    /// What became of the test message.
    pub fn tested(&mut self, delivered: bool) {
        self.tested = Some(delivered);
    }

    /// Whether the group has the test message.
    pub fn was_delivered(&self) -> Option<bool> {
        self.tested
    }

    /// After a refusal: what is to be different is asked again, and the message sent again.
    fn once_more(&mut self) {
        let again = match self.given(Key::IfRefused) {
            Some("url") => Some(Key::RobotUrl),
            Some("secret") => Some(Key::RobotSecret),
            Some("keyword") => Some(Key::Keyword),
            Some("again") => None,
            _ => return,
        };
        if let Some(key) = again {
            self.given.remove(&key);
        }
        self.given.remove(&Key::IfRefused);
        self.tested = None;
    }

    /// What is told: kinds of event, and of finding.
    pub fn told(&self) -> (Vec<Kind>, Vec<FindingKind>) {
        let words = self.given(Key::Notices).unwrap_or_default();
        let words: Vec<&str> = words.split(',').collect();
        let kinds = words.iter().filter_map(|word| Kind::parse(word)).collect();
        (kinds, words.iter().filter_map(|word| FindingKind::parse(word)).collect())
    }

    /// `robot` with the signing secret that was answered: the file that it will stand in is not there
    /// yet.
    pub fn signing(&self, robot: &Robot) -> Robot {
        let secret = self.given(Key::RobotSecret).filter(|secret| !secret.is_empty());
        Robot { secret: secret.map(Secret::new), ..robot.clone() }
    }
}

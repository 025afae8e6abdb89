//! What an answer means, and whether it can be: by the question's own choices first, then by the
//! configuration's rules.

use super::interview::{ANY, Interview, Wrong};
use super::key::{Key, Question};
use crate::config::{ConfigError, Parity};
use crate::operate::probe::Line;
use crate::web::{Password, Weak};

/// Longest answer, in bytes: a webhook is about 120.
const MAX_ANSWER_BYTES: usize = 1_024;
/// Most sales a day that are believed.
const MAX_SALES_A_DAY: u64 = 100_000;
/// What comes before a token in a webhook.
const TOKEN_MARK: &str = "access_token=";

impl Interview {
    /// What is meant, in the words of the configuration.
    pub(super) fn read(&self, question: &Question, typed: &str) -> Result<String, Wrong> {
        let key = question.key;
        let wrong = |expected: &str, hint: &str| Wrong {
            key,
            expected: expected.to_owned(),
            found: if key.is_secret() { "something else".to_owned() } else { format!("{typed:?}") },
            hint: hint.to_owned(),
        };
        if typed.len() > MAX_ANSWER_BYTES || typed.chars().any(char::is_control) {
            let expected = format!("one line of at most {MAX_ANSWER_BYTES} bytes");
            return Err(wrong(&expected, "type it again"));
        }
        if typed.contains(TOKEN_MARK) && !key.is_secret() {
            return Err(Wrong {
                found: "an address with a token".to_owned(),
                ..wrong("an answer without a secret", "it is asked for later, and not shown then")
            });
        }
        if typed.is_empty() {
            let none =
                key.may_be_none() || key == Key::Printer && self.is(Key::Kind, "tcp-printer");
            return match &question.default {
                Some(default) => Ok(default.clone()),
                None if none => Ok(String::new()),
                None => Err(wrong("an answer", "this one has no default")),
            };
        }
        let words: Vec<&str> = question.choices.iter().map(|choice| &*choice.word).collect();
        let one_of = || wrong(&words.join(", "), "type the word or its number");
        if question.several {
            let list = typed.split([',', ' ', '，', '、']).filter(|word| !word.is_empty());
            let meant: Option<Vec<String>> = list.map(|word| question.meant(word)).collect();
            let meant = meant.filter(|list| !list.is_empty()).ok_or_else(one_of)?;
            return Ok(meant.join(","));
        }
        let meant = question.meant(typed).ok_or_else(one_of)?;
        match key {
            Key::Line => line(&meant).map(Line::shown).ok_or_else(|| {
                wrong("a speed such as 9600, or 9600 7E1", "the printer's self-test prints it")
            }),
            Key::SalesADay => match meant.parse::<u64>() {
                Ok(sales) if sales <= MAX_SALES_A_DAY => Ok(sales.to_string()),
                _ => Err(wrong("a number such as 150", "roughly: it is for the forecast only")),
            },
            // A secret stands in a file of one word.
            Key::RobotUrl | Key::RobotSecret if meant.contains(char::is_whitespace) => {
                Err(wrong("one word without a blank", "copy it once more from DingTalk"))
            }
            Key::PagePassword => match Password::is_strong(&meant) {
                Ok(()) => Ok(meant),
                Err(weak) => {
                    let found = weak.found();
                    Err(Wrong { found, ..wrong(&weak.expected(), Weak::HINT) })
                }
            },
            Key::Port if meant == ANY && !self.may_be_any() => {
                Err(wrong("the path of a port", "posbridge ports lists them"))
            }
            _ => Ok(meant),
        }
    }

    /// Whether the file that follows so far is right.
    pub(super) fn judged(&self, key: Key) -> Result<(), Wrong> {
        match self.config() {
            Err(ConfigError::Invalid(problems)) => {
                let problem = problems.into_iter().next();
                let (expected, found, hint) = problem.map_or_else(Default::default, |problem| {
                    (problem.expected, problem.found, problem.hint)
                });
                Err(Wrong { key, expected, found, hint })
            }
            _ => Ok(()),
        }
    }
}

/// `9600`, or `9600 7E1`.
pub(super) fn line(text: &str) -> Option<Line> {
    let (baud, bits) = text.split_once(' ').unwrap_or((text, "8N1"));
    let baud = baud.parse().ok()?;
    let &[data @ (b'7' | b'8'), parity, b'1'] = bits.trim().as_bytes() else { return None };
    let parity = match parity.to_ascii_uppercase() {
        b'N' => Parity::None,
        b'O' => Parity::Odd,
        b'E' => Parity::Even,
        _ => return None,
    };
    Some(Line { baud, data_bits: data - b'0', parity })
}

//! A question as it is asked: its choices, and what stands in it where nobody types anything.

use super::choices::{ANY_PORT, HERE, choices};
use super::interview::{ANY, Interview};
use super::key::{Choice, Key, Question};
use super::words::Tongue;
use crate::config::{DEFAULT_FINDINGS, DEFAULT_NOTICES};

impl Interview {
    pub(super) fn question(&self, key: Key) -> Question {
        let tongue = self.tongue();
        let choices = match key {
            Key::Port => self.port_choices(tongue),
            _ => choices(key, tongue),
        };
        let open = matches!(key, Key::Port | Key::Timezone | Key::Currency | Key::Encoding);
        Question { key, choices, open, several: key == Key::Notices, default: self.default(key) }
    }

    pub(super) fn may_be_any(&self) -> bool {
        self.facts.ports.len() > 1 && !self.deaf
    }

    fn port_choices(&self, tongue: Tongue) -> Vec<Choice> {
        let ports = self.facts.ports.iter();
        let mut choices: Vec<Choice> = ports
            .map(|(path, says)| Choice { word: path.display().to_string(), says: says.clone() })
            .collect();
        if self.may_be_any() {
            let says = ANY_PORT.of(tongue).to_owned();
            choices.push(Choice { word: ANY.to_owned(), says });
        }
        choices
    }

    fn default(&self, key: Key) -> Option<String> {
        let found = self.found.as_ref();
        let text = match key {
            Key::Language => "en",
            Key::Overwrite => "no",
            Key::Kind => "serial-tap",
            Key::Port => match &self.facts.ports[..] {
                [] => return None,
                [(only, _)] => return Some(only.display().to_string()),
                _ if !self.may_be_any() => return None,
                _ => ANY,
            },
            Key::Hear | Key::Test | Key::Write => "yes",
            Key::Line => return Some(found.map_or("9600 8N1".into(), |found| found.line.shown())),
            Key::Dialect => {
                return Some(found.map_or("auto".into(), |found| found.dialect.clone()));
            }
            // Digits and Latin letters read alike in all of them.
            Key::Encoding => match found.map(|found| &*found.encoding) {
                Some("ascii") | None => "auto",
                Some(encoding) => encoding,
            },
            Key::Listen => "0.0.0.0:9100",
            Key::Source => "counter-1",
            Key::Timezone => "Asia/Hong_Kong",
            Key::Currency => "HKD",
            Key::Speaks => "zh-HK",
            Key::IfRefused => {
                if self.facts.scripted {
                    "stop"
                } else {
                    "again"
                }
            }
            Key::SalesADay => "150",
            Key::Notices => return Some(default_notices()),
            Key::Sales => "auto",
            Key::Page => HERE,
            Key::Journal => return Some(self.facts.journal.clone()),
            Key::Upstream
            | Key::Printer
            | Key::Path
            | Key::Shop
            | Key::Hours
            | Key::RobotUrl
            | Key::RobotSecret
            | Key::PagePassword
            | Key::Keyword => return None,
        };
        Some(text.to_owned())
    }
}

fn default_notices() -> String {
    let kinds = DEFAULT_NOTICES.iter().map(|kind| kind.as_str());
    let findings = DEFAULT_FINDINGS.iter().map(|kind| kind.as_str());
    kinds.chain(findings).collect::<Vec<_>>().join(",")
}

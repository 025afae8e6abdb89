//! The story as it is written down: what people did, what the group read, how cards stood.

use std::time::Duration;

use jiff::civil::DateTime;
use possim::dingtalk::{ShownMessage, Via};
use serde_json::{Value, json};

use super::names::Names;
use super::shops::PEOPLE;
use super::stage::{Stage, text_of};
use crate::wait::until;

/// Longest wait for a message: a robot's allowance of a minute may be used up, and two cores busy.
const PATIENCE: Duration = Duration::from_secs(90);
/// What stands on a card besides its buttons.
const CARD: [&str; 5] = ["title", "text", "time", "state", "seen"];
/// What of it may be another after a press.
const PRESSED: [&str; 3] = ["title", "state", "seen"];

/// How many messages of each way a scene brings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Heard {
    /// By the robot's queue.
    pub(super) robot: usize,
    /// Answers to a question.
    pub(super) answers: usize,
    /// Cards.
    pub(super) cards: usize,
}

impl Heard {
    fn of(said: &[ShownMessage]) -> Self {
        let by = |via: Option<Via>| said.iter().filter(|shown| shown.speech.via == via).count();
        Self {
            robot: by(None),
            answers: by(Some(Via::Session)) + by(Some(Via::Group)),
            cards: by(Some(Via::Card)),
        }
    }
}

/// What was written so far.
#[derive(Debug, Default)]
pub(super) struct Diary {
    text: String,
    /// The newest message that is written down.
    seen: u64,
}

impl Diary {
    /// A diary that begins after what was said until now.
    pub(super) fn begin(stage: &Stage) -> Self {
        let seen = stage.mock.messages().last().map_or(0, |shown| shown.seq);
        Self { text: String::new(), seen }
    }

    /// The whole text, with `names` for what was named by chance.
    pub(super) fn finish(self, names: &Names) -> String {
        let text = names.put_into(&self.text);
        let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
        format!("{}\n", lines.join("\n").trim())
    }

    /// A heading.
    pub(super) fn part(&mut self, title: &str) {
        self.line(&format!("\n# {title}"));
    }

    /// Sets the clock and says what happens then.
    pub(super) fn scene(&mut self, stage: &Stage, at: DateTime, what: &str) {
        stage.at(at);
        self.line(&format!("\n== {} {what}", at.strftime("%m-%d %H:%M")));
    }

    pub(super) fn line(&mut self, text: &str) {
        self.text.push_str(text);
        self.text.push('\n');
    }

    /// Lines that belong to the one before.
    fn within(&mut self, text: &str) {
        for line in text.lines() {
            self.line(&format!("    {line}"));
        }
    }

    /// Waits for as many messages as the scene brings, and writes them down.
    pub(super) fn hear(&mut self, stage: &Stage, expected: Heard) -> Vec<ShownMessage> {
        let mut said = until(PATIENCE, &format!("{expected:?} in the group"), || {
            let said = stage.said_after(self.seen);
            let heard = Heard::of(&said);
            let enough = heard.robot >= expected.robot
                && heard.answers >= expected.answers
                && heard.cards >= expected.cards;
            if enough { Ok(said) } else { Err(format!("{said:#?}")) }
        });
        self.seen = said.iter().map(|shown| shown.seq).max().unwrap_or(self.seen);
        // Within a way the order is kept.
        said.sort_by_key(|shown| match shown.speech.via {
            Some(Via::Person) => 0,
            None => 1,
            Some(Via::Session | Via::Group | Via::OneToOne) => 2,
            Some(Via::Card) => 3,
        });
        for shown in &said {
            self.message(stage, shown);
        }
        assert_eq!(Heard::of(&said), expected, "{said:#?}");
        said
    }

    fn message(&mut self, stage: &Stage, shown: &ShownMessage) {
        if let Some(card) = &shown.speech.out_track_id {
            self.line("[卡片]");
            self.card(stage, card);
            return;
        }
        if let Some(from) = &shown.speech.from {
            self.line(&format!("{}：@收銀 {}", person(from), shown.text));
            return;
        }
        let title = shown.title.as_deref().unwrap_or_default();
        let way = if shown.speech.via.is_some() { "應用" } else { "收銀" };
        self.line(&format!("[{way}] {title}"));
        self.within(&shown.text);
        for button in &shown.card.buttons {
            self.within(&format!("［{}］ {}", button.title, button.url));
        }
        if !shown.mentions.is_empty() {
            let people: Vec<&str> = shown.mentions.iter().map(|one| &*one.who).collect();
            self.within(&format!("@ {}", people.join(", ")));
        }
    }

    /// A card as it stands.
    pub(super) fn card(&mut self, stage: &Stage, name: &str) {
        let card = find(stage, name);
        self.shown(&card, &CARD);
    }

    fn shown(&mut self, card: &Value, parts: &[&str]) {
        let value = |field: &str| text_of(&card["data"], field);
        for part in parts.iter().map(|part| value(part)).filter(|part| !part.is_empty()) {
            self.within(&part.replace("\n\n", "\n"));
        }
        if value("open") == "true" {
            let buttons = card["buttons"].as_object().into_iter().flatten();
            let words = buttons.map(|(_, word)| format!("［{}］", plain(word)));
            self.within(&words.collect::<String>());
        }
    }

    /// Somebody says something and is answered.
    pub(super) fn ask(&mut self, stage: &Stage, user: &str, text: &str) {
        stage.post("say", &json!({"user": user, "nick": person(user), "text": text}));
        self.hear(stage, Heard { answers: 1, ..Heard::default() });
    }

    /// Somebody presses a button of a card, and what they and everybody see then.
    pub(super) fn press(&mut self, stage: &Stage, user: &str, card: &str, action: &str) {
        let before = find(stage, card);
        let press = json!({"outTrackId": card, "user": user, "action": action});
        let answer = stage.post("press", &press);
        assert_eq!(answer["answered"], true, "{answer}");
        let after = find(stage, card);
        assert_eq!(after["data"]["text"], before["data"]["text"], "the receipt stays");
        self.line(&format!(
            "{} 按「{}」，卡片變成：",
            person(user),
            plain(&after["buttons"][action])
        ));
        self.shown(&after, &PRESSED);
        let told = text_of(&after["privateData"][user], "told");
        self.within(&format!("（只有{}看到：{told}）", person(user)));
    }

    /// A list, one entry a line.
    pub(super) fn list(&mut self, entries: &[String]) {
        for entry in entries {
            self.line(&format!("- {}", entry.replace('\n', "\n  ")));
        }
    }
}

impl Drop for Diary {
    #[expect(clippy::print_stderr, reason = "what a failed test needs to be understood")]
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the story so far:\n{}", self.text);
        }
    }
}

/// A card in its present state.
fn find(stage: &Stage, name: &str) -> Value {
    let cards = stage.look("cards");
    let found = cards.as_array().into_iter().flatten().find(|card| card["outTrackId"] == name);
    found.expect("a card").clone()
}

/// A person by name and user id.
pub(super) fn person(user: &str) -> String {
    let name = PEOPLE.iter().find(|(id, _)| *id == user).map_or("?", |(_, name)| name);
    format!("{name} ({user})")
}

/// JSON on one line, its texts without escapes.
pub(super) fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

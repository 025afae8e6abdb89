//! A message before it has a format: what is said, in order. It is what templates are given.
//!
//! It holds no people's data: it is made from what `privacy` lets through.

use serde::Serialize;

use super::words::{self, Sign};
use crate::config::{Language, Mode};

/// How a message is meant, seen before it is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Tone {
    /// Business as usual.
    #[default]
    Ordinary,
    /// Money or a drawer moved that somebody may have to look into.
    Alarm,
    /// Something needs a hand.
    Warning,
    /// Something is well again.
    Good,
}

impl Tone {
    /// The colour of its headline, in DingTalk's Markdown.
    fn colour(self) -> Option<&'static str> {
        match self {
            Self::Ordinary => None,
            Self::Alarm => Some("#D9001B"),
            Self::Warning => Some("#D46B08"),
            Self::Good => Some("#2E8B3D"),
        }
    }
}

/// Which built-in template says it, where the owner has none for its kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Group {
    /// What happens at a till all day.
    #[default]
    Event,
    /// What somebody has to look at.
    Alert,
    /// Many sales at once.
    Digest,
    /// What a day, a week or a month brought.
    Summary,
    /// The bridge about itself.
    Alarm,
    /// The test message.
    Hello,
}

impl Group {
    pub(super) const ALL: [Self; 6] =
        [Self::Event, Self::Alert, Self::Digest, Self::Summary, Self::Alarm, Self::Hello];

    /// Its part of a template's file name.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Event => "event",
            Self::Alert => "alert",
            Self::Digest => "digest",
            Self::Summary => "summary",
            Self::Alarm => "alarm",
            Self::Hello => "hello",
        }
    }
}

/// A label and what stands behind it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Row {
    pub(super) label: &'static str,
    pub(super) value: String,
}

/// Lines under a heading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Section {
    pub(super) title: &'static str,
    /// Colour of its lines, where somebody should look at them.
    pub(super) colour: Option<&'static str>,
    pub(super) lines: Vec<String>,
}

/// What is said, and the parts it is made of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Card {
    #[serde(skip)]
    pub(super) group: Group,
    /// `sale`, `refund`, ... or the group's name.
    pub(super) kind: &'static str,
    /// BCP 47.
    pub(super) language: &'static str,
    /// The shop's name.
    pub(super) shop: String,
    /// Between a label and its value.
    pub(super) colon: &'static str,
    /// Mark and headline.
    pub(super) title: String,
    /// Mark of a test, before everything else.
    pub(super) mark: Option<&'static str>,
    /// Colour of the headline, where it is no ordinary message.
    pub(super) colour: Option<&'static str>,
    /// One line that says it all.
    pub(super) headline: String,
    /// The sign, the word and the numbers in the headline.
    pub(super) emoji: &'static str,
    pub(super) word: &'static str,
    pub(super) number: Option<String>,
    pub(super) amount: Option<String>,
    /// What is doubtful.
    pub(super) warnings: Vec<String>,
    /// Label and value.
    pub(super) rows: Vec<Row>,
    /// Lines of goods, of a digest or of the paper.
    pub(super) lines: Vec<String>,
    /// Parts of a summary.
    pub(super) sections: Vec<Section>,
    /// Label and value that come last.
    pub(super) footer: Vec<Row>,
    /// The event's short id.
    pub(super) id: Option<String>,
}

impl Card {
    /// A card without anything on it but its headline.
    pub(super) fn new(group: Group, kind: &'static str, mode: Mode, language: Language) -> Self {
        Self {
            group,
            kind,
            language: language_tag(language),
            colon: words::COLON.of(language),
            mark: (mode == Mode::Setup).then(|| words::TEST.of(language)),
            ..Self::default()
        }
    }

    /// With its headline, and the sign and word it begins with.
    pub(super) fn headed(
        mut self,
        headline: String,
        sign: Sign,
        tone: Tone,
        language: Language,
    ) -> Self {
        self.title = match self.mark {
            Some(mark) => format!("{mark} {headline}"),
            None => headline.clone(),
        };
        self.headline = headline;
        self.emoji = sign.emoji;
        self.word = sign.word.of(language);
        self.colour = tone.colour();
        self
    }

    /// Adds a row where there is something to say.
    pub(super) fn row(&mut self, label: &'static str, value: Option<String>) {
        if let Some(value) = value {
            self.rows.push(Row { label, value });
        }
    }

    /// Adds lines under a heading where there are any.
    pub(super) fn section(&mut self, title: &'static str, tone: Tone, lines: Vec<String>) {
        if !lines.is_empty() {
            self.sections.push(Section { title, colour: tone.colour(), lines });
        }
    }

    /// What a person must find in the message, whoever wrote its template.
    pub(super) fn required(&self) -> impl Iterator<Item = &str> {
        let always = [self.number.as_deref(), self.id.as_deref()];
        let lines = if self.group == Group::Digest { &self.lines[..] } else { &[] };
        always.into_iter().flatten().chain(lines.iter().map(String::as_str))
    }
}

fn language_tag(language: Language) -> &'static str {
    match language {
        Language::ZhHk => "zh-HK",
        Language::ZhCn => "zh-CN",
        Language::En => "en",
        Language::Id => "id",
    }
}

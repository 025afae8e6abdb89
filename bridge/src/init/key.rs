//! What is asked, by name: the names are the keys of an answers file.

use super::words::{self, Tongue};

macro_rules! keys {
    ($($(#[$doc:meta])+ $variant:ident = $word:literal),+ $(,)?) => {
        /// A question.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Key { $($(#[$doc])+ $variant),+ }

        impl Key {
            /// All of them, in the order in which they are asked.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Its key in an answers file.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }
    };
}

keys! {
    /// The language of the questions.
    Language = "language",
    /// Whether a configuration that is there may be replaced.
    Overwrite = "overwrite",
    /// How the bytes are got.
    Kind = "kind",
    /// The serial port towards the till.
    Port = "port",
    /// Whether it is listened to.
    Hear = "hear",
    /// Speed, and data bits and parity where they are not 8N1.
    Line = "line",
    /// The printer's language.
    Dialect = "dialect",
    /// The printer's text.
    Encoding = "encoding",
    /// Where the till connects.
    Listen = "listen",
    /// The printer on the network.
    Upstream = "upstream",
    /// The port or device that prints.
    Printer = "printer",
    /// The file.
    Path = "path",
    /// The till's name.
    Source = "source",
    /// The shop's name.
    Shop = "shop",
    /// Its time zone.
    Timezone = "timezone",
    /// Its currency.
    Currency = "currency",
    /// The language of its messages.
    Speaks = "speaks",
    /// When it is open.
    Hours = "hours",
    /// The robot's webhook.
    RobotUrl = "robot_url",
    /// Its signing secret.
    RobotSecret = "robot_secret",
    /// Its keyword.
    Keyword = "keyword",
    /// Whether a test message is sent.
    Test = "test",
    /// What to do where it is refused.
    IfRefused = "if_refused",
    /// Sales a day.
    SalesADay = "sales_a_day",
    /// What is told.
    Notices = "notices",
    /// How sales are told.
    Sales = "sales",
    /// Who may look at the page.
    Page = "page",
    /// Its password.
    PagePassword = "page_password",
    /// Where the journal is.
    Journal = "journal",
    /// Whether all of it is written.
    Write = "write",
}

impl Key {
    /// Whether what is typed may not be seen.
    pub fn is_secret(self) -> bool {
        matches!(self, Self::RobotUrl | Self::RobotSecret | Self::PagePassword)
    }

    /// Whether an empty answer is one where there is no default: it means none.
    pub(super) fn may_be_none(self) -> bool {
        matches!(self, Self::Hours | Self::RobotSecret | Self::Keyword)
    }
}

/// One possible answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What is typed, or its number.
    pub word: String,
    /// What it means.
    pub says: String,
}

/// A question as it is put.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Which.
    pub key: Key,
    /// The answers there are; none: any text.
    pub choices: Vec<Choice>,
    /// Whether something else may be answered too.
    pub open: bool,
    /// Whether several may be.
    pub several: bool,
    /// What an empty answer means.
    pub default: Option<String>,
}

impl Question {
    /// The question itself.
    pub fn asks(&self, tongue: Tongue) -> &'static str {
        words::asks(self.key).of(tongue)
    }

    /// What to know before it is answered.
    pub fn help(&self, tongue: Tongue) -> &'static str {
        words::help(self.key).of(tongue)
    }

    /// The word that `typed` means: a choice's number or word, else what was typed.
    pub(super) fn meant(&self, typed: &str) -> Option<String> {
        let by_number =
            typed.parse::<usize>().ok().and_then(|at| self.choices.get(at.wrapping_sub(1)));
        let same = |choice: &&Choice| choice.word.eq_ignore_ascii_case(typed);
        let chosen = by_number.or_else(|| self.choices.iter().find(same));
        match chosen {
            Some(choice) => Some(choice.word.clone()),
            None if self.open || self.choices.is_empty() => Some(typed.to_owned()),
            None => None,
        }
    }
}

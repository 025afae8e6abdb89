//! What one request can come to. Whatever is done about it is decided elsewhere, by these words alone.

use std::time::Duration;

/// Why a robot refuses until a person mends something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConfigTrouble {
    /// None of the robot's keywords is in the message.
    Keyword,
    /// The signing secret is wrong or missing.
    Sign,
    /// This machine's clock is wrong.
    Clock,
    /// This address is not on the robot's list.
    Ip,
    /// The webhook's token is wrong.
    Token,
    /// The robot was stopped.
    Stopped,
    /// The robot's group was dissolved.
    Dissolved,
    /// The organisation has used up what it may send.
    Quota,
    /// Something else.
    Other,
}

/// What became of one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The group has it.
    Delivered,
    /// Too many messages; the robot takes none for about ten minutes.
    Throttled {
        /// DingTalk's code, or the HTTP status.
        code: i64,
    },
    /// Not delivered for a reason that passes.
    Transient {
        /// DingTalk's code, where there is one.
        code: Option<i64>,
        /// The reason.
        why: String,
    },
    /// Delivered or not: nobody can tell.
    Unknown {
        /// The reason.
        why: String,
    },
    /// The gateway refuses this address for a while.
    IpBanned {
        /// How long.
        wait: Duration,
    },
    /// Refused until a person mends the robot's settings.
    Config {
        /// What is to be mended.
        why: ConfigTrouble,
        /// DingTalk's code, or the HTTP status.
        code: i64,
        /// DingTalk's text.
        text: String,
    },
    /// This message will never be taken.
    Content {
        /// DingTalk's code.
        code: i64,
        /// DingTalk's text.
        text: String,
    },
}

impl Outcome {
    /// The outcome in one word, as the journal keeps it.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::Throttled { .. } => "throttled",
            Self::Transient { .. } => "transient",
            Self::Unknown { .. } => "unknown",
            Self::IpBanned { .. } => "ip_banned",
            Self::Config { .. } => "config",
            Self::Content { .. } => "content",
        }
    }

    /// Whether DingTalk answered and said no, as against not being reached or not being well.
    pub fn is_refusal(&self) -> bool {
        matches!(
            self,
            Self::Throttled { .. }
                | Self::IpBanned { .. }
                | Self::Config { .. }
                | Self::Content { .. }
        )
    }

    /// DingTalk's code, where there was one.
    pub fn code(&self) -> Option<i64> {
        match self {
            Self::Throttled { code } | Self::Config { code, .. } | Self::Content { code, .. } => {
                Some(*code)
            }
            Self::Transient { code, .. } => *code,
            Self::Delivered => Some(0),
            Self::Unknown { .. } | Self::IpBanned { .. } => None,
        }
    }

    /// What was said beyond the word; never a secret.
    pub fn detail(&self) -> &str {
        match self {
            Self::Transient { why, .. } | Self::Unknown { why } => why,
            Self::Config { text, .. } | Self::Content { text, .. } => text,
            Self::Delivered | Self::Throttled { .. } | Self::IpBanned { .. } => "",
        }
    }
}

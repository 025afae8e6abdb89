//! What can be said, whatever the language.

use super::{en, id, zh_cn, zh_hk};
use crate::config::Language;
use crate::dingtalk::{ConfigTrouble, Obstacle, Outcome};

/// One thing that is said in a sentence or two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Topic {
    Delivered,
    /// Follows another one; has `{minutes}`.
    ClockFast,
    /// Follows another one; has `{minutes}`.
    ClockSlow,
    Throttled,
    Transient,
    Unknown,
    /// Has `{minutes}`.
    IpBanned,
    Content,
    Keyword,
    Sign,
    Clock,
    Ip,
    /// Follows [`Topic::Ip`]; has `{address}`.
    IpAddress,
    /// In place of [`Topic::Ip`]: the list has no room for this kind; has `{address}`.
    Ipv6,
    Token,
    Stopped,
    Dissolved,
    Quota,
    Other,
    Name,
    Refused,
    Filtered,
    NoRoute,
    TlsCut,
    NotTls,
    Stranger,
    /// Follows [`Topic::Stranger`]; has `{issuer}`.
    Issuer,
    WrongName,
    NotYetValid,
    Expired,
    Portal,
    /// Follows [`Topic::Portal`]; has `{host}`.
    PortalHost,
    NoProxy,
    ProxyPassword,
    ProxyDenied,
    Slow,
    Cut,
}

impl Topic {
    /// What to say, with its placeholders.
    pub(super) fn words(self, language: Language) -> &'static str {
        match language {
            Language::En => en::words(self),
            Language::ZhHk => zh_hk::words(self),
            Language::ZhCn => zh_cn::words(self),
            Language::Id => id::words(self),
        }
    }
}

impl From<&Outcome> for Topic {
    fn from(outcome: &Outcome) -> Self {
        match outcome {
            Outcome::Delivered => Self::Delivered,
            Outcome::Throttled { .. } => Self::Throttled,
            Outcome::Transient { .. } => Self::Transient,
            Outcome::Unknown { .. } => Self::Unknown,
            Outcome::IpBanned { .. } => Self::IpBanned,
            Outcome::Content { .. } => Self::Content,
            Outcome::Config { why, .. } => match why {
                ConfigTrouble::Keyword => Self::Keyword,
                ConfigTrouble::Sign => Self::Sign,
                ConfigTrouble::Clock => Self::Clock,
                ConfigTrouble::Ip => Self::Ip,
                ConfigTrouble::Token => Self::Token,
                ConfigTrouble::Stopped => Self::Stopped,
                ConfigTrouble::Dissolved => Self::Dissolved,
                ConfigTrouble::Quota => Self::Quota,
                ConfigTrouble::Other => Self::Other,
            },
        }
    }
}

impl From<&Obstacle> for Topic {
    fn from(obstacle: &Obstacle) -> Self {
        match obstacle {
            Obstacle::Name => Self::Name,
            Obstacle::Refused => Self::Refused,
            Obstacle::Filtered => Self::Filtered,
            Obstacle::NoRoute => Self::NoRoute,
            Obstacle::TlsCut => Self::TlsCut,
            Obstacle::NotTls => Self::NotTls,
            Obstacle::Stranger { .. } => Self::Stranger,
            Obstacle::WrongName => Self::WrongName,
            Obstacle::NotYetValid => Self::NotYetValid,
            Obstacle::Expired => Self::Expired,
            Obstacle::Portal { .. } => Self::Portal,
            Obstacle::NoProxy => Self::NoProxy,
            Obstacle::ProxyPassword => Self::ProxyPassword,
            Obstacle::ProxyDenied => Self::ProxyDenied,
            Obstacle::Slow => Self::Slow,
            Obstacle::Cut => Self::Cut,
        }
    }
}

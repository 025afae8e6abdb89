//! What a call came to when it did not succeed, in words, with what a person can do about it.
//!
//! It shows no secret and nothing that was sent: DingTalk's own text, shortened, is all it repeats.

use std::time::Duration;

use crate::config::Language;
use crate::dingtalk::answer::Answer;
use crate::dingtalk::obstacle::Obstacle;
use crate::dingtalk::outcome::Outcome;

/// A call that did not succeed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ApiError {
    /// DingTalk does not know the application, or its secret is another one.
    #[error(
        "expected the Client ID and secret of an application, found a pair that DingTalk does not know"
    )]
    Credentials,
    /// The application was not given a permission, or it was taken away.
    #[error("expected the application to have the permission {}, found that it does not", .permission.as_deref().unwrap_or("for this call"))]
    Permission {
        /// DingTalk's name of it, where it said so.
        permission: Option<String>,
    },
    /// The application takes calls from listed addresses, and this one is not listed.
    #[error("expected this address on the application's list, found that it is not")]
    AddressNotListed,
    /// The gateway refuses this address for a while.
    #[error("expected DingTalk to take calls from this address, found it banned for {} min", .wait.as_secs().div_ceil(60))]
    AddressBanned {
        /// How long.
        wait: Duration,
    },
    /// Too many calls in a short time. Nothing was done.
    #[error("expected a call within the rate, found too many: wait {} s ({said})", .wait.as_secs().max(1))]
    Throttled {
        /// How long to wait.
        wait: Duration,
        /// DingTalk's code, or `here` where the call was not made.
        said: String,
    },
    /// The organisation's calls of this month are used up. Nothing was done.
    #[error("expected calls left in this month, found them used up ({said})")]
    Spent {
        /// DingTalk's code, or the count kept here.
        said: String,
    },
    /// A fresh access token was refused.
    #[error("expected DingTalk to take the access token that it just gave, found it refused")]
    TokenRefused,
    /// The same call, by its key, is under way.
    #[error("expected an answer to a call with this key, found that it is still under way")]
    InProgress,
    /// DingTalk will never take this call.
    #[error("expected DingTalk to take the call, found it refused: {code} {text}")]
    Refused {
        /// DingTalk's code, or the HTTP status.
        code: String,
        /// DingTalk's text.
        text: String,
    },
    /// DingTalk is not well. Nothing was done.
    #[error("expected DingTalk to be well, found: {why}")]
    Busy {
        /// What it said.
        why: String,
    },
    /// DingTalk was not reached. Nothing was done.
    #[error("expected a way to DingTalk, found: {why}")]
    Unreached {
        /// What stood in the way, where it is known.
        obstacle: Option<Obstacle>,
        /// What the network said.
        why: String,
    },
    /// Done or not: nobody can tell.
    #[error("expected an answer, found none that can be read: {why}")]
    Unknown {
        /// Why.
        why: String,
    },
    /// Larger than DingTalk takes. Nothing was sent.
    #[error("expected at most {limit} {unit} in {field}, found {found}")]
    TooLarge {
        /// Its wire name.
        field: &'static str,
        /// What is counted.
        unit: &'static str,
        /// DingTalk's limit.
        limit: usize,
        /// What there was.
        found: usize,
    },
    /// A field that must say something says nothing. Nothing was sent.
    #[error("expected something in {field}, found nothing")]
    Empty {
        /// Its wire name.
        field: &'static str,
    },
}

/// Whether the same call may work later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// After this long, with no risk of doing it twice.
    After(Duration),
    /// It may have been done: only a call with a key may go again, and then after this long.
    WithKey(Duration),
    /// Not before a person has mended something.
    Person,
    /// Never as it is.
    Never,
}

/// Wait where DingTalk did not say one and is not well.
const SOON: Duration = Duration::from_secs(5);
/// Wait for a month's calls: looked at again, since an organisation can buy more.
const HOURS: Duration = Duration::from_hours(6);

impl ApiError {
    /// Whether the same call may work later.
    pub fn retry(&self) -> Retry {
        match self {
            Self::Throttled { wait, .. } | Self::AddressBanned { wait } => Retry::After(*wait),
            Self::Busy { .. } | Self::Unreached { .. } => Retry::After(SOON),
            Self::Spent { .. } => Retry::After(HOURS),
            Self::Unknown { .. } | Self::InProgress => Retry::WithKey(SOON),
            Self::Credentials
            | Self::Permission { .. }
            | Self::AddressNotListed
            | Self::TokenRefused => Retry::Person,
            Self::Refused { .. } | Self::TooLarge { .. } | Self::Empty { .. } => Retry::Never,
        }
    }

    /// Whether it may have been done all the same.
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown { .. } | Self::InProgress)
    }

    /// What a person can do about it.
    pub fn hint(&self) -> String {
        match self {
            Self::Credentials => "developer console, the application, Credentials: copy Client ID \
                and Client Secret again; a secret that was reset must be replaced here"
                .to_owned(),
            Self::Permission { permission } => format!(
                "developer console, the application, Permissions: apply for {}, then publish the \
                 application again",
                permission.as_deref().unwrap_or("the one that this call needs")
            ),
            Self::AddressNotListed => "developer console, the application, Security: add this \
                shop's public address, or clear the list"
                .to_owned(),
            Self::AddressBanned { .. } => "something at this address calls DingTalk more than \
                10,000 times in 20 s; it passes by itself"
                .to_owned(),
            Self::Throttled { .. } | Self::Busy { .. } => "it passes by itself".to_owned(),
            Self::Spent { .. } => "buy calls in DingTalk's console, or wait for the month's end; \
                `monthly_calls` says how many there are"
                .to_owned(),
            Self::TokenRefused => {
                "check that [dingtalk.app] api is the edition (.com or .io) that \
                the application belongs to"
                    .to_owned()
            }
            Self::InProgress | Self::Unknown { .. } => {
                "look in DingTalk whether it was done before asking again".to_owned()
            }
            Self::Refused { .. } => "the text is DingTalk's; the identifiers in the configuration \
                must be those of this organisation"
                .to_owned(),
            Self::Unreached { obstacle, why } => {
                let outcome = Outcome::Transient { code: None, why: why.clone() };
                Answer { obstacle: obstacle.clone(), ..Answer::unsent(outcome) }
                    .explain(Language::En)
            }
            Self::TooLarge { .. } | Self::Empty { .. } => {
                "this is a fault of the program or of a template, not of the shop's".to_owned()
            }
        }
    }
}

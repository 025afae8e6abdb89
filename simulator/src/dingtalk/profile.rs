//! Which DingTalk the mock is: generation of words, limits, the group, and every choice the real
//! one documents nowhere.
//!
//! A profile is a TOML file; each key has a default, an unknown key is an error that names its
//! line. It holds no tokens and no secrets, so that it can be shared.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::answer::{Cause, Wording};
use super::app::AppRules;
use super::ip::IpRange;

/// How this DingTalk behaves.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Profile {
    /// Generation of error texts and codes.
    pub wording: Wording,
    /// The rate limit's code, where it is not the wording's own.
    pub rate_code: Option<RateCode>,
    /// Whether every `errcode` is a string, as in the documentation's sample.
    pub string_codes: bool,
    /// The rate of one robot.
    pub window: WindowRules,
    /// What a month allows.
    pub quota: QuotaRules,
    /// What one address may call.
    pub gateway: GatewayRules,
    /// Who is in the group.
    pub group: GroupRules,
    /// What every robot demands beside its secret and keywords.
    pub security: SecurityRules,
    /// The application's side.
    pub app: AppRules,
    /// Answers in place of the wording's own.
    pub answers: BTreeMap<Cause, Answer>,
}

/// The rate of one robot: so many messages in a window, then a penalty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct WindowRules {
    /// Messages in one window.
    pub messages: u32,
    /// Length of the window.
    pub seconds: u32,
    /// How long a robot that exceeded it is refused.
    pub penalty_seconds: u32,
    /// Whether the window slides or starts anew (documented nowhere).
    pub shape: WindowShape,
    /// Whether trying during the penalty starts it anew (documented nowhere).
    pub penalty_extends: bool,
}

impl Default for WindowRules {
    fn default() -> Self {
        Self {
            messages: 20,
            seconds: 60,
            penalty_seconds: 600,
            shape: WindowShape::Sliding,
            penalty_extends: false,
        }
    }
}

/// How a rate window lies in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WindowShape {
    /// The last so many seconds.
    Sliding,
    /// From the first call on, then anew from the first call after it.
    Fixed,
}

/// Calls a month, in China's time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct QuotaRules {
    /// Of all robots of the organisation; 3,000 for a standard one since 2025-11-19.
    pub organisation_monthly: u32,
    /// Of each robot, where the administrator set a cap.
    pub robot_monthly: Option<u32>,
}

impl Default for QuotaRules {
    fn default() -> Self {
        Self { organisation_monthly: 3_000, robot_monthly: None }
    }
}

/// What the gateway in front takes from one address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct GatewayRules {
    /// Calls within `seconds`; one more and the address is banned.
    pub calls: u32,
    /// Length of the window.
    pub seconds: u32,
    /// Length of the ban.
    pub ban_seconds: u32,
    /// What a banned address is answered.
    pub shape: BanShape,
}

impl Default for GatewayRules {
    fn default() -> Self {
        Self { calls: 10_000, seconds: 20, ban_seconds: 300, shape: BanShape::Json }
    }
}

/// The two observed answers of the gateway to a banned address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BanShape {
    /// `{"status":1111,...}`: no `errcode`.
    Json,
    /// A web page.
    Html,
}

/// Who is in the group.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct GroupRules {
    /// Mobile numbers and user ids of its members; absent, everybody is one.
    pub members: Option<Vec<String>>,
    /// Whether it is an external group, in which nobody can be mentioned.
    pub external: bool,
}

/// What every robot demands beside its secret and keywords.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SecurityRules {
    /// Addresses that may call; none means no such demand.
    pub ips: Vec<IpRange>,
}

/// A code and its text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// Error code.
    pub errcode: i64,
    /// Text.
    pub errmsg: String,
}

/// One of the three codes of the rate limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "i64")]
pub enum RateCode {
    /// 130101, 2020 to 2022.
    TooFast,
    /// 410100, the official table.
    Official,
    /// 660026, the real server in 2026.
    TooMany,
}

impl TryFrom<i64> for RateCode {
    type Error = String;

    fn try_from(found: i64) -> Result<Self, String> {
        match found {
            130_101 => Ok(Self::TooFast),
            410_100 => Ok(Self::Official),
            660_026 => Ok(Self::TooMany),
            _ => Err(format!("expected 130101, 410100 or 660026, found {found}")),
        }
    }
}

/// A profile that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    /// The file cannot be read.
    #[error("expected a profile at {}, found it unreadable", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// It says something a profile cannot say.
    #[error("expected a DingTalk profile in {}, found a mistake\nhint: docs/SIMULATOR.md lists every key with its default", path.display())]
    Parse {
        /// The file.
        path: PathBuf,
        /// Line, column and what is wrong there.
        #[source]
        source: toml::de::Error,
    },
}

impl Profile {
    /// Reads the file at `path`.
    pub fn read(path: &Path) -> Result<Self, ProfileError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| ProfileError::Read { path: path.to_owned(), source })?;
        toml::from_str(&text)
            .map_err(|source| ProfileError::Parse { path: path.to_owned(), source })
    }
}

#[cfg(test)]
mod tests {
    use super::{BanShape, Profile, RateCode, WindowShape};
    use crate::dingtalk::{Cause, Wording};

    fn read(text: &str) -> Result<Profile, String> {
        toml::from_str(text).map_err(|error| error.to_string())
    }

    #[test]
    fn an_empty_profile_is_the_dingtalk_of_2026() {
        let profile = read("").expect("empty");
        assert_eq!(profile, Profile::default());
        assert_eq!(profile.wording, Wording::Newest);
        assert_eq!((profile.window.messages, profile.window.penalty_seconds), (20, 600));
        assert_eq!(profile.quota.organisation_monthly, 3_000);
        assert_eq!((profile.gateway.calls, profile.gateway.seconds), (10_000, 20));
    }

    #[test]
    fn every_choice_can_be_made_otherwise() {
        let text = r#"
            wording = "2021"
            rate_code = 410100
            string_codes = true
            window = { messages = 3, shape = "fixed", penalty_extends = true }
            quota = { organisation_monthly = 5000, robot_monthly = 100 }
            gateway = { calls = 5, shape = "html" }
            group = { members = ["+852-12345678"], external = true }
            security = { ips = ["10.0.0.0/8", "127.0.0.1"] }
            answers.too_long = { errcode = 101002, errmsg = "message is too long" }
        "#;
        let profile = read(text).expect("a documented profile");
        assert_eq!(profile.wording, Wording::Oldest);
        assert_eq!(profile.rate_code, Some(RateCode::Official));
        assert_eq!(profile.window.shape, WindowShape::Fixed);
        assert_eq!(profile.window.seconds, 60, "what is left out keeps its default");
        assert_eq!(profile.gateway.shape, BanShape::Html);
        assert_eq!(profile.security.ips.len(), 2);
        assert_eq!(profile.answers[&Cause::TooLong].errcode, 101_002);
    }

    #[test]
    fn a_mistake_names_its_line_and_what_was_expected() {
        for (text, line, words) in [
            ("wording = \"2021\"\nrate_code = 7", "line 2", "expected 130101, 410100 or 660026"),
            ("windows = {}", "line 1", "unknown field `windows`"),
            ("\n[security]\nips = [\"::1\"]", "line 3", "expected an IPv4 address"),
            ("wording = \"1999\"", "line 1", "2021"),
        ] {
            let error = read(text).expect_err(text);
            assert!(error.contains(line) && error.contains(words), "{error}");
        }
    }
}

//! Scripted misbehaviour: what the next calls get instead of a fair answer.

use serde::{Deserialize, Serialize};

use super::profile::{Answer, BanShape};

/// Longest wait a script can order, in milliseconds: no test needs more than an hour of real time.
pub const MAX_WAIT_MS: u64 = 3_600_000;

/// Longest time that a fault can last, in milliseconds of the mock's clock: a leap month.
pub const MAX_LASTING_MS: u64 = 31 * 24 * 3_600_000;

/// Furthest that the robot's clock can be off, in milliseconds: a machine without a clock of its own
/// believes in 1970, which a month shows as well.
pub const MAX_SKEW_MS: u64 = MAX_LASTING_MS;

/// One line of the script. It is over when its count is used up or its time has passed, whichever
/// comes first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// How many calls it strikes; absent, all while it lasts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u32>,
    /// How long it lasts from when it was scripted, in milliseconds of the mock's clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub for_ms: Option<u64>,
    /// The token whose calls it strikes; absent, anybody's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub robot: Option<String>,
    /// The beginning of the path whose calls it strikes, among those of the application (`/v1.0/…`,
    /// `/robot/sendBySession`); absent, it strikes the calls of custom robots.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// What they get; absent, the fair answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<FaultAnswer>,
    /// How long they wait before they are judged, in real milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delay_ms: Option<u64>,
    /// How long they wait for the answer after they were judged and shown, in real milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hold_ms: Option<u64>,
    /// How far the robot's clock is ahead of the mock's while it judges the signature and dates its
    /// answer, in milliseconds; below zero, behind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skew_ms: Option<i64>,
}

/// What a call gets instead of a fair answer.
///
/// The first group shows nothing to the group; the second judges and shows as usual and spoils the
/// answer, so that the sender cannot know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultAnswer {
    /// The refusal for too many messages.
    Throttle,
    /// Any other code and text.
    Refuse(Answer),
    /// Any refusal of the application's interfaces.
    Fail(Failure),
    /// HTTP 500 with an empty body.
    Http500,
    /// HTTP 502 with a gateway's page.
    Http502,
    /// HTTP 503 with a gateway's page.
    Http503,
    /// HTTP 504 with a gateway's page.
    Http504,
    /// HTTP 200 with a web page.
    Html,
    /// The gateway's answer to a banned address.
    IpBan(BanShape),
    /// That answer and 130101 in one object, as was seen once.
    IpBanMerged,
    /// The connection is reset.
    ResetBefore,

    /// Shown, then the connection is reset.
    ResetAfter,
    /// Shown, then HTTP 500.
    Http500After,
    /// Shown, then the fair answer breaks off in the middle of its body.
    Truncated,
    /// Shown, then the body of the fair answer comes byte by byte with this pause, in milliseconds.
    SlowBody(u32),
    /// Shown, then the fair answer with its code as a string.
    StringCodes,
}

/// A refusal of the application's interfaces.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Failure {
    /// HTTP status, 200 to 599.
    pub status: u16,
    /// Code.
    pub code: String,
    /// Text.
    pub message: String,
}

impl Fault {
    /// Whether it does anything at all.
    pub(super) fn is_sensible(&self) -> bool {
        let waits = [self.delay_ms, self.hold_ms];
        let does =
            self.answer.is_some() || self.skew_ms.is_some() || waits.iter().any(Option::is_some);
        let ends = self.count.is_some() || self.for_ms.is_some();
        let strikes = self.count != Some(0) && self.for_ms != Some(0);
        let capped = waits.iter().flatten().all(|wait| *wait <= MAX_WAIT_MS)
            && self.for_ms.is_none_or(|lasts| lasts <= MAX_LASTING_MS)
            && self.skew_ms.is_none_or(|skew| skew.unsigned_abs() <= MAX_SKEW_MS);
        let status = match &self.answer {
            Some(FaultAnswer::Fail(failure)) => (200..600).contains(&failure.status),
            _ => true,
        };
        // A fault is for a robot or for a path.
        let aimed = self.robot.is_none() || self.path.is_none();
        does && ends && strikes && capped && status && aimed
    }

    /// Whether it strikes a call of a custom robot with `token`.
    pub(super) fn strikes(&self, token: Option<&str>) -> bool {
        self.path.is_none() && (self.robot.is_none() || self.robot.as_deref() == token)
    }

    /// Whether it strikes a call of the application at `path`.
    pub(super) fn strikes_path(&self, path: &str) -> bool {
        self.path.as_deref().is_some_and(|beginning| path.starts_with(beginning))
    }
}

impl FaultAnswer {
    /// Whether the call is judged and shown nevertheless.
    pub(crate) fn is_after(&self) -> bool {
        matches!(
            self,
            Self::ResetAfter
                | Self::Http500After
                | Self::Truncated
                | Self::SlowBody(_)
                | Self::StringCodes
        )
    }
}

#[cfg(test)]
mod tests {
    use super::{Fault, FaultAnswer};

    #[test]
    fn a_fault_reads_as_the_control_api_documents_it() {
        let read = |text: &str| serde_json::from_str::<Fault>(text);
        let reset = read(r#"{"count":2,"answer":"reset_after"}"#).expect("a documented fault");
        assert_eq!((reset.count, reset.answer), (Some(2), Some(FaultAnswer::ResetAfter)));
        let slow = read(r#"{"count":1,"delay_ms":250}"#).expect("a documented fault");
        assert_eq!((slow.answer, slow.delay_ms), (None, Some(250)));
        let drip = read(r#"{"count":1,"answer":{"slow_body":5}}"#).expect("a documented fault");
        assert_eq!(drip.answer, Some(FaultAnswer::SlowBody(5)));
        let busy = r#"{"count":1,"answer":{"refuse":{"errcode":-1,"errmsg":"系统繁忙"}}}"#;
        assert!(read(busy).is_ok());
        let storm = read(r#"{"for_ms":300000,"answer":"http503"}"#).expect("a documented fault");
        assert_eq!((storm.count, storm.for_ms), (None, Some(300_000)));
        assert!(read(r#"{"count":1,"answer":"explode"}"#).is_err());
        assert!(read(r#"{"count":1,"delay":250}"#).is_err(), "a misspelt key is no fault at all");
    }

    #[test]
    fn a_fault_that_strikes_nobody_or_does_nothing_is_not_sensible() {
        let read = |text: &str| serde_json::from_str::<Fault>(text).expect("a fault");
        for sensible in [r#"{"count":1,"hold_ms":1}"#, r#"{"for_ms":1,"skew_ms":-1}"#] {
            assert!(read(sensible).is_sensible(), "{sensible}");
        }
        for idle in [
            r#"{"count":0,"delay_ms":1}"#,
            r#"{"count":1}"#,
            r#"{"count":1,"hold_ms":3600001}"#,
            r#"{"answer":"html"}"#,
            r#"{"count":1,"for_ms":0,"answer":"html"}"#,
            r#"{"for_ms":2678400001,"answer":"html"}"#,
            r#"{"count":1,"skew_ms":-2678400001}"#,
            r#"{"count":1,"path":"/v1.0","robot":"t","answer":"html"}"#,
            r#"{"count":1,"path":"/v1.0","answer":{"fail":{"status":99,"code":"c","message":"m"}}}"#,
        ] {
            assert!(!read(idle).is_sensible(), "{idle}");
        }
    }
}

//! What an answer means: HTTP status, a clock to compare with, and a body become one [`Outcome`].
//!
//! DingTalk refuses with HTTP 200 and a code in JSON; its gateway with HTML or a JSON of its own.
//! Whatever cannot be read is never taken for a success.

use std::time::Duration;

use serde_json::Value;

use super::obstacle::Obstacle;
use super::outcome::{ConfigTrouble, Outcome};
use super::page::{Page, page};
use super::wording;

/// Longest text of DingTalk's that is kept, in characters.
const MAX_TEXT_CHARS: usize = 200;

/// How long the gateway bans an address (more than 10,000 calls in 20 s), where it does not say.
const IP_BAN: Duration = Duration::from_mins(5);

/// Longest ban believed, in minutes.
const MAX_BAN_MINUTES: u64 = 60;

/// Status word of the gateway's ban.
const STATUS_BANNED: u64 = 1111;

/// A signature is refused when the clocks differ by more than this, in milliseconds.
const MAX_SKEW_MS: i64 = 60 * 60 * 1000;

/// An answer as it came.
#[derive(Clone, Copy, Debug)]
pub struct Reply<'a> {
    /// HTTP status.
    pub status: u16,
    /// The time that was signed with minus the `Date` header, in milliseconds, where there was one.
    pub skew_ms: Option<i64>,
    /// The `Location` header, where there was one.
    pub location: Option<&'a str>,
    /// The body.
    pub body: &'a [u8],
    /// Strings that must not be shown even if the answer repeats them.
    pub hide: &'a [&'a str],
}

/// The wrapper that older interfaces put around a refusal; the real code is inside.
const CODE_WRAPPED: i64 = 88;

impl Reply<'_> {
    /// What answered in DingTalk's place, where something did.
    pub fn obstacle(&self) -> Option<Obstacle> {
        match self.status {
            300..=399 => Some(Obstacle::Portal { to: self.location.and_then(host) }),
            407 => Some(Obstacle::ProxyPassword),
            // "Network Authentication Required": made for captive portals.
            511 => Some(Obstacle::Portal { to: None }),
            200..=299 | 403 if page(self.body) == Page::Portal => {
                Some(Obstacle::Portal { to: None })
            }
            _ => None,
        }
    }

    /// What it means.
    pub fn outcome(&self) -> Outcome {
        match serde_json::from_slice::<Value>(self.body) {
            Ok(Value::Object(fields)) => self.json(&Value::Object(fields)),
            _ => self.unreadable(),
        }
    }

    fn json(&self, body: &Value) -> Outcome {
        let banned = number(&body["status"]) == Some(STATUS_BANNED as i64);
        let (code, said) = match (number(&body["errcode"]), number(&body["sub_code"])) {
            (Some(CODE_WRAPPED), Some(code)) => (Some(code), &body["sub_msg"]),
            (code, _) => (code, &body["errmsg"]),
        };
        let said = said.as_str().unwrap_or_default();
        match code {
            Some(0) if self.is_success() && !banned => Outcome::Delivered,
            Some(0) => Outcome::Unknown { why: format!("HTTP {} with errcode 0", self.status) },
            Some(code) => self.blame_clock(wording::refusal(code, said, self.shown(said))),
            None if banned => {
                let minutes = number(&body["wait"]).and_then(|n| u64::try_from(n).ok());
                let wait = minutes.filter(|n| (1..=MAX_BAN_MINUTES).contains(n));
                Outcome::IpBanned { wait: wait.map_or(IP_BAN, |n| Duration::from_secs(n * 60)) }
            }
            None => self.by_status("JSON without errcode"),
        }
    }

    /// A signature that does not match and a clock that is an hour off have one cause.
    fn blame_clock(&self, outcome: Outcome) -> Outcome {
        match outcome {
            Outcome::Config { why: ConfigTrouble::Sign, code, text }
                if self.skew_ms.is_some_and(|skew| skew.saturating_abs() > MAX_SKEW_MS) =>
            {
                Outcome::Config { why: ConfigTrouble::Clock, code, text }
            }
            other => other,
        }
    }

    fn unreadable(&self) -> Outcome {
        match page(self.body) {
            // It never came to DingTalk, and somebody who logs in ends it.
            Page::Portal if self.obstacle().is_some() => Outcome::Transient {
                code: None,
                why: format!("HTTP {}, a page that wants a login", self.status),
            },
            // The gateway's ban page comes instead of an answer; a 5xx page is a server in trouble.
            Page::Ban if self.is_success() || self.status == 403 => {
                Outcome::IpBanned { wait: IP_BAN }
            }
            Page::Portal | Page::Ban => self.by_status("an HTML page"),
            Page::None if self.body.trim_ascii().is_empty() => self.by_status("an empty answer"),
            Page::None => self.by_status("an answer that is not JSON"),
        }
    }

    fn by_status(&self, what: &str) -> Outcome {
        let code = i64::from(self.status);
        let why = format!("HTTP {code}, {what}");
        match self.status {
            200..=299 => Outcome::Unknown { why },
            429 => Outcome::Throttled { code },
            // DingTalk sends nobody elsewhere: something on the way does. 407 is a proxy on the way,
            // 408 and 425 say "again".
            300..=399 | 407 | 408 | 425 | 500..=599 => Outcome::Transient { code: None, why },
            _ => Outcome::Config { why: ConfigTrouble::Other, code, text: why },
        }
    }

    fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// DingTalk's text made fit to show: one line, capped, without our secrets.
    fn shown(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for secret in self.hide.iter().filter(|secret| !secret.is_empty()) {
            text = text.replace(secret, "***");
        }
        let line = text.chars().map(|c| if c.is_control() { ' ' } else { c });
        line.take(MAX_TEXT_CHARS).collect()
    }
}

/// The host of an address, which is no secret; the rest of it may be one.
fn host(address: &str) -> Option<String> {
    reqwest::Url::parse(address).ok()?.host_str().map(str::to_owned)
}

/// A whole number, or a string that holds one: DingTalk's own documents show both.
fn number(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.trim().parse().ok())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::{ConfigTrouble, Obstacle, Outcome, Reply};

    fn reply(status: u16, body: &[u8]) -> Reply<'_> {
        Reply { status, skew_ms: None, location: None, body, hide: &["tok-1", ""] }
    }

    fn read(status: u16, body: &str) -> Outcome {
        reply(status, body.as_bytes()).outcome()
    }

    #[test]
    fn a_success_is_code_zero_as_number_or_string_and_nothing_else() {
        assert_eq!(read(200, r#"{"errcode":0,"errmsg":"ok"}"#), Outcome::Delivered);
        assert_eq!(read(200, r#"{"errcode":"0","errmsg":"ok"}"#), Outcome::Delivered);
        for body in
            ["", "ok", "{}", "[]", r#"{"errmsg":"ok"}"#, r#"{"errcode":null}"#, r#"{"errcode":0"#]
        {
            assert!(matches!(read(200, body), Outcome::Unknown { .. }), "{body}");
        }
        assert!(matches!(read(500, r#"{"errcode":0}"#), Outcome::Unknown { .. }));
    }

    #[test]
    fn a_ban_is_read_from_its_json_and_from_html() {
        let json = r#"{"status":1111,"wait":7,"source":"x5","punish":"deny","uuid":"xxx"}"#;
        assert_eq!(read(200, json), Outcome::IpBanned { wait: Duration::from_mins(7) });
        for wait in ["-1", "0", "100000", "\"soon\""] {
            let json = format!(r#"{{"status":1111,"wait":{wait}}}"#);
            assert_eq!(read(200, &json), Outcome::IpBanned { wait: Duration::from_mins(5) });
        }
        let html = " <!DOCTYPE html><title>denied</title>";
        assert_eq!(read(200, html), Outcome::IpBanned { wait: Duration::from_mins(5) });
        assert_eq!(read(403, html), Outcome::IpBanned { wait: Duration::from_mins(5) });
        let merged = r#"{"status":1111,"wait":5,"errcode":130101,"errmsg":"send too fast"}"#;
        assert_eq!(read(200, merged), Outcome::Throttled { code: 130_101 }, "the longer wait");
    }

    #[test]
    fn a_page_that_is_not_dingtalks_is_an_obstacle_and_passes() {
        let to = |location| Reply { location, ..reply(302, b"") }.obstacle();
        let host = |to: Option<&str>| Some(Obstacle::Portal { to: to.map(Into::into) });
        assert_eq!(to(Some("http://wifi.example/in?token=x")), host(Some("wifi.example")));
        assert_eq!((to(Some("/in")), to(None)), (host(None), host(None)));
        let form = "<html><form action=/login>";
        for status in [200, 403] {
            assert_eq!(reply(status, form.as_bytes()).obstacle(), host(None));
            assert!(matches!(read(status, form), Outcome::Transient { code: None, .. }));
        }
        assert_eq!(reply(511, b"").obstacle(), host(None));
        assert_eq!(reply(407, b"").obstacle(), Some(Obstacle::ProxyPassword));
        for body in ["<html>denied", r#"{"errcode":0}"#] {
            assert_eq!(reply(200, body.as_bytes()).obstacle(), None);
        }
    }

    #[test]
    fn a_wrapped_refusal_is_judged_by_what_is_inside() {
        let body =
            r#"{"errcode":88,"sub_code":"90018","sub_msg":"qps","errmsg":"ding talk error"}"#;
        assert!(matches!(read(200, body), Outcome::Transient { code: Some(90_018), .. }));
        let ban_with_zero = r#"{"status":1111,"errcode":0}"#;
        assert!(matches!(read(200, ban_with_zero), Outcome::Unknown { .. }));
    }

    #[test]
    fn a_status_decides_where_no_code_does() {
        for status in [301, 302, 307, 407, 408, 425, 500, 502, 503, 504, 511] {
            assert!(
                matches!(read(status, "<html>"), Outcome::Transient { code: None, .. }),
                "{status}"
            );
        }
        assert_eq!(read(429, ""), Outcome::Throttled { code: 429 });
        for status in [400, 401, 404, 405, 410] {
            assert!(
                matches!(read(status, "<html>"), Outcome::Config { why: ConfigTrouble::Other, .. }),
                "{status}"
            );
        }
        let throttled = read(500, r#"{"errcode":"660026","errmsg":"sending too many"}"#);
        assert_eq!(throttled, Outcome::Throttled { code: 660_026 }, "the code speaks first");
    }

    #[test]
    fn a_wrong_signature_with_a_wrong_clock_is_the_clock() {
        let body = r#"{"errcode":310000,"errmsg":"sign not match"}"#.as_bytes();
        let why = |skew_ms| match (Reply { skew_ms, ..reply(200, body) }).outcome() {
            Outcome::Config { why, .. } => why,
            other => panic!("{other:?}"),
        };
        assert_eq!(why(None), ConfigTrouble::Sign);
        assert_eq!(why(Some(-3_600_000)), ConfigTrouble::Sign);
        assert_eq!(why(Some(3_600_001)), ConfigTrouble::Clock);
        assert_eq!(why(Some(i64::MIN)), ConfigTrouble::Clock);
    }

    #[test]
    fn what_is_shown_is_one_short_line_without_the_token() {
        let long = "很".repeat(500);
        let body = format!(r#"{{"errcode":300005,"errmsg":"tok-1 is\nnot exist {long}"}}"#);
        let Outcome::Config { text, .. } = read(200, &body) else { panic!("a refusal") };
        assert!(text.starts_with("*** is not exist 很"), "{text}");
        assert_eq!(text.chars().count(), 200);

        let body = br#"{"errcode":310000,"errmsg":"sign not match"}"#;
        let hidden = Reply { hide: &["sign"], ..reply(200, body) }.outcome();
        let text = "*** not match".to_owned();
        let why = ConfigTrouble::Sign;
        assert_eq!(
            hidden,
            Outcome::Config { why, code: 310_000, text },
            "judged before it is hidden"
        );
    }

    proptest! {
        #[test]
        fn nothing_but_a_good_status_with_code_zero_is_a_success(
            status in 100_u16..600,
            body in prop_oneof![
                prop::collection::vec(any::<u8>(), 0..64),
                "\\{\"(errcode|code|status)\":\"?-?[0-9]{1,7}\"?(,\"errmsg\":\"[a-z ]{0,9}\")?\\}".prop_map(String::into_bytes),
                "<[a-z]{0,6}>?[a-z ]{0,20}".prop_map(String::into_bytes),
            ],
        ) {
            let value = serde_json::from_slice::<serde_json::Value>(&body).unwrap_or_default();
            let zero = super::number(&value["errcode"]) == Some(0);
            let good = (200..300).contains(&status) && zero;
            prop_assert_eq!(reply(status, &body).outcome() == Outcome::Delivered, good);
        }
    }
}

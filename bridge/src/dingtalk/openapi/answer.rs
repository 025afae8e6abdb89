//! What an answer of the interface means: its JSON, or an [`ApiError`]. Pure.
//!
//! Three generations answer behind one host: `code` and `message` with HTTP 4xx or 5xx, `errcode`
//! with HTTP 200, and the gateway's own ban. Whatever cannot be read is never taken for a success.

use std::time::Duration;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::error::ApiError;
use crate::dingtalk::exchange::{Answered, Unanswered};
use crate::dingtalk::outcome::Outcome;
use crate::dingtalk::reply::Reply;

/// Longest text of DingTalk's that is kept, in characters.
const MAX_TEXT_CHARS: usize = 200;
/// Longest name of a permission that is believed, in bytes.
const MAX_PERMISSION_BYTES: usize = 80;
/// Wait after too many calls within a second.
const SECOND: Duration = Duration::from_secs(1);
/// Wait after too many calls or messages within a minute.
const MINUTE: Duration = Duration::from_mins(1);
/// Wait after too many within a day: a new day is at most this far.
const DAY: Duration = Duration::from_hours(24);

/// The answer's JSON as a `T`.
pub(in crate::dingtalk) fn read<T: DeserializeOwned>(
    answer: Result<Answered, Unanswered>,
    hide: impl Fn(&str) -> String,
) -> Result<T, ApiError> {
    let answer = answer.map_err(unanswered)?;
    let json = serde_json::from_slice::<Value>(&answer.body).ok().filter(Value::is_object);
    let Some(json) = json else { return Err(elsewhere(&answer)) };
    if let Some(error) = refusal(answer.status, &json, &hide) {
        return Err(error);
    }
    if json.get("status").and_then(Value::as_i64).is_some_and(|status| status == 1111)
        || !(200..300).contains(&answer.status)
    {
        return Err(elsewhere(&answer));
    }
    serde_json::from_value(json).map_err(|error| ApiError::Unknown {
        why: format!("HTTP {}, JSON of another shape ({error})", answer.status),
    })
}

fn unanswered(failed: Unanswered) -> ApiError {
    if failed.sent {
        ApiError::Unknown { why: failed.why }
    } else {
        ApiError::Unreached { obstacle: failed.obstacle, why: failed.why }
    }
}

/// Something that is no answer of the interface: the gateway's ban, a page, an outage.
fn elsewhere(answer: &Answered) -> ApiError {
    let Answered { status, body, .. } = answer;
    let reply = Reply { status: *status, skew_ms: None, location: None, body, hide: &[] };
    match reply.outcome() {
        Outcome::IpBanned { wait } => ApiError::AddressBanned { wait },
        Outcome::Throttled { .. } => {
            ApiError::Throttled { wait: MINUTE, said: format!("HTTP {status}") }
        }
        // Behind a server error it may have been done.
        Outcome::Transient { why, .. } if *status < 500 => {
            ApiError::Unreached { obstacle: reply.obstacle(), why }
        }
        _ => ApiError::Unknown { why: format!("HTTP {status}, and no answer of the interface") },
    }
}

fn refusal(status: u16, json: &Value, hide: &impl Fn(&str) -> String) -> Option<ApiError> {
    let (code, said) = match (text_of(&json["code"]), text_of(&json["errcode"])) {
        (Some(code), _) => (code, &json["message"]),
        // The wrapper that the older interface puts around a refusal.
        (None, Some(code)) if code == "88" => (text_of(&json["sub_code"])?, &json["sub_msg"]),
        (None, Some(code)) if code != "0" => (code, &json["errmsg"]),
        _ => return None,
    };
    let said = said.as_str().unwrap_or_default();
    let text: String = hide(said).chars().take(MAX_TEXT_CHARS).collect();
    let shown: String = hide(&code).chars().take(MAX_TEXT_CHARS).collect();
    Some(meaning(status, &code, json, said).unwrap_or_else(|| match status {
        500.. => ApiError::Unknown { why: format!("HTTP {status}, {shown} {text}") },
        429 => ApiError::Throttled { wait: MINUTE, said: shown },
        _ => ApiError::Refused { code: shown, text },
    }))
}

/// The codes that are documented or were seen, by what they mean. An `errcode` is its digits.
fn meaning(status: u16, code: &str, json: &Value, said: &str) -> Option<ApiError> {
    let throttled = |wait| ApiError::Throttled { wait, said: code.to_owned() };
    Some(match code {
        "invalidClientIdOrSecret" | "authFailed" | "40089" | "40096" => ApiError::Credentials,
        "InvalidAuthentication" | "40014" | "42001" => ApiError::TokenRefused,
        code if code.starts_with("AuthenticationFailed") => ApiError::TokenRefused,
        "Forbidden.AccessDenied.AccessTokenPermissionDenied" | "60011" => {
            ApiError::Permission { permission: permission(json, said) }
        }
        "Forbidden.AccessDenied.IpNotInWhiteList" | "60020" => ApiError::AddressNotListed,
        "Forbidden.AccessDenied.QpsLimitForApi"
        | "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi"
        | "90002"
        | "90018" => throttled(SECOND),
        "Forbidden.AccessDenied.QpmLimitForAppkeyAndApi"
        | "send.too.fast"
        | "send.byToken.tooFast" => throttled(MINUTE),
        "Forbidden.AccessDenied.ApiCountLimitForOrg" | "90020" => {
            ApiError::Spent { said: code.to_owned() }
        }
        "flowLimit" => throttled(DAY),
        "idempotencyProcessing" => ApiError::InProgress,
        "system.busy" | "-1" => ApiError::Busy { why: format!("HTTP {status}, {code}") },
        _ => return None,
    })
}

/// The permission's name: in a list of its own, or in brackets in the text.
fn permission(json: &Value, said: &str) -> Option<String> {
    let listed = ["accessdenieddetail", "accessDeniedDetail"]
        .iter()
        .find_map(|key| json[*key]["requiredScopes"][0].as_str());
    let quoted = || said.split_once('[').and_then(|(_, rest)| rest.split_once(']')).map(|x| x.0);
    let name = listed.or_else(quoted)?.trim();
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"._-".contains(&b);
    let good = !name.is_empty() && name.len() <= MAX_PERMISSION_BYTES && name.bytes().all(plain);
    good.then(|| name.to_owned())
}

/// A code, which some write as a number and some as a string.
fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;
    use serde::Deserialize;

    use super::read;
    use crate::dingtalk::exchange::Answered;
    use crate::dingtalk::openapi::{ApiError, Retry};

    #[derive(Debug, Deserialize, PartialEq)]
    struct Key {
        #[serde(rename = "processQueryKey")]
        key: String,
    }

    fn says(status: u16, body: &str) -> Result<Key, ApiError> {
        let answer = Answered { status, body: body.as_bytes().to_vec() };
        read(Ok(answer), |text| text.replace("s3cr3t", "***"))
    }

    fn refused(status: u16, body: &str) -> ApiError {
        says(status, body).expect_err(body)
    }

    proptest! {
        #[test]
        fn nothing_but_the_documented_answer_is_a_success(
            status in 100_u16..600, body in prop::collection::vec(any::<u8>(), 0..200),
        ) {
            let answer = Answered { status, body };
            prop_assert!(read::<Key>(Ok(answer), str::to_owned).is_err());
        }
    }

    #[test]
    fn an_answer_without_a_code_is_what_was_asked_for() {
        let key = says(200, r#"{"processQueryKey":"q1"}"#).expect("a success");
        assert_eq!(key.key, "q1");
        let whole = r#"{"errcode":0,"errmsg":"ok","processQueryKey":"q2"}"#;
        assert_eq!(says(200, whole).expect("an old success").key, "q2");
    }

    #[test]
    fn each_documented_refusal_says_what_to_do() {
        let denied = "Forbidden.AccessDenied";
        let said = |code: &str| format!(r#"{{"code":"{code}","requestid":"r","message":"m"}}"#);
        assert_eq!(refused(400, &said("invalidClientIdOrSecret")), ApiError::Credentials);
        assert_eq!(refused(400, &said("InvalidAuthentication")), ApiError::TokenRefused);
        let missing = said("AuthenticationFailed.MissingParameter");
        assert_eq!(refused(400, &missing), ApiError::TokenRefused);
        let listed = said(&format!("{denied}.IpNotInWhiteList"));
        assert_eq!(refused(403, &listed), ApiError::AddressNotListed);
        for (code, seconds) in [
            (format!("{denied}.QpsLimitForAppkeyAndApi"), 1),
            (format!("{denied}.QpmLimitForAppkeyAndApi"), 60),
            ("send.too.fast".to_owned(), 60),
            ("flowLimit".to_owned(), 86_400),
        ] {
            let retry = refused(403, &said(&code)).retry();
            assert_eq!(retry, Retry::After(Duration::from_secs(seconds)), "{code}");
        }
        let spent = refused(403, &said(&format!("{denied}.ApiCountLimitForOrg")));
        assert!(matches!(spent, ApiError::Spent { .. }) && spent.hint().contains("buy calls"));
        assert!(matches!(refused(500, &said("system.error")), ApiError::Unknown { .. }));
        assert!(matches!(refused(500, &said("system.busy")), ApiError::Busy { .. }));
        let never = refused(400, &said("invalidParameter.msgKey.invalid"));
        assert_eq!(never.retry(), Retry::Never);
    }

    #[test]
    fn a_revoked_permission_is_named() {
        let body = |detail: &str, text: &str| {
            format!(
                r#"{{"code":"Forbidden.AccessDenied.AccessTokenPermissionDenied","message":"{text}"{detail}}}"#
            )
        };
        let listed = r#","accessdenieddetail":{"requiredScopes":["Card.Instance.Write"]}"#;
        for (body, expected) in [
            (body(listed, "no"), Some("Card.Instance.Write")),
            (
                body("", "应用尚未开通所需的权限：[qyapi_robot_sendmsg]，请申请"),
                Some("qyapi_robot_sendmsg"),
            ),
            (body("", "no permission"), None),
            (body("", "[<script>]"), None),
        ] {
            let error = refused(403, &body);
            let named = ApiError::Permission { permission: expected.map(str::to_owned) };
            assert_eq!(error, named);
            assert!(error.hint().contains(expected.unwrap_or("this call")), "{}", error.hint());
        }
    }

    #[test]
    fn older_refusals_the_gateways_ban_and_pages_are_told_apart() {
        let gone = refused(200, r#"{"errcode":404,"errmsg":"请求的URI地址不存在"}"#);
        assert!(matches!(gone, ApiError::Refused { ref code, .. } if code == "404"), "{gone}");
        let wrapped = r#"{"errcode":88,"sub_code":"40014","sub_msg":"不合法的access_token"}"#;
        assert_eq!(refused(200, wrapped), ApiError::TokenRefused);
        let ban = r#"{"status":1111,"wait":5,"source":"x5","punish":"deny","uuid":"u"}"#;
        let wait = Duration::from_mins(5);
        assert_eq!(refused(200, ban), ApiError::AddressBanned { wait });
        assert!(refused(502, "<html>bad gateway</html>").is_unknown());
        assert!(refused(200, "[]").is_unknown(), "an answer of another shape");
        assert!(refused(200, r#"{"processQueryKey":7}"#).is_unknown());
    }

    #[test]
    fn a_secret_that_is_repeated_is_not_shown() {
        let error = refused(400, r#"{"code":"param.s3cr3t","message":"bad s3cr3t here"}"#);
        assert!(!format!("{error} {error:?}").contains("s3cr3t"), "{error}");
    }
}

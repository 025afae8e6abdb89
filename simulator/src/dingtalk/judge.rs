//! Judges one call, step by step in the order that DingTalk does.
//!
//! Pure but for the rate window and the memory of `msgUuid`s, which it is handed.

use serde_json::Value;

use super::answer::Refusal;
use super::config::RobotConfig;
use super::message::{self, Content};
use super::sign;

/// Most bytes of a request body.
pub(super) const MAX_BODY_BYTES: usize = 20_000;

/// A call as it came in.
#[derive(Clone, Debug, Default)]
pub(super) struct Call {
    /// Whether it was a POST.
    pub(super) post: bool,
    /// `access_token` of the query.
    pub(super) token: Option<String>,
    /// `timestamp` of the query.
    pub(super) timestamp: Option<String>,
    /// `sign` of the query.
    pub(super) sign: Option<String>,
    /// The body.
    pub(super) body: Vec<u8>,
}

/// A message that passed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Passed {
    /// What the group sees.
    pub(super) content: Content,
    /// The sender's idempotency key.
    pub(super) msg_uuid: Option<String>,
}

/// Judges `call` at `now_ms`. `admit` says whether a token's rate allows one more.
pub(super) fn judge(
    call: &Call,
    robots: &[RobotConfig],
    now_ms: i64,
    admit: impl FnOnce(&str) -> bool,
) -> Result<Passed, Refusal> {
    if !call.post {
        return Err(Refusal::Method);
    }
    let token = call.token.as_deref().filter(|token| !token.is_empty()).ok_or(Refusal::NoToken)?;
    if !admit(token) {
        return Err(Refusal::Throttled);
    }
    let robot = robots.iter().find(|robot| robot.token == token).ok_or(Refusal::UnknownToken)?;
    if let Some(secret) = &robot.secret {
        sign::check(secret, call.timestamp.as_deref(), call.sign.as_deref(), now_ms)?;
    }
    let too_long = call.body.len() > MAX_BODY_BYTES;
    let unreadable = if too_long { Refusal::TooLong } else { Refusal::NoJson };
    let body = serde_json::from_slice(&call.body).ok().filter(Value::is_object);
    let body = body.ok_or(unreadable)?;
    if !message::has_keyword(&body, &robot.keywords) {
        return Err(Refusal::Keyword);
    }
    if too_long {
        return Err(Refusal::TooLong);
    }
    let content = message::read(&body)?;
    let msg_uuid = body["msgUuid"].as_str().filter(|id| !id.is_empty()).map(ToOwned::to_owned);
    Ok(Passed { content, msg_uuid })
}

#[cfg(test)]
mod tests {
    use super::{Call, MAX_BODY_BYTES, Refusal, RobotConfig, judge};

    fn call(body: &str) -> Call {
        Call {
            post: true,
            token: Some("t".to_owned()),
            body: body.as_bytes().to_vec(),
            ..Call::default()
        }
    }

    fn robot(secret: Option<&str>, keyword: Option<&str>) -> [RobotConfig; 1] {
        let secret = secret.map(ToOwned::to_owned);
        let keywords = keyword.map(ToOwned::to_owned).into_iter().collect();
        [RobotConfig { token: "t".to_owned(), secret, keywords }]
    }

    fn refused(call: &Call, robots: &[RobotConfig], admitted: bool) -> Option<Refusal> {
        judge(call, robots, 0, |_| admitted).err()
    }

    /// Each step is wrong in all the ways that later steps judge, so that only its place in the
    /// order decides the answer.
    #[test]
    fn the_order_is_method_token_rate_existence_sign_json_keyword_size_type_fields() {
        let strict = robot(Some("SEC"), Some("收銀"));
        let keyed = robot(None, Some("收銀"));
        let get = Call::default();
        let nameless = Call { post: true, ..Call::default() };
        let stranger = Call { token: Some("other".to_owned()), ..call("x") };
        assert_eq!(refused(&get, &strict, false), Some(Refusal::Method));
        assert_eq!(refused(&nameless, &strict, false), Some(Refusal::NoToken));
        assert_eq!(refused(&stranger, &strict, false), Some(Refusal::Throttled));
        assert_eq!(refused(&stranger, &strict, true), Some(Refusal::UnknownToken));
        assert_eq!(refused(&call("x"), &strict, true), Some(Refusal::Signature));
        assert_eq!(refused(&call("x"), &keyed, true), Some(Refusal::NoJson));
        let long = "a".repeat(MAX_BODY_BYTES);
        let unkeyed = format!(r#"{{"msgtype":"image","image":"{long}"}}"#);
        assert_eq!(refused(&call(&unkeyed), &keyed, true), Some(Refusal::Keyword));
        let too_long = format!(r#"{{"msgtype":"image","image":"收銀{long}"}}"#);
        assert_eq!(refused(&call(&too_long), &keyed, true), Some(Refusal::TooLong));
        let image = Some(Refusal::MessageType("image".to_owned()));
        assert_eq!(refused(&call(r#"{"msgtype":"image","image":"收銀"}"#), &keyed, true), image);
        let untitled = call(r#"{"msgtype":"markdown","markdown":{"text":"收銀"}}"#);
        assert_eq!(refused(&untitled, &keyed, true), Some(Refusal::NoField("markdown.title")));
    }

    #[test]
    fn an_empty_token_is_a_missing_one() {
        let empty = Call { token: Some(String::new()), ..call("{}") };
        assert_eq!(refused(&empty, &[], true), Some(Refusal::NoToken));
    }

    #[test]
    fn twenty_thousand_bytes_pass_and_one_more_does_not() {
        let frame = r#"{"msgtype":"text","text":{"content":""}}"#.len();
        let of = |bytes: usize| {
            let content = "a".repeat(bytes - frame);
            call(&format!(r#"{{"msgtype":"text","text":{{"content":"{content}"}}}}"#))
        };
        let open = robot(None, None);
        assert_eq!(refused(&of(MAX_BODY_BYTES), &open, true), None);
        assert_eq!(refused(&of(MAX_BODY_BYTES + 1), &open, true), Some(Refusal::TooLong));
    }
}

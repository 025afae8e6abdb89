//! Judges one call, step by step in the order that DingTalk does.
//!
//! Pure but for the limits that a call uses up, which it is handed.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr};

use serde_json::Value;

use super::answer::Refusal;
use super::config::RobotConfig;
use super::mention::{self, Mention};
use super::message::{self, Content};
use super::profile::Profile;
use super::sign;

/// Most bytes of a request body.
pub(super) const MAX_BODY_BYTES: usize = 20_000;

/// A call as it came in.
#[derive(Clone, Debug)]
pub(super) struct Call {
    /// Who called.
    pub(super) from: IpAddr,
    /// Whether it was a POST.
    pub(super) post: bool,
    /// `access_token` of the query.
    pub(super) token: Option<String>,
    /// `timestamp` of the query.
    pub(super) timestamp: Option<String>,
    /// `sign` of the query.
    pub(super) sign: Option<String>,
    /// Its `Content-Type`.
    pub(super) content_type: Option<String>,
    /// The body.
    pub(super) body: Vec<u8>,
}

impl Default for Call {
    fn default() -> Self {
        Self {
            from: Ipv4Addr::LOCALHOST.into(),
            post: false,
            token: None,
            timestamp: None,
            sign: None,
            content_type: None,
            body: Vec::new(),
        }
    }
}

/// A message that passed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Passed {
    /// What the group sees.
    pub(super) content: Content,
    /// Who was to be mentioned, and whether that works.
    pub(super) mentions: Vec<Mention>,
    /// The sender's idempotency key.
    pub(super) msg_uuid: Option<String>,
}

/// What a token still has left. Asking uses it up.
pub(super) trait Allowance {
    /// Whether the minute has room for one more.
    fn minute(&mut self, token: &str) -> bool;
    /// Whether the month has room for one more.
    fn month(&mut self, token: &str) -> bool;
}

/// Judges `call` at `now_ms`.
pub(super) fn judge(
    call: &Call,
    robots: &HashMap<String, RobotConfig>,
    profile: &Profile,
    now_ms: i64,
    allowance: &mut impl Allowance,
) -> Result<Passed, Refusal> {
    if !call.post {
        return Err(Refusal::Method);
    }
    let token = call.token.as_deref().filter(|token| !token.is_empty()).ok_or(Refusal::NoToken)?;
    if !allowance.minute(token) {
        return Err(Refusal::Throttled);
    }
    let robot = robots.get(token).ok_or(Refusal::UnknownToken)?;
    if !allowance.month(token) {
        return Err(Refusal::Quota);
    }
    if let Some(secret) = &robot.secret {
        sign::check(secret, call.timestamp.as_deref(), call.sign.as_deref(), now_ms)?;
    }
    let ips = &profile.security.ips;
    if !ips.is_empty() && !ips.iter().any(|range| range.contains(call.from)) {
        return Err(Refusal::Ip(call.from));
    }
    if !call.content_type.as_deref().is_none_or(is_json) {
        return Err(Refusal::ContentType);
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
    let mut content = message::read(&body)?;
    let mentions = mention::read(&body["at"], &content, &profile.group);
    content.text = mention::masked(&content.text, &mentions);
    let msg_uuid = body["msgUuid"].as_str().filter(|id| !id.is_empty()).map(ToOwned::to_owned);
    Ok(Passed { content, mentions, msg_uuid })
}

/// Whether a `Content-Type` says JSON, whatever its parameters.
pub(super) fn is_json(content_type: &str) -> bool {
    let media = content_type.split(';').next().unwrap_or_default();
    media.trim().eq_ignore_ascii_case("application/json")
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::{Allowance, Call, MAX_BODY_BYTES, Refusal, RobotConfig, judge};
    use crate::dingtalk::Profile;

    /// Whether minute and month have room.
    struct Room(bool, bool);

    impl Allowance for Room {
        fn minute(&mut self, _: &str) -> bool {
            self.0
        }

        fn month(&mut self, _: &str) -> bool {
            self.1
        }
    }

    fn call(body: &str) -> Call {
        Call {
            post: true,
            token: Some("t".to_owned()),
            body: body.as_bytes().to_vec(),
            ..Call::default()
        }
    }

    fn robots(secret: Option<&str>, keyword: Option<&str>) -> HashMap<String, RobotConfig> {
        let secret = secret.map(ToOwned::to_owned);
        let keywords = keyword.map(ToOwned::to_owned).into_iter().collect();
        let token = "t".to_owned();
        HashMap::from([(token.clone(), RobotConfig { token, secret, keywords })])
    }

    fn elsewhere() -> Profile {
        let mut profile = Profile::default();
        profile.security.ips.push("10.0.0.0/8".parse().expect("a range"));
        profile
    }

    /// Each step is wrong in all the ways that later steps judge, so that only its place in the
    /// order decides the answer.
    #[test]
    fn the_order_is_method_token_minute_existence_month_sign_ip_type_json_keyword_size_fields() {
        let strict = robots(Some("SEC"), Some("收銀"));
        let keyed = robots(None, Some("收銀"));
        let far = elsewhere();
        let near = Profile::default();
        let refused = |call: &Call, robots, profile, mut room: Room| {
            judge(call, robots, profile, 0, &mut room).err()
        };
        let get = Call::default();
        let nameless = Call { post: true, ..Call::default() };
        let form = Call { content_type: Some("text/plain".to_owned()), ..call("x") };
        let stranger = Call { token: Some("other".to_owned()), ..form.clone() };
        let none = || Room(false, false);
        let room = || Room(true, true);
        assert_eq!(refused(&get, &strict, &far, none()), Some(Refusal::Method));
        assert_eq!(refused(&nameless, &strict, &far, none()), Some(Refusal::NoToken));
        assert_eq!(refused(&stranger, &strict, &far, none()), Some(Refusal::Throttled));
        let poor = || Room(true, false);
        assert_eq!(refused(&stranger, &strict, &far, poor()), Some(Refusal::UnknownToken));
        assert_eq!(refused(&form, &strict, &far, poor()), Some(Refusal::Quota));
        assert_eq!(refused(&form, &strict, &far, room()), Some(Refusal::Signature));
        assert_eq!(refused(&form, &keyed, &far, room()), Some(Refusal::Ip(form.from)));
        assert_eq!(refused(&form, &keyed, &near, room()), Some(Refusal::ContentType));
        assert_eq!(refused(&call("x"), &keyed, &near, room()), Some(Refusal::NoJson));
        let long = "a".repeat(MAX_BODY_BYTES);
        let unkeyed = call(&format!(r#"{{"msgtype":"image","image":"{long}"}}"#));
        assert_eq!(refused(&unkeyed, &keyed, &near, room()), Some(Refusal::Keyword));
        let too_long = call(&format!(r#"{{"msgtype":"image","image":"收銀{long}"}}"#));
        assert_eq!(refused(&too_long, &keyed, &near, room()), Some(Refusal::TooLong));
        let image = call(r#"{"msgtype":"image","image":"收銀"}"#);
        let no_such = Some(Refusal::MessageType("image".to_owned()));
        assert_eq!(refused(&image, &keyed, &near, room()), no_such);
        let untitled = call(r#"{"msgtype":"markdown","markdown":{"text":"收銀"}}"#);
        let expected = Some(Refusal::NoField("markdown.title"));
        assert_eq!(refused(&untitled, &keyed, &near, room()), expected);
    }

    #[test]
    fn a_content_type_is_json_with_any_parameters_or_absent() {
        let good = call(r#"{"msgtype":"text","text":{"content":"x"}}"#);
        for (given, passes) in [
            (None, true),
            (Some("application/json"), true),
            (Some("Application/JSON; charset=utf-8"), true),
            (Some("application/x-www-form-urlencoded"), false),
        ] {
            let call = Call { content_type: given.map(ToOwned::to_owned), ..good.clone() };
            let robots = robots(None, None);
            let judged = judge(&call, &robots, &Profile::default(), 0, &mut Room(true, true));
            assert_eq!(judged.is_ok(), passes, "{given:?}");
        }
    }
}

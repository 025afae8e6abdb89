//! What the robot says: success, or a refusal in the words of one of three generations.
//!
//! The texts are the observed ones, because clients match on them. A profile may put others in
//! their place.

use std::net::IpAddr;

use serde::Deserialize;
use serde_json::{Value, json};

use super::profile::{Answer, Profile, RateCode};

/// Generation of codes and texts. All three still circulate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, clap::ValueEnum)]
pub enum Wording {
    /// Until 2021: English.
    #[value(name = "2021")]
    #[serde(rename = "2021")]
    Oldest,
    /// 2022 to 2025: `description:...;solution:...;`.
    #[value(name = "2023")]
    #[serde(rename = "2023")]
    Middle,
    /// 2026: Chinese throughout.
    #[default]
    #[value(name = "2026")]
    #[serde(rename = "2026")]
    Newest,
}

/// Why a message was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Not a POST.
    Method,
    /// No `access_token` in the query.
    NoToken,
    /// More than 20 in a minute, or within the ten minutes after that.
    Throttled,
    /// No robot has that token.
    UnknownToken,
    /// The month's calls are used up.
    Quota,
    /// `timestamp` or `sign` missing or wrong.
    Signature,
    /// `timestamp` more than an hour away.
    Timestamp,
    /// The caller's address is not on the list.
    Ip(IpAddr),
    /// A `Content-Type` that is not JSON's.
    ContentType,
    /// The body is no JSON object.
    NoJson,
    /// None of the keywords is in the message.
    Keyword,
    /// More than 20,000 bytes.
    TooLong,
    /// A `msgtype` that robots do not take.
    MessageType(String),
    /// A required field is missing or empty.
    NoField(&'static str),
}

/// Why a message was refused, without the particulars: the name a profile knows it by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each is explained at the `Refusal` of its name")]
pub enum Cause {
    Method,
    NoToken,
    Throttled,
    UnknownToken,
    Quota,
    Signature,
    Timestamp,
    Ip,
    ContentType,
    NoJson,
    Keyword,
    TooLong,
    MessageType,
    NoField,
}

/// The answer to a message that was accepted.
pub(super) fn accepted() -> Answer {
    Answer { errcode: 0, errmsg: "ok".to_owned() }
}

/// An answer as it goes out.
pub(super) fn body(answer: &Answer, string_codes: bool) -> Value {
    let code = if string_codes { json!(answer.errcode.to_string()) } else { json!(answer.errcode) };
    json!({"errcode": code, "errmsg": answer.errmsg})
}

impl Refusal {
    /// The answer as `profile` has it.
    pub(super) fn answer(&self, profile: &Profile) -> Answer {
        if let Some(answer) = profile.answers.get(&self.cause()) {
            return answer.clone();
        }
        let (errcode, errmsg) = match (self, profile.rate_code) {
            (Self::Throttled, Some(code)) => {
                let (errcode, errmsg) = throttled(code);
                (errcode, errmsg.to_owned())
            }
            _ => self.words(profile.wording),
        };
        Answer { errcode, errmsg }
    }

    fn cause(&self) -> Cause {
        match self {
            Self::Method => Cause::Method,
            Self::NoToken => Cause::NoToken,
            Self::Throttled => Cause::Throttled,
            Self::UnknownToken => Cause::UnknownToken,
            Self::Quota => Cause::Quota,
            Self::Signature => Cause::Signature,
            Self::Timestamp => Cause::Timestamp,
            Self::Ip(_) => Cause::Ip,
            Self::ContentType => Cause::ContentType,
            Self::NoJson => Cause::NoJson,
            Self::Keyword => Cause::Keyword,
            Self::TooLong => Cause::TooLong,
            Self::MessageType(_) => Cause::MessageType,
            Self::NoField(_) => Cause::NoField,
        }
    }

    fn words(&self, wording: Wording) -> (i64, String) {
        let (code, text) = match self {
            Self::Method => (43002, "需要POST请求"),
            Self::NoToken => (40035, "缺少参数 access_token"),
            Self::NoJson => (40035, "缺少参数 json"),
            Self::NoField(field) => return (40035, format!("缺少参数 {field}")),
            Self::ContentType => (43004, "无效的HTTP HEADER Content-Type"),
            Self::Throttled => throttled(match wording {
                Wording::Oldest => RateCode::TooFast,
                Wording::Middle => RateCode::Official,
                Wording::Newest => RateCode::TooMany,
            }),
            Self::UnknownToken => match wording {
                Wording::Oldest => (300_001, "token is not exist"),
                Wording::Middle => {
                    (300_001, "description: robot 不存在；solution:请确认 token 是否正确；")
                }
                Wording::Newest => (300_005, "token is not exist"),
            },
            Self::Quota => (90030, "webhook over limit"),
            Self::Signature => (310_000, signature(wording)),
            Self::Timestamp => (310_000, timestamp(wording)),
            Self::Ip(address) => return (310_000, ip(*address, wording)),
            Self::Keyword => (310_000, keyword(wording)),
            Self::TooLong => (460_101, too_long(wording)),
            Self::MessageType(found) => return (400_105, message_type(found)),
        };
        (code, text.to_owned())
    }
}

fn throttled(code: RateCode) -> (i64, &'static str) {
    match code {
        RateCode::TooFast => (130_101, "send too fast, exceed 20 times per minute"),
        RateCode::Official => (410_100, "发送速度太快而限流"),
        RateCode::TooMany => (660_026, "sending too many messages per minute"),
    }
}

fn ip(address: IpAddr, wording: Wording) -> String {
    match wording {
        Wording::Oldest => format!("ip {address} not in whitelist"),
        Wording::Middle | Wording::Newest => {
            "description:ip 不在白名单中;solution:请联系对应群的管理员，设置机器人安全ip地址段"
                .to_owned()
        }
    }
}

fn signature(wording: Wording) -> &'static str {
    match wording {
        Wording::Oldest => "sign not match",
        Wording::Middle => {
            "description:机器人发送签名不匹配;solution:请确认签名和生成签名的时间戳必须都放在调用的网址中，\
             请确认机器人的密钥加密和填写正确;link:请参考本接口对应文档获得具体要求，\
             或者在https://open.dingtalk.com/document/  搜索相关文档;"
        }
        Wording::Newest => {
            "错误描述:机器人发送签名不匹配;解决方案:请确认签名和生成签名的时间戳必须都放在调用的网址中，\
             请确认机器人的密钥加密和填写正确;"
        }
    }
}

fn timestamp(wording: Wording) -> &'static str {
    match wording {
        Wording::Oldest => "invalid timestamp",
        Wording::Middle | Wording::Newest => {
            "description:机器人发送签名过期;solution:签名生成时间和发送时间请保持在 timestampms 以内;"
        }
    }
}

fn keyword(wording: Wording) -> &'static str {
    match wording {
        Wording::Oldest => "keywords not in content",
        Wording::Middle => {
            "description:关键词不匹配;solution:请联系群管理员查看此机器人的关键词，\
             并在发送的信息中包含此关键词;"
        }
        Wording::Newest => {
            "错误描述:关键词不匹配;解决方案:请联系群管理员查看此机器人的关键词，\
             并在发送的信息中包含此关键词;"
        }
    }
}

fn too_long(wording: Wording) -> &'static str {
    match wording {
        Wording::Oldest => "message too long, exceed 20000 bytes",
        Wording::Middle | Wording::Newest => {
            "description: body 大小不合法;solution:请保持大小在 20000bytes 以内;"
        }
    }
}

fn message_type(found: &str) -> String {
    format!(
        "错误描述: 不支持类型 msgType:{found} ;解决方案:请使用支持的类型;\
         参考链接:请参考本接口对应文档查看支持的消息类型，\
         或者在https://open.dingtalk.com/document/ 搜索对应文档;"
    )
}

#[cfg(test)]
mod tests {
    use super::{Cause, Refusal, Wording, body};
    use crate::dingtalk::profile::{Answer, Profile, RateCode};

    fn in_words(wording: Wording) -> Profile {
        Profile { wording, ..Profile::default() }
    }

    #[test]
    fn throttling_has_three_codes_that_go_with_any_wording() {
        let generations = [Wording::Oldest, Wording::Middle, Wording::Newest];
        let codes = generations.map(|words| Refusal::Throttled.answer(&in_words(words)).errcode);
        assert_eq!(codes, [130_101, 410_100, 660_026]);
        for (code, expected) in [
            (RateCode::TooFast, 130_101),
            (RateCode::Official, 410_100),
            (RateCode::TooMany, 660_026),
        ] {
            let profile = Profile { rate_code: Some(code), ..in_words(Wording::Middle) };
            assert_eq!(Refusal::Throttled.answer(&profile).errcode, expected);
            assert_eq!(Refusal::Keyword.answer(&profile).errcode, 310_000, "only the rate's");
        }
    }

    #[test]
    fn a_profile_replaces_an_answer_by_its_cause() {
        let older = Answer { errcode: 101_002, errmsg: "message is too long".to_owned() };
        let mut profile = Profile::default();
        profile.answers.insert(Cause::TooLong, older.clone());
        assert_eq!(Refusal::TooLong.answer(&profile), older);
        assert_eq!(Refusal::NoJson.answer(&profile).errcode, 40035);
    }

    #[test]
    fn a_code_is_a_number_unless_the_profile_wants_strings() {
        let answer = super::accepted();
        assert_eq!(body(&answer, false).to_string(), r#"{"errcode":0,"errmsg":"ok"}"#);
        assert_eq!(body(&answer, true).to_string(), r#"{"errcode":"0","errmsg":"ok"}"#);
    }
}

//! What the robot says: success, or a refusal in the words of one of three generations.
//!
//! The texts are the observed ones, because clients match on them.

use serde_json::{Value, json};

/// Generation of codes and texts. All three still circulate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Wording {
    /// Until 2021: English.
    #[value(name = "2021")]
    Oldest,
    /// 2022 to 2025: `description:...;solution:...;`.
    #[value(name = "2023")]
    Middle,
    /// 2026: Chinese throughout.
    #[default]
    #[value(name = "2026")]
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
    /// `timestamp` or `sign` missing or wrong.
    Signature,
    /// `timestamp` more than an hour away.
    Timestamp,
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

/// The answer to a message that was accepted.
pub(super) fn accepted() -> Value {
    json!({"errcode": 0, "errmsg": "ok"})
}

impl Refusal {
    /// The answer as `wording` has it.
    pub fn body(&self, wording: Wording) -> Value {
        let (code, text) = self.words(wording);
        json!({"errcode": code, "errmsg": text})
    }

    fn words(&self, wording: Wording) -> (i64, String) {
        let (code, text) = match self {
            Self::Method => (43002, "需要POST请求"),
            Self::NoToken => (40035, "缺少参数 access_token"),
            Self::NoJson => (40035, "缺少参数 json"),
            Self::NoField(field) => return (40035, format!("缺少参数 {field}")),
            Self::Throttled => throttled(wording),
            Self::UnknownToken => match wording {
                Wording::Oldest => (300_001, "token is not exist"),
                Wording::Middle => {
                    (300_001, "description: robot 不存在；solution:请确认 token 是否正确；")
                }
                Wording::Newest => (300_005, "token is not exist"),
            },
            Self::Signature => (310_000, signature(wording)),
            Self::Timestamp => (310_000, timestamp(wording)),
            Self::Keyword => (310_000, keyword(wording)),
            Self::TooLong => (460_101, too_long(wording)),
            Self::MessageType(found) => return (400_105, message_type(found)),
        };
        (code, text.to_owned())
    }
}

fn throttled(wording: Wording) -> (i64, &'static str) {
    match wording {
        Wording::Oldest => (130_101, "send too fast, exceed 20 times per minute"),
        Wording::Middle => (410_100, "发送速度太快而限流"),
        Wording::Newest => (660_026, "sending too many messages per minute"),
    }
}

fn signature(wording: Wording) -> &'static str {
    match wording {
        Wording::Oldest => "sign not match",
        Wording::Middle => {
            "description:机器人发送签名不匹配;solution:请确认签名和生成签名的时间戳必须都放在调用的网址中，\
             请确认机器人的密钥加密和填写正确;"
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
    use super::{Refusal, Wording};

    #[test]
    fn throttling_has_three_codes() {
        let code = |wording| Refusal::Throttled.body(wording)["errcode"].clone();
        let codes = [code(Wording::Oldest), code(Wording::Middle), code(Wording::Newest)];
        assert_eq!(codes, [130_101, 410_100, 660_026]);
    }

    #[test]
    fn an_unknown_token_is_300005_today_and_was_300001() {
        let code = |wording| Refusal::UnknownToken.body(wording)["errcode"].clone();
        assert_eq!(code(Wording::Newest), 300_005);
        assert_eq!(code(Wording::Oldest), 300_001);
    }

    #[test]
    fn a_refusal_for_keywords_names_them_in_every_generation() {
        for (wording, word) in [
            (Wording::Oldest, "keywords not in content"),
            (Wording::Middle, "description:关键词不匹配"),
            (Wording::Newest, "错误描述:关键词不匹配"),
        ] {
            let body = Refusal::Keyword.body(wording);
            assert_eq!(body["errcode"], 310_000);
            assert!(body["errmsg"].as_str().is_some_and(|text| text.starts_with(word)), "{body}");
        }
    }
}

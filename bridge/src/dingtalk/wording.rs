//! DingTalk's refusals in words. Three generations of wording circulate, codes change, and one code
//! (310000) has four meanings: so both the code and parts of the text are looked at.

use super::outcome::{ConfigTrouble, Outcome};

/// What a refusal means, before its details are filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meaning {
    Throttled,
    Busy,
    Config(ConfigTrouble),
    Content,
}

/// Codes with one meaning, whatever the text says.
const CODES: &[(i64, Meaning)] = &[
    (-1, Meaning::Busy),
    // "The requested address does not exist".
    (404, Meaning::Config(ConfigTrouble::Token)),
    (43002, Meaning::Config(ConfigTrouble::Other)),
    (43004, Meaning::Config(ConfigTrouble::Other)),
    (90002, Meaning::Busy),
    (90018, Meaning::Busy),
    (90020, Meaning::Config(ConfigTrouble::Quota)),
    (101_002, Meaning::Content),
    (130_101, Meaning::Throttled),
    (300_001, Meaning::Config(ConfigTrouble::Token)),
    (300_005, Meaning::Config(ConfigTrouble::Token)),
    (400_013, Meaning::Config(ConfigTrouble::Dissolved)),
    (400_101, Meaning::Config(ConfigTrouble::Token)),
    (400_102, Meaning::Config(ConfigTrouble::Stopped)),
    (400_105, Meaning::Content),
    (400_106, Meaning::Config(ConfigTrouble::Token)),
    (410_100, Meaning::Throttled),
    (430_101, Meaning::Content),
    (430_102, Meaning::Content),
    (430_103, Meaning::Content),
    (430_104, Meaning::Content),
    (450_101, Meaning::Throttled),
    (460_101, Meaning::Content),
    (660_026, Meaning::Throttled),
];

/// Parts of texts, in lower case, for codes that are ambiguous or not known. The first hit counts:
/// "expired signature" has to come before "signature".
const WORDS: &[(&str, Meaning)] = &[
    ("too fast", Meaning::Throttled),
    ("too many", Meaning::Throttled),
    ("per minute", Meaning::Throttled),
    ("限流", Meaning::Throttled),
    ("太快", Meaning::Throttled),
    ("系统繁忙", Meaning::Busy),
    ("system busy", Meaning::Busy),
    ("keywords not in content", Meaning::Config(ConfigTrouble::Keyword)),
    ("关键词", Meaning::Config(ConfigTrouble::Keyword)),
    ("invalid timestamp", Meaning::Config(ConfigTrouble::Clock)),
    ("签名过期", Meaning::Config(ConfigTrouble::Clock)),
    ("timestampms", Meaning::Config(ConfigTrouble::Clock)),
    ("sign not match", Meaning::Config(ConfigTrouble::Sign)),
    ("签名不匹配", Meaning::Config(ConfigTrouble::Sign)),
    ("not in whitelist", Meaning::Config(ConfigTrouble::Ip)),
    ("白名单", Meaning::Config(ConfigTrouble::Ip)),
    ("token is not exist", Meaning::Config(ConfigTrouble::Token)),
    ("access_token", Meaning::Config(ConfigTrouble::Token)),
    ("robot 不存在", Meaning::Config(ConfigTrouble::Token)),
    ("机器人不存在", Meaning::Config(ConfigTrouble::Token)),
    ("bot is stopped", Meaning::Config(ConfigTrouble::Stopped)),
    ("已停用", Meaning::Config(ConfigTrouble::Stopped)),
    ("已被解散", Meaning::Config(ConfigTrouble::Dissolved)),
    // What a month's quota that is used up answers is not documented.
    ("over limit", Meaning::Config(ConfigTrouble::Quota)),
    ("quota", Meaning::Config(ConfigTrouble::Quota)),
    ("apicountlimit", Meaning::Config(ConfigTrouble::Quota)),
    ("配额", Meaning::Config(ConfigTrouble::Quota)),
    ("额度", Meaning::Config(ConfigTrouble::Quota)),
    ("调用量", Meaning::Config(ConfigTrouble::Quota)),
    ("使用次数", Meaning::Config(ConfigTrouble::Quota)),
    ("send forbidden", Meaning::Config(ConfigTrouble::Other)),
    ("message is too long", Meaning::Content),
    ("message too long", Meaning::Content),
    ("大小不合法", Meaning::Content),
    ("msgtype", Meaning::Content),
    ("不安全的外链", Meaning::Content),
    ("不合适的", Meaning::Content),
];

/// 310000 is about the robot's security settings, 40035 about a missing parameter: the text says
/// which one. 90030 was seen once, as "webhook over limit": the month's limit, or the minute's.
const CODE_SECURITY: i64 = 310_000;
const CODE_MISSING: i64 = 40_035;
const CODE_LIMIT: i64 = 90_030;

/// What a refusal with `code` and the words `said` means; `text` is what may be shown of them.
pub(super) fn refusal(code: i64, said: &str, text: String) -> Outcome {
    match meaning(code, &said.to_lowercase()) {
        Some(Meaning::Throttled) => Outcome::Throttled { code },
        Some(Meaning::Config(why)) => Outcome::Config { why, code, text },
        Some(Meaning::Content) => Outcome::Content { code, text },
        // A refusal nobody has described may be a passing one. It is repeated unchanged, which is
        // harmless also if the message did get through.
        Some(Meaning::Busy) | None => Outcome::Transient { code: Some(code), why: text },
    }
}

fn meaning(code: i64, lower: &str) -> Option<Meaning> {
    if let Some((_, meaning)) = CODES.iter().find(|(known, _)| *known == code) {
        return Some(*meaning);
    }
    let said = WORDS.iter().find(|(part, _)| lower.contains(part)).map(|(_, meaning)| *meaning);
    match code {
        CODE_SECURITY => Some(said.unwrap_or(Meaning::Config(ConfigTrouble::Other))),
        CODE_MISSING => Some(said.unwrap_or(Meaning::Content)),
        CODE_LIMIT => Some(said.unwrap_or(Meaning::Throttled)),
        _ => said,
    }
}

#[cfg(test)]
mod tests {
    use super::{ConfigTrouble, Outcome};

    fn refusal(code: i64, said: &str) -> Outcome {
        super::refusal(code, said, said.to_owned())
    }

    #[test]
    fn every_generation_of_a_security_refusal_is_told_apart() {
        let texts = [
            (ConfigTrouble::Keyword, "keywords not in content"),
            (
                ConfigTrouble::Keyword,
                "keywords not in content, more: [https://ding-doc.dingtalk.com/doc#/serverapi2/qf2nxq]",
            ),
            (
                ConfigTrouble::Keyword,
                "description:关键词不匹配;solution:请联系群管理员查看此机器人的关键词",
            ),
            (
                ConfigTrouble::Keyword,
                "错误描述:关键词不匹配;解决方案:请联系群管理员查看此机器人的关键词",
            ),
            (ConfigTrouble::Sign, "sign not match, more: [x]"),
            (
                ConfigTrouble::Sign,
                "description:机器人发送签名不匹配;solution:请确认签名和生成签名的时间戳必须都放在调用的网址中",
            ),
            (
                ConfigTrouble::Sign,
                "错误描述:机器人发送签名不匹配;解决方案:请确认签名和生成签名的时间戳",
            ),
            (ConfigTrouble::Clock, "invalid timestamp"),
            (
                ConfigTrouble::Clock,
                "description:机器人发送签名过期;solution:签名生成时间和发送时间请保持在 timestampms 以内;",
            ),
            (ConfigTrouble::Ip, "ip 1.2.3.4 not in whitelist"),
            (ConfigTrouble::Ip, "description:ip 不在白名单中;solution:请联系对应群的管理员"),
            (ConfigTrouble::Other, "something new"),
        ];
        for (expected, text) in texts {
            let outcome = refusal(310_000, text);
            assert!(matches!(outcome, Outcome::Config { why, .. } if why == expected), "{text}");
        }
    }

    #[test]
    fn every_code_of_the_table_means_what_the_table_says() {
        for code in [130_101, 410_100, 660_026, 90_030, 450_101] {
            assert_eq!(refusal(code, ""), Outcome::Throttled { code });
        }
        let token = [404, 300_001, 300_005, 400_101, 400_106];
        let other = [43_002, 43_004];
        for (why, codes) in [
            (ConfigTrouble::Token, &token[..]),
            (ConfigTrouble::Stopped, &[400_102][..]),
            (ConfigTrouble::Dissolved, &[400_013][..]),
            (ConfigTrouble::Quota, &[90_020][..]),
            (ConfigTrouble::Other, &other[..]),
        ] {
            for &code in codes {
                let text = String::new();
                assert_eq!(refusal(code, ""), Outcome::Config { why, code, text });
            }
        }
        for code in [400_105, 430_101, 430_102, 430_103, 430_104, 460_101, 101_002] {
            assert!(matches!(refusal(code, ""), Outcome::Content { .. }), "{code}");
        }
        assert!(matches!(refusal(-1, "系统繁忙"), Outcome::Transient { code: Some(-1), .. }));
    }

    #[test]
    fn a_missing_parameter_is_the_token_or_the_message() {
        let token = refusal(40_035, "缺少参数 access_token");
        assert!(matches!(token, Outcome::Config { why: ConfigTrouble::Token, .. }));
        assert!(matches!(refusal(40_035, "缺少参数 json"), Outcome::Content { .. }));
    }

    #[test]
    fn an_unknown_code_is_judged_by_its_words_and_never_a_success() {
        assert_eq!(
            refusal(999_999, "send too FAST, exceed 20 times per minute"),
            Outcome::Throttled { code: 999_999 }
        );
        let forbidden = refusal(7, "send forbidden");
        assert!(matches!(forbidden, Outcome::Config { why: ConfigTrouble::Other, .. }));
        for (code, said) in
            [(90_030, "webhook over limit"), (7, "本月调用量已用完"), (7, "Quota used up")]
        {
            let spent = refusal(code, said);
            assert!(
                matches!(spent, Outcome::Config { why: ConfigTrouble::Quota, .. }),
                "{said}: {spent:?}"
            );
        }
        let long = refusal(7, "description: body 大小不合法;");
        assert!(matches!(long, Outcome::Content { .. }));
        assert!(matches!(refusal(7, "moon phase"), Outcome::Transient { code: Some(7), .. }));
    }
}

//! Every code and every wording that is known of DingTalk's answers, through a real HTTP server.

use wiremock::matchers::method;
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::support::{client, send};
use crate::dingtalk::Outcome;

/// Code, wording, and what becomes of the message. The order is that of the facts: limits, general
/// refusals, then the four causes of 310000 in the generations of their wording.
const REFUSALS: &[(i64, &str, &str)] = &[
    (130_101, "send too fast, exceed 20 times per minute", "throttled"),
    (410_100, "发送速度太快而限流", "throttled"),
    (660_026, "sending too many messages per minute", "throttled"),
    (450_101, "", "throttled"),
    (90_030, "", "throttled"),
    (90_030, "webhook over limit", "config Quota"),
    (90_020, "", "config Quota"),
    (90_018, "", "transient"),
    (90_002, "", "transient"),
    (-1, "系统繁忙", "transient"),
    (-1, "System busy", "transient"),
    (40_035, "缺少参数 access_token", "config Token"),
    (40_035, "缺少参数 json", "content"),
    (43_002, "需要POST请求", "config Other"),
    (43_004, "无效的HTTP HEADER Content-Type", "config Other"),
    (404, "请求的URI地址不存在", "config Token"),
    (300_001, "token is not exist", "config Token"),
    (300_001, "description: robot 不存在；solution:请确认 token 是否正确；", "config Token"),
    (300_005, "token is not exist", "config Token"),
    (400_013, "群已被解散", "config Dissolved"),
    (400_101, "access_token不存在", "config Token"),
    (400_102, "机器人已停用", "config Stopped"),
    (400_102, "bot is stopped", "config Stopped"),
    (400_105, "不支持的消息类型", "content"),
    (
        400_105,
        "错误描述: 不支持类型 msgType:%s ;解决方案:请使用支持的类型;参考链接:请参考本接口对应文档查看支持的消息类型，或者在https://open.dingtalk.com/document/ 搜索对应文档;",
        "content",
    ),
    (400_106, "机器人不存在", "config Token"),
    (430_101, "含有不安全的外链", "content"),
    (430_102, "含有不合适的文本", "content"),
    (430_103, "含有不合适的图片", "content"),
    (430_104, "含有不合适的内容", "content"),
    (460_101, "message too long, exceed 20000 bytes", "content"),
    (460_101, "description: body 大小不合法;solution:请保持大小在 20000bytes 以内;", "content"),
    (101_002, "message is too long", "content"),
    (999, "send forbidden", "config Other"),
    (310_000, "keywords not in content", "config Keyword"),
    (
        310_000,
        "keywords not in content, more: [https://ding-doc.dingtalk.com/doc#/serverapi2/qf2nxq]",
        "config Keyword",
    ),
    (
        310_000,
        "description:关键词不匹配;solution:请联系群管理员查看此机器人的关键词，并在发送的信息中包含此关键词;",
        "config Keyword",
    ),
    (
        310_000,
        "错误描述:关键词不匹配;解决方案:请联系群管理员查看此机器人的关键词，并在发送的信息中包含此关键词;",
        "config Keyword",
    ),
    (310_000, "sign not match", "config Sign"),
    (
        310_000,
        "sign not match, more: [https://ding-doc.dingtalk.com/doc#/serverapi2/qf2nxq]",
        "config Sign",
    ),
    (
        310_000,
        "description:机器人发送签名不匹配;solution:请确认签名和生成签名的时间戳必须都放在调用的网址中，请确认机器人的密钥加密和填写正确;link:请参考本接口对应文档获得具体要求，或者在https://open.dingtalk.com/document/  搜索相关文档;",
        "config Sign",
    ),
    (
        310_000,
        "错误描述:机器人发送签名不匹配;解决方案:请确认签名和生成签名的时间戳必须都放在调用的网址中",
        "config Sign",
    ),
    (310_000, "invalid timestamp", "config Clock"),
    (
        310_000,
        "invalid timestamp, more: [https://ding-doc.dingtalk.com/doc#/serverapi2/qf2nxq]",
        "config Clock",
    ),
    (
        310_000,
        "description:机器人发送签名过期;solution:签名生成时间和发送时间请保持在 timestampms 以内;",
        "config Clock",
    ),
    (310_000, "ip 203.0.113.7 not in whitelist", "config Ip"),
    (
        310_000,
        "description:ip 不在白名单中;solution:请联系对应群的管理员，设置机器人安全ip地址段",
        "config Ip",
    ),
    (310_000, "a wording of tomorrow", "config Other"),
    (777_777, "a code of tomorrow", "transient"),
];

/// Status, whole body, and what becomes of the message.
const ANSWERS: &[(u16, &str, &str)] = &[
    (200, r#"{"errcode":0,"errmsg":"ok"}"#, "delivered"),
    (200, r#"{"errcode":"0","errmsg":"ok"}"#, "delivered"),
    (200, r#"{"status":1111,"wait":5,"source":"x5","punish":"deny","uuid":"xxx"}"#, "ip_banned"),
    (200, "<!DOCTYPE html><html><title>denied</title></html>", "ip_banned"),
    (403, "<html>blocked</html>", "ip_banned"),
    (
        200,
        r#"{"status":1111,"wait":5,"source":"x5","punish":"deny","uuid":"xxx","errcode":130101,"errmsg":"send too fast, exceed 20 times per minute"}"#,
        "throttled",
    ),
    (
        200,
        r#"{"errcode":88,"sub_code":"90018","sub_msg":"qps","errmsg":"ding talk error[subcode=90018,submsg=qps]"}"#,
        "transient",
    ),
    (200, r#"{"errcode":410100,"errmsg":"发送速度太快而限流""#, "unknown"),
    (200, "", "unknown"),
    (200, "ok", "unknown"),
    (200, "null", "unknown"),
    (200, r#"{"errmsg":"ok"}"#, "unknown"),
    (200, r#"{"success":true}"#, "unknown"),
    (204, "", "unknown"),
    (500, r#"{"errcode":0,"errmsg":"ok"}"#, "unknown"),
    (200, "<html><form action='/login'>", "transient"),
    (302, "", "transient"),
    (408, "", "transient"),
    (500, "<html>internal error</html>", "transient"),
    (502, "", "transient"),
    (503, "upstream", "transient"),
    (504, "", "transient"),
    (511, "<html>log in</html>", "transient"),
    (429, "", "throttled"),
    (404, "<html>no such page</html>", "config Other"),
];

fn word(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Config { why, .. } => format!("config {why:?}"),
        other => other.word().to_owned(),
    }
}

/// What the client makes of each of `answers`, where that is not what is expected.
async fn misread(answers: impl Iterator<Item = (u16, String, &str)>) -> Vec<String> {
    let server = MockServer::start().await;
    let client = client(&server.uri());
    let mut misread = Vec::new();
    for (status, body, expected) in answers {
        let answer = ResponseTemplate::new(status).set_body_string(&body);
        let mounted =
            Mock::given(method("POST")).respond_with(answer).mount_as_scoped(&server).await;
        let found = send(&client).await;
        drop(mounted);
        if word(&found.outcome) != expected || found.http_status != Some(status) {
            misread.push(format!("HTTP {status} {body}: expected {expected}, found {found:?}"));
        }
    }
    misread
}

#[tokio::test]
async fn every_code_in_every_wording_is_understood_as_a_number_and_as_a_string() {
    let as_number = REFUSALS.iter().map(|(code, said, expected)| {
        (200, serde_json::json!({ "errcode": code, "errmsg": said }).to_string(), *expected)
    });
    let as_string = REFUSALS.iter().map(|(code, said, expected)| {
        let body = serde_json::json!({ "errmsg": said, "errcode": code.to_string() });
        (200, body.to_string(), *expected)
    });
    let misread = misread(as_number.chain(as_string)).await;
    assert!(misread.is_empty(), "{}", misread.join("\n"));
}

#[tokio::test]
async fn every_other_shape_of_an_answer_is_understood_and_never_taken_for_a_success() {
    let answers =
        ANSWERS.iter().map(|(status, body, expected)| (*status, (*body).to_owned(), *expected));
    let misread = misread(answers).await;
    assert!(misread.is_empty(), "{}", misread.join("\n"));
}

#[tokio::test]
async fn an_answer_that_repeats_our_secrets_is_not_shown_with_them() {
    let echo = format!("sign not match {} {}", super::support::TOKEN, super::support::SECRET);
    let body = serde_json::json!({ "errcode": 310_000, "errmsg": echo }).to_string();
    let misread = misread([(200, body, "config Sign")].into_iter()).await;
    assert!(misread.is_empty(), "{}", misread.join("\n"));
}

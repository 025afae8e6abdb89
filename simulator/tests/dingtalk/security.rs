//! Who may send: method, token, signature, hour window, keywords, IP list.

use std::net::Ipv4Addr;

use possim::dingtalk::{MockConfig, MockError, MockRobot};
use serde_json::json;

use crate::support::{TOKEN, World, client, json_of, robot, sign, text};

const SECRET: &str = "SEC045ae0433d866d0019a47f441d3da2c3c5862b8a8c46f8ab1de83a6fb0b9a54c";

/// A robot that demands signatures, at a time no real clock reaches while this is tested.
async fn at_new_year() -> World {
    let world = World::with(robot(Some(SECRET), &[]), "").await;
    let now = json!({"set": "2100-01-01T00:00:00Z"});
    assert_eq!(world.tell("clock", &now).await.status(), 200);
    world
}

/// 2100-01-01T00:00:00Z.
const NOW_MS: i64 = 4_102_444_800_000;

#[tokio::test]
async fn a_get_is_43002_and_a_missing_or_empty_token_is_40035() {
    let world = World::new().await;
    let get = world.client.get(world.mock.webhook(TOKEN)).send().await.expect("an answer");
    assert_eq!(json_of(get).await, json!({"errcode": 43002, "errmsg": "需要POST请求"}));
    for query in ["", "?access_token="] {
        let url = format!("http://{}/robot/send{query}", world.mock.address());
        let answer = json_of(world.post(&url, &text("收銀")).await.expect("an answer")).await;
        assert_eq!(answer, json!({"errcode": 40035, "errmsg": "缺少参数 access_token"}));
    }
}

#[tokio::test]
async fn an_unknown_token_is_300005_today_and_was_300001() {
    for (profile, code) in
        [("", 300_005), ("wording = '2021'", 300_001), ("wording = '2023'", 300_001)]
    {
        let world = World::of(profile).await;
        let url = world.mock.webhook("nobody");
        let answer = json_of(world.post(&url, &text("x")).await.expect("an answer")).await;
        assert_eq!(answer["errcode"], code);
    }
}

#[tokio::test]
async fn a_signature_in_the_query_is_accepted() {
    let world = at_new_year().await;
    let timestamp = NOW_MS.to_string();
    assert_eq!(world.send_signed(&timestamp, &sign(&timestamp, SECRET)).await["errcode"], 0);
}

#[tokio::test]
async fn the_published_signature_is_what_the_rule_gives() {
    let published = "BSe0QzwtBdzTlEnmaVptmDApFF/EyDdmvpE/DajHtoE=";
    assert_eq!(sign("1735693200000", SECRET), published);
}

#[tokio::test]
async fn the_time_stamp_may_be_an_hour_off_and_no_more() {
    let world = at_new_year().await;
    let hour = 3_600_000;
    // The real clock runs on while the test does: a minute of it is left as slack.
    let slack = 60_000;
    for (at, code) in [
        (NOW_MS - hour + slack, 0),
        (NOW_MS + hour, 0),
        (NOW_MS - hour - 1, 310_000),
        (NOW_MS + hour + slack, 310_000),
    ] {
        let timestamp = at.to_string();
        let answer = world.send_signed(&timestamp, &sign(&timestamp, SECRET)).await;
        assert_eq!(answer["errcode"], code, "{timestamp}");
    }
}

#[tokio::test]
async fn a_signature_that_is_wrong_encoded_twice_or_absent_is_310000() {
    let world = at_new_year().await;
    let timestamp = NOW_MS.to_string();
    let good = sign(&timestamp, SECRET);
    let twice = good.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
    let other = sign(&timestamp, "SECother");
    for bad in ["", "AAAA", &twice, &other] {
        assert_eq!(world.send_signed(&timestamp, bad).await["errcode"], 310_000, "{bad}");
    }
    assert_eq!(world.send_text("x").await["errcode"], 310_000);
}

#[tokio::test]
async fn a_signature_in_headers_or_body_does_not_count() {
    let world = at_new_year().await;
    let timestamp = NOW_MS.to_string();
    let sign = sign(&timestamp, SECRET);
    let mut body = text("x");
    body["timestamp"] = json!(timestamp);
    body["sign"] = json!(sign);
    let request = world.client.post(world.mock.webhook(TOKEN));
    let request = request.header("timestamp", &timestamp).header("sign", &sign);
    let request = request.header("content-type", "application/json").body(body.to_string());
    let answer = json_of(request.send().await.expect("an answer")).await;
    assert_eq!(answer["errcode"], 310_000);
}

#[tokio::test]
async fn the_order_of_the_query_does_not_matter() {
    let world = at_new_year().await;
    let timestamp = NOW_MS.to_string();
    let sign = sign(&timestamp, SECRET);
    let query = [("sign", &*sign), ("timestamp", &*timestamp), ("access_token", TOKEN)];
    let base = format!("http://{}/robot/send", world.mock.address());
    let url = reqwest::Url::parse_with_params(&base, query).expect("a URL");
    let answer = json_of(world.post(url.as_str(), &text("x")).await.expect("an answer")).await;
    assert_eq!(answer["errcode"], 0);
}

#[tokio::test]
async fn refusals_are_worded_as_in_three_generations() {
    for (wording, sign, time, word, ip) in [
        (
            "2021",
            "sign not match",
            "invalid timestamp",
            "keywords not in content",
            "ip 127.0.0.1 not in whitelist",
        ),
        (
            "2023",
            "description:机器人发送签名不匹配;",
            "description:机器人发送签名过期;",
            "description:关键词不匹配;",
            "description:ip 不在白名单中;",
        ),
        (
            "2026",
            "错误描述:机器人发送签名不匹配;",
            "description:机器人发送签名过期;",
            "错误描述:关键词不匹配;",
            "description:ip 不在白名单中;",
        ),
    ] {
        let profile = format!("wording = '{wording}'");
        let signed = World::with(robot(Some(SECRET), &[]), &profile).await;
        let keyed = World::with(robot(None, &["收銀"]), &profile).await;
        let elsewhere = World::of(&format!("{profile}\nsecurity.ips = ['10.0.0.1']")).await;
        for (answer, expected) in [
            (signed.send_text("x").await, sign),
            (signed.send_signed("1", "x").await, time),
            (keyed.send_text("x").await, word),
            (elsewhere.send_text("x").await, ip),
        ] {
            assert_eq!(answer["errcode"], 310_000);
            let errmsg = answer["errmsg"].as_str().expect("a text");
            assert!(errmsg.starts_with(expected), "{wording}: {errmsg}");
        }
    }
}

#[tokio::test]
async fn a_message_needs_one_of_the_keywords_in_title_or_text() {
    let world = World::with(robot(None, &["收銀", "till"]), "").await;
    let markdown = |title: &str, text: &str| json!({"msgtype": "markdown", "markdown": {"title": title, "text": text}});
    for (message, code) in [
        (text("今日收銀"), 0),
        (text("the till"), 0),
        (markdown("收銀", "x"), 0),
        (markdown("x", "收銀"), 0),
        (text("The Till"), 310_000),
        (text("x"), 310_000),
    ] {
        assert_eq!(world.send(&message).await["errcode"], code, "{message}");
    }
}

#[tokio::test]
async fn a_robot_has_at_most_ten_keywords() {
    let words = |n: usize| MockConfig::new(vec![robot(None, &vec!["x"; n])]);
    assert!(MockRobot::start(words(10)).await.is_ok());
    let refused = MockRobot::start(words(11)).await;
    assert!(matches!(refused, Err(MockError::Keywords { found: 11 })), "{refused:?}");
}

#[tokio::test]
async fn only_addresses_of_the_ip_list_may_send() {
    let world = World::of("security.ips = ['127.0.0.1', '127.0.3.0/24']").await;
    for (from, code) in [
        (Ipv4Addr::LOCALHOST, 0),
        (Ipv4Addr::new(127, 0, 3, 77), 0),
        (Ipv4Addr::new(127, 0, 0, 2), 310_000),
        (Ipv4Addr::new(127, 0, 4, 1), 310_000),
    ] {
        let stranger = World { client: client(from), ..World::of("").await };
        let url = world.mock.webhook(TOKEN);
        let answer = json_of(stranger.post(&url, &text("x")).await.expect("an answer")).await;
        assert_eq!(answer["errcode"], code, "{from}");
    }
}

#[tokio::test]
async fn a_path_that_does_not_exist_is_http_200_and_404_in_the_body() {
    let world = World::new().await;
    let url = format!("http://{}/robot/sent", world.mock.address());
    let answer = json_of(world.post(&url, &text("收銀")).await.expect("an answer")).await;
    assert_eq!(answer, json!({"errcode": 404, "errmsg": "请求的URI地址不存在"}));
}

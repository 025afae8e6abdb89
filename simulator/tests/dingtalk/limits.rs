//! How much may be sent: in a minute, in a month, from one address.

use std::net::Ipv4Addr;

use possim::dingtalk::{MockConfig, RobotConfig};
use serde_json::{Value, json};

use crate::support::{TOKEN, World, client, json_of, robot, text};

/// Sends until a call is not answered 0; how many were, and that answer.
async fn until_refused(world: &World) -> (usize, Value) {
    for sent in 0..100 {
        let answer = world.send_text("x").await;
        if answer["errcode"] != 0 {
            return (sent, answer);
        }
    }
    panic!("a hundred messages were taken");
}

#[tokio::test]
async fn the_21st_message_of_a_minute_is_refused_for_ten_minutes_of_the_mocks_clock() {
    let world = World::of("").await;
    let (sent, refused) = until_refused(&world).await;
    assert_eq!(sent, 20);
    assert_eq!(
        refused,
        json!({"errcode": 660_026, "errmsg": "sending too many messages per minute"})
    );
    world.advance(590_000).await;
    assert_eq!(world.send_text("x").await["errcode"], 660_026, "and trying does not prolong it");
    world.advance(10_000).await;
    assert_eq!(until_refused(&world).await.0, 20, "the window is empty after the penalty");
}

#[tokio::test]
async fn the_rate_limit_has_three_codes() {
    for (profile, code, words) in [
        ("wording = '2021'", 130_101, "send too fast, exceed 20 times per minute"),
        ("wording = '2023'", 410_100, "发送速度太快而限流"),
        ("wording = '2026'", 660_026, "sending too many messages per minute"),
        (
            "wording = '2026'\nrate_code = 130101",
            130_101,
            "send too fast, exceed 20 times per minute",
        ),
        ("wording = '2021'\nrate_code = 410100", 410_100, "发送速度太快而限流"),
        ("wording = '2021'\nrate_code = 660026", 660_026, "sending too many messages per minute"),
    ] {
        let world = World::of(&format!("{profile}\nwindow.messages = 1")).await;
        let (_, refused) = until_refused(&world).await;
        assert_eq!(refused, json!({"errcode": code, "errmsg": words}), "{profile}");
    }
}

#[tokio::test]
async fn the_minute_is_one_robots_and_judged_before_its_token_is_known() {
    let config = MockConfig::new(vec![
        robot(None, &[]),
        RobotConfig { token: "second".to_owned(), secret: None, keywords: Vec::new() },
    ]);
    let world = World::start(config).await;
    until_refused(&world).await;
    let second = world.post(&world.mock.webhook("second"), &text("x")).await.expect("an answer");
    assert_eq!(json_of(second).await["errcode"], 0);
    for n in 0..=20 {
        let answer = world.post(&world.mock.webhook("nobody"), &text("x")).await;
        let code = json_of(answer.expect("an answer")).await["errcode"].clone();
        assert_eq!(code, if n < 20 { 300_005 } else { 660_026 });
    }
}

#[tokio::test]
async fn no_limits_means_none() {
    let limited = false;
    let config = MockConfig { limited, ..MockConfig::new(vec![robot(None, &[])]) };
    let world = World::start(config).await;
    for _ in 0..50 {
        assert_eq!(world.send_text("x").await["errcode"], 0);
    }
}

#[tokio::test]
async fn a_months_calls_of_the_organisation_run_out_and_come_back_at_its_end_in_china() {
    let world = World::of("quota.organisation_monthly = 2").await;
    let now = json!({"set": "2100-01-31T15:59:00Z"});
    assert_eq!(world.tell("clock", &now).await.status(), 200);
    let (sent, refused) = until_refused(&world).await;
    assert_eq!(sent, 2);
    assert_eq!(refused, json!({"errcode": 90030, "errmsg": "webhook over limit"}));
    world.advance(60_000).await;
    assert_eq!(until_refused(&world).await.0, 2, "February has begun in China");
}

#[tokio::test]
async fn an_administrator_can_cap_each_robot() {
    let robots = vec![
        robot(None, &[]),
        RobotConfig { token: "second".to_owned(), secret: None, keywords: Vec::new() },
    ];
    let profile = toml::from_str("quota.robot_monthly = 1").expect("a profile");
    let world = World::start(MockConfig { profile, ..MockConfig::new(robots) }).await;
    assert_eq!(until_refused(&world).await.0, 1);
    let second = world.post(&world.mock.webhook("second"), &text("x")).await.expect("an answer");
    assert_eq!(json_of(second).await["errcode"], 0);
}

#[tokio::test]
async fn a_call_refused_for_its_rate_costs_no_quota() {
    let world = World::of("window.messages = 1\nquota.organisation_monthly = 2").await;
    assert_eq!(until_refused(&world).await.0, 1);
    assert_eq!(world.send_text("x").await["errcode"], 660_026);
    world.advance(600_000).await;
    assert_eq!(until_refused(&world).await.0, 1, "one of two is left");
    world.advance(600_000).await;
    assert_eq!(world.send_text("x").await["errcode"], 90030);
}

#[tokio::test]
async fn an_address_that_calls_too_often_is_banned_for_five_minutes_without_an_errcode() {
    let world = World::of("gateway.calls = 3").await;
    for _ in 0..3 {
        assert_eq!(world.send_text("x").await["errcode"], 0);
    }
    let banned = world.send_text("x").await;
    assert_eq!((&banned["status"], &banned["wait"]), (&json!(1111), &json!(5)));
    assert_eq!(banned.get("errcode"), None);
    assert_eq!(world.list("attempts").await[3]["banned"], true);
    let elsewhere = World { client: client(Ipv4Addr::new(127, 0, 0, 9)), ..World::of("").await };
    let other = elsewhere.post(&world.mock.webhook(TOKEN), &text("x")).await.expect("an answer");
    assert_eq!(json_of(other).await["errcode"], 0, "another address is not concerned");
    world.advance(299_000).await;
    assert_eq!(world.send_text("x").await["status"], 1111);
    world.advance(1_000).await;
    assert_eq!(world.send_text("x").await["errcode"], 0);
}

#[tokio::test]
async fn the_ban_has_a_second_shape_which_is_a_web_page() {
    let world = World::of("gateway = { calls = 0, shape = 'html' }").await;
    let page = world.post(&world.mock.webhook(TOKEN), &text("x")).await.expect("an answer");
    assert_eq!(page.status(), 200);
    assert_eq!(page.headers()["content-type"], "text/html; charset=utf-8");
    assert!(page.text().await.expect("a page").contains("<html>"));
}

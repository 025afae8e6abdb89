//! Scripted misbehaviour: what a client must survive.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::support::{TOKEN, World, json_of, robot, sign, text};

#[tokio::test]
async fn a_reset_before_shows_nothing_and_a_reset_after_shows_the_message() {
    let world = World::new().await;
    for (fault, seen) in [("reset_before", 0), ("reset_after", 1)] {
        world.script(&json!({"count": 1, "answer": fault})).await;
        let sent = world.post(&world.mock.webhook(TOKEN), &text("收銀")).await;
        let error = sent.expect_err("no answer");
        assert!(!error.is_timeout() && !error.is_connect(), "{error:?}");
        assert_eq!(world.mock.messages().len(), seen, "{fault}");
    }
    assert_eq!(world.send_text("收銀").await["errcode"], 0, "each fault struck once");
}

#[tokio::test]
async fn gateways_answer_5xx_and_web_pages_in_the_robots_place() {
    let world = World::new().await;
    for (fault, status, page) in [
        ("http500", 500, false),
        ("http502", 502, true),
        ("http503", 503, true),
        ("http504", 504, true),
        ("html", 200, true),
    ] {
        world.script(&json!({"count": 1, "answer": fault})).await;
        let answer = world.post(&world.mock.webhook(TOKEN), &text("收銀")).await;
        let answer = answer.expect("an answer");
        assert_eq!(answer.status(), status);
        assert_eq!(answer.text().await.expect("a body").contains("<html>"), page, "{fault}");
    }
    assert!(world.mock.messages().is_empty());
    assert_eq!(world.mock.attempts().len(), 5);
}

#[tokio::test]
async fn the_ban_can_be_scripted_in_both_shapes_and_merged_with_the_rate_limit() {
    let world = World::new().await;
    world
        .script(&json!([
            {"count": 1, "answer": {"ip_ban": "json"}},
            {"count": 1, "answer": "ip_ban_merged"},
            {"count": 1, "answer": {"ip_ban": "html"}},
        ]))
        .await;
    let plain = world.send_text("收銀").await;
    assert_eq!((plain["status"].as_i64(), plain.get("errcode")), (Some(1111), None));
    let merged = world.send_text("收銀").await;
    assert_eq!((&merged["status"], &merged["errcode"]), (&json!(1111), &json!(130_101)));
    let page = world.post(&world.mock.webhook(TOKEN), &text("收銀")).await.expect("an answer");
    assert_eq!(page.headers()["content-type"], "text/html; charset=utf-8");
}

#[tokio::test]
async fn any_code_of_the_table_can_be_answered() {
    let world = World::new().await;
    for (errcode, errmsg) in [
        (-1, "系统繁忙"),
        (400_102, "机器人已停用"),
        (400_013, "群已被解散"),
        (430_101, "含有不安全的外链"),
    ] {
        let answer = json!({"errcode": errcode, "errmsg": errmsg});
        world.script(&json!({"count": 1, "answer": {"refuse": answer}})).await;
        assert_eq!(world.send_text("收銀").await, answer);
    }
    assert!(world.mock.messages().is_empty());
}

#[tokio::test]
async fn a_throttle_can_be_scripted_without_twenty_messages() {
    let world = World::new().await;
    world.script(&json!({"count": 2, "answer": "throttle"})).await;
    for code in [660_026, 660_026, 0] {
        assert_eq!(world.send_text("收銀").await["errcode"], code);
    }
}

#[tokio::test]
async fn a_truncated_answer_breaks_off_after_the_message_was_shown() {
    let world = World::new().await;
    world.script(&json!({"count": 1, "answer": "truncated"})).await;
    let answer = world.post(&world.mock.webhook(TOKEN), &text("收銀")).await;
    let answer = answer.expect("the head comes whole");
    assert_eq!(answer.status(), 200);
    let length: usize = answer.content_length().expect("a length").try_into().expect("short");
    assert_eq!(length, r#"{"errcode":0,"errmsg":"ok"}"#.len());
    assert!(answer.text().await.is_err(), "the body does not");
    assert_eq!(world.mock.messages().len(), 1);
    assert_eq!(world.send_text("收銀").await["errcode"], 0);
}

#[tokio::test]
async fn a_slow_body_comes_byte_by_byte_and_whole() {
    let world = World::new().await;
    world.script(&json!({"count": 1, "answer": {"slow_body": 5}})).await;
    let began = Instant::now();
    assert_eq!(world.send_text("收銀").await, json!({"errcode": 0, "errmsg": "ok"}));
    let bytes = r#"{"errcode":0,"errmsg":"ok"}"#.len() as u32;
    assert!(began.elapsed() >= Duration::from_millis(5) * bytes, "{:?}", began.elapsed());
    let began = Instant::now();
    assert_eq!(world.send_text("收銀").await["errcode"], 0);
    assert!(began.elapsed() < Duration::from_millis(5) * bytes, "the next answer is fair again");
}

#[tokio::test]
async fn a_delay_comes_before_the_message_is_shown_and_a_hold_after() {
    let world = World::new().await;
    let waiting = json!([{"count": 1, "delay_ms": 3_600_000}, {"count": 1, "hold_ms": 3_600_000}]);
    world.script(&waiting).await;
    for seen in [0, 1] {
        let request = world.client.post(world.mock.webhook(TOKEN)).body(text("收銀").to_string());
        let sent = request.timeout(Duration::from_millis(300)).send().await;
        assert!(sent.expect_err("no answer in time").is_timeout());
        assert_eq!(world.mock.messages().len(), seen);
    }
}

#[tokio::test]
async fn an_internal_error_after_the_message_was_shown_looks_like_any_other() {
    let world = World::new().await;
    world.script(&json!({"count": 1, "answer": "http500_after"})).await;
    let answer = world.post(&world.mock.webhook(TOKEN), &text("收銀")).await.expect("an answer");
    assert_eq!(answer.status(), 500);
    assert_eq!(world.mock.messages().len(), 1);
}

#[tokio::test]
async fn a_code_can_come_as_a_string_once() {
    let world = World::new().await;
    world.script(&json!({"count": 1, "answer": "string_codes"})).await;
    assert_eq!(world.send_text("收銀").await, json!({"errcode": "0", "errmsg": "ok"}));
    assert_eq!(world.send_text("收銀").await, json!({"errcode": 0, "errmsg": "ok"}));
}

#[tokio::test]
async fn a_fault_for_one_robot_spares_the_others() {
    let world = World::new().await;
    world.script(&json!({"count": 1, "robot": "another", "answer": "http500"})).await;
    assert_eq!(world.send_text("收銀").await["errcode"], 0);
    let other = world.post(&world.mock.webhook("another"), &text("x")).await.expect("an answer");
    assert_eq!(other.status(), 500);
    let again = world.post(&world.mock.webhook("another"), &text("x")).await.expect("an answer");
    assert_eq!(json_of(again).await["errcode"], 300_005);
}

#[tokio::test]
async fn a_storm_lasts_as_long_as_it_was_scripted_for() {
    let world = World::new().await;
    world.script(&json!({"for_ms": 300_000, "answer": "http503"})).await;
    for _ in 0..3 {
        let answer = world.post(&world.mock.webhook(TOKEN), &text("收銀")).await;
        assert_eq!(answer.expect("an answer").status(), 503);
        world.advance(90_000).await;
    }
    assert_eq!(world.list("faults").await.len(), 1, "half a minute is left");
    world.advance(30_000).await;
    assert_eq!(world.send_text("收銀").await["errcode"], 0);
    assert!(world.list("faults").await.is_empty());
}

#[tokio::test]
async fn a_robot_whose_clock_is_off_judges_signatures_and_dates_its_answers_by_it() {
    let world = World::with(robot(Some("SECret"), &[]), "").await;
    let now_ms = possim::clock::Clock::real().wall_ms();
    let seventy_minutes = 4_200_000;
    world.script(&json!({"count": 2, "skew_ms": seventy_minutes})).await;
    for (at_ms, code) in [(now_ms, 310_000), (now_ms + seventy_minutes, 0)] {
        let at = at_ms.to_string();
        let answer = world.send_signed(&at, &sign(&at, "SECret")).await;
        assert_eq!(answer["errcode"], code, "{answer}");
    }
    world.script(&json!({"count": 1, "skew_ms": seventy_minutes})).await;
    let webhook = world.mock.webhook(TOKEN);
    let off = world.post(&webhook, &text("x")).await.expect("an answer");
    let fair = world.post(&webhook, &text("x")).await.expect("an answer");
    let dates = [&off, &fair].map(|answer| {
        let text = answer.headers()["date"].to_str().expect("ASCII").to_owned();
        let at = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text).expect("a date");
        at.as_millisecond() - now_ms
    });
    assert!((dates[0] - dates[1] - seventy_minutes).abs() < 60_000, "{dates:?}");
}

#[tokio::test]
async fn every_answer_is_dated_by_the_mocks_clock() {
    let world = World::new().await;
    let date = async |path: &str| {
        let url = format!("http://{}{path}", world.mock.address());
        let answer = world.client.get(url).send().await.expect("an answer");
        let text = answer.headers()["date"].to_str().expect("ASCII").to_owned();
        jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text).expect("a date")
    };
    let before = [date("/robot/send").await, date("/").await];
    world.advance(86_400_000).await;
    for (path, before) in ["/robot/send", "/"].into_iter().zip(before) {
        let later = date(path).await.as_second() - before.as_second();
        assert!((86_400..86_460).contains(&later), "{path}: {later} s");
    }
}

#[tokio::test]
async fn a_network_that_is_away_refuses_connections_and_resets_open_ones_until_it_is_back() {
    let world = World::new().await;
    assert_eq!(world.send_text("收銀").await["errcode"], 0);
    let open = tokio::net::TcpStream::connect(world.mock.address()).await.expect("a connection");
    // Real time: while it is away nobody can move its clock.
    let began = Instant::now();
    assert_eq!(world.tell("network", &json!({"away_ms": 1_000})).await.status(), 200);
    let error = loop {
        let fresh = tokio::net::TcpStream::connect(world.mock.address()).await;
        match fresh {
            Err(error) => break error,
            Ok(_) => assert!(began.elapsed() < Duration::from_secs(1), "the port stays open"),
        }
    };
    assert_eq!(error.kind(), std::io::ErrorKind::ConnectionRefused);
    drop(open);
    let back = loop {
        match world.post(&world.mock.webhook(TOKEN), &text("收銀")).await {
            Ok(answer) => break json_of(answer).await,
            Err(error) => assert!(began.elapsed() < Duration::from_secs(20), "{error}"),
        }
        // Thousands of connections to a closed port of this machine would meet themselves in the end.
        tokio::time::sleep(Duration::from_millis(5)).await;
    };
    assert_eq!(back["errcode"], 0);
    assert!(began.elapsed() >= Duration::from_secs(1), "{:?}", began.elapsed());
    assert_eq!(world.mock.attempts().len(), 2, "what did not get through is no call");
}

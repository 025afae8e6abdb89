//! The group page in a real browser: headless Chromium, SKIPPED where there is none.

mod browser;

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use browser::browser;
use possim::dingtalk::{MockConfig, MockRobot, RobotConfig};
use reqwest::{Client, Method};
use serde_json::{Value, json};
use tokio::process::Command;
use tokio::time::timeout;

const TOKEN: &str = "0123456789abcdef";
/// How long a browser may take; it needs a second or two.
const PATIENCE: Duration = Duration::from_mins(1);

/// What a person could put into a receipt to harm its reader.
const HOSTILE: &str =
    "<script>document.title='pwned'</script><img src=x onerror=alert(1)></script>";

async fn mock() -> MockRobot {
    let robot = RobotConfig { token: TOKEN.to_owned(), secret: None, keywords: Vec::new() };
    MockRobot::start(MockConfig::new(vec![robot])).await.expect("a loopback port")
}

/// A mock with an application that knows one card template.
async fn mock_with_app() -> MockRobot {
    let profile =
        "[app.templates.'refund.schema']\nbuttons = { approve = '批准', reject = '拒絕' }";
    let profile = toml::from_str(profile).expect("a profile");
    let app = Some("dingx:secret".parse().expect("an application"));
    let config = MockConfig { app, profile, ..MockConfig::new(Vec::new()) };
    MockRobot::start(config).await.expect("a loopback port")
}

/// A call of the application or of the control API, whose answer must be HTTP 200.
async fn call(mock: &MockRobot, method: &str, path: &str, body: &Value) -> Value {
    // A second test of this process finds it installed already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let token = json!({"appKey": "dingx", "appSecret": "secret"});
    let url = |path: &str| format!("http://{}{path}", mock.address());
    let client = Client::new();
    let granted = client.post(url("/v1.0/oauth2/accessToken")).body(token.to_string());
    let granted = granted.send().await.expect("an answer").text().await.expect("a body");
    let granted: Value = serde_json::from_str(&granted).expect("JSON");
    let method = Method::from_bytes(method.as_bytes()).expect("a method");
    let request = client.request(method, url(path)).header("content-type", "application/json");
    let token = granted["accessToken"].as_str().expect("a token");
    let request = request.header("x-acs-dingtalk-access-token", token).body(body.to_string());
    let answer = request.send().await.expect("an answer");
    assert_eq!(answer.status(), 200, "{path}");
    serde_json::from_str(&answer.text().await.expect("a body")).expect("JSON")
}

/// Puts a card with this state into the group.
async fn deliver(mock: &MockRobot, state: &str) {
    let app = call(mock, "GET", "/_control/app", &Value::Null).await;
    let group = app["groups"][0]["openConversationId"].as_str().expect("a group").to_owned();
    let card = json!({"cardTemplateId": "refund.schema", "outTrackId": "t1", "callbackType": "STREAM",
        "cardData": {"cardParamMap": {"state": state}},
        "openSpaceId": format!("dtv1.card//IM_GROUP.{group}"), "imGroupOpenDeliverModel": {}});
    call(mock, "POST", "/v1.0/card/instances/createAndDeliver", &card).await;
}

/// Updates that card.
async fn update(mock: &MockRobot, state: &str) {
    let change = json!({"outTrackId": "t1", "cardData": {"cardParamMap": {"state": state}}});
    call(mock, "PUT", "/v1.0/card/instances", &change).await;
}

async fn send(mock: &MockRobot, message: &Value) {
    // A second test of this process finds it installed already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let request = Client::new().post(mock.webhook(TOKEN)).body(message.to_string());
    let answer = request.header("content-type", "application/json").send().await;
    let answer = answer.expect("an answer").text().await.expect("a body");
    assert_eq!(answer, r#"{"errcode":0,"errmsg":"ok"}"#, "{message}");
}

/// When the page's elements are printed.
#[derive(Clone, Copy, Debug)]
enum Moment {
    /// Once it is loaded: what came with the page is there.
    Loaded,
    /// After its first events. The browser's virtual time stands still while an answer is awaited,
    /// so that less than the pause between two answers is enough and nothing is left to chance.
    FirstEvents,
}

/// A browser that will print the page's elements.
fn open(browser: &str, profile: &Path, url: &str, moment: Moment) -> Command {
    let mut command = Command::new(browser);
    command
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"])
        .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
        .arg(format!("--user-data-dir={}", profile.display()))
        .args(["--window-size=390,844", "--dump-dom"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true);
    if let Moment::FirstEvents = moment {
        command.arg("--virtual-time-budget=50");
    }
    command.arg(url);
    command
}

/// The page's elements, once it is loaded.
async fn elements(browser: &str, url: &str) -> String {
    let profile = tempfile::tempdir().expect("a directory");
    let run = open(browser, profile.path(), url, Moment::Loaded).output();
    let output = timeout(PATIENCE, run).await.expect("the browser to end").expect("a browser");
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[tokio::test]
async fn every_message_type_is_shown_in_both_languages() {
    let Some(browser) = browser() else { return };
    let mock = mock().await;
    let feed = json!({"title": "凍檸茶", "messageURL": "https://a/1", "picURL": "https://a/p"});
    let markdown = "#### 今日收銀 @+852-91234567\n> 旺角  \n> 夜市\n\n**粗** *斜* ***又粗又斜*** \
        <font color=#E03E2D>紅</font> [報表](https://a/r) ![圖](https://a/i.png)\n\n- 一\n- 二\n\n3. 三\n";
    for message in [
        json!({"msgtype": "text", "text": {"content": "@13800000000 你好"}, "at": {"atMobiles": ["13800000000", "13911111111"]}}),
        json!({"msgtype": "markdown", "markdown": {"title": "t", "text": markdown}, "at": {"atMobiles": ["+852-91234567"]}}),
        json!({"msgtype": "link", "link": {"title": "日報", "text": "t", "messageUrl": "https://a/l"}}),
        json!({"msgtype": "actionCard", "actionCard": {"title": "t", "text": "### 退款", "btnOrientation": "1",
            "btns": [{"title": "批准", "actionURL": "https://a/y"}, {"title": "拒絕", "actionURL": "https://a/n"}]}}),
        json!({"msgtype": "feedCard", "feedCard": {"links": [feed]}}),
    ] {
        send(&mock, &message).await;
    }
    let page = elements(browser, &format!("http://{}/?lang=zh", mock.address())).await;
    for part in [
        r#"<span class="mention">@13800000000</span> 你好"#,
        "不會收到提及通知：@13911111111（正文內沒有 @號碼）",
        r#"<h4>今日收銀 <span class="mention">@+852-91234567</span></h4>"#,
        "<blockquote><p>旺角<br>夜市</p></blockquote>",
        "<strong>粗</strong> <em>斜</em> <strong><em>又粗又斜</em></strong>",
        r#"style="color: rgb(224, 62, 45);">紅</span>"#,
        r#"href="https://a/r""#,
        "<ul><li>一</li><li>二</li></ul>",
        r#"<ol start="3"><li>三</li></ol>"#,
        r#"class="bubble linkcard" href="https://a/l""#,
        r#"class="buttons across"><a class="button" href="https://a/y""#,
        r#"class="entry first" href="https://a/1""#,
    ] {
        assert!(page.contains(part), "expected {part} in {page}");
    }
    let english = elements(browser, &format!("http://{}/?lang=en", mock.address())).await;
    assert!(english.contains(r#"<html lang="en">"#) && english.contains("Would not be notified"));
}

#[tokio::test]
async fn no_text_of_a_message_becomes_markup_or_a_script() {
    let Some(browser) = browser() else { return };
    let mock = mock().await;
    let script = "javascript:document.title='pwned'";
    for message in [
        json!({"msgtype": "text", "text": {"content": HOSTILE}}),
        json!({"msgtype": "markdown", "markdown": {"title": HOSTILE, "text":
            format!("# {HOSTILE}\n> {HOSTILE}\n\n[go]({script}) <font color='red;background:url(https://a)'>x</font>")}}),
        json!({"msgtype": "link", "link": {"title": HOSTILE, "text": HOSTILE, "messageUrl": script}}),
        json!({"msgtype": "actionCard", "actionCard": {"title": HOSTILE, "text": HOSTILE,
            "singleTitle": HOSTILE, "singleURL": script}}),
        json!({"msgtype": "feedCard", "feedCard": {"links": [
            {"title": HOSTILE, "messageURL": script, "picURL": script}]}}),
        json!({"msgtype": "text", "text": {"content": format!("@{HOSTILE}")}, "at": {"atUserIds": [HOSTILE]}}),
    ] {
        send(&mock, &message).await;
    }
    let page = elements(browser, &format!("http://{}/?lang=en", mock.address())).await;
    assert_eq!(page.matches("<article").count(), 6, "{page}");
    assert!(page.contains("<title>Till group</title>"), "no script of a message ran");
    assert!(!page.contains("<img") && !page.contains("href=\"javascript:"), "{page}");
    assert!(page.contains("&lt;script&gt;document.title='pwned'&lt;/script&gt;"));
    assert_eq!(page.matches("<script").count(), 3, "the page's own");
}

#[tokio::test]
async fn a_message_that_comes_while_the_page_is_open_appears() {
    let Some(browser) = browser() else { return };
    let mock = mock().await;
    let profile = tempfile::tempdir().expect("a directory");
    let url = format!("http://{}/?lang=en", mock.address());
    let opened = open(browser, profile.path(), &url, Moment::FirstEvents).output();
    let sent = async {
        // The viewer waits for news; what it is shown now cannot have come with the page.
        while mock.viewers() == 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        send(&mock, &json!({"msgtype": "text", "text": {"content": "too late for the page"}}))
            .await;
    };
    let both = async { tokio::join!(opened, sent) };
    let (output, ()) = timeout(PATIENCE, both).await.expect("the browser to end");
    let page = String::from_utf8(output.expect("a browser").stdout).expect("UTF-8");
    assert!(page.contains("too late for the page</div>"), "{page}");
}

#[tokio::test]
async fn questions_answers_cards_and_todos_are_shown_as_they_are_now() {
    let Some(browser) = browser() else { return };
    let mock = mock_with_app().await;
    let asked = json!({"user": "阿明", "text": HOSTILE});
    let asked = call(&mock, "POST", "/_control/say", &asked).await;
    let session = asked["sessionWebhook"].as_str().expect("an address").to_owned();
    let session = session.split_once("/robot").expect("a path").1.to_owned();
    let answer = json!({"msgtype": "text", "text": {"content": "$12,345.00"}});
    call(&mock, "POST", &format!("/robot{session}"), &answer).await;
    deliver(&mock, "waiting").await;
    update(&mock, HOSTILE).await;
    let task = |source: &str| {
        json!({"sourceId": source, "subject": format!("{source} {HOSTILE}"),
        "detailUrl": {"appUrl": "a", "pcUrl": "p"}})
    };
    let tasks = "/v1.0/todo/users/u/tasks";
    call(&mock, "POST", tasks, &task("叉燒")).await;
    let done = call(&mock, "POST", tasks, &task("奶茶")).await;
    call(&mock, "POST", "/_control/todos", &json!({"id": done["id"], "done": true})).await;
    let page = elements(browser, &format!("http://{}/?lang=zh", mock.address())).await;
    for part in [
        "同事 阿明",
        r#"class="message person""#,
        "機械人回覆 ",
        "↩ 1",
        "<dt>state</dt><dd>&lt;script&gt;",
        r#"<span class="button">批准</span><span class="button">拒絕</span>"#,
        "已更新 1×",
        r#"<small id="open">1/2</small>"#,
        "☐ 叉燒 &lt;script&gt;",
        r#"<li class="done" "#,
    ] {
        assert!(page.contains(part), "expected {part} in {page}");
    }
    assert!(!page.contains("<dd>waiting"), "only its present state");
    assert_eq!(page.matches("<script").count(), 3, "the page's own");
}

#[tokio::test]
async fn a_card_that_changes_while_the_page_is_open_changes_in_its_place() {
    let Some(browser) = browser() else { return };
    let mock = mock_with_app().await;
    deliver(&mock, "waiting").await;
    let profile = tempfile::tempdir().expect("a directory");
    let url = format!("http://{}/?lang=en", mock.address());
    let opened = open(browser, profile.path(), &url, Moment::FirstEvents).output();
    let changed = async {
        while mock.viewers() == 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        update(&mock, "approved").await;
    };
    let both = async { tokio::join!(opened, changed) };
    let (output, ()) = timeout(PATIENCE, both).await.expect("the browser to end");
    let page = String::from_utf8(output.expect("a browser").stdout).expect("UTF-8");
    assert!(page.contains("<dd>approved</dd>") && !page.contains("<dd>waiting</dd>"), "{page}");
    assert_eq!(page.matches("<article").count(), 1, "{page}");
}

#[tokio::test]
async fn the_page_needs_nothing_from_elsewhere() {
    let mock = mock().await;
    let base = format!("http://{}", mock.address());
    let _ = rustls::crypto::ring::default_provider().install_default();
    let answer = Client::new().get(&base).send().await.expect("a page");
    let policy = answer.headers()["content-security-policy"].to_str().expect("ASCII").to_owned();
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("http"), "{policy}");
    for file in ["/", "/page/group.css", "/page/markdown.js", "/page/group.js"] {
        let text = Client::new().get(format!("{base}{file}")).send().await.expect("a file");
        assert_eq!(text.status(), 200, "{file}");
        let text = text.text().await.expect("text").replace("http://www.w3.org/2000/svg", "");
        assert!(!text.contains("http://") && !text.contains("https://"), "{file}");
    }
}

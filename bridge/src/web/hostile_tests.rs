//! What nobody's browser sends: every route by every method, paths that would lead elsewhere, bodies
//! without an end, requests one upon the other, and bytes that are no request at all.

use std::time::Duration;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::harness::{Answer, Shown, shown};
use super::headers::POLICY;

/// How long a test waits for what must happen; less than a request may take.
const SOON: Duration = Duration::from_secs(10);
/// Requests that are made up.
const MADE_UP: usize = 300;
/// An id that no event has.
const ID: &str = "8bde772f2c5a805140988f20fe9116bb";

/// A route as it stands in `guard.rs`.
#[derive(Debug)]
struct Route {
    path: String,
    gets: bool,
    posts: bool,
}

/// All of them, from the source: one that is added is tried without anybody's thinking of it.
fn routes() -> Vec<Route> {
    let source = include_str!("guard.rs");
    let table = source.split("fn guarded(").nth(1).and_then(|rest| rest.split("\n}").next());
    let lines = table.expect("the table of routes").split(".route(\"").skip(1);
    let routes: Vec<Route> = lines
        .map(|line| {
            let (path, handlers) = line.split_once('"').expect("a path");
            let path = path.replace("{id}", ID).replace("{name}", "style.css");
            let (gets, posts) = (handlers.contains("get("), handlers.contains("post("));
            assert!(gets || posts, "{path} is neither");
            Route { path, gets, posts }
        })
        .collect();
    assert!(routes.iter().filter(|route| route.posts).count() >= 10, "{routes:?}");
    assert!(routes.iter().filter(|route| route.gets).count() >= 10, "{routes:?}");
    routes
}

/// A request without a body.
async fn bare(page: &Shown, method: &str, path: &str) -> Answer {
    let host = page.address;
    page.ask(&format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"))
        .await
}

/// Sends `bytes`, and no more; all that comes back until the end.
async fn sent(page: &Shown, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(page.address).await.expect("connects");
    // It may hang up before it has heard it all.
    let _early = stream.write_all(bytes).await;
    let _early = stream.shutdown().await;
    ended(stream).await
}

/// All that comes until the end; a reset is one too.
async fn ended(mut stream: TcpStream) -> String {
    let mut all = Vec::new();
    let _end = tokio::time::timeout(SOON, stream.read_to_end(&mut all)).await.expect("an end");
    String::from_utf8_lossy(&all).into_owned()
}

/// Status codes of the answers in `text`.
fn codes(text: &str) -> Vec<&str> {
    text.split("HTTP/1.1 ").skip(1).map(|answer| &answer[..3]).collect()
}

#[tokio::test]
async fn no_route_that_there_is_writes_without_the_token_of_the_page() {
    let page = shown(None).await;
    let own = format!("Origin: http://{}", page.address);
    let cookie = format!("Cookie: posbridge={}", "ab".repeat(32));
    for route in routes() {
        let path = &route.path;
        for headers in [vec![], vec![own.as_str()], vec![own.as_str(), cookie.as_str()]] {
            for form in ["", "token=", "token=00&id=1&why=x&robot=owner"] {
                let answer = page.post_with(path, form, &headers).await;
                assert_eq!(answer.code, 403, "{path} {headers:?} {form}");
            }
        }
        for method in ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECTED", "get"] {
            let answer = bare(&page, method, path).await;
            assert_eq!(answer.code, 405, "{method} {path}");
            assert_eq!(answer.header("access-control-allow-origin"), None);
        }
        if !route.gets {
            assert_eq!(bare(&page, "GET", path).await.code, 405, "a look at {path} writes nothing");
        }
    }
    for path in ["/metrics", "/healthz"] {
        for method in ["POST", "PUT", "OPTIONS", "TRACE"] {
            assert_eq!(bare(&page, method, path).await.code, 405, "{method} {path}");
        }
    }
    page.end().await;
}

#[tokio::test]
async fn a_head_is_what_the_page_would_say_without_the_page() {
    let page = shown(None).await;
    for route in routes().iter().filter(|route| route.gets && route.path != "/live") {
        let (whole, head) =
            (page.get(&route.path, &[]).await, bare(&page, "HEAD", &route.path).await);
        assert_eq!((head.code, head.body.as_str()), (whole.code, ""), "{}", route.path);
        assert_eq!(head.header("content-security-policy"), Some(POLICY), "{}", route.path);
    }
    page.end().await;
}

/// Parts that paths are made up of.
fn part() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("/".to_owned()),
        Just("..".to_owned()),
        Just("%2e%2e%2f".to_owned()),
        Just("%00".to_owned()),
        Just(ID.to_owned()),
        prop::sample::select(vec![
            "outbox",
            "retry",
            "drop",
            "settings",
            "shop",
            "robot",
            "kinds",
            "test",
            "teach",
            "save",
            "logout",
            "login",
            "assets",
            "style.css",
            "receipts",
            "events",
            "metrics",
            "live",
        ])
        .prop_map(str::to_owned),
        "[!-\"$->@-~]{1,8}",
    ]
}

#[tokio::test]
async fn whatever_is_asked_for_by_whatever_method_nothing_is_changed_without_a_token() {
    let page = shown(None).await;
    let mut runner = TestRunner::deterministic();
    let made_up = (
        "GET|HEAD|POST|POST|PUT|DELETE|PATCH|OPTIONS|[A-Z]{1,7}",
        prop::collection::vec(part(), 0..5),
        "(token=[0-9a-f]{0,64})?(&[a-z]{1,6}=[a-z0-9%]{0,9}){0,3}",
        any::<bool>(),
    );
    let own = format!("Origin: http://{}", page.address);
    for _ in 0..MADE_UP {
        let (method, parts, form, from_here) =
            made_up.new_tree(&mut runner).expect("one").current();
        let path = format!("/{}", parts.join(""));
        // What has no end, and what names no path.
        if path == "/live" || method == "CONNECT" {
            continue;
        }
        let origin = if from_here { own.as_str() } else { "Origin: http://evil.example" };
        let (host, length) = (page.address, form.len());
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{origin}\r\n\
             Content-Length: {length}\r\n\r\n{form}"
        );
        let mut stream = TcpStream::connect(page.address).await.expect("connects");
        stream.write_all(request.as_bytes()).await.expect("room");
        let answer = ended(stream).await;
        let Some(code) = codes(&answer).first().and_then(|code| code.parse::<u16>().ok()) else {
            panic!("{method} {path} is not answered: {answer}");
        };
        let looks = method == "GET" || method == "HEAD";
        assert!((400..500).contains(&code) || looks && code < 400, "{method} {path}: {code}");
    }
    assert_eq!(page.get("/", &[]).await.code, 200);
    page.end().await;
}

#[tokio::test]
async fn an_id_that_is_a_path_leads_nowhere() {
    let page = shown(None).await;
    let long = "a".repeat(8_000);
    for before in ["/receipts/", "/teach/", "/assets/", "/"] {
        for name in [
            "../../etc/passwd",
            "..%2f..%2fetc%2fpasswd",
            "%2e%2e/%2e%2e/etc/passwd",
            "..%5c..%5cj.db",
            "%252e%252e%252fj.db",
            "....//....//j.db",
            "%c0%ae%c0%ae/j.db",
            "%2fetc%2fpasswd",
            "posbridge.toml",
            "j.db%00",
            "%ff%fe",
            "8BDE772F2C5A805140988F20FE9116BB'--",
            &format!("{ID}/.."),
            &format!("{ID}0"),
            &ID[1..],
            &long,
        ] {
            let answer = page.get(&format!("{before}{name}"), &[]).await;
            assert!((400..500).contains(&answer.code), "{before}{name}: {}", answer.code);
            assert_eq!(answer.header("content-security-policy"), Some(POLICY), "{before}{name}");
            assert!(answer.body.len() < 1_000 && !answer.body.contains("root:"), "{before}{name}");
        }
    }
    page.end().await;
}

#[tokio::test]
async fn a_form_that_would_be_too_large_is_refused_before_it_has_come() {
    let page = shown(None).await;
    let (host, own) = (page.address, format!("Origin: http://{}", page.address));
    let head = format!("POST /settings/shop HTTP/1.1\r\nHost: {host}\r\n{own}\r\n");
    let mut stream = TcpStream::connect(page.address).await.expect("connects");
    let huge = format!("{head}Content-Length: 10000000000\r\n\r\ntoken=");
    stream.write_all(huge.as_bytes()).await.expect("room");
    let answer = ended(stream).await;
    assert_eq!(codes(&answer), ["413"], "{answer}");
    // One that does not say how large it is.
    let piece = format!("1000\r\n{}\r\n", "a".repeat(0x1000));
    let endless = format!("{head}Transfer-Encoding: chunked\r\n\r\n{}", piece.repeat(64));
    let answer = sent(&page, endless.as_bytes()).await;
    assert!(answer.is_empty() || codes(&answer) == ["413"], "{answer}");
    let many = "a=1&".repeat(10_000);
    let answer = page.post_with("/settings/shop", &many, &[&own]).await;
    assert_eq!(answer.code, 400, "more fields than a form has");
    page.end().await;
}

#[tokio::test]
async fn of_requests_that_come_at_once_each_is_judged_by_itself() {
    let page = shown(None).await;
    let host = page.address;
    let get = format!("GET / HTTP/1.1\r\nHost: {host}\r\n\r\n");
    let write = format!(
        "POST /settings/test HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\n\
         Content-Length: 8\r\n\r\ntoken=00"
    );
    let wrong = "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n";
    let last = format!("GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    let mut stream = TcpStream::connect(host).await.expect("connects");
    let all = [&get, &write, wrong, &write, &last].map(str::to_owned).concat();
    stream.write_all(all.as_bytes()).await.expect("room");
    let answer = ended(stream).await;
    assert_eq!(codes(&answer), ["200", "403", "421", "403", "200"]);
    // A second request that hides in the body of a first one, by either way of telling its length.
    let hidden = format!(
        "POST /nowhere HTTP/1.1\r\nHost: {host}\r\nContent-Length: {}\r\n\
         Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n{write}{last}",
        write.len() + 5
    );
    let mut stream = TcpStream::connect(host).await.expect("connects");
    stream.write_all(hidden.as_bytes()).await.expect("room");
    let answer = ended(stream).await;
    let judged = codes(&answer);
    assert!(judged.iter().all(|code| ["400", "403", "200"].contains(code)), "{answer}");
    assert!(!judged[..judged.len() - 1].contains(&"200"), "{answer}");
    page.end().await;
}

#[tokio::test]
async fn bytes_that_are_no_request_end_their_own_connection_and_nothing_else() {
    let page = shown(None).await;
    let mut runner = TestRunner::deterministic();
    let noise = prop::collection::vec(any::<u8>(), 0..400);
    let nearly =
        "(GET|POST|\\PC{1,3}) [ -~]{0,20} HTTP/[0-9]\\.[0-9]\r\n([ -~]{0,9}:?[ -~]{0,9}\r\n){0,4}";
    for _ in 0..MADE_UP / 2 {
        let noise = noise.new_tree(&mut runner).expect("one").current();
        sent(&page, &noise).await;
        let nearly = nearly.new_tree(&mut runner).expect("one").current();
        let answer = sent(&page, format!("{nearly}\r\n").as_bytes()).await;
        assert!(codes(&answer).iter().all(|code| !code.starts_with('5')), "{nearly:?}: {answer}");
    }
    assert_eq!(page.get("/", &[]).await.code, 200);
    page.end().await;
}

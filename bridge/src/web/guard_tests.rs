//! Who is let in, asked over the socket.

use super::attempts::MOST_OF_PEER;
use super::harness::{TOKEN, shown};
use super::headers::POLICY;

const PASSWORD: &str = "correct horse battery";

/// Every page that there is to look at.
const PAGES: [&str; 16] = [
    "/",
    "/login",
    "/assets/style.css",
    "/assets/page.js",
    "/nowhere",
    "/?lang=zh-HK",
    "/events",
    "/events?q=%3Cscript%3E&kind=sale&from=2026-11-21&to=2026-11-22&before=9",
    "/outbox",
    "/outbox?lang=zh-HK",
    "/outbox/drop?id=1",
    "/settings",
    "/settings?lang=zh-HK&done=saved",
    "/teach/8bde772f2c5a805140988f20fe9116bb",
    "/teach/x",
    "/receipts/8bde772f2c5a805140988f20fe9116bb",
];

#[tokio::test]
async fn every_answer_says_what_may_be_loaded_and_none_says_a_secret() {
    let page = shown(None).await;
    for path in PAGES {
        let answer = page.get(path, &[]).await;
        assert_eq!(answer.header("content-security-policy"), Some(POLICY), "{path}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(answer.header("referrer-policy"), Some("same-origin"), "{path}");
        let kept = answer.header("cache-control").expect("said");
        assert!(kept == "no-store" || path.starts_with("/assets/"), "{path}: {kept}");
        for secret in [TOKEN, "access_token"] {
            assert!(!answer.body.contains(secret), "{path}");
        }
        for inline in ["<style", " style=", " onclick", "javascript:"] {
            assert!(!answer.body.contains(inline), "{path} has {inline}");
        }
        assert!(!answer.body.contains("<script>"), "{path}");
    }
    page.end().await;
}

#[tokio::test]
async fn nothing_is_changed_without_the_token_of_a_page_that_this_visitor_was_shown() {
    let page = shown(None).await;
    let home = page.get("/login", &[]).await;
    // Without a password there is nothing to log in to, and a cookie all the same.
    assert_eq!((home.code, home.header("location")), (303, Some("/")));
    let cookie = home.cookie().expect("a cookie").to_owned();
    let token = {
        let other = shown(Some(PASSWORD)).await;
        let form = other.get("/login", &[&format!("Cookie: {cookie}")]).await;
        let token = form.token().expect("a token").to_owned();
        other.end().await;
        token
    };
    let own = format!("Origin: http://{}", page.address);
    let with = format!("Cookie: {cookie}");
    for path in [
        "/logout",
        "/login",
        "/",
        "/outbox",
        "/outbox/retry",
        "/outbox/drop",
        "/settings/shop",
        "/settings/robot",
        "/settings/kinds",
        "/settings/test",
        "/teach/00",
        "/teach/00/save",
        "/nowhere",
        "/assets/../login",
    ] {
        for (form, headers) in [
            ("", vec![own.as_str(), with.as_str()]),
            ("token=", vec![own.as_str(), with.as_str()]),
            ("token=00", vec![own.as_str(), with.as_str()]),
            // Of the same cookie, and another process.
            (&format!("token={token}"), vec![own.as_str(), with.as_str()]),
            (&format!("token={token}"), vec![]),
        ] {
            let answer = page.post_with(path, form, &headers).await;
            assert_eq!(answer.code, 403, "{path} {form}: {answer:?}");
        }
    }
    for method in ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"] {
        let request = format!(
            "{method} /logout HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n",
            page.address
        );
        assert_eq!(page.ask(&request).await.code, 405, "{method}");
    }
    page.end().await;
}

#[tokio::test]
async fn a_form_from_elsewhere_is_refused_whatever_it_carries() {
    let page = shown(Some(PASSWORD)).await;
    let cookie = page.log_in(PASSWORD).await;
    let home = page.get("/", &[&format!("Cookie: {cookie}")]).await;
    let form = format!("token={}", home.token().expect("a form to log out"));
    let with = format!("Cookie: {cookie}");
    let own = format!("Origin: http://{}", page.address);
    for headers in [
        vec![],
        vec!["Origin: http://evil.example"],
        vec!["Origin: null"],
        vec!["Sec-Fetch-Site: cross-site"],
        vec!["Sec-Fetch-Site: same-site"],
        vec![own.as_str(), "Sec-Fetch-Site: cross-site"],
        vec!["Origin: http://evil.example", "Sec-Fetch-Site: same-origin"],
    ] {
        let headers: Vec<&str> = headers.into_iter().chain([with.as_str()]).collect();
        assert_eq!(page.post_with("/logout", &form, &headers).await.code, 403, "{headers:?}");
    }
    let left = page.post("/logout", &cookie, &form).await;
    assert_eq!(
        (left.code, left.header("location")),
        (303, Some("/login")),
        "from here it is taken"
    );
    assert_eq!(page.get("/", &[&with]).await.header("location"), Some("/login"), "logged out");
    page.end().await;
}

#[tokio::test]
async fn without_the_password_there_is_the_login_and_nothing_else() {
    let page = shown(Some(PASSWORD)).await;
    for path in ["/", "/events", "/receipts/00", "/outbox", "/nowhere"] {
        let answer = page.get(path, &[]).await;
        assert_eq!((answer.code, answer.header("location")), (303, Some("/login")), "{path}");
        assert!(answer.body.is_empty(), "{answer:?}");
    }
    assert_eq!(page.get("/live", &[]).await.code, 401);
    let asked = page.get("/login", &[]).await;
    assert!(!asked.body.contains("/logout") && !asked.body.contains("/events"), "{}", asked.body);
    let before = asked.cookie().expect("a cookie").to_owned();
    let cookie = page.log_in(PASSWORD).await;
    assert_ne!(cookie, before, "the cookie from before the login opens nothing");
    assert_eq!(page.get("/", &[&format!("Cookie: {cookie}")]).await.code, 200);
    assert_eq!(page.get("/", &[&format!("Cookie: {before}")]).await.code, 303);
    page.end().await;
}

#[tokio::test]
async fn a_wrong_password_is_refused_and_soon_not_even_looked_at() {
    let page = shown(Some(PASSWORD)).await;
    let asked = page.get("/login", &[]).await;
    let (cookie, token) = (asked.cookie().expect("a cookie"), asked.token().expect("a token"));
    for _ in 0..MOST_OF_PEER {
        let wrong = page.post("/login", cookie, &format!("token={token}&password=wrong")).await;
        assert_eq!(wrong.code, 403, "{wrong:?}");
        assert!(
            wrong.body.contains("That password is wrong") && !wrong.body.contains("wrong\">wrong")
        );
    }
    let form = format!("token={token}&password={}", super::form::encoded(PASSWORD));
    let late = page.post("/login", cookie, &form).await;
    assert_eq!(late.code, 429, "even the right one");
    assert!(late.body.contains("Too many tries"), "{}", late.body);
    page.end().await;
}

#[tokio::test]
async fn the_page_answers_to_addresses_and_to_its_own_names_only() {
    let page = shown(None).await;
    let asked = async |host: &str| {
        let request = format!("GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        page.ask(&request).await.code
    };
    for host in [
        "127.0.0.1:8787",
        "localhost:1",
        "[::1]:8787",
        "192.168.1.9",
        "posbridge.local:8787",
        "PosBridge.LOCAL",
    ] {
        assert_eq!(asked(host).await, 200, "{host}");
    }
    for host in [
        "evil.example",
        "posbridge.local.evil.example",
        "localhost.evil",
        "",
        "127.0.0.1:80@evil.example",
        "[::1]evil.example",
        "[::1",
        "127.0.0.1\r\nHost: evil.example",
    ] {
        assert_eq!(asked(host).await, 421, "{host}");
    }
    page.end().await;
}

#[tokio::test]
async fn numbers_are_for_this_machine_and_for_nobody_behind_a_proxy() {
    let page = shown(None).await;
    page.desk.health.attached(true);
    page.desk.health.caught_up();
    let well = page.get("/healthz", &[]).await;
    assert!(well.code == 200 && well.body.contains(r#""well":true"#), "{well:?}");
    page.desk.health.trouble("the disk is full".into());
    let ill = page.get("/healthz?verbose", &[]).await;
    assert!(ill.code == 503 && ill.body.contains("the disk is full"), "{ill:?}");
    let numbers = page.get("/metrics", &[]).await;
    assert!(numbers.body.contains("\nposbridge_ready 1\n"), "{numbers:?}");
    let proxied = page.get("/metrics", &["X-Forwarded-For: 8.8.8.8"]).await;
    assert_eq!(proxied.code, 403);
    let request = "GET /metrics HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n";
    assert_eq!(page.ask(request).await.code, 421);
    page.end().await;
}

#[tokio::test]
async fn where_others_reach_the_page_no_numbers_are_found_there() {
    let page = shown(None).await;
    let site = super::site::Site::new(page.desk.clone()).expect("random numbers");
    let listener = super::serve::bind("127.0.0.1:0".parse().expect("an address"), "[web]").await;
    let listener = listener.expect("binds");
    let address = listener.local_addr().expect("bound");
    // As if it were bound to every address of the machine.
    let router = super::stage::router(site, "0.0.0.0:8787".parse().expect("an address"));
    let served = tokio::spawn(super::serve::serve(listener, router));
    let mut beyond = page;
    beyond.address = address;
    for path in ["/metrics", "/healthz"] {
        assert_eq!(beyond.get(path, &[]).await.code, 404, "{path}");
    }
    served.abort();
    let _aborted = served.await;
    beyond.end().await;
}

#[tokio::test]
async fn no_path_leads_to_a_file() {
    let page = shown(None).await;
    for path in [
        "/assets/../../Cargo.toml",
        "/assets/..%2f..%2fposbridge.toml",
        "/assets/%2e%2e/j.db",
        "/assets//etc/passwd",
        "/assets/style.css%00.html",
        "//etc/passwd",
        "/assets/",
    ] {
        let answer = page.get(path, &[]).await;
        assert!((400..500).contains(&answer.code), "{path}: {answer:?}");
    }
    page.end().await;
}

#[tokio::test]
async fn a_language_that_is_chosen_stays() {
    let page = shown(None).await;
    let english = page.get("/", &[]).await;
    assert!(english.body.contains("<html lang=\"en\">") && english.body.contains("Today"));
    let chosen = page.get("/?lang=zh-HK", &[]).await;
    assert!(chosen.body.contains("<html lang=\"zh-HK\">") && chosen.body.contains("今日"));
    let baked =
        chosen.head.lines().any(|line| line.contains("posbridge_lang=zh-HK; Path=/; HttpOnly"));
    assert!(baked, "{}", chosen.head);
    let kept = page.get("/", &["Cookie: posbridge_lang=zh-HK"]).await;
    assert!(kept.body.contains("<html lang=\"zh-HK\">"));
    let nonsense = page.get("/?lang=%22%3E%3Cscript%3E", &["Cookie: posbridge_lang=x"]).await;
    assert!(nonsense.body.contains("<html lang=\"en\">"));
    page.end().await;
}

#[tokio::test]
async fn the_other_language_is_that_of_the_same_page_and_of_the_same_question() {
    let page = shown(None).await;
    for (path, link) in [
        ("/events?q=36.00&lang=en&kind=sale", "/events?q=36.00&kind=sale&lang=zh-HK"),
        ("/events", "/events?lang=zh-HK"),
        ("/?again", "/?lang=zh-HK"),
        ("/settings?after=10&lang=en", "/settings?after=10&lang=zh-HK"),
    ] {
        let told = page.get(path, &[]).await.body.replace("&#x2f;", "/").replace("&amp;", "&");
        assert!(told.contains(&format!("href=\"{link}\"")), "{path}: {link}");
    }
    page.end().await;
}

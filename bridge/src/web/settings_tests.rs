//! Settings, changed over the socket.

use crate::config::Language;
use crate::journal::{Batch, event_for_tests};
use crate::web::form::encoded;
use crate::web::harness::{Answer, Shown, TOKEN, shown_by};

fn text(port: u16) -> String {
    format!(
        "# Ours.\n[shop]\nname = \"Tea\"\nlanguage = \"en\" # for now\n\n[[source]]\nname = \"a\"\n\
         kind = \"file\"\npath = \"a.bin\"\n\n# The owner's.\n[[robot]]\nname = \"owner\"\n\
         url = \"http://127.0.0.1:{port}/robot/send?access_token={TOKEN}\"\n\
         keywords = [\"one\"] # of the group\n"
    )
}

/// A cookie and a token, as the page gives them.
async fn visit(page: &Shown) -> (String, String) {
    let told = page.get("/settings", &[]).await;
    assert_eq!(told.code, 200, "{told:?}");
    (told.cookie().expect("a cookie").to_owned(), told.token().expect("a token").to_owned())
}

async fn send(page: &Shown, path: &str, form: &str) -> Answer {
    let (cookie, token) = visit(page).await;
    page.post(path, &cookie, &format!("token={token}&{form}")).await
}

/// Sends a form; the page that its answer leads to, and the same page loaded again.
async fn follow(page: &Shown, path: &str, form: &str) -> (Answer, Answer) {
    let (cookie, token) = visit(page).await;
    let sent = page.post(path, &cookie, &format!("token={token}&{form}")).await;
    assert_eq!(sent.code, 303, "what is loaded again must send nothing: {sent:?}");
    let next = sent.header("location").expect("an address").to_owned();
    let cookie = format!("Cookie: {cookie}");
    (page.get(&next, &[&cookie]).await, page.get(&next, &[&cookie]).await)
}

fn file(page: &Shown) -> String {
    std::fs::read_to_string(&page.desk.live.config().file).expect("there")
}

#[tokio::test]
async fn what_is_saved_stands_in_the_file_with_its_comments_and_holds_at_once() {
    let page = shown_by(&text(9)).await;
    let done = send(&page, "/settings/shop", "language=zh-HK&hours=11%3A00-22%3A30").await;
    assert_eq!((done.code, done.header("location")), (303, Some("/settings?done=saved")));
    let now = file(&page);
    let expected =
        text(9).replace("\"en\" # for now\n", "\"zh-HK\" # for now\nhours = \"11:00-22:30\"\n");
    assert_eq!(now, expected);
    let config = page.desk.live.config();
    assert_eq!((config.shop.language, config.shop.hours.is_some()), (Language::ZhHk, true));
    let same = send(&page, "/settings/shop", "language=zh-HK&hours=11%3A00-22%3A30").await;
    assert_eq!(same.header("location"), Some("/settings?done=same"));
    let none = send(&page, "/settings/shop", "language=zh-HK&hours=").await;
    assert_eq!(none.header("location"), Some("/settings?done=saved"));
    assert!(page.desk.live.config().shop.hours.is_none() && !file(&page).contains("hours"));

    let url = "http://127.0.0.1:9/robot/send?access_token=n3w-0f-the-r0b0t";
    let form = format!("robot=owner&url={}&secret=SEC0123&keywords=one,+two", encoded(url));
    let done = send(&page, "/settings/robot", &form).await;
    assert_eq!(done.header("location"), Some("/settings?done=saved"), "{done:?}");
    let robot = page.desk.live.config().robots[0].clone();
    assert!(robot.url.expose().ends_with("n3w-0f-the-r0b0t") && robot.secret.is_some());
    assert_eq!(robot.keywords, ["one", "two"]);
    let now = file(&page);
    assert!(
        now.contains("# of the group") && !now.contains("n3w") && !now.contains(TOKEN),
        "{now}"
    );
    let told = page.get("/settings", &[]).await.body;
    for secret in ["n3w-0f", "SEC0123", "access_token", TOKEN] {
        assert!(!told.contains(secret), "{secret}");
    }
    assert!(told.contains("已設定（127.0.0.1）") && told.contains("one, two"), "{told}");
    page.end().await;
}

#[tokio::test]
async fn what_would_be_wrong_is_refused_with_its_reason_and_changes_nothing() {
    let page = shown_by(&text(9)).await;
    let url = encoded("http://oapi.dingtalk.com/robot/send?access_token=n3w-0f-the-r0b0t");
    for (path, form, why) in [
        ("/settings/shop", "language=en&hours=late".to_owned(), "opening hours such as"),
        ("/settings/robot", format!("robot=owner&url={url}&keywords=one"), "https"),
        ("/settings/kinds", "robot=owner&kind=everything".to_owned(), "expected a notice"),
    ] {
        let (told, again) = follow(&page, path, &form).await;
        assert_eq!(told.code, 200, "{told:?}");
        assert!(!again.body.contains("Not saved"), "said once");
        assert!(told.body.contains("Not saved") && told.body.contains(why), "{}", told.body);
        assert!(!told.body.contains("n3w-0f") && !told.body.contains(TOKEN));
        assert_eq!(file(&page), text(9), "{path}");
    }
    assert_eq!(send(&page, "/settings/robot", "robot=stranger").await.code, 404);
    assert_eq!(send(&page, "/settings/kinds", "kind=sale").await.code, 400);
    page.end().await;
}

#[tokio::test]
async fn what_a_group_is_told_is_ticked_beside_how_often_it_happens() {
    let page = shown_by(&text(9)).await;
    let (journal, now) = (page.desk.journal.clone(), page.desk.clock.now().rfc3339());
    let events = (1..=6).map(|nth| {
        let mut event = event_for_tests(nth);
        event.observed_at.clone_from(&now);
        event
    });
    let batch = Batch { events: events.collect(), ..Batch::default() };
    let kept = tokio::task::spawn_blocking(move || journal.commit(batch)).await;
    kept.expect("no panic").expect("kept");
    let told = page.get("/settings", &[]).await.body;
    assert!(told.contains("6.0 a day"), "{told}");
    // Six sales, a daily summary, a reconciliation, and parts of the others.
    assert!(told.contains("about 8.2 messages a day, 246 a month; there are 3000"), "{told}");
    let done = send(&page, "/settings/kinds", "robot=owner&kind=refund&kind=daily_summary").await;
    assert_eq!(done.header("location"), Some("/settings?done=saved"), "{done:?}");
    let robot = page.desk.live.config().robots[0].clone();
    assert_eq!((robot.notices.len(), robot.findings.len()), (1, 1));
    assert!(file(&page).contains("notices = [\"refund\", \"daily_summary\"]"), "{}", file(&page));
    let again = send(&page, "/settings/kinds", "robot=owner&kind=daily_summary&kind=refund").await;
    assert_eq!(again.header("location"), Some("/settings?done=same"));
    let nothing = send(&page, "/settings/kinds", "robot=owner").await;
    assert_eq!(nothing.header("location"), Some("/settings?done=saved"));
    assert!(page.desk.live.config().robots[0].notices.is_empty());
    page.end().await;
}

#[tokio::test]
async fn a_test_message_that_does_not_arrive_says_why_and_is_counted() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = closed.local_addr().expect("bound").port();
    drop(closed);
    let page = shown_by(&text(port)).await;
    let (told, again) = follow(&page, "/settings/test", "robot=owner").await;
    assert!(!again.body.contains("did not reach"), "said once");
    assert!(told.body.contains("did not reach the group of owner"), "{}", told.body);
    assert!(told.body.contains("refused") && !told.body.contains(TOKEN), "{}", told.body);
    page.end().await;
}

#[tokio::test]
async fn many_robots_are_shown_a_few_at_a_time_on_a_small_page() {
    let robot = |nth: usize| {
        format!(
            "[[robot]]\nname = \"group-{nth}\"\nurl = \"http://127.0.0.1:9/?access_token={TOKEN}\"\n"
        )
    };
    let page = shown_by(&(text(9) + &(1..=50).map(robot).collect::<String>())).await;
    let (mut path, mut seen) = ("/settings".to_owned(), 0);
    loop {
        let told = page.get(&path, &[]).await;
        assert!(told.code == 200 && told.body.len() < 100_000, "{} bytes", told.body.len());
        seen += told.body.matches("action=\"/settings/robot\"").count();
        let Some(next) = told.body.split("href=\"/settings?after=").nth(1) else { break };
        path = format!("/settings?after={}", next.split('"').next().expect("a link"));
        assert!(seen <= 51, "{path}");
    }
    assert_eq!(seen, 51);
    for path in
        ["/settings?after=9999", "/settings?after=18446744073709551615", "/settings?after=x"]
    {
        assert_eq!(page.get(path, &[]).await.code, 200, "{path}");
    }
    let saved = send(&page, "/settings/robot", "robot=group-25&keywords=one").await;
    assert_eq!(saved.header("location"), Some("/settings?after=20&done=saved"), "back to it");
    page.end().await;
}

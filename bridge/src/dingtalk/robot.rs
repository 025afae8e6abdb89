//! One robot over HTTPS: one signed POST, one [`Answer`].
//!
//! Redirects are not followed and nothing is retried here. Time-outs are real time, whatever the
//! clock. No error and no answer shows the webhook's token or the secret.

use std::error::Error;
use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, DATE, HeaderMap};
use reqwest::{Client, Response};

use super::error::RobotError;
use super::reply::{Outcome, Reply};
use super::tls;
use super::webhook::Webhook;
use crate::clock::Clock;
use crate::config::Robot;

/// Longest wait for a connection: a phone network that takes longer has none to give.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Longest wait for everything; DingTalk has been seen to take 4 s.
const TOTAL_TIMEOUT: Duration = Duration::from_secs(15);
/// Most of an answer that is read, in bytes; a real one has about 200.
const MAX_ANSWER_BYTES: usize = 64 * 1024;
/// Names this program to DingTalk's operators.
const USER_AGENT: &str = concat!("posbridge/", env!("CARGO_PKG_VERSION"));

/// What became of one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// What it means.
    pub outcome: Outcome,
    /// HTTP status, where there was one.
    pub http_status: Option<u16>,
}

/// A robot that can be talked to.
#[derive(Clone, Debug)]
pub struct RobotClient {
    client: Client,
    webhook: Webhook,
    clock: Clock,
}

impl RobotClient {
    /// Sets up a client for `robot`; nothing is sent.
    pub fn new(robot: &Robot, clock: Clock) -> Result<Self, RobotError> {
        Self::patient(robot, clock, TOTAL_TIMEOUT)
    }

    /// As [`RobotClient::new`], with another total time-out.
    fn patient(robot: &Robot, clock: Clock, total: Duration) -> Result<Self, RobotError> {
        let webhook = Webhook::new(robot)?;
        let mut builder = tls::verified(robot.ca_file.as_deref())?
            .user_agent(USER_AGENT)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(total);
        if webhook.is_plain() {
            // A proxy would take the token off this machine in the clear.
            builder = builder.no_proxy();
        }
        Ok(Self { client: builder.build().map_err(RobotError::Client)?, webhook, clock })
    }

    /// Sends one body, signed with the time of now.
    pub async fn send(&self, body: &str) -> Answer {
        let request = self
            .client
            .post(self.webhook.signed(self.clock.wall_ms()))
            .header(CONTENT_TYPE, "application/json; charset=utf-8")
            .body(body.to_owned());
        match request.send().await {
            Ok(response) => self.read(response).await,
            Err(error) => Answer { outcome: not_answered(error), http_status: None },
        }
    }

    /// Asks the robot's host for its front page: whether name, network and certificate are right,
    /// and how far this machine's clock is ahead in milliseconds. The token is not sent.
    pub async fn reach(&self) -> Result<Option<i64>, String> {
        let answered = self.client.head(self.webhook.host()).send().await;
        let response = answered.map_err(|error| reasons(&error.without_url()))?;
        Ok(skew_ms(response.headers(), self.clock.wall_ms()))
    }

    async fn read(&self, mut response: Response) -> Answer {
        let status = response.status().as_u16();
        let http_status = Some(status);
        let skew_ms = skew_ms(response.headers(), self.clock.wall_ms());
        let mut body = Vec::new();
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) if body.len() + chunk.len() <= MAX_ANSWER_BYTES => {
                    body.extend_from_slice(&chunk);
                }
                Ok(Some(_)) => {
                    let why =
                        format!("HTTP {status}, an answer of more than {MAX_ANSWER_BYTES} bytes");
                    return Answer { outcome: Outcome::Unknown { why }, http_status };
                }
                Ok(None) => break,
                Err(error) => {
                    let why = format!("HTTP {status}, then {}", reasons(&error.without_url()));
                    return Answer { outcome: Outcome::Unknown { why }, http_status };
                }
            }
        }
        let hide = self.webhook.hidden();
        let outcome = Reply { status, skew_ms, body: &body, hide: &hide }.outcome();
        Answer { outcome, http_status }
    }
}

/// A request without an answer: not sent when there was no connection, else nobody can tell.
fn not_answered(error: reqwest::Error) -> Outcome {
    let connected = !error.is_connect();
    let why = reasons(&error.without_url());
    if connected { Outcome::Unknown { why } } else { Outcome::Transient { code: None, why } }
}

/// An error and what caused it, outermost first, each said once.
fn reasons(error: &dyn Error) -> String {
    let mut said = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let text = error.to_string();
        if !said.contains(&text) {
            said.push_str(": ");
            said.push_str(&text);
        }
        cause = error.source();
    }
    said
}

/// This machine's clock minus the server's.
fn skew_ms(headers: &HeaderMap, now_ms: i64) -> Option<i64> {
    let date = headers.get(DATE)?.to_str().ok()?;
    let date = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(date).ok()?;
    Some(now_ms.saturating_sub(date.as_millisecond()))
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;
    use std::time::Duration;

    use wiremock::matchers::{body_string, header, method, path, query_param};
    use wiremock::{Mock, MockServer, ResponseTemplate};

    use super::RobotClient;
    use crate::clock::Clock;
    use crate::config::Robot;
    use crate::dingtalk::{ConfigTrouble, Outcome, sign};
    use crate::secret::Secret;

    const BODY: &str = r#"{"msgtype":"text","msgUuid":"u","text":{"content":"x"}}"#;
    const OK: &str = r#"{"errcode":0,"errmsg":"ok"}"#;

    fn robot(url: &str) -> Robot {
        Robot { secret: Some(Secret::new("SEC0123")), ..Robot::for_tests("owner", url) }
    }

    fn client(base: &str) -> RobotClient {
        let url = format!("{base}/robot/send?access_token=tok-1&timestamp=1&sign=stale");
        let total = Duration::from_secs(5);
        RobotClient::patient(&robot(&url), Clock::real(), total).expect("loopback")
    }

    /// A server that reads one request and then does `act` with the connection.
    fn raw(act: impl FnOnce(std::net::TcpStream) + Send + 'static) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let base = format!("http://{}", listener.local_addr().expect("bound"));
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("a client");
            let mut request = Vec::new();
            let mut byte = [0; 1];
            while !request.ends_with(BODY.as_bytes()) {
                stream.read_exact(&mut byte).expect("a whole request");
                request.push(byte[0]);
            }
            act(stream);
        });
        base
    }

    #[tokio::test]
    async fn a_request_is_signed_with_the_time_of_now_and_says_who_asks() {
        let server = MockServer::start().await;
        Mock::given(method("POST"))
            .and(path("/robot/send"))
            .and(query_param("access_token", "tok-1"))
            .and(header("content-type", "application/json; charset=utf-8"))
            .and(header("user-agent", concat!("posbridge/", env!("CARGO_PKG_VERSION"))))
            .and(body_string(BODY))
            .respond_with(ResponseTemplate::new(200).set_body_string(OK))
            .mount(&server)
            .await;
        let before = Clock::real().wall_ms();
        let answer = client(&server.uri()).send(BODY).await;
        assert_eq!((answer.outcome, answer.http_status), (Outcome::Delivered, Some(200)));

        let requests = server.received_requests().await.expect("recorded");
        let query = requests[0].url.query_pairs().into_owned().collect::<Vec<_>>();
        let all = |key: &str| query.iter().filter(|(k, _)| k == key).collect::<Vec<_>>();
        assert_eq!((all("timestamp").len(), all("sign").len()), (1, 1), "the pasted ones are gone");
        let at: i64 = all("timestamp")[0].1.parse().expect("milliseconds");
        assert!((before..=Clock::real().wall_ms()).contains(&at), "{at}");
        assert_eq!(all("sign")[0].1, sign(at, "SEC0123").base64);
    }

    #[tokio::test]
    async fn answers_over_http_mean_what_the_reader_says() {
        let clock = |skew_ms: i64| {
            let at = jiff::Timestamp::from_millisecond(Clock::real().wall_ms() + skew_ms);
            at.expect("near now").strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
        };
        let wrong_sign = r#"{"errcode":310000,"errmsg":"sign not match tok-1 SEC0123"}"#;
        let plain = |status: u16, body: &str| ResponseTemplate::new(status).set_body_string(body);
        let banned = r#"{"status":1111,"wait":5,"source":"x5","punish":"deny","uuid":"x"}"#;
        for (answer, word, trouble) in [
            (plain(200, r#"{"errcode":"0"}"#), "delivered", None),
            (plain(200, r#"{"errcode":660026,"errmsg":"sending too many"}"#), "throttled", None),
            (plain(200, r#"{"errcode":-1,"errmsg":"系统繁忙"}"#), "transient", None),
            (plain(502, "<html>bad gateway</html>"), "transient", None),
            (plain(200, "<html>denied</html>"), "ip_banned", None),
            (plain(200, banned), "ip_banned", None),
            (plain(200, "ok"), "unknown", None),
            (plain(200, &" ".repeat(65_537)), "unknown", None),
            (
                plain(302, "").insert_header("location", "/elsewhere"),
                "config",
                Some(ConfigTrouble::Other),
            ),
            (
                plain(200, wrong_sign).insert_header("date", clock(0)),
                "config",
                Some(ConfigTrouble::Sign),
            ),
            (
                plain(200, wrong_sign).insert_header("date", clock(7_200_000)),
                "config",
                Some(ConfigTrouble::Clock),
            ),
            (plain(200, r#"{"errcode":460101,"errmsg":"too long"}"#), "content", None),
        ] {
            let server = MockServer::start().await;
            Mock::given(method("POST")).respond_with(answer).expect(1).mount(&server).await;
            let outcome = client(&server.uri()).send(BODY).await.outcome;
            assert_eq!(outcome.word(), word, "{outcome:?}");
            if let Outcome::Config { why, text, .. } = &outcome {
                assert_eq!(Some(*why), trouble, "{outcome:?}");
                assert!(!text.contains("tok-1") && !text.contains("SEC0123"), "{text}");
            }
        }
    }

    #[tokio::test]
    async fn a_connection_lost_after_the_request_is_unknown() {
        let reset = raw(drop);
        let cut = raw(|mut stream| {
            let half = b"HTTP/1.1 200 OK\r\ncontent-length: 27\r\n\r\n{\"errcode\":0";
            stream.write_all(half).expect("a reader");
        });
        for base in [reset, cut] {
            let outcome = client(&base).send(BODY).await.outcome;
            assert!(matches!(&outcome, Outcome::Unknown { .. }), "{outcome:?}");
            assert!(!outcome.detail().contains("tok-1"), "{outcome:?}");
        }
    }

    #[tokio::test]
    async fn an_answer_that_does_not_come_is_unknown() {
        let (release, held) = std::sync::mpsc::channel::<()>();
        let base = raw(move |stream| {
            let _ = held.recv();
            drop(stream);
        });
        let url = format!("{base}/robot/send?access_token=tok-1");
        let total = Duration::from_millis(100);
        let client = RobotClient::patient(&robot(&url), Clock::real(), total).expect("loopback");
        let outcome = client.send(BODY).await.outcome;
        drop(release);
        assert!(
            matches!(&outcome, Outcome::Unknown { why } if why.contains("timed out")),
            "{outcome:?}"
        );
    }

    #[tokio::test]
    async fn a_request_that_was_never_sent_is_transient() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let base = format!("http://{}", listener.local_addr().expect("bound"));
        drop(listener);
        let outcome = client(&base).send(BODY).await.outcome;
        assert!(matches!(&outcome, Outcome::Transient { code: None, .. }), "{outcome:?}");
        assert!(!outcome.detail().contains("tok-1"), "{outcome:?}");
    }
}

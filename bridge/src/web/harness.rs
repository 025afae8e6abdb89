//! A page for tests, asked over its socket as a browser asks.

use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;

use super::serve::{bind, serve};
use super::site::Site;
use super::stage::router;
use crate::clock::Clock;
use crate::config::{self, Config, Language, Robot, Shop};
use crate::control::Desk;
use crate::deliver::Revival;
use crate::health::Health;
use crate::journal::Journal;
use crate::live::Live;
use crate::runtime_dir::RuntimeDir;
use crate::web::Password;

/// What no page may ever say.
pub(super) const TOKEN: &str = "t0k3n-0f-the-r0b0t";

/// A page that is up.
pub(super) struct Shown {
    pub(super) desk: Desk,
    pub(super) address: SocketAddr,
    served: JoinHandle<std::io::Result<()>>,
    _dir: tempfile::TempDir,
}

/// An answer.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub(super) code: u16,
    pub(super) head: String,
    pub(super) body: String,
}

impl Answer {
    /// A header's value.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(':'));
        let mut found = lines.filter(|(key, _)| key.eq_ignore_ascii_case(name));
        found.next().map(|(_, value)| value.trim())
    }

    /// The cookie that it gives, as it is sent back.
    pub(super) fn cookie(&self) -> Option<&str> {
        self.header("set-cookie")?.split(';').next()
    }

    /// What the forms of this page carry.
    pub(super) fn token(&self) -> Option<&str> {
        self.body.split("name=\"token\" value=\"").nth(1)?.split('"').next()
    }
}

/// A page in English, with one robot and, where there is one, this password.
pub(super) async fn shown(password: Option<&str>) -> Shown {
    let dir = tempfile::tempdir().expect("a directory");
    let robot =
        Robot::for_tests("owner", &format!("http://127.0.0.1:9/robot/send?access_token={TOKEN}"));
    let mut config = Config::for_tests(dir.path(), Shop::for_tests(Language::En), vec![robot]);
    config.web.password = password.map(|password| {
        let hash = Password::hash(password).expect("hashes");
        Password::parse(hash.expose()).expect("our own")
    });
    config.web.names.insert("posbridge.local".into());
    put_up(dir, config).await
}

/// A page of the configuration `text`, which stands in a file.
pub(super) async fn shown_by(text: &str) -> Shown {
    let dir = tempfile::tempdir().expect("a directory");
    let file = dir.path().join("posbridge.toml");
    std::fs::write(&file, text).expect("room");
    std::fs::set_permissions(&file, PermissionsExt::from_mode(0o600)).expect("ours");
    let config = config::load(&file).unwrap_or_else(|error| panic!("{error}"));
    put_up(dir, config).await
}

async fn put_up(dir: tempfile::TempDir, config: Config) -> Shown {
    let run = RuntimeDir::at(&dir.path().join("run")).expect("a runtime directory");
    let path = config.journal.path.clone();
    let opened = tokio::task::spawn_blocking(move || Journal::open(&path)).await;
    let journal = opened.expect("no panic").expect("opens");
    let (health, told) = (Arc::new(Health::default()), Arc::default());
    let (live, revival, clock) = (Live::new(config), Revival::new(), Clock::real());
    let desk = Desk { dir: run, journal, health, live, revival, told, clock };
    let listener = bind("127.0.0.1:0".parse().expect("an address"), "[web]").await.expect("binds");
    let address = listener.local_addr().expect("bound");
    let site = Site::new(desk.clone()).expect("random numbers");
    let served = tokio::spawn(serve(listener, router(site, address)));
    Shown { desk, address, served, _dir: dir }
}

/// Header lines as they are sent.
fn lines(headers: &[&str]) -> String {
    headers.iter().flat_map(|line| [line, "\r\n"]).collect()
}

impl Shown {
    /// Sends a request as it stands; what came back.
    pub(super) async fn ask(&self, request: &str) -> Answer {
        let mut stream = TcpStream::connect(self.address).await.expect("connects");
        stream.write_all(request.as_bytes()).await.expect("room");
        let mut all = Vec::new();
        stream.read_to_end(&mut all).await.expect("an answer");
        let text = String::from_utf8(all).expect("text");
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no head: {text}"));
        let code = head.split(' ').nth(1).and_then(|code| code.parse().ok()).expect("a status");
        Answer { code, head: head.to_owned(), body: body.to_owned() }
    }

    /// `GET`, with these header lines besides.
    pub(super) async fn get(&self, path: &str, headers: &[&str]) -> Answer {
        let more = lines(headers);
        let host = self.address;
        self.ask(&format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{more}\r\n"))
            .await
    }

    /// `POST` of a form, as a browser sends one from a page of ours with this cookie.
    pub(super) async fn post(&self, path: &str, cookie: &str, form: &str) -> Answer {
        let origin = format!("Origin: http://{}", self.address);
        self.post_with(path, form, &[&format!("Cookie: {cookie}"), &origin]).await
    }

    /// `POST` of a form with exactly these header lines besides.
    pub(super) async fn post_with(&self, path: &str, form: &str, headers: &[&str]) -> Answer {
        let more = lines(headers);
        let (host, length) = (self.address, form.len());
        self.ask(&format!(
            "POST {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: {length}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\n{more}\r\n{form}"
        ))
        .await
    }

    /// Logs in; the cookie.
    pub(super) async fn log_in(&self, password: &str) -> String {
        let page = self.get("/login", &[]).await;
        let (cookie, token) = (page.cookie().expect("a cookie"), page.token().expect("a token"));
        let form = format!("token={token}&password={}", super::form::encoded(password));
        let entered = self.post("/login", cookie, &form).await;
        assert_eq!(entered.code, 303, "{entered:?}");
        entered.cookie().expect("a new cookie").to_owned()
    }

    /// Ends it; the journal closes outside the runtime.
    pub(super) async fn end(self) {
        self.served.abort();
        let _aborted = self.served.await;
        let desk = self.desk;
        tokio::task::spawn_blocking(move || drop(desk)).await.expect("closes");
    }
}

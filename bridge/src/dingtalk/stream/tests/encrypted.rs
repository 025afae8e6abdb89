//! The same over TLS: the websocket trusts whom every other call trusts.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;

use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use serde_json::json;
use tokio::sync::watch;
use tokio_tungstenite::tungstenite::{self, Message};

use super::gateway::PATIENCE;
use super::model::bot;
use crate::clock::Clock;
use crate::config::App;
use crate::dingtalk::stream::{Callback, Remembered, open};
use crate::secret::Secret;

type Tls = rustls::StreamOwned<rustls::ServerConnection, TcpStream>;

/// A gateway for `localhost` that asks one question on each connection; its port and its
/// certificate. It serves until the process ends.
fn gateway() -> (u16, String) {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("ring has them")
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .expect("a matching pair");
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("bound").port();
    std::thread::spawn(move || {
        let mut ticket_is_next = true;
        for stream in listener.incoming().flatten() {
            let server = rustls::ServerConnection::new(Arc::clone(&config)).expect("a config");
            let mut tls = rustls::StreamOwned::new(server, stream);
            // A client that does not trust us hangs up here, as it should.
            while tls.conn.is_handshaking() && tls.conn.complete_io(&mut tls.sock).is_ok() {}
            if tls.conn.is_handshaking() {
                continue;
            }
            if ticket_is_next {
                give_ticket(tls, port);
            } else {
                std::thread::spawn(move || ask(tls));
            }
            ticket_is_next = !ticket_is_next;
        }
    });
    (port, made.cert.pem())
}

fn give_ticket(mut tls: Tls, port: u16) {
    let mut request = Vec::new();
    while !request.ends_with(b"}") {
        let mut some = [0; 4096];
        let n = tls.read(&mut some).expect("a request");
        assert!(n > 0, "a whole request");
        request.extend_from_slice(&some[..n]);
    }
    let endpoint = format!("wss://localhost:{port}/connect");
    let body = json!({ "endpoint": endpoint, "ticket": "t1" }).to_string();
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    tls.write_all(head.as_bytes()).expect("a reader");
}

fn ask(tls: Tls) {
    let mut socket = tungstenite::accept(tls).expect("a handshake");
    socket.send(Message::text(bot(1, 1))).expect("a reader");
    // Until it leaves.
    while socket.read().is_ok() {}
}

fn app(port: u16, ca_file: Option<std::path::PathBuf>) -> App {
    App {
        client_id: "dingabc".into(),
        client_secret: Secret::new("app-s3cr3t"),
        api: format!("https://localhost:{port}"),
        robot_code: "dingabc".into(),
        monthly_calls: 5_000,
        ca_file,
        proxy: None,
    }
}

#[tokio::test]
async fn a_websocket_trusts_the_named_authority_and_no_stranger() {
    let (port, pem) = gateway();
    let dir = tempfile::tempdir().expect("a directory");
    let ca_file = dir.path().join("ca.pem");
    std::fs::write(&ca_file, pem).expect("written");
    let start = |ca_file| {
        let memory = Arc::new(Remembered::default());
        let (stream, inbox, link) =
            open(&app(port, ca_file), Clock::real(), memory).expect("set up");
        let (stop, stopped) = watch::channel(false);
        (tokio::spawn(stream.run(stopped)), inbox, link, stop)
    };
    let (stranger, _inbox, mut link, stop) = start(None);
    let refused = link.wait_for(|link| link.trouble.is_some());
    let refused = tokio::time::timeout(PATIENCE, refused).await.expect("in time");
    let trouble = refused.expect("it runs").trouble.clone().expect("some");
    assert!(trouble.contains("expected a way to DingTalk"), "{trouble}");
    stop.send(true).expect("it runs");
    stranger.await.expect("no panic");

    let (trusted, mut inbox, _link, stop) = start(Some(ca_file));
    let question = tokio::time::timeout(PATIENCE, inbox.next()).await.expect("in time");
    assert!(matches!(question, Some(Callback::BotMessage(_))));
    stop.send(true).expect("it runs");
    trusted.await.expect("no panic");
}

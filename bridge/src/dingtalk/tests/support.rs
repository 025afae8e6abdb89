//! A robot, and servers that do as they are told.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

use crate::clock::Clock;
use crate::config::{Language, Robot};
use crate::dingtalk::robot::Patience;
use crate::dingtalk::{Answer, RobotClient};
use crate::secret::Secret;

pub(super) const TOKEN: &str = "tok-1";
pub(super) const SECRET: &str = "SEC0123";
pub(super) const PASSWORD: &str = "pa:ss-1";
pub(super) const BODY: &str = r#"{"msgtype":"text","msgUuid":"u","text":{"content":"x"}}"#;
pub(super) const OK: &str = r#"{"errcode":0,"errmsg":"ok"}"#;

/// Long enough for a busy machine; a test that waits this long has failed.
pub(super) const PATIENT: Patience =
    Patience { connect: Duration::from_secs(10), total: Duration::from_secs(10) };

/// A robot whose webhook is at `base`, pasted with a stale signature.
pub(super) fn robot(base: &str) -> Robot {
    let url = format!("{base}/robot/send?access_token={TOKEN}&timestamp=1&sign=stale");
    Robot { secret: Some(Secret::new(SECRET)), ..Robot::for_tests("owner", &url) }
}

pub(super) fn client(base: &str) -> RobotClient {
    RobotClient::patient(&robot(base), Clock::real(), PATIENT).expect("a robot")
}

/// Sends the body; whatever comes of it shows nothing that is secret, in any language.
pub(super) async fn send(client: &RobotClient) -> Answer {
    let answer = client.look_closer(client.send(BODY).await).await;
    let mut said = format!("{answer:?} {client:?}");
    for language in [Language::ZhHk, Language::ZhCn, Language::En, Language::Id] {
        said += &answer.explain(language);
    }
    for secret in [TOKEN, SECRET, PASSWORD, "pa%3Ass-1", "sign="] {
        assert!(!said.contains(secret), "{secret} in {said}");
    }
    answer
}

/// A server that takes one connection and does `act` with it; where it is.
pub(super) fn taking(act: impl FnOnce(TcpStream) + Send + 'static) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("bound").port();
    std::thread::spawn(move || act(listener.accept().expect("a client").0));
    port
}

/// A server that reads one request and then does `act` with the connection; its base.
pub(super) fn reading(act: impl FnOnce(TcpStream) + Send + 'static) -> String {
    let port = taking(|mut stream| {
        let mut request = Vec::new();
        let mut byte = [0; 1];
        while !request.ends_with(BODY.as_bytes()) {
            stream.read_exact(&mut byte).expect("a whole request");
            request.push(byte[0]);
        }
        act(stream);
    });
    format!("http://127.0.0.1:{port}")
}

/// A server that sends `answer` and closes.
pub(super) fn answering(answer: &'static [u8]) -> String {
    reading(move |mut stream| stream.write_all(answer).expect("a reader"))
}

/// An authority of a test's own.
pub(super) struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    pub(super) fn new(name: &str) -> Self {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key");
        Self(CertifiedIssuer::self_signed(params, key).expect("an authority"))
    }

    /// Writes its certificate to where `ca_file` may point.
    pub(super) fn write_to(&self, path: &Path) {
        std::fs::write(path, self.0.pem()).expect("written");
    }

    /// What a server needs to pass for `host`; `change` makes the certificate odd.
    pub(super) fn vouch(
        &self,
        host: &str,
        change: impl FnOnce(&mut CertificateParams),
    ) -> Arc<rustls::ServerConfig> {
        let mut params = CertificateParams::new([host.to_owned()]).expect("a name");
        change(&mut params);
        let key = KeyPair::generate().expect("a key");
        let certificate = params.signed_by(&key, &self.0).expect("signed").der().clone();
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("ring has them")
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key);
        Arc::new(config.expect("a matching pair"))
    }
}

/// A robot's server over TLS that says ok to every request, until the process ends; its port.
pub(super) fn encrypted(config: &Arc<rustls::ServerConfig>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("bound").port();
    let config = Arc::clone(config);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let connection = rustls::ServerConnection::new(Arc::clone(&config)).expect("a config");
            let mut tls = rustls::StreamOwned::new(connection, stream);
            let mut request = Vec::new();
            let mut buffer = [0; 4096];
            // A client that does not trust us hangs up here, as it should.
            while let Ok(n @ 1..) = tls.read(&mut buffer) {
                request.extend_from_slice(&buffer[..n]);
                if request.ends_with(BODY.as_bytes()) {
                    let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n", OK.len());
                    let answer = format!("{head}connection: close\r\n\r\n{OK}");
                    tls.write_all(answer.as_bytes()).expect("a reader");
                    tls.conn.send_close_notify();
                    let _ = tls.flush();
                    break;
                }
            }
        }
    });
    port
}

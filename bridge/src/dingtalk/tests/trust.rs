//! HTTPS: whom the client believes, and what it says about whom it does not.

use std::path::PathBuf;

use rcgen::date_time_ymd;

use super::support::{Authority, PATIENT, encrypted, robot, send};
use crate::clock::Clock;
use crate::config::{Language, Robot};
use crate::dingtalk::{Answer, Obstacle, Outcome, RobotClient};

async fn ask(port: u16, ca_file: Option<PathBuf>) -> Answer {
    let robot = Robot { ca_file, ..robot(&format!("https://localhost:{port}")) };
    let client = RobotClient::patient(&robot, Clock::real(), PATIENT).expect("a robot");
    send(&client).await
}

fn refused_for(answer: &Answer, obstacle: &Obstacle) {
    assert!(
        matches!(answer.outcome, Outcome::Transient { code: None, .. }),
        "not sent: {answer:?}"
    );
    assert_eq!(answer.obstacle.as_ref(), Some(obstacle), "{answer:?}");
}

#[tokio::test]
async fn a_server_is_believed_with_its_authority_in_ca_file_and_refused_without() {
    let dir = tempfile::tempdir().expect("a directory");
    let (mall, other) = (Authority::new("Mall Gateway CA"), Authority::new("Other CA"));
    let (mall_file, other_file) = (dir.path().join("mall.pem"), dir.path().join("other.pem"));
    mall.write_to(&mall_file);
    other.write_to(&other_file);
    let port = encrypted(&mall.vouch("localhost", |_| {}));

    assert_eq!(ask(port, Some(mall_file)).await.outcome, Outcome::Delivered);
    let stranger = Obstacle::Stranger { issuer: Some("Mall Gateway CA".into()) };
    for ca_file in [None, Some(other_file)] {
        let answer = ask(port, ca_file).await;
        refused_for(&answer, &stranger);
        let said = answer.explain(Language::En);
        assert!(said.contains("The issuer is \"Mall Gateway CA\"."), "{said}");
    }
}

#[tokio::test]
async fn a_certificate_that_vouches_for_itself_is_a_strangers() {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("made");
    let key = rustls::pki_types::PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("ring has them")
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key.into());
    let answer = ask(encrypted(&std::sync::Arc::new(config.expect("a pair"))), None).await;
    refused_for(&answer, &Obstacle::Stranger { issuer: Some("rcgen self signed cert".into()) });
}

#[tokio::test]
async fn a_trusted_certificate_is_refused_for_another_host_and_outside_its_time() {
    let dir = tempfile::tempdir().expect("a directory");
    let authority = Authority::new("Shop CA");
    let ca_file = dir.path().join("ca.pem");
    authority.write_to(&ca_file);
    let tomorrow =
        authority.vouch("localhost", |params| params.not_before = date_time_ymd(2200, 1, 1));
    let yesterday =
        authority.vouch("localhost", |params| params.not_after = date_time_ymd(2001, 1, 1));
    for (server, obstacle) in [
        (authority.vouch("oapi.dingtalk.com", |_| {}), Obstacle::WrongName),
        (tomorrow, Obstacle::NotYetValid),
        (yesterday, Obstacle::Expired),
    ] {
        refused_for(&ask(encrypted(&server), Some(ca_file.clone())).await, &obstacle);
    }
}

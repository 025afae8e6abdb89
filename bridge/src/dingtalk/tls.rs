//! Whom TLS trusts: the system's authorities, or the list that comes with the program where the
//! system has none, and what `ca_file` adds. There is no way to switch verification off.

use std::path::Path;
use std::sync::Arc;

use reqwest::{Certificate, ClientBuilder};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use super::error::RobotError;

/// A builder that verifies certificates with `ring`.
pub(super) fn verified(ca_file: Option<&Path>) -> Result<ClientBuilder, RobotError> {
    // Fails only when a provider is installed already, which serves as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let extra = ca_file.map(read_certificates).transpose()?.unwrap_or_default();
    if ClientBuilder::new().build().is_ok() {
        let extra = extra.iter().map(|der| Certificate::from_der(der));
        let extra = extra.collect::<Result<Vec<_>, _>>().map_err(RobotError::Client)?;
        return Ok(ClientBuilder::new().tls_certs_merge(extra));
    }
    tracing::warn!("this system has no certificate authorities; using the built-in list");
    Ok(ClientBuilder::new().tls_backend_preconfigured(built_in(extra)?))
}

fn built_in(extra: Vec<CertificateDer<'static>>) -> Result<rustls::ClientConfig, rustls::Error> {
    let mut roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    for certificate in extra {
        roots.add(certificate)?;
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    Ok(rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth())
}

fn read_certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, RobotError> {
    let bad = |source| RobotError::CaFile { path: path.into(), source };
    let found = CertificateDer::pem_file_iter(path).map_err(bad)?;
    let found = found.collect::<Result<Vec<_>, _>>().map_err(bad)?;
    if found.is_empty() {
        return Err(RobotError::NoCertificate { path: path.into() });
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;
    use std::path::Path;
    use std::sync::Arc;

    use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

    use super::{built_in, read_certificates, verified};
    use crate::dingtalk::RobotError;

    /// A server for `localhost` whose certificate nobody knows, and the certificate in PEM form. It
    /// serves until the process ends.
    fn server() -> (String, String) {
        let made =
            rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
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
            for stream in listener.incoming().flatten() {
                let connection =
                    rustls::ServerConnection::new(Arc::clone(&config)).expect("a config");
                let mut tls = rustls::StreamOwned::new(connection, stream);
                // A client that does not trust us hangs up here, as it should.
                if tls.read(&mut [0; 4096]).is_ok_and(|n| n > 0) {
                    let answer =
                        b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nhi";
                    tls.write_all(answer).expect("a reader");
                }
            }
        });
        (format!("https://localhost:{port}/"), made.cert.pem())
    }

    async fn fetch(url: &str, ca_file: Option<&Path>) -> Result<String, reqwest::Error> {
        let client = verified(ca_file).expect("set up").no_proxy().build().expect("set up");
        client.get(url).send().await?.text().await
    }

    #[tokio::test]
    async fn a_stranger_is_refused_until_its_authority_is_named() {
        let (url, pem) = server();
        let dir = tempfile::tempdir().expect("a directory");
        let ca_file = dir.path().join("ca.pem");
        std::fs::write(&ca_file, pem).expect("written");

        let refused = fetch(&url, None).await.expect_err("nobody vouches for it");
        assert!(refused.is_connect(), "before anything was sent: {refused:?}");
        assert_eq!(fetch(&url, Some(&ca_file)).await.expect("vouched for"), "hi");

        let config = built_in(read_certificates(&ca_file).expect("one")).expect("a config");
        let client = reqwest::Client::builder().tls_backend_preconfigured(config).no_proxy();
        let client = client.build().expect("set up");
        let text = client.get(&url).send().await.expect("vouched for").text().await;
        assert_eq!(text.expect("an answer"), "hi", "also on a system without authorities");
    }

    #[test]
    fn a_file_without_certificates_is_an_error_that_names_it() {
        let dir = tempfile::tempdir().expect("a directory");
        let empty = dir.path().join("empty.pem");
        std::fs::write(&empty, "no certificate\n").expect("written");
        let refused = verified(Some(&empty)).expect_err("nothing in it");
        assert!(matches!(refused, RobotError::NoCertificate { .. }), "{refused}");
        let refused = verified(Some(&dir.path().join("missing.pem"))).expect_err("missing");
        assert!(refused.to_string().contains("missing.pem"), "{refused}");
    }
}

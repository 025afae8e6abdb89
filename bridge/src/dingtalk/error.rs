//! Why a robot cannot be talked to at all.

use std::path::PathBuf;

/// Why a robot cannot be talked to at all. Never shows its URL.
#[derive(Debug, thiserror::Error)]
pub enum RobotError {
    /// The webhook is not a URL.
    #[error("expected a webhook URL for robot {robot}, found something else")]
    Url {
        /// The robot.
        robot: String,
    },
    /// The webhook is neither `https` nor loopback.
    #[error("expected https:// (or http:// to this machine) for robot {robot}, found {scheme}://")]
    Insecure {
        /// The robot.
        robot: String,
        /// What it uses.
        scheme: String,
    },
    /// The proxy is not a URL.
    #[error(
        "expected the http:// or https:// URL of a proxy for robot {robot}, found something else"
    )]
    Proxy {
        /// The robot.
        robot: String,
    },
    /// The certificate file cannot be read.
    #[error("expected certificates in PEM form in {}, found: {source}", path.display())]
    CaFile {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: rustls::pki_types::pem::Error,
    },
    /// The certificate file holds no certificate.
    #[error("expected certificates in PEM form in {}, found none", path.display())]
    NoCertificate {
        /// The file.
        path: PathBuf,
    },
    /// TLS cannot be set up.
    #[error("expected to set up TLS, found: {0}")]
    Tls(#[from] rustls::Error),
    /// The HTTP client cannot be set up.
    #[error("expected to set up an HTTP client, found: {0}")]
    Client(#[source] reqwest::Error),
}

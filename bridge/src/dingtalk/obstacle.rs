//! What stood between this machine and DingTalk, told apart by what the HTTP client really reports:
//! the errors behind its errors.
//!
//! It says nothing about DingTalk's own answers: that is `reply`.

use std::error::Error;
use std::io;

use rustls::CertificateError;

/// Something on the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// The host's name could not be looked up.
    Name,
    /// A machine answered that nothing listens there.
    Refused,
    /// Nothing answered at all: something drops what is sent.
    Filtered,
    /// This machine has no way to that network.
    NoRoute,
    /// The connection was cut while its encryption was agreed on.
    TlsCut,
    /// What answered does not speak TLS, or none that we accept.
    NotTls,
    /// A certificate that nobody we trust vouches for.
    Stranger {
        /// Who does vouch for it, where somebody looked.
        issuer: Option<String>,
    },
    /// A trusted certificate of another host.
    WrongName,
    /// A certificate of tomorrow: most likely this machine's clock is behind.
    NotYetValid,
    /// A certificate of yesterday: it is old, or this machine's clock is ahead.
    Expired,
    /// A page that is not DingTalk's answered.
    Portal {
        /// The host it sends to, where it sends somewhere.
        to: Option<String>,
    },
    /// The proxy could not be reached.
    NoProxy,
    /// The proxy wants a name and a password, or others.
    ProxyPassword,
    /// The proxy does not let this through.
    ProxyDenied,
    /// The connection stood, but the answer did not come in time.
    Slow,
    /// The connection was cut before the answer was whole.
    Cut,
}

/// hyper's error of a CONNECT that failed is private; its text is all there is to know it by.
const TUNNEL: &str = "tunnel error: ";
/// Its text where the proxy answered 407.
const TUNNEL_PASSWORD: &str = "tunnel error: proxy authorization required";
/// Its text where there was no connection to the proxy.
const TUNNEL_UNREACHED: &str = "tunnel error: failed to create underlying connection";

/// What stood in the way of a request that failed; `proxied` where it went through a proxy.
pub(super) fn obstacle(error: &reqwest::Error, proxied: bool) -> Obstacle {
    let way = if error.is_connect() {
        connecting(error)
    } else if error.is_timeout() {
        Obstacle::Slow
    } else {
        Obstacle::Cut
    };
    match way {
        Obstacle::Name | Obstacle::Refused | Obstacle::Filtered | Obstacle::NoRoute if proxied => {
            Obstacle::NoProxy
        }
        way => way,
    }
}

fn connecting(error: &reqwest::Error) -> Obstacle {
    if let Some(text) = causes(error).map(ToString::to_string).find(|text| text.starts_with(TUNNEL))
    {
        return match text.as_str() {
            TUNNEL_PASSWORD => Obstacle::ProxyPassword,
            TUNNEL_UNREACHED => Obstacle::NoProxy,
            _ => Obstacle::ProxyDenied,
        };
    }
    if error.is_dns() {
        return Obstacle::Name;
    }
    if let Some(tls) = causes(error).find_map(|cause| cause.downcast_ref::<rustls::Error>()) {
        return certificate(tls);
    }
    if error.is_timeout() {
        return Obstacle::Filtered;
    }
    let kinds = || causes(error).filter_map(|cause| cause.downcast_ref::<io::Error>());
    // The last one is the system's own.
    match kinds().last().map(io::Error::kind) {
        // A firewall of this machine's own forbids with "permission denied".
        Some(io::ErrorKind::ConnectionRefused | io::ErrorKind::PermissionDenied) => {
            Obstacle::Refused
        }
        Some(
            io::ErrorKind::HostUnreachable
            | io::ErrorKind::NetworkUnreachable
            | io::ErrorKind::NetworkDown
            | io::ErrorKind::AddrNotAvailable,
        ) => Obstacle::NoRoute,
        _ => Obstacle::TlsCut,
    }
}

fn certificate(error: &rustls::Error) -> Obstacle {
    let rustls::Error::InvalidCertificate(why) = error else { return Obstacle::NotTls };
    match why {
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            Obstacle::WrongName
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            Obstacle::NotYetValid
        }
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => Obstacle::Expired,
        _ => Obstacle::Stranger { issuer: None },
    }
}

/// An error and what caused it, outermost first, each said once.
pub(super) fn reasons(error: &(dyn Error + 'static)) -> String {
    let mut said = error.to_string();
    for text in causes(error).skip(1).map(ToString::to_string) {
        if !said.contains(&text) {
            said.push_str(": ");
            said.push_str(&text);
        }
    }
    said
}

/// An error and what caused it. An `io::Error` does not name the error it carries as its source, but
/// that one's source: so it is asked for it.
fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error| cause(*error))
}

fn cause<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(carried) => Some(carried),
        None => error.source(),
    }
}

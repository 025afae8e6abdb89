//! Which hosts a sender may call: this machine, and others only if their owner says so.

use std::net::IpAddr;

use reqwest::Url;

/// Hosts that are never called, whoever says what.
const NEVER: [&str; 2] = ["dingtalk.com", "dingtalk.io"];

/// An address that is not called.
#[derive(Debug, thiserror::Error)]
pub enum HostError {
    /// It is no address.
    #[error("expected an address such as http://127.0.0.1:8080/hooks/square, found {0:?}")]
    NoUrl(String),
    /// Its host is somebody else's.
    #[error("expected a host of this machine, found {0}\nhint: --i-own-this-host if it is yours")]
    NotOurs(String),
    /// Its host is never called.
    #[error("expected a host that may be called, found {0}")]
    Never(String),
}

/// `text` as an address that may be called.
pub(super) fn admitted(text: &str, owned: bool) -> Result<Url, HostError> {
    let no_url = || HostError::NoUrl(text.to_owned());
    let url: Url = text.parse().map_err(|_| no_url())?;
    let host = url.host_str().ok_or_else(no_url)?.to_owned();
    if !matches!(url.scheme(), "http" | "https") {
        return Err(no_url());
    }
    let name = host.trim_end_matches('.').to_ascii_lowercase();
    let is_under = |never: &str| name == never || name.ends_with(&format!(".{never}"));
    if NEVER.into_iter().any(is_under) {
        return Err(HostError::Never(host));
    }
    let bare = name.trim_start_matches('[').trim_end_matches(']');
    let is_ours = name == "localhost" || bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
    if is_ours || owned { Ok(url) } else { Err(HostError::NotOurs(host)) }
}

#[cfg(test)]
mod tests {
    use super::{HostError, admitted};

    #[test]
    fn only_this_machine_is_called_unless_the_owner_says_so_and_dingtalk_never() {
        for ours in ["http://127.0.0.1:1/x", "http://[::1]:1/", "https://localhost/hooks"] {
            assert!(admitted(ours, false).is_ok(), "{ours}");
        }
        assert!(matches!(admitted("http://10.0.0.1/", false), Err(HostError::NotOurs(_))));
        assert!(admitted("http://10.0.0.1/", true).is_ok());
        for never in ["https://api.dingtalk.com/", "https://DINGTALK.io./", "https://dingtalk.com/"]
        {
            assert!(matches!(admitted(never, true), Err(HostError::Never(_))), "{never}");
        }
        assert!(admitted("https://notdingtalk.com/", true).is_ok());
        for odd in ["", "square", "ftp://127.0.0.1/", "data:x"] {
            assert!(matches!(admitted(odd, true), Err(HostError::NoUrl(_))), "{odd}");
        }
    }
}

//! The HTTP proxy on the way to DingTalk, and its password kept out of sight.
//!
//! It is asked for a tunnel (CONNECT): what is said inside is encrypted for DingTalk.

use reqwest::{ClientBuilder, Url};

use super::error::RobotError;
use crate::secret::Secret;

/// A proxy that can be asked.
#[derive(Clone)]
pub(super) struct Proxy {
    proxy: reqwest::Proxy,
    /// Its user name and password, where it has them, as typed and as meant.
    hidden: Vec<Secret>,
}

impl Proxy {
    /// The proxy of `robot`, or why it is none.
    pub(super) fn new(robot: &str, url: &Secret) -> Result<Self, RobotError> {
        let bad = || RobotError::Proxy { robot: robot.to_owned() };
        let parsed = Url::parse(url.expose()).map_err(|_| bad())?;
        let proxy = reqwest::Proxy::https(url.expose()).map_err(|_| bad())?;
        let typed = parsed.password().unwrap_or_default();
        let hidden = vec![Secret::new(typed), Secret::new(plain(typed))];
        Ok(Self { proxy, hidden })
    }

    /// Sends what `builder` builds through it.
    pub(super) fn use_in(&self, builder: ClientBuilder) -> ClientBuilder {
        builder.proxy(self.proxy.clone())
    }

    /// What must not be shown.
    pub(super) fn hidden(&self) -> impl Iterator<Item = &str> {
        self.hidden.iter().map(Secret::expose)
    }
}

/// A part of a URL with its percent signs undone.
fn plain(part: &str) -> String {
    let (mut plain, mut rest) = (Vec::new(), part.as_bytes());
    while let [first, after @ ..] = rest {
        let code = after.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        let code = code.and_then(|two| u8::from_str_radix(two, 16).ok());
        let (byte, left) = match code.filter(|_| *first == b'%') {
            Some(byte) => (byte, &after[2..]),
            None => (*first, after),
        };
        plain.push(byte);
        rest = left;
    }
    String::from_utf8_lossy(&plain).into_owned()
}

#[cfg(test)]
mod tests {
    use super::Proxy;
    use crate::secret::Secret;

    #[test]
    fn a_password_is_hidden_as_typed_and_as_meant() {
        let url = Secret::new("http://shop:p%40ss+1@10.0.0.1:3128");
        let proxy = Proxy::new("owner", &url).expect("a proxy");
        assert_eq!(proxy.hidden().collect::<Vec<_>>(), ["p%40ss+1", "p@ss+1"]);
    }

    #[test]
    fn an_address_that_is_none_is_refused_without_showing_it() {
        let error = Proxy::new("owner", &Secret::new("pw-1")).err().expect("no URL");
        assert!(error.to_string().contains("owner") && !error.to_string().contains("pw-1"));
    }
}

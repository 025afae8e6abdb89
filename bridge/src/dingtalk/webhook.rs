//! A robot's address: checked, freed of a pasted signature, signed for each attempt.

use std::net::IpAddr;

use reqwest::Url;

use super::error::RobotError;
use super::sign::sign;
use crate::config::Robot;
use crate::secret::Secret;

/// A webhook that its token may be sent to.
#[derive(Clone, Debug)]
pub(super) struct Webhook {
    url: Secret,
    token: Secret,
    secret: Option<Secret>,
    plain: bool,
}

impl Webhook {
    /// The webhook of `robot`, or why it is none.
    pub(super) fn new(robot: &Robot) -> Result<Self, RobotError> {
        let bad = || RobotError::Url { robot: robot.name.clone() };
        let url = Url::parse(robot.url.expose()).map_err(|_| bad())?;
        let plain = url.scheme() == "http";
        if !(url.scheme() == "https" || plain && is_loopback(&url)) {
            let scheme = url.scheme().to_owned();
            return Err(RobotError::Insecure { robot: robot.name.clone(), scheme });
        }
        let token = url.query_pairs().find(|(key, _)| key == "access_token");
        let token = token.map(|(_, value)| value.into_owned()).unwrap_or_default();
        let secret = robot.secret.clone();
        Ok(Self { token: Secret::new(token), url: Secret::new(unsigned(url)), secret, plain })
    }

    /// Whether it is plain HTTP, to this machine.
    pub(super) fn is_plain(&self) -> bool {
        self.plain
    }

    /// What must not be shown even if an answer repeats it.
    pub(super) fn hidden(&self) -> [&str; 2] {
        [self.token.expose(), self.secret.as_ref().map_or("", Secret::expose)]
    }

    /// Its scheme, host and port alone.
    pub(super) fn origin(&self) -> String {
        self.parsed().origin().ascii_serialization()
    }

    /// Its host alone.
    pub(super) fn host(&self) -> String {
        self.parsed().host_str().unwrap_or_default().to_owned()
    }

    /// Whether its requests are signed.
    pub(super) fn is_signed(&self) -> bool {
        self.secret.is_some()
    }

    fn parsed(&self) -> Url {
        Url::parse(self.url.expose()).expect("was parsed when it was made")
    }

    /// The URL for an attempt at `now_ms`.
    pub(super) fn signed(&self, now_ms: i64) -> String {
        let url = self.url.expose();
        let Some(secret) = &self.secret else { return url.to_owned() };
        let signature = sign(now_ms, secret.expose()).urlencoded;
        let join = if url.contains('?') { '&' } else { '?' };
        format!("{url}{join}timestamp={now_ms}&sign={signature}")
    }
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// The webhook without a signature that somebody pasted along: it is an hour old at best.
fn unsigned(mut url: Url) -> String {
    let kept: Vec<_> = url
        .query_pairs()
        .filter(|(key, _)| key != "timestamp" && key != "sign")
        .map(|(key, value)| (key.into_owned(), value.into_owned()))
        .collect();
    url.set_query(None);
    if !kept.is_empty() {
        url.query_pairs_mut().extend_pairs(kept);
    }
    url.into()
}

#[cfg(test)]
mod tests {
    use super::Webhook;
    use crate::config::Robot;
    use crate::dingtalk::{RobotError, sign};
    use crate::secret::Secret;

    fn webhook(url: &str, secret: Option<&str>) -> Result<Webhook, RobotError> {
        Webhook::new(&Robot { secret: secret.map(Secret::new), ..Robot::for_tests("owner", url) })
    }

    #[test]
    fn a_token_never_travels_in_the_clear() {
        for url in
            ["http://oapi.dingtalk.com/robot/send?access_token=tok-1", "ftp://127.0.0.1/tok-1"]
        {
            let refused = webhook(url, None).expect_err(url);
            assert!(matches!(refused, RobotError::Insecure { .. }), "{refused}");
            assert!(!refused.to_string().contains("tok-1"), "{refused}");
        }
        for url in ["http://127.9.9.9:1/?access_token=t", "http://[::1]:1/", "http://localhost:1/"]
        {
            assert!(webhook(url, None).expect(url).is_plain());
        }
        assert!(matches!(webhook("tok-1", None), Err(RobotError::Url { .. })));
    }

    #[test]
    fn a_pasted_signature_makes_room_for_one_of_now() {
        let url = "https://h/robot/send?sign=old&access_token=tok-1&timestamp=1";
        let unsigned = webhook(url, None).expect("a webhook");
        assert_eq!(unsigned.signed(5), "https://h/robot/send?access_token=tok-1");
        let signed = webhook(url, Some("SEC1")).expect("a webhook");
        let sign = sign(5, "SEC1").urlencoded;
        let expected = format!("https://h/robot/send?access_token=tok-1&timestamp=5&sign={sign}");
        assert_eq!(signed.signed(5), expected);
        assert_eq!(signed.hidden(), ["tok-1", "SEC1"]);
    }
}

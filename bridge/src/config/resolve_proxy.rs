//! From what was typed to what is meant: the proxy on the way to DingTalk. Its URL may hold a
//! password, so it is a secret from here on.

use super::raw::{RawDingtalk, RawRobot, Text};
use super::scope::{Scope, Wrong};
use crate::secret::Secret;

/// In place of a URL: this robot goes straight out, whatever `[dingtalk]` says.
const NONE: &str = "none";

/// What was said about a proxy.
enum Said {
    Nothing,
    /// Straight out.
    None,
    Through(Secret),
}

impl Scope<'_> {
    /// `[dingtalk] proxy`, for every robot that names none.
    pub(super) fn common_proxy(&mut self, raw: &RawDingtalk) -> Result<Option<Secret>, Wrong> {
        Ok(match self.said_proxy(&raw.proxy, &raw.proxy_file)? {
            Said::Through(proxy) => Some(proxy),
            Said::Nothing | Said::None => None,
        })
    }

    /// A robot's own, else `common`.
    pub(super) fn robot_proxy(
        &mut self,
        raw: &RawRobot,
        common: Option<&Secret>,
    ) -> Result<Option<Secret>, Wrong> {
        Ok(match self.said_proxy(&raw.proxy, &raw.proxy_file)? {
            Said::Through(proxy) => Some(proxy),
            Said::Nothing => common.cloned(),
            Said::None => None,
        })
    }

    fn said_proxy(&mut self, typed: &Text, file: &Text) -> Result<Said, Wrong> {
        let (text, at) = match (typed, file) {
            (Some(_), Some(file)) => {
                let hint = "keep one of the two";
                self.wrong(file.span(), "one place for the proxy", "a second one", hint);
                return Err(Wrong);
            }
            (Some(typed), None) => (Secret::new(typed.get_ref().trim()), typed.span()),
            (None, Some(place)) => (self.secret(file, &None).ok_or(Wrong)?, place.span()),
            (None, None) => return Ok(Said::Nothing),
        };
        if text.expose() == NONE {
            return Ok(Said::None);
        }
        let found = match reqwest::Url::parse(text.expose()) {
            Ok(url) if !matches!(url.scheme(), "http" | "https") => {
                format!("a URL that starts with {}:", url.scheme())
            }
            Ok(url) => {
                if url.password().is_some() && typed.is_some() {
                    self.private_only(at);
                }
                return Ok(Said::Through(text));
            }
            Err(error) => format!("no URL ({error})"),
        };
        let hint = "as the network's administrator says, such as \"http://192.168.1.1:3128\"; \"none\" for no proxy";
        self.wrong(at, "the http:// or https:// URL of a proxy", found, hint);
        Err(Wrong)
    }
}

//! From what was typed to what is meant: `[dingtalk.app]`, an application that people can talk to.
//!
//! It asks nobody whether the application exists: that is `openapi`.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::path::PathBuf;

use reqwest::Url;
use toml::Spanned;

use super::raw::{RawApp, RawDingtalk};
use super::resolved::App;
use super::scope::{Scope, Wrong, quoted};
use crate::secret::Secret;

/// The interface of mainland China; `https://api.dingtalk.io` is the international one.
const DEFAULT_API: &str = "https://api.dingtalk.com";
/// Longest Client ID and robot code, in bytes: real ones have about 20.
const MAX_ID_BYTES: usize = 128;
/// Largest monthly allowance, in calls: what DingTalk sells to its largest organisations.
const MAX_MONTHLY_CALLS: i64 = 100_000_000;
/// A standard organisation's, since 2025-11-19.
const DEFAULT_MONTHLY_CALLS: i64 = 5_000;

impl Scope<'_> {
    /// The application, where the table stands in the file.
    pub(super) fn app(
        &mut self,
        raw: &RawDingtalk,
        proxy: Option<&Secret>,
    ) -> Result<Option<App>, Wrong> {
        let Some(table) = &raw.app else { return Ok(None) };
        let app = table.get_ref();
        let client_id = self.client_id(table);
        let client_secret = self.client_secret(table);
        let api = self.api(app);
        let robot_code = match &app.robot_code {
            Some(typed) => self.word_of_dingtalk(typed).map(Some),
            None => Ok(None),
        };
        let hint = "the calls of the interface a month that the organisation has, by its edition";
        let calls =
            self.number(&app.monthly_calls, 1..=MAX_MONTHLY_CALLS, DEFAULT_MONTHLY_CALLS, hint);
        let ca_file = self.ca_file(app);
        let client_id = client_id?;
        Ok(Some(App {
            robot_code: robot_code?.unwrap_or_else(|| client_id.clone()),
            client_id,
            client_secret: client_secret?,
            api: api?,
            monthly_calls: calls.and_then(|calls| u32::try_from(calls).ok()).ok_or(Wrong)?,
            ca_file: ca_file?,
            proxy: proxy.cloned(),
        }))
    }

    /// Who may change anything by talking to the application.
    pub(super) fn may_change(&mut self, raw: &RawDingtalk) -> Option<BTreeSet<String>> {
        let Some(table) = &raw.app else { return Some(BTreeSet::new()) };
        let people = self.people(&table.get_ref().may_change, Self::user_id)?;
        Some(people.into_iter().collect())
    }

    fn client_id(&mut self, table: &Spanned<RawApp>) -> Result<String, Wrong> {
        let Some(typed) = &table.get_ref().client_id else {
            let hint = "developer console, the application, Credentials: its Client ID (AppKey)";
            self.wrong(table.span(), "a `client_id`", "none", hint);
            return Err(Wrong);
        };
        self.word_of_dingtalk(typed)
    }

    /// An id as DingTalk gives them out. What is typed here by mistake may be the secret: it is not
    /// repeated.
    fn word_of_dingtalk(&mut self, typed: &Spanned<String>) -> Result<String, Wrong> {
        let id = typed.get_ref().trim();
        let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_.".contains(&b);
        if id.is_empty() || id.len() > MAX_ID_BYTES || !id.bytes().all(plain) {
            let expected = format!("1 to {MAX_ID_BYTES} letters, digits, '-', '_' or '.'");
            let hint = "copy it from the application's page: \"dingxxxxxxxxxxxx\"";
            self.wrong(typed.span(), expected, "something else", hint);
            return Err(Wrong);
        }
        Ok(id.to_owned())
    }

    fn client_secret(&mut self, table: &Spanned<RawApp>) -> Result<Secret, Wrong> {
        let app = table.get_ref();
        let expected = "`client_secret_file` or `client_secret_env`";
        let hint = "write it into a file of mode 600 beside this one: \
                    client_secret_file = \"app.secret\"";
        if let Some(typed) = &app.client_secret {
            self.wrong(typed.span(), expected, "`client_secret` in the configuration", hint);
            return Err(Wrong);
        }
        if app.client_secret_file.is_none() && app.client_secret_env.is_none() {
            self.wrong(table.span(), expected, "neither", hint);
            return Err(Wrong);
        }
        self.secret(&app.client_secret_file, &app.client_secret_env).ok_or(Wrong)
    }

    /// Scheme, host and port. The secret travels there, so nobody may listen in.
    fn api(&mut self, app: &RawApp) -> Result<String, Wrong> {
        let Some(typed) = &app.api else { return Ok(DEFAULT_API.to_owned()) };
        let url = Url::parse(typed.get_ref()).ok();
        let bare = |url: &Url| {
            matches!(url.path(), "" | "/")
                && url.query().is_none()
                && url.fragment().is_none()
                && url.username().is_empty()
                && url.password().is_none()
        };
        let good = |url: &Url| {
            let host = url.host_str().unwrap_or_default();
            let address = host.trim_matches(['[', ']']).parse::<IpAddr>();
            let local = host == "localhost" || address.is_ok_and(|address| address.is_loopback());
            url.scheme() == "https" || url.scheme() == "http" && local
        };
        if let Some(url) = url.filter(|url| bare(url) && good(url)) {
            return Ok(url.origin().ascii_serialization());
        }
        let hint = format!(
            "\"{DEFAULT_API}\", or \"https://api.dingtalk.io\" for the international edition"
        );
        let expected = "the https:// address of a host (http:// only to this machine)";
        self.wrong(typed.span(), expected, quoted(typed.get_ref()), hint);
        Err(Wrong)
    }

    fn ca_file(&mut self, app: &RawApp) -> Result<Option<PathBuf>, Wrong> {
        match &app.ca_file {
            Some(typed) => self.path(typed).map(Some).ok_or(Wrong),
            None => Ok(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use crate::config::golden::{ROBOT, SOURCE, accepted, refused};
    use crate::secret::Secret;

    const ENV: &[(&str, &str)] = &[("APP_SECRET", "s3cr3t")];

    #[test]
    fn an_application_needs_an_id_and_a_secret_and_the_rest_is_known() {
        let app = "[dingtalk.app]\nclient_id = \"dingabc\"\nclient_secret_env = \"APP_SECRET\"\n";
        let proxy = "[dingtalk]\nproxy = \"http://10.0.0.1:3128\"\n";
        let text = format!("{SOURCE}{ROBOT}{proxy}{app}");
        let (config, _) = accepted(&text, Path::new("/etc/p.toml"), ENV);
        let app = config.dingtalk.app.expect("an application");
        assert_eq!((app.client_id.as_str(), app.robot_code.as_str()), ("dingabc", "dingabc"));
        assert_eq!((app.api.as_str(), app.monthly_calls), ("https://api.dingtalk.com", 5_000));
        assert_eq!(app.client_secret.expose(), "s3cr3t");
        assert_eq!(app.proxy.as_ref().map(Secret::expose), Some("http://10.0.0.1:3128"));
        assert!(!format!("{app:?}").contains("s3cr3t"));
        let (config, _) = accepted(&format!("{SOURCE}{ROBOT}"), Path::new("p.toml"), &[]);
        assert!(config.dingtalk.app.is_none(), "nobody needs one");
    }

    #[test]
    fn listed_people_may_change_things_and_a_robot_may_name_its_group() {
        let app = "[dingtalk.app]\nclient_id = \"d\"\nclient_secret_env = \"APP_SECRET\"\n\
                   may_change = [\"0147\", \"boss\"]\n";
        let text = format!("{SOURCE}{ROBOT}group = \" 收銀群組 \"\n{app}");
        let (config, _) = accepted(&text, Path::new("p.toml"), ENV);
        let may = |user| config.dingtalk.may_change(user);
        assert!(may(Some("boss")) && !may(Some("ann")) && !may(None), "a stranger has no id");
        assert_eq!(config.robots[0].group.as_deref(), Some("收銀群組"));
        let said = refused(&format!("{SOURCE}{ROBOT}group = \" \"\n"));
        assert!(said.contains("expected the name of a group"), "{said}");
        let said = refused(&format!("{SOURCE}{ROBOT}{}", app.replace("0147", "a b")));
        assert!(said.contains("expected a DingTalk user id"), "{said}");
    }

    #[test]
    fn the_interface_is_one_host_that_nobody_can_listen_in_on() {
        for (typed, meant) in [
            ("https://api.dingtalk.io/", "https://api.dingtalk.io"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ] {
            let text = format!(
                "{SOURCE}{ROBOT}[dingtalk.app]\nclient_id = \"d\"\napi = \"{typed}\"\n\
                 robot_code = \"r-1\"\nclient_secret_env = \"APP_SECRET\"\n"
            );
            let (config, _) = accepted(&text, Path::new("p.toml"), ENV);
            let app = config.dingtalk.app.expect("an application");
            assert_eq!((app.api.as_str(), app.robot_code.as_str()), (meant, "r-1"));
        }
        for typed in ["http://api.dingtalk.com", "https://x/v1.0", "https://u:p@x", "api", ""] {
            let text = format!("{SOURCE}{ROBOT}[dingtalk.app]\napi = \"{typed}\"\n");
            let said = refused(&text);
            assert!(said.contains("the https:// address of a host"), "{said}");
        }
    }

    #[test]
    fn a_secret_in_the_wrong_place_is_not_repeated() {
        let secret = "5ecR3t".repeat(9);
        for (keys, expected) in [
            (
                format!("client_secret = \"{secret}\"\n"),
                "found `client_secret` in the configuration",
            ),
            (format!("client_id = \"{secret} \\u00e9\"\n"), "found something else"),
            (
                "client_id = \"ok\"\n".to_owned(),
                "expected `client_secret_file` or `client_secret_env`",
            ),
        ] {
            let said = refused(&format!("{SOURCE}{ROBOT}[dingtalk.app]\n{keys}"));
            assert!(said.contains(expected) && !said.contains("5ecR3t"), "{said}");
        }
    }
}

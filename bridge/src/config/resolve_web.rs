//! `[web]`: where the page is served, and that nobody on the network sees it without a password.

use std::collections::BTreeSet;
use std::net::SocketAddr;

use toml::Spanned;

use super::raw::{RawWeb, Texts};
use super::scope::{Scope, Wrong, quoted};
use super::web::Web;
use crate::web::Password;

/// Most names of the page.
const MAX_NAMES: usize = 16;
/// Longest name of a host, in bytes, as DNS has it.
const MAX_NAME_BYTES: usize = 253;

impl Scope<'_> {
    /// `[web]`.
    pub(super) fn web(&mut self, raw: &RawWeb) -> Result<Web, Wrong> {
        let listen = raw.listen.as_ref().map(|typed| self.address(typed).ok_or(Wrong));
        let password = raw.password_file.is_some().then(|| self.page_password(raw));
        let names = self.page_names(&raw.names);
        let metrics = raw.metrics.as_ref().map(|typed| self.own_address(typed));
        let (listen, password) = (listen.transpose()?, password.transpose()?);
        if let (Some(address), Some(typed)) = (listen, &raw.listen)
            && !address.ip().is_loopback()
            && password.is_none()
        {
            let hint = "posbridge web-password FILE writes it, or use \"127.0.0.1:8787\"";
            let expected = "a `password_file`, since others reach this address";
            self.wrong(typed.span(), expected, quoted(typed.get_ref()), hint);
            return Err(Wrong);
        }
        Ok(Web { listen, password, names: names?, metrics: metrics.transpose()? })
    }

    /// The hash in the password's file.
    fn page_password(&mut self, raw: &RawWeb) -> Result<Password, Wrong> {
        let typed = raw.password_file.as_ref().ok_or(Wrong)?;
        let text = self.secret(&raw.password_file, &None).ok_or(Wrong)?;
        Password::parse(text.expose()).map_err(|fault| {
            let shown = typed.get_ref();
            let hint = format!("posbridge web-password {shown} writes it");
            let expected = format!("an argon2id hash in {shown}");
            self.wrong(typed.span(), expected, fault.to_string(), hint);
            Wrong
        })
    }

    /// Names that a browser may call the page by. An address needs none: whoever types one means it.
    fn page_names(&mut self, typed: &Texts) -> Result<BTreeSet<String>, Wrong> {
        let Some(list) = typed else { return Ok(BTreeSet::new()) };
        if list.get_ref().len() > MAX_NAMES {
            let found = format!("{} of them", list.get_ref().len());
            self.wrong(list.span(), format!("at most {MAX_NAMES} names"), found, "name it less");
            return Err(Wrong);
        }
        let mut names = BTreeSet::new();
        for name in list.get_ref() {
            let text = name.get_ref().to_ascii_lowercase();
            let plain = |b: u8| b.is_ascii_alphanumeric() || b"-.".contains(&b);
            if text.is_empty() || text.len() > MAX_NAME_BYTES || !text.bytes().all(plain) {
                let hint = "only the name, as \"posbridge.local\": no http://, no port";
                self.wrong(name.span(), "the name of a host", quoted(name.get_ref()), hint);
                return Err(Wrong);
            }
            names.insert(text);
        }
        Ok(names)
    }

    /// What anybody on the shop's network could read is not served to it.
    fn own_address(&mut self, typed: &Spanned<String>) -> Result<SocketAddr, Wrong> {
        let address = self.address(typed).ok_or(Wrong)?;
        if !address.ip().is_loopback() {
            let hint = "use \"127.0.0.1:9787\", and an SSH tunnel to ask from elsewhere";
            let expected = "an address of this machine only";
            self.wrong(typed.span(), expected, quoted(typed.get_ref()), hint);
            return Err(Wrong);
        }
        Ok(address)
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;
    use std::path::Path;

    use crate::config::{Config, parse_in};
    use crate::web::Password;

    const REST: &str = "[[source]]\nname = \"till\"\nkind = \"file\"\npath = \"a\"\n\
        [[robot]]\nname = \"owner\"\nurl = \"https://a.example/?access_token=t\"\n[web]\n";

    fn parsed(web: &str, dir: &Path) -> Result<Config, String> {
        let text = format!("{REST}{web}");
        let config = parse_in(&text, &dir.join("p.toml"), &|_| None);
        config.map(|(config, _)| config).map_err(|error| error.to_string())
    }

    #[test]
    fn beyond_this_machine_the_page_needs_a_password() {
        let temp = tempfile::tempdir().expect("a directory");
        let file = temp.path().join("pw");
        let hash = Password::hash("a long password").expect("hashes");
        std::fs::write(&file, hash.expose()).expect("room");
        std::fs::set_permissions(&file, PermissionsExt::from_mode(0o600)).expect("our own");
        for (listen, with, good) in [
            ("127.0.0.1:8787", false, true),
            ("[::1]:8787", false, true),
            ("127.0.0.1:8787", true, true),
            ("0.0.0.0:8787", true, true),
            ("192.168.1.9:8787", true, true),
            ("0.0.0.0:8787", false, false),
            ("192.168.1.9:8787", false, false),
        ] {
            let password = if with { "password_file = \"pw\"\n" } else { "" };
            let found = parsed(&format!("listen = \"{listen}\"\n{password}"), temp.path());
            assert_eq!(found.is_ok(), good, "{listen} {with} {found:?}");
            if let Err(error) = found {
                let expected = "expected a `password_file`, since others reach this address";
                assert!(error.contains(expected), "{error}");
            }
        }
        std::fs::set_permissions(&file, PermissionsExt::from_mode(0o644)).expect("our own");
        let open = parsed("listen = \"0.0.0.0:1\"\npassword_file = \"pw\"\n", temp.path());
        assert!(open.expect_err("readable by others").contains("readable by its owner only"));
    }

    #[test]
    fn the_numbers_stay_on_this_machine_and_names_are_names() {
        let here = Path::new("/etc/p");
        let good = parsed("metrics = \"127.0.0.1:9787\"\nnames = [\"PosBridge.local\"]\n", here);
        let web = good.expect("good").web;
        assert!(web.metrics.is_some() && web.names.contains("posbridge.local"));
        let out = parsed("metrics = \"0.0.0.0:9787\"\n", here).expect_err("others reach it");
        assert!(out.contains("expected an address of this machine only"), "{out}");
        let url = parsed("names = [\"http://till\"]\n", here).expect_err("an address");
        assert!(url.contains("expected the name of a host"), "{url}");
    }
}

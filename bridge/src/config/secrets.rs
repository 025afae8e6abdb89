//! Secrets from where they may stand: a file of our own, or the environment. Never from the
//! configuration file itself.

use std::io::Read;
use std::os::unix::fs::MetadataExt;

use toml::Spanned;

use super::raw::Text;
use super::scope::Scope;
use crate::secret::Secret;

/// Longest secret, in bytes: a webhook URL is about 120.
const MAX_SECRET_BYTES: u64 = 4096;

/// Permission bits of everybody but the owner.
const OTHERS: u32 = 0o077;

impl Scope<'_> {
    /// What stands in the file or the variable, where one is named.
    pub(super) fn secret(&mut self, file: &Text, variable: &Text) -> Option<Secret> {
        match (file, variable) {
            (Some(_), Some(variable)) => {
                let hint = "keep one of the two";
                self.wrong(
                    variable.span(),
                    "one place for a secret",
                    "a file and a variable",
                    hint,
                );
                None
            }
            (Some(file), None) => self.secret_file(file),
            (None, Some(variable)) => self.secret_variable(variable),
            (None, None) => None,
        }
    }

    fn secret_file(&mut self, typed: &Spanned<String>) -> Option<Secret> {
        let path = self.path(typed)?;
        let shown = path.display().to_string();
        let expected = format!("a secret in {shown}");
        let opened = std::fs::File::open(&path).and_then(|file| Ok((file.metadata()?, file)));
        let (found, file) = match opened {
            Ok(opened) => opened,
            Err(error) => {
                let hint = format!("write it there: install -m 600 /dev/stdin {shown}");
                self.wrong(typed.span(), expected, format!("none ({error})"), hint);
                return None;
            }
        };
        if found.mode() & OTHERS != 0 {
            let expected = format!("{shown} to be readable by its owner only");
            let mode = format!("mode {:04o}", found.mode() & 0o7777);
            self.wrong(typed.span(), expected, mode, format!("chmod 600 {shown}"));
            return None;
        }
        let mut text = String::new();
        if let Err(error) = file.take(MAX_SECRET_BYTES).read_to_string(&mut text) {
            self.wrong(typed.span(), expected, error.to_string(), "one line of plain text");
            return None;
        }
        self.one_line(typed, &text, expected)
    }

    fn secret_variable(&mut self, typed: &Spanned<String>) -> Option<Secret> {
        let expected = format!("a secret in the environment variable {}", typed.get_ref());
        let Some(value) = (self.env)(typed.get_ref()) else {
            let hint = "set it for the service (systemd: EnvironmentFile=), or use a file";
            self.wrong(typed.span(), expected, "none", hint);
            return None;
        };
        let text = value.to_string_lossy().into_owned();
        self.one_line(typed, &text, expected)
    }

    fn one_line(
        &mut self,
        typed: &Spanned<String>,
        text: &str,
        expected: String,
    ) -> Option<Secret> {
        let secret = text.trim();
        if secret.is_empty() || secret.contains(char::is_whitespace) {
            let found = if secret.is_empty() { "nothing" } else { "several words" };
            self.wrong(typed.span(), expected, found, "one line of plain text, nothing else");
            return None;
        }
        Some(Secret::new(secret))
    }
}

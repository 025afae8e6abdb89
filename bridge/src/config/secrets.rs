//! Secrets from where they may stand: a file of our own, a credential that systemd hands over, or
//! the environment. Of the configuration file itself only a robot's `url` and a `proxy` may hold
//! one, and then nobody else may read that file.

use std::io::Read;
use std::ops::Range;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use toml::Spanned;

use super::raw::Text;
use super::scope::Scope;
use crate::secret::Secret;

/// Longest secret, in bytes: a webhook URL is about 120.
const MAX_SECRET_BYTES: u64 = 4096;

/// What an address holds and the name of a secret's file does not.
const ADDRESS_MARKS: [&str; 2] = ["://", "access_token="];

/// Permission bits of everybody but the owner.
const OTHERS: u32 = 0o077;

/// Permission bits of everybody but the owner and the group: a configuration is often root's, and the
/// service's user reads it through its group.
const EVERYBODY: u32 = 0o007;

/// Where systemd puts what `LoadCredential=` names, readable by the service alone.
const CREDENTIALS: &str = "CREDENTIALS_DIRECTORY";

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
        // The secret itself where its file belongs: to say which file is missing would say it.
        if ADDRESS_MARKS.iter().any(|mark| typed.get_ref().contains(mark)) {
            let hint = "write the address to a file of mode 600, and its name here";
            self.wrong(typed.span(), "the name of a file", "an address", hint);
            return None;
        }
        let beside = self.path(typed)?;
        let credential = self.credential(typed.get_ref());
        let handed_over = credential.is_some();
        let path = credential.unwrap_or(beside);
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
        // The credentials' directory keeps others out, and an access list for the service's user
        // looks like the group's right to read.
        if !handed_over && found.mode() & OTHERS != 0 {
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

    /// A relative name that systemd hands over as a credential is taken from there.
    fn credential(&self, name: &str) -> Option<PathBuf> {
        let one = Path::new(name).file_name().is_some_and(|file| file == name);
        let path = PathBuf::from((self.env)(CREDENTIALS)?).join(name);
        (one && path.is_file()).then_some(path)
    }

    /// A secret stands in the configuration at `at`: then it is not for everybody to read.
    pub(super) fn private_only(&mut self, at: Range<usize>) {
        let Some(mode) = self.mode.filter(|mode| mode & EVERYBODY != 0) else { return };
        let shown = self.file.display().to_string();
        let expected = format!("{shown} to be closed to everybody, since a secret stands in it");
        let found = format!("mode {:04o}", mode & 0o7777);
        let hint = format!("chmod o= {shown}");
        self.wrong(at, expected, found, hint);
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

//! Puts the finished configuration and its secrets on disk: all of them as drafts first, checked as
//! the bridge will read them, then each put in its place, the configuration last.
//!
//! What stood there before is kept beside it, `.old`. A signal in between is the caller's to hold back.

use std::io;
use std::path::{Path, PathBuf};

use super::file::{Names, ROBOT, whole};
use super::interview::Interview;
use super::key::Key;
use crate::config::{self, ConfigError, Draft, Standing};
use crate::web::{Password, Weak};

/// Permission bits of all that is written.
const MODE: u32 = 0o600;
/// Most names tried for a file of a secret.
const MAX_NAMES: u32 = 100;

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The configuration.
    pub config: PathBuf,
    /// The file with the webhook.
    pub url: PathBuf,
    /// The file with the signing secret, where there is one.
    pub secret: Option<PathBuf>,
    /// The file with the hash of the page's password, where there is one.
    pub password: Option<PathBuf>,
    /// Where the configuration is that stood there before.
    pub old: Option<PathBuf>,
}

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// A file cannot be written.
    #[error(
        "expected to write {}, found: {source}\n\
         hint: run it as a user who may write there: sudo, or another FILE behind -c",
        path.display()
    )]
    Write {
        /// The file.
        path: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// The page's password is not taken.
    #[error("page_password: {0}")]
    Password(#[from] Weak),
    /// It would not be right.
    #[error(transparent)]
    Config(#[from] ConfigError),
}

/// Writes what a finished interview came to.
pub fn write(interview: &Interview, path: &Path) -> Result<Written, WriteError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| WriteError::Write { path, source }
    };
    let path = std::path::absolute(path).map_err(failed(path))?;
    let base = path.parent().unwrap_or(Path::new("/")).to_owned();
    let folder = Standing::of(&base).map_err(failed(&base))?;
    // Root writes for whoever owns the directory: the service's user reads it.
    let ours = Standing {
        mode: MODE,
        uid: nix::unistd::geteuid().as_raw(),
        gid: nix::unistd::getegid().as_raw(),
    };
    let standing = if ours.uid == 0 { Standing { mode: MODE, ..folder } } else { ours };
    let draft = |target: &Path, text: &str| {
        Draft::write(target, text.as_bytes(), standing).map_err(failed(target))
    };
    let given = |key| interview.given(key).unwrap_or_default();
    let free = |name: &str| beside(&base, name, path.exists());
    let url = free(&format!("{ROBOT}.url"));
    let url_draft = draft(&url, &format!("{}\n", given(Key::RobotUrl)))?;
    let signs = given(Key::RobotSecret);
    let secret = (!signs.is_empty()).then(|| free(&format!("{ROBOT}.secret")));
    let secret_draft =
        secret.as_ref().map(|target| draft(target, &format!("{signs}\n"))).transpose()?;
    let opens = given(Key::PagePassword);
    let password = (!opens.is_empty()).then(|| free("web-password"));
    let password_draft = password
        .as_ref()
        .map(|target| draft(target, &format!("{}\n", Password::hash(opens)?.expose())))
        .transpose()?;
    let name = |path: &Path| {
        path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
    };
    let names = |url: &Path, secret: Option<&Path>, password: Option<&Path>| Names {
        url: name(url),
        secret: secret.map(name).unwrap_or_default(),
        password: password.map(name).unwrap_or_default(),
    };
    // As the bridge will read it, with the drafts in the places of the files.
    let of = |draft: &Option<Draft>| draft.as_ref().map(|draft| draft.path().to_owned());
    let (s, p) = (of(&secret_draft), of(&password_draft));
    let trial = names(url_draft.path(), s.as_deref(), p.as_deref());
    config::parse(&whole(interview, &trial), &path)?;
    let real = names(&url, secret.as_deref(), password.as_deref());
    let config_draft = draft(&path, &whole(interview, &real))?;
    let old = keep_old(&path, standing)?;
    url_draft.replace(&url).map_err(failed(&url))?;
    for (draft, target) in [(secret_draft, &secret), (password_draft, &password)] {
        if let (Some(draft), Some(target)) = (draft, target) {
            draft.replace(target).map_err(failed(target))?;
        }
    }
    config_draft.replace(&path).map_err(failed(&path))?;
    Ok(Written { config: path, url, secret, password, old })
}

/// `owner.url`, `owner.secret`, `web-password`; another name (`owner-2.url`) where that is a file of
/// somebody else.
fn beside(base: &Path, wanted: &str, replacing: bool) -> PathBuf {
    let (stem, ending) = wanted.split_once('.').unwrap_or((wanted, ""));
    let dot = if ending.is_empty() { "" } else { "." };
    let names = (1..MAX_NAMES).map(|nth| match nth {
        1 => base.join(wanted),
        nth => base.join(format!("{stem}-{nth}{dot}{ending}")),
    });
    let free = |path: &PathBuf| replacing || !path.exists();
    names.into_iter().find(free).unwrap_or_else(|| base.join(wanted))
}

/// A copy of the configuration that is about to be replaced.
fn keep_old(path: &Path, standing: Standing) -> Result<Option<PathBuf>, WriteError> {
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(WriteError::Write { path: path.to_owned(), source }),
    };
    let mut name = path.as_os_str().to_owned();
    name.push(".old");
    let old = PathBuf::from(name);
    let failed = |source| WriteError::Write { path: old.clone(), source };
    Draft::write(&old, &bytes, standing).map_err(failed)?.replace(&old).map_err(failed)?;
    Ok(Some(old))
}

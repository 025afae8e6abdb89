//! Gives a robot a new address, secret or keywords in its configuration: checked as a whole before
//! anything is replaced, and replaced so that a power cut leaves either the old or the new one.
//!
//! It tells nobody: a running bridge is asked to read the file again by the verb.

use std::io;
use std::path::{Path, PathBuf};

use crate::config::{self, ConfigError, Draft, EditError, RobotEdit, Standing, edit_robot};
use crate::secret::Secret;

/// Permission bits of a file that holds a secret.
const SECRET_MODE: u32 = 0o600;
/// Most names tried for a webhook's file.
const MAX_NAMES: u32 = 100;

/// What is wanted.
#[derive(Clone, Debug)]
pub struct Change {
    /// The robot.
    pub robot: String,
    /// Its webhook, to be kept in a file of its own.
    pub url: Option<Secret>,
    /// The file that its webhook stands in.
    pub url_file: Option<PathBuf>,
    /// The file that its signing secret stands in.
    pub secret_file: Option<PathBuf>,
    /// Its keywords, all of them.
    pub keywords: Option<Vec<String>>,
}

/// What was done.
#[derive(Clone, Debug)]
pub struct Changed {
    /// The configuration, without links.
    pub config: PathBuf,
    /// The file that the webhook was written to.
    pub url_file: Option<PathBuf>,
}

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    /// The configuration cannot be read, or would be wrong afterwards.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The robot cannot be found in it.
    #[error(transparent)]
    Edit(#[from] EditError),
    /// A file cannot be written.
    #[error(
        "expected to write {}, found: {source}\n\
         hint: run it as the user that owns the file, or as root",
        path.display()
    )]
    Write {
        /// The file.
        path: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
}

/// Does what is wanted with the configuration at `path`, or nothing at all.
pub fn change(path: &Path, wanted: &Change) -> Result<Changed, ChangeError> {
    let read = |source| ConfigError::Read { path: path.to_owned(), source };
    // A link stays a link: what it leads to is replaced.
    let path = std::fs::canonicalize(path).map_err(read)?;
    let text = std::fs::read_to_string(&path).map_err(read)?;
    let standing = Standing::of(&path).map_err(read)?;
    let base = path.parent().unwrap_or(Path::new("/"));
    let mut edit = RobotEdit {
        url_file: wanted.url_file.as_deref().map(|file| named(file, base)),
        secret_file: wanted.secret_file.as_deref().map(|file| named(file, base)),
        keywords: wanted.keywords.clone(),
    };
    let Some(url) = &wanted.url else {
        let new = edit_robot(&text, &wanted.robot, &edit)?;
        config::parse(&new, &path)?;
        replace(&path, &new, standing)?;
        return Ok(Changed { config: path, url_file: None });
    };
    // Checked with the draft's name in its place: nothing is seen by anybody yet.
    let target = url_path(base, &wanted.robot, &text);
    let failed = |source| ChangeError::Write { path: target.clone(), source };
    let secret = Standing { mode: SECRET_MODE, ..owner(&text, &path, standing) };
    let line = format!("{}\n", url.expose());
    let draft = Draft::write(&target, line.as_bytes(), secret).map_err(failed)?;
    edit.url_file = Some(named(draft.path(), base));
    config::parse(&edit_robot(&text, &wanted.robot, &edit)?, &path)?;
    edit.url_file = Some(named(&target, base));
    let new = edit_robot(&text, &wanted.robot, &edit)?;
    let draft_of_config = write(&path, &new, standing)?;
    draft.replace(&target).map_err(failed)?;
    put(draft_of_config, &path)?;
    Ok(Changed { config: path, url_file: Some(target) })
}

/// A file as it is named in the configuration: relative where it stands beside it.
fn named(file: &Path, base: &Path) -> String {
    let absolute = std::path::absolute(file).unwrap_or_else(|_| file.to_owned());
    let folder = absolute.parent().and_then(|folder| std::fs::canonicalize(folder).ok());
    match (folder, absolute.file_name()) {
        (Some(folder), Some(name)) if folder == base => name.to_string_lossy().into_owned(),
        _ => absolute.to_string_lossy().into_owned(),
    }
}

/// `NAME.url` beside the configuration; another name where that is somebody else's file.
fn url_path(base: &Path, robot: &str, text: &str) -> PathBuf {
    let names = (1..MAX_NAMES).map(|nth| match nth {
        1 => format!("{robot}.url"),
        nth => format!("{robot}-{nth}.url"),
    });
    let mine = |name: &String| {
        // One that the configuration names already was written here before.
        !base.join(name).exists() || text.contains(&format!("url_file = \"{name}\""))
    };
    base.join(names.into_iter().find(mine).unwrap_or_else(|| format!("{robot}.url")))
}

/// Who must be able to read a secret: the one whose journal it is, since that is the service's user.
fn owner(text: &str, path: &Path, config: Standing) -> Standing {
    let journal = config::parse(text, path).ok().map(|config| config.journal.path);
    let found = journal.and_then(|journal| Standing::of(&journal).ok());
    found.unwrap_or(config)
}

pub(super) fn replace(path: &Path, text: &str, standing: Standing) -> Result<(), ChangeError> {
    put(write(path, text, standing)?, path)
}

fn write(path: &Path, text: &str, standing: Standing) -> Result<Draft, ChangeError> {
    Draft::write(path, text.as_bytes(), standing)
        .map_err(|source| ChangeError::Write { path: path.to_owned(), source })
}

fn put(draft: Draft, path: &Path) -> Result<(), ChangeError> {
    draft.replace(path).map_err(|source| ChangeError::Write { path: path.to_owned(), source })
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;
    use std::path::{Path, PathBuf};

    use super::{Change, ChangeError, change};
    use crate::config::{self, Standing};
    use crate::secret::Secret;

    const TEXT: &str = "# ours\n[[source]]\nname = \"till\"\nkind = \"file\"\npath = \"a\"\n\
        [[robot]]\nname = \"owner\" # the boss\n\
        url = \"http://127.0.0.1/?access_token=0ld\"\n";

    fn shop() -> (tempfile::TempDir, PathBuf) {
        let temp = tempfile::tempdir().expect("a directory");
        let path = temp.path().join("posbridge.toml");
        std::fs::write(&path, TEXT).expect("room");
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o640)).expect("ours");
        (temp, path)
    }

    fn url(url: &str) -> Change {
        let url = Some(Secret::new(url));
        Change { robot: "owner".into(), url, url_file: None, secret_file: None, keywords: None }
    }

    fn files(of: &Path) -> Vec<String> {
        let list = std::fs::read_dir(of).expect("there").map(|file| file.expect("a file"));
        let mut names: Vec<String> =
            list.map(|file| file.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_new_webhook_goes_into_a_file_of_its_own_and_the_rest_stays() {
        let (temp, path) = shop();
        for token in ["n1", "n2"] {
            let wanted = url(&format!("http://127.0.0.1/?access_token={token}"));
            let changed = change(&path, &wanted).expect("a good webhook");
            let file = changed.url_file.expect("written");
            assert_eq!(Standing::of(&file).expect("there").mode, 0o600);
            assert_eq!(Standing::of(&path).expect("there").mode, 0o640, "as it was");
            let text = std::fs::read_to_string(&path).expect("there");
            let line = "url = \"http://127.0.0.1/?access_token=0ld\"";
            assert_eq!(text, TEXT.replace(line, "url_file = \"owner.url\""));
            let config = config::load(&path).expect("good");
            assert!(config.robots[0].url.expose().ends_with(token));
            assert_eq!(files(temp.path()), ["owner.url", "posbridge.toml"], "nothing is left over");
        }
    }

    #[test]
    fn what_would_be_wrong_changes_nothing_and_leaves_nothing_behind() {
        let (temp, path) = shop();
        let plain = "http://oapi.dingtalk.com/robot/send?access_token=t0k3n";
        let stranger = Change { robot: "boss".into(), ..url("https://a.example/?access_token=t") };
        let keywords = Change {
            keywords: Some(vec![String::new()]),
            ..url("https://a.example/?access_token=t0k3n")
        };
        for wanted in [url(plain), url("two words"), stranger, keywords] {
            let error = change(&path, &wanted).expect_err("wrong").to_string();
            assert!(error.contains("hint: ") && !error.contains("t0k3n"), "{error}");
            assert_eq!(std::fs::read_to_string(&path).expect("there"), TEXT);
            assert_eq!(files(temp.path()), ["posbridge.toml"]);
        }
    }

    #[test]
    fn files_are_named_as_seen_from_the_configuration_and_must_be_private() {
        let (temp, path) = shop();
        let secret = temp.path().join("my.secret");
        std::fs::write(&secret, "SEC0123\n").expect("room");
        std::fs::set_permissions(&secret, PermissionsExt::from_mode(0o644)).expect("ours");
        let wanted = Change { url: None, secret_file: Some(secret.clone()), ..url("") };
        let error = change(&path, &wanted).expect_err("others can read it");
        assert!(matches!(error, ChangeError::Config(_)));
        assert!(error.to_string().contains("hint: chmod 600"), "{error}");
        std::fs::set_permissions(&secret, PermissionsExt::from_mode(0o600)).expect("ours");
        change(&path, &wanted).expect("private");
        let text = std::fs::read_to_string(&path).expect("there");
        assert!(text.ends_with("secret_file = \"my.secret\"\n"), "{text}");
        let config = config::load(&path).expect("good");
        assert_eq!(config.robots[0].secret.as_ref().map(Secret::expose), Some("SEC0123"));
    }

    #[test]
    fn somebody_elses_file_is_not_written_over() {
        let (temp, path) = shop();
        std::fs::write(temp.path().join("owner.url"), "notes").expect("room");
        let changed = change(&path, &url("http://127.0.0.1/?access_token=n")).expect("good");
        assert!(changed.url_file.expect("written").ends_with("owner-2.url"));
        let notes = std::fs::read_to_string(temp.path().join("owner.url")).expect("there");
        assert_eq!(notes, "notes");
    }
}

//! Gives a robot a new address, secret, keywords or list of what it is told in its configuration, or the
//! shop another language or other hours: checked as a whole before anything is replaced, and replaced
//! so that a power cut leaves either the old or the new one.
//!
//! It tells nobody: a running bridge is asked to read the file again by the verb.

use std::io;
use std::path::{Path, PathBuf};

use crate::config::{
    self, ConfigError, Draft, EditError, RobotEdit, ShopEdit, Standing, edit_robot, edit_shop,
};
use crate::secret::Secret;

/// Permission bits of a file that holds a secret.
const SECRET_MODE: u32 = 0o600;
/// Most names tried for a secret's file.
const MAX_NAMES: u32 = 100;

/// What is wanted.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// The robot.
    pub robot: String,
    /// Its webhook, to be kept in a file of its own.
    pub url: Option<Secret>,
    /// The file that its webhook stands in.
    pub url_file: Option<PathBuf>,
    /// Its signing secret, to be kept in a file of its own.
    pub secret: Option<Secret>,
    /// The file that its signing secret stands in.
    pub secret_file: Option<PathBuf>,
    /// Its keywords, all of them.
    pub keywords: Option<Vec<String>>,
    /// What it is told, all of it.
    pub notices: Option<Vec<String>>,
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
    let old = Old::read(path)?;
    let base = old.path.parent().unwrap_or(Path::new("/"));
    let mut edit = RobotEdit {
        url_file: wanted.url_file.as_deref().map(|file| named(file, base)),
        secret_file: wanted.secret_file.as_deref().map(|file| named(file, base)),
        keywords: wanted.keywords.clone(),
        notices: wanted.notices.clone(),
    };
    let url = wanted.url.as_ref().map(|url| old.hold(&wanted.robot, "url", url)).transpose()?;
    let secret = wanted.secret.as_ref();
    let secret = secret.map(|secret| old.hold(&wanted.robot, "secret", secret)).transpose()?;
    // Checked with the drafts' names in their places: nothing is seen by anybody yet.
    let mut tried = edit.clone();
    if let Some((draft, target)) = &url {
        tried.url_file = Some(named(draft.path(), base));
        edit.url_file = Some(named(target, base));
    }
    if let Some((draft, target)) = &secret {
        tried.secret_file = Some(named(draft.path(), base));
        edit.secret_file = Some(named(target, base));
    }
    config::parse(&edit_robot(&old.text, &wanted.robot, &tried)?, &old.path)?;
    let new = edit_robot(&old.text, &wanted.robot, &edit)?;
    let draft_of_config = write(&old.path, &new, old.standing)?;
    let url_file = url.as_ref().map(|(_, target)| target.clone());
    for (draft, target) in url.into_iter().chain(secret) {
        put(draft, &target)?;
    }
    put(draft_of_config, &old.path)?;
    Ok(Changed { config: old.path, url_file })
}

/// Changes the shop in the configuration at `path`, or nothing at all.
pub fn change_shop(path: &Path, wanted: &ShopEdit) -> Result<(), ChangeError> {
    let old = Old::read(path)?;
    let new = edit_shop(&old.text, wanted)?;
    config::parse(&new, &old.path)?;
    replace(&old.path, &new, old.standing)
}

/// A configuration as it stands.
struct Old {
    path: PathBuf,
    text: String,
    standing: Standing,
}

impl Old {
    fn read(path: &Path) -> Result<Self, ChangeError> {
        let read = |source| ConfigError::Read { path: path.to_owned(), source };
        // A link stays a link: what it leads to is replaced.
        let path = std::fs::canonicalize(path).map_err(read)?;
        let text = std::fs::read_to_string(&path).map_err(read)?;
        let standing = Standing::of(&path).map_err(read)?;
        Ok(Self { path, text, standing })
    }

    /// A secret in a file of its own, not in its place yet.
    fn hold(
        &self,
        robot: &str,
        ending: &str,
        secret: &Secret,
    ) -> Result<(Draft, PathBuf), ChangeError> {
        let base = self.path.parent().unwrap_or(Path::new("/"));
        let target = secret_path(base, robot, ending, &self.text);
        let standing =
            Standing { mode: SECRET_MODE, ..owner(&self.text, &self.path, self.standing) };
        let line = format!("{}\n", secret.expose());
        let draft = Draft::write(&target, line.as_bytes(), standing)
            .map_err(|source| ChangeError::Write { path: target.clone(), source })?;
        Ok((draft, target))
    }
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

/// `NAME.url` or `NAME.secret` beside the configuration; another name where that is somebody else's
/// file.
fn secret_path(base: &Path, robot: &str, ending: &str, text: &str) -> PathBuf {
    let names = (1..MAX_NAMES).map(|nth| match nth {
        1 => format!("{robot}.{ending}"),
        nth => format!("{robot}-{nth}.{ending}"),
    });
    let mine = |name: &String| {
        // One that the configuration names already was written here before.
        !base.join(name).exists() || text.contains(&format!("{ending}_file = \"{name}\""))
    };
    base.join(names.into_iter().find(mine).unwrap_or_else(|| format!("{robot}.{ending}")))
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

    use super::{Change, ChangeError, change, change_shop};
    use crate::config::{self, ShopEdit, Standing};
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
        Change { robot: "owner".into(), url, ..Change::default() }
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
    fn a_secret_that_is_typed_goes_into_a_file_of_its_own_with_the_webhook() {
        let (temp, path) = shop();
        let wanted = Change {
            secret: Some(Secret::new("SEC0123")),
            notices: Some(vec!["refund".into(), "daily_summary".into()]),
            ..url("http://127.0.0.1/?access_token=n1")
        };
        change(&path, &wanted).expect("good");
        assert_eq!(files(temp.path()), ["owner.secret", "owner.url", "posbridge.toml"]);
        let standing = Standing::of(&temp.path().join("owner.secret")).expect("there");
        assert_eq!(standing.mode, 0o600);
        let robot = config::load(&path).expect("good").robots.remove(0);
        assert_eq!(robot.secret.as_ref().map(Secret::expose), Some("SEC0123"));
        assert_eq!((robot.notices.len(), robot.findings.len()), (1, 1));
        let unknown = Change {
            notices: Some(vec!["everything".into()]),
            ..url("http://127.0.0.1/?access_token=n2")
        };
        change(&path, &unknown).expect_err("no such kind");
        let kept = config::load(&path).expect("good").robots.remove(0);
        assert!(kept.url.expose().ends_with("n1"), "nothing was changed");
    }

    #[test]
    fn the_shop_is_changed_or_stays_as_it_was() {
        let (_temp, path) = shop();
        let hours = |hours: &str| ShopEdit { language: None, hours: Some(hours.into()) };
        change_shop(&path, &hours("11:00-22:30")).expect("good");
        let text = std::fs::read_to_string(&path).expect("there");
        assert!(text.contains("hours = \"11:00-22:30\"") && text.starts_with("# ours"), "{text}");
        let error = change_shop(&path, &hours("late")).expect_err("no hours").to_string();
        assert!(error.contains("opening hours such as"), "{error}");
        assert_eq!(std::fs::read_to_string(&path).expect("there"), text);
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

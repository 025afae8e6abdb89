//! Writes a profile that was taught, and names it in the configuration where it is new: checked as a
//! whole before anything is replaced.
//!
//! It tells nobody: whoever saves asks the running bridge to read its configuration again.

use std::io;
use std::path::{Path, PathBuf};

use super::base::Base;
use crate::config::{self, ConfigError, Draft, EditError, Standing, edit_source_profile};

/// What was written.
#[derive(Clone, Debug)]
pub struct Saved {
    /// The profile's file.
    pub file: PathBuf,
}

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum SaveError {
    /// The configuration cannot be read, or would be wrong afterwards.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The source cannot be found in it.
    #[error(transparent)]
    Edit(#[from] EditError),
    /// A file cannot be written.
    #[error(
        "expected to write {}, found: {source}\n\
         hint: the service's user must own the configuration's directory, and the unit must allow it",
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

/// Writes `text` as the profile `base` of `source` in the configuration at `path`.
pub fn save(path: &Path, source: &str, base: &Base, text: &str) -> Result<Saved, SaveError> {
    let read = |source| ConfigError::Read { path: path.to_owned(), source };
    // A link stays a link: what it leads to is replaced.
    let path = std::fs::canonicalize(path).map_err(read)?;
    let standing = Standing::of(&path).map_err(read)?;
    if !base.new {
        let file = std::fs::canonicalize(&base.file).map_err(|e| failed(&base.file, e))?;
        let standing = Standing::of(&file).map_err(|e| failed(&file, e))?;
        put(&file, text, standing)?;
        return Ok(Saved { file });
    }
    let old = std::fs::read_to_string(&path).map_err(read)?;
    let named = base.file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let new = edit_source_profile(&old, source, named)?;
    put(&base.file, text, standing)?;
    let done = config::parse(&new, &path)
        .map_err(SaveError::from)
        .and_then(|_| put(&path, &new, standing));
    if done.is_err() {
        // Nothing names it.
        let _left_behind = std::fs::remove_file(&base.file);
    }
    done.map(|()| Saved { file: base.file.clone() })
}

fn put(path: &Path, text: &str, standing: Standing) -> Result<(), SaveError> {
    let draft = Draft::write(path, text.as_bytes(), standing).map_err(|e| failed(path, e))?;
    draft.replace(path).map_err(|e| failed(path, e))
}

fn failed(path: &Path, source: io::Error) -> SaveError {
    SaveError::Write { path: path.to_owned(), source }
}

#[cfg(test)]
mod tests {
    use super::save;
    use crate::config;
    use crate::teach::Base;

    const TEXT: &str = "# ours\n[[source]]\nname = \"till\" # by the door\nkind = \"file\"\npath = \"a\"\n\
        [[robot]]\nname = \"owner\"\nurl = \"http://127.0.0.1/?access_token=t0k3n\"\n";
    const PROFILE: &str = "name = \"till\"\n[words]\ntotal = [\"Summe\"]\n";

    #[test]
    fn a_new_profile_stands_beside_the_configuration_which_names_it_and_is_changed_in_its_place() {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("posbridge.toml");
        std::fs::write(&path, TEXT).expect("room");
        let base = || {
            let config = config::load(&path).expect("good");
            Base::of(&config.sources[0], dir.path()).expect("a name")
        };
        save(&path, "till", &base(), PROFILE).expect("room");
        let text = std::fs::read_to_string(&path).expect("there");
        assert_eq!(text, TEXT.replace("\"a\"\n", "\"a\"\nprofile = \"till.toml\"\n"));
        let more = format!("# mine\n{PROFILE}cash = [\"Bar\"]\n");
        let own = base();
        assert!(!own.new && own.text == PROFILE, "{own:?}");
        save(&path, "till", &own, &more).expect("room");
        assert_eq!(std::fs::read_to_string(dir.path().join("till.toml")).expect("there"), more);
        assert_eq!(std::fs::read_to_string(&path).expect("there"), text, "it names it already");
        assert_eq!(
            std::fs::read_dir(dir.path()).expect("there").count(),
            2,
            "nothing is left over"
        );
    }

    #[test]
    fn a_profile_that_is_none_leaves_everything_as_it_was() {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("posbridge.toml");
        std::fs::write(&path, TEXT).expect("room");
        let config = config::load(&path).expect("good");
        let base = Base::of(&config.sources[0], dir.path()).expect("a name");
        for (source, text) in [("till", "name = 1"), ("stranger", PROFILE)] {
            save(&path, source, &base, text).expect_err("wrong");
            assert_eq!(std::fs::read_to_string(&path).expect("there"), TEXT);
            assert_eq!(std::fs::read_dir(dir.path()).expect("there").count(), 1);
        }
    }
}

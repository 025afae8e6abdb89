//! Ends practice in the configuration: `mode = "setup"` becomes `"live"`, checked as a whole before
//! anything is replaced.
//!
//! It tells nobody. A running bridge is asked to read the file again by the verb, and tells the groups
//! by itself.

use std::path::{Path, PathBuf};

use super::robot::{ChangeError, replace};
use crate::config::{self, ConfigError, Standing, edit_live};

/// The configuration at `path`, without links, and whether it practised until now.
pub fn go_live(path: &Path) -> Result<(PathBuf, bool), ChangeError> {
    let read = |source| ConfigError::Read { path: path.to_owned(), source };
    let path = std::fs::canonicalize(path).map_err(read)?;
    let text = std::fs::read_to_string(&path).map_err(read)?;
    let standing = Standing::of(&path).map_err(read)?;
    // What is wrong with it is said first: a bridge would not take it up.
    config::load(&path)?;
    let Some(live) = edit_live(&text)? else { return Ok((path, false)) };
    config::parse(&live, &path)?;
    replace(&path, &live, standing)?;
    Ok((path, true))
}

#[cfg(test)]
mod tests {
    use super::go_live;
    use crate::config::{self, Mode};

    const TEXT: &str = "mode = \"setup\" # until all is seen\n[[source]]\nname = \"till\"\n\
        kind = \"file\"\npath = \"a\"\n\
        [[robot]]\nname = \"owner\"\nurl = \"http://127.0.0.1/?access_token=t\"\n";

    #[test]
    fn practice_ends_once_and_a_file_with_a_mistake_stays_as_it_is() {
        let temp = tempfile::tempdir().expect("a directory");
        let path = temp.path().join("posbridge.toml");
        std::fs::write(&path, TEXT).expect("room");
        assert_eq!(config::load(&path).expect("good").mode, Mode::Setup);
        assert!(go_live(&path).expect("good").1);
        assert_eq!(config::load(&path).expect("good").mode, Mode::Live);
        assert!(!go_live(&path).expect("good").1, "it is over");
        let broken = TEXT.replace("kind", "knid");
        std::fs::write(&path, &broken).expect("room");
        assert!(go_live(&path).expect_err("a mistake").to_string().contains("`knid`"));
        assert_eq!(std::fs::read_to_string(&path).expect("there"), broken);
    }
}

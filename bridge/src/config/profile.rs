//! A source's profile: `auto`, a built-in one by its name, or a file of TOML text.
//!
//! Not here: what a profile may say, which the decoder knows.

use std::path::{Path, PathBuf};

use pos_protocol::profile::{self, Mistake, Profile};

use super::error::Problem;
use super::scope::nearest;

/// A profile and the text it was loaded from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loaded {
    /// The profile.
    pub profile: Profile,
    /// What it is called in messages: its file or its name.
    pub file: PathBuf,
    pub(super) text: String,
}

/// Why a profile cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    /// It is neither a built-in profile nor a file.
    #[error("expected \"auto\", {known} or a file, found \"{name}\"\nhint: {hint}", known = known())]
    Unknown {
        /// What was typed.
        name: String,
        /// What to do.
        hint: String,
    },
    /// Its file cannot be read.
    #[error(
        "expected a profile at {}, found: {source}\nhint: docs/PROFILES.md shows how to write one",
        path.display()
    )]
    Read {
        /// The file.
        path: PathBuf,
        /// Why not.
        #[source]
        source: std::io::Error,
    },
    /// These things are wrong with it.
    #[error("{}", super::error::joined(.0))]
    Invalid(Vec<Problem>),
}

/// Built-in names, for messages.
fn known() -> String {
    let names: Vec<String> = profile::builtin_names().map(|name| format!("\"{name}\"")).collect();
    names.join(", ")
}

/// Loads the profile `word`; a path is relative to `base`.
pub fn load_profile(word: &str, base: &Path) -> Result<Loaded, ProfileError> {
    if word == "auto" {
        let (file, text) = (PathBuf::from(word), String::new());
        return Ok(Loaded { profile: Profile::default(), file, text });
    }
    let is_path = word.contains('/') || Path::new(word).extension().is_some();
    let (file, text) = match profile::builtin(word) {
        Some(text) => (PathBuf::from(word), text.to_owned()),
        None if is_path => {
            let path = base.join(word);
            let read = |source| ProfileError::Read { path: path.clone(), source };
            let text = std::fs::read_to_string(&path).map_err(read)?;
            (path, text)
        }
        None => {
            let near = nearest(word, profile::builtin_names().chain(["auto"]));
            let hint = near.map_or_else(
                || "a file's name ends in .toml or holds a /".to_owned(),
                |near| format!("did you mean \"{near}\"?"),
            );
            return Err(ProfileError::Unknown { name: word.to_owned(), hint });
        }
    };
    let profile = profile::load(&text)
        .map_err(|mistakes| ProfileError::Invalid(shown(&file, &text, mistakes)))?;
    Ok(Loaded { profile, file, text })
}

impl Loaded {
    /// Reads its samples; how many there are.
    pub fn check(&self) -> Result<usize, ProfileError> {
        profile::check_samples(&self.profile, &self.text)
            .map_err(|found| ProfileError::Invalid(shown(&self.file, &self.text, found)))?;
        Ok(self.profile.rules.as_ref().map_or(0, |rules| rules.sample_count()))
    }
}

/// Mistakes with the file that they stand in.
fn shown(file: &Path, text: &str, mistakes: Vec<Mistake>) -> Vec<Problem> {
    let problem = |m: Mistake| Problem::new((file, text), m.at, m.expected, m.found, m.hint);
    mistakes.into_iter().map(problem).collect()
}

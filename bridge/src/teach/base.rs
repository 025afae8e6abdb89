//! The profile that a source is read by today, as the text that a rule is added to: its own file, or
//! a new one beside the configuration.

use std::path::{Path, PathBuf};

use pos_protocol::profile::{builtin, builtin_names};

use crate::config::Source;

/// Longest name that is made of a source's, in bytes: a number still fits behind it.
const MAX_NAME_BYTES: usize = 28;
/// Most names tried for a new profile.
const MAX_NAMES: u32 = 100;
/// What stands in a new profile besides its name.
const ABOUT: &str = "about = \"Taught on the page\"\n";

/// What a rule is added to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Base {
    /// The profile's name.
    pub name: String,
    /// Its text as it is now; what a new one begins with.
    pub text: String,
    /// Its file.
    pub file: PathBuf,
    /// Whether that is new, and the configuration has to name it.
    pub new: bool,
}

impl Base {
    /// The base of `source`, whose configuration stands in the directory `dir`.
    pub fn of(source: &Source, dir: &Path) -> std::io::Result<Self> {
        let file = &source.profile.file;
        let word = file.to_str().unwrap_or_default();
        let known = if word == "auto" { Some(ABOUT) } else { builtin(word) };
        let Some(text) = known else {
            let text = std::fs::read_to_string(file)?;
            let name = source.profile.profile.name.clone();
            return Ok(Self { name, text, file: file.clone(), new: false });
        };
        let wanted = named_after(&source.name);
        let names = (1..MAX_NAMES).map(|nth| match nth {
            1 => wanted.clone(),
            nth => format!("{wanted}-{nth}"),
        });
        let path = |name: &str| dir.join(format!("{name}.toml"));
        let free = names.into_iter().find(|name| !path(name).exists());
        let name = free.ok_or(std::io::ErrorKind::AlreadyExists)?;
        Ok(Self { file: path(&name), name, text: text.to_owned(), new: true })
    }
}

/// A profile's name made of a source's.
fn named_after(source: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    let name: String = source.chars().map(plain).take(MAX_NAME_BYTES).collect();
    let name = name.trim_matches('-');
    let taken = builtin_names().chain(["auto", "posbridge"]).any(|known| known == name);
    if name.is_empty() || taken {
        format!("till-{name}").trim_matches('-').to_owned()
    } else {
        name.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use pos_protocol::profile::load;

    use super::{Base, named_after};
    use crate::config;

    #[test]
    fn a_name_that_a_profile_may_have_is_made_of_any_source_name() {
        for (source, name) in [
            ("Counter_1", "counter-1"),
            ("auto", "till-auto"),
            ("...", "till"),
            ("vivipos", "till-vivipos"),
            (&"x".repeat(64), &"x".repeat(28)),
        ] {
            assert_eq!(named_after(source), name);
            load(&format!("name = \"{}-99\"", named_after(source))).expect("a good name");
        }
    }

    #[test]
    fn a_built_in_profile_is_copied_and_nobodys_file_is_taken() {
        let dir = tempfile::tempdir().expect("a directory");
        let at = dir.path().join("posbridge.toml");
        let text = "[[source]]\nname = \"till\"\nkind = \"file\"\npath = \"a\"\nprofile = \"vivipos\"\n\
                    [[robot]]\nname = \"owner\"\nurl = \"http://127.0.0.1/?access_token=t\"\n";
        let config = config::parse(text, &at).expect("a configuration");
        let base = Base::of(&config.sources[0], dir.path()).expect("a name");
        assert!(base.new && base.text.contains("[words]") && base.file.ends_with("till.toml"));
        std::fs::write(&base.file, "name = \"mine\"\n").expect("room");
        let next = Base::of(&config.sources[0], dir.path()).expect("a name");
        assert_eq!((next.name.as_str(), next.new), ("till-2", true));
        let config = config::parse(&text.replace("\"vivipos\"", "\"till.toml\""), &at);
        let own = Base::of(&config.expect("good").sources[0], dir.path()).expect("there");
        assert_eq!(
            (own.name.as_str(), own.text.as_str(), own.new),
            ("mine", "name = \"mine\"\n", false)
        );
    }
}

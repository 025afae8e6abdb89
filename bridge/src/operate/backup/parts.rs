//! What of a configuration belongs into a backup: the files that it names, and the secrets that it
//! names and that stay out. Reads no file but the directory of templates.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

use toml_edit::{DocumentMut, Item, TableLike, Value};

/// Keys that name a file which is no secret.
const PLAIN: [&str; 3] = ["profile", "say_file", "ca_file"];
/// The key that names a directory.
const TEMPLATES: &str = "templates";
/// Ending of a template's name.
const TEMPLATE: &str = ".j2";

/// What a configuration names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Named {
    /// Files beside the configuration, relative to it.
    pub(super) files: BTreeSet<PathBuf>,
    /// Files elsewhere: they are not ours to move.
    pub(super) elsewhere: BTreeSet<String>,
    /// Where secrets stand.
    pub(super) secrets: BTreeSet<String>,
    /// A proxy's password stands in the configuration itself.
    pub(super) password: bool,
}

/// What `document`, in the directory `base`, names.
pub(super) fn named(document: &DocumentMut, base: &Path) -> Named {
    let mut named = Named::default();
    table(document.as_table(), base, &mut named);
    named
}

fn table(of: &dyn TableLike, base: &Path, named: &mut Named) {
    for (key, item) in of.iter() {
        match item {
            Item::Table(inner) => table(inner, base, named),
            Item::ArrayOfTables(list) => list.iter().for_each(|inner| table(inner, base, named)),
            Item::Value(found) => value(key, found, base, named),
            Item::None => {}
        }
    }
}

fn value(key: &str, found: &Value, base: &Path, named: &mut Named) {
    match found {
        Value::InlineTable(inner) => table(inner, base, named),
        Value::Array(list) => list.iter().for_each(|inner| value(key, inner, base, named)),
        Value::String(text) => text_of(key, text.value(), base, named),
        _ => {}
    }
}

fn text_of(key: &str, text: &str, base: &Path, named: &mut Named) {
    if key == TEMPLATES {
        let entries = std::fs::read_dir(base.join(text)).into_iter().flatten().flatten();
        for entry in entries {
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.ends_with(TEMPLATE) {
                file(&format!("{text}/{name}"), base, named);
            }
        }
    } else if PLAIN.contains(&key) {
        file(text, base, named);
    } else if key.ends_with("_file") || key.ends_with("_env") {
        let what = if key.ends_with("_env") { "variable " } else { "" };
        named.secrets.insert(format!("{what}{text}"));
    } else if key == "proxy" && text.contains('@') {
        named.password = true;
    }
}

/// A profile may be a built-in one's name: then there is no such file.
fn file(text: &str, base: &Path, named: &mut Named) {
    let path = Path::new(text);
    if !base.join(path).is_file() {
        return;
    }
    let inside =
        path.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    if inside {
        let clean = path.components().filter(|part| matches!(part, Component::Normal(_)));
        named.files.insert(clean.collect());
    } else {
        named.elsewhere.insert(text.to_owned());
    }
}

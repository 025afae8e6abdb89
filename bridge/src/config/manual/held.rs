//! The manual held to the program: every key is there, the defaults are those of `resolve`, the
//! values are those that it takes, and the files are as written from it.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::example::{Class, Line, file, lines};
use super::known::known;
use super::{Key, TABLES, Values, markdown};
use crate::config::load::REFUSED;
use crate::config::raw::RawConfig;
use crate::config::{Config, parse_in};
use crate::web::Password;

/// The documents that have tables of keys.
const DOCUMENTS: &str = "../docs";
const EXAMPLE: &str = "deploy/posbridge.example.toml";

/// Keys whose values need other keys each.
const WITH_OTHERS: [&str; 3] = ["kind", "on", "stock_left"];

/// A directory with all that the example names.
struct Place {
    dir: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        let dir = tempfile::tempdir().expect("a temporary directory");
        std::fs::create_dir(dir.path().join("templates")).expect("made");
        for line in lines() {
            let Some((_, key)) = line.of.filter(|(_, key)| key.name.ends_with("_file")) else {
                continue;
            };
            let (_, value) = line.text.split_once(" = ").expect("a key and its value");
            let path = dir.path().join(value.trim_matches('"'));
            std::fs::write(&path, held(key.name)).expect("written");
            let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
            std::fs::set_permissions(&path, mode).expect("our own file");
        }
        Self { dir }
    }

    fn read(&self, text: &str) -> Result<Config, String> {
        let path = self.dir.path().join("posbridge.toml");
        let read = parse_in(text, &path, &|name| Some(OsString::from(held(name))));
        read.map(|(config, _)| config).map_err(|error| error.to_string())
    }
}

/// What a file or a variable holds, by the key or the variable that names it.
fn held(name: &str) -> String {
    let name = name.to_lowercase();
    match name.as_str() {
        "url_file" | "owner_url" => "https://oapi.dingtalk.com/robot/send?access_token=t".into(),
        "proxy_file" => "http://192.168.1.1:3128".into(),
        "standard_secret_file" | "push_secret_file" => format!("whsec_{}", "A".repeat(40)),
        "lightspeed_k_secret_file" => "user:password".into(),
        "push_token_file" | "path_file" => "w".repeat(32),
        "password_file" => Password::hash("a long password").expect("a hash").expose().to_owned(),
        "say_file" => "VIP: {{ number }}".into(),
        // Nothing but secrets is asked for by a variable.
        "credentials_directory" => String::new(),
        _ => "s3cr3t".into(),
    }
}

fn with(classes: &'static [Class]) -> impl Fn(&Line) -> bool {
    move |line| classes.contains(&line.class)
}

const ALL: &[Class] = &[Class::Needed, Class::Default, Class::Some];

/// The example with `change` in place of the lines that it answers for; all else counts that is in
/// `classes`.
fn changed(classes: &'static [Class], change: impl Fn(usize, &Line) -> Option<String>) -> String {
    let mut lines = lines();
    for (nth, line) in lines.iter_mut().enumerate() {
        if let Some(text) = change(nth, line) {
            line.text = text;
            line.class = Class::Live;
        }
    }
    file(&lines, &with(classes))
}

#[test]
fn every_key_that_can_be_typed_is_in_the_manual_and_no_other() {
    let known = known::<RawConfig>();
    assert!(known.len() > 15, "{known:?}");
    let keys = |raw: &str| -> BTreeSet<&str> {
        let tables = TABLES.into_iter().filter(|table| table.raw == raw);
        tables.flat_map(|table| table.keys).map(|key| key.name).collect()
    };
    for (raw, fields) in &known {
        let told = keys(raw);
        for (field, table) in fields {
            // A table of its own has its own keys; one that is written in a line is a key as well.
            let free = *table || REFUSED.contains(field);
            assert!(
                free || told.contains(field),
                "bridge/src/config/manual: {raw} has no `{field}`"
            );
        }
        let unknown: Vec<_> = told.iter().filter(|key| !fields.contains_key(**key)).collect();
        assert!(unknown.is_empty(), "nobody reads {unknown:?} of {raw}");
    }
    assert!(TABLES.iter().all(|table| known.contains_key(table.raw)));
    for table in TABLES {
        let names: BTreeSet<&str> = table.keys.iter().map(|key| key.name).collect();
        assert_eq!(names.len(), table.keys.len(), "a key twice in {}", table.header);
    }
}

#[test]
fn the_documents_and_the_example_are_as_the_manual_says() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files: Vec<(PathBuf, String)> = vec![(root.join(EXAMPLE), file(&lines(), &|_| false))];
    let mut whole = Vec::new();
    for entry in std::fs::read_dir(root.join(DOCUMENTS)).expect("the documents") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|end| end != "md") {
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("a document");
        let filled = markdown::filled(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        if path.ends_with("CONFIGURATION.md") {
            whole.extend(markdown::whole(&text).into_iter().map(str::to_owned));
        }
        files.push((path, filled));
    }
    for table in TABLES {
        // One table of the document may do for two of the file.
        let same = TABLES.into_iter().filter(|other| other.raw == table.raw);
        let mut names = same.map(|other| markdown::name(other.header));
        let shown = names.any(|name| whole.iter().any(|one| one == name));
        assert!(shown, "{} is not in CONFIGURATION.md", table.header);
    }
    for (path, should) in files {
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            std::fs::write(&path, &should).expect("the source tree can be written");
            continue;
        }
        let is = std::fs::read_to_string(&path).unwrap_or_default();
        let first = is.lines().zip(should.lines()).position(|(is, should)| is != should);
        let same = is == should;
        assert!(same, "{} differs at {first:?}; UPDATE_GOLDEN=1 rewrites it", path.display());
    }
}

#[test]
fn the_example_is_a_configuration_as_it_stands_and_with_every_comment_taken_away() {
    let place = Place::new();
    let text = file(&lines(), &|_| false);
    let config = place.read(&text).expect("as it stands");
    assert_eq!((config.sources.len(), config.robots.len()), (1, 1));
    // As a person would: from the file, with no knowledge of what a line is.
    let bare: String = text
        .lines()
        .map(|line| match line.strip_prefix('#') {
            Some(rest) if !rest.is_empty() && !rest.starts_with(' ') => format!("{rest}\n"),
            _ => format!("{line}\n"),
        })
        .collect();
    let config = place.read(&bare).expect("with every comment taken away");
    assert!(config.sources.len() > 5 && config.approvals.len() == 4 && config.hooks.is_some());
    for line in lines().iter().filter(|line| line.of.is_some() && line.class != Class::Or) {
        assert!(bare.lines().any(|bare| bare == line.text), "{} is not in it", line.text);
    }
}

#[test]
fn a_default_that_is_written_out_changes_nothing() {
    let place = Place::new();
    let without = place.read(&file(&lines(), &with(&[Class::Needed]))).expect("what is needed");
    let text = file(&lines(), &with(&[Class::Needed, Class::Default]));
    let written = place.read(&text).expect("with every default");
    assert_eq!(without, written);
    assert!(lines().iter().filter(|line| line.class == Class::Default).count() > 40);
}

#[test]
fn each_key_that_may_stand_in_anothers_place_can() {
    let place = Place::new();
    let all = lines();
    let mut count = 0;
    for (nth, line) in all.iter().enumerate().filter(|(_, line)| line.class == Class::Or) {
        let first = (0..nth).rev().find(|at| all[*at].class != Class::Or).expect("a key before");
        let text = changed(ALL, |at, _| match at {
            _ if at == first => Some(line.text.clone()),
            _ => None,
        });
        place.read(&text).unwrap_or_else(|error| panic!("{}:\n{error}", line.text));
        let both = changed(ALL, |at, line| (at == nth).then(|| line.text.clone()));
        let is_token = line.text.starts_with("token_");
        assert!(is_token || place.read(&both).is_err(), "{} may stand beside it", line.text);
        count += 1;
    }
    assert!(count > 5, "{count}");
}

#[test]
fn each_key_takes_the_values_that_are_written_and_no_others() {
    let place = Place::new();
    for (nth, line) in lines().iter().enumerate() {
        let Some((raw, key)) = line.of else { continue };
        let at = |value: &str| {
            let text = format!("{} = {value}", key.name);
            place.read(&changed(&[Class::Needed], |line, _| (line == nth).then(|| text.clone())))
        };
        let (taken, refused) = borders(key);
        for value in taken.iter().filter(|_| !WITH_OTHERS.contains(&key.name)) {
            at(value).unwrap_or_else(|error| panic!("{raw}.{} = {value}:\n{error}", key.name));
        }
        for value in refused {
            let said = at(&value).expect_err(&format!("{raw}.{} = {value}", key.name));
            assert!(said.contains("expected"), "{said}");
        }
    }
}

/// Values at the border of what a key takes, on either side of it.
fn borders(key: &Key) -> (Vec<String>, Vec<String>) {
    match key.values {
        Values::Words(words) => {
            let taken = words.iter().map(|word| format!("\"{word}\"")).collect();
            (taken, vec!["\"no-such-word\"".to_owned()])
        }
        Values::Range(first, last) => {
            let beyond = last.checked_add(1).map(|next| next.to_string());
            let refused = std::iter::once((first - 1).to_string()).chain(beyond).collect();
            (vec![first.to_string(), last.to_string()], refused)
        }
        Values::Times(first, last) => {
            let quoted = |text: &str| format!("\"{text}\"");
            let refused = vec![quoted("1ms"), quoted("49h"), quoted("soon")];
            (vec![quoted(first), quoted(last)], refused)
        }
        Values::Switch => (vec!["true".into(), "false".into()], vec!["\"yes\"".to_owned()]),
        Values::Is(_) => (Vec::new(), Vec::new()),
    }
}

//! The templates of messages: built in, and the owner's own beside them.
//!
//! A template says how a card is laid out. It does not choose what may be said: whatever it is given
//! has passed `privacy`. A template that fails, or leaves out what a person needs, is passed over
//! for the built-in one with a line in the log: no message is lost for it.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use minijinja::value::Serde;
use minijinja::{
    AutoEscape, Environment, ErrorKind, Output, State, UndefinedBehavior, Value, filters,
};
use pos_protocol::event::Kind;

use super::card::{Card, Group};
use super::markdown::{break_lines, escape};
use super::template_error::TemplateError;
use crate::config::Format;
use crate::wording::engine;

/// Most steps of one rendering; a digest of the largest size takes a tenth.
const MAX_STEPS: u64 = 200_000;

/// Most bytes that one rendering may put out: well above what DingTalk takes.
const MAX_OUTPUT_BYTES: usize = 64 * 1024;

/// Largest template file.
const MAX_FILE_BYTES: u64 = 64 * 1024;

/// Most bytes of a message's text as it stands in JSON. The rest of the 20,000 that DingTalk takes
/// is for the title, the keyword, fifty mentions and the frame around them.
pub(super) const MAX_TEXT_BYTES: usize = 14_000;

/// What a template's file name ends with.
const ENDING: &str = ".j2";

/// The built-in templates by name.
const BUILT_IN: [(&str, &str); 12] = [
    ("event.text", include_str!("templates/event.text.j2")),
    ("event.markdown", include_str!("templates/event.markdown.j2")),
    ("alert.text", include_str!("templates/alert.text.j2")),
    ("alert.markdown", include_str!("templates/alert.markdown.j2")),
    ("digest.text", include_str!("templates/digest.text.j2")),
    ("digest.markdown", include_str!("templates/digest.markdown.j2")),
    ("summary.text", include_str!("templates/summary.text.j2")),
    ("summary.markdown", include_str!("templates/summary.markdown.j2")),
    ("alarm.text", include_str!("templates/alarm.text.j2")),
    ("alarm.markdown", include_str!("templates/alarm.markdown.j2")),
    ("hello.text", include_str!("templates/hello.text.j2")),
    ("hello.markdown", include_str!("templates/hello.markdown.j2")),
];

static ONLY_BUILT_IN: LazyLock<Arc<Templates>> = LazyLock::new(|| Arc::new(Templates::new()));

/// Every template there is.
#[derive(Debug)]
pub struct Templates {
    built_in: Environment<'static>,
    owners: Environment<'static>,
    /// The owner's, by name: the file each came from, and what stood in it.
    files: BTreeMap<String, (PathBuf, String)>,
}

/// The same words come of the same files.
impl PartialEq for Templates {
    fn eq(&self, other: &Self) -> bool {
        self.files == other.files
    }
}

impl Eq for Templates {}

impl Templates {
    /// Those that come with the program.
    pub fn built_in() -> &'static Self {
        &ONLY_BUILT_IN
    }

    /// As [`Templates::built_in`], for a configuration to hold.
    pub fn shared() -> Arc<Self> {
        Arc::clone(&ONLY_BUILT_IN)
    }

    /// Those of the directory `dir` before the built-in ones, and what is wrong with any. A wrong
    /// one is as if it were not there.
    pub fn load(dir: &Path) -> (Self, Vec<TemplateError>) {
        let (mut all, mut wrong) = (Self::new(), Vec::new());
        let paths = list(dir).unwrap_or_else(|source| {
            wrong.push(TemplateError::Unreadable { path: dir.into(), source });
            Vec::new()
        });
        for path in paths {
            if let Err(error) = all.add(&path) {
                wrong.push(error);
            }
        }
        (all, wrong)
    }

    fn add(&mut self, path: &Path) -> Result<(), TemplateError> {
        let (name, text) = read(path)?;
        self.owners
            .add_template_owned(name.clone(), text.clone())
            .map_err(|error| TemplateError::broken(path, &error))?;
        self.files.insert(name, (path.to_owned(), text));
        Ok(())
    }

    /// How many are the owner's.
    pub fn count(&self) -> usize {
        self.files.len()
    }

    fn new() -> Self {
        let mut built_in = environment();
        for (name, text) in BUILT_IN {
            built_in.add_template(name, text).expect("a test compiles every built-in template");
        }
        Self { built_in, owners: environment(), files: BTreeMap::new() }
    }

    /// The text of `card`: as the owner wants it, else as it is built in.
    pub(super) fn text(&self, card: &Card, format: Format) -> String {
        match self.owners_text(card, format) {
            Some(Ok(text)) => return text,
            Some(Err(error)) => {
                tracing::warn!(%error, "the built-in template is used instead");
            }
            None => {}
        }
        self.built_in_text(card, format)
    }

    /// The text of `card` as it is built in.
    pub(super) fn built_in_text(&self, card: &Card, format: Format) -> String {
        let name = format!("{}.{}", card.group.as_str(), formats(format)[0]);
        let name = if format == Format::Card { name.replace(".card", ".markdown") } else { name };
        render(&self.built_in, &name, card).unwrap_or_else(|error| {
            // The tests render every kind at its largest; should one still fail, its headline and
            // its reference say what matters.
            tracing::error!(%error, template = name, "a built-in template failed");
            let required = card.required().collect::<Vec<_>>().join("\n");
            format!("{}\n{required}", card.title)
        })
    }

    /// The text of `card` by the owner's template for it, or what is wrong with that; nothing where
    /// the owner has none.
    pub(super) fn owners_text(
        &self,
        card: &Card,
        format: Format,
    ) -> Option<Result<String, TemplateError>> {
        let names = formats(format).iter().flat_map(|format| {
            [card.kind, card.group.as_str()].map(|kind| format!("{kind}.{format}"))
        });
        let (name, path) = names
            .into_iter()
            .find_map(|name| self.files.get(&name).map(|(path, _)| (name, path)))?;
        let text = render(&self.owners, &name, card)
            .map_err(|error| TemplateError::broken(path, &error))
            .and_then(|text| fit(path, card, text));
        Some(text)
    }
}

/// The endings of the templates that may say a message of `format`, the best first.
fn formats(format: Format) -> &'static [&'static str] {
    match format {
        Format::Text => &["text"],
        Format::Markdown => &["markdown"],
        Format::Card => &["card", "markdown"],
    }
}

/// Whether `text` can be sent and says what it must.
fn fit(path: &Path, card: &Card, text: String) -> Result<String, TemplateError> {
    let path = || path.to_owned();
    if text.trim().is_empty() {
        return Err(TemplateError::Empty { path: path() });
    }
    let found = json_bytes(&text);
    if found > MAX_TEXT_BYTES {
        return Err(TemplateError::TooLong { path: path(), found });
    }
    let missing =
        card.required().find(|part| !text.contains(*part) && !text.contains(&escape(part)));
    match missing {
        Some(part) => {
            let what = if card.number.as_deref() == Some(part) {
                "number"
            } else if card.id.as_deref() == Some(part) {
                "id"
            } else {
                "lines"
            };
            Err(TemplateError::LeavesOut { path: path(), what })
        }
        None => Ok(text),
    }
}

/// Bytes of `text` within a JSON string.
pub(super) fn json_bytes(text: &str) -> usize {
    let escaped = |c: char| match c {
        '"' | '\\' | '\n' | '\r' | '\t' | '\u{8}' | '\u{c}' => 2,
        c if (c as u32) < 0x20 => 6,
        c => c.len_utf8(),
    };
    text.chars().map(escaped).sum()
}

fn render(from: &Environment<'_>, name: &str, card: &Card) -> Result<String, minijinja::Error> {
    let mut out = Capped(Vec::new());
    from.get_template(name)?.render_captured_to(Value::from(Serde(card)), &mut out)?;
    // Only whole strings were written.
    let text = String::from_utf8_lossy(&out.0);
    if is_plain(name) { Ok(text.trim().to_owned()) } else { Ok(break_lines(&text)) }
}

/// Whether the template of this name makes plain text.
fn is_plain(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, format)| format == "text")
}

/// What a template may put out.
struct Capped(Vec<u8>);

impl io::Write for Capped {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > MAX_OUTPUT_BYTES {
            return Err(io::Error::other(format!(
                "expected at most {MAX_OUTPUT_BYTES} bytes of output"
            )));
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// An engine that knows only what is named here: anything more makes the program larger.
fn environment() -> Environment<'static> {
    let mut engine = engine(UndefinedBehavior::SemiStrict, MAX_STEPS);
    engine.set_auto_escape_callback(|name| {
        if is_plain(name) { AutoEscape::None } else { AutoEscape::Custom("dingtalk".into()) }
    });
    engine.set_formatter(write_value);
    engine.add_filter("replace", filters::replace);
    engine
}

/// Writes one value. What is no text or number is an error: a hole in a message has no sign that it
/// is one.
fn write_value(
    out: &mut Output<'_>,
    state: &mut State<'_, '_>,
    value: &Value,
) -> Result<(), minijinja::Error> {
    let whole = value.as_i64().is_some();
    let Some(text) = value.as_str().map(str::to_owned).or_else(|| whole.then(|| value.to_string()))
    else {
        let found = format!("expected text or a whole number, found {}", value.kind());
        return Err(minijinja::Error::new(ErrorKind::BadSerialization, found));
    };
    let literal = value.is_safe() || matches!(state.auto_escape(), AutoEscape::None);
    let text = if literal { text } else { escape(&text) };
    out.write_str(&text)
        .map_err(|error| minijinja::Error::new(ErrorKind::WriteFailure, error.to_string()))
}

/// The files of `dir` that are meant as templates, in the order of their names.
fn list(dir: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(dir)? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == &ENDING[1..]) {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

/// The name of the template in `path`, and its text.
fn read(path: &Path) -> Result<(String, String), TemplateError> {
    let file = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let name = file.strip_suffix(ENDING).unwrap_or(file);
    if !is_known(name) {
        return Err(TemplateError::Unknown { path: path.to_owned() });
    }
    let unreadable = |source| TemplateError::Unreadable { path: path.to_owned(), source };
    let mut text = String::new();
    File::open(path)
        .and_then(|file| file.take(MAX_FILE_BYTES + 1).read_to_string(&mut text))
        .map_err(unreadable)?;
    if text.len() as u64 > MAX_FILE_BYTES {
        return Err(TemplateError::TooLarge { path: path.to_owned(), most: MAX_FILE_BYTES });
    }
    Ok((name.to_owned(), text))
}

fn is_known(name: &str) -> bool {
    let Some((kind, format)) = name.split_once('.') else { return false };
    let group = Group::ALL.iter().any(|group| group.as_str() == kind);
    (group || Kind::parse(kind).is_some()) && matches!(format, "text" | "markdown" | "card")
}

//! The text of a rule: a template over what the robot's level lets through of the event and the day.
//!
//! What is not known, or is not let through, reads as a dash: a missing field is no reason to say
//! nothing.

use std::io;
use std::sync::Arc;

use minijinja::{Environment, ErrorKind, Output, State, UndefinedBehavior, Value};

use super::fault::ExpressionFault;
use super::schema::{DAY, TODAY};
use crate::config::nearest;
use crate::wording::engine;

/// Longest template, in bytes.
const MAX_BYTES: usize = 4_096;
/// Longest text said, in bytes: three screens of a phone.
const MAX_SAID_BYTES: usize = 4_000;
/// Most steps of one text.
const MAX_STEPS: u64 = 20_000;
/// In place of what is not known.
const UNKNOWN: &str = "—";
/// The template's name in its engine.
const NAME: &str = "say";

/// What a text can name besides the day.
pub(crate) const FIELDS: [&str; 17] = [
    "rule",
    "kind",
    "source",
    "shop",
    "time",
    "number",
    "original_number",
    "table",
    "terminal",
    "cashier",
    "total",
    "discount",
    "paid",
    "items",
    "pieces",
    "date",
    "weekday",
];

/// A text that compiles.
#[derive(Clone, Debug)]
pub struct Say {
    source: String,
    engine: Arc<Environment<'static>>,
}

/// The same words come of the same template.
impl PartialEq for Say {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
    }
}

impl Eq for Say {}

impl Say {
    /// Compiles `source` and looks at what it names.
    pub fn new(source: &str) -> Result<Self, ExpressionFault> {
        if source.trim().is_empty() || source.len() > MAX_BYTES {
            let expected = format!("a text of 1 to {MAX_BYTES} bytes");
            let hint = "what is to be said, for example: say = \"VIP: {{ number }}\"";
            let blank = source.trim().is_empty();
            let found = if blank { "none".to_owned() } else { source.len().to_string() };
            return Err(ExpressionFault::new(0..source.len(), expected, found, hint));
        }
        let mut engine = engine(UndefinedBehavior::Lenient, MAX_STEPS);
        engine.set_formatter(write_value);
        engine
            .add_template_owned(NAME, source.to_owned())
            .map_err(|error| broken(source, &error))?;
        let mut named: Vec<String> = engine
            .get_template(NAME)
            .map_err(|error| broken(source, &error))?
            .undeclared_variables(true)
            .into_iter()
            .collect();
        named.sort();
        for name in named {
            known(source, &name)?;
        }
        let say = Self { source: source.to_owned(), engine: Arc::new(engine) };
        // The engine looks for filters only when it needs them.
        match say.text(Value::from(())) {
            Err(error) if is_unknown(&error) => Err(broken(source, &error)),
            _ => Ok(say),
        }
    }

    /// The template as it was typed.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The text for these fields.
    pub(super) fn text(&self, fields: Value) -> Result<String, minijinja::Error> {
        let mut out = Capped(Vec::new());
        self.engine.get_template(NAME)?.render_captured_to(fields, &mut out)?;
        let text = String::from_utf8_lossy(&out.0).trim().to_owned();
        if text.is_empty() {
            let why = "expected words, found an empty text";
            return Err(minijinja::Error::new(ErrorKind::WriteFailure, why));
        }
        Ok(text)
    }
}

fn write_value(
    out: &mut Output<'_>,
    _: &mut State<'_, '_>,
    value: &Value,
) -> Result<(), minijinja::Error> {
    let text = if value.is_undefined() || value.is_none() {
        UNKNOWN.to_owned()
    } else if let Some(text) = value.as_str() {
        text.to_owned()
    } else if value.as_i64().is_some() {
        value.to_string()
    } else {
        let found = format!("expected text or a whole number, found {}", value.kind());
        return Err(minijinja::Error::new(ErrorKind::BadSerialization, found));
    };
    out.write_str(&text)
        .map_err(|error| minijinja::Error::new(ErrorKind::WriteFailure, error.to_string()))
}

/// Whether there is a field of this name: `total`, `today.sales`.
fn known(source: &str, name: &str) -> Result<(), ExpressionFault> {
    let (root, inner) = name.split_once('.').unwrap_or((name, ""));
    let today: Vec<&str> = TODAY.iter().map(|(name, _)| *name).collect();
    let field = inner.split('.').next().unwrap_or_default();
    let (wrong, near) = if root == DAY {
        let good = field.is_empty() || today.contains(&field);
        (!good, nearest(field, today.into_iter()).map(|near| format!("{DAY}.{near}")))
    } else {
        let near = nearest(root, FIELDS.into_iter().chain([DAY])).map(str::to_owned);
        (!FIELDS.contains(&root), near)
    };
    if !wrong {
        return Ok(());
    }
    let hint = near.map_or_else(
        || format!("fields: {}, today.sales and others", FIELDS.join(", ")),
        |near| format!("did you mean `{near}`?"),
    );
    let at = source.find(name).or_else(|| source.find(root)).unwrap_or(0);
    let end = (at + name.len()).min(source.len());
    Err(ExpressionFault::new(at..end, "a known field", format!("`{name}`"), hint))
}

fn is_unknown(error: &minijinja::Error) -> bool {
    use ErrorKind::{UnknownFilter, UnknownFunction, UnknownMethod, UnknownTest};
    matches!(error.kind(), UnknownFilter | UnknownFunction | UnknownMethod | UnknownTest)
}

fn broken(source: &str, error: &minijinja::Error) -> ExpressionFault {
    let found = match error.detail() {
        Some(detail) => format!("{}: {detail}", error.kind()),
        None => error.kind().to_string(),
    };
    let hint = match error.kind() {
        ErrorKind::UnknownFilter | ErrorKind::UnknownTest | ErrorKind::UnknownFunction => {
            "the filters there are: default, first, join, last, length, lower, upper"
        }
        _ => "{{ }} prints a field, {% if %} and {% for %} need their {% end... %}",
    };
    let line = error.line().unwrap_or(1).saturating_sub(1);
    let start: usize = source.split_inclusive('\n').take(line).map(str::len).sum();
    let length = source[start..].lines().next().map_or(0, str::len);
    ExpressionFault::new(start..start + length, "a text that compiles", found, hint)
}

/// What a text may come to.
struct Capped(Vec<u8>);

impl io::Write for Capped {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > MAX_SAID_BYTES {
            let most = format!("expected at most {MAX_SAID_BYTES} bytes of text");
            return Err(io::Error::other(most));
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

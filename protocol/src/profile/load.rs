//! From a profile's text to a checked profile, or to everything that is wrong with it.
//!
//! Not here: words and titles ([`words`]), and samples ([`sample`]).

use core::ops::{Range, RangeInclusive};
use std::sync::Arc;

use toml::Spanned;

use super::loader::{Loader, quoted};
use super::mistake::Mistake;
use super::raw::{RawColumns, RawDrawer, RawField, RawItems, RawMatch, RawProfile, Text, Texts};
use super::roles::{self, PAPER_KINDS, TextField};
use super::rules::{self, FieldRule, KindRule, Layout, Matching, Region, Rules, Sees, What};
use super::{DEFAULT_IDLE_MS, Dialect, Encoding, PageFamily, Profile, sample, words};
use crate::drawer::{self, DEFAULT_LEFT_OPEN_MS, HighMeans};
use crate::event::Kind;

/// Longest text of a profile, in bytes: a hundred samples fit.
const MAX_TEXT_BYTES: usize = 256 * 1024;
/// Longest silence and shortest that may end a paper, in milliseconds.
const IDLE_MS: RangeInclusive<u64> = 100..=600_000;
/// How long a drawer may stand open before it is told, in milliseconds.
const LEFT_OPEN_MS: RangeInclusive<u64> = 10_000..=43_200_000;
/// Widest paper, in columns.
const MAX_COLUMNS: i64 = 255;
/// Most lines of a `within`.
const MAX_WITHIN: usize = 1_000;

/// Reads a profile. Its samples are not read yet: [`check_samples`](super::check_samples) does.
pub fn load(text: &str) -> Result<Profile, Vec<Mistake>> {
    if text.len() > MAX_TEXT_BYTES {
        let expected = format!("at most {MAX_TEXT_BYTES} bytes");
        let found = format!("{} bytes", text.len());
        return Err(vec![Mistake::new(text, 0..0, expected, found, "keep a few short samples")]);
    }
    let raw: RawProfile = toml::from_str(text).map_err(|error| vec![mistyped(text, &error)])?;
    let mut loader = Loader::new(text);
    let profile = loader.profile(&raw);
    let mistakes = loader.into_mistakes();
    match profile {
        Some(profile) if mistakes.is_empty() => Ok(profile),
        _ => Err(mistakes),
    }
}

/// Syntax errors, unknown keys and wrong types come from the parser; they are said in our words.
fn mistyped(text: &str, error: &toml::de::Error) -> Mistake {
    let at = error.span().unwrap_or(0..0);
    let message = error.message().lines().next().unwrap_or_default();
    if let Some(rest) = message.strip_prefix("unknown field `") {
        let mut names = rest.split('`');
        let typed = names.next().unwrap_or_default();
        let known: Vec<&str> = names.skip(1).step_by(2).collect();
        let hint = words::hint(typed, &known);
        return Mistake::new(text, at, "a known key", format!("`{typed}`"), hint);
    }
    let message = message.strip_prefix("invalid type: ").unwrap_or(message);
    let (found, expected) = message.rsplit_once(", expected ").unwrap_or((message, "TOML"));
    let hint = "strings stand in quotes, lists in [brackets]; write regexes in 'single quotes'";
    Mistake::new(text, at, expected, found, hint)
}

impl Loader<'_> {
    fn profile(&mut self, raw: &RawProfile) -> Option<Profile> {
        let name = self.name(&raw.name);
        let _ = &raw.about;
        let dialect = self.word(&raw.dialect, "a dialect", Dialect::default(), &DIALECTS);
        let encodings: Vec<_> = Encoding::all().map(|one| (one.as_str(), one)).collect();
        let encoding = self.word(&raw.encoding, "an encoding", Encoding::default(), &encodings);
        let pages: Vec<_> = PageFamily::ALL.iter().map(|one| (one.as_str(), *one)).collect();
        let pages = self.word(&raw.pages, "a family of pages", PageFamily::default(), &pages);
        let idle = self.duration(&raw.boundaries.idle, IDLE_MS, DEFAULT_IDLE_MS);
        let drawer = self.drawer(&raw.drawer);
        let rules = self.rules(raw, name.as_deref(), encoding);
        Some(Profile {
            name: name?,
            dialect: dialect?,
            encoding: encoding?,
            pages: pages?,
            idle_ms: idle?,
            drawer: drawer?,
            rules: Some(Arc::new(rules?)),
            ..Profile::default()
        })
    }

    fn rules(
        &mut self,
        raw: &RawProfile,
        name: Option<&str>,
        encoding: Option<Encoding>,
    ) -> Option<Rules> {
        let matching = self.matching(&raw.matching);
        let ends_with = self.ends_with(&raw.boundaries.ends_with, encoding.unwrap_or_default());
        let (words, ignored) = self.words(&raw.words);
        let mut kinds = self.titles(&raw.titles);
        for rule in &raw.kind {
            let (place, rule) = (rule.span(), rule.get_ref());
            let all: Vec<_> = PAPER_KINDS.iter().map(|kind| (kind.as_str(), *kind)).collect();
            let kind = self.needed(&rule.kind, "kind", place.clone());
            let kind = kind.and_then(|kind| self.one_of(kind, "a kind of paper", &all));
            let line = self.needed(&rule.line, "line", place);
            let line = line.and_then(|line| self.regex(line, &[]));
            let rule = |(kind, line)| KindRule { kind, sees: Sees::Line(line) };
            kinds.extend(kind.zip(line).map(rule));
        }
        let fields = raw.field.iter().filter_map(|f| self.field(f.get_ref(), f.span())).collect();
        let layout = raw.items.as_ref().and_then(|i| self.items(i.get_ref(), i.span()));
        let samples = raw.sample.iter().filter_map(|one| sample::of(one, self)).collect();
        let (label, hash) = rules::identity(name?, self.text);
        Some(Rules {
            label,
            hash,
            matching,
            ends_with,
            words,
            ignored,
            fields,
            kinds,
            layout,
            samples,
        })
    }

    fn name(&mut self, typed: &Text) -> Option<String> {
        let name = self.needed(typed, "name", 0..0)?;
        let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        let good = (1..=MAX_NAME).contains(&name.get_ref().len())
            && name.get_ref().bytes().all(fits)
            && name.get_ref() != "auto";
        if !good {
            let expected = format!("1 to {MAX_NAME} of a-z, 0-9 and -, and not \"auto\"");
            let found = quoted(name.get_ref());
            self.wrong(name.span(), expected, found, "name it after the till: \"acme-42\"");
        }
        good.then(|| name.get_ref().clone())
    }

    fn matching(&mut self, raw: &RawMatch) -> Matching {
        let words = raw.words.iter().filter_map(|word| self.folded(word)).collect();
        let lines = raw.lines.iter().filter_map(|line| self.regex(line, &[])).collect();
        let columns = raw.columns.as_ref().and_then(|typed| {
            let good = (8..=MAX_COLUMNS).contains(typed.get_ref());
            if !good {
                let expected = format!("a width from 8 to {MAX_COLUMNS}");
                let hint = "the columns of the paper: 32, 42 or 48";
                self.wrong(typed.span(), expected, typed.get_ref().to_string(), hint);
            }
            usize::try_from(*typed.get_ref()).ok().filter(|_| good)
        });
        Matching { words, lines, columns }
    }

    fn ends_with(&mut self, typed: &Texts, encoding: Encoding) -> Vec<Vec<u8>> {
        let mut out = Vec::new();
        for word in typed {
            if self.folded(word).is_none() {
                continue;
            }
            if let Some(all) = words::encoded(word.get_ref().trim(), encoding) {
                out.extend(all);
            } else {
                let expected = format!("words that {} can write", encoding.as_str());
                let hint = "name the till's encoding, or take words in ASCII";
                self.wrong(word.span(), expected, quoted(word.get_ref()), hint);
            }
        }
        out
    }

    fn field(&mut self, raw: &RawField, place: Range<usize>) -> Option<FieldRule> {
        let name = self.needed(&raw.name, "name", place.clone());
        let line = self.needed(&raw.line, "line", place);
        let line = line.and_then(|line| self.regex(line, &["value"]));
        let within = match &raw.within {
            None => None,
            Some(typed) => Some(self.region(typed)?),
        };
        let name = name?;
        let text = TextField::ALL.into_iter().find(|field| field.as_str() == name.get_ref());
        let what = match (text, roles::amount(name.get_ref())) {
            (Some(field), _) => {
                let format = match &raw.format {
                    None => None,
                    Some(typed) => Some(self.format(typed, field)?),
                };
                What::Text(field, format)
            }
            (None, Some(word)) => What::Amount(word),
            (None, None) => {
                let amounts = roles::ROLES.iter().map(|(key, _)| *key);
                let known: Vec<&str> = TextField::ALL
                    .iter()
                    .map(|field| field.as_str())
                    .chain(amounts.filter(|key| roles::amount(key).is_some()))
                    .collect();
                let hint = words::hint(name.get_ref(), &known);
                self.wrong(name.span(), "a field of the receipt", quoted(name.get_ref()), hint);
                return None;
            }
        };
        Some(FieldRule { what, line: line?, within })
    }

    /// A format belongs to a date, and must be one that a date can be read by.
    fn format(&mut self, typed: &Spanned<String>, field: TextField) -> Option<String> {
        let format = typed.get_ref();
        let example = jiff::civil::datetime(2026, 11, 21, 12, 1, 22, 0);
        let good = field == TextField::PrintedAt
            && jiff::fmt::strtime::format(format, example)
                .is_ok_and(|text| jiff::civil::Date::strptime(format, &text).is_ok());
        if !good {
            let hint = "only printed_at has one: \"%d.%m.%y %H:%M\"";
            self.wrong(typed.span(), "a format with day, month and year", quoted(format), hint);
        }
        good.then(|| format.clone())
    }

    fn region(&mut self, typed: &Spanned<String>) -> Option<Region> {
        let (side, lines) = typed.get_ref().split_once(' ').unwrap_or_default();
        let lines = lines.parse().ok().filter(|lines| (1..=MAX_WITHIN).contains(lines));
        let region = match (side, lines) {
            ("first", Some(lines)) => Some(Region::First(lines)),
            ("last", Some(lines)) => Some(Region::Last(lines)),
            _ => None,
        };
        if region.is_none() {
            let hint = "count lines of `decode --as text` from the top or the bottom";
            let found = quoted(typed.get_ref());
            self.wrong(typed.span(), "\"first N\" or \"last N\" lines", found, hint);
        }
        region
    }

    fn items(&mut self, raw: &RawItems, place: Range<usize>) -> Option<Layout> {
        match (&raw.line, &raw.columns) {
            (Some(line), None) => self.regex(line, &["amount"]).map(Layout::Line),
            (None, Some(columns)) => self.columns(columns, place),
            _ => {
                let hint = "line = '(?<name>.+) (?<amount>[\\d.]+)', or columns = { ... }";
                self.wrong(place, "either `line` or `columns`", "both or none", hint);
                None
            }
        }
    }

    fn columns(&mut self, raw: &RawColumns, place: Range<usize>) -> Option<Layout> {
        if raw.name.is_none() || raw.amount.is_none() {
            let hint = "columns = { name = [1, 20], amount = [33, 42] }";
            self.wrong(place, "at least `name` and `amount`", "less", hint);
            return None;
        }
        let mut one = |typed: &Option<Spanned<[i64; 2]>>| {
            let typed = typed.as_ref()?;
            let [first, last] = *typed.get_ref();
            if !(1..=last).contains(&first) || last > MAX_COLUMNS {
                let hint = "the leftmost column is 1; wide characters take two";
                let found = format!("[{first}, {last}]");
                self.wrong(typed.span(), "the first and the last column", found, hint);
                return None;
            }
            Some(usize::try_from(first).ok()? - 1..usize::try_from(last).ok()?)
        };
        Some(Layout::Columns([
            one(&raw.name),
            one(&raw.quantity),
            one(&raw.unit_price),
            one(&raw.amount),
        ]))
    }

    fn drawer(&mut self, raw: &RawDrawer) -> Option<drawer::Setup> {
        let all = [HighMeans::Learn, HighMeans::Open, HighMeans::Closed];
        let all = all.map(|one| (one.as_str(), one));
        let high = self.word(&raw.high, "what a high level means", HighMeans::default(), &all);
        let left_open = self.duration(&raw.left_open, LEFT_OPEN_MS, DEFAULT_LEFT_OPEN_MS);
        Some(drawer::Setup { high_means: high?, left_open_ms: left_open?, port: None })
    }
}

/// Longest name of a profile, in bytes: it stands in every event.
const MAX_NAME: usize = 32;

const DIALECTS: [(&str, Dialect); 4] = [
    ("auto", Dialect::Auto),
    ("escpos", Dialect::Escpos),
    ("star-line", Dialect::StarLine),
    ("star-prnt", Dialect::StarPrnt),
];

/// The kinds that a title can name.
pub(super) fn kind(word: &str) -> Option<Kind> {
    PAPER_KINDS.iter().copied().find(|kind| kind.as_str() == word)
}

//! A till's own words put into standard ones, as its profile says, before anything is read.
//!
//! A line keeps its bytes: an edited character still knows where it stood, so labels, names and
//! evidence stay as printed. No digit comes from a profile; the amounts are the paper's, and the
//! arithmetic that follows judges them as on any other receipt.

use core::ops::Range;
use std::sync::Arc;

use super::fields::Collected;
use super::fold::Folded;
use super::{date, gloss_items};
use crate::document::line::Line;
use crate::document::paper::Paper;
use crate::event::{FieldEvidence, Kind, PrintedAt};
use crate::profile::{FieldRule, Profile, Rules, TextField, What};
use crate::span::Span;

/// Most lines that rules are tried on: a receipt of three metres.
const MAX_LINES: usize = 1_024;
/// Longest line that rules are tried on, in bytes: wider than any paper in any encoding.
const MAX_LINE_BYTES: usize = 512;

/// What a profile does to one paper.
pub(super) struct Gloss {
    rules: Arc<Rules>,
    /// Lines of the paper.
    count: usize,
    /// Words that were read as others.
    replaced: Vec<Replaced>,
    /// Fields of text that rules found.
    found: Vec<(TextField, String, Span)>,
    kind: Option<Kind>,
    /// Names of goods, by the bytes of their lines.
    names: Vec<(Span, String)>,
}

/// A word that was read as another.
struct Replaced {
    /// Its line's bytes.
    line: Span,
    /// Where it begins.
    at: u64,
    /// As printed.
    printed: String,
}

/// A change of a folded line: these characters become that.
pub(super) struct Edit {
    pub(super) chars: Range<usize>,
    pub(super) with: &'static str,
}

impl Edit {
    fn overlaps(&self, other: &Self) -> bool {
        self.chars.start < other.chars.end && other.chars.start < self.chars.end
    }
}

impl Gloss {
    /// The profile's rules, where it has some and the paper is its till's.
    pub(super) fn of(profile: &Profile, paper: &Paper) -> Option<Self> {
        let rules = profile.rules.clone().filter(|rules| matches(rules, paper))?;
        let count = paper.lines().len();
        Some(Self {
            rules,
            count,
            replaced: Vec::new(),
            found: Vec::new(),
            kind: None,
            names: Vec::new(),
        })
    }

    /// `name@hash` of the profile.
    pub(super) fn label(&self) -> &str {
        self.rules.label()
    }

    /// The kind that a rule found.
    pub(super) fn kind(&self) -> Option<Kind> {
        self.kind
    }

    /// Line `index` as it is to be read.
    pub(super) fn fold(&mut self, index: usize, line: Line<'_>) -> Folded {
        let mut folded = Folded::new(line.text);
        if index >= MAX_LINES || line.text.len() > MAX_LINE_BYTES || line.text.is_empty() {
            return folded;
        }
        let mut edits: Vec<Edit> = Vec::new();
        for edit in self.edits(index, line, &folded) {
            if edits.iter().all(|other| !edit.overlaps(other)) {
                edits.push(edit);
            }
        }
        // From the right, so that places to the left stay what they are.
        edits.sort_by_key(|edit| core::cmp::Reverse((edit.chars.start, edit.chars.end)));
        for edit in edits {
            folded.replace(edit.chars, edit.with);
        }
        folded
    }

    fn edits(&mut self, index: usize, line: Line<'_>, folded: &Folded) -> Vec<Edit> {
        let rules = Arc::clone(&self.rules);
        let all = 0..folded.chars.len();
        let blank = |chars: Range<usize>| vec![Edit { chars, with: "" }];
        if rules.ignored.iter().any(|word| find(folded, word, 0).is_some()) {
            return blank(all);
        }
        if let Some(rule) = rules.kinds.iter().find(|rule| rule.is_match(line.text)) {
            self.kind.get_or_insert(rule.kind);
            // A title is not the shop's name; a line with amounts is more than a title.
            if !line.text.contains(|c: char| c.is_ascii_digit()) {
                return blank(all);
            }
        }
        let mut edits = Vec::new();
        for rule in &rules.fields {
            if rule.within.is_some_and(|within| !within.holds(index, self.count)) {
                continue;
            }
            match self.field(rule, line, folded) {
                Some(Edit { chars, with: "" }) => edits.push(Edit { chars, with: "" }),
                Some(Edit { chars, with }) => {
                    return vec![
                        Edit { chars: 0..chars.start, with },
                        Edit { chars: chars.end..all.end, with: "" },
                    ];
                }
                None => {}
            }
        }
        edits.extend(self.words(line, folded));
        if edits.is_empty() {
            let item =
                rules.layout.as_ref().and_then(|layout| gloss_items::marks(layout, line, folded));
            if let Some((name, marks)) = item {
                edits = marks;
                let name = name.map(|chars| line.text[folded.bytes(chars)].trim().to_owned());
                self.names.extend(name.map(|name| (line.span(0..line.text.len()), name)));
            }
        }
        edits
    }

    /// A field's rule on a line: the value's characters, and what stands before them; nothing where
    /// they are taken out, since they are text and no amount.
    fn field(&mut self, rule: &FieldRule, line: Line<'_>, folded: &Folded) -> Option<Edit> {
        let value = rule.line.captures(line.text)?.name("value")?;
        let chars = folded.chars_of(value.range());
        match &rule.what {
            What::Amount(with) => {
                self.replaced.push(Replaced::new(line, 0..value.start()));
                Some(Edit { chars, with })
            }
            What::Text(field, format) => {
                let text = value.as_str().trim();
                let text = match format {
                    Some(format) => printed_at(format, text)?.to_string(),
                    None => text.to_owned(),
                };
                if text.is_empty() {
                    return None;
                }
                self.found.push((*field, text, line.span(value.range())));
                Some(Edit { chars, with: "" })
            }
        }
    }

    /// The profile's words on a line, the longest first, none within another.
    fn words(&mut self, line: Line<'_>, folded: &Folded) -> Vec<Edit> {
        let rules = Arc::clone(&self.rules);
        let mut out: Vec<Edit> = Vec::new();
        for (word, with) in &rules.words {
            let mut from = 0;
            while let Some(chars) = find(folded, word, from) {
                from = chars.end;
                let edit = Edit { chars: chars.clone(), with };
                if out.iter().all(|other| !edit.overlaps(other)) {
                    self.replaced.push(Replaced::new(line, folded.bytes(chars)));
                    out.push(edit);
                }
            }
        }
        out
    }

    /// Puts in what rules found, in place of what was read without them.
    pub(super) fn fill(&self, out: &mut Collected) {
        let mut filled: Vec<TextField> = Vec::new();
        for (field, text, span) in &self.found {
            if !filled.contains(field) && put(*field, text, out) {
                filled.push(*field);
                let rule = FIELD_RULE.to_owned();
                let evidence = FieldEvidence::new(*span, rule);
                out.fields.insert(field.as_str().to_owned(), evidence);
            }
        }
        for (i, item) in out.receipt.items.iter_mut().enumerate() {
            let at = out.fields.get(&format!("items.{i}.amount"));
            let here = |line: &Span| at.is_some_and(|f| line.start <= f.start && f.end <= line.end);
            if let Some((_, name)) = self.names.iter().find(|(line, _)| here(line)) {
                item.name.clone_from(name);
            }
        }
        for (name, evidence) in &mut out.fields {
            // Dates, goods and the shop's name have no word before them.
            let worded = !["merchant", "printed_at"].contains(&name.as_str())
                && !name.starts_with("items.")
                && evidence.rule != FIELD_RULE;
            let words = self.replaced.iter().filter(|word| {
                word.line.start <= evidence.start
                    && evidence.end <= word.line.end
                    && word.at <= evidence.start
            });
            // The nearest word before a value is its own.
            if let Some(word) = words.filter(|_| worded).max_by_key(|word| word.at) {
                evidence.rule = format!("profile word {:?}", word.printed);
            }
        }
    }
}

impl Replaced {
    /// The word at `bytes` of `line`.
    fn new(line: Line<'_>, bytes: Range<usize>) -> Self {
        let whole = line.span(0..line.text.len());
        let printed = line.text[bytes.clone()].trim().to_owned();
        let at = if bytes.is_empty() { whole.start } else { line.span(bytes).start };
        Self { line: whole, at, printed }
    }
}

/// The rule of a field that a profile's regex found.
const FIELD_RULE: &str = "profile field";

/// Sets a field of text; false where the text is not one.
fn put(field: TextField, text: &str, out: &mut Collected) -> bool {
    let receipt = &mut out.receipt;
    let slot = match field {
        TextField::Merchant => &mut receipt.merchant,
        TextField::Address => &mut receipt.address,
        TextField::Number => &mut receipt.number,
        TextField::OriginalNumber => &mut receipt.original_number,
        TextField::Terminal => &mut receipt.terminal,
        TextField::Cashier => &mut receipt.cashier,
        TextField::Table => &mut receipt.table,
        TextField::Guests => {
            let guests = text.parse().ok();
            receipt.guests = guests.or(receipt.guests);
            return guests.is_some();
        }
        TextField::PrintedAt => {
            let own = || date::find(&Folded::new(text)).map(|found| found.at);
            let at = read_back(text).or_else(own);
            receipt.printed_at = at.or(receipt.printed_at);
            return at.is_some();
        }
    };
    *slot = Some(text.to_owned());
    true
}

/// A date by a profile's format.
fn printed_at(format: &str, text: &str) -> Option<PrintedAt> {
    let parts = jiff::fmt::strtime::parse(format, text).ok()?;
    if parts.hour().is_some() {
        return parts.to_datetime().ok().map(PrintedAt::DateTime);
    }
    parts.to_date().ok().map(PrintedAt::Date)
}

/// What [`printed_at`] found.
fn read_back(text: &str) -> Option<PrintedAt> {
    if text.contains('T') {
        return text.parse().ok().map(PrintedAt::DateTime);
    }
    text.parse().ok().map(PrintedAt::Date)
}

/// Whether a paper is the till's.
fn matches(rules: &Rules, paper: &Paper) -> bool {
    let matching = &rules.matching;
    let lines = || paper.lines().take(MAX_LINES).filter(|l| l.text.len() <= MAX_LINE_BYTES);
    let narrow = |columns: usize| paper.lines().all(|line| line.columns() <= columns);
    let said = |word: &String| lines().any(|line| super::fold::folded(line.text).contains(word));
    matching.columns.is_none_or(narrow)
        && matching.words.iter().all(said)
        && matching.lines.iter().all(|regex| lines().any(|line| regex.is_match(line.text)))
}

/// Where `word` stands from `from` on, with no letter or digit of its own kind at either end.
fn find(folded: &Folded, word: &[char], from: usize) -> Option<Range<usize>> {
    let joins = |a: char, b: char| a.is_ascii_alphanumeric() && b.is_ascii_alphanumeric();
    let (first, last) = (*word.first()?, *word.last()?);
    (from..=folded.chars.len().checked_sub(word.len())?).map(|i| i..i + word.len()).find(|chars| {
        folded.chars[chars.clone()] == *word
            && !joins(folded.before(chars.start), first)
            && !joins(last, folded.char(chars.end))
    })
}

//! From words that were pointed at to a profile that reads them, or to why there is none. Pure.

use std::ops::Range;
use std::sync::Arc;

use jiff::civil::Date;
use pos_protocol::event::{Event, Kind, SessionId};
use pos_protocol::limits::Limits;
use pos_protocol::money::Currency;
use pos_protocol::profile::{Dialect, Encoding, Profile, Timing, check_samples, load};
use pos_protocol::session::{EndReason, Lane, Session};
use pos_protocol::time::Timestamp;

use super::candidates::{Candidates, candidates};
use super::meaning::Meaning;
use super::rule::{Rule, RuleError, named};
use super::split::Chosen;
use super::words::{Line, lines};

/// A paper as it was printed.
#[derive(Clone, Copy, Debug)]
pub struct Paper<'a> {
    /// Its lines, joined by `\n`.
    pub text: &'a str,
    /// The day on which it was seen, in the shop.
    pub seen: Option<Date>,
    /// The shop's currency.
    pub currency: Option<Currency>,
    /// What of the text nobody may see: it stands in no rule.
    pub hidden: &'a [Range<usize>],
}

/// What would be saved.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// The rule.
    pub rule: Rule,
    /// The profile's whole text with it.
    pub text: String,
    /// The profile.
    pub profile: Profile,
    /// The paper as it is read by that.
    pub event: Box<Event>,
}

/// Why nothing is proposed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Nothing was pointed at.
    Nothing,
    /// Words of several lines were.
    ManyLines,
    /// There is no figure, or nothing behind the words.
    NoValue,
    /// There are no words that a rule could rest on.
    NoWords,
    /// It is no date near the day on which the paper was seen.
    NoDate,
    /// A rule would hold somebody's name or number.
    Hidden,
    /// It cannot be told apart from what stands on this line, counted from 0.
    Same(usize),
    /// No rule of a profile reads it so.
    Unread,
    /// The paper is not understood as a receipt yet, and of such a paper nothing is told.
    TotalFirst,
    /// The profile is not for papers like this: its `[match]` does not hold.
    OtherTill,
    /// The profile's own samples would be read otherwise.
    Sample(String),
    /// The profile as it is has a mistake.
    Broken,
}

impl From<RuleError> for Refused {
    fn from(RuleError::Syntax: RuleError) -> Self {
        Self::Broken
    }
}

/// Proposes a rule for the words `pointed` (line, word) of `paper`, added to the profile `base`
/// called `name`.
pub fn propose(
    paper: &Paper<'_>,
    pointed: &[(usize, usize)],
    meaning: Meaning,
    (name, base): (&str, &str),
) -> Result<Proposal, Refused> {
    let all = lines(paper.text);
    let index = pointed.first().ok_or(Refused::Nothing)?.0;
    if pointed.iter().any(|(line, _)| *line != index) {
        return Err(Refused::ManyLines);
    }
    let words = pointed.iter().map(|(_, word)| *word);
    let (first, last) = (words.clone().min(), words.max());
    let (Some(line), Some(first), Some(last)) = (all.get(index), first, last) else {
        return Err(Refused::Nothing);
    };
    if last >= line.words.len() {
        return Err(Refused::Nothing);
    }
    let chosen = Chosen { text: paper.text, line, first, last };
    let found = candidates(paper, &chosen, (index, all.len()), meaning)?;
    let without = load(&named(base, name)?).map_err(|_| Refused::Broken)?;
    let taught = Taught { paper, all: &all, index, meaning, found: &found };
    let before = taught.read(&without);
    let mut why = Refused::Unread;
    for rule in &found.rules {
        let text = rule.put(base, name)?;
        // A rule that is none, too large or one too many: another may do.
        let Ok(profile) = load(&text) else { continue };
        match taught.judge(rule, &profile, before.as_ref()) {
            Ok(event) => {
                if let Err(mistakes) = check_samples(&profile, &text) {
                    let told = mistakes.first().map(|mistake| mistake.expected.clone());
                    why = Refused::Sample(told.unwrap_or_default());
                    continue;
                }
                return Ok(Proposal { rule: rule.clone(), text, profile, event: Box::new(event) });
            }
            // What is plainest is what is told.
            Err(refused) if why == Refused::Unread => why = refused,
            Err(_) => {}
        }
    }
    Err(why)
}

/// What is being taught.
struct Taught<'a> {
    paper: &'a Paper<'a>,
    all: &'a [Line],
    index: usize,
    meaning: Meaning,
    found: &'a Candidates,
}

impl Taught<'_> {
    /// Whether the paper, read by `profile`, says what was meant, and nothing else is lost by it.
    fn judge(
        &self,
        rule: &Rule,
        profile: &Profile,
        before: Option<&Event>,
    ) -> Result<Event, Refused> {
        let event = self.read(profile).ok_or(Refused::Unread)?;
        let label = profile.rules.as_ref().map_or("", |rules| rules.label());
        if event.evidence.as_ref().is_none_or(|evidence| evidence.profile != label) {
            return Err(Refused::OtherTill);
        }
        if let Some(line) = before.and_then(|before| self.stolen(rule, before)) {
            return Err(Refused::Same(line));
        }
        let value = wide(&self.found.value);
        if self.meaning.is_said(&event, &value, &wide(&self.all[self.index].bytes)) {
            return Ok(event);
        }
        let blank = matches!(event.kind, Kind::Document | Kind::Unread)
            && !matches!(self.meaning, Meaning::Kind(_) | Meaning::Amount("total"));
        let none = if blank { Refused::TotalFirst } else { Refused::Unread };
        Err(self.elsewhere(&event).map_or(none, Refused::Same))
    }

    /// A line that holds the rule's word too and was read as something else: the word would be taken
    /// away from that.
    fn stolen(&self, rule: &Rule, before: &Event) -> Option<usize> {
        let Rule::Word { role, word } = rule else { return None };
        let word = word.to_lowercase();
        let evidence = before.evidence.as_ref()?;
        let other = |name: &str| match *role {
            "ignore" => !name.starts_with("items."),
            _ => !self.meaning.is_field(name, before),
        };
        let lines = self.all.iter().enumerate().filter(|(index, _)| *index != self.index);
        let mut same = lines.filter(|(_, line)| {
            self.paper.text[line.bytes.clone()].to_lowercase().contains(&word) && {
                let line = wide(&line.bytes);
                let mut fields = evidence.fields.iter();
                fields.any(|(name, f)| f.start < line.end && line.start < f.end && other(name))
            }
        });
        same.next().map(|(index, _)| index)
    }

    /// The other line that the field was read from.
    fn elsewhere(&self, event: &Event) -> Option<usize> {
        let evidence = event.evidence.as_ref()?;
        let mut places =
            evidence.fields.iter().filter(|(name, _)| self.meaning.is_field(name, event));
        let at = places.next()?.1.start;
        let found = self.all.iter().position(|line| wide(&line.bytes).contains(&at));
        found.filter(|found| *found != self.index)
    }

    /// The paper's text, read by `profile`; of several papers the one that was pointed at.
    fn read(&self, profile: &Profile) -> Option<Event> {
        let value = wide(&self.found.value);
        let here = |event: &Event| {
            event.evidence.as_ref().is_some_and(|e| e.start < value.end && value.start < e.end)
        };
        read(self.paper, profile).into_iter().find(here)
    }
}

/// The events of a paper's text.
pub fn read(paper: &Paper<'_>, profile: &Profile) -> Vec<Event> {
    let profile = Profile {
        timing: Timing::File,
        dialect: Dialect::Escpos,
        encoding: Encoding::Utf8,
        currency: paper.currency,
        ..profile.clone()
    };
    let id = SessionId { journal: "taught".into(), source: "taught".into(), epoch: 0 };
    let mut session = Session::new(id, Arc::new(profile), Limits::default());
    let now = Timestamp::new(0, 0);
    // A text holds no commands; of what looks like one only the place is kept.
    let plain = |byte: u8| if byte < b' ' && byte != b'\n' { b' ' } else { byte };
    let bytes: Vec<u8> = paper.text.bytes().map(plain).chain([b'\n']).collect();
    session.receive(Lane::ToPrinter(0), now, &bytes);
    session.finish(now, EndReason::EndOfFile);
    std::iter::from_fn(|| session.poll_event()).collect()
}

/// Places in a text are places in the stream that it is read as.
fn wide(range: &Range<usize>) -> Range<u64> {
    range.start as u64..range.end as u64
}

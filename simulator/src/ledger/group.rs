//! Which message of the group tells which slip, and what is wrong with the telling.
//!
//! A message that quotes the first eight digits of one event's id is about that event; every other is
//! found by number, amount and till. Whether a slip had to be told at all is not decided here.

use std::collections::HashMap;

use pos_protocol::event::{Event, EventId, Kind};

use super::account::What;
use super::books::{Books, Bounds};
use super::matching::Matching;
use super::paper::{NO_TEXT, total, unreadable_line};
use super::told::{Known, Mention, Reader};

/// Hex digits of an event's id that a message quotes.
const QUOTED_DIGITS: usize = 8;
/// What a message marks a doubtful amount with.
const WARNING: char = '⚠';
/// Characters of a name that a message may cut it to.
const NAME_CHARS: usize = 40;

/// What the group heard.
#[derive(Debug, Default)]
pub(super) struct Heard {
    /// By slip: the messages that tell it, in the group's order.
    pub(super) by_slip: Vec<Vec<usize>>,
    /// By slip: what is wrong with the tellings.
    pub(super) wrong: Vec<Vec<What>>,
    /// What no slip accounts for.
    pub(super) strange: Vec<What>,
}

/// One who listens.
pub(super) struct Listener<'a> {
    pub(super) books: &'a Books,
    pub(super) bounds: &'a Bounds,
    pub(super) matching: &'a Matching,
    /// By slip: whether its bytes may have been damaged or partly unheard.
    pub(super) hurt: &'a [bool],
}

impl<'a> Listener<'a> {
    /// Reads every message.
    pub(super) fn hear(&self) -> Heard {
        let slips = self.books.slips.len();
        let reader =
            Reader::knowing((0..slips).map(|slip| Known::of(self.as_told(slip))).collect());
        let mut heard = Heard {
            by_slip: vec![Vec::new(); slips],
            wrong: vec![Vec::new(); slips],
            strange: Vec::new(),
        };
        let ids = self.ids();
        let mut others = Vec::new();
        // Whoever is quoted is sure; the rest goes to whoever is still waiting to be told.
        for (message, shown) in self.books.group.iter().enumerate() {
            match quoted(&shown.text, &ids) {
                Quoted::One(event) => self.hear_of(event, message, &reader, &mut heard),
                Quoted::Several => others.push((message, true)),
                Quoted::None => others.push((message, false)),
            }
        }
        for (message, quotes) in others {
            self.hear_unquoted(message, quotes, &reader, &mut heard);
        }
        heard.by_slip.iter_mut().for_each(|messages| messages.sort_unstable());
        heard
    }

    /// What a message may say of a slip: of a damaged one, what was read of it.
    fn as_told(&self, slip: usize) -> &'a Event {
        let own = &self.books.slips[slip].event;
        let read = self.matching.event_of[slip].filter(|_| self.hurt[slip]);
        read.and_then(|event| Some(&self.books.journal.as_ref()?.get(event)?.event)).unwrap_or(own)
    }

    /// The kind under which the group hears of a slip.
    pub(super) fn kind(&self, slip: usize) -> Kind {
        self.as_told(slip).kind
    }

    /// Whether the group must hear of a slip.
    pub(super) fn must_be_told(&self, slip: usize) -> bool {
        self.bounds.told_kinds.contains(&self.kind(slip))
    }

    /// Events by the digits that a message quotes; `None` where two share them.
    fn ids(&self) -> HashMap<String, Option<usize>> {
        let mut ids = HashMap::new();
        let journal = self.books.journal.as_deref().unwrap_or_default();
        for (index, seen) in journal.iter().enumerate() {
            let seen = ids.entry(EventId::short(seen.event.id)).or_insert(Some(index));
            *seen = seen.filter(|first| *first == index);
        }
        ids
    }

    /// A message that quotes one event.
    fn hear_of(&self, event: usize, message: usize, reader: &Reader<'_>, heard: &mut Heard) {
        let text = &self.books.group[message].text;
        let Some(slip) = self.matching.slip_of[event] else {
            // A piece of paper is told as what it is, and was judged in the journal; where it reads
            // like the slip itself, the group saw that slip.
            let seen = self.books.journal.as_ref().and_then(|journal| journal.get(event));
            if seen.is_some_and(|seen| self.bounds.told_kinds.contains(&seen.event.kind)) {
                let right = reader.mentions(text).into_iter().filter(|m| !m.right.is_empty());
                right.for_each(|mention| self.take(&mention, message, heard));
            }
            return;
        };
        let mentions = reader.mentions(text);
        let own = mentions.iter().find(|mention| mention.right.contains(&slip));
        let nameless = self.hurt[slip] || super::told::number(self.as_told(slip)).is_none();
        heard.by_slip[slip].push(message);
        match own {
            Some(mention) => self.check(slip, &mention.text, heard),
            None if nameless => self.check(slip, text, heard),
            None => heard.wrong[slip].push(self.mistold(slip, text)),
        }
    }

    fn hear_unquoted(&self, message: usize, quotes: bool, reader: &Reader<'_>, heard: &mut Heard) {
        let shown = &self.books.group[message];
        let mut mentions = reader.mentions(&shown.text);
        if let (true, Some(title)) = (mentions.is_empty(), &shown.title) {
            mentions = reader.mentions(&format!("{title}\n{}", shown.text));
        }
        for mention in &mentions {
            self.take(mention, message, heard);
        }
        if mentions.is_empty() || quotes {
            let strange = reader.strange_line(&shown.text);
            heard.strange.extend(strange.map(|line| What::StrangeMessage { line }));
        }
    }

    /// Gives a telling to a slip of that number: to one that waits, else to one that was told.
    fn take(&self, mention: &Mention, message: usize, heard: &mut Heard) {
        let among = |slips: &[usize], heard: &Heard| {
            let mut told = slips.iter().copied().filter(|slip| self.must_be_told(*slip));
            let waiting = told.clone().find(|slip| heard.by_slip[*slip].is_empty());
            waiting.or_else(|| told.next())
        };
        if let Some(slip) = among(&mention.right, heard) {
            heard.by_slip[slip].push(message);
            self.check(slip, &mention.text, heard);
        } else if mention.right.is_empty()
            && let Some(slip) = among(&mention.wrong, heard)
        {
            heard.by_slip[slip].push(message);
            heard.wrong[slip].push(self.mistold(slip, &mention.text));
        }
    }

    fn mistold(&self, slip: usize, text: &str) -> What {
        let event = &self.books.slips[slip].event;
        let amount = total(event).map(|total| format!("{total} ")).unwrap_or_default();
        let expected = format!("{amount}at {}", event.source);
        What::Mistold { expected, found: telling_line(text, event) }
    }

    /// What is wrong with a telling that names the right number, amount and till.
    fn check(&self, slip: usize, text: &str, heard: &mut Heard) {
        let event = &self.books.slips[slip].event;
        if self.hurt[slip] {
            let told = total(self.as_told(slip));
            if told.is_some() && told != total(event) && !text.contains(WARNING) {
                heard.wrong[slip].push(self.mistold(slip, text));
            }
            return;
        }
        if let Some(line) = unreadable_line(text) {
            let expected = format!("text without {}", NO_TEXT.escape_unicode());
            heard.wrong[slip].push(What::TextMistold { expected, found: line.to_owned() });
        } else if self.bounds.shows_items
            // A digest has one line for a slip, and no room for its goods.
            && text.contains('\n')
            && let Some(name) = missing_name(event, text)
        {
            let found = telling_line(text, event);
            heard.wrong[slip].push(What::TextMistold { expected: name.to_owned(), found });
        }
    }
}

/// What a message quotes.
enum Quoted {
    None,
    One(usize),
    Several,
}

fn quoted(text: &str, ids: &HashMap<String, Option<usize>>) -> Quoted {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric());
    let mut found = words.filter(|word| word.len() == QUOTED_DIGITS).filter_map(|w| ids.get(w));
    match (found.next(), found.next()) {
        (None, _) => Quoted::None,
        (Some(Some(event)), None) => Quoted::One(*event),
        _ => Quoted::Several,
    }
}

/// The line of a message that names the slip, or its first.
fn telling_line(text: &str, event: &Event) -> String {
    let number = super::told::number(event).unwrap_or_default();
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let own = lines.clone().find(|line| !number.is_empty() && line.contains(number));
    own.or_else(|| lines.next()).unwrap_or_default().to_owned()
}

/// A name on the slip that the message does not show. A message may end its list early and say so.
fn missing_name<'a>(event: &'a Event, text: &str) -> Option<&'a str> {
    let text = folded(text);
    let items = event.receipt.as_ref().map(|receipt| receipt.items.as_slice())?;
    let is_shown = |name: &str| {
        let name: String = folded(name).chars().take(NAME_CHARS).collect();
        text.contains(&name)
    };
    let missing = items.iter().position(|item| !is_shown(&item.name))?;
    let ended = text.contains('…') && !items[missing..].iter().any(|item| is_shown(&item.name));
    (!ended).then_some(items[missing].name.as_str())
}

/// Text without what only makes Markdown behave: escapes, full-width twins, line breaks.
fn folded(text: &str) -> String {
    let twin = |c: char| match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        other => other,
    };
    let plain: String = text.chars().filter(|c| *c != '\\').map(twin).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

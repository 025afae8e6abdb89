//! Settling the books: slip by slip, then what no slip accounts for.

use std::collections::HashMap;

use super::account::{Account, Telling, Totals, Trouble, What, Which};
use super::books::{Books, Bounds, Timing};
use super::group::{Heard, Listener};
use super::lateness::Away;
use super::matching::Matching;
use super::names::is_whole_number;
use super::paper::{self, admits_damage, differences, has_gap, is_remnant, is_torn};
use super::record::{Deaf, Journalled, Shown, Slip};
use super::told::number;
use pos_protocol::event::{Event, Kind};

/// A port keeps bytes that its reader has not fetched, and loses them with the reader: what was
/// printed so long before a death may be unheard, in microseconds.
const UNFETCHED_US: u64 = 1_000_000;

pub(super) fn settle(books: &Books, bounds: &Bounds) -> Account {
    let journal = books.journal.as_deref().unwrap_or_default();
    let deaf = Deafness::of(&books.deaf);
    let mut hurt: Vec<bool> =
        books.slips.iter().map(|slip| slip.damaged || deaf.touches(slip)).collect();
    let matching = Matching::of(&books.slips, journal, &hurt);
    for (index, slip) in books.slips.iter().enumerate() {
        // Of a print that broke off the piece may have become the event.
        let event = matching.event_of[index].map(|event| &journal[event].event);
        hurt[index] |= slip.torn > 0 && event.is_some_and(is_torn);
    }
    let heard = Listener { books, bounds, matching: &matching, hurt: &hurt }.hear();
    let settling = Settling { books, bounds, journal, deaf, hurt, matching, heard };
    settling.account()
}

/// Everything that is known once everybody was matched.
struct Settling<'a> {
    books: &'a Books,
    bounds: &'a Bounds,
    journal: &'a [Journalled],
    deaf: Deafness<'a>,
    hurt: Vec<bool>,
    matching: Matching,
    heard: Heard,
}

/// What became of one slip.
#[derive(Default)]
struct Fate {
    troubles: Vec<What>,
    journalled: bool,
    delivered: bool,
    unheard: bool,
}

impl Settling<'_> {
    fn account(&self) -> Account {
        let away = Away::new(&self.books.excused);
        let mut account = Account::default();
        for (index, slip) in self.books.slips.iter().enumerate() {
            let mut fate = self.fate(index, slip);
            fate.troubles.extend(self.late(index, slip, &away));
            count(&mut account.totals, slip, &fate);
            let which = || Some(which(slip, self.books.seed));
            if fate.unheard {
                account.unheard.push(Trouble { slip: which(), what: What::NotJournalled });
            }
            let troubles = fate.troubles.into_iter();
            account.troubles.extend(troubles.map(|what| Trouble { slip: which(), what }));
            account.tellings.push(self.telling(index, slip));
        }
        let strange = self.strange_events().into_iter().chain(self.heard.strange.iter().cloned());
        for what in strange {
            account.totals.wrong += 1;
            account.troubles.push(Trouble { slip: None, what });
        }
        account
    }

    fn fate(&self, index: usize, slip: &Slip) -> Fate {
        let mut fate = Fate::default();
        let messages = self.heard.by_slip[index].len();
        let event = self.event_of(index);
        let listener = self.listener();
        if let (None, 0, Some(before)) = (event, messages, self.swallowed_by(index)) {
            fate.journalled = true;
            let told = !self.heard.by_slip[before].is_empty();
            fate.delivered = told || !listener.must_be_told(before);
            // What is wrong with that paper is said of the slip before.
            return fate;
        }
        let must_be_told = listener.must_be_told(index);
        // Without a number and an id nobody could find it in the group.
        let can_be_found = number(&slip.event).is_some() || event.is_some();
        fate.unheard = event.is_none() && messages == 0 && self.is_unheard(slip);
        fate.journalled = event.is_some();
        fate.delivered = messages > 0 || (self.hurt[index] && event.is_some() && !must_be_told);
        if self.books.journal.is_some() && event.is_none() && !fate.unheard {
            let told = messages > 0;
            fate.troubles.push(if told { What::ToldUnjournalled } else { What::NotJournalled });
        }
        if must_be_told && can_be_found && messages == 0 && !fate.unheard {
            fate.troubles.push(What::NotTold);
        }
        let again = self.matching.again[index].len();
        if again > 0 {
            fate.troubles.push(What::JournalledAgain { times: again + 1 });
        }
        if messages > 1 {
            fate.troubles.push(What::ToldAgain { times: messages });
        }
        if let Some(read) = event {
            fate.troubles.extend(self.misreadings(index, slip, read));
        }
        fate.troubles.extend(self.heard.wrong[index].iter().cloned());
        fate
    }

    /// What was read wrongly. Of a damaged slip nobody can read a letter that became another; but its
    /// kind and its amount must be right, or the damage must be told.
    fn misreadings(&self, index: usize, slip: &Slip, read: &Event) -> Vec<What> {
        let found = differences(&slip.event, read);
        if !self.hurt[index] {
            return found;
        }
        if admits_damage(read) {
            return Vec::new();
        }
        let hidden = |what| match what {
            What::WrongAmount { expected, found } => Some(("total", expected, found)),
            What::WrongKind { found } => {
                Some(("kind", slip.event.kind.to_string(), found.to_string()))
            }
            _ => None,
        };
        let hidden = found.into_iter().filter_map(hidden);
        hidden
            .map(|(field, expected, found)| What::DamageHidden {
                field: field.to_owned(),
                expected,
                found,
            })
            .collect()
    }

    fn listener(&self) -> Listener<'_> {
        Listener {
            books: self.books,
            bounds: self.bounds,
            matching: &self.matching,
            hurt: &self.hurt,
        }
    }

    fn event_of(&self, index: usize) -> Option<&Event> {
        self.matching.event_of[index].map(|event| &self.journal[event].event)
    }

    /// The damaged slip before this one, where its end was lost, so that both are one paper and are
    /// told as one.
    fn swallowed_by(&self, index: usize) -> Option<usize> {
        let own = &self.books.slips[index].event;
        let number = number(own)?;
        let before = self.matching.previous(index, &own.source)?;
        let paper = self.event_of(before)?;
        let text = paper.text.as_deref()?;
        let holds =
            text.match_indices(number).any(|(at, _)| is_whole_number(text, at, at + number.len()));
        (self.hurt[before] && admits_damage(paper) && holds).then_some(before)
    }

    fn late(&self, index: usize, slip: &Slip, away: &Away) -> Option<What> {
        let shown = self.first_message(index)?;
        let due = match self.books.timing {
            Timing::Printed => slip.printed_us,
            Timing::Journalled => self.journal[self.matching.event_of[index]?].at_us,
            Timing::Unknown => return None,
        };
        let urgent = self.bounds.urgent_kinds.contains(&self.listener().kind(index));
        let bound = if urgent { self.bounds.urgent } else { self.bounds.ordinary };
        let bound_us = u64::try_from(bound.as_micros()).unwrap_or(u64::MAX);
        let excused_us = away.within(&shown.robot, due, shown.shown_us);
        let took_us = shown.shown_us.saturating_sub(due).saturating_sub(excused_us);
        (took_us > bound_us).then_some(What::Late { took_us, excused_us, bound_us })
    }

    fn first_message(&self, index: usize) -> Option<&Shown> {
        let messages = self.heard.by_slip[index].iter().map(|message| &self.books.group[*message]);
        messages.min_by_key(|shown| shown.shown_us)
    }

    fn telling(&self, index: usize, slip: &Slip) -> Telling {
        let event = self.matching.event_of[index];
        let shown = self.first_message(index);
        Telling {
            n: slip.n,
            journalled_us: event.map(|event| self.journal[event].at_us),
            sent_us: shown.map(|shown| shown.sent_us),
            shown_us: shown.map(|shown| shown.shown_us),
        }
    }

    /// Whether nobody could hear a slip, and the journal says that something is missing there: in an
    /// event after the beginning of the deafness, up to the first paper that began after its end.
    fn is_unheard(&self, slip: &Slip) -> bool {
        let source = slip.event.source.as_str();
        let Some(deaf) = self.deaf.around(slip) else { return false };
        let events = self.matching.events_of(source);
        let from = events.partition_point(|event| self.journal[*event].at_us < deaf.from_us);
        for event in &events[from..] {
            if has_gap(&self.journal[*event].event) {
                return true;
            }
            let paper = self.matching.slip_of[*event].map(|slip| &self.books.slips[slip]);
            if paper.is_some_and(|paper| paper.began_us > deaf.until_us) {
                return false;
            }
        }
        false
    }

    /// Events that no slip accounts for. A print that broke off may leave one piece, and so may a
    /// listener's deafness; a damaged slip may come apart.
    fn strange_events(&self) -> Vec<What> {
        let mut torn: HashMap<&str, u32> = HashMap::new();
        for slip in self.books.slips.iter().filter(|slip| slip.torn > 0) {
            *torn.entry(&slip.event.source).or_default() += slip.torn;
        }
        for (source, count) in &self.books.torn {
            *torn.entry(source).or_default() += count;
        }
        for deaf in &self.books.deaf {
            *torn.entry(&deaf.source).or_default() += 1;
        }
        let mut strange = Vec::new();
        for (index, seen) in self.journal.iter().enumerate() {
            let event = &seen.event;
            if self.matching.slip_of[index].is_some() || !paper::is_about_a_slip(event.kind) {
                continue;
            }
            if is_remnant(event)
                && let Some(left @ 1..) = torn.get_mut(event.source.as_str())
            {
                *left -= 1;
                continue;
            }
            let hurt = |slip: usize| self.hurt[slip];
            let piece = is_remnant(event) || admits_damage(event) || event.kind == Kind::NoSale;
            if piece && self.matching.is_beside(index, &event.source, hurt) {
                continue;
            }
            strange.push(What::StrangeEvent {
                source: event.source.clone(),
                kind: event.kind,
                number: number(event).map(str::to_owned),
                id: event.id.to_string(),
            });
        }
        strange
    }
}

/// Times in which a source could not hear, by source.
struct Deafness<'a>(HashMap<&'a str, Vec<&'a Deaf>>);

impl<'a> Deafness<'a> {
    fn of(deaf: &'a [Deaf]) -> Self {
        let mut by_source: HashMap<&str, Vec<&Deaf>> = HashMap::new();
        for time in deaf {
            by_source.entry(&time.source).or_default().push(time);
        }
        Self(by_source)
    }

    /// The deafness that a slip was printed in.
    fn around(&self, slip: &Slip) -> Option<&'a Deaf> {
        let times = self.0.get(slip.event.source.as_str())?;
        let touched = |time: &&&Deaf| {
            slip.began_us <= time.until_us && slip.printed_us + UNFETCHED_US >= time.from_us
        };
        times.iter().find(touched).copied()
    }

    fn touches(&self, slip: &Slip) -> bool {
        self.around(slip).is_some()
    }
}

fn count(totals: &mut Totals, slip: &Slip, fate: &Fate) {
    let sale = slip.event.kind == Kind::Sale;
    let has = |of: fn(&What) -> bool| usize::from(fate.troubles.iter().any(of));
    totals.slips += 1;
    totals.sold += usize::from(sale);
    totals.journalled += usize::from(sale && fate.journalled);
    totals.delivered += usize::from(sale && fate.delivered);
    totals.unheard += usize::from(fate.unheard);
    totals.lost += has(What::is_loss);
    totals.duplicated += has(What::is_double);
    totals.late += has(What::is_late);
    totals.wrong += has(What::is_wrong);
}

fn which(slip: &Slip, seed: u64) -> Which {
    Which {
        n: slip.n,
        till: slip.till,
        seed,
        source: slip.event.source.clone(),
        kind: slip.event.kind,
        number: number(&slip.event).map(str::to_owned),
        bytes: slip.bytes,
    }
}

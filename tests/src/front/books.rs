//! What was sold and what reached each printer, held against the journal.
//!
//! Pure: it knows no process. A sale must be one event; a print that a kill tore may leave one more,
//! which has to say that something is missing.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use pos_protocol::diagnostic::Code;
use pos_protocol::event::{Event, Kind};

/// What the tills know.
#[derive(Clone, Debug, Default)]
pub struct Books {
    /// What was sold, as the truth tells it. Receipt numbers are unique in a source.
    pub sold: Vec<Event>,
    /// By source, prints that broke off and may have left a piece on paper.
    pub torn: BTreeMap<String, usize>,
    /// By source, breaks in which a listener may have missed bytes that the printer got all the same.
    pub deaf: BTreeMap<String, usize>,
}

/// What came out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Sales.
    pub sold: usize,
    /// Sales that are one event with the right total.
    pub told: usize,
    /// Of these, events that say that something may be missing.
    pub flagged: usize,
    /// Events that a torn print left.
    pub remnants: usize,
    /// Sales lost where a tap was deaf, with a gap in the journal.
    pub excused: usize,
    /// Everything that must not be.
    pub wrong: Vec<String>,
}

impl Verdict {
    /// Adds another shop's.
    pub fn add(&mut self, other: Self) {
        self.sold += other.sold;
        self.told += other.told;
        self.flagged += other.flagged;
        self.remnants += other.remnants;
        self.excused += other.excused;
        self.wrong.extend(other.wrong);
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { sold, told, flagged, remnants, excused, wrong } = self;
        write!(
            f,
            "sold {sold}, told {told} ({flagged} of them with a gap), torn prints told {remnants}, \
             lost to a deaf tap with a gap {excused}, wrong {}",
            wrong.len()
        )
    }
}

impl Books {
    /// Holds the books against the journal's events.
    pub fn settle(&self, journal: &[Event]) -> Verdict {
        let mut verdict = Verdict { sold: self.sold.len(), ..Verdict::default() };
        let mut deaf = self.deaf.clone();
        let mut counted = BTreeSet::new();
        for sale in &self.sold {
            let own: Vec<&Event> = journal.iter().filter(|event| tells(event, sale)).collect();
            let Some(first) = own.iter().find(|event| !is_flagged(event)).or(own.first()) else {
                match deaf.get_mut(&sale.source) {
                    Some(left @ 1..) => {
                        *left -= 1;
                        verdict.excused += 1;
                    }
                    _ => verdict.wrong.push(format!("{} is not told", name(sale))),
                }
                continue;
            };
            counted.insert(&first.id);
            verdict.told += 1;
            verdict.flagged += usize::from(is_flagged(first));
        }
        let mut torn = self.torn.clone();
        for (source, deaf) in &self.deaf {
            *torn.entry(source.clone()).or_default() += deaf;
        }
        for event in journal.iter().filter(|event| is_paper(event) && !counted.contains(&event.id))
        {
            match torn.get_mut(&event.source) {
                Some(left @ 1..) if is_remnant(event) => {
                    *left -= 1;
                    verdict.remnants += 1;
                }
                _ => verdict.wrong.push(format!("nobody printed {}", name(event))),
            }
        }
        verdict
    }
}

fn tells(event: &Event, sale: &Event) -> bool {
    let total = |event: &Event| event.receipt.as_ref().and_then(|receipt| receipt.total);
    event.kind == Kind::Sale
        && event.source == sale.source
        && number(event) == number(sale)
        && total(event) == total(sale)
}

fn number(event: &Event) -> Option<&str> {
    event.receipt.as_ref().and_then(|receipt| receipt.number.as_deref())
}

fn name(event: &Event) -> String {
    let number = number(event).unwrap_or("-");
    format!("{} {} #{number} ({:?})", event.source, event.kind, codes(event))
}

fn codes(event: &Event) -> Vec<Code> {
    event.evidence.iter().flat_map(|seen| &seen.diagnostics).map(|found| found.code).collect()
}

/// Whether the event says that something may be missing.
fn is_flagged(event: &Event) -> bool {
    let missing = [Code::Gap, Code::EndedWithoutCut, Code::EndedByIdle, Code::IncompleteCommand];
    codes(event).iter().any(|code| missing.contains(code))
}

fn is_paper(event: &Event) -> bool {
    !matches!(
        event.kind,
        Kind::DrawerOpened | Kind::DrawerClosed | Kind::DrawerLeftOpen | Kind::PrinterStatus
    )
}

/// What a torn print may leave: a piece that says so, or a second print of what was whole.
fn is_remnant(event: &Event) -> bool {
    event.kind == Kind::Reprint || is_flagged(event)
}

/// Whether `log`, what a printer got, is made of a beginning of each piece that was heard, in order:
/// what was heard last before a death may not have been passed on any more.
pub(super) fn is_forwarded(log: &[u8], heard: &[Vec<u8>]) -> bool {
    let mut refuted = BTreeSet::new();
    fits(log, 0, heard, 0, &mut refuted)
}

fn fits(
    log: &[u8],
    at: usize,
    heard: &[Vec<u8>],
    piece: usize,
    refuted: &mut BTreeSet<(usize, usize)>,
) -> bool {
    let Some(bytes) = heard.get(piece) else { return at == log.len() };
    if refuted.contains(&(at, piece)) {
        return false;
    }
    let same = log[at..].iter().zip(bytes).take_while(|(a, b)| a == b).count();
    let found = (0..=same).rev().any(|taken| fits(log, at + taken, heard, piece + 1, refuted));
    if !found {
        refuted.insert((at, piece));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::is_forwarded;

    fn heard(pieces: &[&str]) -> Vec<Vec<u8>> {
        pieces.iter().map(|piece| piece.as_bytes().to_vec()).collect()
    }

    #[test]
    fn a_printer_got_a_beginning_of_every_piece() {
        assert!(is_forwarded(b"abcdef", &heard(&["abc", "def"])));
        assert!(is_forwarded(b"abdef", &heard(&["abc", "def"])), "c died with the process");
        assert!(is_forwarded(b"aab", &heard(&["aa", "ab"])), "of several ways one will do");
        assert!(is_forwarded(b"", &heard(&["abc"])));
    }

    #[test]
    fn what_nobody_heard_is_forgotten() {
        assert!(!is_forwarded(b"abcx", &heard(&["abc"])));
        assert!(!is_forwarded(b"defabc", &heard(&["abc", "def"])), "the order counts");
        assert!(!is_forwarded(b"acd", &heard(&["abc", "d"])), "and no hole is in a piece");
    }
}

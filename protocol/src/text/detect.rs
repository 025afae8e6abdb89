//! Which encoding a document's high bytes are in.
//!
//! Each candidate reads a sample of the text and is scored: frequent characters for it, rare ones
//! and invalid codes against it. What the till said about itself (`FS &`, `FS C`, `ESC R`, `ESC t`)
//! counts as well, and so does what the same printer sent before, so that a slip with three
//! characters is read like the receipts around it.

use serde::{Deserialize, Serialize};

use super::codepage::{Page, PageFamily};
use super::score::{Sample, jis, score};
use super::{CharacterState, Charset, Pages, decode, score_page};
use crate::profile::Encoding;

/// What is looked at while it is open which encoding a printer gets.
const FULL_SAMPLE: Sample = Sample { codes: 512, bytes: 16 * 1024 };
/// What is looked at once it is settled: enough to notice a change.
const SETTLED_SAMPLE: Sample = Sample { codes: 48, bytes: 4 * 1024 };
/// Most that earlier documents count for or against a candidate: about ten clear characters.
const MAX_PRIOR: i32 = 60;
/// A candidate so far behind is out of the question until something new comes.
const SETTLED_PRIOR: i32 = -MAX_PRIOR / 2;
/// What a command of the till that points to an encoding counts: about three clear characters.
const HINT: i32 = 18;
/// Lead over the second best from which a choice is beyond doubt: about three clear characters.
const CLEAR_LEAD: i32 = 18;
/// Score a code from which text is beyond doubt in the encoding that its printer is known for: most
/// of its characters are frequent ones.
const CLEAR_FIT: i32 = 4;
/// Score from which seven-bit pairs are Kanji: about two clear characters.
const JIS_SCORE: i32 = 12;

/// A piece of raw text with the settings it was sent under.
pub type Piece<'a> = (&'a [u8], CharacterState);

/// In the order of preference for a tie.
const CANDIDATES: [Charset; 6] = [
    Charset::Utf8,
    Charset::Gb18030,
    Charset::Big5,
    Charset::ShiftJis,
    Charset::EucKr,
    Charset::CodePage,
];

/// How well each candidate has fitted the printer's text so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Evidence {
    /// In the order of [`CANDIDATES`]; the best candidate stands at zero, the others below.
    standing: [i32; CANDIDATES.len()],
    doubtful: bool,
}

impl Evidence {
    /// Whether the latest choice was clear. A doubtful one may be overturned by the next document.
    pub fn certain(&self) -> bool {
        !self.doubtful
    }

    /// The one candidate that is not far behind, if there is one.
    fn settled(&self) -> Option<usize> {
        let mut open = (0..CANDIDATES.len()).filter(|i| self.standing[*i] > SETTLED_PRIOR);
        open.next().filter(|_| open.next().is_none())
    }

    /// The candidate that all others are as far behind as they can be.
    fn firm(&self) -> Option<Charset> {
        let ahead = CANDIDATES.into_iter().zip(self.standing);
        let mut ahead = ahead.filter(|(_, standing)| *standing > -MAX_PRIOR);
        ahead.next().filter(|_| ahead.next().is_none()).map(|(charset, _)| charset)
    }

    /// Adds a document's scores, keeping each within what later documents can overturn.
    fn learn(&mut self, scores: [i32; CANDIDATES.len()]) {
        let best = scores.into_iter().max().unwrap_or(0);
        for (standing, score) in self.standing.iter_mut().zip(scores) {
            *standing = (*standing + score - best).clamp(-MAX_PRIOR, 0);
        }
        // Only differences matter.
        let top = self.standing.into_iter().max().unwrap_or(0);
        for standing in &mut self.standing {
            *standing -= top;
        }
    }
}

/// Settles the encoding of a document and learns from it.
pub fn settle(
    pieces: &[Piece<'_>],
    wanted: Encoding,
    pages: Pages,
    evidence: &mut Evidence,
) -> Charset {
    if pieces.iter().all(|(bytes, _)| bytes.is_ascii()) {
        return seven_bits(pieces.iter().copied(), wanted, evidence);
    }
    match wanted {
        Encoding::Gb18030 => Charset::Gb18030,
        Encoding::Big5 => Charset::Big5,
        Encoding::ShiftJis => Charset::ShiftJis,
        Encoding::EucKr => Charset::EucKr,
        Encoding::Utf8 => Charset::Utf8,
        Encoding::CodePage | Encoding::Page(_) => Charset::CodePage,
        Encoding::Auto => guess(pieces, pages, evidence),
    }
}

/// Settles the encoding of a document without any byte from 80 up, of which there is nothing to
/// learn.
pub fn seven_bits<'a>(
    pieces: impl Iterator<Item = Piece<'a>>,
    wanted: Encoding,
    evidence: &Evidence,
) -> Charset {
    // Seven-bit Kanji are not mixed with other characters of two bytes.
    let jis = matches!(wanted, Encoding::Auto | Encoding::ShiftJis)
        && !evidence.settled().is_some_and(|best| CANDIDATES[best] != Charset::ShiftJis)
        && is_jis(pieces);
    if jis { Charset::ShiftJis } else { Charset::Ascii }
}

fn guess(pieces: &[Piece<'_>], pages: Pages, evidence: &mut Evidence) -> Charset {
    if let Some(charset) = evidence.firm().filter(|charset| is_more(pieces, *charset, pages)) {
        evidence.doubtful = false;
        return charset;
    }
    let scores = match evidence.settled() {
        Some(settled) => {
            let scores = scores(pieces, pages, SETTLED_SAMPLE);
            if scores[settled] > 0 { scores } else { self::scores(pieces, pages, FULL_SAMPLE) }
        }
        None => scores(pieces, pages, FULL_SAMPLE),
    };
    let (mut best, mut second) = ((0, i32::MIN), i32::MIN);
    for (index, score) in scores.into_iter().enumerate() {
        let total = score + evidence.standing[index];
        if total > best.1 {
            second = best.1;
            best = (index, total);
        } else {
            second = second.max(total);
        }
    }
    evidence.doubtful = best.1.saturating_sub(second) < CLEAR_LEAD;
    evidence.learn(scores);
    CANDIDATES[best.0]
}

/// Whether text is clearly more of `charset`, and nothing that the till says speaks against it: no
/// other candidate reads characters of two bytes so well, so none needs to be asked.
fn is_more(pieces: &[Piece<'_>], charset: Charset, pages: Pages) -> bool {
    let mut left = SETTLED_SAMPLE;
    let fits = charset != Charset::CodePage
        && score(pieces, charset, pages, &mut left)
            >= CLEAR_FIT * (SETTLED_SAMPLE.codes - left.codes) as i32;
    fits && hints(pieces, pages).into_iter().flatten().all(|hinted| hinted == charset)
}

fn scores(pieces: &[Piece<'_>], pages: Pages, sample: Sample) -> [i32; CANDIDATES.len()] {
    let hinted = hints(pieces, pages);
    CANDIDATES.map(|charset| {
        let hint = if hinted.contains(&Some(charset)) { HINT } else { 0 };
        let mut left = sample;
        score(pieces, charset, pages, &mut left) + hint
    })
}

/// What the till's commands and the printer's make point to.
fn hints(pieces: &[Piece<'_>], pages: Pages) -> [Option<Charset>; 4] {
    let high = pieces.iter().find(|(bytes, _)| !bytes.is_ascii());
    let Some(&(_, state)) = high else { return [None; 4] };
    let of_country = match state.international {
        8 => Some(Charset::ShiftJis),
        13 => Some(Charset::EucKr),
        15 => Some(Charset::Gb18030),
        _ => None,
    };
    let of_kanji = matches!(state.kanji, 1 | b'1').then_some(Charset::ShiftJis);
    let page = pages.page(state);
    let of_page = match page {
        _ if state.double_byte => None,
        // Sent before Shift-JIS as well as before katakana of one byte.
        Page::Katakana | Page::StarKatakana => None,
        _ if page.vietnamese() || score_page::is_other_script(page) => Some(Charset::CodePage),
        _ => None,
    };
    let of_make = if state.utf8 {
        Some(Charset::Utf8)
    } else {
        (pages.family == PageFamily::CnClone).then_some(Charset::Gb18030)
    };
    [of_country, of_kanji, of_page, of_make]
}

/// Whether the document's Kanji are seven-bit pairs, which look like ASCII.
fn is_jis<'a>(pieces: impl Iterator<Item = Piece<'a>>) -> bool {
    // Runs of this kind only; every other one is dismissed at its first byte that is no pair.
    let kanji = pieces.filter(|(bytes, state)| decode::is_jis(bytes, *state));
    kanji.map(|(bytes, _)| jis(bytes, FULL_SAMPLE.codes)).sum::<i32>() >= JIS_SCORE
}

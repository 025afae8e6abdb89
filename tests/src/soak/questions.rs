//! What became of each question. Pure: books in, verdicts out.

use std::collections::BTreeMap;
use std::time::Duration;

use super::Plan;
use super::books::{About, Asked, Books, Said, Sent};
use super::scene::{GOODS, SHOPS};
use super::script::Ill;

/// What a kill may cost: questions that were taken so shortly before it, in the machine's time.
const SHADOW: Duration = Duration::from_secs(3);

/// What became of a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fate {
    /// Kept, and answered once.
    Answered,
    /// The gateway had nobody to send it to.
    NoConnection,
    /// It went to a connection that was dead.
    Silent,
    /// It lay behind the cut, or behind nonsense for which the bridge left.
    Behind,
    /// It was in the hands of a brain that was killed.
    Killed,
    /// Kept, and not answered.
    Forgotten,
    /// Answered more than once.
    Twice,
    /// The bridge refused it.
    Refused,
    /// Never acknowledged by a connection that went on.
    Ignored,
    /// Answered though it cannot have been heard.
    Miracle,
}

impl Fate {
    /// Whether it may be.
    pub(super) fn is_well(self) -> bool {
        match self {
            Self::Answered | Self::NoConnection | Self::Silent | Self::Behind | Self::Killed => {
                true
            }
            Self::Forgotten | Self::Twice | Self::Refused | Self::Ignored | Self::Miracle => false,
        }
    }
}

/// Every question's fate, and how long answers took in the machine's time.
#[derive(Clone, Debug, Default)]
pub(super) struct Questions {
    pub(super) fates: Vec<(Asked, Fate)>,
    /// Sorted.
    pub(super) took: Vec<Duration>,
    /// Answers that came by the robot, since the question's address did not take them.
    pub(super) by_robot: usize,
    /// Questions whose asker was told that the answer comes later.
    pub(super) told_later: usize,
}

impl Questions {
    pub(super) fn count(&self, fate: Fate) -> usize {
        self.fates.iter().filter(|(_, found)| *found == fate).count()
    }

    /// What may not be, in words.
    pub(super) fn broken(&self) -> Vec<String> {
        let ill = self.fates.iter().filter(|(_, fate)| !fate.is_well());
        ill.map(|(asked, fate)| {
            format!("{:?}, asked at {} ms, is {fate:?}", asked.about, asked.at_ms)
        })
        .collect()
    }
}

/// Judges all.
pub(super) fn judge(books: &Books, plan: &Plan) -> Questions {
    let answers = answers(&books.asked, &books.said);
    let sent: BTreeMap<&str, &Sent> =
        books.sent.iter().filter(|s| s.kind == "bot").map(|s| (s.id.as_str(), s)).collect();
    let mut questions = Questions::default();
    for asked in &books.asked {
        let heard = answers.get(&asked.about).map_or(&[][..], Vec::as_slice);
        let fate = fate(asked, sent.get(asked.message.as_str()).copied(), heard.len(), books, plan);
        questions.fates.push((asked.clone(), fate));
        if let [answer, ..] = heard {
            let ms = u64::try_from(answer.at_ms - asked.at_ms).unwrap_or(0);
            questions.took.push(Duration::from_millis(ms / u64::from(plan.rate)));
            questions.by_robot += usize::from(answer.answers.is_none());
        }
    }
    let told = books.said.iter().filter(|said| said.answers.is_some()).count();
    let answered: usize = answers.values().flatten().filter(|said| said.answers.is_some()).count();
    questions.told_later = told - answered;
    questions.took.sort_unstable();
    questions
}

/// Kept questions that nobody has answered yet, and transfers whose matter is not closed yet.
pub(super) fn waiting(books: &Books, plan: &Plan) -> (usize, usize) {
    let questions = judge(books, plan);
    let answered = |(asked, fate): &&(Asked, Fate)| {
        matches!(asked.about, About::Transfer(_)) && *fate == Fate::Answered
    };
    let transfers = questions.fates.iter().filter(answered).count();
    let closed = books.closed.iter().filter(|approval| !approval.lines.is_empty()).count();
    (questions.count(Fate::Forgotten), transfers.saturating_sub(closed))
}

fn fate(asked: &Asked, sent: Option<&Sent>, answers: usize, books: &Books, plan: &Plan) -> Fate {
    if answers > 1 {
        return Fate::Twice;
    }
    let Some(sent) = sent else { return Fate::Miracle };
    match (sent.lost.as_deref(), answers) {
        (Some(_), 1) => return Fate::Miracle,
        (Some("silent"), _) => return Fate::Silent,
        (Some(_), _) => return Fate::NoConnection,
        (None, 1) => return Fate::Answered,
        (None, _) => {}
    }
    let shadow = sent.at_ms..=sent.at_ms + plan.real(SHADOW);
    let killed = books.lives.iter().filter_map(|life| life.to_ms);
    if killed.into_iter().any(|at| shadow.contains(&at)) {
        return Fate::Killed;
    }
    match sent.code {
        Some(200) => Fate::Forgotten,
        Some(_) => Fate::Refused,
        None => unacknowledged(asked, sent, books),
    }
}

fn unacknowledged(asked: &Asked, sent: &Sent, books: &Books) -> Fate {
    let strike = sent.connection.as_deref().and_then(|id| books.strike_of(id));
    match strike {
        Some(strike) if matches!(strike.ill, Ill::Oversized | Ill::Nonsense) => Fate::Behind,
        Some(strike) if asked.at_ms > strike.at_ms => Fate::Behind,
        // It was written before the end.
        Some(_) => Fate::Forgotten,
        None => Fate::Ignored,
    }
}

/// What was said in answer to each question. A note that the answer comes later names nothing.
pub(super) fn answers<'a>(asked: &[Asked], said: &'a [Said]) -> BTreeMap<About, Vec<&'a Said>> {
    let by_seq: BTreeMap<u64, About> = asked.iter().map(|one| (one.seq, one.about)).collect();
    let all: Vec<About> = asked.iter().map(|one| one.about).collect();
    let mut answers: BTreeMap<About, Vec<&Said>> = BTreeMap::new();
    for said in said {
        let about = match said.answers.and_then(|seq| by_seq.get(&seq)) {
            Some(about) => Some(*about).filter(|about| names(&said.text, *about)),
            // Names of receipts that are like it stand behind it, and are shorter.
            None => all.iter().copied().filter(|about| names(&said.text, *about)).max(),
        };
        if let Some(about) = about {
            answers.entry(about).or_default().push(said);
        }
    }
    answers
}

/// Whether `text` names what the question was about.
fn names(text: &str, about: About) -> bool {
    let has = |number: u32| {
        let mut numbers = text.split(|c: char| !c.is_ascii_digit());
        numbers.any(|found| found.parse() == Ok(number))
    };
    match about {
        About::Receipt(number) => has(number),
        About::Transfer(cups) => {
            text.contains(GOODS) && SHOPS.iter().all(|shop| text.contains(shop)) && has(cups)
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::books::{About, Asked, Books, Life, Said, Sent, Strike};
    use super::super::script::Ill;
    use super::{Fate, judge};
    use crate::soak::Plan;

    const PLAN: Plan =
        Plan { span: Duration::from_mins(1), rate: 10, seed: 1, disconnects: 1, kills: 0 };

    /// One question at 1 s, sent as `sent` says, with so many answers.
    fn fate(sent: Sent, answers: usize, books: Books) -> Fate {
        let about = About::Receipt(500_001);
        let asked = Asked { about, seq: 4, message: "m".into(), at_ms: 1_000 };
        let said = Said { answers: Some(4), text: "No receipt 500001 (…)".into(), at_ms: 1_500 };
        let sent = Sent { id: "m".into(), kind: "bot".into(), at_ms: 1_000, attempt: 1, ..sent };
        let books =
            Books { asked: vec![asked], sent: vec![sent], said: vec![said; answers], ..books };
        judge(&books, &PLAN).fates[0].1
    }

    fn sent(code: Option<i64>, lost: Option<&str>) -> Sent {
        Sent {
            kind: String::new(),
            id: String::new(),
            connection: Some("c".into()),
            at_ms: 0,
            attempt: 1,
            lost: lost.map(str::to_owned),
            code,
            ack_lost: true,
        }
    }

    fn struck(ill: Ill, at_ms: i64) -> Books {
        let strike = Strike { at_ms, connection: "c".into(), ill };
        Books { strikes: vec![strike], ..Books::default() }
    }

    #[test]
    fn what_was_taken_is_answered_once_and_nothing_else_will_do() {
        let taken = || sent(Some(200), None);
        assert_eq!(fate(taken(), 1, Books::default()), Fate::Answered);
        assert_eq!(fate(taken(), 0, Books::default()), Fate::Forgotten);
        assert_eq!(fate(taken(), 2, Books::default()), Fate::Twice);
        assert_eq!(fate(sent(Some(500), None), 0, Books::default()), Fate::Refused);
        let killed = |to_ms| Books {
            lives: vec![Life { from_ms: 0, to_ms: Some(to_ms) }],
            ..Books::default()
        };
        assert_eq!(fate(taken(), 0, killed(30_999)), Fate::Killed);
        assert_eq!(fate(taken(), 0, killed(31_001)), Fate::Forgotten, "there was time enough");
    }

    #[test]
    fn what_arrived_before_the_end_is_kept_and_what_lay_behind_it_is_not() {
        let open = || sent(None, None);
        assert_eq!(fate(open(), 0, struck(Ill::Cut, 1_000)), Fate::Forgotten);
        assert_eq!(fate(open(), 1, struck(Ill::Zombie, 1_001)), Fate::Answered);
        assert_eq!(fate(open(), 0, struck(Ill::Cut, 999)), Fate::Behind);
        assert_eq!(fate(open(), 0, struck(Ill::Nonsense, 2_000)), Fate::Behind);
        assert_eq!(fate(open(), 0, Books::default()), Fate::Ignored);
        assert_eq!(fate(sent(None, Some("silent")), 0, Books::default()), Fate::Silent);
        assert_eq!(fate(sent(None, Some("no_connection")), 1, Books::default()), Fate::Miracle);
    }

    #[test]
    fn an_answer_by_the_robot_is_known_by_what_it_names() {
        let asked = |about, seq| Asked { about, seq, message: String::new(), at_ms: 0 };
        let all = [
            asked(About::Receipt(1_001), 1),
            asked(About::Receipt(500_002), 2),
            asked(About::Transfer(7), 3),
        ];
        let said = |answers, text: &str| Said { answers, text: text.into(), at_ms: 0 };
        let texts = [
            said(None, "No receipt 500002. Or: 1001"),
            said(None, "stock moves: 7 Tea, central to mongkok"),
            said(Some(1), "Looking it up, the answer comes later"),
        ];
        let answers = super::answers(&all, &texts);
        let about: Vec<About> = answers.keys().copied().collect();
        assert_eq!(about, [About::Receipt(500_002), About::Transfer(7)]);
    }
}

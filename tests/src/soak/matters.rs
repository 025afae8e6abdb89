//! What became of what had to be decided: by cards that people press, and by processes whose result
//! comes as an event. Pure.

use std::collections::BTreeMap;
use std::time::Duration;

use pos_protocol::event::{Approval, Ruling};

use super::Plan;
use super::books::{About, Books, Sent};
use super::questions::{Fate, Questions};
use super::scene::STOCK;

/// How long the answer to a press may take before the phone gives up, in the machine's time.
const PRESS: Duration = Duration::from_millis(2_500);
/// A press by somebody who may decide nothing.
const GUEST: &str = "eve";

/// What became of it all.
#[derive(Clone, Debug, Default)]
pub(super) struct Matters {
    /// Processes that were decided, and those of them that were told once.
    pub(super) decided: usize,
    pub(super) closed_once: usize,
    /// Frames of events: all, those sent again, and those whose acknowledgement was lost.
    pub(super) events: usize,
    pub(super) again: usize,
    pub(super) acks_lost: usize,
    /// Cards, and those that were closed once.
    pub(super) cards: usize,
    pub(super) cards_closed_once: usize,
    /// Presses, those that were answered, and the slowest answer in milliseconds.
    pub(super) presses: usize,
    pub(super) answered: usize,
    pub(super) slowest_ms: u64,
    pub(super) broken: Vec<String>,
}

/// Judges all.
pub(super) fn judge(books: &Books, questions: &Questions, plan: &Plan) -> Matters {
    let mut found = Matters::default();
    let mut closed: BTreeMap<&str, Vec<&Approval>> = BTreeMap::new();
    for approval in &books.closed {
        closed.entry(approval.instance.as_deref().unwrap_or("")).or_default().push(approval);
    }
    found.processes(books, &closed);
    found.cards(books, &closed);
    found.stock(books, questions);
    found.presses(books, plan);
    let events = || books.sent.iter().filter(|sent| sent.kind == "event" && sent.lost.is_none());
    found.events = events().count();
    found.again = events().filter(|sent| sent.attempt > 1).count();
    found.acks_lost = events().filter(|sent| sent.ack_lost).count();
    if books.waiting_events > 0 {
        let why = format!("expected every event acknowledged, found {} wait", books.waiting_events);
        found.broken.push(why);
    }
    found
}

impl Matters {
    fn processes(&mut self, books: &Books, closed: &BTreeMap<&str, Vec<&Approval>>) {
        for process in &books.processes {
            let Some(decided) = process.decided else { continue };
            self.decided += 1;
            let told = closed.get(process.id.as_str()).map_or(&[][..], Vec::as_slice);
            let rulings: Vec<Ruling> = told.iter().map(|approval| approval.ruling).collect();
            if rulings == [decided] {
                self.closed_once += 1;
            } else {
                self.broken.push(format!(
                    "expected a process to be told as {decided:?} once, found {rulings:?}"
                ));
            }
        }
    }

    fn cards(&mut self, books: &Books, closed: &BTreeMap<&str, Vec<&Approval>>) {
        self.cards = books.cards.len();
        for (card, open) in &books.cards {
            let pressed = books.pressed.iter().find(|press| press.may && press.card == *card);
            let told = closed.get(card.as_str()).map_or(&[][..], Vec::as_slice);
            let rulings: Vec<Ruling> = told.iter().map(|approval| approval.ruling).collect();
            if !open && pressed.is_some_and(|press| rulings == [press.ruling]) {
                self.cards_closed_once += 1;
            } else {
                self.broken.push(format!(
                    "expected a card to be closed once as it was pressed, found it {} and {rulings:?}",
                    if *open { "open" } else { "closed" }
                ));
            }
            if told.iter().any(|approval| approval.by.as_deref() == Some(GUEST)) {
                self.broken.push("expected guests to decide nothing, found that one did".into());
            }
        }
    }

    /// Each transfer that was taken is there once, and stock moved by what was approved.
    fn stock(&mut self, books: &Books, questions: &Questions) {
        let mut moved: BTreeMap<u32, usize> = BTreeMap::new();
        let mut approved = 0;
        for approval in &books.closed {
            for line in &approval.lines {
                let cups = line.quantity.to_string().parse().unwrap_or(0);
                *moved.entry(cups).or_default() += 1;
                if approval.ruling == Ruling::Approved {
                    approved += i64::from(cups);
                }
            }
        }
        for (asked, fate) in &questions.fates {
            let About::Transfer(cups) = asked.about else { continue };
            let times = moved.get(&cups).copied().unwrap_or(0);
            if times > 1 || (times == 0 && *fate == Fate::Answered) {
                self.broken.push(format!(
                    "expected the transfer of {cups} to be one matter, found {times}"
                ));
            }
        }
        let expected = [STOCK - approved, STOCK + approved];
        if books.left != expected {
            self.broken.push(format!("expected {expected:?} left, found {:?}", books.left));
        }
    }

    fn presses(&mut self, books: &Books, plan: &Plan) {
        self.presses = books.pressed.len();
        for press in &books.pressed {
            if press.answer["answered"] == true {
                self.answered += 1;
                self.slowest_ms = self.slowest_ms.max(press.answer["ms"].as_u64().unwrap_or(0));
            }
        }
        let unanswered = |sent: &&Sent| {
            let is_press = sent.kind == "card" && sent.lost.is_none() && sent.code.is_none();
            is_press && !ends_soon(sent, books, plan)
        };
        let unanswered = books.sent.iter().filter(unanswered).count();
        if unanswered > 0 {
            self.broken.push(format!(
                "expected an answer to every press by a connection that went on, found {unanswered} without"
            ));
        }
    }
}

/// Whether the way back was cut before an answer had to be there.
fn ends_soon(sent: &Sent, books: &Books, plan: &Plan) -> bool {
    let Some(connection) = sent.connection.as_deref() else { return true };
    let strike = books.strike_of(connection).map(|strike| strike.at_ms);
    let by = sent.at_ms + plan.real(PRESS);
    strike.or(books.end_of(connection)).is_some_and(|end| end <= by)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use pos_protocol::event::{Approval, Ruling};
    use serde_json::json;

    use super::super::books::{Books, Pressed, Process};
    use super::super::questions::Questions;
    use super::super::scene::STOCK;
    use super::{Matters, judge};
    use crate::soak::Plan;

    const PLAN: Plan =
        Plan { span: Duration::from_mins(1), rate: 10, seed: 1, disconnects: 1, kills: 0 };

    fn closed(instance: &str, ruling: &str, cups: Option<u32>) -> Approval {
        let lines = cups.map(|cups| json!({ "article": "Tea", "quantity": cups.to_string() }));
        let lines: Vec<_> = lines.into_iter().collect();
        let about = if cups.is_some() { "transfer" } else { "return" };
        let approval = json!({ "matter": "7f3a", "about": about, "ruling": ruling,
            "instance": instance, "lines": lines });
        serde_json::from_value(approval).expect("wire schema 1")
    }

    fn judged(closed: Vec<Approval>, left: [i64; 2]) -> Matters {
        let books = Books {
            processes: vec![Process { id: "p".into(), decided: Some(Ruling::Rejected) }],
            cards: [("card".to_owned(), false)].into(),
            pressed: vec![Pressed {
                card: "card".into(),
                may: true,
                ruling: Ruling::Approved,
                answer: json!({ "answered": true, "ms": 40 }),
            }],
            closed,
            left,
            ..Books::default()
        };
        judge(&books, &Questions::default(), &PLAN)
    }

    #[test]
    fn each_is_closed_once_as_it_was_decided_and_stock_moves_with_it() {
        let both = || vec![closed("p", "rejected", None), closed("card", "approved", Some(5))];
        let moved = [STOCK - 5, STOCK + 5];
        let well = judged(both(), moved);
        assert_eq!(well.broken, Vec::<String>::new());
        assert_eq!((well.closed_once, well.cards_closed_once, well.slowest_ms), (1, 1, 40));
        assert_eq!(judged(both(), [STOCK; 2]).broken.len(), 1, "stock stayed");
        let twice = [both(), vec![closed("p", "rejected", None)]].concat();
        assert_eq!(judged(twice, moved).broken.len(), 1);
        let otherwise = vec![closed("p", "approved", None), closed("card", "approved", Some(5))];
        assert_eq!(judged(otherwise, moved).broken.len(), 1);
        assert_eq!(judged(vec![closed("p", "rejected", None)], [STOCK; 2]).broken.len(), 1);
    }
}

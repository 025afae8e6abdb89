//! What settling finds, one thing at a time.

use std::time::{Duration, Instant};

use pos_protocol::diagnostic::{Code, Diagnostic};
use pos_protocol::event::{Event, EventId, Evidence, Item, Kind, Receipt, SessionId, Verdict};
use pos_protocol::money::Amount;
use pos_protocol::span::Span as ByteSpan;

use super::{Books, Bounds, Deaf, Excused, Journalled, Shown, Slip, Span, Totals, What};
use crate::shop::{Language, OPENING, Shop, Till};
use crate::truth;

const SECOND: u64 = 1_000_000;

/// A mistake in the journal, and the field that it is found in.
type Spoil = (&'static str, fn(&mut Books));
/// What stands in a message, and what stands there instead.
type Swap = fn(&Books) -> (String, String);

/// Three sales that everybody agrees on, ten seconds apart.
fn agreed() -> Books {
    books(1, 3)
}

/// As many sales at each of so many tills, whose numbers are the same.
fn books(tills: u32, sales: u32) -> Books {
    let mut books = Books { seed: 7, journal: Some(Vec::new()), ..Books::default() };
    let mut open: Vec<(String, Till)> = (0..tills)
        .map(|till| {
            let name = format!("counter-{}", till + 1);
            let seed = u64::from(till);
            (name.clone(), Till::open(&Shop::ALL[0], seed, &name, 1001, OPENING))
        })
        .collect();
    for _ in 0..sales {
        for (till, (name, seller)) in (0..).zip(&mut open) {
            let n = books.slips.len() as u64 + 1;
            let event = truth::event(&seller.sell(), Language::ZhHant, name);
            let printed_us = n * 10 * SECOND;
            let bytes = Some(Span { at: n * 500, len: 500 });
            books.slips.push(Slip { till, printed_us, bytes, ..Slip::untimed(n, event.clone()) });
            let event = Event { id: id(n), ..event };
            books.group.push(message(&event, printed_us + 2 * SECOND));
            books.journal_mut().push(Journalled { at_us: printed_us + SECOND, event });
        }
    }
    books
}

fn id(n: u64) -> EventId {
    let source = "journal".to_owned();
    SessionId { journal: source.clone(), source, epoch: 0 }.event(0, n, 0)
}

/// A message about one event, with its goods.
fn message(event: &Event, shown_us: u64) -> Shown {
    let receipt = event.receipt.as_ref().expect("a receipt");
    let number = receipt.number.as_deref().expect("a number");
    let total = receipt.total.expect("a total");
    let goods: Vec<&str> = receipt.items.iter().map(|item| item.name.as_str()).collect();
    let goods = goods.join("  \n· ");
    let text = format!(
        "#### 收銀 #{number} HK${total}  \n時間：2026-11-21 11:02:00  \n{}  \n· {goods}  \n編號：{}",
        event.source,
        event.id.short()
    );
    Shown { sent_us: shown_us, shown_us, ..Shown::untimed("owner".into(), None, text) }
}

/// The same as lines of one message, which quotes nothing.
fn digest(books: &Books) -> Shown {
    let lines = books.slips.iter().map(|slip| {
        let receipt = slip.event.receipt.as_ref().expect("a receipt");
        let number = receipt.number.as_deref().expect("a number");
        let total = receipt.total.expect("a total");
        format!("11:02 {} #{number} HK${total}  \n", slip.event.source)
    });
    let text = format!("Sales: {}  \n{}", books.slips.len(), lines.collect::<String>());
    Shown { shown_us: 60 * SECOND, ..Shown::untimed("owner".into(), None, text) }
}

fn bounds() -> Bounds {
    Bounds { shows_items: true, told_kinds: vec![Kind::Sale, Kind::Refund], ..Bounds::default() }
}

impl Books {
    fn journal_mut(&mut self) -> &mut Vec<Journalled> {
        self.journal.as_mut().expect("a journal")
    }

    fn event(&mut self, at: usize) -> &mut Event {
        &mut self.journal_mut()[at].event
    }

    fn receipt(&mut self, at: usize) -> &mut Receipt {
        self.event(at).receipt.as_mut().expect("a receipt")
    }

    /// What is wrong: the slips and how.
    fn troubles(&self) -> Vec<(Option<u64>, What)> {
        let account = self.settle(&bounds());
        let troubles = account.troubles.into_iter();
        troubles.map(|trouble| (trouble.slip.map(|slip| slip.n), trouble.what)).collect()
    }
}

fn odd(event: &mut Event, code: Code) {
    let diagnostics = vec![Diagnostic::new(code, ByteSpan::new(0, 1), "")];
    event.evidence = Some(Evidence { diagnostics, ..Evidence::default() });
}

#[test]
fn books_that_agree_close_whether_told_one_by_one_or_together() {
    let one_by_one = agreed();
    let mut together = agreed();
    together.group = vec![digest(&together)];
    let expected = Totals { sold: 3, journalled: 3, delivered: 3, slips: 3, ..Totals::default() };
    for books in [one_by_one, together] {
        let account = books.settle(&bounds());
        assert!(account.closes(), "{:?}", account.troubles);
        assert_eq!(account.totals, expected);
        let last = account.tellings[2];
        assert_eq!((last.n, last.journalled_us), (3, Some(31 * SECOND)));
        assert!(last.shown_us > last.journalled_us);
    }
}

#[test]
fn what_is_missing_is_lost_once_and_named_for_each_place() {
    let mut books = agreed();
    books.group.remove(1);
    assert_eq!(books.troubles(), [(Some(2), What::NotTold)]);
    books.journal_mut().remove(1);
    assert_eq!(books.troubles(), [(Some(2), What::NotJournalled), (Some(2), What::NotTold)]);
    let totals = books.settle(&bounds()).totals;
    assert_eq!((totals.lost, totals.journalled, totals.delivered), (1, 2, 2));
    let mut books = agreed();
    books.journal_mut().remove(0);
    assert_eq!(books.troubles(), [(Some(1), What::ToldUnjournalled)]);
}

#[test]
fn a_double_is_found_in_the_journal_in_messages_and_in_a_digest() {
    let mut books = agreed();
    let again = Event { id: id(99), ..books.event(2).clone() };
    books.journal_mut().push(Journalled { at_us: 40 * SECOND, event: again.clone() });
    assert_eq!(books.troubles(), [(Some(3), What::JournalledAgain { times: 2 })]);
    books.group.push(message(&again, 41 * SECOND));
    assert_eq!(books.troubles()[1], (Some(3), What::ToldAgain { times: 2 }));
    let mut books = agreed();
    let mut told = digest(&books);
    let line = told.text.lines().last().expect("a line").to_owned();
    told.text.push_str(&line);
    books.group = vec![told];
    assert_eq!(books.troubles(), [(Some(3), What::ToldAgain { times: 2 })]);
}

#[test]
fn a_misreading_is_named_by_its_field() {
    let spoil: [Spoil; 7] = [
        ("wrong_kind", |books| books.event(0).kind = Kind::Refund),
        ("wrong_amount", |books| books.receipt(0).total = Some(Amount::new(1, 2))),
        ("items[0].name", |books| books.receipt(0).items[0].name = "çé¶".to_owned()),
        ("merchant", |books| books.receipt(0).merchant = Some("Elsewhere".to_owned())),
        ("items", |books| books.receipt(0).items.push(Item::default())),
        ("payments", |books| books.receipt(0).payments.clear()),
        ("number", |books| books.receipt(0).number = Some("77".to_owned())),
    ];
    for (expected, spoil) in spoil {
        let mut books = agreed();
        spoil(&mut books);
        let troubles = books.troubles();
        let [(Some(1), what)] = troubles.as_slice() else {
            panic!("{expected}: {troubles:?}");
        };
        let json = serde_json::to_value(what).expect("plain data");
        let named = json["field"].as_str().or(json["trouble"].as_str());
        assert_eq!(named, Some(expected), "{json}");
    }
}

#[test]
fn what_a_reader_does_not_know_it_may_leave_out() {
    let mut books = agreed();
    let receipt = books.receipt(1);
    (receipt.merchant, receipt.printed_at, receipt.subtotal) = (None, None, None);
    assert_eq!(books.troubles(), []);
}

#[test]
fn a_message_with_another_amount_till_or_name_is_wrong() {
    let spoil: [Swap; 3] = [
        |books| {
            let total = books.slips[0].event.receipt.as_ref().and_then(|r| r.total);
            (format!("HK${}", total.expect("a total")), "HK$0.10".to_owned())
        },
        |_| ("counter-1".to_owned(), "counter-9".to_owned()),
        |books| {
            let receipt = books.slips[0].event.receipt.as_ref().expect("a receipt");
            (receipt.items[0].name.clone(), "\u{FFFD}\u{FFFD}".to_owned())
        },
    ];
    for spoil in spoil {
        let mut books = agreed();
        let (from, to) = spoil(&books);
        books.group[0].text = books.group[0].text.replace(&from, &to);
        let troubles = books.troubles();
        let named = matches!(
            troubles.as_slice(),
            [(Some(1), What::Mistold { .. } | What::TextMistold { .. })]
        );
        assert!(named, "{troubles:?}");
    }
}

#[test]
fn an_event_at_another_till_is_the_same_slip_at_the_wrong_till() {
    let mut books = agreed();
    books.event(1).source = "counter-2".to_owned();
    let troubles = books.troubles();
    let [(Some(2), What::WrongField { field, .. })] = troubles.as_slice() else {
        panic!("{troubles:?}");
    };
    assert_eq!(field, "source");
}

#[test]
fn what_nobody_sold_is_strange_and_news_of_the_bridge_are_not() {
    let mut books = agreed();
    books.group.push(Shown::untimed("owner".into(), None, "#9999 HK$1.00".to_owned()));
    let paper = "counter-1: the printer has no paper".to_owned();
    books.group.push(Shown::untimed("owner".into(), None, paper));
    let mut refund = Event { id: id(50), kind: Kind::Refund, ..books.event(0).clone() };
    refund.receipt.as_mut().expect("a receipt").number = Some("2000".to_owned());
    let mut drawer = Event { id: id(51), receipt: None, ..refund.clone() };
    drawer.kind = Kind::DrawerOpened;
    let seen = [refund, drawer].map(|event| Journalled { at_us: 0, event });
    books.journal_mut().extend(seen);
    let troubles = books.troubles();
    let expected = matches!(
        troubles.as_slice(),
        [
            (None, What::StrangeEvent { kind: Kind::Refund, .. }),
            (None, What::StrangeMessage { .. })
        ]
    );
    assert!(expected, "{troubles:?}");
    assert_eq!(books.settle(&bounds()).totals.wrong, 2);
}

#[test]
fn late_is_what_exceeds_the_bound_less_the_time_in_which_nobody_could_tell() {
    let late = |books: &Books| books.settle(&bounds()).totals.late;
    let mut books = agreed();
    books.group[0].shown_us = 10 * SECOND + 600 * SECOND;
    assert_eq!(late(&books), 0);
    books.group[0].shown_us += 1;
    assert_eq!(late(&books), 1);
    let away = Excused {
        from_us: 0,
        until_us: 11 * SECOND,
        robot: Some("owner".into()),
        why: "network away".into(),
    };
    books.excused.push(away);
    assert_eq!(late(&books), 0, "a second of it was away");
    books.excused[0].robot = Some("another".into());
    assert_eq!(late(&books), 1);
    let urgent =
        Bounds { urgent_kinds: vec![Kind::Sale], urgent: Duration::from_secs(1), ..bounds() };
    assert_eq!(agreed().settle(&urgent).totals.late, 3);
}

#[test]
fn a_torn_print_accounts_for_one_piece_at_its_own_till() {
    let mut books = agreed();
    let piece = Event { id: id(60), kind: Kind::Unread, receipt: None, ..books.event(0).clone() };
    books.journal_mut().insert(1, Journalled { at_us: 0, event: piece.clone() });
    books.torn.insert("counter-2".to_owned(), 1);
    assert_eq!(books.settle(&bounds()).totals.wrong, 1);
    books.slips[1].torn = 1;
    assert_eq!(books.troubles(), []);
    books.journal_mut().push(Journalled { at_us: 0, event: Event { id: id(61), ..piece } });
    assert_eq!(books.settle(&bounds()).totals.wrong, 1);
}

#[test]
fn a_damaged_slip_closes_where_the_damage_is_told_and_never_as_a_clean_wrong_amount() {
    let mut damaged = agreed();
    damaged.slips[1].damaged = true;
    let mut unread = damaged.clone();
    let event = unread.event(1);
    (event.kind, event.receipt) = (Kind::Unread, None);
    unread.group.remove(1);
    assert_eq!(unread.troubles(), [], "told as what it is");
    assert_eq!(unread.settle(&bounds()).totals.delivered, 3);
    let mut off = damaged.clone();
    off.receipt(1).total = Some(Amount::new(100, 2));
    off.event(1).verdict = Some(Verdict::Off);
    let event = off.event(1).clone();
    off.group[1] = message(&event, 30 * SECOND);
    let troubles = off.troubles();
    assert!(matches!(troubles[..], [(Some(2), What::Mistold { .. })]), "{troubles:?}");
    off.group[1].text.push_str("\n⚠ Amounts do not add up");
    assert_eq!(off.troubles(), [], "told with a warning");
    off.event(1).verdict = Some(Verdict::Balanced);
    let troubles = off.troubles();
    assert!(matches!(troubles[..], [(Some(2), What::DamageHidden { .. })]), "{troubles:?}");
    let mut silent = damaged.clone();
    silent.journal_mut().remove(1);
    silent.group.remove(1);
    assert!(silent.settle(&bounds()).totals.lost == 1, "damage is no excuse for silence");
    let mut letter = damaged;
    letter.receipt(1).items[0].name.push('!');
    assert_eq!(letter.troubles(), [], "nobody can tell");
}

#[test]
fn a_damaged_slip_may_swallow_the_next_one_and_come_apart() {
    let mut books = agreed();
    books.slips[0].damaged = true;
    let swallowed = books.receipt(1).number.clone().expect("a number");
    books.journal_mut().remove(1);
    books.group.remove(1);
    let event = books.event(0);
    event.text = Some(format!("收銀\n單號：{swallowed}"));
    odd(event, Code::DoesNotAddUp);
    let piece = Event { id: id(70), kind: Kind::Document, receipt: None, ..event.clone() };
    books.journal_mut().insert(1, Journalled { at_us: 0, event: piece });
    assert_eq!(books.troubles(), []);
    assert_eq!(books.settle(&bounds()).totals.delivered, 3);
    books.slips[0].damaged = false;
    assert!(books.settle(&bounds()).totals.lost == 1, "a sound slip swallows nothing");
}

#[test]
fn what_a_deaf_tap_did_not_hear_is_excused_only_with_a_gap_in_the_journal() {
    let mut books = agreed();
    books.journal_mut().remove(1);
    books.group.remove(1);
    let lost = books.troubles();
    assert_eq!(lost.len(), 2);
    let (from_us, until_us) = (19 * SECOND, 22 * SECOND);
    books.deaf.push(Deaf { source: "counter-1".into(), from_us, until_us });
    books.slips.iter_mut().for_each(|slip| slip.began_us = slip.printed_us);
    assert_eq!(books.troubles(), lost, "no gap, no excuse");
    odd(books.event(1), Code::GapBefore);
    let account = books.settle(&bounds());
    assert!(account.closes(), "{:?}", account.troubles);
    assert_eq!((account.totals.unheard, account.totals.lost), (1, 0));
    assert_eq!(account.unheard[0].slip.as_ref().map(|slip| slip.n), Some(2));
    books.deaf[0].source = "counter-2".into();
    assert_eq!(books.troubles(), lost, "another till's deafness");
}

#[test]
fn a_trouble_says_everything_that_is_needed_to_see_it_again() {
    let mut books = agreed();
    books.receipt(1).total = Some(Amount::new(100, 2));
    let total = books.slips[1].event.receipt.as_ref().and_then(|r| r.total).expect("a total");
    let said = books.settle(&bounds()).troubles[0].to_string();
    assert_eq!(
        said,
        format!(
            "slip 2, sale #1002 at counter-1 (till 0, seed 7, wire.bin 1000+500): \
             the total is {total}, the journal says 1.00"
        )
    );
}

#[test]
fn a_hundred_thousand_slips_of_two_thousand_tills_take_seconds() {
    const TILLS: u32 = 2_000;
    const LIMIT: Duration = Duration::from_mins(1);
    let mut books = books(TILLS, 50);
    let lines = digest(&books);
    // As digests of a hundred lines, which is the slow way: no message quotes an id.
    let lines: Vec<&str> = lines.text.lines().skip(1).collect();
    books.group = lines
        .chunks(100)
        .map(|lines| Shown::untimed("owner".into(), None, lines.join("\n")))
        .collect();
    let began = Instant::now();
    let account = books.settle(&bounds());
    let took = began.elapsed();
    assert!(account.closes(), "{:?}", &account.troubles[..3]);
    assert_eq!(account.totals.delivered, 100_000);
    // Generous for a busy machine: what grows with the square takes hours.
    assert!(took < LIMIT, "{took:?}");
}

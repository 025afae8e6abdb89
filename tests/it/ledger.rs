//! The ledger: whatever is wrong with a bridge's telling is named, and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use pos_protocol::event::{Event, EventId, Kind, SessionId};
use pos_protocol::money::Amount;
use pos_tests::receipts;
use pos_tests::row::Row;
use pos_tests::street;
use possim::ledger::{Account, Books, Bounds, Journalled, Shown, Slip};
use possim::print::Style;
use possim::shop::{Language, OPENING, Shop, Till};
use possim::truth;
use proptest::prelude::*;

/// Sales of a run: enough that each kind of sabotage strikes several times.
const SALES: u64 = 300;
/// Slips of each shop in each style.
const SLIPS: usize = 12;

fn bounds() -> Bounds {
    Bounds { told_kinds: vec![Kind::Sale], shows_items: true, ..Bounds::default() }
}

/// The troubles' names in JSON, by slip; 0 where there is none.
fn named(account: &Account) -> BTreeMap<u64, BTreeSet<String>> {
    let mut named: BTreeMap<u64, BTreeSet<String>> = BTreeMap::new();
    for trouble in &account.troubles {
        let json = serde_json::to_value(&trouble.what).expect("plain data");
        let name = json["trouble"].as_str().expect("a tag").to_owned();
        let n = trouble.slip.as_ref().map_or(0, |slip| slip.n);
        named.entry(n).or_default().insert(name);
    }
    named
}

#[test]
fn a_bridge_broken_on_purpose_is_caught_and_each_loss_double_and_alteration_named() {
    let (drop, double, alter) = (50, 70, 90);
    let every = |every: u64| (1..=SALES).filter(move |n| n.is_multiple_of(every));
    let order = format!("drop={drop},double={double},alter={alter}");
    let notices = SALES - every(drop).count() as u64 + every(double).count() as u64;
    let books = Row::open(3, &["--sabotage", &order]).sell(SALES as usize, notices);
    let account = books.settle(&bounds());
    let mut expected: BTreeMap<u64, BTreeSet<String>> = BTreeMap::new();
    let struck = [
        (drop, ["not_journalled", "not_told"]),
        (double, ["journalled_again", "told_again"]),
        (alter, ["wrong_amount", "mistold"]),
    ];
    for (often, names) in struck {
        for n in every(often) {
            expected.entry(n).or_default().extend(names.map(str::to_owned));
        }
    }
    assert_eq!(named(&account), expected, "{:#?}", account.troubles);
    let totals = account.totals;
    assert_eq!((totals.sold, totals.lost, totals.duplicated, totals.wrong), (300, 6, 4, 3));
}

#[test]
fn the_same_trade_through_a_sound_bridge_closes() {
    let account = Row::open(3, &[]).sell(SALES as usize, SALES).settle(&bounds());
    assert!(account.closes(), "{:#?}", account.troubles);
    assert_eq!((account.totals.sold, account.totals.delivered), (300, 300));
}

/// How a bridge tells the group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Manner {
    /// A message for each, which quotes the event's id.
    Quoting,
    /// A message for each.
    Each,
    /// One message for all, a line for each.
    Together,
}

/// One mistake of a bridge, at one slip.
#[derive(Clone, Copy, Debug)]
enum Mistake {
    Unjournalled,
    Untold,
    Lost,
    JournalledAgain,
    ToldAgain,
    Amount,
    Kind,
    ItemName,
    Number,
    Till,
    AmountTold,
    Late,
}

impl Mistake {
    const ALL: [(Self, &'static [&'static str]); 12] = [
        (Self::Unjournalled, &["told_unjournalled"]),
        (Self::Untold, &["not_told"]),
        (Self::Lost, &["not_journalled", "not_told"]),
        (Self::JournalledAgain, &["journalled_again"]),
        (Self::ToldAgain, &["told_again"]),
        (Self::Amount, &["wrong_amount"]),
        (Self::Kind, &["wrong_kind"]),
        (Self::ItemName, &["wrong_text"]),
        (Self::Number, &["wrong_field"]),
        (Self::Till, &["wrong_field"]),
        (Self::AmountTold, &["mistold"]),
        (Self::Late, &["late"]),
    ];

    fn make(self, books: &mut Books, at: usize) {
        let spare = EventId::parse(&"f".repeat(32)).expect("32 hex digits");
        let journal = books.journal.as_mut().expect("a journal");
        let event = &mut journal[at].event;
        match self {
            Self::Unjournalled => drop(journal.remove(at)),
            Self::Untold => untell(&mut books.group, at),
            Self::Lost => {
                journal.remove(at);
                untell(&mut books.group, at);
            }
            Self::JournalledAgain => {
                let again = Event { id: spare, ..event.clone() };
                journal.push(Journalled { at_us: 0, event: again });
            }
            Self::ToldAgain => match books.group.as_mut_slice() {
                [all] => {
                    let line = all.text.lines().nth(at).expect("a line").to_owned();
                    all.text = format!("{}\n{line}", all.text);
                }
                each => {
                    let again = each[at].clone();
                    books.group.push(again);
                }
            },
            Self::Amount => {
                let total = &mut event.receipt.as_mut().expect("a receipt").total;
                *total = total.map(|total| Amount::new(total.minor() + 7, total.digits()));
            }
            Self::Kind => event.kind = Kind::Refund,
            Self::ItemName => {
                let item = &mut event.receipt.as_mut().expect("a receipt").items[0];
                // UTF-8 read as Latin-1.
                item.name = item.name.bytes().map(char::from).collect();
            }
            Self::Number => {
                event.receipt.as_mut().expect("a receipt").number = Some("77".to_owned());
            }
            Self::Till => event.source.push('0'),
            Self::AmountTold => {
                let total = books.slips[at].event.receipt.as_ref().and_then(|r| r.total);
                let told = format!("HK${}", total.expect("a total"));
                let line = if books.group.len() == 1 { at } else { 0 };
                let message = books.group.len().min(at + 1) - 1;
                let text = &mut books.group[message].text;
                let lines = text.lines().enumerate().map(|(index, text)| {
                    if index == line { text.replace(&told, "HK$0.07") } else { text.to_owned() }
                });
                *text = lines.collect::<Vec<_>>().join("\n");
            }
            Self::Late => {
                // What is told together is late together, but only this one waited for so long.
                let longest = 600 * 1_000_000;
                let message = books.group.len().min(at + 1) - 1;
                let shown = &mut books.group[message].shown_us;
                *shown = longest + 1;
                books.slips.iter_mut().for_each(|slip| slip.printed_us = longest);
                books.slips[at].printed_us = 0;
            }
        }
    }
}

fn untell(group: &mut Vec<Shown>, at: usize) {
    match group.as_mut_slice() {
        [all] => {
            let mut lines: Vec<&str> = all.text.lines().collect();
            lines.remove(at);
            all.text = lines.join("\n");
        }
        _ => drop(group.remove(at)),
    }
}

/// Books of tills that print the same numbers, on which everybody agrees.
fn agreed(tills: usize, sales: usize, seed: u64, manner: Manner) -> Books {
    let mut books = Books { seed, journal: Some(Vec::new()), ..Books::default() };
    let journal = books.journal.as_mut().expect("it was made");
    let name = |till| format!("counter-{}", till + 1);
    let open = |till| Till::open(&Shop::ALL[0], seed + till as u64, &name(till), 1_001, OPENING);
    let mut open: Vec<Till> = (0..tills).map(open).collect();
    for turn in 0..tills * sales {
        let (till, n) = (turn % tills, turn as u64 + 1);
        let sold = truth::event(&open[till].sell(), Language::ZhHant, &name(till));
        let session = SessionId { journal: "j".into(), source: name(till), epoch: 0 };
        let event = Event { id: session.event(0, n, 0), ..sold.clone() };
        books.group.push(message(&event, manner));
        books.slips.push(Slip { till: till as u32, ..Slip::untimed(n, sold) });
        journal.push(Journalled { at_us: 0, event });
    }
    if manner == Manner::Together {
        let lines: Vec<String> = books.group.drain(..).map(|shown| shown.text).collect();
        books.group = vec![Shown::untimed("owner".into(), None, lines.join("\n"))];
    }
    books
}

fn message(event: &Event, manner: Manner) -> Shown {
    let receipt = event.receipt.as_ref().expect("a receipt");
    let number = receipt.number.as_deref().expect("a number");
    let total = receipt.total.expect("a total");
    let source = &event.source;
    let goods: Vec<&str> = receipt.items.iter().map(|item| item.name.as_str()).collect();
    let text = match manner {
        Manner::Together => format!("11:02 {source} #{number} HK${total}"),
        Manner::Each => format!("單號{number} HK${total}\n{source}\n{}", goods.join("\n")),
        Manner::Quoting => {
            let id = event.id.short();
            format!("收銀 #{number} HK${total}\n{source}\n{}\n編號：{id}", goods.join("\n"))
        }
    };
    Shown::untimed("owner".into(), None, text)
}

proptest! {
    #[test]
    fn one_mistake_anywhere_in_books_that_close_is_named_and_nothing_else(
        tills in 1_usize..5,
        sales in 2_usize..12,
        seed in 0_u64..1_000,
        at in any::<prop::sample::Index>(),
        mistake in prop::sample::select(Mistake::ALL.to_vec()),
        manner in prop::sample::select(vec![Manner::Quoting, Manner::Each, Manner::Together]),
    ) {
        let mut books = agreed(tills, sales, seed, manner);
        let account = books.settle(&bounds());
        prop_assert!(account.closes(), "{:?}", account.troubles);
        let at = at.index(books.slips.len());
        mistake.0.make(&mut books, at);
        let account = books.settle(&bounds());
        let names = mistake.1.iter().map(|name| (*name).to_owned()).collect();
        let expected: BTreeMap<u64, BTreeSet<String>> = [(at as u64 + 1, names)].into();
        prop_assert_eq!(named(&account), expected, "{:?}", account.troubles);
    }
}

#[test]
fn what_our_decoder_reads_of_the_street_closes() {
    let nobody = Bounds { told_kinds: Vec::new(), ..Bounds::default() };
    let mut slips = 0;
    for style in Style::ALL.iter().filter(|style| receipts::sends_text(style)) {
        for shop in receipts::shops(style) {
            let pairs = street::pairs(style, shop, 5, SLIPS);
            slips += pairs.len();
            let journal = pairs.iter().filter_map(|pair| pair.read.clone()).collect();
            let sold = pairs.into_iter().map(|pair| pair.truth).collect();
            let account = Books::untimed(sold, journal, Vec::new()).settle(&nobody);
            assert!(account.closes(), "{} {}: {:#?}", style.name, shop.id, account.troubles);
        }
    }
    assert!(slips > 1_000, "only {slips} slips were read");
}

//! What must hold of the stock whatever is sold, entered, sent twice or cut off in between.

use std::path::Path;
use std::sync::Arc;

use pos_protocol::event::{Entry, Event, Kind};
use proptest::prelude::*;
use rust_decimal::Decimal;
use serde_json::json;

use super::samples::{at, entered, import, kept, left, line, sale, slip};
use super::{Accept, StockError, accept, shelf};
use crate::config::{Config, Language, Mode, Robot, Shop};
use crate::journal::{Memory, Understand as _};
use crate::shop::{Clerk, Finding, FindingKind};

/// Something that happens at the till or behind it; each minute one.
#[derive(Clone, Debug)]
enum Step {
    /// Pearl teas, some with more pearls, and lemon teas.
    Sold { pearl: u32, more: bool, lemon: u32 },
    /// As many lemon teas come back.
    Refunded { lemon: u32 },
    /// The sale of so many steps ago is taken back.
    Voided { back: usize },
    /// A slip that sells nothing.
    Other(Kind),
    /// So many lemon teas were counted, minutes ago.
    Counted { lemon: u32, ago: i64 },
    /// So many grams of pearls came in.
    Received { grams: u32 },
}

fn step() -> impl Strategy<Value = Step> {
    let nothing = [Kind::Reprint, Kind::Bill, Kind::KitchenOrder, Kind::Training];
    prop_oneof![
        6 => (0..4_u32, any::<bool>(), 0..4_u32)
            .prop_map(|(pearl, more, lemon)| Step::Sold { pearl, more, lemon }),
        1 => (1..3_u32).prop_map(|lemon| Step::Refunded { lemon }),
        1 => (1..6_usize).prop_map(|back| Step::Voided { back }),
        2 => prop::sample::select(nothing.to_vec()).prop_map(Step::Other),
        1 => (0..50_u32, 0..5_i64).prop_map(|(lemon, ago)| Step::Counted { lemon, ago }),
        1 => (1..900_u32).prop_map(|grams| Step::Received { grams }),
    ]
}

fn number(place: usize) -> u64 {
    1_000 + place as u64
}

fn event(place: usize, step: &Step) -> Event {
    let minutes = place as i64 + 1;
    let (number, further) = (number(place), json!({}));
    match step {
        Step::Sold { pearl, more, lemon } => {
            let (pearl, lemon) = (pearl.to_string(), lemon.to_string());
            let more: &[&str] = if *more { &["少冰", "+ 加珍珠"] } else { &[] };
            let lines = [("ＰＥＡＲＬ tea", &*pearl, more), ("Lemon Tea", &*lemon, &[][..])];
            slip(Kind::Sale, number, minutes, &lines, further)
        }
        Step::Refunded { lemon } => {
            let lines = [("檸檬茶", &*lemon.to_string(), &[][..])];
            slip(Kind::Refund, number, minutes, &lines, further)
        }
        Step::Voided { back } => {
            let original = number.saturating_sub(*back as u64).to_string();
            let further = json!({"original_number": original});
            slip(Kind::Void, number, minutes, &[], further)
        }
        Step::Other(kind) => slip(*kind, number, minutes, &[("檸檬茶", "3", &[])], further),
        Step::Counted { lemon, ago } => {
            let at = Some(at((minutes - ago).max(1)));
            entered(minutes, Entry::Count { lines: line("檸檬茶", &lemon.to_string()), at })
        }
        Step::Received { grams } => {
            entered(minutes, Entry::Receive { lines: line("珍珠", &grams.to_string()), at: None })
        }
    }
}

/// Pearls and lemon teas that are left, counted by hand: what each minute changed, then the sum of
/// what came after the last count.
fn naive(steps: &[Step]) -> (i64, i64) {
    let mut pearls = 1_000;
    let mut lemon: Vec<(i64, i64)> = Vec::new();
    let mut count = (0_i64, 10_i64);
    let mut voided: Vec<usize> = Vec::new();
    for (place, step) in steps.iter().enumerate() {
        let minute = place as i64 + 1;
        match step {
            Step::Sold { pearl, more, lemon: cups } => {
                pearls -= i64::from(*pearl) * if *more { 90 } else { 60 };
                lemon.push((minute, -i64::from(*cups)));
            }
            Step::Refunded { lemon: cups } => lemon.push((minute, i64::from(*cups))),
            Step::Voided { back } => {
                let Some(of) = place.checked_sub(*back) else { continue };
                if let Step::Sold { pearl, more, lemon: cups } = &steps[of]
                    && !voided.contains(&of)
                {
                    voided.push(of);
                    pearls += i64::from(*pearl) * if *more { 90 } else { 60 };
                    lemon.push((minute, i64::from(*cups)));
                }
            }
            Step::Counted { lemon: cups, ago } => {
                let at = (minute - ago).max(1);
                // Counts of one minute: the one that was entered later.
                if at >= count.0 {
                    count = (at, i64::from(*cups));
                }
            }
            Step::Received { grams } => pearls += i64::from(*grams),
            Step::Other(_) => {}
        }
    }
    let after = lemon.iter().filter(|(minute, _)| *minute > count.0);
    (pearls, count.1 + after.map(|(_, change)| change).sum::<i64>())
}

proptest! {
    #[test]
    fn levels_are_those_that_are_counted_by_hand_and_rows_are_the_same_after_a_crash(
        steps in prop::collection::vec(step(), 0..40),
        again in prop::collection::vec((0..40_usize, 0..10_usize), 0..6),
    ) {
        let mut events = vec![import()];
        events.extend(steps.iter().enumerate().map(|(place, step)| event(place, step)));
        let rows = kept(&events);
        let (pearls, lemon) = naive(&steps);
        prop_assert_eq!(left(&rows, "珍珠"), pearls.to_string());
        prop_assert_eq!(left(&rows, "檸檬茶"), lemon.to_string());
        // Cut off at some place, the ring is read again from somewhere before it.
        let mut fed = events.clone();
        for (place, before) in again {
            let place = place.min(fed.len());
            let from = place.saturating_sub(before);
            let repeated: Vec<Event> = fed[from..place].to_vec();
            fed.splice(place..place, repeated);
        }
        prop_assert_eq!(kept(&fed).dump(), rows.dump());
        prop_assert_eq!(kept(&events).dump(), rows.dump(), "rebuilt from the journal");
    }

    #[test]
    fn the_order_in_which_slips_and_entries_become_known_makes_no_level(
        (steps, order) in prop::collection::vec(step(), 0..20).prop_flat_map(|steps| {
            let order: Vec<usize> = (0..steps.len()).collect();
            (Just(steps), Just(order).prop_shuffle())
        }),
    ) {
        // A void is about a sale that is known.
        let none = |step: &Step| matches!(step, Step::Voided { .. });
        let event = |place: &usize| event(*place, &steps[*place]);
        let straight = (0..steps.len()).filter(|place| !none(&steps[*place])).collect::<Vec<_>>();
        let shuffled = order.into_iter().filter(|place| !none(&steps[*place])).collect::<Vec<_>>();
        let books = |order: &[usize]| {
            let events: Vec<Event> = std::iter::once(import()).chain(order.iter().map(event)).collect();
            let dump = kept(&events).dump();
            let levels = dump.lines().filter(|row| {
                row.starts_with("stock_level\t") || row.starts_with("stock_move\t")
            });
            levels.map(str::to_owned).collect::<Vec<_>>()
        };
        prop_assert_eq!(books(&straight), books(&shuffled));
    }
}

/// A clerk of one robot that hears of everything found.
fn clerk(mode: Mode) -> Clerk {
    let robot = Robot {
        findings: vec![FindingKind::LowStock],
        ..Robot::for_tests("owner", "http://127.0.0.1/?access_token=t")
    };
    let shop = Shop::for_tests(Language::ZhHk);
    let config = Config::for_tests(Path::new("unused"), shop, vec![robot]);
    Clerk::new(Arc::new(Config { mode, ..config }))
}

/// What a robot is told of these events, in order.
fn told(events: &[Event]) -> Vec<Finding> {
    let mut rows = Memory::default();
    let mut told = Vec::new();
    for event in events {
        let found = clerk(Mode::Live).event(event, &mut rows).expect("memory");
        for finding in found.findings {
            assert!(finding.urgent);
            told.push(serde_json::from_str(&finding.body).expect("a finding"));
        }
    }
    told
}

#[test]
fn what_runs_out_is_told_once_with_what_it_takes_to_act() {
    let mut events = vec![import()];
    events.extend((0..9).map(|n| sale(2_000 + n, 10 * n as i64 + 10, "檸檬茶", "1")));
    let told = told(&events);
    let [Finding::Stock(low)] = &told[..] else { panic!("{told:?}") };
    assert_eq!((low.article.as_str(), low.left), ("檸檬茶", Decimal::from(3)));
    // Seven in an hour and ten minutes at noon: three more last another half hour.
    assert_eq!(low.gone_at.map(|at| at.to_string()).as_deref(), Some("13:40:00"));
}

#[test]
fn an_ingredient_runs_out_by_the_drinks_that_take_it() {
    let told = told(&[import(), sale(1, 1, "Pearl Tea", "12"), sale(2, 2, "珍珠奶茶", "5")]);
    let names = told.iter().map(|finding| {
        let Finding::Stock(alert) = finding else { panic!("{finding:?}") };
        format!("{} {}", alert.article, alert.left)
    });
    assert_eq!(names.collect::<Vec<_>>(), ["珍珠 280", "珍珠 -20"]);
}

#[test]
fn a_catalogue_that_is_imported_in_practice_is_there_when_the_shop_goes_live() {
    let mut rows = Memory::default();
    let practice = clerk(Mode::Setup);
    let count = entered(
        1,
        Entry::Cash { amount: pos_protocol::money::Amount::new(500, 2), till: None, at: None },
    );
    for (event, test) in [(import(), false), (sale(1, 1, "檸檬茶", "5"), true), (count, true)] {
        assert_eq!(practice.is_practice(&event), test, "{}", event.kind);
        practice.event(&Event { test, ..event }, &mut rows).expect("memory");
    }
    assert_eq!(left(&rows, "檸檬茶"), "10");
}

#[test]
fn a_new_catalogue_keeps_levels_and_forgets_what_it_has_not() {
    let mut events = vec![import(), sale(1, 1, "檸檬茶", "2"), sale(2, 2, "西多士", "1")];
    let rows = kept(&events);
    assert_eq!(shelf(&rows, "", 0).expect("memory").1[0].name, "西多士");
    let csv = "name,aliases,unit,start\n檸檬茶,,cup,99\n多士,西多士,each,5\n";
    let articles = crate::shop::catalogue::parse(csv.as_bytes(), Path::new("c.csv"), None);
    events.push(entered(3, Entry::Catalogue { articles: articles.expect("good") }));
    let rows = kept(&events);
    assert_eq!((left(&rows, "檸檬茶"), left(&rows, "多士")), ("8".into(), "5".into()));
    assert_eq!(left(&rows, "珍珠"), "unknown");
    assert_eq!(shelf(&rows, "", 0).expect("memory").1, Vec::new());
    assert!(!rows.dump().contains("stock_move\t\t珍珠"));
}

#[test]
fn a_correction_takes_back_what_was_read_first() {
    let first = sale(1, 1, "檸檬茶", "5");
    let mut better = slip(Kind::Correction, 1, 3, &[("檸檬茶", "1", &[])], json!({}));
    better.corrects = Some(first.id);
    let rows = kept(&[import(), first, better]);
    assert_eq!(left(&rows, "檸檬茶"), "9");
}

fn refused<T: std::fmt::Debug>(entry: Result<T, StockError>) -> String {
    entry.expect_err("refused").to_string()
}

#[test]
fn an_entry_that_cannot_be_is_refused_with_what_was_probably_meant() {
    let rows = kept(&[import()]);
    let shops = [String::new()].into();
    let now_ms = 1_795_240_800_000;
    let by = Accept { rows: &rows, shops: &shops, now_ms };
    let judge = |entry| accept(entered(60, entry), &by);
    let set = |article: &str, quantity: &str| {
        judge(Entry::Set { lines: line(article, quantity) }).map(|event| event.inventory)
    };
    let kept = set("ＬＥＭＯＮ　tea", "5").expect("the same name").expect("an entry");
    assert_eq!(kept.entry, Entry::Set { lines: line("檸檬茶", "5") });
    let unknown = refused(set("檸蒙茶", "5"));
    assert!(unknown.contains("found \"檸蒙茶\"") && unknown.contains("did you mean \"檸檬茶\"?"));
    assert!(refused(set("珍珠奶茶", "5")).contains("count what it takes: 珍珠, 奶"));
    assert!(refused(set("檸檬茶", "-1")).contains("expected 0 or more"));
    let twice = [line("檸檬茶", "1"), line("Lemon tea", "2")].concat();
    assert!(refused(judge(Entry::Set { lines: twice })).contains("twice"));
    assert!(refused(judge(Entry::Set { lines: Vec::new() })).contains("found 0"));
    let count = |at: &str| {
        let at = Some(at.to_owned());
        judge(Entry::Count { lines: line("檸檬茶", "1"), at })
    };
    count("2026-11-21T04:00:00Z").expect("an hour ago");
    for at in ["2026-11-21T05:00:01Z", "2026-10-01T00:00:00Z", "yesterday"] {
        assert!(refused(count(at)).contains("within the last 35 days"), "{at}");
    }
    let elsewhere = Accept { shops: &["north".to_owned()].into(), ..by };
    let entry = Entry::Set { lines: line("檸檬茶", "1") };
    let shop = accept(entered(60, entry), &elsewhere).expect_err("no such shop").to_string();
    assert!(shop.contains("expected a shop (\"north\"), found \"\""), "{shop}");
}

#[test]
fn each_shop_has_a_stock_of_its_own() {
    let north = |minutes, entry| {
        let mut event = entered(minutes, entry);
        event.inventory.as_mut().expect("an entry").shop = Some("north".into());
        event
    };
    let catalogue = import().inventory.expect("an entry").entry;
    let set = Entry::Set { lines: line("檸檬茶", "3") };
    let events = [import(), north(1, catalogue), north(2, set), sale(1, 3, "檸檬茶", "1")];
    let rows = kept(&events);
    let left = |shop| {
        let (shelves, _) = shelf(&rows, shop, 0).expect("memory");
        shelves.into_iter().find(|shelf| shelf.article.name == "檸檬茶").and_then(|tea| tea.left)
    };
    assert_eq!((left(""), left("north")), (Some(9.into()), Some(3.into())));
}

#[test]
fn what_is_left_beside_a_sale_is_what_was_left_then() {
    let (first, second) = (sale(1, 1, "檸檬茶", "2"), sale(2, 5, "Pearl tea", "2"));
    let rows = kept(&[import(), first.clone(), second.clone(), sale(3, 9, "檸檬茶", "3")]);
    let left = |event| {
        let all = super::left(&rows, "", event).expect("memory");
        all[0].map(|left| format!("{} {}", left.quantity, left.unit.as_str()))
    };
    assert_eq!(left(&first).as_deref(), Some("8 cup"));
    // 880 g of pearls and 4.6 l of milk make fourteen more.
    assert_eq!(left(&second).as_deref(), Some("14 cup"));
    assert_eq!(left(&sale(4, 10, "西多士", "1")), None);
}

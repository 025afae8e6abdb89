//! A sale that is printed and pushed counts once, in whichever order it is heard of.

use std::sync::Arc;

use pos_protocol::event::{Event, Kind};
use proptest::prelude::*;
use serde_json::json;

use super::{Batch, Delivery, Journal, JournalReader, Understand};
use crate::config::{Config, Hooks, Language, Pushed, Shop, parse_in};
use crate::inbound::Scheme;
use crate::journal::{Became, NewNotice};
use crate::shop::samples::slip;
use crate::shop::{Clerk, Day, cash_since};

fn clerk(dir: &std::path::Path) -> Arc<dyn Understand> {
    let mut config = Config::for_tests(dir, Shop::for_tests(Language::En), Vec::new());
    config.hooks = Some(Hooks::for_tests(Pushed::default()));
    Arc::new(Clerk::new(Arc::new(config)))
}

/// The sale `number` as one of the tills or the provider tells it.
fn told_by(source: &str, number: u32) -> Event {
    let event = slip(Kind::Sale, &number.to_string(), "36.00", json!({}));
    let session =
        pos_protocol::event::SessionId { journal: "j".into(), source: source.into(), epoch: 0 };
    Event { id: session.event(0, number.into(), 0), source: source.into(), ..event }
}

fn keep(journal: &Journal, shop: &Arc<dyn Understand>, event: Event) {
    let notices =
        vec![NewNotice { event_id: event.id, robot: "owner".into(), urgent: false, created_ms: 1 }];
    let batch =
        Batch { events: vec![event], notices, shop: Some(Arc::clone(shop)), ..Batch::default() };
    journal.commit(batch).expect("kept");
}

/// The day's sales: how many, and their sum.
fn takings(journal: &Journal) -> (i64, String) {
    takings_of(journal, "")
}

fn takings_of(journal: &Journal, shop: &str) -> (i64, String) {
    let reader = JournalReader::open(journal.path()).expect("opens");
    let day: Option<Day> = {
        use super::Rows as _;
        let rows = reader.books();
        let body = rows.read("day", shop, "2026-11-21").expect("reads");
        body.map(|body| serde_json::from_str(&body).expect("a day"))
    };
    day.map_or((0, "0".into()), |day| (day.sales.count, day.sales.amount.to_string()))
}

fn told(journal: &Journal) -> usize {
    let reader = JournalReader::open(journal.path()).expect("opens");
    reader.outbox(super::OutboxState::Queued, 100).expect("reads").len()
}

#[test]
fn the_second_account_counts_nothing_more_and_is_told_to_nobody() {
    for order in [["counter-1", "hooks/square"], ["hooks/square", "counter-1"]] {
        let dir = tempfile::tempdir().expect("a directory");
        let journal = Journal::open(&dir.path().join("j.db")).expect("opens");
        let shop = clerk(dir.path());
        for source in order {
            keep(&journal, &shop, told_by(source, 1_001));
        }
        assert_eq!(takings(&journal), (1, "36.00".into()), "{order:?}");
        assert_eq!(told(&journal), 1, "{order:?}");
        // The till's own shift has it, so that its Z report adds up.
        let reader = JournalReader::open(journal.path()).expect("opens");
        let shift = cash_since(&reader.books(), "", "counter-1").expect("reads");
        assert!(shift.is_some(), "{order:?}");
        if order[0] == "hooks/square" {
            let left = cash_since(&reader.books(), "", "hooks/square").expect("reads");
            assert_eq!(left, None, "what was pushed is taken back whole");
        }
        // Read again after a crash, from either side: nothing changes.
        for source in order {
            keep(&journal, &shop, told_by(source, 1_001));
        }
        assert_eq!(takings(&journal), (1, "36.00".into()), "{order:?}");
    }
}

#[test]
fn two_tills_that_count_alike_have_a_twin_each() {
    let dir = tempfile::tempdir().expect("a directory");
    let journal = Journal::open(&dir.path().join("j.db")).expect("opens");
    let shop = clerk(dir.path());
    let mut other = told_by("hooks/square", 1_001);
    other.id = told_by("hooks/square", 7).id;
    keep(&journal, &shop, told_by("hooks/square", 1_001));
    keep(&journal, &shop, other);
    for till in ["counter-1", "counter-2"] {
        keep(&journal, &shop, told_by(till, 1_001));
    }
    assert_eq!(takings(&journal), (2, "72.00".into()));
}

#[test]
fn a_till_of_another_shop_that_counts_alike_is_nobodys_twin() {
    let dir = tempfile::tempdir().expect("a directory");
    let journal = Journal::open(&dir.path().join("j.db")).expect("opens");
    let source = |name: &str, shop: &str| {
        format!(
            "[[source]]\nname = \"{name}\"\nshop = \"{shop}\"\nkind = \"file\"\npath = \"{name}\"\n"
        )
    };
    let text = format!(
        "[shop]\nname = \"明記\"\n{}{}[[robot]]\nname = \"owner\"\n\
         url = \"http://127.0.0.1/?access_token=t\"\n",
        source("counter-1", "central"),
        source("counter-2", "mongkok"),
    );
    let file = dir.path().join("posbridge.toml");
    let mut config =
        parse_in(&text, &file, &|_: &str| None).unwrap_or_else(|error| panic!("{error}")).0;
    let hooks = Hooks::for_tests(Pushed::default());
    config.hooks = Some(Hooks { shop: "mongkok".into(), ..hooks });
    let shop: Arc<dyn Understand> = Arc::new(Clerk::new(Arc::new(config)));
    for source in ["counter-1", "hooks/square", "counter-2"] {
        keep(&journal, &shop, told_by(source, 1_001));
    }
    assert_eq!(takings_of(&journal, "central"), (1, "36.00".into()), "its only account");
    assert_eq!(takings_of(&journal, "mongkok"), (1, "36.00".into()), "two accounts of one sale");
}

#[test]
fn where_nothing_is_pushed_no_print_is_taken_for_another() {
    let dir = tempfile::tempdir().expect("a directory");
    let journal = Journal::open(&dir.path().join("j.db")).expect("opens");
    let config = Config::for_tests(dir.path(), Shop::for_tests(Language::En), Vec::new());
    let shop: Arc<dyn Understand> = Arc::new(Clerk::new(Arc::new(config)));
    for till in ["counter-1", "counter-2"] {
        keep(&journal, &shop, told_by(till, 1_001));
    }
    assert_eq!(takings(&journal), (2, "72.00".into()));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn any_order_with_repeats_counts_each_sale_once(
        heard in prop::collection::vec((0..6_u32, any::<bool>()), 1..40),
    ) {
        let dir = tempfile::tempdir().expect("a directory");
        let journal = Journal::open(&dir.path().join("j.db")).expect("opens");
        let shop = clerk(dir.path());
        for (number, pushed) in &heard {
            let source = if *pushed { Scheme::Shopify.source() } else { "counter-1".to_owned() };
            keep(&journal, &shop, told_by(&source, 1_000 + number));
        }
        let numbers: std::collections::BTreeSet<u32> = heard.iter().map(|(n, _)| *n).collect();
        prop_assert_eq!(takings(&journal).0, numbers.len() as i64);
        prop_assert_eq!(told(&journal), numbers.len());
        // The books follow from the events alone.
        let reader = JournalReader::open(journal.path()).expect("opens");
        prop_assert_eq!(reader.check_books(&*shop).expect("reads").differs, None);
    }
}

#[tokio::test]
async fn a_call_is_kept_once_and_what_was_taken_back_before_counts_nothing() {
    let dir = tempfile::tempdir().expect("a directory");
    let path = dir.path().join("j.db");
    let journal = tokio::task::spawn_blocking(move || Journal::open(&path)).await;
    let journal = journal.expect("no panic").expect("opens");
    let shop = clerk(dir.path());
    let (sale, void) = (told_by("hooks/shopify", 1_001), told_by("hooks/shopify", 9));
    let void = Event { kind: Kind::Void, ..void };
    let call = |id: &str, unless: Vec<_>| Delivery {
        scheme: "shopify",
        id: id.into(),
        topic: "orders/paid".into(),
        became: Became::Events,
        received_ms: 1,
        body: b"{}".to_vec(),
        unless,
        alarm: None,
    };
    let batch = |event: &Event| Batch {
        events: vec![event.clone()],
        shop: Some(Arc::clone(&shop)),
        ..Batch::default()
    };
    let first = journal.receive(call("a", Vec::new()), batch(&void)).await.expect("kept");
    assert!(matches!(first, super::Received::New(_)));
    let again = journal.receive(call("a", Vec::new()), batch(&sale)).await.expect("kept");
    assert_eq!(again, super::Received::Known, "nothing of it is kept");
    let unless = vec![(sale.id, void.id)];
    journal.receive(call("b", unless), batch(&sale)).await.expect("kept");
    let counted = tokio::task::spawn_blocking(move || takings(&journal)).await.expect("no panic");
    assert_eq!(counted.0, 0);
}

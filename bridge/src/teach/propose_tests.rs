//! What is proposed is tried here once more, on its own: the profile loads, and a till's bytes read by
//! it say what was pointed at.

use std::sync::Arc;

use pos_protocol::event::{Event, Kind, SessionId};
use pos_protocol::limits::Limits;
use pos_protocol::money::Currency;
use pos_protocol::profile::{Encoding, Profile, Timing, check_samples, load};
use pos_protocol::session::{EndReason, Lane, Session};
use pos_protocol::time::Timestamp;
use proptest::prelude::*;

use super::{Meaning, Paper, Proposal, Refused, Rule, lines, propose};

const CAFE: &str = "CAFE LUMO\nRantakatu 5\nKuitti 004217  Poyta 12\n21.11.26 12.01\n\
    Kahvi         2 kpl a 2,50     5,00 E\nPulla         1 kpl a 3,20     3,20 E\n\
    Bonuspisteet                   8,20\nMaksettavaa                    8,20\n\
    Kateinen                      10,00\nTakaisin                       1,80\nKiitos kaynnista";
const NEW: (&str, &str) = ("lumo", "about = \"new\"\n");

fn paper(text: &str) -> Paper<'_> {
    let seen = Some(jiff::civil::date(2026, 11, 21));
    Paper { text, seen, currency: Some(Currency::HKD), hidden: &[] }
}

/// The place of the words `pointed` on line `index`.
fn places(text: &str, index: usize, pointed: &str) -> Vec<(usize, usize)> {
    let line = &lines(text)[index];
    let at = |word| line.words.iter().position(|range| &text[range.clone()] == word);
    pointed
        .split(' ')
        .map(|word| (index, at(word).unwrap_or_else(|| panic!("no {word}"))))
        .collect()
}

fn taught(
    text: &str,
    index: usize,
    pointed: &str,
    code: &str,
    base: &str,
) -> Result<Proposal, Refused> {
    let meaning = Meaning::parse(code).expect(code);
    propose(&paper(text), &places(text, index, pointed), meaning, ("lumo", base))
}

/// The paper as a till sends it: commands around it, Chinese in Big5.
fn printed(text: &str, profile: &str) -> Event {
    let mut bytes = b"\x1b@".to_vec();
    bytes.extend_from_slice(&encoding_rs::BIG5.encode(text).0);
    bytes.extend_from_slice(b"\n\n\x1dV\0");
    let profile = Profile {
        timing: Timing::File,
        encoding: Encoding::Big5,
        currency: Some(Currency::HKD),
        ..load(profile).expect("a profile")
    };
    let id = SessionId { journal: "t".into(), source: "t".into(), epoch: 0 };
    let mut session = Session::new(id, Arc::new(profile), Limits::default());
    session.receive(Lane::ToPrinter(0), Timestamp::new(0, 0), &bytes);
    session.finish(Timestamp::new(0, 0), EndReason::EndOfFile);
    session.poll_event().expect("a paper")
}

#[test]
fn a_till_is_taught_word_by_word_until_its_receipts_add_up() {
    let mut base = NEW.1.to_owned();
    for (line, pointed, meaning) in [
        (7, "8,20", "total"),
        (8, "Kateinen", "cash"),
        (9, "Takaisin 1,80", "change"),
        (2, "Kuitti", "number"),
        (2, "12", "table"),
        (6, "Bonuspisteet", "ignore"),
        (3, "21.11.26 12.01", "printed_at"),
    ] {
        let proposal = taught(CAFE, line, pointed, meaning, &base);
        base = proposal.unwrap_or_else(|refused| panic!("{pointed}: {refused:?}")).text;
    }
    let event = printed(CAFE, &base);
    let value = serde_json::to_value(&event).expect("an event");
    assert_eq!(event.kind, Kind::Sale, "{base}");
    let receipt = &value["receipt"];
    assert_eq!(
        (&receipt["total"], &receipt["change"], &receipt["number"], &receipt["table"]),
        (&"8.20".into(), &"1.80".into(), &"004217".into(), &"12".into())
    );
    assert_eq!(receipt["printed_at"], "2026-11-21T12:01:00");
    assert_eq!(value["verdict"], "balanced", "{value}");
    assert!(base.contains("total = [\"Maksettavaa\"]") && base.contains("ignore = "), "{base}");
}

#[test]
fn kinds_of_paper_are_told_by_a_title_or_by_words_on_a_line() {
    let early = taught(CAFE, 2, "Kuitti", "number", NEW.1).map(|found| found.rule);
    assert_eq!(early, Err(Refused::TotalFirst));
    let slip = "LUCKY STAR\n** Hyvitys **\nTee 36,00\nTOTAL 36,00\nCASH 36,00";
    let proposal = taught(slip, 1, "Hyvitys", "kind.refund", NEW.1).expect("a title");
    assert!(
        matches!(&proposal.rule, Rule::Title { kind: Kind::Refund, word } if word == "Hyvitys")
    );
    assert_eq!(printed(slip, &proposal.text).kind, Kind::Refund);
    let slip = "LUCKY STAR\nLade auf 7 von Anna\n21.11.26 12:01";
    let proposal = taught(slip, 1, "Lade auf 7", "kind.no_sale", NEW.1).expect("a line");
    let other = slip.replace("auf 7", "auf 12");
    assert_eq!(printed(&other, &proposal.text).kind, Kind::NoSale, "{}", proposal.text);
}

#[test]
fn what_cannot_be_told_apart_is_refused_with_the_other_line() {
    // The same word before two things.
    let text = "SHOP\nZorb 1001\nTea 36.00\nZorb 36.00\nTOTAL 36.00";
    let base = taught(text, 1, "Zorb", "number", NEW.1).map(|found| found.text);
    let twice = "SHOP\nNumber: 1001\nTable: 5\nTea 36.00\nTOTAL 36.00\nCash 36.00";
    assert_eq!(
        taught(twice, 1, "Number:", "table", NEW.1).map(|_| ()),
        Ok(()),
        "a word may be anything"
    );
    assert!(base.is_ok(), "{base:?}");
    let stolen = "SHOP\nTable: 5\nTea 36.00\nTOTAL 36.00\nTable 12.00 paid";
    assert_eq!(taught(stolen, 4, "12.00", "cash", NEW.1).map(|p| p.rule), Err(Refused::Same(1)));
}

#[test]
fn what_cannot_be_meant_is_refused_with_its_reason() {
    let refused = |line, pointed, code| taught(CAFE, line, pointed, code, NEW.1).map(|p| p.rule);
    assert_eq!(refused(10, "Kiitos", "total"), Err(Refused::NoValue));
    assert_eq!(refused(2, "004217", "printed_at"), Err(Refused::NoDate));
    assert_eq!(refused(7, "8,20", "ignore"), Err(Refused::NoWords));
    let total = Meaning::Amount("total");
    let none = propose(&paper(CAFE), &[], total, NEW).map(|p| p.rule);
    assert_eq!(none, Err(Refused::Nothing));
    for wild in [(99, 0), (0, 99)] {
        let none = propose(&paper(CAFE), &[wild], total, NEW).map(|p| p.rule);
        assert_eq!(none, Err(Refused::Nothing), "{wild:?}");
    }
    let two = propose(&paper(CAFE), &[(7, 0), (8, 0)], total, NEW).map(|p| p.rule);
    assert_eq!(two, Err(Refused::ManyLines));
    let place = CAFE.find("Maksettavaa").expect("there");
    let stars = std::slice::from_ref(&(place..place + 4)).to_vec();
    let hidden = Paper { hidden: &stars, ..paper(CAFE) };
    let secret = propose(&hidden, &[(7, 1)], total, NEW).map(|p| p.rule);
    assert_eq!(secret, Err(Refused::Hidden));
    let other = "name = \"lumo\"\n[match]\nwords = [\"another shop\"]\n";
    let other = taught(CAFE, 7, "8,20", "total", other).map(|p| p.rule);
    assert_eq!(other, Err(Refused::OtherTill));
}

#[test]
fn a_profiles_own_samples_are_kept() {
    let base = "name = \"lumo\"\n[[sample]]\nname = \"points are sold\"\ncurrency = \"HKD\"\n\
        text = '''\nSHOP\nBonuspisteet 5.00\nTOTAL 5.00\n'''\n\
        expect = { total = \"5.00\", items = [{ name = \"Bonuspisteet\" }] }\n";
    assert_eq!(check_samples(&load(base).expect("good"), base), Ok(()));
    let ignored = taught(CAFE, 6, "Bonuspisteet", "ignore", base).map(|found| found.rule);
    let Err(Refused::Sample(what)) = ignored else { panic!("{ignored:?}") };
    assert!(what.contains("points are sold"), "{what}");
}

/// Words that no till of the vocabulary prints.
fn label() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["Zorblat", "Quux Wib", "Grompf", "嘩啦嘩啦", "咕嚕", "Brzk."])
        .prop_map(str::to_owned)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn what_is_proposed_loads_and_reads_what_was_pointed_at(
        label in label(),
        wide in 1..12_usize,
        cents in 100..99_999_u32,
        number in 1_000..999_999_u32,
        at_label in any::<bool>(),
        meaning in prop::sample::select(Meaning::all().collect::<Vec<_>>()),
    ) {
        let amount = format!("{}.{:02}", cents / 100, cents % 100);
        let texts = matches!(meaning, Meaning::Text(_));
        let value = if texts { number.to_string() } else { amount.clone() };
        let gap = " ".repeat(wide);
        // Of paper without a total nothing is told.
        let total = if meaning == Meaning::Amount("total") { "" } else { "\nTOTAL   25.00" };
        let text = format!(
            "LUCKY STAR\n21/11/2026 12:01\nTea    25.00\n{label}{gap}{value}{total}\nThank you"
        );
        let line = &lines(&text)[3];
        // All words of the label, or the value: half a label leaves its other half to a name's value.
        let last = line.words.len() - 1;
        let pointed = if at_label { (0..last).map(|at| (3, at)).collect() } else { vec![(3, last)] };
        let proposed = propose(&paper(&text), &pointed, meaning, NEW);
        let Ok(proposal) = proposed else {
            let plain = matches!(meaning, Meaning::Amount("total") | Meaning::Text("number" | "cashier"));
            prop_assert!(!plain, "{text}: {:?}", proposed.map(|p| p.rule));
            return Ok(());
        };
        let event = printed(&text, &proposal.text);
        prop_assert!(event.evidence.as_ref().is_some_and(|e| e.profile.starts_with("lumo@")));
        let read = serde_json::to_value(&event).expect("an event");
        let receipt = &read["receipt"];
        let said = |found: &serde_json::Value| {
            found.as_str().is_some_and(|found| found.trim_start_matches('-') == value)
        };
        let found = match meaning {
            Meaning::Amount("discount") => said(&receipt["discounts"][0]["amount"]),
            Meaning::Amount("tax") => said(&receipt["taxes"][0]["amount"]),
            Meaning::Amount(role) if meaning.method().is_some() => {
                receipt["payments"].as_array().is_some_and(|all| {
                    all.iter().any(|one| one["method"] == role && said(&one["amount"]))
                })
            }
            Meaning::Text("guests") => receipt["guests"].as_u64() == Some(number.into()),
            Meaning::Amount(role) | Meaning::Text(role) => said(&receipt[role]),
            Meaning::Kind(kind) => event.kind == kind,
            Meaning::Ignore => !read["evidence"]["fields"].to_string().contains(&label),
            Meaning::Merchant | Meaning::PrintedAt => true,
        };
        prop_assert!(found, "{meaning:?} of {text}\n{}\n{read:#}", proposal.text);
    }

    #[test]
    fn any_words_of_any_paper_end_in_a_profile_that_loads_or_in_a_reason(
        text in "([A-Za-z]{1,6}|[0-9]{1,5}|[0-9]{1,3}[.][0-9]{2}|合計|[ :：#*\n(\\[]){1,40}",
        line in 0..6_usize,
        words in prop::collection::vec(0..5_usize, 1..3),
        meaning in prop::sample::select(Meaning::all().collect::<Vec<_>>()),
    ) {
        let pointed: Vec<(usize, usize)> = words.into_iter().map(|word| (line, word)).collect();
        if let Ok(proposal) = propose(&paper(&text), &pointed, meaning, NEW) {
            prop_assert_eq!(load(&proposal.text).map(|p| p.name), Ok("lumo".to_owned()));
        }
    }
}

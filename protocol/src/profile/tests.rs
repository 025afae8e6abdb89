//! What a profile's text may say, what is said where it is wrong, and what it does to a paper.

use std::sync::Arc;

use proptest::prelude::*;

use super::{Encoding, Profile, Timing, check_samples, load};
use crate::event::{Event, Kind, SessionId, Verdict};
use crate::limits::Limits;
use crate::session::{EndReason, Lane, Session};
use crate::time::Timestamp;

fn read(profile: &Profile, paper: &str) -> Vec<Event> {
    let profile = Profile { timing: Timing::File, encoding: Encoding::Utf8, ..profile.clone() };
    let id = SessionId { journal: "t".into(), source: "t".into(), epoch: 0 };
    let mut session = Session::new(id, Arc::new(profile), Limits::default());
    session.receive(Lane::ToPrinter(0), Timestamp::new(0, 0), paper.as_bytes());
    session.finish(Timestamp::new(0, 0), EndReason::EndOfFile);
    core::iter::from_fn(|| session.poll_event()).collect()
}

/// What is said of a wrong profile: line, column, and all in words.
fn refused(text: &str) -> String {
    let mistakes = load(text).expect_err(text);
    mistakes.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// Whether `inner` holds for a profile with `rules` on the one paper.
fn one(rules: &str, paper: &str) -> Event {
    let profile = load(&format!("name = \"acme\"\n{rules}")).unwrap_or_else(|e| panic!("{e:?}"));
    let mut events = read(&profile, paper);
    assert_eq!(events.len(), 1, "{events:?}");
    events.remove(0)
}

#[test]
fn a_name_is_enough() {
    let profile = load("name = \"acme\"").expect("a profile");
    assert_eq!(profile.name, "acme");
    let auto = read(&Profile::default(), PLAIN).remove(0);
    let event = one("", PLAIN);
    assert_eq!((auto.kind, &auto.receipt), (event.kind, &event.receipt), "it changes nothing");
    let applied = event.evidence.expect("paper has evidence").profile;
    assert!(applied.starts_with("acme@") && applied.len() == 9, "{applied}");
}

const PLAIN: &str = "SHOP\nTea 2 x 18.00 36.00\nTOTAL 36.00\nCASH 40.00\nCHANGE 4.00\n";

#[test]
fn every_role_of_words_is_read_as_what_it_is_called() {
    use super::roles::ROLES;
    for (key, _) in ROLES {
        let rules = format!("[words]\n{key} = [\"zorblat\"]\n");
        let words = "SHOP\nTea        10.00\nZorblat: 12\nTOTAL      10.00\n";
        let amount = "SHOP\nTea        10.00\nZorblat:    2.00\nTOTAL      12.00\n";
        let value = |paper| serde_json::to_value(one(&rules, paper)).expect("an event");
        let found = match *key {
            "discount" => value(amount)["receipt"]["discounts"][0]["amount"] == "-2.00",
            "tax" => value(amount)["receipt"]["taxes"][0]["amount"] == "2.00",
            "total" => {
                let paper = "SHOP\nTea   2.00\nZorblat: 2.00\n";
                value(paper)["receipt"]["total"] == "2.00"
            }
            "paid_by" => {
                let paper = "SHOP\nTea   2.00\nTOTAL 2.00\nZorblat: VISA\n";
                value(paper)["receipt"]["payments"][0]["method"] == "visa"
            }
            "guests" => value(words)["receipt"]["guests"] == 12,
            "number" | "original_number" | "cashier" | "terminal" | "table" => {
                value(words)["receipt"][key] == "12"
            }
            "subtotal" | "service_charge" | "rounding" | "tip" | "tendered" | "change" => {
                value(amount)["receipt"][key] == "2.00"
            }
            method => value(amount)["receipt"]["payments"][0]["method"] == method,
        };
        assert!(found, "{key}: {} {}", value(amount), value(words));
    }
}

#[test]
fn words_stay_as_printed_in_labels_and_are_named_in_the_evidence() {
    let event = one(
        "[words]\nnumber = [\"bon\"]\ntable = [\"tafel\"]\ntotal = [\"te betalen\"]\ncash = [\"contant\"]\n",
        "ACME\nBon 77  Tafel 5\nThee   36.00\nTe Betalen   36.00\nContant   36.00\n",
    );
    let receipt = event.receipt.expect("a receipt");
    assert_eq!(receipt.payments[0].label.as_deref(), Some("Contant"));
    assert_eq!(event.verdict, Some(Verdict::Balanced));
    let evidence = event.evidence.expect("evidence");
    assert_eq!(evidence.fields["number"].rule, "profile word \"Bon\"");
    assert_eq!(evidence.fields["table"].rule, "profile word \"Tafel\"");
    assert_eq!(evidence.fields["total"].rule, "profile word \"Te Betalen\"");
    assert_eq!(evidence.fields["total"].end - evidence.fields["total"].start, 5);
}

#[test]
fn a_paper_of_another_till_is_read_without_the_profile() {
    for matching in ["words = [\"acme\"]", "lines = ['^acme$']", "columns = 10"] {
        let event = one(&format!("[match]\n{matching}\n[words]\ntotal = [\"tea\"]\n"), PLAIN);
        assert_eq!(event.evidence.expect("evidence").profile, "auto", "{matching}");
        assert_eq!(
            event.receipt.and_then(|r| r.total).map(|t| t.to_string()),
            Some("36.00".into())
        );
    }
}

#[test]
fn a_field_is_found_by_its_regex_within_its_lines() {
    let rules = "[[field]]\nname = \"number\"\nline = '^V(?<value>\\d+)$'\nwithin = \"last 1\"\n\
                 [[field]]\nname = \"printed_at\"\nline = '^(?<value>\\d{6})$'\nformat = \"%d%m%y\"\n\
                 [[field]]\nname = \"total\"\nline = '^== *(?<value>[\\d.]+) ==$'\n";
    let event = one(rules, "SHOP\nV1\n211126\nTea    36.00\n== 36.00 ==\nV77\n");
    let receipt = event.receipt.expect("a receipt");
    assert_eq!(receipt.number.as_deref(), Some("77"));
    assert_eq!(receipt.printed_at.map(|at| at.to_string()).as_deref(), Some("2026-11-21"));
    assert_eq!(receipt.total.map(|t| t.to_string()).as_deref(), Some("36.00"));
    assert_eq!(event.evidence.expect("evidence").fields["number"].rule, "profile field");
}

#[test]
fn columns_and_regexes_say_which_number_is_which() {
    let paper = "SHOP\n77 2 Tea         18.00   36.00 A\nTOTAL              36.00\n";
    let columns = "[items]\ncolumns = { quantity = [4, 5], name = [6, 15], unit_price = [17, 22], \
                   amount = [24, 30] }\n";
    let regex = "[items]\nline = '^\\d+ (?<quantity>\\d+) (?<name>\\D+?) +(?<unit_price>[\\d.]+) \
                 +(?<amount>[\\d.]+)'\n";
    for rules in [columns, regex] {
        let receipt = one(rules, paper).receipt.expect("a receipt");
        let [item] = receipt.items.as_slice() else { panic!("{:?}", receipt.items) };
        assert_eq!(item.name, "Tea");
        assert_eq!(item.quantity.map(|q| q.to_string()).as_deref(), Some("2"));
        assert_eq!(item.amount.map(|a| a.to_string()).as_deref(), Some("36.00"));
    }
}

#[test]
fn a_line_of_the_sums_is_no_goods_wherever_the_columns_cut_it() {
    let paper = "SHOP\nTea 2 x 18.00 36.00\nTOTAL 32.00\nCASH 40.00\nCHANGE 4.00\n";
    for name in ["11, 11", "2, 4", "1, 2"] {
        let columns = format!(
            "[words]\ntendered = [\"tea\"]\n[items]\ncolumns = {{ name = [{name}], \
             quantity = [5, 5], unit_price = [5, 5], amount = [5, 6] }}\n"
        );
        let event = one(&columns, paper);
        assert_eq!(event.verdict, Some(Verdict::Off), "{name}");
        let payments = event.receipt.expect("a receipt").payments;
        assert_eq!(payments[0].amount.map(|a| a.to_string()).as_deref(), Some("40.00"), "{name}");
    }
}

#[test]
fn a_title_or_a_rule_says_the_kind_and_is_no_shop() {
    let paper = "** Bleep  Slip **\nSHOP\nTea   36.00\nTOTAL   36.00\n";
    for rules in
        ["[titles]\nrefund = [\"bleep slip\"]", "[[kind]]\nkind = \"refund\"\nline = 'bleep'"]
    {
        let event = one(rules, paper);
        assert_eq!(event.kind, Kind::Refund);
        let receipt = event.receipt.expect("a receipt");
        assert_eq!(receipt.merchant.as_deref(), Some("SHOP"));
        assert_eq!(receipt.total.map(|t| t.to_string()).as_deref(), Some("-36.00"));
    }
}

#[test]
fn an_ignored_line_has_no_amounts() {
    let event =
        one("[words]\nignore = [\"points\"]\n", "SHOP\nTea 36.00\nPoints 5.00\nTOTAL 36.00\n");
    assert_eq!(event.verdict, Some(Verdict::Balanced));
    assert_eq!(event.receipt.expect("a receipt").items.len(), 1);
}

#[test]
fn a_line_can_end_a_paper_however_its_bytes_come() {
    let profile = "name = \"acme\"\n[boundaries]\nends_with = [\"merci\", \"谢谢\"]\n";
    let profile = load(profile).expect("a profile");
    let paper = PLAIN.to_owned() + "-- Merci --\n";
    let twice = paper.clone() + &paper + PLAIN + "谢谢\n";
    let whole = read(&profile, &twice);
    assert_eq!(whole.len(), 3);
    let id = SessionId { journal: "t".into(), source: "t".into(), epoch: 0 };
    let cut = Profile { timing: Timing::File, encoding: Encoding::Utf8, ..profile };
    let mut session = Session::new(id, Arc::new(cut), Limits::default());
    for byte in twice.bytes() {
        session.receive(Lane::ToPrinter(0), Timestamp::new(0, 0), &[byte]);
    }
    session.finish(Timestamp::new(0, 0), EndReason::EndOfFile);
    let pieces: Vec<Event> = core::iter::from_fn(|| session.poll_event()).collect();
    assert_eq!(pieces, whole);
}

#[test]
fn mistakes_are_told_with_place_and_hint() {
    for (text, said) in [
        ("", "1:1: error\nexpected a `name`, found none"),
        ("name = \"Acme\"", "1:8: error\nexpected 1 to 32 of a-z, 0-9 and -, and not \"auto\""),
        ("name = \"a\"\nmatsch = 1", "2:1: error\nexpected a known key, found `matsch`"),
        ("name = \"a\"\ndialect = \"epson\"", "2:11: error\nexpected a dialect, found \"epson\""),
        (
            "name = \"a\"\n[words]\ntotl = [\"x\"]",
            "3:1: error\nexpected a role, found `totl`\nhint: did you mean `total`?",
        ),
        ("name = \"a\"\n[words]\ntotal = [\"\"]", "3:10: error\nexpected a word of 1 to 64"),
        (
            "name = \"a\"\n[titles]\nsalee = [\"x\"]",
            "3:1: error\nexpected a kind of paper, found `salee`\nhint: did you mean `sale`?",
        ),
        (
            "name = \"a\"\n[[field]]\nname = \"number\"\nline = '('",
            "4:8: error\nexpected a regular expression, found unclosed group",
        ),
        (
            "name = \"a\"\n[[field]]\nname = \"number\"\nline = 'x'",
            "4:8: error\nexpected a group named `value`, found none",
        ),
        (
            "name = \"a\"\n[[field]]\nname = \"nummer\"\nline = '(?<value>x)'",
            "3:8: error\nexpected a field of the receipt, found \"nummer\"\nhint: did you mean `number`?",
        ),
        (
            "name = \"a\"\n[[field]]\nname = \"total\"\nline = '(?<value>x{5000}){90}'",
            "4:8: error\nexpected a regex of at most",
        ),
        (
            "name = \"a\"\n[boundaries]\nidle = \"3\"",
            "3:8: error\nexpected a duration from 100 to 600000 ms, found \"3\"",
        ),
        ("name = \"a\"\n[items]\n", "2:1: error\nexpected either `line` or `columns`"),
        (
            "name = \"a\"\n[[sample]]\nname = \"x\"\ntext = 'y'",
            "2:1: error\nexpected an `expect`, found none",
        ),
        (
            "name = \"a\"\n[[sample]]\nname = \"x\"\ntext = 'y'\nexpect = { totl = \"1\" }",
            "5:10: error\nexpected a field of the event, found `totl`\nhint: did you mean `total`?",
        ),
        ("name = [", "error\nexpected"),
    ] {
        let found = refused(text);
        assert!(found.contains(said), "for {text:?}: {found}");
        assert!(found.contains("\nhint: "), "{found}");
    }
}

#[test]
fn all_mistakes_are_told_at_once() {
    let found = refused("name = \"A\"\ndialect = \"x\"\n[words]\nfoo = []\n");
    assert_eq!(found.matches("error").count(), 3, "{found}");
}

#[test]
fn a_sample_that_is_read_otherwise_is_told_by_field() {
    let text = "name = \"acme\"\n[[sample]]\nname = \"tea\"\ntext = '''\nSHOP\nTea 36.00\nTOTAL 36.00\n'''\n\
                expect = { kind = \"sale\", total = \"35.00\", items = [{ name = \"Tea\" }] }\n";
    let profile = load(text).expect("a profile");
    let mistakes = check_samples(&profile, text).expect_err("another total");
    assert_eq!(
        mistakes[0].to_string(),
        "2:1: error\nexpected \"35.00\" as total of sample \"tea\", found \"36.00\"\n\
         hint: `posbridge decode --profile FILE --explain` shows how it is read"
    );
    let good = text.replace("35.00", "36.00") + "absent = [\"tip\"]\n";
    assert_eq!(check_samples(&load(&good).expect("a profile"), &good), Ok(()));
    let more = good.replace("absent = [\"tip\"]", "absent = [\"items\"]");
    let mistakes = check_samples(&load(&more).expect("a profile"), &more).expect_err("items");
    assert!(mistakes[0].expected.starts_with("nothing as items"), "{:?}", mistakes[0]);
}

#[test]
fn every_built_in_profile_loads_and_reads_its_samples() {
    for name in super::builtin_names() {
        let text = super::builtin(name).expect("its own text");
        let profile = load(text).unwrap_or_else(|mistakes| panic!("{name}: {mistakes:#?}"));
        assert_eq!(profile.name, name);
        assert!(profile.rules.as_ref().is_some_and(|rules| rules.sample_count() > 0), "{name}");
        if let Err(mistakes) = check_samples(&profile, text) {
            panic!("{name}: {mistakes:#?}");
        }
    }
}

/// Rules that a malicious or confused profile may have, in any combination.
fn rules() -> impl Strategy<Value = String> {
    let word =
        prop::sample::select(vec!["tea", "total", "cash", "change", "shop", "x", "36", "4.00"]);
    let role = prop::sample::select(super::roles::ROLES.iter().map(|r| r.0).collect::<Vec<_>>());
    let field =
        prop::sample::select(vec!["total", "subtotal", "discount", "cash", "number", "change"]);
    let line = prop::sample::select(vec![
        "(?<value>[0-9.]+)",
        "^(?<value>.*)$",
        "(?<value>)",
        "(?<value>[0-9]+)$",
        ".(?<value>[0-9.]+).?",
    ]);
    let words =
        (role, word.clone()).prop_map(|(role, word)| format!("[words]\n{role} = [{word:?}]\n"));
    let ignore = word.prop_map(|word| format!("[titles]\nrefund = [{word:?}]\n"));
    let fields = (field, line)
        .prop_map(|(name, line)| format!("[[field]]\nname = {name:?}\nline = '{line}'\n"));
    let cell = (1..20_usize, 0..20_usize).prop_map(|(a, b)| format!("[{a}, {}]", a + b));
    let items = [cell.clone(), cell.clone(), cell.clone(), cell].prop_map(|[a, b, c, d]| {
        format!(
            "[items]\ncolumns = {{ name = {a}, quantity = {b}, unit_price = {c}, amount = {d} }}\n"
        )
    });
    (
        prop::option::of(words),
        prop::option::of(ignore),
        prop::collection::vec(fields, 0..3),
        prop::option::of(items),
    )
        .prop_map(|(w, i, f, l)| {
            w.unwrap_or_default() + &i.unwrap_or_default() + &f.concat() + &l.unwrap_or_default()
        })
}

proptest! {
    #[test]
    fn any_text_loads_or_is_refused(text in "\\PC{0,200}") {
        let _ = load(&text);
    }

    /// A total with a wrong digit contradicts goods and payments alike, whatever the profile calls
    /// them.
    #[test]
    fn no_profile_balances_what_does_not_add_up(rules in rules(), wrong in 0..9_usize) {
        let digit = "012345789".as_bytes()[wrong] as char;
        let paper = format!("SHOP\nTea 2 x 18.00 36.00\nTOTAL 3{digit}.00\nCASH 40.00\nCHANGE 4.00\n");
        let profile = load(&format!("name = \"acme\"\n{rules}")).expect("rules of the right shape");
        for event in read(&profile, &paper) {
            let total = event.receipt.and_then(|r| r.total).map(|t| t.to_string());
            let wrong = format!("3{digit}.00");
            prop_assert!(
                event.verdict != Some(Verdict::Balanced) || total != Some(wrong),
                "{} balances", paper
            );
        }
    }

    #[test]
    fn any_rules_on_any_lines_end_in_a_reading(rules in rules(), lines in "(\\PC{0,20}\n){0,6}") {
        let profile = load(&format!("name = \"acme\"\n{rules}")).expect("rules of the right shape");
        for event in read(&profile, &lines) {
            let evidence = event.evidence.expect("paper has evidence");
            for field in evidence.fields.values() {
                prop_assert!(evidence.start <= field.start && field.end <= evidence.end);
            }
        }
    }
}

//! What holds for whatever anybody writes.

use proptest::prelude::*;

use super::question::{Question, understand};
use super::run::{asked, work};
use super::samples::{CAFE, Place, TWO_SHOPS, message};
use super::vocabulary as words;
use crate::app::Nobody;
use crate::config::Language;
use crate::journal::JournalReader;

/// Longest answer, in bytes: well under what any way back takes.
const MAX_ANSWER: usize = 13_000;

/// Text that is close to a question: phrases of the vocabulary, names, numbers and anything.
fn text() -> impl Strategy<Value = String> {
    let all = [
        words::HELP,
        words::SET,
        words::TO,
        words::STOCK,
        words::UNMUTE,
        words::MUTE,
        words::ON_SHIFT,
        words::TOP,
        words::LAST,
        words::RECEIPTS,
        words::FIND,
        words::TAKINGS,
        words::TODAY,
        words::YESTERDAY,
        words::THIS_WEEK,
        words::LAST_MONTH,
    ];
    let phrases: Vec<&str> = all.iter().flatten().copied().flatten().copied().collect();
    let names = ["凍奶茶", "珍珠", "中環", "旺角", "奶茶", "＝", "@x", "\u{202E}", "[a](b)", "*"];
    let part = prop_oneof![
        4 => prop::sample::select(phrases).prop_map(str::to_owned),
        2 => prop::sample::select(names.to_vec()).prop_map(str::to_owned),
        2 => (-5_i64..2_000).prop_map(|number| number.to_string()),
        2 => ".{0,6}",
        1 => any::<String>(),
    ];
    (prop::collection::vec(part, 0..7), prop::bool::ANY)
        .prop_map(|(parts, blanks)| parts.join(if blanks { " " } else { "" }))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_some_question_and_names_in_it_are_not_empty(text in text()) {
        let asked = understand(&text, ["中環", "旺角"].into_iter(), Language::ZhHk);
        let name = match asked.question {
            Question::SetStock { name, .. } => Some(name),
            Question::Stock(name) => name,
            _ => None,
        };
        if let Some(name) = name {
            prop_assert!(name.forms().iter().all(|form| !form.trim().is_empty()));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_answered_within_bounds_and_nobody_unlisted_changes_anything(
        texts in prop::collection::vec(text(), 1..12),
        cafe in any::<bool>(),
    ) {
        let place = Place::of(if cafe { CAFE } else { TWO_SHOPS });
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.expect("a runtime");
        let events = || {
            let reader = JournalReader::open(place.hall.journal.path()).expect("opens");
            reader.totals().expect("reads").events
        };
        let before = events();
        for text in texts {
            for group in [Some("旺角店群"), Some("別的群"), None] {
                let message = message("ann", group, &text);
                let asked = asked(&message, &place.config);
                let worked = work(&message, &asked, &place.hall, &place.config, &Nobody);
                let reply = runtime.block_on(worked);
                prop_assert!(!reply.title.trim().is_empty(), "silence to {text:?}");
                prop_assert!(!reply.text.trim().is_empty() && reply.text.len() <= MAX_ANSWER);
                // Its own group is not told of the other shop's till.
                prop_assert!(cafe || group.is_some() || !reply.text.contains("c-1"));
            }
        }
        prop_assert_eq!(events(), before);
        let quiet = ["owner", "mongkok"].map(|robot| {
            let ask = crate::journal::Ask {
                robot: robot.to_owned(), carriers: Vec::new(),
                now_ms: place.hall.clock.wall_ms(), month_ms: 0,
            };
            runtime.block_on(place.hall.journal.look(ask)).expect("reads").muted_until_ms
        });
        prop_assert_eq!(quiet, [None, None]);
    }
}

//! The soak of the Stream, in short; the whole one is `--bin soak`.

use std::time::Duration;

use pos_tests::soak::{Plan, play};

#[test]
fn twenty_disconnects_and_a_kill_lose_no_question_that_can_be_kept_and_answer_none_twice() {
    let span = Duration::from_secs(30);
    let outcome = play(Plan { span, rate: 25, seed: 3, disconnects: 20, kills: 1 });
    assert_eq!(outcome.broken(), Vec::<String>::new(), "{outcome}");
    // It is worth its name only with enough of everything.
    let figures = outcome.json();
    let count = |part: &str, name: &str| figures[part][name].as_u64().expect("a number");
    assert!(count("questions", "answered_once") > 15, "{outcome}");
    assert!(count("events", "closed_once") > 2 && count("events", "sent_again") > 0, "{outcome}");
    assert!(count("cards", "closed_once") > 0 && count("reconnects", "zombies") == 1, "{outcome}");
}

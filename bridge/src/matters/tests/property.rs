//! Whatever people press, DingTalk answers and crashes do, in whatever order: a transfer moves both
//! stocks exactly once, and only where it was approved.

use pos_protocol::event::Ruling;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::json;

use super::world::{BY_CARD, CREATE_CARD, World, press};
use crate::matters::{pressed, work};

#[derive(Clone, Debug)]
enum Step {
    Press(&'static str, &'static str),
    Look,
    Crash,
    /// The next card is made, and nobody hears of it.
    Lost,
    Later,
}

fn step() -> impl Strategy<Value = Step> {
    let user = prop::sample::select(vec!["boss", "deputy", "waiter"]);
    let action = prop::sample::select(vec!["approve", "reject", "acknowledge", "delete"]);
    prop_oneof![
        4 => (user, action).prop_map(|(user, action)| Step::Press(user, action)),
        3 => Just(Step::Look),
        2 => Just(Step::Crash),
        1 => Just(Step::Lost),
        1 => Just(Step::Later),
    ]
}

async fn played(steps: &[Step]) {
    let mut world = World::new(BY_CARD).await;
    world.cards_work().await;
    world.stocked().await;
    world.transfer(4).await;
    let key = world.matters().await[0].key.clone();
    let mut hours = 0;
    for step in steps {
        match step {
            Step::Press(user, action) => {
                let which = crate::journal::Which::Key(key.clone());
                let row = world.journal().matter(which).await.expect("reads").expect("kept");
                let card = row.instance.unwrap_or_else(|| "not made yet".into());
                pressed::answer(&world.hall(), &press(&card, user, action)).await;
            }
            Step::Look => work::look(&world.hall()).await.expect("a journal"),
            Step::Crash => world.reopen().await,
            Step::Lost => world.answers_first(CREATE_CARD, 200, json!("?"), 1).await,
            Step::Later => {
                hours += 60;
                let at = world.hall().clock.now().wall.as_millisecond() + 60 * 3_600_000;
                let at = jiff::Timestamp::from_millisecond(at).expect("a time");
                world.at(&at.to_string());
            }
        }
        let endings = world.endings();
        assert!(endings.len() <= 1, "closed once: {endings:?}");
        let moved = endings.iter().any(|ending| ending.ruling == Ruling::Approved);
        let expected = if moved { [6, 14] } else { [10, 10] };
        assert_eq!(world.pearls(), expected, "{endings:?} after {hours} h");
        assert_eq!(world.queued(), endings.len(), "one message for each end");
    }
    world.books_agree();
}

#[test]
fn a_transfer_moves_both_stocks_once_over_presses_crashes_and_lost_answers() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    let mut runner = TestRunner::new(Config { cases: 24, ..Config::default() });
    let tried = runner.run(&prop::collection::vec(step(), 1..14), |steps| {
        runtime.block_on(played(&steps));
        Ok(())
    });
    if let Err(failed) = tried {
        panic!("{failed}");
    }
}

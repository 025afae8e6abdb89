//! Whatever happens in whatever order: a matter is closed at most once, and never asked twice where
//! that would ask twice.

use pos_protocol::event::{Reason, Ruling, Way};
use proptest::prelude::*;

use super::state::{Input, State, Told, step};

fn way() -> impl Strategy<Value = Way> {
    prop::sample::select(vec![Way::Oa, Way::Yida, Way::Card])
}

fn input() -> impl Strategy<Value = Input> {
    let ruling = prop::sample::select(vec![Ruling::Approved, Ruling::Rejected, Ruling::Withdrawn]);
    let person = prop::sample::select(vec!["u1", "u2", "u3"]).prop_map(str::to_owned);
    prop_oneof![
        3 => way().prop_map(Input::Ask),
        3 => Just(Input::Placed),
        2 => Just(Input::NotYet),
        1 => prop::sample::select(Reason::ALL.to_vec()).prop_map(Input::Never),
        2 => Just(Input::Unknown),
        2 => Just(Input::Found),
        3 => (ruling, prop::option::of(person.clone())).prop_map(|(r, by)| Input::Ruled(r, by)),
        2 => person.prop_map(Input::Seen),
        1 => Just(Input::Over),
    ]
}

proptest! {
    #[test]
    fn a_matter_is_closed_at_most_once_and_stays_as_it_was_closed(
        inputs in prop::collection::vec(input(), 0..40),
    ) {
        let mut state = State::Waiting { tries: 0 };
        let mut closings = 0;
        for input in inputs {
            let before = state.clone();
            let (after, told) = step(state, input.clone());
            if told == Told::Closed {
                closings += 1;
                prop_assert!(matches!(after, State::Closed { .. }), "{after:?}");
            }
            if matches!(before, State::Closed { .. }) {
                prop_assert_eq!(&after, &before);
                prop_assert!(matches!(told, Told::Same | Told::Late(_)));
            }
            if matches!(told, Told::Same | Told::Refused | Told::Late(_)) {
                prop_assert_eq!(&after, &before, "{:?}", input);
            }
            state = after;
        }
        prop_assert!(closings <= 1);
        prop_assert_eq!(closings == 1, matches!(state, State::Closed { .. }));
    }

    #[test]
    fn what_has_no_key_is_asked_at_most_once_after_an_answer_that_never_came(
        way in way(),
        inputs in prop::collection::vec(input(), 0..40),
    ) {
        let mut state = State::Waiting { tries: 0 };
        let mut in_doubt = false;
        for input in inputs {
            let input = if let Input::Ask(_) = input { Input::Ask(way) } else { input };
            let asks = matches!(state, State::Waiting { .. }) && matches!(input, Input::Ask(_));
            if asks && way != Way::Card {
                prop_assert!(!in_doubt, "it may have been asked");
            }
            let doubt = matches!(input, Input::Unknown | Input::Found);
            in_doubt |= doubt && matches!(state, State::Asking { .. });
            state = step(state, input).0;
        }
    }
}

#[test]
fn a_crash_between_the_call_and_its_answer_ends_a_process_and_repeats_a_card() {
    let asking = |way| State::Asking { way, tries: 0 };
    let (process, told) = step(asking(Way::Oa), Input::Found);
    let unknown =
        State::Closed { ruling: Ruling::Unasked, by: None, reason: Some(Reason::Unknown) };
    assert_eq!((process, told), (unknown, Told::Closed));
    let (card, told) = step(asking(Way::Card), Input::Found);
    assert_eq!((card, told), (State::Waiting { tries: 1 }, Told::Changed));
}

#[test]
fn a_second_press_is_the_same_and_another_one_is_late() {
    let by = || Some("u1".to_owned());
    let open = State::Open { way: Way::Card, seen: Vec::new() };
    let (closed, told) = step(open, Input::Ruled(Ruling::Approved, by()));
    assert_eq!(told, Told::Closed);
    let (closed, told) = step(closed, Input::Ruled(Ruling::Approved, Some("u2".into())));
    assert_eq!(told, Told::Same);
    let (closed, told) = step(closed, Input::Ruled(Ruling::Rejected, by()));
    assert_eq!(told, Told::Late(Ruling::Approved));
    assert_eq!(closed, State::Closed { ruling: Ruling::Approved, by: by(), reason: None });
    assert_eq!(step(closed, Input::Over).1, Told::Same);
}

#[test]
fn a_quick_decision_counts_before_the_answer_to_our_call() {
    let asking = State::Asking { way: Way::Oa, tries: 0 };
    let (state, told) = step(asking, Input::Ruled(Ruling::Rejected, None));
    assert_eq!(told, Told::Closed);
    assert_eq!(step(state, Input::Placed).1, Told::Same);
}

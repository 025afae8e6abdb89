//! What becomes of a matter: one enum, one function for each state.
//!
//! A matter is closed once, whoever says what how often. What may have been asked and has no key is
//! never asked again.

use pos_protocol::event::{Reason, Ruling, Way};
use serde::{Deserialize, Serialize};

/// Most people that are named as having seen a card.
const MAX_SEEN: usize = 20;

/// How a matter stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum State {
    /// Nobody was asked yet.
    Waiting {
        /// Calls that came to nothing.
        tries: u32,
    },
    /// The call is on its way, or was when the bridge ended.
    Asking {
        /// How.
        way: Way,
        /// Calls that came to nothing before.
        tries: u32,
    },
    /// Somebody was asked.
    Open {
        /// How.
        way: Way,
        /// Who has seen the card, by user id.
        seen: Vec<String>,
    },
    /// It is decided, or will never be.
    Closed {
        /// How it ended.
        ruling: Ruling,
        /// Who decided.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<String>,
        /// Why, where nobody decided.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Reason>,
    },
}

/// What happens to a matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Input {
    /// It is about to be asked.
    Ask(Way),
    /// It was asked.
    Placed,
    /// It was not asked, for now.
    NotYet,
    /// It cannot be asked.
    Never(Reason),
    /// No answer came: it was asked or not.
    Unknown,
    /// The bridge starts, and finds it.
    Found,
    /// Somebody decided.
    Ruled(Ruling, Option<String>),
    /// Somebody has seen it.
    Seen(String),
    /// Its time is over.
    Over,
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    /// It stands otherwise now.
    Changed,
    /// It is closed now, and was not before.
    Closed,
    /// Nothing new: the same was said before.
    Same,
    /// It was closed before, with another ruling.
    Late(Ruling),
    /// That makes no sense where it stands.
    Refused,
}

/// How a matter stands after `input`.
pub(crate) fn step(state: State, input: Input) -> (State, Told) {
    match state {
        State::Waiting { tries } => waiting(tries, &input),
        State::Asking { way, tries } => asking(way, tries, input),
        State::Open { way, seen } => open(way, seen, input),
        State::Closed { ruling, by, reason } => {
            let told = closed(ruling, &input);
            (State::Closed { ruling, by, reason }, told)
        }
    }
}

fn waiting(tries: u32, input: &Input) -> (State, Told) {
    match input {
        Input::Ask(way) => (State::Asking { way: *way, tries }, Told::Changed),
        Input::NotYet => (State::Waiting { tries: tries.saturating_add(1) }, Told::Changed),
        Input::Never(reason) => unasked(*reason),
        Input::Over => unasked(Reason::Unreached),
        Input::Found => (State::Waiting { tries }, Told::Same),
        Input::Placed | Input::Unknown | Input::Ruled(..) | Input::Seen(_) => {
            (State::Waiting { tries }, Told::Refused)
        }
    }
}

fn asking(way: Way, tries: u32, input: Input) -> (State, Told) {
    match input {
        Input::Placed => (State::Open { way, seen: Vec::new() }, Told::Changed),
        Input::NotYet => (State::Waiting { tries: tries.saturating_add(1) }, Told::Changed),
        Input::Never(reason) => unasked(reason),
        // A card has a key: making it again makes nothing. The others would be asked twice.
        Input::Unknown | Input::Found if way == Way::Card => {
            (State::Waiting { tries: tries.saturating_add(1) }, Told::Changed)
        }
        Input::Unknown | Input::Found => unasked(Reason::Unknown),
        // Whoever decides was quicker than the answer to our call.
        Input::Ruled(ruling, by) => ruled(ruling, by),
        Input::Seen(by) => (State::Open { way, seen: vec![by] }, Told::Changed),
        Input::Ask(_) | Input::Over => (State::Asking { way, tries }, Told::Refused),
    }
}

fn open(way: Way, mut seen: Vec<String>, input: Input) -> (State, Told) {
    match input {
        Input::Ruled(ruling, by) => ruled(ruling, by),
        Input::Over => ruled(Ruling::Lapsed, None),
        Input::Seen(by) if seen.contains(&by) || seen.len() >= MAX_SEEN => {
            (State::Open { way, seen }, Told::Same)
        }
        Input::Seen(by) => {
            seen.push(by);
            (State::Open { way, seen }, Told::Changed)
        }
        Input::Placed | Input::Found => (State::Open { way, seen }, Told::Same),
        Input::Ask(_) | Input::NotYet | Input::Never(_) | Input::Unknown => {
            (State::Open { way, seen }, Told::Refused)
        }
    }
}

fn closed(ruling: Ruling, input: &Input) -> Told {
    match input {
        // What was approved and could not be done was approved all the same.
        Input::Ruled(again, _)
            if *again == ruling || (ruling, *again) == (Ruling::Impossible, Ruling::Approved) =>
        {
            Told::Same
        }
        Input::Ruled(..) => Told::Late(ruling),
        Input::Seen(_) => Told::Late(ruling),
        _ => Told::Same,
    }
}

fn ruled(ruling: Ruling, by: Option<String>) -> (State, Told) {
    (State::Closed { ruling, by, reason: None }, Told::Closed)
}

fn unasked(reason: Reason) -> (State, Told) {
    (State::Closed { ruling: Ruling::Unasked, by: None, reason: Some(reason) }, Told::Closed)
}

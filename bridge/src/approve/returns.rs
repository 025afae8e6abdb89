//! A return that staff put into the form by themselves: the bridge hears of it when it is decided.
//!
//! Which receipt it was stands in the form; it is not guessed here, and read from there by `matters`.

use pos_protocol::event::{About, Way};

use super::decide::bare;
use super::matter::Matter;
use super::state::State;
use crate::journal::NewMatter;

/// The matter of the process `instance`, open, so that its result closes it as any other.
pub(crate) fn returned(instance: &str, now_ms: i64) -> NewMatter {
    let matter = Matter {
        way: Some(Way::Yida),
        state: State::Open { way: Way::Yida, seen: Vec::new() },
        ..bare(format!("return/{instance}"), About::Return, now_ms)
    };
    NewMatter { due_ms: None, instance: Some(instance.to_owned()), ..matter.new_row() }
}

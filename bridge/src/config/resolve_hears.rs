//! From what was typed to what is meant: the sources that a robot hears of.
//!
//! Names are matched with those in the file, not with what is plugged in: a source that hears
//! nothing is still one that a robot can be told of.

use std::collections::BTreeSet;

use super::raw::Texts;
use super::resolved::Hears;
use super::scope::{Scope, nearest, quoted};

/// At the end of a name: whatever follows.
const ANY_REST: char = '*';

impl Scope<'_> {
    /// `sources = [...]`, of which `all` there are; all of them where it is not given.
    pub(super) fn hears(&mut self, typed: &Texts, all: &[&str]) -> Option<Hears> {
        let Some(typed) = typed else { return Some(Hears::All) };
        if typed.get_ref().is_empty() {
            let hint = "leave it out for all; a robot that is told nothing has notices = []";
            self.wrong(typed.span(), "at least one source", "none", hint);
            return None;
        }
        let mut names = BTreeSet::new();
        let mut good = true;
        for word in typed.get_ref() {
            let mut meant = all.iter().filter(|name| is_meant(word.get_ref(), name)).peekable();
            if meant.peek().is_none() {
                self.means_no_source(word, all);
                good = false;
            }
            names.extend(meant.map(|name| (*name).to_owned()));
        }
        good.then_some(Hears::Only(names))
    }

    fn means_no_source(&mut self, word: &toml::Spanned<String>, all: &[&str]) {
        let text = word.get_ref().as_str();
        let star = text.strip_suffix(ANY_REST).unwrap_or(text).contains(ANY_REST);
        let expected = if text.ends_with(ANY_REST) {
            "the beginning of a source's name"
        } else {
            "the name of a source"
        };
        let hint = match nearest(text, all.iter().copied()) {
            _ if star => "a `*` may stand at the end: \"mall-a-*\"".to_owned(),
            Some(near) => format!("did you mean \"{near}\"?"),
            None => "a [[source]]'s name, or how some begin: \"mall-a-*\"".to_owned(),
        };
        self.wrong(word.span(), expected, quoted(text), hint);
    }
}

/// Whether `word` means the source `name`.
fn is_meant(word: &str, name: &str) -> bool {
    word.strip_suffix(ANY_REST).map_or(word == name, |start| name.starts_with(start))
}

//! What somebody called an article: all that it may be, the fullest first.
//!
//! Words around a name are taken off one by one, since some names begin with one of them. Which of
//! the forms is a name is the catalogue's matter.

use super::text::Said;
use super::vocabulary::AROUND;

/// Most words that are taken off.
const MOST_TAKEN_OFF: usize = 12;
/// Longest name, in characters: longer than any on a receipt.
const MAX_CHARS: usize = 80;

/// What a name may be; none is empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Name {
    forms: Vec<String>,
}

impl Name {
    /// The name in what is left of a question, where anything is left.
    pub(super) fn in_what_is_left(starts: &[Said]) -> Option<Self> {
        let mut forms = Vec::new();
        for start in starts {
            let mut left = start.clone();
            for _ in 0..MOST_TAKEN_OFF {
                let form: String = left.shown().chars().take(MAX_CHARS).collect();
                if !form.is_empty() && !forms.contains(&form) {
                    forms.push(form);
                }
                match without_an_edge(&left) {
                    Some(less) => left = less,
                    None => break,
                }
            }
        }
        // What is left of the last one may be nothing but words around a name.
        let named = starts.last().is_some_and(|last| !is_around(last));
        (named && !forms.is_empty()).then_some(Self { forms })
    }

    /// All forms, the fullest first.
    pub(super) fn forms(&self) -> &[String] {
        &self.forms
    }

    /// The barest form: what a person probably meant.
    pub(super) fn barest(&self) -> &str {
        self.forms.last().map_or("", String::as_str)
    }
}

fn without_an_edge(said: &Said) -> Option<Said> {
    let len = said.plain().len();
    AROUND.iter().find_map(|word| {
        let chars = word.chars().count();
        if chars > len {
            return None;
        }
        let edges = [0..chars, len - chars..len];
        let edge = edges.into_iter().find(|edge| {
            said.part(edge.clone()).find(word) == Some(0..chars) && is_whole(said, edge, word)
        })?;
        Some(said.without(edge))
    })
}

/// Whether a Latin word ends where the edge does.
fn is_whole(said: &Said, edge: &std::ops::Range<usize>, word: &str) -> bool {
    let latin = |c: Option<&char>| c.is_some_and(char::is_ascii_alphanumeric);
    let inner = if edge.start == 0 { edge.end } else { edge.start - 1 };
    !word.is_ascii() || !latin(said.plain().get(inner)) || inner >= said.plain().len()
}

/// Whether nothing is there but words around a name.
fn is_around(said: &Said) -> bool {
    let mut left = said.clone();
    for _ in 0..MOST_TAKEN_OFF {
        match without_an_edge(&left) {
            Some(less) => left = less,
            None => break,
        }
    }
    left.is_empty()
}

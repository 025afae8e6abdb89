//! Names that are drawn by chance, replaced by names of their own, numbered as they are read.

use std::collections::BTreeMap;

/// Digits of an event's id that messages show.
const SHORT_ID: usize = 8;

/// What there is to replace.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// An id, and what it is an id of.
    known: BTreeMap<String, &'static str>,
}

impl Names {
    /// From now on `id` is called `<kind N>`.
    pub(super) fn meet(&mut self, kind: &'static str, id: &str) {
        assert!(!id.is_empty(), "a {kind} without an id");
        self.known.entry(id.to_owned()).or_insert(kind);
    }

    /// `text` with a name for every id that was met; the beginning of an event's id, which is what
    /// messages show, is called as the event is.
    pub(super) fn put_into(&self, text: &str) -> String {
        let short = |id: &str, kind: &str| (kind == "event").then(|| id[..SHORT_ID].to_owned());
        let mut read: Vec<(usize, &str, &str)> = Vec::new();
        for (id, kind) in &self.known {
            let found = [Some(id.clone()), short(id, kind)];
            let first = found.iter().flatten().filter_map(|id| text.find(id.as_str())).min();
            read.extend(first.map(|at| (at, *kind, id.as_str())));
        }
        read.sort_unstable();
        let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
        let mut named: Vec<(String, String)> = Vec::new();
        for (_, kind, id) in read {
            let number = numbers.entry(kind).or_default();
            *number += 1;
            let name = format!("<{kind} {number}>");
            named.extend(short(id, kind).map(|short| (short, name.clone())));
            named.push((id.to_owned(), name));
        }
        // The longest ids go first: one may hold another.
        named.sort_by_key(|(id, _)| std::cmp::Reverse(id.len()));
        named.iter().fold(text.to_owned(), |text, (id, name)| text.replace(id.as_str(), name))
    }
}

#[cfg(test)]
mod tests {
    use super::Names;

    #[test]
    fn names_are_numbered_as_they_are_read_and_an_event_has_one_name_in_both_lengths() {
        let mut names = Names::default();
        for (kind, id) in [("event", "aaaaaaaa11"), ("event", "bbbbbbbb22"), ("card", "card-x")] {
            names.meet(kind, id);
        }
        let text = "ref bbbbbbbb, card-x; bbbbbbbb22 before aaaaaaaa";
        let expected = "ref <event 1>, <card 1>; <event 1> before <event 2>";
        assert_eq!(names.put_into(text), expected);
    }
}

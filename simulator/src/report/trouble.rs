//! Troubles counted, and what shows each of them again.
//!
//! The words are the ledger's.

use std::collections::BTreeMap;

use serde_json::Value;

use super::shape::{Troubled, Troubles};
use crate::ledger::{Trouble, Which};

/// Troubles that a report names; it counts all of them.
const NAMED: usize = 1_000;
/// Letters of a trouble that are told. A message of a page's length helps nobody here.
const LETTERS: usize = 600;

/// Counts all and names the first.
pub(super) fn troubles(troubles: &[Trouble]) -> Troubles {
    let mut kinds = BTreeMap::new();
    for trouble in troubles {
        *kinds.entry(kind(trouble)).or_default() += 1;
    }
    let first = troubles.iter().take(NAMED).map(told).collect();
    Troubles { count: troubles.len() as u64, kinds, first }
}

fn told(trouble: &Trouble) -> Troubled {
    let words = trouble.to_string();
    let mut text: String = words.chars().take(LETTERS).collect();
    if text.len() < words.len() {
        text.push('…');
    }
    Troubled { kind: kind(trouble), text, reproduce: trouble.slip.as_ref().map(again) }
}

/// The name that the ledger's own files give it.
fn kind(trouble: &Trouble) -> String {
    let value = serde_json::to_value(trouble).unwrap_or_default();
    value.get("trouble").and_then(Value::as_str).unwrap_or("trouble").to_owned()
}

/// The bytes of a slip, read anew; without them, the seed.
fn again(slip: &Which) -> String {
    let Which { n, till, seed, source, .. } = slip;
    if slip.bytes.is_none() {
        return format!("seed {seed}, slip {n}, till {till}");
    }
    let source = source.replace('\'', "'\\''");
    format!("possim verify . --bytes {n} | posbridge decode - --source '{source}'")
}

#[cfg(test)]
mod tests {
    use pos_protocol::event::Kind;

    use super::{NAMED, troubles};
    use crate::ledger::{Span, Trouble, What, Which};

    fn slip(n: u64) -> Which {
        Which {
            n,
            till: 2,
            seed: 9,
            source: "noodles-2".to_owned(),
            kind: Kind::Sale,
            number: Some("1007".to_owned()),
            bytes: Some(Span { at: 4_000, len: 455 }),
        }
    }

    #[test]
    fn a_trouble_names_its_slip_what_differs_and_the_bytes() {
        let what = What::WrongAmount { expected: "36.00".to_owned(), found: "63.00".to_owned() };
        let told = troubles(&[Trouble { slip: Some(slip(7)), what }]).first.remove(0);
        assert_eq!(told.kind, "wrong_amount");
        for part in ["sale #1007", "noodles-2", "36.00", "63.00"] {
            assert!(told.text.contains(part), "{told:?}");
        }
        assert_eq!(
            told.reproduce.as_deref(),
            Some("possim verify . --bytes 7 | posbridge decode - --source 'noodles-2'")
        );
    }

    #[test]
    fn a_message_of_a_page_is_cut_and_a_slip_without_bytes_names_its_seed() {
        let line = "長".repeat(5_000);
        let what = What::StrangeMessage { line };
        let told = troubles(&[Trouble { slip: Some(Which { bytes: None, ..slip(7) }), what }]);
        let told = &told.first[0];
        assert_eq!(told.text.chars().count(), 601);
        assert_eq!(told.reproduce.as_deref(), Some("seed 9, slip 7, till 2"));
    }

    #[test]
    fn all_troubles_are_counted_by_kind_and_the_first_thousand_named() {
        let lost = |n| Trouble { slip: Some(slip(n)), what: What::NotTold };
        let mut all: Vec<Trouble> = (0..NAMED as u64 + 5).map(lost).collect();
        all.push(Trouble { slip: None, what: What::StrangeMessage { line: "x".to_owned() } });
        let found = troubles(&all);
        assert_eq!((found.count, found.first.len()), (1_006, 1_000));
        assert_eq!(found.kinds["not_told"], 1_005);
        assert_eq!(found.kinds["strange_message"], 1);
    }
}

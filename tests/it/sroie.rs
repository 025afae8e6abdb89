//! Real receipts: what is read today is read tomorrow.

use pos_tests::shared;
use pos_tests::sroie::{FIELDS, judge, mistaken, right};

/// Least share that is right by value, a little below what is reached: (field, of a thousand).
const FLOORS: [(&str, usize); 3] = [("company", 900), ("date", 995), ("total", 980)];
/// Most receipts that may be taken for another kind.
const MISTAKEN: usize = 2;

#[test]
fn real_receipts_keep_being_read() {
    let Some(folder) = shared::folder("sroie-train") else { return };
    let judged = judge(&folder);
    for (name, floor) in FLOORS {
        let nth = FIELDS.iter().position(|field| *field == name).expect("a field of the set");
        let (right, all) = right(&judged, nth);
        assert!(all > 0 && right * 1000 >= floor * all, "{name}: {right} of {all}");
    }
    let wrong: Vec<_> = mistaken(&judged).map(|one| (&one.id, one.kind)).collect();
    assert!(wrong.len() <= MISTAKEN, "{wrong:?}");
    let missed = |(_, kind): &&(&String, Option<(&str, &str)>)| {
        kind.is_some_and(|(kind, _)| matches!(kind, "refund" | "reprint"))
    };
    assert_eq!(wrong.iter().find(missed), None, "a return or a reprint was missed");
    // One prints RE PRINT and the table misses it; nothing else, above all no CUSTOMER'S COPY.
    let copies = wrong.iter().filter(|(_, kind)| kind.is_some_and(|(_, taken)| taken == "reprint"));
    assert!(copies.count() <= 1, "{wrong:?}");
}

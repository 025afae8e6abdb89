//! Receipts, read.

use pos_protocol::event::{Kind, Verdict};
use pos_tests::drive;

#[test]
fn a_plain_receipt_is_one_balanced_sale() {
    let text = "SHOP\nTea 2 x 18.00 36.00\nTOTAL 36.00\nCASH 40.00\nCHANGE 4.00\n";
    let events = drive::decode(text.as_bytes());
    let [event] = events.as_slice() else { panic!("one event, found {events:#?}") };
    assert_eq!((event.kind, event.verdict), (Kind::Sale, Some(Verdict::Balanced)));
    println!("{}", serde_json::to_string_pretty(event).unwrap());
}

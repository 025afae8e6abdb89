//! Receipts and kicks, read: what the owner is told for what was printed.

use encoding_rs::{BIG5, GB18030};
use pos_protocol::diagnostic::Code;
use pos_protocol::event::{Event, Kind, Method, Verdict};
use pos_protocol::limits::Limits;
use pos_protocol::money::Currency;
use pos_protocol::profile::Profile;
use pos_protocol::session::{Boundary, GapReason, Lane};
use pos_tests::drive::{self, Record, Step};

const TEA: &str = "SHOP\nReceipt No: 1001\n2023-11-15 12:01:22\nTea 2 x 18.00 36.00\nTOTAL 36.00\n\
    CASH 40.00\nCHANGE 4.00\nNo refunds\n";
const CUT: &[u8] = b"\x1dV\x00";
const KICK: &[u8] = b"\x1bp\x00\x19\xfa";
const SECOND: u64 = 1_000_000_000;

fn one(bytes: &[u8]) -> Event {
    let mut events = drive::decode(bytes);
    assert_eq!(events.len(), 1, "one event, found {events:#?}");
    events.remove(0)
}

fn kinds(events: &[Event]) -> Vec<Kind> {
    events.iter().map(|event| event.kind).collect()
}

fn bytes(at: u64, parts: &[&[u8]]) -> Record {
    (at, Step::Bytes(Lane::ToPrinter(0), parts.concat()))
}

fn live(records: &[Record]) -> Vec<Event> {
    drive::run(&Profile::default(), Limits::default(), records)
}

fn codes(event: &Event) -> Vec<Code> {
    event.evidence.iter().flat_map(|evidence| &evidence.diagnostics).map(|d| d.code).collect()
}

#[test]
fn a_plain_receipt_is_one_balanced_sale() {
    let event = one(b"SHOP\nTea 2 x 18.00 36.00\nTOTAL 36.00\nCASH 40.00\nCHANGE 4.00\n");
    assert_eq!((event.kind, event.verdict), (Kind::Sale, Some(Verdict::Balanced)));
    let receipt = serde_json::to_value(event.receipt).expect("plain data");
    let want = serde_json::json!({
        "merchant": "SHOP",
        "items": [{"name": "Tea", "quantity": "2", "unit_price": "18.00", "amount": "36.00"}],
        "total": "36.00",
        "payments": [{"method": "cash", "label": "CASH", "amount": "36.00"}],
        "tendered": "40.00",
        "change": "4.00",
    });
    assert_eq!(receipt, want);
}

#[test]
fn a_chinese_receipt_reads_the_same_in_either_encoding() {
    let text = "樂園茶室\n單號：1001  經手人：阿明\n印單時間：2026-11-21 12:01:22\n數量 食品 單價 銀碼\n\
        \u{20}  2 凍檸茶   18.00   36.00\n   1 乾炒牛河   52.00   52.00\n小計： 88.00\n加一服務 8.80\n\
        應付金額： HK$96.80\n八達通 96.80\n多謝惠顧\n";
    for encoding in [BIG5, GB18030] {
        let event = one(&[b"\x1b@\x1c&", &*encoding.encode(text).0, CUT].concat());
        assert_eq!((event.kind, event.verdict), (Kind::Sale, Some(Verdict::Balanced)));
        let receipt = event.receipt.expect("fields");
        assert_eq!(receipt.number.as_deref(), Some("1001"));
        assert_eq!(receipt.cashier.as_deref(), Some("阿明"));
        assert_eq!(receipt.currency.as_deref(), Some("HKD"));
        assert_eq!(receipt.total.map(|t| t.to_string()).as_deref(), Some("96.80"));
        assert_eq!(receipt.payments[0].method, Method::Octopus);
        let names: Vec<&str> = receipt.items.iter().map(|item| item.name.as_str()).collect();
        assert_eq!(names, ["凍檸茶", "乾炒牛河"]);
        assert_eq!(event.evidence.map(|e| e.encoding), Some(encoding.name().to_lowercase()));
    }
}

#[test]
fn a_field_points_at_the_bytes_it_was_read_from() {
    let stream = [b"\x1b@", TEA.as_bytes(), CUT].concat();
    let event = one(&stream);
    let evidence = event.evidence.expect("evidence");
    let at = |field: &str| {
        let field = &evidence.fields[field];
        let range = usize::try_from(field.start).unwrap()..usize::try_from(field.end).unwrap();
        String::from_utf8_lossy(&stream[range]).into_owned()
    };
    assert_eq!(at("total"), "36.00");
    assert_eq!(at("number"), "1001");
    assert_eq!(at("printed_at"), "2023-11-15 12:01:22");
    assert_eq!((evidence.start, evidence.end), (0, stream.len() as u64));
}

#[test]
fn a_wrong_digit_is_never_balanced() {
    for wrong in ["TOTAL 37.00", "TOTAL 36.01", "CASH 41.00", "CHANGE 3.00", "18.00 35.00"] {
        let right = match wrong.split(' ').next() {
            Some("TOTAL") => "TOTAL 36.00",
            Some("CASH") => "CASH 40.00",
            Some("CHANGE") => "CHANGE 4.00",
            _ => "18.00 36.00",
        };
        let event = one(TEA.replace(right, wrong).as_bytes());
        assert_eq!(event.verdict, Some(Verdict::Off), "{wrong}");
        assert!(codes(&event).contains(&Code::DoesNotAddUp));
    }
}

#[test]
fn several_labelled_amounts_may_share_a_line() {
    let text = "SHOP\nTea 2 x 18.00 36.00\n合計：36.00    總數：2\n實收：40.00     找零：4.00\n";
    let event = one(text.as_bytes());
    let receipt = event.receipt.expect("fields");
    let amounts = [receipt.total, receipt.tendered, receipt.change];
    let amounts = amounts.map(|amount| amount.map(|a| a.to_string()).unwrap_or_default());
    assert_eq!(amounts, ["36.00", "40.00", "4.00"]);
    assert_eq!(event.verdict, Some(Verdict::Balanced));
}

#[test]
fn a_means_of_payment_may_be_named_without_an_amount() {
    let paid = |lines: &str| {
        let event = one(format!("SHOP\nTOTAL 36.00\n{lines}").as_bytes());
        let receipt = event.receipt.expect("fields");
        let payment = &receipt.payments[0];
        let amount = payment.amount.map(|a| a.to_string()).unwrap_or_default();
        (receipt.payments.len(), payment.method, amount, event.verdict)
    };
    let inferred = Some(Verdict::Unchecked);
    assert_eq!(paid("付款方式: 轉數快\n"), (1, Method::Fps, "36.00".into(), inferred));
    let printed = Some(Verdict::Balanced);
    let cash = "付款方式: 現金\n已收金額: 40.00\n找零: 4.00\n";
    assert_eq!(paid(cash), (1, Method::Cash, "36.00".into(), printed));
    let twice = "付款方式: 現金\n現金: 40.00\n找零: 4.00\n";
    assert_eq!(paid(twice), (1, Method::Cash, "36.00".into(), printed));
}

#[test]
fn an_article_code_is_no_quantity() {
    let event = one(b"SHOP\n94424 BUG SPRAY 14.99\nTOTAL 14.99\n");
    let item = &event.receipt.expect("fields").items[0];
    assert_eq!((item.name.as_str(), item.quantity), ("94424 BUG SPRAY", None));
}

#[test]
fn too_little_to_add_up_is_unchecked() {
    assert_eq!(one(b"SHOP\nTOTAL 36.00\n").verdict, Some(Verdict::Unchecked));
}

#[test]
fn titles_tell_the_kind_and_footers_do_not() {
    for (title, kind) in [
        ("*** RE-PRINT ***", Kind::Reprint),
        ("** VOID **", Kind::Void),
        ("REFUND", Kind::Refund),
        ("TRAINING MODE", Kind::Training),
        ("CUSTOMER'S COPY", Kind::Sale),
        ("GOODS SOLD ARE NOT REFUNDABLE", Kind::Sale),
    ] {
        assert_eq!(one(format!("{title}\n{TEA}").as_bytes()).kind, kind, "{title}");
    }
}

#[test]
fn a_refund_is_negative_throughout() {
    let event = one(format!("REFUND\n{TEA}").as_bytes());
    let receipt = event.receipt.expect("fields");
    let text = |amount: Option<pos_protocol::money::Amount>| amount.map(|a| a.to_string());
    assert_eq!(text(receipt.total).as_deref(), Some("-36.00"));
    assert_eq!(text(receipt.items[0].amount).as_deref(), Some("-36.00"));
    assert_eq!(text(receipt.payments[0].amount).as_deref(), Some("-36.00"));
}

/// The goods of a restaurant's paper between its head and its foot, in its own columns.
fn restaurant(goods: &str, sums: &str) -> Event {
    let text = format!(
        "樂園茶室\n單號：21145\n印單時間：2026-12-03 12:01:22\n--------------------------------\n\
         數量 食品           單價     銀碼\n{goods}--------------------------------\n{sums}"
    );
    one(&[b"\x1b@\x1c&", &*GB18030.encode(&text).0, CUT].concat())
}

/// Names with amounts of the goods, labels with amounts of the reductions.
fn goods(event: &Event) -> (Vec<String>, Vec<String>) {
    let receipt = event.receipt.as_ref().expect("fields");
    let items = receipt.items.iter().map(|item| {
        format!("{} {}", item.name, item.amount.map_or(String::new(), |a| a.to_string()))
    });
    let off = receipt
        .discounts
        .iter()
        .map(|off| format!("{} {}", off.label.as_deref().unwrap_or_default(), off.amount));
    (items.collect(), off.collect())
}

#[test]
fn an_offer_below_its_goods_is_a_reduction_and_goes_back_with_them() {
    let sale = restaurant(
        "   1 蝦餃          48.00    48.00\n      特價                   -9.60\n",
        "小計：                     38.40\n應付金額：      38.40\n八達通：                   38.40\n",
    );
    assert_eq!((sale.kind, sale.verdict), (Kind::Sale, Some(Verdict::Balanced)));
    assert_eq!(goods(&sale), (vec!["蝦餃 48.00".to_owned()], vec!["特價 -9.60".to_owned()]));
    // As many amounts above zero as below it.
    let refund = restaurant(
        "  -1 蝦餃          48.00   -48.00\n      特價                    9.60\n",
        "小計：                    -38.40\n應付金額：     -38.40\n八達通：                  -38.40\n",
    );
    assert_eq!((refund.kind, refund.verdict), (Kind::Refund, Some(Verdict::Balanced)));
    assert_eq!(goods(&refund), (vec!["蝦餃 -48.00".to_owned()], vec!["特價 9.60".to_owned()]));
    let two = restaurant(
        "  -1 蝦餃          48.00   -48.00\n      特價                    9.60\n\
         \u{20} -2 燒賣          38.00   -76.00\n      特價                   15.20\n",
        "小計：                    -99.20\n應付金額：     -99.20\n八達通：                  -99.20\n",
    );
    assert_eq!(goods(&two).1, ["特價 9.60", "特價 15.20"]);
}

#[test]
fn goods_that_are_called_like_an_offer_are_goods() {
    let sale = restaurant(
        "   1 特價腸粉      28.00    28.00\n   1 蝦餃          48.00    48.00\n",
        "小計：                     76.00\n應付金額：      76.00\n八達通：                   76.00\n",
    );
    assert_eq!(goods(&sale).0, ["特價腸粉 28.00", "蝦餃 48.00"]);
    // Given in exchange for what came back.
    let exchange = restaurant(
        "  -1 蝦餃          48.00   -48.00\n   1 特價腸粉      28.00    28.00\n",
        "小計：                    -20.00\n應付金額：     -20.00\n八達通：                  -20.00\n",
    );
    assert_eq!(goods(&exchange).0, ["蝦餃 -48.00", "特價腸粉 28.00"]);
    assert_eq!(goods(&exchange).1, Vec::<String>::new());
}

#[test]
fn the_shops_currency_fills_in_where_none_is_printed() {
    let profile = Profile { currency: Some(Currency::JPY), ..Profile::default() };
    let records = [bytes(0, &[b"SHOP\nTOTAL 360\n", CUT])];
    let events = drive::run(&profile, Limits::default(), &records);
    let receipt = events[0].receipt.as_ref().expect("fields");
    assert_eq!(receipt.currency.as_deref(), Some("JPY"));
    assert_eq!(receipt.total.map(|t| t.to_string()).as_deref(), Some("360"));
}

#[test]
fn a_file_is_cut_where_paper_would_be() {
    let job_end = b"\x1dr\x01";
    for ends in [CUT, b"\x1bi", b"\x0c", job_end, b"\x1d(H\x06\x000000AB"] {
        let stream = [b"\x1b@", TEA.as_bytes(), ends, b"\x1b@", b"SHOP\nTOTAL 9.00\n"].concat();
        assert_eq!(kinds(&drive::decode(&stream)), [Kind::Sale, Kind::Sale], "{ends:02x?}");
    }
}

#[test]
fn a_kick_belongs_to_the_paper_it_stands_in_or_next_to() {
    let inside = one(&[KICK, TEA.as_bytes(), CUT].concat());
    assert!(inside.kind == Kind::Sale && inside.drawer.is_some());
    let events = drive::decode(&[TEA.as_bytes(), CUT, KICK].concat());
    assert_eq!(kinds(&events), [Kind::Sale, Kind::DrawerOpened]);
    assert_eq!(events[1].related, Some(events[0].id));
}

#[test]
fn a_drawer_opened_with_no_sale_is_told_after_five_seconds() {
    let kick = bytes(0, &[KICK]);
    let early = (5 * SECOND - 1, Step::Timeout);
    let late = (5 * SECOND, Step::Timeout);
    let mut session = drive::session(&Profile::default(), Limits::default());
    drive::apply(&mut session, &kick);
    drive::apply(&mut session, &early);
    assert_eq!(drive::drain(&mut session), []);
    drive::apply(&mut session, &late);
    assert_eq!(kinds(&drive::drain(&mut session)), [Kind::NoSale]);
}

#[test]
fn a_kick_before_its_sale_is_that_sales() {
    let sale = bytes(4 * SECOND, &[TEA.as_bytes(), CUT]);
    let events = live(&[bytes(0, &[KICK]), (SECOND * 7 / 2, Step::Timeout), sale]);
    assert_eq!(kinds(&events), [Kind::Sale]);
    assert!(events[0].drawer.is_some());
}

#[test]
fn silence_ends_a_paper_that_was_not_cut() {
    let events = live(&[bytes(0, &[TEA.as_bytes()]), (3 * SECOND, Step::Timeout)]);
    assert_eq!(kinds(&events), [Kind::Sale]);
    assert!(codes(&events[0]).contains(&Code::EndedByIdle));
}

#[test]
fn a_second_print_within_ten_minutes_is_a_copy_and_later_a_sale() {
    let print = |at| bytes(at, &[TEA.as_bytes(), CUT]);
    let events = live(&[print(0), print(590 * SECOND)]);
    assert_eq!(kinds(&events), [Kind::Sale, Kind::Reprint]);
    assert_eq!(events[1].related, Some(events[0].id));
    assert!(codes(&events[1]).contains(&Code::UnmarkedCopy));
    assert_eq!(kinds(&live(&[print(0), print(601 * SECOND)])), [Kind::Sale, Kind::Sale]);
}

#[test]
fn a_receipt_torn_by_a_broken_connection_shows_its_damage() {
    let torn = &TEA.as_bytes()[..60];
    let broken = (SECOND, Step::Boundary(Lane::ToPrinter(0), Boundary::Broken));
    let again = (2 * SECOND, Step::Bytes(Lane::ToPrinter(1), [TEA.as_bytes(), CUT].concat()));
    let events = live(&[bytes(0, &[torn]), broken, again]);
    assert_eq!(kinds(&events), [Kind::Document, Kind::Sale]);
    assert!(codes(&events[0]).contains(&Code::Gap));
    assert!(codes(&events[1]).is_empty());
}

#[test]
fn a_receipt_whose_connection_closed_before_its_total_is_no_sale_yet() {
    let closed = || (SECOND, Step::Boundary(Lane::ToPrinter(0), Boundary::Closed));
    let head = "SALES RECEIPT\nReceipt No: 1001\nMilk tea       2   18.00     36.00\n\
                Toast          1   22.00     22.00\n";
    let foot = "TOTAL                        58.00\nCASH                         60.00\n\
                CHANGE                        2.00\n";
    let torn = live(&[bytes(0, &[head.as_bytes()]), closed()]);
    assert_eq!(kinds(&torn), [Kind::Unread], "the foot is missing");
    let whole = [head.as_bytes(), foot.as_bytes()].concat();
    let whole = live(&[bytes(0, &[&whole]), closed()]);
    assert_eq!(kinds(&whole), [Kind::Sale], "a till that never cuts");
}

#[test]
fn a_gap_in_a_line_goes_into_the_paper_it_hit() {
    let (before, after) = TEA.as_bytes().split_at(70);
    let gap = (SECOND, Step::Gap(GapReason::Restart));
    let events = live(&[bytes(0, &[before]), gap, bytes(SECOND, &[after, CUT])]);
    assert_eq!((kinds(&events), events[0].verdict), (vec![Kind::Sale], Some(Verdict::Balanced)));
    assert_eq!(codes(&events[0]), [Code::Gap]);
}

#[test]
fn a_gap_that_hits_the_cut_does_not_make_one_sale_of_two() {
    let next = TEA.replace("1001", "1002");
    let gap = (SECOND, Step::Gap(GapReason::Restart));
    // The first byte of the cut came before the gap: its rest reads as text, or was never heard.
    for tail in [&CUT[1..], b""] {
        let first = bytes(0, &[b"\x1b@", TEA.as_bytes(), &CUT[..1]]);
        let second = bytes(SECOND, &[tail, b"\x1b@", next.as_bytes(), CUT]);
        let events = live(&[first, gap.clone(), second]);
        assert_eq!(kinds(&events), [Kind::Sale, Kind::Sale], "{tail:?}");
        assert!(codes(&events[0]).contains(&Code::Gap));
        assert!(codes(&events[1]).is_empty(), "{:?}", codes(&events[1]));
    }
}

#[test]
fn a_gap_between_papers_belongs_to_the_next_only_if_it_may_be_missing_its_beginning() {
    let gap = |at| (at, Step::Gap(GapReason::Unplugged));
    let first = || bytes(0, &[b"\x1b@", TEA.as_bytes(), CUT]);
    let after = |head: &'static [u8]| {
        let events =
            live(&[first(), gap(SECOND), bytes(900 * SECOND, &[head, TEA.as_bytes(), CUT])]);
        assert!(codes(&events[0]).is_empty(), "it was over");
        codes(&events[1])
    };
    assert_eq!(after(b"\x1b@"), [Code::GapBefore], "reset, then print: its beginning was seen");
    assert_eq!(after(b"\x1ba\x01\x1b@"), [Code::GapBefore], "settings print nothing");
    assert_eq!(after(b""), [Code::Gap], "who knows what came before");
    assert_eq!(after(b"\x1ba\x01"), [Code::Gap], "settings alone begin nothing");
    assert_eq!(after(b"tail of a line\n\x1b@"), [Code::Gap], "the reset came within the paper");
    assert_eq!(after(CUT), [Code::GapBefore], "what comes after a cut is new paper");
    let late = [first(), gap(SECOND), bytes(900 * SECOND, &[b"\x1b@", TEA.as_bytes(), CUT])];
    let third = (1_800 * SECOND, late[2].1.clone());
    let events = live(&[late[0].clone(), late[1].clone(), late[2].clone(), third]);
    assert!(!codes(&events[2]).contains(&Code::GapBefore), "told once");
}

#[test]
fn a_picture_is_reported_and_noise_too() {
    let mut image = b"\x1b@\x1dv0\x00\x10\x00\x10\x00".to_vec();
    image.extend([0x55; 256]);
    let picture = one(&[&image, CUT].concat());
    assert_eq!(picture.kind, Kind::RasterReceipt);
    assert!(codes(&picture).contains(&Code::ImageOnly));
    let noise = one(&[0x02; 64]);
    assert_eq!(noise.kind, Kind::Unread);
}

#[test]
fn paper_with_nothing_on_it_says_nothing() {
    assert_eq!(drive::decode(&[b"\x1b@\x10\x04\x01", CUT, b"\x1b@\n\n", CUT].concat()), []);
}

/// The origin of the tests' wall clock, as a till in Hong Kong prints it.
const DAY: &str = "2023-11-15";

fn paid_by_card(time: &str) -> String {
    format!("SHOP\nReceipt No: 7\n{DAY} {time}\nTea 44.00\nTOTAL 44.00\nOCTOPUS 44.00\n")
}

#[test]
fn a_card_slip_belongs_to_the_receipt_beside_it_and_is_no_sale() {
    let slip = "八達通付款\n機號: 12\n八達通\n扣除金額 $44.0\n餘額 $156.0\n";
    let slip = GB18030.encode(slip).0.into_owned();
    let sale = paid_by_card("06:13");
    let print = |at, text: &[u8]| bytes(at, &[b"\x1b@\x1c&", text, CUT]);
    let after = live(&[print(0, sale.as_bytes()), print(SECOND, &slip)]);
    assert_eq!(kinds(&after), [Kind::Sale, Kind::CardSlip]);
    assert_eq!(after[1].related, Some(after[0].id));
    let total = after[1].receipt.as_ref().and_then(|receipt| receipt.total);
    assert_eq!(total.map(|total| total.to_string()).as_deref(), Some("44.0"));
    let before = live(&[print(0, &slip), print(SECOND, sale.as_bytes())]);
    assert_eq!(kinds(&before), [Kind::CardSlip, Kind::Sale]);
    assert_eq!(before[1].related, Some(before[0].id));
    let late = live(&[print(0, sale.as_bytes()), print(121 * SECOND, &slip)]);
    assert_eq!(late[1].related, None);
}

#[test]
fn a_tills_wrong_clock_is_told_and_its_time_kept() {
    let sold = |day: &str| {
        let text = paid_by_card("06:13").replace(DAY, day);
        live(&[bytes(0, &[text.as_bytes(), CUT])]).remove(0)
    };
    assert!(!codes(&sold(DAY)).contains(&Code::PrintedAtImplausible));
    for day in ["2023-11-12", "2024-11-15"] {
        let event = sold(day);
        assert!(codes(&event).contains(&Code::PrintedAtImplausible), "{day}");
        let printed = event.receipt.and_then(|receipt| receipt.printed_at);
        assert_eq!(printed.map(|at| at.to_string()), Some(format!("{day}T06:13:00")));
    }
}

#[test]
fn a_marked_copy_names_the_sale_it_repeats() {
    let copy = TEA.replace("SHOP\n", "SHOP\n*** REPRINT ***\n").replace("12:01:22", "13:00:00");
    let events = live(&[bytes(0, &[TEA.as_bytes(), CUT]), bytes(SECOND, &[copy.as_bytes(), CUT])]);
    assert_eq!(kinds(&events), [Kind::Sale, Kind::Reprint]);
    assert_eq!(events[1].related, Some(events[0].id));
}

#[test]
fn a_long_receipt_number_is_no_postcode() {
    let event = one(b"CAFE LUMO\nReceipt No 004217  Table 12\nTea 5.00\nTOTAL 5.00\nCASH 5.00\n");
    let receipt = event.receipt.expect("a receipt");
    assert_eq!(receipt.number.as_deref(), Some("004217"));
    assert_eq!(receipt.address, None);
}

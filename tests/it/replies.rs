//! What printers answer, and what follows from it, over whole sessions.

use pos_protocol::drawer::{CONFIRM_NS, HighMeans, Setup, port};
use pos_protocol::event::{DrawerState, Event, Fault, Kind, Paper};
use pos_protocol::limits::Limits;
use pos_protocol::profile::Profile;
use pos_protocol::reply::SETTLE_NS;
use pos_protocol::session::{GapReason, Lane};
use pos_tests::drive::{self, Record, Step};

const SECOND: u64 = 1_000_000_000;
const WATCH: &[u8] = b"\x1da\xff";
const SHUT: &[u8] = &[0x10, 0, 0, 0x0F];
const OPEN: &[u8] = &[0x14, 0, 0, 0x0F];
const KICK: &[u8] = b"\x1bp\x00\x19\xfa";
const SALE: &[u8] =
    b"SHOP\nTea 2 x 18.00 36.00\nTOTAL 36.00\nCASH 40.00\nCHANGE 4.00\n\x1bp\x00\x19\xfa\x1dV\x00";

fn profile(high_means: HighMeans) -> Profile {
    Profile { drawer: Setup { high_means, ..Setup::default() }, ..Profile::default() }
}

fn to(at: u64, bytes: &[u8]) -> Record {
    (at, Step::Bytes(Lane::ToPrinter(0), bytes.to_vec()))
}

fn from(at: u64, bytes: &[u8]) -> Record {
    (at, Step::Bytes(Lane::FromPrinter(0), bytes.to_vec()))
}

fn look(at: u64) -> Record {
    (at, Step::Timeout)
}

/// Each event's kind and how far its drawer is known.
fn said(profile: &Profile, records: &[Record]) -> Vec<(Kind, Option<DrawerState>)> {
    told(profile, records).iter().map(|e| (e.kind, e.drawer.as_ref().map(|d| d.state))).collect()
}

fn told(profile: &Profile, records: &[Record]) -> Vec<Event> {
    drive::run(profile, Limits::default(), records)
}

/// A till that watches its drawer and sells once, with a sensor that works.
fn sold() -> Vec<Record> {
    vec![
        to(0, WATCH),
        from(1, SHUT),
        to(SECOND, SALE),
        from(SECOND + SECOND / 2, OPEN),
        from(5 * SECOND, SHUT),
    ]
}

#[test]
fn an_ordinary_sale_and_its_drawer_are_one_event() {
    for means in [HighMeans::Open, HighMeans::Learn] {
        let records = [sold(), vec![look(900 * SECOND)]].concat();
        let expected = [(Kind::Sale, Some(DrawerState::Commanded))];
        assert_eq!(said(&profile(means), &records), expected);
    }
}

#[test]
fn a_kick_that_opened_nothing_is_told_beside_its_sale() {
    let stuck = [sold(), vec![to(60 * SECOND, SALE), look(60 * SECOND + CONFIRM_NS)]].concat();
    let events = told(&profile(HighMeans::Learn), &stuck);
    let [_, sale, unconfirmed] = events.as_slice() else { panic!("{events:#?}") };
    assert_eq!(unconfirmed.kind, Kind::DrawerOpened);
    assert_eq!(unconfirmed.related, Some(sale.id));
    let drawer = unconfirmed.drawer.as_ref().expect("a drawer");
    assert_eq!(drawer.state, DrawerState::Unconfirmed);
}

#[test]
fn a_no_sale_kick_says_whether_the_drawer_opened() {
    let open = [sold(), vec![to(60 * SECOND, KICK), from(61 * SECOND, OPEN)]].concat();
    let after = |more: Vec<Record>| [open.clone(), more, vec![look(90 * SECOND)]].concat();
    let sale = (Kind::Sale, Some(DrawerState::Commanded));
    let no_sale = (Kind::NoSale, Some(DrawerState::Opened));
    let learn = profile(HighMeans::Learn);
    assert_eq!(said(&learn, &after(vec![])), [sale, no_sale]);
    let shut = after(vec![from(80 * SECOND, SHUT)]);
    let closed = (Kind::DrawerClosed, Some(DrawerState::Closed));
    assert_eq!(said(&learn, &shut), [sale, no_sale, closed]);
}

#[test]
fn a_drawer_left_open_is_told_and_so_is_its_closing() {
    let mut records = sold();
    records.pop();
    records.extend([look(200 * SECOND), from(300 * SECOND, SHUT)]);
    let events = told(&profile(HighMeans::Open), &records);
    let kinds: Vec<Kind> = events.iter().map(|event| event.kind).collect();
    assert_eq!(kinds, [Kind::Sale, Kind::DrawerLeftOpen, Kind::DrawerClosed]);
    assert_eq!(events[1].related, Some(events[0].id));
    assert_eq!(events[2].related, Some(events[1].id));
    // Three minutes after the sensor saw it open.
    assert_eq!(events[1].observed_at, drive::at(SECOND + SECOND / 2 + 180 * SECOND).rfc3339());
}

#[test]
fn a_key_within_five_seconds_of_a_sale_is_that_sales() {
    let records = [
        to(0, WATCH),
        from(1, SHUT),
        from(SECOND, OPEN),
        to(3 * SECOND, b"SHOP\nTOTAL 36.00\nCASH 36.00\n\x1dV\x00"),
        look(60 * SECOND),
    ];
    let expected = [(Kind::Sale, Some(DrawerState::Opened))];
    assert_eq!(said(&profile(HighMeans::Open), &records), expected);
    let alone = [to(0, WATCH), from(1, SHUT), from(SECOND, OPEN), look(60 * SECOND)];
    let by_key = [(Kind::NoSale, Some(DrawerState::Opened))];
    assert_eq!(said(&profile(HighMeans::Open), &alone), by_key);
}

#[test]
fn a_kick_that_was_cut_short_is_no_key() {
    let cut_short = [to(0, WATCH), from(1, SHUT), to(SECOND, b"\x1bp\x00"), from(2 * SECOND, OPEN)];
    let records = [cut_short.to_vec(), vec![look(60 * SECOND)]].concat();
    let events = told(&profile(HighMeans::Open), &records);
    let [no_sale] = events.as_slice() else { panic!("{events:#?}") };
    let drawer = no_sale.drawer.as_ref().expect("a drawer");
    assert!(drawer.kick.is_some() && drawer.state == DrawerState::Opened, "{drawer:?}");
}

#[test]
fn after_a_gap_an_open_drawer_accuses_nobody() {
    let gap = (2, Step::Gap(GapReason::Overrun));
    let records = [to(0, WATCH), from(1, SHUT), gap, from(SECOND, OPEN), look(900 * SECOND)];
    assert_eq!(said(&profile(HighMeans::Open), &records), []);
}

#[test]
fn the_four_questions_of_a_till_become_one_printer_status() {
    let polls = |at: u64, answers: [u8; 4]| {
        let ask = (1..=4).flat_map(|n| [0x10, 0x04, n]).collect::<Vec<u8>>();
        vec![to(at, &ask), from(at + 1, &answers)]
    };
    let records = [
        polls(0, [0x12; 4]),
        polls(SECOND, [0x1A, 0x32, 0x12, 0x7E]),
        polls(9 * SECOND, [0x12, 0x12, 0x12, 0x1E]),
        vec![look(60 * SECOND)],
    ]
    .concat();
    let events = told(&Profile::default(), &records);
    let printers: Vec<_> = events.iter().map(|e| e.printer.expect("a state")).collect();
    assert!(events.iter().all(|event| event.kind == Kind::PrinterStatus));
    assert_eq!(
        printers.iter().map(|printer| printer.paper).collect::<Vec<_>>(),
        [Some(Paper::Out), Some(Paper::Low)]
    );
    assert_eq!(printers[0].offline, Some(true));
    assert_eq!(printers[1].error, Some(Fault::None));
    let session = &events[0].evidence.as_ref().expect("evidence").session;
    assert_eq!(session, "counter-1/0/0/from-printer");
}

#[test]
fn a_cover_that_bounces_is_not_told() {
    let open = [0x38, 0, 0, 0x0F];
    let bounce = [from(0, SHUT), from(1, &open), from(SETTLE_NS, SHUT), look(SECOND)];
    assert_eq!(said(&Profile::default(), &bounce), []);
    let stays = [from(0, SHUT), from(1, &open), from(SETTLE_NS + 1, SHUT), look(SECOND)];
    assert_eq!(told(&Profile::default(), &stays).len(), 2, "open, and closed again");
}

#[test]
fn a_drawers_own_line_is_read_the_same_from_any_pieces() {
    let port = port::Setup {
        open_code: vec![0x1B, 0x07],
        status_open: Some(0x01),
        status_closed: Some(0x00),
    };
    let drawer = Setup { port: Some(port), ..Setup::default() };
    let profile = Profile { drawer, ..Profile::default() };
    let bytes = [0x00, 0x1B, 0x07, 0x01, 0x00, 0x01];
    let whole = [to(0, &bytes), look(60 * SECOND)];
    let kick = (Kind::DrawerOpened, Some(DrawerState::Commanded));
    let by_key = (Kind::NoSale, Some(DrawerState::Opened));
    assert_eq!(said(&profile, &whole), [kick, by_key]);
    let single: Vec<Record> = bytes.iter().map(|byte| to(0, &[*byte])).collect();
    let pieces = [single, vec![look(60 * SECOND)]].concat();
    assert_eq!(told(&profile, &whole), told(&profile, &pieces));
}

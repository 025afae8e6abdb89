//! Every program's receipts tell by themselves which command language they are in.

use pos_protocol::event::Event;
use pos_protocol::limits::Limits;
use pos_protocol::profile::{Dialect, Profile};
use pos_protocol::session::Lane;
use pos_tests::drive::{self, Step};
use pos_tests::receipts;
use possim::print::Style;

/// Receipts of each style; the first one alone has to decide.
const RECEIPTS: usize = 6;

fn read(bytes: &[u8], dialect: Dialect) -> Vec<Event> {
    let profile = Profile { dialect, ..Profile::default() };
    let record = (0, Step::Bytes(Lane::ToPrinter(0), bytes.to_vec()));
    drive::run(&profile, Limits::default(), &[record])
}

/// What an event says, but for how its dialect was come by.
fn said(events: Vec<Event>) -> Vec<Event> {
    let plain = |mut event: Event| {
        if let Some(evidence) = &mut event.evidence {
            evidence
                .diagnostics
                .retain(|d| d.code != pos_protocol::diagnostic::Code::DialectInferred);
            evidence.dialect.clear();
        }
        event
    };
    events.into_iter().map(plain).collect()
}

#[test]
fn an_unknown_printer_reads_as_if_its_dialect_were_configured() {
    for style in Style::ALL {
        let shop = receipts::shops(style)[0];
        let bytes = receipts::slips(style, shop, 7, RECEIPTS).concat();
        let configured = receipts::dialect(style);
        let inferred = read(&bytes, Dialect::Auto);
        let star = configured != Dialect::Escpos;
        let words: Vec<&str> = inferred
            .iter()
            .filter_map(|event| event.evidence.as_ref())
            .map(|evidence| evidence.dialect.as_str())
            .collect();
        assert!(!words.is_empty(), "{}", style.name);
        assert!(
            words.iter().all(|word| word.starts_with("star") == star),
            "{} {words:?}",
            style.name
        );
        assert_eq!(said(inferred), said(read(&bytes, configured)), "{}", style.name);
    }
}

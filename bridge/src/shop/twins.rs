//! Whether two events tell of one sale: one printed, the other pushed, or pushed by two.
//!
//! The number, the total and the time say so, and nothing else: what a provider leaves out (goods, the
//! cashier) says nothing. Two prints of one wire are never judged here; the wire's own session knows
//! reprints.

use jiff::SignedDuration;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use pos_protocol::event::{Event, FieldEvidence, Kind, PrintedAt};

use crate::inbound::Scheme;

/// How far apart the two may say that it was: a till's clock, and a receipt that is printed when the
/// customer asks for it.
const APART: SignedDuration = SignedDuration::from_mins(10);

/// What `event` is as a second account of what `known` tells of; `None` where they are two.
///
/// Print goes before what is pushed: it has the goods, the cashier and the till whose Z report counts
/// it. So a print that comes second takes the place of what was pushed, as its correction; whatever
/// else comes second counts nowhere.
pub(super) fn second(event: &Event, known: &Event, zone: &TimeZone) -> Option<Event> {
    if !is_same(event, known, zone) {
        return None;
    }
    let mut second = Event { related: Some(known.id), ..event.clone() };
    if Scheme::is_source(&event.source) {
        second.kind = Kind::Document;
        return Some(second);
    }
    second.kind = Kind::Correction;
    second.corrects = Some(known.id);
    let evidence = second.evidence.get_or_insert_default();
    let (start, end, rule) = (evidence.start, evidence.end, event.kind.as_str().to_owned());
    evidence.fields.insert("kind".to_owned(), FieldEvidence { start, end, rule });
    Some(second)
}

fn is_same(event: &Event, known: &Event, zone: &TimeZone) -> bool {
    // Within one scheme objects have ids, and on wires there is nothing pushed.
    let pushed = Scheme::is_source(&event.source) || Scheme::is_source(&known.source);
    if !pushed || event.source == known.source || event.kind != known.kind {
        return false;
    }
    let (Some(one), Some(other)) = (&event.receipt, &known.receipt) else { return false };
    let currency = one.currency.as_ref().zip(other.currency.as_ref());
    let both = one.number.is_some() && one.total.is_some();
    both && one.number == other.number
        && one.total == other.total
        && currency.is_none_or(|(one, other)| one == other)
        && times(event, zone)
            .any(|at| times(known, zone).any(|other| at.duration_until(other).abs() <= APART))
}

/// When it was, by its own words; a print also when it was heard, since a till's clock may be off. A
/// call may come days later.
fn times(event: &Event, zone: &TimeZone) -> impl Iterator<Item = DateTime> {
    let said = event.receipt.as_ref().and_then(|receipt| receipt.printed_at);
    let said = said.and_then(|at| match at {
        PrintedAt::DateTime(at) => Some(at),
        PrintedAt::Date(_) => None,
    });
    let heard = event.observed_at.parse::<jiff::Timestamp>().ok();
    let heard = heard.filter(|_| said.is_none() || !Scheme::is_source(&event.source));
    said.into_iter().chain(heard.map(|at| at.to_zoned(zone.clone()).datetime()))
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;
    use pos_protocol::event::{Event, Kind};
    use serde_json::{Value, json};

    use super::second;
    use crate::shop::samples::{sale, slip};

    fn zone() -> TimeZone {
        TimeZone::get("Asia/Hong_Kong").expect("a zone")
    }

    /// The noon sale as a provider tells of it, heard hours later.
    fn pushed(source: &str, further: Value) -> Event {
        let event = slip(Kind::Sale, "1001", "36.00", further);
        Event { source: source.into(), observed_at: "2026-11-21T09:00:00Z".into(), ..event }
    }

    #[test]
    fn print_goes_before_what_is_pushed_whichever_comes_first() {
        let (wire, hook) = (sale("1001"), pushed("hooks/square", json!({})));
        let late = second(&hook, &wire, &zone()).expect("the same");
        assert_eq!((late.kind, late.related, late.corrects), (Kind::Document, Some(wire.id), None));
        let print = second(&wire, &hook, &zone()).expect("the same");
        assert_eq!((print.kind, print.corrects), (Kind::Correction, Some(hook.id)));
        assert_eq!(print.evidence.expect("some").fields["kind"].rule, "sale");
        let push = pushed("hooks/push", json!({}));
        assert_eq!(second(&push, &hook, &zone()).expect("the same").kind, Kind::Document);
    }

    #[test]
    fn number_total_and_time_make_it_the_same_and_nothing_else() {
        let wire = sale("1001");
        let same = |further| second(&pushed("hooks/square", further), &wire, &zone()).is_some();
        assert!(same(json!({ "items": [], "cashier": "somebody else" })));
        assert!(same(json!({ "printed_at": "2026-11-21T12:11:22" })));
        assert!(!same(json!({ "printed_at": "2026-11-21T12:11:26" })));
        assert!(!same(json!({ "printed_at": "2026-11-20T12:01:22" })), "the number came round");
        assert!(!same(json!({ "total": "36.01" })));
        assert!(!same(json!({ "number": "1002" })));
        assert!(!same(json!({ "number": null })));
        assert!(!same(json!({ "currency": "CNY" })));
        let refund = slip(Kind::Refund, "1001", "36.00", json!({}));
        let refund = Event { source: "hooks/square".into(), ..refund };
        assert!(second(&refund, &wire, &zone()).is_none());
    }

    #[test]
    fn a_till_whose_clock_is_off_is_known_by_when_it_was_heard() {
        let wire =
            slip(Kind::Sale, "1001", "36.00", json!({ "printed_at": "2026-11-21T10:00:00" }));
        assert!(second(&pushed("hooks/square", json!({})), &wire, &zone()).is_some());
        let two_wires = Event { source: "counter-2".into(), ..wire.clone() };
        assert!(second(&two_wires, &wire, &zone()).is_none(), "two tills may count alike");
        assert!(
            second(&pushed("hooks/a", json!({})), &pushed("hooks/a", json!({})), &zone()).is_none()
        );
    }
}

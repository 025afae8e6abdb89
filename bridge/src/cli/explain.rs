//! `decode --explain`: why each field was read as it was, for whoever installs a till.
//!
//! Not here: any decision; everything shown comes from the event, its paper and the reader's trace.

use std::io::{self, Write};

use pos_protocol::event::Event;
use pos_protocol::reading::trace::{Candidate, Equation, Term};
use pos_protocol::session::Explanation;
use serde_json::Value;

/// Losers that are shown of each field: more are no help.
const MAX_LOST: usize = 3;
/// Characters of a line that are shown.
const LINE_CHARS: usize = 48;

/// Writes why `event` reads as it does.
pub(super) fn write(event: &Event, why: &Explanation, out: &mut dyn Write) -> io::Result<()> {
    let verdict = event.verdict.map_or("no total", |verdict| verdict.as_str());
    let evidence = event.evidence.clone().unwrap_or_default();
    let (profile, encoding) = (&evidence.profile, &evidence.encoding);
    writeln!(out, "{}, {verdict}; profile {profile}, encoding {encoding}", event.kind)?;
    let receipt = serde_json::to_value(&event.receipt)?;
    let mut fields: Vec<_> = evidence.fields.iter().collect();
    fields.sort_by_key(|(name, field)| (field.start, (*name).clone()));
    for (name, field) in fields {
        let value = value(&receipt, name);
        writeln!(out, "  {name}: {value}")?;
        write!(out, "    by {:?}, bytes {}..{}", field.rule, field.start, field.end)?;
        writeln!(out, "{}", place(why, field.start))?;
        let lost = why.trace.candidates().iter().filter(|c| c.lost.is_some() && same(name, c));
        for candidate in lost.take(MAX_LOST) {
            refused(candidate, why, out)?;
        }
    }
    let told = |c: &&Candidate| !evidence.fields.keys().any(|name| same(name, c));
    let lost: Vec<_> = why.trace.candidates().iter().filter(|c| c.lost.is_some()).collect();
    for candidate in lost.into_iter().filter(told).take(MAX_LOST) {
        writeln!(out, "  {}: not read", candidate.field)?;
        refused(candidate, why, out)?;
    }
    why.trace.equations().iter().try_for_each(|sum| equation(sum, out))?;
    for diagnostic in &evidence.diagnostics {
        let code = serde_json::to_value(diagnostic.code)?;
        let note = format!("{} {}", code.as_str().unwrap_or_default(), diagnostic.detail);
        writeln!(out, "  note: {}", note.trim_end())?;
    }
    writeln!(out)
}

/// Whether a candidate is for the field `name`: `taxes` for `taxes.0`.
fn same(name: &str, candidate: &Candidate) -> bool {
    let rest = name.strip_prefix(candidate.field.as_str());
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

fn refused(candidate: &Candidate, why: &Explanation, out: &mut dyn Write) -> io::Result<()> {
    let reason = candidate.lost.as_deref().unwrap_or_default();
    let place = place(why, candidate.span.start);
    writeln!(out, "    not {} by {:?}{place}: {reason}", candidate.value, candidate.rule)
}

/// The line that holds byte `at`, numbered from 1 as the text view shows it.
fn place(why: &Explanation, at: u64) -> String {
    let mut lines = why.paper.lines().enumerate();
    let found = lines.find(|(_, line)| {
        let span = line.span(0..line.text.len());
        span.start <= at && at < span.end
    });
    let Some((index, line)) = found else { return String::new() };
    let text: String = line.text.trim().chars().take(LINE_CHARS).collect();
    format!(", line {} {text:?}", index + 1)
}

/// The field at a path such as `items.0.amount`; of a list's entry, its amount.
fn value(receipt: &Value, path: &str) -> String {
    let found = path.split('.').try_fold(receipt, |value, key| match key.parse::<usize>() {
        Ok(index) => value.get(index),
        Err(_) => value.get(key),
    });
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    match found {
        Some(Value::Object(entry)) => {
            let parts = ["label", "method", "amount"].into_iter().filter_map(|key| entry.get(key));
            parts.map(text).collect::<Vec<_>>().join(" ")
        }
        Some(value) => text(value),
        None => "-".to_owned(),
    }
}

fn equation(sum: &Equation, out: &mut dyn Write) -> io::Result<()> {
    let term = |term: &Term| format!("{} {}", term.field, term.amount);
    let terms: Vec<String> = sum.terms.iter().map(term).collect();
    let result = term(&sum.result);
    let closes =
        if sum.off_by.is_zero() { "closes".to_owned() } else { format!("off by {}", sum.off_by) };
    writeln!(out, "  sum: {}: {} = {result}: {closes}", sum.name, terms.join(" + "))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use pos_protocol::event::{Evidence, FieldEvidence, SessionId, Verdict};
    use pos_protocol::limits::Limits;
    use pos_protocol::money::Amount;
    use pos_protocol::profile::{Profile, Timing};
    use pos_protocol::reading::trace::{Candidate, Term, Trace};
    use pos_protocol::session::{EndReason, Lane, Session};
    use pos_protocol::span::Span;
    use pos_protocol::time::Timestamp;

    const PAPER: &str = "SHOP\nTea 36.00\nTOTAL QTY 2\nTOTAL 36.00\nPOINTS 9\n";

    fn span(words: &str) -> Span {
        let at = PAPER.find(words).expect("on the paper") as u64;
        Span::new(at, at + words.len() as u64)
    }

    fn trace() -> Trace {
        let mut trace = Trace::default();
        for (field, words, lost) in [
            ("total", "2", Some("\"TOTAL QTY\" is not an amount of the bill")),
            ("total", "36.00\nPOINTS", None),
            ("tip", "9", Some("points are no money")),
        ] {
            let value = words.split('\n').next().unwrap_or_default().to_owned();
            let lost = lost.map(str::to_owned);
            let span = span(words);
            let rule = "WORD".to_owned();
            trace.consider(Candidate { field: field.to_owned(), value, span, rule, lost });
        }
        let term = |field: &str, minor| Term { field: field.into(), amount: Amount::new(minor, 2) };
        let items = || vec![term("items.0.amount", 3_600)];
        trace.add_up("items = total", items(), term("total", 3_600));
        trace.add_up("items = subtotal", items(), term("subtotal", 3_500));
        trace
    }

    /// Fields, rules and sums are given, so that only the words of the explanation are tested.
    #[test]
    fn an_explanation_names_value_rule_bytes_line_losers_and_sums() {
        let id = SessionId { journal: "t".into(), source: "t".into(), epoch: 0 };
        let profile = Profile { timing: Timing::File, ..Profile::default() };
        let mut session = Session::new(id, Arc::new(profile), Limits::default()).explaining();
        session.receive(Lane::ToPrinter(0), Timestamp::new(0, 0), PAPER.as_bytes());
        session.finish(Timestamp::new(0, 0), EndReason::EndOfFile);
        let mut event = session.poll_event().expect("one paper");
        let mut why = session.poll_explanation(event.id).expect("it was asked for");
        why.trace = trace();
        let at = span("36.00\nPOINTS");
        let total = FieldEvidence { start: at.start, end: at.start + 5, rule: "TOTAL".into() };
        let evidence = Evidence {
            profile: "auto".into(),
            encoding: "ascii".into(),
            fields: BTreeMap::from([("total".to_owned(), total)]),
            ..Evidence::default()
        };
        event.evidence = Some(evidence);
        event.verdict = Some(Verdict::Balanced);
        let mut out = Vec::new();
        super::write(&event, &why, &mut out).expect("memory");
        let expected = "\
sale, balanced; profile auto, encoding ascii
  total: 36.00
    by \"TOTAL\", bytes 33..38, line 4 \"TOTAL 36.00\"
    not 2 by \"WORD\", line 3 \"TOTAL QTY 2\": \"TOTAL QTY\" is not an amount of the bill
  tip: not read
    not 9 by \"WORD\", line 5 \"POINTS 9\": points are no money
  sum: items = total: items.0.amount 36.00 = total 36.00: closes
  sum: items = subtotal: items.0.amount 36.00 = subtotal 35.00: off by 1.00

";
        assert_eq!(String::from_utf8_lossy(&out), expected);
    }
}

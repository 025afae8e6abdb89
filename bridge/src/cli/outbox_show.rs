//! The outbox in words, as a table, and as JSON. Personal data is hidden unless it is asked for.

use std::io::Write;

use jiff::tz::TimeZone;
use serde_json::{Value, json};

use crate::journal::{About, AttemptRow, OutboxRow};
use crate::privacy::redact;

/// Longest reason in a table, in characters; `outbox show` has all of it.
const MAX_REASON_CHARS: usize = 60;

/// Everything about one message.
pub(super) struct Whole {
    pub(super) row: OutboxRow,
    pub(super) attempts: Vec<AttemptRow>,
    /// What a digest tells.
    pub(super) members: Vec<OutboxRow>,
    /// The frozen request, as it may be shown.
    pub(super) request: Option<Value>,
}

/// A frozen request as it may be shown.
pub(super) fn body(text: &str, raw: bool) -> Value {
    let mut value = serde_json::from_str(text).unwrap_or_else(|_| Value::from(text));
    if !raw {
        hide(&mut value);
    }
    value
}

fn hide(value: &mut Value) {
    match value {
        // An idempotency key is nobody's data, and its digits look like some.
        Value::Object(fields) => {
            fields
                .iter_mut()
                .filter(|(key, _)| *key != "msgUuid")
                .for_each(|(_, value)| hide(value));
        }
        Value::Array(list) => list.iter_mut().for_each(hide),
        Value::String(text) => *text = redact(text),
        _ => {}
    }
}

pub(super) fn json(row: &OutboxRow) -> Value {
    let about = match &row.about {
        About::Event { id, kind, number } => json!({ "event": id, "kind": kind, "number": number }),
        About::Alarm(alarm) => json!({ "alarm": body(alarm, false) }),
        About::Finding(finding) => json!({ "finding": body(finding, false) }),
        About::Digest(count) => json!({ "digest_of": count }),
    };
    json!({
        "id": row.id,
        "robot": row.robot,
        "state": row.state.as_str(),
        "about": about,
        "urgent": row.urgent,
        "attempts": row.attempts,
        "created_at": rfc3339(row.created_ms),
        "next_at": next_ms(row).map(rfc3339),
        "carrier": row.carrier,
        "digest": row.digest,
        "reason": row.reason,
    })
}

pub(super) fn table(
    rows: &[OutboxRow],
    zone: &TimeZone,
    out: &mut dyn Write,
) -> std::io::Result<()> {
    if rows.is_empty() {
        return writeln!(out, "nothing");
    }
    let wide = rows.iter().map(|row| row.robot.chars().count()).max().unwrap_or(0).max(5);
    writeln!(
        out,
        "{:>7}  {:<16}  {:<wide$}  {:<9}  {:>5}  {:<16}  {:<22}  why",
        "id", "since", "robot", "state", "tries", "next", "what"
    )?;
    for row in rows {
        let next = next_ms(row).map_or_else(String::new, |at| local(at, zone));
        writeln!(
            out,
            "{:>7}  {:<16}  {:<wide$}  {:<9}  {:>5}  {:<16}  {:<22}  {}",
            row.id,
            local(row.created_ms, zone),
            row.robot,
            row.state.as_str(),
            row.attempts,
            next,
            what(row),
            short(row.reason.as_deref().unwrap_or_default())
        )?;
    }
    Ok(())
}

impl Whole {
    pub(super) fn json(&self) -> Value {
        let attempts: Vec<Value> = self
            .attempts
            .iter()
            .map(|attempt| {
                json!({
                    "carrier": attempt.carrier,
                    "started_at": rfc3339(attempt.started_ms),
                    "finished_at": attempt.finished_ms.map(rfc3339),
                    "outcome": attempt.outcome,
                    "detail": attempt.detail,
                    "http_status": attempt.http_status,
                    "errcode": attempt.errcode,
                })
            })
            .collect();
        let mut value = json(&self.row);
        value["tries"] = attempts.into();
        value["members"] = self.members.iter().map(|member| member.id).collect();
        value["request"] = self.request.clone().unwrap_or(Value::Null);
        value
    }

    pub(super) fn tell(&self, zone: &TimeZone, out: &mut dyn Write) -> std::io::Result<()> {
        let row = &self.row;
        let urgent = if row.urgent { ", urgent" } else { "" };
        writeln!(out, "{}  {} for {}{urgent}", row.id, what(row), row.robot)?;
        writeln!(out, "state     {}", row.state.as_str())?;
        writeln!(out, "since     {}", local(row.created_ms, zone))?;
        if let Some(at) = next_ms(row) {
            writeln!(out, "next      {}", local(at, zone))?;
        }
        if let Some(carrier) = &row.carrier {
            writeln!(
                out,
                "carrier   {carrier}: what was sent may have arrived, so it stays there"
            )?;
        }
        if let Some(digest) = row.digest {
            writeln!(out, "digest    told in {digest}")?;
        }
        if !self.members.is_empty() {
            let ids: Vec<String> = self.members.iter().map(|row| row.id.to_string()).collect();
            writeln!(out, "tells     {}", ids.join(", "))?;
        }
        if let Some(reason) = &row.reason {
            writeln!(out, "why       {reason}")?;
        }
        for (nth, attempt) in self.attempts.iter().enumerate() {
            let outcome = attempt.outcome.as_deref().unwrap_or("under way");
            let code = attempt.errcode.map_or_else(String::new, |code| format!(" {code}"));
            let detail = attempt.detail.as_deref().filter(|detail| !detail.is_empty());
            let detail = detail.map_or_else(String::new, |detail| format!(": {detail}"));
            let (started, carrier) = (local(attempt.started_ms, zone), &attempt.carrier);
            writeln!(out, "try {:<5} {started} by {carrier}: {outcome}{code}{detail}", nth + 1)?;
        }
        match &self.request {
            Some(request) => writeln!(out, "request   {request}"),
            None => writeln!(out, "request   not frozen: it is written anew for the next try"),
        }
    }
}

/// When it is tried next; nothing where it is not.
fn next_ms(row: &OutboxRow) -> Option<i64> {
    use crate::journal::OutboxState::{Queued, Sending};
    matches!(row.state, Queued | Sending).then_some(row.not_before_ms)
}

fn what(row: &OutboxRow) -> String {
    match &row.about {
        About::Event { kind, number: Some(number), .. } => format!("{kind} #{number}"),
        About::Event { kind, number: None, .. } => kind.clone(),
        About::Alarm(alarm) => format!("alarm {}", kind_in(alarm)),
        About::Finding(finding) => kind_in(finding),
        About::Digest(count) => format!("digest of {count}"),
    }
}

fn kind_in(json: &str) -> String {
    body(json, false)["kind"].as_str().unwrap_or("unknown").to_owned()
}

fn short(reason: &str) -> String {
    let line = reason.lines().next().unwrap_or_default();
    if line.chars().count() <= MAX_REASON_CHARS {
        return line.to_owned();
    }
    let cut: String = line.chars().take(MAX_REASON_CHARS).collect();
    format!("{cut}…")
}

fn at(ms: i64) -> jiff::Timestamp {
    jiff::Timestamp::from_millisecond(ms).unwrap_or_default()
}

fn rfc3339(ms: i64) -> String {
    at(ms).to_string()
}

fn local(ms: i64, zone: &TimeZone) -> String {
    at(ms).to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M").to_string()
}

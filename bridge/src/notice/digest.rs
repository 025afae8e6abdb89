//! Stand-in for branch c's wording of digests and alarms.

use pos_protocol::event::Event;

use super::words;
use crate::alarm::Alarm;
use crate::config::Shop;
use crate::dingtalk::Message;

/// Most bytes of lines in one message.
const MAX_BYTES: usize = 12_000;

/// Several sales, each line with time, source, number and amount.
pub fn digest(events: &[Event], shop: &Shop) -> Vec<(usize, Message)> {
    let mut parts: Vec<(usize, String)> = Vec::new();
    for event in events {
        let receipt = event.receipt.as_ref();
        let number = receipt.and_then(|r| r.number.as_deref()).unwrap_or("-");
        let total = receipt.and_then(|r| r.total).map(|t| t.to_string()).unwrap_or_default();
        let line = format!("{} {} #{number} {total}\n", event.observed_at, event.source);
        match parts.last_mut() {
            Some((count, text)) if text.len() + line.len() <= MAX_BYTES => {
                (*count, *text) = (*count + 1, format!("{text}{line}"));
            }
            _ => parts.push((1, line)),
        }
    }
    let all = parts.len();
    let title = words::kind(pos_protocol::event::Kind::Sale).of(shop.language);
    let numbered = parts.into_iter().enumerate().map(|(at, (count, text))| {
        (count, Message::text(format!("{title} {}/{all}\n{text}", at + 1)))
    });
    numbered.collect()
}

/// An alarm.
pub fn alarm(alarm: &Alarm) -> Message {
    Message::text(format!("{alarm:?}"))
}

//! The events of the page: messages after the last one seen, as soon as there are any.

use std::fmt::Write as _;
use std::time::Duration;

use crate::dingtalk::{Shared, ShownMessage};

/// How long an answer waits for the next message.
const PATIENCE: Duration = Duration::from_secs(15);
/// How long the browser pauses between two answers, in milliseconds.
const RETRY_MS: u32 = 100;

/// A place in the running log: how often it was reset, and the last message seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) epoch: u64,
    pub(super) seq: u64,
}

impl Place {
    /// Reads `EPOCH-SEQ`; anything else is the beginning.
    pub(super) fn read(text: &str) -> Self {
        let numbers = text.split_once('-');
        let place = numbers.and_then(|(epoch, seq)| {
            Some(Self { epoch: epoch.parse().ok()?, seq: seq.parse().ok()? })
        });
        place.unwrap_or_default()
    }
}

/// The events after `from`, at the latest after [`PATIENCE`].
pub(super) async fn events(shared: &Shared, from: Place) -> String {
    let mut mark = shared.group().watch();
    let news = mark.wait_for(|mark| mark.epoch != from.epoch || mark.seq > from.seq);
    // Silence is an answer too: the browser asks again.
    let _ = tokio::time::timeout(PATIENCE, news).await;
    let (epoch, messages) = since(shared, from);
    stream(epoch, from, &messages)
}

/// The messages that a viewer at `from` has not seen, and the epoch they belong to.
pub(super) fn since(shared: &Shared, from: Place) -> (u64, Vec<ShownMessage>) {
    let group = shared.group();
    let epoch = group.watch().borrow().epoch;
    let after = if epoch == from.epoch { from.seq } else { 0 };
    (epoch, group.messages_after(after))
}

fn stream(epoch: u64, from: Place, messages: &[ShownMessage]) -> String {
    let mut text = format!("retry: {RETRY_MS}\n\n");
    if epoch != from.epoch {
        let _ = write!(text, "event: reset\nid: {epoch}-0\ndata: {{}}\n\n");
    }
    for message in messages {
        // JSON escapes line breaks, so that one message is one line of data.
        let data = serde_json::to_string(message).unwrap_or_default();
        let _ = write!(text, "id: {epoch}-{}\ndata: {data}\n\n", message.seq);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{Place, stream};

    #[test]
    fn a_place_is_read_as_it_is_written_and_nonsense_is_the_beginning() {
        assert_eq!(Place::read("3-17"), Place { epoch: 3, seq: 17 });
        for odd in ["", "3", "a-b", "3-", "-3-1"] {
            assert_eq!(Place::read(odd), Place::default(), "{odd}");
        }
    }

    #[test]
    fn a_viewer_from_before_a_reset_is_told_so() {
        let old = Place { epoch: 1, seq: 5 };
        assert!(stream(2, old, &[]).contains("event: reset\nid: 2-0\n"));
        assert!(!stream(1, old, &[]).contains("event: reset"));
    }
}

//! The events of the page: messages after the last one seen, as soon as there are any.

use std::fmt::Write as _;
use std::time::Duration;

use serde_json::Value;

use crate::dingtalk::{Shared, ShownMessage};

/// How long an answer waits for the next message.
const PATIENCE: Duration = Duration::from_secs(15);
/// How long the browser pauses between two answers, in milliseconds.
const RETRY_MS: u32 = 100;

/// A place in the running log: how often it was reset, the last message seen, and where cards and
/// todos stood.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) epoch: u64,
    pub(super) seq: u64,
    pub(super) revision: u64,
}

impl Place {
    /// Reads `EPOCH-SEQ-REVISION`; anything else is the beginning.
    pub(super) fn read(text: &str) -> Self {
        let numbers: Option<Vec<u64>> = text.split('-').map(|number| number.parse().ok()).collect();
        match numbers.as_deref() {
            Some(&[epoch, seq, revision]) => Self { epoch, seq, revision },
            _ => Self::default(),
        }
    }
}

/// The events after `from`, at the latest after [`PATIENCE`].
pub(super) async fn events(shared: &Shared, from: Place) -> String {
    let mut mark = shared.group().watch();
    let news = mark.wait_for(|mark| {
        mark.epoch != from.epoch || mark.seq > from.seq || mark.revision > from.revision
    });
    // Silence is an answer too: the browser asks again.
    let _ = tokio::time::timeout(PATIENCE, news).await;
    stream(from, &since(shared, from))
}

/// What a viewer has not seen, and where the log stands.
pub(super) struct News {
    pub(super) epoch: u64,
    pub(super) revision: u64,
    pub(super) messages: Vec<ShownMessage>,
    /// Cards and todos that changed, where there is an application.
    pub(super) changed: Value,
}

/// What a viewer at `from` has not seen.
pub(super) fn since(shared: &Shared, from: Place) -> News {
    let group = shared.group();
    let mark = *group.watch().borrow();
    let after = if mark.epoch == from.epoch { from } else { Place::default() };
    News {
        epoch: mark.epoch,
        revision: mark.revision,
        messages: group.messages_after(after.seq),
        changed: group.changed_after(after.revision),
    }
}

fn stream(from: Place, news: &News) -> String {
    let News { epoch, revision, messages, changed } = news;
    let epoch = *epoch;
    let mut text = format!("retry: {RETRY_MS}\n\n");
    if epoch != from.epoch {
        let _ = write!(text, "event: reset\nid: {epoch}-0-0\ndata: {{}}\n\n");
    }
    if epoch != from.epoch || *revision > from.revision {
        let seq = if epoch == from.epoch { from.seq } else { 0 };
        let _ = write!(text, "event: changed\nid: {epoch}-{seq}-{revision}\ndata: {changed}\n\n");
    }
    for message in messages {
        // JSON escapes line breaks, so that one message is one line of data.
        let data = serde_json::to_string(message).unwrap_or_default();
        let _ = write!(text, "id: {epoch}-{}-{revision}\ndata: {data}\n\n", message.seq);
    }
    text
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{News, Place, stream};

    #[test]
    fn a_place_is_read_as_it_is_written_and_nonsense_is_the_beginning() {
        assert_eq!(Place::read("3-17-2"), Place { epoch: 3, seq: 17, revision: 2 });
        for odd in ["", "3", "3-17", "a-b-c", "3-17-", "-3-1-1", "1-2-3-4"] {
            assert_eq!(Place::read(odd), Place::default(), "{odd}");
        }
    }

    #[test]
    fn a_viewer_from_before_a_reset_is_told_so() {
        let old = Place { epoch: 1, seq: 5, revision: 3 };
        let news = |epoch, revision| News {
            epoch,
            revision,
            messages: Vec::new(),
            changed: json!({"cards": []}),
        };
        assert!(stream(old, &news(2, 3)).contains("event: reset\nid: 2-0-0\n"));
        assert_eq!(stream(old, &news(1, 3)), "retry: 100\n\n", "nothing is new");
        let changed = "event: changed\nid: 1-5-4\ndata: {\"cards\":[]}\n";
        assert!(stream(old, &news(1, 4)).contains(changed));
    }
}

//! What the gateway remembers of what it did: openings, and what it sent with what became of it.

use std::collections::VecDeque;

use serde::Serialize;

/// Most openings kept, and most deliveries.
const MAX_KEPT: usize = 10_000;

/// One asking for a connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Opening {
    /// When, RFC 3339, by the mock's clock.
    pub time: String,
    /// What became of it: `ticket`, `refused`, `connected`, `expired_ticket`, `unknown_ticket`,
    /// `full`, `closed`.
    pub what: &'static str,
    /// The connection, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connection: Option<String>,
}

/// One frame that was to be answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Delivery {
    /// 1 for the first; a gap at the front means that older ones were dropped.
    pub seq: u64,
    /// `bot`, `card` or `event`.
    pub kind: &'static str,
    /// `msgId`, `outTrackId` or `eventId`.
    pub id: String,
    /// `messageId` of the frame.
    pub message_id: String,
    /// The connection that it went over; absent, there was none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connection: Option<String>,
    /// When, RFC 3339.
    pub time: String,
    /// 1 for the first time that this was sent.
    pub attempt: u32,
    /// Why the client cannot have heard it: `no_connection`, `silent`, `full`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lost: Option<&'static str>,
    /// The code of the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<i64>,
    /// Whether the answer was lost on its way here.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub ack_lost: bool,
}

/// Both logs.
#[derive(Clone, Debug, Default)]
pub(super) struct StreamLog {
    openings: VecDeque<Opening>,
    deliveries: VecDeque<Delivery>,
    sent: u64,
}

impl StreamLog {
    pub(super) fn opened(&mut self, opening: Opening) {
        self.openings.push_back(opening);
        if self.openings.len() > MAX_KEPT {
            self.openings.pop_front();
        }
    }

    /// Remembers a delivery under its number.
    pub(super) fn sent(&mut self, delivery: Delivery) -> u64 {
        self.sent += 1;
        self.deliveries.push_back(Delivery { seq: self.sent, ..delivery });
        if self.deliveries.len() > MAX_KEPT {
            self.deliveries.pop_front();
        }
        self.sent
    }

    /// The delivery of this number, where it is still remembered.
    pub(super) fn delivery(&mut self, seq: u64) -> Option<&mut Delivery> {
        let first = self.deliveries.front()?.seq;
        let at = usize::try_from(seq.checked_sub(first)?).ok()?;
        self.deliveries.get_mut(at)
    }

    pub(super) fn openings(&self) -> Vec<Opening> {
        self.openings.iter().cloned().collect()
    }

    pub(super) fn deliveries(&self) -> Vec<Delivery> {
        self.deliveries.iter().cloned().collect()
    }
}

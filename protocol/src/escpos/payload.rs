//! Payloads: passed on as they come, watched for what does not belong to them.

use super::lexer::{Data, Frame, FrameKind, Items, Lexer, State};
use super::watch::{self, Sighting};
use super::{Effect, Row};
use crate::limits::MAX_CLAIM_BYTES;

impl Lexer {
    /// Passes on what belongs to the payload; the rest is returned.
    ///
    /// Bytes that are given back to the ground are at most what the watch holds, and giving them
    /// back takes lines of print, so the recursion is shallow.
    pub(super) fn data<'b, F: FnMut(Frame<'_>)>(
        &mut self,
        mut data: Data,
        bytes: &'b [u8],
        sink: &mut F,
    ) -> &'b [u8] {
        let wanted = data.left - data.held.len() as u64;
        let take = usize::try_from(wanted).unwrap_or(usize::MAX).min(bytes.len());
        let (own, rest) = bytes.split_at(take);
        let held = core::mem::take(&mut data.held);
        if held.is_empty() {
            self.pass_on(data, own, false, sink);
        } else {
            self.pass_on(data, &[&held, own].concat(), false, sink);
        }
        rest
    }

    /// The payload's rest never came.
    pub(super) fn flush_data<F: FnMut(Frame<'_>)>(&mut self, data: &Data, sink: &mut F) {
        let own = Data { held: Vec::new(), ..data.clone() };
        let resumed = self.pass_on(own, &data.held, true, sink);
        if resumed {
            // What the payload had swallowed may itself be cut short.
            return self.flush(sink);
        }
        self.state = State::Ground;
        let missing = data.left - data.held.len() as u64;
        self.emit(0, FrameKind::Truncated { row: data.row, missing }, sink);
    }

    /// What was held back is settled without what follows; the picture's rest is watched as if it
    /// began here.
    pub(super) fn gap_in_picture<F: FnMut(Frame<'_>)>(
        &mut self,
        data: Data,
        held: &[u8],
        sink: &mut F,
    ) {
        if self.pass_on(data, held, true, sink) {
            return self.flush(sink);
        }
        if let State::Data(data) = &mut self.state {
            data.fresh = true;
        }
    }

    /// Passes on what is no longer in doubt. Says whether the payload turned out to be over.
    fn pass_on<F: FnMut(Frame<'_>)>(
        &mut self,
        mut data: Data,
        bytes: &[u8],
        ended: bool,
        sink: &mut F,
    ) -> bool {
        let row = data.row;
        let drawn = row.effect == Effect::Graphics;
        let mut rest = bytes;
        loop {
            let look = watch::look(self.grammar, rest, drawn, data.fresh, ended);
            let (seen, next) = match look {
                Sighting::Clean { keep } => (rest.len() - keep, None),
                Sighting::Doubt { at } => (at, None),
                Sighting::Resume { at } => {
                    let (own, foreign) = rest.split_at(at);
                    self.give(row, own, sink);
                    let missing = data.left - at as u64;
                    self.emit(0, FrameKind::Truncated { row, missing }, sink);
                    self.push(foreign, sink);
                    return true;
                }
                Sighting::Notice { row, args, end } => (end, Some((row, args))),
            };
            let complete = rest.len() as u64 == data.left;
            // A claim that has come in whole is believed.
            let seen = if next.is_none() && (complete || ended) { rest.len() } else { seen };
            let (own, later) = rest.split_at(seen);
            self.give(row, own, sink);
            data.left -= own.len() as u64;
            data.fresh &= own.is_empty();
            rest = later;
            if let Some((row, args)) = next {
                self.emit(0, FrameKind::Noticed { row, args }, sink);
                if data.left > 0 {
                    continue;
                }
            }
            if data.left == 0 {
                self.next_item(row, data.items);
                return false;
            }
            data.held = rest.to_vec();
            self.state = State::Data(data);
            return false;
        }
    }

    fn give<F: FnMut(Frame<'_>)>(&mut self, row: &'static Row, bytes: &[u8], sink: &mut F) {
        if !bytes.is_empty() {
            self.emit(bytes.len(), FrameKind::Payload { row, bytes }, sink);
        }
    }

    pub(super) fn next_item(&mut self, row: &'static Row, items: Option<Items>) {
        self.state = match items.filter(|items| items.left > 0) {
            None => State::Ground,
            Some(items) => State::ItemHead { row, items, head: Vec::new() },
        };
    }

    /// The size bytes of an item.
    pub(super) fn item_head<'b, F: FnMut(Frame<'_>)>(
        &mut self,
        row: &'static Row,
        items: Items,
        mut head: Vec<u8>,
        bytes: &'b [u8],
        sink: &mut F,
    ) -> &'b [u8] {
        let n = (items.item.head() - head.len()).min(bytes.len());
        head.extend_from_slice(&bytes[..n]);
        if head.len() < items.item.head() {
            self.state = State::ItemHead { row, items, head };
            return &bytes[n..];
        }
        let left = items.item.body(&head);
        if left > MAX_CLAIM_BYTES {
            self.emit(head.len(), FrameKind::Unknown(&head), sink);
            return &bytes[n..];
        }
        self.emit(head.len(), FrameKind::Payload { row, bytes: &head }, sink);
        let items = Items { left: items.left - 1, ..items };
        if left == 0 {
            self.next_item(row, Some(items));
        } else {
            self.state = State::Data(Data::new(row, left, Some(items)));
        }
        &bytes[n..]
    }
}

//! The sans-IO reader of one connection's answers.
//!
//! A form that turns out wrong is backed out byte by byte: what cannot be explained is counted and
//! never fatal. It keeps no status, only what is needed to recognise the next answer.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use super::{Answer, AnswerKind, Request};
use crate::hex;
use crate::limits::{MAX_BLOCK_BYTES, MAX_REQUESTS};
use crate::span::Span;

/// A question that was not answered for this long never will be: 60 s in nanoseconds. A printer
/// that is off line holds answers back until somebody has changed the paper.
pub const MAX_REQUEST_AGE_NS: u64 = 60_000_000_000;

/// The bytes of one answer follow one another closely, even at 1,200 baud; a rest that is this
/// late belongs to something else: 1 s in nanoseconds.
pub const MAX_PARTIAL_AGE_NS: u64 = 1_000_000_000;

/// Drawer bit of `GS a`.
const WATCH_DRAWER: u8 = 0x01;

/// Bytes of a Star status up to the one on paper.
const MIN_STAR_BYTES: usize = 7;

/// Reads what one connection's printer sends.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reader {
    received: u64,
    /// Bytes of an answer that is not complete, and where the first stands.
    #[serde(with = "hex")]
    held: Vec<u8>,
    start: u64,
    /// When the latest byte came.
    last: u64,
    requests: VecDeque<(Request, u64)>,
    /// The drawer's changes come by themselves.
    watched: bool,
    star: bool,
    unknown: u64,
}

/// What the held bytes are, so far.
enum Form {
    /// An answer of so many bytes.
    Whole(usize, AnswerKind),
    /// The beginning of one.
    Part,
    /// So many bytes that mean nothing.
    Noise(usize),
}

impl Reader {
    /// The till asks something at monotonic time `now`.
    pub fn ask(&mut self, request: Request, now: u64) {
        match request {
            Request::Automatic(mask) => return self.watched = mask & WATCH_DRAWER != 0,
            Request::Reset => return self.watched = false,
            Request::Star => self.star = true,
            _ => {}
        }
        self.expire(now);
        if self.requests.len() == MAX_REQUESTS {
            self.requests.pop_front();
        }
        self.requests.push_back((request, now));
    }

    /// The printer says something; complete answers go to `sink`.
    pub fn receive(&mut self, bytes: &[u8], now: u64, sink: &mut impl FnMut(Answer)) {
        self.expire(now);
        self.last = now;
        for &byte in bytes {
            let at = self.received;
            self.received += 1;
            // Flow control stands between any two bytes; no form has these values inside.
            if matches!(byte, 0x11 | 0x13) {
                let kind = AnswerKind::Flow { stop: byte == 0x13 };
                sink(Answer { span: Span::new(at, at + 1), kind, watched: self.watched });
                continue;
            }
            if self.held.is_empty() {
                self.start = at;
            }
            self.held.push(byte);
            self.settle(sink);
        }
    }

    /// Bytes may be missing in either direction: nothing open can be relied on.
    pub fn gap(&mut self) {
        self.unknown += self.held.len() as u64;
        self.held.clear();
        self.requests.clear();
        self.watched = false;
    }

    /// Leaves the next `count` bytes unread.
    pub fn skip(&mut self, count: u64) {
        self.gap();
        self.received += count;
    }

    /// Bytes received so far.
    pub fn received(&self) -> u64 {
        self.received
    }

    /// Bytes that nothing explained.
    pub fn unknown(&self) -> u64 {
        self.unknown
    }

    /// Whether a change of the drawer would be told unasked, so that silence means no change.
    pub fn is_watched(&self) -> bool {
        self.watched
    }

    /// When the latest byte came.
    pub fn last(&self) -> u64 {
        self.last
    }

    fn expire(&mut self, now: u64) {
        self.requests.retain(|(_, at)| now.saturating_sub(*at) <= MAX_REQUEST_AGE_NS);
        if now.saturating_sub(self.last) > MAX_PARTIAL_AGE_NS {
            self.unknown += self.held.len() as u64;
            self.held.clear();
        }
    }

    fn settle(&mut self, sink: &mut impl FnMut(Answer)) {
        while !self.held.is_empty() {
            let length = match self.form() {
                Form::Part => return,
                Form::Noise(length) => {
                    self.unknown += length as u64;
                    length
                }
                Form::Whole(length, kind) => {
                    let end = self.start + length as u64;
                    sink(Answer { span: Span::new(self.start, end), kind, watched: self.watched });
                    length
                }
            };
            self.start += length as u64;
            self.held.drain(..length);
        }
    }

    /// Fixed bits first, as the manuals give them; then what was asked.
    fn form(&mut self) -> Form {
        let head = self.held[0];
        match head {
            _ if head & 0x93 == 0x12 => {
                let asked = self.answered(|request| matches!(request, Request::RealTime(_)));
                let n = asked.and_then(|request| match request {
                    Request::RealTime(n) => Some(n),
                    _ => None,
                });
                Form::Whole(1, AnswerKind::RealTime { n, byte: head })
            }
            _ if head & 0x93 == 0x10 => self.automatic(),
            0x35 | 0x37 | 0x3B | 0x3D | 0x5F => self.block(head),
            0x39 => match self.held[..] {
                [_, ink, 0x40, last, ..] => {
                    Form::Whole(4, AnswerKind::Extended([head, ink, 0x40, last]))
                }
                [_] | [_, _] | [_, _, 0x40] => Form::Part,
                _ => Form::Noise(1),
            },
            _ if head & 0x90 == 0 => self.lone(head),
            _ => Form::Noise(1),
        }
    }

    fn automatic(&mut self) -> Form {
        if self.held.iter().take(4).skip(1).any(|byte| byte & 0x90 != 0) {
            return Form::Noise(1);
        }
        let &[a, b, c, d, ..] = self.held.as_slice() else { return Form::Part };
        // It came unasked, or its request was not heard: the next change will come as well.
        self.watched = true;
        Form::Whole(4, AnswerKind::Automatic([a, b, c, d]))
    }

    /// Head, text and NUL. The text must not be taken for status bytes.
    fn block(&mut self, head: u8) -> Form {
        let power_off = [head, 0x30, 0x00];
        if head == 0x3B && !power_off.starts_with(&self.held[..self.held.len().min(3)]) {
            return Form::Noise(1);
        }
        match self.held.iter().position(|byte| *byte < 0x20) {
            Some(end) if self.held[end] == 0 => {
                self.answered(|request| request == Request::Block(head));
                Form::Whole(end + 1, AnswerKind::Block(self.held[..=end].to_vec()))
            }
            Some(_) => Form::Noise(1),
            None if self.held.len() >= MAX_BLOCK_BYTES => Form::Noise(self.held.len()),
            None => Form::Part,
        }
    }

    /// A byte `0xx0xxxx`: the answer in printing order, or the head of a Star status.
    fn lone(&mut self, head: u8) -> Form {
        let begins_star = head & 0x91 == 0x01;
        if begins_star && self.star {
            return self.star_status();
        }
        let lone = |request| matches!(request, Request::Paper | Request::Drawer | Request::Byte);
        match self.answered(lone) {
            Some(request) => Form::Whole(1, AnswerKind::Byte { request, byte: head }),
            None if begins_star => self.star_status(),
            None => Form::Noise(1),
        }
    }

    /// Its first two bytes hold its length; bits 0 and 4 of all but the first are clear.
    fn star_status(&mut self) -> Form {
        let &[first, second, ..] = self.held.as_slice() else { return Form::Part };
        let length = usize::from(((first >> 2) & 0x18) | ((first >> 1) & 0x07))
            + usize::from((second >> 6) & 0x02);
        let rest = self.held.iter().take(length).skip(1);
        if length < MIN_STAR_BYTES || rest.into_iter().any(|byte| byte & 0x11 != 0) {
            return Form::Noise(1);
        }
        if self.held.len() < length {
            return Form::Part;
        }
        self.star = true;
        self.answered(|request| request == Request::Star);
        Form::Whole(length, AnswerKind::Star(self.held[..length].to_vec()))
    }

    /// Takes the oldest open request of a kind.
    fn answered(&mut self, of: impl Fn(Request) -> bool) -> Option<Request> {
        let at = self.requests.iter().position(|(request, _)| of(*request))?;
        self.requests.remove(at).map(|(request, _)| request)
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_PARTIAL_AGE_NS, MAX_REQUEST_AGE_NS, Reader, Request};
    use crate::limits::{MAX_BLOCK_BYTES, MAX_REQUESTS};
    use crate::reply::AnswerKind;

    fn answers(reader: &mut Reader, bytes: &[u8], now: u64) -> Vec<AnswerKind> {
        let mut out = Vec::new();
        reader.receive(bytes, now, &mut |answer| out.push(answer.kind));
        out
    }

    fn asked(requests: &[Request], bytes: &[u8]) -> Vec<AnswerKind> {
        let mut reader = Reader::default();
        for request in requests {
            reader.ask(*request, 0);
        }
        let out = answers(&mut reader, bytes, 0);
        assert_eq!(reader.unknown(), 0, "{bytes:02x?}");
        out
    }

    #[test]
    fn every_form_of_answer_is_recognised() {
        for n in 1..=8 {
            let kind = AnswerKind::RealTime { n: Some(n), byte: 0x16 };
            assert_eq!(asked(&[Request::RealTime(n)], &[0x16]), [kind]);
        }
        assert_eq!(asked(&[], &[0x12]), [AnswerKind::RealTime { n: None, byte: 0x12 }]);
        let asb = [0x14, 0, 0x03, 0x0F];
        assert_eq!(asked(&[], &asb), [AnswerKind::Automatic(asb)]);
        let extended = [0x39, 0x04, 0x40, 0x00];
        assert_eq!(asked(&[], &extended), [AnswerKind::Extended(extended)]);
        for request in [Request::Paper, Request::Drawer, Request::Byte] {
            assert_eq!(asked(&[request], &[0x03]), [AnswerKind::Byte { request, byte: 0x03 }]);
        }
        let blocks: [&[u8]; 6] =
            [b"=TM-T88V\0", b"_EPSON\0", b"\x37\x22AB12\0", b"\x37\x25\0", b"\x3b0\0", b"\x35ok\0"];
        for block in blocks {
            assert_eq!(asked(&[], block), [AnswerKind::Block(block.to_vec())]);
        }
        assert_eq!(
            asked(&[], &[0x13, 0x11]),
            [AnswerKind::Flow { stop: true }, AnswerKind::Flow { stop: false }]
        );
        for star in [&[0x23, 0x06, 0, 0, 0, 0, 0, 0, 0][..], &[0x0F, 0, 0x20, 0, 0, 0x08, 0]] {
            assert_eq!(asked(&[], star), [AnswerKind::Star(star.to_vec())]);
        }
        let long = [0x23, 0x86, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        assert_eq!(asked(&[Request::Star], &long), [AnswerKind::Star(long.to_vec())]);
    }

    #[test]
    fn real_time_answers_overtake_those_in_printing_order() {
        let requests =
            [Request::Paper, Request::RealTime(4), Request::Drawer, Request::RealTime(1)];
        assert_eq!(
            asked(&requests, &[0x1E, 0x0C, 0x16, 0x01]),
            [
                AnswerKind::RealTime { n: Some(4), byte: 0x1E },
                AnswerKind::Byte { request: Request::Paper, byte: 0x0C },
                AnswerKind::RealTime { n: Some(1), byte: 0x16 },
                AnswerKind::Byte { request: Request::Drawer, byte: 0x01 },
            ]
        );
    }

    #[test]
    fn flow_control_inside_an_answer_does_not_break_it() {
        assert_eq!(
            asked(&[], &[0x10, 0x00, 0x13, 0x11, 0x0C, 0x0F])[2],
            AnswerKind::Automatic([0x10, 0, 0x0C, 0x0F])
        );
    }

    #[test]
    fn a_form_that_breaks_off_costs_its_head_and_not_what_follows() {
        let mut reader = Reader::default();
        let found = answers(&mut reader, &[0x10, 0x00, 0x12, 0x80, 0xFF, 0x12], 0);
        assert_eq!(found, [0x12, 0x12].map(|byte| AnswerKind::RealTime { n: None, byte }));
        assert_eq!(reader.unknown(), 4);
    }

    #[test]
    fn a_lone_byte_without_a_question_says_nothing() {
        let mut reader = Reader::default();
        assert_eq!(answers(&mut reader, &[0x00, 0x0C], 0), []);
        reader.ask(Request::Paper, 0);
        assert_eq!(answers(&mut reader, &[0x0C], MAX_REQUEST_AGE_NS + 1), [], "asked too long ago");
        assert_eq!(reader.unknown(), 3);
        reader.ask(Request::Paper, MAX_REQUEST_AGE_NS + 1);
        reader.gap();
        assert_eq!(answers(&mut reader, &[0x0C], MAX_REQUEST_AGE_NS + 1), [], "a gap in between");
    }

    #[test]
    fn the_rest_of_an_answer_comes_at_once_or_is_none() {
        let mut reader = Reader::default();
        assert_eq!(answers(&mut reader, &[0x10, 0x00], 0), []);
        assert_eq!(answers(&mut reader, &[0x00, 0x0F], MAX_PARTIAL_AGE_NS + 1), []);
        assert_eq!(reader.unknown(), 3, "0F may be the head of a Star status");
    }

    #[test]
    fn a_drawer_is_watched_while_its_changes_come_by_themselves() {
        let mut reader = Reader::default();
        reader.ask(Request::Automatic(0xFF), 0);
        assert!(reader.is_watched());
        reader.ask(Request::Automatic(0x08), 0);
        assert!(!reader.is_watched(), "paper alone");
        answers(&mut reader, &[0x10, 0, 0, 0x0F], 0);
        assert!(reader.is_watched(), "it comes all the same");
        reader.ask(Request::Reset, 0);
        assert!(!reader.is_watched());
    }

    #[test]
    fn a_text_that_breaks_off_is_read_again_byte_by_byte() {
        let mut reader = Reader::default();
        let found = answers(&mut reader, b"_0   ab\x12", 0);
        let real_time = |byte| AnswerKind::RealTime { n: None, byte };
        let status = AnswerKind::Automatic([0x30, 0x20, 0x20, 0x20]);
        assert_eq!(found, [status, real_time(0x12)]);
        assert_eq!(reader.unknown(), 3);
    }

    #[test]
    fn what_is_kept_is_bounded() {
        let mut reader = Reader::default();
        let endless: Vec<u8> = [b'='].into_iter().chain([b'x'; 10 * MAX_BLOCK_BYTES]).collect();
        assert_eq!(answers(&mut reader, &endless, 0), []);
        assert!(reader.held.len() <= MAX_BLOCK_BYTES);
        for _ in 0..10 * MAX_REQUESTS {
            reader.ask(Request::Paper, 0);
        }
        assert_eq!(reader.requests.len(), MAX_REQUESTS);
    }
}

//! What an answer says of the printer's state, bit by bit as the manuals give them.
//!
//! Whether that is news, and what a drawer's level means, is not decided here.

use serde::{Deserialize, Serialize};

use super::{AnswerKind, Request};
use crate::event::{Cover, Fault, Paper, Printer};

/// What is known of a printer. Unknown is absent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// Paper.
    pub paper: Option<Paper>,
    /// Cover.
    pub cover: Option<Cover>,
    /// Whether it is off line.
    pub offline: Option<bool>,
    /// What is broken.
    pub error: Option<Fault>,
}

/// Whether pin 3 of the drawer connector is high, where the answer says so.
pub fn drawer_level(answer: &AnswerKind) -> Option<bool> {
    match answer {
        AnswerKind::RealTime { n: Some(1), byte } => Some(byte & 0x04 != 0),
        AnswerKind::Byte { request: Request::Drawer, byte } => Some(byte & 0x01 != 0),
        AnswerKind::Automatic(bytes) => Some(bytes[0] & 0x04 != 0),
        AnswerKind::Star(bytes) => bytes.get(2).map(|byte| byte & 0x04 != 0),
        _ => None,
    }
}

impl Status {
    /// Takes in what an answer says.
    pub fn update(&mut self, answer: &AnswerKind) {
        match *answer {
            AnswerKind::RealTime { n: Some(1), byte } => self.offline = Some(byte & 0x08 != 0),
            AnswerKind::RealTime { n: Some(2), byte } => self.offline_cause(byte),
            AnswerKind::RealTime { n: Some(3), byte } => {
                self.error = Some(fault(byte & 0x20, byte & 0x08, byte & 0x44));
            }
            AnswerKind::RealTime { n: Some(4), byte } => {
                self.paper = Some(paper(byte & 0x60, byte & 0x0C));
            }
            AnswerKind::Byte { request: Request::Paper, byte } => {
                self.paper = Some(paper(byte & 0x0C, byte & 0x03));
            }
            AnswerKind::Automatic([first, second, third, _]) => {
                self.offline = Some(first & 0x08 != 0);
                self.cover = Some(cover(first & 0x20));
                self.error = Some(fault(second & 0x20, second & 0x08, second & 0x44));
                self.paper = Some(paper(third & 0x0C, third & 0x03));
            }
            AnswerKind::Star(ref bytes) => self.star(bytes),
            // `3B 30 00`: it is being switched off.
            AnswerKind::Block(ref bytes) if bytes.starts_with(&[0x3B]) => self.offline = Some(true),
            _ => {}
        }
    }

    /// `DLE EOT 2`: paper and error as far as they stop the printer, not which.
    fn offline_cause(&mut self, byte: u8) {
        self.cover = Some(cover(byte & 0x04));
        if byte & 0x20 != 0 {
            self.paper = Some(Paper::Out);
        } else if self.paper == Some(Paper::Out) {
            // There is some; how much is not said.
            self.paper = None;
        }
        if byte & 0x40 == 0 {
            self.error = Some(Fault::None);
        } else if matches!(self.error, None | Some(Fault::None)) {
            self.error = Some(Fault::Unspecified);
        }
    }

    fn star(&mut self, bytes: &[u8]) {
        let &[_, _, printer, errors, more, supply, ..] = bytes else { return };
        self.offline = Some(printer & 0x08 != 0);
        self.cover = Some(cover(printer & 0x20));
        self.error = Some(fault(errors & 0x20, errors & 0x08, (errors & 0x04) | (more & 0x0A)));
        self.paper = Some(paper(supply & 0x08, supply & 0x04));
    }

    /// As an event carries it.
    pub fn on_the_wire(self) -> Printer {
        let Self { paper, cover, offline, error } = self;
        Printer { paper, cover, offline, error }
    }

    /// Only what is wrong: a printer of which nothing is known and one that is well are the same.
    #[must_use]
    pub fn troubles(self) -> Self {
        Self {
            paper: self.paper.filter(|paper| *paper != Paper::Ok),
            cover: self.cover.filter(|cover| *cover != Cover::Closed),
            offline: self.offline.filter(|offline| *offline),
            error: self.error.filter(|error| *error != Fault::None),
        }
    }
}

fn cover(open: u8) -> Cover {
    if open == 0 { Cover::Closed } else { Cover::Open }
}

fn paper(out: u8, low: u8) -> Paper {
    match (out, low) {
        (0, 0) => Paper::Ok,
        (0, _) => Paper::Low,
        _ => Paper::Out,
    }
}

fn fault(unrecoverable: u8, cutter: u8, recoverable: u8) -> Fault {
    match (unrecoverable, cutter, recoverable) {
        (0, 0, 0) => Fault::None,
        (0, 0, _) => Fault::Recoverable,
        (0, ..) => Fault::Cutter,
        _ => Fault::Unrecoverable,
    }
}

#[cfg(test)]
mod tests {
    use super::{Cover, Fault, Paper, Request, Status, drawer_level};
    use crate::reply::AnswerKind;

    fn after(answers: &[AnswerKind]) -> Status {
        let mut status = Status::default();
        for answer in answers {
            status.update(answer);
        }
        status
    }

    fn real_time(n: u8, byte: u8) -> AnswerKind {
        AnswerKind::RealTime { n: Some(n), byte }
    }

    #[test]
    fn each_bit_of_each_answer_says_its_own() {
        let none = Status::default();
        let cases = [
            (real_time(1, 0x12), Status { offline: Some(false), ..none }),
            (real_time(1, 0x1A), Status { offline: Some(true), ..none }),
            (
                real_time(2, 0x16),
                Status { cover: Some(Cover::Open), error: Some(Fault::None), ..none },
            ),
            (
                real_time(2, 0x72),
                Status {
                    paper: Some(Paper::Out),
                    cover: Some(Cover::Closed),
                    error: Some(Fault::Unspecified),
                    ..none
                },
            ),
            (real_time(3, 0x12), Status { error: Some(Fault::None), ..none }),
            (real_time(3, 0x16), Status { error: Some(Fault::Recoverable), ..none }),
            (real_time(3, 0x52), Status { error: Some(Fault::Recoverable), ..none }),
            (real_time(3, 0x1A), Status { error: Some(Fault::Cutter), ..none }),
            (real_time(3, 0x3A), Status { error: Some(Fault::Unrecoverable), ..none }),
            (real_time(4, 0x12), Status { paper: Some(Paper::Ok), ..none }),
            (real_time(4, 0x1E), Status { paper: Some(Paper::Low), ..none }),
            (real_time(4, 0x7E), Status { paper: Some(Paper::Out), ..none }),
            (
                AnswerKind::Byte { request: Request::Paper, byte: 0x0C },
                Status { paper: Some(Paper::Out), ..none },
            ),
            (AnswerKind::Block(b"\x3b0\0".to_vec()), Status { offline: Some(true), ..none }),
            (AnswerKind::RealTime { n: None, byte: 0x7E }, none),
            (AnswerKind::Byte { request: Request::Byte, byte: 0x7F }, none),
            (real_time(7, 0x7E), none),
            (AnswerKind::Extended([0x39, 1, 0x40, 1]), none),
        ];
        for (answer, expected) in cases {
            assert_eq!(after(std::slice::from_ref(&answer)), expected, "{answer:02x?}");
        }
    }

    #[test]
    fn an_automatic_status_says_everything_in_either_language() {
        let well = Status {
            paper: Some(Paper::Ok),
            cover: Some(Cover::Closed),
            offline: Some(false),
            error: Some(Fault::None),
        };
        let broken = Status {
            paper: Some(Paper::Low),
            cover: Some(Cover::Open),
            offline: Some(true),
            error: Some(Fault::Cutter),
        };
        assert_eq!(after(&[AnswerKind::Automatic([0x14, 0, 0, 0x0F])]), well);
        assert_eq!(after(&[AnswerKind::Automatic([0x38, 0x08, 0x03, 0x0F])]), broken);
        let star = |bytes: [u8; 4]| {
            let head = [0x23, 0x06, bytes[0], bytes[1], bytes[2], bytes[3], 0, 0, 0];
            AnswerKind::Star(head.to_vec())
        };
        assert_eq!(after(&[star([0x04, 0, 0, 0])]), well);
        assert_eq!(after(&[star([0x28, 0x08, 0, 0x04])]), broken);
        assert_eq!(drawer_level(&star([0x04, 0, 0, 0])), Some(true));
        assert_eq!(after(&[star([0, 0x20, 0, 0x08])]).troubles().paper, Some(Paper::Out));
    }

    #[test]
    fn new_paper_that_only_shows_in_the_offline_causes_is_of_unknown_amount() {
        let status = after(&[real_time(2, 0x32), real_time(2, 0x12)]);
        assert_eq!(status.paper, None);
        assert_eq!(status.troubles(), Status::default());
    }

    #[test]
    fn pin_3_is_read_from_every_answer_that_has_it() {
        for (answer, level) in [
            (real_time(1, 0x16), Some(true)),
            (real_time(1, 0x12), Some(false)),
            (real_time(2, 0x16), None),
            (AnswerKind::Byte { request: Request::Drawer, byte: 1 }, Some(true)),
            (AnswerKind::Byte { request: Request::Paper, byte: 1 }, None),
            (AnswerKind::Automatic([0x14, 0, 0, 0]), Some(true)),
            (AnswerKind::Automatic([0x10, 0, 0, 0]), Some(false)),
        ] {
            assert_eq!(drawer_level(&answer), level, "{answer:02x?}");
        }
    }
}

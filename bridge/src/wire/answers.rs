//! What a printer would answer: for a source that stands in for one.
//!
//! It reads the stream that goes to the printer with the protocol's lexer and makes the answers
//! that the manuals give; it prints nothing, keeps no paper, and knows of the printer only whether
//! it takes bytes. What it makes up is never recorded as something a printer said, so it confirms
//! no drawer: pin 3 is always low.
//!
//! | asked | answered |
//! |---|---|
//! | `DLE EOT 1`…`8`, `18` | one byte, at once |
//! | `DLE DC4 7 1` | automatic status, four bytes, at once |
//! | `GS a n` | automatic status at once, and again whenever the printer stops or goes on |
//! | `GS r 1`, `2`, `4`, `ESC v`, `ESC u` | one byte, when all before it is on paper |
//! | `GS I 1`…`3`, `65`…`69` | model, type, version; texts; in printing order |
//! | `GS ( H` (process id) | the id, when all before it is on paper |
//! | Star `ESC ACK SOH`, `ESC RS a n` | a whole status |
//!
//! Star's commands are looked for where the source's `dialect` is one of Star's. Nothing is
//! answered to `DLE DC4 2` and `8`, which ask for a deed (switch off, clear) that is not done here,
//! to Star's `ENQ` and `EOT`, and to questions about memory and ink levels.

use std::panic::{AssertUnwindSafe, catch_unwind};

use pos_protocol::escpos::lexer::{Frame, FrameKind, Lexer};
use pos_protocol::profile::Dialect;

/// Fixed bits of an answer to `DLE EOT`: `0xx1xx10`.
const REAL_TIME: u8 = 0x12;
/// Fixed bits of the first byte of an automatic status: `0xx1xx00`.
const AUTOMATIC: u8 = 0x10;
/// Last byte of an automatic status, as a TM-T88V has it.
const AUTOMATIC_LAST: u8 = 0x0F;
/// Off line, in the first byte of either.
const OFFLINE: u8 = 0x08;
/// An error that mends itself: in `DLE EOT 3` and the second automatic byte.
const MENDS_ITSELF: u8 = 0x40;
/// An error, in `DLE EOT 2`.
const ERROR: u8 = 0x40;
/// Head of a Star status of nine bytes, and its version.
const STAR_HEAD: [u8; 2] = [0x23, 0x06];

/// One answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Answer {
    /// What is sent to the POS.
    pub(super) bytes: Vec<u8>,
    /// Bytes of the stream that must be on paper before it; 0 for an answer at once.
    pub(super) after: u64,
}

/// The answering side of one connection.
pub(super) struct Answers {
    /// Absent after a fault of the lexer: from then on nothing is answered.
    lexer: Option<Lexer>,
    state: State,
}

/// What has been asked for, and how the printer is.
struct State {
    online: bool,
    /// `GS a`: changes are told.
    automatic: bool,
    /// As Star tells them.
    star: bool,
}

/// The stream could not be read. Whoever carries it goes on and answers no more.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Broken;

impl Answers {
    pub(super) fn new(dialect: Dialect, online: bool) -> Self {
        let lexer = Lexer::new(dialect);
        let star = lexer.dialect() != Dialect::Escpos;
        Self { lexer: Some(lexer), state: State { online, automatic: false, star } }
    }

    /// The POS sent `bytes`. After [`Broken`], which is told once, there are no answers.
    pub(super) fn hear(&mut self, bytes: &[u8]) -> Result<Vec<Answer>, Broken> {
        self.guarded(|lexer, state| {
            let mut out = Vec::new();
            lexer.push(bytes, &mut |frame| out.extend(state.take(&frame)));
            out
        })
    }

    /// The POS has been silent for as long as ends a receipt: an image that claimed to be longer
    /// than what came is over, so that the next question is not taken for a part of it.
    pub(super) fn pause(&mut self) -> Result<Vec<Answer>, Broken> {
        self.guarded(|lexer, state| {
            let mut out = Vec::new();
            lexer.flush(&mut |frame| out.extend(state.take(&frame)));
            out
        })
    }

    /// The printer stops, or goes on. What a POS that asked to be told is told.
    pub(super) fn turn(&mut self, online: bool) -> Option<Answer> {
        let changed = std::mem::replace(&mut self.state.online, online) != online;
        let told = changed && self.state.automatic && self.lexer.is_some();
        told.then(|| self.state.status())
    }

    /// Forwarding must outlive a fault in here, so a panic ends the answers and nothing else.
    fn guarded(
        &mut self,
        read: impl FnOnce(&mut Lexer, &mut State) -> Vec<Answer>,
    ) -> Result<Vec<Answer>, Broken> {
        let Some(mut lexer) = self.lexer.take() else { return Ok(Vec::new()) };
        let state = &mut self.state;
        // The lexer is not used again after a panic; the state is three flags.
        let read = catch_unwind(AssertUnwindSafe(|| (read(&mut lexer, state), lexer)));
        let (answers, lexer) = read.map_err(|_| Broken)?;
        self.lexer = Some(lexer);
        Ok(answers)
    }
}

impl State {
    fn take(&mut self, frame: &Frame<'_>) -> Option<Answer> {
        match frame.kind {
            FrameKind::Command { row, args, .. } | FrameKind::Noticed { row, args } => {
                self.answer(row.prefix, args, frame.span.end)
            }
            _ => None,
        }
    }

    fn answer(&mut self, prefix: &[u8], args: &[u8], end: u64) -> Option<Answer> {
        let at_once = |bytes: Vec<u8>| Some(Answer { bytes, after: 0 });
        let in_order = |bytes: Vec<u8>| Some(Answer { bytes, after: end });
        match (prefix, args) {
            ([0x10, 0x04], [n, ..]) => at_once(vec![self.real_time(*n)?]),
            ([0x10, 0x14, 0x07], [1]) => at_once(self.automatic().to_vec()),
            // Plenty of paper, drawer pin low, plenty of ink.
            ([0x1B, 0x75 | 0x76], _) => in_order(vec![0x00]),
            ([0x1D, 0x72], [1 | 2 | 4 | b'1' | b'2' | b'4']) => in_order(vec![0x00]),
            ([0x1D, 0x49], [n]) => in_order(identity(*n)?),
            ([0x1D, 0x28, 0x48], [_, _, 0x30, 0x30, id @ ..]) if id.len() == 4 => {
                in_order([&[0x37, 0x22], id, &[0x00]].concat())
            }
            ([0x1D, 0x61] | [0x1B, 0x1E, 0x61], [mask]) => {
                self.automatic = *mask != 0;
                self.automatic.then(|| self.status())
            }
            ([0x1B, 0x06, 0x01], _) => Some(self.status()),
            ([0x1B, 0x40], _) => {
                self.automatic = false;
                None
            }
            _ => None,
        }
    }

    fn real_time(&self, n: u8) -> Option<u8> {
        let trouble = |bits: u8| if self.online { REAL_TIME } else { REAL_TIME | bits };
        match n {
            1 => Some(trouble(OFFLINE)),
            2 => Some(trouble(ERROR)),
            3 => Some(trouble(MENDS_ITSELF)),
            // Paper, ink and peeler: nothing is known, and nothing is wrong.
            4..=8 | 18 => Some(REAL_TIME),
            _ => None,
        }
    }

    fn automatic(&self) -> [u8; 4] {
        let (first, second) = if self.online { (0, 0) } else { (OFFLINE, MENDS_ITSELF) };
        [AUTOMATIC | first, second, 0, AUTOMATIC_LAST]
    }

    /// A whole status, in the printer's language.
    fn status(&self) -> Answer {
        let bytes = if self.star {
            let printer = if self.online { 0 } else { OFFLINE };
            [&STAR_HEAD[..], &[printer, 0, 0, 0, 0, 0, 0]].concat()
        } else {
            self.automatic().to_vec()
        };
        Answer { bytes, after: 0 }
    }
}

/// `GS I`. A POS that looks at who made its printer looks for Epson; what stands for the unit says
/// who answers.
fn identity(n: u8) -> Option<Vec<u8>> {
    let text = |text: &str| Some([b"_", text.as_bytes(), b"\0"].concat());
    match n {
        1 | b'1' => Some(vec![0x20]),
        // Two-byte characters, and a cutter.
        2 | b'2' => Some(vec![0x03]),
        3 | b'3' => Some(vec![0x01]),
        65 => text(env!("CARGO_PKG_VERSION")),
        66 => text("EPSON"),
        67 => text("TM-T88V"),
        68 => text("POSBRIDGE"),
        69 => text(""),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use pos_protocol::profile::Dialect;
    use proptest::prelude::*;

    use super::{Answer, Answers, Broken};

    fn said(answers: &mut Answers, bytes: &[u8]) -> Vec<(Vec<u8>, u64)> {
        let answers = answers.hear(bytes).expect("a sound lexer");
        answers.into_iter().map(|Answer { bytes, after }| (bytes, after)).collect()
    }

    fn asked(online: bool, bytes: &[u8]) -> Vec<(Vec<u8>, u64)> {
        said(&mut Answers::new(Dialect::Auto, online), bytes)
    }

    #[test]
    fn every_question_of_the_table_has_its_answer() {
        let at_once: [(&[u8], &[u8]); 8] = [
            (b"\x10\x04\x01", &[0x12]),
            (b"\x10\x04\x02", &[0x12]),
            (b"\x10\x04\x03", &[0x12]),
            (b"\x10\x04\x04", &[0x12]),
            (b"\x10\x04\x07\x01", &[0x12]),
            (b"\x10\x04\x08\x03", &[0x12]),
            (b"\x10\x14\x07\x01", &[0x10, 0, 0, 0x0F]),
            (b"\x1da\xff", &[0x10, 0, 0, 0x0F]),
        ];
        for (question, answer) in at_once {
            assert_eq!(asked(true, question), [(answer.to_vec(), 0)], "{question:02x?}");
        }
        let in_order: [(&[u8], &[u8]); 11] = [
            (b"\x1dr\x01", &[0x00]),
            (b"\x1dr2", &[0x00]),
            (b"\x1dr\x04", &[0x00]),
            (b"\x1bv", &[0x00]),
            (b"\x1bu\x00", &[0x00]),
            (b"\x1dI\x01", &[0x20]),
            (b"\x1dI2", &[0x03]),
            (b"\x1dIB", b"_EPSON\0"),
            (b"\x1dIC", b"_TM-T88V\0"),
            (b"\x1dID", b"_POSBRIDGE\0"),
            (b"\x1d(H\x06\x000011AB", b"\x37\x2211AB\0"),
        ];
        for (question, answer) in in_order {
            let after = question.len() as u64;
            assert_eq!(asked(true, question), [(answer.to_vec(), after)], "{question:02x?}");
        }
        assert_eq!(
            asked(true, b"\x10\x04\x63 \x1dI\x20 \x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"),
            []
        );
    }

    #[test]
    fn a_printer_that_stands_still_is_off_line_in_every_form() {
        for (question, answer) in [
            (&b"\x10\x04\x01"[..], &[0x1A][..]),
            (b"\x10\x04\x02", &[0x52]),
            (b"\x10\x04\x03", &[0x52]),
            (b"\x10\x04\x04", &[0x12]),
            (b"\x1da\x02", &[0x18, 0x40, 0, 0x0F]),
        ] {
            assert_eq!(asked(false, question), [(answer.to_vec(), 0)], "{question:02x?}");
        }
    }

    #[test]
    fn a_change_is_told_to_who_asked_for_it_and_only_then() {
        let mut answers = Answers::new(Dialect::Auto, true);
        assert_eq!(answers.turn(false), None);
        assert_eq!(said(&mut answers, b"\x1da\xff")[0].0, [0x18, 0x40, 0, 0x0F]);
        assert_eq!(answers.turn(false), None, "no change");
        assert_eq!(answers.turn(true).expect("told").bytes, [0x10, 0, 0, 0x0F]);
        assert_eq!(said(&mut answers, b"\x1da\x00"), []);
        assert_eq!(answers.turn(false), None);
        said(&mut answers, b"\x1da\xff\x1b@");
        assert_eq!(answers.turn(true), None, "reset");
    }

    #[test]
    fn star_is_answered_in_its_own_form() {
        let mut answers = Answers::new(Dialect::StarLine, true);
        let well = vec![0x23, 0x06, 0, 0, 0, 0, 0, 0, 0];
        assert_eq!(said(&mut answers, b"\x1b\x06\x01"), [(well.clone(), 0)]);
        assert_eq!(said(&mut answers, b"\x1b\x1ea\x03"), [(well, 0)]);
        assert_eq!(answers.turn(false).expect("told").bytes[2], 0x08);
    }

    #[test]
    fn a_question_inside_an_image_or_cut_in_two_is_answered_once() {
        let image =
            [b"\x1dv0\x00\x10\x00\x10\x00".as_slice(), &[0; 100], b"\x10\x04\x01", &[0; 153]];
        assert_eq!(asked(true, &image.concat()), [(vec![0x12], 0)]);
        let mut answers = Answers::new(Dialect::Auto, true);
        let mut all = Vec::new();
        for byte in b"TEA\n\x1dr\x01\x10\x04\x04" {
            all.extend(said(&mut answers, &[*byte]));
        }
        assert_eq!(all, [(vec![0x00], 7), (vec![0x12], 0)]);
    }

    #[test]
    fn an_image_that_lied_about_its_length_swallows_questions_until_a_pause() {
        let mut answers = Answers::new(Dialect::Auto, true);
        let image = [b"\x1dv0\x00\x10\x00\x40\x00".as_slice(), &[0; 100]].concat();
        assert_eq!(said(&mut answers, &image), []);
        assert_eq!(answers.pause(), Ok(Vec::new()));
        assert_eq!(said(&mut answers, b"\x1dr\x01"), [(vec![0x00], image.len() as u64 + 3)]);
    }

    #[test]
    fn a_fault_is_told_once_and_ends_the_answers() {
        let mut answers = Answers::new(Dialect::Auto, true);
        said(&mut answers, b"\x1da\xff");
        let broken = answers.guarded(|_, _| panic!("a fault that this test makes"));
        assert_eq!(broken, Err(Broken));
        assert_eq!(answers.hear(b"\x10\x04\x01"), Ok(Vec::new()));
        assert_eq!(answers.turn(false), None);
    }

    proptest! {
        #[test]
        fn no_input_breaks_it_and_an_answer_waits_for_nothing_that_was_not_sent(
            chunks in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..64), 0..16),
            star in any::<bool>(),
        ) {
            let dialect = if star { Dialect::StarPrnt } else { Dialect::Auto };
            let (mut answers, mut sent) = (Answers::new(dialect, true), 0);
            for chunk in chunks {
                sent += chunk.len() as u64;
                let mut all = answers.hear(&chunk).expect("a sound lexer");
                if chunk.len() % 5 == 0 {
                    all.extend(answers.pause().expect("a sound lexer"));
                }
                for answer in all {
                    prop_assert!(answer.after <= sent && !answer.bytes.is_empty());
                }
            }
        }
    }
}

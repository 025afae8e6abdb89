//! Just enough of the command language to know a cut, a kick and a question from their data.
//!
//! Its lengths are its own, taken from the manual and not from the decoder. What it does not know is
//! taken for paper, one byte at a time.

#![expect(
    clippy::match_same_arms,
    clippy::unnested_or_patterns,
    reason = "one row per command; merged arms would tear a command from its parameters"
)]

use super::condition::Pin;

const DLE: u8 = 0x10;
const ESC: u8 = 0x1B;
const FS: u8 = 0x1C;
const GS: u8 = 0x1D;
/// Most bytes of a command before its data: `GS 8 L` and `ESC W` need fewer.
const MAX_HEAD: usize = 40;

/// What the bytes since the last complete command are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Heard {
    /// Not yet a whole command.
    Part,
    /// The knife.
    Cut,
    /// A command or the head of one, with so many bytes of data to come.
    Data(usize),
    /// A pulse to a drawer.
    Kick(Pin),
    /// `GS r n`.
    Status(u8),
    /// `GS I n`.
    Identity(u8),
    /// `GS a n`.
    Automatic(u8),
    /// `GS ( H` with a process id.
    ProcessId([u8; 4]),
    /// So many lines of paper.
    Feed(u32),
    /// Anything else.
    Paper,
}

/// Judges the bytes since the last complete command.
pub(super) fn heard(pending: &[u8]) -> Heard {
    match pending {
        [b'\n'] => Heard::Feed(1),
        [DLE | ESC | FS | GS] => Heard::Part,
        [DLE, rest @ ..] => dle(rest),
        [ESC, rest @ ..] => esc(rest),
        [FS, rest @ ..] => fs(rest),
        [GS, rest @ ..] => gs(rest),
        _ => Heard::Paper,
    }
}

/// Real-time commands are acted on when they arrive; here they are only stepped over.
fn dle(rest: &[u8]) -> Heard {
    match rest {
        [0x04, 7 | 8 | 18] => Heard::Data(1),
        [0x04 | 0x05] | [0x14] | [0x14, 1 | 2] | [0x14, 1 | 2, _] => Heard::Part,
        [0x14, 8] => Heard::Data(7),
        _ => Heard::Paper,
    }
}

fn esc(rest: &[u8]) -> Heard {
    match rest {
        [b'i' | b'm'] => Heard::Cut,
        [b'd', lines] => Heard::Feed(u32::from(*lines)),
        [b'p', pin, _, _] => Heard::Kick(if matches!(pin, 1 | 49) { Pin::Pin5 } else { Pin::Pin2 }),
        [b'p'] | [b'p', _] | [b'p', _, _] => Heard::Part,
        // Column by column, one byte or three.
        [b'*', mode, low, high] => {
            let columns = usize::from(u16::from_le_bytes([*low, *high]));
            Heard::Data(columns * if matches!(mode, 32 | 33) { 3 } else { 1 })
        }
        [b'*', ..] => Heard::Part,
        // Tab stops up to a NUL.
        [b'D', .., 0] => Heard::Paper,
        [b'D', ..] if rest.len() < MAX_HEAD => Heard::Part,
        [b'(', _, low, high] => Heard::Data(usize::from(u16::from_le_bytes([*low, *high]))),
        [b'(', ..] => Heard::Part,
        [command, parameters @ ..] => fixed(esc_parameters(*command), parameters.len()),
        [] => Heard::Part,
    }
}

fn esc_parameters(command: u8) -> usize {
    match command {
        b' ' | b'!' | b'-' | b'3' | b'=' | b'?' | b'E' | b'G' | b'J' | b'K' | b'M' | b'R'
        | b'T' | b'U' | b'V' | b'a' | b'd' | b'e' | b'r' | b't' | b'{' => 1,
        b'$' | b'\\' | b'c' => 2,
        b'W' => 8,
        _ => 0,
    }
}

fn fs(rest: &[u8]) -> Heard {
    match rest {
        [b'(', _, low, high] => Heard::Data(usize::from(u16::from_le_bytes([*low, *high]))),
        [b'(', ..] => Heard::Part,
        [b'2', _, _] => Heard::Data(72),
        [b'2', ..] => Heard::Part,
        [b'!' | b'-' | b'C' | b'W', parameters @ ..] => fixed(1, parameters.len()),
        [b'S' | b'p', parameters @ ..] => fixed(2, parameters.len()),
        _ => Heard::Paper,
    }
}

fn gs(rest: &[u8]) -> Heard {
    match rest {
        [b'V', 0 | 1 | 48 | 49] | [b'V', _, _] => Heard::Cut,
        [b'V', ..] => Heard::Part,
        [b'r', n] => Heard::Status(*n),
        [b'I', n] => Heard::Identity(*n),
        [b'a', n] => Heard::Automatic(*n),
        [b'v', _, _, xl, xh, yl, yh] => {
            let row = usize::from(u16::from_le_bytes([*xl, *xh]));
            Heard::Data(row * usize::from(u16::from_le_bytes([*yl, *yh])))
        }
        [b'v', ..] => Heard::Part,
        [b'(', b'H', 6, 0, 48, _, a, b, c, d] => Heard::ProcessId([*a, *b, *c, *d]),
        [b'(', b'H', 6, 0, 48, ..] | [b'(', b'H', 6, 0] => Heard::Part,
        [b'(', b'H', 6, 0, _] => Heard::Data(5),
        [b'(', _, low, high] => Heard::Data(usize::from(u16::from_le_bytes([*low, *high]))),
        [b'(', ..] => Heard::Part,
        [b'8', b'L', a, b, c, d] => Heard::Data(u32::from_le_bytes([*a, *b, *c, *d]) as usize),
        [b'8', ..] if rest.len() < 6 => Heard::Part,
        [b'*', x, y] => Heard::Data(usize::from(*x) * usize::from(*y) * 8),
        [b'*', ..] => Heard::Part,
        // Barcodes: up to a NUL in the old form, counted in the new one.
        [b'k', 65..=79, count] => Heard::Data(usize::from(*count)),
        [b'k', 0..=6, .., 0] => Heard::Paper,
        [b'k'] | [b'k', 65..=79] => Heard::Part,
        [b'k', 0..=6, ..] if rest.len() < 256 => Heard::Part,
        [command, parameters @ ..] => fixed(gs_parameters(*command), parameters.len()),
        [] => Heard::Part,
    }
}

fn gs_parameters(command: u8) -> usize {
    match command {
        b'!' | b'B' | b'H' | b'I' | b'a' | b'b' | b'f' | b'h' | b'r' | b'w' | b'/' | b'T' => 1,
        b'L' | b'W' | b'$' | b'\\' | b'P' => 2,
        _ => 0,
    }
}

fn fixed(wanted: usize, found: usize) -> Heard {
    if found < wanted { Heard::Part } else { Heard::Paper }
}

#[cfg(test)]
mod tests {
    use super::{Heard, Pin, heard};

    /// What each command of `bytes` is, and how often paper came between.
    fn read(bytes: &[u8]) -> Vec<Heard> {
        let (mut pending, mut left, mut all) = (Vec::new(), 0, Vec::new());
        for &byte in bytes {
            if left > 0 {
                left -= 1;
                continue;
            }
            pending.push(byte);
            match heard(&pending) {
                Heard::Part => continue,
                Heard::Data(data) => left = data,
                Heard::Paper => {}
                other => all.push(other),
            }
            pending.clear();
        }
        all
    }

    #[test]
    fn a_cut_inside_data_is_data() {
        let cut = [0x1D, b'V', 0];
        let heads: [&[u8]; 6] = [
            &[0x1D, b'v', b'0', 0, 3, 0, 1, 0],
            &[0x1B, b'*', 33, 1, 0],
            &[0x1D, b'(', b'k', 3, 0],
            &[0x1D, b'8', b'L', 3, 0, 0, 0],
            &[0x1D, b'k', 73, 3],
            &[0x1B, b'(', b'A', 3, 0],
        ];
        for head in heads {
            assert_eq!(read(&[head, &cut].concat()), [], "{head:02X?}");
            assert_eq!(read(&[head, &cut, &cut].concat()), [Heard::Cut], "{head:02X?}");
        }
    }

    #[test]
    fn parameters_that_look_like_commands_are_parameters() {
        // Each ends in 1D or 1B, and the cut after it must still be seen.
        for command in [
            &[0x1B, b'a', 0x1D][..],
            &[0x1D, b'!', 0x1B],
            &[0x1B, b'$', 0x1D, 0x1B],
            &[0x1C, b'S', 0x1D, 0x1B],
            &[0x10, 0x04, 0x01],
            &[0x1D, b'k', 4, b'1', 0],
            &[0x1B, b'D', 8, 0x1B, 0],
        ] {
            let bytes = [command, &[0x1D, b'V', b'A', 3]].concat();
            assert_eq!(read(&bytes), [Heard::Cut], "{command:02X?}");
        }
    }

    #[test]
    fn kicks_and_questions_are_what_the_manual_says() {
        let asked = [0x1D, b'r', 1, 0x1D, b'I', 66, 0x1D, b'a', 255, 0x1B, b'p', 1, 25, 250];
        let expected =
            [Heard::Status(1), Heard::Identity(66), Heard::Automatic(255), Heard::Kick(Pin::Pin5)];
        assert_eq!(read(&asked), expected);
        assert_eq!(read(b"\x1D(H\x06\x00\x30\x300042"), [Heard::ProcessId(*b"0042")]);
    }
}

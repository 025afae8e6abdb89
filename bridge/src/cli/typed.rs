//! Lines typed at a terminal, or piped in: with echo, and without it for secrets.
//!
//! It draws nothing: it works over ssh and on a serial console.

use std::io::{self, BufRead, IsTerminal, Read, Write};

use nix::sys::termios::{LocalFlags, SetArg, Termios, tcgetattr, tcsetattr};

/// Longest line, in bytes.
const MAX_LINE_BYTES: u64 = 4_096;

const CTRL_C: u8 = 3;
const CTRL_D: u8 = 4;
const CTRL_U: u8 = 21;

/// A line; nothing at the end of the input, or where somebody pressed Ctrl-C.
pub(super) fn line() -> io::Result<Option<String>> {
    let mut text = String::new();
    let read = io::stdin().lock().take(MAX_LINE_BYTES).read_line(&mut text)?;
    Ok((read > 0).then(|| text.trim_end_matches(['\r', '\n']).to_owned()))
}

/// A line that is not shown while it is typed.
pub(super) fn unseen() -> io::Result<Option<String>> {
    let input = io::stdin();
    if !input.is_terminal() {
        return line();
    }
    let _quiet = Quiet::begin()?;
    let mut bytes = Vec::new();
    loop {
        let mut byte = [0];
        if input.lock().read(&mut byte)? == 0 {
            return Ok(None);
        }
        match byte[0] {
            b'\r' | b'\n' => break,
            CTRL_C => return Ok(None),
            CTRL_D if bytes.is_empty() => return Ok(None),
            CTRL_U => bytes.clear(),
            0x7F | 0x08 => {
                bytes.pop();
            }
            byte if bytes.len() as u64 >= MAX_LINE_BYTES || byte < b' ' => {}
            byte => bytes.push(byte),
        }
    }
    Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
}

/// The terminal without echo, line editing and signals, until it is dropped: a Ctrl-C is read as a
/// byte, so that no terminal is left silent.
struct Quiet(Termios);

impl Quiet {
    fn begin() -> io::Result<Self> {
        let before = tcgetattr(io::stdin())?;
        let mut quiet = before.clone();
        quiet.local_flags.remove(LocalFlags::ECHO | LocalFlags::ICANON | LocalFlags::ISIG);
        // Not TCSAFLUSH: what was pasted with the line before belongs to the answer.
        tcsetattr(io::stdin(), SetArg::TCSADRAIN, &quiet)?;
        Ok(Self(before))
    }
}

impl Drop for Quiet {
    fn drop(&mut self) {
        // A terminal that has gone needs nothing.
        let _gone = tcsetattr(io::stdin(), SetArg::TCSADRAIN, &self.0);
        let _closed = writeln!(io::stderr().lock());
    }
}

//! Somebody who only wants to see the page, and says how that went.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

/// How long one answer may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) code: u16,
    /// Bytes of the body.
    pub(crate) bytes: usize,
    pub(crate) took: Duration,
}

/// Asks `page` for `path` over a connection of its own; an error where that ended without an answer.
pub(crate) fn ask(page: SocketAddr, path: &str) -> io::Result<Answer> {
    let begun = Instant::now();
    let mut stream = TcpStream::connect_timeout(&page, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let request = format!("GET {path} HTTP/1.1\r\nHost: {page}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes())?;
    let mut all = Vec::new();
    stream.read_to_end(&mut all)?;
    let took = begun.elapsed();
    let none = || io::Error::new(io::ErrorKind::UnexpectedEof, "expected an answer, found an end");
    let head = all.windows(4).position(|four| four == b"\r\n\r\n").ok_or_else(none)?;
    let code = all.get(9..12).and_then(|code| std::str::from_utf8(code).ok()?.parse().ok());
    Ok(Answer { code: code.ok_or_else(none)?, bytes: all.len() - head - 4, took })
}

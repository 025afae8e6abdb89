//! The wake socket's client side: how a brain and `status` speak to the wire process.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use serde::de::DeserializeOwned;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::UnixStream;

use super::status::{Hello, WireStatus};
use crate::runtime_dir::RuntimeDir;

/// Longest line that is taken from the wire process, in bytes: a status of 10,000 sources.
const MAX_LINE_BYTES: u64 = 4 * 1024 * 1024;

/// How long the wire process may take for a line. It has nothing else to wait for, so this is
/// generous; a stopped process must not hang its caller.
const ANSWER_LIMIT: Duration = Duration::from_secs(5);

/// Why the wire process cannot be spoken to.
#[derive(Debug, thiserror::Error)]
pub enum AttachError {
    /// Nothing listens: it is not running.
    #[error("expected a wire process listening on {}, found: {source}", path.display())]
    NotRunning {
        /// The socket.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// It has gone, or closed the connection.
    #[error("expected the wire process to stay, found its connection closed")]
    Gone,
    /// It does not answer in time.
    #[error("expected a line from the wire process within {} s, found none", ANSWER_LIMIT.as_secs())]
    Silent,
    /// It is of another version.
    #[error("expected {expected} from the wire process, found something else: {source}")]
    Unreadable {
        /// What should have come.
        expected: &'static str,
        /// Why it is none.
        #[source]
        source: serde_json::Error,
    },
    /// The connection broke.
    #[error("expected to read from the wire process, found: {0}")]
    Io(#[from] io::Error),
}

/// What ended a wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wake {
    /// Something was appended since the last wait: read the ring up to its head.
    Appended,
    /// Nothing came in time.
    TimedOut,
}

/// A connection to a running wire process.
#[derive(Debug)]
pub struct Attached {
    hello: Hello,
    stream: BufReader<UnixStream>,
}

/// Connects to the wire process of this runtime directory.
pub async fn attach(dir: &RuntimeDir) -> Result<Attached, AttachError> {
    let path = dir.wire_socket();
    let stream = UnixStream::connect(&path)
        .await
        .map_err(|source| AttachError::NotRunning { path, source })?;
    let mut stream = BufReader::new(stream);
    let hello = read_line(&mut stream, "a hello").await?;
    Ok(Attached { hello, stream })
}

/// Asks the wire process of this runtime directory how it is.
pub async fn status(dir: &RuntimeDir) -> Result<WireStatus, AttachError> {
    let mut attached = attach(dir).await?;
    attached.stream.write_all(b"status\n").await?;
    read_line(&mut attached.stream, "a status").await
}

impl Attached {
    /// Who it is, and which ring it writes.
    pub fn hello(&self) -> &Hello {
        &self.hello
    }

    /// Waits for an append, at most `limit` of real time. Appends before the call count.
    pub async fn wait_wake(&mut self, limit: Duration) -> Result<Wake, AttachError> {
        let Ok(waited) = tokio::time::timeout(limit, self.stream.fill_buf()).await else {
            return Ok(Wake::TimedOut);
        };
        let waiting = waited?.len();
        if waiting == 0 {
            return Err(AttachError::Gone);
        }
        self.stream.consume(waiting);
        Ok(Wake::Appended)
    }
}

/// The next line that is not a wake.
async fn read_line<T: DeserializeOwned>(
    stream: &mut BufReader<UnixStream>,
    expected: &'static str,
) -> Result<T, AttachError> {
    let mut line = String::new();
    let reading = async {
        while line.trim().is_empty() {
            line.clear();
            if stream.take(MAX_LINE_BYTES).read_line(&mut line).await? == 0 {
                return Err(AttachError::Gone);
            }
        }
        Ok(())
    };
    tokio::time::timeout(ANSWER_LIMIT, reading).await.map_err(|_| AttachError::Silent)??;
    serde_json::from_str(&line).map_err(|source| AttachError::Unreadable { expected, source })
}

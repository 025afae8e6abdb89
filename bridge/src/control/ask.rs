//! The asking side of the control socket.

use std::io;
use std::path::PathBuf;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::UnixStream;

use super::{
    Done, MAX_ANSWER_BYTES, MAX_REQUEST_BYTES, PEER_LIMIT, Refusal, Request, status::Status,
};
use crate::runtime_dir::RuntimeDir;

/// Why the daemon cannot be asked.
#[derive(Debug, thiserror::Error)]
pub enum ControlError {
    /// Nothing listens.
    #[error("expected a running posbridge at {}, found: {source}", path.display())]
    NotRunning {
        /// The socket.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// It does not answer in time.
    #[error(
        "expected an answer within {} s, found none\nhint: the daemon is busy or stopped; see its log",
        PEER_LIMIT.as_secs()
    )]
    Silent,
    /// The connection broke.
    #[error("expected an answer, found: {0}")]
    Io(#[from] io::Error),
    /// It is of another version.
    #[error(
        "expected an answer of this version, found something else: {0}\n\
         hint: restart the daemon after an upgrade"
    )]
    Unreadable(#[from] serde_json::Error),
    /// It answers that it cannot be done.
    #[error("{0}")]
    Refused(String),
    /// It answers another question.
    #[error(
        "expected an answer to {0}, found another one\n\
         hint: restart the daemon after an upgrade"
    )]
    Beside(&'static str),
    /// More than one request may hold.
    #[error("expected a request of at most {MAX_REQUEST_BYTES} bytes, found {0}")]
    TooLong(usize),
}

/// Asks the daemon of this runtime directory how it is.
pub async fn ask_status(dir: &RuntimeDir) -> Result<Status, ControlError> {
    // The bare word, so that a daemon of any version answers.
    Ok(serde_json::from_str(&exchange(dir, "status".to_owned()).await?)?)
}

/// Asks the daemon of this runtime directory to do something.
pub async fn ask(dir: &RuntimeDir, request: &Request) -> Result<Done, ControlError> {
    let answer = exchange(dir, serde_json::to_string(request)?).await?;
    if let Ok(refusal) = serde_json::from_str::<Refusal>(&answer) {
        return Err(ControlError::Refused(refusal.error));
    }
    Ok(serde_json::from_str(&answer)?)
}

async fn exchange(dir: &RuntimeDir, mut request: String) -> Result<String, ControlError> {
    request.push('\n');
    if request.len() as u64 > MAX_REQUEST_BYTES {
        return Err(ControlError::TooLong(request.len()));
    }
    let path = dir.control_socket();
    let stream = UnixStream::connect(&path)
        .await
        .map_err(|source| ControlError::NotRunning { path, source })?;
    let exchange = async {
        let mut stream = BufReader::new(stream);
        stream.write_all(request.as_bytes()).await?;
        let mut line = String::new();
        stream.take(MAX_ANSWER_BYTES).read_line(&mut line).await?;
        Ok::<_, io::Error>(line)
    };
    Ok(tokio::time::timeout(PEER_LIMIT, exchange).await.map_err(|_| ControlError::Silent)??)
}

//! Why a connection could not be had.

use crate::dingtalk::obstacle::Obstacle;
use crate::dingtalk::openapi::ApiError;

/// Why a connection could not be had. Shows neither the secret nor the ticket.
#[derive(Debug, thiserror::Error)]
pub enum StreamError {
    /// The gateway gave no ticket.
    #[error("{0}")]
    Gateway(#[from] ApiError),
    /// The gateway sent somewhere where a ticket must not go.
    #[error("expected a wss:// address from the gateway, found {found}")]
    Endpoint {
        /// What it begins with.
        found: String,
    },
    /// No connection to where the gateway sent.
    #[error("expected a connection to {host}, found: {why}")]
    Unreached {
        /// Its host.
        host: String,
        /// What stood in the way, where it is known.
        obstacle: Option<Obstacle>,
        /// What the network said.
        why: String,
    },
    /// The ticket was not taken: it is older than 90 s or was used.
    #[error("expected {host} to take the ticket, found HTTP {status}")]
    Ticket {
        /// The host.
        host: String,
        /// Its answer.
        status: u16,
    },
    /// What answered is no websocket.
    #[error("expected a websocket at {host}, found {found}")]
    NoWebsocket {
        /// The host.
        host: String,
        /// What was wrong with its answer.
        found: &'static str,
    },
}

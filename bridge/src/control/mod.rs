//! The control socket: how `status` and the verbs that change something speak to the daemon.
//!
//! Mutating verbs come here because the journal has one writer. A verb asks the daemon first, and
//! opens the journal by itself only where none runs. Nothing here decides what a verb means beyond
//! whether the daemon may do it.
//!
//! # The protocol
//!
//! A Unix stream socket, `control.sock` in the runtime directory (mode 0700). The daemon answers
//! peers of its own user and root, and nobody else. A peer sends one line and gets one line of
//! JSON; then the connection ends. Five seconds for each, 16 peers at once.
//!
//! | request | answer |
//! |---|---|
//! | `status` | [`Status`] |
//! | `{"verb":"status"}` | the same |
//! | `{"verb":"correct","corrections":[event, …]}` | `{"done":"correct","new":n}`: so many of the `correction` events were not in the journal yet; all of them are on disk |
//! | `{"verb":"enter","event":event}` | `{"done":"enter","new":BOOL}`: the `inventory` event is on disk, with its articles named as the catalogue does; not new where it was before. An entry that cannot be kept is refused, with what was probably meant |
//! | `{"verb":"transfer","transfer":{…}}` | `{"done":"transfer","matter":TEXT,"new":BOOL}`: the transfer is on disk and will be asked about; nothing has moved. One that cannot be is refused |
//! | `{"verb":"reload","file":PATH}` | `{"done":"reload","changed":[…],"restart":[…]}`: the configuration was read again; what is new from now on, and what waits for a restart. A `file` that is not the daemon's is refused, and so is one with mistakes, with all of them |
//! | `{"verb":"tested","robot":NAME,"delivered":BOOL,"file":PATH}` | `{"done":"tested","due":n}`: a call outside the queue was counted. Where it was delivered, the configuration was read again first, and n parked notices are due |
//! | `{"verb":"retry","ids":[…]}` | `{"done":"retry","ids":[…]}`: these are due at once; the others are delivered, on their way, or not there |
//! | `{"verb":"drop","ids":[…],"why":TEXT}` | `{"done":"drop","ids":[…]}`: as `retry`, out of the queue for good |
//! | anything else | `{"error":"expected …, found …"}` |
//!
//! A request is at most [`MAX_REQUEST_BYTES`] long; who has more to say sends several. A verb's
//! answer comes after its commit: what was answered is kept.

mod ask;
mod robots;
mod serve;
mod status;
mod verbs;
mod waiting;

pub use ask::{ControlError, ask, ask_status};
pub use robots::{MonthCalls, RobotStatus};
pub use serve::{Desk, bind, serve};
pub use status::{OutboxTotal, SourceTotal, Status, offline};
pub(crate) use verbs::{drop_notices, reload, retry, tested};
pub use waiting::Waiting;

use crate::approve::Transfer;
use pos_protocol::event::Event;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use std::time::Duration;

/// Longest request, in bytes.
pub const MAX_REQUEST_BYTES: u64 = 1024 * 1024;
/// Longest answer that is believed, in bytes.
const MAX_ANSWER_BYTES: u64 = 8 * 1024 * 1024;
/// Most notices that one request names.
pub const MAX_IDS: usize = 1_000;
/// How long a peer may take to say or read a line.
const PEER_LIMIT: Duration = Duration::from_secs(5);
/// Most peers at once; the next one is let go without an answer.
const MAX_PEERS: usize = 16;

/// What a peer may ask for, beside the bare word `status`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "verb", rename_all = "snake_case", deny_unknown_fields)]
pub enum Request {
    /// How the daemon is.
    Status,
    /// Keep these corrections of earlier events.
    Correct {
        /// Events of the kind `correction`, each naming what it corrects.
        corrections: Vec<Event>,
    },
    /// Keep what a person entered about goods or cash.
    Enter {
        /// An event of the kind `inventory`.
        event: Box<Event>,
    },
    /// Ask whether stock may go to another shop.
    Transfer {
        /// What goes where.
        transfer: Transfer,
    },
    /// Read the configuration again.
    Reload {
        /// The file that the peer means; absent: whichever the daemon has.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        file: Option<PathBuf>,
    },
    /// A test message was sent to this robot's group.
    Tested {
        /// The robot.
        robot: String,
        /// Whether the group has it.
        delivered: bool,
        /// As for `Reload`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        file: Option<PathBuf>,
    },
    /// Make these notices due at once.
    Retry {
        /// At most [`MAX_IDS`].
        ids: Vec<i64>,
    },
    /// Take these notices out of the queue for good.
    Drop {
        /// At most [`MAX_IDS`].
        ids: Vec<i64>,
        /// Why, for whoever looks later.
        why: String,
    },
}

/// What a verb that changes something is answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "done", rename_all = "snake_case")]
pub enum Done {
    /// Corrections are kept.
    Correct {
        /// How many were not there before.
        new: usize,
    },
    /// An entry is kept.
    Enter {
        /// Whether it was not there before.
        new: bool,
    },
    /// A transfer will be asked about.
    Transfer {
        /// Its short name, as it stands in cards and forms.
        matter: String,
        /// Whether it was not there before.
        new: bool,
    },
    /// The configuration was read again.
    Reload {
        /// What is new from now on.
        changed: Vec<String>,
        /// What waits for a restart.
        restart: Vec<String>,
    },
    /// A test message was counted.
    Tested {
        /// Parked notices that are due again.
        due: usize,
    },
    /// Notices are due at once.
    Retry {
        /// Those for which it was done.
        ids: Vec<i64>,
    },
    /// Notices are out of the queue.
    Drop {
        /// Those for which it was done.
        ids: Vec<i64>,
    },
}

/// What cannot be done, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// "expected X, found Y".
    pub error: String,
}

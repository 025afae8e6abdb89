//! A transfer that somebody asks for: judged, and kept until it is decided.
//!
//! The daemon does it for a verb, and the verb itself where no daemon runs: people are asked once one
//! does.

use crate::approve::{Matter, Transfer, TransferError, ask_transfer};
use crate::config::Config;
use crate::journal::{Journal, JournalReader};

/// Keeps that `transfer` is to be asked about, and whether it was not there before. Blocks.
pub fn ask(
    journal: &Journal,
    config: &Config,
    transfer: Transfer,
    now_ms: i64,
) -> Result<(Matter, bool), TransferError> {
    let reader = JournalReader::open(journal.path())?;
    let matter = ask_transfer(transfer, &reader.books(), &config.shops(), now_ms)?;
    let new = journal.add_matters_waiting(vec![matter.new_row()])?;
    Ok((matter, new == 1))
}

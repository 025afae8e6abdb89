//! What becomes of matters where no application is set up: a plain notice that says so.

use std::sync::Arc;

use pos_protocol::event::Reason;
use pos_protocol::time::Timestamp;

use super::advance::{Circumstances, advance};
use crate::approve::{Input, Told};
use crate::config::Config;
use crate::journal::{Journal, JournalError, MatterKind, Which};

/// Closes what nobody can be asked about; how many groups are to be told.
pub(crate) async fn unasked(
    journal: &Journal,
    config: &Arc<Config>,
    now: Timestamp,
) -> Result<usize, JournalError> {
    if config.dingtalk.app.is_some() {
        return Ok(0);
    }
    let mut closed = 0;
    for row in journal.open_matters(MatterKind::Approval).await? {
        let by = Circumstances::now(Arc::clone(config), now);
        let input = Input::Never(Reason::NoApplication);
        let step = advance(journal, Which::Id(row.id), input, by).await?;
        closed += usize::from(step.is_some_and(|step| step.told == Told::Closed));
    }
    Ok(closed)
}

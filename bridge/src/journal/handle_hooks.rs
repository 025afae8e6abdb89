//! What those who take calls ask of the journal's handle.

use super::error::JournalError;
use super::handle::Journal;
use super::hooks::{self, Delivery, Received};
use super::record::Batch;

impl Journal {
    /// Keeps a call and what it says, in one transaction; done once it is on disk. A call that is
    /// known changes nothing.
    pub async fn receive(
        &self,
        delivery: Delivery,
        batch: Batch,
    ) -> Result<Received, JournalError> {
        let received = self.ask(move |conn| hooks::receive(conn, &delivery, batch)).await?;
        if matches!(&received, Received::New(committed) if committed.new_events > 0) {
            self.has_grown();
        }
        Ok(received)
    }
}

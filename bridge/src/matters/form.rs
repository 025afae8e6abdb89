//! Which receipt a form that staff filled in is about: its number is read from the form, and looked up
//! in the books.
//!
//! What cannot be read is told without it: a result waits for no receipt.

use crate::app::Hall;
use crate::approve::Matter;
use crate::config::{AskBy, Config, FormRead};
use crate::dingtalk::openapi::YidaReader;
use crate::journal::{Change, JournalError, Rows, Which};
use crate::shop::Filed;

/// Finds the receipt of the form whose process is `instance`, where that is set up, and keeps it with
/// the matter.
pub(super) async fn find_receipt(
    hall: &Hall,
    config: &Config,
    process_code: &str,
    instance: &str,
) -> Result<(), JournalError> {
    let asked = config.approvals.iter().find(|one| one.by.process_code() == Some(process_code));
    let Some(AskBy::Form { read: Some(read), .. }) = asked.map(|asked| &asked.by) else {
        return Ok(());
    };
    let Some(number) = number(hall, read, instance).await else { return Ok(()) };
    let tills: Vec<(String, String)> =
        config.sources.iter().map(|till| (till.shop.clone(), till.name.clone())).collect();
    let kept =
        hall.journal.change_matter(Which::Instance(instance.to_owned()), move |row, rows| {
            let Some(mut matter) = Matter::read(&row.body).filter(|_| row.open) else {
                return Ok(((), None));
            };
            if let Some((shop, filed)) = filed(&tills, &number, rows)? {
                matter.shop = shop;
                matter.source = Some(filed.source);
                matter.amount = filed.known.total;
                matter.event = Some(filed.known.event);
            }
            matter.number = Some(number);
            let (instance, due_ms) = (row.instance.clone(), row.due_ms);
            let change =
                Change { open: true, instance, body: matter.body(), due_ms, ..Change::default() };
            Ok(((), Some(change)))
        });
    kept.await.map(|_| ())
}

/// The number that stands in the form.
async fn number(hall: &Hall, read: &FormRead, instance: &str) -> Option<String> {
    let reader = YidaReader {
        app_type: read.app_type.clone(),
        system_token: read.system_token.clone(),
        user_id: read.originator.clone(),
    };
    match hall.api.read_yida(&reader, instance).await {
        Ok(mut form) => {
            let number = form.remove(&read.number_field).unwrap_or_default();
            Some(number.trim().trim_start_matches('#').to_owned()).filter(|text| !text.is_empty())
        }
        Err(error) => {
            tracing::warn!(
                "a return is told without its receipt: {error} (hint: {})",
                error.hint()
            );
            None
        }
    }
}

/// The newest receipt of this number at any of the tills, with its shop.
fn filed(
    tills: &[(String, String)],
    number: &str,
    rows: &dyn Rows,
) -> Result<Option<(String, Filed)>, JournalError> {
    let mut newest: Option<(String, Filed)> = None;
    for (shop, till) in tills {
        let Some(found) = Filed::find(rows, shop, till, number)? else { continue };
        if newest.as_ref().is_none_or(|(_, known)| known.known.at < found.known.at) {
            newest = Some((shop.clone(), found));
        }
    }
    Ok(newest)
}

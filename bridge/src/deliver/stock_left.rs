//! What is left of each line of a sale, read from the books when the message is worded.
//!
//! A message that is repeated says what it said the first time.

use super::say::{Voice, event};
use crate::journal::{Content, Journal, JournalError, Subject};
use crate::shop::stock::{self, Left};

/// What is left of each line, where `content` is a sale and its group is told.
pub(super) async fn left(
    journal: &Journal,
    voice: &Voice<'_>,
    content: &Content,
) -> Result<Vec<Option<Left>>, JournalError> {
    let Subject::Event(json) = &content.subject else { return Ok(Vec::new()) };
    if !voice.head.stock_left || content.frozen.is_some() {
        return Ok(Vec::new());
    }
    // One that cannot be read is told so where it is worded.
    let Ok(event) = event(json) else { return Ok(Vec::new()) };
    let shop = voice.config.shop_of(&event.source).to_owned();
    journal.read(move |rows| stock::left(rows, &shop, &event)).await
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::Arc;

    use pos_protocol::event::{Entry, Inventory};
    use pos_protocol::time::Timestamp;
    use uuid::Uuid;

    use super::left;
    use crate::config::{Config, Language, Robot, Shop};
    use crate::deliver::say::Voice;
    use crate::journal::{Batch, Content, Journal, Subject};
    use crate::shop::{Clerk, catalogue, samples};

    #[test]
    fn a_robot_that_asks_for_it_is_told_what_was_left_and_another_is_not() {
        let dir = tempfile::tempdir().expect("a directory");
        let shop = Shop::for_tests(Language::En);
        let config = Arc::new(Config::for_tests(dir.path(), shop, Vec::new()));
        let journal = Journal::open(&config.journal.path).expect("opens");
        let csv = "name,start\n凍奶茶,10\n";
        let articles = catalogue::parse(csv.as_bytes(), Path::new("c.csv"), None).expect("good");
        let inventory = Inventory { shop: None, entry: Entry::Catalogue { articles } };
        let morning = Timestamp::new(0, 1_795_230_000_000);
        let import = crate::operate::stock::event(inventory, Uuid::new_v4(), morning);
        let sale = samples::sale("1001");
        let subject = Subject::Event(serde_json::to_string(&sale).expect("plain data"));
        let clerk = Clerk::new(Arc::clone(&config));
        let shop = Some(Arc::new(clerk) as Arc<_>);
        journal
            .commit(Batch { events: vec![import, sale], shop, ..Batch::default() })
            .expect("kept");
        let content = Content { id: 1, subject, frozen: None };
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let told = |stock_left| {
            let url = "http://127.0.0.1/?access_token=t";
            let robot = Robot { stock_left, ..Robot::for_tests("owner", url) };
            let (config, head, carrier) = (&*config, &robot, &robot);
            let voice = Voice { config, head, carrier, dice: Uuid::nil };
            runtime.block_on(left(&journal, &voice, &content)).expect("reads")
        };
        let beside: Vec<_> = told(true).into_iter().flatten().map(|left| left.quantity).collect();
        assert_eq!(beside, [8.into()]);
        assert_eq!(told(false), []);
    }
}

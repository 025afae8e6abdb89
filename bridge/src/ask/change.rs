//! What a listed person may change by a question: how much there is of something, and whether
//! ordinary notices wait.
//!
//! An entry is judged as one that is typed at the command line, and kept under an id made of the
//! message's: a message that comes again changes nothing again.

use std::sync::Arc;

use pos_protocol::event::{Entry, Inventory, Stocked};
use rust_decimal::Decimal;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::answer::Answer;
use super::look::called;
use super::names::Name;
use super::question::Question;
use super::scope::Scope;
use crate::app::Hall;
use crate::config::Config;
use crate::dingtalk::stream::BotMessage;
use crate::journal::{JournalError, JournalReader, MUTE_MS};
use crate::operate;
use crate::shop::catalogue::Unit;
use crate::shop::stock::{self, StockError};

/// Does what `message` asks for; nothing where it asks for no change. Whoever wrote it must be
/// listed.
pub(super) async fn change(
    question: &Question,
    shop: Option<&str>,
    scope: &Scope<'_>,
    message: &BotMessage,
    hall: &Hall,
    config: &Arc<Config>,
) -> Result<Option<Answer>, JournalError> {
    if !matches!(question, Question::SetStock { .. } | Question::Mute | Question::Unmute) {
        return Ok(None);
    }
    let user = message.staff_id.as_deref();
    if !config.dingtalk.may_change(user) {
        return Ok(Some(Answer::NotAllowed { user: user.map(str::to_owned) }));
    }
    if let Question::SetStock { name, quantity, unit } = question {
        let shop = match one_shop(scope, shop) {
            Ok(shop) => shop.to_owned(),
            Err(answer) => return Ok(Some(answer)),
        };
        let entry = NewLevel { name: name.clone(), quantity: *quantity, unit: unit.clone(), shop };
        return set_stock(entry, &message.id, hall, config).await.map(Some);
    }
    let robots: Vec<String> = scope.robots.iter().map(|robot| robot.name.clone()).collect();
    let answer = if *question == Question::Mute {
        let until_ms = hall.clock.wall_ms() + MUTE_MS;
        hall.journal.mute(robots, until_ms).await?;
        Answer::Muted { until_ms }
    } else {
        hall.journal.unmute(robots).await?;
        Answer::Unmuted
    };
    hall.told.changed();
    Ok(Some(answer))
}

/// The shop whose stock is meant.
fn one_shop<'c>(scope: &Scope<'c>, named: Option<&str>) -> Result<&'c str, Answer> {
    match *scope.places(named) {
        [] => Err(Answer::OtherShop(named.unwrap_or_default().to_owned())),
        [shop] if scope.shops.contains(&shop) => Ok(shop),
        [_] => Err(Answer::WholeShopOnly),
        ref several => {
            Err(Answer::WhichShop(several.iter().map(|shop| (*shop).to_owned()).collect()))
        }
    }
}

/// So much there is of something now.
struct NewLevel {
    name: Name,
    quantity: Decimal,
    unit: Option<String>,
    shop: String,
}

async fn set_stock(
    new: NewLevel,
    message_id: &str,
    hall: &Hall,
    config: &Arc<Config>,
) -> Result<Answer, JournalError> {
    let (journal, config, now) = (hall.journal.clone(), Arc::clone(config), hall.clock.now());
    let id = entry_id(message_id);
    let kept = tokio::task::spawn_blocking(move || {
        let now_ms = now.wall.as_millisecond();
        let reader = JournalReader::open(journal.path())?;
        let known = stock::articles(&reader.books(), &new.shop)?;
        if known.is_empty() {
            return Ok(Answer::NoCatalogue);
        }
        let article = match called(&new.name, &known) {
            Ok(article) => article,
            Err(answer) => return Ok(answer),
        };
        let of = |reader: &JournalReader| {
            let (shelves, _) = stock::shelf(&reader.books(), &new.shop, now_ms)?;
            Ok::<_, JournalError>(shelves.into_iter().find(|shelf| shelf.article.name == article))
        };
        let before = of(&reader)?;
        let unit = before.as_ref().map(|shelf| shelf.article.unit.clone()).unwrap_or_default();
        if !fits(new.unit.as_deref(), &unit) {
            return Ok(Answer::OtherUnit { article, unit });
        }
        let lines = vec![Stocked { article: article.clone(), quantity: new.quantity }];
        let shop = Some(new.shop.clone()).filter(|shop| !shop.is_empty());
        let event = operate::stock::event(Inventory { shop, entry: Entry::Set { lines } }, id, now);
        match operate::stock::enter(&journal, config, event, now_ms) {
            Ok(_) => {}
            Err(StockError::Journal(error)) => return Err(error),
            Err(StockError::MadeToOrder { found, takes }) => {
                return Ok(Answer::MadeToOrder { article: found, takes });
            }
            Err(_) => return Ok(Answer::NoAmount { article }),
        }
        let before = before.and_then(|shelf| shelf.left);
        Ok(Answer::StockSet { article, unit, before, now: new.quantity })
    });
    let answer =
        kept.await.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()))?;
    // What runs out by it is told now.
    hall.told.changed();
    Ok(answer)
}

/// Whether a quantity with `typed` behind it is one of the article's own `unit`. A word that is no
/// unit counts pieces.
fn fits(typed: Option<&str>, unit: &str) -> bool {
    let own = Unit::parse(unit).unwrap_or(Unit::Each);
    match typed.map(Unit::parse) {
        None => true,
        Some(Some(typed)) => typed == own,
        Some(None) => false,
    }
}

/// The id of the entry that a message makes.
fn entry_id(message_id: &str) -> Uuid {
    let hash = Sha256::digest(format!("ask/{message_id}"));
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    uuid::Builder::from_random_bytes(bytes).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::{entry_id, fits};

    #[test]
    fn a_message_that_comes_again_is_the_same_entry() {
        assert_eq!(entry_id("m1"), entry_id("m1"));
        assert_ne!(entry_id("m1"), entry_id("m2"));
    }

    #[test]
    fn a_quantity_is_taken_in_the_articles_own_unit_alone() {
        assert!(fits(None, "kg") && fits(Some("公斤"), "kg") && fits(Some("個"), "each"));
        assert!(!fits(Some("g"), "kg") && !fits(Some("shovels"), "each"));
    }
}

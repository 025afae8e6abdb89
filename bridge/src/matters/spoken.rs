//! "transfer 5 珍珠 from Central to Mong Kok", typed in the chat.
//!
//! It understands that one sentence in four languages and leaves everything else to others.

use std::collections::BTreeSet;

use pos_protocol::event::Stocked;

use crate::app::{Hall, Reply};
use crate::approve::{Transfer, TransferError, ask_transfer};
use crate::ask::{self, Answer};
use crate::config::Config;
use crate::dingtalk::stream::BotMessage;
use crate::journal::JournalError;
use crate::shop::catalogue;
use crate::shop::stock::StockError;

/// Words that a transfer begins with, and those before the one shop and the other. The longer ones
/// first: one may begin with another.
const VERBS: [&str; 8] = ["transfer", "pindahkan", "kirim", "調貨", "调货", "調撥", "调拨", "調"];
const FROM: [&str; 6] = [" from ", " dari ", "從", "从", "由", "自"];
const TO: [&str; 7] = [" to ", " ke ", " kepada ", "調到", "到", "去", "至"];

/// What was asked for, as it was typed.
#[derive(Debug, PartialEq, Eq)]
struct Typed {
    line: Stocked,
    from: String,
    to: String,
}

/// Asks for the transfer that `message` is; nothing where it is none.
pub(super) async fn asked(hall: &Hall, message: &BotMessage) -> Option<Reply> {
    let typed = parse(&message.text)?;
    let config = hall.live.config();
    let answer = answer(hall, message, typed, &config).await.unwrap_or_else(|error| {
        tracing::warn!("a transfer could not be kept: {error}");
        Answer::Trouble
    });
    Some(ask::worded(&answer, message, &config))
}

async fn answer(
    hall: &Hall,
    message: &BotMessage,
    typed: Typed,
    config: &Config,
) -> Result<Answer, JournalError> {
    let user = message.staff_id.as_deref();
    if !config.dingtalk.may_change(user) {
        return Ok(Answer::NotAllowed { user: user.map(str::to_owned) });
    }
    let shops = config.shops();
    let (from, to) = (shop(&typed.from, config), shop(&typed.to, config));
    // The question's own id: asked again by the Stream it is the same transfer.
    let id = format!("chat/{}", message.id);
    let lines = vec![typed.line];
    let transfer = Transfer { id, from, to, lines, asked_by: message.staff_id.clone() };
    let now_ms = hall.clock.wall_ms();
    let judged =
        hall.journal.read(move |rows| match ask_transfer(transfer, rows, &shops, now_ms) {
            Ok(matter) => Ok(Ok(matter)),
            Err(refused) => refusal(refused, &shops).map(Err),
        });
    let matter = match judged.await? {
        Ok(matter) => matter,
        Err(refused) => return Ok(refused),
    };
    hall.journal.add_matters(vec![matter.new_row()]).await?;
    Ok(Answer::TransferAsked(Box::new(matter)))
}

/// Why it cannot be asked, as whoever typed it is told.
fn refusal(refused: TransferError, shops: &BTreeSet<String>) -> Result<Answer, JournalError> {
    Ok(match refused {
        TransferError::SameShop { shop } => Answer::SameShop(shop),
        TransferError::Units { article, from, to } => Answer::TwoUnits { article, from, to },
        TransferError::Stock(StockError::Shop { .. }) => {
            Answer::WhichShop(shops.iter().cloned().collect())
        }
        TransferError::Stock(StockError::Unknown { found, near, .. }) => {
            Answer::UnknownArticle { name: found, near }
        }
        TransferError::Stock(StockError::MadeToOrder { found, takes }) => {
            Answer::MadeToOrder { article: found, takes }
        }
        TransferError::Stock(StockError::Amount { article, .. }) => Answer::NoAmount { article },
        TransferError::Stock(StockError::Journal(error)) | TransferError::Journal(error) => {
            return Err(error);
        }
        // One line without a time is none of the others.
        TransferError::Stock(_) => Answer::Unknown,
    })
}

/// The shop that is meant: whatever its case. Others are refused with the names that there are.
fn shop(typed: &str, config: &Config) -> String {
    let folded = typed.to_lowercase();
    let known = config.shops().into_iter().find(|shop| shop.to_lowercase() == folded);
    known.unwrap_or_else(|| typed.to_owned())
}

fn parse(text: &str) -> Option<Typed> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let folded = text.to_ascii_lowercase();
    let verb = VERBS.into_iter().find(|verb| folded.starts_with(verb))?;
    let from = first(&folded, &FROM, verb.len())?;
    let to = first(&folded, &TO, from.1)?;
    let line = line(text.get(verb.len()..from.0)?)?;
    let (from, to) = (text.get(from.1..to.0)?.trim(), text.get(to.1..)?.trim());
    if from.is_empty() || to.is_empty() {
        return None;
    }
    Some(Typed { line, from: from.to_owned(), to: to.to_owned() })
}

/// Where the first of `words` stands behind `after`.
fn first(text: &str, words: &[&str], after: usize) -> Option<(usize, usize)> {
    let at = |word: &&str| {
        let start = text.get(after..)?.find(*word)? + after;
        Some((start, start + word.len()))
    };
    // Of two at one place the longer one.
    words.iter().filter_map(at).min_by_key(|(start, end)| (*start, usize::MAX - *end))
}

/// `5 珍珠`, `5珍珠` or `5 x pearls`.
fn line(text: &str) -> Option<Stocked> {
    let text = text.trim();
    let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',')?;
    let quantity = catalogue::number(&text[..digits])?;
    let article = text[digits..].trim();
    let article = article
        .strip_prefix(['x', '×', '*'])
        .filter(|rest| rest.starts_with(' '))
        .unwrap_or(article)
        .trim();
    (!article.is_empty()).then(|| Stocked { article: article.to_owned(), quantity })
}

#[cfg(test)]
mod tests {
    use pos_protocol::event::Stocked;

    use super::{Typed, parse};

    fn typed(quantity: i64, article: &str, from: &str, to: &str) -> Typed {
        let line = Stocked { article: article.into(), quantity: quantity.into() };
        Typed { line, from: from.into(), to: to.into() }
    }

    #[test]
    fn a_transfer_is_understood_in_four_languages() {
        let pearls = |from, to| Some(typed(5, "珍珠", from, to));
        assert_eq!(
            parse("Transfer 5 珍珠 from Central to Mong Kok"),
            pearls("Central", "Mong Kok")
        );
        assert_eq!(parse("調貨 5 珍珠 從 中環 到 旺角"), pearls("中環", "旺角"));
        assert_eq!(parse("調5珍珠由中環去旺角"), pearls("中環", "旺角"));
        assert_eq!(parse("调货5珍珠从中环到旺角"), pearls("中环", "旺角"));
        assert_eq!(
            parse("kirim 12 x Teh Tarik dari Pusat ke Cabang"),
            Some(typed(12, "Teh Tarik", "Pusat", "Cabang"))
        );
    }

    #[test]
    fn everything_else_is_somebody_elses_question() {
        for text in [
            "",
            "transfer",
            "transfer pearls from A to B",
            "transfer 5 from A to B",
            "transfer 5 pearls to B",
            "transfer 5 pearls from A",
            "transfer 5 pearls from to B",
            "今日營業額",
            "set stock of pearls to 5",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}

//! Stock that is to go from one shop to another: judged before anybody is asked.
//!
//! It moves nothing: an approved transfer does.

use std::collections::BTreeSet;

use pos_protocol::event::{About, Stocked};
use serde::{Deserialize, Serialize};

use super::decide::bare;
use super::matter::Matter;
use crate::journal::{JournalError, Rows};
use crate::shop::stock::{self, Accept, StockError};

/// What somebody wants to go where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transfer {
    /// Tells one that is asked for twice from two.
    pub id: String,
    /// The shop that gives.
    pub from: String,
    /// The shop that gets.
    pub to: String,
    /// How much of what.
    pub lines: Vec<Stocked>,
    /// Who asks: a DingTalk user id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked_by: Option<String>,
}

/// Why a transfer cannot be asked for.
#[derive(Debug, thiserror::Error)]
pub enum TransferError {
    /// It would go nowhere.
    #[error("expected two shops, found {shop:?} twice")]
    SameShop {
        /// The shop.
        shop: String,
    },
    /// The two count it in different units.
    #[error(
        "expected {article:?} to be counted alike in both shops, found {from} and {to}\n\
         hint: give both catalogues the same unit"
    )]
    Units {
        /// The article.
        article: String,
        /// Its unit where it comes from.
        from: String,
        /// Its unit where it goes.
        to: String,
    },
    /// A shop, an article or an amount that cannot be.
    #[error(transparent)]
    Stock(#[from] StockError),
    /// The books cannot be read.
    #[error(transparent)]
    Journal(#[from] JournalError),
}

/// The matter that `transfer` is, with its articles named as the giving shop names them.
pub fn ask_transfer(
    transfer: Transfer,
    rows: &dyn Rows,
    shops: &BTreeSet<String>,
    now_ms: i64,
) -> Result<Matter, TransferError> {
    let Transfer { id, from, to, mut lines, asked_by } = transfer;
    let by = Accept { rows, shops, now_ms };
    stock::accept_lines(&mut lines, &from, &by)?;
    // The other shop may call it otherwise; it must know it all the same.
    let mut there = lines.clone();
    stock::accept_lines(&mut there, &to, &by)?;
    if from == to {
        return Err(TransferError::SameShop { shop: from });
    }
    for (line, other) in lines.iter().zip(&there) {
        let unit = |shop: &str, article: &str| -> Result<String, JournalError> {
            let found = stock::article(rows, shop, article)?;
            Ok(found.map(|article| article.unit).unwrap_or_default())
        };
        let (own, others) = (unit(&from, &line.article)?, unit(&to, &other.article)?);
        if own != others {
            let article = line.article.clone();
            return Err(TransferError::Units { article, from: own, to: others });
        }
    }
    Ok(Matter {
        shop: from,
        to: Some(to),
        lines,
        asked_by,
        ..bare(format!("transfer/{id}"), About::Transfer, now_ms)
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use pos_protocol::event::{Entry, Inventory, Stocked};
    use pos_protocol::time::Timestamp;
    use uuid::Uuid;

    use super::{Transfer, ask_transfer};
    use crate::approve::Matter;
    use crate::journal::{Memory, Understand as _};
    use crate::operate::stock;
    use crate::shop::{catalogue, samples};

    const NOW_MS: i64 = 1_795_240_800_000;

    /// Pearls by the piece in both shops, tea by the cup here and by the litre there, toast made of
    /// bread.
    fn asked(from: &str, to: &str, article: &str, quantity: i64) -> Result<Matter, String> {
        let mut rows = Memory::default();
        let files = [
            (
                "central",
                "name,unit,recipe\nPearls,each,\nTea,cup,\nBread,each,\nToast,each,Bread = 2\n",
            ),
            ("mongkok", "name,aliases,unit\nBoba,Pearls,each\nTea,,l\n"),
        ];
        for (shop, csv) in files {
            let articles = catalogue::parse(csv.as_bytes(), Path::new("c.csv"), None);
            let entry = Entry::Catalogue { articles: articles.expect("good") };
            let inventory = Inventory { shop: Some(shop.into()), entry };
            let event = stock::event(inventory, Uuid::new_v4(), Timestamp::new(0, NOW_MS));
            samples::clerk().event(&event, &mut rows).expect("memory");
        }
        let shops = BTreeSet::from(["central".to_owned(), "mongkok".to_owned()]);
        let lines = vec![Stocked { article: article.into(), quantity: quantity.into() }];
        let (from, to) = (from.to_owned(), to.to_owned());
        let transfer = Transfer { id: "1".into(), from, to, lines, asked_by: None };
        ask_transfer(transfer, &rows, &shops, NOW_MS).map_err(|error| error.to_string())
    }

    #[test]
    fn a_transfer_names_its_goods_as_the_giving_shop_does_and_has_one_key() {
        let matter = asked("central", "mongkok", "ＰＥＡＲＬＳ", 5).expect("both know them");
        assert_eq!(
            (matter.lines[0].article.as_str(), matter.to.as_deref()),
            ("Pearls", Some("mongkok"))
        );
        assert_eq!(matter.key, "transfer/1");
        assert_eq!(matter.reference().len(), 8);
        assert!(matter.card_name().len() <= 64);
    }

    #[test]
    fn what_cannot_go_is_refused_before_anybody_is_asked() {
        for (from, to, article, quantity, expected) in [
            ("central", "central", "Pearls", 1, "expected two shops, found \"central\" twice"),
            (
                "central",
                "kowloon",
                "Pearls",
                1,
                "expected a shop (\"central\", \"mongkok\"), found \"kowloon\"",
            ),
            ("central", "mongkok", "Perls", 1, "did you mean \"Pearls\"?"),
            (
                "central",
                "mongkok",
                "Bread",
                1,
                "expected an article of the catalogue, found \"Bread\"",
            ),
            ("central", "mongkok", "Toast", 1, "which is made to order"),
            ("central", "mongkok", "Pearls", 0, "expected more than 0 of \"Pearls\", found 0"),
            (
                "central",
                "mongkok",
                "Tea",
                1,
                "expected \"Tea\" to be counted alike in both shops, found cup and l",
            ),
        ] {
            let said = asked(from, to, article, quantity).expect_err(article);
            assert!(said.contains(expected), "{said}");
        }
    }
}
